//! Questions about what an item is related to.

use model::Lang;

use super::{
    ask::{self, Draft},
    words,
    world::World,
};
use crate::rng::Rng;

/// What a relation is asked with: forwards in Korean and English, backwards in Korean and English.
fn phrases(r#type: &str) -> [&'static [&'static str]; 4] {
    match r#type {
        "depends_on" => [
            &["{s} 의존하는 {t} 뭐야?", "{s} 직접 의존하는 {t} 알려줘"],
            &["Which {t} does {s} depend on?", "{t} that {s} depends on"],
            &["{o}에 의존하는 {k} 뭐가 있어?", "{o}에 직접 의존하는 {k} 목록"],
            &["Which {k} depend on {o}?", "list the {k} that depend on {o} directly"],
        ],
        "calls" => [
            &["{s} 호출하는 {t} 알려줘", "{s} 직접 호출하는 {t} 뭐뭐 있지?"],
            &["Which {t} does {s} call?", "{t} called by {s}"],
            &["{x} 호출하는 {k} 어디어디야?", "{x} 직접 호출하는 {k} 목록"],
            &["Which {k} call {o}?", "{k} that call {o}"],
        ],
        "runs_on" => [
            &["{s} 돌아가는 {t} 뭐야?", "{s} 어느 {t}에서 실행돼?"],
            &["On which {t} does {s} run?", "{t} that {s} runs on"],
            &["{o} 위에서 실행되는 {k} 뭐야?", "{o}에서 돌아가는 {k} 보여줘"],
            &["Which {k} run on {o}?", "{k} running on {o}"],
        ],
        "uses" => [
            &["{s} 사용하는 {t} 뭐야?", "{s} 쓰는 {t} 알려줘"],
            &["Which {t} does {s} use?", "{t} used by {s}"],
            &["{x} 사용하는 {k} 뭐야?", "{x} 쓰는 {k} 목록"],
            &["Which {k} use {o}?", "{k} using {o}"],
        ],
        _ => [
            &["{s} 연결된 {t} 뭐야?", "{s} 연결되어 있는 {t} 알려줘"],
            &["Which {t} is {s} connected to?", "{t} that {s} is connected to"],
            &["{o}에 연결된 {k} 뭐야?", "{o}에 연결되어 있는 {k} 목록"],
            &["Which {k} are connected to {o}?", "{k} connected to {o}"],
        ],
    }
}

/// A relation and an item that has it, as source or, `back`, as target.
fn start(
    world: &World<'_>,
    rng: &mut Rng,
    back: bool,
) -> Option<(usize, &'static str, &'static str, Vec<usize>)> {
    let (source, r#type, target) = *rng.pick(&world.joins())?;
    let (mine, other) = if back { (target, source) } else { (source, target) };
    let i = *rng.pick(&world.of_kind(mine))?;
    let mut found = if back { world.sources(i, r#type) } else { world.targets(i, r#type) };
    if r#type == "connected_to" {
        // a cable has no direction
        found = [world.sources(i, r#type), world.targets(i, r#type)].concat();
    }
    found.retain(|other_item| world.item(*other_item).kind == other);
    (!found.is_empty() && found.len() <= 30).then_some((i, r#type, other, found))
}

fn ask_for(
    world: &World<'_>,
    rng: &mut Rng,
    i: usize,
    (r#type, other, back): (&str, &str, bool),
    lang: Lang,
) -> (String, String) {
    let item = words::item(world, rng, i);
    let [ko, en, back_ko, back_en] = phrases(r#type);
    let of = match (lang, back) {
        (Lang::Ko, false) => ko,
        (Lang::En, false) => en,
        (Lang::Ko, true) => back_ko,
        (Lang::En, true) => back_en,
    };
    let kind = words::kind(world, rng, other, lang);
    let text = rng
        .word(of)
        .replace("{s}", &subject(&item, r#type))
        .replace("{o}", &item)
        .replace("{x}", &words::with(&item, "을", "를"))
        .replace("{t}", &if lang == Lang::Ko { words::with(&kind, "은", "는") } else { kind.clone() })
        .replace(
            "{k}",
            &if lang == Lang::Ko { words::with(&kind, "은", "는") } else { words::plural(&kind) },
        );
    // a particle before a verb of showing
    let text = ["알려줘", "보여줘", "목록", "뭐뭐 있지?"].iter().fold(text, |text, verb| {
        text.replace(&format!("은 {verb}"), &format!(" {verb}"))
            .replace(&format!("는 {verb}"), &format!(" {verb}"))
    });
    let text = text.replace("은에서", "에서").replace("는에서", "에서");
    (if lang == Lang::En { text.replace(&subject(&item, r#type), &item) } else { text }, item)
}

fn subject(item: &str, r#type: &str) -> String {
    if r#type == "connected_to" { words::with(item, "과", "와") } else { words::with(item, "이", "가") }
}

pub(super) fn targets(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    neighbours(world, rng, lang, false)
}

pub(super) fn sources(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    neighbours(world, rng, lang, true)
}

fn neighbours(world: &World<'_>, rng: &mut Rng, lang: Lang, back: bool) -> Option<Draft> {
    let (i, r#type, other, found) = start(world, rng, back)?;
    let (text, item) = ask_for(world, rng, i, (r#type, other, back), lang);
    let gold = ask::set(world, &found, &[i]);
    let how = format!("{other} by {type} of {}, backwards {back}", world.code(i));
    Some(Draft::new(text, gold, how).exact(&[item]))
}

pub(super) fn how_many(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (i, r#type, other, found) = start(world, rng, true)?;
    let item = words::item(world, rng, i);
    let (a, b) = (words::kind(world, rng, other, lang), words::kinds(world, rng, other, lang));
    let ai = words::with(&a, "은", "는");
    let (ko, en) = match r#type {
        "depends_on" => {
            (format!("{item}에 의존하는 {ai} 몇 개야?"), format!("How many {b} depend on {item}?"))
        }
        "calls" => (
            format!("{} 호출하는 {ai} 몇 개?", words::with(&item, "을", "를")),
            format!("How many {b} call {item}?"),
        ),
        "runs_on" => (format!("{item}에서 실행되는 {ai} 몇 개지?"), format!("how many {b} run on {item}")),
        "uses" => (
            format!("{} 쓰는 {ai} 몇 개야", words::with(&item, "을", "를")),
            format!("How many {b} use {item}?"),
        ),
        _ => (
            format!("{item}에 연결된 {} 몇 대야?", words::with(&a, "이", "가")),
            format!("number of {b} connected to {item}"),
        ),
    };
    let text = if lang == Lang::Ko { ko } else { en };
    Some(
        Draft::new(text, ask::count(found.len()), format!("count of {other} by {type} of {}", world.code(i)))
            .exact(&[item]),
    )
}
