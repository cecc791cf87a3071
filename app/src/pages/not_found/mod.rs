//! An address that leads nowhere: what is similar, and the way back.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::cmdb::CiListQuery;

use crate::{
    api,
    i18n::t,
    pages::shell::{Frame, SCREENS, find_key},
    ui::{Button, Crumb, Icon, Kind, LinkButton, Size, call, ic, remote, session, set_crumbs},
};

/// The page.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let path = use_location().pathname;
    set_crumbs(vec![Crumb::here(t().shell.nf_title())]);
    let last_word = move || {
        path.read().rsplit('/').find(|part| !part.is_empty()).unwrap_or_default().replace(['-', '_'], " ")
    };
    let role = session::me().map(|me| me.role);
    let similar = remote(move || {
        let query = CiListQuery { text: last_word(), limit: 3, ..Default::default() };
        call(move || api::cmdb::list_cis(query.clone()))
    });
    let text = t().shell;
    let palette = use_context::<Frame>().map(|frame| frame.palette);
    let screens = move || {
        let path = path.read().to_lowercase();
        SCREENS
            .iter()
            .filter(|screen| role.is_some_and(|role| screen.least <= role))
            .filter(|screen| screen.href != "/" && near(&path, screen.href))
            .map(|screen| {
                view! {
                    <a class="ln" href=screen.href>
                        <Icon glyph=screen.glyph class="s faint" />
                        <b class="grow">{screen.label()}</b>
                    </a>
                }
            })
            .collect_view()
    };
    let items = move || {
        let value = similar.value.read();
        value.as_ref().map(|page| {
            page.items
                .iter()
                .map(|item| {
                    let href = format!("/cis/{}", js_sys::encode_uri_component(&item.code));
                    view! {
                        <a class="ln" href=href>
                            <Icon glyph=ic::BOX class="s faint" />
                            <span class="grow">
                                <b>{item.code.clone()}</b>
                                " "
                                <span class="faint">{item.name.clone()}</span>
                            </span>
                        </a>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <div class="err-page">
            <div class="box">
                <span class="ico">
                    <Icon glyph=ic::FILE_QUESTION_MARK />
                </span>
                <p class="small faint">"404"</p>
                <h1>{text.nf_title()}</h1>
                <p class="txt">{move || text.nf_text(&path.read())}</p>
                <div class="card">
                    {screens} {items}
                    <a class="ln" href=move || format!("/?q={}", js_sys::encode_uri_component(&last_word()))>
                        <Icon glyph=ic::MESSAGE_CIRCLE_QUESTION_MARK class="s faint" />
                        <span class="grow">{text.nf_ask()}</span>
                    </a>
                </div>
                <div class="row acts">
                    {palette.map(|open| view! {
                        <Button kind=Kind::Primary size=Size::Large icon=ic::SEARCH on_click=move |_| open.set(true)>
                            {t().common.search()} <kbd>{find_key()}</kbd>
                        </Button>
                    })}
                    <LinkButton size=Size::Large href="/">{t().common.home()}</LinkButton>
                </div>
            </div>
        </div>
    }
}

/// Whether an address looks like a misspelt one of a screen: the first three letters agree.
fn near(path: &str, href: &str) -> bool {
    let (path, href) = (path.trim_matches('/'), href.trim_matches('/'));
    let start: String = href.chars().take(3).collect();
    path.starts_with(&start)
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn a_misspelt_address_is_near_the_right_one() {
        assert!(near("/event", "/events"));
        assert!(near("/topologie/x", "/topology"));
        assert!(!near("/ci/db-1", "/events"));
    }
}
