//! Days of the week and hours of the day as conditions on records.

use model::{Condition, Op};

use super::{Domain, Part, Reader};
use crate::lexicon::W;

impl Reader<'_> {
    /// `평일보다 주말에 더 많아?`: two groups of days side by side, with the place each is named at.
    pub(super) fn two_groups_of_days(&self) -> Option<[(usize, Vec<String>); 2]> {
        let mut found: Vec<(usize, Vec<String>)> = Vec::new();
        for (i, m) in self.mentions.iter().enumerate().filter(|(_, m)| m.is(W::Weekday)) {
            let days: Vec<String> = weekdays(&m.words).iter().map(|d| (*d).to_owned()).collect();
            if !days.is_empty() && !found.iter().any(|(_, d)| *d == days) {
                found.push((i, days));
            }
        }
        found.try_into().ok()
    }

    /// `12월 오전에 난 이벤트`: hours of every day of a longer period, where nothing is compared.
    pub(super) fn take_hours_of_day(&mut self) {
        use chrono::Timelike;
        let [a, b] = self.times.windows.as_slice() else { return };
        let k = match (a.clock_only, b.clock_only) {
            (true, false) => 0,
            (false, true) => 1,
            _ => return,
        };
        let (clock, long) = if k == 0 { (a.clone(), b) } else { (b.clone(), a) };
        let days = long.from.zip(long.to).is_some_and(|(from, to)| to - from > chrono::Duration::days(1));
        let compared = self.has_any(&[W::Compare, W::Difference, W::Either]) || self.how().is_some();
        let (Some(from), Some(to), true, false) = (clock.from, clock.to, days, compared) else { return };
        let tz = self.times.tz.unwrap_or(chrono_tz::UTC);
        let (from, to) = (from.with_timezone(&tz), to.with_timezone(&tz));
        if clock.moment || from.minute() != 0 || to.minute() != 0 {
            return;
        }
        let last = if to.hour() == 0 { 24 } else { to.hour() };
        let Some(at) = self.mentions.iter().position(|m| m.time == Some(k)) else { return };
        self.because(&clock.words, "value", format!("hour_of_day {}–{last}", from.hour()));
        self.rec_conditions.push((at, Condition::new("hour_of_day", Op::Ge, from.hour())));
        self.rec_conditions.push((at, Condition::new("hour_of_day", Op::Lt, last)));
        self.times.windows.remove(k);
        self.times.atoms.remove(k);
        for m in &mut self.mentions {
            m.time = match m.time {
                Some(t) if t == k => None,
                Some(t) if t > k => Some(t - 1),
                other => other,
            };
        }
        self.parts[at] = Part::Word;
        self.used[at] = true;
    }

    /// `월요일`, `on weekends`: records of such days.
    pub(super) fn take_weekdays(&mut self) {
        if !matches!(self.domain, Domain::Record(_)) {
            return;
        }
        let mut days: Vec<&str> = Vec::new();
        let mut first = None;
        for i in 0..self.mentions.len() {
            let m = &self.mentions[i];
            if !m.is(W::Weekday) || self.parts[i] != Part::Word {
                continue;
            }
            // `which weekday`: asked for, not said.
            if m.words == "weekday" && i > 0 && self.mentions[i - 1].any(&[W::Which, W::Each]) {
                continue;
            }
            let found = weekdays(&m.words);
            if !found.is_empty() {
                days.extend(found.iter().filter(|d| !days.contains(d)).copied().collect::<Vec<_>>());
                self.used[i] = true;
                first = first.or(Some(i));
            }
        }
        if let Some(at) = first {
            let words = self.words(at).to_owned();
            self.because(&words, "value", format!("weekday = {}", days.join(", ")));
            let days: Vec<String> = days.into_iter().map(str::to_owned).collect();
            self.rec_conditions.push((at, super::sets::one_of("weekday", &days)));
        }
    }
}

/// The days a word names; none for the word for a day of the week itself.
fn weekdays(word: &str) -> &'static [&'static str] {
    const DAYS: [(&str, &str, &[&str]); 7] = [
        ("월요일", "monday", &["mon"]),
        ("화요일", "tuesday", &["tue"]),
        ("수요일", "wednesday", &["wed"]),
        ("목요일", "thursday", &["thu"]),
        ("금요일", "friday", &["fri"]),
        ("토요일", "saturday", &["sat"]),
        ("일요일", "sunday", &["sun"]),
    ];
    let word = word.trim_end_matches('s');
    match word {
        "주말" | "weekend" => &["sat", "sun"],
        "평일" | "weekday" | "주중" | "working day" => &["mon", "tue", "wed", "thu", "fri"],
        _ => DAYS.iter().find(|(ko, en, _)| *ko == word || *en == word).map_or(&[], |(_, _, day)| *day),
    }
}
