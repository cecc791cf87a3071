//! Questions about single items, and the same in a mixture of languages.

use model::Lang;
use serde_json::json;

use super::{
    Make,
    ask::{self, Draft, one},
    counts::{kind_with, matching},
    format::{Gold, Tolerance},
    words,
    world::World,
};
use crate::rng::Rng;

pub(super) const LOOKUPS: &[Make] = &[field, field, two_fields, by_address, name_of, and_its, code_of];

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
