//! One turn of a conversation: from text to logical form, and what it leaves for the next.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Domain, Focus, Part, Reader, Trouble, domain, language};
use crate::{
    dictionary::Sense,
    lexicon::W,
    logic::{Ask, ItemSet, Start, Want},
    scan::{Mention, scan},
    text::atoms::atoms,
    time::{self, Frame},
    vocabulary::Index,
};

/// A turn that was read.
pub struct Turn<'a> {
    /// The reader, with its parts and reasons.
    pub reader: Reader<'a>,
    /// What is asked.
    pub ask: Result<Ask, Trouble>,
}

/// Reads one turn.
pub fn read<'a>(index: &'a Index, text: &str, focus: &'a Focus, as_of: DateTime<Utc>, tz: Tz) -> Turn<'a> {
    let atoms = atoms(text);
    let covers: Vec<_> = index
        .catalogue()
        .records
        .iter()
        .filter_map(|r| r.covers)
        .chain(index.catalogue().metrics.iter().filter_map(|m| m.covers))
        .collect();
    let times = time::read(&atoms, Frame { as_of, tz, covers: &covers });
    let mut mentions = scan(index, &atoms, &times.atoms);
    if language(text) == model::Lang::En {
        // `was` in an English sentence is the verb, unless it is written like an acronym.
        for m in mentions
            .iter_mut()
            .filter(|m| !m.capital && m.words.len() <= 3 && m.any(&[W::Is, W::PrepOn, W::PrepOf, W::And]))
        {
            m.senses.retain(|(s, _)| matches!(s, Sense::Word(_)));
        }
    }
    let clock = times.windows.iter().any(|w| w.clock_only);
    let domain = choose_domain(index, &mentions, &times, clock, focus);
    let mut reader = Reader {
        index,
        mentions,
        parts: Vec::new(),
        times,
        domain,
        lang: language(text),
        focus,
        used: Vec::new(),
        item_conditions: Vec::new(),
        rec_conditions: Vec::new(),
        value_conditions: Vec::new(),
        how_many: None,
        by_items: false,
        amount: None,
        place_only: false,
        why: Vec::new(),
    };
    reader.take_parts();
    reader.number_names();
    reader.take_conditions();
    for i in 0..reader.times.windows.len() {
        let w = reader.times.windows[i].clone();
        let show =
            |t: Option<DateTime<Utc>>| t.map_or("…".to_owned(), |t| t.format("%Y-%m-%d %H:%M").to_string());
        reader.because(&w.words, "time", format!("{} – {} UTC", show(w.from), show(w.to)));
    }
    let ask = reader.check().and_then(|()| match reader.domain {
        Domain::Items => reader.read_items(),
        Domain::Record(kind) => reader.read_records(kind),
        Domain::Metric => reader.read_metric(),
    });
    Turn { reader, ask }
}

fn choose_domain(
    index: &Index,
    mentions: &[Mention],
    times: &time::Times,
    clock: bool,
    focus: &Focus,
) -> Domain {
    let own = domain::domain(index, mentions, !times.windows.is_empty(), clock);
    if !focus.any || domain::explicit_record(index, mentions).is_some() {
        return own;
    }
    let pointing = mentions.iter().any(|m| m.any(&[W::Those, W::It, W::About]))
        || mentions.first().is_some_and(|m| m.any(&[W::Then, W::And]));
    let strong = |test: &dyn Fn(&Sense) -> bool| {
        mentions.iter().any(|m| m.senses.iter().any(|(s, n)| *n >= 2 && test(s)))
    };
    let foreign = mentions.iter().any(|m| {
        m.senses.iter().any(|(s, n)| *n >= 2 && matches!(s, Sense::Field(_) | Sense::Rel { .. }))
            && !m.senses.iter().any(|(s, _)| {
                matches!(s, Sense::RecField(..) | Sense::RecValue(..) | Sense::Word(_) | Sense::Kind(_))
            })
    }) || mentions.iter().any(|m| m.any(&[W::Impact, W::Path, W::Hops, W::Where]));
    match domain::domain_of(focus) {
        Some(Domain::Record(k)) => {
            let of_kind =
                strong(&|s| matches!(s, Sense::RecField(kk, _) | Sense::RecValue(kk, ..) if *kk == k));
            let short = mentions.len() <= 12;
            if foreign {
                return own;
            }
            let who = mentions.iter().any(|m| m.is(W::Who))
                && !of_kind
                && focus.set.as_ref().is_some_and(|s| !s.is_plain());
            if who && own == Domain::Items && mentions.iter().any(|m| m.is(W::It)) {
                return own;
            }
            if of_kind
                || short
                    && own != Domain::Metric
                    && (pointing
                        || !times.windows.is_empty()
                        || own == Domain::Items && goes_on_bare(mentions))
            {
                return Domain::Record(k);
            }
            own
        }
        // Another quantity of the same items (`메모리는?`).
        Some(Domain::Metric) if own == Domain::Items && quantity_only(mentions) => Domain::Metric,
        Some(Domain::Metric)
            if own == Domain::Items
                && !strong(&|s| matches!(s, Sense::Kind(_)))
                && !foreign
                && (pointing || !times.windows.is_empty() || goes_on_bare(mentions)) =>
        {
            Domain::Metric
        }
        _ => own,
    }
}

/// A few words without a verb of their own: a new item, a new value, a new operation.
fn goes_on_bare(mentions: &[Mention]) -> bool {
    mentions.len() <= 6
        && mentions.iter().all(|m| {
            !m.senses.iter().any(|(s, n)| *n >= 2 && matches!(s, Sense::Field(_) | Sense::Rel { .. }))
                || m.senses.iter().any(|(s, n)| *n >= 2 && matches!(s, Sense::Kind(_)))
        })
}

/// A few words that name a quantity which is measured, and no item or kind.
fn quantity_only(mentions: &[Mention]) -> bool {
    let measured = |m: &Mention| {
        m.senses.iter().any(|(s, _)| match s {
            Sense::Concept(c) => domain::head(c),
            Sense::Metric(_) => true,
            _ => false,
        })
    };
    let named =
        |m: &Mention| m.senses.iter().any(|(s, n)| *n >= 3 && matches!(s, Sense::Item(_) | Sense::Kind(_)));
    mentions.len() <= 5 && mentions.iter().any(measured) && !mentions.iter().any(named)
}

impl Reader<'_> {
    /// `ERP 서버 4번`, `MES server 3`: a kind, a system and a number are the name of an item.
    pub fn number_names(&mut self) {
        let Some(k) = self.parts.iter().position(|p| matches!(p, Part::Kinds(_))) else { return };
        let Some(s) = self.parts.iter().position(|p| matches!(p, Part::System { .. })) else { return };
        if k.abs_diff(s) != 1 {
            return;
        }
        let last = k.max(s);
        let number = (last + 1..last + 2).find(|&i| self.parts.get(i) == Some(&Part::Number));
        let Some(n) = number else { return };
        let Some((value, unit)) = self.mentions[n].number.clone() else { return };
        let plain = unit.is_empty() && value.fract() == 0.0 && value < 100.0;
        let counted = self
            .mentions
            .get(n + 1)
            .is_some_and(|m| !m.spaced && matches!(m.words.as_str(), "대" | "개" | "건" | "곳" | "코어"));
        if !plain || counted || self.comparison(n, n + 1).is_some() {
            return;
        }
        let (Part::Kinds(kinds), Part::System { field, value: system, .. }) =
            (&self.parts[k], &self.parts[s])
        else {
            return;
        };
        let found: Vec<String> = self
            .index
            .vocabulary()
            .items
            .iter()
            .filter(|item| {
                kinds.contains(&item.kind) && item.fields.get(field).and_then(|v| v.as_str()) == Some(system)
            })
            .filter(|item| {
                let digits: String = item.code.chars().filter(char::is_ascii_digit).collect();
                digits.parse::<u32>().is_ok_and(|d| f64::from(d) == value)
            })
            .map(|item| item.code.clone())
            .collect();
        if let [one] = found.as_slice() {
            let (a, b) = (k.min(s), k.max(s));
            self.parts[a] = Part::Word;
            self.parts[b] = Part::Items(vec![one.clone()]);
            self.used[n] = true;
            if let Some(josa) = self.mentions.get(n).map(|m| m.josa.clone()) {
                self.mentions[b].josa = josa;
            }
            self.used[a] = true;
        }
    }

    /// What makes a question unanswerable before it is read any further.
    fn check(&mut self) -> Result<(), Trouble> {
        if let Some(m) = self.mentions.iter().find(|m| m.unknown_code && self.looks_like_code(&m.words)) {
            return Err(Trouble::UnknownItem(m.words.clone()));
        }
        if let Some(words) = self.unknown_name() {
            return Err(Trouble::UnknownValue(words));
        }
        // A group nobody knows (`부서별`) would silently be left out.
        let each = |i: usize| {
            let w = self.words(i).trim_end_matches('로');
            self.is_each(i) || w.ends_with('별') && !matches!(w, "특별" | "개별" | "별" | "차별")
        };
        let unknown_group = (0..self.parts.len()).find(|&i| self.parts[i] == Part::Unknown && each(i));
        if let Some(i) = unknown_group {
            return Err(Trouble::UnknownValue(self.words(i).to_owned()));
        }
        if let Some(words) = self.unknown_outcome() {
            return Err(Trouble::UnknownValue(words));
        }
        if self.has(W::Future) {
            return Err(Trouble::Future);
        }
        if self.has(W::Why) {
            let about = !self.times.windows.is_empty()
                || self.parts.iter().any(|p| {
                    p.is_thing()
                        || matches!(p, Part::Rec | Part::RecValue(..) | Part::Metric(_) | Part::Concept(_))
                })
                || self.focus.any;
            return Err(if about { Trouble::RootCause } else { Trouble::NothingMeant });
        }
        let pointing = self.mentions.iter().any(|m| {
            m.any(&[W::It, W::Those])
                && !matches!(
                    m.words.as_str(),
                    "that" | "this" | "이" | "저" | "그" | "its" | "their" | "they"
                )
        });
        let named = self.parts.iter().any(|p| {
            p.is_thing()
                || matches!(
                    p,
                    Part::Rec | Part::Rel { .. } | Part::Metric(_) | Part::Concept(_) | Part::RecValue(..)
                )
        });
        if pointing && !self.focus.any && !named {
            return Err(Trouble::NothingMeant);
        }
        Ok(())
    }

    /// `실패한`, where no record of the kind ever ended so.
    fn unknown_outcome(&self) -> Option<String> {
        let Domain::Record(kind) = self.domain else { return None };
        self.index.rec_role(kind, model::schema::FieldRole::Outcome)?;
        if self.has(W::Share) {
            return None;
        }
        let failed: Vec<String> =
            crate::dictionary::group_of("failed").into_iter().map(crate::text::squash).collect();
        self.mentions.iter().enumerate().find_map(|(i, m)| {
            let plain = matches!(self.parts[i], Part::Unknown | Part::Word) && !m.is(W::Down);
            let said = failed.contains(&crate::text::squash(&m.words))
                || ["실패", "실패한", "실패된"].contains(&m.words.as_str());
            (plain && said).then(|| m.words.clone())
        })
    }

    fn looks_like_code(&self, words: &str) -> bool {
        let first = words.split(['-', '_']).next().unwrap_or_default();
        let prefix = format!("{first}-");
        let begins = |c: &str| c.get(..prefix.len()).is_some_and(|c| c.eq_ignore_ascii_case(&prefix));
        let known_prefix = first.len() >= 2
            && self.index.vocabulary().items.iter().take(5000).any(|item| begins(&item.code));
        let digits = words.chars().any(|c| c.is_ascii_digit());
        let parts = words.split(['-', '_']).count();
        known_prefix || (digits && parts >= 2 && words.chars().any(|c| c.is_ascii_alphabetic()))
    }

    /// An unknown word where the name of a system, a kind or a value has to stand.
    fn unknown_name(&self) -> Option<String> {
        for (i, m) in self.mentions.iter().enumerate() {
            if !m.unknown() || m.words.chars().count() < 2 {
                continue;
            }
            let latin = m.words.is_ascii();
            // `paymentsvc`, `orderservice`: a compound with a word for a kind.
            if latin && m.words.len() > 8 {
                for kind in &self.index.catalogue().kinds {
                    if kind.key.len() >= 5 && m.words.ends_with(&kind.key.to_lowercase()) {
                        return Some(m.words.clone());
                    }
                }
            }
            let next_kind = matches!(self.parts.get(i + 1), Some(Part::Kinds(_)));
            let before_kind = i > 0 && matches!(self.parts.get(i - 1), Some(Part::Kinds(_)));
            let field_before = i > 0
                && (matches!(self.parts.get(i - 1), Some(Part::Field(_) | Part::RecField(_)))
                    || i > 1
                        && self.mentions[i - 1].any(&[W::Is])
                        && matches!(self.parts.get(i - 2), Some(Part::Field(_) | Part::RecField(_))));
            let ko = self.lang == model::Lang::Ko;
            if crate::read::conditions::is_unit(&m.words) {
                continue;
            }
            // In English a field and a verb may stand side by side (`which type generated …`).
            let verb = m.words.ends_with("ed") || m.words.ends_with("ing") || m.words.ends_with("es");
            let field_before = field_before && (ko || !verb);
            let acronym = m.capital && (i > 0 || m.words.len() <= 4);
            if latin && (next_kind && (ko || acronym) || field_before && (m.josa.iter().any(|_| true) || !ko))
            {
                return Some(m.words.clone());
            }
            if latin && m.capital && i > 0 && before_kind && !ko {
                let link = self.mentions[i - 1].any(&[W::PrepOf, W::PrepOn]);
                if link {
                    return Some(m.words.clone());
                }
            }
            if latin
                && m.capital
                && !ko
                && i > 1
                && self.mentions[i - 1].any(&[W::PrepOf, W::PrepOn, W::PrepBy])
                && m.words.len() <= 12
            {
                return Some(m.words.clone());
            }
            if !latin
                && next_kind
                && self.parts.get(i + 1).is_some_and(|p| match p {
                    Part::Kinds(kinds) => kinds.len() > 1 && self.words(i + 1).starts_with("시스템"),
                    _ => false,
                })
            {
                return Some(m.words.clone());
            }
        }
        None
    }
}

/// Rebuilds what earlier turns were about.
pub fn focus(index: &Index, context: &[model::answer::ContextTurn], as_of: DateTime<Utc>, tz: Tz) -> Focus {
    let mut focus = Focus::default();
    let recent = context.len().saturating_sub(6);
    for turn in &context[recent..] {
        let next = {
            let turn_read = read(index, &turn.user, &focus, as_of, tz);
            let mut next = focus.clone();
            next.any = true;
            let mut named: Vec<String> = turn_read
                .reader
                .parts
                .iter()
                .flat_map(|p| match p {
                    Part::Items(codes) => codes.clone(),
                    Part::System { item, .. } => item.iter().cloned().collect(),
                    _ => Vec::new(),
                })
                .collect();
            if let Ok(ask) = turn_read.ask {
                note(&ask, &mut next);
                next.window = turn_read.reader.times.windows.first().cloned().or(next.window);
                next.ask = Some(ask);
            } else if !named.is_empty() {
                next.set = Some(ItemSet::codes(named.clone()));
            }
            let answered = items_in(index, &turn.assistant);
            named.extend(answered.iter().filter(|c| !named.contains(c)).cloned().collect::<Vec<_>>());
            named.extend(next.named.iter().filter(|c| !named.contains(c)).cloned().collect::<Vec<_>>());
            named.truncate(40);
            next.named = named;
            next.answered = answered;
            next
        };
        focus = next;
    }
    focus
}

fn note(ask: &Ask, focus: &mut Focus) {
    match ask {
        Ask::Items(set, Want::TopRows { n: 1, .. }) => {
            focus.set = Some(ItemSet { start: Start::Best(Box::new(ask.clone())), ..ItemSet::default() });
            let _ = set;
        }
        Ask::Items(set, _) => {
            focus.set = Some(set.clone());
            focus.records = None;
        }
        Ask::Records(set, want) => {
            focus.records = Some(set.clone());
            match want {
                Want::TopGroups { by, .. } if by.len() == 1 && by[0].starts_with("ci") => {
                    focus.set =
                        Some(ItemSet { start: Start::Best(Box::new(ask.clone())), ..ItemSet::default() });
                }
                _ => focus.set = set.of.clone().or(focus.set.take()),
            }
        }
        Ask::Newest { set, .. } => {
            focus.records = Some(set.clone());
            focus.set = set.of.clone().or(focus.set.take());
        }
        Ask::Metric(set, crate::logic::MetricWant::Top { n: 1, .. }) => {
            focus.set = Some(ItemSet { start: Start::Best(Box::new(ask.clone())), ..ItemSet::default() });
            let _ = set;
        }
        Ask::Metric(set, _) => focus.set = set.of.clone().or(focus.set.take()),
        Ask::Then(_, second) => note(second, focus),
        Ask::Edges { top: Some((1, _)), .. } => {
            focus.set = Some(ItemSet { start: Start::Best(Box::new(ask.clone())), ..ItemSet::default() });
        }
        Ask::Path { from, to, .. } => focus.set = Some(ItemSet::codes(vec![from.clone(), to.clone()])),
        Ask::Both(list) => {
            if let Some((_, ask)) = list.last() {
                note(ask, focus);
            }
        }
        _ => {}
    }
}

/// Codes of items in a text.
fn items_in(index: &Index, text: &str) -> Vec<String> {
    let atoms = atoms(text);
    let mut out: Vec<String> = Vec::new();
    for m in scan(index, &atoms, &[]) {
        for (s, n) in &m.senses {
            if let Sense::Item(i) = s
                && *n >= 3
                && let Some(item) = index.item(*i)
                && !out.contains(&item.code)
                && !m.fuzzy
            {
                out.push(item.code.clone());
            }
        }
    }
    out
}
