//! Random trees with faults and stops.

use proptest::prelude::*;

use super::*;

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
