//! Root causes: the first one named with its resource, what speaks for and against it, the others, what to look at next;
//! hypotheses, the series that decide it with the moment marked, and what happened in order.

use model::{
    Lang,
    answer::{AnswerBlock, ChartMark, ChartSeries, TimelineEntry},
    rca::{Check, Hypothesis},
};

use super::{Saying, Told};
use crate::compose::{prose::Prose, step::Step, value};

/// Findings said in words; the list of hypotheses has all of them.
const SAID: usize = 4;
/// Entries of the timeline.
const ENTRIES: usize = 40;

pub fn say(step: &Step<'_>, subject: &str) -> Saying {
    let hypotheses = &step.output.hypotheses;
    let Some(first) = hypotheses.first() else { return nothing(step, subject) };
    let mut prose = Prose::default();
    lead(step, first, &mut prose);
    findings(step, first, &mut prose);
    others(step, hypotheses.get(1..).unwrap_or_default(), &mut prose);
    let lang = step.frame.lang;
    if let Some(next) = first.next_checks.first() {
        prose
            .line()
            .text(step.frame.pick("다음 확인: ", "Check next: "))
            .text(next)
            .text(step.frame.pick("", "."));
    }
    let title = match lang {
        Lang::Ko => format!("가설 {}개", hypotheses.len()),
        Lang::En if hypotheses.len() == 1 => "1 hypothesis".to_owned(),
        Lang::En => format!("{} hypotheses", hypotheses.len()),
    };
    let list = AnswerBlock::Hypotheses { title, items: hypotheses.clone(), refs: vec![step.n] };
    Saying::new(prose, Told::Value).with(Some(list)).with(chart(step, first)).with(timeline(step, first))
}

/// Nothing deviates, or there is nothing to judge by: the remarks of the tool say which, word for word.
fn nothing(step: &Step<'_>, subject: &str) -> Saying {
    let mut prose = Prose::default();
    let text = match (step.frame.lang, subject) {
        (Lang::Ko, "") => "이 구간에서 원인으로 볼 만한 이상은 없습니다.".to_owned(),
        (Lang::Ko, of) => format!("{of}: 원인으로 볼 만한 이상은 없습니다."),
        (Lang::En, "") => "There is no sign of trouble in this window, so no cause is named.".to_owned(),
        (Lang::En, of) => format!("{of}: there is no sign of trouble, so no cause is named."),
    };
    prose.text(&text).cite(step.n);
    Saying::new(prose, Told::Nothing)
}

fn percent(h: &Hypothesis) -> String {
    format!("{:.0} %", h.confidence * 100.0)
}

fn lead(step: &Step<'_>, h: &Hypothesis, prose: &mut Prose) {
    let lang = step.frame.lang;
    let resource = h.resource.label();
    let since = h.first_deviation.map(|at| value::time(at, step.frame.tz));
    match lang {
        Lang::Ko => {
            prose.text("가장 유력한 원인: ").strong(&h.ci).text("의 ").strong(resource.get(lang));
            prose.text(&format!(" (확신도 {}", percent(h)));
            if let Some(since) = since {
                prose.text(&format!(", {since}부터"));
            }
            prose.text(").");
        }
        Lang::En => {
            prose.text("Most likely cause: ").strong(&h.ci).text(", ").strong(resource.get(lang));
            prose.text(&format!(" ({} sure", percent(h)));
            if let Some(since) = since {
                prose.text(&format!(", since {since}"));
            }
            prose.text(").");
        }
    }
    prose.cite(step.n);
    if h.path.len() > 1 {
        let way = h.path.join(" → ");
        let deviating = h.affected.len();
        prose.line().text(&match lang {
            Lang::Ko => format!(
                "전파 경로: {way} (함께 이상이 나타난 항목 {deviating}개, 의존하는 항목 {}개)",
                h.blast_radius
            ),
            Lang::En => {
                format!("Path: {way} ({deviating} items deviate with it, {} depend on it)", h.blast_radius)
            }
        });
    }
}

fn findings(step: &Step<'_>, h: &Hypothesis, prose: &mut Prose) {
    let frame = step.frame;
    let mut list = |head: &str, texts: Vec<&str>| {
        if texts.is_empty() {
            return;
        }
        prose.line().text(head);
        for text in texts {
            prose.item().text(text);
        }
    };
    list(
        frame.pick("지지하는 근거:", "For it:"),
        h.evidence_for.iter().take(SAID).map(|f| f.text.as_str()).collect(),
    );
    list(
        frame.pick("반박하는 근거:", "Against it:"),
        h.evidence_against.iter().take(SAID).map(|f| f.text.as_str()).collect(),
    );
    list(
        frame.pick("확인하지 못한 것:", "Not in the data:"),
        h.missing.iter().take(SAID).map(String::as_str).collect(),
    );
}

fn others(step: &Step<'_>, others: &[Hypothesis], prose: &mut Prose) {
    if others.is_empty() {
        return;
    }
    prose.line().text(step.frame.pick("다른 가설:", "Other hypotheses:"));
    for h in others {
        let resource = h.resource.label();
        prose.item().text(&format!(
            "{}. {} · {} ({})",
            h.rank,
            h.ci,
            resource.get(step.frame.lang),
            percent(h)
        ));
    }
}

/// The series that decide it, with the moment it began.
fn chart(step: &Step<'_>, h: &Hypothesis) -> Option<AnswerBlock> {
    let series: Vec<ChartSeries> = step
        .output
        .series
        .iter()
        .filter(|s| !s.points.is_empty())
        .map(|s| ChartSeries { name: s.name.clone(), points: s.points.clone(), band: s.band.clone() })
        .collect();
    if series.is_empty() {
        return None;
    }
    let metric = step.frame.catalogue.metrics.iter().find(|m| m.key == h.metric);
    let unit = metric.map(|m| m.unit.clone()).unwrap_or_default();
    let title = match metric {
        Some(metric) => format!("{} · {}", h.ci, metric.label.get(step.frame.lang)),
        None => h.ci.clone(),
    };
    let mut marks: Vec<ChartMark> = Vec::new();
    if let Some(at) = h.first_deviation {
        marks.push(ChartMark {
            at: at.timestamp_millis(),
            label: step.frame.pick("첫 이상", "first deviation").to_owned(),
        });
    }
    for f in h.evidence_for.iter().filter(|f| f.check == Check::Change) {
        marks.extend(f.at.map(|at| ChartMark { at: at.timestamp_millis(), label: f.text.clone() }));
    }
    Some(AnswerBlock::Chart {
        title,
        form: "line".to_owned(),
        unit,
        categories: Vec::new(),
        series,
        marks,
        refs: vec![step.n],
    })
}

/// What happened, in order: changes, the first deviation, who felt it.
fn timeline(step: &Step<'_>, h: &Hypothesis) -> Option<AnswerBlock> {
    let entry = |at, ci: &str, title: String, note: &str| TimelineEntry {
        at,
        kind: String::new(),
        ci: ci.to_owned(),
        title,
        note: note.to_owned(),
    };
    let own = h
        .evidence_for
        .iter()
        .filter_map(|f| Some(entry(f.at?, &f.ci, f.text.clone(), f.check.label().get(step.frame.lang))));
    let felt = h.affected.iter().filter(|a| a.ci != h.ci).filter_map(|a| {
        let title = step.frame.pick("이상이 나타남", "begins to deviate").to_owned();
        let note = match step.frame.lang {
            Lang::Ko => format!("{}단계", a.hops),
            Lang::En if a.hops == 1 => "1 step away".to_owned(),
            Lang::En => format!("{} steps away", a.hops),
        };
        Some(entry(a.since?, &a.ci, title, &note))
    });
    let mut entries: Vec<TimelineEntry> = own.chain(felt).collect();
    entries.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.ci.cmp(&b.ci)));
    entries.truncate(ENTRIES);
    if entries.len() < 2 {
        return None;
    }
    let title = step.frame.pick("시간 순서", "In order of time").to_owned();
    Some(AnswerBlock::Timeline { title, entries, refs: vec![step.n] })
}
