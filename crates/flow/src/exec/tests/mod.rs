//! Support of the tests: tools that behave as their name says, and runs whose events are checked.

mod any;
mod executor;
mod faults;
mod groups;
mod sizes;

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
    plan::{BlockSpec, Budget, Case, Kind, LlmTask, Need, Node, OnError, Origin, Plan, StepStatus},
    tools::ToolOutput,
};
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    journal::{Decided, MemoryJournal},
    tools::{CallContext, ToolError},
};

/// Tools that behave as their name says.
#[derive(Default)]
struct Fakes {
    calls: AtomicUsize,
    at_work: AtomicUsize,
    most: AtomicUsize,
    seen: Mutex<Vec<(String, Value)>>,
    keys: Mutex<BTreeSet<String>>,
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
        self.keys.lock().unwrap().insert(cx.key.clone());
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
            "many" => Ok(many(100_000)),
            "million" => Ok(many(1_000_000)),
            "none" => Ok(rows(&[])),
            "echo" => {
                let row = Map::from_iter([("args".to_owned(), Value::Object(args.clone()))]);
                Ok(ToolOutput { rows: vec![row], total: 1, ..ToolOutput::default() })
            }
            "soon" => {
                tokio::time::sleep(Duration::from_millis(2)).await;
                Ok(rows(&["soon"]))
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

fn many(count: usize) -> ToolOutput {
    let row = Map::from_iter([("code".to_owned(), json!("x"))]);
    ToolOutput { total: count as u64, rows: vec![row; count], ..ToolOutput::default() }
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
        budget: Default::default(),
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

fn approve(id: &str) -> Node {
    let kind = Kind::Approve { what: "go on?".into(), who: model::perm::Role::Manager, expires_s: 60 };
    Node::new(id, "", kind)
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
    let plan = plan(root);
    let cx = RunContext {
        emit: Arc::new(move |event| {
            let mut heard = heard.lock().unwrap();
            heard.push(event);
            heard.len() as u64
        }),
        max_parallel,
        ..RunContext::new(&plan, Instant::now() + time, cancel)
    };
    let tools_of_run: Arc<dyn Tools> = Arc::<Fakes>::clone(&tools);
    let execution = run(&plan, tools_of_run, cx).await;
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
                assert!(!matches!(step.status, StepStatus::Running));
                assert!(step.status != StepStatus::Waiting || execution.waiting, "{} waits alone", step.id);
            }
            RunEvent::Expanded { .. } | RunEvent::Replanned { .. } => {}
            other => panic!("unexpected {other:?}"),
        }
    }
    assert!(at_work.is_empty(), "still at work: {at_work:?}");
    if execution.replanned.is_none() {
        assert_eq!(ended, execution.results.keys().cloned().collect());
    }
    assert_eq!(ended, execution.reports.iter().map(|report| report.id.clone()).collect());
}
