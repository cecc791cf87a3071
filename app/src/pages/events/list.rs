//! The bars and the rows under them.

use leptos::{html, prelude::*};

use super::{Scene, columns, news::News, rows::Row};
use crate::{
    i18n::{date_time, t},
    ui::{
        Empty, ErrorState, Histogram, NoMatch, Skeleton, VirtualTable,
        chart::HistogramSpec,
        estate::{RangePicker, Span},
        ic,
        remote::StaleNote,
    },
};

/// The bars over the list; dragging over them narrows the time.
#[component]
pub fn Bars(scene: Scene) -> impl IntoView {
    let text = t().events;
    let spec = Memo::new(move |_| {
        let window = scene.window();
        let state = scene.state.get();
        scene.histogram.value.with(|h| {
            h.as_ref().map_or_else(
                || HistogramSpec { window, step: 3_600_000, ..HistogramSpec::default() },
                |h| scene.with_book(|b| columns::bars(h, window, b, &state)),
            )
        })
    });
    let span = Signal::derive(move || scene.state.with(|s| s.span.clone()));
    view! {
        <section class="hist" aria-label=text.histogram()>
            <div class="row">
                <RangePicker
                    span=span
                    end=Signal::derive(move || scene.state.with(|s| scene.with_book(|b| s.end(b))))
                    on_change=move |span: Span| scene.set_span(&span)
                />
                <span class="faint small wide-only">
                    {move || scene.histogram.value.with(|h| h.as_ref().map(|h| text.per_bar(&columns::step_words(h.step_s))))}
                    " · "
                    {text.drag_hint()}
                </span>
                <Show when=move || span.get() != Span::All>
                    <button type="button" class="btn ghost sm" on:click=move |_| scene.set_span(&Span::All)>{text.widen()}</button>
                </Show>
            </div>
            {move || scene.histogram.error.get().map(|e| view! { <p class="small up">{crate::i18n::l(&e.message)}</p> })}
            <Histogram
                spec=spec
                label=text.histogram()
                on_choose=move |(from, to): (i64, i64)| {
                    let at = |ms: i64| crate::ui::chart::moment(ms);
                    scene.set_span(&Span::Between(at(from), at(to)));
                }
            />
        </section>
    }
}

/// The rows, or why there are none.
#[component]
pub fn List(scene: Scene, narrow: Signal<bool>) -> impl IntoView {
    let text = t().events;
    let rows = scene.rows;
    let cols = Signal::derive(move || {
        let state = scene.state.get();
        scene.with_book(|b| columns::columns(b, &state, narrow.get()))
    });
    let total = Signal::derive(move || rows.rows.read().len() + usize::from(rows.more.get()));
    let host = NodeRef::<html::Div>::new();
    let none = move || {
        let state = scene.state.get();
        if state.narrowed() {
            let clear = Callback::new(move |()| {
                scene.address.push(|q| {
                    q.set("q", "");
                    q.set("ci", "");
                    q.set_conditions(&[]);
                });
            });
            return view! { <NoMatch on_clear=clear/> }.into_any();
        }
        let covers = scene.histogram.value.with(|h| h.as_ref().and_then(|h| h.covers));
        let hint = covers.map(|(a, b)| text.none_hint(&date_time(a), &date_time(b))).unwrap_or_default();
        view! {
            <Empty title=text.none_in_range() text=hint glyph=ic::RADIO_TOWER>
                <button type="button" class="btn" on:click=move |_| scene.set_span(&Span::All)>{text.widen()}</button>
            </Empty>
        }
        .into_any()
    };
    // What stays the same is not built anew: the list keeps its place while pages come in.
    let shape = Memo::new(move |_| (rows.ready.get(), rows.error.get(), rows.rows.with(Vec::is_empty)));
    view! {
        <div
            class="events-list"
            node_ref=host
            on:click=move |event| {
                use wasm_bindgen::JsCast;
                let row = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()).and_then(|e| e.closest("tbody tr[id]").ok().flatten());
                if row.is_some() {
                    scene.open.set(true);
                }
            }
        >
            <News scene/>
            {move || {
                rows.error.get().filter(|_| rows.ready.get()).map(|error| {
                    view! { <StaleNote error=error at=rows.at.get_untracked() retry=Callback::new(move |()| rows.restart())/> }
                })
            }}
            {move || match shape.get() {
                (false, Some(error), _) => view! { <ErrorState error=error on_retry=Callback::new(move |()| rows.restart())/> }.into_any(),
                (false, None, _) => view! { <Skeleton rows=12/> }.into_any(),
                (true, _, true) => none(),
                (true, _, false) => {
                    view! {
                        <VirtualTable
                            label=text.table()
                            columns=cols
                            total=total
                            row=move |index: usize| rows.rows.with(|r| r.get(index).cloned())
                            on_need=move |(_, to): (usize, usize)| rows.need(to)
                            on_open=move |_: Row| scene.open.set(true)
                            cursor=scene.cursor
                            two_lines=narrow
                        />
                    }
                        .into_any()
                }
            }}
        </div>
    }
}
