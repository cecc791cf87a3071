//! The home page before the first question: what can be asked, from which data, and what hurts answers.

use leptos::prelude::*;
use model::{
    ImportId,
    cmdb::EstateState,
    imports::{DemoRequest, ImportState},
};
use wasm_bindgen_futures::spawn_local;

use super::{composer::Composer, state::AskState};
use crate::{
    api::{cmdb, imports},
    i18n::{self, number, t},
    ui::{ErrorState, Icon, Skeleton, call, ic, remote, toast, toast_error},
};

/// Size of the demo estate loaded by the one button.
const DEMO: DemoRequest = DemoRequest { seed: 1, cis: 300 };

/// The empty home page.
#[component]
pub fn Home(state: AskState) -> impl IntoView {
    let version = RwSignal::new(0u32);
    let estate = remote(move || {
        version.track();
        call(move || cmdb::estate_state(i18n::lang()))
    });
    view! {
        <div class="home" data-testid="home">
            {move || match (estate.value.get(), estate.error.get()) {
                (None, None) => view! { <section class="main"><div class="inner"><Skeleton rows=6/></div></section> }.into_any(),
                (None, Some(error)) => view! { <section class="main"><div class="inner"><ErrorState error on_retry=move |()| version.update(|v| *v += 1)/></div></section> }.into_any(),
                (Some(estate), _) if estate.cis == 0 && estate.records == 0 => view! { <NoData version/> }.into_any(),
                (Some(estate), _) => view! { <WithData state estate version/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn NoData(version: RwSignal<u32>) -> impl IntoView {
    let a = t().ask;
    let loading = RwSignal::new(None::<f64>);
    let load = move |_| {
        if loading.get_untracked().is_some() {
            return;
        }
        loading.set(Some(0.0));
        spawn_local(async move {
            match call(|| imports::load_demo(DEMO)).await {
                Ok(id) => follow(id, loading).await,
                Err(error) => toast_error(&error),
            }
            loading.try_set(None);
            version.try_update(|v| *v += 1);
        });
    };
    // One that is at work already, begun before this page was built or elsewhere.
    spawn_local(async move {
        let Ok(list) = call(imports::list_imports).await else { return };
        let at_work =
            list.into_iter().find(|status| status.state == ImportState::Running && status.name == "demo");
        if let Some(status) = at_work
            && loading.try_get_untracked() == Some(None)
        {
            loading.try_set(Some(status.progress));
            follow(status.id, loading).await;
            loading.try_set(None);
            version.try_update(|v| *v += 1);
        }
    });
    view! {
        <section class="main">
            <div class="inner empty" data-testid="no-data">
                <Icon glyph=ic::BOXES/>
                <h1>{a.empty_heading()}</h1>
                <p>{a.empty_text()}</p>
                {move || match loading.get() {
                    Some(share) => view! {
                        <div class="stack demo-progress" role="status">
                            <span>{a.demo_loading()}</span>
                            <div class="meter" role="progressbar" aria-label=a.demo_loading() aria-valuenow=format!("{:.0}", share * 100.0) aria-valuemin="0" aria-valuemax="100">
                                <i style=format!("width:{}%", share * 100.0)></i>
                            </div>
                        </div>
                    }.into_any(),
                    None => view! {
                        <div class="row">
                            <button class="btn primary lg" data-testid="load-demo" on:click=load><Icon glyph=ic::PLAY/>{a.demo_load()}</button>
                            <a class="btn lg" href="/import"><Icon glyph=ic::UPLOAD/>{a.import()}</a>
                        </div>
                    }.into_any(),
                }}
            </div>
        </section>
    }
}

/// Follows an import to its end, or until the page is gone.
async fn follow(id: ImportId, progress: RwSignal<Option<f64>>) {
    loop {
        gloo_timers::future::TimeoutFuture::new(300).await;
        if progress.is_disposed() {
            return;
        }
        match call(move || imports::import_status(id)).await {
            Ok(status) if status.state == ImportState::Running => {
                progress.try_set(Some(status.progress));
            }
            Ok(status) => {
                if let Some(message) = status.message {
                    toast(i18n::l(&message));
                }
                return;
            }
            Err(error) => return toast_error(&error),
        }
    }
}

#[component]
fn WithData(state: AskState, estate: EstateState, version: RwSignal<u32>) -> impl IntoView {
    let a = t().ask;
    let examples = estate.examples.clone();
    view! {
        <section class="main">
            <div class="inner">
                <h1>{a.heading()}</h1>
                <p class="soft">{a.about(estate.cis, estate.records)}</p>
                <Composer state large=true/>
                <p class="small faint row"><Icon glyph=ic::CPU class="s"/>{a.by_rules()}</p>
                {(!examples.is_empty()).then(|| view! {
                    <div class="kinds"><h2>{a.examples()}</h2><span class="grow"></span><span class="small faint">{a.examples_note()}</span></div>
                    <ul class="list">
                        {examples.into_iter().map(|question| {
                            let ask = question.clone();
                            view! {
                                <li><button class="ex" data-testid="example" on:click=move |_| state.ask(ask.clone())>
                                    <Icon glyph=ic::CORNER_DOWN_RIGHT/><span class="grow">{question}</span>
                                </button></li>
                            }
                        }).collect_view()}
                    </ul>
                })}
                <div class="callout"><Icon glyph=ic::UNPLUG/><span class="grow"><b>{a.cannot_title()}</b>" "{a.cannot_text()}</span></div>
            </div>
        </section>
        <Side estate version/>
    }
}

#[component]
fn Side(estate: EstateState, version: RwSignal<u32>) -> impl IntoView {
    let a = t().ask;
    let mut checks = Vec::new();
    if estate.unrelated > 0 {
        checks.push((a.check_unrelated(estate.unrelated), Some("/topology")));
    }
    if estate.series == 0 {
        checks.push((a.check_no_metrics().to_owned(), Some("/import")));
    }
    if estate.records == 0 {
        checks.push((a.check_no_records().to_owned(), Some("/import")));
    }
    let remove_demo = move |_| {
        spawn_local(async move {
            match call(imports::remove_demo).await {
                Ok(_) => toast(t().ask.demo_removed()),
                Err(error) => toast_error(&error),
            }
            version.update(|v| *v += 1);
        });
    };
    view! {
        <aside class="side" aria-label=a.estate()>
            <section>
                <div class="row side-head">
                    <h2>{a.estate()}</h2>
                    {estate.demo.then(|| view! { <span class="badge info">{a.demo_badge()}</span> })}
                </div>
                <div class="estate">
                    <a href="/cis"><span class="small soft">{a.cis()}</span><b>{number(estate.cis)}</b><span class="small faint">{a.relations(estate.relations)}</span></a>
                    <a href="/cis"><span class="small soft">{a.series()}</span><b>{number(estate.series)}</b><span class="small faint">" "</span></a>
                    <a href="/events"><span class="small soft">{a.records()}</span><b>{number(estate.records)}</b><span class="small faint">{a.records_note()}</span></a>
                    <a href="/import"><span class="small soft">{a.import()}</span><b><Icon glyph=ic::UPLOAD/></b><span class="small faint">"CSV · JSON"</span></a>
                </div>
                {estate.demo.then(|| view! {
                    <button class="btn sm demo-remove" data-testid="remove-demo" on:click=remove_demo><Icon glyph=ic::TRASH_2 class="s"/>{a.demo_remove()}</button>
                })}
            </section>
            <section class="card">
                <div class="head"><h2>{a.checks()}</h2><span class="small faint end">{a.checks_note()}</span></div>
                <ul class="todo">
                    {if checks.is_empty() {
                        view! { <li><Icon glyph=ic::CIRCLE_CHECK class="ic-ok"/><span class="grow">{a.check_fine()}</span></li> }.into_any()
                    } else {
                        checks.into_iter().map(|(text, to)| view! {
                            <li><Icon glyph=ic::TRIANGLE_ALERT class="ic-warn"/><span class="grow">{text}</span>{to.map(|to| view! { <a href=to>{a.review()}</a> })}</li>
                        }).collect_view().into_any()
                    }}
                </ul>
            </section>
        </aside>
    }
}
