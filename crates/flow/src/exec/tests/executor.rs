//! Sub-plans, decisions, fallbacks, budgets, replanning, what is taken up again.

use model::{perm::Role, tools::Effect};

use super::*;
use crate::{
    budget::Pool,
    guide::{Guide, Trouble},
    journal::Ask,
    shares::Shares,
};

/// Plans every question as one call, knows one template, and has another way when something failed for good.
struct Planner;

#[async_trait]
impl Guide for Planner {
    async fn expand(&self, question: &str) -> Result<Plan, Localized> {
        let step = Node::tool("s1", "", "echo", json!({ "q": question }));
        Ok(plan(seq("s0", vec![step, compose("s2", "s1")])))
    }

    async fn template(
        &self,
        name: &str,
        args: Map<String, Value>,
    ) -> Result<(Plan, Map<String, Value>), Localized> {
        match name {
            "again" => Ok((
                plan(Node::new("s1", "", Kind::Call { template: "again".into(), args: Map::new() })),
                args,
            )),
            _ => Ok((plan(Node::tool("s1", "", "echo", json!({ "ci": "$args.ci" }))), args)),
        }
    }

    async fn replan(&self, _: &Plan, troubles: &[Trouble]) -> Option<(Plan, Localized)> {
        let broken = troubles.iter().any(|trouble| trouble.tool == "fail");
        let better = seq("s0", vec![tool("s1", "rows"), compose("s2", "s1")]);
        broken.then(|| (plan(better), Localized::new("다른 도구를 씁니다", "another tool is used")))
    }

    fn replans(&self) -> bool {
        true
    }
}

fn context(plan: &Plan) -> RunContext {
    RunContext {
        guide: Arc::new(Planner),
        key: "run".into(),
        ..RunContext::new(plan, Instant::now() + Duration::from_secs(5), CancellationToken::new())
    }
}

async fn carry_out(plan: &Plan, cx: RunContext) -> (Execution, Arc<Fakes>) {
    let tools = Arc::new(Fakes::default());
    (run(plan, Arc::<Fakes>::clone(&tools), cx).await, tools)
}

#[tokio::test]
async fn a_question_known_only_on_the_way_becomes_a_plan_below_its_step() {
    let expand =
        Node::new("s4", "", Kind::Expand { question: "who owns {{s1.rows[0].code}}?".into(), max_depth: 2 });
    let plan = plan(seq("s0", vec![tool("s1", "rows"), expand, with("s5", "$s4.rows[0].args.q")]));
    let journal = Arc::new(MemoryJournal::default());
    let journal_of_run: Arc<dyn Journal> = Arc::<MemoryJournal>::clone(&journal);
    let (done, _) = carry_out(&plan, RunContext { journal: journal_of_run, ..context(&plan) }).await;
    assert_eq!(done.results["s4.s1"].status, StepStatus::Ok);
    assert_eq!(json!(done.results["s5"].output.rows), json!([{"args": {"ci": "who owns a?"}}]));
    assert!(journal.subplan("s4").is_some(), "kept before it ran");
}

#[tokio::test]
async fn a_template_sees_its_arguments_and_cannot_call_itself_for_ever() {
    let args = Map::from_iter([("ci".to_owned(), json!("$s1.rows[*].code"))]);
    let call = Node::new("s2", "", Kind::Call { template: "one".into(), args });
    let own = plan(seq("s0", vec![tool("s1", "rows"), call, with("s3", "$s2.rows[0].args.ci")]));
    let (done, _) = carry_out(&own, context(&own)).await;
    assert_eq!(json!(done.results["s3"].output.rows), json!([{"args": {"ci": ["a", "b", "c"]}}]));

    let endless = plan(Node::new("s1", "", Kind::Call { template: "again".into(), args: Map::new() }));
    let (done, _) = carry_out(&endless, context(&endless)).await;
    assert_eq!(done.results.len(), usize::from(endless.budget.depth) + 1);
    assert!(done.reports.iter().any(|step| step.code == "budget"));
}

#[tokio::test]
async fn a_run_waits_for_a_decision_without_losing_or_repeating_anything() {
    let plan = plan(seq("s0", vec![tool("s1", "rows"), approve("s2"), tool("s3", "x"), compose("s4", "s3")]));
    let journal = Arc::new(MemoryJournal::default());
    let cx = || RunContext {
        journal: Arc::<MemoryJournal>::clone(&journal) as Arc<dyn Journal>,
        ..context(&plan)
    };
    let (done, tools) = carry_out(&plan, cx()).await;
    assert!(done.waiting && done.silent.is_some());
    assert_eq!(tools.calls.load(Ordering::SeqCst), 1);
    assert!(!done.results.contains_key("s3") && !done.results.contains_key("s4"));
    assert_eq!(journal.asked()[0].what, "go on?");

    journal.decide("s2", Decided::Approved { by: "lee".into(), reason: "fine".into() });
    let (done, tools) = carry_out(&plan, cx()).await;
    assert!(!done.waiting && done.silent.is_none());
    assert_eq!(tools.calls.load(Ordering::SeqCst), 1, "s1 is not called again");
    assert_eq!(done.results["s3"].status, StepStatus::Ok);
    assert_eq!(json!(done.results["s2"].output.rows[0]["by"]), json!("lee"));
}

#[tokio::test]
async fn without_consent_what_follows_is_left_out_and_the_answer_says_so() {
    let plan = plan(seq("s0", vec![approve("s1"), tool("s2", "x"), compose("s3", "s2")]));
    let journal = Arc::new(MemoryJournal::default());
    journal.decide("s1", Decided::Denied { by: "lee".into(), reason: "not today".into() });
    let (done, tools) = carry_out(&plan, RunContext { journal, ..context(&plan) }).await;
    assert_eq!(done.results["s1"].status, StepStatus::Denied);
    assert!(done.results["s1"].error.as_ref().unwrap().en.contains("not today"));
    assert_eq!(done.results["s2"].status, StepStatus::Skipped);
    assert_eq!(done.results["s3"].status, StepStatus::Ok);
    assert_eq!(tools.calls.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_fallback_runs_in_place_of_what_failed_and_only_then() {
    let instead = || OnError::Fallback(Box::new(tool("f", "rows")));
    let ran = go(seq(
        "s0",
        vec![Node { on_error: instead(), ..tool("s1", "fail") }, with("s2", "$s1.rows[0].code")],
    ))
    .await;
    assert_eq!((ran.status("s1"), ran.status("s2")), (StepStatus::Ok, StepStatus::Ok));
    assert_eq!(ran.error("s1"), "it will not do");
    let ran = go(Node { on_error: instead(), ..tool("s1", "rows") }).await;
    assert!(!ran.execution.results.contains_key("f"));
}

#[tokio::test]
async fn a_person_says_whether_to_go_on_without_a_failed_step() {
    let plan =
        plan(seq("s0", vec![Node { on_error: OnError::Ask, ..tool("s1", "fail") }, tool("s2", "rows")]));
    let journal = Arc::new(MemoryJournal::default());
    let cx = || RunContext {
        journal: Arc::<MemoryJournal>::clone(&journal) as Arc<dyn Journal>,
        ..context(&plan)
    };
    let cx = || RunContext { guide: Arc::new(crate::guide::NoGuide), ..cx() };
    assert!(carry_out(&plan, cx()).await.0.waiting);
    let Ask { kind, who, .. } = journal.asked()[0].clone();
    assert_eq!((kind, who), ("ask", Role::Viewer));
    journal.decide("s1", Decided::Approved { by: "kim".into(), reason: String::new() });
    let (done, _) = carry_out(&plan, cx()).await;
    assert_eq!((done.results["s1"].status, done.results["s2"].status), (StepStatus::Failed, StepStatus::Ok));
}

#[tokio::test]
async fn a_switch_takes_one_case_and_a_loop_ends_when_its_condition_holds() {
    let case = |value: Value, id: &str| Case { value, node: tool(id, "rows") };
    let switch = Kind::Switch {
        on: "s1.total".into(),
        cases: vec![case(json!(1), "a"), case(json!(3.0), "b")],
        default: Some(Box::new(tool("c", "rows"))),
    };
    let ran =
        go(seq("s0", vec![tool("s1", "rows"), Node::new("s2", "", switch), with("s3", "$s2.rows[0].code")]))
            .await;
    assert_eq!(
        (ran.status("a"), ran.status("b"), ran.status("c")),
        (StepStatus::Skipped, StepStatus::Ok, StepStatus::Skipped)
    );
    assert_eq!((ran.status("s0"), ran.status("s3")), (StepStatus::Ok, StepStatus::Ok));

    let body = Node::tool("s1", "", "echo", json!({ "round": "$round" }));
    let again = |max| {
        Node::new(
            "l",
            "",
            Kind::Loop { body: Box::new(body.clone()), until: "s1.rows[0].args.round == 2".into(), max },
        )
    };
    let ran = go(seq("s0", vec![again(10), with("s2", "$l.rows[0].args.round")])).await;
    assert_eq!(ran.tools.calls.load(Ordering::SeqCst), 4);
    assert_eq!(ran.rows("s2"), json!([{"args": {"ci": 2}}]));
    let ran = go(again(2)).await;
    assert_eq!(ran.status("l"), StepStatus::Partial);
}

#[tokio::test]
async fn what_is_not_wanted_is_left_out_without_being_missed() {
    let only = |when: &str, id: &str| Node { when: Some(when.into()), ..tool(id, "rows") };
    let ran =
        go(seq("s0", vec![tool("s1", "rows"), only("s1.total > 5", "s2"), only("s1.total == 3", "s3")]))
            .await;
    assert_eq!(
        (ran.status("s2"), ran.status("s3"), ran.status("s0")),
        (StepStatus::Skipped, StepStatus::Ok, StepStatus::Ok)
    );
}

#[tokio::test]
async fn a_spent_budget_leaves_out_the_rest_and_says_so() {
    let mut plan = plan(seq("s0", vec![tool("s1", "rows"), tool("s2", "rows"), tool("s3", "rows")]));
    plan.budget.calls = 2;
    let cx = context(&plan);
    let pool = Arc::clone(&cx.pool);
    let (done, tools) = carry_out(&plan, cx).await;
    assert_eq!(tools.calls.load(Ordering::SeqCst), 2);
    assert_eq!(done.results["s3"].status, StepStatus::Skipped);
    assert_eq!(done.reports[3].code, "budget");
    assert_eq!((pool.spent().calls, pool.spent().rows), (2, 6));

    let empty = Pool::new(&Budget { rows: 4, ..Budget::default() }, &Default::default());
    empty.output(10, 0);
    assert_eq!((empty.spent().rows, empty.call()), (4, Err("rows")));
}

#[tokio::test]
async fn a_plan_that_failed_for_good_is_replaced_inside_the_same_run() {
    let plan = plan(seq("s0", vec![tool("s1", "fail"), compose("s2", "s1")]));
    let (done, _) = carry_out(&plan, context(&plan)).await;
    assert!(done.replanned.is_some() && done.silent.is_none());
    assert_eq!(done.results["s1"].status, StepStatus::Ok);
    let names: Vec<&str> = done.reports.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(names, ["s0", "s1", "s2", "r1.s0", "r1.s1", "r1.s2"]);
}

/// Counts what it changes.
#[derive(Default)]
struct Writer(AtomicUsize);

#[async_trait]
impl Tools for Writer {
    async fn call(&self, _: &str, _: Map<String, Value>, _: &CallContext) -> Result<ToolOutput, ToolError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Err(ToolError { retryable: true, ..ToolError::new("바쁩니다", "it is busy") })
    }

    fn effect(&self, _: &str) -> Effect {
        Effect::Write
    }
}

#[tokio::test]
async fn what_changes_something_is_never_tried_twice() {
    let plan = plan(tool("s1", "write"));
    let journal: Arc<dyn Journal> = Arc::new(MemoryJournal::default());
    let tools = Arc::new(Writer::default());
    let first = run(
        &plan,
        Arc::<Writer>::clone(&tools),
        RunContext { journal: Arc::clone(&journal), ..context(&plan) },
    )
    .await;
    assert_eq!((first.results["s1"].status, tools.0.load(Ordering::SeqCst)), (StepStatus::Failed, 1));

    // A run that broke off in the middle of it left only its begin.
    let broken: Arc<dyn Journal> = Arc::new(MemoryJournal::default());
    assert_eq!(broken.begin_effect("s1").await, Ok(crate::journal::Effect::Fresh));
    let again =
        run(&plan, Arc::<Writer>::clone(&tools), RunContext { journal: broken, ..context(&plan) }).await;
    assert_eq!(tools.0.load(Ordering::SeqCst), 1);
    assert_eq!(again.reports[0].code, "unknown_outcome");
}

/// Always busy, and all calls are of one source.
struct Down(AtomicUsize);

#[async_trait]
impl Tools for Down {
    async fn call(&self, _: &str, _: Map<String, Value>, _: &CallContext) -> Result<ToolOutput, ToolError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Err(ToolError { retryable: true, ..ToolError::new("바쁩니다", "it is busy") })
    }

    fn source(&self, _: &str) -> &str {
        "db"
    }
}

#[tokio::test(start_paused = true)]
async fn a_source_that_keeps_failing_is_left_in_peace() {
    let nodes = (0..6).map(|n| Node { on_error: OnError::Skip, ..tool(&format!("s{n}"), "x") }).collect();
    let plan = plan(seq("q", nodes));
    let shares = Arc::new(Shares::default());
    let tools = Arc::new(Down(AtomicUsize::new(0)));
    let done = run(&plan, Arc::<Down>::clone(&tools), RunContext { shares, ..context(&plan) }).await;
    assert_eq!(tools.0.load(Ordering::SeqCst), 5, "the circuit opens after five faults");
    assert!(done.reports.iter().any(|step| step.code == "circuit_open"));
}

#[tokio::test]
async fn the_same_plan_on_the_same_data_gives_the_same_results() {
    let nodes = vec![tool("a", "slow"), tool("b", "rows"), with("c", "$b.rows[*].code"), tool("d", "fail")];
    let root = seq("s0", vec![dag("g", nodes), compose("z", "c")]);
    let (one, two) = (go(root.clone()).await, go(root).await);
    assert_eq!(one.execution.results, two.execution.results);
}
