//! One run: its steps as tree and waterfall, as flame graph, as log; what went into a step, what came out and what of
//! the answer rests on it; running again from a step.

mod approval;
pub mod args;
mod facts;
mod flame;
mod head;
mod inspector;
mod json;
mod minimap;
mod restart;
mod row;
mod source;
pub mod told;
mod tree;
mod waterfall;

use std::{collections::HashSet, sync::Arc};

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};
use model::{
    RunId,
    answer::AskStarted,
    run::{RunDetail, RunStep},
};

use self::tree::Tree;
use crate::{
    api,
    i18n::t,
    ui::{
        Crumb, Empty, ErrorState, PageKeys, Remote, Skeleton, call, estate::Address, ic, page_keys, remote,
        set_crumbs,
    },
};

pub use self::{
    json::{code, pretty},
    restart::RestartDialog,
    source::evidence_href,
};

/// Steps asked for at once.
const PAGE: u32 = 2_000;
/// How often a run at work is looked at, in milliseconds; the more steps there are the less often.
const LOOK_MS: u32 = 1_200;
/// Steps for which once more as long is waited.
const LOOK_STEPS: u32 = 3_000;

/// The address of a run.
pub fn run_href(id: RunId) -> String {
    format!("/runs/{id}")
}

/// The address of a step of a run.
pub fn step_href(id: RunId, step: &str) -> String {
    format!("/runs/{id}?step={}", js_sys::encode_uri_component(step))
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Scene {
    id: RunId,
    address: Address,
    detail: Remote<RunDetail>,
    steps: RwSignal<Arc<Vec<RunStep>>>,
    tree: Memo<Arc<Tree>>,
    rows: Memo<Arc<Vec<u32>>>,
    closed: RwSignal<HashSet<String>>,
    chosen: RwSignal<String>,
    /// The part of the run shown, as shares of its time.
    window: RwSignal<(f64, f64)>,
    /// Only the critical path has colour.
    path_only: RwSignal<bool>,
    restarting: RwSignal<Option<String>>,
    inspecting: RwSignal<bool>,
}

impl Scene {
    /// Chooses a step and opens what hides it.
    fn choose(self, path: String) {
        self.tree.with_untracked(|tree| {
            let mut at = tree.index.get(&path).and_then(|at| tree.spans[*at].parent);
            let mut hidden = Vec::new();
            while let Some(parent) = at {
                hidden.push(tree.spans[parent].path.clone());
                at = tree.spans[parent].parent;
            }
            if hidden.iter().any(|path| self.closed.with_untracked(|closed| closed.contains(path))) {
                self.closed.update(|closed| closed.retain(|path| !hidden.contains(path)));
            }
        });
        self.inspecting.set(true);
        self.chosen.set(path);
    }

    /// Moves over the rows that are shown.
    fn step(self, by: i64) {
        let next = self.rows.with_untracked(|rows| {
            let here = self.place().unwrap_or(0) as i64;
            let last = rows.len().saturating_sub(1) as i64;
            rows.get((here + by).clamp(0, last) as usize).copied()
        });
        if let Some(next) = next {
            let path = self.tree.with_untracked(|tree| tree.spans.get(next as usize).map(|s| s.path.clone()));
            if let Some(path) = path {
                self.choose(path);
            }
        }
    }

    /// Which of the rows shown is chosen.
    fn place(self) -> Option<usize> {
        let at = self
            .tree
            .with_untracked(|tree| self.chosen.with_untracked(|path| tree.index.get(path).copied()))?;
        self.rows.with_untracked(|rows| rows.binary_search(&u32::try_from(at).ok()?).ok())
    }

    /// Shows the time of the chosen step only.
    fn zoom(self) {
        let window = self.tree.with_untracked(|tree| {
            let span =
                self.chosen.with_untracked(|path| tree.index.get(path).map(|at| tree.spans[*at].clone()))?;
            let margin = span.ms() * 0.05;
            Some((
                ((span.from - margin) / tree.total).max(0.0),
                ((span.until + margin) / tree.total).min(1.0),
            ))
        });
        if let Some(window) = window.filter(|(from, until)| until - from > 1e-6) {
            self.window.set(window);
        }
    }
}

/// The page of `/runs/:id`.
#[component]
pub fn TracePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id")).and_then(|id| id.parse::<RunId>().ok()));
    move || match id.get() {
        Some(id) => view! { <Trace id/> }.into_any(),
        None => view! { <super::not_found::NotFoundPage/> }.into_any(),
    }
}

#[component]
fn Trace(id: RunId) -> impl IntoView {
    let text = t().trace;
    let address = Address::of(move || run_href(id));
    let detail = remote(move || call(move || api::runs::get_run(id)));
    let steps = RwSignal::new(Arc::new(Vec::<RunStep>::new()));
    fetch_steps(id, detail, steps);
    let tree = Memo::new(move |_| {
        detail.value.with(|detail| {
            detail.as_ref().map(|detail| Arc::new(tree::build(detail, &steps.read()))).unwrap_or_default()
        })
    });
    let closed = RwSignal::new(HashSet::new());
    let rows = Memo::new(move |_| Arc::new(tree::shown(&tree.read(), &closed.read())));
    let chosen = RwSignal::new(address.query.with_untracked(|q| q.get("step").to_owned()));
    let scene = Scene {
        id,
        address,
        detail,
        steps,
        tree,
        rows,
        closed,
        chosen,
        window: RwSignal::new((0.0, 1.0)),
        path_only: RwSignal::new(true),
        restarting: RwSignal::new(None),
        inspecting: RwSignal::new(!chosen.with_untracked(String::is_empty)),
    };
    keep_choice(scene);
    page_keys(
        PageKeys::default()
            .on("J", text.next(), move || scene.step(1))
            .on("K", text.previous(), move || scene.step(-1))
            .on("Z", text.zoom_step(), move || scene.zoom())
            .on("0", text.whole(), move || scene.window.set((0.0, 1.0))),
    );
    Effect::new(move || {
        let title = detail.value.with(|d| d.as_ref().map(|d| d.run.title.clone()));
        let title = title.unwrap_or_else(|| text.run().to_owned());
        set_crumbs(vec![Crumb::link(t().runs.title(), "/runs"), Crumb::here(title)]);
    });
    // What stays the same is not built anew: a run at work comes in again and again.
    let shape = Memo::new(move |_| (detail.value.with(Option::is_some), detail.error.get()));
    let view_of = address.value("view");
    let open = StoredValue::new(use_navigate());
    view! {
        <div class="trace-page" data-testid="trace">
            {move || match shape.get() {
                (false, Some(error)) => view! { <ErrorState error=error on_retry=Callback::new(move |()| detail.reload())/> }.into_any(),
                (false, None) => view! { <Skeleton rows=16/> }.into_any(),
                (true, _) => {
                    view! {
                        <head::Summary scene/>
                        <approval::Approvals scene/>
                        <head::Bar scene/>
                        {move || {
                            let none = scene.tree.with(|tree| tree.spans.len() < 2);
                            let had = detail.value.with(|d| d.as_ref().is_some_and(|d| d.run.steps > 0 && d.run.status.ended()));
                            match view_of.get().as_str() {
                                _ if none && had => view! { <div class="trace-list"><Empty title=text.steps_gone() text=text.steps_gone_text() glyph=ic::LIST_TREE/></div> }.into_any(),
                                _ if none => view! { <div class="trace-list"><Empty title=text.no_steps() text=text.no_steps_text() glyph=ic::LIST_TREE/></div> }.into_any(),
                                "flame" => view! { <flame::Flame scene/> }.into_any(),
                                "log" => view! { <waterfall::Waterfall scene log=true/> }.into_any(),
                                _ => view! { <waterfall::Waterfall scene log=false/> }.into_any(),
                            }
                        }}
                        <inspector::Inspector scene/>
                        <restart::RestartDialog run=id step=scene.restarting on_started=move |started: AskStarted| open.get_value()(&run_href(started.run_id), NavigateOptions::default())/>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// Fetches the steps the first answer did not hold, and all of it again while the run is at work.
fn fetch_steps(id: RunId, detail: Remote<RunDetail>, steps: RwSignal<Arc<Vec<RunStep>>>) {
    let generation = StoredValue::new(0u32);
    Effect::new(move || {
        let Some((first, mut next, at_work)) = detail.value.with(|detail| {
            detail.as_ref().map(|d| (d.steps.items.clone(), d.steps.next, !d.run.status.ended()))
        }) else {
            return;
        };
        generation.update_value(|n| *n += 1);
        let mine = generation.get_value();
        let had = steps.with_untracked(|all| all.len());
        // A run at work comes in again from the beginning: what is there stays until more is.
        let mut all = first;
        if all.len() >= had || next.is_none() {
            steps.set(Arc::new(all.clone()));
        }
        spawn_local(async move {
            while let Some(after) = next {
                let Ok(page) = call(move || api::runs::run_steps(id, after, PAGE)).await else { break };
                if generation.try_get_value() != Some(mine) {
                    return;
                }
                all.extend(page.items);
                next = page.next;
                // The tree is made anew each time more is shown: when it has doubled, and at the end.
                let shown = steps.try_with_untracked(|steps| steps.len()).unwrap_or(usize::MAX);
                if all.len() >= shown.saturating_mul(2) || (next.is_none() && all.len() >= shown) {
                    steps.try_set(Arc::new(all.clone()));
                }
            }
            if at_work {
                let many = u32::try_from(all.len()).unwrap_or(u32::MAX) / LOOK_STEPS;
                gloo_timers::future::TimeoutFuture::new(LOOK_MS * (1 + many.min(20))).await;
                if generation.try_get_value() == Some(mine) {
                    detail.reload();
                }
            }
        });
    });
}

/// Keeps the chosen step in the address, a moment after the keys have come to rest.
fn keep_choice(scene: Scene) {
    let generation = StoredValue::new(0u32);
    Effect::new(move |before: Option<()>| {
        let path = scene.chosen.get();
        if before.is_none() {
            return;
        }
        generation.update_value(|n| *n += 1);
        let mine = generation.get_value();
        set_timeout(
            move || {
                if generation.try_get_value() == Some(mine) {
                    scene.address.update(|q| q.set("step", path));
                }
            },
            std::time::Duration::from_millis(300),
        );
    });
    Effect::new(move || {
        let asked = scene.address.query.with(|q| q.get("step").to_owned());
        if !asked.is_empty() && scene.chosen.get_untracked() != asked {
            scene.choose(asked);
        }
    });
}
