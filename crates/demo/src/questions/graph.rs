//! Questions about relations: neighbours, impact, ways, what is missing.

use model::Lang;
use serde_json::json;

use super::{
    Make,
    ask::{self, Draft, fields_of, one},
    format::{Gold, Tolerance},
    words,
    world::World,
};
use crate::rng::Rng;

pub(super) const GRAPH: &[Make] = &[
    targets, targets, sources, sources, how_many, impact, impact, needs, path, hops, related, busiest,
    beside, without, common, relations, then_on,
];

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

fn targets(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    neighbours(world, rng, lang, false)
}

fn sources(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    neighbours(world, rng, lang, true)
}

fn neighbours(world: &World<'_>, rng: &mut Rng, lang: Lang, back: bool) -> Option<Draft> {
    let (i, r#type, other, found) = start(world, rng, back)?;
    let (text, item) = ask_for(world, rng, i, (r#type, other, back), lang);
    let gold = match found.as_slice() {
        [only] if !back => {
            Gold::String { value: world.code(*only).to_owned(), accept: vec![world.item(*only).name.clone()] }
        }
        found => ask::set(world, found, &[i]),
    };
    let how = format!("{other} by {type} of {}, backwards {back}", world.code(i));
    Some(Draft::new(text, gold, how).exact(&[item]))
}

fn how_many(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
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

fn impact(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let i = world.any_item(rng);
    let reached = world.reach(i, None, true);
    let kinds = ["business_service", "application", "virtual_machine", "database", "container"];
    let kind = *rng.pick(&kinds)?;
    let of: Vec<usize> = reached.into_iter().filter(|j| world.item(*j).kind == kind).collect();
    if of.is_empty() || of.len() > 30 {
        return None;
    }
    let item = words::item(world, rng, i);
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let counted = rng.chance(0.25);
    let text = if counted {
        one(
            rng,
            lang,
            &[format!("{item} 장애 시 영향받는 {} 몇 개야?", words::with(&a, "은", "는"))],
            &[format!("How many {b} are affected if {item} fails?")],
        )
    } else {
        one(
            rng,
            lang,
            &[
                format!(
                    "{} 죽으면 영향받는 {} 뭐야?",
                    words::with(&item, "이", "가"),
                    words::with(&a, "은", "는")
                ),
                format!("{item} 장애 시 영향 받는 {a} 목록"),
                format!(
                    "{} 다운되면 어떤 {} 문제가 생겨?",
                    words::with(&item, "이", "가"),
                    words::with(&a, "이", "가")
                ),
            ],
            &[
                format!("Which {b} are affected if {item} goes down?"),
                format!("if {item} fails, what {b} are impacted?"),
                format!("{b} that would suffer from an outage of {item}"),
            ],
        )
    };
    let gold = if counted { ask::count(of.len()) } else { ask::set(world, &of, &[i]) };
    Some(Draft::new(text, gold, format!("{kind} that reach {}", world.code(i))).exact(&[item]))
}

fn needs(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let i = *rng.pick(&world.of_kind("business_service"))?;
    let kind = *rng.pick(&["database", "cache", "message_queue"])?;
    let of: Vec<usize> = world
        .reach(i, Some("depends_on"), false)
        .into_iter()
        .filter(|j| world.item(*j).kind == kind)
        .collect();
    let item = words::item(world, rng, i);
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let text = one(
        rng,
        lang,
        &[
            format!(
                "{} 직간접으로 의존하는 {} 뭐야?",
                words::with(&item, "이", "가"),
                words::with(&a, "은", "는")
            ),
            format!("{item}의 의존 관계를 끝까지 따라가면 나오는 {a} 알려줘"),
        ],
        &[
            format!("Which {b} does {item} depend on, directly or indirectly?"),
            format!("follow depends on from {item}: which {b} come up?"),
        ],
    );
    (!of.is_empty()).then(|| {
        Draft::new(text, ask::set(world, &of, &[i]), format!("{kind} reached by depends_on")).exact(&[item])
    })
}

/// Two items with a way between them.
fn ends(world: &World<'_>, rng: &mut Rng) -> Option<(usize, usize, &'static str, Vec<Vec<usize>>)> {
    let (r#type, from, to) = *rng.pick(&[
        ("depends_on", "business_service", "database"),
        ("depends_on", "business_service", "cache"),
        ("runs_on", "application", "host"),
        ("runs_on", "database", "host"),
        ("connected_to", "host", "switch"),
    ])?;
    let (a, b) = (*rng.pick(&world.of_kind(from))?, *rng.pick(&world.of_kind(to))?);
    let paths = world.paths(a, b, r#type);
    let long = paths.first().is_some_and(|path| path.len() > 2);
    long.then_some((a, b, r#type, paths))
}

fn path(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (a, b, r#type, paths) = ends(world, rng)?;
    let (x, y) = (world.code(a).to_owned(), world.code(b).to_owned());
    let text = one(
        rng,
        lang,
        &[
            format!("{x}에서 {y}까지 {type} 방향으로 가는 최단 경로 알려줘"),
            format!("{type} 관계만 따라서 {x}에서 {y}까지 어떻게 가?"),
        ],
        &[
            format!("Shortest path from {x} to {y} following {type}"),
            format!("how do I get from {x} to {y} along {type} relations?"),
        ],
    );
    let length = paths.first().map_or(0, |path| path.len() - 1);
    let paths = paths.iter().map(|path| path.iter().map(|i| world.code(*i).to_owned()).collect()).collect();
    Some(Draft::new(text, Gold::Path { length, paths }, format!("shortest ways by {type}")).exact(&[
        x,
        y,
        r#type.to_owned(),
    ]))
}

fn hops(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (a, b, r#type, paths) = ends(world, rng)?;
    let (x, y) = (world.code(a).to_owned(), world.code(b).to_owned());
    let text = one(
        rng,
        lang,
        &[format!("{x}에서 {y}까지 {type} 방향으로 최소 몇 홉이야?")],
        &[format!("How many hops is it at least from {x} to {y} along {type}?")],
    );
    let n = paths.first().map_or(0, |path| path.len() - 1);
    Some(Draft::new(text, ask::count(n), format!("length of the shortest way by {type}")).exact(&[
        x,
        y,
        r#type.to_owned(),
    ]))
}

fn related(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (r#type, a) = *rng.pick(&[
        ("depends_on", "application"),
        ("calls", "application"),
        ("runs_on", "virtual_machine"),
    ])?;
    let i = *rng.pick(&world.of_kind(a))?;
    let there = world.targets(i, r#type);
    let yes = rng.chance(0.5);
    let other = if yes {
        *rng.pick(&there)?
    } else {
        let kind = world.item(*there.first()?).kind;
        let rest: Vec<usize> =
            world.of_kind(kind).into_iter().filter(|j| !there.contains(j) && *j != i).collect();
        *rng.pick(&rest)?
    };
    let (x, y) = (words::item(world, rng, i), words::item(world, rng, other));
    let xi = words::with(&x, "이", "가");
    let (ko, en) = match r#type {
        "depends_on" => (format!("{xi} {y}에 직접 의존해?"), format!("Does {x} depend on {y} directly?")),
        "calls" => (
            format!("{xi} {} 직접 호출하나요?", words::with(&y, "을", "를")),
            format!("Does {x} call {y} directly?"),
        ),
        _ => (
            format!("{} {y} 위에서 실행되나요?", words::with(&x, "은", "는")),
            format!("Does {x} run on {y}?"),
        ),
    };
    let text = if lang == Lang::Ko { ko } else { en };
    Some(
        Draft::new(
            text,
            Gold::Boolean { value: there.contains(&other) },
            format!("a relation {type} between the two"),
        )
        .exact(&[x, y]),
    )
}

fn busiest(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (source, r#type, target) = *rng.pick(&world.joins())?;
    let back =
        |i: &usize| world.sources(*i, r#type).into_iter().filter(|j| world.item(*j).kind == source).count();
    let all: Vec<(String, f64)> =
        world.of_kind(target).iter().map(|i| (world.code(*i).to_owned(), back(i) as f64)).collect();
    let (names, most) = ask::greatest(&all);
    if names.len() > 3 || all.len() < 3 || most < 2.0 {
        return None;
    }
    let records =
        names.iter().map(|name| fields_of([("code", json!(name)), ("count", json!(most))])).collect();
    let (s, t) = (words::kind(world, rng, source, lang), words::kind(world, rng, target, lang));
    let ss = words::kinds(world, rng, source, lang);
    let (ko, en) = match r#type {
        "depends_on" => (
            format!("의존하는 {}", words::with(&s, "이", "가")),
            format!("Which {t} do the most {ss} depend on, and how many?"),
        ),
        "calls" => (
            format!("호출하는 {}", words::with(&s, "이", "가")),
            format!("Which {t} is called by the most {ss}, and by how many?"),
        ),
        "runs_on" => (
            format!("올라가 있는 {}", words::with(&s, "이", "가")),
            format!("Which {t} carries the most {ss} and how many?"),
        ),
        "uses" => (
            format!("사용하는 {}", words::with(&s, "이", "가")),
            format!("Which {t} is used by the most {ss}, and how many are they?"),
        ),
        _ => (
            format!("연결된 {}", words::with(&s, "이", "가")),
            format!("Which {t} has the most {ss} connected, and how many?"),
        ),
    };
    let ko = format!("{ko} 가장 많은 {} 뭐고 몇 개야?", words::with(&t, "은", "는"));
    let text = if lang == Lang::Ko { ko } else { en };
    let gold = ask::any_record(records, Tolerance::Abs(0.0))?;
    Some(Draft::new(text, gold, format!("{target} with the most {source} by {type}")))
}

fn beside(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let kind = *rng.pick(&["virtual_machine", "container", "application", "database"])?;
    let i = *rng.pick(&world.of_kind(kind))?;
    let carriers = world.targets(i, "runs_on");
    let [carrier] = carriers.as_slice() else { return None };
    let below = world.item(*carrier).kind;
    let mut of = world.sources(*carrier, "runs_on");
    of.retain(|j| *j != i && world.item(*j).kind == kind);
    let (item, k) = (words::item(world, rng, i), words::kind(world, rng, below, lang));
    let (a, b) = (words::kind(world, rng, kind, lang), words::kinds(world, rng, kind, lang));
    let text = one(
        rng,
        lang,
        &[
            format!(
                "{} 같은 {k}에 있는 다른 {} 뭐야?",
                words::with(&item, "과", "와"),
                words::with(&a, "은", "는")
            ),
            format!("{item}이랑 같은 {k}에서 돌아가는 {a} 알려줘 (자기 자신은 빼고)"),
        ],
        &[
            format!("Which other {b} run on the same {k} as {item}?"),
            format!("{b} sharing the {k} with {item}"),
        ],
    );
    let how = format!("other {kind} on {}", world.code(*carrier));
    (!of.is_empty() && of.len() < 30)
        .then(|| Draft::new(text, ask::set(world, &of, &[i, *carrier]), how).exact(&[item]))
}

fn without(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let (source, r#type, target) = *rng.pick(&world.joins())?;
    let mut of = world.of_kind(source);
    of.retain(|i| !world.targets(*i, r#type).into_iter().any(|j| world.item(j).kind == target));
    if of.is_empty() || of.len() > 25 {
        return None;
    }
    let t = words::kind(world, rng, target, lang);
    let (a, b) = (words::kind(world, rng, source, lang), words::kinds(world, rng, source, lang));
    let (ko, en) = match r#type {
        "depends_on" => (format!("어떤 {t}에도 의존하지 않는"), format!("Which {b} depend on no {t}?")),
        "calls" => (
            format!("다른 {} 호출하지 않는", words::with(&t, "을", "를")),
            format!("Which {b} call no other {t}?"),
        ),
        "runs_on" => (format!("{t}에서 실행되지 않는"), format!("Which {b} run on no {t}?")),
        "uses" => {
            (format!("{} 사용하지 않는", words::with(&t, "을", "를")), format!("Which {b} use no {t}?"))
        }
        _ => (format!("{t}에 연결되지 않은"), format!("Which {b} are connected to no {t}?")),
    };
    let text = if lang == Lang::Ko { format!("{ko} {} 뭐야?", words::with(&a, "은", "는")) } else { en };
    Some(Draft::new(text, ask::set(world, &of, &[]), format!("{source} without {type} to {target}")))
}

fn common(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let of = world.of_kind("application");
    let (a, b) = (*rng.pick(&of)?, *rng.pick(&of)?);
    let both: Vec<usize> = world
        .targets(a, "depends_on")
        .into_iter()
        .filter(|i| world.targets(b, "depends_on").contains(i))
        .collect();
    if a == b || both.is_empty() {
        return None;
    }
    let (x, y) = (world.code(a).to_owned(), world.code(b).to_owned());
    let text = one(
        rng,
        lang,
        &[format!("{} {} 둘 다 의존하는 건 뭐야?", words::with(&x, "과", "와"), words::with(&y, "이", "가"))],
        &[format!("What do {x} and {y} both depend on?")],
    );
    Some(Draft::new(text, ask::set(world, &both, &[a, b]), "targets of depends_on of both").exact(&[x, y]))
}

fn relations(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let r#type = *rng.pick(&["depends_on", "calls", "runs_on", "uses", "connected_to"])?;
    let n = world.demo.relations.iter().filter(|r| r.r#type == r#type).count();
    let text = one(
        rng,
        lang,
        &[format!("{type} 관계는 전부 몇 건이야?"), format!("관계 유형 {type} 건수")],
        &[
            format!("How many {type} relations are there?"),
            format!("total number of relations of type {type}"),
        ],
    );
    Some(Draft::new(text, ask::count(n), format!("relations of type {type}")).exact(&[r#type]))
}

/// Where something runs, and then where that runs.
fn then_on(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let i = *rng.pick(&world.of_kind("database"))?;
    let vm = *world.targets(i, "runs_on").first()?;
    let host = *world.targets(vm, "runs_on").first()?;
    let (x, y) = (world.code(i), world.code(vm));
    let (v, h) = (words::kind(world, rng, "virtual_machine", lang), words::kind(world, rng, "host", lang));
    let text = one(
        rng,
        lang,
        &[
            format!("그건 어느 {h}에 있어?"),
            format!("그 {} 어느 {h} 위에서 돌아가?", words::with(&v, "은", "는")),
        ],
        &[format!("and on which {h} is that one?"), format!("which {h} does that {v} run on?")],
    );
    let (user, assistant) = match lang {
        Lang::Ko => {
            (format!("{} 어느 {v}에서 실행돼?", words::with(x, "은", "는")), format!("{y}에서 실행됩니다."))
        }
        Lang::En => (format!("On which {v} does {x} run?"), format!("{y}.")),
    };
    let gold =
        Gold::String { value: world.code(host).to_owned(), accept: vec![world.item(host).name.clone()] };
    Some(Draft::new(text, gold, format!("{y} runs on {}", world.code(host))).after(user, assistant))
}
