//! A whole question in words, for the reading that is shown.

use super::Wording;
use crate::{
    compose::{Josa, with_particle},
    logic::{Ask, How, MetricSet, MetricWant, Reduce, Want},
};

impl Wording<'_> {
    /// A question in words.
    pub fn ask(&self, ask: &Ask) -> String {
        match ask {
            Ask::Items(set, want) => self.wanted(&self.set(set), want, None),
            Ask::Records(set, want) => self.wanted(&self.records(set), want, Some(set.kind)),
            Ask::Newest { set, n, newest, .. } => {
                let subject = self.records(set);
                match (self.ko(), newest) {
                    (true, true) => format!("가장 최근 {subject} {n}건"),
                    (true, false) => format!("가장 이른 {subject} {n}건"),
                    (false, true) => format!("latest {n} {subject}"),
                    (false, false) => format!("earliest {n} {subject}"),
                }
            }
            Ask::Metric(set, want) => {
                let subject = self.metric(set);
                match want {
                    MetricWant::Value { agg, .. } => self.aggregate(&subject, agg),
                    MetricWant::Top { agg, n, desc, .. } => {
                        let subject = self.aggregate(&subject, agg);
                        match (self.ko(), desc) {
                            (true, true) => format!("{subject} 높은 순 {n}개"),
                            (true, false) => format!("{subject} 낮은 순 {n}개"),
                            (false, true) => format!("highest {n}: {subject}"),
                            (false, false) => format!("lowest {n}: {subject}"),
                        }
                    }
                    MetricWant::When { max: true } => self
                        .pick(&format!("{subject} 최대값과 그 시각"), &format!("highest {subject} and when")),
                    MetricWant::When { max: false } => self
                        .pick(&format!("{subject} 최소값과 그 시각"), &format!("lowest {subject} and when")),
                    MetricWant::Samples => {
                        format!("{} {}", self.samples(&subject, &set.filter), self.pick("수", "count"))
                    }
                    MetricWant::Over { .. } => self.pick(
                        &format!("{}이 있는 항목", self.samples(&subject, &set.filter)),
                        &format!("items with {}", self.samples(&subject, &set.filter)),
                    ),
                    MetricWant::Buckets { width, .. } => {
                        let width = self.field(width);
                        if self.ko() {
                            format!("{subject} {width}별 값")
                        } else {
                            format!("{subject} by {width}")
                        }
                    }
                    MetricWant::Trend => {
                        self.pick(&format!("{subject} 추이"), &format!("{subject} over time"))
                    }
                    MetricWant::Compare { other, .. } => {
                        let other = self.window(other);
                        if self.ko() {
                            format!("{subject}와 {other} 비교")
                        } else {
                            format!("{subject} compared with {other}")
                        }
                    }
                }
            }
            Ask::Edges { types, by, .. } => {
                let subject = self.relations(types);
                match by {
                    Some(by) if self.ko() => format!("{}별 {subject}", self.field(by)),
                    Some(by) => format!("{subject} by {}", self.field(by)),
                    None => subject,
                }
            }
            Ask::Pairs { types, .. } => self.pick(
                &format!("서로 {}인 쌍", self.relations(types)),
                &format!("pairs with mutual {}", self.relations(types)),
            ),
            Ask::Cycles { .. } => self.pick("순환 관계", "cycles of relations"),
            Ask::Path { from, to, .. } => self.pick(
                &format!("{from}에서 {to}까지 최단 경로"),
                &format!("shortest path from {from} to {to}"),
            ),
            Ask::Anomalies { of, metric, window } => {
                let of = of.as_ref().map(|s| self.set(s)).unwrap_or_default();
                let catalogue = self.index.catalogue();
                let metric = metric.and_then(|m| catalogue.metrics.get(m));
                let metric = metric.map(|m| m.label.get(self.lang).to_owned()).unwrap_or_default();
                let when = window.as_ref().map(|w| self.window(w)).unwrap_or_default();
                if self.ko() {
                    joined(&[&when, &of, &metric, "평소와 다른 구간"], " ")
                } else {
                    joined(&["stretches out of the ordinary", &joined(&[&of, &metric], " "), &when], ", ")
                }
            }
            Ask::Forecast { set, hours, limit } => {
                let subject = self.metric(&MetricSet { window: None, ..set.clone() });
                let days = f64::from(*hours) / 24.0;
                let days = if *hours < 48 {
                    self.pick(&format!("{hours}시간"), &format!("{hours} hours"))
                } else {
                    self.pick(&format!("{days:.0}일"), &format!("{days:.0} days"))
                };
                match (self.ko(), limit) {
                    (true, None) => format!("{subject}의 앞으로 {days} 예측"),
                    (true, Some(limit)) => format!(
                        "{} {limit}에 이르는 때 (앞으로 {days})",
                        with_particle(&subject, Josa::Subject)
                    ),
                    (false, None) => format!("forecast of {subject} for the next {days}"),
                    (false, Some(limit)) => format!("when {subject} reaches {limit}, within {days}"),
                }
            }
            Ask::Changes { of, window } => {
                let of = of.as_ref().map(|s| self.set(s));
                let when = window.as_ref().map(|w| self.window(w)).unwrap_or_default();
                match (self.ko(), of) {
                    (true, Some(of)) => joined(&[&when, &format!("{of}와 그 주변의 변경")], " "),
                    (true, None) => joined(&[&when, "변경"], " "),
                    (false, Some(of)) => joined(&[&format!("changes on {of} and around it"), &when], ", "),
                    (false, None) => joined(&["changes", &when], ", "),
                }
            }
            Ask::Now(_) => self.pick("지금 시각", "the time now"),
            Ask::Both(list) => list.iter().map(|(_, a)| self.ask(a)).collect::<Vec<_>>().join(" / "),
            Ask::Then(a, b) => {
                let second = match b.as_ref() {
                    Ask::Items(_, Want::Fields(f)) => {
                        f.iter().map(|f| self.field(f)).collect::<Vec<_>>().join(", ")
                    }
                    other => self.ask(other),
                };
                if self.ko() {
                    format!("{}, 그리고 그 항목의 {second}", self.ask(a))
                } else {
                    format!("{}, then its {second}", self.ask(a))
                }
            }
        }
    }

    pub(super) fn wanted(&self, subject: &str, want: &Want, rec: Option<usize>) -> String {
        let fields = |f: &[String]| {
            f.iter()
                .map(|f| if f == "*" { self.pick("속성", "details") } else { self.field(f) })
                .collect::<Vec<_>>()
                .join(", ")
        };
        match want {
            Want::Fields(f) | Want::List(f) if !f.is_empty() => {
                if self.ko() {
                    format!("{subject}의 {}", fields(f))
                } else {
                    format!("{} of {subject}", fields(f))
                }
            }
            Want::Fields(_) | Want::List(_) => {
                self.pick(&format!("{subject} 목록"), &format!("list of {subject}"))
            }
            Want::Number(Reduce::Count) => {
                self.pick(&format!("{subject} 수"), &format!("number of {subject}"))
            }
            Want::Number(r) => self.measured(subject, r, rec),
            Want::Groups { by, measure } => {
                let what = self.measured(subject, measure, rec);
                if self.ko() {
                    format!("{}별 {what} 수", fields(by))
                } else {
                    format!("{what} by {}", fields(by))
                }
            }
            Want::Overall { by, measure, over } => self.overall(subject, by, measure, over),
            Want::Versus(v) => {
                let what = self.measured(subject, &v.measure, rec);
                let by = v.by.as_ref().map(|b| self.field(b));
                let by = match (by, self.ko()) {
                    (Some(b), true) => format!("{b}별 "),
                    (Some(b), false) => format!(" by {b}"),
                    _ => String::new(),
                };
                let (a, b) = (&v.base.words, &v.other.words);
                match (self.ko(), v.how) {
                    (true, How::Ratio) => format!("{by}{what}: {b}이(가) {a}의 몇 배인지"),
                    (false, How::Ratio) => format!("{what}{by}: {b} as a multiple of {a}"),
                    (true, How::More) => format!("{by}{what}: {b} 쪽이 {a} 쪽보다 큰지"),
                    (true, How::Less) => format!("{by}{what}: {b} 쪽이 {a} 쪽보다 작은지"),
                    (false, How::More) => format!("{what}{by}: whether {b} is more than {a}"),
                    (false, How::Less) => format!("{what}{by}: whether {b} is less than {a}"),
                    (true, _) => format!("{by}{what}: {a} 대비 {b}"),
                    (false, _) => format!("{what}{by}: {b} against {a}"),
                }
            }
            Want::TopGroups { by, measure, n, place: true, desc } => {
                let what = self.measured(subject, measure, rec);
                match (self.ko(), desc) {
                    (true, true) => format!("{what} 많은 순 {n}번째 {}", fields(by)),
                    (true, false) => format!("{what} 적은 순 {n}번째 {}", fields(by)),
                    (false, true) => format!("number {n} of {} by {what}, most first", fields(by)),
                    (false, false) => format!("number {n} of {} by {what}, fewest first", fields(by)),
                }
            }
            Want::TopRows { field, n, desc, place: true, .. } => {
                let field = self.field(field);
                match (self.ko(), desc) {
                    (true, true) => format!("{field} 큰 순 {n}번째 {subject}"),
                    (true, false) => format!("{field} 작은 순 {n}번째 {subject}"),
                    (false, true) => format!("number {n} of {subject} by {field}, highest first"),
                    (false, false) => format!("number {n} of {subject} by {field}, lowest first"),
                }
            }
            Want::TopGroups { by, measure, n, desc, .. } => {
                let what = self.measured(subject, measure, rec);
                match (self.ko(), desc) {
                    (true, true) => format!("{what} 상위 {n}개 {}", fields(by)),
                    (true, false) => format!("{what} 하위 {n}개 {}", fields(by)),
                    (false, true) => format!("top {n} {} by {what}", fields(by)),
                    (false, false) => format!("bottom {n} {} by {what}", fields(by)),
                }
            }
            Want::GroupsThat { by, having, .. } => self.groups_that(subject, by, having),
            Want::TopRows { field, n, desc, .. } => {
                let field = self.field(field);
                match (self.ko(), desc) {
                    (true, true) => format!("{field} 상위 {n}개 {subject}"),
                    (true, false) => format!("{field} 하위 {n}개 {subject}"),
                    (false, true) => format!("{n} {subject} with the highest {field}"),
                    (false, false) => format!("{n} {subject} with the lowest {field}"),
                }
            }
            Want::Exists(_) => {
                self.pick(&format!("{subject} 존재 여부"), &format!("whether there are {subject}"))
            }
        }
    }
}

/// The parts that say something.
fn joined(parts: &[&str], with: &str) -> String {
    parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(with)
}
