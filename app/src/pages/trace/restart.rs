//! Running again from a step, with its arguments changed or as they were.

use leptos::{prelude::*, task::spawn_local};
use model::{
    RunId,
    answer::AskStarted,
    run::{Fork, StepDetail},
};
use serde_json::Value;

use super::{
    args::{ArgsEditor, Fault, faults_of, read},
    json::pretty,
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

/// The dialog that asks for the arguments and runs again from `step` of `run`.
#[component]
pub fn RestartDialog(
    /// The run.
    run: RunId,
    /// The step; the dialog is open while there is one.
    step: RwSignal<Option<String>>,
    /// The new run has begun.
    #[prop(into)]
    on_started: Callback<AskStarted>,
) -> impl IntoView {
    let text = t().trace;
    let open = RwSignal::new(false);
    Effect::new(move || open.set(step.with(Option::is_some)));
    Effect::new(move || {
        if !open.get() && step.with_untracked(Option::is_some) {
            step.set(None);
        }
    });
    let title = Signal::derive(move || text.restart_title(&step.get().unwrap_or_default()));
    view! {
        <Dialog open title class="wide">
            {move || step.get().map(|path| view! { <Form run step path on_started/> })}
        </Dialog>
    }
}

#[component]
fn Form(
    run: RunId,
    step: RwSignal<Option<String>>,
    path: String,
    on_started: Callback<AskStarted>,
) -> impl IntoView {
    let text = t().trace;
    let asked = path.clone();
    let detail = remote(move || {
        let path = asked.clone();
        call(move || api::runs::run_step(run, path.clone(), 0, 1))
    });
    view! {
        <p class="soft">{text.restart_text()}</p>
        <Loaded remote=detail let:detail><Arguments run step path=path.clone() detail on_started/></Loaded>
    }
}

#[component]
fn Arguments(
    run: RunId,
    step: RwSignal<Option<String>>,
    path: String,
    detail: StepDetail,
    on_started: Callback<AskStarted>,
) -> impl IntoView {
    let text = t().trace;
    let planned = detail.planned.clone().unwrap_or_else(|| detail.args.clone());
    let has_args = planned.as_object().is_some_and(|map| !map.is_empty());
    let first = pretty(&planned);
    let (shown, faults) = (RwSignal::new(first.clone()), RwSignal::new(Vec::<Fault>::new()));
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None));
    let changed = {
        let planned = planned.clone();
        move || shown.with(|text| serde_json::from_str::<Value>(text).ok().is_none_or(|now| now != planned))
    };
    let edited = changed.clone();
    let begin = move || {
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
        let fork = Fork { step: path.clone(), args };
        spawn_local(async move {
            let answer = call(move || api::runs::fork_run(run, fork.clone())).await;
            busy.try_set(false);
            match answer {
                Ok(started) => {
                    step.try_set(None);
                    on_started.run(started);
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
        <form class="stack" on:submit=move |event| { event.prevent_default(); begin(); }>
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
                <Button size=Size::Large on_click=move |_| step.set(None)>{t().common.cancel()}</Button>
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
