//! Values, failures, time, cancellation.

use super::*;

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
async fn nothing_starts_when_its_time_is_up() {
    let late = Node {
        timeout_ms: Some(0),
        ..seq("s0", vec![tool("s1", "rows"), par("p", vec![tool("s2", "rows")], 0, Need::All)])
    };
    let ran = go(late).await;
    assert!(!ran.events.iter().any(|event| matches!(event, RunEvent::StepStarted { .. })));
    for id in ["s0", "s1", "p", "s2"] {
        assert_eq!(ran.status(id), StepStatus::TimedOut);
    }
}
