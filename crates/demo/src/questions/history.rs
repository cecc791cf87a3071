//! Questions about changes, maintenance and tickets.

use model::Lang;
use serde_json::json;

use super::{
    Make,
    ask::{self, Draft, fields_of, one},
    format::Tolerance,
    moment,
    records::counted,
    words,
    world::{DAY, World, field_of, number_of},
};
use crate::{Record, rng::Rng};

pub(super) const HISTORY: &[Make] = &[
    in_span, in_span, with, with, with, grouped, grouped, average, rate, rate, last, last, most, open,
    longer, same, compared, and_those, of_item, top_people,
];

/// Kinds of record asked about here, and how they are spoken of.
const KINDS: [&str; 3] = ["change", "maintenance", "ticket"];

fn any_kind(rng: &mut Rng) -> &'static str {
    rng.pick(&KINDS).copied().unwrap_or("change")
}

/// Fields with few texts.
fn texts(kind: &str) -> &'static [&'static str] {
    match kind {
        "change" => &["type", "result", "requester", "approver"],
        "maintenance" => &["type", "result", "performer"],
        _ => &["priority", "status", "assignee", "reporter"],
    }
}

fn noun(world: &World<'_>, kind: &str, lang: Lang) -> String {
    words::record(world, kind, lang)
}

fn nouns(world: &World<'_>, kind: &str, lang: Lang) -> String {
    let word = noun(world, kind, lang);
    match (lang, kind) {
        (Lang::En, "maintenance") => "maintenance records".to_owned(),
        (Lang::En, _) => words::plural(&word),
        (Lang::Ko, _) => word,
    }
}

fn in_span(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, span) = (any_kind(rng), ask::days(world, rng, lang));
    let (ns, w) = (nouns(world, kind, lang), &span.words);
    let text = one(
        rng,
        lang,
        &[format!("{w} {} 몇 건이야?", words::with(&ns, "은", "는")), format!("{w} {ns} 건수 알려줘")],
        &[format!("How many {ns} were there {w}?"), format!("number of {ns} {w}")],
    );
    let gold = span.each(|from, to| world.records(kind).filter(|r| (from..to).contains(&r.at)).count());
    Some(Draft::new(text, gold, format!("{kind} records beginning {w}")).exact(&[w]))
}

/// A kind of record, a field of it, and a value it has.
fn valued(world: &World<'_>, rng: &mut Rng) -> Option<(&'static str, &'static str, String)> {
    let kind = any_kind(rng);
    let field = *rng.pick(texts(kind))?;
    let values: Vec<String> = counted(&world.records(kind).collect::<Vec<_>>(), field).into_keys().collect();
    Some((kind, field, rng.pick(&values)?.clone()))
}

fn with(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, value) = valued(world, rng)?;
    let span = ask::days(world, rng, lang);
    let timed = rng.chance(0.3);
    let (ns, f) = (nouns(world, kind, lang), words::record_field(world, kind, field, lang));
    let w = if timed { format!("{} ", span.words) } else { String::new() };
    let ni = words::with(&ns, "은", "는");
    let text = one(
        rng,
        lang,
        &[
            format!("{w}{} {value}인 {ni} 몇 건이야?", words::with(&f, "이", "가")),
            format!("{w}{f} {value} {ns} 건수"),
        ],
        &[
            format!("How many {ns} {w}have {f} {value}?").replace("  ", " "),
            format!("number of {ns} with {f} {value} {w}").trim_end().to_owned(),
        ],
    );
    let of: Vec<&Record> = world.records(kind).filter(|r| field_of(r, field) == Some(&value)).collect();
    let gold = if timed {
        span.each(|from, to| of.iter().filter(|r| (from..to).contains(&r.at)).count())
    } else {
        ask::count(of.len())
    };
    Some(Draft::new(text, gold, format!("{kind}: {field} = {value} {w}")).exact(&[value, w]))
}

fn grouped(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let kind = any_kind(rng);
    let field = *rng.pick(texts(kind))?;
    let rows = counted(&world.records(kind).collect::<Vec<_>>(), field);
    let (ns, f) = (nouns(world, kind, lang), words::record_field(world, kind, field, lang));
    let text = one(
        rng,
        lang,
        &[format!("{f}별 {ns} 건수"), format!("{} {f}별로 몇 건씩인지 알려줘", words::with(&ns, "을", "를"))],
        &[format!("{ns} by {f}"), format!("How many {ns} per {f}?"), format!("break down the {ns} by {f}")],
    );
    (rows.len() > 1).then(|| Draft::new(text, ask::table(rows), format!("{kind} by {field}")))
}

fn average(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let kind = *rng.pick(&["change", "maintenance"])?;
    let types: Vec<String> = counted(&world.records(kind).collect::<Vec<_>>(), "type").into_keys().collect();
    let r#type = rng.pick(&types).filter(|_| rng.chance(0.5)).cloned();
    let of: Vec<f64> = world
        .records(kind)
        .filter(|r| r#type.as_deref().is_none_or(|t| field_of(r, "type") == Some(t)))
        .filter_map(|r| number_of(r, "duration_min"))
        .collect();
    let (value, ko, en) = match rng.below(4) {
        0 => (of.iter().copied().fold(f64::MIN, f64::max), "최대", "longest"),
        1 => (of.iter().sum(), "총", "total"),
        _ => (of.iter().sum::<f64>() / of.len().max(1) as f64, "평균", "average"),
    };
    let (ns, t) = (nouns(world, kind, lang), r#type.clone().map(|t| format!("{t} ")).unwrap_or_default());
    let text = one(
        rng,
        lang,
        &[format!("{t}{ns} {ko} 소요 시간은 몇 분이야?"), format!("{t}{ns}의 {ko} 소요시간(분)")],
        &[
            format!("What is the {en} duration of the {t}{ns} in minutes?"),
            format!("{en} duration (minutes) of {t}{ns}"),
        ],
    );
    let gold = ask::number(value, Tolerance::Abs(0.5), "min");
    (!of.is_empty()).then(|| Draft::new(text, gold, format!("{kind} {type:?}: {en} duration")).exact(&[t]))
}

fn rate(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, value) = valued(world, rng).filter(|(_, field, _)| *field != "result")?;
    let outcome = if kind == "ticket" { "status" } else { "result" };
    if field == outcome {
        return None;
    }
    let outcomes: Vec<String> =
        counted(&world.records(kind).collect::<Vec<_>>(), outcome).into_keys().collect();
    let good = rng.pick(&outcomes)?.clone();
    let narrowed = rng.chance(0.6);
    let of: Vec<&Record> =
        world.records(kind).filter(|r| !narrowed || field_of(r, field) == Some(&value)).collect();
    let part = of.iter().filter(|r| field_of(r, outcome) == Some(&good)).count();
    let (ns, f) = (nouns(world, kind, lang), words::record_field(world, kind, field, lang));
    let o = words::record_field(world, kind, outcome, lang);
    let (ko, en) = match narrowed {
        true => (format!("{} {value}인 ", words::with(&f, "이", "가")), format!(" with {f} {value}")),
        false => Default::default(),
    };
    let text = one(
        rng,
        lang,
        &[format!("{ko}{ns} 중 {} {good}인 비율은 몇 %야?", words::with(&o, "이", "가"))],
        &[
            format!("What percentage of the {ns}{en} has {o} {good}?"),
            format!("share of {o} {good} among {ns}{en}, in %"),
        ],
    );
    let gold = ask::number(100.0 * part as f64 / of.len().max(1) as f64, Tolerance::Abs(0.5), "%");
    (of.len() > 3)
        .then(|| Draft::new(text, gold, format!("{kind}: share of {outcome} {good}")).exact(&[good, value]))
}

fn last(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let kind = any_kind(rng);
    let of: Vec<&Record> = world.records(kind).collect();
    let i = rng.pick(&of)?.item?;
    let mut of: Vec<&Record> = of.into_iter().filter(|r| r.item == Some(i)).collect();
    of.sort_by_key(|r| -r.at);
    let record = *of.first()?;
    let field = *rng.pick(texts(kind))?;
    let (item, n) = (words::item(world, rng, i), noun(world, kind, lang));
    let f = words::record_field(world, kind, field, lang);
    let text = one(
        rng,
        lang,
        &[
            format!("{item}의 가장 최근 {n} 날짜와 {f} 알려줘"),
            format!("{item} 마지막 {n} 언제였고 {} 뭐야?", words::with(&f, "은", "는")),
        ],
        &[
            format!("When was the latest {n} of {item}, and what is its {f}?"),
            format!("most recent {n} on {item}: date and {f}"),
        ],
    );
    let time = moment(record.at).format("%Y-%m-%d %H:%M:%S").to_string();
    let gold = ask::record([("time", json!(time)), (field, json!(field_of(record, field)?))]);
    Some(Draft::new(text, gold, format!("latest {kind} of {}", world.code(i))).exact(&[item]))
}

fn most(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let kind = any_kind(rng);
    let all: Vec<(String, f64)> = (0..world.demo.items.len())
        .map(|i| (world.code(i).to_owned(), world.records(kind).filter(|r| r.item == Some(i)).count() as f64))
        .collect();
    let (names, most) = ask::greatest(&all);
    let ns = nouns(world, kind, lang);
    let text = one(
        rng,
        lang,
        &[
            format!("{} 가장 많은 항목은 뭐고 몇 건이야?", words::with(&ns, "이", "가")),
            format!("{ns} 제일 많은 CI랑 건수"),
        ],
        &[
            format!("Which item has the most {ns} and how many?"),
            format!("CI with the most {ns}, with count"),
        ],
    );
    let records =
        names.iter().map(|name| fields_of([("ci_code", json!(name)), ("count", json!(most))])).collect();
    let gold = ask::any_record(records, Tolerance::Abs(0.0))?;
    (names.len() < 4).then(|| Draft::new(text, gold, format!("items by number of {kind}")))
}

fn open(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let statuses = counted(&world.records("ticket").collect::<Vec<_>>(), "status");
    let statuses: Vec<String> = statuses.into_keys().collect();
    let status = rng.pick(&statuses)?.clone();
    let priorities = ["P1", "P2", "P3", "P4"];
    let priority = rng.word(&priorities);
    let n = world
        .records("ticket")
        .filter(|r| field_of(r, "status") == Some(&status) && field_of(r, "priority") == Some(priority))
        .count();
    let text = one(
        rng,
        lang,
        &[
            format!("우선순위 {priority} 티켓 중 처리 상태가 {status}인 건 몇 건이야?"),
            format!("{priority} 티켓 중 {status} 건수"),
        ],
        &[
            format!("How many {priority} tickets are {status}?"),
            format!("tickets with priority {priority} and ticket status {status}: count"),
        ],
    );
    Some(
        Draft::new(text, ask::count(n), format!("tickets {priority}, {status}"))
            .exact(&[status, priority.to_owned()]),
    )
}

fn longer(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let kind = *rng.pick(&["change", "maintenance"])?;
    let limit = *rng.pick(&[20.0, 30.0, 45.0, 60.0, 90.0, 120.0])?;
    let n = world.records(kind).filter(|r| number_of(r, "duration_min").is_some_and(|d| d > limit)).count();
    let ns = nouns(world, kind, lang);
    let text = one(
        rng,
        lang,
        &[
            format!("{limit}분 넘게 걸린 {} 몇 건이야?", words::with(&ns, "은", "는")),
            format!("소요 시간이 {limit}분 초과인 {ns} 건수"),
        ],
        &[
            format!("How many {ns} took longer than {limit} minutes?"),
            format!("number of {ns} with a duration over {limit} min"),
        ],
    );
    (n > 0).then(|| Draft::new(text, ask::count(n), format!("{kind}: duration > {limit}")))
}

fn same(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let n = world.records("change").filter(|r| field_of(r, "requester") == field_of(r, "approver")).count();
    let text = one(
        rng,
        lang,
        &[
            "요청자와 승인자가 같은 변경은 몇 건이야?".to_owned(),
            "요청자랑 승인자가 동일한 변경 건수".to_owned(),
        ],
        &[
            "How many changes have the same requester and approver?".to_owned(),
            "changes where requester equals approver, count".to_owned(),
        ],
    );
    Some(Draft::new(text, ask::count(n), "change: requester = approver"))
}

fn compared(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let kind = any_kind(rng);
    let (a, b) = (ask::any_day(world, rng), ask::any_day(world, rng));
    let n = |day: i64| world.records(kind).filter(|r| (day..day + DAY).contains(&r.at)).count();
    if n(a) <= n(b) {
        return None;
    }
    let (x, y) = (ask::day_words(a, lang, rng), ask::day_words(b, lang, rng));
    let ns = nouns(world, kind, lang);
    let text = one(
        rng,
        lang,
        &[format!("{x} {} {y}보다 몇 건 많아?", words::with(&ns, "은", "는"))],
        &[format!("How many more {ns} were there on {x} than on {y}?")],
    );
    Some(Draft::new(text, ask::count(n(a) - n(b)), format!("{kind}: difference of two days")).exact(&[x, y]))
}

fn and_those(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, value) = valued(world, rng)?;
    let others: Vec<&str> = texts(kind).iter().copied().filter(|other| *other != field).collect();
    let second = *rng.pick(&others)?;
    let of: Vec<&Record> = world.records(kind).filter(|r| field_of(r, field) == Some(&value)).collect();
    let values: Vec<String> = counted(&of, second).into_keys().collect();
    let want = rng.pick(&values)?.clone();
    let n = of.iter().filter(|r| field_of(r, second) == Some(&want)).count();
    let (ns, f) = (nouns(world, kind, lang), words::record_field(world, kind, field, lang));
    let g = words::record_field(world, kind, second, lang);
    let text = one(
        rng,
        lang,
        &[format!("그중 {} {want}인 건 몇 건?", words::with(&g, "이", "가"))],
        &[format!("and how many of those have {g} {want}?"), format!("of these, those with {g} {want}?")],
    );
    let (user, assistant) = match lang {
        Lang::Ko => (
            format!("{} {value}인 {ns} 몇 건이야?", words::with(&f, "이", "가")),
            format!("{}건입니다.", of.len()),
        ),
        Lang::En => (format!("How many {ns} have {f} {value}?"), format!("{}.", of.len())),
    };
    let how = format!("{kind}: {field} = {value}, {second} = {want}");
    Some(Draft::new(text, ask::count(n), how).after(user, assistant).exact(&[want]))
}

fn of_item(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let kind = any_kind(rng);
    let of: Vec<&Record> = world.records(kind).collect();
    let i = rng.pick(&of)?.item?;
    let n = of.iter().filter(|r| r.item == Some(i)).count();
    let (item, ns) = (words::item(world, rng, i), nouns(world, kind, lang));
    let text = one(
        rng,
        lang,
        &[
            format!("{item} {ns} 이력은 몇 건이야?"),
            format!("{item}에 {} 몇 번 있었어?", words::with(&ns, "이", "가")),
        ],
        &[format!("How many {ns} does {item} have?"), format!("number of {ns} on {item}")],
    );
    Some(Draft::new(text, ask::count(n), format!("{kind} of {}", world.code(i))).exact(&[item]))
}

fn top_people(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field) = *rng.pick(&[
        ("change", "requester"),
        ("change", "approver"),
        ("maintenance", "performer"),
        ("ticket", "assignee"),
        ("ticket", "reporter"),
    ])?;
    let counts = counted(&world.records(kind).collect::<Vec<_>>(), field);
    let all: Vec<(String, f64)> = counts.into_iter().map(|(name, n)| (name, n as f64)).collect();
    let (ns, f) = (nouns(world, kind, lang), words::record_field(world, kind, field, lang));
    if rng.chance(0.5) {
        let (names, most) = ask::greatest(&all);
        let text = one(
            rng,
            lang,
            &[format!(
                "{} 가장 많은 {} 누구고 몇 건이야?",
                words::with(&ns, "이", "가"),
                words::with(&f, "은", "는")
            )],
            &[format!("Which {f} has the most {ns}, and how many?")],
        );
        let records =
            names.iter().map(|name| fields_of([(field, json!(name)), ("count", json!(most))])).collect();
        return Some(Draft::new(
            text,
            ask::any_record(records, Tolerance::Abs(0.0))?,
            format!("{kind} by {field}"),
        ));
    }
    let (n, gold) = ask::ranked(all, 2 + rng.below(2), Tolerance::Abs(0.0))?;
    let text = one(
        rng,
        lang,
        &[format!("{ns} 건수 기준 {f} 상위 {n}명과 건수"), format!("{ns} 많은 {f} 순으로 {n}명, 건수 포함")],
        &[format!("Top {n} {} by number of {ns}, with counts", words::plural(&f))],
    );
    Some(Draft::new(text, gold, format!("{kind} by {field}, first {n}")))
}
