//! What a trial found: numbers, how rows found their items, rejected rows with file, line, field and reason.

use leptos::prelude::*;
use model::imports::{ImportCheck, Reject};

use super::state::ImportPageState;
use crate::{
    i18n::{self, number, t},
    ui::{ErrorState, Icon, ic},
};

/// The result of the last trial.
#[component]
pub fn Checked(state: ImportPageState) -> impl IntoView {
    let x = t().import;
    view! {
        <div class="vd scroll" tabindex="0" aria-label=x.check() data-testid="import-check">
            {move || match (state.error.get(), state.checking.get(), state.check.get()) {
                (Some(error), ..) => view! { <ErrorState error on_retry=move |()| state.try_out()/> }.into_any(),
                (None, true, _) => view! { <p class="row soft pad" role="status"><span class="dot run"></span>{x.trying()}</p> }.into_any(),
                (None, false, Some(check)) => view! { <Found check/> }.into_any(),
                (None, false, None) => view! { <p class="soft pad">{x.not_tried()}</p> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Found(check: ImportCheck) -> impl IntoView {
    let x = t().import;
    let counts = check.counts;
    view! {
        <div class="sum">
            <h2>{x.check()}</h2><span class="grow"></span>
            <span class="small"><b>{number(counts.accepted)}</b>" "<span class="faint">{x.accepted()}</span></span>
            {(counts.skipped > 0).then(|| view! { <span class="small"><b>{number(counts.skipped)}</b>" "<span class="faint">{x.skipped()}</span></span> })}
            <span class="small row"><span class="dot danger" class:off=counts.rejected == 0></span><b>{number(counts.rejected)}</b><span class="faint">{x.rejected()}</span></span>
        </div>
        {check.problems.into_iter().map(|(path, reason)| view! {
            <div class="callout danger problem" role="alert"><Icon glyph=ic::CIRCLE_ALERT/><span><code>{path}</code>" "{i18n::l(&reason)}</span></div>
        }).collect_view()}
        {(!check.lookups.is_empty()).then(|| view! {
            <ul class="lookups small soft">{check.lookups.iter().map(|(file, by, n)| view! { <li>{x.found_by(file, by, *n)}</li> }).collect_view()}</ul>
        })}
        <Rejects rejects=check.rejects/>
    }
}

/// Rejected rows.
#[component]
pub fn Rejects(rejects: Vec<Reject>) -> impl IntoView {
    let x = t().import;
    (!rejects.is_empty()).then(|| view! {
        <table class="data-table rejects" data-testid="rejects">
            <thead><tr>
                <th scope="col">{x.c_file()}</th><th scope="col" class="num">{x.c_line()}</th><th scope="col">{x.c_field()}</th>
                <th scope="col">{x.c_value()}</th><th scope="col">{x.c_reason()}</th>
            </tr></thead>
            <tbody>{rejects.into_iter().map(|reject| view! {
                <tr>
                    <td class="soft">{reject.file}</td><td class="num soft">{number(reject.line)}</td><td>{reject.field}</td>
                    <td><code>{reject.value}</code></td><td class="soft wrap">{i18n::l(&reject.text)}</td>
                </tr>
            }).collect_view()}</tbody>
        </table>
    })
}
