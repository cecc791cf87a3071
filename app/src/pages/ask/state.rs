//! What the conversation on the screen consists of, and how a question travels: ask, listen, keep.

use std::collections::BTreeMap;

use futures::StreamExt;
use gloo_net::eventsource::futures::EventSource;
use leptos::prelude::*;
use model::{
    ApiError, RunId, ThreadId,
    answer::{AskRequest, AskResponse, AskStarted, RunEvent, StepReport},
    chat::Turn,
    plan::Plan,
    run::{Approval, RunPlan},
};
use wasm_bindgen_futures::spawn_local;

use crate::{
    api::{self as server, chat as api},
    i18n::zone,
    ui::{call, net::fresh_session, prefs},
};

/// How a step stands, as far as the stream has told.
#[derive(Debug, Clone, PartialEq)]
pub enum StepState {
    /// It began at this moment (milliseconds of the page's clock).
    Running(f64),
    /// It ended.
    Done(StepReport),
}

/// A question on the screen, with whatever of its answer is there.
#[derive(Clone, Copy)]
pub struct TurnState {
    /// Order on the screen; stays the same when the run's id becomes known.
    pub key: u32,
    /// What was asked.
    pub question: StoredValue<String>,
    /// The run, once the server named it.
    pub run: RwSignal<Option<RunId>>,
    /// The plan, once it is made.
    pub plan: RwSignal<Option<Plan>>,
    /// Steps by id.
    pub steps: RwSignal<BTreeMap<String, StepState>>,
    /// The answer.
    pub answer: RwSignal<Option<AskResponse>>,
    /// Why there is none.
    pub error: RwSignal<Option<ApiError>>,
    /// What the run waits for.
    pub waits: RwSignal<Option<Approval>>,
    /// Why the plan was changed on the way; told while it works, afterwards the answer says it.
    pub changed: RwSignal<String>,
    /// When it was asked, in milliseconds since 1970.
    pub asked_at: f64,
}

/// The conversation on the screen.
#[derive(Clone, Copy)]
pub struct AskState {
    /// The thread; none before the first question of a new one.
    pub thread: RwSignal<Option<ThreadId>>,
    /// Its title.
    pub title: RwSignal<String>,
    /// Questions and answers, oldest first.
    pub turns: RwSignal<Vec<TurnState>>,
    /// The turn being answered.
    pub busy: RwSignal<Option<TurnState>>,
    /// The evidence under pointer or focus: key of the turn and number.
    pub hot: RwSignal<Option<(u32, u32)>>,
    /// What is typed; kept while pages change.
    pub draft: RwSignal<String>,
    /// The turn whose evidence is shown; the newest where none is named.
    pub shown: RwSignal<Option<u32>>,
    /// Plans are shown before they run.
    pub plan_first: RwSignal<bool>,
    /// The question whose plan is being looked at.
    pub proposed: RwSignal<Option<String>>,
    /// Rises whenever the list of threads should be read again.
    pub listed: RwSignal<u32>,
    next_key: StoredValue<u32>,
    // Signals of turns live as long as the conversation, not as long as the view a question was asked from.
    owner: StoredValue<Owner>,
}

impl AskState {
    /// A conversation that has not begun.
    pub fn new() -> Self {
        Self {
            thread: RwSignal::new(None),
            title: RwSignal::new(String::new()),
            turns: RwSignal::new(Vec::new()),
            busy: RwSignal::new(None),
            hot: RwSignal::new(None),
            draft: RwSignal::new(String::new()),
            shown: RwSignal::new(None),
            plan_first: RwSignal::new(prefs::read("plan_first").as_deref() == Some("on")),
            proposed: RwSignal::new(None),
            listed: RwSignal::new(0),
            next_key: StoredValue::new(0),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        }
    }

    /// Empties the screen for a new conversation; what is typed stays.
    pub fn clear(self) {
        self.thread.set(None);
        self.title.set(String::new());
        self.turns.set(Vec::new());
        self.busy.set(None);
        self.hot.set(None);
        self.proposed.set(None);
        self.shown.set(None);
    }

    /// Shows a stored conversation.
    pub fn show(self, thread: model::chat::Thread) {
        self.clear();
        self.thread.set(Some(thread.id));
        self.title.set(thread.title);
        let turns = thread.turns.into_iter().map(|turn| self.stored(turn)).collect();
        self.turns.set(turns);
        // A question that was being answered when the page was left goes on where it is.
        if let Some(last) = self.turns.with_untracked(|turns| turns.last().copied())
            && last.answer.with_untracked(Option::is_none)
            && let Some(run) = last.run.get_untracked()
        {
            self.busy.set(Some(last));
            spawn_local(self.listen(last, run));
        }
    }

    fn stored(self, turn: Turn) -> TurnState {
        let state = self.turn(turn.question, turn.asked_at.timestamp_millis() as f64);
        state.run.set(Some(turn.run_id));
        if let Some(answer) = turn.answer {
            settle(state, answer);
        }
        state
    }

    fn turn(self, question: String, asked_at: f64) -> TurnState {
        let key = self.next_key.get_value();
        self.next_key.set_value(key + 1);
        self.owner.get_value().with(|| TurnState {
            key,
            question: StoredValue::new(question),
            run: RwSignal::new(None),
            plan: RwSignal::new(None),
            steps: RwSignal::new(BTreeMap::new()),
            answer: RwSignal::new(None),
            error: RwSignal::new(None),
            waits: RwSignal::new(None),
            changed: RwSignal::new(String::new()),
            asked_at,
        })
    }

    /// What a person typed: shows its plan first where that is wished for, else asks it.
    pub fn send(self, question: String) {
        if self.plan_first.get_untracked() {
            self.proposed.set(Some(question));
        } else {
            self.ask(question);
        }
    }

    /// Asks a question in this conversation.
    pub fn ask(self, question: String) {
        if question.trim().is_empty() || self.busy.with_untracked(Option::is_some) {
            return;
        }
        let turn = self.turn(question.clone(), js_sys::Date::now());
        self.shown.set(None);
        self.turns.update(|turns| turns.push(turn));
        self.busy.set(Some(turn));
        let request = AskRequest {
            question,
            thread_id: self.thread.get_untracked(),
            tz: Some(zone().iana().to_owned()),
            ..AskRequest::default()
        };
        spawn_local(async move {
            match call(move || api::start_ask(request.clone())).await {
                Ok(started) => self.follow(turn, started).await,
                Err(error) => {
                    turn.error.set(Some(error));
                    self.busy.set(None);
                }
            }
        });
    }

    /// Runs a plan or a template in this conversation, shown as `title`. An error comes back: the plan is still open.
    pub async fn run_plan(self, title: String, request: RunPlan) -> Result<(), ApiError> {
        let request = RunPlan { title: title.clone(), thread_id: self.thread.get_untracked(), ..request };
        let started = call(move || server::plans::run_plan(request.clone())).await?;
        self.begun(title, started);
        Ok(())
    }

    /// Shows a run that has begun elsewhere as the next turn.
    pub fn begun(self, title: String, started: AskStarted) {
        let turn = self.turn(title, js_sys::Date::now());
        self.proposed.set(None);
        self.shown.set(None);
        self.turns.update(|turns| turns.push(turn));
        self.busy.set(Some(turn));
        spawn_local(self.follow(turn, started));
    }

    /// Follows a run from its beginning to its answer.
    async fn follow(self, turn: TurnState, started: AskStarted) {
        turn.run.set(Some(started.run_id));
        let new = self.thread.with_untracked(Option::is_none);
        self.thread.set(Some(started.thread_id));
        if new {
            self.listed.update(|n| *n += 1);
        }
        self.listen(turn, started.run_id).await;
    }

    /// Asks the last question again, as a new turn.
    pub fn again(self, turn: TurnState) {
        self.ask(turn.question.get_value());
    }

    /// Stops the run at work.
    pub fn stop(self) {
        if let Some(run) = self.busy.get_untracked().and_then(|turn| turn.run.get_untracked()) {
            spawn_local(async move {
                // A run that has ended meanwhile cannot be stopped, and need not be.
                let _ = call(move || api::cancel_run(run)).await;
            });
        }
    }

    /// Listens to a run until its answer is there. A lost connection is taken up again by the browser itself, from the
    /// last number it saw; when it gives up, the answer is fetched.
    async fn listen(self, turn: TurnState, run: RunId) {
        let finished = stream(turn, run).await;
        if !finished {
            match call(move || api::get_answer(run)).await {
                Ok(answer) => settle(turn, answer),
                Err(error) => turn.error.set(Some(error)),
            }
        }
        self.busy.set(None);
        self.listed.update(|n| *n += 1);
    }
}

/// Reads the stream; true when the answer came.
async fn stream(turn: TurnState, run: RunId) -> bool {
    if fresh_session().await.is_err() {
        return false;
    }
    let Ok(mut source) = EventSource::new(&format!("/api/sse/runs/{run}")) else { return false };
    let Ok(mut messages) = source.subscribe("run") else { return false };
    while let Some(message) = messages.next().await {
        let Ok((_, message)) = message else {
            // The browser reconnects by itself unless it closed the source for good.
            if source.state() == gloo_net::eventsource::State::Closed {
                return false;
            }
            continue;
        };
        let Some(event) =
            message.data().as_string().and_then(|text| crate::api::json::read::<RunEvent>(&text).ok())
        else {
            continue;
        };
        match event {
            RunEvent::Started { .. } => {}
            RunEvent::Planned { plan } => turn.plan.set(Some(plan)),
            RunEvent::StepStarted { id } => {
                turn.steps.update(|steps| {
                    steps.entry(id).or_insert(StepState::Running(js_sys::Date::now()));
                });
            }
            RunEvent::StepFinished { step } => {
                turn.steps.update(|steps| {
                    steps.insert(step.id.clone(), StepState::Done(step));
                });
            }
            // The steps of a sub-plan tell the rest; the page of the run shows its tree.
            RunEvent::Expanded { .. } => {}
            RunEvent::ApprovalRequired { approval } => turn.waits.set(Some(*approval)),
            RunEvent::Resumed { .. } => turn.waits.set(None),
            // The tree stays that of what was asked; the page of the run shows the steps of the other way.
            RunEvent::Replanned { why, .. } => turn.changed.set(why),
            RunEvent::Finished { response } => {
                settle(turn, *response);
                source.close();
                return true;
            }
        }
    }
    false
}

fn settle(turn: TurnState, answer: AskResponse) {
    turn.waits.set(None);
    if let Some(plan) = &answer.plan {
        turn.plan.set(Some(plan.clone()));
    }
    turn.steps
        .set(answer.steps.iter().map(|step| (step.id.clone(), StepState::Done(step.clone()))).collect());
    turn.answer.set(Some(answer));
}
