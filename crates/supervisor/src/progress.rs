//! Telling a waiting person what is being done.

use std::{fmt, sync::Arc};

use model::{Lang, Localized};

/// Who is told what is being done.
#[derive(Clone)]
pub struct Progress(Arc<dyn Fn(&Localized) + Send + Sync>);

impl Progress {
    /// Calls `tell` with every message.
    pub fn new(tell: impl Fn(&Localized) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// Tells nobody.
    pub fn silent() -> Self {
        Self::new(|_| {})
    }

    /// Writes to standard error, in one language.
    pub fn stderr(lang: Lang) -> Self {
        Self::new(move |text| eprintln!("{}", text.get(lang)))
    }

    /// Tells a message.
    pub(crate) fn tell(&self, text: Localized) {
        tracing::info!(target: "supervisor", "{}", text.get(Lang::En));
        (self.0)(&text);
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::silent()
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Progress")
    }
}
