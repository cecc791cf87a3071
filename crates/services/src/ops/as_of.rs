//! The moment a run takes as now, for tools that look at the newest data when no time is named.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::events;

/// Gives a call that names no time the moment taken as now, where the data go on after it: nothing later is looked at,
/// and what is foretold begins there. `ends` is when the data end.
pub fn bound(tool: &str, args: &mut Map<String, Value>, as_of: DateTime<Utc>, ends: Option<DateTime<Utc>>) {
    if ends.is_none_or(|ends| ends < as_of) {
        return;
    }
    let named = |key: &str| args.get(key).is_some_and(|value| !value.is_null());
    let key = match tool {
        "forecast.metric" => "from",
        "metric.anomalies" if !named("from") => "to",
        _ => return,
    };
    if !named(key) {
        args.insert(key.to_owned(), json!(events::stamp(as_of)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounded(tool: &str, args: Value, ends: Option<&str>) -> Value {
        let mut args = args.as_object().cloned().expect("an object");
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
        bound(tool, &mut args, at("2026-03-01T12:00:00Z"), ends.map(at));
        Value::Object(args)
    }

    #[test]
    fn calls_without_a_time_end_at_the_moment_taken_as_now() {
        let later = Some("2026-03-05T00:00:00Z");
        let at = "2026-03-01T12:00:00Z";
        let all = json!({ "metric": "cpu" });
        assert_eq!(bounded("forecast.metric", all.clone(), later), json!({ "metric": "cpu", "from": at }));
        assert_eq!(bounded("metric.anomalies", all.clone(), later), json!({ "metric": "cpu", "to": at }));
        assert_eq!(bounded("metric.query", all.clone(), later), all);
    }

    #[test]
    fn a_time_that_was_named_stays_and_data_that_ended_before_need_no_bound() {
        let from = json!({ "metric": "cpu", "from": "2026-02-01T00:00:00Z" });
        for tool in ["forecast.metric", "metric.anomalies"] {
            assert_eq!(bounded(tool, from.clone(), Some("2026-03-05T00:00:00Z")), from);
            assert_eq!(bounded(tool, json!({}), Some("2026-02-05T00:00:00Z")), json!({}));
            assert_eq!(bounded(tool, json!({}), None), json!({}));
        }
    }
}
