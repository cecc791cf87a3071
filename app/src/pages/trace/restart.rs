//! Running again from a step, with its arguments changed or as they were.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::run::{Fork, StepDetail};
use serde_json::Value;

use super::{
    Scene,
    args::{ArgsEditor, Fault, faults_of, read},
    json::pretty,
    run_href,
};
use crate::{
    api,
    i18n::t,
    ui::{Button, Dialog, ErrorState, Kind, Loaded, Size, call, remote},
};

/// The step of the plan that holds a step: a step in a loop or a sub-plan runs again with it.
pub fn step_of_plan(path: &str) -> &str {
    let first = path.split('.').next().unwrap_or(path);
    first.split('[').next().unwrap_or(first)
}

/// The dialog that asks for the arguments and runs again.
#[component]
pub fn Restart(scene: Scene) -> impl IntoView {
    let text = t().trace;
    let open = RwSignal::new(false);
    Effect::new(move || open.set(scene.restarting.with(Option::is_some)));
    Effect::new(move || {
        if !open.get() && scene.restarting.with_untracked(Option::is_some) {
            scene.restarting.set(None);
        }
    });
    let title = Signal::derive(move || text.restart_title(&scene.restarting.get().unwrap_or_default()));
    view! {
        <Dialog open title class="wide">
            {move || scene.restarting.get().map(|step| view! { <Form scene step/> })}
        </Dialog>
    }
}

#[component]
fn Form(scene: Scene, step: String) -> impl IntoView {
    let text = t().trace;
    let path = step.clone();
    let detail = remote(move || {
        let path = path.clone();
        call(move || api::runs::run_step(scene.id, path.clone(), 0, 1))
    });
    view! {
        <p class="soft">{text.restart_text()}</p>
        <Loaded remote=detail let:detail><Arguments scene step=step.clone() detail/></Loaded>
    }
}

#[component]
fn Arguments(scene: Scene, step: String, detail: StepDetail) -> impl IntoView {
    let text = t().trace;
    let planned = detail.planned.clone().unwrap_or_else(|| detail.args.clone());
    let has_args = planned.as_object().is_some_and(|map| !map.is_empty());
    let first = pretty(&planned);
    let (shown, faults) = (RwSignal::new(first.clone()), RwSignal::new(Vec::<Fault>::new()));
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None));
    let navigate = use_navigate();
    let changed = {
        let planned = planned.clone();
        move || shown.with(|text| serde_json::from_str::<Value>(text).ok().is_none_or(|now| now != planned))
    };
    let edited = changed.clone();
    let run = move || {
        let written = shown.get_untracked();
        let args = if has_args {
            match read(&written) {
                Ok(args) => Some(args).filter(|_| edited()),
                Err(fault) => return faults.set(vec![fault]),
            }
        } else {
            None
        };
        busy.set(true);
        failed.set(None);
        let fork = Fork { step: step.clone(), args };
        let navigate = navigate.clone();
        spawn_local(async move {
            let answer = call(move || api::runs::fork_run(scene.id, fork.clone())).await;
            busy.try_set(false);
            match answer {
                Ok(started) => {
                    scene.restarting.try_set(None);
                    navigate(&run_href(started.run_id), NavigateOptions::default());
                }
                Err(error) if has_args && !error.fields.is_empty() => {
                    faults.try_set(faults_of(&error, &written));
                }
                Err(error) => {
                    failed.try_set(Some(error));
                }
            }
        });
    };
    let reset = first.clone();
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); run(); }>
            {has_args.then(|| view! {
                <ArgsEditor text=shown faults label=format!("{} · {}", detail.step.tool, text.args())/>
                <p class="small faint">{text.args_hint()}</p>
            })}
            {move || failed.get().map(|error| view! { <ErrorState error/> })}
            <div class="row end">
                {move || changed().then(|| {
                    let reset = reset.clone();
                    view! {
                        <span class="badge accent">{text.changed()}</span>
                        <Button kind=Kind::Ghost on_click=move |_| { shown.set(reset.clone()); faults.set(Vec::new()); }>{text.reset()}</Button>
                    }
                })}
                <span class="grow"></span>
                <Button size=Size::Large on_click=move |_| scene.restarting.set(None)>{t().common.cancel()}</Button>
                <Button size=Size::Large kind=Kind::Primary r#type="submit" busy=busy disabled=Signal::derive(move || !faults.read().is_empty())>{text.run_again()}</Button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::step_of_plan;

    #[test]
    fn a_step_in_a_loop_or_a_sub_plan_is_named_by_the_step_that_holds_it() {
        assert_eq!(step_of_plan("s2[3].s3"), "s2");
        assert_eq!(step_of_plan("s4.s1"), "s4");
        assert_eq!(step_of_plan("s1"), "s1");
    }
}
