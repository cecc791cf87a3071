//! The moment a run takes as now, for tools that look at the newest data: nothing later is looked at.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::events;

/// Ends the windows of a call at `now`. What names no time, takes the newest data there are: those of `now`, where the
/// data go on after it. `ends` is when they end.
pub fn bound(tool: &str, args: &mut Map<String, Value>, now: DateTime<Utc>, ends: Option<DateTime<Utc>>) {
    let moment = |key: &str| args.get(key).filter(|value| !value.is_null());
    let after = ends.is_some_and(|ends| ends > now);
    let key = match tool {
        "forecast.metric" if moment("from").is_none() && after => "from",
        "metric.anomalies" => {
            let (from, to) = (moment("from"), moment("to"));
            let later =
                |value: Option<&Value>| events::time("to", value).ok().flatten().is_some_and(|at| at > now);
            // A series is not silent where there cannot be samples yet; a window that begins later stays what it is.
            let ends_later = later(to) && !later(from);
            let newest = from.is_none() && to.is_none() && after;
            if !ends_later && !newest {
                return;
            }
            "to"
        }
        _ => return,
    };
    args.insert(key.to_owned(), json!(events::stamp(now)));
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

    #[test]
    fn a_window_that_reaches_into_the_future_ends_now() {
        let today = json!({ "from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z" });
        let wanted = json!({ "from": "2026-03-01T00:00:00Z", "to": "2026-03-01T12:00:00Z" });
        assert_eq!(bounded("metric.anomalies", today, None), wanted);
        let tomorrow = json!({ "from": "2026-03-02T00:00:00Z", "to": "2026-03-03T00:00:00Z" });
        assert_eq!(bounded("metric.anomalies", tomorrow.clone(), None), tomorrow);
    }
}
