//! A table of any length: only the rows in view exist. Rows may come in pages; those not there yet are shown as
//! skeletons and asked for. Keys: `J K` or arrows move, Enter opens, Space peeks, `X` selects, `Shift X` selects up to
//! here, Home, End, Page. Tab leaves the rows at once: there may be thousands of them.

mod parts;

use std::{collections::BTreeSet, sync::Arc};

use leptos::{ev, html, prelude::*};

pub use self::parts::TwoLines;
use self::parts::{HeadCell, SelectAll, cells, leave};
use super::prefs;
use crate::i18n::t;

type Cell<R> = Arc<dyn Fn(&R) -> AnyView + Send + Sync>;

/// A column.
pub struct Col<R: 'static> {
    /// Its key: what `sort` names.
    pub key: String,
    /// Its head.
    pub label: String,
    /// Its width in pixels; 0 shares what is left, and is never less than [`LEAST`].
    pub width: u32,
    /// Numbers: set to the right.
    pub numeric: bool,
    /// Can be sorted by.
    pub sortable: bool,
    cell: Cell<R>,
}

impl<R: 'static> Clone for Col<R> {
    fn clone(&self) -> Self {
        Self {
            key: self.key.clone(),
            label: self.label.clone(),
            width: self.width,
            numeric: self.numeric,
            sortable: self.sortable,
            cell: Arc::clone(&self.cell),
        }
    }
}

impl<R: 'static> Col<R> {
    /// A column of a width in pixels (0 shares what is left).
    pub fn new<V: IntoView + 'static>(
        key: impl Into<String>,
        label: impl Into<String>,
        width: u32,
        cell: impl Fn(&R) -> V + Send + Sync + 'static,
    ) -> Self {
        let cell: Cell<R> = Arc::new(move |row| cell(row).into_any());
        Self { key: key.into(), label: label.into(), width, numeric: false, sortable: false, cell }
    }

    /// Numbers: set to the right.
    #[must_use]
    pub fn num(mut self) -> Self {
        self.numeric = true;
        self
    }

    /// Can be sorted by.
    #[must_use]
    pub fn sort(mut self) -> Self {
        self.sortable = true;
        self
    }
}

/// Rows above and below the view that exist as well.
const MARGIN: usize = 12;
/// Height of the head in pixels.
const HEAD: f64 = 30.0;
/// Least width of a column that shares what is left, in pixels.
const LEAST: u32 = 112;
/// Width of the boxes, in pixels.
const BOXES: u32 = 44;
/// Height of a row of two lines, in pixels; the class `two-line` says the same.
const TWO_LINES: f64 = 52.0;

/// The table. `row(i)` gives a row or nothing while it is not there; it may read signals. `on_need(from, to)` asks for rows.
#[component]
pub fn VirtualTable<R>(
    /// What it lists.
    #[prop(into)]
    label: Signal<String>,
    /// The columns.
    #[prop(into)]
    columns: Signal<Vec<Col<R>>>,
    /// Number of rows.
    #[prop(into)]
    total: Signal<usize>,
    /// A row.
    #[prop(into)]
    row: Callback<usize, Option<R>>,
    /// Asks for rows `from .. to`.
    #[prop(optional, into)]
    on_need: Option<Callback<(usize, usize)>>,
    /// Field sorted by, `-` before it for downwards.
    #[prop(optional, into)]
    sort: Signal<String>,
    /// Called with the new order.
    #[prop(optional, into)]
    on_sort: Option<Callback<String>>,
    /// Opens a row.
    #[prop(optional, into)]
    on_open: Option<Callback<R>>,
    /// Peeks at a row; without it Space opens.
    #[prop(optional, into)]
    on_peek: Option<Callback<R>>,
    /// The rows selected, by number; gives a first column of boxes.
    #[prop(optional, into)]
    selected: Option<RwSignal<BTreeSet<usize>>>,
    /// The row the keys are at.
    #[prop(default = RwSignal::new(0))]
    cursor: RwSignal<usize>,
    /// Rows of two lines, for a phone: see [`TwoLines`].
    #[prop(optional, into)]
    two_lines: Signal<bool>,
) -> impl IntoView
where
    R: Clone + PartialEq + Send + Sync + 'static,
{
    let scroller = NodeRef::<html::Div>::new();
    let view = RwSignal::new((0.0_f64, 720.0_f64)); // offset and height
    // Each row reads them: worked out once, not once a row.
    let columns = Memo::new_with_compare(move |_| columns.get(), |_, _| true);
    let grid = NodeRef::<html::Table>::new();
    let after = NodeRef::<html::Span>::new();
    let height = Memo::new(move |_| match (two_lines.get(), prefs::prefs().roomy.get()) {
        (true, _) => TWO_LINES,
        (false, true) => 40.0,
        (false, false) => 32.0,
    });
    let window_rows = Memo::new(move |_| {
        let ((top, tall), height, total) = (view.get(), height.get(), total.get());
        let first = (top / height) as usize;
        let from = first.saturating_sub(MARGIN).min(total);
        let to = (first + (tall / height) as usize + 1 + MARGIN).min(total);
        (from, to)
    });
    if let Some(need) = on_need {
        Effect::new(move || {
            let (from, to) = window_rows.get();
            if to > from {
                need.run((from, to));
            }
        });
    }
    let measure = move || {
        // a frame later the table may be gone
        if let Some(Some(element)) = scroller.try_get_untracked() {
            let now = (f64::from(element.scroll_top()), f64::from(element.client_height()));
            if view.try_get_untracked().is_some_and(|before| before != now) {
                view.set(now);
            }
        }
    };
    Effect::new(move || {
        if scroller.get().is_some() {
            request_animation_frame(measure);
        }
    });
    let resized = window_event_listener(ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    let reveal = move |index: usize| {
        let Some(element) = scroller.get_untracked() else { return };
        let (height, tall) = (height.get_untracked(), f64::from(element.client_height()) - HEAD);
        let top = index as f64 * height;
        let at = f64::from(element.scroll_top());
        if top < at {
            element.set_scroll_top(top as i32);
        } else if top + height > at + tall {
            element.set_scroll_top((top + height - tall).ceil() as i32);
        }
    };
    // The row selected last: where `up to here` begins.
    let anchor = StoredValue::new(0usize);
    let shift = StoredValue::new(false);
    let toggle = move |index: usize, up_to_here: bool| {
        let Some(selected) = selected else { return };
        let from = anchor.get_value().min(total.get_untracked().saturating_sub(1));
        selected.update(|rows| {
            if up_to_here {
                rows.extend(from.min(index)..=from.max(index));
            } else if !rows.remove(&index) {
                rows.insert(index);
            }
        });
        anchor.set_value(index);
    };
    let keydown = move |event: ev::KeyboardEvent| {
        if event.key() == "Tab" {
            leave(&event, grid, after);
            return;
        }
        if event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || event.is_composing()
            || super::form::is_typing(event.target())
        {
            return;
        }
        let (here, last) = (cursor.get_untracked(), total.get_untracked().saturating_sub(1));
        let page = (view.get_untracked().1 / height.get_untracked()) as usize;
        let to = match event.key().as_str() {
            "ArrowDown" | "j" | "J" => here + 1,
            "ArrowUp" | "k" | "K" => here.saturating_sub(1),
            "PageDown" => here + page,
            "PageUp" => here.saturating_sub(page),
            "Home" => 0,
            "End" => last,
            key @ ("Enter" | " ") => {
                let action = if key == " " { on_peek.or(on_open) } else { on_open };
                if let (Some(action), Some(row)) = (action, untrack(|| row.run(here))) {
                    event.prevent_default();
                    event.stop_propagation();
                    action.run(row);
                }
                return;
            }
            "x" | "X" if selected.is_some() => {
                event.prevent_default();
                event.stop_propagation();
                toggle(here, event.shift_key());
                return;
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        cursor.set(to.min(last));
        reveal(to.min(last));
    };
    let id = super::form::fresh_id("rows");
    let active = {
        let id = id.clone();
        move || (total.get() > 0).then(|| format!("{id}-{}", cursor.get()))
    };
    let span = move || columns.read().len() + usize::from(selected.is_some());
    // Narrower than this the table scrolls sideways instead of squeezing its columns to nothing.
    let least = move || {
        let columns: u32 =
            columns.read().iter().map(|col| if col.width == 0 { LEAST } else { col.width }).sum();
        format!("{}px", columns + if selected.is_some() { BOXES } else { 0 })
    };
    view! {
        <div class="scroll virtual" node_ref=scroller on:scroll=move |_| measure()>
            <table
                node_ref=grid
                class=move || if two_lines.get() { "data-table sized two-line" } else { "data-table sized" }
                style=move || format!("--least:{}", least())
                role="grid"
                tabindex="0"
                aria-label=move || label.get()
                aria-rowcount=move || total.get() + 1
                aria-activedescendant=active
                on:keydown=keydown
            >
                <colgroup>
                    {selected.map(|_| view! { <col class="col-check" /> })}
                    {move || {
                        columns
                            .get()
                            .into_iter()
                            .map(|col| {
                                view! { <col style:width=(col.width > 0).then(|| format!("{}px", col.width)) /> }
                            })
                            .collect_view()
                    }}
                </colgroup>
                <thead>
                    <tr aria-rowindex="1">
                        {selected
                            .map(|selected| view! { <th scope="col"><SelectAll selected=selected total=total /></th> })}
                        {move || {
                            columns
                                .get()
                                .into_iter()
                                .map(|col| view! { <HeadCell key=col.key label=col.label numeric=col.numeric sortable=col.sortable sort=sort on_sort=on_sort /> })
                                .collect_view()
                        }}
                    </tr>
                </thead>
                <tbody>
                    <tr class="gap" aria-hidden="true" style:height=move || format!("{}px", window_rows.get().0 as f64 * height.get())>
                        <td colspan=span></td>
                    </tr>
                    <For
                        each=move || {
                            let (from, to) = window_rows.get();
                            from..to
                        }
                        key=|index| *index
                        let:index
                    >
                        <tr
                            id=format!("{id}-{index}")
                            aria-rowindex=index + 2
                            class=move || if cursor.get() == index { "cursor" } else { "" }
                            aria-selected=move || {
                                selected.map(|selected| selected.read().contains(&index).to_string())
                            }
                            on:click=move |_| cursor.set(index)
                            on:dblclick=move |_| {
                                if let (Some(open), Some(row)) = (on_open, untrack(|| row.run(index))) {
                                    open.run(row);
                                }
                            }
                        >
                            {selected
                                .map(|selected| {
                                    view! {
                                        <td>
                                            <input
                                                type="checkbox"
                                                class="check"
                                                tabindex="-1"
                                                aria-label=move || format!("{} {}", t().shell.k_select(), index + 1)
                                                prop:checked=move || selected.read().contains(&index)
                                                on:click=move |event| shift.set_value(event.shift_key())
                                                on:change=move |_| toggle(index, shift.get_value())
                                            />
                                        </td>
                                    }
                                })}
                            {cells(columns, Memo::new(move |_| row.run(index)))}
                        </tr>
                    </For>
                    <tr
                        class="gap"
                        aria-hidden="true"
                        style:height=move || {
                            format!("{}px", total.get().saturating_sub(window_rows.get().1) as f64 * height.get())
                        }
                    >
                        <td colspan=span></td>
                    </tr>
                </tbody>
            </table>
            <span class="sr" tabindex="-1" node_ref=after></span>
        </div>
    }
}
