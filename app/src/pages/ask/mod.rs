//! Questions and answers: the home page and every conversation.

mod blocks;
mod composer;
mod evidence;
mod home;
mod hypotheses;
mod plan_tree;
mod proposal;
mod rich_text;
mod saves;
mod state;
mod table;
mod talk;
mod templates;
mod threads;
mod wording;

pub use blocks::show as show_value;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use model::ThreadId;
use wasm_bindgen_futures::spawn_local;

use self::state::AskState;
use crate::{
    api::chat as api,
    i18n::t,
    pages::parts,
    ui::{
        Crumb, ErrorState, Icon, call,
        dialog::focus_id,
        ic,
        session::{Session, use_session},
        set_crumbs,
    },
};

/// Keeps the conversation for as long as the program runs, over changes of page and language, and forgets it when the
/// person signs out. Called once, above all pages.
pub fn keep_conversation() {
    let state = AskState::new();
    provide_context(state);
    let session = use_session();
    Effect::new(move || {
        if session.with(|session| *session == Session::Out) {
            state.clear();
            state.draft.set(String::new());
        }
    });
}

/// Takes what the address brings: `/?q=…` is put into the field, `/?ask=…` is asked at once.
fn take_question(state: AskState) {
    let query = use_query_map();
    let navigate = use_navigate();
    Effect::new(move || {
        let (draft, question) = query.with(|query| (query.get("q"), query.get("ask")));
        if let Some(question) = question.filter(|text| !text.trim().is_empty()) {
            // outside of this effect: what a turn holds must outlive it
            request_animation_frame(move || {
                if state.busy.with_untracked(Option::is_none) {
                    state.clear();
                    state.send(question);
                }
            });
        } else if let Some(draft) = draft {
            state.draft.set(draft);
            request_animation_frame(|| focus_id("question"));
        } else {
            return;
        }
        navigate("/", leptos_router::NavigateOptions { replace: true, ..Default::default() });
    });
}

/// The page of `/` and `/threads/:id`. What is typed and what is being answered live in the frame, so that they are
/// still there after a look at another page.
#[component]
pub fn AskPage() -> impl IntoView {
    let state = use_context::<AskState>().unwrap_or_else(|| {
        let state = AskState::new();
        provide_context(state);
        state
    });
    let params = use_params_map();
    let error = RwSignal::new(None);
    let wanted =
        Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| id.parse::<ThreadId>().ok()));
    let load = move |id: ThreadId| {
        spawn_local(async move {
            match call(move || api::get_thread(id)).await {
                Ok(thread) => {
                    error.set(None);
                    state.show(thread);
                }
                Err(found) => error.set(Some(found)),
            }
        });
    };
    Effect::new(move || match wanted.get() {
        Some(id) if state.thread.get_untracked() != Some(id) => load(id),
        Some(_) => {}
        None => {
            error.set(None);
            if state.busy.with_untracked(Option::is_none) {
                state.clear();
            }
        }
    });
    // A new conversation gets its address as soon as it has one, without leaving the page.
    let navigate = use_navigate();
    Effect::new(move || {
        if let Some(id) = state.thread.get()
            && wanted.get_untracked() != Some(id)
            && state.busy.with_untracked(Option::is_some)
        {
            navigate(
                &format!("/threads/{id}"),
                leptos_router::NavigateOptions { replace: true, scroll: false, ..Default::default() },
            );
        }
    });
    Effect::new(move || {
        let title = state.title.get();
        let here = if state.turns.with(Vec::is_empty) {
            t().ask.new_question().to_owned()
        } else if title.is_empty() {
            t().ask.title().to_owned()
        } else {
            title
        };
        set_crumbs(vec![Crumb::link(t().ask.title(), "/"), Crumb::here(here)]);
    });
    take_question(state);
    let drawer = RwSignal::new(false);
    let empty = Memo::new(move |_| state.turns.with(Vec::is_empty) && state.proposed.with(Option::is_none));
    evidence::reveal_asked(state);
    view! {
        <div class="ask page flush" class:home-mode=empty class:drawer-open=move || drawer.get()>
            <h1 class="sr">{move || if state.title.with(String::is_empty) { t().ask.title().to_owned() } else { state.title.get() }}</h1>
            <button class="btn ghost icon threads-open" aria-label=t().ask.open_threads() aria-expanded=move || drawer.get().to_string()
                on:click=move |_| drawer.update(|open| *open = !*open)><Icon glyph=ic::MENU/></button>
            <threads::Threads state/>
            {move || match error.get() {
                Some(found) => view! { <section class="talk"><div class="flow"><ErrorState error=found on_retry=move |()| { if let Some(id) = wanted.get_untracked() { load(id) } }/></div></section> }.into_any(),
                None if empty.get() => view! { <home::Home state/> }.into_any(),
                None => parts::CONVERSATION.view(),
            }}
        </div>
    }
}

/// Questions with their answers, and what a mark in an answer shows. It comes when there is a question.
#[component]
pub fn Conversation() -> impl IntoView {
    wording::provide_book();
    use_context::<AskState>().map(|state| view! { <talk::Talk state/><evidence::Canvas state/> })
}
