//! Questions about what is related to an item: its events, sums of its fields, its owners.

use model::Lang;
use serde_json::json;

use super::{
    ask::{self, Draft, fields_of, one},
    format::{Gold, Tolerance},
    words,
    world::World,
};
use crate::rng::Rng;

/// Kinds that are reached from a kind by one relation against its direction, with what that is called.
const BELOW: &[(&str, &str, &str, &str, &str)] = &[
    ("host", "runs_on", "virtual_machine", "에서 실행되는", "running on"),
    ("virtual_machine", "runs_on", "database", "에서 실행되는", "running on"),
    ("database", "depends_on", "application", "에 의존하는", "depending on"),
    ("cache", "depends_on", "application", "에 의존하는", "depending on"),
    ("message_queue", "depends_on", "application", "에 의존하는", "depending on"),
    ("storage", "uses", "database", "에 연결해 사용하는", "using"),
    ("switch", "connected_to", "host", "에 연결된", "connected to"),
];

struct Related {
    i: usize,
    kind: &'static str,
    of: Vec<usize>,
    ko: String,
    en: String,
}

/// An item and what relates to it.
fn related(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Related> {
    let (base, r#type, kind, ko, en) = *rng.pick(BELOW)?;
    let i = *rng.pick(&world.of_kind(base))?;
    let mut of = world.sources(i, r#type);
    of.retain(|j| world.item(*j).kind == kind);
    let item = words::item(world, rng, i);
    let word = words::kinds(world, rng, kind, lang);
    let (ko, en) = (format!("{item}{ko} {word}"), format!("{word} {en} {item}"));
    let ko =
        ko.replace("에 연결해 사용하는", if item.ends_with(char::is_numeric) { " 쓰는" } else { "를 쓰는" });
    (of.len() > 1).then_some(Related { i, kind, of, ko, en })
}

pub(super) fn events_of_related(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let Related { i, kind, of, ko, en } = related(world, rng, lang)?;
    let record = *rng.pick(&["event", "event", "ticket", "change"])?;
    let span = ask::days(world, rng, lang);
    let whole = rng.chance(0.4);
    let w = if whole { String::new() } else { format!("{} ", span.words) };
    let n = words::record(world, record, lang);
    let ns = if lang == Lang::En { words::plural(&n) } else { n };
    let text = one(
        rng,
        lang,
        &[
            format!("{ko}에서 {w}발생한 {} 모두 몇 건이야?", words::with(&ns, "은", "는")),
            format!("{ko}들의 {w}{ns} 건수 합계"),
        ],
        &[
            format!("How many {ns} were there {w}on the {en}?"),
            format!("total number of {ns} {w}of the {en}"),
        ],
    );
    let fits = |r: &crate::Record| r.item.is_some_and(|j| of.contains(&j));
    let gold = if whole {
        ask::count(world.records(record).filter(|r| fits(r)).count())
    } else {
        span.each(|from, to| world.records(record).filter(|r| fits(r) && (from..to).contains(&r.at)).count())
    };
    Some(
        Draft::new(text, gold, format!("{record} of {kind} related to {}", world.code(i)))
            .exact(&[w, world.code(i).to_owned()]),
    )
}

pub(super) fn sum_of_related(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let Related { kind, of, ko, en, .. } = related(world, rng, lang)?;
    let fields = world.fields(kind, true);
    let field = *rng.pick(&fields)?;
    if field == "criticality" {
        return None;
    }
    let sum: f64 = of.iter().filter_map(|i| world.number(*i, field)).sum();
    let f = words::field(world, rng, field, lang);
    let text = one(
        rng,
        lang,
        &[
            format!("{ko}들의 {f} 합계는?"),
            format!("{ko}의 {} 다 더하면 얼마야?", words::with(&f, "을", "를")),
        ],
        &[format!("total {f} of the {en}"), format!("What is the sum of the {f} of the {en}?")],
    );
    let gold = ask::number(sum, Tolerance::Abs(0.0), &words::unit(world, field));
    Some(Draft::new(text, gold, format!("sum of {field} over the related {kind}")))
}

pub(super) fn owners_affected(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let i = world.any_item(rng);
    let of = world.reach(i, None, true);
    let of: Vec<usize> = of.into_iter().filter(|j| world.item(*j).kind == "business_service").collect();
    let owners: Vec<String> = world.values(&of, "owner").into_keys().collect();
    let all: Vec<usize> = (0..world.demo.items.len()).collect();
    let pattern = world.values(&all, "owner").into_keys().collect::<Vec<_>>().join("|");
    let item = words::item(world, rng, i);
    let (b, f) =
        (words::kinds(world, rng, "business_service", lang), words::field(world, rng, "owner", lang));
    let text = one(
        rng,
        lang,
        &[format!(
            "{} 장애 나면 영향받는 {b}들의 {} 누구야?",
            words::with(&item, "이", "가"),
            words::with(&f, "은", "는")
        )],
        &[format!("Who are the owners of the {b} affected if {item} fails?")],
    );
    let gold = Gold::Set { required: owners.clone(), allowed: Vec::new(), pattern };
    ((1..=6).contains(&owners.len()) && of.len() < 8)
        .then(|| Draft::new(text, gold, "owners of the affected services").exact(&[item]))
}

pub(super) fn noisiest_of_related(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let Related { of, ko, en, .. } = related(world, rng, lang)?;
    let all: Vec<(String, f64)> = of
        .iter()
        .map(|i| {
            (world.code(*i).to_owned(), world.records("event").filter(|r| r.item == Some(*i)).count() as f64)
        })
        .collect();
    let (names, most) = ask::greatest(&all);
    let text = one(
        rng,
        lang,
        &[format!("{ko} 중 이벤트가 가장 많은 건 뭐고 몇 건이야?")],
        &[format!("Among the {en}, which one has the most events and how many?")],
    );
    let records =
        names.iter().map(|name| fields_of([("code", json!(name)), ("count", json!(most))])).collect();
    let gold = ask::any_record(records, Tolerance::Abs(0.0))?;
    (names.len() == 1).then(|| Draft::new(text, gold, "related item with the most events"))
}
