//! `change.search` and `time.now`: what was changed on items and around them, and what time it is.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use model::{
    Lang,
    graph::Direction,
    schema::{FieldRole, RecordKind, RecordRole},
    tools::{ChangeSearch, GraphArgs, RecordSearch, RecordSelect, TimeNow, ToolOutput},
};
use serde_json::{Value, json};

use crate::{
    access::Caller,
    app::App,
    cmdb::{
        self,
        table::{Row, WEEKDAYS, column, limit_or},
    },
    error::{Error, Result},
    events,
};

/// Relations followed when none were named, and the most of them.
const HOPS: (u32, u32) = (1, 3);
/// Rows without a limit of their own, and the most of them.
const ROWS: (usize, usize) = (50, 1_000);

/// What was changed in a window, on the items named and on what they are joined to.
pub(super) async fn search(app: &App, caller: &Caller, args: ChangeSearch) -> Result<ToolOutput> {
    let hops = args.hops.unwrap_or(HOPS.0);
    if hops > HOPS.1 {
        return Err(Error::invalid(
            "hops",
            format!("변경은 {}단계까지 찾을 수 있습니다", HOPS.1),
            format!("changes are looked for within {} relations at most", HOPS.1),
        ));
    }
    let estate = cmdb::estate(app, caller).await?;
    let pick = |ko: &str, en: &str| if caller.lang == Lang::Ko { ko.to_owned() } else { en.to_owned() };
    let kinds = kinds(&estate.catalogue().records, &args.kinds)?;
    let columns = vec![
        column("at", pick("시각", "time"), "", false),
        column("until", pick("종료", "end"), "", false),
        column("ci", pick("대상", "item"), "", false),
        column("hops", pick("떨어진 단계", "relations away"), "", true),
        column("record", pick("기록", "record"), "", false),
        column("what", pick("내용", "what"), "", false),
        column("outcome", pick("결과", "outcome"), "", false),
    ];
    if kinds.is_empty() {
        let note = pick(
            "변경이나 유지보수로 등록된 기록 종류가 없습니다",
            "no kind of record is marked as change or maintenance",
        );
        return Ok(ToolOutput { columns, notes: vec![note], ..ToolOutput::default() });
    }
    let mut notes: Vec<String> = Vec::new();
    let around = match &args.ci {
        None => None,
        Some(ci) => {
            let (away, said) = around(app, caller, ci, hops).await?;
            notes.extend(said);
            Some(away)
        }
    };
    let limit = limit_or(args.limit, ROWS.0).min(ROWS.1);
    let mut rows: Vec<Row> = Vec::new();
    let mut total = 0;
    for kind in kinds {
        let mut codes: Option<Vec<&String>> = around.as_ref().map(|away| away.keys().collect());
        if let Some(codes) = &mut codes {
            codes.sort_unstable();
        }
        let select = RecordSelect {
            kind: kind.key.clone(),
            ci: codes.map(|codes| json!(codes)),
            from: args.from.clone(),
            to: args.to.clone(),
            ..RecordSelect::default()
        };
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let found = events::search(app, caller, RecordSearch { select, limit, ..RecordSearch::default() });
        let found = found.await?;
        total += found.total;
        let label = kind.label.get(caller.lang);
        let label = if label.is_empty() { kind.key.as_str() } else { label };
        // Kinds have windows of their own: a remark says of which it is one.
        notes.extend(found.notes.into_iter().map(|note| format!("{label}: {note}")));
        rows.extend(found.rows.into_iter().map(|row| brief(kind, row, around.as_ref(), caller.lang)));
    }
    // Newest first; of the same moment what is nearest.
    rows.sort_by(|a, b| text(b, "at").cmp(text(a, "at")).then_with(|| far(a).cmp(&far(b))));
    rows.truncate(limit);
    notes.sort();
    notes.dedup();
    let truncated = (rows.len() as u64) < total;
    Ok(ToolOutput { columns, rows, total, truncated, notes, ..ToolOutput::default() })
}

/// The kinds of record that count as changes.
fn kinds<'a>(all: &'a [RecordKind], named: &[String]) -> Result<Vec<&'a RecordKind>> {
    if named.is_empty() {
        let changes = |k: &&RecordKind| matches!(k.role, RecordRole::Change | RecordRole::Maintenance);
        return Ok(all.iter().filter(changes).collect());
    }
    named
        .iter()
        .map(|key| {
            all.iter().find(|kind| kind.key == *key).ok_or_else(|| {
                let known = all.iter().map(|k| k.key.as_str()).collect::<Vec<_>>().join(", ");
                Error::invalid(
                    "kinds",
                    format!("'{key}' 종류의 기록이 없습니다. 있는 종류: {known}"),
                    format!("there is no kind of record '{key}'; there are {known}"),
                )
            })
        })
        .collect()
}

/// The items named and their neighbourhood, by relations away.
async fn around(
    app: &App,
    caller: &Caller,
    ci: &Value,
    hops: u32,
) -> Result<(HashMap<String, u32>, Vec<String>)> {
    let estate = cmdb::estate(app, caller).await?;
    let named = cmdb::select::named(&estate, ci, caller.lang);
    let mut away: HashMap<String, u32> =
        named.nodes.iter().map(|&node| (estate.code(node).to_owned(), 0)).collect();
    if hops > 0 && !away.is_empty() {
        let args =
            GraphArgs { ci: ci.clone(), direction: Direction::Both, max_depth: hops, ..GraphArgs::default() };
        let found = cmdb::tool_graph(app, caller, "graph.traverse", args).await?;
        for row in &found.rows {
            let depth = row.get("depth").and_then(Value::as_u64).unwrap_or(1);
            let depth = u32::try_from(depth).unwrap_or(HOPS.1);
            away.entry(text(row, "code").to_owned()).or_insert(depth);
        }
    }
    Ok((away, named.notes))
}

/// A record as a change: what every kind can say.
fn brief(kind: &RecordKind, mut row: Row, around: Option<&HashMap<String, u32>>, lang: Lang) -> Row {
    let of = |role: FieldRole| {
        kind.fields.iter().filter(|f| f.role == Some(role)).find_map(|f| match row.get(&f.key) {
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text.clone()),
            _ => None,
        })
    };
    let category = of(FieldRole::Category);
    let told = of(FieldRole::Title).or_else(|| of(FieldRole::Body));
    let what = match (category, told) {
        (Some(category), Some(told)) if told != category => Some(format!("{category}: {told}")),
        (category, told) => told.or(category),
    };
    let outcome = of(FieldRole::Outcome);
    let label = kind.label.get(lang);
    let mut out = Row::new();
    out.insert("at".into(), row.remove("at").unwrap_or_default());
    out.insert("until".into(), row.remove("until").unwrap_or_default());
    let ci = row.remove("ci").unwrap_or_default();
    let hops = around.and_then(|away| ci.as_str().and_then(|code| away.get(code)));
    out.insert("hops".into(), hops.map_or(Value::Null, |hops| json!(hops)));
    out.insert("ci".into(), ci);
    out.insert("record".into(), json!(if label.is_empty() { kind.key.as_str() } else { label }));
    out.insert("what".into(), json!(what));
    out.insert("outcome".into(), json!(outcome));
    out
}

fn text<'a>(row: &'a Row, key: &str) -> &'a str {
    row.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn far(row: &Row) -> u64 {
    row.get("hops").and_then(Value::as_u64).unwrap_or(u64::MAX)
}

/// The moment, in UTC and in a zone.
pub(super) fn now(args: &TimeNow, now: DateTime<Utc>, lang: Lang) -> Result<ToolOutput> {
    let zone: Tz = match args.tz.as_str() {
        "" => Tz::UTC,
        name => name.parse().map_err(|_| {
            Error::invalid(
                "tz",
                format!("'{name}' 시간대는 없습니다. 'Asia/Seoul' 같은 IANA 이름을 쓰세요"),
                format!("there is no time zone '{name}'; use an IANA name such as 'Asia/Seoul'"),
            )
        })?,
    };
    let local = now.with_timezone(&zone);
    let weekday = WEEKDAYS.get(local.weekday().num_days_from_monday() as usize).copied().unwrap_or_default();
    let mut row = Row::new();
    row.insert("at".into(), json!(events::stamp(now)));
    row.insert("local".into(), json!(local.format("%Y-%m-%d %H:%M:%S").to_string()));
    row.insert("weekday".into(), json!(weekday));
    row.insert("zone".into(), json!(zone.name()));
    let columns = [
        ("at", "시각", "time"),
        ("local", "현지 시각", "local time"),
        ("weekday", "요일", "weekday"),
        ("zone", "시간대", "time zone"),
    ]
    .map(|(key, ko, en)| column(key, if lang == Lang::Ko { ko } else { en }.to_owned(), "", false));
    Ok(ToolOutput { columns: columns.into(), rows: vec![row], total: 1, ..ToolOutput::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moment_is_told_in_the_zone_asked_for() {
        let at = "2026-03-01T20:30:00Z".parse().expect("a moment");
        let out = now(&TimeNow { tz: "Asia/Seoul".into() }, at, Lang::Ko).expect("a known zone");
        assert_eq!(out.rows[0]["local"], "2026-03-02 05:30:00");
        assert_eq!(out.rows[0]["weekday"], "mon");
        assert_eq!(out.columns[1].label, "현지 시각");
        assert!(now(&TimeNow { tz: "Asia/Nowhere".into() }, at, Lang::En).is_err());
    }
}
