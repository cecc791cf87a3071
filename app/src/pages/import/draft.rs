//! A file on its way to a mapping: what its rows are, what each column means, and the mapping that follows from it.

use std::collections::BTreeMap;

use model::{
    imports::*,
    schema::{RecordRole, Travel},
};
use serde::{Deserialize, Serialize};

/// What the rows of a file are, as the select offers it.
pub const ROW_KINDS: [&str; 6] =
    ["items", "item_fields", "relations", "records", "metrics_wide", "metrics_long"];

/// What a column can be in rows of a kind.
pub fn roles(rows: &str) -> &'static [&'static str] {
    match rows {
        "items" => &["code", "id", "name", "kind", "field", "object", "skip"],
        "item_fields" => &["item", "field", "object", "skip"],
        "relations" => &["source", "target", "type", "field", "object", "skip"],
        "records" => &["item", "at", "until", "id", "field", "object", "skip"],
        "metrics_wide" => &["item", "at", "value", "skip"],
        _ => &["item", "at", "metric", "value", "unit", "skip"],
    }
}

/// What must be there in rows of a kind before anything can be imported. Items may have one kind for all rows.
pub fn required(rows: &str) -> &'static [&'static str] {
    match rows {
        "items" => &["code"],
        "item_fields" => &["item"],
        "relations" => &["source", "target"],
        "records" => &["at"],
        "metrics_wide" => &["item", "at", "value"],
        _ => &["item", "at", "metric", "value"],
    }
}

/// The relation types of a file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Types {
    /// The column they were counted in, or `=text`.
    pub column: String,
    /// Them, most frequent first.
    pub list: Vec<TypeDraft>,
    /// How many there are; more than `list` of a file with very many.
    pub total: u64,
    /// Rows that were read.
    pub rows: u64,
    /// Why they could not be counted.
    pub problem: Option<model::Localized>,
}

/// A relation type of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TypeDraft {
    /// What the file and the name say.
    pub found: FoundRelation,
    /// Which way failures travel, as guessed or chosen.
    pub travel: Travel,
    /// A person chose it.
    pub by_hand: bool,
}

impl Types {
    /// What was counted; what a person chose before stays.
    pub fn new(column: String, found: FoundRelations, before: Option<&Self>) -> Self {
        let chosen = |key: &str| {
            let known = before?.list.iter().find(|known| known.by_hand && known.found.key == key)?;
            Some(known.travel)
        };
        let list = found.types.into_iter().map(|found| {
            let by_hand = chosen(&found.key);
            TypeDraft { travel: by_hand.unwrap_or(found.guess.travel), by_hand: by_hand.is_some(), found }
        });
        Self { column, list: list.collect(), total: found.total, rows: found.rows, problem: None }
    }
}

/// A file with the meaning of its columns, as guessed and corrected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The file.
    pub file: UploadedFile,
    /// One of [`ROW_KINDS`].
    pub rows: String,
    /// What each column is.
    pub columns: Vec<ColumnGuess>,
    /// Kind of all items, or type of all relations, when no column tells it.
    pub fixed: String,
    /// Key of the kind of record.
    pub record: String,
    /// What the records are about.
    pub record_role: RecordRole,
    /// How rows find their items: order of lookups.
    pub by: Vec<String>,
    /// Kind of items made for values that are not found; empty means such rows are rejected.
    pub create_as: String,
    /// Pattern of times, or empty for finding out.
    pub time_format: String,
    /// The relation types of the whole file and which way failures travel along them, as soon as they are counted.
    pub types: Option<Types>,
    /// What the guess said beyond columns; kept as long as the kind of rows is not changed.
    guess: Option<FileMapping>,
}

impl Draft {
    /// The draft a guess makes.
    pub fn new(file: UploadedFile) -> Self {
        let rows = file.guess.as_ref().map_or("items", |guess| rows_name(&guess.rows)).to_owned();
        let item = file.guess.as_ref().and_then(|guess| item_of(&guess.rows));
        let mut draft = Self {
            rows,
            columns: file.guesses.clone(),
            fixed: String::new(),
            record: record_name(&file.name),
            record_role: RecordRole::Other,
            by: item
                .map(|item| item.by.clone())
                .filter(|by| !by.is_empty())
                .unwrap_or_else(|| vec!["id".into(), "code".into()]),
            create_as: item.map(|item| item.create_as.clone()).unwrap_or_default(),
            time_format: String::new(),
            types: None,
            guess: file.guess.clone(),
            file,
        };
        match draft.guess.as_ref().map(|guess| &guess.rows) {
            Some(Rows::Items(items)) => draft.fixed = fixed_text(&items.kind),
            Some(Rows::Relations(relations)) => draft.fixed = fixed_text(&relations.r#type),
            Some(Rows::Records(records)) => draft.record = records.kind.clone(),
            _ => {}
        }
        if draft.rows == "records" {
            draft.record_role = role_of(&draft.record);
        }
        draft
    }

    /// Says that the rows are something else; columns that make no sense then become fields.
    pub fn set_rows(&mut self, rows: &str) {
        self.rows = rows.to_owned();
        self.guess = None;
        let allowed = roles(rows);
        for column in &mut self.columns {
            if !allowed.contains(&column.role.as_str()) {
                let fallback = if allowed.contains(&"field") { "field" } else { "skip" };
                fallback.clone_into(&mut column.role);
                column.certainty = 1.0;
            }
        }
    }

    /// Says what a column is. What only one column can be is taken from the one that was it before.
    pub fn set_role(&mut self, at: usize, role: &str) {
        let fallback = if roles(&self.rows).contains(&"field") { "field" } else { "skip" };
        let alone =
            !(matches!(role, "field" | "object" | "skip") || role == "value" && self.rows == "metrics_wide");
        for (i, column) in self.columns.iter_mut().enumerate() {
            if i == at {
                role.clone_into(&mut column.role);
                column.certainty = 1.0;
            } else if alone && column.role == role {
                fallback.clone_into(&mut column.role);
                column.certainty = 1.0;
            }
        }
    }

    /// The column with a role.
    pub fn column(&self, role: &str) -> Option<&str> {
        self.columns.iter().find(|column| column.role == role).map(|column| column.column.as_str())
    }

    /// Where the types of these relations stand: a column or `=text`; nothing where that is not said, or no relations.
    pub fn type_source(&self) -> Option<String> {
        if self.rows != "relations" || self.file.problem.is_some() {
            return None;
        }
        match self.column("type") {
            Some(column) => Some(column.to_owned()),
            None => (!self.fixed.is_empty()).then(|| format!("={}", self.fixed)),
        }
    }

    /// What of this file has to be counted before its relation types are known.
    pub fn uncounted(&self) -> Option<String> {
        self.type_source().filter(|column| self.types.as_ref().is_none_or(|types| types.column != *column))
    }

    /// Types whose way no name says and no person has looked at.
    pub fn unsure_types(&self) -> usize {
        let types = self.types.as_ref().filter(|types| self.type_source().as_ref() == Some(&types.column));
        types.map_or(0, |types| types.list.iter().filter(|t| !t.by_hand && !t.found.guess.sure).count())
    }

    /// Roles that are missing before the file can be imported.
    pub fn missing(&self) -> Vec<&'static str> {
        let mut missing: Vec<&'static str> =
            required(&self.rows).iter().copied().filter(|role| self.column(role).is_none()).collect();
        if self.rows == "items" && self.column("kind").is_none() && self.fixed.is_empty() {
            missing.push("kind");
        }
        if self.rows == "relations" && self.column("type").is_none() && self.fixed.is_empty() {
            missing.push("type");
        }
        missing
    }

    /// Columns whose meaning a person should look at.
    pub fn doubtful(&self) -> usize {
        self.columns.iter().filter(|column| column.certainty < 0.6).count()
    }

    /// The mapping of this file.
    pub fn mapping(&self) -> FileMapping {
        let rows = match self.rows.as_str() {
            "items" => Rows::Items(ItemRows {
                code: self.named("code"),
                id: self.named("id"),
                name: self.named("name"),
                kind: self.named_or_fixed("kind"),
                fields: self.fields(),
                skip: Vec::new(),
            }),
            "item_fields" => Rows::ItemFields(ItemFieldRows {
                item: self.item("item"),
                fields: self.fields(),
                skip: Vec::new(),
            }),
            "relations" => Rows::Relations(RelationRows {
                source: self.item("source"),
                target: self.item("target"),
                r#type: self.named_or_fixed("type"),
                fields: self.fields(),
                skip: Vec::new(),
            }),
            "records" => Rows::Records(RecordRows {
                kind: self.record.clone(),
                id: self.named("id"),
                item: self.column("item").map(|_| self.item("item")),
                at: self.time("at"),
                until: self.column("until").map(|_| self.time("until")),
                fields: self.fields(),
                skip: Vec::new(),
            }),
            "metrics_wide" => Rows::MetricsWide(MetricWideRows {
                item: self.item("item"),
                at: self.time("at"),
                metrics: self
                    .columns
                    .iter()
                    .filter(|column| column.role == "value")
                    .map(|column| (name_of(column), column.column.clone()))
                    .collect(),
                skip: Vec::new(),
                edges: None,
            }),
            _ => Rows::MetricsLong(MetricLongRows {
                item: self.item("item"),
                at: self.time("at"),
                metric: self.named("metric"),
                value: self.named("value"),
                unit: self.named("unit"),
            }),
        };
        let mut mapping = FileMapping::new(self.file.name.clone(), rows);
        if let Some(guess) = &self.guess {
            guess.format.clone_into(&mut mapping.format);
            // Columns named after call edges cannot be said column by column.
            if let (Rows::MetricsWide(mine), Rows::MetricsWide(guessed)) = (&mut mapping.rows, &guess.rows) {
                mine.edges.clone_from(&guessed.edges);
            }
        }
        mapping
    }

    fn named(&self, role: &str) -> String {
        self.column(role).unwrap_or_default().to_owned()
    }

    fn named_or_fixed(&self, role: &str) -> String {
        self.column(role).map_or_else(|| format!("={}", self.fixed), str::to_owned)
    }

    fn item(&self, role: &str) -> ItemRef {
        ItemRef {
            column: self.named(role),
            by: self.by.clone(),
            create_as: self.create_as.clone(),
            ..ItemRef::default()
        }
    }

    fn time(&self, role: &str) -> TimeRef {
        TimeRef { column: self.named(role), format: self.time_format.clone(), tz: String::new() }
    }

    fn fields(&self) -> BTreeMap<String, String> {
        let mut fields: BTreeMap<String, String> = self
            .columns
            .iter()
            .filter(|column| column.role == "field")
            .map(|column| (name_of(column), column.column.clone()))
            .collect();
        let objects: Vec<&str> = self
            .columns
            .iter()
            .filter(|column| column.role == "object")
            .map(|column| column.column.as_str())
            .collect();
        if !objects.is_empty() {
            fields.insert("*".to_owned(), objects.join(", "));
        }
        fields
    }
}

/// The mapping of several files, with the kinds of records they bring.
pub fn mapping_of(name: &str, tz: &str, drafts: &[Draft]) -> Mapping {
    let mut mapping = Mapping { name: name.to_owned(), tz: tz.to_owned(), ..Mapping::default() };
    for draft in drafts.iter().filter(|draft| draft.file.problem.is_none()) {
        if draft.rows == "records" {
            mapping.records.entry(draft.record.clone()).or_insert_with(|| RecordNaming {
                label: model::Localized::same(draft.record.clone()),
                synonyms: Vec::new(),
                role: draft.record_role,
                fields: BTreeMap::new(),
            });
        }
        let counted =
            draft.types.as_ref().filter(|types| draft.type_source().as_ref() == Some(&types.column));
        for one in counted.iter().flat_map(|types| &types.list) {
            let said = mapping.relations.entry(one.found.key.clone()).or_default();
            // the same type in another file: what a person chose counts
            if said.impact.is_none() || one.by_hand {
                said.impact = Some(one.travel);
            }
        }
        mapping.files.push(draft.mapping());
    }
    mapping
}

fn name_of(column: &ColumnGuess) -> String {
    if column.name.is_empty() { column.column.clone() } else { column.name.clone() }
}

fn fixed_text(value: &str) -> String {
    value.strip_prefix('=').unwrap_or_default().to_owned()
}

fn rows_name(rows: &Rows) -> &'static str {
    match rows {
        Rows::Items(_) => "items",
        Rows::ItemFields(_) => "item_fields",
        Rows::Relations(_) => "relations",
        Rows::Records(_) => "records",
        Rows::MetricsWide(_) => "metrics_wide",
        Rows::MetricsLong(_) => "metrics_long",
    }
}

fn item_of(rows: &Rows) -> Option<&ItemRef> {
    match rows {
        Rows::Items(_) => None,
        Rows::ItemFields(rows) => Some(&rows.item),
        Rows::Relations(rows) => Some(&rows.source),
        Rows::Records(rows) => rows.item.as_ref(),
        Rows::MetricsWide(rows) => Some(&rows.item),
        Rows::MetricsLong(rows) => Some(&rows.item),
    }
}

/// A key for the records of a file: its name without folder, ending and digits.
fn record_name(file: &str) -> String {
    let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = base.split('.').next().unwrap_or(base);
    let name = stem.trim_matches(|c: char| c.is_ascii_digit() || c == '_' || c == '-');
    if name.is_empty() { "record".to_owned() } else { name.to_lowercase() }
}

/// What records are about, by their name; a person corrects it.
fn role_of(name: &str) -> RecordRole {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&["event", "alarm", "alert", "이벤트", "알람", "경보"]) {
        RecordRole::Event
    } else if has(&["maint", "점검", "유지보수"]) {
        RecordRole::Maintenance
    } else if has(&["change", "work", "deploy", "변경", "작업", "배포"]) {
        RecordRole::Change
    } else if has(&["ticket", "incident", "request", "티켓", "장애", "요청"]) {
        RecordRole::Ticket
    } else {
        RecordRole::Other
    }
}

#[cfg(test)]
mod tests {
    use model::{Localized, UploadId};

    use super::*;

    fn column(column: &str, role: &str, name: &str) -> ColumnGuess {
        ColumnGuess {
            column: column.into(),
            role: role.into(),
            name: name.into(),
            certainty: 0.9,
            why: Localized::default(),
        }
    }

    fn draft(name: &str, guess: Rows, guesses: Vec<ColumnGuess>) -> Draft {
        Draft::new(UploadedFile {
            id: UploadId(uuid::Uuid::nil()),
            name: name.into(),
            bytes: 1,
            rows: 1,
            estimated: false,
            columns: guesses.iter().map(|g| g.column.clone()).collect(),
            sample: Vec::new(),
            guess: Some(FileMapping::new(name, guess)),
            guesses,
            problem: None,
        })
    }

    #[test]
    fn a_list_of_items_becomes_items_with_fields_and_objects() {
        let draft = draft(
            "장비.csv",
            Rows::Items(ItemRows { kind: "=장비".into(), ..ItemRows::default() }),
            vec![column("코드", "code", ""), column("담당", "field", "owner"), column("속성", "object", "")],
        );
        assert!(draft.missing().is_empty());
        let Rows::Items(items) = draft.mapping().rows else { panic!("items expected") };
        assert_eq!(items.code, "코드");
        assert_eq!(items.kind, "=장비");
        assert_eq!(items.fields.get("owner").map(String::as_str), Some("담당"));
        assert_eq!(items.fields.get("*").map(String::as_str), Some("속성"));
    }

    #[test]
    fn what_is_missing_is_named() {
        let mut draft = draft("a.csv", Rows::Items(ItemRows::default()), vec![column("x", "field", "")]);
        assert_eq!(draft.missing(), ["code", "kind"]);
        draft.set_rows("metrics_long");
        assert_eq!(draft.missing(), ["item", "at", "metric", "value"]);
    }

    #[test]
    fn a_meaning_only_one_column_can_have_moves() {
        let guesses = vec![column("a", "code", ""), column("b", "field", ""), column("c", "field", "")];
        let mut draft = draft("a.csv", Rows::Items(ItemRows::default()), guesses);
        draft.set_role(1, "code");
        assert_eq!(draft.column("code"), Some("b"));
        assert_eq!(
            draft.columns.iter().map(|c| c.role.as_str()).collect::<Vec<_>>(),
            ["field", "code", "field"]
        );
        draft.set_rows("metrics_wide");
        draft.set_role(0, "value");
        draft.set_role(2, "value");
        assert_eq!(draft.columns.iter().filter(|c| c.role == "value").count(), 2);
    }

    fn found(types: &[(&str, Travel)]) -> FoundRelations {
        let types = types.iter().map(|(key, travel)| FoundRelation {
            key: (*key).to_owned(),
            count: 3,
            guess: TravelGuess { travel: *travel, sure: true, why: Localized::default() },
        });
        FoundRelations { types: types.collect(), total: 2, rows: 6 }
    }

    #[test]
    fn every_relation_type_of_the_file_says_which_way_failures_travel() {
        let guesses = vec![column("a", "source", ""), column("b", "target", ""), column("c", "type", "")];
        let mut draft = draft("a.csv", Rows::Relations(RelationRows::default()), guesses);
        assert_eq!(draft.uncounted().as_deref(), Some("c"));
        let counted = found(&[("사용", Travel::ToSource), ("공급", Travel::ToTarget)]);
        draft.types = Some(Types::new("c".to_owned(), counted.clone(), None));
        assert_eq!(draft.uncounted(), None);
        let said = mapping_of("", "", &[draft.clone()]).relations;
        assert_eq!(
            (said["사용"].impact, said["공급"].impact),
            (Some(Travel::ToSource), Some(Travel::ToTarget))
        );
        // what a person chose stays when the file is counted again, and counts for another file with the type
        let other = draft.clone();
        if let Some(types) = &mut draft.types {
            types.list[0].travel = Travel::None;
            types.list[0].by_hand = true;
            draft.types = Some(Types::new("c".to_owned(), counted, Some(types)));
        }
        for files in [[draft.clone(), other.clone()], [other, draft.clone()]] {
            assert_eq!(mapping_of("", "", &files).relations["사용"].impact, Some(Travel::None));
        }
        draft.set_role(2, "field");
        assert!(mapping_of("", "", &[draft]).relations.is_empty());
    }

    #[test]
    fn a_draft_survives_being_kept() {
        let mut before = draft("a.csv", Rows::Items(ItemRows::default()), vec![column("x", "field", "")]);
        before.set_role(0, "code");
        before.fixed = "서버".to_owned();
        let text = serde_json::to_string(&before).expect("json");
        assert_eq!(serde_json::from_str::<Draft>(&text).expect("draft"), before);
    }

    #[test]
    fn records_take_their_name_and_role_from_the_file() {
        assert_eq!(record_name("2026/alarm_11.csv.gz"), "alarm");
        assert_eq!(role_of("alarm"), RecordRole::Event);
        assert_eq!(role_of("티켓"), RecordRole::Ticket);
    }
}
