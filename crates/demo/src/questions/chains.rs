//! Questions of several steps.

use std::collections::BTreeMap;

use model::Lang;
use serde_json::json;

use super::{
    Make,
    ask::{self, Draft, fields_of, one},
    format::Tolerance,
    related::{events_of_related, noisiest_of_related, owners_affected, sum_of_related},
    words,
    world::{World, field_of, number_of},
};
use crate::rng::Rng;

pub(super) const CHAINS: &[Make] = &[
    events_of_related,
    events_of_related,
    field_of_noisiest,
    sum_of_related,
    field_of_related,
    records_of_filtered,
    owners_affected,
    metric_of_related,
    changed_and,
    on_hosts_of,
    noisiest_of_related,
    hosts_of_system,
    failed_changes_of,
];

fn field_of_noisiest(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let kind = world.any_kind(rng)?;
    let record = *rng.pick(&["event", "event", "change", "ticket", "maintenance"])?;
    let all: Vec<(String, f64)> = world
        .of_kind(kind)
        .iter()
        .map(|i| {
            (world.code(*i).to_owned(), world.records(record).filter(|r| r.item == Some(*i)).count() as f64)
        })
        .collect();
    let (names, most) = ask::greatest(&all);
    let mut fields = world.fields(kind, false);
    fields.extend(world.fields(kind, true));
    let field = *rng.pick(&fields)?;
    if names.len() > 2 || most < 2.0 || all.len() < 3 {
        return None;
    }
    let records = names
        .iter()
        .filter_map(|name| {
            let i = (0..world.demo.items.len()).find(|i| world.code(*i) == name)?;
            let value = world
                .number(i, field)
                .map(|n| json!(n))
                .or_else(|| world.text(i, field).map(|t| json!(t)))?;
            Some(fields_of([("code", json!(name)), (field, value)]))
        })
        .collect();
    let n = words::record(world, record, lang);
    let ns = if lang == Lang::En && record != "maintenance" { words::plural(&n) } else { n };
    let (a, f) = (words::kind(world, rng, kind, lang), words::field(world, rng, field, lang));
    let text = one(
        rng,
        lang,
        &[
            format!("{} 가장 많은 {a} 코드와 그 {f} 알려줘", words::with(&ns, "이", "가")),
            format!(
                "{} 제일 많은 {} 뭐고 {} 뭐야?",
                words::with(&ns, "이", "가"),
                words::with(&a, "은", "는"),
                words::with(&f, "은", "는")
            ),
        ],
        &[
            format!("Which {a} has the most {ns}, and what is its {f}?"),
            format!("the {a} with the most {ns}: code and {f}"),
        ],
    );
    let gold = ask::any_record(records, Tolerance::Abs(0.0))?;
    Some(Draft::new(text, gold, format!("{kind} with the most {record}, then {field}")))
}

fn field_of_related(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, r#type, ko, en) = *rng.pick(&[
        ("virtual_machine", "runs_on", "실행되는", "runs on"),
        ("database", "runs_on", "실행되는", "runs on"),
        ("database", "uses", "사용하는", "uses"),
    ])?;
    let i = *rng.pick(&world.of_kind(kind))?;
    let target = *world.targets(i, r#type).first()?;
    let keys: Vec<&str> = world.item(target).fields.keys().map(String::as_str).collect();
    let field = *rng.pick(&keys)?;
    let (item, t) = (words::item(world, rng, i), words::kind(world, rng, world.item(target).kind, lang));
    let f = words::field(world, rng, field, lang);
    let text = one(
        rng,
        lang,
        &[format!("{} {ko} {t}의 {} 뭐야?", words::with(&item, "이", "가"), words::with(&f, "은", "는"))],
        &[format!("What is the {f} of the {t} that {item} {en}?")],
    );
    let gold = match world.number(target, field) {
        Some(value) => ask::number(value, Tolerance::Abs(0.0), &words::unit(world, field)),
        None => ask::text(world.text(target, field)?),
    };
    Some(Draft::new(text, gold, format!("{field} of {}", world.code(target))).exact(&[item]))
}

fn records_of_filtered(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, value) = super::counts::kind_with(world, rng)?;
    let record = *rng.pick(&["event", "event", "ticket", "change"])?;
    let span = ask::days(world, rng, lang);
    let fits = |r: &crate::Record| {
        r.item.is_some_and(|i| {
            world.item(i).kind == kind && world.text(i, field).as_deref() == Some(value.as_str())
        })
    };
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let (f, w) = (words::field(world, rng, field, lang), &span.words);
    let n = words::record(world, record, lang);
    let ns = if lang == Lang::En { words::plural(&n) } else { n };
    let text = one(
        rng,
        lang,
        &[format!("{} {value}인 {a}에서 {w} 발생한 {ns} 건수", words::with(&f, "이", "가"))],
        &[format!("How many {ns} were there {w} on {b} with {f} {value}?")],
    );
    let gold =
        span.each(|from, to| world.records(record).filter(|r| fits(r) && (from..to).contains(&r.at)).count());
    Some(
        Draft::new(text, gold, format!("{record} of {kind} with {field} = {value}, {w}")).exact(&[&value, w]),
    )
}

fn metric_of_related(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, r#type, metric, ko, en) = *rng.pick(&[
        ("database", "runs_on", "cpu_usage", "실행되는", "runs on"),
        ("virtual_machine", "runs_on", "memory_usage", "실행되는", "runs on"),
        ("database", "uses", "io_latency", "사용하는", "uses"),
    ])?;
    let i = *rng.pick(&world.of_kind(kind))?;
    let target = *world.targets(i, r#type).first()?;
    let span = ask::hours(world, rng, lang);
    let of = world.samples(metric, target, None, (span.from, span.to));
    if of.is_empty() {
        return None;
    }
    let value = of.iter().map(|(_, value)| value).sum::<f64>() / of.len() as f64;
    let (item, t) = (words::item(world, rng, i), words::kind(world, rng, world.item(target).kind, lang));
    let (m, w) = (words::metric(world, metric, lang), &span.words);
    let text = one(
        rng,
        lang,
        &[format!(
            "{} {ko} {t}의 {w} 평균 {} 얼마야?",
            words::with(&item, "이", "가"),
            words::with(&m, "은", "는")
        )],
        &[format!("What was the average {m} of the {t} that {item} {en} {w}?")],
    );
    let gold = ask::number(value, Tolerance::Rel(0.006), &words::metric_unit(world, metric));
    Some(
        Draft::new(text, gold, format!("average {metric} of {}, {w}", world.code(target))).exact(&[&item, w]),
    )
}

/// Items with a change and with a severe event on the same day.
fn changed_and(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let day = ask::any_day(world, rng);
    let on = |r: &&crate::Record| (day..day + super::world::DAY).contains(&r.at);
    let kind = *rng.pick(&["application", "virtual_machine", "database"])?;
    let has = |record: &str, i: usize| world.records(record).filter(on).any(|r| r.item == Some(i));
    let of: Vec<usize> =
        world.of_kind(kind).into_iter().filter(|i| has("change", *i) && has("event", *i)).collect();
    let w = ask::day_words(day, lang, rng);
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let text = one(
        rng,
        lang,
        &[
            format!("{w}에 변경도 있고 이벤트도 있었던 {a} 목록"),
            format!("{w} 변경과 이벤트가 모두 발생한 {} 뭐야?", words::with(&a, "은", "는")),
        ],
        &[format!("Which {b} had both a change and an event on {w}?")],
    );
    (1..=20)
        .contains(&of.len())
        .then(|| Draft::new(text, ask::set(world, &of, &[]), format!("{kind} with both")).exact(&[w]))
}

/// Virtual machines on hosts with a field.
fn on_hosts_of(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let field = *rng.pick(&["vendor", "location", "model"])?;
    let values: Vec<String> = world.values(&world.of_kind("host"), field).into_keys().collect();
    let value = rng.pick(&values)?.clone();
    let n = world
        .of_kind("virtual_machine")
        .into_iter()
        .filter(|i| {
            let hosts = world.targets(*i, "runs_on");
            hosts.iter().any(|h| world.text(*h, field).as_deref() == Some(value.as_str()))
        })
        .count();
    let (h, v) = (words::kind(world, rng, "host", lang), words::kind(world, rng, "virtual_machine", lang));
    let (hs, vs) =
        (words::kinds(world, rng, "host", lang), words::kinds(world, rng, "virtual_machine", lang));
    let f = words::field(world, rng, field, lang);
    let text = one(
        rng,
        lang,
        &[format!(
            "{} {value}인 {h}에서 실행되는 {} 몇 개야?",
            words::with(&f, "이", "가"),
            words::with(&v, "은", "는")
        )],
        &[format!("How many {vs} run on {hs} with {f} {value}?")],
    );
    Some(
        Draft::new(text, ask::count(n), format!("virtual machines on hosts with {field} = {value}"))
            .exact(&[value]),
    )
}

/// Events by the system that has most of them, then its applications.
fn hosts_of_system(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let record = *rng.pick(&["event", "change", "ticket"])?;
    for r in world.records(record) {
        if let Some(system) = r.item.and_then(|i| world.text(i, "system")) {
            *counts.entry(system).or_insert(0) += 1;
        }
    }
    let all: Vec<(String, f64)> = counts.into_iter().map(|(name, n)| (name, n as f64)).collect();
    let (names, _) = ask::greatest(&all);
    let [system] = names.as_slice() else { return None };
    let kind = *rng.pick(&["application", "database", "container"])?;
    let n =
        world.of_kind(kind).into_iter().filter(|i| world.text(*i, "system").as_ref() == Some(system)).count();
    let word = words::record(world, record, lang);
    let ns = if lang == Lang::En { words::plural(&word) } else { word };
    let (s, a) = (words::field(world, rng, "system", lang), words::kind(world, rng, kind, lang));
    let b = words::kinds(world, rng, kind, lang);
    let text = one(
        rng,
        lang,
        &[format!(
            "{} 가장 많은 {s}의 {} 몇 개야?",
            words::with(&ns, "이", "가"),
            words::with(&a, "은", "는")
        )],
        &[format!("How many {b} does the {s} with the most {ns} have?")],
    );
    (n > 0).then(|| Draft::new(text, ask::count(n), format!("{kind} of {system}")))
}

fn failed_changes_of(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let i = *rng.pick(&world.of_kind("business_service"))?;
    let apps = world.targets(i, "depends_on");
    let results: BTreeMap<String, usize> =
        super::records::counted(&world.records("change").collect::<Vec<_>>(), "result");
    let results: Vec<String> = results.into_keys().collect();
    let result = rng.pick(&results)?.clone();
    let of: Vec<_> = world
        .records("change")
        .filter(|r| r.item.is_some_and(|j| apps.contains(&j)) && field_of(r, "result") == Some(&result))
        .collect();
    let item = words::item(world, rng, i);
    let b = words::kinds(world, rng, "application", lang);
    let minutes = rng.chance(0.3);
    let text = if minutes {
        one(
            rng,
            lang,
            &[format!(
                "{} 의존하는 {b}의 변경 중 결과가 {result}인 것의 소요 시간 합계(분)는?",
                words::with(&item, "이", "가")
            )],
            &[format!(
                "Total duration in minutes of the changes with result {result} on the {b} that {item} depends on"
            )],
        )
    } else {
        one(
            rng,
            lang,
            &[format!(
                "{} 의존하는 {b}의 변경 중 결과가 {result}인 건 몇 건이야?",
                words::with(&item, "이", "가")
            )],
            &[format!("How many changes with result {result} were there on the {b} that {item} depends on?")],
        )
    };
    let gold = if minutes {
        ask::number(of.iter().filter_map(|r| number_of(r, "duration_min")).sum(), Tolerance::Abs(0.0), "min")
    } else {
        ask::count(of.len())
    };
    (!of.is_empty()).then(|| {
        Draft::new(text, gold, format!("changes of the applications, result {result}")).exact(&[item, result])
    })
}
