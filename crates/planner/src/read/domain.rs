//! What a question is about: items, records of a kind, or a metric.

use std::collections::BTreeSet;

use super::Focus;
use crate::{
    dictionary::{Sense, concept},
    lexicon::{W, terms::MODIFIERS},
    logic::Ask,
    scan::Mention,
    text::words,
    vocabulary::Index,
};

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Domain {
    /// Items and relations.
    Items,
    /// Records of a kind.
    Record(usize),
    /// A metric.
    Metric,
}

/// Decides it.
pub fn domain(index: &Index, mentions: &[Mention], windows: bool, clock: bool) -> Domain {
    let explicit = explicit_record(index, mentions);
    if let Some(kind) = explicit {
        return Domain::Record(kind);
    }
    let implied = implied_record(index, mentions).filter(|k| !own_field(index, mentions, *k));
    if is_metric(index, mentions, windows, clock) {
        // A rate of success is one of records when fields of records stand beside it.
        let found = concepts(mentions);
        let rate_only = found.iter().all(|c| !head(c) || c == "success rate");
        return match implied {
            Some(kind) if rate_only || valued(index, mentions, kind) => Domain::Record(kind),
            _ => Domain::Metric,
        };
    }
    implied.or_else(|| troubled(index, mentions)).map_or(Domain::Items, Domain::Record)
}

/// `app-1 소스 레포`: a field of the item that is named, and no value of the records.
fn own_field(index: &Index, mentions: &[Mention], kind: usize) -> bool {
    let named = |f: &str| {
        mentions.iter().flat_map(|m| m.senses.iter()).any(|(s, n)| match s {
            Sense::Item(i) => {
                *n >= 3 && index.item(*i).is_some_and(|x| x.fields.get(f).is_some_and(|v| !v.is_null()))
            }
            _ => false,
        })
    };
    let valued = mentions
        .iter()
        .any(|m| m.senses.iter().any(|(s, n)| *n >= 2 && matches!(s, Sense::RecValue(k, ..) if *k == kind)));
    let field = |m: &Mention| {
        m.senses.iter().any(|(s, n)| matches!(s, Sense::Field(f) if *n >= 2 && named(f)))
            && !m.senses.iter().any(|(s, n)| matches!(s, Sense::RecField(k, _) if *k == kind && *n >= 3))
    };
    !valued && mentions.iter().any(field)
}

/// `요즘 제일 말썽인 서버`: trouble is counted in events.
fn troubled(index: &Index, mentions: &[Mention]) -> Option<usize> {
    let ranked = |m: &Mention| m.is(W::Trouble) && m.any(&[W::Most, W::Fewest]);
    // What is in trouble has to be said: `the most problematic one` names nothing.
    let what = mentions.iter().any(|m| {
        m.senses.iter().any(|(s, n)| {
            *n >= 2 && matches!(s, Sense::Kind(_) | Sense::Value(..) | Sense::Item(_) | Sense::Field(_))
        }) || m.is(W::Thing)
            && !matches!(
                m.words.as_str(),
                "one" | "ones" | "thing" | "things" | "것" | "놈" | "애들" | "대상"
            )
            || m.set.is_some()
    });
    if !what || !mentions.iter().any(ranked) {
        return None;
    }
    let events = |r: &model::schema::RecordKind| r.count > 0 && r.role == model::schema::RecordRole::Event;
    index.catalogue().records.iter().position(events)
}

/// A value of the records is named, and nothing that is measured: `carl이 요청한 것`.
fn valued(index: &Index, mentions: &[Mention], kind: usize) -> bool {
    let value = mentions.iter().any(|m| {
        m.senses.iter().any(|(s, n)| *n >= 3 && matches!(s, Sense::RecValue(k, ..) if *k == kind))
            && !m.senses.iter().any(|(s, _)| matches!(s, Sense::Word(_) | Sense::Concept(_) | Sense::Item(_)))
    });
    value && !measured_named(index, mentions)
}

/// A metric, or an item that is measured, is named.
fn measured_named(index: &Index, mentions: &[Mention]) -> bool {
    mentions.iter().any(|m| {
        m.senses.iter().any(|(s, n)| match s {
            Sense::Item(i) => {
                let only =
                    *n >= 1 && m.senses.iter().all(|(s, _)| matches!(s, Sense::Item(_) | Sense::Concept(_)));
                (*n >= 2 || only)
                    && index.item(*i).is_some_and(|item| {
                        index.vocabulary().measured.values().any(|list| list.contains(&item.code))
                    })
            }
            Sense::Metric(_) => *n >= 2,
            _ => false,
        })
    })
}

/// A kind of record that is named.
pub fn explicit_record(index: &Index, mentions: &[Mention]) -> Option<usize> {
    let mut found: Vec<(usize, u8, usize)> = Vec::new();
    for (at, m) in mentions.iter().enumerate() {
        // A word that names an item or a kind of item first is no kind of record.
        let other = m
            .senses
            .iter()
            .filter(|(s, _)| matches!(s, Sense::Item(_) | Sense::Kind(_)))
            .map(|(_, n)| *n)
            .max()
            .unwrap_or(0);
        // `state 점검`: the value of a field that stands beside it.
        if value_beside_field(mentions, at) {
            continue;
        }
        for (s, n) in &m.senses {
            if let Sense::Rec(k) = s
                && *n > other
                && !(m.fuzzy && *n < 2)
            {
                found.push((*k, *n, at));
            }
        }
    }
    if found.is_empty() {
        return None;
    }
    // A generic word (`작업`, `work`) beside another kind belongs to that one.
    let strongest = found.iter().map(|(_, n, _)| *n).max()?;
    let mut best: Option<(i32, usize)> = None;
    for (k, n, at) in &found {
        let support = field_support(mentions, *k);
        let generic = index.catalogue().records.get(*k).is_some_and(|r| {
            matches!(r.role, model::schema::RecordRole::Change)
                && mentions.get(*at).is_some_and(|m| m.words.chars().count() <= 4)
        });
        let score = i32::from(*n == strongest) * 6 + i32::from(*n) * 2 + support
            - if generic { 9 } else { 0 }
            - i32::try_from(*at).unwrap_or(0) / 8;
        if best.is_none_or(|(b, _)| score > b) {
            best = Some((score, *k));
        }
    }
    let best = best.map(|(_, k)| k)?;
    // `패치 작업`: a value only another kind has, beside a word that any kind may be called by.
    let generic = index
        .catalogue()
        .records
        .get(best)
        .is_some_and(|r| matches!(r.role, model::schema::RecordRole::Change))
        && found.iter().all(|(k, _, at)| *k != best || mentions[*at].words.chars().count() <= 4);
    if generic && field_support(mentions, best) == 0 {
        let valued = |k: usize| {
            mentions.iter().any(|m| {
                m.senses.iter().any(|(s, n)| matches!(s, Sense::RecValue(x, ..) if *x == k) && *n >= 2)
                    && !m.senses.iter().any(|(s, _)| matches!(s, Sense::RecValue(x, ..) if *x == best))
            })
        };
        if let Some(other) = (0..index.catalogue().records.len()).find(|&k| k != best && valued(k)) {
            return Some(other);
        }
    }
    Some(best)
}

/// The mention may name a value of a field of items, and the name of that field stands beside it.
pub fn value_beside_field(mentions: &[Mention], at: usize) -> bool {
    let fields: Vec<&String> = mentions[at]
        .senses
        .iter()
        .filter_map(|(s, n)| match s {
            Sense::Value(f, _) if *n >= 3 => Some(f),
            _ => None,
        })
        .collect();
    let named = |k: Option<usize>| {
        k.and_then(|k| mentions.get(k)).is_some_and(|m| {
            m.senses.iter().any(|(s, n)| matches!(s, Sense::Field(f) if *n >= 2 && fields.contains(&f)))
        })
    };
    if fields.is_empty() {
        return false;
    }
    // `state is not X`, `state A and X`
    let mut k = at;
    while k > 0 && at - k < 4 {
        k -= 1;
        if named(Some(k)) {
            return true;
        }
        let m = &mentions[k];
        let passing = m.any(&[W::Is, W::Not, W::And, W::Or, W::Filler]) && !m.named()
            || m.senses
                .iter()
                .any(|(s, n)| matches!(s, Sense::Value(f, _) if *n >= 2 && fields.contains(&f)));
        if !passing {
            break;
        }
    }
    named(Some(at + 1))
}

fn field_support(mentions: &[Mention], kind: usize) -> i32 {
    mentions
        .iter()
        .map(|m| {
            m.senses
                .iter()
                .map(|(s, n)| match s {
                    Sense::RecField(k, _) | Sense::RecValue(k, ..) if *k == kind && *n >= 2 => 2,
                    _ => 0,
                })
                .max()
                .unwrap_or(0)
        })
        .sum()
}

/// A kind of record that follows from its fields and values.
fn implied_record(index: &Index, mentions: &[Mention]) -> Option<usize> {
    let mut best: Option<(f32, usize)> = None;
    for k in 0..index.catalogue().records.len() {
        let mut score = 0.0;
        for m in mentions {
            let elsewhere = m.senses.iter().any(|(s, n)| {
                matches!(
                    s,
                    Sense::Field(_) | Sense::Kind(_) | Sense::Value(..) | Sense::Item(_) | Sense::Rel { .. }
                ) && *n >= 2
            });
            let word = m.senses.iter().any(|(s, _)| matches!(s, Sense::Word(w) if *w != W::History));
            let mut own: f32 = 0.0;
            for (s, n) in &m.senses {
                own = own.max(match s {
                    Sense::RecValue(kk, ..) if *kk == k && *n >= 2 => 3.0,
                    Sense::RecField(kk, _) if *kk == k && *n >= 2 => 2.0,
                    Sense::RecField(kk, _) if *kk == k => 0.4,
                    _ => 0.0,
                });
            }
            if word {
                own *= 0.2;
            } else if elsewhere {
                own *= 0.3;
            }
            score += own;
        }
        let history = mentions.iter().any(|m| m.is(W::History));
        if history && score > 0.0 {
            score += 1.0;
        }
        if score >= 1.9 && best.is_none_or(|(b, _)| score > b + 0.01) {
            best = Some((score, k));
        }
    }
    best.map(|(_, k)| k)
}

/// Concepts a question names.
pub fn concepts(mentions: &[Mention]) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for m in mentions {
        for (s, _) in &m.senses {
            if let Sense::Concept(c) = s {
                out.insert(c.clone());
                for word in words(c) {
                    out.insert(concept(&word));
                }
            }
        }
    }
    out
}

/// True when a concept can name a metric alone.
pub fn head(concept: &str) -> bool {
    !MODIFIERS.contains(&concept)
}

fn is_metric(index: &Index, mentions: &[Mention], windows: bool, clock: bool) -> bool {
    if index.catalogue().metrics.is_empty() {
        return false;
    }
    // A metric named in full; `CPU` alone may also be a part of the name of a field.
    let whole = mentions.iter().any(|m| {
        m.senses.iter().any(|(s, n)| matches!(s, Sense::Metric(_)) && *n >= 2)
            && !m
                .senses
                .iter()
                .any(|(s, _)| matches!(s, Sense::Field(_) | Sense::RecField(..) | Sense::Rel { .. }))
    });
    if whole {
        return true;
    }
    let found = concepts(mentions);
    // `호출하는`, `calls` may be a relation; then they name no metric.
    let sampled = mentions.iter().any(|m| m.is(W::Sample));
    let relation = |c: &str| {
        !sampled
            && mentions.iter().any(|m| {
                m.senses
                    .iter()
                    .any(|(s, n)| matches!(s, Sense::Rel { .. }) || *n >= 2 && matches!(s, Sense::Kind(_)))
                    && m.senses.iter().any(|(s, _)| matches!(s, Sense::Concept(x) if x == c))
            })
    };
    // `median`, `average`: a reduction names no metric.
    let operation = |c: &str| {
        // `느린` ranks and names what is measured as well.
        if c == "latency" {
            return false;
        }
        let mut of = mentions
            .iter()
            .filter(|m| m.senses.iter().any(|(s, _)| matches!(s, Sense::Concept(x) if x == c)))
            .peekable();
        of.peek().is_some() && of.all(|m| m.any(&[W::Median, W::Avg, W::Sum, W::Max, W::Min]))
    };
    // `요청자`, `requester`: the name of a field of records, whatever metric has a like word in its name.
    let fielded = |c: &str| {
        let mut of = mentions
            .iter()
            .filter(|m| m.senses.iter().any(|(s, _)| matches!(s, Sense::Concept(x) if x == c)))
            .peekable();
        of.peek().is_some()
            && of.all(|m| m.senses.iter().any(|(s, n)| *n >= 3 && matches!(s, Sense::RecField(..))))
    };
    let heads: Vec<&String> =
        found.iter().filter(|c| head(c) && !relation(c) && !operation(c) && !fielded(c)).collect();
    let networks = found.contains("network")
        && (found.contains("receive") || found.contains("transmit") || found.contains("bytes"));
    // `frontend p99`: a percentile of something that is measured.
    let percentile = ["p50", "p90", "p95", "p99"]
        .iter()
        .any(|p| found.contains(*p) && index.concepts.iter().any(|own| own.contains(*p)))
        && (windows || measured_named(index, mentions));
    if percentile {
        return true;
    }
    if heads.is_empty() && !networks && !found.contains("success rate") {
        return false;
    }
    // Only concepts of metrics that exist.
    let real = index.concepts.iter().any(|own| {
        heads.iter().any(|h| own.contains(*h))
            || networks && own.contains("network")
            || found.contains("success rate") && own.contains("success")
    });
    if !real {
        return false;
    }
    // A field of items of the same name is meant when the things named have it and nothing speaks of measuring.
    let field_too = mentions.iter().any(|m| {
        m.senses.iter().any(|(s, n)| matches!(s, Sense::Field(_)) && *n >= 1)
            && m.senses.iter().any(|(s, _)| matches!(s, Sense::Concept(c) if head(c)))
    });
    if field_too {
        let measuring = ["usage", "rate", "usage rate", "latency", "p50", "p90", "p95", "p99"]
            .iter()
            .any(|c| found.contains(*c))
            || clock
            || (windows
                && !mentions.iter().any(|m| m.senses.iter().any(|(s, _)| matches!(s, Sense::Kind(_)))));
        let owns = mentions.iter().any(|m| {
            m.senses.iter().any(|(s, n)| {
                *n >= 2
                    && match s {
                        Sense::Item(i) => index.item(*i).is_some_and(|x| {
                            fields_named(mentions).iter().any(|f| index.kind_has(&x.kind, f))
                        }),
                        Sense::Kind(kinds) => {
                            kinds.iter().any(|k| fields_named(mentions).iter().any(|f| index.kind_has(k, f)))
                        }
                        _ => false,
                    }
            })
        });
        let measured = mentions.iter().any(|m| {
            m.senses.iter().any(|(s, n)| {
                *n >= 1
                    && match s {
                        Sense::Item(i) => index.item(*i).is_some_and(|x| {
                            !fields_named(mentions).iter().any(|f| index.kind_has(&x.kind, f))
                        }),
                        Sense::Kind(kinds) if *n >= 2 => {
                            kinds.iter().all(|k| !fields_named(mentions).iter().any(|f| index.kind_has(k, f)))
                        }
                        _ => false,
                    }
            })
        });
        // `메모리 64GB 이상인 서버`: a size of the item itself.
        let sized = mentions.iter().enumerate().any(|(i, m)| {
            let unit = m.number.as_ref().map(|(_, u)| u.clone()).filter(|u| !u.is_empty());
            let next = mentions.get(i + 1).map(|n| n.words.clone()).unwrap_or_default();
            m.number.is_some()
                && matches!(
                    unit.unwrap_or(next).as_str(),
                    "gb" | "tb"
                        | "g"
                        | "기가"
                        | "테라"
                        | "코어"
                        | "core"
                        | "cores"
                        | "기가바이트"
                        | "테라바이트"
                )
        });
        if owns && sized {
            return false;
        }
        if owns {
            // A mean that ranks single items is one over time, where only a part of a field's name was said (`CPU`).
            let partial = mentions.iter().all(|m| {
                !m.senses.iter().any(|(s, _)| matches!(s, Sense::Concept(c) if head(c)))
                    || !m.senses.iter().any(|(s, n)| matches!(s, Sense::Field(_)) && *n >= 2)
            });
            let said = |words: &[W]| mentions.iter().any(|m| m.any(words));
            if partial && said(&[W::Avg]) && said(&[W::Max, W::Min, W::Most, W::Fewest, W::Top]) {
                return true;
            }
            return measuring && found.iter().any(|c| matches!(c.as_str(), "usage" | "rate" | "usage rate"));
        }
        return measuring || measured;
    }
    true
}

fn fields_named(mentions: &[Mention]) -> Vec<&str> {
    mentions
        .iter()
        .flat_map(|m| m.senses.iter())
        .filter_map(|(s, _)| match s {
            Sense::Field(f) => Some(f.as_str()),
            _ => None,
        })
        .collect()
}

/// The concepts in the name of a metric.
pub fn metric_concepts(metric: &model::schema::MetricDef) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut names = vec![metric.key.as_str(), &metric.label.en];
    // A synonym in Hangul repeats the others; a header may say more than a short key.
    names.extend(metric.synonyms.iter().map(String::as_str).filter(|s| !crate::text::has_hangul(s)));
    if names.iter().all(|n| n.is_empty()) {
        names.push(&metric.label.ko);
    }
    for name in names {
        for word in words(name) {
            out.insert(concept(&word));
        }
    }
    if metric.label.en.is_empty() && crate::text::has_hangul(&metric.label.ko) {
        for word in words(&metric.label.ko) {
            let c = concept(&word);
            for part in words(&c) {
                out.insert(concept(&part));
            }
            out.insert(c);
        }
    }
    out
}

/// The kind of record of the last question, for a question that goes on.
pub fn domain_of(focus: &Focus) -> Option<Domain> {
    match focus.ask.as_ref()? {
        Ask::Records(set, _) | Ask::Newest { set, .. } => Some(Domain::Record(set.kind)),
        Ask::Metric(..) => Some(Domain::Metric),
        _ => Some(Domain::Items),
    }
}
