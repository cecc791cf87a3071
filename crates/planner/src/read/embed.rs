//! Phrases inside a question that are questions themselves: `the server with the most memory`, `이벤트가 가장 많은 시스템의 …`,
//! `servers that had a degraded maintenance`. Each is read on its own and stands for the items it names.

use model::{Lang, graph::Direction, plan::Reason};

use super::{
    Focus,
    turn::{Turn, read_mentions},
};
use crate::{
    dictionary::Sense,
    lexicon::W,
    logic::{Ask, ItemSet, MetricWant, Start, Want},
    scan::Mention,
    text::hangul::Josa,
    time::Times,
    vocabulary::Index,
    words::Wording,
};

const BEST: &[W] = &[W::Most, W::Fewest, W::Max, W::Min, W::Longest, W::Shortest, W::Latest, W::Earliest];

/// What was found out on the way.
#[derive(Debug, Default)]
pub struct Found {
    /// Reasons.
    pub why: Vec<Reason>,
    /// Words inside phrases that found no place in them.
    pub left: Vec<String>,
}

/// Replaces the phrases by what they name; the times they have used up are gone from the question.
pub fn embed(
    index: &Index,
    mut mentions: Vec<Mention>,
    mut times: Times,
    focus: &Focus,
    lang: Lang,
) -> (Vec<Mention>, Times, Found) {
    let mut out = Found::default();
    let system = index.role(model::schema::FieldRole::System).map(|f| f.key.as_str());
    for _ in 0..4 {
        let spans: Vec<(usize, usize, bool)> = match lang {
            Lang::Ko => korean(&mentions, system),
            Lang::En => english(&mentions, system),
        }
        .into_iter()
        .map(|(from, to)| (from, to, false))
        .chain(failing(&mentions, lang).map(|(from, to)| (from, to, true)))
        .collect();
        let found = spans.into_iter().find_map(|(from, to, plain)| {
            let (set, with_times, left) = named(index, &mentions[from..to], &times, (focus, plain), lang)?;
            Some((from, to, set, with_times, left))
        });
        let Some((from, to, set, with_times, left)) = found else { break };
        out.left.extend(left);
        let words = mentions[from..to].iter().map(|m| m.words.as_str()).collect::<Vec<_>>().join(" ");
        out.why.push(Reason {
            words: words.clone(),
            slot: "ci".to_owned(),
            meaning: Wording { index, lang }.set(&set),
        });
        let last = mentions[to - 1].clone();
        let whole = Mention {
            from: mentions[from].from,
            to: last.to,
            words,
            josa: last.josa,
            spaced: mentions[from].spaced,
            set: Some(Box::new(set)),
            ..Mention::default()
        };
        let kept: Vec<Mention> =
            mentions[from..to].iter().filter(|m| m.time.is_some() && !with_times).cloned().collect();
        let gone: Vec<usize> =
            mentions[from..to].iter().filter_map(|m| m.time).filter(|_| with_times).collect();
        mentions.splice(from..to, kept.into_iter().chain([whole]));
        forget(&mut times, &mut mentions, &gone);
    }
    (mentions, times, out)
}

/// `servers of X whose databases had a severity 5 event`: items of one kind, where those of another that belong to them
/// have such records.
pub fn whose<'a>(
    index: &'a Index,
    mentions: &[Mention],
    times: &Times,
    focus: &'a Focus,
    lang: Lang,
) -> Option<Turn<'a>> {
    let at = mentions.iter().position(|m| m.words == "whose")?;
    let (left, right) = (&mentions[..at], &mentions[at + 1..]);
    if at == 0 || !right.iter().any(names_record) || !right.iter().any(names_kind) {
        return None;
    }
    let read = |phrase: &[Mention], noun: bool| {
        let mut own = phrase.to_vec();
        let mut inner = times.clone();
        let elsewhere: Vec<usize> =
            (0..times.windows.len()).filter(|i| !phrase.iter().any(|m| m.time == Some(*i))).collect();
        forget(&mut inner, &mut own, &elsewhere);
        read_mentions(index, own, inner, (focus, noun), lang)
    };
    let (narrow, left_words) = {
        let turn = read(right, true);
        let ask = turn.ask.ok()?;
        let left = turn.reader.words_left(&ask);
        match ask {
            Ask::Items(set, Want::List(_)) if !set.with.is_empty() || !set.without.is_empty() => (set, left),
            _ => return None,
        }
    };
    // The head is read as it stands, its comma left out.
    let head: Vec<Mention> = left.iter().filter(|m| m.sign != Some(',')).cloned().collect();
    let mut turn = read(&head, false);
    let (set, want) = match turn.ask.as_ref().ok()? {
        Ask::Items(set, want) => (set.clone(), want.clone()),
        _ => return None,
    };
    let (from, to) = (turn.reader.kinds_of(&narrow), set.kinds());
    let all: Vec<String> = index.catalogue().relations.iter().map(|r| r.key.clone()).collect();
    let types = turn.reader.joining(&all, Direction::Both, &from, &to);
    if types.is_empty() || to.is_empty() {
        return None;
    }
    let reached = narrow.hop(types, Direction::Both, super::sets::kind_filter(&to, &[]));
    let mut set = set;
    set.inside.push(reached);
    turn.reader.left = left_words;
    turn.ask = Ok(Ask::Items(set, want));
    Some(turn)
}

/// Takes windows out of the question.
pub(super) fn forget(times: &mut Times, mentions: &mut [Mention], gone: &[usize]) {
    if gone.is_empty() {
        return;
    }
    let place: Vec<Option<usize>> = {
        let mut next = 0;
        (0..times.windows.len())
            .map(|i| {
                (!gone.contains(&i)).then(|| {
                    next += 1;
                    next - 1
                })
            })
            .collect()
    };
    let mut i = 0;
    times.windows.retain(|_| {
        i += 1;
        !gone.contains(&(i - 1))
    });
    let mut i = 0;
    times.atoms.retain(|_| {
        i += 1;
        !gone.contains(&(i - 1))
    });
    for m in mentions.iter_mut() {
        m.time = m.time.and_then(|t| place.get(t).copied().flatten());
    }
}

/// The items a phrase names, and whether its times are part of that.
fn named(
    index: &Index,
    phrase: &[Mention],
    times: &Times,
    (focus, plain): (&Focus, bool),
    lang: Lang,
) -> Option<(ItemSet, bool, Vec<String>)> {
    let mut own = phrase.to_vec();
    // The place of the phrase in the sentence is no business of its own.
    let last = own.last_mut()?;
    last.josa.retain(|j| matches!(j, Josa::Plain));
    let mut inner = times.clone();
    let elsewhere: Vec<usize> =
        (0..times.windows.len()).filter(|i| !phrase.iter().any(|m| m.time == Some(*i))).collect();
    forget(&mut inner, &mut own, &elsewhere);
    let turn = read_mentions(index, own, inner, (focus, true), lang);
    let ask = turn.ask.ok()?;
    let left = turn.reader.words_left(&ask);
    let timed = has_window(&ask);
    let best = |ask: Ask| ItemSet { start: Start::Best(Box::new(ask)), ..ItemSet::default() };
    let set = match ask {
        Ask::Items(of, Want::TopRows { field, n, desc, place, .. }) => {
            best(Ask::Items(of, Want::TopRows { field, n, desc, place, fields: Vec::new() }))
        }
        Ask::Items(set, Want::List(_) | Want::Fields(_))
            if plain && !set.is_all() && set.named().is_none() =>
        {
            set
        }
        ask => ask_set(ask, best)?,
    };
    Some((set, timed, left))
}

fn ask_set(ask: Ask, best: impl Fn(Ask) -> ItemSet) -> Option<ItemSet> {
    match &ask {
        Ask::Items(_, Want::TopGroups { .. } | Want::GroupsThat { .. }) => Some(best(ask)),
        Ask::Records(_, Want::TopGroups { by, .. } | Want::GroupsThat { by, .. }) => by
            .first()
            .is_some_and(|b| by.len() == 1 && (b == "ci" || b.starts_with("ci.")))
            .then(|| best(ask)),
        Ask::Metric(_, MetricWant::Top { .. } | MetricWant::Over { .. }) => Some(best(ask)),
        Ask::Edges { top, having, by, .. } => {
            let ends = matches!(by.as_deref(), Some("source" | "target"));
            (ends && (top.is_some() || having.is_some())).then(|| best(ask))
        }
        Ask::Items(set, Want::List(fields)) if fields.is_empty() && !set.is_plain() => Some(set.clone()),
        _ => None,
    }
}

/// What fails, where it is described: `if the database of MES goes down`, `MES의 DB가 죽으면`.
fn failing(mentions: &[Mention], lang: Lang) -> Option<(usize, usize)> {
    // `which services fail if … goes down`: the one behind the condition.
    let from = match lang {
        Lang::Ko => 0,
        Lang::En => {
            mentions
                .iter()
                .rposition(|m| matches!(m.words.as_str(), "if" | "when" | "once" | "should" | "case"))?
                + 1
        }
    };
    let down = from + mentions.get(from..)?.iter().position(|m| m.is(W::Down) && !m.named())?;
    let item = |m: &Mention| {
        m.senses.iter().any(|(s, n)| matches!(s, Sense::Item(_)) && *n >= 3)
            && m.words.contains(['-', '_', '.'])
    };
    let to = down;
    let phrase = mentions.get(from..to)?;
    // Names by themselves are read as they are.
    (phrase.iter().any(names_kind) && !phrase.iter().any(item) && !phrase.iter().any(|m| m.set.is_some()))
        .then_some((from, to))
}

fn has_window(ask: &Ask) -> bool {
    match ask {
        Ask::Records(set, _) | Ask::Newest { set, .. } => set.window.is_some(),
        Ask::Metric(set, _) => set.window.is_some(),
        Ask::Items(set, _) => {
            set.with.iter().any(|w| w.records.window.is_some())
                || set.without.iter().any(|r| r.window.is_some())
        }
        _ => false,
    }
}

/// A kind, or a word for systems, which may be a field only.
fn names_head(m: &Mention, system: Option<&str>) -> bool {
    names_kind(m)
        || m.senses.iter().any(|(s, n)| matches!(s, Sense::Field(f) if *n >= 2 && Some(f.as_str()) == system))
            && !m.senses.iter().any(|(s, n)| matches!(s, Sense::Value(..) | Sense::Item(_)) && *n >= 3)
}

fn names_kind(m: &Mention) -> bool {
    m.senses.iter().any(|(s, n)| matches!(s, Sense::Kind(_)) && *n >= 2)
        || m.is(W::Thing) && m.senses.len() == 1 && m.words != "것" && m.words != "ones" && m.words != "one"
}

fn names_record(m: &Mention) -> bool {
    m.senses.iter().any(|(s, n)| matches!(s, Sense::Rec(_) | Sense::RecValue(..)) && *n >= 2)
}

/// What can be asked of something named: a kind, a field, a relation, records, a metric.
fn content(m: &Mention) -> bool {
    let quiet = m
        .senses
        .iter()
        .any(|(s, _)| matches!(s, Sense::Word(W::Count | W::List | W::Name | W::Code | W::Value)));
    m.set.is_some()
        || !quiet
            && m.senses.iter().any(|(s, n)| {
                *n >= 2
                    && matches!(
                        s,
                        Sense::Kind(_)
                            | Sense::Field(_)
                            | Sense::RecField(..)
                            | Sense::Rec(_)
                            | Sense::Rel { .. }
                            | Sense::Metric(_)
                            | Sense::Value(..)
                            | Sense::RecValue(..)
                    )
            })
        // `어디에 있어`, not `어디야`.
        || m.is(W::Where) && (m.josa.contains(&Josa::At) || m.words.ends_with('에') || m.words == "where")
}

/// Endings of a Korean clause that describes the noun behind it.
fn describes(m: &Mention) -> bool {
    const VERBS: &[&str] = &[
        "발생한",
        "있는",
        "있었던",
        "있던",
        "난",
        "났던",
        "생긴",
        "받은",
        "받았던",
        "했던",
        "된",
        "한",
        "수행한",
        "수행된",
        "진행한",
        "진행된",
        "없는",
        "없었던",
        "없던",
        "넘는",
        "넘은",
        "이상인",
        "이하인",
        "나온",
        "겪은",
        "당한",
        "발생했던",
        "일어난",
        "생겼던",
        "거친",
        "끝난",
    ];
    VERBS.contains(&m.words.as_str())
        || m.any(&[W::Never, W::Ge, W::Le, W::Gt, W::Lt])
            && !m.words.is_ascii()
            && !m.josa.contains(&Josa::Subject)
}

fn korean(mentions: &[Mention], system: Option<&str>) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let n = mentions.len();
    let linked = |h: usize| {
        let m = &mentions[h];
        let case = m.case();
        let place = mentions.get(h + 1).is_some_and(|x| x.is(W::PrepOn) && !x.words.is_ascii());
        let among = mentions.get(h + 1).is_some_and(|x| x.words.starts_with('중') || x.words == "가운데");
        case.is_some_and(|j| !matches!(j, Josa::Plain | Josa::Only))
            || place
            || among
            || m.josa.is_empty()
                && mentions
                    .get(h + 1)
                    .is_some_and(|x| x.senses.iter().any(|(s, n)| matches!(s, Sense::Field(_)) && *n >= 2))
    };
    for i in 0..n {
        let m = &mentions[i];
        // `메모리가 가장 큰 서버의 …`
        if m.any(BEST) && i > 0 && !m.named() {
            let head = (i + 1..n.min(i + 5))
                .find(|&h| names_head(&mentions[h], system))
                .filter(|&h| mentions[i + 1..h].iter().all(|x| !x.any(BEST) || x.is(W::Filler)));
            if let Some(h) = head {
                // `디비 서버`: the last of several nouns is the head.
                let h = if mentions[h].josa.is_empty() && mentions.get(h + 1).is_some_and(names_kind) {
                    h + 1
                } else {
                    h
                };
                let asks = mentions[..i].iter().any(content);
                // `제일 큰 서버랑 제일 작은 서버`: side by side.
                let paired = mentions[h].josa.contains(&Josa::With)
                    && mentions[h + 1..].iter().any(|x| x.any(BEST) && !x.named());
                if asks && !paired && linked(h) && mentions[h + 1..].iter().any(content) {
                    out.push((0, h + 1));
                }
            }
        }
        // `심각도 5 이벤트가 발생한 서버의 …`
        if describes(m) && mentions[..=i].iter().any(names_record) {
            let head =
                (i + 1..n.min(i + 4)).find(|&h| names_kind(&mentions[h]) && !names_record(&mentions[h]));
            if let Some(h) = head
                && linked(h)
                && mentions[h + 1..].iter().any(content)
                && !mentions[i + 1..].iter().any(names_record)
            {
                out.push((0, h + 1));
            }
        }
    }
    out
}

fn english(mentions: &[Mention], system: Option<&str>) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let n = mentions.len();
    let joint = |m: &Mention| m.senses.iter().all(|(s, _)| matches!(s, Sense::Word(_)));
    for h in 1..n {
        if !names_head(&mentions[h], system) {
            continue;
        }
        let with = mentions.get(h + 1).is_some_and(|m| {
            m.is(W::PrepWith) && matches!(m.words.as_str(), "with" | "having")
                || matches!(m.words.as_str(), "that" | "which" | "who")
        });
        if !with {
            continue;
        }
        let best = (h + 2..n.min(h + 6)).find(|&k| mentions[k].any(BEST));
        let record = (h + 2..n.min(h + 8)).any(|k| names_record(&mentions[k]));
        if best.is_none() && !record {
            continue;
        }
        if best.is_some_and(|k| mentions[h + 2..k].iter().any(|m| m.named() && !joint(m))) {
            continue;
        }
        // The noun with what stands before it.
        let mut from = h;
        while from > 0 && {
            let m = &mentions[from - 1];
            matches!(m.words.as_str(), "the" | "a" | "all")
                || m.senses.iter().any(|(s, n)| matches!(s, Sense::Value(..)) && *n >= 2)
                || m.number.is_some()
        } {
            from -= 1;
        }
        let before = &mentions[..from];
        let asks = |m: &Mention| content(m) || m.number.is_some();
        // The end: a verb or a sign, or the end of the question.
        let mut to = best.map_or(h + 2, |k| k + 1);
        while to < n {
            let m = &mentions[to];
            let relation = m.senses.iter().any(|(s, _)| matches!(s, Sense::Rel { .. }))
                && !m.senses.iter().any(|(s, n)| {
                    matches!(s, Sense::Rec(_) | Sense::Metric(_) | Sense::Concept(_)) && *n >= 1
                });
            let verb = matches!(
                m.words.as_str(),
                "have" | "has" | "had" | "is" | "are" | "run" | "runs" | "located"
            ) && to > h + 3;
            // `… written in`, `… owned by`: a verb whose object is asked for.
            let dangling = m.words.contains(' ')
                && (m.words.ends_with(" in") || m.words.ends_with(" by"))
                && mentions[to + 1..].iter().all(|x| x.sign.is_some());
            if m.sign.is_some() || dangling || relation || verb || m.any(&[W::Then]) && m.words != "only" {
                break;
            }
            to += 1;
        }
        let behind = mentions[to..].iter().any(content);
        if before.iter().any(asks) || behind && from > 0 {
            out.push((from, to));
        }
    }
    out
}
