//! Questions about events.

use std::collections::BTreeMap;

use model::Lang;
use serde_json::json;

use super::{
    Make,
    ask::{self, Draft, Span, fields_of, one},
    format::{Gold, Tolerance},
    moment, words,
    world::{DAY, World, field_of},
};
use crate::{Record, rng::Rng};

pub(super) const EVENTS: &[Make] = &[
    in_span,
    in_span,
    severe,
    severe,
    of_item,
    of_type,
    grouped,
    grouped,
    top,
    top,
    busiest_day,
    last,
    share,
    any,
    between_days,
    of_kind,
    the_day_before,
    by_kind,
];

const EVENT: &str = "event";

/// Words of severity from least to most.
fn severities(world: &World<'_>) -> Vec<String> {
    let of = world.demo.catalogue.records.iter().find(|kind| kind.key == EVENT);
    let field = of.and_then(|kind| kind.fields.iter().find(|field| field.key == "severity"));
    field.map(|field| field.order.clone()).unwrap_or_default()
}

fn events<'a>(world: &World<'a>) -> Vec<&'a Record> {
    world.records(EVENT).collect()
}

fn in_span(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let span = ask::days(world, rng, lang);
    let w = &span.words;
    let text = one(
        rng,
        lang,
        &[
            format!("{w} 발생한 이벤트는 몇 건이야?"),
            format!("{w} 이벤트 건수 알려줘"),
            format!("{w} 이벤트 총 몇건?"),
        ],
        &[
            format!("How many events were there {w}?"),
            format!("number of events {w}"),
            format!("event count {w}"),
        ],
    );
    let all = events(world);
    let gold = span.each(|from, to| all.iter().filter(|r| (from..to).contains(&r.at)).count());
    Some(Draft::new(text, gold, format!("events, {w}")).exact(&[w]))
}

fn severe(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (order, span) = (severities(world), ask::days(world, rng, lang));
    let place = rng.below(order.len());
    let word = order.get(place)?.clone();
    let above = rng.chance(0.4) && place > 0;
    let fits = |r: &Record| {
        let at = field_of(r, "severity").and_then(|s| order.iter().position(|o| o == s));
        at.is_some_and(|at| if above { at >= place } else { at == place })
    };
    let w = &span.words;
    let text = if above {
        one(
            rng,
            lang,
            &[format!("{w} 심각도 {word} 이상 이벤트는 몇 건이었어?")],
            &[format!("How many events of severity {word} or higher were there {w}?")],
        )
    } else {
        one(
            rng,
            lang,
            &[format!("{w} 심각도가 {word}인 이벤트 몇 건?"), format!("{w} {word} 이벤트 건수")],
            &[
                format!("How many {word} events were there {w}?"),
                format!("events with severity {word} {w}: how many?"),
            ],
        )
    };
    let all = events(world);
    let gold = span.each(|from, to| all.iter().filter(|r| (from..to).contains(&r.at) && fits(r)).count());
    Some(
        Draft::new(text, gold, format!("events with severity {word}, or above: {above}, {w}"))
            .exact(&[w, &word]),
    )
}

/// An item with some events.
fn noisy(world: &World<'_>, rng: &mut Rng) -> Option<usize> {
    rng.pick(&world.demo.records).filter(|r| r.kind == EVENT)?.item
}

fn of_item(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let i = noisy(world, rng)?;
    let span = ask::days(world, rng, lang);
    let (item, w) = (words::item(world, rng, i), &span.words);
    let text = one(
        rng,
        lang,
        &[format!("{w} {item} 이벤트 몇 건이야?"), format!("{item}에서 {w} 발생한 이벤트 수")],
        &[format!("How many events did {item} have {w}?"), format!("events of {item} {w}, count please")],
    );
    let all = events(world);
    let gold =
        span.each(|from, to| all.iter().filter(|r| (from..to).contains(&r.at) && r.item == Some(i)).count());
    Some(Draft::new(text, gold, format!("events of {}, {w}", world.code(i))).exact(&[w, &item]))
}

fn types(world: &World<'_>) -> BTreeMap<String, usize> {
    counted(&events(world), "type")
}

/// Records by a field.
pub(super) fn counted(of: &[&Record], field: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for value in of.iter().filter_map(|record| field_of(record, field)) {
        *counts.entry(value.to_owned()).or_insert(0) += 1;
    }
    counts
}

fn of_type(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let types: Vec<String> = types(world).into_keys().collect();
    let (word, span) = (rng.pick(&types)?.clone(), ask::days(world, rng, lang));
    let w = &span.words;
    let text = one(
        rng,
        lang,
        &[format!("{w} 유형이 {word}인 이벤트 몇 건?"), format!("{w} {word} 이벤트는 몇 건 났어?")],
        &[format!("How many {word} events {w}?"), format!("number of events of type {word} {w}")],
    );
    let all = events(world);
    let gold = span.each(|from, to| {
        all.iter().filter(|r| (from..to).contains(&r.at) && field_of(r, "type") == Some(&word)).count()
    });
    Some(Draft::new(text, gold, format!("events of type {word}, {w}")).exact(&[w, &word]))
}

/// A span that can be read in one way only.
fn exactly(span: Span) -> Option<Span> {
    span.or.is_empty().then_some(span)
}

fn grouped(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let span = exactly(ask::days(world, rng, lang))?;
    let field = *rng.pick(&["type", "severity"])?;
    let of: Vec<&Record> = events(world).into_iter().filter(|r| span.has(r.at)).collect();
    let rows = counted(&of, field);
    let (w, f) = (&span.words, words::record_field(world, EVENT, field, lang));
    let text = one(
        rng,
        lang,
        &[format!("{w} {f}별 이벤트 건수"), format!("{w} 이벤트를 {f}별로 집계해줘")],
        &[format!("events by {f} {w}"), format!("How many events per {f} were there {w}?")],
    );
    (rows.len() > 1)
        .then(|| Draft::new(text, ask::table(rows), format!("events by {field}, {w}")).exact(&[w]))
}

fn top(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let kind = world.any_kind(rng)?;
    let of = world.of_kind(kind);
    let span = exactly(ask::days(world, rng, lang))?;
    let whole = rng.chance(0.6);
    let order = severities(world);
    let worst = order.last().filter(|_| rng.chance(0.3)).cloned();
    let fits = |r: &&Record| {
        (whole || span.has(r.at))
            && worst.as_deref().is_none_or(|worst| field_of(r, "severity") == Some(worst))
    };
    let all: Vec<(String, f64)> = of
        .iter()
        .map(|i| {
            let n = world.records(EVENT).filter(|r| fits(r) && r.item == Some(*i)).count();
            (world.code(*i).to_owned(), n as f64)
        })
        .filter(|(_, n)| *n > 0.0)
        .collect();
    let (n, gold) = ask::ranked(all, 2 + rng.below(3), Tolerance::Abs(0.0))?;
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let w = if whole { String::new() } else { format!("{} ", span.words) };
    let s = worst.clone().map(|word| format!("{word} ")).unwrap_or_default();
    let text = one(
        rng,
        lang,
        &[
            format!("{w}{s}이벤트가 가장 많은 {a} {n}개와 건수"),
            format!("{w}{s}이벤트 많은 순으로 {a} 상위 {n}개 보여줘, 건수도"),
        ],
        &[
            format!("Top {n} {b} by number of {s}events {w}with counts"),
            format!("which {n} {b} had the most {s}events {w}and how many each?"),
        ],
    );
    Some(Draft::new(text, gold, format!("{kind} by number of events, {w}, severity {worst:?}")).exact(&[w]))
}

fn busiest_day(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let kind = world.any_kind(rng).filter(|_| rng.chance(0.4));
    let of_kind = |r: &Record| kind.is_none_or(|kind| r.item.is_some_and(|i| world.item(i).kind == kind));
    let mut days: BTreeMap<i64, usize> = BTreeMap::new();
    for record in world.records(EVENT).filter(|r| of_kind(r)) {
        *days.entry(record.at.div_euclid(DAY)).or_insert(0) += 1;
    }
    let most = *days.values().max()?;
    let records: Vec<_> = days
        .iter()
        .filter(|(_, n)| **n == most)
        .map(|(day, n)| {
            fields_of([
                ("date", json!(moment(day * DAY).format("%Y-%m-%d").to_string())),
                ("count", json!(n)),
            ])
        })
        .collect();
    let b = kind.map(|kind| words::kinds(world, rng, kind, lang));
    let (of_ko, of_en) = match &b {
        Some(b) => (format!("{b} "), format!(" on {b}")),
        None => Default::default(),
    };
    let text = one(
        rng,
        lang,
        &[
            format!("{of_ko}이벤트가 가장 많았던 날은 언제고 몇 건이야?"),
            format!("{of_ko}이벤트 제일 많이 난 날짜랑 건수"),
        ],
        &[
            format!("On which day were there the most events{of_en}, and how many?"),
            format!("busiest day by events{of_en} with the count"),
        ],
    );
    let gold = ask::any_record(records, Tolerance::Abs(0.0))?;
    Some(Draft::new(text, gold, "events by day, the greatest"))
}

fn last(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let i = noisy(world, rng)?;
    let first = rng.chance(0.3);
    let mut of: Vec<&Record> = world.records(EVENT).filter(|r| r.item == Some(i)).collect();
    of.sort_by_key(|r| if first { r.at } else { -r.at });
    let record = *of.first()?;
    if of.get(1).is_some_and(|other| other.at == record.at) {
        return None;
    }
    let item = words::item(world, rng, i);
    let (ko, en) = if first { ("첫", "first") } else { ("마지막", "last") };
    let text = one(
        rng,
        lang,
        &[
            format!("{item} {ko} 이벤트 시각이랑 유형 알려줘"),
            format!("{item}의 {ko} 이벤트는 언제, 어떤 유형이야?"),
        ],
        &[
            format!("When was the {en} event of {item} and of what type?"),
            format!("{en} event of {item}: time and type"),
        ],
    );
    let time = moment(record.at).format("%Y-%m-%d %H:%M:%S").to_string();
    let gold = ask::record([("time", json!(time)), ("type", json!(field_of(record, "type")?))]);
    Some(Draft::new(text, gold, format!("{en} event of {}", world.code(i))).exact(&[item]))
}

fn share(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let order = severities(world);
    let word = rng.pick(&order)?.clone();
    let types: Vec<String> = types(world).into_keys().collect();
    let r#type = rng.pick(&types).filter(|_| rng.chance(0.5)).cloned();
    let of: Vec<&Record> = events(world)
        .into_iter()
        .filter(|r| r#type.as_deref().is_none_or(|t| field_of(r, "type") == Some(t)))
        .collect();
    let part = of.iter().filter(|r| field_of(r, "severity") == Some(&word)).count();
    let t = r#type.clone().map(|t| format!("{t} ")).unwrap_or_default();
    let text = one(
        rng,
        lang,
        &[
            format!("{t}이벤트 중 심각도 {word} 비율은 몇 %야?"),
            format!("{t}이벤트에서 {word}가 차지하는 비율(%)"),
        ],
        &[
            format!("What share of the {t}events has severity {word}, in percent?"),
            format!("percentage of {word} among {t}events"),
        ],
    );
    let gold = ask::number(100.0 * part as f64 / of.len().max(1) as f64, Tolerance::Abs(0.1), "%");
    Some(
        Draft::new(text, gold, format!("share of severity {word} in events of type {type:?}"))
            .exact(&[word, t]),
    )
}

fn any(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let order = severities(world);
    let word = order.get(order.len().saturating_sub(1 + rng.below(2)))?.clone();
    let day = ask::any_day(world, rng);
    let i = if rng.chance(0.5) {
        let on_day = |r: &&Record| (day..day + DAY).contains(&r.at) && field_of(r, "severity") == Some(&word);
        let of: Vec<usize> = world.records(EVENT).filter(on_day).filter_map(|r| r.item).collect();
        *rng.pick(&of)?
    } else {
        world.any_item(rng)
    };
    let value = world.records(EVENT).any(|r| {
        r.item == Some(i) && (day..day + DAY).contains(&r.at) && field_of(r, "severity") == Some(&word)
    });
    let (item, w) = (words::item(world, rng, i), ask::day_words(day, lang, rng));
    let text = one(
        rng,
        lang,
        &[format!("{w}에 {item}에서 {word} 이벤트가 있었어?")],
        &[
            format!("Was there any {word} event on {item} on {w}?"),
            format!("did {item} have {word} events on {w}?"),
        ],
    );
    Some(
        Draft::new(text, Gold::Boolean { value }, format!("any event of severity {word}"))
            .exact(&[item, w, word]),
    )
}

fn between_days(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (a, b) = (ask::any_day(world, rng), ask::any_day(world, rng));
    let n = |day: i64| world.records(EVENT).filter(|r| (day..day + DAY).contains(&r.at)).count();
    let (more, less) = (n(a), n(b));
    if more <= less {
        return None;
    }
    let (x, y) = (ask::day_words(a, lang, rng), ask::day_words(b, lang, rng));
    let text = one(
        rng,
        lang,
        &[
            format!("{x} 이벤트는 {y}보다 몇 건 더 많았어?"),
            format!("{x} 이벤트 건수에서 {y} 이벤트 건수를 빼면?"),
        ],
        &[format!("How many more events were there on {x} than on {y}?")],
    );
    Some(Draft::new(text, ask::count(more - less), "difference of the events of two days").exact(&[x, y]))
}

fn of_kind(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, span) = (world.any_kind(rng)?, ask::days(world, rng, lang));
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let w = &span.words;
    let text = one(
        rng,
        lang,
        &[format!("{w} {a}에서 발생한 이벤트 건수는?"), format!("{a} 이벤트 {w} 몇 건이었지")],
        &[format!("How many events were there on {b} {w}?"), format!("number of {a} events {w}")],
    );
    let all = events(world);
    let gold = span.each(|from, to| {
        all.iter()
            .filter(|r| (from..to).contains(&r.at) && r.item.is_some_and(|i| world.item(i).kind == kind))
            .count()
    });
    Some(Draft::new(text, gold, format!("events of {kind}, {w}")).exact(&[w]))
}

fn the_day_before(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let day = ask::any_day(world, rng);
    let n = |day: i64| world.records(EVENT).filter(|r| (day..day + DAY).contains(&r.at)).count();
    let w = ask::day_words(day, lang, rng);
    let (user, assistant, text, there) = match lang {
        Lang::Ko => {
            let (word, there) =
                if rng.chance(0.5) { ("그 전날", day - DAY) } else { ("그 다음날", day + DAY) };
            (format!("{w} 이벤트 몇 건이야?"), format!("{}건입니다.", n(day)), format!("{word}은?"), there)
        }
        Lang::En => {
            let (word, there) = if rng.chance(0.5) { ("before", day - DAY) } else { ("after", day + DAY) };
            (
                format!("How many events on {w}?"),
                format!("{} events.", n(day)),
                format!("and the day {word}?"),
                there,
            )
        }
    };
    let over = there >= world.start.div_euclid(DAY) * DAY + DAY && there + DAY <= world.end;
    over.then(|| {
        Draft::new(text, ask::count(n(there)), "events of the neighbouring day").after(user, assistant)
    })
}

fn by_kind(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let field = *rng.pick(&["owner", "system", "location"])?;
    let order = severities(world);
    let worst = order.last()?.clone();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for record in world.records(EVENT).filter(|r| field_of(r, "severity") == Some(&worst)) {
        if let Some(value) = record.item.and_then(|i| world.text(i, field)) {
            *counts.entry(value).or_insert(0) += 1;
        }
    }
    let f = words::field(world, rng, field, lang);
    let all: Vec<(String, f64)> = counts.iter().map(|(value, n)| (value.clone(), *n as f64)).collect();
    let (names, most) = ask::greatest(&all);
    let text = one(
        rng,
        lang,
        &[format!("{worst} 이벤트가 가장 많은 {} 어디고 몇 건이야?", words::with(&f, "은", "는"))],
        &[format!("Which {f} had the most {worst} events and how many?")],
    );
    let records =
        names.iter().map(|name| fields_of([(field, json!(name)), ("count", json!(most))])).collect();
    let gold = ask::any_record(records, Tolerance::Abs(0.0))?;
    Some(Draft::new(text, gold, format!("{worst} events by {field} of the item")).exact(&[worst]))
}
