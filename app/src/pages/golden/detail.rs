//! One golden question: its checks, and what differed in the chosen one.

use leptos::{prelude::*, task::spawn_local};
use model::{
    GoldenId,
    golden::{CheckOutcome, Difference, DifferenceIn, Golden, GoldenCheck},
};

use super::{
    Scene, outcome_badge,
    pin::{RulesFields, RulesForm, every_words},
};
use crate::{
    api,
    i18n::{date_time, duration_ms, t},
    pages::trace::run_href,
    ui::{
        Button, Callout, Confirm, Dialog, Kind, Kv, LinkButton, Loaded, Remote, Size, Tone, call, ic, remote,
        toast, toast_error,
    },
};

/// One golden question.
#[component]
pub fn Detail(scene: Scene, id: GoldenId) -> impl IntoView {
    let golden = remote(move || {
        // What the list says has changed, so the detail may have too.
        scene.list.at.track();
        call(move || api::golden::get_golden(id))
    });
    view! { <Loaded remote=golden let:found><Shown scene golden found/></Loaded> }
}

#[component]
fn Shown(scene: Scene, golden: Remote<Golden>, found: Golden) -> impl IntoView {
    let text = t().runs;
    let id = found.summary.id;
    let (busy, editing, removing) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let check = move |_| {
        busy.set(true);
        spawn_local(async move {
            match call(move || api::golden::check_golden(id)).await {
                Ok(_) => scene.list.reload(),
                Err(error) => toast_error(&error),
            }
            busy.try_set(false);
        });
    };
    let remove = move |()| {
        spawn_local(async move {
            match call(move || api::golden::remove_golden(id)).await {
                Ok(()) => {
                    toast(text.g_removed());
                    scene.address.update(|q| q.set("id", ""));
                    scene.list.reload();
                }
                Err(error) => toast_error(&error),
            }
        });
    };
    let s = found.summary.clone();
    let chosen = RwSignal::new(0usize);
    let checks = StoredValue::new(found.checks.clone());
    let facts = [
        every_words(s.rules.every_min),
        format!(
            "{} {}",
            text.g_moment(),
            if s.rules.same_moment { text.g_same_moment() } else { text.g_now() }
        ),
        text.g_numbers(u64::from(s.numbers)),
    ];
    view! {
        <header class="golden-head">
            <div class="row">{outcome_badge(s.last.as_ref().map(|c| c.outcome))}<h2 class="grow">{s.question.clone()}</h2></div>
            <p class="small soft">
                {facts.join(" · ")}
                {(found.context_turns > 0).then(|| format!(" · {}", text.g_context(u64::from(found.context_turns))))}
                {s.due_at.map(|at| format!(" · {} {}", text.g_due(), date_time(at)))}
            </p>
            <div class="row wrap-row golden-acts">
                {scene.may.then(|| view! {
                    <Button kind=Kind::Primary icon=ic::ROTATE_CW busy=busy on_click=check>{text.g_check()}</Button>
                    <Button icon=ic::SLIDERS_HORIZONTAL on_click=move |_| editing.set(true)>{text.g_edit()}</Button>
                })}
                <LinkButton href=run_href(s.run_id) icon=ic::LIST_TREE>{text.g_run()}</LinkButton>
                {scene.may.then(|| view! { <Button kind=Kind::Danger icon=ic::TRASH_2 on_click=move |_| removing.set(true)>{t().common.remove()}</Button> })}
            </div>
        </header>
        <details class="card golden-answer"><summary class="row"><h3>{text.g_answer()}</h3><span class="small faint">{text.g_by(&s.by)}" · "{date_time(s.created_at)}</span></summary><p class="answer-text">{found.answer.clone()}</p></details>
        <section class="stack">
            <h3>{text.g_checks()}</h3>
            {if found.checks.is_empty() {
                view! { <p class="small faint">{text.g_no_checks()}</p> }.into_any()
            } else {
                view! {
                    <ul class="golden-checks" role="list">
                        {found.checks.iter().enumerate().map(|(at, check)| line(at, check, chosen)).collect_view()}
                    </ul>
                }.into_any()
            }}
        </section>
        {move || checks.with_value(|checks| checks.get(chosen.get()).cloned()).map(|check| view! { <Check scene id check/> })}
        <EditDialog scene golden open=editing rules=s.rules.clone()/>
        <Confirm open=removing title=text.g_remove_title() text=text.g_remove_text(found.checks.len() as u64) action=t().common.remove() on_confirm=remove/>
    }
}

fn line(at: usize, check: &GoldenCheck, chosen: RwSignal<usize>) -> AnyView {
    let text = t().runs;
    let count = check.differences.len() as u64;
    view! {
        <li>
            <button type="button" class="golden-check" aria-pressed=move || (chosen.get() == at).to_string() on:click=move |_| chosen.set(at)>
                {outcome_badge(Some(check.outcome))}
                <span class="grow">{date_time(check.at)}" "<span class="small faint">{if check.scheduled { text.g_scheduled() } else { text.g_by_hand() }}</span></span>
                <span class="small soft">{(count > 0).then(|| text.g_differences(count))}</span>
                <span class="small faint num">{check.ms.map(duration_ms)}</span>
            </button>
        </li>
    }
    .into_any()
}

/// What differed in a check.
#[component]
fn Check(scene: Scene, id: GoldenId, check: GoldenCheck) -> impl IntoView {
    let text = t().runs;
    let busy = RwSignal::new(false);
    let run = check.run_id;
    let accept = move |_| {
        let Some(run) = run else { return };
        busy.set(true);
        spawn_local(async move {
            match call(move || api::golden::accept_golden(id, run)).await {
                Ok(()) => {
                    toast(text.g_accepted());
                    scene.list.reload();
                }
                Err(error) => toast_error(&error),
            }
            busy.try_set(false);
        });
    };
    let may_accept =
        scene.may && run.is_some() && matches!(check.outcome, CheckOutcome::Changed | CheckOutcome::Reworded);
    let rows: Vec<_> = check.differences.iter().map(difference).collect();
    let count = rows.len() as u64;
    view! {
        <section class="stack" data-testid="golden-check" data-outcome=outcome_key(check.outcome)>
            <div class="row">
                <h3 class="grow">{text.g_differences(check.differences.len() as u64)}</h3>
                {run.map(|run| view! { <LinkButton size=Size::Small href=run_href(run) icon=ic::LIST_TREE>{text.g_run()}</LinkButton> })}
                {may_accept.then(|| view! { <Button size=Size::Small icon=ic::CHECK_CHECK busy=busy on_click=accept>{text.g_accept()}</Button> })}
            </div>
            {check.error.clone().map(|error| view! { <Callout tone=Tone::Warn>{error}</Callout> })}
            {(!rows.is_empty()).then(|| view! {
                <div class="card scroll" tabindex="0" role="region" aria-label=text.g_differences(count)>
                    <table class="data-table golden-diff">
                        <thead><tr><th scope="col">{t().common.kind()}</th><th scope="col">{t().common.name()}</th><th scope="col">{text.g_before()}</th><th scope="col">{text.g_after()}</th></tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            })}
        </section>
    }
}

fn difference(d: &Difference) -> AnyView {
    let text = t().runs;
    let word = match d.r#in {
        DifferenceIn::Status => text.in_status(),
        DifferenceIn::Number => text.in_number(),
        DifferenceIn::Plan => text.in_plan(),
        DifferenceIn::Text => text.in_text(),
    };
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| text.absent().to_owned());
    let change = change(d).map(|change| view! { " "<span class="faint nowrap">{change}</span> });
    view! {
        <tr>
            <td class="faint">{word}</td><td class="wrap">{d.what.clone()}</td>
            <td class="wrap diff-del">{value(&d.before)}</td><td class="wrap diff-add">{value(&d.after)}{change}</td>
        </tr>
    }
    .into_any()
}

/// By how much a number changed: `+12 %`.
fn change(d: &Difference) -> Option<String> {
    if d.r#in != DifferenceIn::Number {
        return None;
    }
    let (before, after): (f64, f64) = (d.before.as_ref()?.parse().ok()?, d.after.as_ref()?.parse().ok()?);
    if before == 0.0 {
        return None;
    }
    let percent = (after - before) / before.abs() * 100.0;
    Some(format!("{}{} %", if percent > 0.0 { "+" } else { "" }, crate::i18n::decimal(percent, 1)))
}

fn outcome_key(outcome: CheckOutcome) -> &'static str {
    match outcome {
        CheckOutcome::Same => "same",
        CheckOutcome::Reworded => "reworded",
        CheckOutcome::Changed => "changed",
        CheckOutcome::Failed => "failed",
    }
}

#[component]
fn EditDialog(
    scene: Scene,
    golden: Remote<Golden>,
    open: RwSignal<bool>,
    rules: model::golden::GoldenRules,
) -> impl IntoView {
    let text = t().runs;
    let form = RulesForm::new(&rules);
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None));
    let save = move || {
        let Some(id) = golden.value.with_untracked(|g| g.as_ref().map(|g| g.summary.id)) else { return };
        let rules = form.rules();
        busy.set(true);
        spawn_local(async move {
            match call(move || api::golden::change_golden(id, rules.clone())).await {
                Ok(()) => {
                    open.try_set(false);
                    toast(text.g_saved());
                    scene.list.reload();
                }
                Err(found) => _ = error.try_set(Some(found)),
            }
            busy.try_set(false);
        });
    };
    view! {
        <Dialog open title=text.g_edit()>
            <form class="stack" on:submit=move |event| { event.prevent_default(); save(); }>
                <RulesFields form error=error.into()/>
                <Kv><dt>{text.g_last()}</dt><dd>{move || golden.value.with(|g| g.as_ref().and_then(|g| g.summary.last.as_ref().map(|c| date_time(c.at))))}</dd></Kv>
                <div class="row end">
                    <Button size=Size::Large on_click=move |_| open.set(false)>{t().common.cancel()}</Button>
                    <Button size=Size::Large kind=Kind::Primary r#type="submit" busy=busy>{t().common.save()}</Button>
                </div>
            </form>
        </Dialog>
    }
}
