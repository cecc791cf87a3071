//! Causes of incidents: looked for once, kept in both languages, looked for again when the incident has changed.

use chrono::{Duration, Utc};
use model::{Lang, rca::Hypothesis, tools::RcaRun};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::store::{self, IncidentRow};
use crate::{access::Caller, app::App, error::Result, rca};

/// Incidents explained by one search, newest first; of the others when they are opened.
const MOST: i64 = 40;
/// Items named to the search for causes.
const NAMED: usize = 8;
/// Minutes before the first deviation and after it that are looked at.
const BEFORE_MIN: i64 = 5;
const AFTER_MIN: i64 = 60;

/// Causes in one language.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Causes {
    /// Best first.
    pub hypotheses: Vec<Hypothesis>,
    /// What could not be looked at.
    pub notes: Vec<String>,
}

/// Looks for the causes of incidents that have none yet or have changed. False where another server has taken over.
pub async fn missing(app: &App, caller: &Caller, (owner, done): (Uuid, i32)) -> Result<bool> {
    let all = store::unexplained(&mut app.db.tenant(caller).await?, MOST).await?;
    for one in all {
        if let Err(error) = explain(app, caller, &one).await {
            tracing::warn!(incident.number = one.number, cause = %error, "causes could not be looked for");
        }
        let mut tx = app.db.tenant(caller).await?;
        if !store::renew(&mut tx, owner, done).await? {
            return Ok(false);
        }
        tx.commit().await?;
    }
    Ok(true)
}

/// Looks for the causes of an incident and keeps them; gives those in the caller's language.
pub async fn explain(app: &App, caller: &Caller, one: &IncidentRow) -> Result<Causes> {
    let begun = Utc::now();
    let codes: Vec<&String> = one.items.iter().take(NAMED).collect();
    let to = (one.from_at + Duration::minutes(AFTER_MIN)).min(one.until_at + Duration::minutes(1));
    let args = RcaRun {
        ci: Some(json!(codes)),
        from: Some(json!((one.from_at - Duration::minutes(BEFORE_MIN)).to_rfc3339())),
        to: Some(json!(to.max(one.from_at + Duration::minutes(10)).to_rfc3339())),
        ..RcaRun::default()
    };
    let mut mine = Causes::default();
    let mut both = serde_json::Map::new();
    for (key, lang) in [("ko", Lang::Ko), ("en", Lang::En)] {
        let asking = Caller { lang, ..caller.clone() };
        let output = rca::tool_run(app, &asking, args.clone()).await?;
        let causes = Causes { hypotheses: output.hypotheses, notes: output.notes };
        both.insert(key.to_owned(), serde_json::to_value(&causes)?);
        if lang == caller.lang {
            mine = causes;
        }
    }
    let mut tx = app.db.tenant(caller).await?;
    store::explained(&mut tx, one.number, begun, &Value::Object(both)).await?;
    tx.commit().await?;
    Ok(mine)
}
