//! What a run waits for: a person decides, and the run goes on.

use leptos::{prelude::*, task::spawn_local};
use model::run::{Approval, Decision};

use super::Scene;
use crate::{
    api,
    i18n::{date_time, t},
    pages::shell::role_name,
    ui::{Button, Dialog, Field, Icon, Input, Kind, Size, call, ic, toast, toast_error},
};

/// The decisions a run waits for.
#[component]
pub fn Approvals(scene: Scene) -> impl IntoView {
    let waiting = Memo::new(move |_| {
        scene.detail.value.with(|detail| {
            let all = detail.iter().flat_map(|d| d.approvals.iter());
            all.filter(|a| a.approved.is_none()).cloned().collect::<Vec<_>>()
        })
    });
    move || {
        let all = waiting.get();
        (!all.is_empty()).then(|| view! { <div class="trace-approvals">{all.into_iter().map(|approval| view! { <One scene approval/> }).collect_view()}</div> })
    }
}

#[component]
fn One(scene: Scene, approval: Approval) -> impl IntoView {
    let text = t().trace;
    let (denying, reason, busy) = (RwSignal::new(false), RwSignal::new(String::new()), RwSignal::new(false));
    let (id, step) = (approval.run_id, StoredValue::new(approval.step.clone()));
    let decide = move |approve: bool| {
        busy.set(true);
        let decision = Decision { approve, reason: reason.get_untracked() };
        spawn_local(async move {
            let step = step.get_value();
            match call(move || api::runs::decide(id, step.clone(), decision.clone())).await {
                Ok(_) => {
                    toast(if approve { text.approved() } else { text.denied() });
                    denying.try_set(false);
                    scene.detail.reload();
                }
                Err(error) => toast_error(&error),
            }
            busy.try_set(false);
        });
    };
    let (what, may) = (approval.what.clone(), approval.may_decide);
    view! {
        <section class="banner" role="status" data-testid="approval">
            <Icon glyph=ic::HAND/>
            <span class="grow">
                <b>{text.waits()}</b>" "{what}
                <span class="small faint">
                    " · "{approval.asked_by_name.clone()}" · "{text.waits_for(role_name(approval.who))}" · "{text.expires(&date_time(approval.expires_at))}
                </span>
            </span>
            {may.then(|| view! {
                <Button kind=Kind::Primary icon=ic::CHECK busy=busy on_click=move |_| decide(true)>{text.approve()}</Button>
                <Button on_click=move |_| denying.set(true)>{text.deny()}</Button>
            })}
            <Dialog open=denying title=text.deny_title() class="narrow">
                <form class="stack" on:submit=move |event| { event.prevent_default(); decide(false); }>
                    <Field label=text.deny_reason() required=true><Input value=reason autofocus=true/></Field>
                    <div class="row end">
                        <Button size=Size::Large on_click=move |_| denying.set(false)>{t().common.cancel()}</Button>
                        <Button size=Size::Large kind=Kind::DangerSolid r#type="submit" busy=busy disabled=Signal::derive(move || reason.with(|r| r.trim().is_empty()))>{text.deny()}</Button>
                    </div>
                </form>
            </Dialog>
        </section>
    }
}
