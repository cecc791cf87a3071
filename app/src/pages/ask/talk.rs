//! The conversation: questions, plans, answers, what could be asked next.

use leptos::{html, prelude::*};
use model::{
    answer::{AnswerStatus, AskResponse},
    perm::{GoldenManage, Permission, PlanSave, Role},
    plan::Reason,
    run::Approval,
};

use super::{
    blocks,
    composer::Composer,
    plan_tree::PlanTree,
    proposal::Proposal,
    state::{AskState, TurnState},
    templates::SaveTemplate,
};
use crate::{
    i18n::{self, t},
    pages::{golden::PinDialog, trace::run_href},
    ui::{Button, ErrorState, Icon, IconButton, Size, download, ic, ic::Glyph, session, states::copy},
};

/// Questions and answers of the thread, and the field for the next one.
#[component]
pub fn Talk(state: AskState) -> impl IntoView {
    let flow = NodeRef::<html::Div>::new();
    // The newest question comes to the top; afterwards nothing moves while a person reads.
    Effect::new(move || {
        state.turns.with(Vec::len);
        state.proposed.track();
        if let Some(flow) = flow.get() {
            request_animation_frame(move || {
                if let Some(last) = flow.last_element_child() {
                    last.scroll_into_view();
                }
            });
        }
    });
    let follow_ups = move || {
        if state.busy.with(Option::is_some) {
            return Vec::new();
        }
        let last = state.turns.with(|turns| turns.last().copied());
        last.and_then(|turn| turn.answer.with(|answer| answer.as_ref().map(|a| a.follow_ups.clone())))
            .unwrap_or_default()
    };
    view! {
        <section class="talk" aria-label=t().ask.conversation()>
            <div class="flow" tabindex="0" node_ref=flow>
                <For each=move || state.turns.get() key=|turn| turn.key let:turn>
                    <TurnView state turn/>
                </For>
                {move || state.proposed.get().map(|question| view! { <Proposal state question/> })}
            </div>
            <div class="dock">
                {move || {
                    let next = follow_ups();
                    (!next.is_empty()).then(|| view! {
                        <div class="follow" role="group" aria-label=t().ask.follow_ups()>
                            {next.into_iter().map(|question| {
                                let ask = question.clone();
                                view! {
                                    <button class="chip" data-testid="follow-up" on:click=move |_| state.ask(ask.clone())>
                                        <Icon glyph=ic::CORNER_DOWN_RIGHT class="s"/>{question}
                                    </button>
                                }
                            }).collect_view()}
                        </div>
                    })
                }}
                <Composer state/>
            </div>
        </section>
    }
}

#[component]
fn TurnView(state: AskState, turn: TurnState) -> impl IntoView {
    view! {
        <article class="turn" data-testid="turn">
            <header class="q">
                <h2 class="question">{turn.question.get_value()}</h2>
                {move || turn.plan.get().map(|plan| view! { <Reading why=plan.why/> })}
            </header>
            <PlanTree state turn/>
            {move || turn.waits.get().map(|waits| view! { <Waits waits/> })}
            // Read out when the answer is there, not while it is being made.
            <div aria-live="polite" class="stack answer-area">
                {move || match (turn.error.get(), turn.answer.get()) {
                    (Some(error), _) => view! { <ErrorState error on_retry=move |()| state.again(turn)/> }.into_any(),
                    (None, Some(answer)) => view! { <Answer state turn answer/> }.into_any(),
                    (None, None) => {
                        let text = if turn.plan.with(Option::is_some) { t().ask.working() } else { t().ask.understanding() };
                        view! {
                            <p class="row soft" role="status"><span class="dot run"></span>{text}</p>
                            {move || Some(turn.changed.get()).filter(|why| !why.is_empty()).map(|why| view! { <p class="small soft" data-testid="changed">{why}</p> })}
                            <Coming/>
                        }
                            .into_any()
                    }
                }}
            </div>
        </article>
    }
}

/// The shape of an answer that is on its way; quick answers come before it would be seen.
#[component]
fn Coming() -> impl IntoView {
    let shown = RwSignal::new(false);
    set_timeout(move || _ = shown.try_set(true), std::time::Duration::from_millis(150));
    view! {
        <Show when=move || shown.get()>
            <div class="skeleton-rows" aria-hidden="true">
                {(0..3).map(|n| view! { <div class=format!("skeleton-row s{n}")><i class="skeleton"></i><i class="skeleton"></i><i class="skeleton"></i></div> }).collect_view()}
            </div>
        </Show>
    }
}

/// How the question was read: chips of what its words were taken for.
#[component]
pub fn Reading(why: Vec<Reason>) -> impl IntoView {
    // What is asked for is said in full by the last reason of its kind; those before it are notes on the way there.
    let whole = why.iter().rposition(|reason| reason.slot == "operation");
    let why: Vec<Reason> = why
        .into_iter()
        .enumerate()
        .filter(|(at, reason)| reason.slot != "operation" || Some(*at) == whole)
        .map(|(_, reason)| reason)
        .collect();
    if why.is_empty() {
        return ().into_any();
    }
    view! {
        <div class="row reading">
            <span class="small faint">{t().ask.reading()}</span>
            {why.into_iter().take(8).map(|reason| {
                let (glyph, name) = slot(&reason.slot);
                view! { <span class="chip" title=reason.words><Icon glyph class="s"/><em>{name}</em>{reason.meaning}</span> }
            }).collect_view()}
        </div>
    }
    .into_any()
}

fn slot(slot: &str) -> (Glyph, &'static str) {
    let a = t().ask;
    match slot {
        "ci" => (ic::BOX, a.slot_ci()),
        "kind" => (ic::BOXES, a.slot_kind()),
        "field" => (ic::LIST_TREE, a.slot_field()),
        "value" => (ic::EQUAL, a.slot_value()),
        "metric" => (ic::CHART_LINE, a.slot_metric()),
        "record" => (ic::RADIO_TOWER, a.slot_record()),
        "relation" => (ic::NETWORK, a.slot_relation()),
        "time" => (ic::CLOCK, a.slot_time()),
        "context" => (ic::CORNER_DOWN_RIGHT, a.slot_context()),
        _ => (ic::SEARCH_CHECK, a.slot_operation()),
    }
}

#[component]
fn Answer(state: AskState, turn: TurnState, answer: AskResponse) -> impl IntoView {
    let a = t().ask;
    let lead = answer.status == AnswerStatus::Answered;
    let blocks = answer
        .blocks
        .iter()
        .enumerate()
        .map(|(i, block)| blocks::in_talk(state, turn, block.clone(), lead && i == 0))
        .collect_view();
    let choices = answer.choices.clone();
    let head = if answer.status == AnswerStatus::Clarify { a.choices() } else { a.instead() };
    let status = answer.status;
    view! {
        <div class="answer stack" data-testid="answer" data-status=status_key(status)>
            {(status != AnswerStatus::Answered).then(|| badge(status))}
            {blocks}
            {(!choices.is_empty()).then(|| view! {
                <div class="stack choices" role="group" aria-label=head>
                    <h3>{head}</h3>
                    {choices.into_iter().map(|choice| {
                        let ask = choice.question.clone();
                        view! {
                            <Button class="choice" on_click=move |_| state.ask(ask.clone())>
                                <Icon glyph=ic::CORNER_DOWN_RIGHT class="s"/>{choice.label}
                            </Button>
                        }
                    }).collect_view()}
                </div>
            })}
            <Foot state turn answer/>
        </div>
    }
}

/// A run that waits for a person: what about, and the way to the decision.
#[component]
fn Waits(waits: Approval) -> impl IntoView {
    let text = t().trace;
    view! {
        <p class="callout info" role="status" data-testid="waits">
            <Icon glyph=ic::HAND/>
            <span class="grow"><b>{text.waits()}</b>" "{waits.what.clone()}</span>
            <a href=run_href(waits.run_id)>{text.to_trace()}</a>
        </p>
    }
}

#[component]
fn Foot(state: AskState, turn: TurnState, answer: AskResponse) -> impl IntoView {
    let a = t().ask;
    let timing = answer.timing_ms;
    let detail = a.parts(
        &i18n::duration_ms(timing.plan),
        &i18n::duration_ms(timing.execute),
        &i18n::duration_ms(timing.compose),
    );
    let text = answer.answer.clone();
    let asked = chrono::DateTime::from_timestamp_millis(turn.asked_at as i64).map(i18n::date_time);
    let (run, pinning, saving) = (answer.run_id, RwSignal::new(false), RwSignal::new(false));
    let may = |least: Role| session::may(least);
    let plan = answer.plan.clone().filter(|_| may(PlanSave::LEAST));
    let may_pin = may(GoldenManage::LEAST)
        && matches!(
            answer.status,
            AnswerStatus::Answered
                | AnswerStatus::Unanswerable
                | AnswerStatus::Refused
                | AnswerStatus::Clarify
        );
    let has_plan = plan.is_some();
    let stored = StoredValue::new(answer);
    view! {
        <footer class="foot">
            <span class="grow" title=detail data-testid="answer-time">
                {a.took(&i18n::duration_ms(timing.total))}" · "{asked}
            </span>
            <IconButton glyph=ic::COPY label=a.copy_answer() size=Size::Small on_click=move |_| copy(text.clone())/>
            <IconButton glyph=ic::BRACES label=a.download_json() size=Size::Small on_click=move |_| stored.with_value(|answer| {
                if let Ok(json) = serde_json::to_string_pretty(answer) {
                    download::text(&format!("{}.json", answer.run_id), "application/json", &json);
                }
            })/>
            <a class="btn ghost sm icon" href=run_href(run) aria-label=t().trace.to_trace() title=t().trace.to_trace() data-testid="to-trace"><Icon glyph=ic::LIST_TREE class="s"/></a>
            {has_plan.then(|| view! { <span data-testid="save-template"><IconButton glyph=ic::LAYOUT_TEMPLATE label=t().trace.save_template() size=Size::Small on_click=move |_| saving.set(true)/></span> })}
            {may_pin.then(|| view! { <span data-testid="pin"><IconButton glyph=ic::PIN label=t().runs.g_pin() size=Size::Small on_click=move |_| pinning.set(true)/></span> })}
            <IconButton glyph=ic::ROTATE_CCW label=a.ask_again() size=Size::Small on_click=move |_| state.again(turn)/>
            <PinDialog run=run open=pinning/>
            {plan.map(|plan| view! { <SaveTemplate plan=plan open=saving/> })}
        </footer>
    }
}

/// The status in words, with its shape.
pub fn badge(status: AnswerStatus) -> impl IntoView {
    let a = t().ask;
    let (class, dot, text) = match status {
        AnswerStatus::Answered => ("badge ok", "dot ok", a.st_answered()),
        AnswerStatus::Clarify => ("badge accent", "dot info", a.st_clarify()),
        AnswerStatus::Unanswerable => ("badge", "dot off", a.st_unanswerable()),
        AnswerStatus::Refused => ("badge warn", "dot warn", a.st_refused()),
        AnswerStatus::Partial => ("badge warn", "dot warn", a.st_partial()),
        AnswerStatus::Failed => ("badge danger", "dot danger", a.st_failed()),
    };
    view! { <span class=format!("{class} status")><span class=dot></span>{text}</span> }
}

fn status_key(status: AnswerStatus) -> &'static str {
    match status {
        AnswerStatus::Answered => "answered",
        AnswerStatus::Clarify => "clarify",
        AnswerStatus::Unanswerable => "unanswerable",
        AnswerStatus::Refused => "refused",
        AnswerStatus::Partial => "partial",
        AnswerStatus::Failed => "failed",
    }
}
