//! Finding items: by identifier, code, name, or a field.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use model::imports::ItemRef;
use serde_json::{Map, Value};

/// Two items share the value.
const SHARED: u32 = u32::MAX;

/// All items of the estate and of the import, found by what files call them.
#[derive(Debug, Default)]
pub(crate) struct Index {
    codes: Vec<Arc<str>>,
    /// By lookup: value → number, or [`SHARED`].
    exact: HashMap<String, HashMap<String, u32>>,
    lower: HashMap<String, HashMap<String, u32>>,
}

/// What a lookup found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hit<'a> {
    /// The item, and the lookup that found it.
    One(u32, &'a str),
    /// Several items share the value under this lookup.
    Several(&'a str),
    None,
}

/// The order of lookups of a reference.
pub(crate) fn order(item: &ItemRef) -> Vec<String> {
    if item.by.is_empty() { vec!["id".to_owned(), "code".to_owned()] } else { item.by.clone() }
}

/// Part of a value a reference keeps.
pub(crate) fn part(item: &ItemRef, value: &str) -> String {
    let mut value = value;
    if !item.after.is_empty()
        && let Some((_, rest)) = value.split_once(item.after.as_str())
    {
        value = rest;
    }
    if !item.before.is_empty()
        && let Some((start, _)) = value.split_once(item.before.as_str())
    {
        value = start;
    }
    let value = value.trim();
    if item.lowercase { value.to_lowercase() } else { value.to_owned() }
}

impl Index {
    /// An index for these references: only lookups in use cost memory.
    pub fn new<'a>(references: impl IntoIterator<Item = &'a ItemRef>) -> Self {
        let mut wanted: BTreeSet<(bool, String)> =
            ["id", "code"].iter().map(|by| (false, (*by).to_owned())).collect();
        for item in references {
            wanted.extend(order(item).into_iter().map(|by| (item.lowercase, by)));
        }
        let mut index = Self::default();
        for (lower, by) in wanted {
            let side = if lower { &mut index.lower } else { &mut index.exact };
            side.insert(by, HashMap::new());
        }
        index
    }

    /// Code of an item.
    pub fn code(&self, no: u32) -> Arc<str> {
        self.codes.get(no as usize).cloned().unwrap_or_else(|| Arc::from(""))
    }

    /// The item with this code.
    pub fn by_code(&self, code: &str) -> Option<u32> {
        self.exact.get("code").and_then(|map| map.get(code)).copied()
    }

    /// Adds an item, or finds the one with this code.
    pub fn add(&mut self, code: &str) -> u32 {
        if let Some(no) = self.by_code(code) {
            return no;
        }
        let no = u32::try_from(self.codes.len()).unwrap_or(SHARED - 1);
        self.codes.push(Arc::from(code));
        self.learn(no, "code", code);
        no
    }

    /// That an item is found by this value.
    pub fn learn(&mut self, no: u32, by: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        if let Some(map) = self.exact.get_mut(by) {
            let slot = map.entry(value.to_owned()).or_insert(no);
            *slot = if *slot == no { no } else { SHARED };
        }
        if let Some(map) = self.lower.get_mut(by) {
            let slot = map.entry(value.to_lowercase()).or_insert(no);
            *slot = if *slot == no { no } else { SHARED };
        }
    }

    /// That an item is found by its fields, where a reference asks for them.
    pub fn learn_fields(&mut self, no: u32, fields: &Map<String, Value>) {
        let wanted: BTreeSet<String> = self.exact.keys().chain(self.lower.keys()).cloned().collect();
        for by in wanted {
            match fields.get(&by) {
                Some(Value::String(text)) => self.learn(no, &by, text),
                Some(Value::Number(number)) => self.learn(no, &by, &number.to_string()),
                Some(Value::Array(list)) => {
                    for text in list.iter().filter_map(Value::as_str) {
                        self.learn(no, &by, text);
                    }
                }
                _ => {}
            }
        }
    }

    /// Looks a value up, in order.
    pub fn find<'a>(&self, order: &'a [String], lowercase: bool, value: &str) -> Hit<'a> {
        let side = if lowercase { &self.lower } else { &self.exact };
        let mut several = Hit::None;
        for by in order {
            match side.get(by).and_then(|map| map.get(value)) {
                Some(&SHARED) if several == Hit::None => several = Hit::Several(by),
                Some(&SHARED) | None => {}
                Some(&no) => return Hit::One(no, by),
            }
        }
        several
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(by: &[&str], lowercase: bool) -> ItemRef {
        ItemRef { by: by.iter().map(|s| (*s).to_owned()).collect(), lowercase, ..ItemRef::default() }
    }

    #[test]
    fn items_are_found_in_the_order_asked_for() {
        let reference = item(&["code", "name", "ip"], false);
        let mut index = Index::new([&reference]);
        let a = index.add("web-1");
        let b = index.add("10.0.0.1");
        index.learn(a, "name", "웹 서버");
        index.learn_fields(a, &Map::from_iter([("ip".to_owned(), Value::from("10.0.0.1"))]));
        let order = order(&reference);
        assert_eq!(index.find(&order, false, "웹 서버"), Hit::One(a, "name"));
        assert_eq!(index.find(&order, false, "10.0.0.1"), Hit::One(b, "code"));
        assert_eq!(index.find(&order, false, "WEB-1"), Hit::None);
    }

    #[test]
    fn a_name_that_two_items_share_finds_neither() {
        let reference = item(&["name"], true);
        let mut index = Index::new([&reference]);
        for code in ["a", "b"] {
            let no = index.add(code);
            index.learn(no, "name", "Web");
        }
        assert_eq!(index.find(&order(&reference), true, "web"), Hit::Several("name"));
    }

    #[test]
    fn a_reference_keeps_the_part_it_asks_for() {
        let reference = ItemRef { before: "-".into(), lowercase: true, ..ItemRef::default() };
        assert_eq!(part(&reference, "Cart-5f-x"), "cart");
        let reference = ItemRef { after: ":".into(), ..ItemRef::default() };
        assert_eq!(part(&reference, "prod:Web"), "Web");
    }
}
