//! Giving every column its place in the mapping.

use std::collections::{BTreeMap, HashSet};

use model::imports::{
    ColumnGuess, EdgeColumns, ItemFieldRows, ItemRef, ItemRows, MetricLongRows, MetricWideRows, RecordRows,
    RelationRows, Rows, TimeRef,
};

use super::{
    Column, Known, What, say,
    words::{self, Says},
};

/// The columns of a file while they are being given their places.
pub(super) struct Columns<'a> {
    stem: &'a str,
    columns: &'a [Column<'a>],
    known: &'a Known,
    sample: &'a [Vec<String>],
    taken: HashSet<usize>,
    guesses: BTreeMap<usize, ColumnGuess>,
}

impl<'a> Columns<'a> {
    pub fn new(
        stem: &'a str,
        columns: &'a [Column<'a>],
        known: &'a Known,
        sample: &'a [Vec<String>],
    ) -> Self {
        Self { stem, columns, known, sample, taken: HashSet::new(), guesses: BTreeMap::new() }
    }

    pub fn rows(mut self, what: What) -> (Rows, Vec<ColumnGuess>) {
        let rows = match what {
            What::Items => self.items(),
            What::ItemFields => self.item_fields(),
            What::Relations => self.relations(),
            What::Records => self.records(),
            What::Wide => self.wide(),
            What::Edges => self.edges(),
            What::Long => self.long(),
        };
        for (i, column) in self.columns.iter().enumerate() {
            self.guesses.entry(i).or_insert_with(|| ColumnGuess {
                column: column.name.to_owned(),
                role: "skip".to_owned(),
                name: String::new(),
                certainty: 0.5,
                why: say("쓰이지 않는 열로 보입니다", "seems not to be needed"),
            });
        }
        (rows, self.guesses.into_values().collect())
    }

    fn items(&mut self) -> Rows {
        let code = self.take("code", |c| {
            let named = if c.says(Says::Code) {
                0.9
            } else if c.says(Says::Item) {
                0.5
            } else {
                0.0
            };
            let unique =
                if c.shape.unique() && c.shape.words < 0.3 && c.shape.objects == 0.0 { 0.1 } else { -0.4 };
            named + unique + 0.3 * c.shape.codes
        });
        let id = self.take("id", |c| if c.says(Says::Id) && c.shape.unique() { 0.9 } else { 0.0 });
        let name = self.take("name", |c| if c.says(Says::Name) { 0.9 } else { 0.0 });
        let kind = self.take("kind", |c| {
            let few = if c.shape.distinct * 2 <= c.shape.filled { 0.1 } else { 0.0 };
            let finer = if words::plain(c.name).contains("sub") { 0.05 } else { 0.0 };
            if c.says(Says::Kind) { 0.75 + few + finer } else { c.shape.kinds * 0.8 }
        });
        // without a code the identifier or the name stands for it
        let (code, id) = match (code, id, &name) {
            (Some(code), id, _) => (code, id.unwrap_or_default()),
            (None, Some(id), _) => {
                self.call_it(&id, "code");
                (id, String::new())
            }
            (None, None, Some(name)) => (name.clone(), String::new()),
            (None, None, None) => (String::new(), String::new()),
        };
        let kind = kind.unwrap_or_else(|| format!("={}", words::key(self.stem)));
        let fields = self.fields();
        Rows::Items(ItemRows { code, id, name: name.unwrap_or_default(), kind, fields, skip: Vec::new() })
    }

    fn item_fields(&mut self) -> Rows {
        let item = self.item("item").unwrap_or_default();
        let fields = self.fields();
        Rows::ItemFields(ItemFieldRows { item, fields, skip: Vec::new() })
    }

    fn relations(&mut self) -> Rows {
        let end = |says: Says, words: bool, c: &Column<'_>| {
            let named = if c.says(says) { 0.7 } else { 0.0 };
            named + if words && c.shape.objects > 0.0 { 0.0 } else { 0.25 * c.shape.finds_items() }
        };
        let source = self.take("source", |c| end(Says::Source, true, c));
        let target = self.take("target", |c| end(Says::Target, true, c));
        let r#type = self.take("type", |c| {
            let named = if c.says(Says::Relation) || c.says(Says::Kind) { 0.8 } else { 0.0 };
            if c.shape.numbers > 0.5 { 0.0 } else { named }
        });
        let r#type = r#type.unwrap_or_else(|| "=related_to".to_owned());
        let (source, target) = (self.reference(source), self.reference(target));
        let fields = self.fields();
        Rows::Relations(RelationRows { source, target, r#type, fields, skip: Vec::new() })
    }

    fn records(&mut self) -> Rows {
        let at = self.take("at", |c| {
            if c.says(Says::Until) {
                return 0.0;
            }
            let named = if c.says(Says::At) {
                0.5
            } else if c.says(Says::Written) {
                0.1
            } else {
                0.3
            };
            if c.shape.times > 0.6 { named + 0.45 } else { 0.0 }
        });
        let until =
            self.take("until", |c| if c.says(Says::Until) && c.shape.times > 0.5 { 0.9 } else { 0.0 });
        let item = self.item("item");
        let id = self.take("id", |c| if c.says(Says::Id) && c.shape.unique() { 0.85 } else { 0.0 });
        let fields = self.fields();
        Rows::Records(RecordRows {
            kind: words::key(self.stem),
            id: id.unwrap_or_default(),
            item,
            at: time(at),
            until: until.map(|column| time(Some(column))),
            fields,
            skip: Vec::new(),
        })
    }

    fn wide(&mut self) -> Rows {
        let at = self.sample_time();
        let item =
            self.item("item").unwrap_or_else(|| ItemRef { column: "@file".to_owned(), ..ItemRef::default() });
        let mut metrics = BTreeMap::new();
        for (i, column) in self.columns.iter().enumerate() {
            if self.taken.contains(&i) || !column.is_quantity() {
                continue;
            }
            let all_the_same = column.shape.distinct == 1 && column.shape.filled > 5;
            let key = words::key(column.name);
            let why = if all_the_same {
                say("숫자이지만 처음 행에서 모두 같습니다", "numbers, but the same in all first rows")
            } else {
                say("모두 숫자입니다", "all of them are numbers")
            };
            self.put(i, "value", &key, if all_the_same { 0.6 } else { 0.9 }, why);
            metrics.insert(key, column.name.to_owned());
        }
        Rows::MetricsWide(MetricWideRows { item, at, metrics, skip: Vec::new(), edges: None })
    }

    fn edges(&mut self) -> Rows {
        let at = self.sample_time();
        let (metric, known) = (words::key(self.stem), self.known);
        let mut skip = Vec::new();
        let mut separator = String::new();
        for (i, column) in self.columns.iter().enumerate() {
            if self.taken.contains(&i) {
                continue;
            }
            match edge(column.name, known) {
                Some(found) if column.is_quantity() => {
                    found.clone_into(&mut separator);
                    let why = say("두 구성 항목의 이름을 이은 열입니다", "named after two known items");
                    self.put(i, "value", &metric, 0.85, why);
                }
                _ => skip.push(column.name.to_owned()),
            }
        }
        let item = ItemRef { by: vec!["code".to_owned()], ..ItemRef::default() };
        let edges = Some(EdgeColumns { metric, separator, item });
        Rows::MetricsWide(MetricWideRows { at, skip, edges, ..MetricWideRows::default() })
    }

    fn long(&mut self) -> Rows {
        let at = self.sample_time();
        // `항목` is what some call a metric and others an item
        let metric = self.take("metric", |c| match (c.says(Says::Metric), c.says(Says::Item)) {
            (true, _) if c.shape.finds_items() > 0.6 => 0.2,
            (true, true) => 0.7,
            (true, false) => 0.9,
            (false, _) => 0.0,
        });
        let value =
            self.take("value", |c| if c.says(Says::Value) && c.shape.numbers > 0.5 { 0.95 } else { 0.0 });
        let unit = self.take("unit", |c| if c.says(Says::Unit) { 0.9 } else { 0.0 });
        let item =
            self.item("item").unwrap_or_else(|| ItemRef { column: "@file".to_owned(), ..ItemRef::default() });
        Rows::MetricsLong(MetricLongRows {
            item,
            at,
            metric: metric.unwrap_or_else(|| format!("={}", words::key(self.stem))),
            value: value.unwrap_or_default(),
            unit: unit.unwrap_or_default(),
        })
    }

    /// The time of samples: a written date is preferred to a number since 1970, which is easier to get wrong.
    fn sample_time(&mut self) -> TimeRef {
        let at = self.take("at", |c| {
            let named = if c.says(Says::At) { 0.35 } else { 0.15 };
            let plain = if c.shape.numbers > 0.5 { 0.0 } else { 0.2 };
            if c.shape.times > 0.6 { 0.4 + named + plain } else { 0.0 }
        });
        time(at)
    }

    /// The column that says which item a row is about.
    fn item(&mut self, role: &str) -> Option<ItemRef> {
        let column = self.take(role, |c| {
            let named: f64 = if c.says(Says::Item) {
                0.55
            } else if c.says(Says::Code) {
                0.4
            } else {
                0.0
            };
            let found = c.shape.finds_items();
            if c.shape.objects > 0.0 || c.shape.times > 0.5 {
                0.0
            } else {
                named.max(found * 0.6) + found * 0.38
            }
        })?;
        Some(self.reference(Some(column)))
    }

    /// How the values of a column find items.
    fn reference(&self, column: Option<String>) -> ItemRef {
        let Some(column) = column else { return ItemRef::default() };
        let shape = self.columns.iter().find(|c| c.name == column).map(|c| &c.shape);
        let mut reference = ItemRef { column, ..ItemRef::default() };
        let Some(shape) = shape else { return reference };
        if shape.names > shape.codes.max(shape.ids) {
            reference.by = vec!["code".to_owned(), "name".to_owned()];
        } else if shape.codes.max(shape.ids) < 0.5 && shape.code_parts > 0.6 {
            reference.by = vec!["code".to_owned()];
            "-".clone_into(&mut reference.before);
        } else if shape.codes.max(shape.ids) < 0.5 && shape.loose_codes > 0.6 {
            reference.by = vec!["code".to_owned()];
            reference.lowercase = true;
        }
        reference
    }

    /// Everything left becomes a field; objects are taken apart.
    fn fields(&mut self) -> BTreeMap<String, String> {
        let mut fields = BTreeMap::new();
        let mut objects = Vec::new();
        for (i, column) in self.columns.iter().enumerate() {
            if self.taken.contains(&i) {
                continue;
            }
            if column.says(Says::Skip) {
                self.put(
                    i,
                    "skip",
                    "",
                    0.8,
                    say("시스템 내부 값으로 보입니다", "seems to be of the system's own"),
                );
            } else if column.shape.filled == 0 && !self.sample.is_empty() {
                self.put(
                    i,
                    "skip",
                    "",
                    0.6,
                    say("처음 행에 값이 없습니다", "has no value in the first rows"),
                );
            } else if column.says(Says::Written) {
                self.put(
                    i,
                    "skip",
                    "",
                    0.6,
                    say("행을 쓴 시각으로 보입니다", "seems to be when the row was written"),
                );
            } else if column.shape.objects > 0.6 {
                objects.push(column.name.to_owned());
                self.put(i, "object", "", 0.9, say("JSON 객체입니다", "holds JSON objects"));
            } else {
                let key = column.name.replace('*', "");
                let why = if words::role(column.name, true).or(words::role(column.name, false)).is_some() {
                    say("이름으로 알 수 있습니다", "known by its name")
                } else {
                    say("그대로 필드로 가져옵니다", "taken as a field as it is")
                };
                self.put(i, "field", &key, 0.7, why);
                fields.insert(key, column.name.to_owned());
            }
        }
        if !objects.is_empty() {
            fields.insert("*".to_owned(), objects.join(", "));
        }
        fields
    }

    /// The column with the best score, when it is good enough.
    fn take(&mut self, role: &str, score: impl Fn(&Column<'_>) -> f64) -> Option<String> {
        let mut best: Option<(usize, f64)> = None;
        for (i, column) in self.columns.iter().enumerate() {
            let score = score(column).min(0.98);
            if !self.taken.contains(&i) && score >= 0.45 && best.is_none_or(|(_, other)| score > other) {
                best = Some((i, score));
            }
        }
        let (i, certainty) = best?;
        let column = self.columns.get(i)?;
        let why = why(role, column);
        self.put(i, role, "", certainty, why);
        Some(column.name.to_owned())
    }

    fn put(&mut self, i: usize, role: &str, name: &str, certainty: f64, why: model::Localized) {
        let Some(column) = self.columns.get(i) else { return };
        self.taken.insert(i);
        let certainty = (certainty * 100.0).round() / 100.0;
        let guess = ColumnGuess {
            column: column.name.to_owned(),
            role: role.to_owned(),
            name: name.to_owned(),
            certainty,
            why,
        };
        self.guesses.insert(i, guess);
    }

    fn call_it(&mut self, column: &str, role: &str) {
        if let Some(guess) = self.guesses.values_mut().find(|g| g.column == column) {
            role.clone_into(&mut guess.role);
        }
    }
}

fn time(column: Option<String>) -> TimeRef {
    TimeRef { column: column.unwrap_or_default(), ..TimeRef::default() }
}

/// The separator of a column named after two known items.
pub(super) fn edge<'n>(name: &'n str, known: &Known) -> Option<&'n str> {
    ["_", "->", "→", "/", ":", "-"].iter().find_map(|separator| {
        name.match_indices(separator)
            .find(|(at, found)| {
                let (source, target) = (name.get(..*at), name.get(at + found.len()..));
                source.is_some_and(|s| known.codes.contains(s))
                    && target.is_some_and(|t| known.codes.contains(t))
            })
            .map(|(_, found)| found)
    })
}

fn why(role: &str, column: &Column<'_>) -> model::Localized {
    let shape = &column.shape;
    let percent = |share: f64| (share * 100.0).round();
    match role {
        "item" | "source" | "target" if shape.finds_items() > 0.3 => {
            let share = percent(shape.finds_items());
            say(
                format!("값의 {share}%가 아는 구성 항목입니다"),
                format!("{share} % of its values are known items"),
            )
        }
        "at" | "until" => say("모두 시각입니다", "all of them are times"),
        "code" | "id" if shape.unique() => {
            say("이름이 맞고 값이 모두 다릅니다", "its name fits and every value is another one")
        }
        "kind" => say("몇 가지 값이 반복됩니다", "a few values come again and again"),
        _ => say("이름으로 알 수 있습니다", "known by its name"),
    }
}
