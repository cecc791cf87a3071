//! What people said to be no anomaly: who, when, why, what it does, and taking it back.

use leptos::{prelude::*, task::spawn_local};
use model::{
    incident::Feedback,
    perm::{AnomalyJudge, Permission},
};

use super::Scene;
use crate::{
    api,
    i18n::{date_time, decimal, t, time},
    ui::{Button, Drawer, Loaded, Remote, Size, call, remote, session::may, toast, toast_error},
};

/// The panel.
#[component]
pub fn FeedbackPanel(scene: Scene, open: RwSignal<bool>) -> impl IntoView {
    let text = t().incidents;
    view! {
        <Drawer open title=text.said_list()>
            {move || open.get().then(|| view! { <All scene/> })}
        </Drawer>
    }
}

#[component]
fn All(scene: Scene) -> impl IntoView {
    let text = t().incidents;
    let all = remote(|| call(|| api::incidents::list_feedback(None)));
    let is_empty = Callback::new(|all: Vec<Feedback>| all.is_empty());
    let empty = move || view! { <p class="soft pad">{text.said_none()}</p> };
    view! {
        <Loaded remote=all is_empty empty let:list>
            <ul class="inc-said-list" data-testid="feedback">{list.into_iter().map(|one| row(one, scene, all)).collect_view()}</ul>
        </Loaded>
    }
}

fn row(one: Feedback, scene: Scene, all: Remote<Vec<Feedback>>) -> AnyView {
    let text = t().incidents;
    let id = one.id;
    let gone = one
        .withdrawn_at
        .map(|at| text.withdrawn(one.withdrawn_by.as_deref().unwrap_or_default(), &date_time(at)));
    let open = gone.is_none() && may(AnomalyJudge::LEAST);
    let take_back = move |_| {
        spawn_local(async move {
            match call(move || api::incidents::withdraw_feedback(id)).await {
                Ok(_) => {
                    toast(text.withdrawn_done());
                    all.reload();
                    scene.page.reload();
                }
                Err(error) => toast_error(&error),
            }
        });
    };
    let peer = if one.peer.is_empty() { String::new() } else { format!(" → {}", one.peer) };
    view! {
        <li>
            <p><a class="id" href=format!("/cis/{}", one.ci)>{one.ci.clone()}</a>{peer}" "<b>{one.metric.clone()}</b></p>
            <p>{one.reason.clone()}</p>
            <p class="small soft">{date_time(one.from)}"–"{time(one.until)}" · "{text.sigmas(&decimal(one.sigma, 1))}</p>
            <p class="small faint" title=text.said_trace(&one.trace_id)>{text.said_by(&one.by, &date_time(one.at))}" · "{text.threshold(&decimal(one.threshold, 1))}</p>
            {gone.map(|gone| view! { <p class="small faint">{gone}</p> })}
            {open.then(|| view! { <Button size=Size::Small on_click=take_back>{text.withdraw()}</Button> })}
        </li>
    }
    .into_any()
}
