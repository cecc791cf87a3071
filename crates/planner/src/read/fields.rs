//! Fields of items a question asks for.

use model::schema::{FieldRole, FieldType};

use super::{Domain, Part, Reader, Trouble};
use crate::{dictionary::Sense, lexicon::W, logic::ItemSet};

impl Reader<'_> {
    pub(super) fn is_number(&self, field: &str) -> bool {
        self.index.field(field).is_some_and(|f| f.r#type == FieldType::Number)
    }

    pub(super) fn distinct_meant(&self) -> bool {
        self.mentions.iter().any(|m| {
            matches!(
                m.words.as_str(),
                "종류"
                    | "different"
                    | "distinct"
                    | "unique"
                    | "kinds"
                    | "몇 종"
                    | "몇종"
                    | "서로 다른"
                    | "종"
                    | "가지"
                    | "몇 가지"
            )
        })
    }

    /// Fields asked for, each with its candidates; conditions and groups have taken theirs before.
    pub fn take_fields(&mut self) -> Vec<Vec<String>> {
        let mut out: Vec<Vec<String>> = Vec::new();
        for i in 0..self.parts.len() {
            if self.used[i] {
                continue;
            }
            let found = match &self.parts[i] {
                Part::Field(list) => Some(list.clone()),
                Part::Kinds(_) => self.kind_as_field(i),
                _ => None,
            };
            if let Some(list) = found {
                self.used[i] = true;
                let (w, l) = (self.words(i).to_owned(), list.first().cloned().unwrap_or_default());
                self.because(&w, "field", l);
                if !out.contains(&list) {
                    out.push(list);
                }
            }
        }
        let role = |r: FieldRole| self.index.role(r).map(|f| f.key.clone());
        // `who calls X?`: the one at the other end of the relation.
        let related =
            self.place(W::Who).is_some_and(|w| matches!(self.parts.get(w + 1), Some(Part::Rel { .. })));
        // `whose ip starts with …`: what follows belongs to the thing before.
        let whose = self.mentions.iter().position(|m| m.words == "whose").is_some_and(|i| {
            i > 0
                && matches!(self.parts.get(i + 1), Some(Part::Field(_) | Part::Attribute) | Some(Part::Word))
                && !self.mentions.iter().any(|m| m.is(W::Who) && m.words != "whose")
                && self.item_conditions.iter().any(|(at, _)| *at > i)
        });
        if self.has(W::Who)
            && !whose
            && !related
            && let Some(owner) = role(FieldRole::Owner)
            && !out.iter().any(|l| l.contains(&owner))
        {
            out.push(vec![owner]);
        }
        if self.has(W::Where)
            && !self.has_any(&[W::Down, W::Impact])
            && let Some(place) = role(FieldRole::Location)
            && !out.iter().any(|l| l.contains(&place))
            && !self.has_any(&[W::Most, W::Fewest, W::Max, W::Min, W::Top, W::Bottom])
            && !self.parts.iter().any(|p| matches!(p, Part::Rel { .. }))
        {
            out.push(vec![place]);
        }
        out
    }

    /// `어느 시스템 소속`: a kind that is also a field, asked for of something named.
    pub(super) fn kind_as_field(&self, i: usize) -> Option<Vec<String>> {
        let m = &self.mentions[i];
        let fields: Vec<String> = m
            .senses
            .iter()
            .filter_map(|(s, n)| match s {
                Sense::Field(f) if *n >= 2 => Some(f.clone()),
                _ => None,
            })
            .collect();
        if fields.is_empty() {
            return None;
        }
        let asked = |k: Option<usize>| k.and_then(|k| self.mentions.get(k)).is_some_and(|m| m.is(W::Which));
        let of_what = self.parts.iter().enumerate().any(|(k, p)| {
            k != i && (matches!(p, Part::Items(_) | Part::Set(_) | Part::Rec | Part::Kinds(_)))
        });
        let rel = self.parts.iter().any(|p| matches!(p, Part::Rel { family, .. } if family != "compose"));
        let belongs = self.parts.iter().any(|p| matches!(p, Part::Rel { family, .. } if family == "compose"));
        let superlative = self.has_any(&[W::Most, W::Max, W::Min, W::Fewest]);
        // `postgres 쓰는 DB의 시스템`: at the end, belonging to a kind.
        let owned = i > 0
            && i + 2 >= self.parts.len()
            && matches!(self.parts[i - 1], Part::Kinds(_) | Part::Items(_) | Part::Set(_))
            && self.mentions[i - 1].case() == Some(crate::text::hangul::Josa::Of)
            && !superlative;
        if owned {
            return Some(fields);
        }
        ((asked(i.checked_sub(1))
            && of_what
            && !rel
            && (belongs || superlative || self.parts.iter().any(|p| matches!(p, Part::Items(_))))
            || asked(i.checked_sub(1)) && self.parts.iter().any(|p| matches!(p, Part::Items(_))) && !rel)
            && !(superlative && matches!(self.domain, Domain::Items) && !belongs))
            .then_some(fields)
    }

    /// Of the candidates the field that the items have.
    pub fn field_for(&self, candidates: &[String], set: &ItemSet) -> String {
        let kinds = self.kinds_of(set);
        let has = |f: &&String| {
            if let Some(codes) = set.named() {
                return codes
                    .iter()
                    .filter_map(|c| self.index.item_by_code(c))
                    .any(|item| item.fields.get(f.as_str()).is_some_and(|v| !v.is_null()));
            }
            super::parts::kinds_have(self.index, &kinds, f)
        };
        let found = candidates.iter().find(has);
        // Items that are named by their address have no field for it.
        let address = |f: &&String| self.index.field(f).is_some_and(|d| d.role == Some(FieldRole::Address));
        if found.is_none() && candidates.iter().any(|f| address(&f)) && !kinds.is_empty() {
            let numeric =
                |c: &str| c.split('.').count() == 4 && c.chars().all(|c| c.is_ascii_digit() || c == '.');
            let mut of = self.index.vocabulary().items.iter().filter(|x| kinds.contains(&x.kind)).peekable();
            if of.peek().is_some() && of.all(|x| numeric(&x.code)) {
                return "code".to_owned();
            }
        }
        found.or(candidates.first()).cloned().unwrap_or_default()
    }

    /// A field that no item of the set has is said to be missing, never replaced.
    pub(super) fn check_fields(&self, fields: &[String], set: &ItemSet) -> Result<(), Trouble> {
        let kinds = self.kinds_of(set);
        if kinds.is_empty() {
            return Ok(());
        }
        for f in fields {
            if !super::parts::kinds_have(self.index, &kinds, f) {
                return Err(self.unknown_field(self.label_of(f), set));
            }
        }
        Ok(())
    }

    /// How a field is called in the language of the question.
    pub fn label_of(&self, key: &str) -> String {
        self.index.field(key).map_or(key.to_owned(), |f| {
            let label = f.label.get(self.lang);
            if label.is_empty() { key.to_owned() } else { label.to_owned() }
        })
    }

    pub(super) fn unknown_field(&self, words: String, set: &ItemSet) -> Trouble {
        let kinds = self.kinds_of(set);
        let has = self
            .index
            .catalogue()
            .fields
            .iter()
            .filter(|f| super::parts::kinds_have(self.index, &kinds, &f.key))
            .map(|f| self.label_of(&f.key))
            .collect();
        let of = set.named().map(<[String]>::to_vec).unwrap_or(kinds);
        Trouble::UnknownField { words, of, has }
    }

    /// An attribute that is asked for and that nothing has.
    pub(super) fn missing_attribute(&self, set: &ItemSet) -> Option<Trouble> {
        let named = set.named().is_some() || !set.is_all();
        let at = self.parts.iter().position(|p| *p == Part::Attribute);
        if let Some(i) = at
            && named
        {
            return Some(self.unknown_field(self.words(i).to_owned(), set));
        }
        None
    }
}
