//! What came while a person reads: it waits behind a button, so that nothing moves under the eyes.

use chrono::Duration;
use leptos::{prelude::*, task::spawn_local};
use model::records::RecordQuery;

use super::Scene;
use crate::{
    api,
    i18n::t,
    ui::{Icon, call, estate::Span, ic},
};

/// How often the server is asked, in seconds.
const EVERY_S: u64 = 20;

/// How many records of this view are newer than those it knows; asked for while the page can be seen.
fn waiting(scene: Scene) -> RwSignal<u64> {
    let waiting = RwSignal::new(0u64);
    let ask = move || {
        if document().hidden() {
            return;
        }
        let Some(query) = newer(scene) else { return };
        spawn_local(async move {
            // Not knowing is no news: what is wrong with the server is said elsewhere.
            if let Ok(page) = call(move || api::events::list_records(query.clone())).await {
                waiting.try_set(page.total);
            }
        });
    };
    let tick = set_interval_with_handle(ask, std::time::Duration::from_secs(EVERY_S));
    on_cleanup(move || {
        if let Ok(tick) = tick {
            tick.clear();
        }
    });
    // Another question has other news.
    Effect::new(move |before: Option<()>| {
        scene.state.track();
        if before.is_some() {
            waiting.set(0);
        }
    });
    waiting
}

/// The same question about what is later than everything known; none where the view ends before that.
fn newer(scene: Scene) -> Option<RecordQuery> {
    let state = scene.state.try_get_untracked()?;
    let (end, query) = scene.with_book(|book| (state.end(book), state.query(book)));
    let from = end? + Duration::microseconds(1);
    let to = match &state.span {
        Span::Between(_, to) => Some(*to),
        Span::All | Span::Last(_) => None,
    };
    to.is_none_or(|to| to > from).then_some(RecordQuery { from: Some(from), to, limit: 1, ..query })
}

/// The button; pressing it brings what waits.
#[component]
pub fn News(scene: Scene) -> impl IntoView {
    let waiting = waiting(scene);
    view! {
        <div class="news" role="status">
            {move || {
                let n = waiting.get();
                (n > 0).then(|| {
                    view! {
                        <button type="button" data-testid="news" on:click=move |_| scene.on_news.run(())>
                            <Icon glyph=ic::ARROW_UP class="s"/>
                            {t().events.news(n)}
                        </button>
                    }
                })
            }}
        </div>
    }
}
