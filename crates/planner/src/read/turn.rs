//! One turn of a conversation: from text to logical form, and what it leaves for the next.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Domain, Focus, Reader, Trouble, domain, embed, language};
use crate::{
    dictionary::Sense,
    lexicon::W,
    logic::Ask,
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
    let text = &super::time_words::mended(index, text);
    let text = &super::hyphens::apart(index, text);
    let (text, named) = super::gloss::aside(index, text);
    let text = &super::ranked_by::turned(index, &text);
    let atoms = atoms(text);
    let covers: Vec<_> = index
        .catalogue()
        .records
        .iter()
        .filter_map(|r| r.covers)
        .chain(index.catalogue().metrics.iter().filter_map(|m| m.covers))
        .collect();
    let mut times = time::read(&atoms, Frame { as_of, tz, covers: &covers });
    neighbours(&mut times, focus);
    times.carried = super::carried::carry(&atoms, &mut times, focus);
    let mut mentions = scan(index, &atoms, &times.atoms);
    super::gloss::narrow(&mut mentions, &named);
    super::again::once(&mut mentions);
    let lang = language(text);
    // The name of a zone says nothing else.
    for (from, to) in times.silent.clone() {
        for m in mentions.iter_mut().filter(|m| m.from >= from && m.to <= to && m.time.is_none()) {
            m.senses = vec![(Sense::Word(W::Filler), 2)];
            m.number = None;
        }
    }
    if lang == model::Lang::En {
        // `was` in an English sentence is the verb, unless it is written like an acronym.
        for m in mentions
            .iter_mut()
            .filter(|m| !m.capital && m.words.len() <= 3 && m.any(&[W::Is, W::PrepOn, W::PrepOf, W::And]))
        {
            m.senses.retain(|(s, _)| matches!(s, Sense::Word(_)));
        }
    }
    let since = super::since::take(index, &mut mentions, &mut times, lang);
    if let Some(turn) = embed::whose(index, &mentions, &times, focus, lang).filter(|_| since.is_none()) {
        return turn;
    }
    let (mentions, times, found) = embed::embed(index, mentions, times, focus, lang);
    let mut turn = read_mentions(index, mentions, times, (focus, false), lang);
    turn.reader.why.splice(0..0, found.why);
    turn.reader.left = found.left;
    if let Some(since) = since {
        super::since::apply(&mut turn, since);
    }
    turn
}

/// `그 전날`, `the day before`: beside the period asked about last.
fn neighbours(times: &mut time::Times, focus: &Focus) {
    let Some(last) = focus.window.as_ref() else { return };
    let (Some(from), Some(to)) = (last.from, last.to) else { return };
    for w in &mut times.windows {
        let words = w.words.replace(' ', "");
        let days = (to - from).num_days();
        let on =
            matches!(words.as_str(), "다음날" | "이튿날" | "익일" | "nextday" | "followingday" | "dayafter");
        if on && days == 1 {
            (w.from, w.to) = (Some(to), Some(to + (to - from)));
            continue;
        }
        let back = matches!(
            words.as_str(),
            "전날" | "전주" | "전월" | "전달" | "daybefore" | "weekbefore" | "monthbefore"
        );
        let fits = match words.as_str() {
            "전날" | "daybefore" => days == 1,
            "전주" | "weekbefore" => days == 7,
            _ => (28..=31).contains(&days),
        };
        if !back || !fits {
            continue;
        }
        if days >= 28 {
            w.from = from.checked_sub_months(chrono::Months::new(1));
            w.to = Some(from);
        } else {
            w.from = Some(from - (to - from));
            w.to = Some(from);
        }
    }
}

/// `두 시간`, `세 번 이상`: numbers in words before a counter.
fn numerals(mentions: &mut [Mention]) {
    // `hom many`: a misspelt `how`.
    for i in 1..mentions.len() {
        if mentions[i].words == "many" && mentions[i - 1].unknown() && mentions[i - 1].words.len() <= 4 {
            mentions[i].senses = vec![(Sense::Word(W::Count), 2)];
        }
    }
    for i in 1..mentions.len() {
        // `how mny`: the same of the other word.
        if mentions[i - 1].words == "how"
            && mentions[i].unknown()
            && crate::text::similar::distance(&mentions[i].words, "many", 1).is_some()
        {
            mentions[i].senses = vec![(Sense::Word(W::Count), 2)];
        }
    }
    const WORDS: [&str; 10] = ["한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열"];
    for i in 0..mentions.len() {
        // `다섯개만`: written in one word.
        if mentions[i].unknown() {
            let word = mentions[i].words.clone();
            let counted = WORDS.iter().enumerate().find(|(_, w)| {
                word.strip_prefix(**w).is_some_and(|rest| {
                    ["개", "대", "건", "번", "곳", "명", "가지", "군데"].iter().any(|c| rest.starts_with(c))
                })
            });
            // `한번` is said of one time as such.
            if let Some((n, _)) = counted.filter(|_| word != "한번") {
                mentions[i].number = Some((f64::from(u32::try_from(n + 1).unwrap_or(1)), String::new()));
                continue;
            }
        }
        let Some(n) = WORDS.iter().position(|w| *w == mentions[i].words) else { continue };
        let Some(next) = mentions.get(i + 1) else { continue };
        let word = next.words.as_str();
        let counter = ["시간", "분", "대", "개", "건", "번", "회", "곳", "명", "가지", "차례", "달", "주"]
            .contains(&word);
        if counter && mentions[i].number.is_none() && !next.words.starts_with("번째") {
            let value = u32::try_from(n + 1).unwrap_or(1);
            mentions[i].number = Some((f64::from(value), String::new()));
            mentions[i].senses.clear();
        }
    }
}

/// What the build of a sentence says of words that are not known: `X 나가면`, `if X goes belly up` is a failure, and what
/// lies between two items is a path.
fn structure(mentions: &mut [Mention]) {
    let item = |m: &Mention| m.senses.iter().any(|(s, n)| *n >= 2 && matches!(s, Sense::Item(_)));
    let items = mentions.iter().filter(|m| item(m)).count();
    for i in 1..mentions.len() {
        let ko = mentions[i].unknown()
            && mentions[i].words.ends_with('면')
            && mentions[i].words.chars().count() >= 2
            && item(&mentions[i - 1]);
        let en = i >= 2
            && mentions[i].unknown()
            && item(&mentions[i - 1])
            && (1..=3).any(|d| i > d && matches!(mentions[i - 1 - d].words.as_str(), "if" | "should"));
        if ko || en {
            mentions[i].senses = vec![(Sense::Word(W::Down), 2)];
        }
        // `A에서 B까지 어떻게 가`
        let ends = items == 2
            && item(&mentions[i])
            && mentions[i].josa.contains(&crate::text::hangul::Josa::Until)
            && mentions[..i].iter().any(|m| item(m) && m.case().is_some());
        if ends && !mentions.iter().any(|m| m.any(&[W::Path, W::Hops])) {
            let how = (i + 1..mentions.len()).find(|&k| !item(&mentions[k]) && mentions[k].sign.is_none());
            if let Some(how) = how.filter(|&k| mentions[k].number.is_none() && mentions[k].time.is_none()) {
                mentions[how].senses.push((Sense::Word(W::Path), 2));
            }
        }
        let between = matches!(mentions[i].words.as_str(), "between" | "사이" | "사이에" | "중간" | "중간에");
        if between && items == 2 && mentions.len() <= 9 && mentions[i].time.is_none() {
            mentions[i].senses.push((Sense::Word(W::Path), 2));
        }
    }
}

/// Reads a phrase that is scanned already.
pub(super) fn read_mentions<'a>(
    index: &'a Index,
    mentions: Vec<Mention>,
    times: time::Times,
    (focus, phrase): (&'a Focus, bool),
    lang: model::Lang,
) -> Turn<'a> {
    let mut mentions = mentions;
    numerals(&mut mentions);
    super::amounts::join(&mut mentions);
    super::phrases::settle(&mut mentions);
    structure(&mut mentions);
    let clock = times.windows.iter().any(|w| w.clock_only);
    let domain = choose_domain(index, &mentions, &times, clock, focus);
    let mut reader = Reader {
        index,
        mentions,
        parts: Vec::new(),
        times,
        domain,
        lang,
        focus,
        used: Vec::new(),
        item_conditions: Vec::new(),
        rec_conditions: Vec::new(),
        value_conditions: Vec::new(),
        how_many: None,
        by_items: false,
        amount: None,
        left: Vec::new(),
        pointed: None,
        wide: false,
        phrase,
        several: None,
        place_only: false,
        turned_over: false,
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
    let ask = match reader.check().map(|()| if phrase { None } else { reader.routed() }) {
        Err(trouble) => Err(trouble),
        Ok(Some(routed)) => routed,
        Ok(None) => reader.check_meaning().and_then(|()| match reader.domain {
            Domain::Items => reader.read_items(),
            Domain::Record(kind) => reader.read_records(kind),
            Domain::Metric => reader.read_metric(),
        }),
    };
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
    // `서버 몇 대야`: machines are counted, whatever was asked before.
    let machines = mentions
        .iter()
        .any(|m| m.is(W::Count) && matches!(m.words.replace(' ', "").as_str(), "몇대" | "대수"))
        && mentions.iter().any(|m| m.senses.iter().any(|(s, n)| *n >= 2 && matches!(s, Sense::Kind(_))));
    let topic = mentions.iter().any(|m| m.any(&[W::Those, W::It, W::About, W::Then]));
    if machines && !topic && own == Domain::Items {
        return own;
    }
    // `그 팀이 마지막으로 작업한 것`: records of the kind whose teams were ranked.
    if let Some(Ask::Records(old, crate::logic::Want::TopGroups { by, .. })) = &focus.ask
        && let [field] = by.as_slice()
        && let Domain::Record(kind) = own
        && kind != old.kind
        && index.rec_field(kind, field).is_none()
        && pointed_group(index, mentions, field).is_some()
    {
        return Domain::Record(old.kind);
    }
    if !focus.any || domain::explicit_record(index, mentions).is_some() {
        return own;
    }
    if times.carried
        && let Some(before) = domain::domain_of(focus)
    {
        return before;
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
        // `그 시간 최대는?`: the word for a duration names no records when samples were asked about.
        Some(Domain::Metric)
            if matches!(own, Domain::Record(_))
                && pointing
                && mentions.len() <= 6
                && !mentions.iter().any(|m| {
                    m.senses.iter().any(|(s, n)| *n >= 2 && matches!(s, Sense::Rec(_) | Sense::RecValue(..)))
                }) =>
        {
            Domain::Metric
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

/// A pronoun before a word for what a field names (`그 팀`, `that person`).
pub(super) fn pointed_group(index: &Index, mentions: &[Mention], field: &str) -> Option<usize> {
    (0..mentions.len()).find(|&i| {
        let noun = mentions.get(i + 1).is_some_and(|m| {
            m.senses.iter().any(|(s, _)| match s {
                Sense::RecField(_, f) => f == field,
                Sense::Field(f) => {
                    index.field(f).is_some_and(|d| d.role == Some(model::schema::FieldRole::Owner))
                }
                _ => false,
            }) || matches!(
                m.words.as_str(),
                "사람" | "분" | "person" | "guy" | "one" | "유형" | "종류" | "type"
            )
        });
        mentions[i].any(&[W::It, W::Those]) && noun
    })
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
