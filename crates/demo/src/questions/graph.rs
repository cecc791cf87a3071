//! Questions about relations: impact, ways, what is missing.

use model::Lang;
use serde_json::json;

use super::{
    Make,
    ask::{self, Draft, fields_of, one},
    format::{Gold, Tolerance},
    neighbours::{how_many, sources, targets},
    words,
    world::World,
};
use crate::rng::Rng;

pub(super) const GRAPH: &[Make] = &[
    targets, targets, sources, sources, how_many, impact, impact, needs, path, hops, related, busiest,
    beside, without, common, relations, then_on,
];

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
                "{item}에서 depends_on 관계만 끝까지 따라가면 나오는 {} 뭐야?",
                words::with(&a, "은", "는")
            ),
            format!("depends_on 관계로 {} 직간접 의존하는 {a} 알려줘", words::with(&item, "이", "가")),
        ],
        &[
            format!("Which {b} does {item} depend on, directly or indirectly, by depends_on only?"),
            format!("follow depends_on from {item} to the end: which {b} come up?"),
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
    if r#type == "connected_to" && source == target {
        return None;
    }
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
    of.retain(|i| {
        let mut there = world.targets(*i, r#type);
        if r#type == "connected_to" {
            there.extend(world.sources(*i, r#type));
        }
        !there.into_iter().any(|j| world.item(j).kind == target)
    });
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
