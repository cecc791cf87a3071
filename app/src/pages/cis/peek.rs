//! A look at an item beside the list, without leaving it.

use leptos::prelude::*;
use model::cmdb::CiSummary;

use super::columns::{ci_href, question_href};
use crate::{
    i18n::{number, t},
    ui::{
        IconButton, LinkButton, Size, Time,
        button::Kind,
        estate::{Book, FieldValue},
        facts::TimeForm,
        ic,
    },
};

/// What an item says of itself.
#[component]
pub fn Peek(
    /// The item.
    ci: CiSummary,
    /// The catalogue.
    book: Book,
    /// Closes it.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let text = t().cis;
    let code = String::from(js_sys::encode_uri_component(&ci.code));
    let fields: Vec<_> = book
        .fields
        .iter()
        .filter_map(|field| {
            ci.fields.get(&field.key).filter(|v| !v.is_null()).map(|value| (field.clone(), value.clone()))
        })
        .collect();
    view! {
        <aside class="inspector peek" aria-label=text.peek()>
            <div class="pad">
                <div class="row">
                    <h2 class="insp-title grow">{ci.code.clone()}</h2>
                    <IconButton glyph=ic::X size=Size::Small label=format!("{} Esc", t().common.close()) on_click=move |_| on_close.run(())/>
                </div>
                <p class="small soft">{ci.name.clone()} " · " {book.kind(&ci.kind)}</p>
                <div class="row wrap-row peek-actions">
                    <LinkButton kind=Kind::Primary href=ci_href(&ci.code)>{text.open_item()}</LinkButton>
                    <LinkButton href=format!("/topology?start={code}") icon=ic::NETWORK>{text.in_topology()}</LinkButton>
                    <LinkButton href=question_href(&ci.code) icon=ic::MESSAGE_CIRCLE_QUESTION_MARK>{text.ask_about()}</LinkButton>
                </div>
            </div>
            <dl class="attrs">
                <div class="attr">
                    <dt>{text.c_events_long()}</dt>
                    <dd>{number(ci.recent_events)}</dd>
                </div>
                <div class="attr">
                    <dt>{text.c_relations()}</dt>
                    <dd>{number(ci.relations)}</dd>
                </div>
                {fields
                    .into_iter()
                    .map(|(field, value)| {
                        let label = book.field_label(&field.key);
                        view! {
                            <div class="attr">
                                <dt>{label}</dt>
                                <dd><FieldValue field=field value=value/></dd>
                            </div>
                        }
                    })
                    .collect_view()}
                <div class="attr">
                    <dt>{text.c_updated()}</dt>
                    <dd><Time at=ci.updated_at form=TimeForm::Full/></dd>
                </div>
            </dl>
        </aside>
    }
}
