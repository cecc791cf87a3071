//! The command palette: one line that finds and does.

use leptos::{html, prelude::*};
use leptos_router::hooks::use_navigate;
use model::{
    chat::ThreadSummary,
    cmdb::{CiListQuery, CiSummary},
    perm::Role,
};

use super::{
    Frame,
    palette_items::{Act, Entry, Only, ask_address, entries, read},
};
use crate::{
    api,
    i18n::{duration_ms, sentence, t},
    ui::{Icon, Kbd, call, dialog::BareDialog, estate::use_book, ic, selection, session},
};

/// How long typing rests before the server is asked, in milliseconds.
const PAUSE_MS: u64 = 120;

/// The palette.
#[component]
pub fn Palette() -> impl IntoView {
    let frame = expect_context::<Frame>();
    view! {
        <BareDialog open=frame.palette label=t().shell.palette() class="palette">
            <Inside />
        </BareDialog>
    }
}

/// What the server found for which words.
#[derive(Clone, Default)]
struct Found {
    items: Vec<CiSummary>,
    threads: Vec<ThreadSummary>,
    total: u64,
    ms: f64,
    failed: Option<model::ApiError>,
}

#[component]
fn Inside() -> impl IntoView {
    let text = t().shell;
    let frame = expect_context::<Frame>();
    let navigate = use_navigate();
    let typed = RwSignal::new(String::new());
    let found = RwSignal::new(Found::default());
    let book = use_book();
    let at = RwSignal::new(0usize);
    let input = NodeRef::<html::Input>::new();
    let role = session::me().map_or(Role::Viewer, |me| me.role);
    Effect::new(move || {
        if let Some(input) = input.get() {
            _ = input.focus();
        }
    });
    let generation = StoredValue::new(0u32);
    Effect::new(move || {
        let words = read(&typed.read()).1.to_owned();
        let mine = generation.with_value(|n| n + 1);
        generation.set_value(mine);
        let current = move || generation.try_get_value() == Some(mine);
        set_timeout(
            move || {
                if !current() {
                    return;
                }
                leptos::task::spawn_local(async move {
                    let begun = js_sys::Date::now();
                    let query = CiListQuery { text: words.clone(), limit: 8, ..Default::default() };
                    let (items, threads) = futures::join!(
                        call(move || api::cmdb::list_cis(query.clone())),
                        call(move || api::chat::list_threads(words.clone()))
                    );
                    if current() {
                        let failed = items.as_ref().err().cloned();
                        let (items, total) = items.map(|page| (page.items, page.total)).unwrap_or_default();
                        let ms = js_sys::Date::now() - begun;
                        let threads = threads.unwrap_or_default();
                        found.try_set(Found { items, threads, total, ms, failed });
                    }
                });
            },
            std::time::Duration::from_millis(PAUSE_MS),
        );
    });
    let list = Memo::new_with_compare(
        move |_| {
            let found = found.read();
            let kind = |key: &str| {
                book.value.with(|book| book.as_ref().map_or_else(|| key.to_owned(), |b| b.kind(key)))
            };
            let chosen = selection();
            entries(&typed.read(), role, &found.items, &found.threads, chosen.as_ref(), kind)
        },
        |_, _| true,
    );
    Effect::new(move || {
        typed.track();
        at.set(0);
    });
    let go = {
        let navigate = navigate.clone();
        move |act: Act| {
            frame.palette.set(false);
            match act {
                Act::Go(to) => navigate(&to, Default::default()),
                Act::Do(action) => action.run(()),
            }
        }
    };
    let choose = go.clone();
    let keydown = move |event: leptos::ev::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let last = list.with_untracked(|list| list.len().saturating_sub(1));
        match event.key().as_str() {
            "ArrowDown" => at.update(|at| *at = if *at >= last { 0 } else { *at + 1 }),
            "ArrowUp" => at.update(|at| *at = at.checked_sub(1).unwrap_or(last)),
            "Enter" if event.ctrl_key() || event.meta_key() => {
                let words = read(&typed.get_untracked()).1.to_owned();
                if !words.is_empty() {
                    choose(Act::Go(ask_address(&words)));
                }
            }
            "Enter" => {
                let act =
                    list.with_untracked(|list| list.get(at.get_untracked()).map(|entry| entry.act.clone()));
                if let Some(act) = act {
                    choose(act);
                }
            }
            _ => return,
        }
        event.prevent_default();
        let id = format!("palette-{}", at.get_untracked());
        request_animation_frame(move || {
            if let Some(element) = document().get_element_by_id(&id) {
                element.scroll_into_view_with_bool(false);
            }
        });
    };
    view! {
        <div class="entry">
            <Icon glyph=ic::SEARCH class="l faint" />
            <input
                node_ref=input
                role="combobox"
                aria-label=text.palette_input()
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=move || (!list.read().is_empty()).then(|| format!("palette-{}", at.get()))
                placeholder=text.palette_input()
                autocomplete="off"
                spellcheck="false"
                prop:value=move || typed.get()
                on:input:target=move |event| typed.set(event.target().value())
                on:keydown=keydown
            />
            {move || selection().map(|chosen| view! { <span class="badge accent">{chosen.badge}</span> })}
            <kbd>"Esc"</kbd>
        </div>
        <div class="menu" id="palette-list" role="listbox" aria-label=text.palette_results()>
            {move || {
                let all = list.get();
                if all.is_empty() {
                    return view! { <p class="none" role="option" aria-selected="false" aria-disabled="true">{text.pal_none()}</p> }.into_any();
                }
                let words = read(&typed.get_untracked()).1.to_owned();
                let mut group = String::new();
                let mut out = Vec::with_capacity(all.len() * 2);
                for (i, entry) in all.into_iter().enumerate() {
                    if entry.group != group {
                        group.clone_from(&entry.group);
                        out.push(view! { <h3 role="presentation">{group.clone()}</h3> }.into_any());
                    }
                    let act = entry.act.clone();
                    let go = go.clone();
                    out.push(
                        view! { <Row entry=entry index=i at=at words=words.clone() on_choose=move || go(act.clone()) /> }
                            .into_any(),
                    );
                }
                // Without the server there are still screens and commands: say why there is nothing else.
                out.extend(found.read().failed.as_ref().map(|error| {
                    view! { <p class="none" role="option" aria-selected="false" aria-disabled="true">{sentence(&error.message)}</p> }.into_any()
                }));
                out.into_any()
            }}
        </div>
        <div class="foot">
            <span><Kbd key="↑" /><Kbd key="↓" />{text.pal_choose()}</span>
            <span><Kbd key=">" />{text.pal_command()}</span>
            <span><Kbd key="@" />{text.pal_item()}</span>
            <span><Kbd key="?" />{text.pal_question()}</span>
            <span class="faint">
                {move || {
                    let found = found.read();
                    let some = matches!(read(&typed.read()), (Only::All | Only::Items, words) if !words.is_empty());
                    (some && found.ms > 0.0).then(|| text.pal_found(found.total, &duration_ms(found.ms)))
                }}
            </span>
        </div>
    }
    .into_any()
}

#[component]
fn Row(
    entry: Entry,
    index: usize,
    at: RwSignal<usize>,
    words: String,
    #[prop(into)] on_choose: UnsyncCallback<()>,
) -> impl IntoView {
    let (before, hit, after) = split(&entry.label, &words);
    view! {
        <div
            role="option"
            id=format!("palette-{index}")
            class="pal-row"
            aria-selected=move || (at.get() == index).to_string()
            on:pointermove=move |_| {
                if at.get_untracked() != index {
                    at.set(index);
                }
            }
            on:click=move |_| on_choose.run(())
        >
            <Icon glyph=entry.glyph class="faint" />
            <span class="cut grow">
                {before} {(!hit.is_empty()).then(|| view! { <mark>{hit}</mark> })} {after}
                {(!entry.note.is_empty()).then(|| view! { <em>{entry.note}</em> })}
            </span>
            {(!entry.kbd.is_empty()).then(|| view! { <kbd>{entry.kbd}</kbd> })}
        </div>
    }
    .into_any()
}

/// The first place of `words` in `label`, ignoring case: before, it, after.
fn split(label: &str, words: &str) -> (String, String, String) {
    let lower = label.to_lowercase();
    let found = (!words.is_empty() && lower.len() == label.len())
        .then(|| lower.find(&words.to_lowercase()))
        .flatten();
    match found.and_then(|from| {
        let to = from + words.len();
        Some((label.get(..from)?, label.get(from..to)?, label.get(to..)?))
    }) {
        Some((before, hit, after)) => (before.to_owned(), hit.to_owned(), after.to_owned()),
        None => (label.to_owned(), String::new(), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn the_place_found_is_marked_whatever_its_case() {
        assert_eq!(split("DB-pay-01", "db-p"), (String::new(), "DB-p".into(), "ay-01".into()));
        assert_eq!(split("결제 주 DB", "주"), ("결제 ".into(), "주".into(), " DB".into()));
        assert_eq!(split("결제", "x"), ("결제".into(), String::new(), String::new()));
    }
}
