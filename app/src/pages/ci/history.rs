//! What people did to an item: its latest changes and planned care, whatever the window of the charts is.

use leptos::prelude::*;
use model::{
    records::{Record, RecordQuery},
    schema::{FieldRole, FieldType, RecordRole},
};

use crate::{
    api,
    i18n::{number, t},
    ui::{
        Badge, ErrorState, Head, Skeleton, Time, call,
        estate::{Address, Book, Query, value_text},
        facts::TimeForm,
        remote,
    },
};

/// Records shown; all of them are in their tabs.
const SHOWN: u32 = 8;
/// Further values in the small line.
const MOST_FACTS: usize = 2;
/// Letters of a value that still is a fact and no text.
const FACT: usize = 32;

/// Whether records of a kind are something people did.
pub fn is_act(book: &Book, kind: &str) -> bool {
    matches!(book.record_def(kind).map(|k| k.role), Some(RecordRole::Change | RecordRole::Maintenance))
}

/// The latest acts.
#[component]
pub fn History(
    /// Code of the item.
    code: String,
    /// The catalogue.
    book: Book,
    /// The address of the page.
    address: Address,
) -> impl IntoView {
    let text = t().ci;
    let kinds: Vec<String> =
        book.records.iter().filter(|k| k.count > 0 && is_act(&book, &k.key)).map(|k| k.key.clone()).collect();
    let one = <[String; 1]>::try_from(kinds.clone()).ok().map(|[kind]| kind);
    let query = RecordQuery { kinds, cis: vec![code.clone()], limit: SHOWN, ..RecordQuery::default() };
    let found = remote(move || {
        let query = query.clone();
        call(move || api::events::list_records(query.clone()))
    });
    let book = StoredValue::new(book);
    // One kind has its tab here; several have the list of records.
    let all = move || {
        let to = match &one {
            Some(kind) => address.query.with_untracked(|q| {
                let mut q = q.clone();
                q.set("tab", format!("r.{kind}"));
                q.href(&format!("/cis/{}", String::from(js_sys::encode_uri_component(&code))))
            }),
            None => {
                let mut q = Query::default();
                q.set("ci", code.clone());
                q.set("kind", "all");
                q.set("range", "all");
                q.href("/events")
            }
        };
        view! { <a class="small" href=to>{text.all_events()}</a> }
    };
    view! {
        <section class="card" data-testid="ci-history">
            <Head title=text.history() note=Signal::derive(move || found.value.with(|f| f.as_ref().map(|f| number(f.total))))>
                {all()}
            </Head>
            {move || match (found.value.get(), found.error.get()) {
                (Some(page), _) => {
                    let rows: Vec<_> = page.items.iter().map(|record| book.with_value(|b| act(record, b))).collect();
                    view! { <ol class="acts-list">{rows}</ol> }.into_any()
                }
                (None, Some(error)) => view! { <ErrorState error=error on_retry=Callback::new(move |()| found.reload())/> }.into_any(),
                (None, None) => view! { <Skeleton rows=4/> }.into_any(),
            }}
        </section>
    }
}

fn act(record: &Record, book: &Book) -> AnyView {
    let state = book.record_state(record);
    let title = book.record_title(record);
    let kind = book.record(&record.kind);
    let body = book
        .record_role(&record.kind, FieldRole::Body)
        .and_then(|f| record.fields.get(&f.key))
        .map(value_text)
        .filter(|body| !body.trim().is_empty() && *body != title);
    let told = [FieldRole::Title, FieldRole::Body, FieldRole::Outcome, FieldRole::Severity];
    let facts: Vec<String> = book
        .record_fields_but(&record.kind, &told)
        .filter(|f| matches!(f.r#type, FieldType::Text))
        .filter_map(|f| record.fields.get(&f.key).map(value_text))
        .filter(|v| !v.trim().is_empty() && *v != title && v.chars().count() <= FACT)
        .take(MOST_FACTS)
        .collect();
    let same = state.word == kind;
    let facts = std::iter::once(kind).filter(|_| !same).chain(facts).collect::<Vec<_>>().join(" · ");
    view! {
        <li>
            <div class="row">
                <Badge tone=state.tone>{state.word}</Badge>
                <span class="grow"></span>
                <span class="small faint"><Time at=record.at form=TimeForm::Full/></span>
            </div>
            <p>{title}</p>
            {body.map(|body| view! { <p class="small soft acts-body">{body}</p> })}
            {(!facts.is_empty()).then(|| view! { <p class="small faint">{facts}</p> })}
        </li>
    }
    .into_any()
}
