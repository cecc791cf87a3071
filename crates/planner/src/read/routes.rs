//! Questions that go to a tool of their own: what is unusual, how an item is, what comes, what was changed, what time it is.

use model::schema::RecordRole;

use super::{Part, Reader, Trouble, sets::Built};
use crate::{
    lexicon::W,
    logic::{Ask, ItemSet, MetricSet, RecordSet},
    text::squash,
};

/// Hours looked ahead: when nothing says how far, for the time a limit is reached, and the most.
const AHEAD: (u32, u32) = (24, 720);

/// What of a machine fills up.
const FILLS: [&str; 6] = ["disk", "storage", "volume", "space", "filesystem", "capacity"];

impl Reader<'_> {
    /// What such a question asks for; none for all others.
    pub(super) fn routed(&mut self) -> Option<Result<Ask, Trouble>> {
        if self.asks_the_time() {
            let zone = self.times.zone.map(|z| z.name().to_owned()).unwrap_or_default();
            return Some(Ok(Ask::Now(zone)));
        }
        if let Some(words) = self.unanchored() {
            return Some(Err(Trouble::Unanchored(words)));
        }
        if self.has(W::Future) || self.fills() {
            return self.foretold();
        }
        if self.has(W::Why) {
            return None;
        }
        if self.has(W::Changed) && !self.records_named() {
            let built = self.build_set();
            let of = self.meant(&built);
            let window = self.window().or_else(|| self.focus.window.clone());
            return Some(Ok(Ask::Changes { of, window }));
        }
        if self.odd() && !self.records_named() {
            let built = self.build_set();
            let of = self.meant(&built);
            return Some(self.unusual(of));
        }
        if self.asks_after() {
            let built = self.build_set();
            if let Some(of) = self.meant(&built) {
                return Some(self.unusual(Some(of)));
            }
        }
        None
    }

    /// A kind of record, or a value of one, is named.
    fn records_named(&self) -> bool {
        self.parts.iter().any(|p| matches!(p, Part::Rec | Part::RecValue(..) | Part::RecField(_)))
    }

    /// The items named, or those talked about.
    fn meant(&self, built: &Built) -> Option<ItemSet> {
        if built.any {
            return Some(built.set.clone()).filter(|s| !s.is_all());
        }
        let goes_on = self.has_any(&[W::It, W::Those, W::About]) || self.mentions.len() <= 4;
        self.focus.set.clone().filter(|_| goes_on)
    }

    /// `what time is it`, `오늘 며칠이야`.
    fn asks_the_time(&self) -> bool {
        const ASKS: [&str; 24] = [
            "지금몇시",
            "몇시야",
            "몇시지",
            "몇시인지",
            "몇시예요",
            "몇시입니까",
            "현재시간",
            "현재시각",
            "지금시간",
            "지금시각",
            "오늘며칠",
            "오늘몇일",
            "오늘날짜",
            "오늘무슨요일",
            "오늘이무슨요일",
            "오늘이며칠",
            "whattimeisit",
            "whatisthetime",
            "currenttime",
            "whatdayisit",
            "whatstodaysdate",
            "whatistodaysdate",
            "whatdateisit",
            "timeisitnow",
        ];
        if self.parts.iter().any(|p| {
            p.is_thing()
                || matches!(
                    p,
                    Part::Rec | Part::RecValue(..) | Part::Metric(_) | Part::Concept(_) | Part::Number
                )
        }) {
            return false;
        }
        let text = self.mentions.iter().filter(|m| m.sign.is_none()).map(|m| m.words.as_str());
        let text = squash(&text.collect::<Vec<_>>().join(" "));
        (ASKS.iter().any(|a| text.contains(a)) || text.starts_with("지금") && text.ends_with("몇시"))
            && text.chars().count() <= 34
    }

    /// `since the deploy`, `점검 이후`: a time told by something that happened. Which one is not said.
    fn unanchored(&self) -> Option<String> {
        if !self.times.windows.is_empty() || self.has_any(&[W::Latest, W::Earliest, W::Longest]) {
            return None;
        }
        let happened = |i: usize| {
            matches!(self.parts.get(i), Some(Part::Rec | Part::RecValue(..)))
                || self.mentions.get(i).is_some_and(|m| {
                    m.any(&[W::Why, W::Down])
                        || matches!(
                            m.words.as_str(),
                            "deploy"
                                | "deployment"
                                | "release"
                                | "rollout"
                                | "upgrade"
                                | "outage"
                                | "incident"
                                | "배포"
                                | "릴리스"
                                | "릴리즈"
                                | "장애"
                                | "업그레이드"
                                | "점검"
                                | "오픈"
                        )
                })
        };
        for i in 0..self.mentions.len() {
            let word = self.words(i);
            // `since the deploy`
            if matches!(word, "since" | "after" | "before" | "following") {
                let article = matches!(self.words(i + 1), "the" | "that" | "our" | "yesterday's" | "a");
                let at = (i + 1 + usize::from(article)..i + 4).find(|&k| happened(k));
                if let Some(at) = at.filter(|_| article || word == "since") {
                    let words: Vec<&str> = (i..=at).map(|k| self.words(k)).collect();
                    return Some(words.join(" "));
                }
            }
            // `배포 이후`, `점검하고 나서`
            let behind = ["이후", "이후로", "다음부터", "전후", "하고나서", "뒤부터", "후부터", "이전"];
            if i > 0 && behind.contains(&word) && happened(i - 1) {
                return Some(format!("{} {word}", self.words(i - 1)));
            }
        }
        None
    }

    /// `이상한`, `anything weird`, and `이상` where nothing stands before it that could be compared.
    fn odd(&self) -> bool {
        (0..self.mentions.len()).any(|i| {
            let m = &self.mentions[i];
            if m.is(W::Odd) {
                return matches!(self.parts[i], Part::Word | Part::Unknown);
            }
            let bare = m.words == "이상" && !self.used[i];
            let compared = i > 0
                && (matches!(
                    self.parts[i - 1],
                    Part::Number | Part::RecValue(..) | Part::Value(..) | Part::Sign
                ) || i > 1 && self.parts[i - 2] == Part::Number
                    || self.parts[i - 1] == Part::Unknown);
            bare && !compared && self.value_conditions.is_empty() && self.how_many.is_none()
        })
    }

    /// `is X ok?`, `X 괜찮아?`: how an item is that was named.
    fn asks_after(&self) -> bool {
        let named = self.parts.iter().any(|p| matches!(p, Part::Items(_) | Part::System { .. }))
            || self.focus.any && self.has_any(&[W::It, W::Those]);
        let other = self.parts.iter().any(|p| {
            matches!(
                p,
                Part::Rec
                    | Part::RecValue(..)
                    | Part::Metric(_)
                    | Part::Concept(_)
                    | Part::Number
                    | Part::Rel { .. }
                    | Part::Value(..)
                    | Part::Attribute
            )
        });
        named && !other && self.has(W::Well) && self.mentions.len() <= 9
    }

    /// What is out of the ordinary: of what is measured, else what was recorded.
    fn unusual(&mut self, of: Option<ItemSet>) -> Result<Ask, Trouble> {
        let metric = self.best_metric();
        let window = self.window().or_else(|| self.focus.window.clone().filter(|_| self.mentions.len() <= 5));
        let measured = self.is_measured(of.as_ref());
        let mut asks: Vec<(String, Ask)> = Vec::new();
        if measured {
            asks.push((String::new(), Ask::Anomalies { of: of.clone(), metric, window: window.clone() }));
        }
        if metric.is_none() && (of.is_some() || !measured) {
            asks.extend(self.recorded_of(of.as_ref(), window.as_ref()));
        }
        match asks.len() {
            0 => Err(self.vague()),
            1 => Ok(asks.remove(0).1),
            _ => Ok(Ask::Both(asks)),
        }
    }

    /// Any metric is measured on one of the items. What is reached over relations may be measured.
    fn is_measured(&self, of: Option<&ItemSet>) -> bool {
        let metrics = &self.index.catalogue().metrics;
        let Some(of) = of else { return !metrics.is_empty() };
        let lists = || metrics.iter().filter_map(|m| self.index.vocabulary().measured.get(&m.key));
        if metrics.iter().any(|m| !self.index.vocabulary().measured.contains_key(&m.key)) {
            return true;
        }
        match (of.named(), of.kinds()) {
            (Some(codes), _) => lists().any(|list| codes.iter().any(|c| list.contains(c))),
            (None, kinds) if !kinds.is_empty() => lists()
                .flatten()
                .filter_map(|c| self.index.item_by_code(c))
                .any(|item| kinds.contains(&item.kind)),
            _ => !metrics.is_empty(),
        }
    }

    /// The newest events and alarms of the items.
    fn recorded_of(&self, of: Option<&ItemSet>, window: Option<&crate::time::Window>) -> Vec<(String, Ask)> {
        let records = self.index.catalogue().records.iter().enumerate();
        records
            .filter(|(_, r)| r.count > 0 && r.role == RecordRole::Event)
            .filter(|(_, r)| {
                !window.is_some_and(|w| r.covers.is_some_and(|covers| crate::logic::outside(w, covers)))
            })
            .map(|(kind, _)| {
                let (of, window) = (of.cloned(), window.cloned());
                let set = RecordSet { kind, of, filter: Vec::new(), window, after: None };
                (String::new(), Ask::Newest { set, n: 5, newest: true, fields: Vec::new() })
            })
            .collect()
    }

    /// `when will the disk of X be full`, `언제 꽉 차`.
    fn fills(&self) -> bool {
        self.has(W::Full) && !self.records_named() && self.times.windows.is_empty()
    }

    /// How a metric goes on. What is not measured has no future in the data.
    fn foretold(&mut self) -> Option<Result<Ask, Trouble>> {
        let full = self.has(W::Full);
        let metric = self.best_metric();
        let built = self.build_set();
        let of = self.meant(&built);
        let Some(metric) = metric.or_else(|| if full { self.filling(of.as_ref()) } else { None }) else {
            return Some(Err(if full { Trouble::NotUnderstood } else { Trouble::Future }));
        };
        let def = self.index.catalogue().metrics.get(metric)?;
        let named = of.as_ref().and_then(ItemSet::named);
        let list = self.index.vocabulary().measured.get(&def.key);
        if let (Some(codes), Some(list)) = (named, list)
            && !codes.iter().any(|c| list.contains(c))
        {
            let words = def.label.get(self.lang).to_owned();
            return Some(Err(Trouble::NoMetric { words, of: codes.to_vec() }));
        }
        // A kind whose items are measured is all of them.
        let of = of.filter(|s| !(s.is_plain() && s.filter.iter().all(|c| c.field == "kind")));
        let value = self.value_conditions.first().and_then(|(_, c)| c.value.as_f64()).or_else(|| {
            let mut numbers = self.mentions.iter().enumerate().filter(|(i, m)| {
                m.number.as_ref().is_some_and(|(_, unit)| unit == "%")
                    || m.number.is_some() && self.mentions.get(i + 1).is_some_and(|n| n.is(W::Percent))
            });
            numbers.next().and_then(|(_, m)| m.number.as_ref().map(|(n, _)| *n))
        });
        let limit = value.or((full && def.unit == "%").then_some(100.0));
        let set = MetricSet { metric, of, peer: None, filter: Vec::new(), window: None };
        let hours = self.ahead(limit.is_some() || full);
        for i in 0..self.parts.len() {
            if self.parts[i] == Part::Number {
                self.used[i] = true;
            }
        }
        self.because("", "operation", self.pick("예측", "forecast"));
        Some(Ok(Ask::Forecast { set, hours, limit }))
    }

    /// The metric of what fills up on the items.
    fn filling(&self, of: Option<&ItemSet>) -> Option<usize> {
        let fits = |i: &usize| {
            let Some(def) = self.index.catalogue().metrics.get(*i) else { return false };
            let own = self.index.concepts_of(*i);
            let on = match (of.and_then(ItemSet::named), self.index.vocabulary().measured.get(&def.key)) {
                (Some(codes), Some(list)) => codes.iter().any(|c| list.contains(c)),
                _ => true,
            };
            on && FILLS.iter().any(|f| own.contains(*f))
        };
        let all = 0..self.index.catalogue().metrics.len();
        let percent = |i: &usize| self.index.catalogue().metrics.get(*i).is_some_and(|m| m.unit == "%");
        all.clone().filter(fits).find(percent).or_else(|| all.clone().find(fits))
    }

    /// How many hours ahead.
    fn ahead(&self, limit: bool) -> u32 {
        for (i, m) in self.mentions.iter().enumerate() {
            let squashed = squash(&m.words);
            let hours = match squashed.as_str() {
                "내일" | "tomorrow" => Some(48),
                "다음주" | "nextweek" => Some(14 * 24),
                "다음달" | "nextmonth" | "내년" | "nextyear" => Some(AHEAD.1),
                _ => None,
            };
            if hours.is_some() && !limit {
                return hours.unwrap_or(AHEAD.0);
            }
            let Some((n, unit)) = &m.number else { continue };
            let unit = if unit.is_empty() { self.words(i + 1) } else { unit.as_str() };
            let each = match unit {
                "h" | "hour" | "hours" | "시간" => 1.0,
                "d" | "day" | "days" | "일" => 24.0,
                "w" | "week" | "weeks" | "주" => 168.0,
                "month" | "months" | "개월" | "달" => 720.0,
                _ => continue,
            };
            let hours = (n * each).clamp(1.0, f64::from(AHEAD.1));
            return hours as u32;
        }
        if limit { AHEAD.1 } else { AHEAD.0 }
    }

    fn pick(&self, ko: &str, en: &str) -> String {
        if self.lang == model::Lang::Ko { ko.to_owned() } else { en.to_owned() }
    }
}
