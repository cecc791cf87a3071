//! Every run in one list: found by status, kind, person, time and words; the time of the same question beside it; two
//! of them compared.

mod columns;
mod compare;
mod rows;
mod state;

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{
    RunId,
    run::{RunStatus, RunSummary},
};

pub use self::columns::{cost_words, kind_of, status_of};
use self::{
    compare::Compare,
    rows::Rows,
    state::{State, set_pair, toggle_pair},
};
use crate::{
    i18n::{format::now, number, t},
    pages::{shell::ask_address, trace::run_href},
    ui::{
        Button, Crumb, Empty, ErrorState, Kind, LinkButton, NoMatch, PageKeys, SearchBox, Skeleton,
        StatusDot, VirtualTable, download,
        estate::{Address, RangePicker, Span, use_narrow},
        ic, page_keys,
        remote::StaleNote,
        session, set_crumbs,
    },
};

/// The word and shape of a status.
pub fn status_dot(status: RunStatus) -> AnyView {
    let (tone, word) = status_of(status);
    view! { <StatusDot tone=tone label=word/> }.into_any()
}

/// A or B, for a run that is chosen.
fn letter_of(pair: &[RunId], id: RunId) -> Option<char> {
    pair.iter().position(|chosen| *chosen == id).map(|at| if at == 0 { 'A' } else { 'B' })
}

/// Chooses a run for comparison or lets go of it.
fn toggle(address: Address, id: RunId) {
    address.update(|q| {
        let pair = toggle_pair(&State::of(q).pair, id);
        set_pair(q, &pair);
    });
}

/// The page of `/runs`.
#[component]
pub fn RunsPage() -> impl IntoView {
    let text = t().runs;
    set_crumbs(vec![Crumb::here(text.title())]);
    let address = Address::of(|| "/runs".to_owned());
    let state = Memo::new(move |_| address.query.with(State::of));
    let pair = Signal::derive(move || state.with(|s| s.pair.clone()));
    let me = session::me().map(|me| me.user);
    // Choosing runs for comparison does not ask for the list again.
    let narrowing = Memo::new(move |_| State { pair: Vec::new(), ..state.get() });
    let rows = Rows::of(Memo::new(move |_| narrowing.get().query(me, now())).into());
    let cursor = RwSignal::new(0usize);
    let navigate = use_navigate();
    let here = move || rows.rows.with_untracked(|rows| rows.get(cursor.get_untracked()).cloned());
    page_keys(
        PageKeys::default()
            .on("X", text.k_compare(), move || {
                if let Some(run) = here() {
                    toggle(address, run.id);
                }
            })
            .on("R", text.k_again(), move || {
                if let Some(run) = here().filter(|run| run.kind == "ask") {
                    navigate(&ask_address(&run.title), NavigateOptions::default());
                }
            }),
    );
    view! {
        <div class="list-page runs-page" data-testid="runs">
            <Views address state rows/>
            <Filters address state rows/>
            <List address pair rows cursor state/>
            {move || (!pair.read().is_empty()).then(|| view! { <Compare address pair/> })}
            <footer class="list-foot">
                <span data-testid="runs-count">
                    {move || {
                        let counted: u64 = rows.statuses.with(|all| all.iter().map(|s| s.1).sum());
                        let n = counted.max(rows.rows.read().len() as u64);
                        text.shown(n, n >= 10_000)
                    }}
                </span>
                <span class="grow"></span>
                <span class="row wide-only"><kbd>"X"</kbd>{text.k_compare()}</span>
                <span class="row wide-only"><kbd>"Enter"</kbd>{text.k_open()}</span>
                <span class="row wide-only"><kbd>"R"</kbd>{text.k_again()}</span>
            </footer>
        </div>
    }
}

/// Views that are asked for often, and the way to golden questions.
#[component]
fn Views(address: Address, state: Memo<State>, rows: Rows) -> impl IntoView {
    let text = t().runs;
    let view = move |label: &'static str, set: [(&'static str, &'static str); 3], on: Signal<bool>| {
        view! {
            <button
                type="button"
                class="view"
                aria-current=move || on.get().then_some("true")
                on:click=move |_| {
                    address.push(|q| {
                        for key in ["status", "slow", "who"] {
                            q.set(key, set.iter().find(|(k, _)| *k == key).map_or("", |(_, v)| v));
                        }
                    });
                }
            >
                {label}
            </button>
        }
    };
    let failed = move |s: &State| s.status == [RunStatus::Failed, RunStatus::Partial];
    let on = move |f: fn(&State) -> bool| Signal::derive(move || state.with(f));
    let save = move |_| rows.rows.with_untracked(|rows| save_csv(rows));
    view! {
        <div class="views" role="toolbar" aria-label=text.views()>
            {view(text.v_all(), [("status", ""), ("slow", ""), ("who", "")], on(|s| s.status.is_empty() && !s.slow && !s.mine))}
            {view(text.v_failed(), [("status", "failed,partial"), ("slow", ""), ("who", "")], Signal::derive(move || state.with(failed)))}
            {view(text.v_slow(), [("status", ""), ("slow", "1"), ("who", "")], on(|s| s.slow))}
            {view(text.v_mine(), [("status", ""), ("slow", ""), ("who", "me")], on(|s| s.mine))}
            <span class="grow"></span>
            <LinkButton kind=Kind::Ghost href="/runs/golden" icon=ic::PIN>{text.golden()}</LinkButton>
            <Button kind=Kind::Ghost icon=ic::DOWNLOAD on_click=save>{text.download_csv()}</Button>
        </div>
    }
}

#[component]
fn Filters(address: Address, state: Memo<State>, rows: Rows) -> impl IntoView {
    let text = t().runs;
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
    let kinds = move || {
        let chosen = state.with(|s| s.kind.clone());
        let mut all = rows.kinds.get();
        for kind in &chosen {
            if !all.iter().any(|(k, _)| k == kind) {
                all.push((kind.clone(), 0));
            }
        }
        all.into_iter()
            .map(|(kind, count)| {
                let on = chosen.contains(&kind);
                let word = kind_of(&kind).1;
                chip(word, count, on, move || {
                    address.push(|q| {
                        let mut list = q.list("kind");
                        if on {
                            list.retain(|k| *k != kind)
                        } else {
                            list.push(kind.clone())
                        }
                        q.set("kind", list.join(","));
                    });
                })
            })
            .collect_view()
    };
    let statuses = move || {
        let chosen = state.with(|s| s.status.clone());
        let counts = rows.statuses.get();
        RunStatus::ALL
            .into_iter()
            .filter(|status| chosen.contains(status) || counts.iter().any(|(s, n)| s == status && *n > 0))
            .map(|status| {
                let count = counts.iter().find(|(s, _)| *s == status).map_or(0, |(_, n)| *n);
                let on = chosen.contains(&status);
                chip(status_of(status).1.to_owned(), count, on, move || {
                    address.push(|q| {
                        let mut list = q.list("status");
                        let key = status.as_str();
                        if on {
                            list.retain(|s| s != key)
                        } else {
                            list.push(key.to_owned())
                        }
                        q.set("status", list.join(","));
                    });
                })
            })
            .collect_view()
    };
    view! {
        <div class="filter-bar">
            <SearchBox value=search label=text.search() placeholder=text.search_hint()/>
            <span class="chip-group" role="group" aria-label=text.kinds()>{kinds}</span>
            <span class="vr"></span>
            <span class="chip-group" role="group" aria-label=text.statuses()>{statuses}</span>
            <span class="grow"></span>
            <RangePicker
                span=Signal::derive(move || state.with(|s| s.span.clone()))
                end=Signal::stored(None)
                on_change=move |span: Span| address.push(|q| q.set("range", if span == Span::All { String::new() } else { span.text() }))
            />
        </div>
    }
}

fn chip(word: String, count: u64, on: bool, press: impl Fn() + Send + Sync + 'static) -> AnyView {
    view! {
        <button type="button" class="chip" aria-pressed=on.to_string() on:click=move |_| press()>
            {word}" "<b>{number(count)}</b>
        </button>
    }
    .into_any()
}

/// The rows, or why there are none.
#[component]
fn List(
    address: Address,
    pair: Signal<Vec<RunId>>,
    rows: Rows,
    cursor: RwSignal<usize>,
    state: Memo<State>,
) -> impl IntoView {
    let text = t().runs;
    let (narrow, navigate) = (use_narrow(), use_navigate());
    let cols = Signal::derive(move || columns::columns(address, pair, narrow.get()));
    let total = Signal::derive(move || rows.rows.read().len() + usize::from(rows.more.get()));
    let open = Callback::new(move |run: RunSummary| navigate(&run_href(run.id), NavigateOptions::default()));
    let shape = Memo::new(move |_| (rows.ready.get(), rows.error.get(), rows.rows.with(Vec::is_empty)));
    let none = move || {
        if state.with(State::narrowed) {
            let clear = Callback::new(move |()| {
                address.push(|q| {
                    ["q", "status", "kind", "who", "slow", "range"].iter().for_each(|key| q.set(key, ""))
                });
            });
            return view! { <NoMatch on_clear=clear/> }.into_any();
        }
        view! {
            <Empty title=text.empty_title() text=text.empty_text() glyph=ic::LIST_TREE>
                <LinkButton kind=Kind::Primary href="/" icon=ic::MESSAGE_CIRCLE_QUESTION_MARK>{text.empty_action()}</LinkButton>
            </Empty>
        }
        .into_any()
    };
    view! {
        <div class="runs-list">
            {move || {
                rows.error.get().filter(|_| rows.ready.get()).map(|error| {
                    view! { <StaleNote error=error at=None retry=Callback::new(move |()| rows.restart())/> }
                })
            }}
            {move || match shape.get() {
                (false, Some(error), _) => view! { <ErrorState error=error on_retry=Callback::new(move |()| rows.restart())/> }.into_any(),
                (false, None, _) => view! { <Skeleton rows=14/> }.into_any(),
                (true, _, true) => none(),
                (true, _, false) => {
                    view! {
                        <VirtualTable
                            label=text.table()
                            columns=cols
                            total=total
                            row=move |index: usize| rows.rows.with(|r| r.get(index).cloned())
                            on_need=move |(_, to): (usize, usize)| rows.need(to)
                            on_open=open
                            cursor=cursor
                        />
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

fn save_csv(rows: &[RunSummary]) {
    let heads = [
        "started_at",
        "status",
        "kind",
        "title",
        "user_name",
        "total_ms",
        "steps",
        "tokens",
        "cost",
        "trace_id",
        "id",
    ];
    let columns: Vec<model::answer::Column> = heads
        .iter()
        .map(|key| model::answer::Column {
            key: (*key).to_owned(),
            label: (*key).to_owned(),
            unit: String::new(),
            numeric: false,
        })
        .collect();
    let rows: Vec<_> = rows
        .iter()
        .filter_map(|run| serde_json::to_value(run).ok())
        .filter_map(|run| run.as_object().cloned())
        .collect();
    download::csv("runs", &columns, &rows);
}
