//! Questions about single items and about how many there are.

use model::Lang;
use serde_json::json;

use super::{
    Make,
    ask::{self, Draft, one},
    format::{Gold, Tolerance},
    words,
    world::World,
};
use crate::rng::Rng;

pub(super) const LOOKUPS: &[Make] = &[field, field, two_fields, by_address, name_of, and_its, code_of];
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
pub(super) const MIXED: &[Make] = &[mixed_count, mixed_field, mixed_list];

/// An item and one of its fields.
fn any_field<'a>(world: &World<'a>, rng: &mut Rng) -> Option<(usize, &'a str)> {
    let i = world.any_item(rng);
    let keys: Vec<&str> = world.item(i).fields.keys().map(String::as_str).collect();
    rng.pick(&keys).map(|key| (i, *key))
}

fn gold_of(world: &World<'_>, i: usize, key: &str) -> Option<Gold> {
    match world.number(i, key) {
        Some(value) => Some(ask::number(value, Tolerance::Abs(0.0), &words::unit(world, key))),
        None => world.text(i, key).map(ask::text),
    }
}

fn field(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (i, key) = any_field(world, rng)?;
    let (item, word) = (words::item(world, rng, i), words::field(world, rng, key, lang));
    let text = one(
        rng,
        lang,
        &[
            format!("{item} {word} 뭐야?"),
            format!("{item}의 {} 알려주세요", words::with(&word, "을", "를")),
            format!("{item} {word} 좀 확인해줘"),
            format!("{} {} 어떻게 되나요?", words::with(&item, "은", "는"), words::with(&word, "이", "가")),
            format!("{item} {word}?"),
        ],
        &[
            format!("What is the {word} of {item}?"),
            format!("{word} of {item}?"),
            format!("tell me the {word} of {item}"),
            format!("{item}: which {word} does it have?"),
            format!("I need {item}'s {word}"),
        ],
    );
    Some(
        Draft::new(text, gold_of(world, i, key)?, format!("field {key} of {}", world.code(i))).exact(&[item]),
    )
}

fn two_fields(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (i, a) = any_field(world, rng)?;
    let others: Vec<&str> = world.item(i).fields.keys().map(String::as_str).filter(|key| *key != a).collect();
    let b = rng.pick(&others).copied()?;
    let item = words::item(world, rng, i);
    let (x, y) = (words::field(world, rng, a, lang), words::field(world, rng, b, lang));
    let text = one(
        rng,
        lang,
        &[
            format!("{item}의 {} {} 알려줘", words::with(&x, "과", "와"), words::with(&y, "을", "를")),
            format!("{item} {x}, {y} 각각 뭔가요?"),
            format!("{} {x}랑 {y} 뭐지", words::with(&item, "은", "는")),
        ],
        &[
            format!("What are the {x} and the {y} of {item}?"),
            format!("show {x} and {y} of {item}"),
            format!("give me {item}'s {x} and {y}, please"),
        ],
    );
    let value = |key: &str| match world.number(i, key) {
        Some(number) => json!(number),
        None => json!(world.text(i, key)),
    };
    let gold = ask::record([(a, value(a)), (b, value(b))]);
    Some(Draft::new(text, gold, format!("fields {a} and {b} of {}", world.code(i))).exact(&[item]))
}

/// The item with an address.
fn by_address(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let with: Vec<usize> = (0..world.demo.items.len()).filter(|i| world.value(*i, "ip").is_some()).collect();
    let i = *rng.pick(&with)?;
    let ip = world.text(i, "ip")?;
    let kind = words::kind(world, rng, world.item(i).kind, lang);
    let text = one(
        rng,
        lang,
        &[
            format!("IP가 {ip}인 {kind} 코드가 뭐야?"),
            format!("{ip} 쓰는 {} 어떤 거지?", words::with(&kind, "은", "는")),
        ],
        &[format!("Which {kind} has the IP address {ip}?"), format!("whose ip is {ip}?")],
    );
    let gold = Gold::String { value: world.code(i).to_owned(), accept: vec![world.item(i).name.clone()] };
    Some(Draft::new(text, gold, "the item with this address").exact(&[ip]))
}

fn name_of(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let i = world.any_item(rng);
    let code = world.code(i).to_owned();
    let text = one(
        rng,
        lang,
        &[format!("{code}의 이름이 뭔가요?"), format!("{code} 이름 알려줘")],
        &[format!("What is the name of {code}?"), format!("full name of {code}")],
    );
    Some(Draft::new(text, ask::text(&world.item(i).name), "name of the item").exact(&[code]))
}

fn code_of(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let i = world.any_item(rng);
    let name = &world.item(i).name;
    // a container is called as its application with a number behind it
    let only = world.demo.items.iter().filter(|item| item.name.contains(name.as_str())).count() == 1;
    let text = one(
        rng,
        lang,
        &[format!("'{name}' 코드가 뭐야?"), format!("{name}의 CI 코드 알려줘")],
        &[format!("What is the code of {name}?"), format!("CI code of \"{name}\"?")],
    );
    only.then(|| Draft::new(text, ask::text(world.code(i)), "code of the item of this name").exact(&[name]))
}

fn and_its(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (i, a) = any_field(world, rng)?;
    let others: Vec<&str> = world.item(i).fields.keys().map(String::as_str).filter(|key| *key != a).collect();
    let b = rng.pick(&others).copied()?;
    let code = world.code(i);
    let (x, y) = (words::field(world, rng, a, lang), words::field(world, rng, b, lang));
    let value = world.text(i, a)?;
    let text = one(
        rng,
        lang,
        &[format!("그럼 {}?", words::with(&y, "은", "는")), format!("{y}도 알려줘")],
        &[format!("and its {y}?"), format!("what about the {y}?")],
    );
    let (user, assistant) = match lang {
        Lang::Ko => {
            (format!("{code} {x} 뭐야?"), format!("{code}의 {} {value}입니다.", words::with(&x, "은", "는")))
        }
        Lang::En => (format!("What is the {x} of {code}?"), format!("{code}: {x} {value}.")),
    };
    Some(Draft::new(text, gold_of(world, i, b)?, format!("field {b} of {code}")).after(user, assistant))
}

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

fn matching(world: &World<'_>, kind: &str, field: &str, value: &str) -> Vec<usize> {
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

fn mixed_count(world: &World<'_>, rng: &mut Rng, _: Lang) -> Option<Draft> {
    let (kind, field, value) = kind_with(world, rng)?;
    let n = matching(world, kind, field, &value).len();
    let (k, f) = (words::kind(world, rng, kind, Lang::En), words::field(world, rng, field, Lang::En));
    let text = one(
        rng,
        Lang::Ko,
        &[format!("{f}가 {value}인 {k} 몇 개 있어?"), format!("{k} 중 {f} {value} count 해줘")],
        &[],
    );
    Some(Draft::new(text, ask::count(n), format!("{kind}: {field} = {value}")).exact(&[value, k, f]))
}

fn mixed_field(world: &World<'_>, rng: &mut Rng, _: Lang) -> Option<Draft> {
    let (i, key) = any_field(world, rng)?;
    let (code, f) = (world.code(i).to_owned(), words::field(world, rng, key, Lang::En));
    let text = one(
        rng,
        Lang::Ko,
        &[format!("{code}의 {f} 뭐야?"), format!("{code} {f} 알려줘"), format!("what is {code}의 {f}?")],
        &[],
    );
    Some(Draft::new(text, gold_of(world, i, key)?, format!("field {key} of {code}")).exact(&[code, f]))
}

fn mixed_list(world: &World<'_>, rng: &mut Rng, _: Lang) -> Option<Draft> {
    let (kind, field, value) = kind_with(world, rng)?;
    let of = matching(world, kind, field, &value);
    if of.is_empty() || of.len() > 25 {
        return None;
    }
    let (k, f) = (words::kinds(world, rng, kind, Lang::En), words::field(world, rng, field, Lang::En));
    let text = one(
        rng,
        Lang::Ko,
        &[format!("{f} = {value}인 {k} list 보여줘"), format!("{k} with {f} {value} 전부 알려줘")],
        &[],
    );
    Some(
        Draft::new(text, ask::set(world, &of, &[]), format!("{kind}: {field} = {value}"))
            .exact(&[value, k, f]),
    )
}
