//! The way from a step to the evidence of the answer, and back.

use leptos::prelude::*;
use model::{RunId, ThreadId};

use crate::i18n::t;

/// The address of a number of evidence in its conversation.
pub fn evidence_href(thread: ThreadId, run: RunId, n: u32) -> String {
    format!("/threads/{thread}?run={run}&ev={n}")
}

/// The numbers of the evidence that rests on a step, each leading to it.
#[component]
pub fn Sources(
    /// The conversation; numbers lead nowhere without one.
    thread: Option<ThreadId>,
    /// The run.
    run: RunId,
    /// The numbers.
    numbers: Vec<u32>,
) -> impl IntoView {
    numbers
        .into_iter()
        .map(|n| match thread {
            Some(thread) => view! { <a class="ev" href=evidence_href(thread, run, n) aria-label=t().trace.as_evidence(n)>{n}</a> }.into_any(),
            None => view! { <span class="ev">{n}</span> }.into_any(),
        })
        .collect_view()
}
