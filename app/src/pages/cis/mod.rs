//! The list of configuration items. Its state (search, conditions, order, columns) lives in the address.

mod bulk;
mod columns;
mod peek;
mod rows;
mod trend;
mod views;

use std::collections::{BTreeSet, HashMap};

use leptos::{html, prelude::*};
use leptos_router::hooks::use_navigate;
use model::cmdb::{CiListQuery, CiSummary};
use wasm_bindgen::JsCast;

use self::{bulk::Bulk, columns::ColumnChooser, peek::Peek, rows::Rows, views::Views};
use crate::{
    api,
    i18n::{t, time_ms},
    ui::{
        Crumb, Empty, ErrorState, LinkButton, NoMatch, PageKeys, SearchBox, Skeleton, VirtualTable,
        button::Kind,
        call,
        estate::{Address, Book, FilterBar, FilterField, base_field, use_book, use_narrow},
        ic, page_keys, remote,
        remote::StaleNote,
        set_crumbs,
    },
};

pub use columns::{ci_href, question_href};

/// Fields conditions on items may be made on: kind, code, name and those of the catalogue.
pub fn item_filters(book: &Book) -> Vec<FilterField> {
    let names: HashMap<String, String> =
        book.kinds.iter().map(|k| (k.key.clone(), book.kind(&k.key))).collect();
    let kinds = book.kinds.iter().map(|k| k.key.clone()).collect();
    let mut out = vec![FilterField::named(base_field("kind", kinds), book.field_label("kind"), names)];
    out.extend(book.fields.iter().map(FilterField::of));
    out.push(FilterField::named(base_field("code", Vec::new()), book.field_label("code"), HashMap::new()));
    out.push(FilterField::named(base_field("name", Vec::new()), book.field_label("name"), HashMap::new()));
    out
}

/// The list of configuration items.
#[component]
pub fn CisPage() -> impl IntoView {
    let text = t().cis;
    set_crumbs(vec![Crumb::here(text.title())]);
    let address = Address::of(|| "/cis".to_owned());
    let book = use_book();
    let query = Memo::new(move |_| {
        address.query.with(|q| CiListQuery {
            text: q.get("q").to_owned(),
            filter: q.conditions(),
            sort: q.get("sort").to_owned(),
            ..CiListQuery::default()
        })
    });
    let rows = Rows::of(query.into());
    let retry = Callback::new(move |()| {
        book.reload();
        rows.restart();
    });
    // What stays the same is not built anew: the list keeps its place while pages come in.
    let phase = Memo::new(move |_| {
        let failed = if rows.ready.get() { None } else { rows.error.get() };
        (book.value.get(), book.error.get().or(failed))
    });
    view! {
        <div class="list-page cis-page">
            <h1 class="sr">{text.title()}</h1>
            <Views path="/cis" store="views.cis" address=address all=rows.all total=rows.total>
                <LinkButton kind=Kind::Ghost href="/import" icon=ic::UPLOAD>{text.import()}</LinkButton>
                <LinkButton kind=Kind::Ghost href="/topology" icon=ic::NETWORK>{text.to_topology()}</LinkButton>
            </Views>
            {move || match phase.get() {
                (Some(book), None) => view! { <List address book rows query/> }.into_any(),
                (_, Some(error)) => view! { <ErrorState error=error on_retry=retry/> }.into_any(),
                (None, None) => view! { <Skeleton rows=14/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn List(address: Address, book: Book, rows: Rows, query: Memo<CiListQuery>) -> impl IntoView {
    let text = t().cis;
    let known = StoredValue::new(book.clone());
    let narrow = use_narrow();
    let trends = trend::Trends::new();
    let shown = Memo::new(move |_| {
        let wanted = address.query.with(|q| q.list("cols"));
        if wanted.is_empty() { known.with_value(columns::default_keys) } else { wanted }
    });
    let cols = Signal::derive(move || {
        known.with_value(|book| {
            let keys = if narrow.get() { columns::phone_keys(book) } else { shown.get() };
            columns::columns(book, &keys, trends)
        })
    });
    let fields = StoredValue::new(item_filters(&book));
    let asked = RwSignal::new(None::<String>);
    let counts = remote(move || {
        let field = asked.get();
        let mut query = query.get();
        async move {
            let Some(field) = field else { return Ok(Vec::new()) };
            // The values are counted as if the field itself were not narrowed, so that another can be chosen.
            query.filter.retain(|c| c.field != field);
            call(move || api::cmdb::ci_facets(query.clone(), vec![field.clone()]))
                .await
                .map(|facets| facets.into_iter().flat_map(|f| f.values).collect())
        }
    });
    let search = RwSignal::new(query.with_untracked(|q| q.text.clone()));
    Effect::new(move |before: Option<()>| {
        let typed = search.get();
        if before.is_some() {
            address.update(|q| q.set("q", typed));
        }
    });
    // Back and forward change the field too.
    Effect::new(move || {
        let asked = query.with(|q| q.text.clone());
        if search.get_untracked() != asked {
            search.set(asked);
        }
    });
    let cursor = RwSignal::new(0usize);
    // Rows are selected by their number, which means something else in another list.
    let selected = RwSignal::new(BTreeSet::<usize>::new());
    Effect::new(move |before: Option<()>| {
        query.track();
        if before.is_some() {
            cursor.set(0);
            selected.set(BTreeSet::new());
        }
    });
    let any = Memo::new(move |_| selected.with(|s| !s.is_empty()));
    let navigate = use_navigate();
    let open = Callback::new(move |ci: CiSummary| {
        navigate(&ci_href(&ci.code), leptos_router::NavigateOptions::default())
    });
    let peeking = RwSignal::new(false);
    let host = NodeRef::<html::Div>::new();
    let go = use_navigate();
    page_keys(PageKeys::default().on("T", text.in_topology(), move || {
        if let Some(ci) = untrack(|| rows.get(cursor.get())) {
            go(
                &format!("/topology?start={}", js_sys::encode_uri_component(&ci.code)),
                leptos_router::NavigateOptions::default(),
            );
        }
    }));
    // J and K work at once: the table takes the focus unless something else has it.
    let here = Memo::new(move |_| rows.ready.get() && rows.total.get() > 0);
    Effect::new(move || {
        if here.get() && host.get().is_some() {
            request_animation_frame(move || focus_grid(host));
        }
    });
    let clear = Callback::new(move |()| {
        address.push(|q| {
            q.set("q", "");
            q.set_conditions(&[]);
        });
    });
    let narrowed = move || query.with(|q| !q.text.is_empty() || !q.filter.is_empty());
    let shape = Memo::new(move |_| (rows.ready.get(), rows.total.get() == 0, narrowed()));
    let status = move || rows.at.get().map(|at| text.as_of(&time_ms(at)));
    view! {
        <div class="filter-bar">
            <SearchBox value=search label=text.search() placeholder=text.search_hint()/>
            <FilterBar
                fields=Signal::derive(move || fields.get_value())
                conditions=Signal::derive(move || query.with(|q| q.filter.clone()))
                on_change={move |conditions: Vec<model::Condition>| address.push(|q| q.set_conditions(&conditions))}
                asked=asked
                counts=Signal::derive(move || counts.value.get().unwrap_or_default())
            />
            <span class="grow"></span>
            <ColumnChooser
                book=book
                shown=shown
                on_change={move |keys: Vec<String>| address.update(|q| q.set("cols", keys.join(",")))}
            />
        </div>
        {move || {
            rows.error.get().filter(|_| rows.ready.get()).map(|error| {
                view! { <StaleNote error=error at=rows.at.get_untracked() retry=Callback::new(move |()| rows.restart())/> }
            })
        }}
        <div
            class="list-body"
            node_ref=host
            on:keydown=move |event| {
                if event.key() != "Escape" {
                    return;
                }
                if peeking.get_untracked() {
                    peeking.set(false);
                    focus_grid(host);
                } else if any.get_untracked() {
                    selected.set(BTreeSet::new());
                    focus_grid(host);
                }
            }
        >
            {move || match shape.get() {
                (false, ..) => view! { <Skeleton rows=14/> }.into_any(),
                (true, true, true) => view! { <NoMatch on_clear=clear/> }.into_any(),
                (true, true, false) => {
                    view! {
                        <Empty title=text.empty_title() text=text.empty_text() glyph=ic::NETWORK>
                            <LinkButton kind=Kind::Primary href="/import" icon=ic::UPLOAD>{text.empty_action()}</LinkButton>
                        </Empty>
                    }
                        .into_any()
                }
                (true, false, _) => {
                    view! {
                        <VirtualTable
                            label=text.table()
                            columns=cols
                            total=Signal::derive(move || usize::try_from(rows.total.get()).unwrap_or(usize::MAX))
                            row=move |index: usize| rows.get(index)
                            on_need=move |(from, to): (usize, usize)| rows.need(from, to)
                            sort=Signal::derive(move || query.with(|q| if q.sort.is_empty() { "code".to_owned() } else { q.sort.clone() }))
                            on_sort=move |sort: String| address.update(|q| q.set("sort", sort))
                            on_open=open
                            on_peek=move |_: CiSummary| peeking.update(|p| *p = !*p)
                            cursor=cursor
                            selected=selected
                            two_lines=narrow
                        />
                    }
                        .into_any()
                }
            }}
            {move || {
                any.get()
                    .then(|| {
                        view! {
                            <Bulk selected=selected rows=rows book=known.get_value() on_clear=move |()| {
                                selected.set(BTreeSet::new());
                                focus_grid(host);
                            }/>
                        }
                    })
            }}
            {move || {
                peeking
                    .get()
                    .then(|| rows.get(cursor.get()))
                    .flatten()
                    .map(|ci| {
                        view! {
                            <Peek ci=ci book=known.get_value() on_close=move |()| {
                                peeking.set(false);
                                focus_grid(host);
                            }/>
                        }
                    })
            }}
        </div>
        <footer class="list-foot">
            <span data-testid="cis-count">{move || text.count(rows.total.get(), rows.all.get())}</span>
            <span class="faint">{move || (rows.total.get() > 0).then(|| text.row_at(cursor.get() as u64 + 1))}</span>
            <span class="grow"></span>
            <span class="row wide-only"><kbd>"J"</kbd><kbd>"K"</kbd>{text.k_move()}</span>
            <span class="row wide-only"><kbd>"Enter"</kbd>{text.k_open()}</span>
            <span class="row wide-only"><kbd>"Space"</kbd>{text.k_peek()}</span>
            <span class="row wide-only"><kbd>"X"</kbd>{text.k_select()}</span>
            <span class="faint">{status}</span>
        </footer>
    }
}

/// Gives the table the focus when nothing else has it.
fn focus_grid(host: NodeRef<html::Div>) {
    let Some(Some(host)) = host.try_get_untracked() else { return };
    let free = document()
        .active_element()
        .is_none_or(|e| e.tag_name().eq_ignore_ascii_case("body") || host.contains(Some(&e)));
    if free
        && let Some(grid) = host
            .query_selector("[role=grid]")
            .ok()
            .flatten()
            .and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok())
    {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        drop(grid.focus_with_options(&options));
    }
}
