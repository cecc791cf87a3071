//! Questions about causes, answered by what was injected.

use model::Lang;

use super::{
    Make,
    ask::{Draft, one},
    format::{Cause, Gold},
    moment, words,
    world::World,
};
use crate::{Incident, rng::Rng};

pub(super) const CAUSES: &[Make] = &[in_span, of_victim];

/// Words for what ran short or went wrong.
fn resources(resource: &str) -> &'static [&'static str] {
    match resource {
        "disk" => &["disk", "디스크"],
        "memory" => &["memory", "메모리"],
        "cpu" => &["cpu", "씨피유"],
        "network" => &["network", "네트워크", "port", "포트"],
        "cache" => &["cache", "캐시", "hit rate", "적중률"],
        "storage" => &["storage", "스토리지", "i/o", "입출력"],
        "release" => &["release", "배포", "change", "변경", "error", "오류", "application", "애플리케이션"],
        "load" => &["load", "부하", "traffic", "트래픽", "request", "요청"],
        "queue" => &["queue", "큐", "backlog", "적체", "대기열"],
        _ => &[],
    }
}

/// An incident during which no other was going on.
fn lonely<'a>(world: &World<'a>, rng: &mut Rng) -> Option<&'a Incident> {
    let all = &world.demo.truth.incidents;
    let chosen = rng.pick(all)?;
    let alone =
        all.iter().all(|other| other.id == chosen.id || other.end < chosen.start || other.start > chosen.end);
    alone.then_some(chosen)
}

fn gold(incident: &Incident) -> Gold {
    let mut ranked =
        vec![Cause { service: incident.cause.code.clone(), resource: incident.cause.resource.to_owned() }];
    for effect in &incident.effects {
        if ranked.iter().all(|cause| cause.service != effect.code) {
            ranked.push(Cause { service: effect.code.clone(), resource: effect.metric.to_owned() });
        }
    }
    Gold::RootCause {
        ranked,
        fault_type: incident.kind.to_owned(),
        scored: true,
        resource_accept: resources(incident.cause.resource).iter().map(|word| (*word).to_owned()).collect(),
    }
}

fn in_span(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let incident = lonely(world, rng)?;
    let (from, to) = (incident.start.timestamp() - 120, incident.end.timestamp());
    let (day, a) = (moment(from).format("%Y-%m-%d"), moment(from).format("%H:%M"));
    let b = if moment(to).date_naive() == moment(from).date_naive() {
        moment(to).format("%H:%M").to_string()
    } else {
        moment(to).format("%Y-%m-%d %H:%M").to_string()
    };
    let text = one(
        rng,
        lang,
        &[
            format!("{day} {a}부터 {b} 사이 장애의 근본 원인이 뭐야? 항목이랑 자원을 알려줘"),
            format!("{day} {a}~{b} 성능 저하 원인 분석해줘"),
        ],
        &[
            format!(
                "What was the root cause of the trouble on {day} between {a} and {b}? Item and resource, please"
            ),
            format!("Something went wrong from {day} {a} to {b}. What caused it?"),
        ],
    );
    let how = format!("injected incident {}: {}", incident.id, incident.title.en);
    Some(Draft::new(text.clone(), gold(incident), how).exact(&[text]))
}

/// From the side of a service that felt it.
fn of_victim(world: &World<'_>, rng: &mut Rng, lang: Lang) -> Option<Draft> {
    let incident = lonely(world, rng)?;
    let felt: Vec<_> = incident
        .effects
        .iter()
        .filter(|e| e.hops > 0 && matches!(e.metric, "success_rate" | "latency_p95" | "error_rate"))
        .filter(|e| e.code != incident.cause.code)
        .collect();
    let effect = *rng.pick(&felt)?;
    let (from, to) = (effect.start.timestamp(), effect.end.timestamp());
    let (day, a) = (moment(from).format("%Y-%m-%d"), moment(from).format("%H:%M"));
    let b = moment(to).format("%H:%M");
    if moment(to).date_naive() != moment(from).date_naive() {
        return None;
    }
    let (code, m) = (&effect.code, words::metric(world, effect.metric, lang));
    let (ko, en) = if effect.direction == "up" { ("올라갔어", "rise") } else { ("떨어졌어", "drop") };
    let text = one(
        rng,
        lang,
        &[
            format!("{day} {a}~{b} {code} {} 왜 {ko}?", words::with(&m, "이", "가")),
            format!("{day} {a}부터 {b}까지 {code}에 문제가 있었는데 근본 원인이 뭐야?"),
        ],
        &[
            format!("Why did the {m} of {code} {en} on {day} between {a} and {b}?"),
            format!("{code} had trouble on {day} from {a} to {b}: what is the root cause?"),
        ],
    );
    let how = format!("injected incident {}: {}", incident.id, incident.title.en);
    Some(Draft::new(text.clone(), gold(incident), how).exact(&[text]))
}
