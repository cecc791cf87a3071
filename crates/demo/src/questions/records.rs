//! Questions about events.

use std::collections::BTreeMap;

use model::Lang;

use super::{
    Make,
    ask::{self, Draft, Span, one},
    format::Tolerance,
    moments::{any, between_days, busiest_day, by_kind, last, share, the_day_before},
    words,
    world::{World, field_of},
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

/// The kind of record asked about here.
pub(super) const EVENT: &str = "event";

/// Words of severity from least to most.
pub(super) fn severities(world: &World<'_>) -> Vec<String> {
    let of = world.demo.catalogue.records.iter().find(|kind| kind.key == EVENT);
    let field = of.and_then(|kind| kind.fields.iter().find(|field| field.key == "severity"));
    field.map(|field| field.order.clone()).unwrap_or_default()
}

/// All events.
pub(super) fn events<'a>(world: &World<'a>) -> Vec<&'a Record> {
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
pub(super) fn noisy(world: &World<'_>, rng: &mut Rng) -> Option<usize> {
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

/// Types of event with their number.
pub(super) fn types(world: &World<'_>) -> BTreeMap<String, usize> {
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
