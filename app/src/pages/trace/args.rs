//! Arguments as JSON that can be changed, with what is wrong placed on its line.

use leptos::{html, prelude::*};
use model::{ApiError, run::Issue};
use serde_json::{Map, Value};

use crate::{
    i18n::{l, t},
    ui::{Icon, form::fresh_id, ic},
};

/// Something wrong in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line, from 1; none when it is nowhere in the text.
    pub line: Option<usize>,
    /// Where, as the server says it.
    pub path: String,
    /// What is wrong and how to mend it.
    pub reason: String,
}

/// Reads the text as an object.
pub fn read(text: &str) -> Result<Map<String, Value>, Fault> {
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Fault { line: Some(1), path: String::new(), reason: t().trace.not_object().to_owned() }),
        Err(error) => Err(Fault {
            line: Some(error.line().max(1)),
            path: String::new(),
            reason: t().trace.bad_json(error.line() as u64, error.column() as u64),
        }),
    }
}

/// What an error of the server says about fields, placed in the text.
pub fn faults_of(error: &ApiError, text: &str) -> Vec<Fault> {
    if error.fields.is_empty() {
        let hint = error.hint.as_ref().map(|hint| format!(". {}", l(hint))).unwrap_or_default();
        let reason = format!("{}{hint}", l(&error.message));
        return vec![Fault { line: None, path: String::new(), reason }];
    }
    error
        .fields
        .iter()
        .map(|field| Fault {
            line: line_of(text, &field.path),
            path: field.path.clone(),
            reason: l(&field.reason),
        })
        .collect()
}

/// Issues of a plan, placed in the text.
pub fn faults_of_issues(issues: &[Issue], text: &str) -> Vec<Fault> {
    issues
        .iter()
        .map(|issue| Fault {
            line: line_of(text, &issue.path),
            path: issue.path.clone(),
            reason: l(&issue.hint),
        })
        .collect()
}

/// The line of a path such as `root.nodes[2].args.select.ci` in pretty JSON: as far as its names are found one after the
/// other. Names before the text (the text is the arguments alone) are passed over.
pub fn line_of(text: &str, path: &str) -> Option<usize> {
    let mut at = 0;
    let mut found = None;
    for part in path.split(['.', '[', ']']).filter(|part| !part.is_empty()) {
        if let Ok(index) = part.parse::<usize>() {
            // the index-th object or value of the list that begins here
            if found.is_some() {
                at = element(text, at, index).unwrap_or(at);
            }
            continue;
        }
        let key = format!("\"{part}\"");
        let mut from = at;
        while let Some(place) = text.get(from..).and_then(|rest| rest.find(&key)) {
            let end = from + place + key.len();
            if text[end..].trim_start().starts_with(':') {
                found = Some(from + place);
                at = end;
                break;
            }
            from = end;
        }
    }
    found.map(|_| text[..at].lines().count().max(1))
}

/// Where the `index`-th element of the next list begins.
fn element(text: &str, from: usize, index: usize) -> Option<usize> {
    let open = from + text.get(from..)?.find('[')? + 1;
    let (mut depth, mut n, mut quoted, mut escaped) = (0i32, 0usize, false, false);
    for (at, c) in text[open..].char_indices() {
        if n == index && !c.is_whitespace() && !quoted {
            return Some(open + at);
        }
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '{' | '[' => depth += 1,
            '}' | ']' if depth == 0 => return None,
            '}' | ']' => depth -= 1,
            ',' if depth == 0 => n += 1,
            _ => {}
        }
    }
    None
}

/// Arguments as text with numbered lines; what is wrong stands on its line and below.
#[component]
pub fn ArgsEditor(
    /// The text.
    text: RwSignal<String>,
    /// What is wrong.
    faults: RwSignal<Vec<Fault>>,
    /// What it holds.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let id = fresh_id("args");
    let area = NodeRef::<html::Textarea>::new();
    let lines = move || text.with(|text| text.lines().count().max(3) + usize::from(text.ends_with('\n')));
    let go = move |line: usize| {
        let Some(area) = area.get_untracked() else { return };
        let (from, until) = text.with_untracked(|text| {
            let units = |part: &str| u32::try_from(part.encode_utf16().count()).unwrap_or(0);
            let from: u32 = text.split_inclusive('\n').take(line.saturating_sub(1)).map(units).sum();
            let width = text.lines().nth(line.saturating_sub(1)).map_or(0, units);
            (from, from + width)
        });
        _ = area.focus();
        _ = area.set_selection_range(from, until);
    };
    let described = format!("{id}-faults");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <div class="args-editor" aria-invalid=move || (!faults.read().is_empty()).then_some("true")>
                <div class="args-lines" aria-hidden="true">
                    {move || {
                        let bad: Vec<usize> = faults.read().iter().filter_map(|f| f.line).collect();
                        (1..=lines())
                            .map(|n| view! { <span class:bad=bad.contains(&n)>{n}</span> })
                            .collect_view()
                    }}
                </div>
                <textarea
                    id=id.clone()
                    node_ref=area
                    class="mono"
                    wrap="off"
                    spellcheck="false"
                    autocomplete="off"
                    rows=move || lines().to_string()
                    aria-invalid=move || (!faults.read().is_empty()).then_some("true")
                    aria-describedby=described.clone()
                    prop:value=move || text.get()
                    on:input:target=move |event| {
                        text.set(event.target().value());
                        // a mistake in the writing is told at once; what the server said is old now
                        faults.set(text.with_untracked(|text| read(text).err().into_iter().collect()));
                    }
                    data-testid="args"
                ></textarea>
            </div>
            <ul class="args-faults" id=described role="alert">
                {move || {
                    faults
                        .get()
                        .into_iter()
                        .map(|fault| {
                            let line = fault.line;
                            view! {
                                <li class="err">
                                    <Icon glyph=ic::CIRCLE_ALERT class="s"/>
                                    {line.map(|line| view! { <button type="button" class="btn ghost sm" on:click=move |_| go(line)>{t().trace.at_line(line as u64)}</button> })}
                                    {(!fault.path.is_empty()).then(|| view! { <code>{fault.path.clone()}</code> })}
                                    <span>{fault.reason}</span>
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::line_of;

    #[test]
    fn a_fault_is_placed_on_the_line_of_its_key() {
        let text = "{\n  \"select\": {\n    \"filter\": [\n      {\n        \"field\": \"a\"\n      },\n      {\n        \"field\": \"b\"\n      }\n    ]\n  }\n}";
        assert_eq!(line_of(text, "root.nodes[2].args.select.filter[1].field"), Some(8));
        assert_eq!(line_of(text, "args.select"), Some(2));
        assert_eq!(line_of(text, "args.nothing"), None);
    }
}
