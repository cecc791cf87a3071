//! Events, changes, maintenance and tickets: what is always going on, and what incidents leave behind.

use serde_json::{Map, Value, json};

use crate::{
    Item, Record,
    company::Company,
    estate::{Estate, Layer},
    incidents::{Made, Plan},
    load::Rhythm,
    rng::Rng,
};

/// Events nobody needs, per item.
const EVENTS: f64 = 10.0;
/// Most of them.
const MOST_EVENTS: usize = 60_000;
const MINUTE: i64 = 60;

/// Words of severity, from least to most.
pub(crate) fn severities(company: &Company) -> [&'static str; 4] {
    if company.korean {
        ["정보", "주의", "경고", "심각"]
    } else {
        ["info", "minor", "major", "critical"]
    }
}

/// Identifier of a record.
pub(crate) fn key(seed: u64, kind: &str, which: &str) -> String {
    format!("demo-{seed}-{kind}-{which}")
}

/// All records in time order.
pub(crate) fn records(
    company: &Company,
    estate: &Estate,
    items: &[Item],
    rhythm: &Rhythm,
    plan: &Plan,
    (seed, rng): (u64, &mut Rng),
) -> Vec<Record> {
    let mut book = Book { company, estate, items, rhythm, seed, records: Vec::new() };
    book.everyday_events(rng);
    book.everyday_changes(rng);
    book.everyday_maintenance(rng);
    book.everyday_tickets(rng);
    for made in &plan.incidents {
        book.incident(made, plan, rng);
    }
    let mut records = book.records;
    records.retain(|record| record.at <= rhythm.end);
    records.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
    records
}

struct Book<'a> {
    company: &'a Company,
    estate: &'a Estate,
    items: &'a [Item],
    rhythm: &'a Rhythm,
    seed: u64,
    records: Vec<Record>,
}

impl Book<'_> {
    fn say(&self, ko: &str, en: &str) -> String {
        self.company.say(ko, en).to_owned()
    }

    fn name(&self, item: usize) -> &str {
        self.items.get(item).map(|item| item.name.as_str()).unwrap_or_default()
    }

    fn any_time(&self, rng: &mut Rng) -> i64 {
        rng.whole(self.rhythm.start, self.rhythm.end)
    }

    fn put<const N: usize>(
        &mut self,
        kind: &'static str,
        key: Option<String>,
        item: usize,
        (at, until): (i64, Option<i64>),
        fields: [(&str, Value); N],
    ) {
        let key = key.unwrap_or_else(|| key_of(self.seed, kind, self.records.len()));
        let fields: Map<String, Value> =
            fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        self.records.push(Record { kind, key, item: Some(item), at, until, fields });
    }

    fn event(&mut self, item: usize, at: i64, severity: usize, r#type: &str, title: String, message: String) {
        let severity = severities(self.company).get(severity).copied().unwrap_or_default();
        let fields = [
            ("type", json!(r#type)),
            ("severity", json!(severity)),
            ("title", json!(title)),
            ("message", json!(message)),
        ];
        self.put("event", None, item, (at, None), fields);
    }

    fn everyday_events(&mut self, rng: &mut Rng) {
        let n = ((self.items.len() as f64 * EVENTS) as usize).min(MOST_EVENTS);
        for _ in 0..n {
            let (item, at) = (rng.below(self.items.len()), self.any_time(rng));
            let severity = match rng.below(100) {
                0 => 3,
                1..=7 => 2,
                8..=32 => 1,
                _ => 0,
            };
            let (r#type, ko, en) = rng
                .pick(&[
                    ("health_check", "상태 점검 결과가 바뀌었습니다", "health check changed"),
                    ("login", "관리자가 접속했습니다", "an administrator signed in"),
                    ("backup", "백업이 끝났습니다", "backup finished"),
                    ("threshold", "임계값에 가까워졌습니다", "close to a limit"),
                    ("restart", "프로세스가 다시 시작되었습니다", "process restarted"),
                    ("config", "설정이 바뀌었습니다", "configuration changed"),
                ])
                .copied()
                .unwrap_or_default();
            let title = self.say(ko, en);
            let message = format!("{}: {title}", self.name(item));
            self.event(item, at, severity, r#type, title, message);
        }
    }

    fn everyday_changes(&mut self, rng: &mut Rng) {
        let apps = self.estate.of(Layer::App);
        let n = self.items.len() / 4;
        for _ in 0..n {
            let item =
                if rng.chance(0.7) { rng.pick(&apps).copied() } else { Some(rng.below(self.items.len())) };
            let Some(item) = item else { continue };
            let day = rng.whole(0, crate::DAYS - 1);
            let at = self.rhythm.local(day, rng.between(10.0, 22.5));
            let (r#type, ko, en) = rng
                .pick(&[
                    ("release", "정기 배포", "regular release"),
                    ("config", "설정 변경", "configuration change"),
                    ("patch", "보안 패치", "security patch"),
                ])
                .copied()
                .unwrap_or_default();
            let result =
                if rng.chance(0.9) { self.say("성공", "success") } else { self.say("실패", "failed") };
            self.change(None, item, at, rng.whole(10, 60), (r#type, &self.say(ko, en)), &result, rng);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of one row")]
    fn change(
        &mut self,
        key: Option<String>,
        item: usize,
        at: i64,
        minutes: i64,
        (r#type, title): (&str, &str),
        result: &str,
        rng: &mut Rng,
    ) {
        let fields = [
            ("type", json!(r#type)),
            ("title", json!(title)),
            ("requester", json!(self.company.person(rng))),
            ("approver", json!(self.company.person(rng))),
            ("risk", json!(rng.whole(1, 5))),
            ("result", json!(result)),
            ("duration_min", json!(minutes)),
        ];
        self.put("change", key, item, (at, Some(at + minutes * MINUTE)), fields);
    }

    fn everyday_maintenance(&mut self, rng: &mut Rng) {
        let mut of = self.estate.of(Layer::Host);
        for layer in [Layer::Database, Layer::Switch, Layer::Storage, Layer::Vm] {
            of.extend(self.estate.of(layer));
        }
        for _ in 0..self.items.len() / 6 {
            let Some(item) = rng.pick(&of).copied() else { continue };
            let at = self.rhythm.local(rng.whole(0, crate::DAYS - 1), rng.between(0.5, 4.5));
            let (r#type, ko, en) = rng
                .pick(&[
                    ("inspection", "정기 점검", "regular inspection"),
                    ("patch", "패치 적용", "patching"),
                    ("reboot", "재기동", "reboot"),
                    ("capacity", "증설", "capacity added"),
                ])
                .copied()
                .unwrap_or_default();
            let result =
                if rng.chance(0.93) { self.say("정상", "ok") } else { self.say("미흡", "degraded") };
            self.maintenance(None, item, at, rng.whole(20, 150), (r#type, &self.say(ko, en)), &result, rng);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of one row")]
    fn maintenance(
        &mut self,
        key: Option<String>,
        item: usize,
        at: i64,
        minutes: i64,
        (r#type, title): (&str, &str),
        result: &str,
        rng: &mut Rng,
    ) {
        let fields = [
            ("type", json!(r#type)),
            ("title", json!(title)),
            ("performer", json!(self.company.person(rng))),
            ("result", json!(result)),
            ("duration_min", json!(minutes)),
        ];
        self.put("maintenance", key, item, (at, Some(at + minutes * MINUTE)), fields);
    }

    fn everyday_tickets(&mut self, rng: &mut Rng) {
        for _ in 0..self.items.len() / 5 {
            let item = rng.below(self.items.len());
            let at = self.rhythm.local(rng.whole(0, crate::DAYS - 1), rng.between(8.5, 19.0));
            let priority = match rng.below(20) {
                0 => "P2",
                1..=8 => "P3",
                _ => "P4",
            };
            let (ko, en) = rng
                .pick(&[
                    ("권한을 요청합니다", "access is requested"),
                    ("화면이 느립니다", "a page is slow"),
                    ("계정을 만들어 주세요", "an account is needed"),
                    ("용량을 늘려 주세요", "more capacity is needed"),
                    ("보고서가 맞지 않습니다", "a report is wrong"),
                ])
                .copied()
                .unwrap_or_default();
            let open = at > self.rhythm.end - 2 * 86_400 && rng.chance(0.6);
            let until = (!open).then(|| at + rng.whole(30, 2_000) * MINUTE);
            let title = format!("{}: {}", self.name(item), self.company.say(ko, en));
            self.ticket(item, at, until, priority, &title, rng);
        }
    }

    fn ticket(
        &mut self,
        item: usize,
        at: i64,
        until: Option<i64>,
        priority: &str,
        title: &str,
        rng: &mut Rng,
    ) {
        let until = until.filter(|until| *until <= self.rhythm.end);
        let status = match until {
            Some(_) => self.say("완료", "resolved"),
            None if rng.chance(0.7) => self.say("처리 중", "in progress"),
            None => self.say("접수", "open"),
        };
        let fields = [
            ("priority", json!(priority)),
            ("title", json!(title)),
            ("status", json!(status)),
            ("assignee", json!(self.company.person(rng))),
            ("reporter", json!(self.company.person(rng))),
        ];
        self.put("ticket", None, item, (at, until), fields);
    }

    /// What an incident leaves behind: the change or maintenance that caused it, alarms of everything it moved, the end of
    /// them, and tickets of those who felt it.
    fn incident(&mut self, made: &Made, plan: &Plan, rng: &mut Rng) {
        match made.record {
            Some("change") => {
                let release = self.say("신규 버전 배포", "release of a new version");
                let success = self.say("성공", "success");
                let key = made.record_key(self.seed);
                self.change(key, made.node, made.from - 4 * MINUTE, 5, ("release", &release), &success, rng);
                let back = self.say("이전 버전으로 되돌림", "rollback to the version before");
                self.change(None, made.node, made.until - 8 * MINUTE, 8, ("rollback", &back), &success, rng);
            }
            Some("maintenance") => {
                let title = self.say("캐시 서버 패치", "patching of the cache");
                let ok = self.say("정상", "ok");
                let key = made.record_key(self.seed);
                self.maintenance(key, made.node, made.from - 12 * MINUTE, 12, ("patch", &title), &ok, rng);
            }
            _ => {}
        }
        for target in &made.targets {
            let (item, metric, peer) = *target;
            let Some(by) = plan
                .moves
                .get(target)
                .and_then(|all| all.iter().find(|by| by.from >= made.from && by.from < made.until))
            else {
                continue;
            };
            if peer.is_some() {
                continue;
            }
            let severity = match by.hops {
                0 | 1 => 3,
                2 | 3 => 2,
                _ => 1,
            };
            let title = self.say("임계값을 넘었습니다", "over its limit");
            let message = format!("{}: {metric} {title}", self.name(item));
            let mut at = by.from + (by.rise as f64 * 0.7) as i64 + rng.whole(1, 3) * MINUTE;
            while at < by.until {
                self.event(item, at, severity, "alarm", format!("{metric} {title}"), message.clone());
                at += rng.whole(12, 25) * MINUTE;
            }
            let over = self.say("정상으로 돌아왔습니다", "is back to normal");
            let message = format!("{}: {metric} {over}", self.name(item));
            self.event(
                item,
                by.until + rng.whole(1, 4) * MINUTE,
                0,
                "recovery",
                format!("{metric} {over}"),
                message,
            );
        }
        let felt: Vec<usize> = made
            .targets
            .iter()
            .map(|(item, ..)| *item)
            .filter(|item| self.estate.layer(*item) == Some(Layer::Service))
            .take(2)
            .collect();
        for (i, item) in felt.into_iter().enumerate() {
            let slow =
                self.company.say("사용자가 느리거나 실패한다고 합니다", "users say it is slow or fails");
            let title = format!("{}: {slow}", self.name(item));
            let priority = if i == 0 { "P1" } else { "P2" };
            let at = (made.from + made.until) / 2 + rng.whole(0, 10) * MINUTE;
            self.ticket(item, at, Some(made.until + rng.whole(10, 40) * MINUTE), priority, &title, rng);
        }
    }
}

fn key_of(seed: u64, kind: &str, n: usize) -> String {
    key(seed, kind, &n.to_string())
}
