//! Relation types: which way failures travel along each, who said so, and what its name suggests.

use leptos::{prelude::*, task::spawn_local};
use model::{
    perm::{Permission, RelationsEdit},
    relations::{RelationLink, RelationRow, SetTravel},
    schema::Travel,
};

use crate::{
    api,
    i18n::{date_time, l, number, relations::ways, t},
    ui::{
        Button, Choice, Crumb, Empty, ErrorState, Icon, LinkButton, NoMatch, Remote, SearchBox, Select, Size,
        Skeleton,
        button::Kind,
        call,
        estate::{Book, use_book},
        ic, remote, session, set_crumbs, toast, toast_error,
    },
};

/// What the select says before anybody decided.
const OPEN: &str = "";

/// The page of `/relations`.
#[component]
pub fn RelationsPage() -> impl IntoView {
    let text = t().relations;
    set_crumbs(vec![Crumb::here(text.title())]);
    let rows = remote(|| call(api::relations::list_relations));
    let book = use_book();
    let search = RwSignal::new(String::new());
    let may = session::may(RelationsEdit::LEAST);
    let empty = move || {
        view! {
            <Empty title=text.empty() text=text.empty_text() glyph=ic::GIT_FORK>
                <LinkButton kind=Kind::Primary href="/import" icon=ic::UPLOAD>{t().shell.p_import()}</LinkButton>
            </Empty>
        }
    };
    // Rows are built anew when other ones are shown, not when one of them is decided: the focus stays where it is.
    let shown = Memo::new(move |_| {
        let wanted = search.get().to_lowercase();
        let fits = |row: &RelationRow| {
            [row.key.as_str(), row.label.ko.as_str(), row.label.en.as_str()]
                .iter()
                .any(|name| name.to_lowercase().contains(&wanted))
        };
        rows.value.with(|rows| {
            rows.iter().flatten().filter(|row| fits(row)).map(|row| row.key.clone()).collect::<Vec<_>>()
        })
    });
    let stage =
        Memo::new(move |_| (rows.value.with(|rows| rows.as_ref().map(Vec::is_empty)), rows.error.get()));
    view! {
        <div class="travel-page" data-testid="relations">
            <header class="page-head">
                <h1>{text.title()}</h1>
                <p class="small soft wide-only grow cut">{text.lead()}</p>
                <SearchBox value=search label=text.search()/>
            </header>
            {move || match stage.get() {
                (None, Some(error)) => view! { <ErrorState error=error on_retry=move |()| rows.reload()/> }.into_any(),
                (None, None) => view! { <Skeleton rows=8/> }.into_any(),
                (Some(true), _) => empty().into_any(),
                (Some(false), _) => view! {
                    <div class="travel-body">
                        <Undecided rows may/>
                        {(!may).then(|| view! { <p class="small soft travel-note">{text.read_only()}</p> })}
                        <div class="travel-list scroll" tabindex="0" aria-label=text.title()>
                            {move || {
                                let keys = shown.get();
                                if keys.is_empty() {
                                    return view! { <NoMatch on_clear=move |()| search.set(String::new())/> }.into_any();
                                }
                                view! { <Table rows book keys may/> }.into_any()
                            }}
                        </div>
                    </div>
                }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Table(rows: Remote<Vec<RelationRow>>, book: Remote<Book>, keys: Vec<String>, may: bool) -> impl IntoView {
    let text = t().relations;
    view! {
        <table class="data-table">
            <thead><tr>
                <th scope="col">{text.c_type()}</th><th scope="col" class="num">{text.c_count()}</th>
                <th scope="col" class="wide-only">{text.c_links()}</th><th scope="col">{text.c_way()}</th>
                <th scope="col" class="wide-only">{text.c_who()}</th>
            </tr></thead>
            <tbody>{keys.into_iter().map(|key| view! { <Row rows book key may/> }).collect_view()}</tbody>
        </table>
    }
}

fn undecided(rows: Remote<Vec<RelationRow>>) -> Vec<RelationRow> {
    rows.value.with(|rows| rows.iter().flatten().filter(|row| row.travel.is_none()).cloned().collect())
}

/// Puts a row that was changed in its place.
fn put(rows: Remote<Vec<RelationRow>>, new: RelationRow) {
    rows.value.try_update(|rows| {
        if let Some(row) = rows.iter_mut().flatten().find(|row| row.key == new.key) {
            *row = new;
        }
    });
}

/// What nobody has decided yet, and one button for all suggestions.
#[component]
fn Undecided(rows: Remote<Vec<RelationRow>>, may: bool) -> impl IntoView {
    let text = t().relations;
    let open = Memo::new(move |_| undecided(rows).len() as u64);
    let busy = RwSignal::new(false);
    let take_all = move || {
        busy.set(true);
        let wanted = untrack(|| undecided(rows));
        spawn_local(async move {
            let mut done = 0;
            for row in wanted {
                let request = SetTravel { key: row.key, travel: row.guess.travel };
                match call(move || api::relations::set_travel(request.clone())).await {
                    Ok(row) => {
                        done += 1;
                        put(rows, row);
                    }
                    Err(error) => {
                        toast_error(&error);
                        break;
                    }
                }
            }
            if done > 0 {
                toast(text.saved_all(done));
            }
            busy.try_set(false);
        });
    };
    move || {
        (open.get() > 0).then(|| {
            view! {
                <div class="callout warn travel-open" role="status">
                    <Icon glyph=ic::CIRCLE_ALERT/><span class="grow">{text.undecided_n(open.get())}</span>
                    {may.then(|| view! { <Button size=Size::Small busy=busy on_click=move |_| take_all()>{text.take_all()}</Button> })}
                </div>
            }
        })
    }
}

#[component]
fn Row(rows: Remote<Vec<RelationRow>>, book: Remote<Book>, key: String, may: bool) -> impl IntoView {
    let text = t().relations;
    let wanted = key.clone();
    let row = Memo::new(move |_| {
        rows.value.with(|rows| rows.iter().flatten().find(|row| row.key == wanted).cloned())
    });
    let first = row.get_untracked();
    let label =
        first.as_ref().map(|row| l(&row.label)).filter(|label| !label.is_empty()).unwrap_or(key.clone());
    let links = move || {
        row.with(|row| row.as_ref().map(|row| book.value.with(|book| joins(&row.links, book.as_ref()))))
    };
    let count = first.as_ref().map_or(0, |row| row.count);
    let busy = RwSignal::new(false);
    let name = StoredValue::new(key.clone());
    let save = move |travel: Travel| {
        busy.set(true);
        let request = SetTravel { key: name.get_value(), travel };
        spawn_local(async move {
            match call(move || api::relations::set_travel(request.clone())).await {
                Ok(row) => {
                    toast(text.saved(&row.key));
                    put(rows, row);
                }
                Err(error) => toast_error(&error),
            }
            busy.try_set(false);
        });
    };
    let travel = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.travel)));
    let value = Signal::derive(move || travel.get().map_or(OPEN, Travel::word).to_owned());
    let options = Signal::derive(move || {
        let open = travel.get().is_none().then(|| Choice::new(OPEN, text.undecided()));
        open.into_iter()
            .chain(ways().into_iter().map(|(word, way)| Choice::new(word, way)))
            .collect::<Vec<_>>()
    });
    let same = label == key;
    view! {
        <tr data-testid="relation-row">
            <td class="travel-name"><b>{label.clone()}</b>{(!same).then(|| view! { " "<code class="small faint">{key.clone()}</code> })}</td>
            <td class="num">{number(count)}</td>
            <td class="wide-only small soft">{links}</td>
            <td class="travel-way">
                <Select value options label=text.way_of(&key) size=Size::Small disabled=Signal::derive(move || !may || busy.get())
                    on_change=move |word: String| if let Some(travel) = Travel::of(&word) { save(travel) }/>
                <span class="small faint">{move || travel.get().map_or(text.undecided_means(), |travel| text.means(travel))}</span>
                {move || row.get().filter(|row| row.travel.is_none()).map(|row| {
                    let (way, guess) = (text.way(row.guess.travel), row.guess.travel);
                    view! {
                        <span class="small soft travel-hint">{text.suggest(way)}" · "{l(&row.guess.why)}
                            {may.then(|| view! { " "<button type="button" class="btn ghost sm" aria-label=text.take(way) on:click=move |_| save(guess)><Icon glyph=ic::CHECK class="s"/></button> })}
                        </span>
                    }
                })}
            </td>
            <td class="wide-only small faint">{move || row.get().map(|row| who(&row))}</td>
        </tr>
    }
}

fn who(row: &RelationRow) -> String {
    match (&row.set_by, row.set_at, row.travel) {
        (Some(by), Some(at), _) => format!("{by} · {}", date_time(at)),
        (Some(by), None, _) => by.clone(),
        (None, _, Some(_)) => t().relations.by_mapping().to_owned(),
        (None, _, None) => String::new(),
    }
}

/// Kinds a type joins, with the number of relations.
fn joins(links: &[RelationLink], book: Option<&Book>) -> String {
    let name = |key: &str| book.map_or_else(|| key.to_owned(), |book| book.kind(key));
    links
        .iter()
        .map(|link| format!("{} → {} {}", name(&link.source), name(&link.target), number(link.count)))
        .collect::<Vec<_>>()
        .join(" · ")
}
