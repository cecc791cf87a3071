//! The head of a run: how it ended, what it took, what can be done with it; and the bar over the rows.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::run::RunDetail;

use super::{Scene, minimap::Minimap, run_href};
use crate::{
    api,
    i18n::{decimal, duration_ms, number, t},
    pages::{
        golden::PinDialog,
        runs::{cost_words, status_dot},
    },
    ui::{
        Button, Choice, Icon, IconButton, LinkButton, Menu, MenuItem, Segmented, call, download, ic, session,
        states::copy, toast, toast_error,
    },
};

/// How it ended, what it took, what can be done.
#[component]
pub fn Summary(scene: Scene) -> impl IntoView {
    let detail = Memo::new(move |_| scene.detail.value.get().map(std::sync::Arc::new));
    move || detail.get().map(|detail| summary(scene, &detail))
}

fn summary(scene: Scene, detail: &RunDetail) -> AnyView {
    let text = t().trace;
    let run = detail.run.clone();
    let limit = detail.plan.as_ref().map(|plan| text.limit(&duration_ms(plan.timeout_ms as f64)));
    let tokens = run.tokens;
    let trace = run.trace_id.clone();
    let short: String = trace.chars().take(8).collect();
    let compare = format!("/runs?q={}&a={}", js_sys::encode_uri_component(&run.title), run.id);
    let at_work = !run.status.ended();
    let origin = run.forked_from.map(|from| {
        view! { <div><span class="small faint">{text.forked_from()}</span><b><a href=run_href(from)>{run.forked_step.clone().unwrap_or_default()}</a></b></div> }
    });
    let forks = detail.forks.clone();
    view! {
        <header class="trace-sum">
            <div><span class="small faint">{text.run()}</span><b data-testid="run-status" data-status=run.status.as_str()>{status_dot(run.status)}</b></div>
            <div><span class="small faint">{text.took()}</span><b>{run.total_ms.map(duration_ms)}" "<span class="small faint">{limit}</span></b></div>
            <div><span class="small faint">{text.steps()}</span><b>{number(detail.steps.total)}" "<span class="small faint">{move || text.depth(u64::from(scene.tree.read().depth))}</span></b></div>
            {(detail.spent.rows > 0).then(|| view! { <div><span class="small faint">{text.rows_read()}</span><b>{number(detail.spent.rows)}</b></div> })}
            <div><span class="small faint">{text.tokens()}</span><b>{number(tokens)}</b></div>
            <div><span class="small faint">{text.cost()}</span><b>{cost_words(run.cost)}</b></div>
            <div><span class="small faint">{text.trace()}</span>
                <b class="row"><code title=trace.clone()>{short}"…"</code><IconButton glyph=ic::COPY size=crate::ui::Size::Small label=t().common.copy_trace() on_click=move |_| copy(trace.clone())/></b>
            </div>
            {origin}
            {(!forks.is_empty()).then(|| {
                let last = forks.last().copied();
                view! { <div><span class="small faint">{text.forks(forks.len() as u64)}</span><b>{last.map(|id| view! { <a href=run_href(id)>{id.to_string().chars().take(8).collect::<String>()}</a> })}</b></div> }
            })}
            {(run.takeovers > 0).then(|| view! { <span class="badge warn">{text.taken_over(u64::from(run.takeovers))}</span> })}
            <span class="grow"></span>
            <div class="row trace-acts">
            {at_work.then(|| view! { <Button icon=ic::CIRCLE_SLASH on_click=move |_| stop(scene)>{text.stop()}</Button> })}
            <LinkButton href=compare icon=ic::GIT_COMPARE>{text.compare()}</LinkButton>
            <AgainButton scene/>
            <More scene/>
            </div>
        </header>
    }
    .into_any()
}

/// Runs again from the chosen step, or from the first one.
#[component]
fn AgainButton(scene: Scene) -> impl IntoView {
    let text = t().trace;
    let step = Memo::new(move |_| {
        let chosen = scene.chosen.get();
        scene.detail.value.with(|detail| {
            let plan = detail.as_ref()?.plan.as_ref()?;
            let ids: Vec<String> = plan.nodes().iter().map(|node| node.id.clone()).collect();
            let held = super::restart::step_of_plan(&chosen).to_owned();
            if ids.contains(&held) {
                return Some((held, true));
            }
            let first = plan.nodes().into_iter().find(|node| node.inner().is_empty())?;
            Some((first.id.clone(), false))
        })
    });
    let shown =
        Memo::new(move |_| scene.detail.value.with(|d| d.as_ref().is_some_and(|d| d.run.status.ended())));
    move || {
        let (step, chosen) = step.get().filter(|_| shown.get())?;
        let word = if chosen { text.restart() } else { text.again() };
        Some(view! {
            <span data-testid="restart">
                <Button icon=ic::ROTATE_CW on_click=move |_| scene.restarting.set(Some(step.clone()))>{word}</Button>
            </span>
        })
    }
}

#[component]
fn More(scene: Scene) -> impl IntoView {
    let text = t().trace;
    let (open, pinning) = (RwSignal::new(false), RwSignal::new(false));
    let navigate = use_navigate();
    let thread = move || scene.detail.value.with_untracked(|d| d.as_ref().and_then(|d| d.run.thread_id));
    let may_pin = session::may(<model::perm::GoldenManage as model::perm::Permission>::LEAST);
    view! {
        <Menu
            open=open
            label=text.more()
            trigger=move || view! {
                <IconButton glyph=ic::ELLIPSIS label=text.more() expanded=Signal::derive(move || Some(open.get())) on_click=move |_| open.update(|o| *o = !*o)/>
            }
        >
            {
                let navigate = navigate.clone();
                thread().map(|thread| view! {
                    <MenuItem icon=ic::MESSAGE_SQUARE on_click=move |()| navigate(&format!("/threads/{thread}?run={}", scene.id), NavigateOptions::default())>{text.open_thread()}</MenuItem>
                })
            }
            <MenuItem icon=ic::BRACES on_click=move |()| save_json(scene)>{text.download_json()}</MenuItem>
            <MenuItem icon=ic::SHEET on_click=move |()| save_csv(scene)>{text.download_csv()}</MenuItem>
            {may_pin.then(|| view! { <MenuItem icon=ic::PIN on_click=move |()| pinning.set(true)>{t().runs.g_pin()}</MenuItem> })}
        </Menu>
        <PinDialog run=scene.id open=pinning/>
    }
}

fn stop(scene: Scene) {
    spawn_local(async move {
        match call(move || api::runs::stop_run(scene.id)).await {
            Ok(()) => {
                toast(t().trace.stopped());
                scene.detail.reload();
            }
            Err(error) => toast_error(&error),
        }
    });
}

/// The run with every step that is here.
fn save_json(scene: Scene) {
    let Some(mut detail) = scene.detail.value.get_untracked() else { return };
    detail.steps.items = scene.steps.with_untracked(|steps| steps.as_ref().clone());
    detail.steps.next = None;
    if let Ok(json) = serde_json::to_string_pretty(&detail) {
        download::text(&format!("run-{}.json", scene.id), "application/json", &json);
    }
}

fn save_csv(scene: Scene) {
    let heads = [
        "ord",
        "path",
        "tool",
        "label",
        "status",
        "started_ms",
        "ms",
        "rows",
        "bytes",
        "attempts",
        "cached",
        "error",
        "code",
    ];
    let rows = scene.steps.with_untracked(|steps| {
        steps
            .iter()
            .filter_map(|step| serde_json::to_value(step).ok())
            .filter_map(|step| step.as_object().cloned())
            .collect::<Vec<_>>()
    });
    let columns: Vec<model::answer::Column> = heads
        .iter()
        .map(|key| model::answer::Column {
            key: (*key).to_owned(),
            label: (*key).to_owned(),
            unit: String::new(),
            numeric: false,
        })
        .collect();
    download::csv(&format!("run-{}", scene.id), &columns, &rows);
}

/// Which picture of the steps, the critical path, the run in small.
#[component]
pub fn Bar(scene: Scene) -> impl IntoView {
    let text = t().trace;
    let value = scene.address.value("view");
    let shown = Signal::derive(move || if value.read().is_empty() { "tree".to_owned() } else { value.get() });
    let options = vec![
        Choice::new("tree", text.v_tree()),
        Choice::new("flame", text.v_flame()),
        Choice::new("log", text.v_log()),
    ];
    let loading = move || {
        let (here, all) = (
            scene.steps.with(|s| s.len() as u64),
            scene.detail.value.with(|d| d.as_ref().map_or(0, |d| u64::from(d.steps.total))),
        );
        (here < all).then(|| text.loading_steps(here, all))
    };
    view! {
        <div class="trace-tools">
            <div class="row">
                <Segmented value=shown options label=text.view() on_change=move |value: String| {
                    scene.address.push(|q| q.set("view", if value == "tree" { String::new() } else { value }));
                }/>
                <button
                    type="button"
                    class="chip"
                    title=text.critical_on()
                    aria-pressed=move || scene.path_only.get().to_string()
                    on:click=move |_| scene.path_only.update(|on| *on = !*on)
                >
                    <Icon glyph=ic::ROUTE class="s"/>
                    {move || text.critical(scene.tree.read().critical)}
                </button>
                <span class="small faint" role="status">{loading}</span>
                {move || (scene.window.get() != (0.0, 1.0)).then(|| view! {
                    <button type="button" class="btn ghost sm" on:click=move |_| scene.window.set((0.0, 1.0))>{text.whole()}<kbd>"0"</kbd></button>
                })}
            </div>
            <Minimap scene/>
        </div>
    }
}

/// A length of time as a share of the run: `12 %`.
pub fn share_words(ms: f64, total: f64) -> String {
    format!("{} %", decimal(ms / total.max(0.001) * 100.0, 1))
}
