//! Rows of tools: order, limit, measures.

use std::cmp::Ordering;

use model::{
    tools::{Measure, Sort, ToolOutput},
    {Lang, answer::Column},
};
use serde_json::{Map, Value, json};

use super::text::{folded, number, shown};
use crate::error::{Error, Result};

/// A row.
pub(crate) type Row = Map<String, Value>;

/// Words in order, by column.
pub(crate) type Words<'a> = dyn Fn(&str) -> Vec<String> + Send + Sync + 'a;

/// Days of the week as groups name them, in their order.
pub(crate) const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The limit a tool works with.
pub(crate) fn limit_or(limit: u32, otherwise: usize) -> usize {
    if limit == 0 { otherwise } else { limit as usize }
}

/// Orders values: numbers before text, numbers by size, text folded, words by their order. What is absent comes last
/// whichever way is sorted, which is why the direction is a part of it.
pub(crate) fn compare(a: &Value, b: &Value, words: &[String], desc: bool) -> Ordering {
    let absent = |v: &Value| match v {
        Value::Null | Value::Object(_) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    match (absent(a), absent(b)) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let order = present(a, b, words);
    if desc { order.reverse() } else { order }
}

fn present(a: &Value, b: &Value, words: &[String]) -> Ordering {
    if let (Value::Number(a), Value::Number(b)) = (a, b) {
        return a.as_f64().unwrap_or(f64::NAN).total_cmp(&b.as_f64().unwrap_or(f64::NAN));
    }
    let text = |v: &Value| match v {
        Value::Array(list) => list.iter().filter_map(shown).collect::<Vec<_>>().join(", "),
        other => shown(other).unwrap_or_default().into_owned(),
    };
    let (a_text, b_text) = (text(a), text(b));
    if !words.is_empty() {
        let rank = |t: &str| words.iter().position(|word| *word == folded(t));
        match (rank(&a_text), rank(&b_text)) {
            (Some(a), Some(b)) => return a.cmp(&b),
            (Some(_), None) => return Ordering::Greater,
            (None, Some(_)) => return Ordering::Less,
            (None, None) => {}
        }
    }
    match (number(&a_text), number(&b_text)) {
        (Some(a), Some(b)) if a != b => a.total_cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        _ => folded(&a_text).cmp(&folded(&b_text)).then_with(|| a_text.cmp(&b_text)),
    }
}

/// Sorts rows by columns, keeping the order of rows that tie; an unknown column is an error that names it.
pub(crate) fn sort(rows: &mut [Row], by: &[Sort], columns: &[Column], words: &Words<'_>) -> Result<()> {
    for (at, key) in by.iter().enumerate() {
        if !columns.iter().any(|column| column.key == key.by) {
            let known: Vec<&str> = columns.iter().map(|c| c.key.as_str()).collect();
            let known = known.join(", ");
            return Err(Error::invalid(
                format!("sort[{at}].by"),
                format!("'{}' 열로 정렬할 수 없습니다. 결과의 열: {known}", key.by),
                format!("cannot sort by '{}'; columns of the result: {known}", key.by),
            ));
        }
    }
    let words: Vec<Vec<String>> = by.iter().map(|key| words(&key.by)).collect();
    rows.sort_by(|a, b| order(a, b, by, &words));
    Ok(())
}

fn order(a: &Row, b: &Row, by: &[Sort], words: &[Vec<String>]) -> Ordering {
    by.iter()
        .zip(words)
        .map(|(key, words)| compare(cell(a, &key.by), cell(b, &key.by), words, key.desc))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// A value of a row; null when it is not there.
pub(crate) fn cell<'a>(row: &'a Row, column: &str) -> &'a Value {
    row.get(column).unwrap_or(&Value::Null)
}

/// Cuts sorted rows to a limit into an output. With `ties`, rows equal to the last one in the columns sorted by stay.
pub(crate) fn cut(
    mut rows: Vec<Row>,
    columns: Vec<Column>,
    by: &[Sort],
    limit: usize,
    ties: bool,
) -> ToolOutput {
    let total = rows.len();
    let mut keep = limit.min(total);
    if ties && !by.is_empty() {
        while keep > 0 && keep < total {
            let equal = match (rows.get(keep - 1), rows.get(keep)) {
                (Some(last), Some(next)) => by.iter().all(|key| cell(last, &key.by) == cell(next, &key.by)),
                _ => false,
            };
            if !equal {
                break;
            }
            keep += 1;
        }
    }
    rows.truncate(keep);
    ToolOutput { columns, total: total as u64, truncated: rows.len() < total, rows, ..ToolOutput::default() }
}

/// A function over the rows of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Count,
    Distinct,
    Sum,
    Avg,
    Min,
    Max,
    /// Percentile in percent.
    Percentile(u8),
    Share,
    /// Computed from two earlier measures.
    Derived,
}

impl Function {
    /// Reads the name of a function.
    pub(crate) fn parse(path: &str, name: &str) -> Result<Self> {
        Ok(match name {
            "count" => Self::Count,
            "distinct" => Self::Distinct,
            "sum" => Self::Sum,
            "avg" => Self::Avg,
            "min" => Self::Min,
            "max" => Self::Max,
            "p50" => Self::Percentile(50),
            "p90" => Self::Percentile(90),
            "p95" => Self::Percentile(95),
            "p99" => Self::Percentile(99),
            "share" => Self::Share,
            "difference" | "ratio" | "change_pct" => Self::Derived,
            other => {
                let known = "count, distinct, sum, avg, min, max, p50, p90, p95, p99, share, difference, ratio, change_pct";
                return Err(Error::invalid(
                    path,
                    format!("'{other}' 함수는 없습니다. 사용할 수 있는 함수: {known}"),
                    format!("there is no function '{other}'; there are {known}"),
                ));
            }
        })
    }

    /// Whether it needs a field.
    pub(crate) fn needs_field(self) -> bool {
        !matches!(self, Self::Count | Self::Share | Self::Derived)
    }
}

/// Fills in the measures that are computed from two others.
pub(crate) fn derive(rows: &mut [Row], measures: &[Measure]) {
    for measure in
        measures.iter().filter(|m| matches!(m.r#fn.as_str(), "difference" | "ratio" | "change_pct"))
    {
        let (first, second) = measure.field.split_once(',').unwrap_or((&measure.field, ""));
        for row in rows.iter_mut() {
            let number = |column: &str| cell(row, column.trim()).as_f64();
            let value = number(first).zip(number(second)).map_or(Value::Null, |(a, b)| {
                num(match measure.r#fn.as_str() {
                    "difference" => b - a,
                    "ratio" => b / a,
                    _ => 100.0 * (b - a) / a,
                })
            });
            row.insert(measure_name(measure), value);
        }
    }
}

/// Reduces the first measure over groups to one row. `all` is the number of groups there could be, for measures of which
/// a group without rows has zero.
pub(crate) fn reduce_groups(
    rows: &[Row],
    column: &str,
    over: &str,
    all: u64,
    lang: Lang,
) -> Result<ToolOutput> {
    let function = Function::parse("over", over)?;
    let mut numbers: Vec<f64> = rows.iter().filter_map(|row| cell(row, column).as_f64()).collect();
    let all = usize::try_from(all).unwrap_or(usize::MAX).min(1_000_000);
    if numbers.len() < all {
        numbers.resize(all, 0.0);
    }
    numbers.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "numbers of groups are far below 2^52")]
    let count = numbers.len() as f64;
    let sum: f64 = numbers.iter().sum();
    let value = match function {
        Function::Count => Some(count),
        Function::Sum => (count > 0.0).then_some(sum),
        Function::Avg => (count > 0.0).then(|| sum / count),
        Function::Min => numbers.first().copied(),
        Function::Max => numbers.last().copied(),
        Function::Percentile(percent) => percentile(&numbers, percent),
        Function::Distinct | Function::Share | Function::Derived => {
            return Err(Error::invalid(
                "over",
                format!("묶음 전체에 '{over}' 함수를 쓸 수 없습니다. avg, sum, min, max, p50을 쓰세요"),
                format!("'{over}' cannot be computed over groups; use avg, sum, min, max or p50"),
            ));
        }
    };
    let pick = |ko: &str, en: &str| if lang == Lang::Ko { ko.to_owned() } else { en.to_owned() };
    let columns = vec![
        self::column("value", pick("값", "value"), "", true),
        self::column("groups", pick("묶음 수", "groups"), "", true),
    ];
    let mut row = Row::new();
    row.insert("value".to_owned(), value.map_or(Value::Null, num));
    row.insert("groups".to_owned(), num(count));
    Ok(ToolOutput { columns, rows: vec![row], total: 1, ..ToolOutput::default() })
}

/// Name of the column of a measure.
pub(crate) fn measure_name(measure: &Measure) -> String {
    if !measure.name.is_empty() {
        measure.name.clone()
    } else if measure.field.is_empty() {
        measure.r#fn.clone()
    } else {
        format!("{}_{}", measure.r#fn, measure.field)
    }
}

/// What a measure is called for a person.
pub(crate) fn measure_label(measure: &Measure, field: &str, lang: Lang) -> String {
    let (ko, en) = match measure.r#fn.as_str() {
        "count" => ("건수", "count"),
        "distinct" => ("종류 수", "distinct"),
        "sum" => ("합계", "sum"),
        "avg" => ("평균", "average"),
        "min" => ("최솟값", "minimum"),
        "max" => ("최댓값", "maximum"),
        "p50" => ("중앙값", "median"),
        "share" => ("비율", "share"),
        "difference" => ("차이", "difference"),
        "ratio" => ("배율", "ratio"),
        "change_pct" => ("증감률", "change"),
        other => (other, other),
    };
    match (lang, field.is_empty()) {
        (Lang::Ko, true) => ko.to_owned(),
        (Lang::En, true) => en.to_owned(),
        (Lang::Ko, false) => format!("{field} {ko}"),
        (Lang::En, false) => format!("{en} {field}"),
    }
}

/// A column.
pub(crate) fn column(
    key: impl Into<String>,
    label: impl Into<String>,
    unit: impl Into<String>,
    numeric: bool,
) -> Column {
    Column { key: key.into(), label: label.into(), unit: unit.into(), numeric }
}

/// A number as JSON: whole numbers without a fraction, nothing for what is not finite.
pub(crate) fn num(value: f64) -> Value {
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    if !value.is_finite() {
        Value::Null
    } else if value.fract() == 0.0 && value.abs() < WHOLE {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole and within the range in which f64 counts exactly"
        )]
        let whole = value as i64;
        json!(whole)
    } else {
        json!(value)
    }
}

/// The percentile of ordered values, interpolated between neighbours (as `percentile_cont` of SQL).
pub(crate) fn percentile(ordered: &[f64], percent: u8) -> Option<f64> {
    let last = ordered.len().checked_sub(1)?;
    #[expect(clippy::cast_precision_loss, reason = "positions are far below 2^52")]
    let place = last as f64 * f64::from(percent) / 100.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the last position"
    )]
    let low = place.floor() as usize;
    let (a, b) = (ordered.get(low)?, ordered.get((low + 1).min(last))?);
    Some(a + (b - a) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, n: Value) -> Row {
        Row::from_iter([("name".to_owned(), json!(name)), ("n".to_owned(), n)])
    }

    fn columns() -> Vec<Column> {
        vec![column("name", "name", "", false), column("n", "n", "", true)]
    }

    #[test]
    fn rows_that_tie_with_the_last_one_stay() {
        let mut rows = vec![row("a", json!(1)), row("b", json!(3)), row("c", json!(2)), row("d", json!(2))];
        let by = [Sort { by: "n".into(), desc: true }];
        sort(&mut rows, &by, &columns(), &|_| Vec::new()).unwrap();
        let out = cut(rows.clone(), columns(), &by, 2, true);
        assert_eq!(out.rows.len(), 3);
        assert_eq!((out.total, out.truncated), (4, true));
        assert_eq!(cut(rows, columns(), &by, 2, false).rows.len(), 2);
    }

    #[test]
    fn what_is_absent_comes_last_whichever_way_is_sorted() {
        for desc in [false, true] {
            let mut rows = vec![row("a", json!(null)), row("b", json!(1)), row("c", json!(2))];
            sort(&mut rows, &[Sort { by: "n".into(), desc }], &columns(), &|_| Vec::new()).unwrap();
            assert_eq!(cell(&rows[2], "name"), "a");
        }
    }

    #[test]
    fn sorting_by_a_column_that_is_not_there_says_which_there_are() {
        let error =
            sort(&mut [], &[Sort { by: "x".into(), desc: false }], &columns(), &|_| Vec::new()).unwrap_err();
        assert!(error.to_api().message.ko.contains("name, n"));
    }

    #[test]
    fn words_sort_by_their_order() {
        let words = vec!["low".to_owned(), "mid".to_owned(), "high".to_owned()];
        assert_eq!(compare(&json!("High"), &json!("mid"), &words, false), Ordering::Greater);
        assert_eq!(compare(&json!("10"), &json!("9"), &[], false), Ordering::Greater);
    }

    #[test]
    fn percentiles_are_interpolated() {
        assert_eq!(percentile(&[1.0, 2.0, 3.0, 4.0], 50), Some(2.5));
        assert_eq!(percentile(&[5.0], 95), Some(5.0));
        assert_eq!(percentile(&[], 50), None);
    }
}
