//! The dictionary of an estate: every phrase that names something in it, and what it names.

mod families;
mod groups;

use std::collections::HashMap;

pub use families::family_of;
use families::{families_of, turn_of};
use groups::phrases;
pub use groups::{concept, group_of};
use model::schema::{FieldDef, FieldRole};

use crate::{
    lexicon::{
        W, WORDS,
        relations::{FAMILIES, Turn},
        terms::UNITS,
    },
    text::{hangul, has_hangul, squash, words},
    vocabulary::Vocabulary,
};

/// Something a phrase may name.
#[derive(Debug, Clone, PartialEq)]
pub enum Sense {
    /// An item, by its place in the vocabulary.
    Item(usize),
    /// Kinds of items.
    Kind(Vec<String>),
    /// A field of items.
    Field(String),
    /// A value of a field of items.
    Value(String, String),
    /// A kind of record, by its place in the catalogue.
    Rec(usize),
    /// A field of a kind of record.
    RecField(usize, String),
    /// A value of a field of a kind of record.
    RecValue(usize, String, String),
    /// A metric, by its place in the catalogue.
    Metric(usize),
    /// A part of the name of a metric.
    Concept(String),
    /// Relations: the types, and how the word turns them.
    Rel {
        /// Name of the family, or the key of a type outside of all families.
        family: String,
        /// Types of relations.
        types: Vec<String>,
        /// How the word turns them.
        turn: Turn,
        /// The type was named by its own key or label.
        exact: bool,
    },
    /// A word of the lexicon.
    Word(W),
    /// An attribute things often have.
    Attribute,
}

/// How surely a phrase means a sense: key or label 4, synonym of the estate 3, other word for it 2, part of its name 1.
pub type Strength = u8;

/// All phrases.
#[derive(Debug, Default)]
pub struct Dictionary {
    senses: HashMap<String, Vec<(Sense, Strength)>>,
    sounds: HashMap<String, Vec<String>>,
    hangul: Vec<(String, Vec<u32>)>,
    latin: Vec<(String, Vec<u32>)>,
    longest: usize,
    /// Values written with a hyphen.
    hyphened: std::collections::HashSet<String>,
    /// Compounds, which nobody writes in Hangul as they sound.
    compounds: std::collections::HashSet<String>,
}

impl Dictionary {
    /// Builds it.
    pub fn new(v: &Vocabulary) -> Self {
        let mut d = Self::default();
        d.add_words();
        d.add_kinds(v);
        d.add_fields(v);
        d.add_relations(v);
        d.add_records(v);
        d.add_metrics(v);
        d.add_items(v);
        d.add_synonyms(v);
        d.finish();
        d
    }

    /// What a squashed phrase names.
    pub fn get(&self, phrase: &str) -> Option<&[(Sense, Strength)]> {
        self.senses.get(phrase).map(Vec::as_slice)
    }

    /// True for a phrase written with signs inside (`erp-db`).
    pub fn is_compound(&self, phrase: &str) -> bool {
        self.hyphened.contains(phrase)
    }

    /// Letters in the longest phrase.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Phrases in Latin letters that sound like this.
    pub fn sounding(&self, sound: &str) -> &[String] {
        self.sounds.get(sound).map_or(&[], Vec::as_slice)
    }

    /// Phrases, with their letters, for the search of typing errors.
    pub fn candidates(&self, hangul: bool) -> &[(String, Vec<u32>)] {
        if hangul { &self.hangul } else { &self.latin }
    }

    fn add(&mut self, phrase: &str, sense: Sense, strength: Strength) {
        let key = squash(phrase);
        if key.is_empty() {
            return;
        }
        let entry = self.senses.entry(key).or_default();
        match entry.iter_mut().find(|(s, _)| *s == sense) {
            Some((_, old)) => *old = (*old).max(strength),
            None => entry.push((sense, strength)),
        }
    }

    /// A term with everything else it may be called: own words, words of its group, its parts.
    fn add_term(&mut self, names: &[&str], sense: &Sense, parts: bool) {
        for (i, name) in names.iter().enumerate().filter(|(_, n)| !n.is_empty()) {
            // The key and the two labels stand first; synonyms follow.
            self.add(name, sense.clone(), if i < 3 { 4 } else { 3 });
            // A synonym of the estate stands for itself; only what things are really called is said in other words.
            for other in if i < 3 { phrases(name) } else { Vec::new() } {
                self.add(&other, sense.clone(), 2);
            }
            if let Some(cut) = name.find('(') {
                self.add(&name[..cut], sense.clone(), 3);
            }
            if parts {
                let all = words(name);
                let real: Vec<&String> = all.iter().filter(|w| !UNITS.contains(&w.as_str())).collect();
                if all.len() > 1 {
                    let strength = if real.len() == 1 { 2 } else { 1 };
                    for word in real {
                        for same in group_of(word) {
                            self.add(same, sense.clone(), strength);
                        }
                        if word.chars().count() > 1 && word != "by" && word != "of" && word != "to" {
                            self.add(word, sense.clone(), strength);
                        }
                    }
                }
            }
        }
    }

    /// A value is called by its own words and those of its group; it is a name, not a phrase to be varied.
    fn add_value(&mut self, value: &str, sense: &Sense) {
        if value.contains(['-', '_', '/', '.']) {
            self.compounds.insert(squash(value));
            if value.contains('-') {
                self.hyphened.insert(squash(value));
            }
        }
        self.add(value, sense.clone(), 4);
        for other in group_of(value) {
            self.add(other, sense.clone(), 2);
        }
    }

    /// Words that join a sentence name no part of a metric.
    fn is_joint(&self, word: &str) -> bool {
        self.senses.get(&squash(word)).is_some_and(|s| {
            s.iter().any(|(s, _)| {
                matches!(
                    s,
                    Sense::Word(
                        W::PrepOn
                            | W::PrepOf
                            | W::PrepBy
                            | W::PrepFrom
                            | W::PrepWith
                            | W::And
                            | W::Or
                            | W::Filler
                            | W::Is
                            | W::That
                    )
                )
            })
        })
    }

    fn add_words(&mut self) {
        for (word, list) in WORDS {
            for phrase in list.split('|') {
                self.add(phrase, Sense::Word(*word), 2);
            }
        }
        for phrase in crate::lexicon::attributes::COMMON_ATTRIBUTES {
            self.add(phrase, Sense::Attribute, 1);
        }
    }

    fn add_kinds(&mut self, v: &Vocabulary) {
        for kind in &v.catalogue.kinds {
            let mut names = vec![kind.key.as_str(), &kind.label.ko, &kind.label.en];
            names.extend(kind.synonyms.iter().map(String::as_str));
            self.add_term(&names, &Sense::Kind(vec![kind.key.clone()]), false);
        }
        // A head word several kinds share (`system` of `control_system` and `business_system`) names all of them.
        let mut heads: HashMap<String, Vec<String>> = HashMap::new();
        for kind in &v.catalogue.kinds {
            for name in [&kind.key, &kind.label.ko] {
                let all = words(name);
                let general = |w: &String| {
                    WORDS.iter().any(|(word, list)| *word == W::Thing && list.split('|').any(|x| x == w))
                };
                if let (true, Some(last)) = (all.len() > 1, all.last().filter(|w| !general(w))) {
                    let list = heads.entry(last.clone()).or_default();
                    if !list.contains(&kind.key) {
                        list.push(kind.key.clone());
                    }
                }
            }
        }
        let exact = |head: &str| {
            v.catalogue
                .kinds
                .iter()
                .any(|k| [&k.key, &k.label.ko, &k.label.en].iter().any(|name| squash(name) == squash(head)))
        };
        // A kind that is called by the head itself is what it names.
        for (head, mut kinds) in heads.into_iter().filter(|(head, _)| !exact(head)) {
            kinds.sort();
            for same in group_of(&head) {
                self.add(same, Sense::Kind(kinds.clone()), 2);
            }
            self.add(&head, Sense::Kind(kinds), 2);
        }
    }

    fn add_fields(&mut self, v: &Vocabulary) {
        for field in &v.catalogue.fields {
            let sense = Sense::Field(field.key.clone());
            self.add_term(&field_names(field), &sense, true);
            self.add(&format!("ci {}", field.key), sense.clone(), 3);
            for name in role_words(field.role) {
                self.add(name, sense.clone(), 2);
            }
            if field.role == Some(FieldRole::Owner) {
                for name in group_of("team") {
                    self.add(name, sense.clone(), 1);
                }
            }
            for value in field.values.iter().filter(|x| usable_value(x)) {
                let sense = Sense::Value(field.key.clone(), value.clone());
                self.add_value(value, &sense);
                // `존 b` for `zone-b`
                if let [first, second] = words(value).as_slice()
                    && second.chars().count() <= 3
                {
                    for same in group_of(first) {
                        self.add(&format!("{same}{second}"), sense.clone(), 2);
                    }
                }
            }
        }
    }

    fn add_relations(&mut self, v: &Vocabulary) {
        let families: Vec<(&str, Vec<&str>)> =
            v.catalogue.relations.iter().map(|r| (r.key.as_str(), families_of(v, &r.key))).collect();
        for relation in &v.catalogue.relations {
            let family = family_of(v, &relation.key).unwrap_or(&relation.key).to_owned();
            let sense = |turn| Sense::Rel {
                family: family.clone(),
                types: vec![relation.key.clone()],
                turn,
                exact: true,
            };
            let mut names = vec![relation.key.as_str(), &relation.label.ko, &relation.label.en];
            names.extend(relation.synonyms.iter().map(String::as_str));
            for (i, name) in names.iter().enumerate().filter(|(_, n)| !n.is_empty()) {
                self.add(name, sense(turn_of(&family)), if i < 3 { 4 } else { 3 });
            }
        }
        for family in FAMILIES {
            let mut types: Vec<String> = families
                .iter()
                .filter(|(_, f)| f.contains(&family.name))
                .map(|(key, _)| (*key).to_owned())
                .collect();
            if family.name == "run" || family.name == "deploy" {
                // What runs on something is deployed there and the other way round; the kinds asked for decide.
                for (key, f) in &families {
                    if f.iter().any(|f| matches!(*f, "run" | "deploy")) && !types.iter().any(|t| t == key) {
                        types.push((*key).to_owned());
                    }
                }
            }
            if types.is_empty() {
                continue;
            }
            for (turn, says) in family.says {
                for phrase in *says {
                    let sense = Sense::Rel {
                        family: family.name.to_owned(),
                        types: types.clone(),
                        turn: *turn,
                        exact: false,
                    };
                    self.add(phrase, sense, 2);
                }
            }
        }
    }

    fn add_records(&mut self, v: &Vocabulary) {
        for (i, kind) in v.catalogue.records.iter().enumerate() {
            let mut names = vec![kind.key.as_str(), &kind.label.ko, &kind.label.en];
            names.extend(kind.synonyms.iter().map(String::as_str));
            self.add_term(&names, &Sense::Rec(i), false);
            for word in role_of_record(kind.role) {
                for same in group_of(word) {
                    self.add(same, Sense::Rec(i), 1);
                }
            }
            for field in &kind.fields {
                let sense = Sense::RecField(i, field.key.clone());
                self.add_term(&field_names(field), &sense, true);
                for name in role_words(field.role) {
                    self.add(name, sense.clone(), 2);
                }
                if field.role == Some(FieldRole::Body) || field.role == Some(FieldRole::Title) {
                    continue;
                }
                for value in field.values.iter().chain(&field.order).filter(|x| usable_value(x)) {
                    let sense = Sense::RecValue(i, field.key.clone(), value.clone());
                    self.add_value(value, &sense);
                }
            }
        }
    }

    fn add_metrics(&mut self, v: &Vocabulary) {
        // A word that begins the name of an item (`front-end success rate`) is that item, no part of the metric.
        let codes: Vec<String> = v
            .items
            .iter()
            .map(|i| squash(&i.code))
            .filter(|c| c.chars().all(|x| x.is_ascii_alphabetic()))
            .collect();
        let begins_item = |w: &str| {
            w.len() >= 4 && w.is_ascii() && group_of(w).is_empty() && codes.iter().any(|c| c.starts_with(w))
        };
        for (i, metric) in v.catalogue.metrics.iter().enumerate() {
            let mut names = vec![metric.key.as_str(), &metric.label.ko, &metric.label.en];
            names.extend(metric.synonyms.iter().map(String::as_str));
            for name in names.iter().filter(|n| !n.is_empty()) {
                self.add(name, Sense::Metric(i), 3);
                if let Some(cut) = name.find('(') {
                    self.add(&name[..cut], Sense::Metric(i), 2);
                }
                for word in words(name).into_iter().filter(|w| w.chars().any(char::is_alphabetic)) {
                    if self.is_joint(&word) || begins_item(&word) {
                        continue;
                    }
                    let concept = concept(&word);
                    for same in group_of(&word) {
                        self.add(same, Sense::Concept(concept.clone()), 1);
                    }
                    self.add(&word, Sense::Concept(concept), 1);
                }
            }
        }
        for compound in ["usage rate", "success rate", "server side"] {
            for same in group_of(compound) {
                self.add(same, Sense::Concept(compound.to_owned()), 1);
            }
        }
    }

    fn add_items(&mut self, v: &Vocabulary) {
        let kinds: Vec<String> = v
            .catalogue
            .kinds
            .iter()
            .flat_map(|k| std::iter::once(k.key.clone()).chain(group_of(&k.key).into_iter().map(squash)))
            .filter(|w| w.len() >= 3)
            .collect();
        let address = v.catalogue.fields.iter().find(|f| f.role == Some(FieldRole::Address));
        for (i, item) in v.items.iter().enumerate() {
            if let Some(field) = address
                && let Some(text) = item.fields.get(&field.key).and_then(|x| x.as_str())
            {
                self.add(text, Sense::Value(field.key.clone(), text.to_owned()), 4);
            }
            self.add(&item.code, Sense::Item(i), 3);
            if item.code.contains(['-', '_', '/', '.']) {
                self.compounds.insert(squash(&item.code));
            }
            if squash(&item.name) != squash(&item.code) && item.name.chars().count() > 1 {
                self.add(&item.name, Sense::Item(i), 3);
            }
            let code = squash(&item.code);
            if let Some(stem) = kinds.iter().find_map(|k| code.strip_suffix(k.as_str()))
                && stem.len() >= 2
                && code.chars().all(|c| c.is_ascii_alphabetic())
            {
                self.add(stem, Sense::Item(i), 1);
                for same in group_of(stem) {
                    self.add(same, Sense::Item(i), 1);
                }
            }
        }
    }

    /// Words of the tenant: each means what its target means.
    fn add_synonyms(&mut self, v: &Vocabulary) {
        for (word, target) in &v.synonyms {
            let senses = self.senses.get(&squash(target)).cloned().unwrap_or_default();
            for (sense, strength) in senses {
                // Chosen by a person of the tenant, it counts as a name of its own.
                let strength = if matches!(sense, Sense::Word(_) | Sense::Attribute) {
                    strength
                } else {
                    strength.max(3)
                };
                self.add(word, sense, strength);
            }
        }
    }

    fn finish(&mut self) {
        let mut keys: Vec<(String, bool, bool)> = self
            .senses
            .iter()
            .map(|(key, senses)| {
                let own = senses
                    .iter()
                    .any(|(s, strength)| !matches!(s, Sense::Word(_) | Sense::Attribute) && *strength >= 1);
                let items = senses.iter().all(|(s, _)| matches!(s, Sense::Item(_)));
                (key.clone(), own, items)
            })
            .collect();
        keys.sort();
        self.longest = keys.iter().map(|(k, _, _)| k.chars().count()).max().unwrap_or(0);
        for (key, own, items) in keys {
            let latin = key.chars().all(|c| c.is_ascii_alphanumeric());
            let digits = key.chars().any(|c| c.is_ascii_digit());
            if latin && own && key.len() >= 3 && !digits && !self.compounds.contains(&key) {
                self.sounds.entry(hangul::sound_of_latin(&key)).or_default().push(key.clone());
            }
            // Codes have an index of their own; here are the words of the catalogue and of the lexicon.
            if !items && key.chars().count() >= 3 && (!digits || has_hangul(&key)) {
                let letters = hangul::letters(&key);
                if has_hangul(&key) {
                    self.hangul.push((key, letters));
                } else {
                    self.latin.push((key, letters));
                }
            }
        }
    }
}

fn field_names(field: &FieldDef) -> Vec<&str> {
    let mut names = vec![field.key.as_str(), &field.label.ko, &field.label.en];
    names.extend(field.synonyms.iter().map(String::as_str));
    names
}

/// Values that are numbers say nothing alone, unless they are written like an address.
fn usable_value(value: &str) -> bool {
    let address = value.chars().filter(|c| matches!(c, '.' | ':')).count() >= 2 && !value.contains(' ');
    (value.chars().any(char::is_alphabetic) || address) && value.chars().count() <= 60
}

fn role_words(role: Option<FieldRole>) -> Vec<&'static str> {
    let name = match role {
        Some(FieldRole::Status) => "status",
        Some(FieldRole::Owner) => "owner",
        Some(FieldRole::Location) => "location",
        Some(FieldRole::Criticality) => "criticality",
        Some(FieldRole::System) => "system",
        Some(FieldRole::Address) => "ip",
        Some(FieldRole::Severity) => "severity",
        Some(FieldRole::Outcome) => "result",
        Some(FieldRole::Title) => "title",
        Some(FieldRole::Body) => "message",
        Some(FieldRole::Category) => "type",
        Some(FieldRole::Duration) => "duration",
        None => return Vec::new(),
    };
    group_of(name)
}

fn role_of_record(role: model::schema::RecordRole) -> &'static [&'static str] {
    use model::schema::RecordRole as R;
    match role {
        R::Event => &["event", "alarm"],
        R::Maintenance => &["maintenance"],
        R::Change => &["work"],
        R::Ticket => &["ticket", "incident"],
        R::Other => &[],
    }
}
