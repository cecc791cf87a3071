//! Plans before they run: proposed from a question, checked, begun, kept as templates; and runs that begin in the middle
//! of an earlier one.

use model::{
    ApiError, ErrorCode, RunId,
    answer::{AnswerStatus, AskRequest, AskStarted, Choice},
    perm,
    plan::{Kind, Node, Plan},
    run::{
        Approval, Decision, Fork, Issue, NewTemplate, PlanCost, PlanTemplate, ProposePlan, ProposedPlan,
        RunPlan,
    },
};
use planner::{Outcome, Question};
use serde_json::{Map, Value};

use super::{
    answering::{self, Given, Job},
    takeover,
    tools::Known,
};
use crate::{
    access::Caller,
    app::Shared,
    chat, cmdb,
    error::{Error, Result},
    runs::{self, templates},
};

/// Longest title and description, in characters.
const TEXT_MAX: usize = 2_000;

/// Makes a plan for a question, or checks a given one.
pub async fn propose(app: &Shared, caller: &Caller, request: ProposePlan) -> Result<ProposedPlan> {
    caller.grant::<perm::PlanRun>()?;
    if let Some(plan) = request.plan {
        return Ok(checked(caller, plan));
    }
    let ask = AskRequest {
        question: request.question,
        thread_id: request.thread_id,
        context: request.context,
        as_of: request.as_of,
        lang: request.lang,
        tz: request.tz,
    };
    super::check(&ask)?;
    let estate = cmdb::estate(app, caller).await?;
    let mut context = match ask.thread_id {
        Some(id) => answering::context_of(&chat::thread(app, caller, id).await?.turns),
        None => Vec::new(),
    };
    context.extend(ask.context);
    let outcome = estate.index().plan(&Question {
        text: ask.question.trim(),
        context: &context,
        as_of: ask.as_of.unwrap_or_else(chrono::Utc::now),
        tz: ask.tz.as_deref().and_then(|tz| tz.parse().ok()).unwrap_or(chrono_tz::UTC),
        lang: ask.lang,
    });
    Ok(match outcome {
        Outcome::Plan(plan) => checked(caller, *plan),
        Outcome::Clarify { text, choices, .. } => unplanned(AnswerStatus::Clarify, text, choices),
        Outcome::Unanswerable { text, choices, .. } => unplanned(AnswerStatus::Unanswerable, text, choices),
        Outcome::Refuse { text, .. } => unplanned(AnswerStatus::Refused, text, Vec::new()),
    })
}

fn unplanned(status: AnswerStatus, text: String, choices: Vec<Choice>) -> ProposedPlan {
    ProposedPlan {
        status,
        plan: None,
        issues: Vec::new(),
        cost: PlanCost::default(),
        needs_approval: false,
        text,
        choices,
    }
}

fn checked(caller: &Caller, plan: Plan) -> ProposedPlan {
    let issues = flow::validate(&plan, &Known(caller));
    ProposedPlan {
        status: AnswerStatus::Answered,
        needs_approval: plan.nodes().iter().any(|node| matches!(node.kind, Kind::Approve { .. })),
        cost: flow::cost(&plan, &Known(caller)),
        issues,
        plan: Some(plan),
        text: String::new(),
        choices: Vec::new(),
    }
}

/// Refuses a plan that cannot run, naming everything that is wrong with it.
fn sound(caller: &Caller, plan: &Plan) -> Result<()> {
    let issues = flow::validate(plan, &Known(caller));
    if issues.is_empty() { Ok(()) } else { Err(unsound(&issues)) }
}

fn unsound(issues: &[Issue]) -> Error {
    let mut error = ApiError::new(
        ErrorCode::Invalid,
        format!("계획을 실행할 수 없습니다: 문제가 {}가지 있습니다", issues.len()),
        format!("the plan cannot run: {} things are wrong with it", issues.len()),
    );
    for issue in issues {
        error =
            error.with_field(format!("plan.{}", issue.path), issue.hint.ko.clone(), issue.hint.en.clone());
    }
    error.into()
}

/// Begins a plan, or a template by name.
pub async fn run_plan(app: &Shared, caller: &Caller, request: RunPlan) -> Result<AskStarted> {
    caller.grant::<perm::PlanRun>()?;
    let given = match (request.plan, request.template.is_empty()) {
        (Some(plan), true) => {
            let title = title(&request.title, &plan.goal);
            Given { title, plan, template: String::new(), args: request.args, forked: None, as_of: None }
        }
        (None, false) => {
            let template = templates::get(app, caller, &request.template).await?;
            let args = templates::arguments(&template.params, request.args)?;
            let title = title(
                &request.title,
                if template.title.is_empty() { &template.name } else { &template.title },
            );
            Given { title, plan: template.plan, template: template.name, args, forked: None, as_of: None }
        }
        _ => {
            return Err(Error::invalid(
                "plan",
                "plan과 template 가운데 하나만 보내세요",
                "send one of plan and template",
            ));
        }
    };
    sound(caller, &given.plan)?;
    answering::begin(app, caller, request.thread_id, Job::Plan(Box::new(given))).await
}

fn title(given: &str, otherwise: &str) -> String {
    let title = if given.trim().is_empty() { otherwise } else { given };
    let title: String = title.trim().chars().take(TEXT_MAX).collect();
    if title.is_empty() { "plan".to_owned() } else { title }
}

/// Runs again from a step, with other arguments if given.
pub async fn fork(app: &Shared, caller: &Caller, id: RunId, fork: Fork) -> Result<AskStarted> {
    caller.grant::<perm::PlanRun>()?;
    let run = runs::get(app, caller, id).await?;
    let Some(mut plan) = run.plan else {
        return Err(Error::invalid("id", "이 실행에는 계획이 없습니다", "this run has no plan"));
    };
    if !plan.nodes().iter().any(|node| node.id == fork.step) {
        let steps: Vec<&str> = plan.nodes().iter().map(|node| node.id.as_str()).collect();
        let steps = steps.join(", ");
        return Err(Error::invalid(
            "step",
            format!("'{}' 단계는 없습니다. 있는 단계: {steps}", fork.step),
            format!("there is no step {}; there are {steps}", fork.step),
        ));
    }
    if let Some(args) = fork.args
        && !set_args(&mut plan.root, &fork.step, &args)
    {
        return Err(Error::invalid(
            "args",
            format!("단계 {}에는 인수가 없습니다", fork.step),
            format!("the step {} takes no arguments", fork.step),
        ));
    }
    sound(caller, &plan)?;
    let given = Given {
        title: run.run.title,
        plan,
        template: run.run.template,
        args: run.request.get("args").and_then(Value::as_object).cloned().unwrap_or_default(),
        forked: Some((id, fork.step)),
        as_of: run.request.get("as_of").and_then(|at| serde_json::from_value(at.clone()).ok()),
    };
    let own = run.run.thread_id.filter(|_| run.run.user == caller.user);
    answering::begin(app, caller, own, Job::Plan(Box::new(given))).await
}

/// Gives a node other arguments; false when there is no such node, or it takes none.
fn set_args(node: &mut Node, id: &str, new: &Map<String, Value>) -> bool {
    if node.id == id {
        return match &mut node.kind {
            Kind::Tool { args, .. } | Kind::Call { args, .. } => {
                args.clone_from(new);
                true
            }
            _ => false,
        };
    }
    node.children_mut().into_iter().any(|child| set_args(child, id, new))
}

/// Decides what a run waits for.
pub async fn decide(
    app: &Shared,
    caller: &Caller,
    id: RunId,
    step: &str,
    decision: Decision,
) -> Result<Approval> {
    let approval = runs::decide(app, caller, id, step, decision).await?;
    // It goes on here at once; should that fail, any server takes it up a moment later.
    if let Err(error) = takeover::take_up(app).await {
        tracing::warn!(run.id = %id, cause = %error, "a decided run could not be taken up at once");
    }
    Ok(approval)
}

/// Saves a template whose plan can run.
pub async fn save_template(app: &Shared, caller: &Caller, template: NewTemplate) -> Result<PlanTemplate> {
    caller.grant::<perm::PlanSave>()?;
    check_template(&template)?;
    sound(caller, &template.plan)?;
    templates::save(app, caller, template).await
}

fn check_template(template: &NewTemplate) -> Result<()> {
    let name = &template.name;
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
    if name.is_empty() || name.len() > 80 || !name.chars().all(word) || name.starts_with(['.', '_', '-']) {
        return Err(Error::invalid(
            "name",
            "이름은 소문자와 숫자로 시작하고 . _ - 를 쓸 수 있으며 80자까지입니다",
            "a name begins with a lower case letter or digit, may hold . _ - and has at most 80 characters",
        ));
    }
    for (path, text) in [("title", &template.title), ("about", &template.about)] {
        if text.chars().count() > TEXT_MAX {
            return Err(Error::invalid(
                path,
                format!("{TEXT_MAX}자를 넘을 수 없습니다"),
                format!("at most {TEXT_MAX} characters"),
            ));
        }
    }
    for (i, param) in template.params.iter().enumerate() {
        let named = param.name.chars().all(|c| c.is_alphanumeric() || c == '_')
            && param.name.chars().next().is_some_and(char::is_alphabetic);
        let twice = template.params.iter().take(i).any(|other| other.name == param.name);
        if !named || twice || !templates::TYPES.contains(&param.r#type.as_str()) {
            let types = templates::TYPES.join(", ");
            return Err(Error::invalid(
                format!("params[{i}]"),
                format!("매개변수 이름은 겹치지 않는 낱말이고 형식은 {types} 가운데 하나여야 합니다"),
                format!("a parameter has a name of its own, a word, and one of the types {types}"),
            ));
        }
    }
    Ok(())
}
