//! Checks by schedule.

use chrono::{DateTime, Duration, Utc};
use model::golden::GoldenRules;

use crate::{access::Trace, app::Shared, auth, db::SystemReason, error::Result};

use super::store;

/// Checks taken at a time.
const AT_ONCE: i64 = 20;

/// When a golden question of these rules is due after `now`.
pub(super) fn next(rules: &GoldenRules, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (rules.every_min > 0).then(|| now + Duration::minutes(i64::from(rules.every_min)))
}

/// Checks what is due; the server calls it every now and then. Gives the number of checks made here.
///
/// What is due is taken under an advisory lock and put off before it is asked, so that replicas that come at the same
/// time do not ask it twice, and one that dies over it does not hold it back.
pub async fn check_due(app: &Shared) -> Result<u64> {
    let mut tx = app.db.system(SystemReason::Schedule).await?;
    if !store::only_one(&mut tx).await? {
        return Ok(0);
    }
    let due = store::take_due(&mut tx, Utc::now(), AT_ONCE).await?;
    tx.commit().await?;
    let mut made = 0;
    for golden in due {
        let trace = Trace { id: uuid::Uuid::now_v7().simple().to_string(), parent: None };
        let checked = match auth::member_caller(app, golden.tenant, golden.owner, trace).await? {
            Some(caller) => super::run_check(app, &caller, golden.id, true).await.map(|_| ()),
            None => {
                // Nobody to ask as: the schedule ends until somebody takes it over.
                tracing::warn!(golden.id = %golden.id, "the owner of a golden question is gone; its schedule ends");
                let mut tx = app.db.system(SystemReason::Schedule).await?;
                store::unschedule(&mut tx, golden.tenant, golden.id).await?;
                tx.commit().await
            }
        };
        match checked {
            Ok(()) => made += 1,
            Err(error) => {
                tracing::warn!(golden.id = %golden.id, cause = %error, "a golden question was not checked");
            }
        }
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_schedule_nothing_is_due() {
        let now = DateTime::<Utc>::default();
        assert_eq!(next(&GoldenRules::default(), now), None);
        let hourly = GoldenRules { every_min: 60, ..GoldenRules::default() };
        assert_eq!(next(&hourly, now), Some(now + Duration::hours(1)));
    }
}
