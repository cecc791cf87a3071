//! Groups: `시스템별`, `per owner`, `each`, parts of time.

use model::schema::FieldRole;

use super::{Domain, Part, Reader};
use crate::lexicon::W;

impl Reader<'_> {
    /// Takes the dimensions the question groups by.
    pub fn take_groups(&mut self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        if let Domain::Record(_) = self.domain
            && self.has(W::Avg)
        {
            let day = |m: &crate::scan::Mention| {
                matches!(m.words.as_str(), "하루" | "일평균" | "일 평균" | "매일" | "하루에")
            };
            let weekday = self.rec_conditions.iter().any(|(_, c)| c.field == "weekday");
            if let Some(i) = self.mentions.iter().position(day) {
                self.used[i] = true;
                out.push("day".to_owned());
            } else if weekday {
                out.push("day".to_owned());
            }
            for (words, part) in [
                (&["월평균", "월 평균", "한 달", "한달"][..], "month"),
                (&["주평균", "주 평균", "주간 평균", "일주일", "한 주"], "week"),
                (&["시간평균", "시간 평균", "한 시간", "한시간"], "hour"),
            ] {
                if let Some(i) = self.mentions.iter().position(|m| words.contains(&m.words.as_str())) {
                    self.used[i] = true;
                    out.push(part.to_owned());
                }
            }
        }
        for i in 0..self.mentions.len() {
            let compound = self.is_compound(i);
            // `요청자 기준 건수`: counted by it.
            let basis = self.words(i + 1) == "기준"
                && matches!(self.parts[i], Part::RecField(_) | Part::Field(_) | Part::Kinds(_))
                && self.has(W::Count)
                && !self.has_any(&[W::Most, W::Fewest, W::Max, W::Min, W::Top]);
            if !compound && !basis && !self.is_each(i) {
                continue;
            }
            // `bottom 3 servers by memory`: what they are ranked by.
            if self.domain == Domain::Items
                && i > 0
                && self.words(i - 1) == "by"
                && self.has_any(&[W::Top, W::Bottom, W::Most, W::Fewest])
                && matches!(&self.parts[i], Part::Field(list) if list.iter().any(|f| self.is_number(f)))
            {
                continue;
            }
            // `status 종류별`: the kinds of what stands before it.
            let before = i.checked_sub(1).filter(|k| {
                compound
                    && self.mentions[i].is(W::KindOf)
                    && matches!(self.parts[*k], Part::Field(_) | Part::RecField(_))
            });
            if let Some(k) = before
                && let Some(dimension) = self.dimension(k)
            {
                self.used[k] = true;
                self.used[i] = true;
                if !out.contains(&dimension) {
                    out.push(dimension);
                }
                continue;
            }
            // `… 서버와 각 서버의 코어 수`: each of those named before.
            let again = matches!(self.words(i.saturating_sub(1)), "각" | "각각의" | "each")
                && matches!(&self.parts[i], Part::Kinds(kinds)
                    if self.parts.iter().any(|p| matches!(p, Part::Set(set)
                        if self.kinds_of(set).iter().any(|k| kinds.contains(k)))))
                && self.parts.iter().any(|p| matches!(p, Part::Field(_)));
            if again {
                self.used[i] = true;
                self.used[i - 1] = true;
                continue;
            }
            if let Some(dimension) = self.dimension(i) {
                let w = self.words(i).to_owned();
                self.because(&w, "operation", format!("by {dimension}"));
                let keeps_kind = dimension == "ci" || dimension == "source";
                self.by_items |= keeps_kind;
                if !keeps_kind {
                    self.used[i] = true;
                }
                // The English name in brackets behind it repeats it.
                if self.mentions.get(i + 1).is_some_and(|m| m.sign == Some('('))
                    && self.dimension(i + 2).as_deref() == Some(dimension.as_str())
                {
                    self.used[i + 2] = true;
                }
                self.leave_out_bracket(i);
                if !out.contains(&dimension) {
                    out.push(dimension);
                }
            }
        }
        out
    }

    /// `per type (HW, SW)`: what stands in brackets behind the group names its values.
    fn leave_out_bracket(&mut self, i: usize) {
        let open = (i + 1..=i + 2).find(|&k| self.mentions.get(k).is_some_and(|m| m.sign == Some('(')));
        let Some(open) = open else { return };
        let close = (open..self.mentions.len()).find(|&k| self.mentions[k].sign == Some(')')).unwrap_or(open);
        for k in open..=close {
            self.used[k] = true;
            self.parts[k] = Part::Word;
        }
        self.item_conditions.retain(|(at, _)| !(open..=close).contains(at));
        self.rec_conditions.retain(|(at, _)| !(open..=close).contains(at));
    }

    /// A part of time every one of which is asked about (`시간대별`, `매달`, `per week`).
    pub(super) fn is_compound(&self, i: usize) -> bool {
        let w = self.words(i);
        let time = self.mentions[i].any(&[
            W::Minute,
            W::Hour,
            W::HourOfDay,
            W::Day,
            W::Week,
            W::Weekday,
            W::Month,
            W::KindOf,
        ]);
        // `every month`
        let every = i > 0 && self.words(i - 1) == "every" && w.is_ascii() && !w.contains(' ');
        time && (every
            || w.starts_with('매')
            || w.ends_with('별')
            || w.ends_with('당')
            || w.ends_with("ly")
            || w.starts_with("by ")
            || w.starts_with("per ")
            || w.starts_with("each "))
    }

    /// What a mention stands for as a dimension of groups.
    pub fn dimension(&self, i: usize) -> Option<String> {
        let m = self.mentions.get(i)?;
        let system = || self.index.role(FieldRole::System).map(|f| f.key.clone());
        let on_item =
            |f: String| if matches!(self.domain, Domain::Record(_)) { format!("ci.{f}") } else { f };
        match self.parts.get(i)? {
            Part::RecField(f) => return Some(f.clone()),
            Part::Field(list) => return Some(on_item(self.pick_field(list))),
            Part::Kinds(kinds) => {
                let systems = self
                    .index
                    .systems
                    .values()
                    .filter_map(|&i| self.index.item(i))
                    .any(|x| kinds.contains(&x.kind));
                return match (systems, self.domain) {
                    (true, _) => system().map(on_item),
                    (false, Domain::Items) => Some("source".to_owned()),
                    (false, _) => Some("ci".to_owned()),
                };
            }
            Part::Items(_)
            | Part::Set(_)
            | Part::System { .. }
            | Part::Rec
            | Part::Time
            | Part::Number
            | Part::Sign => {
                return None;
            }
            _ => {}
        }
        if let Domain::Record(_) = self.domain {
            let which = i > 0 && self.mentions[i - 1].is(W::Which);
            if matches!(m.words.as_str(), "날짜" | "일자" | "date") {
                return Some("day".to_owned());
            }
            if which && matches!(m.words.as_str(), "hour" | "hours") {
                return Some("hour".to_owned());
            }
        }
        if let Domain::Record(kind) = self.domain {
            for (w, part) in [
                (W::HourOfDay, "hour_of_day"),
                (W::Weekday, "weekday"),
                (W::Hour, "hour"),
                (W::Day, "day"),
                (W::Week, "week"),
                (W::Month, "month"),
            ] {
                if m.is(w) {
                    return Some(part.to_owned());
                }
            }
            if m.is(W::KindOf) {
                return Some(
                    self.index
                        .rec_role(kind, FieldRole::Category)
                        .map_or("ci.kind".to_owned(), |f| f.key.clone()),
                );
            }
            if m.is(W::Thing) {
                return Some("ci".to_owned());
            }
        }
        if self.domain == Domain::Metric {
            for (w, part) in
                [(W::Hour, "hour"), (W::HourOfDay, "hour"), (W::Day, "day"), (W::Minute, "minute")]
            {
                if m.is(w) {
                    return Some(part.to_owned());
                }
            }
        }
        if m.is(W::KindOf) {
            return Some("kind".to_owned());
        }
        None
    }
}
