//! The chosen step: what went in, what came out, what of the answer rests on it, why it was planned.

use leptos::{prelude::*, task::spawn_local};
use model::{
    answer::Column,
    run::{RunDetail, StepDetail},
};
use serde_json::{Map, Value};

use super::{
    Scene,
    facts::{Facts, Why},
    json,
    row::{state_icon, status_word},
    source::Sources,
    tree::{COMPOSING, PLANNING, RUN, Span},
};
use crate::{
    api,
    i18n::{bytes, duration_ms, t},
    pages::ask::show_value,
    ui::{
        Callout, Choice, Icon, IconButton, Loaded, Segmented, Size, Tab, Tabs, Tone, call, download, ic,
        remote, states::copy, toast_error,
    },
};

/// Rows of an output asked for at once.
const ROWS: u32 = 50;

/// The panel of the chosen step.
#[component]
pub fn Inspector(scene: Scene) -> impl IntoView {
    let text = t().trace;
    // The row may come in anew while a run is at work; what is shown of it is built anew only when it changed.
    let span = Memo::new(move |_| {
        let path = scene.chosen.get();
        scene.tree.with(|tree| tree.index.get(&path).map(|at| tree.spans[*at].clone()))
    });
    let (tab, tall) = (RwSignal::new("io".to_owned()), RwSignal::new(false));
    view! {
        <aside class="trace-insp" class:open=move || scene.inspecting.get() class:tall=move || tall.get() id="trace-inspector" tabindex="-1" aria-label=text.chosen() data-testid="step-detail">
            {move || match span.get() {
                None => view! { <p class="pad small faint">{text.pick()}</p> }.into_any(),
                Some(span) => one(scene, span, tab, tall),
            }}
        </aside>
    }
}

fn one(scene: Scene, span: Span, tab: RwSignal<String>, tall: RwSignal<bool>) -> AnyView {
    let text = t().trace;
    let mut note = vec![span.path.clone()];
    if span.attempts > 0 {
        note.push(text.attempt(u64::from(span.attempts)));
    }
    note.push(duration_ms(span.ms()));
    let head = view! {
        <div class="head">
            {state_icon(span.status, span.attempts)}
            <div class="grow">
                <h2 class="cut" title=span.label.clone()>{span.label.clone()}<span class="sr">" "{status_word(span.status)}</span></h2>
                <div class="small faint cut">{note.join(" · ")}</div>
            </div>
            <IconButton glyph=ic::CHEVRON_UP size=Size::Small label=text.previous() on_click=move |_| scene.step(-1)/>
            <IconButton glyph=ic::CHEVRON_DOWN size=Size::Small label=text.next() on_click=move |_| scene.step(1)/>
            <span class="narrow-only"><IconButton
                glyph=ic::MAXIMIZE_2
                size=Size::Small
                label=text.whole_step()
                pressed=Signal::derive(move || Some(tall.get()))
                on_click=move |_| tall.update(|tall| *tall = !*tall)
            /></span>
            <span class="narrow-only"><IconButton glyph=ic::X size=Size::Small label=t().common.close() on_click=move |_| scene.inspecting.set(false)/></span>
        </div>
    };
    let own = matches!(span.path.as_str(), RUN | PLANNING | COMPOSING);
    let body = if own {
        view! { <div class="body">{of_run(scene, &span)}</div> }.into_any()
    } else {
        view! { <StepBody scene span tab/> }.into_any()
    };
    view! { {head}{body} }.into_any()
}

/// The rows that are no step: the run, its planning, its composing.
fn of_run(scene: Scene, span: &Span) -> AnyView {
    let path = span.path.clone();
    scene.detail.value.with_untracked(|detail| {
        let Some(detail) = detail else { return ().into_any() };
        let answer = detail.response.as_ref().map(|a| a.answer.clone()).filter(|a| !a.is_empty());
        let answer = answer.map(|answer| view! { <section class="stack"><h3>{t().runs.d_answer()}</h3><p class="answer-text">{answer}</p></section> });
        match path.as_str() {
            PLANNING => view! { <Why detail=detail.clone() step=None/> }.into_any(),
            COMPOSING => view! { {answer} }.into_any(),
            _ => view! {
                {answer}
                <section class="stack"><h3>{t().trace.input()}</h3>{json::code(&detail.request, &[])}</section>
                <Why detail=detail.clone() step=None/>
            }
            .into_any(),
        }
    })
}

#[component]
fn StepBody(scene: Scene, span: Span, tab: RwSignal<String>) -> impl IntoView {
    let text = t().trace;
    let path = span.path.clone();
    let detail = remote(move || {
        let path = path.clone();
        call(move || api::runs::run_step(scene.id, path.clone(), 0, ROWS))
    });
    let tabs = Signal::derive(move || {
        let numbers = detail.value.with(|d| d.as_ref().map(|d| d.evidence.len() as u64));
        vec![
            Tab::new("io", text.t_io(), None),
            Tab::new("sources", text.t_sources(), numbers),
            Tab::new("facts", text.t_facts(), None),
            Tab::new("why", text.t_why(), None),
        ]
    });
    let error = span.error.clone();
    let total = scene.tree.with_untracked(|tree| tree.total);
    let run = StoredValue::new(scene.detail.value.get_untracked());
    view! {
        <Tabs id="step" value=tab tabs label=text.chosen() on_change=move |value| tab.set(value)/>
        <div class="body" id="step-panel" role="tabpanel" aria-labelledby=move || format!("step-{}", tab.get())>
            {error.map(|error| view! { <Callout tone=Tone::Danger>{error}</Callout> })}
            <Loaded remote=detail let:detail>
                {move || match (tab.get().as_str(), run.get_value()) {
                    ("sources", Some(run)) => view! { <Rests scene detail=detail.clone() run/> }.into_any(),
                    ("facts", _) => view! { <Facts detail=detail.clone() total/> }.into_any(),
                    ("why", Some(run)) => view! { <Why detail=run step=Some(detail.clone())/> }.into_any(),
                    _ => view! { <InOut scene detail=detail.clone()/> }.into_any(),
                }}
            </Loaded>
        </div>
    }
}

/// Input and output.
#[component]
fn InOut(scene: Scene, detail: StepDetail) -> impl IntoView {
    let text = t().trace;
    let notes = references(&detail);
    let input = json::pretty(&detail.args);
    let no_args = detail.args.as_object().is_none_or(Map::is_empty) && !detail.args.is_array();
    let numbers = detail.evidence.clone();
    let thread = scene.detail.value.with_untracked(|d| d.as_ref().and_then(|d| d.run.thread_id));
    view! {
        {(!no_args).then(|| view! {
            <section class="stack">
                <div class="row"><h3>{text.input()}</h3><code class="faint small">{detail.step.tool.clone()}</code><span class="grow"></span>
                    <IconButton glyph=ic::COPY size=Size::Small label=text.copy_input() on_click=move |_| copy(input.clone())/></div>
                {json::code(&detail.args, &notes)}
            </section>
        })}
        <Output scene detail/>
        <div class="callout">
            <Icon glyph=ic::QUOTE/>
            <span>{text.became(numbers.len() as u64)}" "<Sources thread run=scene.id numbers/></span>
        </div>
    }
}

/// Which arguments came from another step: `← $s1.rows[3]`.
fn references(detail: &StepDetail) -> Vec<(String, String)> {
    let Some(Value::Object(planned)) = &detail.planned else { return Vec::new() };
    planned
        .iter()
        .filter_map(|(key, value)| {
            let reference = first_reference(value)?;
            Some((key.clone(), t().trace.from_ref(reference)))
        })
        .collect()
}

fn first_reference(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) if text.starts_with('$') && !text.starts_with("$$") => Some(text),
        Value::Array(list) => list.iter().find_map(first_reference),
        Value::Object(map) => map.values().find_map(first_reference),
        _ => None,
    }
}

#[component]
fn Output(scene: Scene, detail: StepDetail) -> impl IntoView {
    let text = t().trace;
    if !detail.kept {
        return view! { <p class="small faint">{text.not_kept()}</p> }.into_any();
    }
    let rows = RwSignal::new(detail.rows.clone());
    let (mode, busy) = (RwSignal::new("table".to_owned()), RwSignal::new(false));
    let (total, path) = (detail.total, detail.step.path.clone());
    let columns = StoredValue::new(columns_of(&detail));
    let more = StoredValue::new(detail.more.clone());
    let options = vec![Choice::new("table", text.as_table()), Choice::new("json", text.as_json())];
    let name = format!("{}-{path}", scene.id);
    let json_name = format!("{name}.json");
    let next = move |_| {
        let (path, offset) = (path.clone(), rows.with_untracked(Vec::len) as u64);
        busy.set(true);
        spawn_local(async move {
            match call(move || api::runs::run_step(scene.id, path.clone(), offset, 500)).await {
                Ok(page) => _ = rows.try_update(|rows| rows.extend(page.rows)),
                Err(error) => toast_error(&error),
            }
            busy.try_set(false);
        });
    };
    let whole = move || {
        let mut out = more.get_value().as_object().cloned().unwrap_or_default();
        out.insert("rows".to_owned(), rows.with(|rows| rows.iter().cloned().map(Value::Object).collect()));
        Value::Object(out)
    };
    let nothing = detail.rows.is_empty() && detail.more.as_object().is_none_or(Map::is_empty);
    view! {
        <section class="stack">
            <div class="row">
                <h3>{text.output()}</h3>
                <span class="small faint nowrap">{text.out_note(total, &bytes(detail.step.bytes))}</span>
                <span class="grow"></span>
                <Segmented value=mode options label=text.output() on_change=move |value| mode.set(value)/>
                <IconButton glyph=ic::SHEET size=Size::Small label=t().ask.download_csv() on_click=move |_| columns.with_value(|columns| rows.with_untracked(|rows| download::csv(&name, columns, rows)))/>
                <IconButton glyph=ic::BRACES size=Size::Small label=t().ask.download_json() on_click=move |_| download::text(&json_name, "application/json", &json::pretty(&untrack(whole)))/>
            </div>
            {detail.notes.iter().map(|note| view! { <p class="small soft">{note.clone()}</p> }).collect_view()}
            {move || {
                if nothing {
                    return view! { <p class="small faint">{text.no_output()}</p> }.into_any();
                }
                if mode.get() == "json" || columns.with_value(Vec::is_empty) {
                    return json::code(&whole(), &[]);
                }
                let found = rows.get();
                columns.with_value(|columns| table(columns, &found))
            }}
            {move || {
                let left = total.saturating_sub(rows.with(Vec::len) as u64);
                let next = next.clone();
                (left > 0).then(|| view! { <button type="button" class="btn sm" disabled=busy.get() on:click=next>{text.more_rows(left)}</button> })
            }}
            {(detail.known > total).then(|| view! { <p class="small faint">{text.known(detail.known)}</p> })}
        </section>
    }
    .into_any()
}

/// The columns of an output; of rows without a description, the names of the first one.
fn columns_of(detail: &StepDetail) -> Vec<Column> {
    if !detail.columns.is_empty() {
        return detail.columns.clone();
    }
    let first = detail.rows.first();
    first
        .into_iter()
        .flat_map(|row| row.iter())
        .map(|(key, value)| Column {
            key: key.clone(),
            label: key.clone(),
            unit: String::new(),
            numeric: value.is_number(),
        })
        .collect()
}

fn table(columns: &[Column], rows: &[Map<String, Value>]) -> AnyView {
    let heads: Vec<_> = columns
        .iter()
        .map(|column| {
            let unit = if column.unit.is_empty() { String::new() } else { format!(", {}", column.unit) };
            view! { <th scope="col" class:num=column.numeric>{column.label.clone()}{unit}</th> }
        })
        .collect();
    let body: Vec<_> = rows
        .iter()
        .map(|row| {
            let cells: Vec<_> = columns
                .iter()
                .map(|column| {
                    let text = show_value(row.get(&column.key));
                    view! { <td class:num=column.numeric title=text.clone()>{text.clone()}</td> }
                })
                .collect();
            view! { <tr>{cells}</tr> }
        })
        .collect();
    view! {
        <div class="card scroll trace-out" tabindex="0" role="region" aria-label=t().trace.output()>
            <table class="data-table"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>
        </div>
    }
    .into_any()
}

/// The evidence of the answer that rests on the step.
#[component]
fn Rests(scene: Scene, detail: StepDetail, run: RunDetail) -> impl IntoView {
    let text = t().trace;
    let thread = run.run.thread_id;
    let found: Vec<_> = run
        .response
        .iter()
        .flat_map(|answer| answer.evidence.iter())
        .filter(|evidence| detail.evidence.contains(&evidence.n))
        .map(|evidence| {
            view! {
                <li class="row">
                    <Sources thread run=scene.id numbers=vec![evidence.n]/>
                    <span class="grow">{evidence.what.clone()}</span>
                    <span class="small faint nowrap">{t().ask.step_rows(evidence.rows)}</span>
                </li>
            }
        })
        .collect();
    view! {
        <p class="small soft">{text.became(detail.evidence.len() as u64)}</p>
        <ul class="stack trace-rests">{found}</ul>
    }
}
