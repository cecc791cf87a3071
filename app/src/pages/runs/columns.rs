//! The columns of the list.

use leptos::prelude::*;
use model::{
    RunId,
    run::{RunStatus, RunSummary},
};

use super::{letter_of, toggle};
use crate::{
    i18n::{decimal, duration_ms, number, t},
    pages::trace::run_href,
    ui::{
        Check, Col, Icon, Sparkline, StatusDot, Time, Tone, estate::Address, facts::TimeForm, ic, ic::Glyph,
    },
};

/// The columns. On a phone only what tells runs apart.
pub fn columns(address: Address, pair: Signal<Vec<RunId>>, narrow: bool) -> Vec<Col<RunSummary>> {
    let text = t().runs;
    let mut out = Vec::new();
    if !narrow {
        out.push(Col::new("pick", "", 44, move |run: &RunSummary| {
            let id = run.id;
            let title = run.title.clone();
            view! {
                <Check
                    checked=Signal::derive(move || pair.read().contains(&id))
                    label=text.choose(&title)
                    on_change=move |_| toggle(address, id)
                />
            }
        }));
    }
    out.push(Col::new("status", text.status(), if narrow { 44 } else { 116 }, move |run: &RunSummary| {
        let (tone, word) = status_of(run.status);
        view! { <StatusDot tone=tone label=word bare=narrow/> }
    }));
    out.push(Col::new("started", text.started(), if narrow { 84 } else { 124 }, |run: &RunSummary| {
        view! { <span class="soft"><Time at=run.started_at form=TimeForm::Relative/></span> }
    }));
    if !narrow {
        out.push(Col::new("kind", text.kind(), 92, |run: &RunSummary| {
            let (glyph, word) = kind_of(&run.kind);
            view! { <span class="soft row"><Icon glyph class="s"/>{word}</span> }
        }));
    }
    out.push(Col::new("title", text.name(), 0, move |run: &RunSummary| {
        let (id, title) = (run.id, run.title.clone());
        let letter = move || {
            letter_of(&pair.read(), id).map(|letter| view! { <span class="pick-letter" class:b=letter == 'B'>{letter.to_string()}</span> })
        };
        let forked = run.forked_from.is_some();
        view! {
            <span class="row">
                {letter}
                <a class="plain cut" href=run_href(id) title=title.clone()>{title.clone()}</a>
                {forked.then(|| view! { <Icon glyph=ic::GIT_FORK class="s faint"/> })}
            </span>
        }
    }));
    if !narrow {
        out.push(Col::new("who", text.who(), 100, |run: &RunSummary| {
            let name = run.user_name.clone();
            view! { <span class="soft cut" title=name.clone()>{name.clone()}</span> }
        }));
        out.push(Col::new("trend", text.trend(), 128, |run: &RunSummary| {
            (run.trend.len() > 3).then(|| {
                let label = text_trend(run);
                view! { <span title=label.clone()><Sparkline values=run.trend.clone() label=label.clone() usual=usual(&run.trend) width=112/></span> }
            })
        }));
    }
    out.push(
        Col::new("ms", text.time(), if narrow { 76 } else { 80 }, |run: &RunSummary| {
            let slow = run.total_ms.zip(usual(&run.trend)).is_some_and(|(ms, (_, high))| ms > high);
            let class = if slow { "up strong" } else { "" };
            view! { <span class=class>{run.total_ms.map(duration_ms)}</span> }
        })
        .num(),
    );
    if !narrow {
        out.push(Col::new("steps", text.steps(), 60, |run: &RunSummary| number(run.steps)).num());
        out.push(
            Col::new("tokens", text.tokens(), 68, |run: &RunSummary| {
                if run.tokens == 0 { "–".to_owned() } else { number(run.tokens) }
            })
            .num(),
        );
        out.push(Col::new("cost", text.cost(), 64, |run: &RunSummary| cost_words(run.cost)).num());
        out.push(Col::new("trace", text.trace(), 104, |run: &RunSummary| {
            let id = run.trace_id.clone();
            let short: String = id.chars().take(8).collect();
            view! { <a class="mono" href=run_href(run.id) title=id>{short}</a> }
        }));
    }
    out
}

fn text_trend(run: &RunSummary) -> String {
    t().runs.trend_of(&run.title, run.trend.len() as u64)
}

/// The usual time of the same question: the middle, and four times the middle distance from it.
fn usual(values: &[f64]) -> Option<(f64, f64)> {
    if values.len() < 5 {
        return None;
    }
    let middle = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    let center = middle(values.to_vec())?;
    let spread = middle(values.iter().map(|v| (v - center).abs()).collect())?;
    let reach = (4.0 * spread).max(center * 0.5).max(5.0);
    Some((center - reach, center + reach))
}

/// How a run stands: shape and word.
pub fn status_of(status: RunStatus) -> (Tone, &'static str) {
    let text = t().runs;
    match status {
        RunStatus::Running => (Tone::Run, text.st_running()),
        RunStatus::Waiting => (Tone::Maint, text.st_waiting()),
        RunStatus::Answered => (Tone::Ok, text.st_answered()),
        RunStatus::Clarify => (Tone::Info, text.st_clarify()),
        RunStatus::Unanswerable => (Tone::Off, text.st_unanswerable()),
        RunStatus::Refused => (Tone::Warn, text.st_refused()),
        RunStatus::Partial => (Tone::Warn, text.st_partial()),
        RunStatus::Failed => (Tone::Danger, text.st_failed()),
        RunStatus::Cancelled => (Tone::Off, text.st_cancelled()),
    }
}

/// The kind of a run: icon and word. A kind nobody named is shown as it is.
pub fn kind_of(kind: &str) -> (Glyph, String) {
    let text = t().runs;
    match kind {
        "ask" => (ic::MESSAGE_CIRCLE_QUESTION_MARK, text.k_ask().to_owned()),
        "plan" => (ic::WORKFLOW, text.k_plan().to_owned()),
        "golden" => (ic::PIN, text.k_golden().to_owned()),
        other => (ic::ACTIVITY, other.to_owned()),
    }
}

/// A cost, or that there was none.
pub fn cost_words(cost: f64) -> String {
    if cost == 0.0 { "–".to_owned() } else { decimal(cost, 4) }
}

#[cfg(test)]
mod tests {
    use super::usual;

    #[test]
    fn a_run_far_slower_than_the_same_question_usually_is_stands_out() {
        let (_, high) = usual(&[40.0, 42.0, 39.0, 41.0, 400.0]).unwrap();
        assert!(high < 100.0);
        assert_eq!(usual(&[1.0, 2.0]), None);
    }
}
