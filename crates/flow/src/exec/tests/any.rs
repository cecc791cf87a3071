//! Random trees with faults and stops, sub-plans and other ways that are random trees themselves.

use proptest::prelude::*;

use super::*;
use crate::guide::{Guide, Trouble};

/// Random trees; identifiers are made unique afterwards.
fn any_node() -> impl Strategy<Value = Node> {
    let names = prop_oneof![
        6 => Just("rows"),
        6 => Just("soon"),
        1 => Just("none"),
        1 => Just("fail"),
        1 => Just("panic"),
        1 => Just("forbidden"),
        1 => Just("forever")
    ];
    let reference = prop_oneof![
        6 => Just(Value::Null),
        1 => Just(json!("$n1.rows[*].code")),
        1 => Just(json!("$n2.rows[0].code")),
        1 => Just(json!("$item")),
        1 => Just(json!("$n5.total")),
        1 => Just(json!("$")),
        1 => Just(json!("$n0 + 1"))
    ];
    let leaf = (names, reference).prop_map(|(name, ci)| Node::tool("", "", name, json!({ "ci": ci })));
    with_ends(leaf).prop_recursive(4, 40, 5, |inner| {
        let many = proptest::collection::vec(inner.clone(), 1..5);
        let cond =
            prop_oneof![4 => Just("n1.total > 0"), 1 => Just("n2.rows"), 1 => Just("1 <"), 1 => Just("item")];
        let items = prop_oneof![4 => Just("$n1.rows"), 1 => Just("$n2.rows[*].code"), 1 => Just("x")];
        with_ends(prop_oneof![
            3 => many.clone().prop_map(|nodes| seq("", nodes)),
            3 => (many.clone(), 0..3u16).prop_map(|(nodes, max)| par("", nodes, max, Need::Any)),
            3 => many.prop_map(|nodes| dag("", nodes)),
            2 => (inner.clone(), cond).prop_map(|(then, cond)| Node::new(
                "",
                "",
                Kind::If { cond: cond.into(), then: Box::new(then), otherwise: None }
            )),
            2 => (inner.clone(), items).prop_map(|(body, items)| each("", items, 3, 2, body)),
            1 => (inner.clone(), 1..4u16).prop_map(|(body, max)| Node::new(
                "",
                "",
                Kind::Loop { body: Box::new(body), until: "round == 1".into(), max }
            )),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| Node::new(
                "",
                "",
                Kind::Switch {
                    on: "n1.total".into(),
                    cases: vec![Case { value: json!(3), node: a }],
                    default: Some(Box::new(b)),
                }
            )),
            1 => inner.clone().prop_map(|fallback| Node::new(
                "",
                "",
                Kind::Llm { task: LlmTask::Summarise, input: "$n1.rows".into(), fallback: Box::new(fallback) }
            )),
            1 => (inner.clone(), inner).prop_map(|(node, other)| Node {
                on_error: OnError::Fallback(Box::new(other)),
                ..node
            }),
            1 => Just(Node::new("", "", Kind::Expand { question: "{{n1.rows[0].code}}?".into(), max_depth: 1 })),
            1 => Just(Node::new("", "", Kind::Call { template: "t".into(), args: Map::new() })),
            1 => Just(approve("")),
            1 => Just(compose("", "n1")),
        ])
    })
}

/// The same nodes with all ways of taking a failure, some with little time.
fn with_ends(node: impl Strategy<Value = Node>) -> impl Strategy<Value = Node> {
    let on_error = prop_oneof![
        4 => Just(OnError::Fail),
        4 => Just(OnError::Skip),
        4 => Just(OnError::Default(json!(1))),
        1 => Just(OnError::Ask)
    ];
    let timeout = proptest::option::weighted(0.1, 0..20u64);
    (node, on_error, timeout).prop_map(|(node, on_error, timeout_ms)| Node { on_error, timeout_ms, ..node })
}

/// Names the nodes of a plan in order; those that compose can be told by their names.
fn number(node: &mut Node, next: &mut usize) {
    let composes = matches!(node.kind, Kind::Compose { .. });
    node.id = format!("{}{next}", if composes { "c" } else { "n" });
    *next += 1;
    node.children_mut().into_iter().for_each(|child| number(child, next));
}

/// A whole plan around some trees.
fn whole(trees: Vec<Node>, budget: Budget) -> Plan {
    let trees = par("", trees, 0, Need::Any);
    let mut root = seq("", vec![tool("", "rows"), tool("", "none"), trees, compose("", "n1")]);
    number(&mut root, &mut 0);
    Plan { budget, ..plan(root) }
}

/// Knows a random plan for every question and template, and others for what went wrong.
struct Forest {
    subs: Vec<Plan>,
    others: Vec<Plan>,
    asked: AtomicUsize,
}

impl Forest {
    fn sub(&self, name: &str) -> Plan {
        self.subs[name.len() % self.subs.len()].clone()
    }
}

#[async_trait]
impl Guide for Forest {
    async fn expand(&self, question: &str) -> Result<Plan, Localized> {
        Ok(self.sub(question))
    }

    async fn template(
        &self,
        name: &str,
        args: Map<String, Value>,
    ) -> Result<(Plan, Map<String, Value>), Localized> {
        Ok((self.sub(name), args))
    }

    async fn replan(&self, _: &Plan, troubles: &[Trouble]) -> Option<(Plan, Localized)> {
        assert!(!troubles.is_empty());
        let asked = self.asked.fetch_add(1, Ordering::SeqCst);
        assert!(asked < REPLANS, "a plan is changed too often");
        Some((self.others.get(asked)?.clone(), Localized::same("another way")))
    }

    fn replans(&self) -> bool {
        !self.others.is_empty()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn whatever_happens_every_step_ends_once_and_nothing_starts_after_a_stop(
        trees in proptest::collection::vec(any_node(), 1..4),
        stop_at in proptest::option::of(1..60usize),
        time in 20..80u64,
        width in 1..4usize,
        steps in prop_oneof![3 => Just(5_000u64), 1 => 3..30u64],
        calls in prop_oneof![3 => Just(2_000u64), 1 => 1..10u64],
        rows in prop_oneof![3 => Just(1_000_000u64), 1 => 1..40u64],
        bytes in prop_oneof![3 => Just(1_000_000u64), 1 => 1..400u64],
        subs in proptest::collection::vec(proptest::collection::vec(any_node(), 1..3), 1..3),
        others in proptest::collection::vec(proptest::collection::vec(any_node(), 1..3), 0..3),
        approve in any::<bool>(),
    ) {
        let budget = Budget { steps, calls, rows, bytes, ..Budget::default() };
        let case = Trial {
            plan: whole(trees, budget),
            subs: subs.into_iter().map(|trees| whole(trees, budget)).collect(),
            others: others.into_iter().map(|trees| whole(trees, budget)).collect(),
            width,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(stopped_and_taken_up(&case, stop_at, time, approve));
    }
}

/// A plan, what its guide knows, and how many calls may work at the same time.
struct Trial {
    plan: Plan,
    subs: Vec<Plan>,
    others: Vec<Plan>,
    width: usize,
}

/// Runs a plan, stops it with the event of this number, then takes it up again until nobody has to decide any more.
async fn stopped_and_taken_up(trial: &Trial, stop_at: Option<usize>, time: u64, approve: bool) {
    let journal = Arc::new(MemoryJournal::default());
    let first = one_run(trial, &journal, stop_at, time).await;
    if stop_at.is_none() && !first.waiting {
        assert!(first.silent.is_none() || !first.waiting, "it says why there is no answer");
        return;
    }
    for _ in 0..20 {
        for ask in journal.asked() {
            let (by, reason) = ("kim".to_owned(), String::new());
            let decided =
                if approve { Decided::Approved { by, reason } } else { Decided::Denied { by, reason } };
            journal.decide(&ask.path, decided);
        }
        let ended = journal.steps();
        let tools = Arc::new(Fakes::default());
        let again = run_with(trial, &journal, &tools, 300, None).await.0;
        for key in tools.keys.lock().unwrap().iter() {
            let path = key.strip_prefix("run/").unwrap_or(key);
            assert!(!ended.iter().any(|done| done == path), "{path} had ended and ran again");
        }
        if !again.waiting {
            return;
        }
        assert!(again.silent.is_some());
    }
    panic!("it waits for ever");
}

async fn one_run(
    trial: &Trial,
    journal: &Arc<MemoryJournal>,
    stop_at: Option<usize>,
    time: u64,
) -> Execution {
    let plan = &trial.plan;
    let tools = Arc::new(Fakes::default());
    let begun = Instant::now();
    let (execution, log, spent) = run_with(trial, journal, &tools, time, stop_at).await;
    assert!(begun.elapsed() < Duration::from_millis(time + 500), "it did not end in time");
    assert!(spent.steps <= plan.budget.steps && spent.calls <= plan.budget.calls, "{spent:?}");
    assert!(spent.rows <= plan.budget.rows && spent.bytes <= plan.budget.bytes, "{spent:?}");
    for (event, stopped) in &log {
        if let RunEvent::StepStarted { id } = event {
            let composes = id.rsplit('.').next().is_some_and(|name| name.starts_with('c'));
            assert!(!stopped || composes, "{id} started after the stop");
        }
    }
    let events: Vec<RunEvent> = log.into_iter().map(|(event, _)| event).collect();
    check_events(&events, &execution);
    assert!(tools.most.load(Ordering::SeqCst) <= trial.width);
    if execution.waiting {
        return execution;
    }
    // Compose is reached whatever happened, and no node of the plan in force is forgotten.
    let root = &execution.replanned.as_ref().unwrap_or(plan).root;
    let nodes = plan_nodes(root);
    let last = nodes.iter().rev().find(|node| matches!(node.kind, Kind::Compose { .. }));
    assert!(last.is_some_and(|node| execution.results.contains_key(&node.id)));
    for node in &nodes {
        let inside = format!("].{}", node.id);
        let known = execution.results.keys().any(|id| *id == node.id || id.ends_with(&inside));
        assert!(known || may_be_absent(root, &node.id), "{} was forgotten", node.id);
    }
    execution
}

type Heard = Vec<(RunEvent, bool)>;

async fn run_with(
    trial: &Trial,
    journal: &Arc<MemoryJournal>,
    tools: &Arc<Fakes>,
    time: u64,
    stop_at: Option<usize>,
) -> (Execution, Heard, model::run::Spent) {
    let (plan, cancel) = (&trial.plan, CancellationToken::new());
    let guide = Forest { subs: trial.subs.clone(), others: trial.others.clone(), asked: AtomicUsize::new(0) };
    let log: Arc<Mutex<Heard>> = Arc::default();
    let (heard, stop) = (Arc::clone(&log), cancel.clone());
    let pool = Arc::new(Pool::new(&plan.budget, &Default::default()));
    let cx = RunContext {
        emit: Arc::new(move |event| {
            let mut heard = heard.lock().unwrap();
            heard.push((event, stop.is_cancelled()));
            if Some(heard.len()) == stop_at {
                stop.cancel();
            }
            heard.len() as u64
        }),
        max_parallel: trial.width,
        guide: Arc::new(guide),
        journal: Arc::<MemoryJournal>::clone(journal),
        pool: Arc::clone(&pool),
        key: "run".into(),
        ..RunContext::new(plan, Instant::now() + Duration::from_millis(time), cancel)
    };
    let execution = run(plan, Arc::<Fakes>::clone(tools), cx).await;
    let heard = log.lock().unwrap().clone();
    (execution, heard, pool.spent())
}

/// A loop over nothing has no rounds, what stands in for a failed node runs only then: such nodes may have no result.
fn may_be_absent(root: &Node, id: &str) -> bool {
    let inside = |node: &Node| node.id != id && plan_nodes(node).iter().any(|node| node.id == id);
    plan_nodes(root).into_iter().any(|node| match (&node.kind, &node.on_error) {
        (Kind::ForEach { .. } | Kind::Loop { .. } | Kind::Llm { .. }, _) => inside(node),
        (_, OnError::Fallback(other)) => plan_nodes(other).iter().any(|node| node.id == id),
        _ => false,
    })
}

fn plan_nodes(root: &Node) -> Vec<&Node> {
    let mut out = vec![root];
    for child in root.children() {
        out.extend(plan_nodes(child));
    }
    out
}
