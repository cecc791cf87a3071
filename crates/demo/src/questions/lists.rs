//! Questions whose answer is a list of items.

use model::Lang;

use super::{
    Make,
    ask::{self, Draft, one},
    counts::{kind_numbers, kind_with},
    words,
    world::World,
};
use crate::rng::Rng;

pub(super) const LISTS: &[Make] = &[with, with, with_both, numbers, without, no_records, of_those, called];

/// Members of an answer at most, so that it can be read.
const MANY: usize = 30;

fn fits(of: &[usize]) -> bool {
    (1..=MANY).contains(&of.len())
}

fn with(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, value) = kind_with(world, rng)?;
    let mut of = world.of_kind(kind);
    of.retain(|i| world.text(*i, field).as_deref() == Some(value.as_str()));
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let f = words::field(world, rng, field, lang);
    let text = one(
        rng,
        lang,
        &[
            format!("{} {value}인 {a} 목록 보여줘", words::with(&f, "이", "가")),
            format!("{a} 중에서 {f} {value}인 것만 뽑아줘"),
            format!("{f} {value}인 {} 뭐뭐 있어?", words::with(&a, "은", "는")),
        ],
        &[
            format!("List the {b} with {f} {value}"),
            format!("Which {b} have {f} {value}?"),
            format!("show all {b} whose {f} is {value}"),
        ],
    );
    let draft = Draft::new(text, ask::set(world, &of, &[]), format!("{kind}: {field} = {value}"));
    fits(&of).then(|| draft.exact(&[value]))
}

fn with_both(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, value) = kind_with(world, rng)?;
    let (numbers, other) = (world.fields(kind, true), rng.chance(0.5));
    let mut of = world.of_kind(kind);
    of.retain(|i| world.text(*i, field).as_deref() == Some(value.as_str()));
    let model = *rng.pick(&of)?;
    let (second, want, unit) = if other && !numbers.is_empty() {
        let second = *rng.pick(&numbers)?;
        (second, world.text(model, second)?, words::unit(world, second))
    } else {
        let others: Vec<&str> =
            world.fields(kind, false).into_iter().filter(|f| *f != field && *f != "ip").collect();
        let second = *rng.pick(&others)?;
        (second, world.text(model, second)?, String::new())
    };
    of.retain(|i| world.text(*i, second).as_deref() == Some(want.as_str()));
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let (f, g) = (words::field(world, rng, field, lang), words::field(world, rng, second, lang));
    let text = one(
        rng,
        lang,
        &[
            format!(
                "{} {value}이고 {} {want}{unit}인 {a} 알려줘",
                words::with(&f, "이", "가"),
                words::with(&g, "이", "가")
            ),
            format!("{f} {value}, {g} {want}{unit}인 {a} 전부"),
        ],
        &[
            format!("Which {b} have {f} {value} and {g} {want}{unit}?"),
            format!("{b} with {f} {value} and {g} {want}{unit}, please"),
        ],
    );
    let how = format!("{kind}: {field} = {value} and {second} = {want}");
    fits(&of).then(|| Draft::new(text, ask::set(world, &of, &[]), how).exact(&[value, want]))
}

fn numbers(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, values) = kind_numbers(world, rng)?;
    let limit = *rng.pick(&values)?;
    let above = rng.chance(0.5);
    let mut of = world.of_kind(kind);
    of.retain(|i| world.number(*i, field).is_some_and(|v| if above { v >= limit } else { v < limit }));
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let (f, unit) = (words::field(world, rng, field, lang), words::unit(world, field));
    let (ko, en) = if above { ("이상인", "at least") } else { ("미만인", "below") };
    let text = one(
        rng,
        lang,
        &[
            format!("{} {limit}{unit} {ko} {a} 코드 나열해줘", words::with(&f, "이", "가")),
            format!("{f} {limit}{unit} {ko} {} 어떤 것들이야?", words::with(&a, "은", "는")),
        ],
        &[
            format!("Which {b} have a {f} of {en} {limit}{unit}?"),
            format!("list {b} with {f} {en} {limit}{unit}"),
        ],
    );
    fits(&of).then(|| Draft::new(text, ask::set(world, &of, &[]), format!("{kind}: {field} {en} {limit}")))
}

fn without(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, value) = kind_with(world, rng)?;
    let mut of = world.of_kind(kind);
    of.retain(|i| world.text(*i, field).as_deref() != Some(value.as_str()));
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let f = words::field(world, rng, field, lang);
    let text = one(
        rng,
        lang,
        &[
            format!("{} {} 아닌 {a} 보여줘", words::with(&f, "이", "가"), words::with(&value, "이", "가")),
            format!("{a} 중 {f} {value} 제외하고 나머지 목록"),
        ],
        &[format!("Which {b} do not have {f} {value}?"), format!("all {b} except those with {f} {value}")],
    );
    fits(&of).then(|| {
        Draft::new(text, ask::set(world, &of, &[]), format!("{kind}: {field} <> {value}")).exact(&[value])
    })
}

fn no_records(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let kind = world.any_kind(rng)?;
    let record = *rng.pick(&["maintenance", "change", "ticket"])?;
    let mut of = world.of_kind(kind);
    of.retain(|i| world.records(record).all(|r| r.item != Some(*i)));
    if of.len() == world.of_kind(kind).len() {
        return None;
    }
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let (ko, en) = (words::record(world, record, Lang::Ko), words::record(world, record, Lang::En));
    let text = one(
        rng,
        lang,
        &[
            format!("{ko} 기록이 하나도 없는 {a} 알려줘"),
            format!("{ko} 이력 없는 {} 뭐가 있지?", words::with(&a, "은", "는")),
        ],
        &[format!("Which {b} have no {en} records at all?"), format!("{b} without any {en}")],
    );
    fits(&of).then(|| Draft::new(text, ask::set(world, &of, &[]), format!("{kind} without {record}")))
}

fn of_those(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (kind, field, value) = kind_with(world, rng)?;
    let mut of = world.of_kind(kind);
    of.retain(|i| world.text(*i, field).as_deref() == Some(value.as_str()));
    if !(2..=MANY).contains(&of.len()) {
        return None;
    }
    let others: Vec<&str> =
        world.fields(kind, false).into_iter().filter(|f| *f != field && *f != "ip").collect();
    let second = *rng.pick(&others)?;
    let want = world.text(*rng.pick(&of)?, second)?;
    let listed = world.codes(&of).join(", ");
    let before = of.clone();
    of.retain(|i| world.text(*i, second).as_deref() == Some(want.as_str()));
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let (f, g) = (words::field(world, rng, field, lang), words::field(world, rng, second, lang));
    let text = one(
        rng,
        lang,
        &[
            format!("그중 {} {want}인 것만", words::with(&g, "이", "가")),
            format!("거기서 {g} {want}인 것만 남겨줘"),
        ],
        &[format!("only those with {g} {want}"), format!("which of them have {g} {want}?")],
    );
    let user = match lang {
        Lang::Ko => format!("{} {value}인 {a} 목록 보여줘", words::with(&f, "이", "가")),
        Lang::En => format!("List the {b} with {f} {value}"),
    };
    // what the turn before named is no wrong member, so it may not be asked for where it changes nothing
    let how = format!("{kind}: {field} = {value}, {second} = {want}");
    let draft = Draft::new(text, ask::set(world, &of, &[]), how).after(user, listed).exact(&[want]);
    (of.len() < before.len()).then_some(draft)
}

fn called(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let roles = ["-api", "-web", "-batch", "-worker", "-admin", "-search", "-notify", "-sync"];
    let role = rng.pick(&roles)?.trim_start_matches('-');
    let of: Vec<usize> =
        world.of_kind("application").into_iter().filter(|i| world.code(*i).contains(role)).collect();
    let languages: Vec<String> = world.values(&of, "language").into_keys().collect();
    let language = rng.pick(&languages)?.clone();
    let of: Vec<usize> =
        of.into_iter().filter(|i| world.text(*i, "language").as_deref() == Some(language.as_str())).collect();
    let (a, b) =
        (words::kind(world, rng, "application", lang), words::kinds(world, rng, "application", lang));
    let text = one(
        rng,
        lang,
        &[format!("코드에 {} 들어가는 {a} 중 {language}로 개발된 것", words::with(role, "이", "가"))],
        &[format!("{b} written in {language} whose code contains {role}")],
    );
    let how = format!("application: code contains {role}, language = {language}");
    fits(&of).then(|| Draft::new(text, ask::set(world, &of, &[]), how).exact(&[language, role.to_owned()]))
}
