//! Dataflow, loops, conditions, width.

use super::*;

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
