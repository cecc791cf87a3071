//! Root causes: the first-named one, and the first three.

use super::{
    super::{gold::Cause, text},
    Said, Verdict,
};

/// Right when the first item named is the cause and, where that counts, its resource is named before the next one. What
/// the question names is what was felt, so it is no candidate unless it is the cause.
pub(super) fn judge(
    said: &Said<'_>,
    ranked: &[Cause],
    scored: bool,
    resources: &[String],
    services: &[String],
) -> Verdict {
    let Some(gold) = ranked.first().map(|cause| cause.service.to_lowercase()) else {
        return Verdict::of(Err("the gold answer names no cause".into()));
    };
    let named = candidates(said, &gold, services);
    let place = named.iter().position(|(_, name)| *name == gold);
    let resource = |from: usize, to: usize| {
        !scored || resources.iter().any(|word| said.text[from..to].contains(&word.to_lowercase()))
    };
    let end_of = |n: usize| named.get(n + 1).map_or(said.text.len(), |(at, _)| *at);
    match place {
        // The resource may also stand in front of the only service: "CPU of …".
        Some(0) if resource(0, end_of(0)) => Verdict::of(Ok(())),
        Some(n @ 0..3) => {
            let why = if n == 0 {
                "the resource is another".into()
            } else {
                format!("{gold} is only number {}", n + 1)
            };
            Verdict { right: false, near: n > 0 && resource(named[n].0, end_of(n)), why }
        }
        Some(_) => Verdict::of(Err(format!("{gold} is not among the first three"))),
        None => Verdict::of(Err(format!("{gold} does not occur"))),
    }
}

/// What may be meant as a cause, by its first place: known services, and names of the form of the gold one.
fn candidates(said: &Said<'_>, gold: &str, services: &[String]) -> Vec<(usize, String)> {
    let known = services.iter().filter_map(|service| {
        text::whole(&said.text, service).first().map(|range| (range.start, service.clone()))
    });
    let alike = text::like(gold).map(|pattern| text::names(&said.text, &pattern)).unwrap_or_default();
    let mut named: Vec<(usize, String)> = known.chain(alike).collect();
    named.retain(|(_, name)| name == gold || text::whole(&said.asked, name).is_empty());
    named.sort_unstable();
    let mut seen = Vec::new();
    named.retain(|(_, name)| {
        let new = !seen.contains(name);
        if new {
            seen.push(name.clone());
        }
        new
    });
    named
}
