//! Templates of root-cause analysis: what is checked, how much it counts, versions, trying one out.

mod checks;
mod detail;
mod form;
mod trial;
mod versions;

use leptos::prelude::*;
use model::rca::{Applies, RcaTemplateSummary, Template, TemplateFault};

use crate::{
    api,
    i18n::{l, t},
    ui::{Badge, Crumb, Loaded, Remote, Tone, call, estate::Address, ic, remote, session, set_crumbs},
};

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Scene {
    address: Address,
    list: Remote<Vec<RcaTemplateSummary>>,
    chosen: Memo<String>,
    may: bool,
    /// The template as it stands on the page.
    draft: RwSignal<Template>,
    /// Faults the server found beside those that show here.
    told: RwSignal<Vec<TemplateFault>>,
    /// Raised when the draft was replaced from outside of the form, which is then made anew.
    epoch: RwSignal<u32>,
    /// A copy that was never saved.
    fresh: RwSignal<bool>,
}

impl Scene {
    /// Puts another template into the form.
    fn replace(self, template: Template) {
        self.told.set(Vec::new());
        self.draft.set(template);
        self.epoch.update(|n| *n += 1);
    }

    /// What is wrong at a place, in the language in use.
    fn fault(self, path: &str) -> Option<String> {
        let found = |list: &[TemplateFault]| list.iter().find(|f| f.path == path).map(|f| l(&f.hint));
        self.draft.with(|d| found(&d.faults())).or_else(|| self.told.with(|told| found(told)))
    }
}

/// The page of `/causes`.
#[component]
pub fn CausesPage() -> impl IntoView {
    let text = t().causes;
    set_crumbs(vec![Crumb::here(text.title())]);
    let address = Address::of(|| "/causes".to_owned());
    let list = remote(|| call(api::causes::list_rca_templates));
    let asked = address.value("key");
    let chosen = Memo::new(move |_| {
        let asked = asked.get();
        if asked.is_empty() { model::rca::BUILT_IN.to_owned() } else { asked }
    });
    let may = session::may(<model::perm::RcaEdit as model::perm::Permission>::LEAST);
    let scene = Scene {
        address,
        list,
        chosen,
        may,
        draft: RwSignal::new(Template::default()),
        told: RwSignal::new(Vec::new()),
        epoch: RwSignal::new(0),
        fresh: RwSignal::new(false),
    };
    view! {
        <div class="rcat-page" data-testid="causes">
            <header class="page-head">
                <h1>{text.title()}</h1>
                <p class="small soft wide-only grow">{text.lead()}</p>
            </header>
            <Loaded remote=list let:all>
                <div class="rcat-body">
                    <nav class="rcat-list scroll" aria-label=text.title()>
                        {all.into_iter().map(|one| view! { <Entry scene one/> }).collect_view()}
                    </nav>
                    <section class="rcat-detail scroll" tabindex="0" aria-label=t().common.details()>
                        {move || view! { <detail::Detail scene key=scene.chosen.get()/> }}
                    </section>
                </div>
            </Loaded>
        </div>
    }
}

#[component]
fn Entry(scene: Scene, one: RcaTemplateSummary) -> impl IntoView {
    let key = one.key.clone();
    view! {
        <a class="rcat-item" href=format!("/causes?key={key}") data-testid="cause-template"
            aria-current=move || (scene.chosen.get() == key && !scene.fresh.get()).then_some("true")>
            <span class="row"><b class="cut grow">{l(&one.name)}</b>{state(&one)}</span>
            <span class="small faint cut">{if one.built_in { t().causes.fallback().to_owned() } else { when(&one.applies) }}</span>
        </a>
    }
}

/// Whether a template is in force, as a badge.
fn state(one: &RcaTemplateSummary) -> AnyView {
    let text = t().causes;
    match one.active {
        _ if one.built_in => view! { <Badge tone=Tone::Neutral>{text.built_in()}</Badge> }.into_any(),
        Some(version) => {
            view! { <Badge tone=Tone::Ok icon=ic::CHECK>{text.in_force(version)}</Badge> }.into_any()
        }
        None => view! { <Badge tone=Tone::Neutral icon=ic::CIRCLE_DASHED>{text.not_in_force()}</Badge> }
            .into_any(),
    }
}

/// The conditions in a few words.
fn when(applies: &Applies) -> String {
    let text = t().causes;
    let mut parts = Vec::new();
    if !applies.kinds.is_empty() {
        parts.push(text.only_kinds(&applies.kinds.join(", ")));
    }
    if !applies.metrics.is_empty() {
        parts.push(text.only_metrics(applies.metrics.len() as u64));
    }
    if applies.time.is_some() {
        parts.push(text.only_time().to_owned());
    }
    if parts.is_empty() { text.everywhere().to_owned() } else { parts.join(" · ") }
}
