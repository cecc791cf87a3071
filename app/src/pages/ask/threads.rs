//! The list of conversations: searched, grouped by day, renamed, removed.

use leptos::prelude::*;
use model::{ThreadId, chat::ThreadSummary};
use wasm_bindgen_futures::spawn_local;

use super::state::AskState;
use crate::{
    api::chat as api,
    i18n::{self, number, t},
    ui::{Button, Dialog, Icon, IconButton, Size, call, ic, remote, toast_error, toast_undo},
};

/// The conversations of the person, newest first.
#[component]
pub fn Threads(state: AskState) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let list = remote(move || {
        state.listed.track();
        let text = search.get();
        call(move || api::list_threads(text.clone()))
    });
    // A new conversation is titled by the server.
    Effect::new(move || {
        list.value.with(|threads| {
            let open = state.thread.get();
            if let Some(thread) = threads.iter().flatten().find(|thread| Some(thread.id) == open) {
                state.title.set(thread.title.clone());
            }
        });
    });
    let renaming = RwSignal::new(None::<ThreadSummary>);
    let a = t().ask;
    view! {
        <aside class="threads" aria-label=a.threads()>
            <div class="top">
                <label class="input">
                    <span class="sr">{a.thread_search()}</span>
                    <Icon glyph=ic::SEARCH class="s"/>
                    <input type="search" placeholder=a.thread_search() data-testid="thread-search"
                        on:input:target=move |ev| search.set(ev.target().value())/>
                </label>
                <a class="btn icon" href="/" aria-label=a.new_question() title=a.new_question() on:click=move |_| state.clear()>
                    <Icon glyph=ic::PLUS/>
                </a>
            </div>
            <div class="scroll">
                {move || match (list.value.get(), list.error.get()) {
                    (None, None) => ().into_any(),
                    (None, Some(error)) => view! { <p class="small faint pad">{i18n::l(&error.message)}</p> }.into_any(),
                    (Some(threads), _) if threads.is_empty() => {
                        let text = if search.with(String::is_empty) { a.no_threads() } else { a.no_threads_match() };
                        view! { <p class="small faint pad">{text}</p> }.into_any()
                    }
                    (Some(threads), _) => groups(threads)
                        .into_iter()
                        .map(|(day, threads)| view! {
                            <h3>{day}</h3>
                            {threads.into_iter().map(|thread| view! { <Row state thread renaming/> }).collect_view()}
                        })
                        .collect_view()
                        .into_any(),
                }}
            </div>
            <Rename state renaming/>
        </aside>
    }
}

/// Threads under the heading of their day.
fn groups(threads: Vec<ThreadSummary>) -> Vec<(&'static str, Vec<ThreadSummary>)> {
    let a = t().ask;
    let now = i18n::format::now();
    let ago = |days: i64| i18n::date(now - chrono::Duration::days(days));
    let (today, yesterday, week) = (ago(0), ago(1), ago(7));
    let heading = |day: String| {
        if day >= today {
            a.today()
        } else if day == yesterday {
            a.yesterday()
        } else if day >= week {
            a.last_week()
        } else {
            a.older()
        }
    };
    let mut groups: Vec<(&'static str, Vec<ThreadSummary>)> = Vec::new();
    for thread in threads {
        let name = heading(i18n::date(thread.updated_at));
        match groups.last_mut() {
            Some((last, list)) if *last == name => list.push(thread),
            _ => groups.push((name, vec![thread])),
        }
    }
    groups
}

#[component]
fn Row(state: AskState, thread: ThreadSummary, renaming: RwSignal<Option<ThreadSummary>>) -> impl IntoView {
    let a = t().ask;
    let id = thread.id;
    let title = thread.title.clone();
    let today = i18n::date(thread.updated_at) == i18n::date(i18n::format::now());
    let when = if today { i18n::time(thread.updated_at) } else { i18n::day(thread.updated_at) };
    let mut note = vec![when, a.questions(u64::from(thread.questions))];
    note.extend(thread.blocks.iter().map(|(name, n)| format!("{} {}", block_name(name), number(*n))));
    let current = move || (state.thread.get() == Some(id)).then_some("true");
    let to_rename = thread.clone();
    view! {
        <div class="thread" aria-current=current>
            <a class="grow" href=format!("/threads/{id}") data-testid="thread">
                <span class="cut t">{title.clone()}</span>
                <span class="faint small m cut">{note.join(" · ")}</span>
            </a>
            <span class="thread-tools">
                <IconButton glyph=ic::PENCIL label=format!("{}: {}", a.rename(), title) size=Size::Small
                    on_click=move |_| renaming.set(Some(to_rename.clone()))/>
                <IconButton glyph=ic::TRASH_2 label=format!("{}: {}", a.remove(), title) size=Size::Small
                    on_click=move |_| remove(state, id)/>
            </span>
        </div>
    }
}

fn block_name(name: &str) -> &'static str {
    let c = t().ask;
    match (name, t().lang) {
        ("table", model::Lang::Ko) => "표",
        ("table", model::Lang::En) => "table",
        ("chart", model::Lang::Ko) => "차트",
        ("chart", model::Lang::En) => "chart",
        ("topology", model::Lang::Ko) => "토폴로지",
        ("topology", model::Lang::En) => "topology",
        ("timeline", model::Lang::Ko) => "타임라인",
        ("timeline", model::Lang::En) => "timeline",
        ("number", model::Lang::Ko) => "수치",
        ("number", model::Lang::En) => "number",
        ("hypotheses", model::Lang::Ko) => "가설",
        ("hypotheses", model::Lang::En) => "hypotheses",
        _ => c.title(),
    }
}

/// Removes a conversation; the toast brings it back.
fn remove(state: AskState, id: ThreadId) {
    spawn_local(async move {
        match call(move || api::remove_thread(id)).await {
            Ok(()) => {
                if state.thread.get_untracked() == Some(id) {
                    state.clear();
                }
                state.listed.update(|n| *n += 1);
                toast_undo(t().ask.removed(), move || {
                    spawn_local(async move {
                        if let Err(error) = call(move || api::restore_thread(id)).await {
                            toast_error(&error);
                        }
                        state.listed.update(|n| *n += 1);
                    });
                });
            }
            Err(error) => toast_error(&error),
        }
    });
}

#[component]
fn Rename(state: AskState, renaming: RwSignal<Option<ThreadSummary>>) -> impl IntoView {
    let a = t().ask;
    let title = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    Effect::new(move || {
        if let Some(thread) = renaming.get() {
            title.set(thread.title);
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            renaming.set(None);
        }
    });
    let save = move || {
        let Some(thread) = renaming.get_untracked() else { return };
        let text = title.get_untracked();
        spawn_local(async move {
            let title = text.clone();
            match call(move || api::rename_thread(thread.id, title.clone())).await {
                Ok(()) => {
                    if state.thread.get_untracked() == Some(thread.id) {
                        state.title.set(text);
                    }
                    state.listed.update(|n| *n += 1);
                    open.set(false);
                }
                Err(error) => toast_error(&error),
            }
        });
    };
    view! {
        <Dialog open title=a.rename()>
            <form class="stack dialog-body" on:submit=move |ev| { ev.prevent_default(); save(); }>
                <div class="field">
                    <label for="thread-title">{a.rename_label()}</label>
                    <input id="thread-title" class="input lg" maxlength="120" required prop:value=move || title.get()
                        on:input:target=move |ev| title.set(ev.target().value())/>
                </div>
                <div class="row end">
                    <Button on_click=move |_| open.set(false)>{t().common.cancel()}</Button>
                    <button type="submit" class="btn primary">{t().common.save()}</button>
                </div>
            </form>
        </Dialog>
    }
}
