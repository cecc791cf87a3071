//! Parts of the long table: cells, heads, rows of two lines, and how Tab leaves.

use std::collections::BTreeSet;

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

use super::Col;
use crate::{
    i18n::t,
    ui::{Code, Icon, ic},
};

/// The cells of a row: built anew when the row or the columns change, not when other rows come in.
pub fn cells<R>(columns: Memo<Vec<Col<R>>>, row: Memo<Option<R>>) -> impl IntoView
where
    R: Clone + PartialEq + Send + Sync + 'static,
{
    move || match &*row.read() {
        Some(row) => columns
            .read()
            .iter()
            .map(|col| view! { <td class=if col.numeric { "num" } else { "" }>{(col.cell)(row)}</td> })
            .collect_view()
            .into_any(),
        None => (0..columns.read().len())
            .map(|_| view! { <td><i class="skeleton bar" aria-hidden="true"></i></td> })
            .collect_view()
            .into_any(),
    }
}

/// Tab inside of the rows goes on behind the table, with Shift to the table: otherwise each link on the way would scroll
/// and bring new ones.
pub fn leave(event: &ev::KeyboardEvent, grid: NodeRef<html::Table>, after: NodeRef<html::Span>) {
    let in_rows = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| element.closest("tbody").ok().flatten().is_some());
    if !in_rows {
        return;
    }
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    if event.shift_key() {
        if let Some(grid) = grid.get_untracked() {
            event.prevent_default();
            drop(grid.focus_with_options(&options));
        }
    } else if let Some(after) = after.get_untracked() {
        // The browser goes on from here.
        drop(after.focus_with_options(&options));
    }
}

/// What stands in a row of two lines: what it is, and under it what tells more.
#[component]
pub fn TwoLines(
    /// What it is.
    #[prop(into)]
    first: String,
    /// Where it leads; then it is a code, and its end is never cut off.
    #[prop(optional, into)]
    href: Option<String>,
    /// What tells more.
    children: Children,
) -> impl IntoView {
    let title = first.clone();
    let words = if href.is_some() { view! { <Code text=first/> }.into_any() } else { first.into_any() };
    let body = view! {
        <span class="line-1">{words}</span>
        <span class="line-2">{children()}</span>
    };
    match href {
        Some(href) => {
            view! { <a class="two-lines" href=href title=title tabindex="-1">{body}</a> }.into_any()
        }
        None => view! { <span class="two-lines" title=title>{body}</span> }.into_any(),
    }
}

/// The box that selects every row.
#[component]
pub fn SelectAll(selected: RwSignal<BTreeSet<usize>>, #[prop(into)] total: Signal<usize>) -> impl IntoView {
    view! {
        <input
            type="checkbox"
            class="check"
            aria-label=move || t().common.select_all()
            prop:checked=move || { total.get() > 0 && selected.read().len() == total.get() }
            prop:indeterminate=move || {
                let n = selected.read().len();
                n > 0 && n < total.get()
            }
            on:change=move |event| {
                let all = event_target_checked(&event);
                selected.set(if all { (0..total.get_untracked()).collect() } else { BTreeSet::new() });
            }
        />
    }
}

/// The head of a column.
#[component]
pub fn HeadCell(
    key: String,
    label: String,
    numeric: bool,
    sortable: bool,
    sort: Signal<String>,
    on_sort: Option<Callback<String>>,
) -> impl IntoView {
    let class = if numeric { "num" } else { "" };
    let Some(on_sort) = on_sort.filter(|_| sortable) else {
        return view! { <th scope="col" class=class>{label}</th> }.into_any();
    };
    let mine = key.clone();
    let direction = Memo::new(move |_| {
        let sort = sort.read();
        if *sort == mine {
            Some("ascending")
        } else if sort.strip_prefix('-') == Some(mine.as_str()) {
            Some("descending")
        } else {
            None
        }
    });
    view! {
        <th scope="col" class=class aria-sort=move || direction.get()>
            <button
                type="button"
                class="th-sort"
                on:click=move |_| {
                    on_sort
                        .run(match direction.get_untracked() {
                            Some("ascending") => format!("-{key}"),
                            _ => key.clone(),
                        })
                }
            >
                {label}
                {move || match direction.get() {
                    Some("ascending") => Some(view! { <Icon glyph=ic::ARROW_UP class="s" /> }),
                    Some(_) => Some(view! { <Icon glyph=ic::ARROW_DOWN class="s" /> }),
                    None => None,
                }}
            </button>
        </th>
    }
    .into_any()
}
