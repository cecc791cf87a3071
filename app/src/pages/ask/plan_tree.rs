//! The plan as a tree: open while it works, folded to a receipt once answered.

use leptos::prelude::*;
use model::{
    answer::{AskResponse, AskStarted, StepReport},
    plan::{Kind, Node, Plan, StepStatus},
};

use super::state::{AskState, StepState, TurnState};
use crate::{
    i18n::{self, t},
    pages::trace::{RestartDialog, step_href},
    ui::{Icon, IconButton, Size, ic},
};

/// The plan of a turn, its steps finishing one by one.
#[component]
pub fn PlanTree(state: AskState, turn: TurnState) -> impl IntoView {
    let a = t().ask;
    let restarting = RwSignal::new(None::<String>);
    // Open while it works; afterwards as the person likes.
    let open = RwSignal::new(true);
    Effect::new(move || open.set(turn.answer.with(Option::is_none)));
    view! {
        {move || turn.plan.get().map(|plan| {
            let steps = plan.nodes().into_iter().filter(|node| is_step(node)).count() as u64;
            view! {
                <details class="plan" prop:open=move || open.get() data-testid="plan">
                    <summary on:click=move |ev| { ev.prevent_default(); open.update(|o| *o = !*o); }>
                        <Icon glyph=ic::CHEVRON_DOWN class="s"/>
                        <b>{a.plan_steps(steps)}</b>
                        {move || badge(turn, steps)}
                        <span class="receipt">{move || receipt(turn)}</span>
                    </summary>
                    <ul role="tree" aria-label=a.plan()>
                        {rows(&plan.root, 0).into_iter().map(|row| view! { <Step turn row restarting/> }).collect_view()}
                    </ul>
                </details>
            }
        })}
        {move || turn.run.get().filter(|_| turn.answer.with(Option::is_some)).map(|run| view! {
            <RestartDialog run step=restarting on_started=move |started: AskStarted| state.begun(turn.question.get_value(), started)/>
        })}
    }
}

/// A line of the tree.
#[derive(Clone)]
struct Row {
    id: String,
    label: String,
    tool: String,
    level: u32,
    group: bool,
}

fn is_step(node: &Node) -> bool {
    node.inner().is_empty()
}

/// Nodes in the order of the tree. A sequence is how the tree reads anyway, so it gets no line of its own.
fn rows(node: &Node, level: u32) -> Vec<Row> {
    let name = match &node.kind {
        Kind::Tool { tool, .. } => tool.as_str(),
        Kind::Par { .. } => "par",
        Kind::Dag { .. } => "dag",
        Kind::If { .. } => "if",
        Kind::ForEach { .. } => "for each",
        Kind::Seq { .. } => "",
        other => other.name(),
    };
    let mut out = Vec::new();
    let mut below = level;
    if !name.is_empty() {
        let label = match (&node.kind, node.label.is_empty()) {
            (Kind::Compose { .. }, true) => t().ask.compose().to_owned(),
            (_, true) => name.to_owned(),
            (_, false) => node.label.clone(),
        };
        out.push(Row { id: node.id.clone(), label, tool: name.to_owned(), level, group: !is_step(node) });
        below += 1;
    }
    for child in node.children() {
        out.extend(rows(child, below));
    }
    out
}

#[component]
fn Step(turn: TurnState, row: Row, restarting: RwSignal<Option<String>>) -> impl IntoView {
    let a = t().ask;
    let id = StoredValue::new(row.id.clone());
    let label = StoredValue::new(row.label.clone());
    let can_restart = !row.group && row.tool != "compose";
    let step = move || turn.steps.with(|steps| id.with_value(|id| steps.get(id).cloned()));
    // Composing happens after the last step; it is done when the answer is there.
    let composing = row.tool == "compose";
    let status = move || match step() {
        Some(StepState::Done(report)) => report.status,
        Some(StepState::Running(_)) => StepStatus::Running,
        None if turn.answer.with(Option::is_some) => {
            if composing {
                StepStatus::Ok
            } else {
                StepStatus::Skipped
            }
        }
        None => StepStatus::Waiting,
    };
    let bad = move || {
        matches!(
            status(),
            StepStatus::Failed | StepStatus::TimedOut | StepStatus::Denied | StepStatus::Partial
        )
    };
    let group = row.group;
    let out = move || match step() {
        Some(StepState::Done(report)) => outcome(&report, group),
        Some(StepState::Running(_)) => a.running().to_owned(),
        None if turn.answer.with(Option::is_some) => String::new(),
        None => a.waiting().to_owned(),
    };
    let ms = move || match step() {
        Some(StepState::Done(report)) => i18n::duration_ms(report.ms),
        _ if composing => turn
            .answer
            .with(|answer| answer.as_ref().map(|a| i18n::duration_ms(a.timing_ms.compose)))
            .unwrap_or_default(),
        _ => String::new(),
    };
    let width = move || match step() {
        Some(StepState::Done(report)) => share(turn, report.ms),
        Some(StepState::Running(_)) => 8.0,
        None => 0.0,
    };
    view! {
        <li class="step" class:bad=bad role="treeitem" prop:ariaLevel=(row.level + 1).to_string() style=format!("--lv:{}", row.level)
            data-status=move || format!("{:?}", status()).to_lowercase()>
            <span class="state">{move || state_icon(status())}</span>
            <span class="name">{move || named(turn, &id.get_value(), &label.get_value())}</span>
            <span class="out"><code class="faint">{row.tool}</code>" "{out}</span>
            <span class="lane" aria-hidden="true"><i style=move || format!("left:0;width:{}%", width())></i></span>
            <span class="ms">{ms}</span>
            {move || (can_restart && turn.answer.with(Option::is_some)).then(|| view! {
                <span class="step-tools"><IconButton glyph=ic::ROTATE_CW size=Size::Small label=format!("{}: {}", t().trace.rerun_from(), label.get_value()) on_click=move |_| restarting.set(Some(id.get_value()))/></span>
            })}
        </li>
    }
}

/// The name of a step; once it has run, it leads to the step in the page of the run.
fn named(turn: TurnState, id: &str, label: &str) -> AnyView {
    match turn.run.get().filter(|_| turn.answer.with(Option::is_some)) {
        Some(run) => view! { <a class="plain" href=step_href(run, id)>{label.to_owned()}</a> }.into_any(),
        None => label.to_owned().into_any(),
    }
}

fn outcome(report: &StepReport, group: bool) -> String {
    match &report.error {
        Some(error) => error.clone(),
        None if group => String::new(),
        None => t().ask.step_rows(report.rows),
    }
}

/// Share of the whole execution, for the bar; at least a sliver.
fn share(turn: TurnState, ms: f64) -> f64 {
    let total = turn.steps.with(|steps| {
        steps
            .values()
            .filter_map(|step| match step {
                StepState::Done(report) => Some(report.ms),
                StepState::Running(_) => None,
            })
            .fold(0.1, f64::max)
    });
    (ms / total * 100.0).clamp(2.0, 100.0)
}

fn state_icon(status: StepStatus) -> AnyView {
    match status {
        StepStatus::Ok => view! { <Icon glyph=ic::CIRCLE_CHECK class="s ic-ok"/> }.into_any(),
        StepStatus::Running => view! { <span class="dot run"></span> }.into_any(),
        StepStatus::Waiting | StepStatus::Skipped | StepStatus::Cancelled => {
            view! { <Icon glyph=ic::CIRCLE_DASHED class="s faint"/> }.into_any()
        }
        StepStatus::TimedOut => view! { <Icon glyph=ic::CLOCK_ALERT class="s ic-warn"/> }.into_any(),
        StepStatus::Partial | StepStatus::Failed | StepStatus::Denied => {
            view! { <Icon glyph=ic::CIRCLE_ALERT class="s ic-warn"/> }.into_any()
        }
    }
}

fn badge(turn: TurnState, steps: u64) -> AnyView {
    let a = t().ask;
    let done =
        turn.steps.with(|map| map.values().filter(|step| matches!(step, StepState::Done(_))).count() as u64);
    if turn.answer.with(Option::is_none) {
        return view! { <span class="badge accent">{format!("{} / {steps}", done.min(steps))}</span> }
            .into_any();
    }
    let missed = turn.steps.with(|map| {
        map.values()
            .filter(|step| matches!(step, StepState::Done(r) if !matches!(r.status, StepStatus::Ok)))
            .count() as u64
    });
    if missed == 0 {
        ().into_any()
    } else {
        view! { <span class="badge warn">{a.skipped(missed)}</span> }.into_any()
    }
}

fn receipt(turn: TurnState) -> AnyView {
    let a = t().ask;
    turn.answer.with(|answer| match answer {
        Some(AskResponse { timing_ms, usage, .. }) => {
            let tokens = usage.tokens_in + usage.tokens_out;
            view! {
                <span>{i18n::duration_ms(timing_ms.total)}</span>
                {(tokens > 0).then(|| view! { <span>{a.tokens(tokens)}</span> })}
                <span>{a.planner_rule()}</span>
            }
            .into_any()
        }
        None => {
            let limit = turn.plan.with(|plan| plan.as_ref().map_or(0, |plan: &Plan| plan.timeout_ms));
            view! { <span>{a.limit(&i18n::duration_ms(limit as f64))}</span> }.into_any()
        }
    })
}
