//! Questions about single events, days and shares of events.

use std::collections::BTreeMap;

use model::Lang;
use serde_json::json;

use super::{
    ask::{self, Draft, fields_of, one},
    format::{Gold, Tolerance},
    moment,
    records::{EVENT, events, noisy, severities, types},
    words,
    world::{DAY, World, field_of},
};
use crate::{Record, rng::Rng};

pub(super) fn busiest_day(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
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

pub(super) fn last(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
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

pub(super) fn share(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
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
            format!("{t}이벤트에서 {} 차지하는 비율(%)", words::with(&word, "이", "가")),
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

pub(super) fn any(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
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

pub(super) fn between_days(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
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

pub(super) fn the_day_before(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
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

pub(super) fn by_kind(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
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
