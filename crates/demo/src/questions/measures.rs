//! Questions about metrics.

use std::collections::BTreeMap;

use chrono::Timelike;
use model::Lang;
use serde_json::json;

use super::{
    Make,
    ask::{self, Draft, fields_of, one},
    format::{Gold, Tolerance},
    moment, words,
    world::World,
};
use crate::rng::Rng;

pub(super) const METRICS: &[Make] = &[
    aggregate,
    aggregate,
    aggregate,
    percentile,
    top,
    top,
    above,
    when_highest,
    larger,
    table,
    call,
    and_the,
    korean_time,
];

/// Metrics are measured, so what is said of them may be rounded.
const CLOSE: Tolerance = Tolerance::Rel(0.006);

/// An item and a metric measured on it.
fn any_metric(world: &World<'_>, rng: &mut Rng) -> Option<(usize, &'static str)> {
    let i = world.any_item(rng);
    let metric = *rng.pick(world.metrics.get(world.item(i).kind)?)?;
    world.measured(metric, i).then_some((i, metric))
}

fn mean(of: &[(i64, f64)]) -> f64 {
    of.iter().map(|(_, value)| value).sum::<f64>() / of.len().max(1) as f64
}

fn most(of: &[(i64, f64)]) -> f64 {
    of.iter().map(|(_, value)| *value).fold(f64::MIN, f64::max)
}

/// One of average, greatest and least, with its words.
fn measure(rng: &mut Rng, of: &[(i64, f64)]) -> (f64, &'static str, &'static str) {
    match rng.below(4) {
        0 => (most(of), "최대", "maximum"),
        1 => (of.iter().map(|(_, value)| *value).fold(f64::MAX, f64::min), "최소", "minimum"),
        _ => (mean(of), "평균", "average"),
    }
}

fn aggregate(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (i, metric) = any_metric(world, rng)?;
    let span = ask::hours(world, rng, lang);
    let of = world.samples(metric, i, None, (span.from, span.to));
    if of.is_empty() {
        return None;
    }
    let (value, ko, en) = measure(rng, of);
    let (item, m, w) = (words::item(world, rng, i), words::metric(world, metric, lang), &span.words);
    let text = one(
        rng,
        lang,
        &[
            format!("{w} {item} {m} {} 얼마야?", words::with(ko, "은", "는")),
            format!("{item}의 {w} {ko} {} 몇이었어?", words::with(&m, "은", "는")),
            format!("{w} {item} {m} {ko}값 알려주세요"),
        ],
        &[
            format!("What was the {en} {m} of {item} {w}?"),
            format!("{en} {m} of {item} {w}"),
            format!("give me the {en} of {m} for {item} {w}"),
        ],
    );
    let gold = ask::number(value, CLOSE, &words::metric_unit(world, metric));
    Some(Draft::new(text, gold, format!("{en} of {metric} of {}, {w}", world.code(i))).exact(&[&item, w]))
}

fn percentile(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (i, metric) = any_metric(world, rng)?;
    let span = ask::hours(world, rng, lang);
    let mut of: Vec<f64> =
        world.samples(metric, i, None, (span.from, span.to)).iter().map(|(_, value)| *value).collect();
    of.sort_by(f64::total_cmp);
    if of.len() < 10 {
        return None;
    }
    let p = *rng.pick(&[50_usize, 90, 95, 99])?;
    let place = (of.len() - 1) as f64 * p as f64 / 100.0;
    let (low, high) = (*of.get(place.floor() as usize)?, *of.get(place.ceil() as usize)?);
    let value = low + (high - low) * place.fract();
    let (item, m, w) = (words::item(world, rng, i), words::metric(world, metric, lang), &span.words);
    let (ko, en) = if p == 50 {
        ("중앙값".to_owned(), "median".to_owned())
    } else {
        (format!("{p}백분위수"), format!("{p}th percentile"))
    };
    let text = one(
        rng,
        lang,
        &[format!("{w} {item} {m}의 {} 얼마야?", words::with(&ko, "은", "는"))],
        &[format!("What was the {en} of {m} on {item} {w}?"), format!("{en} of the {m} of {item} {w}")],
    );
    let unit = words::metric_unit(world, metric);
    let (accept, also_in) = (vec![ask::round(low), ask::round(high)], BTreeMap::new());
    let gold = Gold::Number { value: ask::round(value), tolerance: CLOSE, unit, accept, also_in };
    Some(Draft::new(text, gold, format!("percentile {p} of {metric}")).exact(&[&item, w]))
}

/// The average of a metric for every item of a kind.
fn averages(world: &World<'_>, kind: &str, metric: &'static str, span: (i64, i64)) -> Vec<(String, f64)> {
    world
        .of_kind(kind)
        .into_iter()
        .filter_map(|i| {
            let of = world.samples(metric, i, None, span);
            (!of.is_empty()).then(|| (world.code(i).to_owned(), mean(of)))
        })
        .collect()
}

fn kind_and_metric(world: &World<'_>, rng: &mut Rng) -> Option<(&'static str, &'static str)> {
    let kind = world.any_kind(rng)?;
    let metric = *rng.pick(world.metrics.get(kind)?)?;
    Some((kind, metric))
}

fn top(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, metric) = kind_and_metric(world, rng)?;
    let span = ask::hours(world, rng, lang);
    let all = averages(world, kind, metric, (span.from, span.to));
    let (m, w) = (words::metric(world, metric, lang), &span.words);
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    if rng.chance(0.4) {
        let (names, value) = ask::greatest(&all);
        let text = one(
            rng,
            lang,
            &[format!(
                "{w} 평균 {} 가장 높은 {} 뭐고 값은 얼마야?",
                words::with(&m, "이", "가"),
                words::with(&a, "은", "는")
            )],
            &[format!("Which {a} had the highest average {m} {w}, and what was it?")],
        );
        let name = names.first()?;
        let fields = fields_of([("code", json!(name)), ("value", json!(ask::round(value)))]);
        let gold = ask::any_record(vec![fields], CLOSE)?;
        return (all.len() > 2)
            .then(|| Draft::new(text, gold, format!("{kind} by average {metric}")).exact(&[w]));
    }
    let (n, gold) = ask::ranked(all, 3, CLOSE)?;
    let text = one(
        rng,
        lang,
        &[
            format!("{w} 평균 {m} 상위 {n}개 {a}와 값"),
            format!("{w} {} 높은 {a} {n}개 알려줘 (평균, 값 포함)", words::with(&m, "이", "가")),
        ],
        &[format!("Top {n} {b} by average {m} {w}, with values")],
    );
    Some(Draft::new(text, gold, format!("first {n} {kind} by average {metric}")).exact(&[w]))
}

fn above(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (i, metric) = any_metric(world, rng)?;
    let span = ask::hours(world, rng, lang);
    let of = world.samples(metric, i, None, (span.from, span.to));
    let limit = ask::round((mean(of) * 10.0).round() / 10.0);
    let n = of.iter().filter(|(_, value)| *value > limit).count();
    let (item, m, w) = (words::item(world, rng, i), words::metric(world, metric, lang), &span.words);
    let unit = words::metric_unit(world, metric);
    let text = one(
        rng,
        lang,
        &[format!("{w} {item} {} {limit}{unit} 넘은 샘플이 몇 개야?", words::with(&m, "이", "가"))],
        &[format!("How many samples of {m} on {item} were above {limit}{unit} {w}?")],
    );
    let draft = Draft::new(text, ask::count(n), format!("samples of {metric} > {limit}"));
    (n > 0 && limit > 0.0).then(|| draft.exact(&[&item, w]))
}

fn when_highest(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (i, metric) = any_metric(world, rng)?;
    let span = ask::hours(world, rng, lang);
    let of = world.samples(metric, i, None, (span.from, span.to));
    let highest = rng.chance(0.7);
    let best = if highest { most(of) } else { of.iter().map(|(_, v)| *v).fold(f64::MAX, f64::min) };
    let at: Vec<i64> = of.iter().filter(|(_, value)| *value == best).map(|(at, _)| *at).collect();
    let [at] = at.as_slice() else { return None };
    let (item, m, w) = (words::item(world, rng, i), words::metric(world, metric, lang), &span.words);
    let (ko, en) = if highest { ("가장 높았던", "highest") } else { ("가장 낮았던", "lowest") };
    let text = one(
        rng,
        lang,
        &[format!("{w} {item} {} {ko} 시각과 값은?", words::with(&m, "이", "가"))],
        &[
            format!("When was {m} of {item} {en} {w}, and how much was it?"),
            format!("time and value of the {en} {m} of {item} {w}"),
        ],
    );
    let time = moment(*at).format("%Y-%m-%d %H:%M").to_string();
    let fields = fields_of([("time", json!(time)), ("value", json!(ask::round(best)))]);
    let gold = ask::any_record(vec![fields], CLOSE)?;
    Some(Draft::new(text, gold, format!("{en} sample of {metric}")).exact(&[&item, w]))
}

fn larger(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, metric) = kind_and_metric(world, rng)?;
    let of = world.of_kind(kind);
    let (a, b) = (*rng.pick(&of)?, *rng.pick(&of)?);
    let span = ask::hours(world, rng, lang);
    let value = |i: usize| mean(world.samples(metric, i, None, (span.from, span.to)));
    let (x, y) = (value(a), value(b));
    if a == b || (x - y).abs() <= 0.02 * x.abs() || !world.measured(metric, a) || !world.measured(metric, b) {
        return None;
    }
    let (p, q) = (world.code(a).to_owned(), world.code(b).to_owned());
    let (m, w) = (words::metric(world, metric, lang), &span.words);
    let text = one(
        rng,
        lang,
        &[format!("{w} {p}와 {q} 중 평균 {} 더 높은 쪽은?", words::with(&m, "이", "가"))],
        &[format!("Which had the higher average {m} {w}: {p} or {q}?")],
    );
    let gold = ask::text(if x > y { &p } else { &q });
    Some(Draft::new(text, gold, format!("average {metric} of both")).exact(&[&p, &q, w]))
}

fn table(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, metric) = kind_and_metric(world, rng)?;
    let span = ask::hours(world, rng, lang);
    let all = averages(world, kind, metric, (span.from, span.to));
    if !(2..=12).contains(&all.len()) || all.len() != world.of_kind(kind).len() {
        return None;
    }
    let (m, w) = (words::metric(world, metric, lang), &span.words);
    let a = words::kind(world, rng, kind, lang);
    let text = one(
        rng,
        lang,
        &[format!("{w} {a}별 평균 {m}"), format!("{a}별로 {w} {m} 평균 알려줘")],
        &[format!("average {m} per {a} {w}"), format!("{m} by {a} {w}, averages")],
    );
    let rows = all.into_iter().map(|(name, value)| (name, json!(ask::round(value)))).collect();
    Some(
        Draft::new(text, Gold::Table { rows, tolerance: CLOSE }, format!("average {metric} per {kind}"))
            .exact(&[w]),
    )
}

fn call(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let calls = world.calls();
    let (a, b) = *rng.pick(&calls)?;
    let span = ask::hours(world, rng, lang);
    let of = world.samples("call_latency", a, Some(b), (span.from, span.to));
    if of.is_empty() {
        return None;
    }
    let (value, ko, en) = measure(rng, of);
    let (p, q, w) = (world.code(a).to_owned(), world.code(b).to_owned(), &span.words);
    let m = words::metric(world, "call_latency", lang);
    let text = one(
        rng,
        lang,
        &[format!("{w} {p}에서 {q} 호출의 {m} {} 얼마야?", words::with(ko, "은", "는"))],
        &[format!("What was the {en} {m} from {p} to {q} {w}?")],
    );
    let gold = ask::number(value, CLOSE, &words::metric_unit(world, "call_latency"));
    Some(Draft::new(text, gold, format!("{en} of the calls from one to the other, {w}")).exact(&[&p, &q, w]))
}

fn and_the(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (i, metric) = any_metric(world, rng)?;
    let span = ask::hours(world, rng, lang);
    let of = world.samples(metric, i, None, (span.from, span.to));
    if of.is_empty() {
        return None;
    }
    let (code, m, w) = (world.code(i), words::metric(world, metric, lang), &span.words);
    let unit = words::metric_unit(world, metric);
    let text = one(
        rng,
        lang,
        &["그럼 최대는?".to_owned(), "최댓값은 얼마야?".to_owned()],
        &["and the maximum?".to_owned(), "what about the maximum?".to_owned()],
    );
    let value = ask::round(mean(of));
    let (user, assistant) = match lang {
        Lang::Ko => (format!("{w} {code} {m} 평균은 얼마야?"), format!("{value}{unit}입니다.")),
        Lang::En => (format!("What was the average {m} of {code} {w}?"), format!("{value} {unit}")),
    };
    let gold = ask::number(most(of), CLOSE, &unit);
    Some(Draft::new(text, gold, format!("maximum of {metric}, {w}")).after(user, assistant))
}

fn korean_time(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (i, metric) = any_metric(world, rng)?;
    let day = ask::any_day(world, rng);
    let from = day + rng.whole(1, 13) * 3_600;
    let of = world.samples(metric, i, None, (from, from + 3_600));
    if of.is_empty() {
        return None;
    }
    let (value, ko, en) = measure(rng, of);
    let (item, m) = (words::item(world, rng, i), words::metric(world, metric, lang));
    let (w, local) = (ask::day_words(day, lang, rng), moment(from + 9 * 3_600));
    let (x, y) = (local.hour(), local.hour() + 1);
    let text = one(
        rng,
        lang,
        &[format!("한국시간 {w} {x}시부터 {y}시까지 {item} {m} {} 얼마야?", words::with(ko, "은", "는"))],
        &[format!("{en} {m} of {item} on {w} between {x}:00 and {y}:00 KST")],
    );
    let gold = ask::number(value, CLOSE, &words::metric_unit(world, metric));
    Some(Draft::new(text, gold, format!("{en} of {metric}, hour {x} in Korea")).exact(&[&item, &w]))
}
