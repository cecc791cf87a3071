//! What a mention is taken for, once it is known what the question is about.

use model::schema::FieldRole;

use super::{Domain, Reader};
use crate::{
    dictionary::Sense,
    lexicon::{W, relations::Turn},
    logic::ItemSet,
    scan::Mention,
    vocabulary::Index,
};

/// What a mention was taken for.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Items by name.
    Items(Vec<String>),
    /// Items a phrase inside the question names (`메모리가 가장 큰 서버`).
    Set(ItemSet),
    /// Items whose code begins like this.
    Prefix(String),
    /// A value of the field that tells the system, and the item that stands for it.
    System {
        /// Field.
        field: String,
        /// Value.
        value: String,
        /// The item.
        item: Option<String>,
    },
    /// Kinds of items.
    Kinds(Vec<String>),
    /// A value of a field of items.
    Value(String, String),
    /// The kind of record of the question.
    Rec,
    /// A value of a field of the records of the question.
    RecValue(String, String),
    /// A field of the records.
    RecField(String),
    /// Fields of items it may be, the likeliest first.
    Field(Vec<String>),
    /// A metric by its whole name.
    Metric(usize),
    /// A part of the name of a metric.
    Concept(String),
    /// Relations.
    Rel {
        /// Family.
        family: String,
        /// Types.
        types: Vec<String>,
        /// How it turns them.
        turn: Turn,
        /// Named by key or label.
        exact: bool,
    },
    /// An attribute nothing in the estate has.
    Attribute,
    /// A number.
    Number,
    /// A sign.
    Sign,
    /// An expression of time.
    Time,
    /// A word of the lexicon.
    Word,
    /// Not known.
    Unknown,
}

impl Part {
    /// True for something that names items, kinds or values.
    pub fn is_thing(&self) -> bool {
        matches!(
            self,
            Self::Items(_)
                | Self::Set(_)
                | Self::Prefix(_)
                | Self::System { .. }
                | Self::Kinds(_)
                | Self::Value(..)
        )
    }
}

/// Words that keep their meaning whatever else the mention may name.
pub(super) const FIRM: &[W] =
    &[W::Each, W::Count, W::Latest, W::Most, W::Those, W::Who, W::When, W::Down, W::Never];

impl Reader<'_> {
    /// Decides every mention.
    pub fn take_parts(&mut self) {
        let parts: Vec<Part> = (0..self.mentions.len()).map(|i| self.part(i)).collect();
        self.parts = parts;
        self.used = vec![false; self.parts.len()];
    }

    fn part(&self, i: usize) -> Part {
        let m = &self.mentions[i];
        if let Some(set) = &m.set {
            return Part::Set(set.as_ref().clone());
        }
        if m.time.is_some() {
            return Part::Time;
        }
        if m.sign.is_some() {
            return Part::Sign;
        }
        if m.number.is_some() {
            return Part::Number;
        }
        if let Some(prefix) = &m.prefix {
            return Part::Prefix(prefix.clone());
        }
        if m.senses.is_empty() {
            return Part::Unknown;
        }
        if super::domain::value_beside_field(&self.mentions, i)
            && !m.senses.iter().any(|(s, n)| matches!(s, Sense::Item(_)) && *n >= 3)
            && let Some((f, v)) = m.senses.iter().find_map(|(s, n)| match s {
                Sense::Value(f, v) if *n >= 3 => Some((f, v)),
                _ => None,
            })
            && self.index.role(FieldRole::System).is_none_or(|s| s.key != *f)
        {
            return Part::Value(f.clone(), v.clone());
        }
        let best = |test: &dyn Fn(&Sense) -> bool| {
            m.senses.iter().filter(|(s, _)| test(s)).map(|(_, n)| *n).max().unwrap_or(0)
        };
        let word = m.senses.iter().any(|(s, _)| matches!(s, Sense::Word(_)));
        let items = best(&|s| matches!(s, Sense::Item(_)));
        if items >= 2 || (items == 1 && !word && self.weak_item_fits(m)) {
            let codes =
                m.senses.iter().filter(|(s, n)| matches!(s, Sense::Item(_)) && *n == items).filter_map(
                    |(s, _)| match s {
                        Sense::Item(i) => self.index.item(*i).map(|x| x.code.clone()),
                        _ => None,
                    },
                );
            let codes: Vec<String> = codes.collect();
            // A system by its name is what belongs to it as well; by its code it is the item.
            if let [code] = codes.as_slice()
                && crate::text::squash(code) != crate::text::squash(&m.words)
                && let Some(part) = self.system_of_code(code)
            {
                return part;
            }
            return Part::Items(codes);
        }
        if let Domain::Metric = self.domain
            && let Some(part) = self.metric_part(i)
        {
            return part;
        }
        if let Some(part) = self.system_part(m) {
            return part;
        }
        if let Some(part) = self.system_word(m) {
            return part;
        }
        if let Domain::Record(kind) = self.domain
            && let Some(part) = self.record_part(i, kind)
        {
            return part;
        }
        if FIRM.iter().any(|w| m.is(*w)) && best(&|s| !matches!(s, Sense::Word(_))) < 3 {
            return Part::Word;
        }
        let rel = self.rel_part(m);
        // `servers that host a database`: behind a relative pronoun it is the verb.
        let verb = i > 0
            && m.words.is_ascii()
            && rel.is_some()
            && (i > 1 && self.mentions[i - 1].is(W::That) && !self.mentions[i - 1].is(W::Which)
                || self.mentions[i - 1].words == "to");
        let kinds = if verb { 0 } else { best(&|s| matches!(s, Sense::Kind(_))) };
        let fields = best(&|s| matches!(s, Sense::Field(_)));
        let values = best(&|s| matches!(s, Sense::Value(..)));
        if let Some((part, n, exact)) = rel.clone()
            && (exact || n > kinds.max(values))
            && (fields < 2 || exact || self.beside_thing(i))
        {
            return part;
        }
        let own_field = fields >= 2 && kinds < 4 && (self.named_items_have(m) || self.other_kinds_have(i));
        if kinds > 0 && kinds >= values && !own_field {
            let mut list: Vec<String> = Vec::new();
            for (s, n) in &m.senses {
                if let Sense::Kind(k) = s
                    && *n == kinds
                {
                    list.extend(k.iter().filter(|k| !list.contains(k)).cloned().collect::<Vec<_>>());
                }
            }
            return Part::Kinds(list);
        }
        if values > 0 && values >= fields && !(word && values < 2) {
            let mut found: Vec<(&String, &String)> = m
                .senses
                .iter()
                .filter_map(|(s, n)| match s {
                    Sense::Value(f, v) if *n == values => Some((f, v)),
                    _ => None,
                })
                .collect();
            found.sort_by_key(|(f, _)| self.field_rank(f));
            if let Some((f, v)) = found.first() {
                return Part::Value((*f).clone(), (*v).clone());
            }
        }
        // `배포된 소프트웨어`: behind a relation a general word is what is reached.
        let reached = m.is(W::Thing)
            && fields < 4
            && i > 0
            && self.mentions[i - 1].senses.iter().any(|(s, _)| matches!(s, Sense::Rel { .. }));
        if fields > 0 && !(word && fields < 2) && !reached {
            // Of equal ones first the field whose own name has the word in it.
            let group = crate::dictionary::group_of(&m.words);
            let names =
                |f: &str| crate::text::words(f).iter().any(|w| *w == m.words || group.contains(&w.as_str()));
            let mut list: Vec<(u8, bool, String)> = m
                .senses
                .iter()
                .filter_map(|(s, n)| match s {
                    Sense::Field(f) => Some((9 - n, !names(f), f.clone())),
                    _ => None,
                })
                .collect();
            list.sort();
            return Part::Field(list.into_iter().map(|(.., f)| f).collect());
        }
        if let Some((part, _, _)) = rel {
            return part;
        }
        if word {
            return Part::Word;
        }
        if items == 1 {
            return Part::Word;
        }
        if m.senses.iter().all(|(s, _)| matches!(s, Sense::Attribute | Sense::Concept(_)))
            && m.senses.iter().any(|(s, _)| *s == Sense::Attribute)
        {
            return Part::Attribute;
        }
        match m.senses.first() {
            Some((Sense::Concept(c), _)) => Part::Concept(c.clone()),
            _ => Part::Word,
        }
    }

    /// The relations a mention names: one type when its key was written, else all that the word may mean.
    fn rel_part(&self, m: &Mention) -> Option<(Part, u8, bool)> {
        let rels = m.senses.iter().filter_map(|(s, n)| match s {
            Sense::Rel { family, types, turn, exact } => Some((family, types, *turn, *exact, *n)),
            _ => None,
        });
        let strength = rels.clone().map(|r| r.4).max()?;
        let written = m.words.contains('_');
        if let Some((family, types, turn, ..)) = rels.clone().find(|r| r.3 && written) {
            return Some((
                Part::Rel { family: family.clone(), types: types.clone(), turn, exact: true },
                strength,
                true,
            ));
        }
        // The word of a family knows how it turns; names of types only add theirs.
        let (family, _, turn, ..) =
            rels.clone().find(|r| !r.3).or_else(|| rels.clone().max_by_key(|r| r.4))?;
        let mut all: Vec<String> = Vec::new();
        for (_, types, ..) in rels {
            all.extend(types.iter().filter(|t| !all.contains(t)).cloned().collect::<Vec<_>>());
        }
        Some((Part::Rel { family: family.clone(), types: all, turn, exact: false }, strength, false))
    }

    /// An item named in the question has the field this mention may name.
    fn named_items_have(&self, m: &Mention) -> bool {
        let fields: Vec<&String> = m
            .senses
            .iter()
            .filter_map(|(s, n)| match s {
                Sense::Field(f) if *n >= 2 => Some(f),
                _ => None,
            })
            .collect();
        self.mentions.iter().flat_map(|o| o.senses.iter()).any(|(s, n)| match s {
            Sense::Item(i) if *n >= 3 => self.index.item(*i).is_some_and(|x| fields.iter().any(|f| x.fields.get(f.as_str()).is_some_and(|v| !v.is_null()))),
            _ => false,
        }) && !m.senses.iter().any(|(s, _)| matches!(s, Sense::Field(f) if self.index.field(f).is_some_and(|d| d.role == Some(FieldRole::System))))
    }

    /// Another kind is named that has the field this mention may name, and no relation joins the two kinds.
    fn other_kinds_have(&self, i: usize) -> bool {
        let links = &self.index.vocabulary().links;
        let own: Vec<&String> = self.mentions[i]
            .senses
            .iter()
            .filter_map(|(s, _)| match s {
                Sense::Kind(k) => Some(k),
                _ => None,
            })
            .flatten()
            .collect();
        let fields = self.mentions[i].senses.iter().filter_map(|(s, n)| match s {
            Sense::Field(f) if *n >= 2 => Some(f),
            _ => None,
        });
        let system = self.index.role(FieldRole::System).map(|f| f.key.as_str());
        let fields: Vec<&String> = fields.filter(|f| Some(f.as_str()) != system).collect();
        let others: Vec<&String> = self
            .mentions
            .iter()
            .enumerate()
            .filter(|(k, _)| *k != i)
            .flat_map(|(_, m)| m.senses.iter())
            .filter_map(|(s, n)| match s {
                Sense::Kind(k) if *n >= 3 => Some(k),
                _ => None,
            })
            .flatten()
            .filter(|k| !own.contains(k))
            .collect();
        let joined = links.iter().any(|l| {
            own.contains(&&l.source) && others.contains(&&l.target)
                || own.contains(&&l.target) && others.contains(&&l.source)
        });
        !links.is_empty()
            && !joined
            && others.iter().any(|k| fields.iter().any(|f| self.index.kind_has(k, f)))
            && !own.iter().any(|k| fields.iter().any(|f| self.index.kind_has(k, f)))
    }

    /// A short form of a code stands for the item where metrics or items are asked about.
    fn weak_item_fits(&self, m: &Mention) -> bool {
        !m.senses.iter().any(|(s, n)| {
            *n >= 2
                && matches!(
                    s,
                    Sense::Kind(_) | Sense::Field(_) | Sense::Value(..) | Sense::Rec(_) | Sense::Metric(_)
                )
        })
    }

    fn field_rank(&self, field: &str) -> u8 {
        match self.index.field(field).and_then(|f| f.role) {
            Some(FieldRole::System) => 0,
            Some(_) => 1,
            None => 2,
        }
    }

    fn system_part(&self, m: &Mention) -> Option<Part> {
        let field = &self.index.role(FieldRole::System)?.key;
        let kinds = m.senses.iter().any(|(s, n)| matches!(s, Sense::Kind(_)) && *n >= 3);
        m.senses.iter().find_map(|(s, n)| match s {
            Sense::Value(f, v) if f == field && *n >= 2 && !kinds => {
                let item = self.index.systems.get(&crate::text::squash(v)).and_then(|&i| self.index.item(i));
                Some(Part::System { field: f.clone(), value: v.clone(), item: item.map(|i| i.code.clone()) })
            }
            _ => None,
        })
    }

    /// The system an item stands for.
    fn system_of_code(&self, code: &str) -> Option<Part> {
        let field = &self.index.role(FieldRole::System)?.key;
        let item = self.index.item_by_code(code)?;
        let value = item.fields.get(field)?.as_str()?;
        let stands = self.index.systems.get(&crate::text::squash(value)).and_then(|&i| self.index.item(i));
        (stands?.code == item.code).then(|| Part::System {
            field: field.clone(),
            value: value.to_owned(),
            item: Some(item.code.clone()),
        })
    }

    /// The word for a system itself: its kinds, whatever values are spelled the same.
    fn system_word(&self, m: &Mention) -> Option<Part> {
        let field = &self.index.role(FieldRole::System)?.key;
        let names = m.senses.iter().any(|(s, n)| matches!(s, Sense::Field(f) if f == field) && *n >= 3);
        if !names {
            return None;
        }
        let kinds = m.senses.iter().find_map(|(s, _)| match s {
            Sense::Kind(k) => Some(k.clone()),
            _ => None,
        });
        kinds.map(Part::Kinds)
    }

    fn metric_part(&self, i: usize) -> Option<Part> {
        let m = &self.mentions[i];
        let kinds = m.senses.iter().any(|(s, n)| matches!(s, Sense::Kind(_)) && *n >= 2);
        let relation = m.senses.iter().any(|(s, _)| matches!(s, Sense::Rel { .. }));
        let narrows = self
            .mentions
            .get(i + 1)
            .is_some_and(|n| n.senses.iter().any(|(s, _)| matches!(s, Sense::Concept(_) | Sense::Metric(_))));
        if relation
            && !narrows
            && !m.senses.iter().any(|(s, _)| matches!(s, Sense::Concept(c) if c == "usage"))
        {
            return None;
        }
        if let Some((Sense::Metric(k), n)) =
            m.senses.iter().filter(|(s, _)| matches!(s, Sense::Metric(_))).max_by_key(|(_, n)| *n)
            && *n >= 2
        {
            return Some(Part::Metric(*k));
        }
        let mut concepts: Vec<&String> = m
            .senses
            .iter()
            .filter_map(|(s, _)| match s {
                Sense::Concept(c) => Some(c),
                _ => None,
            })
            .collect();
        concepts.sort_by_key(|c| std::cmp::Reverse(c.len()));
        let firm =
            m.any(&[W::Count, W::Each, W::When, W::Those, W::Max, W::Min, W::Avg, W::Sample, W::Thing]);
        match concepts.first() {
            // `느린` ranks, and names what is measured as well.
            Some(c) if !kinds && (!firm || c.as_str() == "latency") => Some(Part::Concept((*c).clone())),
            Some(c) if kinds && self.side_of_metric(i) => Some(Part::Concept((*c).clone())),
            _ => None,
        }
    }

    /// `server latency`, `서버 지연`: a kind that narrows a metric.
    fn side_of_metric(&self, i: usize) -> bool {
        self.mentions.get(i + 1).is_some_and(|n| {
            n.spaced
                && n.senses.iter().any(|(s, _)| {
                    matches!(s, Sense::Metric(_))
                        || matches!(s, Sense::Concept(c) if !matches!(c.as_str(), "usage"|"rate"))
                })
                || n.words == "측"
                || n.words == "side"
        }) && !self.mentions[i].josa.iter().any(|j| !matches!(j, crate::text::hangul::Josa::Plain))
    }

    fn beside_thing(&self, i: usize) -> bool {
        let thing = |j: Option<usize>| {
            j.and_then(|j| self.mentions.get(j)).is_some_and(|m| {
                m.prefix.is_some()
                    || m.senses.iter().any(|(s, n)| matches!(s, Sense::Item(_) | Sense::Kind(_)) && *n >= 2)
            })
        };
        thing(i.checked_sub(1)) || thing(Some(i + 1)) || thing(i.checked_sub(2))
    }
}

/// True when some item of the kinds has the field.
pub fn kinds_have(index: &Index, kinds: &[String], field: &str) -> bool {
    kinds.is_empty() || kinds.iter().any(|k| index.kind_has(k, field))
}
