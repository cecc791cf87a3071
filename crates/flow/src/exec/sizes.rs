//! How large values are, and how much of them is told.

use model::tools::ToolOutput;
use serde_json::{Map, Value};

/// Bytes of the arguments of a step that are told and kept; a step may be given a million rows of another.
const TOLD: usize = 64 << 10;
/// Characters of a text that is longer than what is left.
const TEXT_LEFT: usize = 120;

/// About the bytes of a value.
fn of(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 2,
        Value::Array(items) => items.iter().map(of).sum::<usize>() + items.len(),
        Value::Object(fields) => of_fields(fields),
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
    }
}

fn of_fields(fields: &Map<String, Value>) -> usize {
    fields.iter().map(|(key, value)| key.len() + 4 + of(value)).sum()
}

/// About the bytes of an output.
pub fn of_output(output: &ToolOutput) -> u64 {
    let cells: usize = output.rows.iter().map(of_fields).sum();
    let points: usize = output.series.iter().map(|series| series.points.len() * 16).sum();
    (cells + points) as u64
}

/// The arguments of a step as they are told, and about their bytes: long ones lose their ends.
pub fn told(args: Map<String, Value>) -> (Value, u64) {
    let size = of_fields(&args);
    let args = Value::Object(args);
    if size <= TOLD {
        return (args, size as u64);
    }
    let mut left = TOLD;
    (cut(args, &mut left), (TOLD - left) as u64)
}

fn cut(value: Value, left: &mut usize) -> Value {
    match value {
        Value::String(text) if text.len() > (*left).max(TEXT_LEFT) => {
            let mut short: String = text.chars().take(TEXT_LEFT).collect();
            short.push('…');
            *left = left.saturating_sub(short.len());
            Value::String(short)
        }
        Value::Array(items) => {
            let all = items.len();
            let mut kept = Vec::new();
            for item in items {
                if *left == 0 {
                    kept.push(Value::String(format!("… {}", all - kept.len())));
                    break;
                }
                kept.push(cut(item, left));
            }
            Value::Array(kept)
        }
        Value::Object(fields) => {
            let all = fields.len();
            let mut kept = Map::new();
            for (key, field) in fields {
                if *left == 0 {
                    kept.insert("…".to_owned(), (all - kept.len()).into());
                    break;
                }
                *left = left.saturating_sub(key.len() + 4);
                kept.insert(key, cut(field, left));
            }
            Value::Object(kept)
        }
        other => {
            *left = left.saturating_sub(of(&other));
            other
        }
    }
}

/// A text for people, not longer than anybody reads.
pub fn readable(text: String, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text,
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn short_arguments_are_told_as_they_are_and_long_ones_lose_their_ends() {
        let short = Map::from_iter([("ci".to_owned(), json!(["a", "b"]))]);
        let (as_told, size) = told(short.clone());
        assert_eq!((as_told, size), (Value::Object(short), 14));

        let rows: Vec<Value> = (0..100_000).map(|n| json!({"code": n})).collect();
        let (as_told, size) =
            told(Map::from_iter([("ci".to_owned(), json!(rows)), ("limit".to_owned(), json!(5))]));
        let kept = as_told["ci"].as_array().unwrap();
        assert!(kept.len() < 8_000 && size <= TOLD as u64);
        assert_eq!(kept.last().unwrap(), &json!(format!("… {}", 100_000 - (kept.len() - 1))));

        let (as_told, _) = told(Map::from_iter([("text".to_owned(), json!("가".repeat(100_000)))]));
        assert_eq!(as_told["text"].as_str().unwrap().chars().count(), TEXT_LEFT + 1);
        assert_eq!(readable("가나다".into(), 2), "가나…");
        assert_eq!(readable("가나다".into(), 3), "가나다");
    }
}
