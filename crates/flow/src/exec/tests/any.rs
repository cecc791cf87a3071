//! Random trees with faults and stops.

use proptest::prelude::*;

use super::*;

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
            2 => (inner, items).prop_map(|(body, items)| each("", items, 3, 2, body)),
            1 => Just(compose("", "n1")),
        ])
    })
}

/// The same nodes with all ways of taking a failure, some with little time.
fn with_ends(node: impl Strategy<Value = Node>) -> impl Strategy<Value = Node> {
    let on_error = prop_oneof![Just(OnError::Fail), Just(OnError::Skip), Just(OnError::Default(json!(1)))];
    let timeout = proptest::option::weighted(0.1, 0..20u64);
    (node, on_error, timeout).prop_map(|(node, on_error, timeout_ms)| Node { on_error, timeout_ms, ..node })
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
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn whatever_happens_every_step_ends_once_and_nothing_starts_after_a_stop(
        trees in proptest::collection::vec(any_node(), 1..4),
        stop_at in proptest::option::of(1..60usize),
        time in 20..80u64,
        width in 1..4usize,
    ) {
        let trees = par("", trees, 0, Need::Any);
        let mut root = seq("", vec![tool("", "rows"), tool("", "none"), trees, compose("", "n1")]);
        number(&mut root, &mut 0);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(stopped_run(&root, stop_at, time, width));
    }
}

/// Runs a plan, stops it with the event of this number, and looks at what it told.
async fn stopped_run(root: &Node, stop_at: Option<usize>, time: u64, width: usize) {
    let cancel = CancellationToken::new();
    let tools = Arc::new(Fakes::default());
    let log: Arc<Mutex<Vec<(RunEvent, bool)>>> = Arc::default();
    let (heard, stop) = (Arc::clone(&log), cancel.clone());
    let cx = RunContext {
        deadline: Instant::now() + Duration::from_millis(time),
        cancel,
        emit: Arc::new(move |event| {
            let mut heard = heard.lock().unwrap();
            heard.push((event, stop.is_cancelled()));
            if Some(heard.len()) == stop_at {
                stop.cancel();
            }
        }),
        max_parallel: width,
    };
    let begun = Instant::now();
    let execution = run(&plan(root.clone()), Arc::<Fakes>::clone(&tools), cx).await;
    assert!(begun.elapsed() < Duration::from_millis(time + 500), "it did not end in time");
    let log = log.lock().unwrap().clone();
    let nodes = plan_nodes(root);
    for (event, stopped) in &log {
        if let RunEvent::StepStarted { id } = event {
            let name = id.rsplit('.').next().unwrap_or_default();
            let composes =
                nodes.iter().any(|node| node.id == name && matches!(node.kind, Kind::Compose { .. }));
            assert!(!stopped || composes, "{id} started after the stop");
        }
    }
    let events: Vec<RunEvent> = log.into_iter().map(|(event, _)| event).collect();
    check_events(&events, &execution);
    // Compose is reached whatever happened, and no node is forgotten.
    let last = nodes.last().map(|node| node.id.as_str()).unwrap_or_default();
    assert!(execution.results.contains_key(last));
    for node in &nodes {
        let inside = format!("].{}", node.id);
        let known = execution.results.keys().any(|id| *id == node.id || id.ends_with(&inside));
        assert!(known || in_empty_loop(root, &node.id), "{} was forgotten", node.id);
    }
    assert!(tools.most.load(Ordering::SeqCst) <= width);
}

/// A loop over nothing has no rounds, so nodes below one may have no result.
fn in_empty_loop(root: &Node, id: &str) -> bool {
    plan_nodes(root)
        .into_iter()
        .filter(|node| matches!(node.kind, Kind::ForEach { .. }))
        .any(|each| each.id != id && plan_nodes(each).iter().any(|node| node.id == id))
}

fn plan_nodes(root: &Node) -> Vec<&Node> {
    let mut out = vec![root];
    for child in root.children() {
        out.extend(plan_nodes(child));
    }
    out
}
