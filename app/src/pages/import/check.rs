//! What a trial found: numbers, how rows found their items, rejected rows with file, line, field and reason.

use leptos::prelude::*;
use model::imports::{ImportCheck, Reject};

use super::{labels, state::ImportPageState, types::RelationTypes};
use crate::{
    i18n::{self, number, t},
    ui::{ErrorState, Icon, ic},
};

/// What the server calls rows that found no item.
const NOT_FOUND: &str = "none";

/// The result of the last trial.
#[component]
pub fn Checked(state: ImportPageState) -> impl IntoView {
    let x = t().import;
    view! {
        <div class="vd scroll" tabindex="0" aria-label=x.check() data-testid="import-check">
            <RelationTypes state/>
            {move || match (state.error.get(), state.checking.get(), state.check.get()) {
                (Some(error), ..) => view! { <ErrorState error on_retry=move |()| state.try_out()/> }.into_any(),
                (None, true, _) => view! { <p class="row soft pad" role="status"><span class="dot run"></span>{x.trying()}</p> }.into_any(),
                (None, false, Some(check)) => view! { <Found state check/> }.into_any(),
                (None, false, None) => view! { <p class="soft pad">{x.not_tried()}</p> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Found(state: ImportPageState, check: ImportCheck) -> impl IntoView {
    let x = t().import;
    let counts = check.counts;
    view! {
        <div class="sum">
            <h2>{x.check()}</h2><span class="grow"></span>
            <span class="small"><b>{number(counts.accepted)}</b>" "<span class="faint">{x.accepted()}</span></span>
            {(counts.skipped > 0).then(|| view! { <span class="small"><b>{number(counts.skipped)}</b>" "<span class="faint">{x.skipped()}</span></span> })}
            <span class="small row"><span class="dot danger" class:off=counts.rejected == 0></span><b>{number(counts.rejected)}</b><span class="faint">{x.rejected()}</span></span>
        </div>
        {check.problems.clone().into_iter().map(|(path, reason)| view! {
            <div class="callout danger problem" role="alert"><Icon glyph=ic::CIRCLE_ALERT/><span><code>{path}</code>" "{i18n::l(&reason)}</span></div>
        }).collect_view()}
        {(!check.lookups.is_empty()).then(|| view! {
            <h3 class="small faint pad-x">{x.find_how()}</h3>
            <ul class="lookups small">{lookups(&check).into_iter().map(|(file, ways, missed)| view! {
                <li>
                    <span class="cut">{file}</span><span class="soft nowrap">{ways}</span>
                    {(missed > 0).then(|| view! { <span class="nowrap row"><span class="dot warn" aria-hidden="true"></span>{x.not_found_n(missed)}</span> })}
                </li>
            }).collect_view()}</ul>
        })}
        <Rejects rejects=check.rejects on_go=Callback::new(move |(file, field): (String, String)| state.go_to(&file, &field))/>
    }
}

/// How the rows of each file found their items, in words, and how many found none.
fn lookups(check: &ImportCheck) -> Vec<(String, String, u64)> {
    let mut out: Vec<(String, Vec<String>, u64)> = Vec::new();
    for (file, by, n) in &check.lookups {
        let at = out.iter().position(|(known, ..)| known == file).unwrap_or_else(|| {
            out.push((file.clone(), Vec::new(), 0));
            out.len() - 1
        });
        let Some((_, ways, missed)) = out.get_mut(at) else { continue };
        if by == NOT_FOUND {
            *missed += n;
        } else {
            ways.push(format!("{} {}", labels::lookup(by), number(*n)));
        }
    }
    out.into_iter().map(|(file, ways, missed)| (file, ways.join(" · "), missed)).collect()
}

/// Rejected rows. Where the mapping is at hand, the field leads to its column.
#[component]
pub fn Rejects(
    rejects: Vec<Reject>,
    #[prop(optional, into)] on_go: Option<Callback<(String, String)>>,
) -> impl IntoView {
    let x = t().import;
    (!rejects.is_empty()).then(|| view! {
        <table class="data-table rejects" data-testid="rejects">
            <thead><tr>
                <th scope="col">{x.c_file()}</th><th scope="col" class="num">{x.c_line()}</th><th scope="col">{x.c_field()}</th>
                <th scope="col">{x.c_value()}</th><th scope="col">{x.c_reason()}</th>
            </tr></thead>
            <tbody>{rejects.into_iter().map(|reject| view! {
                <tr>
                    <td class="soft">{reject.file.clone()}</td><td class="num soft">{number(reject.line)}</td>
                    <td>{match on_go {
                        Some(go) if !reject.field.is_empty() => {
                            let (label, to) = (x.go_to(&reject.file, &reject.field), (reject.file, reject.field.clone()));
                            view! { <button type="button" class="at" title=label on:click=move |_| go.run(to.clone())>{reject.field}</button> }.into_any()
                        }
                        _ => reject.field.into_any(),
                    }}</td>
                    <td><code>{reject.value}</code></td><td class="soft wrap">{i18n::l(&reject.text)}</td>
                </tr>
            }).collect_view()}</tbody>
        </table>
    })
}
