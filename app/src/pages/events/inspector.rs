//! The chosen record: all of it, its item, and what happened near it in time and topology, with the reason.

use std::collections::HashMap;

use chrono::Duration;
use leptos::prelude::*;
use model::{
    graph::{Direction, EdgeFilter, GraphQuery, Subgraph},
    records::{Record, RecordQuery},
    schema::FieldRole,
};
use serde_json::Value;

use super::rows::Row;
use crate::{
    api,
    i18n::{date_time, t, time, time_ms},
    pages::{cis::ci_href, shell::ask_address},
    ui::{
        Choice, Crit, IconButton, LinkButton, Segmented, Size, Skeleton, StatusDot, Time, Tone,
        button::Kind,
        call,
        estate::{Book, FieldValue, bars, base_field, item_state, label_of, lookup, tx, value_text},
        facts::TimeForm,
        ic, remote,
    },
};

/// How far from a record others may be and still be related, in minutes.
const NEAR_MIN: i64 = 15;

/// What a neighbour is to the item: true when it uses it.
type Sides = HashMap<String, bool>;

/// The chosen record.
#[component]
pub fn Inspector(
    /// The row.
    row: Row,
    /// The catalogue.
    book: Book,
    /// Goes to the row before or after.
    #[prop(into)]
    on_step: Callback<bool>,
    /// Closes it.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let text = t().events;
    let record = row.record.clone();
    let state = book.record_state(&record);
    let title = book.record_title(&record);
    let when = if row.count > 1 {
        text.first_last(&date_time(row.first_at), &date_time(record.at))
    } else {
        match record.until {
            Some(until) => text.from_to(&date_time(record.at), &date_time(until)),
            None => date_time(record.at),
        }
    };
    let ask = ask_href(&record, &title);
    let impact = record.ci.as_ref().map(|code| {
        format!("/topology?start={}&mode=impact", String::from(js_sys::encode_uri_component(code)))
    });
    let kind = book.record(&record.kind);
    view! {
        <aside class="inspector" aria-label=text.inspector() data-testid="event-inspector">
            <div class="pad">
                <div class="row insp-head">
                    <span class=format!("badge {}", state.tone.class())>
                        <StatusDot tone=state.tone label=state.word/>
                    </span>
                    <span class="badge line">{kind}</span>
                    <span class="grow"></span>
                    <IconButton glyph=ic::CHEVRON_UP size=Size::Small label=format!("{} K", t().common.previous()) on_click=move |_| on_step.run(false)/>
                    <IconButton glyph=ic::CHEVRON_DOWN size=Size::Small label=format!("{} J", t().common.next()) on_click=move |_| on_step.run(true)/>
                    <IconButton glyph=ic::X size=Size::Small label=format!("{} Esc", t().common.close()) on_click=move |_| on_close.run(())/>
                </div>
                <h2 class="insp-title">{title}</h2>
                <p class="small soft">
                    {when}
                    {(row.count > 1).then(|| view! { " · " <b>{text.folded(row.count)}</b> })}
                </p>
                <div class="acts">
                    <LinkButton kind=Kind::Primary href=ask icon=ic::MESSAGE_CIRCLE_QUESTION_MARK>{text.ask()}</LinkButton>
                    {impact.map(|href| view! { <LinkButton href=href icon=ic::NETWORK>{text.open_impact()}</LinkButton> })}
                </div>
            </div>
            {record.ci.clone().map(|code| view! { <ItemCard code book=book.clone()/> })}
            {record.ci.is_some().then(|| view! { <Related record=record.clone() book=book.clone()/> })}
            <Original record=record book=book/>
        </aside>
    }
}

/// The question this record suggests.
pub fn ask_href(record: &Record, title: &str) -> String {
    let question =
        t().events.ask_text(record.ci.as_deref().unwrap_or_default(), &date_time(record.at), title);
    ask_address(question.trim())
}

/// The item the record is about.
#[component]
fn ItemCard(code: String, book: Book) -> impl IntoView {
    let items = lookup(Signal::stored(vec![code.clone()]));
    move || {
        let ci = items.value.with(|items| items.as_ref().and_then(|i| i.get(&code).cloned()))?;
        let state = item_state(&book, &ci);
        let value = |role| book.role(role).and_then(|f| ci.fields.get(&f.key).cloned());
        let facts = [FieldRole::System, FieldRole::Owner, FieldRole::Location]
            .into_iter()
            .filter_map(value)
            .map(|v| value_text(&v))
            .filter(|v| !v.is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
        let level = value(FieldRole::Criticality).and_then(|v| bars(&v));
        Some(view! {
            <div class="pad ci-card">
                <span class="row">
                    {(state.tone != Tone::Neutral).then(|| view! { <StatusDot tone=state.tone label=state.word.clone() bare=true/> })}
                    <a class="id" href=ci_href(&ci.code)>{ci.code.clone()}</a>
                    <span class="soft cut">{ci.name.clone()}</span>
                </span>
                {level.map(|level| view! { <Crit level=level/> })}
                <span class="small faint">{book.kind(&ci.kind)} {(!facts.is_empty()).then(|| format!(" · {facts}"))}</span>
            </div>
        })
    }
}

/// Records of the item and its neighbours around the same time.
#[component]
fn Related(record: Record, book: Book) -> impl IntoView {
    let text = t().events;
    let code = record.ci.clone().unwrap_or_default();
    let at = record.at;
    let found = remote(move || {
        let code = code.clone();
        async move {
            let query = GraphQuery::Traverse {
                roots: vec![code.clone()],
                direction: Direction::Both,
                min_depth: 1,
                max_depth: 1,
                filter: EdgeFilter::default(),
                limit: 200,
            };
            let graph = call(move || api::graph::graph_query(query.clone())).await?;
            let mut cis: Vec<String> = graph.nodes.iter().map(|n| n.code.clone()).collect();
            if !cis.contains(&code) {
                cis.push(code.clone());
            }
            let query = RecordQuery {
                cis,
                from: Some(at - Duration::minutes(NEAR_MIN)),
                to: Some(at + Duration::minutes(NEAR_MIN)),
                limit: 60,
                ..RecordQuery::default()
            };
            let page = call(move || api::events::list_records(query.clone())).await?;
            Ok((page.items, sides(&graph, &code)))
        }
    });
    view! {
        <div class="pad">
            <div class="row">
                <h3>{text.related()}</h3>
                <span class="small faint">{text.related_note()}</span>
            </div>
            {move || match (found.value.get(), found.error.get()) {
                (Some((records, sides)), _) => timeline(&record, records, &sides, &book),
                (None, Some(error)) => view! { <p class="small up">{crate::i18n::l(&error.message)}</p> }.into_any(),
                (None, None) => view! { <Skeleton rows=3/> }.into_any(),
            }}
        </div>
    }
}

fn sides(graph: &Subgraph, code: &str) -> Sides {
    let mut out = Sides::new();
    for edge in &graph.edges {
        if edge.target == code {
            out.insert(edge.source.clone(), true);
        } else if edge.source == code {
            out.entry(edge.target.clone()).or_insert(false);
        }
    }
    out
}

fn timeline(own: &Record, mut records: Vec<Record>, sides: &Sides, book: &Book) -> AnyView {
    let text = t().events;
    records.retain(|r| r.id != own.id);
    // The nearest in time say most; then they stand in order.
    records.sort_by_key(|r| (r.at - own.at).num_seconds().abs());
    records.truncate(12);
    records.sort_by_key(|r| r.at);
    if records.is_empty() {
        return view! { <p class="small faint">{text.related_none()}</p> }.into_any();
    }
    let rows: Vec<_> = records
        .into_iter()
        .map(|record| {
            let state = book.record_state(&record);
            let title = book.record_title(&record);
            let code = record.ci.clone().unwrap_or_default();
            let same = record.ci == own.ci;
            let place = match (same, sides.get(&code)) {
                (true, _) => text.why_same(),
                (false, Some(true)) => text.why_user(),
                (false, _) => text.why_used(),
            };
            let apart = (record.at - own.at).num_minutes();
            let when = match apart {
                0 => text.why_now().to_owned(),
                n if n < 0 => text.why_before(n.unsigned_abs()),
                n => text.why_after(n.unsigned_abs()),
            };
            let kind = book.is_act(&record).then(|| format!("{}, ", book.record(&record.kind)));
            let word = state.word.clone();
            view! {
                <li>
                    <time title=time_ms(record.at)>{time(record.at)}</time>
                    <span class="node"><span class=format!("dot {}", state.tone.class()) role="img" aria-label=word></span></span>
                    <span class="rel-record">
                        <span class="cut" title=title.clone()>
                            {(!same).then(|| view! { <a class="id plain" href=ci_href(&code)>{code.clone()}</a> " " })}
                            {title.clone()}
                        </span>
                        <span class="small faint nowrap">{kind} {place} ", " {when}</span>
                    </span>
                </li>
            }
        })
        .collect();
    view! { <ol class="timeline">{rows}</ol> }.into_any()
}

/// Every field of the record, or its JSON.
#[component]
fn Original(record: Record, book: Book) -> impl IntoView {
    let text = t().events;
    let form = RwSignal::new("fields".to_owned());
    let json = serde_json::to_string_pretty(&record.fields).unwrap_or_default();
    let options = vec![Choice::new("fields", text.as_fields()), Choice::new("json", text.as_json())];
    let known: Vec<_> = book
        .record_def(&record.kind)
        .map(|k| {
            k.fields
                .iter()
                .filter_map(|f| record.fields.get(&f.key).map(|v| (label_of(f), f.clone(), v.clone())))
                .collect()
        })
        .unwrap_or_default();
    let unknown = record
        .fields
        .iter()
        .filter(|(key, _)| {
            !known.iter().any(|(_, f, _): &(String, model::schema::FieldDef, Value)| f.key == **key)
        })
        .map(|(key, value)| (key.clone(), base_field(key, Vec::new()), value.clone()));
    let rows: Vec<_> = known
        .iter()
        .cloned()
        .chain(unknown)
        .filter(|(_, _, v)| !v.is_null() && v.as_str() != Some(""))
        .collect();
    let rows = StoredValue::new(rows);
    let (at, until) = (record.at, record.until);
    view! {
        <div class="pad">
            <div class="row insp-head">
                <h3>{text.raw()}</h3>
                <span class="small faint"><Time at=at form=TimeForm::Full/></span>
                <span class="grow"></span>
                <Segmented label=text.raw() value=form options=options on_change=move |v: String| form.set(v)/>
            </div>
            {move || {
                if form.read().as_str() == "json" {
                    return view! { <div class="code attr-json" tabindex="0" role="region" aria-label=text.as_json()><pre>{json.clone()}</pre></div> }.into_any();
                }
                view! {
                    <dl class="attrs flush">
                        <div class="attr"><dt>{tx().at()}</dt><dd><Time at=at form=TimeForm::Full/></dd></div>
                        {until.map(|until| view! { <div class="attr"><dt>{tx().until()}</dt><dd><Time at=until form=TimeForm::Full/></dd></div> })}
                        {rows
                            .get_value()
                            .into_iter()
                            .map(|(label, field, value)| view! { <div class="attr"><dt>{label}</dt><dd><FieldValue field=field value=value/></dd></div> })
                            .collect_view()}
                    </dl>
                }
                    .into_any()
            }}
        </div>
    }
}
