//! Words of the lexicon in a reading: whether what they ask for is in it.

use super::{
    Domain, Part, Reader,
    fillers::{names_day, only_empty},
};
use crate::dictionary::Sense;
use crate::{lexicon::W, text::hangul::Josa};

impl Reader<'_> {
    /// A word of the lexicon whose operation the reading has, or that changes nothing.
    pub(super) fn word_fits(&self, i: usize, said: &str) -> bool {
        let m = &self.mentions[i];
        if self.used[i] {
            return true;
        }
        // `얼마나 받아?` asks for a number, no list is one.
        let amount = matches!(m.words.as_str(), "얼마나" | "얼마" | "how much");
        if amount && said.starts_with("Items(") && said.contains("List([])") {
            return false;
        }
        let any = |list: &[&str]| list.iter().any(|x| said.contains(x));
        let ranked = ["Top", "top: Some", "desc:", "When", "Versus", "Over"];
        // `srv-1에 뭐 있어?` asks for what is there, not for what is known of it.
        let there = m.is(W::Which)
            && i > 0
            && matches!(m.words.as_str(), "뭐" | "뭔" | "뭐가" | "뭘" | "무엇")
            && self.mentions[i - 1].case() == Some(Josa::At)
            && matches!(self.parts[i - 1], Part::Items(_));
        if there && said.starts_with("Items(") && said.contains("Fields([\"*\"])") {
            return false;
        }
        // A mention may be several words; one that fits is enough.
        let mut unmet = false;
        for (s, _) in &m.senses {
            let Sense::Word(w) = s else { continue };
            let met = match w {
                W::Avg => any(&["\"avg\"", "Avg"]),
                W::Median => any(&["p50"]),
                // Every month, every hour: a step has to say so.
                W::Minute | W::Hour | W::Day | W::Week | W::Month if self.is_compound(i) => any(&[
                    "\"minute\"",
                    "\"hour\"",
                    "\"day\"",
                    "\"week\"",
                    "\"month\"",
                    "\"hour_of_day\"",
                    "\"weekday\"",
                    "Trend",
                ]),
                // The total of one value is that value.
                W::Sum => {
                    any(&["\"sum\"", "Edges", "Count", "together: true", "Overall", "Fields(", "Samples"])
                }
                // A day of the week that found no place decides the answer.
                W::Weekday => any(&["weekday"]) || !names_day(&m.words),
                W::Share => any(&["Share", "Percent", "Ratio", "Versus"]) || self.domain == Domain::Metric,
                W::Max | W::Min => {
                    any(&ranked)
                        || any(&["Path {", "how: Some"])
                        || any(&["\"max\"", "\"min\"", "\"p", "Newest", "Ge", "Gt", "Lt", "Le", "op: In"])
                }
                W::Most | W::Fewest => {
                    any(&ranked)
                        || any(&["GroupsThat", "Count", "having: Some"])
                            && matches!(m.words.as_str(), "많이" | "많은" | "자주" | "common")
                }
                W::Longest | W::Shortest => any(&["Path {"]) || any(&ranked) || any(&["\"max\"", "\"min\""]),
                W::Not if said.contains("Versus") || self.turned_over => true,
                W::Not
                    if said.contains("not_start: true")
                        && !self.parts.iter().any(|p| matches!(p, Part::Value(..) | Part::RecValue(..))) =>
                {
                    true
                }
                W::Not | W::Never => {
                    any(&[
                        "Ne,",
                        "NotIn",
                        "outside: [ItemSet",
                        "without: [RecordSet",
                        "Missing",
                        "op: Ne",
                        "without",
                    ]) && !only_empty(said)
                }
                W::Difference => any(&["Versus", "Compare", "n: 2", "Groups", "Both"]),
                W::Mutual => any(&["Pairs", "Cycles", "Path", "Distinct"]),
                W::Cycle => any(&["Cycles", "Pairs"]),
                W::Path | W::Hops => any(&["Path"]),
                W::Impact => any(&["impact: Some"]),
                W::Redundant => {
                    any(&["impact: Some(true)"])
                        || matches!(m.words.as_str(), "alone" | "이중화" | "redundant")
                }
                W::Trend => any(&["Trend", "Buckets", "Groups"]),
                // A number tells nobody's name.
                W::Who => !said.contains("Number(") || any(&["Both", "Groups", "Versus", "Then"]),
                // A time that is asked for is told by records and samples, not by an item.
                W::When => {
                    !said.starts_with("Items(")
                        || self.time_field(said)
                        || matches!(m.words.as_str(), "시점" | "when")
                }
                W::Latest | W::Earliest => {
                    any(&["Newest", "\"last\"", "\"first\"", "TopRows"])
                        || self.pointed.is_some()
                        || matches!(m.words.as_str(), "first" | "recent" | "recently" | "최근")
                }
                W::Same => any(&["Hop", "op: Eq", "op: Ne"]),
                // What is left over is what something else is not.
                W::Other if matches!(m.words.as_str(), "나머지" | "rest") => {
                    any(&["op: Ne", "NotIn", "Missing", "not_start: true", "outside: [ItemSet"])
                        || self.turned_over
                }
                // `다른 거`: what is there beside it.
                W::Other if self.domain == Domain::Items && self.other_things(i) => {
                    any(&["op: Ne", "NotIn", "outside: [ItemSet", "impact: Some", "having: Some"])
                        || said.matches("Hop(").count() > 1
                        || self.goes_on()
                }
                // One number is none for each.
                W::Each if !m.words.starts_with("기준") => {
                    !said.contains("Number(Count)") || any(&["Both", "Overall", "Groups", "Versus"])
                }
                // `둘 중 어느`: one number decides nothing.
                W::Either if !matches!(m.words.as_str(), "쪽은" | "더 많은" | "많은 쪽" | "적은 쪽") => {
                    !said.contains("Number(") || any(&["Both", "Groups", "Versus"])
                }
                W::Gt | W::Ge | W::Lt | W::Le if self.compares_number(i) => {
                    any(&["op: Gt", "op: Ge", "op: Lt", "op: Le", "op: In", "Versus", "limit: Some"])
                }
                _ => true,
            };
            if met {
                return true;
            }
            unmet = true;
        }
        !unmet
    }

    /// `다른 거`, `other things`, `anything else`: of any kind.
    pub(super) fn other_things(&self, i: usize) -> bool {
        let next = self.mentions.get(i + 1);
        let thing = next
            .is_some_and(|m| m.is(W::Thing) || m.words.starts_with('거') || m.words.starts_with("것"))
            || !self.words(i).is_ascii() && next.is_none_or(|m| m.any(&[W::Which, W::Exists]));
        matches!(self.words(i), "다른" | "딴" | "other") && thing || self.words(i) == "else"
    }

    /// A word of comparison that stands directly beside a number.
    pub(super) fn compares_number(&self, i: usize) -> bool {
        let number = |k: usize| self.parts.get(k) == Some(&Part::Number);
        let ascii = self.mentions[i].words.is_ascii();
        if ascii { number(i + 1) } else { (1..=3).filter_map(|d| i.checked_sub(d)).any(number) }
    }

    /// A field of the reading is a moment.
    pub(super) fn time_field(&self, said: &str) -> bool {
        let fields = self.index.catalogue().fields.iter();
        fields
            .filter(|f| f.r#type == model::schema::FieldType::Time)
            .any(|f| said.contains(&format!("\"{}\"", f.key)))
            || said.contains("Recorded")
            || said.contains("\"*\"")
                && self.index.catalogue().fields.iter().any(|f| f.r#type == model::schema::FieldType::Time)
    }
}
