//! What can be done with the rows selected: ask about them, the way between two, download, copy their codes.

use std::collections::BTreeSet;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{ApiError, answer::Column, cmdb::CiSummary};
use serde_json::{Map, Value};

use super::{columns::question_href, rows::Rows};
use crate::{
    i18n::t,
    ui::{
        Button, Kind, Selection, SelectionAct, Size, download, estate::Book, ic, offer_selection,
        states::copy, toast_error,
    },
};

/// Most items one question names.
const MOST_ASKED: usize = 20;

/// The bar over the list while something is selected.
#[component]
pub fn Bulk(
    /// Numbers of the rows selected.
    selected: RwSignal<BTreeSet<usize>>,
    /// The rows.
    rows: Rows,
    /// The catalogue.
    book: Book,
    /// Called when nothing is selected any more.
    #[prop(into)]
    on_clear: Callback<()>,
) -> impl IntoView {
    let text = t().cis;
    let count = Memo::new(move |_| selected.with(BTreeSet::len));
    let busy = RwSignal::new(false);
    let navigate = use_navigate();
    let with_rows = move |action: Box<dyn FnOnce(Vec<CiSummary>)>| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let wanted = selected.with_untracked(|rows| rows.iter().copied().collect());
        spawn_local(async move {
            match rows.collect(wanted).await {
                Ok(rows) => action(rows),
                Err(error) => failed(&error),
            }
            busy.try_set(false);
        });
    };
    let (to_ask, to_path) = (navigate.clone(), navigate);
    let ask = Callback::new(move |()| {
        let go = to_ask.clone();
        with_rows(Box::new(move |rows| go(&question_href(&codes(&rows, ", ")), NavigateOptions::default())));
    });
    let path = Callback::new(move |()| {
        let go = to_path.clone();
        with_rows(Box::new(move |rows| {
            if let [from, to] = rows.as_slice() {
                let (from, to) = (encode(&from.code), encode(&to.code));
                go(&format!("/topology?mode=path&start={from}&to={to}"), NavigateOptions::default());
            }
        }));
    });
    let book = StoredValue::new(book);
    let save =
        Callback::new(move |()| with_rows(Box::new(move |rows| book.with_value(|book| save(book, &rows)))));
    let copy_codes = Callback::new(move |()| with_rows(Box::new(|rows| copy(codes(&rows, "\n")))));
    offer_selection(move || {
        let n = count.get();
        let mut acts = Vec::new();
        if n <= MOST_ASKED {
            acts.push(SelectionAct::new(ic::MESSAGE_CIRCLE_QUESTION_MARK, text.bulk_ask(), ask));
        }
        if n == 2 {
            acts.push(SelectionAct::new(ic::NETWORK, text.bulk_path(), path));
        }
        acts.push(SelectionAct::new(ic::DOWNLOAD, text.bulk_csv(), save));
        acts.push(SelectionAct::new(ic::COPY, text.bulk_copy(), copy_codes));
        acts.push(SelectionAct::new(ic::X, text.unselect(), on_clear));
        Some(Selection { badge: t().common.selected(n as u64), title: text.bulk(n as u64), acts })
    });
    view! {
        <div class="bulk" role="toolbar" aria-label=move || text.bulk(count.get() as u64) data-testid="bulk">
            <b aria-live="polite">{move || t().common.selected(count.get() as u64)}</b>
            <Button kind=Kind::Ghost size=Size::Small on_click=move |_| on_clear.run(())>{text.unselect()}</Button>
            <span class="vr"></span>
            <Button kind=Kind::Ghost icon=ic::MESSAGE_CIRCLE_QUESTION_MARK on_click=move |_| ask.run(())
                disabled=Signal::derive(move || count.get() > MOST_ASKED)>{text.bulk_ask()}</Button>
            {move || (count.get() == 2).then(|| view! { <Button kind=Kind::Ghost icon=ic::NETWORK on_click=move |_| path.run(())>{text.bulk_path()}</Button> })}
            <Button kind=Kind::Ghost icon=ic::DOWNLOAD busy=busy on_click=move |_| save.run(())>"CSV"</Button>
            <Button kind=Kind::Ghost icon=ic::COPY on_click=move |_| copy_codes.run(())>{text.bulk_copy()}</Button>
        </div>
    }
}

fn failed(error: &ApiError) {
    toast_error(error);
}

fn encode(code: &str) -> String {
    String::from(js_sys::encode_uri_component(code))
}

fn codes(rows: &[CiSummary], between: &str) -> String {
    rows.iter().map(|row| row.code.as_str()).collect::<Vec<_>>().join(between)
}

/// Downloads items with every field of the catalogue.
fn save(book: &Book, rows: &[CiSummary]) {
    let column = |key: &str| Column {
        key: key.to_owned(),
        label: book.field_label(key),
        unit: String::new(),
        numeric: false,
    };
    let mut columns: Vec<Column> = ["code", "name", "kind"].iter().map(|key| column(key)).collect();
    columns.extend(book.fields.iter().map(|field| column(&field.key)));
    let rows: Vec<Map<String, Value>> = rows
        .iter()
        .map(|row| {
            let mut out: Map<String, Value> = row.fields.clone().into_iter().collect();
            out.insert("code".to_owned(), row.code.clone().into());
            out.insert("name".to_owned(), row.name.clone().into());
            out.insert("kind".to_owned(), row.kind.clone().into());
            out
        })
        .collect();
    download::csv(t().cis.title(), &columns, &rows);
}
