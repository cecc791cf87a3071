//! Arguments of a step in words: one row for each, conditions and references as a person reads them.

use model::{Lang, plan::Node};
use serde_json::{Map, Value};

use crate::i18n::{args, decimal};

/// Members of a list that are named.
const NAMED: usize = 6;
/// Longest value, in characters.
const LONGEST: usize = 240;

/// An argument: its name and its value in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it is.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// The arguments of a step. `label` gives the words of the step a reference begins with.
pub fn arguments(
    given: &Map<String, Value>,
    lang: Lang,
    label: &dyn Fn(&str) -> Option<String>,
) -> Vec<Told> {
    let words = Words { lang, label };
    let mut out = Vec::new();
    words.rows(given, "", &mut out);
    out
}

/// The words of steps by their identifiers, for references.
pub fn labels<'p>(nodes: &[&'p Node]) -> impl Fn(&str) -> Option<String> + use<'p> {
    let named: Vec<(&'p str, &'p str)> = nodes
        .iter()
        .filter(|node| !node.label.is_empty())
        .map(|node| (node.id.as_str(), node.label.as_str()))
        .collect();
    move |id| named.iter().find(|(known, _)| *known == id).map(|(_, label)| (*label).to_owned())
}

struct Words<'a> {
    lang: Lang,
    label: &'a dyn Fn(&str) -> Option<String>,
}

impl Words<'_> {
    fn rows(&self, given: &Map<String, Value>, above: &str, out: &mut Vec<Told>) {
        for (key, value) in given {
            let own = args::name(key, self.lang).unwrap_or(key);
            match value {
                Value::Null => {}
                Value::String(text) if text.is_empty() => {}
                Value::Array(items) if items.is_empty() => {}
                Value::Object(inner) if inner.is_empty() => {}
                // What a selection holds is what is meant; two of them are told apart.
                Value::Object(inner) if key == "select" => self.rows(inner, above, out),
                Value::Object(inner) if matches!(key.as_str(), "source" | "target") => {
                    self.rows(inner, own, out)
                }
                value => {
                    let name = if above.is_empty() { own.to_owned() } else { format!("{above} · {own}") };
                    out.push(Told { name, value: shorten(self.value(value)) });
                }
            }
        }
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::Null => "–".to_owned(),
            Value::Bool(true) => if self.lang == Lang::Ko { "예" } else { "yes" }.to_owned(),
            Value::Bool(false) => if self.lang == Lang::Ko { "아니요" } else { "no" }.to_owned(),
            Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), |n| decimal(n, 3)),
            Value::String(text) => self.text(text),
            Value::Array(items) => {
                let mut words: Vec<String> = items.iter().take(NAMED).map(|item| self.value(item)).collect();
                if items.len() > NAMED {
                    words.push(format!("… +{}", items.len() - NAMED));
                }
                words.join(", ")
            }
            Value::Object(fields) => self.object(fields),
        }
    }

    /// A text, or what an earlier step gave: `$s1.rows[*].code`.
    fn text(&self, text: &str) -> String {
        let Some(path) = text.strip_prefix('$') else { return text.to_owned() };
        if path.starts_with('$') {
            return path.to_owned();
        }
        let end = path.find(['.', '[']).unwrap_or(path.len());
        let (step, rest) = path.split_at(end);
        let field =
            rest.rsplit('.').next().map(|last| last.split('[').next().unwrap_or(last)).unwrap_or_default();
        let step = (self.label)(step).unwrap_or_else(|| step.to_owned());
        match field {
            "" | "rows" => format!("← {step}"),
            field => format!("← {step} · {field}"),
        }
    }

    /// A condition, an order, a measure, a moment; anything else as it is written.
    fn object(&self, fields: &Map<String, Value>) -> String {
        let of = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
        if let (true, Some(op)) = (fields.contains_key("field"), args::comparison(of("op"), self.lang)) {
            return match fields.get("value") {
                None | Some(Value::Null) => format!("{} {op}", of("field")),
                Some(value) => format!("{} {op} {}", of("field"), self.value(value)),
            };
        }
        if fields.contains_key("by") {
            let down = fields.get("desc").and_then(Value::as_bool).unwrap_or(false);
            return format!("{} {}", of("by"), if down { "↓" } else { "↑" });
        }
        if fields.contains_key("fn") {
            let filter = fields.get("filter").and_then(Value::as_array).filter(|filter| !filter.is_empty());
            let filter = filter
                .map(|filter| format!(" [{}]", self.value(&Value::Array(filter.clone()))))
                .unwrap_or_default();
            return match of("field") {
                "" => format!("{}{filter}", of("fn")),
                field => format!("{}({field}){filter}", of("fn")),
            };
        }
        let parts: Vec<String> = fields
            .iter()
            .map(|(key, value)| {
                format!("{} {}", args::name(key, self.lang).unwrap_or(key), self.value(value))
            })
            .collect();
        parts.join(", ")
    }
}

fn shorten(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text,
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(given: Value, lang: Lang) -> Vec<String> {
        let Value::Object(given) = given else { panic!("an object") };
        let label = |id: &str| (id == "s1").then(|| "find the servers".to_owned());
        arguments(&given, lang, &label)
            .into_iter()
            .map(|told| format!("{}: {}", told.name, told.value))
            .collect()
    }

    #[test]
    fn conditions_orders_measures_and_references_are_words() {
        let given = json!({
            "select": {
                "codes": "$s1.rows[*].code", "text": "",
                "filter": [{"field": "cores", "op": "ge", "value": 8}, {"field": "site", "op": "in", "value": ["a", "b"]},
                           {"field": "owner", "op": "missing"}],
            },
            "measures": [{"fn": "avg", "field": "memory", "filter": [], "as": ""}, {"fn": "count"}],
            "sort": [{"by": "count", "desc": true}], "group_by": [], "limit": 10, "mutual": true,
        });
        assert_eq!(
            told(given, Lang::En),
            [
                "items: ← find the servers · code",
                "conditions: cores ≥ 8, site = a, b, owner is absent",
                "measures: avg(memory), count",
                "order: count ↓",
                "at most: 10",
                "both ways: yes",
            ]
        );
    }

    #[test]
    fn long_lists_are_cut_and_unknown_names_stay() {
        let codes: Vec<String> = (0..20).map(|n| format!("c{n}")).collect();
        assert_eq!(
            told(json!({"ci": codes, "own_name": {"depth": 2}, "money": "$$5"}), Lang::Ko),
            ["대상: c0, c1, c2, c3, c4, c5, … +14", "own_name: depth 2", "money: $5"]
        );
        assert_eq!(told(json!({"ci": "$s9"}), Lang::Ko), ["대상: ← s9"]);
    }
}
