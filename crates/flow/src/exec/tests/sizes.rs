//! Absurd sizes: a million rows, arguments as large as an output, plans that call themselves, a journal that is full.

use super::*;
use crate::{
    guide::Guide,
    journal::{Ask, Effect, Entry, Journal, Replay},
};

#[tokio::test]
async fn a_loop_over_a_million_rows_looks_at_as_many_as_it_may_and_says_so() {
    let body = Node::tool("b", "", "echo", json!({ "ci": "$item.code" }));
    let mut plan = plan(seq("s0", vec![tool("s1", "million"), each("e", "$s1.rows", 1_000, 4, body)]));
    plan.budget.rows = 2_000_000;
    let tools = Arc::new(Fakes::default());
    let cx = RunContext::new(&plan, Instant::now() + Duration::from_secs(60), CancellationToken::new());
    let done = run(&plan, Arc::<Fakes>::clone(&tools), cx).await;
    assert_eq!(done.results["e"].status, StepStatus::Partial);
    let output = &done.results["e"].output;
    assert!(output.truncated && output.rows.len() == 1_000);
    assert!(output.notes[0].contains("1000 of 1000000"), "{:?}", output.notes);
    assert_eq!(tools.calls.load(Ordering::SeqCst), 1_001);
}

#[tokio::test]
async fn a_step_that_is_given_all_rows_of_another_tells_of_the_first_and_pays_for_what_it_tells() {
    let mut plan =
        plan(seq("s0", vec![tool("s1", "many"), with("s2", "$s1.rows[*].code"), tool("s3", "rows")]));
    plan.budget.bytes = 1_300_000;
    let cx = RunContext::new(&plan, Instant::now() + Duration::from_secs(60), CancellationToken::new());
    let pool = Arc::clone(&cx.pool);
    let tools = Arc::new(Fakes::default());
    let done = run(&plan, Arc::<Fakes>::clone(&tools), cx).await;
    let given = tools.seen.lock().unwrap()[1].1["ci"].as_array().map(Vec::len);
    assert_eq!(given, Some(100_000), "the tool gets everything");
    let told = serde_json::to_string(&done.reports[2].args).unwrap();
    assert!(told.len() < 256 << 10 && told.contains("… 7"), "{} bytes are told", told.len());
    assert_eq!(pool.spent().bytes, 1_300_000);
    assert_eq!((done.results["s3"].status, done.reports[3].code.as_str()), (StepStatus::Skipped, "budget"));
}

/// Every template calls the next one, for ever.
struct Endless;

#[async_trait]
impl Guide for Endless {
    async fn expand(&self, question: &str) -> Result<Plan, Localized> {
        let kind = Kind::Expand { question: format!("{question}!"), max_depth: 255 };
        Ok(plan(Node::new("s1", "", kind)))
    }

    async fn template(
        &self,
        name: &str,
        args: Map<String, Value>,
    ) -> Result<(Plan, Map<String, Value>), Localized> {
        let next = if name == "a" { "b" } else { "a" };
        let kind = Kind::Call { template: next.into(), args: args.clone() };
        Ok((plan(Node::new("s1", "", kind)), args))
    }
}

#[tokio::test]
async fn plans_that_call_each_other_in_a_circle_end_at_their_depth_whatever_the_budget_says() {
    let call = Kind::Call { template: "a".into(), args: Map::new() };
    let expand = Kind::Expand { question: "why".into(), max_depth: 255 };
    for kind in [call, expand] {
        let mut plan = plan(Node::new("s0", "", kind));
        plan.budget.depth = 255;
        let cx = RunContext {
            guide: Arc::new(Endless),
            ..RunContext::new(&plan, Instant::now() + Duration::from_secs(20), CancellationToken::new())
        };
        let done = run(&plan, Arc::new(Fakes::default()), cx).await;
        assert!(done.reports.len() < 100, "{} steps", done.reports.len());
        assert!(done.reports.iter().any(|report| report.code == "permanent" || report.code == "budget"));
        assert_ne!(done.results["s0"].status, StepStatus::Ok);
    }
}

/// A journal that never has room.
struct Full;

#[async_trait]
impl Journal for Full {
    fn replay(&self, _: &str) -> Option<Replay> {
        None
    }

    fn record(&self, _: Entry) {}

    async fn room(&self) {
        std::future::pending().await
    }

    async fn sync(&self) -> Result<(), Localized> {
        Ok(())
    }

    async fn begin_effect(&self, _: &str) -> Result<Effect, Localized> {
        Ok(Effect::Fresh)
    }

    fn subplan(&self, _: &str) -> Option<Plan> {
        None
    }

    async fn keep_subplan(&self, _: &str, _: &Plan) -> Result<(), Localized> {
        Ok(())
    }

    async fn ask(&self, _: Ask) -> Result<Decided, Localized> {
        Ok(Decided::NotYet)
    }
}

#[tokio::test]
async fn a_journal_that_is_full_holds_no_run_beyond_its_time_or_its_stop() {
    let plan = plan(seq("s0", vec![tool("s1", "rows"), compose("s2", "s1")]));
    for stopped in [false, true] {
        let cancel = CancellationToken::new();
        let cx = RunContext {
            journal: Arc::new(Full),
            ..RunContext::new(&plan, Instant::now() + Duration::from_millis(100), cancel.clone())
        };
        if stopped {
            cancel.cancel();
        }
        let ended = run(&plan, Arc::new(Fakes::default()), cx);
        let done = tokio::time::timeout(Duration::from_secs(20), ended).await.unwrap();
        let expected = if stopped { StepStatus::Cancelled } else { StepStatus::TimedOut };
        assert_eq!(done.results["s1"].status, expected);
        assert_eq!(
            done.silent.is_some(),
            stopped,
            "what was stopped before it began says so, the other one composes"
        );
    }
}
