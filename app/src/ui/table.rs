//! A plain table: for what fits on the page. Thousands of rows go into [`super::VirtualTable`].

use leptos::prelude::*;

/// A table with heads; give it `<tr>`. It scrolls sideways by itself.
#[component]
pub fn Table(
    /// What it lists, for a screen reader.
    #[prop(into)]
    label: Signal<String>,
    /// Heads in order: words, and whether the column is of numbers.
    #[prop(into)]
    heads: Signal<Vec<(String, bool)>>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="scroll table-scroll" tabindex="0" role="region" aria-label=move || label.get()>
            <table class="data-table">
                <thead>
                    <tr>
                        {move || {
                            heads
                                .get()
                                .into_iter()
                                .map(|(head, numeric)| {
                                    view! { <th scope="col" class=if numeric { "num" } else { "" }>{head}</th> }
                                })
                                .collect_view()
                        }}
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
