//! Root causes of made-up estates: other names, no dependencies, no metrics, nothing wrong.

use analysis::rca::{Input, Link, Record, Report, Series, analyse};
use model::{
    Lang, Localized,
    rca::{Check, CheckRule, Resource, Template},
    schema::{MetricDef, RecordRole},
};
use proptest::prelude::*;

const MINUTE: i64 = 60_000;
/// Where the window of every test begins: two hours of minutes come before it.
const FROM: i64 = 120 * MINUTE;
const TO: i64 = 140 * MINUTE;

#[derive(Default)]
struct Estate {
    items: Vec<String>,
    links: Vec<Link>,
    metrics: Vec<MetricDef>,
    series: Vec<Series>,
    records: Vec<Record>,
}

impl Estate {
    fn item(&mut self, code: &str) -> u32 {
        if let Some(at) = self.items.iter().position(|i| i == code) {
            return at as u32;
        }
        self.items.push(code.to_owned());
        self.items.len() as u32 - 1
    }

    fn needs(&mut self, from: &str, to: &str) {
        let link = Link { from: self.item(from), to: self.item(to) };
        self.links.push(link);
    }

    fn metric(&mut self, key: &str, unit: &str) -> usize {
        if let Some(at) = self.metrics.iter().position(|m| m.key == key) {
            return at;
        }
        self.metrics.push(MetricDef {
            key: key.into(),
            label: Localized::same(key),
            unit: unit.into(),
            synonyms: Vec::new(),
            per_edge: false,
            series: 0,
            covers: None,
        });
        self.metrics.len() - 1
    }

    /// A series that stands at `usual` and from `since` (minutes after the window began) at `then`.
    fn series(&mut self, code: &str, key: &str, unit: &str, usual: f64, then: Option<(i64, f64)>) {
        let (item, metric) = (self.item(code), self.metric(key, unit));
        let samples = (0..140)
            .map(|minute| {
                let noise = 1.0 + 0.02 * f64::from((minute as i32 * 7_919 + item as i32 * 31) % 11 - 5) / 5.0;
                let value = match then {
                    Some((since, value)) if minute * MINUTE >= FROM + since * MINUTE => value,
                    _ => usual,
                };
                (minute * MINUTE, value * noise)
            })
            .collect();
        self.series.push(Series { metric, item, peer: None, samples });
    }

    fn record(&mut self, code: &str, minute: i64, role: RecordRole, severity: f64, title: &str) {
        let item = self.item(code);
        self.records.push(Record { item, at: FROM + minute * MINUTE, role, severity, title: title.into() });
    }

    fn look(&self, lang: Lang) -> Report {
        analyse(&Input {
            items: &self.items,
            links: &self.links,
            metrics: &self.metrics,
            series: &self.series,
            records: &self.records,
            window: (FROM, TO),
            focus: &[],
            template: &Template::default(),
            lang,
        })
    }

    /// The first cause.
    fn first(&self) -> (String, Resource) {
        let report = self.look(Lang::En);
        assert!(!report.hypotheses.is_empty(), "nothing found: {:?}", report.symptoms);
        (report.hypotheses[0].ci.clone(), report.hypotheses[0].resource)
    }
}

/// A portal over an order service over a database on a machine, named as nobody else names them.
fn company() -> Estate {
    let mut e = Estate::default();
    for (from, to) in [("포털", "주문"), ("주문", "원장DB"), ("원장DB", "장비-7"), ("포털", "회원")]
    {
        e.needs(from, to);
    }
    e
}

#[test]
fn nothing_abnormal_is_an_answer() {
    let mut e = company();
    for code in ["포털", "주문", "원장DB", "회원"] {
        e.series(code, "응답시간", "ms", 120.0, None);
        e.series(code, "오류율", "%", 0.2, None);
    }
    e.series("장비-7", "씨피유 사용률", "%", 35.0, None);
    e.record("주문", -30, RecordRole::Change, 0.0, "정기 배포");
    assert!(e.look(Lang::Ko).hypotheses.is_empty(), "{:?}", e.look(Lang::Ko).hypotheses);
}

#[test]
fn a_machine_that_is_worn_out_explains_all_that_stands_on_it() {
    let mut e = company();
    e.series("장비-7", "씨피유 사용률", "%", 30.0, Some((1, 97.0)));
    e.series("원장DB", "응답시간", "ms", 8.0, Some((2, 90.0)));
    e.series("주문", "응답시간", "ms", 100.0, Some((3, 700.0)));
    e.series("포털", "응답시간", "ms", 150.0, Some((3, 900.0)));
    e.series("포털", "오류율", "%", 0.1, Some((3, 6.0)));
    e.series("회원", "응답시간", "ms", 60.0, None);
    assert_eq!(e.first(), ("장비-7".into(), Resource::Cpu));
    let report = e.look(Lang::Ko);
    let first = &report.hypotheses[0];
    assert_eq!(first.path, ["장비-7", "원장DB", "주문", "포털"]);
    assert_eq!(first.affected.len(), 3);
    assert_eq!(first.blast_radius, 3);
    assert!(first.confidence > 0.8);
    assert_eq!(first.first_deviation.unwrap().timestamp_millis(), FROM + MINUTE);
    assert!(!first.missing.is_empty() && !first.next_checks.is_empty());
}

#[test]
fn a_window_that_begins_late_is_followed_back_to_where_the_trouble_began() {
    let mut e = company();
    e.series("장비-7", "씨피유 사용률", "%", 30.0, Some((-6, 97.0)));
    e.series("원장DB", "응답시간", "ms", 8.0, Some((-5, 90.0)));
    e.series("주문", "응답시간", "ms", 100.0, Some((-5, 700.0)));
    e.series("포털", "응답시간", "ms", 150.0, Some((-4, 900.0)));
    assert_eq!(e.first(), ("장비-7".into(), Resource::Cpu));
    let first = &e.look(Lang::En).hypotheses[0];
    assert_eq!(first.first_deviation.unwrap().timestamp_millis(), FROM - 6 * MINUTE);
    assert_eq!(first.affected.len(), 3);
}

#[test]
fn in_a_circle_of_dependencies_the_one_that_was_slow_first_is_the_cause() {
    let mut e = Estate::default();
    for (from, to) in [("갑", "을"), ("을", "갑"), ("병", "을")] {
        e.needs(from, to);
    }
    e.series("갑", "latency", "ms", 50.0, Some((1, 400.0)));
    e.series("을", "latency", "ms", 60.0, Some((5, 420.0)));
    e.series("병", "latency", "ms", 90.0, Some((6, 450.0)));
    assert_eq!(e.first(), ("갑".into(), Resource::Application));
}

#[test]
fn without_call_edges_the_share_of_late_calls_finds_the_callee() {
    let late = |slow: [f64; 3]| {
        let mut e = Estate::default();
        for callee in ["가격", "재고", "배송"] {
            e.needs("창구", callee);
        }
        for (code, work) in [("창구", 10.0), ("가격", 60.0), ("재고", 4.6), ("배송", 0.05)] {
            e.series(code, "requests", "/s", work, None);
            e.series(code, "server_latency_p50", "s", 0.02, None);
        }
        for (key, usual, then) in [("p90", 0.05, slow[0]), ("p95", 0.08, slow[1]), ("p99", 0.12, slow[2])] {
            let key = format!("client_latency_{key}");
            e.series("창구", &key, "s", usual, (then > usual).then_some((1, then)));
        }
        e.first()
    };
    assert_eq!(late([0.6, 0.65, 0.7]), ("가격".into(), Resource::Network));
    assert_eq!(late([0.05, 0.6, 0.7]), ("재고".into(), Resource::Network));
}

#[test]
fn load_explains_a_busy_machine() {
    let mut e = company();
    e.series("포털", "requests", "/s", 100.0, Some((0, 310.0)));
    e.series("주문", "requests", "/s", 90.0, Some((0, 280.0)));
    e.series("주문", "cpu_usage", "%", 25.0, Some((1, 76.0)));
    e.series("주문", "latency", "ms", 50.0, Some((1, 160.0)));
    assert_eq!(e.first(), ("포털".into(), Resource::Load));
}

#[test]
fn a_release_before_errors_is_the_change() {
    let mut e = company();
    e.record("주문", -4, RecordRole::Change, 0.0, "주문 2.3.1");
    e.series("주문", "오류율", "%", 0.2, Some((0, 14.0)));
    e.series("포털", "오류율", "%", 0.2, Some((1, 5.0)));
    e.series("원장DB", "응답시간", "ms", 8.0, None);
    assert_eq!(e.first(), ("주문".into(), Resource::Change));
    let report = e.look(Lang::En);
    assert!(report.hypotheses[0].evidence_for.iter().any(|f| f.check == Check::Change));
}

#[test]
fn without_dependencies_the_shift_decides() {
    let mut e = Estate::default();
    for n in 0..20 {
        e.series(&format!("node{n}"), "mem_used_pct", "%", 40.0, (n == 13).then_some((2, 96.0)));
        e.series(&format!("node{n}"), "net_rx_bytes", "B", 1e6, None);
    }
    assert_eq!(e.first(), ("node13".into(), Resource::Memory));
}

#[test]
fn metrics_nobody_has_a_word_for_are_looked_at_as_well() {
    let mut e = Estate::default();
    for n in 0..6 {
        e.series(&format!("x{n}"), "zork", "", 10.0, (n == 2).then_some((0, 200.0)));
    }
    assert_eq!(e.first(), ("x2".into(), Resource::Other));
}

#[test]
fn records_alone_are_enough_where_nothing_is_measured() {
    let mut e = company();
    e.record("장비-7", 1, RecordRole::Event, 1.0, "디스크 장애");
    e.record("원장DB", 2, RecordRole::Event, 0.8, "연결 끊김");
    e.record("주문", 3, RecordRole::Event, 0.8, "시간 초과");
    e.record("회원", 3, RecordRole::Event, 0.1, "백업 완료");
    assert_eq!(e.first().0, "장비-7");
    let mut changed = company();
    changed.record("원장DB", -5, RecordRole::Change, 0.0, "파라미터 변경");
    changed.record("원장DB", 1, RecordRole::Event, 0.9, "잠금 대기");
    changed.record("주문", 2, RecordRole::Event, 0.9, "시간 초과");
    assert_eq!(changed.first(), ("원장DB".into(), Resource::Change));
}

#[test]
fn both_languages_say_the_same() {
    let mut e = company();
    e.series("장비-7", "cpu_usage", "%", 30.0, Some((1, 97.0)));
    let (ko, en) = (e.look(Lang::Ko), e.look(Lang::En));
    assert_eq!(ko.hypotheses[0].ci, en.hypotheses[0].ci);
    assert!(
        ko.hypotheses[0].summary.contains("이상이 있습니다") && en.hypotheses[0].summary.contains("deviates")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever comes in, something sensible comes out: no panic, ranks in order, probabilities that add up.
    #[test]
    fn no_input_breaks_it(
        values in prop::collection::vec((0_u32..6, 0_usize..4, 0_i64..150, prop::num::f64::ANY), 0..120),
        links in prop::collection::vec((0_u32..8, 0_u32..8), 0..16),
        records in prop::collection::vec((0_u32..8, -200_i64..200, 0.0_f64..2.0), 0..12),
    ) {
        let mut e = Estate::default();
        for n in 0..6 { e.item(&format!("i{n}")); }
        for key in ["cpu_usage", "latency_ms", "error_rate", "requests"] { e.metric(key, "%"); }
        for (item, metric, at, value) in values {
            match e.series.iter_mut().find(|s| s.item == item && s.metric == metric) {
                Some(series) => series.samples.push((at * MINUTE, value)),
                None => e.series.push(Series { metric, item, peer: (at % 9 == 0).then_some(7), samples: vec![(at * MINUTE, value)] }),
            }
        }
        for series in &mut e.series { series.samples.sort_by_key(|s| s.0); }
        e.links = links.into_iter().map(|(from, to)| Link { from, to }).collect();
        for (item, minute, severity) in records {
            let role = if minute % 2 == 0 { RecordRole::Event } else { RecordRole::Change };
            e.records.push(Record { item, at: FROM + minute * MINUTE, role, severity, title: String::new() });
        }
        let report = e.look(Lang::Ko);
        prop_assert!(report.hypotheses.iter().map(|h| h.confidence).sum::<f64>() <= 1.001);
        prop_assert!(report.hypotheses.iter().zip(1..).all(|(h, rank)| h.rank == rank && h.score.is_finite()));
        prop_assert_eq!(&report, &e.look(Lang::Ko), "the same input gives the same report");
    }
}

#[test]
fn a_template_is_checked_and_switches_checks_off() {
    let mut template = Template::default();
    assert!(template.faults().is_empty());
    template.hops = 9;
    template.checks = vec![
        CheckRule { check: Check::Shift, weight: 7.0, from: None, full: None },
        CheckRule { check: Check::Shift, weight: 0.0, from: None, full: None },
    ];
    let paths: Vec<String> = template.faults().into_iter().map(|f| f.path).collect();
    assert_eq!(paths, ["hops", "checks[0].weight", "checks[1].check"]);
    let mut e = company();
    e.series("장비-7", "cpu_usage", "%", 30.0, Some((1, 97.0)));
    let off = Template {
        checks: vec![CheckRule { check: Check::Shift, weight: 0.0, from: None, full: None }],
        ..Template::default()
    };
    let input = Input {
        items: &e.items,
        links: &e.links,
        metrics: &e.metrics,
        series: &e.series,
        records: &[],
        window: (FROM, TO),
        focus: &[],
        template: &off,
        lang: Lang::En,
    };
    assert!(analyse(&input).hypotheses.is_empty());
}
