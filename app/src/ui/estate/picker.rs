//! Chooses a configuration item by typing: code or name, Korean input safe, arrows and Enter.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use model::cmdb::CiListQuery;

use super::{book::Book, text::tx};
use crate::{
    api,
    ui::{Icon, call, form::fresh_id, ic, remote},
};

/// A field that finds items while one types and gives the code of the chosen one.
#[component]
pub fn CiPicker(
    /// The chosen code, shown while nothing is typed.
    #[prop(into)]
    value: Signal<String>,
    /// What is chosen here.
    #[prop(into)]
    label: String,
    /// Shown while it is empty.
    #[prop(into)]
    placeholder: String,
    /// The catalogue, for names of kinds.
    #[prop(into)]
    book: Signal<Option<Book>>,
    /// An item was chosen.
    #[prop(into)]
    on_pick: Callback<String>,
    /// Takes the focus when it appears.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let typed = RwSignal::new(None::<String>);
    let asked = RwSignal::new(String::new());
    let at = RwSignal::new(0usize);
    let open = RwSignal::new(false);
    let id = StoredValue::new(fresh_id("pick"));
    let generation = StoredValue::new(0u32);
    let found = remote(move || {
        let text = asked.get();
        let wanted = open.get();
        async move {
            if !wanted {
                return Ok(Vec::new());
            }
            let query = CiListQuery { text, limit: 12, ..CiListQuery::default() };
            call(move || api::cmdb::list_cis(query.clone())).await.map(|page| page.items)
        }
    });
    let items = move || found.value.get().unwrap_or_default();
    let search = move |text: String| {
        typed.set(Some(text.clone()));
        open.set(true);
        at.set(0);
        let mine = generation.with_value(|n| n + 1);
        generation.set_value(mine);
        set_timeout(
            move || {
                if generation.try_get_value() == Some(mine) {
                    asked.try_set(text.trim().to_owned());
                }
            },
            std::time::Duration::from_millis(150),
        );
    };
    let pick = move |code: String| {
        open.set(false);
        typed.set(None);
        on_pick.run(code);
    };
    if autofocus {
        Effect::new(move || {
            if let Some(input) = input.get() {
                _ = input.focus();
            }
        });
    }
    let keys = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let count = found.value.with_untracked(|v| v.as_ref().map_or(0, Vec::len));
        match event.key().as_str() {
            "ArrowDown" => {
                open.set(true);
                at.update(|a| *a = (*a + 1).min(count.saturating_sub(1)));
            }
            "ArrowUp" => at.update(|a| *a = a.saturating_sub(1)),
            "Enter" => {
                // What was typed exactly wins over the row the list stands on while the search is on its way.
                let code = found.value.with_untracked(|v| {
                    v.as_ref().and_then(|v| v.get(at.get_untracked()).map(|c| c.code.clone()))
                });
                if let Some(code) = code.filter(|_| open.get_untracked()) {
                    pick(code);
                }
            }
            "Escape" if open.get_untracked() => {
                open.set(false);
                typed.set(None);
                event.stop_propagation();
            }
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <span class="picker">
            <label class="input">
                <span class="sr">{label.clone()}</span>
                <Icon glyph=ic::SEARCH class="s faint"/>
                <input
                    node_ref=input
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    spellcheck="false"
                    aria-autocomplete="list"
                    aria-expanded=move || open.get().to_string()
                    aria-controls=id.get_value()
                    aria-activedescendant=move || open.get().then(|| format!("{}-{}", id.get_value(), at.get()))
                    placeholder=placeholder
                    prop:value=move || typed.get().unwrap_or_else(|| value.get())
                    on:input:target=move |event| search(event.target().value())
                    on:focus=move |_| {
                        if let Some(input) = input.get_untracked() {
                            input.select();
                        }
                    }
                    on:blur=move |_| {
                        // A press on a row comes first (it takes no focus).
                        open.set(false);
                        typed.set(None);
                    }
                    on:click=move |_| {
                        asked.set(String::new());
                        open.set(true);
                    }
                    on:keydown=keys
                />
            </label>
            <ul class="menu picker-list" role="listbox" id=id.get_value() aria-label=label hidden=move || !open.get()>
                {move || {
                    let rows = items();
                    if rows.is_empty() && !found.loading.get() {
                        return view! { <li role="option" aria-selected="false" aria-disabled="true" class="faint small">{tx().picker_none()}</li> }.into_any();
                    }
                    rows.into_iter()
                        .enumerate()
                        .map(|(i, ci)| {
                            let code = ci.code.clone();
                            let kind = book.with(|b| b.as_ref().map_or_else(|| ci.kind.clone(), |b| b.kind(&ci.kind)));
                            view! {
                                <li
                                    role="option"
                                    id=format!("{}-{i}", id.get_value())
                                    aria-selected=move || (at.get() == i).to_string()
                                    on:pointerdown=move |event| event.prevent_default()
                                    on:click=move |_| pick(code.clone())
                                >
                                    <b class="nowrap">{ci.code}</b>
                                    <span class="cut grow soft">{ci.name}</span>
                                    <span class="small faint nowrap">{kind}</span>
                                </li>
                            }
                        })
                        .collect_view()
                        .into_any()
                }}
            </ul>
        </span>
    }
}
