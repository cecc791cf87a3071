//! A table of an answer: labels in heads and cells, every row of it on request. On a phone a row of many columns is a
//! card.

use leptos::prelude::*;
use model::answer::{AnswerBlock, Column};
use serde_json::{Map, Value};

use super::{
    blocks::marks,
    saves::saves,
    state::{AskState, TurnState},
    wording::{Said, Wording, book},
};
use crate::{
    i18n::{t, trade},
    ui::{Icon, StatusDot, ic},
};

/// Rows of a table shown at first; the rest on request.
const ROWS_FIRST: usize = 20;
/// So many columns stand side by side on a phone.
const SIDE_BY_SIDE: usize = 3;

type Row = Map<String, Value>;

/// A table of an answer.
#[component]
pub fn TableBlock(
    state: AskState,
    turn: TurnState,
    title: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    total: u64,
    refs: Vec<u32>,
) -> impl IntoView {
    let a = t().ask;
    let book = book();
    let all = RwSignal::new(rows.len() <= ROWS_FIRST);
    let count = rows.len() as u64;
    let saved = AnswerBlock::Table {
        title: title.clone(),
        columns: columns.clone(),
        rows: rows.clone(),
        total,
        refs: refs.clone(),
    };
    let first = refs.first().copied();
    let lang = Wording::of(turn, None, None).lang();
    let shown = shown(&columns, &rows);
    let form =
        if shown.len() > SIDE_BY_SIDE { "data-table answer-rows cards" } else { "data-table answer-rows" };
    let heads = shown
        .iter()
        .map(|column| view! { <th class:num=column.numeric scope="col" role="columnheader">{head(column, lang)}</th> })
        .collect_view();
    let data = StoredValue::new((shown, rows));
    let body = move || {
        let wording = Wording::of(turn, first, book.value.get());
        let most = if all.get() { usize::MAX } else { ROWS_FIRST };
        data.with_value(|(columns, rows)| {
            rows.iter().take(most).map(|row| view! {
                <tr role="row">{columns.iter().map(|column| cell(&wording, column, row)).collect_view()}</tr>
            }).collect_view()
        })
    };
    view! {
        <section class="card block" data-testid="answer-table">
            <div class="head">
                <h3 class="cut">{title}</h3>{marks(state, turn, &refs)}
                <span class="end">
                    <span class="small faint nowrap">{a.rows_shown(count, total)}</span>
                    {saves(saved, None)}
                </span>
            </div>
            <div class="scroll" tabindex="0">
                // Cards are no table to a browser any more; to a screen reader they stay one.
                <table class=form role="table">
                    <thead role="rowgroup"><tr role="row">{heads}</tr></thead>
                    <tbody role="rowgroup">{body}</tbody>
                </table>
            </div>
            {move || (!all.get()).then(|| view! {
                <button class="btn ghost sm more" on:click=move |_| all.set(true)><Icon glyph=ic::CHEVRON_DOWN class="s"/>{t().common.more()}</button>
            })}
        </section>
    }
}

/// Columns that say something: not those without any value, nor a name that only repeats the code.
fn shown(columns: &[Column], rows: &[Row]) -> Vec<Column> {
    let absent = |value: Option<&Value>| match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        Some(Value::Array(list)) => list.is_empty(),
        Some(_) => false,
    };
    let has_code = columns.iter().any(|column| column.key == "code");
    let says = |column: &&Column| {
        let repeats =
            column.key == "name" && has_code && rows.iter().all(|row| row.get("name") == row.get("code"));
        !repeats && !rows.iter().all(|row| absent(row.get(&column.key)))
    };
    let kept: Vec<Column> = columns.iter().filter(says).cloned().collect();
    if kept.is_empty() { columns.to_vec() } else { kept }
}

fn head(column: &Column, lang: model::Lang) -> String {
    match trade::unit(&column.unit, lang) {
        "" => column.label.clone(),
        unit => format!("{} ({unit})", column.label),
    }
}

/// A cell; on a phone its head stands before it.
pub fn cell(wording: &Wording, column: &Column, row: &Row) -> AnyView {
    let Said { text, tone } = wording.say(column, row);
    let label = head(column, wording.lang());
    let item = matches!(column.key.as_str(), "code" | "ci" | "source" | "target" | "parent" | "peer");
    let full = text.clone();
    match tone {
        _ if item && !text.is_empty() => {
            let href = format!("/cis/{}", String::from(js_sys::encode_uri_component(&text)));
            view! { <td role="cell" data-label=label><a class="id" href=href>{text}</a></td> }.into_any()
        }
        Some(tone) => {
            view! { <td role="cell" data-label=label><StatusDot tone=tone label=text/></td> }.into_any()
        }
        None if column.numeric => {
            view! { <td role="cell" class="num" data-label=label>{text}</td> }.into_any()
        }
        None => view! { <td role="cell" data-label=label title=full>{text}</td> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn column(key: &str) -> Column {
        Column { key: key.into(), label: key.into(), unit: String::new(), numeric: false }
    }

    fn keys(columns: &[&str], rows: &Value) -> Vec<String> {
        let columns: Vec<Column> = columns.iter().map(|key| column(key)).collect();
        let rows: Vec<Row> =
            rows.as_array().expect("rows").iter().filter_map(|row| row.as_object().cloned()).collect();
        shown(&columns, &rows).into_iter().map(|column| column.key).collect()
    }

    #[test]
    fn columns_that_say_nothing_are_left_out() {
        let rows = json!([{ "code": "a", "name": "a", "kind": "db", "peer": "" }, { "code": "b", "name": "b", "kind": "db" }]);
        assert_eq!(keys(&["code", "name", "kind", "peer"], &rows), ["code", "kind"]);
        let named = json!([{ "code": "a", "name": "A" }, { "code": "b", "name": "b" }]);
        assert_eq!(keys(&["code", "name"], &named), ["code", "name"]);
        assert_eq!(keys(&["code"], &json!([{ "code": null }])), ["code"]);
    }
}
