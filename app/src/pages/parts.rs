//! The pages that are no part of the first load. A release is split (`scripts/split.mjs`): what only these pages need
//! comes in files of their own, fetched when the first page stands, or when one of them is opened before that.

use std::{sync::OnceLock, time::Duration};

use futures::future::LocalBoxFuture;
use leptos::{prelude::*, task::spawn_local, wasm_split::SplitLoaderError};
use model::{ApiError, ErrorCode};

use crate::ui::{ErrorState, Skeleton};

/// Makes a page.
type Make = fn() -> AnyView;

/// A page whose code may not be there yet.
pub struct Part {
    made: OnceLock<Make>,
    load: fn() -> LocalBoxFuture<'static, Result<Make, SplitLoaderError>>,
}

/// `part!(NAME, load_name in file => Component)`: a page, and the file of the release it comes in. A build for trying
/// out is not split.
macro_rules! part {
    ($name:ident, $load:ident in $file:ident => $page:path) => {
        #[cfg(not(debug_assertions))]
        #[leptos::wasm_split::wasm_split($file, fallible, wasm_split_path = ::leptos::wasm_split)]
        fn $load() -> Result<Make, SplitLoaderError> {
            Ok(|| untrack(|| $page().into_any()))
        }
        #[cfg(debug_assertions)]
        async fn $load() -> Result<Make, SplitLoaderError> {
            Ok(|| untrack(|| $page().into_any()))
        }
        #[doc = concat!("[`", stringify!($page), "`], which comes later.")]
        pub static $name: Part = Part { made: OnceLock::new(), load: || Box::pin($load()) };
    };
}

part!(CONVERSATION, load_conversation in runs => super::ask::Conversation);
part!(RUNS, load_runs in runs => super::runs::RunsPage);
part!(TRACE, load_trace in runs => super::trace::TracePage);
part!(GOLDEN, load_golden in runs => super::golden::GoldenPage);
part!(INCIDENTS, load_incidents in browse => super::incidents::IncidentsPage);
part!(CIS, load_cis in browse => super::cis::CisPage);
part!(CI, load_ci in browse => super::ci::CiPage);
part!(EVENTS, load_events in browse => super::events::EventsPage);
part!(TOPOLOGY, load_topology in browse => super::topology::TopologyPage);
part!(IMPORT, load_import in admin => super::import::ImportPage);
part!(CAUSES, load_causes in admin => super::causes::CausesPage);
part!(WORDS, load_words in admin => super::synonyms::WordsPage);
part!(RELATIONS, load_relations in admin => super::relations::RelationsPage);
part!(SETTINGS, load_settings in admin => super::settings::SettingsPage);
part!(COMPONENTS, load_components in admin => super::components::ComponentsPage);

/// One page of every file, the likeliest next one first.
static FILES: [&Part; 3] = [&CONVERSATION, &CIS, &IMPORT];

/// Addresses and the page that stands there, as far as it decides which file is wanted first.
static ADDRESSES: [(&str, &Part); 8] = [
    ("/threads", &CONVERSATION),
    ("/runs", &RUNS),
    ("/cis", &CIS),
    ("/events", &EVENTS),
    ("/topology", &TOPOLOGY),
    ("/import", &IMPORT),
    ("/settings", &SETTINGS),
    ("/components", &COMPONENTS),
];

/// Fetches what the address needs at once, while the server is asked who this is; then the other files one after the
/// other, a moment from now: the first page has the line to itself until then. A failure shows when the page is opened,
/// with a way to try again.
pub fn fetch_soon() {
    let path = window().location().pathname().unwrap_or_default();
    if let Some((_, part)) = ADDRESSES.iter().find(|(start, _)| path.starts_with(start)) {
        spawn_local(async { _ = part.fetch().await });
    }
    set_timeout(
        || {
            spawn_local(async {
                for part in FILES {
                    _ = part.fetch().await;
                }
            });
        },
        Duration::from_millis(1500),
    );
}

impl Part {
    async fn fetch(&self) -> Result<Make, SplitLoaderError> {
        match self.made.get() {
            Some(make) => Ok(*make),
            None => Ok(*self.made.get_or_init({
                let make = (self.load)().await?;
                move || make
            })),
        }
    }

    /// The page; until its code is there, that it is on its way, or why it does not come.
    pub fn view(&'static self) -> AnyView {
        let made = RwSignal::new(self.made.get().copied().map(Ok));
        let fetch = move || {
            spawn_local(async move {
                made.try_set(Some(self.fetch().await.map_err(|_| ())));
            });
        };
        if made.with_untracked(Option::is_none) {
            fetch();
        }
        let again = Callback::new(move |()| {
            made.set(None);
            fetch();
        });
        (move || match made.get() {
            Some(Ok(make)) => make(),
            Some(Err(())) => view! { <ErrorState error=unreachable() on_retry=again /> }.into_any(),
            None => view! { <Skeleton /> }.into_any(),
        })
        .into_any()
    }
}

fn unreachable() -> ApiError {
    ApiError::new(
        ErrorCode::Unavailable,
        "이 화면의 프로그램을 받지 못했습니다",
        "the program of this page could not be fetched",
    )
    .with_hint(
        "네트워크를 확인하고 다시 시도하세요. 새 버전이 설치되었다면 브라우저에서 새로 고치세요",
        "check the network and try again; after an update, reload the page in the browser",
    )
}
