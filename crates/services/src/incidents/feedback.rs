//! "Not an anomaly": kept with who, when and why. What was said to be none is not told again, trains what follows, and puts
//! the threshold of its series just above it. It can be taken back.

use std::collections::HashMap;

use analysis::seasonal::threshold;
use model::{
    AnomalyId, FeedbackId, SeriesId,
    incident::{Feedback, NotAnomaly},
    perm::{AnomalyJudge, EstateRead},
};
use serde_json::json;

use super::{regroup, store};
use crate::{
    access::Caller,
    app::App,
    audit, cmdb,
    db::TenantTx,
    error::{Error, Result},
    metrics::bands::{self, COUNTS, day_of},
};

/// Longest reason, in characters.
const REASON_MAX: usize = 500;

/// Says that an anomaly is none.
pub async fn say(app: &App, caller: &Caller, id: AnomalyId, request: NotAnomaly) -> Result<Feedback> {
    let may = caller.grant::<AnomalyJudge>()?;
    let reason = request.reason.trim();
    if !(1..=REASON_MAX).contains(&reason.chars().count()) {
        return Err(Error::invalid(
            "reason",
            format!("왜 이상이 아닌지 1자 이상 {REASON_MAX}자 이하로 적어 주세요"),
            format!("say why it is no anomaly, in 1 to {REASON_MAX} characters"),
        ));
    }
    let estate = cmdb::estate(app, caller).await?;
    let mut tx = app.db.tenant(caller).await?;
    let one = store::anomaly(&mut tx, id.0).await?.ok_or_else(|| {
        Error::not_found(
            "이 이상은 더 이상 없습니다. 목록을 다시 여세요",
            "this anomaly is not there any more; open the list again",
        )
    })?;
    let code = |id| estate.node_of(id).map(|node| estate.code(node).to_owned()).unwrap_or_default();
    let (ci, peer) = (code(one.ci()), one.peer().map(code).unwrap_or_default());
    let said = store::say(&mut tx, may, caller, &one, (&ci, &peer), reason).await?;
    judge_again(&mut tx, SeriesId(one.series_id), store::ms(one.from_at)).await?;
    store::ask(&mut tx, may, &caller.login).await?;
    let entry = audit::Entry::by(caller, "anomaly.dismissed", said.to_string()).after(json!({
        "ci": ci, "peer": peer, "metric": one.metric, "from": one.from_at, "until": one.until_at, "reason": reason,
    }));
    audit::record(tx.conn(), entry).await?;
    tx.commit().await?;
    regroup::run(app, caller, None).await?;
    find(app, caller, said).await
}

/// Takes back what was said; the series is judged as before.
pub async fn withdraw(app: &App, caller: &Caller, id: FeedbackId) -> Result<Feedback> {
    let may = caller.grant::<AnomalyJudge>()?;
    let read = caller.grant::<EstateRead>()?;
    let mut tx = app.db.tenant(caller).await?;
    let found = store::said(&mut tx, read, None, Some(id)).await?.pop().ok_or_else(|| missing(id))?;
    if store::withdraw(&mut tx, may, caller, id).await? {
        judge_again(&mut tx, found.series, store::ms(found.from)).await?;
        store::ask(&mut tx, may, &caller.login).await?;
        let entry = audit::Entry::by(caller, "anomaly.restored", id.to_string())
            .before(json!({"ci": found.ci, "metric": found.metric, "reason": found.reason, "by": found.by}));
        audit::record(tx.conn(), entry).await?;
        tx.commit().await?;
    }
    find(app, caller, id).await
}

/// What was said, newest first; of one series, or of all.
pub async fn list(app: &App, caller: &Caller, series: Option<SeriesId>) -> Result<Vec<Feedback>> {
    let may = caller.grant::<EstateRead>()?;
    let mut tx = app.db.tenant(caller).await?;
    let mut all = store::said(&mut tx, may, series, None).await?;
    fill(&mut tx, &mut all).await?;
    Ok(all)
}

async fn find(app: &App, caller: &Caller, id: FeedbackId) -> Result<Feedback> {
    let may = caller.grant::<EstateRead>()?;
    let mut tx = app.db.tenant(caller).await?;
    let mut all = store::said(&mut tx, may, None, Some(id)).await?;
    fill(&mut tx, &mut all).await?;
    all.pop().ok_or_else(|| missing(id))
}

/// The threshold of each series as it stands.
async fn fill(tx: &mut TenantTx<'_>, all: &mut [Feedback]) -> Result<()> {
    let ids: Vec<SeriesId> = all.iter().map(|one| one.series).collect();
    let taught = store::taught(tx, Some(&ids)).await?;
    let known: HashMap<SeriesId, f64> =
        taught.iter().map(|(id, said)| (*id, threshold(COUNTS, said))).collect();
    for one in all {
        one.threshold = known.get(&one.series).copied().unwrap_or(COUNTS);
    }
    Ok(())
}

async fn judge_again(tx: &mut TenantTx<'_>, series: SeriesId, since: i64) -> Result<()> {
    bands::store::forget(tx, series, day_of(since)).await
}

fn missing(id: FeedbackId) -> Error {
    Error::not_found(format!("{id} 의견을 찾을 수 없습니다"), format!("nothing was said under {id}"))
}
