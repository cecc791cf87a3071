//! A plan in one line: tools with what decides them.

use model::plan::Kind;
use planner::Outcome;
use serde_json::Value;

/// The outcome in one line, free of wording.
pub fn signature(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Clarify { .. } => "clarify".to_owned(),
        Outcome::Unanswerable { .. } => "unanswerable".to_owned(),
        Outcome::Refuse { .. } => "refuse".to_owned(),
        Outcome::Plan(plan) => {
            let mut out: Vec<String> = Vec::new();
            for node in plan.nodes() {
                if let Kind::Tool { tool, args } = &node.kind {
                    out.push(format!("{tool} {}", brief(&Value::Object(args.clone()))));
                }
            }
            out.join("; ")
        }
    }
}

fn brief(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            if let (Some(field), Some(op)) = (map.get("field"), map.get("op")) {
                return format!(
                    "{}.{}.{}",
                    brief(field),
                    brief(op),
                    map.get("value").map_or(String::new(), brief)
                );
            }
            let parts: Vec<String> = map
                .iter()
                .filter(|(k, _)| !matches!(k.as_str(), "tz" | "series" | "max_depth" | "as"))
                .map(|(k, v)| format!("{k}={}", brief(v)))
                .collect();
            format!("{{{}}}", parts.join(" "))
        }
        Value::Array(list) => format!("[{}]", list.iter().map(brief).collect::<Vec<_>>().join(" ")),
        Value::String(s) => s.clone(),
        other => other.to_string(),
    }
}
