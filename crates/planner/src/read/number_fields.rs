//! Which field a number belongs to.

use model::schema::{FieldDef, FieldRole, FieldType};

use super::{
    Domain, Part, Reader,
    units::{normal_unit, unit_is_certain},
};
use crate::lexicon::W;

impl Reader<'_> {
    /// The one text field of the kinds named that has this very value; only what is written like a version counts.
    pub(super) fn field_with_value(&self, words: &str) -> Option<String> {
        if !words.contains('.') {
            return None;
        }
        let mut kinds = self.kinds_named();
        if kinds.is_empty() {
            let of = |p: &Part| match p {
                Part::Value(f, v) => Some((f.clone(), v.clone())),
                _ => None,
            };
            let (f, v) = self.parts.iter().find_map(of)?;
            let has =
                |x: &&crate::vocabulary::Item| x.fields.get(&f).and_then(|y| y.as_str()) == Some(v.as_str());
            kinds.extend(self.index.vocabulary().items.iter().find(has).map(|x| x.kind.clone()));
        }
        let mut found = self.index.catalogue().fields.iter().filter(|f| {
            f.r#type == FieldType::Text
                && f.values.iter().any(|v| v == words)
                && super::parts::kinds_have(self.index, &kinds, &f.key)
        });
        match (found.next(), found.next()) {
            (Some(f), None) => Some(f.key.clone()),
            _ => None,
        }
    }

    /// `32 cores and 256 GB of memory`: a number whose unit, or the field behind it, is another's.
    pub(super) fn says_another(&self, i: usize, unit: &str, field: &str) -> bool {
        let behind = if unit.is_empty() { i + 1 } else { i + 2 };
        let named = match self.parts.get(behind) {
            Some(Part::Field(list)) => !list.iter().any(|f| f == field),
            Some(Part::RecField(f)) => f != field,
            _ => false,
        };
        named || self.by_unit(unit).is_some_and(|(_, f)| f != field)
    }

    /// The field a number belongs to: beside it, or told by its unit. True for a field of the records.
    pub(super) fn field_of_number(&self, i: usize, unit: &str, compared: bool) -> Option<(bool, String)> {
        let pick = |j: usize| -> Option<(bool, String)> {
            match &self.parts[j] {
                Part::RecField(f) => Some((true, f.clone())),
                Part::Field(list) => Some((false, self.pick_field(list))),
                _ => None,
            }
        };
        let by_unit = self.by_unit(unit);
        if let Some(found) = &by_unit
            && unit_is_certain(unit)
        {
            // A field named beside it that has this unit is meant more precisely.
            return Some(found.clone());
        }
        if let Some(next) = self.mentions.get(i + 1)
            && let Some(found) = pick(i + 1)
            && (next.words.is_ascii() || !next.spaced || self.mentions[i].josa.is_empty())
            && i.checked_sub(1).is_none_or(|p| pick(p).is_none())
        {
            let textual = !found.0 && self.index.field(&found.1).is_some_and(|f| f.r#type == FieldType::Text);
            if !textual {
                return Some(found);
            }
        }
        let mut j = i;
        let most = if compared { 6 } else { 3 };
        while j > 0 && i - j < most {
            j -= 1;
            if let Some(found) = pick(j) {
                return Some(found);
            }
            let m = &self.mentions[j];
            let other_number = self.parts[j] == Part::Number && !compared;
            if other_number
                || matches!(m.sign, Some(',' | '(' | ')'))
                || self.parts[j].is_thing()
                || self.parts[j] == Part::Rec
            {
                break;
            }
        }
        by_unit.filter(|_| compared || unit_is_certain(unit))
    }

    pub(super) fn by_unit(&self, unit: &str) -> Option<(bool, String)> {
        let unit = normal_unit(unit)?;
        if let Domain::Record(kind) = self.domain
            && matches!(unit, "min" | "h")
            && let Some(f) = self.index.rec_role(kind, FieldRole::Duration)
        {
            return Some((true, f.key.clone()));
        }
        let fits = |f: &&FieldDef| {
            normal_unit(&f.unit) == Some(unit)
                || f.unit.is_empty()
                    && f.r#type == FieldType::Number
                    && [format!("_{unit}"), format!("_{unit}s")]
                        .iter()
                        .any(|end| f.key.to_lowercase().ends_with(end))
        };
        let mut found = self.index.catalogue().fields.iter().filter(fits);
        match (found.next(), found.next()) {
            (Some(f), None) => Some((false, f.key.clone())),
            (Some(f), Some(_)) => {
                // Several fields of this unit: the one whose kinds are named.
                let kinds = self.kinds_named();
                let better = self
                    .index
                    .catalogue()
                    .fields
                    .iter()
                    .filter(fits)
                    .find(|f| !kinds.is_empty() && super::parts::kinds_have(self.index, &kinds, &f.key));
                Some((false, better.unwrap_or(f).key.clone()))
            }
            _ => None,
        }
    }

    /// The field of several of the same name that the things named have.
    pub fn pick_field(&self, list: &[String]) -> String {
        let kinds = self.kinds_named();
        list.iter()
            .find(|f| !kinds.is_empty() && super::parts::kinds_have(self.index, &kinds, f))
            .or(list.first())
            .cloned()
            .unwrap_or_default()
    }

    /// Kinds of everything named in the question.
    pub fn kinds_named(&self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let mut add = |k: &str| {
            if !out.iter().any(|o| o == k) {
                out.push(k.to_owned());
            }
        };
        let specific = self
            .parts
            .iter()
            .any(|p| matches!(p, Part::Items(_) | Part::Set(_) | Part::Kinds(_) | Part::Prefix(_)));
        for p in &self.parts {
            match p {
                Part::Kinds(kinds) => kinds.iter().for_each(|k| add(k)),
                Part::Items(codes) => {
                    for c in codes {
                        if let Some(item) = self.index.item_by_code(c) {
                            add(&item.kind);
                        }
                    }
                }
                Part::Set(set) => self.kinds_of(set).iter().for_each(|k| add(k)),
                Part::Prefix(prefix) => {
                    for item in &self.index.vocabulary().items {
                        if item.code.to_lowercase().starts_with(prefix.as_str()) {
                            add(&item.kind);
                            break;
                        }
                    }
                }
                Part::System { item: Some(code), .. } if !specific => {
                    if let Some(item) = self.index.item_by_code(code) {
                        add(&item.kind);
                    }
                }
                _ => {}
            }
        }
        if out.is_empty()
            && let Some(set) = &self.focus.set
            && self.has_any(&[W::Those, W::It, W::About, W::Then])
        {
            out = set.kinds();
            if let Some(codes) = set.named() {
                out.extend(codes.iter().filter_map(|c| self.index.item_by_code(c)).map(|x| x.kind.clone()));
            }
        }
        out
    }

    pub(super) fn metric_scale(&self, value: f64, unit: &str) -> f64 {
        let metric = self.best_metric().and_then(|m| self.index.catalogue().metrics.get(m));
        match (metric.map(|m| m.unit.as_str()), unit) {
            (Some("s"), "ms" | "밀리초") => value / 1000.0,
            (Some("ms"), "s" | "초" | "sec" | "seconds") => value * 1000.0,
            (Some("MiB" | "Mi"), "gb" | "gib" | "gi" | "기가") => value * 1024.0,
            _ => value,
        }
    }
}
