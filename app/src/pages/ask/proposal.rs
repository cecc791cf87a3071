//! A plan before it runs: shown, changed step by step or as JSON, checked, approved.

use leptos::{prelude::*, task::spawn_local};
use model::{
    ApiError,
    answer::AnswerStatus,
    plan::{Kind, Node, Plan},
    run::{ProposePlan, ProposedPlan, RunPlan},
};
use serde_json::{Map, Value};

use super::{
    state::AskState,
    talk::{Reading, badge},
    templates::SaveTemplate,
};
use crate::{
    api,
    i18n::{duration_ms, lang, t, zone},
    pages::trace::{
        args::{ArgsEditor, Fault, faults_of, faults_of_issues, read},
        pretty,
        told::{Told, arguments, labels},
    },
    ui::{
        Button, Choice, Dialog, ErrorState, Icon, IconButton, Kind as Look, Segmented, Size, button, call,
        ic, session,
    },
};

/// What the parts of the proposal share.
#[derive(Clone, Copy)]
struct Draft {
    /// As the server last saw it.
    found: RwSignal<Option<ProposedPlan>>,
    error: RwSignal<Option<ApiError>>,
    busy: RwSignal<bool>,
    /// The whole plan as text.
    text: RwSignal<String>,
    faults: RwSignal<Vec<Fault>>,
    editing: RwSignal<Option<String>>,
}

impl Draft {
    /// Has a changed plan checked by the server; it stays open until it can run.
    fn check(self, plan: Plan) {
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let request = ProposePlan { plan: Some(plan), ..ProposePlan::default() };
            let answer = call(move || api::plans::propose_plan(request.clone())).await;
            self.busy.try_set(false);
            match answer {
                Ok(found) => self.take(found),
                Err(error) => _ = self.error.try_set(Some(error)),
            }
        });
    }

    fn take(self, found: ProposedPlan) {
        if let Some(plan) = &found.plan {
            let text = serde_json::to_value(plan).map(|plan| pretty(&plan)).unwrap_or_default();
            self.faults.try_set(faults_of_issues(&found.issues, &text));
            self.text.try_set(text);
        }
        self.found.try_set(Some(found));
    }

    fn plan(self) -> Option<Plan> {
        self.found.with_untracked(|found| found.as_ref().and_then(|found| found.plan.clone()))
    }
}

/// The plan of a question before it runs.
#[component]
pub fn Proposal(state: AskState, question: String) -> impl IntoView {
    let text = t().trace;
    let draft = Draft {
        found: RwSignal::new(None),
        error: RwSignal::new(None),
        busy: RwSignal::new(true),
        text: RwSignal::new(String::new()),
        faults: RwSignal::new(Vec::new()),
        editing: RwSignal::new(None),
    };
    let asked = StoredValue::new(question.clone());
    let ask = move || {
        draft.busy.set(true);
        draft.error.set(None);
        let request = ProposePlan {
            question: asked.get_value(),
            thread_id: state.thread.get_untracked(),
            tz: Some(zone().iana().to_owned()),
            ..ProposePlan::default()
        };
        spawn_local(async move {
            let answer = call(move || api::plans::propose_plan(request.clone())).await;
            draft.busy.try_set(false);
            match answer {
                Ok(found) => draft.take(found),
                Err(error) => _ = draft.error.try_set(Some(error)),
            }
        });
    };
    ask();
    view! {
        <article class="turn proposal" data-testid="proposal">
            <header class="q"><h2 class="question">{question}</h2></header>
            {move || match (draft.error.get(), draft.found.get()) {
                (Some(error), _) => view! { <ErrorState error on_retry=move |()| ask()/> }.into_any(),
                (None, None) => view! { <p class="row soft" role="status"><span class="dot run"></span>{text.proposing()}</p> }.into_any(),
                (None, Some(found)) if found.plan.is_none() => view! { <Unplanned state found/> }.into_any(),
                (None, Some(found)) => view! { <Planned state draft found asked/> }.into_any(),
            }}
        </article>
    }
}

/// A question without a plan: why, and what could be asked instead.
#[component]
fn Unplanned(state: AskState, found: ProposedPlan) -> impl IntoView {
    let a = t().ask;
    let head = if found.status == AnswerStatus::Clarify { a.choices() } else { a.instead() };
    view! {
        <div class="answer stack">
            {badge(found.status)}
            <p>{found.text}</p>
            {(!found.choices.is_empty()).then(|| view! {
                <div class="stack choices" role="group" aria-label=head>
                    <h3>{head}</h3>
                    {found.choices.into_iter().map(|choice| view! {
                        <Button class="choice" on_click=move |_| state.proposed.set(Some(choice.question.clone()))>
                            <Icon glyph=ic::CORNER_DOWN_RIGHT class="s"/>{choice.label}
                        </Button>
                    }).collect_view()}
                </div>
            })}
            <div class="row"><Button on_click=move |_| state.proposed.set(None)>{t().trace.discard()}</Button></div>
        </div>
    }
}

#[component]
fn Planned(state: AskState, draft: Draft, found: ProposedPlan, asked: StoredValue<String>) -> impl IntoView {
    let text = t().trace;
    let mode = RwSignal::new("steps".to_owned());
    let saving = RwSignal::new(false);
    let Some(plan) = found.plan.clone() else { return ().into_any() };
    let issues = found.issues.clone();
    let count = issues.len() as u64;
    let broken = count != 0;
    let why = plan.why.clone();
    let names = labels(&plan.nodes());
    let steps: Vec<_> = lines(&plan.root, 0, "root", &names);
    let options = vec![Choice::new("steps", text.edit_steps()), Choice::new("json", text.edit_json())];
    let run = move |_| {
        let Some(plan) = draft.plan() else { return };
        draft.busy.set(true);
        spawn_local(async move {
            let request = RunPlan { plan: Some(plan), ..RunPlan::default() };
            let done = state.run_plan(asked.get_value(), request).await;
            draft.busy.try_set(false);
            if let Err(error) = done {
                if error.fields.is_empty() {
                    draft.error.try_set(Some(error));
                } else {
                    let faults = draft.text.with_untracked(|text| faults_of(&error, text));
                    draft.faults.try_set(faults);
                }
            }
        });
    };
    let apply = move |_| match draft.text.with_untracked(|text| parse(text)) {
        Ok(plan) => draft.check(plan),
        Err(fault) => draft.faults.set(vec![fault]),
    };
    let may_save = session::may(<model::perm::PlanSave as model::perm::Permission>::LEAST);
    let saved = plan.clone();
    view! {
        <Reading why=why/>
        <section class="card proposal-card">
            <div class="head">
                <h3>{text.proposed()}</h3>
                <span class="small faint cut">{text.proposed_cost(found.cost.calls, &duration_ms(found.cost.ms as f64))}</span>
                <span class="end"><Segmented value=mode options label=text.proposed() on_change=move |value| mode.set(value)/></span>
            </div>
            {found.needs_approval.then(|| view! { <p class="small pad soft row"><Icon glyph=ic::HAND class="s"/>{text.needs_approval()}</p> })}
            {move || if mode.get() == "json" {
                view! {
                    <div class="pad stack">
                        <ArgsEditor text=draft.text faults=draft.faults label=text.edit_json()/>
                        <div class="row"><Button icon=ic::CHECK busy=draft.busy on_click=apply>{text.apply()}</Button></div>
                    </div>
                }.into_any()
            } else {
                let steps = steps.clone();
                let issues = issues.clone();
                view! {
                    <ol class="proposal-steps">
                        {steps.into_iter().map(|line| {
                            let own: Vec<String> = issues.iter().filter(|issue| within(&issue.path, &line.path)).map(|issue| format!("{}: {}", issue.path, crate::i18n::l(&issue.hint))).collect();
                            view! { <Step draft line own/> }
                        }).collect_view()}
                    </ol>
                }.into_any()
            }}
            {(count > 0).then(|| view! { <p class="small pad up row" role="alert"><Icon glyph=ic::CIRCLE_ALERT class="s"/>{text.issues(count)}</p> })}
            <div class="row pad proposal-acts">
                <span data-testid="approve-plan"><Button kind=Look::Primary size=Size::Large icon=ic::PLAY busy=draft.busy disabled=broken on_click=run>{text.approve_run()}</Button></span>
                {may_save.then(|| view! { <Button size=Size::Large icon=ic::LAYOUT_TEMPLATE disabled=broken on_click=move |_| saving.set(true)>{text.save_template()}</Button> })}
                <span class="grow"></span>
                <Button size=Size::Large kind=button::Kind::Ghost on_click=move |_| state.proposed.set(None)>{text.discard()}</Button>
            </div>
        </section>
        <EditDialog draft/>
        <SaveTemplate plan=saved open=saving/>
    }
    .into_any()
}

/// A line of the plan.
#[derive(Debug, Clone)]
struct Line {
    id: String,
    label: String,
    tool: String,
    args: Vec<Told>,
    editable: bool,
    level: u32,
    path: String,
}

fn lines(node: &Node, level: u32, path: &str, names: &dyn Fn(&str) -> Option<String>) -> Vec<Line> {
    let (tool, args) = match &node.kind {
        Kind::Tool { tool, args } => (tool.clone(), Some(args)),
        Kind::Call { template, args } => (template.clone(), Some(args)),
        other => (other.name().to_owned(), None),
    };
    let mut out = Vec::new();
    // a sequence is how the list reads anyway
    let own = !matches!(node.kind, Kind::Seq { .. });
    if own {
        out.push(Line {
            id: node.id.clone(),
            label: if node.label.is_empty() { tool.clone() } else { node.label.clone() },
            tool,
            args: arguments(args.unwrap_or(&written(&node.kind)), lang(), names),
            editable: args.is_some(),
            level,
            path: path.to_owned(),
        });
    }
    let inside = if own { level + 1 } else { level };
    for (n, child) in node.inner().into_iter().enumerate() {
        let name = match (&node.kind, n) {
            (Kind::Seq { .. } | Kind::Par { .. } | Kind::Dag { .. }, n) => format!("{path}.nodes[{n}]"),
            (Kind::If { .. }, 0) => format!("{path}.then"),
            (Kind::If { .. }, _) => format!("{path}.else"),
            (Kind::Switch { cases, .. }, n) if n < cases.len() => format!("{path}.cases[{n}].node"),
            (Kind::Switch { .. }, _) => format!("{path}.default"),
            (Kind::Llm { .. }, _) => format!("{path}.fallback"),
            _ => format!("{path}.body"),
        };
        out.extend(lines(child, inside, &name, names));
    }
    out
}

/// What a node that calls nothing goes by, named as arguments are.
fn written(kind: &Kind) -> Map<String, Value> {
    let fields: Vec<(&str, Value)> = match kind {
        Kind::If { cond, .. } => vec![("cond", cond.as_str().into())],
        Kind::Switch { on, .. } => vec![("on", on.as_str().into())],
        Kind::ForEach { items, max, .. } => vec![("items", items.as_str().into()), ("max", (*max).into())],
        Kind::Loop { until, max, .. } => vec![("until", until.as_str().into()), ("max", (*max).into())],
        Kind::Expand { question, .. } => vec![("question", question.as_str().into())],
        Kind::Approve { what, who, .. } => vec![("what", what.as_str().into()), ("who", who.as_str().into())],
        _ => Vec::new(),
    };
    fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Whether an issue is of this line and not of one inside of it.
fn within(issue: &str, line: &str) -> bool {
    issue == line
        || issue.strip_prefix(line).is_some_and(|rest| {
            rest.starts_with('.') && !rest.starts_with(".nodes[") && !rest.starts_with(".body")
        })
}

#[component]
fn Step(draft: Draft, line: Line, own: Vec<String>) -> impl IntoView {
    let bad = !own.is_empty();
    let text = t().trace;
    let id = line.id.clone();
    let label = format!("{}: {}", text.edit_step(), line.label);
    view! {
        <li style=format!("--lv:{}", line.level) class:bad=bad>
            <div class="row">
                <b class="cut">{line.label.clone()}</b><code class="faint small nowrap">{line.tool.clone()}</code>
                <span class="grow"></span>
                {line.editable.then(|| view! { <IconButton glyph=ic::PENCIL size=Size::Small label=label on_click=move |_| draft.editing.set(Some(id.clone()))/> })}
            </div>
            {(!line.args.is_empty()).then(|| view! {
                <dl class="proposal-args small">
                    {line.args.iter().map(|told| view! { <div><dt class="faint">{told.name.clone()}</dt><dd>{told.value.clone()}</dd></div> }).collect_view()}
                </dl>
            })}
            {own.into_iter().map(|issue| view! { <p class="err small">{issue}</p> }).collect_view()}
        </li>
    }
}

/// Changes the arguments of one step.
#[component]
fn EditDialog(draft: Draft) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || open.set(draft.editing.with(Option::is_some)));
    Effect::new(move || {
        if !open.get() && draft.editing.with_untracked(Option::is_some) {
            draft.editing.set(None);
        }
    });
    let title = Signal::derive(move || {
        format!("{} · {}", t().trace.edit_step(), draft.editing.get().unwrap_or_default())
    });
    view! {
        <Dialog open title class="wide">
            {move || draft.editing.get().map(|id| view! { <EditForm draft id/> })}
        </Dialog>
    }
}

#[component]
fn EditForm(draft: Draft, id: String) -> impl IntoView {
    let text = t().trace;
    let args =
        draft.plan().and_then(|plan| plan.nodes().into_iter().find(|node| node.id == id).and_then(args_of));
    let (shown, faults) =
        (RwSignal::new(pretty(&Value::Object(args.unwrap_or_default()))), RwSignal::new(Vec::<Fault>::new()));
    let save = move || match shown.with_untracked(|text| read(text)) {
        Err(fault) => faults.set(vec![fault]),
        Ok(args) => {
            if let Some(mut plan) = draft.plan()
                && set_args(&mut plan.root, &id, &args)
            {
                draft.editing.set(None);
                draft.check(plan);
            }
        }
    };
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); save(); }>
            <ArgsEditor text=shown faults label=text.args()/>
            <p class="small faint">{text.args_hint()}</p>
            <div class="row end">
                <Button size=Size::Large on_click=move |_| draft.editing.set(None)>{t().common.cancel()}</Button>
                <Button size=Size::Large kind=Look::Primary r#type="submit" disabled=Signal::derive(move || !faults.read().is_empty())>{text.apply()}</Button>
            </div>
        </form>
    }
}

fn args_of(node: &Node) -> Option<Map<String, Value>> {
    match &node.kind {
        Kind::Tool { args, .. } | Kind::Call { args, .. } => Some(args.clone()),
        _ => None,
    }
}

/// Gives a step of a plan other arguments; false when there is no such step.
fn set_args(node: &mut Node, id: &str, new: &Map<String, Value>) -> bool {
    if node.id == id
        && let Kind::Tool { args, .. } | Kind::Call { args, .. } = &mut node.kind
    {
        args.clone_from(new);
        return true;
    }
    node.children_mut().into_iter().any(|child| set_args(child, id, new))
}

/// Reads a whole plan.
fn parse(text: &str) -> Result<Plan, Fault> {
    read(text)?;
    serde_json::from_str::<Plan>(text).map_err(|error| Fault {
        line: Some(error.line().max(1)),
        path: String::new(),
        reason: error.to_string(),
    })
}
