//! Records of an item: those in the window numbered like the marks in the charts, and all of a kind in its tab.

use leptos::{prelude::*, task::spawn_local};
use model::{
    ApiError,
    records::{Record, RecordQuery},
    schema::FieldRole,
};
use serde_json::Value;

use crate::{
    api,
    i18n::{l, t},
    ui::{
        Empty, Head, Skeleton, StatusDot, Table, Time, call,
        chart::Mark,
        estate::{Book, FieldValue, tx},
        facts::TimeForm,
        ic,
    },
};

/// Marks in a chart: more of them say nothing.
const MOST_MARKS: usize = 14;

/// The records marked in the charts, oldest first: what people did before what was reported, the worse before the lesser.
pub fn marked(records: &[Record], book: &Book) -> Vec<Record> {
    let mut chosen: Vec<&Record> = records.iter().collect();
    chosen.sort_by_key(|r| (!book.is_act(r), std::cmp::Reverse(book.record_state(r).rank)));
    chosen.truncate(MOST_MARKS);
    let mut out: Vec<Record> = chosen.into_iter().cloned().collect();
    out.sort_by_key(|r| r.at);
    out
}

/// The marks of these records, numbered from 1.
pub fn marks(records: &[Record], book: &Book) -> Vec<Mark> {
    records
        .iter()
        .zip(1..)
        .map(|(record, n)| Mark {
            at: record.at.timestamp_millis(),
            until: record.until.filter(|u| *u > record.at).map(|u| u.timestamp_millis()),
            n: Some(n),
            label: book.record_title(record),
        })
        .collect()
}

/// The records in the window, newest first, with their numbers.
#[component]
pub fn InWindow(
    /// Records in the window.
    records: Vec<Record>,
    /// How many there are.
    total: u64,
    /// Those that are marked, in the order of their numbers.
    marked: Vec<Record>,
    /// The catalogue.
    book: Book,
    /// Where all of them are.
    href: String,
) -> impl IntoView {
    let text = t().ci;
    let (empty, numbered) = (records.is_empty(), !marked.is_empty());
    let rows: Vec<_> = records
        .into_iter()
        .take(12)
        .map(|record| {
            let n = marked.iter().position(|m| m.id == record.id).map(|i| i + 1);
            let state = book.record_state(&record);
            let title = book.record_title(&record);
            let kind = book.record(&record.kind);
            view! {
                <tr>
                    {numbered.then(|| view! { <td class="num-cell">{n.map(|n| view! { <span class="ev">{n}</span> })}</td> })}
                    <td class="soft"><Time at=record.at form=TimeForm::Full/></td>
                    <td><StatusDot tone=state.tone label=state.word/></td>
                    <td class="grow-cell" title=title.clone()>{title.clone()}</td>
                    <td class="faint">{kind}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <section class="card" data-testid="ci-events">
            <Head title=t().events.title() note=text.in_time(total)>
                <a class="small" href=href>{text.all_events()}</a>
            </Head>
            {if empty {
                view! { <p class="small faint rel-none">{text.no_records()}</p> }.into_any()
            } else {
                view! {
                    <div class="scroll" tabindex="0" role="region" aria-label=t().events.title()>
                        <table class="data-table"><tbody>{rows}</tbody></table>
                    </div>
                    {numbered.then(|| view! { <p class="small faint rel-none">{text.numbered()}</p> })}
                }
                    .into_any()
            }}
        </section>
    }
}

/// All records of one kind, newest first, in pages.
#[component]
pub fn OfKind(
    /// Code of the item.
    code: String,
    /// The kind.
    kind: String,
    /// The catalogue.
    book: Book,
) -> impl IntoView {
    let text = t().ci;
    let rows = RwSignal::new(Vec::<Record>::new());
    let next = RwSignal::new(None::<String>);
    let total = RwSignal::new(0u64);
    let loading = RwSignal::new(false);
    let ready = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let query = StoredValue::new(RecordQuery {
        kinds: vec![kind.clone()],
        cis: vec![code],
        limit: 100,
        ..RecordQuery::default()
    });
    let load = move || {
        if loading.get_untracked() {
            return;
        }
        loading.set(true);
        let mut query = query.get_value();
        query.cursor = next.get_untracked();
        spawn_local(async move {
            let answer = call(move || api::events::list_records(query.clone())).await;
            match answer {
                Ok(page) => {
                    rows.try_update(|rows| rows.extend(page.items));
                    next.try_set(page.next);
                    total.try_set(page.total);
                    error.try_set(None);
                    ready.try_set(true);
                }
                Err(failed) => {
                    error.try_set(Some(failed));
                }
            }
            loading.try_set(false);
        });
    };
    load();
    let fields: Vec<_> = book.record_fields_but(&kind, &[]).cloned().collect();
    let heads: Vec<(String, bool)> = [(tx().at().to_owned(), false), (tx().until().to_owned(), false)]
        .into_iter()
        .chain(fields.iter().map(|f| {
            let label = crate::ui::estate::label_of(f);
            (
                if f.unit.is_empty() { label } else { format!("{label}, {}", f.unit) },
                f.r#type == model::schema::FieldType::Number && f.role != Some(FieldRole::Severity),
            )
        }))
        .collect();
    let fields = StoredValue::new(fields);
    let heads = StoredValue::new(heads);
    let title = book.record(&kind);
    view! {
        <section class="card">
            <Head title=title.clone() note=Signal::derive(move || ready.get().then(|| text.shown_of(rows.read().len() as u64, total.get())))/>
            {move || {
                if !ready.get() {
                    return match error.get() {
                        Some(error) => view! { <crate::ui::ErrorState error=error on_retry=Callback::new(move |()| load())/> }.into_any(),
                        None => view! { <Skeleton rows=8/> }.into_any(),
                    };
                }
                if rows.read().is_empty() {
                    return view! { <Empty title=text.no_records() glyph=ic::HISTORY/> }.into_any();
                }
                view! {
                    <Table label=title.clone() heads=heads.get_value()>
                        <For each=move || rows.get() key=|r| r.id let:record>
                            <tr>
                                <td class="nowrap"><Time at=record.at form=TimeForm::Full/></td>
                                <td class="soft nowrap">{record.until.map(|until| view! { <Time at=until form=TimeForm::Full/> })}</td>
                                {fields.with_value(|fields| {
                                    fields
                                        .iter()
                                        .map(|f| {
                                            let value = record.fields.get(&f.key).cloned().unwrap_or(Value::Null);
                                            let long = matches!(f.role, Some(FieldRole::Body | FieldRole::Title));
                                            let class = if f.r#type == model::schema::FieldType::Number && f.role != Some(FieldRole::Severity) {
                                                "num"
                                            } else if long {
                                                "wrap long"
                                            } else {
                                                ""
                                            };
                                            view! { <td class=class><FieldValue field=f.clone() value=value short=!long/></td> }
                                        })
                                        .collect_view()
                                })}
                            </tr>
                        </For>
                    </Table>
                    {move || {
                        next.get()
                            .map(|_| {
                                view! {
                                    <p class="metric-more">
                                        <button type="button" class="btn" aria-busy=move || loading.get().then_some("true") on:click=move |_| load()>
                                            {text.load_more()}
                                        </button>
                                        {move || error.get().map(|e| view! { <span class="small up">{l(&e.message)}</span> })}
                                    </p>
                                }
                            })
                    }}
                }
                    .into_any()
            }}
        </section>
    }
}
