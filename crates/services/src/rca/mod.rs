//! Root causes over the stored estate: candidates, series, events and changes are gathered under the caller's tenant, the
//! reasoning is `analysis::rca`.
//!
//! Invariant: nothing at or after the end of the window is read, so an answer about the past does not know its future.

mod gather;
mod output;
mod store;

use chrono::{DateTime, Duration, Utc};
use model::{
    Lang,
    rca::Template,
    tools::{RcaRun, ToolOutput},
};

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
    let template = template(&args)?;
    let (from, to) = window(&estate, &args)?;
    let mut tx = app.db.tenant(caller).await?;
    let gathered = gather::gather(&mut tx, &estate, &args, &template, (from, to), caller.lang).await?;
    drop(tx);
    let lang = caller.lang;
    let work = move || {
        let report = analysis::rca::analyse(&gathered.input(&estate, &template, lang));
        output::output(&estate, &gathered, report, (from, to), lang)
    };
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::Internal(format!("looking for causes: {e}")))
}

fn template(args: &RcaRun) -> Result<Template> {
    let mut template = args.template.clone().unwrap_or_default();
    if args.hops > 0 {
        template.hops = args.hops;
    }
    match template.faults().into_iter().next() {
        Some((path, why)) => Err(Error::invalid(format!("template.{path}"), why.ko, why.en)),
        None => Ok(template),
    }
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
        (_, _, Some(at)) => (at - Duration::minutes(AROUND), at + Duration::minutes(AROUND)),
        (Some(from), None, None) => (
            from,
            last()
                .filter(|l| *l > from)
                .map_or(from + Duration::minutes(USUAL), |l| l + Duration::milliseconds(1)),
        ),
        (None, Some(to), None) => (to - Duration::minutes(USUAL), to),
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

/// A sentence in one of the languages.
fn pick(lang: Lang, ko: String, en: String) -> String {
    if lang == Lang::Ko { ko } else { en }
}
