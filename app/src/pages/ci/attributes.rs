//! What an item says of itself, in the order of the catalogue, and its relations.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::{
    cmdb::{CiDetail, CiRelation},
    schema::FieldDef,
};
use serde_json::Value;

use crate::{
    i18n::t,
    pages::cis::ci_href,
    ui::{
        Head, StatusDot, Time, Tone,
        estate::{Book, FieldValue, Items, base_field, item_state},
        facts::TimeForm,
    },
};

/// The attributes as a list, or as the JSON they are stored as.
#[component]
pub fn Attributes(detail: CiDetail, book: Book) -> impl IntoView {
    let text = t().ci;
    let json = RwSignal::new(false);
    let rows = StoredValue::new(rows(&detail, &book));
    let raw = serde_json::to_string_pretty(&detail.ci.fields).unwrap_or_default();
    let (created, updated) = (detail.created_at, detail.ci.updated_at);
    let origin = StoredValue::new(detail.origin.clone());
    view! {
        <section class="card">
            <Head title=text.attributes()>
                <button type="button" class="btn ghost sm" aria-pressed=move || json.get().to_string() on:click=move |_| json.update(|j| *j = !*j)>
                    {text.as_json()}
                </button>
            </Head>
            {move || {
                if json.get() {
                    return view! { <div class="code attr-json" tabindex="0" role="region" aria-label=text.as_json()><pre>{raw.clone()}</pre></div> }.into_any();
                }
                let list = rows.get_value();
                view! {
                    <dl class="attrs" data-testid="attributes">
                        {list.is_empty().then(|| view! { <div class="attr"><dt></dt><dd class="faint">{text.no_attributes()}</dd></div> })}
                        {list
                            .into_iter()
                            .map(|(label, field, value)| view! { <div class="attr"><dt>{label}</dt><dd><FieldValue field=field value=value/></dd></div> })
                            .collect_view()}
                        <div class="attr">
                            <dt>{text.origin()}</dt>
                            <dd>{origin_name(&origin.get_value())}</dd>
                        </div>
                        <div class="attr">
                            <dt>{text.created()}</dt>
                            <dd><Time at=created form=TimeForm::Full/></dd>
                        </div>
                        <div class="attr">
                            <dt>{text.updated()}</dt>
                            <dd><Time at=updated form=TimeForm::Full/></dd>
                        </div>
                    </dl>
                }
                    .into_any()
            }}
        </section>
    }
}

/// Where an item came from, in words.
pub fn origin_name(origin: &str) -> String {
    match origin {
        "" => "–".to_owned(),
        "demo" => t().ci.demo().to_owned(),
        name => name.to_owned(),
    }
}

/// Fields with a value: those of the catalogue in its order, then those it does not know.
fn rows(detail: &CiDetail, book: &Book) -> Vec<(String, FieldDef, Value)> {
    let fields = &detail.ci.fields;
    let known = book
        .fields
        .iter()
        .filter_map(|f| fields.get(&f.key).map(|v| (book.field_label(&f.key), f.clone(), v.clone())));
    let unknown = fields
        .iter()
        .filter(|(key, _)| book.field(key).is_none())
        .map(|(key, value)| (key.clone(), base_field(key, Vec::new()), value.clone()));
    known.chain(unknown).filter(|(_, _, v)| !v.is_null() && v.as_str() != Some("")).collect()
}

/// Items shown of each type of relation before the rest is asked for.
const SHOWN: usize = 6;

/// The relations by direction and type.
#[component]
pub fn Relations(
    /// The relations.
    relations: Vec<CiRelation>,
    /// The catalogue.
    book: Book,
    /// What is known of the other items.
    #[prop(into)]
    items: Signal<Option<Items>>,
    /// All of them, and the kind of each.
    #[prop(optional)]
    full: bool,
) -> impl IntoView {
    let text = t().ci;
    let total = relations.len() as u64;
    let mut groups: BTreeMap<(bool, String), Vec<CiRelation>> = BTreeMap::new();
    for relation in relations {
        groups.entry((relation.outgoing, relation.r#type.clone())).or_default().push(relation);
    }
    let book = StoredValue::new(book);
    let side = move |outgoing: bool, title: &'static str| {
        let mine: Vec<(String, Vec<CiRelation>)> = groups
            .iter()
            .filter(|((out, _), _)| *out == outgoing)
            .map(|((_, kind), list)| (kind.clone(), list.clone()))
            .collect();
        (!mine.is_empty()).then(|| {
            view! {
                <h3 class="rel-side">{title}</h3>
                {mine
                    .into_iter()
                    .map(|(kind, list)| view! { <Group label=book.with_value(|b| b.relation(&kind)) list book items full/> })
                    .collect_view()}
            }
        })
    };
    view! {
        <section class="card">
            <Head title=text.relations() note=crate::i18n::number(total)/>
            <div class="rels" data-testid="relations">
                {(total == 0).then(|| view! { <p class="small faint rel-none">{text.no_relations()}</p> })}
                {side(false, text.used_by())}
                {side(true, text.uses())}
            </div>
        </section>
    }
}

#[component]
fn Group(
    label: String,
    list: Vec<CiRelation>,
    book: StoredValue<Book>,
    items: Signal<Option<Items>>,
    full: bool,
) -> impl IntoView {
    let all = RwSignal::new(full);
    let count = list.len();
    let list = StoredValue::new(list);
    view! {
        <div class="rel-group">
            <span class="kind" title=label.clone()>{label.clone()}</span>
            <ul class="grow">
                {move || {
                    let shown = if all.get() { count } else { SHOWN.min(count) };
                    list.get_value()
                        .into_iter()
                        .take(shown)
                        .map(|relation| {
                            let code = relation.code.clone();
                            let state = Memo::new(move |_| {
                                items.with(|items| {
                                    let ci = items.as_ref()?.get(&code)?;
                                    Some(book.with_value(|b| item_state(b, ci)))
                                })
                            });
                            view! {
                                <li class="rel">
                                    {move || {
                                        state
                                            .get()
                                            .filter(|s| s.tone != Tone::Neutral)
                                            .map(|s| view! { <StatusDot tone=s.tone label=s.word bare=true/> })
                                    }}
                                    <a class="id" href=ci_href(&relation.code)>{relation.code.clone()}</a>
                                    {full.then(|| view! { <span class="small soft cut">{relation.name.clone()}</span> })}
                                    <span class="faint small cut">{book.with_value(|b| b.kind(&relation.kind))}</span>
                                </li>
                            }
                        })
                        .collect_view()
                }}
                {move || {
                    (!all.get() && count > SHOWN)
                        .then(|| {
                            view! {
                                <li>
                                    <button type="button" class="btn ghost sm" on:click=move |_| all.set(true)>
                                        {t().ci.more_relations((count - SHOWN) as u64)}
                                    </button>
                                </li>
                            }
                        })
                }}
            </ul>
        </div>
    }
}
