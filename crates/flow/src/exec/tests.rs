use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use model::{
    Lang,
    answer::RunEvent,
    plan::{BlockSpec, Kind, Need, Node, OnError, Origin, Plan, StepStatus},
    tools::ToolOutput,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::tools::{CallContext, ToolError};

/// Tools that behave as their name says.
#[derive(Default)]
struct Fakes {
    calls: AtomicUsize,
    at_work: AtomicUsize,
    most: AtomicUsize,
    seen: Mutex<Vec<(String, Value)>>,
}

/// Counts a call as ended however it ends.
struct Leave<'a>(&'a AtomicUsize);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Tools for Fakes {
    async fn call(
        &self,
        name: &str,
        args: Map<String, Value>,
        cx: &CallContext,
    ) -> Result<ToolOutput, ToolError> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        self.seen.lock().unwrap().push((name.to_owned(), Value::Object(args.clone())));
        let now = self.at_work.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        let _guard = Leave(&self.at_work);
        self.work(name, &args, call, cx).await
    }

    fn may_use(&self, name: &str) -> bool {
        name != "forbidden"
    }
}

impl Fakes {
    async fn work(
        &self,
        name: &str,
        args: &Map<String, Value>,
        call: usize,
        cx: &CallContext,
    ) -> Result<ToolOutput, ToolError> {
        match name {
            "rows" => Ok(rows(&["a", "b", "c"])),
            "none" => Ok(rows(&[])),
            "echo" => {
                let row = Map::from_iter([("args".to_owned(), Value::Object(args.clone()))]);
                Ok(ToolOutput { rows: vec![row], total: 1, ..ToolOutput::default() })
            }
            "slow" => {
                tokio::time::sleep(Duration::from_millis(30)).await;
                Ok(rows(&["late"]))
            }
            "forever" => {
                cx.cancel.cancelled().await;
                std::future::pending().await
            }
            "fail" => Err(ToolError::new("안 됩니다", "it will not do")),
            "flaky" if call < 2 => {
                Err(ToolError { retryable: true, ..ToolError::new("바쁩니다", "it is busy") })
            }
            "busy" => Err(ToolError { retryable: true, ..ToolError::new("바쁩니다", "it is busy") }),
            "panic" => std::panic::resume_unwind(Box::new("on purpose")),
            _ => Ok(rows(&["x"])),
        }
    }
}

fn rows(codes: &[&str]) -> ToolOutput {
    let rows: Vec<_> = codes.iter().map(|code| Map::from_iter([("code".to_owned(), json!(code))])).collect();
    ToolOutput { total: rows.len() as u64, rows, ..ToolOutput::default() }
}

fn plan(root: Node) -> Plan {
    Plan {
        goal: String::new(),
        lang: Lang::En,
        origin: Origin::User,
        root,
        confidence: 1.0,
        why: vec![],
        timeout_ms: 1000,
        tz: String::new(),
    }
}

fn tool(id: &str, tool: &str) -> Node {
    Node::tool(id, "", tool, json!({}))
}

fn with(id: &str, reference: &str) -> Node {
    Node::tool(id, "", "echo", json!({ "ci": reference }))
}

fn seq(id: &str, nodes: Vec<Node>) -> Node {
    Node::new(id, "", Kind::Seq { nodes })
}

fn par(id: &str, nodes: Vec<Node>, max: u16, need: Need) -> Node {
    Node::new(id, "", Kind::Par { nodes, max, need })
}

fn dag(id: &str, nodes: Vec<Node>) -> Node {
    Node::new(id, "", Kind::Dag { nodes })
}

fn each(id: &str, items: &str, max: u32, par: u16, body: Node) -> Node {
    Node::new(
        id,
        "",
        Kind::ForEach { items: items.into(), var: "item".into(), body: Box::new(body), max, par },
    )
}

fn compose(id: &str, from: &str) -> Node {
    let blocks = vec![BlockSpec { from: from.into(), say: "list".into(), options: Map::new() }];
    Node::new(id, "", Kind::Compose { blocks })
}

struct Ran {
    execution: Execution,
    events: Vec<RunEvent>,
    tools: Arc<Fakes>,
}

impl Ran {
    fn status(&self, id: &str) -> StepStatus {
        self.execution.results.get(id).unwrap_or_else(|| panic!("no result of {id}")).status
    }

    fn error(&self, id: &str) -> String {
        self.execution.results[id].error.clone().unwrap_or_default().en
    }

    fn rows(&self, id: &str) -> Value {
        json!(self.execution.results[id].output.rows)
    }
}

async fn go(root: Node) -> Ran {
    within(root, Duration::from_secs(5), CancellationToken::new(), 8).await
}

async fn within(root: Node, time: Duration, cancel: CancellationToken, max_parallel: usize) -> Ran {
    let tools = Arc::new(Fakes::default());
    let events: Arc<Mutex<Vec<RunEvent>>> = Arc::default();
    let heard = Arc::clone(&events);
    let cx = RunContext {
        deadline: Instant::now() + time,
        cancel,
        emit: Arc::new(move |event| heard.lock().unwrap().push(event)),
        max_parallel,
    };
    let tools_of_run: Arc<dyn Tools> = Arc::<Fakes>::clone(&tools);
    let execution = run(&plan(root), tools_of_run, cx).await;
    let events = events.lock().unwrap().clone();
    check_events(&events, &execution);
    Ran { execution, events, tools }
}

/// Every started step ends exactly once, nothing ends twice, and what is told is what is left behind.
fn check_events(events: &[RunEvent], execution: &Execution) {
    let mut at_work = BTreeSet::new();
    let mut ended = BTreeSet::new();
    for event in events {
        match event {
            RunEvent::StepStarted { id } => {
                assert!(!ended.contains(id) && at_work.insert(id.clone()), "{id} started twice");
            }
            RunEvent::StepFinished { step } => {
                at_work.remove(&step.id);
                assert!(ended.insert(step.id.clone()), "{} ended twice", step.id);
                assert!(!matches!(step.status, StepStatus::Waiting | StepStatus::Running));
            }
            other => panic!("unexpected {other:?}"),
        }
    }
    assert!(at_work.is_empty(), "still at work: {at_work:?}");
    assert_eq!(ended, execution.results.keys().cloned().collect());
    assert_eq!(ended, execution.reports.iter().map(|report| report.id.clone()).collect());
}

#[tokio::test]
async fn steps_pass_values_on() {
    let ran =
        go(seq("s0", vec![tool("s1", "rows"), with("s2", "$s1.rows[*].code"), compose("s3", "s2")])).await;
    assert_eq!(ran.rows("s2"), json!([{"args": {"ci": ["a", "b", "c"]}}]));
    assert_eq!(ran.status("s0"), StepStatus::Ok);
    assert_eq!(ran.status("s3"), StepStatus::Ok);
    let order: Vec<&str> = ran.execution.reports.iter().map(|report| report.id.as_str()).collect();
    assert_eq!(order, ["s0", "s1", "s2", "s3"]);
    assert_eq!(ran.execution.reports[2].args, json!({"ci": ["a", "b", "c"]}));
    assert_eq!(ran.execution.reports[1].rows, 3);
}

#[tokio::test]
async fn what_depends_on_nothing_is_left_out_with_its_reason() {
    let ran =
        go(seq("s0", vec![tool("s1", "none"), with("s2", "$s1.rows[0].code"), tool("s3", "rows")])).await;
    assert_eq!(ran.status("s2"), StepStatus::Skipped);
    assert!(ran.error("s2").contains("$s1.rows[0].code"), "{}", ran.error("s2"));
    assert_eq!(ran.status("s3"), StepStatus::Ok);
    assert_eq!(ran.status("s0"), StepStatus::Partial);
}

#[tokio::test]
async fn a_sequence_stops_at_a_failure_but_still_composes() {
    let ran = go(seq("s0", vec![tool("s1", "fail"), tool("s2", "rows"), compose("s3", "s2")])).await;
    assert_eq!((ran.status("s1"), ran.error("s1").as_str()), (StepStatus::Failed, "it will not do"));
    assert_eq!(ran.status("s2"), StepStatus::Skipped);
    assert_eq!(ran.status("s3"), StepStatus::Ok);
    assert_eq!(ran.status("s0"), StepStatus::Failed);
}

#[tokio::test]
async fn siblings_live_on_and_need_decides() {
    for (need, expected) in [
        (Need::All, StepStatus::Failed),
        (Need::Any, StepStatus::Partial),
        (Need::AtLeast(2), StepStatus::Partial),
        (Need::AtLeast(3), StepStatus::Failed),
    ] {
        let ran =
            go(par("p", vec![tool("s1", "fail"), tool("s2", "slow"), tool("s3", "rows")], 0, need)).await;
        assert_eq!(ran.status("s2"), StepStatus::Ok);
        assert_eq!(ran.status("p"), expected, "{need:?}");
    }
}

#[tokio::test]
async fn a_failure_may_be_skipped_or_replaced() {
    let skip = Node { on_error: OnError::Skip, ..tool("s1", "fail") };
    let ran = go(seq("s0", vec![skip, tool("s2", "rows"), with("s3", "$s1.rows")])).await;
    assert_eq!(ran.status("s1"), StepStatus::Failed);
    assert_eq!(ran.status("s2"), StepStatus::Ok);
    assert_eq!(ran.status("s3"), StepStatus::Skipped);
    assert_eq!(ran.status("s0"), StepStatus::Partial);

    let default = Node { on_error: OnError::Default(json!({"n": 7})), ..tool("s1", "fail") };
    let ran = go(seq("s0", vec![default, with("s2", "$s1.rows[0].n")])).await;
    assert_eq!(ran.status("s1"), StepStatus::Ok);
    assert!(ran.execution.results["s1"].output.notes[0].contains("it will not do"));
    assert_eq!(ran.rows("s2"), json!([{"args": {"ci": 7}}]));
}

#[tokio::test]
async fn a_panic_in_a_tool_is_a_failed_step() {
    let ran = go(par("p", vec![tool("s1", "panic"), tool("s2", "rows")], 0, Need::Any)).await;
    assert_eq!(ran.status("s1"), StepStatus::Failed);
    assert!(ran.error("s1").contains("broke down"));
    assert_eq!(ran.status("s2"), StepStatus::Ok);
}

#[tokio::test]
async fn what_may_pass_is_tried_again_at_most_twice() {
    let ran = go(tool("s1", "flaky")).await;
    assert_eq!((ran.status("s1"), ran.tools.calls.load(Ordering::SeqCst)), (StepStatus::Ok, 3));
    let ran = go(tool("s1", "busy")).await;
    assert_eq!((ran.status("s1"), ran.tools.calls.load(Ordering::SeqCst)), (StepStatus::Failed, 3));
    let ran = go(tool("s1", "fail")).await;
    assert_eq!(ran.tools.calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn time_limits_are_inherited_and_the_rest_goes_on() {
    let inner =
        Node { timeout_ms: Some(20), on_error: OnError::Skip, ..seq("q", vec![tool("s1", "forever")]) };
    let begun = Instant::now();
    let ran = go(seq("s0", vec![inner, tool("s2", "rows")])).await;
    assert!(begun.elapsed() < Duration::from_secs(1));
    assert_eq!(ran.status("s1"), StepStatus::TimedOut);
    assert_eq!(ran.status("q"), StepStatus::TimedOut);
    assert_eq!(ran.status("s2"), StepStatus::Ok);
    assert_eq!(ran.status("s0"), StepStatus::Partial);
}

#[tokio::test]
async fn a_tenth_of_the_time_is_left_for_composing() {
    let begun = Instant::now();
    let ran = within(tool("s1", "forever"), Duration::from_millis(500), CancellationToken::new(), 8).await;
    assert_eq!(ran.status("s1"), StepStatus::TimedOut);
    assert!(begun.elapsed() < Duration::from_millis(490), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn cancellation_ends_what_works_and_starts_nothing() {
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(20)).await;
        stop.cancel();
    });
    let root = seq("s0", vec![tool("s1", "forever"), tool("s2", "rows"), compose("s3", "s1")]);
    let ran = within(root, Duration::from_secs(5), cancel, 8).await;
    assert_eq!(ran.status("s1"), StepStatus::Cancelled);
    assert_eq!(ran.status("s0"), StepStatus::Cancelled);
    assert!(!ran.events.iter().any(|event| matches!(event, RunEvent::StepStarted { id } if id == "s2")));
}

#[tokio::test]
async fn a_forbidden_tool_is_denied_without_a_call() {
    let ran = go(tool("s1", "forbidden")).await;
    assert_eq!(ran.status("s1"), StepStatus::Denied);
    assert_eq!(ran.tools.calls.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_dag_starts_each_node_as_soon_as_its_inputs_are_there() {
    let nodes = vec![
        with("s3", "$s2.rows[0].args.ci"),
        with("s2", "$s1.rows[0].code"),
        tool("s1", "rows"),
        tool("slow", "slow"),
        with("s5", "$bad.rows"),
        tool("bad", "fail"),
    ];
    let ran = go(dag("d", nodes)).await;
    assert_eq!(ran.rows("s3"), json!([{"args": {"ci": "a"}}]));
    assert_eq!(ran.status("s5"), StepStatus::Skipped);
    assert_eq!(ran.status("d"), StepStatus::Partial);
    let ends: Vec<&str> = ran
        .events
        .iter()
        .filter_map(|event| match event {
            RunEvent::StepFinished { step } => Some(step.id.as_str()),
            _ => None,
        })
        .collect();
    let place = |id: &str| ends.iter().position(|end| *end == id);
    assert!(place("s3") < place("slow"), "no barrier: {ends:?}");

    let ran = go(dag("d", vec![with("a", "$b.rows"), with("b", "$a.rows"), tool("c", "rows")])).await;
    assert_eq!((ran.status("a"), ran.status("c")), (StepStatus::Skipped, StepStatus::Ok));
}

#[tokio::test]
async fn a_loop_runs_its_body_for_every_item_within_its_width() {
    let body = seq(
        "q",
        vec![tool("w", "slow"), Node::tool("s3", "", "echo", json!({"x": "$item", "w": "$w.rows[0].code"}))],
    );
    let root = seq(
        "s0",
        vec![tool("s1", "rows"), each("s2", "$s1.rows[*].code", 10, 2, body), with("s4", "$s2.total")],
    );
    let ran = go(root).await;
    assert_eq!(ran.rows("s2[1].s3"), json!([{"args": {"x": "b", "w": "late"}}]));
    assert_eq!(ran.tools.most.load(Ordering::SeqCst), 2);
    assert_eq!(ran.rows("s4"), json!([{"args": {"ci": 3}}]));
    assert_eq!(ran.rows("s2")[2]["rows"][0]["args"]["x"], json!("c"));

    let ran = go(seq("s0", vec![tool("s1", "rows"), each("s2", "$s1.rows", 2, 1, tool("b", "rows"))])).await;
    assert_eq!(ran.status("s2"), StepStatus::Partial);
    assert!(ran.execution.results["s2"].output.notes[0].contains("first 2 of 3"));

    let ran = go(seq("s0", vec![tool("s1", "none"), each("s2", "$s1.rows", 2, 1, tool("b", "rows"))])).await;
    assert_eq!((ran.status("s2"), ran.status("s0")), (StepStatus::Ok, StepStatus::Ok));
}

#[tokio::test]
async fn a_condition_chooses_and_the_other_branch_is_not_missed() {
    let choose = |cond: &str| {
        let (then, otherwise) =
            (Box::new(tool("s3", "rows")), Some(Box::new(seq("q", vec![tool("s4", "none")]))));
        let choice = Node::new("s2", "", Kind::If { cond: cond.into(), then, otherwise });
        seq("s0", vec![tool("s1", "rows"), choice, with("s5", "$s2.rows[*].code")])
    };
    let ran = go(choose("s1.total > 2 and s1.rows[0].code == 'a'")).await;
    assert_eq!((ran.status("s3"), ran.status("s4")), (StepStatus::Ok, StepStatus::Skipped));
    assert_eq!(ran.execution.results["s4"].error, None);
    assert_eq!(ran.status("s0"), StepStatus::Ok);
    assert_eq!(ran.rows("s5"), json!([{"args": {"ci": ["a", "b", "c"]}}]));
    let ran = go(choose("s1.total > 5")).await;
    assert_eq!((ran.status("s3"), ran.status("s4")), (StepStatus::Skipped, StepStatus::Ok));
    let ran = go(choose("nowhere.total > 5")).await;
    assert_eq!(ran.status("s2"), StepStatus::Skipped);
    let ran = go(choose("s1.total >")).await;
    assert_eq!(ran.status("s2"), StepStatus::Failed);
}

#[tokio::test]
async fn no_more_calls_than_allowed_work_at_the_same_time() {
    let nodes = (0..10).map(|i| tool(&format!("s{i}"), "slow")).collect();
    let ran =
        within(par("p", nodes, 0, Need::All), Duration::from_secs(5), CancellationToken::new(), 3).await;
    assert_eq!(ran.tools.most.load(Ordering::SeqCst), 3);
    let nodes = (0..6).map(|i| tool(&format!("s{i}"), "slow")).collect();
    let ran = go(par("p", nodes, 2, Need::All)).await;
    assert_eq!(ran.tools.most.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn references_to_text_with_a_dollar_stay_text() {
    let ran = go(with("s1", "$$price")).await;
    assert_eq!(ran.tools.seen.lock().unwrap()[0].1, json!({"ci": "$price"}));
}

/// Random trees; identifiers are made unique afterwards.
fn any_node() -> impl Strategy<Value = Node> {
    let names = prop_oneof![
        Just("rows"),
        Just("none"),
        Just("slow"),
        Just("fail"),
        Just("panic"),
        Just("forbidden"),
        Just("forever")
    ];
    let reference = prop_oneof![
        Just(Value::Null),
        Just(json!("$n1.rows[*].code")),
        Just(json!("$n2.rows[0].code")),
        Just(json!("$item")),
        Just(json!("$n3.total")),
        Just(json!("$")),
        Just(json!("$n0 + 1"))
    ];
    let on_error = prop_oneof![Just(OnError::Fail), Just(OnError::Skip), Just(OnError::Default(json!(1)))];
    let timeout = proptest::option::of(0..60u64);
    let leaf = (names, reference).prop_map(|(name, ci)| Node::tool("", "", name, json!({ "ci": ci })));
    let tree = leaf.prop_recursive(4, 24, 4, |inner| {
        let many = proptest::collection::vec(inner.clone(), 0..4);
        let cond =
            prop_oneof![Just("n1.total > 0"), Just("n2.rows"), Just("1 <"), Just("true"), Just("item")];
        let items = prop_oneof![Just("$n1.rows"), Just("$n2.rows[*].code"), Just("x"), Just("$item")];
        prop_oneof![
            many.clone().prop_map(|nodes| seq("", nodes)),
            (many.clone(), 0..3u16).prop_map(|(nodes, max)| par("", nodes, max, Need::Any)),
            many.prop_map(|nodes| dag("", nodes)),
            (inner.clone(), cond).prop_map(|(then, cond)| Node::new(
                "",
                "",
                Kind::If { cond: cond.into(), then: Box::new(then), otherwise: None }
            )),
            (inner, items).prop_map(|(body, items)| each("", items, 3, 2, body)),
            Just(compose("", "n1")),
        ]
    });
    (tree, on_error, timeout).prop_map(|(node, on_error, timeout_ms)| Node { on_error, timeout_ms, ..node })
}

fn number(node: &mut Node, next: &mut usize) {
    node.id = format!("n{next}");
    *next += 1;
    match &mut node.kind {
        Kind::Seq { nodes } | Kind::Par { nodes, .. } | Kind::Dag { nodes } => {
            nodes.iter_mut().for_each(|node| number(node, next));
        }
        Kind::If { then, otherwise, .. } => {
            number(then, next);
            if let Some(otherwise) = otherwise {
                number(otherwise, next);
            }
        }
        Kind::ForEach { body, .. } => number(body, next),
        Kind::Tool { .. } | Kind::Compose { .. } => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn whatever_happens_every_step_ends_once_and_nothing_starts_after_a_stop(
        tree in any_node(),
        stop_after in proptest::option::of(0..60u64),
        time in 20..120u64,
        width in 1..4usize,
    ) {
        let mut root = seq("", vec![tool("", "rows"), tool("", "none"), tree, compose("", "n1")]);
        number(&mut root, &mut 0);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let cancel = CancellationToken::new();
            let stop = cancel.clone();
            if let Some(after) = stop_after {
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(after)).await;
                    stop.cancel();
                });
            }
            let tools = Arc::new(Fakes::default());
            let log: Arc<Mutex<Vec<(RunEvent, bool)>>> = Arc::default();
            let (heard, watched) = (Arc::clone(&log), cancel.clone());
            let cx = RunContext {
                deadline: Instant::now() + Duration::from_millis(time),
                cancel,
                emit: Arc::new(move |event| heard.lock().unwrap().push((event, watched.is_cancelled()))),
                max_parallel: width,
            };
            let execution = run(&plan(root.clone()), Arc::<Fakes>::clone(&tools), cx).await;
            let log = log.lock().unwrap().clone();
            let composes: BTreeSet<&str> = plan_nodes(&root)
                .into_iter()
                .filter(|node| matches!(node.kind, Kind::Compose { .. }))
                .map(|node| node.id.as_str())
                .collect();
            for (event, stopped) in &log {
                if let RunEvent::StepStarted { id } = event {
                    let composing = composes.contains(id.rsplit('.').next().unwrap_or_default());
                    assert!(!stopped || composing, "{id} started after the stop");
                }
            }
            let events: Vec<RunEvent> = log.into_iter().map(|(event, _)| event).collect();
            check_events(&events, &execution);
            // The final compose node is always reached.
            let last = plan_nodes(&root).last().map(|node| node.id.clone()).unwrap_or_default();
            assert!(execution.results.contains_key(&last));
            assert!(tools.most.load(Ordering::SeqCst) <= width);
        });
    }
}

fn plan_nodes(root: &Node) -> Vec<&Node> {
    let mut out = vec![root];
    for child in root.children() {
        out.extend(plan_nodes(child));
    }
    out
}
