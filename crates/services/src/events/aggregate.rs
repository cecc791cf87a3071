//! `event.aggregate` and `history.aggregate`: one statement gives a row per group.

use chrono::DateTime;
use model::{
    Lang,
    answer::Column,
    schema::FieldType,
    tools::{Measure, RecordAggregate, ToolOutput},
};
use serde_json::Value;
use sqlx::{Postgres, QueryBuilder, Row as _, postgres::PgRow, types::Json};

use super::{
    conditions::{Source, push_condition, push_members, source},
    scope::{Chosen, Scope, Term, stamp, zone},
};
use crate::{
    cmdb::{
        Snapshot,
        filter::item_spec,
        left_out_note,
        table::{self, Function, Row, WEEKDAYS, column, compare, cut, limit_or},
        text::folded,
    },
    db::TenantTx,
    error::{Error, Result},
};

/// Groups one statement may give.
const GROUPS: i64 = 200_000;

/// What is grouped by.
enum Key<'a> {
    /// A value of the record or of its item.
    Term(Term<'a>),
    /// A part of the time it began.
    Part(&'static str),
}

/// Parts of time.
const PARTS: [&str; 7] = ["minute", "hour", "day", "week", "month", "weekday", "hour_of_day"];

impl<'a> Key<'a> {
    fn read(scope: &Scope<'a>, path: &str, name: &str) -> Result<Self> {
        let part = PARTS.into_iter().find(|part| *part == name);
        match part {
            Some(part) if scope.field(name).is_none() => Ok(Self::Part(part)),
            _ => scope.term(path, name).map(Self::Term),
        }
    }

    fn is_list(&self, scope: &Scope<'_>) -> bool {
        let kind = match self {
            Self::Term(Term::Field(field)) => Some(field.r#type),
            Self::Term(Term::Item(field)) => item_spec(scope.estate, field).map(|spec| spec.r#type),
            _ => None,
        };
        kind == Some(FieldType::List)
    }

    /// Writes the value grouped by, as JSON; absent and empty values are null.
    fn push(&self, sql: &mut QueryBuilder<Postgres>, at: usize, list: bool, tz: &str) {
        match self {
            Self::Term(_) if list => {
                sql.push("to_jsonb(g").push(at).push(".v)");
            }
            Self::Term(term) => {
                sql.push("nullif(nullif(");
                source(term).json(sql);
                sql.push(r#", 'null'), '""')"#);
            }
            Self::Part(part) => push_part(sql, part, tz),
        }
    }

    fn column(&self, scope: &Scope<'_>, name: &str, lang: Lang) -> Column {
        match self {
            Self::Term(term) => scope.column(name, term, lang),
            Self::Part(part) => {
                let (ko, en) = match *part {
                    "minute" | "hour" => ("시각", "time"),
                    "day" => ("날짜", "date"),
                    "week" => ("주", "week"),
                    "month" => ("월", "month"),
                    "weekday" => ("요일", "weekday"),
                    _ => ("시간대", "hour of day"),
                };
                column(name, if lang == Lang::Ko { ko } else { en }, "", *part == "hour_of_day")
            }
        }
    }
}

fn push_part(sql: &mut QueryBuilder<Postgres>, part: &'static str, tz: &str) {
    let local = |sql: &mut QueryBuilder<Postgres>| {
        sql.push("(r.at AT TIME ZONE ").push_bind(tz.to_owned()).push(")");
    };
    match part {
        "minute" | "hour" => {
            sql.push("to_jsonb(date_trunc('")
                .push(part)
                .push("', r.at, ")
                .push_bind(tz.to_owned())
                .push("))");
        }
        "day" | "month" => {
            sql.push("to_jsonb(to_char(");
            local(sql);
            sql.push(if part == "day" { ", 'YYYY-MM-DD'))" } else { ", 'YYYY-MM'))" });
        }
        "week" => {
            sql.push("to_jsonb(to_char(date_trunc('week', ");
            local(sql);
            sql.push("), 'YYYY-MM-DD'))");
        }
        "weekday" => {
            sql.push("to_jsonb((")
                .push_bind(WEEKDAYS.map(String::from).to_vec())
                .push("::text[])[extract(isodow FROM ");
            local(sql);
            sql.push(")::int])");
        }
        _ => {
            sql.push("to_jsonb(extract(hour FROM ");
            local(sql);
            sql.push(")::int)");
        }
    }
}

/// A measure made ready.
struct Ready<'a> {
    measure: &'a Measure,
    function: Function,
    term: Option<Term<'a>>,
    /// Its values are moments.
    time: bool,
}

impl<'a> Ready<'a> {
    fn read(scope: &Scope<'a>, at: usize, measure: &'a Measure) -> Result<Self> {
        let function = Function::parse(&format!("measures[{at}].fn"), &measure.r#fn)?;
        let path = format!("measures[{at}].field");
        let derived = function == Function::Derived;
        let term = if !derived && (function.needs_field() || !measure.field.is_empty()) {
            Some(scope.term(&path, &measure.field)?)
        } else {
            None
        };
        let moment = matches!(&term, Some(Term::At | Term::Until));
        let ends = matches!(function, Function::Min | Function::Max);
        if moment && !ends && !matches!(function, Function::Count | Function::Distinct) {
            return Err(Error::invalid(
                path,
                format!("시각에는 {} 함수를 쓸 수 없습니다. min이나 max를 쓰세요", measure.r#fn),
                format!("{} cannot be computed over times; use min or max", measure.r#fn),
            ));
        }
        Ok(Self { measure, function, term, time: moment && ends })
    }

    fn push(&self, sql: &mut QueryBuilder<Postgres>, scope: &Scope<'_>, path: &str) -> Result<()> {
        if self.function == Function::Derived {
            sql.push("NULL::jsonb");
            return Ok(());
        }
        if self.function == Function::Share {
            sql.push("to_jsonb(100.0::float8 * count(*)");
            self.push_filter(sql, scope, path)?;
            sql.push(" / nullif(count(*), 0)::float8)");
            return Ok(());
        }
        let Some(term) = &self.term else {
            sql.push("to_jsonb(count(*)");
            self.push_filter(sql, scope, path)?;
            sql.push(")");
            return Ok(());
        };
        let from = source(term);
        let words = match term {
            Term::Field(field) if !field.order.is_empty() => Some(&field.order),
            _ => None,
        };
        match (self.function, from, words) {
            (Function::Count, _, _) => {
                sql.push("to_jsonb(count(nullif(");
                from.text(sql);
                sql.push(", ''))");
                self.push_filter(sql, scope, path)?;
                sql.push(")");
            }
            (Function::Distinct, _, _) => {
                sql.push("to_jsonb(count(DISTINCT nullif(");
                from.text(sql);
                sql.push(", ''))");
                self.push_filter(sql, scope, path)?;
                sql.push(")");
            }
            (Function::Min | Function::Max, Source::Time(column), _) => {
                sql.push(self.ends("to_jsonb(min(", "to_jsonb(max(")).push(column).push(")");
                self.push_filter(sql, scope, path)?;
                sql.push(")");
            }
            (Function::Min | Function::Max, _, Some(words)) => {
                // The least and the greatest word are found by their places and named again.
                let folded: Vec<String> = words.iter().map(|word| folded(word)).collect();
                sql.push("to_jsonb((")
                    .push_bind(words.clone())
                    .push("::text[])[")
                    .push(self.ends("min(", "max("));
                sql.push("array_position(").push_bind(folded).push("::text[], lower(");
                from.text(sql);
                sql.push(")))");
                self.push_filter(sql, scope, path)?;
                sql.push("])");
            }
            (Function::Min | Function::Max, _, None) if !is_number(term, scope) => {
                sql.push(self.ends("to_jsonb(min(nullif(", "to_jsonb(max(nullif("));
                from.text(sql);
                sql.push(", ''))");
                self.push_filter(sql, scope, path)?;
                sql.push(")");
            }
            (Function::Percentile(percent), _, _) => {
                sql.push("to_jsonb(percentile_cont(").push_bind(f64::from(percent) / 100.0);
                sql.push("::float8) WITHIN GROUP (ORDER BY ");
                from.number(sql);
                sql.push(")");
                self.push_filter(sql, scope, path)?;
                sql.push(")");
            }
            (function, _, _) => {
                sql.push(match function {
                    Function::Sum => "to_jsonb(sum(",
                    Function::Avg => "to_jsonb(avg(",
                    Function::Min => "to_jsonb(min(",
                    _ => "to_jsonb(max(",
                });
                from.number(sql);
                sql.push(")");
                self.push_filter(sql, scope, path)?;
                sql.push(")");
            }
        }
        Ok(())
    }

    fn ends(&self, min: &'static str, max: &'static str) -> &'static str {
        if self.function == Function::Min { min } else { max }
    }

    fn push_filter(&self, sql: &mut QueryBuilder<Postgres>, scope: &Scope<'_>, path: &str) -> Result<()> {
        for (at, condition) in self.measure.filter.iter().enumerate() {
            sql.push(if at == 0 { " FILTER (WHERE " } else { " AND " });
            push_condition(sql, scope, condition, &format!("{path}.filter[{at}]"))?;
        }
        if !self.measure.filter.is_empty() {
            sql.push(")");
        }
        Ok(())
    }

    fn column(&self, scope: &Scope<'_>, lang: Lang) -> Column {
        let of = self.term.as_ref().map(|term| scope.column("", term, lang));
        let label = table::measure_label(self.measure, of.as_ref().map_or("", |c| c.label.as_str()), lang);
        let unit = match self.function {
            Function::Share => "%".to_owned(),
            Function::Derived if self.measure.r#fn == "change_pct" => "%".to_owned(),
            Function::Count | Function::Distinct | Function::Derived => String::new(),
            _ => of.map(|c| c.unit).unwrap_or_default(),
        };
        column(table::measure_name(self.measure), label, unit, !self.time)
    }
}

fn is_number(term: &Term<'_>, scope: &Scope<'_>) -> bool {
    match term {
        Term::Duration => true,
        Term::Field(field) => field.r#type == FieldType::Number,
        Term::Item(field) => {
            item_spec(scope.estate, field).is_some_and(|spec| spec.r#type == FieldType::Number)
        }
        Term::Part(part, _) => *part == "hour_of_day",
        Term::At | Term::Until | Term::Kind => false,
    }
}

/// Counts and summarises records of one kind by groups.
pub(super) async fn aggregate(
    tx: &mut TenantTx<'_>,
    estate: &Snapshot,
    args: &RecordAggregate,
    lang: Lang,
) -> Result<ToolOutput> {
    let chosen = Chosen::new(estate, &args.select, lang)?;
    let scope = &chosen.scope;
    let tz = zone("tz", &args.tz)?;
    let keys: Vec<Key<'_>> = args
        .group_by
        .iter()
        .enumerate()
        .map(|(at, name)| Key::read(scope, &format!("group_by[{at}]"), name))
        .collect::<Result<_>>()?;
    let measures: Vec<Ready<'_>> = args
        .measures
        .iter()
        .enumerate()
        .map(|(at, measure)| Ready::read(scope, at, measure))
        .collect::<Result<_>>()?;
    if measures.is_empty() {
        return Err(Error::invalid(
            "measures",
            "계산할 값이 없습니다. measures에 하나 이상 지정해 주세요",
            "nothing to compute; name at least one in measures",
        ));
    }

    let mut sql = QueryBuilder::<Postgres>::new("SELECT count(*)");
    for (at, key) in keys.iter().enumerate() {
        sql.push(", ");
        key.push(&mut sql, at, key.is_list(scope), &tz);
    }
    for (at, measure) in measures.iter().enumerate() {
        sql.push(", ");
        measure.push(&mut sql, scope, &format!("measures[{at}]"))?;
    }
    sql.push(" FROM record r LEFT JOIN ci c ON c.tenant_id = r.tenant_id AND c.id = r.ci_id");
    for (at, key) in keys.iter().enumerate() {
        if let (Key::Term(term), true) = (key, key.is_list(scope)) {
            sql.push(" LEFT JOIN LATERAL ");
            push_members(&mut sql, source(term));
            sql.push(" AS g").push(at).push(" (v) ON g").push(at).push(".v <> ''");
        }
    }
    sql.push(" WHERE ");
    chosen.push(&mut sql, tx.tenant())?;
    for at in 0..keys.len() {
        sql.push(if at == 0 { " GROUP BY " } else { ", " }).push(at + 2);
    }
    sql.push(" LIMIT ").push_bind(GROUPS);
    let found: Vec<PgRow> = sql.build().fetch_all(tx.conn()).await?;

    let mut columns: Vec<Column> =
        keys.iter().zip(&args.group_by).map(|(key, name)| key.column(scope, name, lang)).collect();
    columns.extend(measures.iter().map(|measure| measure.column(scope, lang)));
    let (mut rows, left_out) = rows(&found, &keys, &measures, &columns)?;
    let words = |name: &str| words(scope, &args.group_by, &keys, name);
    let by_group: Vec<Vec<String>> = args.group_by.iter().map(|name| words(name)).collect();
    rows.sort_by(|a, b| {
        args.group_by
            .iter()
            .zip(&by_group)
            .map(|(name, words)| compare(table::cell(a, name), table::cell(b, name), words, false))
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    table::derive(&mut rows, &args.measures);
    rows.retain(|row| model::tools::holds(row, &args.having));
    if !args.over.is_empty() {
        let first = args.measures.first();
        let counted =
            first.is_some_and(|m| matches!(m.r#fn.as_str(), "count" | "sum")) && args.having.is_empty();
        let all = match args.group_by.as_slice() {
            [part] if counted => chosen.parts(part, &tz),
            _ => 0,
        };
        let column = first.map(table::measure_name).unwrap_or_default();
        let mut output = table::reduce_groups(&rows, &column, &args.over, all, lang)?;
        output.notes = chosen.notes;
        return Ok(output);
    }
    table::sort(&mut rows, &args.sort, &columns, &words)?;
    let mut output = cut(rows, columns, &args.sort, limit_or(args.limit, 1_000), true);
    output.notes = chosen.notes;
    output.notes.extend(left_out_note(left_out, &args.group_by, lang));
    Ok(output)
}

/// Words in order of a column grouped by.
fn words(scope: &Scope<'_>, names: &[String], keys: &[Key<'_>], name: &str) -> Vec<String> {
    let key = names.iter().position(|known| known == name).and_then(|at| keys.get(at));
    match key {
        Some(Key::Part("weekday")) => WEEKDAYS.map(String::from).to_vec(),
        Some(Key::Term(Term::Field(field))) => field.order.iter().map(|word| folded(word)).collect(),
        Some(Key::Term(Term::Item(field))) => {
            item_spec(scope.estate, field).map(|spec| spec.words).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// Reads the groups; those without a value of a key are counted instead.
fn rows(
    found: &[PgRow],
    keys: &[Key<'_>],
    measures: &[Ready<'_>],
    columns: &[Column],
) -> Result<(Vec<Row>, u64)> {
    let moments: Vec<bool> = keys
        .iter()
        .map(|key| matches!(key, Key::Part("minute" | "hour") | Key::Term(Term::At | Term::Until)))
        .chain(measures.iter().map(|measure| measure.time))
        .collect();
    let mut rows = Vec::with_capacity(found.len());
    let mut left_out = 0;
    for group in found {
        let mut row = Row::new();
        for (at, (column, moment)) in columns.iter().zip(&moments).enumerate() {
            let value: Option<Json<Value>> = group.try_get(at + 1)?;
            let value = value.map_or(Value::Null, |Json(value)| value);
            let value = match (&value, *moment) {
                (Value::String(text), true) => match DateTime::parse_from_rfc3339(text) {
                    Ok(time) => stamp(time.to_utc()).into(),
                    Err(_) => value,
                },
                (Value::Number(n), _) => n.as_f64().map_or(Value::Null, table::num),
                _ => value,
            };
            row.insert(column.key.clone(), value);
        }
        let nameless = columns.iter().take(keys.len()).any(|column| table::cell(&row, &column.key).is_null());
        if nameless {
            left_out += group.try_get::<i64, _>(0)?.unsigned_abs();
        } else {
            rows.push(row);
        }
    }
    Ok((rows, left_out))
}
