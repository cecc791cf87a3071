//! Words for what a plan is about: labels of steps, subjects of answers, the goal.

mod asks;
mod reasons;
mod steps;

use model::{Condition, Lang, Op, graph::Direction};
use serde_json::Value;

use crate::{
    compose::{Josa, with_particle},
    logic::{Ask, Hop, ItemSet, MetricSet, RecordSet, Reduce, Start, Want},
    time::Window,
    vocabulary::{Index, text_of},
};

/// Finds the words in one language.
#[derive(Clone, Copy)]
pub struct Wording<'a> {
    /// The estate.
    pub index: &'a Index,
    /// The language.
    pub lang: Lang,
}

impl Wording<'_> {
    fn ko(&self) -> bool {
        self.lang == Lang::Ko
    }

    fn pick(&self, ko: &str, en: &str) -> String {
        if self.ko() { ko.to_owned() } else { en.to_owned() }
    }

    fn kind(&self, key: &str) -> String {
        self.index
            .catalogue()
            .kinds
            .iter()
            .find(|k| k.key == key)
            .map(|k| k.label.get(self.lang).to_owned())
            .filter(|l| !l.is_empty())
            .unwrap_or_else(|| key.to_owned())
    }

    /// A field of items or records.
    pub fn field(&self, key: &str) -> String {
        let plain = key.strip_prefix("ci.").unwrap_or(key);
        match plain {
            "code" => return self.pick("코드", "code"),
            "kind" => return self.pick("종류", "kind"),
            "ci" => return self.pick("항목", "item"),
            "at" => return self.pick("시각", "time"),
            "day" => return self.pick("날짜", "day"),
            "hour" => return self.pick("시간", "hour"),
            "hour_of_day" => return self.pick("시간대", "hour of day"),
            "weekday" => return self.pick("요일", "weekday"),
            "week" => return self.pick("주", "week"),
            "month" => return self.pick("월", "month"),
            "type" if self.index.field("type").is_none() => return self.pick("관계 종류", "relation type"),
            "duration_min" => {
                let known = self.index.catalogue().records.iter().flat_map(|r| r.fields.iter());
                if !known.clone().any(|f| f.key == "duration_min") {
                    return self.pick("소요 시간", "duration");
                }
            }
            "source" | "target" => return self.pick("항목", "item"),
            _ => {}
        }
        let records = self.index.catalogue().records.iter().flat_map(|r| r.fields.iter());
        self.index
            .field(plain)
            .or_else(|| records.clone().find(|f| f.key == plain))
            .map(|f| f.label.get(self.lang).to_owned())
            .filter(|l| !l.is_empty())
            .unwrap_or_else(|| plain.to_owned())
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::Array(list) => list.iter().map(text_of).collect::<Vec<_>>().join(", "),
            Value::Object(map) if map.contains_key(crate::read::than::AVERAGE) => {
                self.pick("평균", "the average")
            }
            // Another field of the same record.
            Value::Object(map) => self.field(map.get("field").and_then(Value::as_str).unwrap_or_default()),
            other => text_of(other),
        }
    }

    fn condition(&self, c: &Condition) -> String {
        let field = self.field(&c.field);
        let value = self.value(&c.value);
        if c.value.is_object() {
            return format!("{field} {} {value}", crate::read::conditions::sign_of(c.op));
        }
        match (c.op, self.ko()) {
            (Op::Eq | Op::In, _) => format!("{field} {value}"),
            (Op::Ne | Op::NotIn, true) => {
                let value = with_particle(&value, Josa::Subject);
                format!("{} {value} 아닌", with_particle(&field, Josa::Subject))
            }
            (Op::Ne | Op::NotIn, false) => format!("{field} not {value}"),
            (Op::Ge, true) => format!("{field} {value} 이상"),
            (Op::Le, true) => format!("{field} {value} 이하"),
            (Op::Gt, true) => format!("{field} {value} 초과"),
            (Op::Lt, true) => format!("{field} {value} 미만"),
            (Op::Ge, false) => format!("{field} ≥ {value}"),
            (Op::Le, false) => format!("{field} ≤ {value}"),
            (Op::Gt, false) => format!("{field} > {value}"),
            (Op::Lt, false) => format!("{field} < {value}"),
            (Op::Prefix, _) => format!("{value}*"),
            (Op::Contains, _) => format!("{field} ~ {value}"),
            (Op::Exists, true) => format!("{} 있는", with_particle(&field, Josa::Subject)),
            (Op::Missing, true) => format!("{} 없는", with_particle(&field, Josa::Subject)),
            (Op::Exists, false) => format!("with {field}"),
            (Op::Missing, false) => format!("without {field}"),
        }
    }

    /// A set of items: `ERP 서버`, `servers with vendor cisco`.
    pub fn set(&self, set: &ItemSet) -> String {
        let kinds = set.kinds();
        let noun = if kinds.is_empty() {
            self.pick("항목", "items")
        } else if kinds.len() > 4 {
            self.pick("시스템", "systems")
        } else {
            let names = kinds.iter().map(|k| if self.ko() { self.kind(k) } else { plural(&self.kind(k)) });
            names.collect::<Vec<_>>().join(self.pick("·", ", ").as_str())
        };
        let conditions: Vec<String> =
            set.filter.iter().filter(|c| c.field != "kind").map(|c| self.condition(c)).collect();
        let conditions = conditions.join(", ");
        let base = match &set.start {
            Start::Codes(codes) => {
                let codes = codes.join(", ");
                if conditions.is_empty() { codes } else { format!("{codes} ({conditions})") }
            }
            Start::All if conditions.is_empty() => noun,
            Start::All if self.ko() => {
                // a condition that ends in a form of its own (없는, 아닌) stands before the noun as it is
                let closed = ["있는", "없는", "아닌"].iter().any(|end| conditions.ends_with(end));
                format!("{conditions}{} {noun}", if closed { "" } else { "인" })
            }
            Start::All => format!("{noun} with {conditions}"),
            Start::Hop(hop) => {
                let words = self.hop(hop, &noun);
                if conditions.is_empty() { words } else { format!("{words} ({conditions})") }
            }
            Start::Members(ask) => {
                let what = self.best(ask);
                if self.ko() { format!("{what}에 속한 {noun}") } else { format!("{noun} of {what}") }
            }
            Start::Best(ask) => self.best(ask),
        };
        let mut base = base;
        for other in &set.inside {
            let other = self.set(other);
            base = if self.ko() {
                format!("{base} 가운데 {other}에도 속하는 것")
            } else {
                format!("{base} that are also among: {other}")
            };
        }
        for other in &set.outside {
            let other = self.set(other);
            base = if self.ko() {
                format!("{base} 가운데 {other}에 속하지 않는 것")
            } else {
                format!("{base} that are none of: {other}")
            };
        }
        for r in &set.without {
            let r = self.records(r);
            base = if self.ko() {
                format!("{r} 기록이 없는 {base}")
            } else {
                format!("{base} without {r}")
            };
        }
        for w in &set.with {
            let r = self.records(&w.records);
            let many = w
                .count
                .as_ref()
                .map(|c| format!(" {} {}", crate::read::conditions::sign_of(c.op), self.value(&c.value)));
            let many = many.unwrap_or_default();
            base = if self.ko() {
                format!("{r} 기록이 있는{many} {base}")
            } else {
                format!("{base} with {r}{many}")
            };
        }
        base
    }

    /// What a ranking names: `이벤트가 가장 많은 서버`, `the server with the most memory`.
    fn best(&self, ask: &Ask) -> String {
        let place = |n: u32, place: bool| match (n, place, self.ko()) {
            (1, ..) => String::new(),
            (n, true, true) => format!(" ({n}번째)"),
            (n, true, false) => format!(" (number {n})"),
            (n, false, true) => format!(" {n}개"),
            (n, false, false) => format!(" (the first {n})"),
        };
        match ask {
            Ask::Items(set, Want::TopGroups { by, measure, n, desc, place: p }) if by.len() == 1 => {
                format!("{}{}", self.ranked(&self.set(set), measure, &by[0], *desc), place(*n, *p))
            }
            Ask::Records(set, Want::TopGroups { by, measure, n, desc, place: p }) if by.len() == 1 => {
                let (mut records, mut noun) = (set.clone(), by[0].clone());
                // `서버의 이벤트가 가장 많은 항목` says less than `이벤트가 가장 많은 서버`.
                if noun == "ci"
                    && let Some(of) = &set.of
                    && !of.kinds().is_empty()
                {
                    noun = self.set(of);
                    records.of = None;
                    return self.ranked_as(&self.records(&records), measure, &noun, *desc) + &place(*n, *p);
                }
                format!("{}{}", self.ranked(&self.records(&records), measure, &noun, *desc), place(*n, *p))
            }
            Ask::Items(set, Want::TopRows { field, n, desc, place: p, .. }) => {
                let (field, noun) = (self.field(field), self.set(set));
                let words = match (self.ko(), desc) {
                    (true, true) => format!("{} 가장 큰 {noun}", with_particle(&field, Josa::Subject)),
                    (true, false) => format!("{} 가장 작은 {noun}", with_particle(&field, Josa::Subject)),
                    (false, true) => format!("{noun} with the highest {field}"),
                    (false, false) => format!("{noun} with the lowest {field}"),
                };
                words + &place(*n, *p)
            }
            // What is joined to many items by relations.
            Ask::Edges { source, target, types, by: Some(by), top: None, having: None } => {
                let (from, direction) =
                    if by == "target" { (source, Direction::Out) } else { (target, Direction::In) };
                let hop = Hop {
                    from: from.clone(),
                    types: types.clone(),
                    direction,
                    depth: 1,
                    least: 1,
                    impact: None,
                    not_start: false,
                };
                self.hop(&hop, &self.pick("항목", "items"))
            }
            other => self.ask(other),
        }
    }

    fn hop(&self, hop: &Hop, noun: &str) -> String {
        let from = self.set(&hop.from);
        let mut types = hop.types.iter().map(|t| self.relation(t)).collect::<Vec<_>>().join("·");
        if types.is_empty() && hop.direction != Direction::Both {
            types = self.pick("연결", "connected to");
        }
        if let Some(redundancy) = hop.impact {
            return match (self.ko(), redundancy) {
                (true, true) => format!("{from} 장애 시 완전히 끊기는 {noun}"),
                (true, false) => format!("{from} 장애 시 영향받는 {noun}"),
                (false, true) => format!("{noun} that lose everything when {from} fails"),
                (false, false) => format!("{noun} affected when {from} fails"),
            };
        }
        let many = if hop.depth == 1 { String::new() } else { self.pick("직간접 ", "directly or not ") };
        match (self.ko(), hop.direction) {
            (true, Direction::Out) => format!("{from}의 {many}{types} 대상 {noun}"),
            (true, Direction::In) => format!("{from}에 {many}{types} 관계로 이어진 {noun}"),
            (true, Direction::Both) if types.is_empty() => format!("{from}에 이어진 {noun}"),
            (true, Direction::Both) => format!("{many}{types} 관계로 {from}에 이어진 {noun}"),
            (false, Direction::Out) => format!("{noun} that {from} {many}{types}"),
            (false, Direction::In) => format!("{noun} {many}{types} {from}"),
            (false, Direction::Both) => format!("{noun} joined to {from} {many}{types}"),
        }
    }

    fn relation(&self, key: &str) -> String {
        self.index
            .catalogue()
            .relations
            .iter()
            .find(|r| r.key == key)
            .map(|r| r.label.get(self.lang).to_owned())
            .filter(|l| !l.is_empty())
            .unwrap_or_else(|| key.to_owned())
    }

    /// Relations of some types.
    pub fn relations(&self, types: &[String]) -> String {
        let list = types.iter().map(|t| self.relation(t)).collect::<Vec<_>>().join("·");
        match (self.ko(), list.is_empty()) {
            (true, true) => "관계 수".into(),
            (true, false) => format!("{list} 관계 수"),
            (false, true) => "relations".into(),
            (false, false) => format!("{list} relations"),
        }
    }

    /// A set of records: `12월 심각도 4 이상 이벤트`.
    pub fn records(&self, set: &RecordSet) -> String {
        let name = self
            .index
            .catalogue()
            .records
            .get(set.kind)
            .map(|r| r.label.get(self.lang).to_owned())
            .unwrap_or_default();
        let conditions: Vec<String> = set.filter.iter().map(|c| self.condition(c)).collect();
        let of = set.of.as_ref().map(|s| self.set(s));
        let window = set.window.as_ref().map(|w| self.window(w)).or_else(|| {
            let newest = self.ask(set.after.as_deref()?);
            Some(if self.ko() { format!("({newest}) 이후") } else { format!("since ({newest})") })
        });
        if self.ko() {
            let mut parts: Vec<String> = Vec::new();
            parts.extend(window);
            parts.extend(of.map(|o| format!("{o}의")));
            parts.extend(conditions);
            parts.push(name);
            parts.join(" ")
        } else {
            let mut out = plural(&name);
            if !conditions.is_empty() {
                out = format!("{out} with {}", conditions.join(", "));
            }
            if let Some(of) = of {
                out = format!("{out} of {of}");
            }
            if let Some(w) = window {
                out = format!("{out}, {w}");
            }
            out
        }
    }

    /// A window, as it was typed.
    pub fn window(&self, w: &Window) -> String {
        w.words.clone()
    }

    /// A metric of items in a window.
    pub fn metric(&self, set: &MetricSet) -> String {
        let name = self
            .index
            .catalogue()
            .metrics
            .get(set.metric)
            .map(|m| m.label.get(self.lang).to_owned())
            .unwrap_or_default();
        let mut of = set.of.as_ref().map(|s| self.set(s)).unwrap_or_default();
        if let Some(peer) = &set.peer {
            of = format!("{of} → {peer}");
        }
        let window = set.window.as_ref().map(|w| self.window(w)).unwrap_or_default();
        let parts: Vec<&str> = if self.ko() { vec![&window, &of, &name] } else { vec![&of, &name, &window] };
        parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// `… 평균`, `average of …`.
    pub fn aggregate(&self, subject: &str, agg: &str) -> String {
        let (ko, en) = reduction(agg);
        match (self.ko(), ko.is_empty()) {
            (_, true) => subject.to_owned(),
            (true, _) => format!("{subject} {ko}"),
            (false, _) => format!("{en} {subject}"),
        }
    }

    /// Samples that fit a condition.
    pub fn samples(&self, subject: &str, filter: &[Condition]) -> String {
        let list: Vec<String> = filter
            .iter()
            .map(|c| format!("{} {}", crate::read::conditions::sign_of(c.op), self.value(&c.value)))
            .collect();
        let list = list.join(", ");
        if self.ko() { format!("{subject} {list}인 표본") } else { format!("{subject} samples {list}") }
    }

    /// Items whose samples fit a condition.
    pub fn items_over(&self, subject: &str, c: &Condition) -> String {
        let sign = crate::read::conditions::sign_of(c.op);
        let value = self.value(&c.value);
        if self.ko() {
            format!("{subject} {sign} {value}인 항목")
        } else {
            format!("items with {subject} {sign} {value}")
        }
    }

    /// What is ranked: `변경 작업이 가장 많은 월`.
    pub fn ranked(&self, subject: &str, reduce: &Reduce, by: &str, desc: bool) -> String {
        self.ranked_as(subject, reduce, &self.field(by), desc)
    }

    fn ranked_as(&self, subject: &str, reduce: &Reduce, by: &str, desc: bool) -> String {
        let count = matches!(reduce, Reduce::Count | Reduce::Percent | Reduce::Distinct(_));
        let subject = self.measured(subject, reduce, None);
        match (self.ko(), count, desc) {
            (true, true, true) => format!("{} 가장 많은 {by}", with_particle(&subject, Josa::Subject)),
            (true, true, false) => format!("{} 가장 적은 {by}", with_particle(&subject, Josa::Subject)),
            (true, false, true) => format!("{} 가장 높은 {by}", with_particle(&subject, Josa::Subject)),
            (true, false, false) => format!("{} 가장 낮은 {by}", with_particle(&subject, Josa::Subject)),
            (false, true, true) => format!("{by} with the most {subject}"),
            (false, true, false) => format!("{by} with the fewest {subject}"),
            (false, false, true) => format!("{by} with the highest {subject}"),
            (false, false, false) => format!("{by} with the lowest {subject}"),
        }
    }

    /// What a reduction of a set is called.
    pub fn measured(&self, subject: &str, reduce: &Reduce, _rec: Option<usize>) -> String {
        match reduce {
            Reduce::Count | Reduce::Percent => subject.to_owned(),
            Reduce::Distinct(f) if self.ko() => format!("{subject}의 서로 다른 {}", self.field(f)),
            Reduce::Distinct(f) => format!("distinct {} of {subject}", self.field(f)),
            Reduce::Of(agg, f) => {
                let (ko, en) = reduction(agg);
                if self.ko() {
                    format!("{subject}의 {} {ko}", self.field(f))
                } else {
                    format!("{en} {} of {subject}", self.field(f))
                }
            }
            Reduce::Share(filter) => {
                let part: Vec<String> = filter.iter().map(|c| self.condition(c)).collect();
                let part = part.join(", ");
                if self.ko() {
                    format!("{subject} 중 {part} 비율")
                } else {
                    format!("share of {part} in {subject}")
                }
            }
        }
    }

    /// `하루당 이벤트 평균`, `average of events per day`.
    pub fn overall(&self, subject: &str, by: &str, measure: &Reduce, over: &str) -> String {
        let (ko, en) = reduction(over);
        let (by, what) = (self.field(by), self.measured(subject, measure, None));
        let count = matches!(measure, Reduce::Count);
        match (self.ko(), count) {
            (true, true) => format!("{by}당 {what} 수의 {ko}"),
            (true, false) => format!("{by}당 {what}의 {ko}"),
            (false, true) => format!("{en} number of {what} per {by}"),
            (false, false) => format!("{en} {what} per {by}"),
        }
    }

    /// Groups whose number fits a condition.
    pub fn groups_that(&self, subject: &str, by: &[String], having: &Condition) -> String {
        let by = by.iter().map(|f| self.field(f)).collect::<Vec<_>>().join(", ");
        let value = self.value(&having.value);
        let sign = crate::read::conditions::sign_of(having.op);
        match (self.ko(), having.op) {
            (true, Op::Ge) => format!("{subject} 수가 {value} 이상인 {by}"),
            (true, Op::Gt) => format!("{subject} 수가 {value} 초과인 {by}"),
            (true, Op::Le) => format!("{subject} 수가 {value} 이하인 {by}"),
            (true, Op::Lt) => format!("{subject} 수가 {value} 미만인 {by}"),
            (true, _) => format!("{subject} 수가 {sign} {value}인 {by}"),
            (false, _) => format!("{by} with number of {subject} {sign} {value}"),
        }
    }

    /// The counter of items.
    pub fn counter(&self, _set: &ItemSet) -> String {
        if self.ko() { "개".to_owned() } else { String::new() }
    }

    /// The counter of what a reduction counts.
    pub fn counter_for(&self, set: &ItemSet, reduce: &Reduce) -> String {
        match reduce {
            Reduce::Count | Reduce::Percent | Reduce::Distinct(_) => self.counter(set),
            _ => String::new(),
        }
    }
}

fn reduction(agg: &str) -> (&'static str, &'static str) {
    match agg {
        "avg" => ("평균", "average"),
        "max" => ("최대", "maximum"),
        "min" => ("최소", "minimum"),
        "sum" => ("합계", "total"),
        "p50" => ("중앙값", "median"),
        "p90" => ("p90", "p90"),
        "p95" => ("p95", "p95"),
        "p99" => ("p99", "p99"),
        "last" => ("마지막 값", "last"),
        "first" => ("첫 값", "first"),
        _ => ("", ""),
    }
}

/// The plural of a name in English; names in capitals keep them, and what is not counted one by one stays as it is.
pub(crate) fn plural(name: &str) -> String {
    const NOT_COUNTED: [&str; 9] = [
        "maintenance",
        "work",
        "storage",
        "software",
        "hardware",
        "equipment",
        "traffic",
        "security",
        "history",
    ];
    let name = if name.chars().any(char::is_lowercase) { name.to_lowercase() } else { name.to_owned() };
    let last = name.rsplit(' ').next().unwrap_or_default();
    if !name.is_ascii() || NOT_COUNTED.contains(&last) {
        return name;
    }
    let before_y = name.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    match before_y {
        Some(stem) => format!("{stem}ies"),
        None if name.ends_with('s') && !name.ends_with("ss") => name,
        None if ["ss", "x", "ch", "sh"].iter().any(|end| name.ends_with(end)) => format!("{name}es"),
        None => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn names_are_counted_as_english_counts_them() {
        let cases = [
            ("Server", "servers"),
            ("policy", "policies"),
            ("switch", "switches"),
            ("address", "addresses"),
            ("change work", "change work"),
            ("DB", "DBs"),
            ("gateway", "gateways"),
            ("서버", "서버"),
        ];
        for (one, many) in cases {
            assert_eq!(plural(one), many);
        }
    }
}
