//! Findings in words.

use chrono::{DateTime, Utc};
use model::{
    Lang,
    rca::{Check, Finding, Resource},
    schema::RecordRole,
};

use super::{
    Context,
    facts::{Fact, Facts},
    gaps::Gap,
    hypotheses::{Draft, TROUBLE},
    shift::Shift,
};
use crate::meaning::Aspect;

/// What is needed to put a hypothesis into words.
pub(crate) struct Telling<'a> {
    pub cx: &'a Context<'a>,
    pub shifts: &'a [Shift],
    pub gaps: &'a [Gap],
    pub facts: &'a Facts,
    pub draft: &'a Draft,
}

/// A number with three digits that matter.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    let places = if size >= 100.0 || size == 0.0 {
        0
    } else if size >= 10.0 {
        1
    } else if size >= 1.0 {
        2
    } else {
        (2 - size.log10().floor() as i32).clamp(2, 6) as usize
    };
    let text = format!("{value:.places$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn clock(at: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(at).map(|t| t.format("%H:%M").to_string()).unwrap_or_default()
}

impl Telling<'_> {
    fn pick(&self, ko: String, en: String) -> String {
        if self.cx.input.lang == Lang::Ko { ko } else { en }
    }

    fn code(&self, item: u32) -> &str {
        self.cx.input.items.get(item as usize).map_or("", String::as_str)
    }

    fn fact(&self) -> &Fact {
        self.facts.of(self.draft.item)
    }

    fn label(&self, metric: usize) -> (&str, &str, &str) {
        self.cx
            .input
            .metrics
            .get(metric)
            .map_or(("", "", ""), |m| (m.label.get(self.cx.input.lang), m.unit.as_str(), m.key.as_str()))
    }

    fn finding(&self, check: Check, value: f64, text: String) -> Finding {
        Finding {
            check,
            text,
            value: (value * 1000.0).round() / 1000.0,
            ci: self.code(self.draft.item).to_owned(),
            peer: String::new(),
            metric: String::new(),
            unit: String::new(),
            before: None,
            after: None,
            at: None,
        }
    }

    /// What a series did, as a finding.
    fn moved(&self, check: Check, value: f64, shift: &Shift) -> Finding {
        let (label, unit, key) = self.label(shift.metric);
        let since = shift.onset.map(clock);
        let (before, after) = (number(shift.center), number(shift.after));
        let name = match shift.peer {
            Some(peer) => format!("{} → {} {label}", self.code(shift.item), self.code(peer)),
            None => format!("{} {label}", self.code(shift.item)),
        };
        let text = if shift.silent {
            self.pick(format!("{name}: 수집이 끊겼습니다"), format!("{name}: no samples any more"))
        } else {
            let from = since.map_or_else(String::new, |at| {
                self.pick(format!(", {at} UTC부터"), format!(", from {at} UTC"))
            });
            self.pick(
                format!("{name}: 평소 {before}{unit} → {after}{unit}{from}"),
                format!("{name}: usually {before}{unit}, then {after}{unit}{from}"),
            )
        };
        Finding {
            ci: self.code(shift.item).to_owned(),
            peer: shift.peer.map(|p| self.code(p).to_owned()).unwrap_or_default(),
            metric: key.to_owned(),
            unit: unit.to_owned(),
            before: Some(shift.center),
            after: Some(shift.after),
            at: shift.onset.and_then(DateTime::from_timestamp_millis),
            ..self.finding(check, value, text)
        }
    }

    fn lost(&self, value: f64, gap: &Gap) -> Finding {
        let series = self.cx.input.series.get(gap.series);
        let key = series.map_or("", |s| self.label(s.metric).2);
        let (lost, before) = (number(gap.lost_s * 1e3), number(gap.before_s * 1e3));
        let way = format!("{} → {}", self.code(gap.caller), self.code(gap.callee));
        let text = if gap.inferred {
            self.pick(
                format!("{way}: 호출하는 쪽이 받는 쪽의 처리 시간보다 {lost} ms 더 기다림. 호출 구간 지표가 없어, 기다린 백분위와 호출 비율이 맞는 상대를 골랐음"),
                format!("{way}: the caller waits {lost} ms longer than its callees take; no call edge is measured, so the callee is the one whose share of the calls fits the percentiles that waited"),
            )
        } else {
            self.pick(
                format!("{way}: 호출하는 쪽이 받는 쪽의 처리 시간보다 {lost} ms 더 기다림 (평소 호출 시간 {before} ms)"),
                format!("{way}: the caller waits {lost} ms longer than the callee takes (a call usually takes {before} ms)"),
            )
        };
        Finding {
            ci: self.code(gap.caller).to_owned(),
            peer: self.code(gap.callee).to_owned(),
            metric: key.to_owned(),
            unit: "s".into(),
            before: Some(gap.before_s),
            after: Some(gap.before_s + gap.lost_s),
            at: gap.onset.and_then(DateTime::from_timestamp_millis),
            ..self.finding(Check::Gap, value, text)
        }
    }

    /// What speaks for it, strongest first.
    pub fn supporting(&self) -> Vec<Finding> {
        let (draft, fact) = (self.draft, self.fact());
        let mut list = Vec::new();
        for (&check, &value) in &draft.causes {
            let shift = match check {
                Check::Shift => draft.shift,
                Check::Slowdown => fact.slow_at,
                Check::Errors => fact.errors_at,
                _ => None,
            };
            match check {
                Check::Gap => list.extend(self.gaps_of().map(|gap| self.lost(value, gap))),
                Check::Flow => list.push(self.ended(value)),
                Check::Events => list.push(self.happened(value)),
                _ => {
                    list.extend(shift.and_then(|at| self.shifts.get(at)).map(|s| self.moved(check, value, s)))
                }
            }
        }
        if draft.resource != Resource::Application
            && draft.resource != Resource::Change
            && fact.slow > TROUBLE
        {
            list.extend(
                fact.slow_at
                    .and_then(|at| self.shifts.get(at))
                    .map(|s| self.moved(Check::Slowdown, fact.slow, s)),
            );
        }
        if let Some(shift) = self.at_limit() {
            list.push(self.limit(shift));
        }
        for &at in fact.changes.iter().rev().take(3) {
            list.extend(self.cx.input.records.get(at).map(|r| {
                let kind = match r.role {
                    RecordRole::Maintenance => self.pick("점검".into(), "maintenance".into()),
                    _ => self.pick("변경".into(), "change".into()),
                };
                let text = self.pick(
                    format!("직전 {kind}: {} ({} UTC)", r.title, clock(r.at)),
                    format!("{kind} shortly before: {} ({} UTC)", r.title, clock(r.at)),
                );
                Finding {
                    at: DateTime::from_timestamp_millis(r.at),
                    ..self.finding(Check::Change, 1.0, text)
                }
            }));
        }
        if !draft.causes.contains_key(&Check::Events) && fact.trouble_events > 0.0 {
            list.push(self.happened(fact.trouble_events));
        }
        let share = |check| draft.support.get(&check).copied().unwrap_or(0.0);
        let others = self.others();
        if share(Check::Reach) > 0.5 && others > 0 {
            let text = self.pick(
                format!("함께 이상이 나타난 다른 항목 {others}개의 이상 정도 가운데 {:.0} %가 이 항목에 의존하는 쪽에 있음", share(Check::Reach) * 100.0),
                format!("{:.0} % of the trouble on the {others} other items that deviate is on those that depend on it", share(Check::Reach) * 100.0),
            );
            list.push(self.finding(Check::Reach, share(Check::Reach), text));
        }
        if share(Check::Order) >= 0.8 && others > 0 && fact.onset.is_some() {
            let text =
                self.pick("다른 항목보다 늦지 않게 시작됨".into(), "began no later than the others".into());
            list.push(self.finding(Check::Order, share(Check::Order), text));
        }
        list.sort_by(|a, b| {
            let own = |f: &Finding| matches!(f.check, Check::Reach | Check::Order);
            own(a).cmp(&own(b)).then(b.value.total_cmp(&a.value))
        });
        list
    }

    fn others(&self) -> usize {
        (0..self.cx.input.items.len() as u32)
            .filter(|i| *i != self.draft.item && self.facts.of(*i).trouble >= TROUBLE)
            .count()
    }

    fn gaps_of(&self) -> impl Iterator<Item = &Gap> {
        let item = self.draft.item;
        let mut list: Vec<&Gap> =
            self.gaps.iter().filter(|g| (g.caller == item || g.callee == item) && g.strength > 0.0).collect();
        list.sort_by(|a, b| b.strength.total_cmp(&a.strength));
        list.into_iter().take(3)
    }

    fn at_limit(&self) -> Option<&Shift> {
        let shift = self.draft.shift.and_then(|at| self.shifts.get(at))?;
        shift.at_limit(self.cx).then_some(shift)
    }

    fn limit(&self, shift: &Shift) -> Finding {
        let (label, unit, key) = self.label(shift.metric);
        let text = self.pick(
            format!("{label} {}{unit}: 한계에 이름", number(shift.after)),
            format!("{label} at {}{unit}: at its limit", number(shift.after)),
        );
        Finding {
            metric: key.to_owned(),
            unit: unit.to_owned(),
            after: Some(shift.after),
            ..self.finding(Check::Capacity, 1.0, text)
        }
    }

    fn ended(&self, value: f64) -> Finding {
        let fact = self.fact();
        let to = fact.flow_to.unwrap_or(self.draft.item);
        let share = |f: f64| format!("{:.0} %", f * 100.0);
        let (here, there) = (share(fact.traffic), share(self.facts.of(to).traffic));
        let (item, callee) = (self.code(self.draft.item), self.code(to));
        let text = self.pick(
            format!("요청이 {item}에서 끊김: {item}의 요청은 평소의 {here}, 호출 대상 {callee}의 요청은 {there}"),
            format!("requests end in {item}: it gets {here} of the usual requests, {callee}, which it calls, {there}"),
        );
        Finding { peer: callee.to_owned(), ..self.finding(Check::Flow, value, text) }
    }

    fn happened(&self, value: f64) -> Finding {
        let fact = self.fact();
        let worst = fact
            .events
            .iter()
            .filter_map(|at| self.cx.input.records.get(*at))
            .max_by(|a, b| a.severity.total_cmp(&b.severity).then(b.at.cmp(&a.at)));
        let n = fact.events.len();
        let title = worst.map_or("", |r| r.title.as_str());
        let text = self.pick(
            format!("이벤트 {n}건, 가장 심각한 것: {title}"),
            format!("{n} events, the worst: {title}"),
        );
        Finding {
            at: worst.and_then(|r| DateTime::from_timestamp_millis(r.at)),
            ..self.finding(Check::Events, value, text)
        }
    }

    /// What speaks against it.
    pub fn opposing(&self) -> Vec<Finding> {
        let (draft, fact) = (self.draft, self.fact());
        let mut list = Vec::new();
        if draft.explained > 0.2 {
            let text = match (draft.by, draft.by_load) {
                (_, true) => self.pick(
                    format!("받은 요청이 평소의 {:.0} %로 늘어 이 변화를 설명함", fact.traffic * 100.0),
                    format!(
                        "it gets {:.0} % of the usual requests, which explains the change",
                        fact.traffic * 100.0
                    ),
                ),
                (Some(by), _) if by == draft.item => self.pick(
                    "같은 항목의 다른 이상이 이 변화를 설명함".into(),
                    "something else on the same item explains it".into(),
                ),
                (Some(by), _) => self.pick(
                    format!("{}에도 이상이 있어 이 변화를 설명함", self.code(by)),
                    format!("trouble on {} explains it", self.code(by)),
                ),
                _ => self.pick("다른 이상이 이 변화를 설명함".into(), "something else explains it".into()),
            };
            list.push(self.finding(Check::Explained, draft.explained, text));
        }
        let share = |check| draft.support.get(&check).copied().unwrap_or(0.5);
        if self.others() > 0 && share(Check::Reach) <= 0.3 {
            let text = self.pick(
                "이상이 나타난 다른 항목 대부분은 이 항목에 의존하지 않음".into(),
                "most of what deviates does not depend on it".into(),
            );
            list.push(self.finding(Check::Reach, 1.0 - share(Check::Reach), text));
        }
        if self.others() > 0 && share(Check::Order) <= 0.4 && fact.onset.is_some() {
            let text = self.pick("다른 항목의 이상이 먼저 시작됨".into(), "others deviated before".into());
            list.push(self.finding(Check::Order, 1.0 - share(Check::Order), text));
        }
        let resource =
            !matches!(draft.resource, Resource::Application | Resource::Change | Resource::Network);
        if resource && fact.slow_at.is_some() && fact.slow <= TROUBLE && fact.errors <= TROUBLE {
            let text = self.pick(
                "이 항목의 응답 시간과 오류는 평소와 같음".into(),
                "its latency and errors are as usual".into(),
            );
            list.push(self.finding(Check::Slowdown, 0.3, text));
        }
        list
    }

    /// What would decide it and is not measured.
    pub fn missing(&self) -> Vec<String> {
        let draft = self.draft;
        let fact = self.fact();
        let mut list = Vec::new();
        let has = |wanted: &[Aspect]| {
            self.cx.input.series.iter().any(|s| {
                (s.item == draft.item || s.peer == Some(draft.item))
                    && self.cx.meanings.get(s.metric).is_some_and(|m| wanted.contains(&m.aspect))
            })
        };
        if !fact.measured {
            list.push(self.pick("이 항목의 지표".into(), "metrics of this item".into()));
        } else {
            if !has(&[Aspect::Latency]) {
                list.push(self.pick("이 항목의 응답 시간".into(), "its latency".into()));
            }
            if !has(&[Aspect::Errors, Aspect::Success]) {
                list.push(self.pick("이 항목의 오류율".into(), "its error rate".into()));
            }
            if !has(&[Aspect::Usage]) {
                list.push(self.pick("이 항목의 자원 사용률".into(), "its use of resources".into()));
            }
        }
        if self.cx.graph.above(draft.item).is_empty() && self.cx.graph.below(draft.item).is_empty() {
            list.push(self.pick("이 항목의 의존 관계".into(), "its dependencies".into()));
        }
        let roles = |wanted: RecordRole| self.cx.input.records.iter().any(|r| r.role == wanted);
        if !roles(RecordRole::Change) && !roles(RecordRole::Maintenance) {
            list.push(self.pick(
                "직전 변경 기록 (구간에 없음)".into(),
                "changes before it (none recorded near the window)".into(),
            ));
        }
        list
    }

    /// What to look at next.
    pub fn next(&self) -> Vec<String> {
        let draft = self.draft;
        let item = self.code(draft.item);
        let usual = draft.resource.next_check();
        let text = self.cx.input.template.next_text(draft.resource).unwrap_or(&usual).get(self.cx.input.lang);
        let mut list = vec![format!("{item}: {text}")];
        if let Some(by) = draft.by.filter(|by| *by != draft.item && draft.explained > 0.4) {
            let by = self.code(by);
            list.push(self.pick(
                format!("{by}의 이상이 먼저인지 확인"),
                format!("whether the trouble on {by} came first"),
            ));
        }
        if self.fact().changes.is_empty() {
            list.push(self.pick(
                format!("{item}에 기록되지 않은 변경이 있었는지"),
                format!("whether something was changed on {item} without a record"),
            ));
        }
        list
    }

    /// One sentence.
    pub fn summary(&self) -> String {
        let (draft, fact) = (self.draft, self.fact());
        let item = self.code(draft.item);
        let resource = draft.resource.label();
        let since = fact.onset.map(clock);
        let when = since
            .map_or_else(String::new, |at| self.pick(format!("{at} UTC부터 "), format!(" from {at} UTC")));
        let main = self.supporting().into_iter().next().map(|f| f.text).unwrap_or_default();
        self.pick(
            format!("{when}{item}의 {}에 이상이 있습니다. {main}", resource.ko),
            format!("{item}: {} deviates{when}. {main}", resource.en),
        )
    }
}
