//! The frame around every chart: the same as a table at one press, and a word where there is nothing to draw.

use leptos::prelude::*;

use super::text::tx;
use crate::ui::{Icon, ic};

/// Rows shown of the table behind a chart.
const MOST_ROWS: usize = 500;

/// What a chart says, as a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableData {
    /// Heads of the columns; the first column names the row.
    pub head: Vec<String>,
    /// Rows.
    pub body: Vec<Vec<String>>,
}

/// A chart with its table.
#[component]
pub fn ChartFrame(
    /// The table.
    #[prop(into)]
    table: Signal<TableData>,
    /// Whether there is nothing to draw.
    #[prop(into)]
    empty: Signal<bool>,
    children: ChildrenFn,
) -> impl IntoView {
    let as_table = RwSignal::new(false);
    let children = StoredValue::new(children);
    view! {
        <div class="chart-frame">
            <Show when=move || !empty.get() fallback=move || view! { <p class="chart-none small faint">{tx().no_points()}</p> }>
                <button
                    type="button"
                    class="btn ghost sm icon chart-toggle"
                    aria-pressed=move || as_table.get().to_string()
                    aria-label=move || if as_table.get() { tx().as_picture() } else { tx().as_table() }
                    title=move || if as_table.get() { tx().as_picture() } else { tx().as_table() }
                    on:click=move |_| as_table.update(|on| *on = !*on)
                >
                    {move || if as_table.get() { view! { <Icon glyph=ic::CHART_LINE class="s"/> } } else { view! { <Icon glyph=ic::TABLE_2 class="s"/> } }}
                </button>
                <Show when=move || as_table.get() fallback=move || children.read_value()()>
                    <DataRows table/>
                </Show>
            </Show>
        </div>
    }
}

#[component]
fn DataRows(table: Signal<TableData>) -> impl IntoView {
    move || {
        let data = table.get();
        let rest = data.body.len().saturating_sub(MOST_ROWS);
        view! {
            <div class="scroll chart-table" tabindex="0" role="region" aria-label=tx().as_table()>
                <table class="data-table">
                    <thead>
                        <tr>
                            {data.head.iter().enumerate().map(|(i, h)| view! { <th scope="col" class=if i == 0 { "" } else { "num" }>{h.clone()}</th> }).collect_view()}
                        </tr>
                    </thead>
                    <tbody>
                        {data
                            .body
                            .iter()
                            .take(MOST_ROWS)
                            .map(|row| {
                                view! {
                                    <tr>
                                        {row.iter().enumerate().map(|(i, cell)| view! { <td class=if i == 0 { "" } else { "num" }>{cell.clone()}</td> }).collect_view()}
                                    </tr>
                                }
                            })
                            .collect_view()}
                    </tbody>
                </table>
                {(rest > 0).then(|| view! { <p class="small faint chart-rest">{tx().rest(rest as u64)}</p> })}
            </div>
        }
    }
}
