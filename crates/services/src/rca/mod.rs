//! Root causes over the stored estate: candidates, series, events and changes are gathered under the caller's tenant, the
//! reasoning is `analysis::rca`.
//!
//! Invariant: nothing at or after the end of the window is read, so an answer about the past does not know its future.

mod gather;
mod output;
mod store;
mod stored;
pub mod templates;

use std::time::Instant;

use chrono::{DateTime, Datelike, Duration, Utc};
use model::{
    CiId, Lang,
    rca::{RcaOutcome, RcaTrial, TryRcaTemplate},
    tools::{RcaRun, ToolOutput},
};
use serde_json::json;

use crate::{
    access::Caller,
    app::App,
    cmdb::{self, Snapshot},
    error::{Error, Result},
    events::time,
};

/// A window of a question without any time, and half of that around a moment.
const USUAL: i64 = 30;
const AROUND: i64 = 10;
/// The longest window that is looked at as one, in days.
const LONGEST: i64 = 31;

/// `rca.run`.
pub async fn tool_run(app: &App, caller: &Caller, args: RcaRun) -> Result<ToolOutput> {
    let estate = cmdb::estate(app, caller).await?;
    let (from, to) = window(&estate, &args)?;
    let focus = gather::focus(&estate, &args, caller.lang);
    let items = focus.nodes.iter().filter_map(|node| estate.item(*node));
    let seen = templates::Seen {
        items: estate.ids(focus.nodes.iter().copied()).into_iter().map(CiId).collect(),
        kinds: items.map(|item| item.kind.clone()).collect(),
        at: from,
    };
    let mut tx = app.db.tenant(caller).await?;
    let mut chosen = templates::choose(&mut tx, caller, args.template.as_ref(), &seen).await?;
    if args.hops > 0 {
        chosen.template.hops = args.hops;
        let faults = chosen.template.faults();
        if !faults.is_empty() {
            return Err(templates::refused(faults));
        }
    }
    let gathered = gather::gather(&mut tx, &estate, focus, &chosen.template, (from, to), caller.lang).await?;
    drop(tx);
    let lang = caller.lang;
    let work = move || {
        let report = analysis::rca::analyse(&gathered.input(&estate, &chosen.template, lang));
        output::output(&estate, &gathered, report, &chosen, (from, to), lang)
    };
    let found = tokio::task::spawn_blocking(work).await;
    let (mut output, drawn) = found.map_err(|e| Error::Internal(format!("looking for causes: {e}")))?;
    if !drawn.is_empty() {
        let mut tx = app.db.tenant(caller).await?;
        output::bands(&mut tx, &mut output.series, &drawn).await?;
    }
    Ok(output)
}

/// Carries a template out beside the one in force, on the same window. Nothing is kept.
pub async fn trial(app: &App, caller: &Caller, request: TryRcaTemplate) -> Result<RcaTrial> {
    let faults = templates::check(app, caller, &request.template).await?;
    // the template that comes with the product may be tried, not saved
    let faults: Vec<_> = faults.into_iter().filter(|fault| fault.path != "key").collect();
    if !faults.is_empty() {
        return Err(templates::refused(faults));
    }
    let stamp = |at: DateTime<Utc>| json!(at.to_rfc3339());
    let present = RcaRun {
        ci: (!request.ci.is_empty()).then(|| json!(request.ci)),
        from: request.from.map(stamp),
        to: request.to.map(stamp),
        ..RcaRun::default()
    };
    let tried = RcaRun { template: Some(serde_json::to_value(&request.template)?), ..present.clone() };
    Ok(RcaTrial { tried: outcome(app, caller, tried).await?, present: outcome(app, caller, present).await? })
}

async fn outcome(app: &App, caller: &Caller, args: RcaRun) -> Result<RcaOutcome> {
    let begun = Instant::now();
    let output = tool_run(app, caller, args).await?;
    let used = output.assets.into_iter().next();
    let used = used.ok_or_else(|| Error::Internal("a search for causes without a template".into()))?;
    Ok(RcaOutcome {
        key: used.key,
        version: used.version,
        name: used.name,
        hypotheses: output.hypotheses,
        notes: output.notes,
        ms: begun.elapsed().as_secs_f64() * 1e3,
    })
}

/// The window looked at.
fn window(estate: &Snapshot, args: &RcaRun) -> Result<(DateTime<Utc>, DateTime<Utc>)> {
    let (from, to) = (time("from", args.from.as_ref())?, time("to", args.to.as_ref())?);
    let around = time("around", args.around.as_ref())?;
    let last = || {
        let metrics = estate.catalogue().metrics.iter().filter_map(|m| m.covers).map(|c| c.1);
        let records = estate.catalogue().records.iter().filter_map(|k| k.covers).map(|c| c.1);
        metrics.max().or_else(|| records.max())
    };
    let (from, to) = match (from, to, around) {
        (Some(from), Some(to), _) => (from, to),
        (_, _, Some(at)) if sensible(at) => (at - Duration::minutes(AROUND), at + Duration::minutes(AROUND)),
        (_, _, Some(at)) => (at, at),
        (Some(from), None, None) => {
            let end = last().filter(|l| *l > from).map(|l| l + Duration::milliseconds(1));
            (from, end.or(from.checked_add_signed(Duration::minutes(USUAL))).unwrap_or(from))
        }
        (None, Some(to), None) => (to.checked_sub_signed(Duration::minutes(USUAL)).unwrap_or(to), to),
        (None, None, None) => {
            let end = last().ok_or_else(|| {
                Error::invalid(
                    "from",
                    "지표도 기록도 없어 살펴볼 구간을 정할 수 없습니다. 데이터를 가져온 뒤 다시 시도하세요",
                    "there are neither metrics nor records to choose a window by; import data first",
                )
            })?;
            (end - Duration::minutes(USUAL), end + Duration::milliseconds(1))
        }
    };
    if !(sensible(from) && sensible(to)) {
        return Err(Error::invalid(
            "from",
            "구간의 시각은 1년부터 9999년까지 쓸 수 있습니다. 시각을 확인하세요",
            "times of the window are between the years 1 and 9999; look at them again",
        ));
    }
    if from >= to {
        return Err(Error::invalid(
            "to",
            "끝 시각은 시작 시각보다 뒤여야 합니다",
            "the end of the window must come after its start",
        ));
    }
    if to - from > Duration::days(LONGEST) {
        return Err(Error::invalid(
            "from",
            format!("원인 분석 구간은 {LONGEST}일까지입니다. 이상이 있던 때로 좁혀 주세요"),
            format!("a window of at most {LONGEST} days is looked at; narrow it to when the trouble was"),
        ));
    }
    Ok((from, to))
}

/// Whether a moment leaves room for the days that are looked at before and after it.
fn sensible(at: DateTime<Utc>) -> bool {
    (1..=9_999).contains(&at.year())
}

/// A sentence in one of the languages.
fn pick(lang: Lang, ko: String, en: String) -> String {
    if lang == Lang::Ko { ko } else { en }
}
