//! The relation types of a file: every one of them, with how many rows, and which way failures travel along it.

use leptos::prelude::*;
use model::schema::Travel;

use super::{
    draft::{TypeDraft, Types},
    state::ImportPageState,
};
use crate::{
    i18n::{self, number, relations::ways, t},
    ui::{Choice, Icon, Select, Size, ic},
};

/// The types of the file looked at; nothing for files without relations.
#[component]
pub fn RelationTypes(state: ImportPageState) -> impl IntoView {
    // Built anew when other types are shown, not when one of them is decided: the focus stays where it is.
    let shown = Memo::new(move |_| {
        let at = state.current.get();
        state.drafts.with(|drafts| {
            let draft = drafts.get(at)?;
            let wanted = draft.type_source()?;
            let types = draft.types.clone().filter(|types| types.column == wanted);
            Some(types.map(|types| {
                Types {
                    list: types
                        .list
                        .into_iter()
                        .map(|one| TypeDraft { travel: Travel::None, by_hand: false, ..one })
                        .collect(),
                    ..types
                }
            }))
        })
    });
    move || {
        shown.get().map(|types| match types {
            None => view! { <p class="row soft pad" role="status"><span class="dot run"></span>{t().relations.counting()}</p> }.into_any(),
            Some(Types { problem: Some(problem), .. }) => view! {
                <div class="callout danger problem" role="alert"><Icon glyph=ic::CIRCLE_ALERT/><span>{i18n::l(&problem)}</span></div>
            }.into_any(),
            Some(types) => view! { <Table state types/> }.into_any(),
        })
    }
}

#[component]
fn Table(state: ImportPageState, types: Types) -> impl IntoView {
    let text = t().relations;
    let more = types.total.saturating_sub(types.list.len() as u64);
    view! {
        <section class="travel-types" aria-label=text.in_file(types.total) data-testid="relation-types">
            <div class="sum">
                <h2>{text.in_file(types.total)}</h2><span class="small faint">{text.in_file_note(types.rows)}</span>
            </div>
            <div class="travel-scroll">
                <table class="data-table">
                    <thead><tr>
                        <th scope="col">{text.c_type()}</th><th scope="col" class="num">{text.c_rows()}</th>
                        <th scope="col">{text.c_way()}</th><th scope="col" class="wide-only">{text.c_why()}</th>
                    </tr></thead>
                    <tbody>{types.list.into_iter().enumerate().map(|(at, one)| view! { <Row state at one/> }).collect_view()}</tbody>
                </table>
            </div>
            {(more > 0).then(|| view! { <p class="small soft pad-x">{text.more(more)}</p> })}
            <p class="small faint pad-x">{text.later()}</p>
        </section>
    }
}

#[component]
fn Row(state: ImportPageState, at: usize, one: TypeDraft) -> impl IntoView {
    let text = t().relations;
    let found = one.found;
    let now = Memo::new(move |_| {
        let current = state.current.get();
        state.drafts.with(|drafts| {
            let one = drafts.get(current)?.types.as_ref()?.list.get(at)?;
            Some((one.travel, one.by_hand))
        })
    });
    let travel = move || now.get().map_or(Travel::None, |(travel, _)| travel);
    let options: Vec<Choice> = ways().into_iter().map(|(word, way)| Choice::new(word, way)).collect();
    let choose = move |word: String| {
        let Some(travel) = Travel::of(&word) else { return };
        state.edit(|draft| {
            if let Some(one) = draft.types.as_mut().and_then(|types| types.list.get_mut(at)) {
                one.travel = travel;
                one.by_hand = true;
            }
        });
    };
    let (why, sure) = (i18n::l(&found.guess.why), found.guess.sure);
    view! {
        <tr data-testid="relation-type">
            <td class="travel-name"><b>{found.key.clone()}</b></td>
            <td class="num">{number(found.count)}</td>
            <td class="travel-way">
                <Select value=Signal::derive(move || travel().word().to_owned()) options label=text.way_of(&found.key) size=Size::Small on_change=choose/>
                <span class="small faint">{move || text.means(travel())}</span>
            </td>
            <td class="wide-only small soft">
                {move || match now.get() {
                    Some((_, true)) => t().import.by_hand().into_any(),
                    _ if sure => why.clone().into_any(),
                    _ => view! { <span class="row"><Icon glyph=ic::CIRCLE_HELP class="s ic-warn"/><b>{text.unsure()}</b></span>{why.clone()} }.into_any(),
                }}
            </td>
        </tr>
    }
}
