//! Questions about how many items there are.

use model::Lang;

use super::{
    Make,
    ask::{self, Draft, one},
    format::Tolerance,
    words,
    world::World,
};
use crate::rng::Rng;

pub(super) const COUNTS: &[Make] = &[
    how_many,
    how_many_with,
    how_many_with,
    grouped,
    grouped,
    at_least,
    total,
    average,
    share,
    most_common,
    distinct,
    either,
    and_how_many,
];

fn how_many(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let kind = world.any_kind(rng)?;
    let n = world.of_kind(kind).len();
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let text = one(
        rng,
        lang,
        &[
            format!("{} 모두 몇 개야?", words::with(&a, "은", "는")),
            format!("등록된 {a} 수는?"),
            format!("{a} 총 몇개 있어"),
        ],
        &[format!("How many {b} are there?"), format!("total number of {b}"), format!("count the {b}")],
    );
    Some(Draft::new(text, ask::count(n), format!("count of kind {kind}")))
}

/// A kind, a field with texts, and one of its values.
pub(super) fn kind_with<'a>(world: &World<'a>, rng: &mut Rng) -> Option<(&'static str, &'a str, String)> {
    let kind = world.any_kind(rng)?;
    let field = *rng.pick(&world.fields(kind, false))?;
    let values = world.values(&world.of_kind(kind), field);
    if values.len() < 2 || field == "ip" {
        return None;
    }
    let values: Vec<String> = values.into_keys().collect();
    Some((kind, field, rng.pick(&values)?.clone()))
}

/// Items of a kind with a value of a field.
pub(super) fn matching(world: &World<'_>, kind: &str, field: &str, value: &str) -> Vec<usize> {
    let mut of = world.of_kind(kind);
    of.retain(|i| world.text(*i, field).as_deref() == Some(value));
    of
}

fn how_many_with(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, value) = kind_with(world, rng)?;
    let of = matching(world, kind, field, &value);
    let not = rng.chance(0.2);
    let n = if not { world.of_kind(kind).len() - of.len() } else { of.len() };
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let f = words::field(world, rng, field, lang);
    let fi = words::with(&f, "이", "가");
    let text = if not {
        one(
            rng,
            lang,
            &[format!(
                "{fi} {} 아닌 {} 몇 개야?",
                words::with(&value, "이", "가"),
                words::with(&a, "은", "는")
            )],
            &[
                format!("How many {b} have a {f} other than {value}?"),
                format!("number of {b} whose {f} is not {value}"),
            ],
        )
    } else {
        one(
            rng,
            lang,
            &[
                format!("{fi} {value}인 {} 몇 개야?", words::with(&a, "은", "는")),
                format!("{a} 중에 {f} {value}인 게 몇 개지"),
                format!("{f} {value} {a} 갯수 알려줘"),
            ],
            &[
                format!("How many {b} have {f} {value}?"),
                format!("number of {b} with {f} {value}"),
                format!("count {b} whose {f} is {value}"),
            ],
        )
    };
    Some(Draft::new(text, ask::count(n), format!("{kind}: {field} = {value}, negated {not}")).exact(&[value]))
}

fn grouped(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, _) = kind_with(world, rng)?;
    let values = world.values(&world.of_kind(kind), field);
    if values.len() > 12 {
        return None;
    }
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let f = words::field(world, rng, field, lang);
    let text = one(
        rng,
        lang,
        &[
            format!("{f}별 {a} 수 알려줘"),
            format!("{a}를 {f}별로 세어줘"),
            format!("{f} 기준으로 {a} 개수 집계"),
        ],
        &[format!("How many {b} per {f}?"), format!("{b} by {f}"), format!("break the {b} down by {f}")],
    );
    Some(Draft::new(text, ask::table(values), format!("{kind} by {field}")))
}

/// A kind, a field with numbers, and its values.
pub(super) fn kind_numbers<'a>(
    world: &World<'a>,
    rng: &mut Rng,
) -> Option<(&'static str, &'a str, Vec<f64>)> {
    let kind = world.any_kind(rng)?;
    let field = *rng.pick(&world.fields(kind, true))?;
    let values: Vec<f64> = world.of_kind(kind).into_iter().filter_map(|i| world.number(i, field)).collect();
    (values.len() > 2).then_some((kind, field, values))
}

fn at_least(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, values) = kind_numbers(world, rng)?;
    let limit = *rng.pick(&values)?;
    let (n, ko, en): (usize, &str, &str) = match rng.below(4) {
        0 => (values.iter().filter(|v| **v >= limit).count(), "이상인", "at least"),
        1 => (values.iter().filter(|v| **v <= limit).count(), "이하인", "at most"),
        2 => (values.iter().filter(|v| **v > limit).count(), "보다 큰", "more than"),
        _ => (values.iter().filter(|v| **v < limit).count(), "미만인", "less than"),
    };
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let (f, unit) = (words::field(world, rng, field, lang), words::unit(world, field));
    let text = one(
        rng,
        lang,
        &[
            format!(
                "{} {limit}{unit} {ko} {} 몇 개?",
                words::with(&f, "이", "가"),
                words::with(&a, "은", "는")
            ),
            format!("{a} 중 {f} {limit}{unit} {ko} 것의 개수"),
        ],
        &[
            format!("How many {b} have {f} of {en} {limit}{unit}?"),
            format!("number of {b} with {en} {limit} {unit} {f}").replace("  ", " "),
        ],
    );
    Some(Draft::new(text, ask::count(n), format!("{kind}: {field} {en} {limit}")))
}

fn total(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, values) = kind_numbers(world, rng)?;
    if matches!(field, "criticality" | "sla_pct") {
        return None;
    }
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let f = words::field(world, rng, field, lang);
    let text = one(
        rng,
        lang,
        &[format!("전체 {a}의 {f} 합계는?"), format!("{a} {} 다 더하면 얼마야", words::with(&f, "을", "를"))],
        &[format!("total {f} of all {b}"), format!("What is the sum of the {f} over all {b}?")],
    );
    let gold = ask::number(values.iter().sum(), Tolerance::Abs(0.0), &words::unit(world, field));
    Some(Draft::new(text, gold, format!("{kind}: sum of {field}")))
}

fn average(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, values) = kind_numbers(world, rng)?;
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let f = words::field(world, rng, field, lang);
    let (value, ko, en) = match rng.below(3) {
        0 => (values.iter().copied().fold(f64::MIN, f64::max), "최대", "highest"),
        1 => (values.iter().copied().fold(f64::MAX, f64::min), "최소", "lowest"),
        _ => (values.iter().sum::<f64>() / values.len() as f64, "평균", "average"),
    };
    let text = one(
        rng,
        lang,
        &[format!("{a}의 {ko} {} 얼마야?", words::with(&f, "은", "는")), format!("{a} {f} {ko}값은?")],
        &[format!("What is the {en} {f} of the {b}?"), format!("{en} {f} among all {b}")],
    );
    let gold = ask::number(value, Tolerance::Abs(0.06), &words::unit(world, field));
    Some(Draft::new(text, gold, format!("{kind}: {en} {field}")))
}

fn share(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, value) = kind_with(world, rng)?;
    let percent =
        100.0 * matching(world, kind, field, &value).len() as f64 / world.of_kind(kind).len().max(1) as f64;
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let f = words::field(world, rng, field, lang);
    let text = one(
        rng,
        lang,
        &[
            format!("{a} 중 {} {value}인 비율은 몇 %야?", words::with(&f, "이", "가")),
            format!("{a}에서 {f} {value}의 비중(%)은?"),
        ],
        &[
            format!("What percentage of the {b} has {f} {value}?"),
            format!("share of {b} with {f} {value} in percent"),
        ],
    );
    let gold = ask::number(percent, Tolerance::Abs(0.5), "%");
    Some(Draft::new(text, gold, format!("{kind}: share of {field} = {value}")).exact(&[value]))
}

fn most_common(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, _) = kind_with(world, rng)?;
    let values = world.values(&world.of_kind(kind), field);
    let all: Vec<(String, f64)> = values.into_iter().map(|(value, n)| (value, n as f64)).collect();
    let (names, _) = ask::greatest(&all);
    if names.len() > 1 {
        return None;
    }
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let f = words::field(world, rng, field, lang);
    let text = one(
        rng,
        lang,
        &[
            format!("{a}에서 가장 많은 {} 뭐야?", words::with(&f, "은", "는")),
            format!("{a} {f} 중 제일 많은 건?"),
        ],
        &[format!("Which {f} is the most common among the {b}?"), format!("most frequent {f} of the {b}")],
    );
    Some(Draft::new(text, ask::any_of(names)?, format!("{kind}: most common {field}")))
}

fn distinct(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, _) = kind_with(world, rng)?;
    let n = world.values(&world.of_kind(kind), field).len();
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let f = words::field(world, rng, field, lang);
    let text = one(
        rng,
        lang,
        &[
            format!("{a}의 {} 몇 종류야?", words::with(&f, "은", "는")),
            format!("{a}에 서로 다른 {f} 값이 몇 개 있어?"),
        ],
        &[
            format!("How many different {} do the {b} have?", words::plural(&f)),
            format!("number of distinct {} of the {b}", words::plural(&f)),
        ],
    );
    Some(Draft::new(text, ask::count(n), format!("{kind}: distinct {field}")))
}

fn either(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, value) = kind_with(world, rng)?;
    let others: Vec<String> =
        world.values(&world.of_kind(kind), field).into_keys().filter(|other| *other != value).collect();
    let other = rng.pick(&others)?.clone();
    let n = matching(world, kind, field, &value).len() + matching(world, kind, field, &other).len();
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let f = words::field(world, rng, field, lang);
    let text = one(
        rng,
        lang,
        &[
            format!("{} {value} 또는 {other}인 {a} 몇 개?", words::with(&f, "이", "가")),
            format!("{f} {value}하고 {other} 합쳐서 {} 몇 개야", words::with(&a, "이", "가")),
        ],
        &[
            format!("How many {b} have {f} {value} or {other}?"),
            format!("{b} with {f} {value} and {other} together: how many?"),
        ],
    );
    Some(
        Draft::new(text, ask::count(n), format!("{kind}: {field} in {value}, {other}"))
            .exact(&[value, other]),
    )
}

fn and_how_many(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, value) = kind_with(world, rng)?;
    let first = matching(world, kind, field, &value);
    let others: Vec<&str> =
        world.fields(kind, false).into_iter().filter(|f| *f != field && *f != "ip").collect();
    let second = *rng.pick(&others)?;
    let values: Vec<String> = world.values(&first, second).into_keys().collect();
    let want = rng.pick(&values)?.clone();
    let n = first.iter().filter(|i| world.text(**i, second).as_deref() == Some(want.as_str())).count();
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let (f, g) = (words::field(world, rng, field, lang), words::field(world, rng, second, lang));
    let text = one(
        rng,
        lang,
        &[
            format!("그중 {} {want}인 건 몇 개야?", words::with(&g, "이", "가")),
            format!("그 중에서 {g} {want}는?"),
        ],
        &[
            format!("and how many of those have {g} {want}?"),
            format!("only the ones with {g} {want}: how many?"),
        ],
    );
    let (user, assistant) = match lang {
        Lang::Ko => (
            format!("{} {value}인 {a} 몇 개야?", words::with(&f, "이", "가")),
            format!("{}개입니다.", first.len()),
        ),
        Lang::En => (format!("How many {b} have {f} {value}?"), format!("{}.", first.len())),
    };
    let how = format!("{kind}: {field} = {value}, {second} = {want}");
    Some(Draft::new(text, ask::count(n), how).after(user, assistant).exact(&[want]))
}
