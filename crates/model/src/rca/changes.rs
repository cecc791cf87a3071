//! What differs between two templates.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Template;

/// One difference of two templates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateChange {
    /// Where: `checks.shift.weight`.
    pub path: String,
    /// Value before; null when it was not there.
    pub before: Value,
    /// Value after; null when it is gone.
    pub after: Value,
}

/// What differs, by path. Checks and next texts are told by their name, so order does not matter.
pub fn template_changes(before: &Template, after: &Template) -> Vec<TemplateChange> {
    let plain = |template: &Template| named(serde_json::to_value(template).unwrap_or_default());
    let mut out = Vec::new();
    differ("", &plain(before), &plain(after), &mut out);
    out
}

/// Lists of objects that have a name become objects by that name.
fn named(value: Value) -> Value {
    let by_name = |list: Vec<Value>, name: &str| {
        list.into_iter()
            .filter_map(|entry| {
                let Value::Object(mut map) = entry else { return None };
                Some((map.remove(name)?.as_str()?.to_owned(), Value::Object(map)))
            })
            .collect::<Map<String, Value>>()
    };
    let Value::Object(map) = value else { return value };
    map.into_iter()
        .map(|(key, value)| match (key.as_str(), value) {
            ("checks", Value::Array(list)) => (key, by_name(list, "check").into()),
            ("next", Value::Array(list)) => (key, by_name(list, "resource").into()),
            (_, value) => (key, value),
        })
        .collect::<Map<String, Value>>()
        .into()
}

fn differ(path: &str, before: &Value, after: &Value, out: &mut Vec<TemplateChange>) {
    let empty = Map::new();
    let (a, b) = match (before, after) {
        (Value::Object(a), Value::Object(b)) => (a, b),
        (Value::Object(a), Value::Null) => (a, &empty),
        (Value::Null, Value::Object(b)) => (&empty, b),
        _ => {
            if before != after {
                out.push(TemplateChange {
                    path: path.to_owned(),
                    before: before.clone(),
                    after: after.clone(),
                });
            }
            return;
        }
    };
    let mut keys: Vec<&String> = a.keys().chain(b.keys()).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let here = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        differ(&here, a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null), out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rca::{Check, CheckRule};

    #[test]
    fn changes_are_told_by_name_and_not_by_order() {
        let rule = |check, weight| CheckRule { check, weight, from: None, full: None };
        let before =
            Template { checks: vec![rule(Check::Shift, 1.0), rule(Check::Gap, 2.0)], ..Template::default() };
        let after = Template {
            checks: vec![rule(Check::Gap, 2.0), rule(Check::Shift, 1.5)],
            hops: 2,
            ..Template::default()
        };
        let changes = template_changes(&before, &after);
        let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["checks.shift.weight", "hops"]);
        assert!(template_changes(&before, &before).is_empty());
    }
}
