//! Korean and English. Every text is a function on a struct; both languages stand side by side, so a missing text
//! does not compile.
//!
//! [`t`] gives the texts of the language now in use. Switching the language rebuilds the pages (see `App`), so a text
//! may be read anywhere, also outside of a reactive scope.

pub mod format;
mod josa;
pub(crate) mod macros;

pub mod args;
pub mod ask;
pub mod causes;
pub mod ci;
pub mod cis;
pub mod common;
pub mod events;
pub mod import;
pub mod incidents;
pub mod relations;
pub mod runs;
pub mod shell;
pub mod synonyms;
pub mod topology;
pub mod trace;
pub mod trade;
pub mod why;

use std::sync::LazyLock;

use leptos::prelude::*;
pub use model::{Lang, Localized};

pub use format::{
    Zone, absolute_in, bytes, compact, date, date_time, day, decimal, duration_ms, local_date, now, number,
    percent, relative, time, time_ms, time_of_ms, use_zone, zone,
};
pub use josa::josa;
pub(crate) use macros::texts;

/// All texts of one language.
#[derive(Debug, Clone, Copy)]
pub struct Tr {
    /// The language.
    pub lang: Lang,
    /// Words used everywhere.
    pub common: common::Common,
    /// Frame, signing in, settings.
    pub shell: shell::Shell,
    /// List of configuration items.
    pub cis: cis::Cis,
    /// Page of a configuration item.
    pub ci: ci::Ci,
    /// Events.
    pub events: events::Events,
    /// Topology.
    pub topology: topology::Topology,
    /// Questions and answers.
    pub ask: ask::Ask,
    /// Import.
    pub import: import::Import,
    /// Incidents.
    pub incidents: incidents::Incidents,
    /// Relation types.
    pub relations: relations::Relations,
    /// Runs, their comparison, golden questions.
    pub runs: runs::Runs,
    /// Words of the estate.
    pub synonyms: synonyms::Synonyms,
    /// One run step by step.
    pub trace: trace::Trace,
    /// Templates of root-cause analysis.
    pub causes: causes::Causes,
    /// Root causes.
    pub why: why::Why,
}

impl Tr {
    /// The texts of a language.
    pub fn of(lang: Lang) -> Self {
        Self {
            lang,
            common: common::Common(lang),
            shell: shell::Shell(lang),
            cis: cis::Cis(lang),
            ci: ci::Ci(lang),
            events: events::Events(lang),
            topology: topology::Topology(lang),
            ask: ask::Ask(lang),
            import: import::Import(lang),
            incidents: incidents::Incidents(lang),
            relations: relations::Relations(lang),
            runs: runs::Runs(lang),
            synonyms: synonyms::Synonyms(lang),
            trace: trace::Trace(lang),
            causes: causes::Causes(lang),
            why: why::Why(lang),
        }
    }
}

static LANG: LazyLock<ArcRwSignal<Lang>> = LazyLock::new(|| ArcRwSignal::new(Lang::default()));

/// The language as a signal.
pub fn use_lang() -> RwSignal<Lang> {
    RwSignal::from(LANG.clone())
}

/// The language now in use, without tracking it.
pub fn lang() -> Lang {
    LANG.get_untracked()
}

/// The texts of the language now in use.
pub fn t() -> Tr {
    Tr::of(lang())
}

/// A sentence in both languages, in the one now in use, with a capital letter where the language has them.
pub fn sentence(text: &Localized) -> String {
    let text = text.get(lang());
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A text in both languages, in the one now in use.
pub fn l(text: &Localized) -> String {
    text.get(lang()).to_owned()
}
