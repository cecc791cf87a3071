//! Events and every other kind of record: bars over time, repeats in one row, the chosen record beside them.

mod columns;
mod inspector;
mod list;
mod news;
mod rows;
mod state;

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::records::{RecordHistogram, RecordQuery};

use self::{
    inspector::{Inspector, ask_href},
    list::{Bars, List},
    rows::{Row, Rows},
    state::{ALL, State, chosen, toggle},
};
use crate::{
    api,
    i18n::{format::now, number, t, time_ms},
    ui::{
        Chip, Crumb, Empty, ErrorState, FilterChip, LinkButton, PageKeys, Popover, Remote, SearchBox,
        Skeleton,
        button::Kind,
        call,
        estate::{Address, Book, CiPicker, FilterBar, FilterField, Span, tx, use_book, use_narrow},
        ic, page_keys, remote, set_crumbs,
    },
};

/// Bars over the list.
const BARS: u32 = 60;

/// Events and every other kind of record.
#[component]
pub fn EventsPage() -> impl IntoView {
    let text = t().events;
    set_crumbs(vec![Crumb::here(text.title())]);
    let address = Address::of(|| "/events".to_owned());
    let book = use_book();
    view! {
        <div class="list-page events-page">
            <h1 class="sr">{text.title()}</h1>
            {move || match (book.value.get(), book.error.get()) {
                (Some(book), _) if book.records.iter().all(|k| k.count == 0) => {
                    view! {
                        <Empty title=text.empty_title() text=text.empty_text() glyph=ic::RADIO_TOWER>
                            <LinkButton kind=Kind::Primary href="/import" icon=ic::UPLOAD>{text.empty_action()}</LinkButton>
                        </Empty>
                    }
                        .into_any()
                }
                (Some(known), _) => view! { <Records book=known address on_news=move |()| book.reload()/> }.into_any(),
                (None, Some(error)) => view! { <ErrorState error=error on_retry=Callback::new(move |()| book.reload())/> }.into_any(),
                (None, None) => view! { <Skeleton rows=14/> }.into_any(),
            }}
        </div>
    }
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Scene {
    book: StoredValue<Book>,
    address: Address,
    state: Memo<State>,
    histogram: Remote<RecordHistogram>,
    rows: Rows,
    cursor: RwSignal<usize>,
    open: RwSignal<bool>,
    on_news: Callback<()>,
}

impl Scene {
    fn with_book<T>(self, f: impl FnOnce(&Book) -> T) -> T {
        self.book.with_value(f)
    }

    /// The window in milliseconds, everything there is where none was chosen.
    fn window(self) -> (i64, i64) {
        let state = self.state.get();
        let (from, to) = state.span.bounds(self.with_book(|b| state.end(b)));
        let covers = self.histogram.value.with(|h| h.as_ref().and_then(|h| h.covers));
        let to = to.or(covers.map(|c| c.1 + chrono::Duration::seconds(1))).unwrap_or_else(now);
        let from = from.or(covers.map(|c| c.0)).unwrap_or(to - chrono::Duration::days(7));
        (from.timestamp_millis(), to.timestamp_millis())
    }

    fn set_span(self, span: &Span) {
        let text = if *span == Span::Last(168) { String::new() } else { span.text() };
        self.address.push(|q| q.set("range", text));
    }

    fn current(self) -> Option<Row> {
        self.rows.rows.with(|rows| rows.get(self.cursor.get()).cloned())
    }

    fn step(self, forward: bool) {
        let last = self.rows.rows.with_untracked(Vec::len).saturating_sub(1);
        self.cursor.update(|c| *c = if forward { (*c + 1).min(last) } else { c.saturating_sub(1) });
    }
}

/// The records of a view. `on_news` is called when a person wants to see what came since.
#[component]
fn Records(book: Book, address: Address, #[prop(into)] on_news: Callback<()>) -> impl IntoView {
    let text = t().events;
    let known = StoredValue::new(book);
    let narrow = use_narrow();
    let state = Memo::new(move |_| address.query.with(|q| known.with_value(|b| State::of(q, b))));
    let query: Memo<RecordQuery> = Memo::new(move |_| state.with(|s| known.with_value(|b| s.query(b))));
    let histogram = remote(move || {
        let query = query.get();
        call(move || api::events::record_histogram(query.clone(), BARS))
    });
    let rows = Rows::of(Signal::derive(move || Some((query.get(), state.with(|s| s.grouped)))));
    let cursor = RwSignal::new(0usize);
    Effect::new(move |before: Option<()>| {
        query.track();
        if before.is_some() {
            cursor.set(0);
        }
    });
    let scene = Scene {
        book: known,
        address,
        state,
        histogram,
        rows,
        cursor,
        open: RwSignal::new(!narrow.get_untracked()),
        on_news,
    };
    let navigate = use_navigate();
    page_keys(PageKeys::default().on("Q", text.k_ask(), move || {
        if let Some(row) = untrack(|| scene.current()) {
            let title = scene.with_book(|b| b.record_title(&row.record));
            navigate(&ask_href(&row.record, &title), NavigateOptions::default());
        }
    }));
    // More rows below do not build the chosen one anew.
    let chosen_row = Memo::new(move |_| scene.open.get().then(|| scene.current()));
    view! {
        <Kinds scene/>
        <Filters scene/>
        <div
            class=move || if scene.open.get() { "events-body with-inspector" } else { "events-body" }
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    scene.open.set(false);
                }
            }
        >
            <Bars scene/>
            <List scene narrow/>
            <footer class="list-foot">
                <span data-testid="events-count">
                    {move || {
                        let (n, records) = rows.total.get().unwrap_or_default();
                        if state.with(|s| s.grouped) { text.groups_sum(n, records) } else { text.rows_sum(n, n >= 100_000) }
                    }}
                </span>
                <span class="faint">{move || rows.more.get().then(|| text.loaded(rows.rows.read().len() as u64))}</span>
                {move || rows.more.get().then(|| view! { <button type="button" class="btn ghost sm" data-testid="more-rows" on:click=move |_| rows.need(usize::MAX / 2)>{text.more_rows()}</button> })}
                <span class="grow"></span>
                <span class="row wide-only"><kbd>"J"</kbd><kbd>"K"</kbd>{text.k_move()}</span>
                <span class="row wide-only"><kbd>"Q"</kbd>{text.k_ask()}</span>
                <span class="row wide-only"><kbd>"Esc"</kbd>{text.k_close()}</span>
                <span class="faint">{move || rows.at.get().map(|at| t().cis.as_of(&time_ms(at)))}</span>
            </footer>
            {move || {
                chosen_row.get().map(|row| match row {
                    Some(row) => {
                        view! {
                            <Inspector
                                row=row
                                book=known.get_value()
                                on_step=move |forward: bool| scene.step(forward)
                                on_close=move |()| scene.open.set(false)
                            />
                        }
                            .into_any()
                    }
                    None => view! { <aside class="inspector" aria-label=text.inspector()><p class="pad small faint">{text.pick_hint()}</p></aside> }.into_any(),
                })
            }}
        </div>
    }
}

/// The kinds of records as views.
#[component]
fn Kinds(scene: Scene) -> impl IntoView {
    let text = t().events;
    let kinds: Vec<(String, String, u64)> = scene.with_book(|b| {
        b.records.iter().filter(|k| k.count > 0).map(|k| (k.key.clone(), b.record(&k.key), k.count)).collect()
    });
    let all: u64 = kinds.iter().map(|k| k.2).sum();
    let several = kinds.len() > 1;
    let one = move |key: String, label: String, count: u64| {
        let mine = if key == ALL { String::new() } else { key.clone() };
        view! {
            <button
                type="button"
                class="view"
                aria-current=move || scene.state.with(|s| s.kind == mine).then_some("true")
                on:click=move |_| {
                    scene.address.push(|q| {
                        q.set("kind", key.clone());
                        // Conditions are on fields of the kind left.
                        q.set_conditions(&[]);
                    });
                }
            >
                {label}
                " "
                <span class="faint">{number(count)}</span>
            </button>
        }
    };
    view! {
        <div class="views" role="toolbar" aria-label=text.kinds()>
            {kinds.into_iter().map(|(key, label, count)| one(key, label, count)).collect_view()}
            {several.then(|| one(ALL.to_owned(), text.all_kinds().to_owned(), all))}
        </div>
    }
}

#[component]
fn Filters(scene: Scene) -> impl IntoView {
    let text = t().events;
    let (state, address) = (scene.state, scene.address);
    let search = RwSignal::new(state.with_untracked(|s| s.text.clone()));
    Effect::new(move |before: Option<()>| {
        let typed = search.get();
        if before.is_some() {
            address.update(|q| q.set("q", typed));
        }
    });
    Effect::new(move || {
        let asked = state.with(|s| s.text.clone());
        if search.get_untracked() != asked {
            search.set(asked);
        }
    });
    let fields = Memo::new(move |_| {
        let kind = state.with(|s| s.kind.clone());
        scene.with_book(|book| {
            let mut out: Vec<FilterField> = Vec::new();
            for field in
                book.records.iter().filter(|k| kind.is_empty() || k.key == kind).flat_map(|k| k.fields.iter())
            {
                if !out.iter().any(|f| f.def.key == field.key) {
                    out.push(FilterField::of(field));
                }
            }
            out
        })
    });
    let severities = Memo::new(move |_| {
        let state = state.get();
        scene.histogram.value.with(|h| {
            h.as_ref().map(|h| scene.with_book(|b| columns::severities(h, b, &state))).unwrap_or_default()
        })
    });
    let picking = RwSignal::new(false);
    view! {
        <div class="filter-bar">
            <SearchBox value=search label=text.search() placeholder=text.search_hint()/>
            {move || {
                let values = severities.get();
                let state = state.get();
                let field = scene.with_book(|b| state.severity(b).cloned())?;
                (!values.is_empty()).then(|| severity_chips(scene, &values, &field, &state))
            }}
            {move || {
                let code = state.with(|s| s.ci.clone());
                (!code.is_empty()).then(|| {
                    view! { <FilterChip field=tx().item() value=code on_remove=move |()| address.push(|q| q.set("ci", ""))/> }
                })
            }}
            <Popover
                open=picking
                label=tx().item()
                class="pop pick-form"
                trigger=move || {
                    view! {
                        <Chip add=true icon=ic::NETWORK on_click=move |_| picking.update(|p| *p = !*p)>{tx().item()}</Chip>
                    }
                }
            >
                <CiPicker
                    value=Signal::stored(String::new())
                    label=tx().item()
                    placeholder=tx().picker_typing()
                    book=Signal::derive(move || Some(scene.book.get_value()))
                    on_pick=move |code: String| {
                        picking.set(false);
                        address.push(|q| q.set("ci", code));
                    }
                />
            </Popover>
            <FilterBar
                fields=fields
                conditions=Signal::derive(move || state.with(|s| s.filter.clone()))
                on_change={move |conditions: Vec<model::Condition>| address.push(|q| q.set_conditions(&conditions))}
                asked=RwSignal::new(None)
                counts=Signal::stored(Vec::new())
            />
            <span class="grow"></span>
            <Chip
                icon=ic::ROWS_3
                pressed=Signal::derive(move || Some(state.with(|s| s.grouped)))
                on_click=move |_| {
                    let grouped = state.with_untracked(|s| s.grouped);
                    address.push(|q| q.set("group", if grouped { "0" } else { "" }));
                }
            >
                <span data-testid="grouped">{text.grouped()}</span>
            </Chip>
        </div>
    }
}

/// One chip per severity: on are those shown; neutral, since several may be on.
fn severity_chips(
    scene: Scene,
    values: &[(String, crate::ui::Tone, u64)],
    field: &model::schema::FieldDef,
    state: &State,
) -> AnyView {
    let now = chosen(&state.filter, &field.key);
    let all: Vec<String> = values.iter().map(|v| v.0.clone()).collect();
    let chips: Vec<_> = values
        .iter()
        .map(|(word, tone, count)| {
            let on = now.as_ref().is_none_or(|now| now.contains(word));
            let (word, all, field, filter) = (word.clone(), all.clone(), field.clone(), state.filter.clone());
            let shown = word.clone();
            view! {
                <button
                    type="button"
                    class="chip"
                    aria-pressed=on.to_string()
                    on:click=move |_| {
                        let next = toggle(&filter, &field, &word, &all);
                        scene.address.push(|q| q.set_conditions(&next));
                    }
                >
                    <span class=format!("dot {}", tone.class()) aria-hidden="true"></span>
                    {shown}
                    " "
                    <b>{number(*count)}</b>
                </button>
            }
        })
        .collect();
    view! { <span role="group" aria-label=t().events.severity() class="chip-group">{chips}</span> }.into_any()
}
