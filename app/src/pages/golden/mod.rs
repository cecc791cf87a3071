//! Golden questions: answers found right, asked again, and what differed.

mod detail;
mod pin;

use leptos::{prelude::*, task::spawn_local};
use model::{
    GoldenId,
    golden::{CheckOutcome, GoldenSummary},
};

pub use self::pin::PinDialog;
use crate::{
    api,
    i18n::{l, t},
    ui::{
        Badge, Button, Crumb, Empty, Kind, LinkButton, Loaded, Remote, Time, Tone, call, estate::Address, ic,
        remote, session, set_crumbs, toast, toast_error,
    },
};

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Scene {
    address: Address,
    list: Remote<Vec<GoldenSummary>>,
    chosen: Memo<Option<GoldenId>>,
    /// Whether the person may change anything here.
    may: bool,
}

/// The page of `/runs/golden`.
#[component]
pub fn GoldenPage() -> impl IntoView {
    let text = t().runs;
    set_crumbs(vec![Crumb::link(text.title(), "/runs"), Crumb::here(text.g_title())]);
    let address = Address::of(|| "/runs/golden".to_owned());
    let list = remote(|| call(api::golden::list_golden));
    let chosen = Memo::new(move |_| {
        let asked = address.query.with(|q| q.get("id").parse::<GoldenId>().ok());
        asked.or_else(|| list.value.with(|all| all.as_ref()?.first().map(|g| g.id)))
    });
    let may = session::may(<model::perm::GoldenManage as model::perm::Permission>::LEAST);
    let scene = Scene { address, list, chosen, may };
    let is_empty = Callback::new(|all: Vec<GoldenSummary>| all.is_empty());
    let empty = move || {
        view! {
            <Empty title=text.g_empty() text=text.g_empty_text() glyph=ic::PIN>
                <LinkButton kind=Kind::Primary href="/" icon=ic::MESSAGE_CIRCLE_QUESTION_MARK>{text.empty_action()}</LinkButton>
            </Empty>
        }
    };
    view! {
        <div class="golden-page" data-testid="golden">
            <header class="page-head">
                <h1>{text.g_title()}</h1>
                <p class="small soft wide-only grow">{text.g_lead()}</p>
                <div class="actions">
                    {may.then(|| view! { <CheckAll scene/> })}
                </div>
            </header>
            <Loaded remote=list is_empty=is_empty empty=empty let:all>
                <div class="golden-body">
                    <nav class="golden-list scroll" aria-label=text.g_title()>
                        {all.into_iter().map(|golden| view! { <Entry scene golden/> }).collect_view()}
                    </nav>
                    <section class="golden-detail scroll" tabindex="0" aria-label=t().common.details()>
                        {move || scene.chosen.get().map(|id| view! { <detail::Detail scene id/> })}
                    </section>
                </div>
            </Loaded>
        </div>
    }
}

#[component]
fn Entry(scene: Scene, golden: GoldenSummary) -> impl IntoView {
    let text = t().runs;
    let id = golden.id;
    let outcome = golden.last.as_ref().map(|check| check.outcome);
    let differences = golden.last.as_ref().map_or(0, |check| check.differences.len() as u64);
    let at = golden.last.as_ref().map(|check| check.at);
    view! {
        <a
            class="golden-item"
            href=format!("/runs/golden?id={id}")
            aria-current=move || (scene.chosen.get() == Some(id)).then_some("true")
        >
            <span class="row">{outcome_badge(outcome)}<b class="cut grow" title=golden.question.clone()>{golden.question.clone()}</b></span>
            <span class="row small faint">
                <span class="grow cut">{if golden.rules.note.is_empty() { text.g_by(&golden.by) } else { golden.rules.note.clone() }}</span>
                {(differences > 0).then(|| view! { <span class="up nowrap">{text.g_differences(differences)}</span> })}
                {at.map(|at| view! { <Time at=at/> })}
            </span>
        </a>
    }
}

/// How a check ended, as a badge; nothing yet when there was none.
fn outcome_badge(outcome: Option<CheckOutcome>) -> AnyView {
    let text = t().runs;
    let (tone, glyph, word) = match outcome {
        Some(CheckOutcome::Same) => (Tone::Ok, ic::CHECK, text.g_same()),
        Some(CheckOutcome::Reworded) => (Tone::Info, ic::TYPE, text.g_reworded()),
        Some(CheckOutcome::Changed) => (Tone::Danger, ic::FILE_DIFF, text.g_changed()),
        Some(CheckOutcome::Failed) => (Tone::Warn, ic::TRIANGLE_ALERT, text.g_failed()),
        None => (Tone::Neutral, ic::CIRCLE_DASHED, text.g_never()),
    };
    view! { <Badge tone=tone icon=glyph>{word}</Badge> }.into_any()
}

/// Asks all of them again, one after the other.
#[component]
fn CheckAll(scene: Scene) -> impl IntoView {
    let text = t().runs;
    let busy = RwSignal::new(false);
    let run = move |_| {
        let ids: Vec<GoldenId> =
            scene.list.value.with_untracked(|all| all.iter().flatten().map(|g| g.id).collect());
        busy.set(true);
        spawn_local(async move {
            let (mut same, mut changed) = (0, 0);
            for id in ids {
                match call(move || api::golden::check_golden(id)).await {
                    Ok(check) if matches!(check.outcome, CheckOutcome::Same | CheckOutcome::Reworded) => {
                        same += 1
                    }
                    Ok(_) => changed += 1,
                    Err(error) => {
                        toast_error(&error);
                        break;
                    }
                }
            }
            toast(text.g_checked(same, changed));
            scene.list.reload();
            busy.try_set(false);
        });
    };
    view! { <Button icon=ic::ROTATE_CW busy=busy on_click=run>{text.g_check_all()}</Button> }
}

/// A message of the server in the language in use.
fn told(error: &model::ApiError) -> String {
    l(&error.message)
}
