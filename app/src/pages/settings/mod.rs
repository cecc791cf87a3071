//! Settings: every value and where it comes from. They are read when the server starts, so this page shows and explains;
//! what changes them is the command line or the environment.

mod detail;
mod rows;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{
    perm::{Permission, SettingsRead},
    settings::{SettingSource, SettingValue},
};

use self::{detail::Detail, rows::Rows};
use super::shell::trouble::{ForbiddenPage, Gate};
use crate::{
    api,
    i18n::t,
    ui::{Chip, Crumb, ErrorState, Remote, SearchBox, Skeleton, call, remote, set_crumbs},
};

/// The group of a setting: the first part of its key.
pub(super) fn group_of(key: &str) -> &str {
    key.split_once('.').map_or(key, |(group, _)| group)
}

/// The page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let text = t().shell;
    set_crumbs(vec![Crumb::here(text.g_admin()), Crumb::here(text.p_settings())]);
    view! {
        <Gate least=SettingsRead::LEAST screen=text.p_settings()>
            <Body />
        </Gate>
    }
}

#[component]
fn Body() -> impl IntoView {
    let settings = remote(|| call(api::settings::list_settings));
    move || match (settings.value.read().is_some(), settings.error.get()) {
        (true, _) => view! { <Loaded settings=settings /> }.into_any(),
        (false, Some(error)) if error.kind == model::ErrorCode::Forbidden => {
            view! { <ForbiddenPage screen=t().shell.p_settings() error=error /> }.into_any()
        }
        (false, Some(error)) => {
            view! { <ErrorState error=error on_retry=move |()| settings.reload() /> }.into_any()
        }
        (false, None) => view! { <Skeleton rows=8 /> }.into_any(),
    }
}

#[component]
fn Loaded(settings: Remote<Vec<SettingValue>>) -> impl IntoView {
    let text = t().shell;
    let wanted = use_query_map().with_untracked(|query| query.get("key"));
    let search = RwSignal::new(String::new());
    let changed_only = RwSignal::new(false);
    let group = RwSignal::new(None::<String>);
    let chosen = RwSignal::new(wanted);
    let all = Signal::derive(move || settings.value.get().unwrap_or_default());
    let changed = move || all.read().iter().filter(|s| s.source != SettingSource::Default).count();
    let groups = Memo::new(move |_| {
        let mut groups: Vec<(String, usize)> = Vec::new();
        for setting in all.read().iter() {
            let name = group_of(&setting.key);
            match groups.iter_mut().find(|(group, _)| group == name) {
                Some((_, n)) => *n += 1,
                None => groups.push((name.to_owned(), 1)),
            }
        }
        groups
    });
    let shown = Memo::new(move |_| {
        let words = search.read().to_lowercase();
        all.read()
            .iter()
            .filter(|s| !changed_only.get() || s.source != SettingSource::Default)
            .filter(|s| group.read().as_deref().is_none_or(|group| group_of(&s.key) == group))
            .filter(|s| {
                let whole = format!("{} {} {} {}", s.key, s.env, s.about.ko, s.about.en).to_lowercase();
                words.split_whitespace().all(|word| whole.contains(word))
            })
            .cloned()
            .collect::<Vec<_>>()
    });
    let detail = Memo::new(move |_| {
        let chosen = chosen.get()?;
        all.read().iter().find(|setting| setting.key == chosen).cloned()
    });
    view! {
        <div class=move || if detail.read().is_some() { "st" } else { "st closed" }>
            <nav class="navs" aria-label=text.set_groups()>
                <button
                    type="button"
                    class="nav"
                    aria-current=move || group.read().is_none().then_some("true")
                    on:click=move |_| group.set(None)
                >
                    <span class="grow">{t().common.all()}</span>
                    <span class="faint small">{move || all.read().len()}</span>
                </button>
                {move || {
                    groups
                        .get()
                        .into_iter()
                        .map(|(name, n)| {
                            let (mine, choice) = (name.clone(), name.clone());
                            view! {
                                <button
                                    type="button"
                                    class="nav"
                                    aria-current=move || (group.read().as_ref() == Some(&mine)).then_some("true")
                                    on:click=move |_| group.set(Some(choice.clone()))
                                >
                                    <span class="grow cut">{text.set_group(&name)}</span>
                                    <span class="faint small">{n}</span>
                                </button>
                            }
                        })
                        .collect_view()
                }}
            </nav>
            <section class="mid" aria-label=text.set_values()>
                <h1 class="sr">{text.p_settings()}</h1>
                <div class="bar">
                    <SearchBox value=search label=text.set_search() placeholder=text.set_search_hint() />
                    <Chip
                        pressed=Signal::derive(move || !changed_only.get())
                        on_click=move |_| changed_only.set(false)
                    >
                        {move || text.set_all(all.read().len() as u64)}
                    </Chip>
                    <Chip pressed=changed_only on_click=move |_| changed_only.set(true)>
                        {move || text.set_changed(changed() as u64)}
                    </Chip>
                    <span class="grow"></span>
                    <span class="small faint">{text.set_priority()}</span>
                </div>
                <Rows
                    rows=shown
                    chosen=chosen
                    on_clear=move |()| {
                        search.set(String::new());
                        changed_only.set(false);
                        group.set(None);
                    }
                />
            </section>
            {move || detail.get().map(|setting| view! { <Detail setting=setting chosen=chosen /> })}
        </div>
    }
    .into_any()
}
