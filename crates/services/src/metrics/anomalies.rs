//! `metric.anomalies`: stretches in which series leave what is usual for the hour of the week, and members of a kind that
//! stand apart from the others.

use std::collections::{BTreeMap, HashMap};

use analysis::{
    peers,
    seasonal::{Anomaly, Basis, Detection, Form, Settings, Taught, detect, is_known, threshold},
    stats::between,
};
use chrono::{DateTime, Duration, Utc};
use model::{
    Lang, SeriesId,
    schema::MetricDef,
    tools::{MetricAnomalies, SeriesOut, ToolOutput},
};

use super::{
    query::{Who, add_who, choose, who},
    reduce::stamp,
    store::{self, Window},
    thin::outline,
};
use crate::{
    cmdb::{
        Snapshot,
        table::{Row, column, cut, limit_or, num},
    },
    db::TenantTx,
    error::{Error, Result},
    events::{coverage_note, time},
    incidents,
};

/// Weeks learned from, days looked at when no window was given, and the most of them.
const LEARN_W: i64 = 6;
const DAYS: (i64, i64) = (7, 62);
/// Series looked at in one call.
const SERIES: usize = 300;
/// Points of the band in the picture of a single series.
const POINTS: usize = 400;
/// A peer counts as apart from a twentieth of the group's value on.
const LEAST: f64 = 0.05;

/// One series that is looked at.
struct Looked<'a> {
    metric: &'a MetricDef,
    id: SeriesId,
    who: Who,
    kind: String,
}

/// Looks for anomalies.
pub(super) async fn anomalies(
    tx: &mut TenantTx<'_>,
    estate: &Snapshot,
    args: &MetricAnomalies,
    lang: Lang,
) -> Result<ToolOutput> {
    let settings = settings(args)?;
    let mut notes = Vec::new();
    let mut looked: Vec<Looked<'_>> = Vec::new();
    let keys: Vec<String> = match args.metric.as_str() {
        "" => estate.catalogue().metrics.iter().map(|m| m.key.clone()).collect(),
        one => vec![one.to_owned()],
    };
    for key in &keys {
        let chosen = choose(tx, estate, key, (args.ci.as_ref(), None), lang).await?;
        if keys.len() == 1 {
            notes.extend(chosen.notes.iter().cloned());
        }
        for series in &chosen.series {
            let kind = estate.node_of(series.ci).and_then(|n| estate.item(n)).map(|i| i.kind.clone());
            let who = who(estate, series);
            looked.push(Looked { metric: chosen.metric, id: series.id, who, kind: kind.unwrap_or_default() });
        }
    }
    if looked.is_empty() {
        // Nothing is measured there: that is all there is to say.
        let mut output = rows(&looked, &[], args, lang);
        output.notes = notes;
        return Ok(output);
    }
    let (from, to) = window(args, &looked)?;
    if let [key] = keys.as_slice()
        && let Some(metric) = estate.catalogue().metrics.iter().find(|m| m.key == *key)
    {
        notes.extend(coverage_note(metric.covers, Some(from), Some(to), lang));
    }
    if looked.len() > SERIES {
        let (n, all) = (SERIES, looked.len());
        notes.push(match lang {
            Lang::Ko => {
                format!("시계열 {all}개 가운데 {n}개만 살펴봤습니다. 지표나 항목을 지정하면 모두 봅니다")
            }
            Lang::En => format!("{n} of {all} series were looked at; name a metric or items to see all"),
        });
        looked.truncate(SERIES);
    }
    let ids: Vec<SeriesId> = looked.iter().map(|l| l.id).collect();
    let window = Window::new(Some(from - Duration::weeks(LEARN_W)), Some(to));
    let samples = store::samples(tx, &ids, window).await?;
    let span = (from.timestamp_millis(), to.timestamp_millis());
    let taught = incidents::taught(tx, &ids).await?;
    let work = move || find(&samples, &ids, span, &settings, &taught);
    let (mut found, samples) = tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| Error::Internal(format!("looking for anomalies: {e}")))?;
    apart(&looked, &samples, span, args, &mut found);
    let basis = found.iter().filter_map(|(_, d)| d.basis).collect::<Vec<_>>();
    if found.is_empty() || basis.iter().all(|b| *b == Basis::Level) {
        notes.push(match lang {
            Lang::Ko => "이틀이 안 되는 이력으로는 요일과 시간대의 주기를 알 수 없어 최근 수준과만 비교했습니다".into(),
            Lang::En => "less than two days of history show no rhythm of day and week; values were compared with the recent level only".into(),
        });
    }
    let series = band(&looked, &samples, &found, span);
    let mut output = rows(&looked, &found, args, lang);
    output.series = series;
    output.notes = notes;
    Ok(output)
}

fn settings(args: &MetricAnomalies) -> Result<Settings> {
    let k = if args.sensitivity == 0.0 { 5.0 } else { args.sensitivity };
    if !(2.0..=20.0).contains(&k) {
        return Err(Error::invalid(
            "sensitivity",
            format!("민감도는 2에서 20 사이여야 합니다. 지금 값: {k}"),
            format!("the sensitivity must be between 2 and 20; it is {k}"),
        ));
    }
    Ok(Settings { k, ..Settings::default() })
}

/// The window; the last week of data when none was given.
fn window(args: &MetricAnomalies, looked: &[Looked<'_>]) -> Result<(DateTime<Utc>, DateTime<Utc>)> {
    let (from, to) = (time("from", args.from.as_ref())?, time("to", args.to.as_ref())?);
    let last = looked.iter().filter_map(|l| l.metric.covers).map(|c| c.1).max();
    let to = to.or(last.map(|l| l + Duration::milliseconds(1))).unwrap_or(DateTime::<Utc>::UNIX_EPOCH);
    let from = from.unwrap_or(to - Duration::days(DAYS.0));
    if from > to {
        return Err(Error::invalid(
            "to",
            "끝 시각은 시작 시각보다 뒤여야 합니다",
            "the end of the window must come after its start",
        ));
    }
    if to - from > Duration::days(DAYS.1) {
        return Err(Error::invalid(
            "from",
            format!("한 번에 {}일까지 살펴볼 수 있습니다", DAYS.1),
            format!("at most {} days are looked at in one call", DAYS.1),
        ));
    }
    Ok((from, to))
}

type Samples = HashMap<SeriesId, Vec<(i64, f64)>>;

fn find(
    samples: &Samples,
    ids: &[SeriesId],
    span: (i64, i64),
    settings: &Settings,
    taught: &HashMap<SeriesId, Vec<Taught>>,
) -> (Vec<(usize, Detection)>, Samples) {
    let judge = |id: &SeriesId| {
        let samples = samples.get(id)?;
        let Some(said) = taught.get(id) else { return Some(detect(samples, span, settings)) };
        // what people said to be none is none here too
        let accepted = said.iter().map(|one| (one.from, one.until + 1)).collect();
        let settings = Settings { k: threshold(settings.k, said), accepted, ..settings.clone() };
        let mut found = detect(samples, span, &settings);
        found.anomalies.retain(|anomaly| !is_known(anomaly, said));
        Some(found)
    };
    let found = ids.iter().enumerate().filter_map(|(at, id)| Some((at, judge(id)?))).collect();
    (found, samples.clone())
}

/// Items of one kind that show a metric do the same work as a rule: one that stands apart is told.
fn apart(
    looked: &[Looked<'_>],
    samples: &Samples,
    span: (i64, i64),
    args: &MetricAnomalies,
    found: &mut [(usize, Detection)],
) {
    if args.ci.is_some() {
        return;
    }
    let mut groups: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, one) in looked.iter().enumerate().filter(|(_, l)| l.who.1.is_none()) {
        groups.entry((one.metric.key.as_str(), one.kind.as_str())).or_default().push(at);
    }
    for group in groups.values().filter(|g| g.len() >= 4) {
        let members: Vec<&[(i64, f64)]> = group
            .iter()
            .map(|at| looked.get(*at).and_then(|l| samples.get(&l.id)).map_or(&[][..], Vec::as_slice))
            .collect();
        // twice as far as over time: members of a kind differ by nature
        for one in peers::apart(&members, span, 10.0, LEAST) {
            let Some(at) = group.get(one.member) else { continue };
            if let Some((_, detection)) = found.iter_mut().find(|(i, _)| i == at) {
                detection.anomalies.push(Anomaly {
                    from: span.0,
                    until: span.1,
                    form: Form::Apart,
                    value: one.value,
                    expected: one.group,
                    sigma: one.sigma,
                });
            }
        }
    }
}

fn rows(
    looked: &[Looked<'_>],
    found: &[(usize, Detection)],
    args: &MetricAnomalies,
    lang: Lang,
) -> ToolOutput {
    let per_edge = looked.iter().any(|l| l.who.1.is_some());
    let unit = looked
        .first()
        .filter(|f| looked.iter().all(|l| l.metric.unit == f.metric.unit))
        .map_or("", |f| f.metric.unit.as_str());
    let name = |ko: &str, en: &str| if lang == Lang::Ko { ko.to_owned() } else { en.to_owned() };
    let mut columns = super::query::who_columns(per_edge, false, lang);
    columns.extend([
        column("metric", name("지표", "metric"), "", false),
        column("from", name("시작", "from"), "", false),
        column("until", name("끝", "until"), "", false),
        column("form", name("형태", "form"), "", false),
        column("value", name("값", "value"), unit, true),
        column("expected", name("기대값", "expected"), unit, true),
        column("sigma", name("표준편차 배수", "standard deviations"), "", true),
    ]);
    let mut list: Vec<(&Looked<'_>, &Anomaly)> = found
        .iter()
        .filter_map(|(at, detection)| Some((looked.get(*at)?, detection)))
        .flat_map(|(one, detection)| detection.anomalies.iter().map(move |a| (one, a)))
        .collect();
    list.sort_by(|a, b| {
        b.1.sigma.total_cmp(&a.1.sigma).then(a.1.from.cmp(&b.1.from)).then_with(|| a.0.who.cmp(&b.0.who))
    });
    let rows: Vec<Row> = list
        .into_iter()
        .map(|(one, a)| {
            let mut row = Row::new();
            add_who(&mut row, one.who.clone(), per_edge);
            row.insert("metric".into(), one.metric.key.clone().into());
            row.insert("from".into(), stamp(a.from));
            row.insert("until".into(), stamp(a.until));
            row.insert("form".into(), a.form.name().into());
            row.insert("value".into(), num(a.value));
            row.insert("expected".into(), num((a.expected * 1_000.0).round() / 1_000.0));
            row.insert("sigma".into(), num((a.sigma * 10.0).round() / 10.0));
            row
        })
        .collect();
    cut(rows, columns, &[], limit_or(args.limit, 200), false)
}

/// A single series is drawn with its band.
fn band(
    looked: &[Looked<'_>],
    samples: &Samples,
    found: &[(usize, Detection)],
    span: (i64, i64),
) -> Vec<SeriesOut> {
    let ([one], [(_, detection)]) = (looked, found) else { return Vec::new() };
    let Some(samples) = samples.get(&one.id) else { return Vec::new() };
    let thin = |of: fn(&analysis::seasonal::Band) -> f64| -> Vec<(f64, f64)> {
        let points: Vec<(i64, f64)> = detection.band.iter().map(|(at, band)| (*at, of(band))).collect();
        outline(&points, POINTS)
    };
    let (low, high) = (thin(|b| b.low), thin(|b| b.high));
    vec![SeriesOut {
        name: one.who.0.clone(),
        points: outline(between(samples, span.0, span.1), POINTS),
        band: low.into_iter().zip(high).map(|(low, high)| (low.0, low.1, high.1)).collect(),
    }]
}
