//! Conditions of `cmdb::filter` said in SQL. Everything a person wrote is bound, never pasted.

use chrono::{DateTime, Utc};
use model::{
    Condition, Op,
    schema::{FieldDef, FieldType},
};
use serde_json::Value;
use sqlx::{Postgres, QueryBuilder};

use super::scope::{Scope, Term};
use crate::{
    cmdb::{
        filter::{Cell, Filter, moment, operands},
        table::WEEKDAYS,
        text::{folded, number, shown},
    },
    error::{Error, Result},
};

/// A number written as text, for casts that must not fail.
const NUMBER: &str = r"'^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?\s*$'";

/// Where a value of a record comes from, as pieces of SQL.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source<'a> {
    /// A key of the fields of a record, `r`.
    Key(&'a str),
    /// A key of the fields of an item, `c`.
    ItemKey(&'a str),
    /// A text column.
    Text(&'static str),
    /// A column of moments.
    Time(&'static str),
    /// A number.
    Number(&'static str),
    /// `weekday` or `hour_of_day` of the time it began, in a zone.
    Part(&'static str, &'a str),
}

impl Source<'_> {
    /// The value as text.
    pub(super) fn text(self, sql: &mut QueryBuilder<Postgres>) {
        match self {
            Self::Key(key) => sql.push("(r.fields ->> ").push_bind(key.to_owned()).push(")"),
            Self::ItemKey(key) => sql.push("(c.fields ->> ").push_bind(key.to_owned()).push(")"),
            Self::Text(column) => sql.push(column),
            Self::Time(column) | Self::Number(column) => sql.push("(").push(column).push(")::text"),
            Self::Part(part, tz) => {
                let weekday = part == "weekday";
                if weekday {
                    sql.push("((").push_bind(WEEKDAYS.map(String::from).to_vec()).push("::text[])[");
                } else {
                    sql.push("(");
                }
                sql.push(if weekday {
                    "extract(isodow FROM r.at AT TIME ZONE "
                } else {
                    "extract(hour FROM r.at AT TIME ZONE "
                });
                sql.push_bind(tz.to_owned()).push(")::int").push(if weekday { "])" } else { ")::text" })
            }
        };
    }

    /// The value as JSON; null when it is absent.
    pub(super) fn json(self, sql: &mut QueryBuilder<Postgres>) {
        match self {
            Self::Key(key) => sql.push("(r.fields -> ").push_bind(key.to_owned()).push(")"),
            Self::ItemKey(key) => sql.push("(c.fields -> ").push_bind(key.to_owned()).push(")"),
            Self::Text(column) | Self::Time(column) | Self::Number(column) => {
                sql.push("to_jsonb(").push(column).push(")")
            }
            Self::Part(..) => {
                sql.push("to_jsonb(");
                self.text(sql);
                sql.push(")")
            }
        };
    }

    /// The value as a number; null when it is none.
    pub(super) fn number(self, sql: &mut QueryBuilder<Postgres>) {
        match self {
            Self::Number(column) => {
                sql.push("(").push(column).push(")::float8");
            }
            Self::Key(_) | Self::ItemKey(_) => {
                sql.push("(CASE jsonb_typeof(");
                self.json(sql);
                sql.push(") WHEN 'number' THEN ");
                self.text(sql);
                sql.push("::float8 WHEN 'string' THEN ");
                self.parsed(sql);
                sql.push(" END)");
            }
            Self::Text(_) | Self::Part(..) => self.parsed(sql),
            Self::Time(column) => {
                sql.push("extract(epoch FROM ").push(column).push(")::float8");
            }
        }
    }

    fn parsed(self, sql: &mut QueryBuilder<Postgres>) {
        sql.push("(CASE WHEN ");
        self.text(sql);
        sql.push(" ~ ").push(NUMBER).push(" THEN ");
        self.text(sql);
        sql.push("::float8 END)");
    }

    /// The value as a moment; null when it is none.
    fn time(self, sql: &mut QueryBuilder<Postgres>) {
        if let Self::Time(column) = self {
            sql.push(column);
            return;
        }
        sql.push("(CASE WHEN ");
        self.text(sql);
        sql.push(r" ~ '^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])' THEN ");
        self.text(sql);
        sql.push("::timestamptz END)");
    }
}

/// Minutes between begin and end.
pub(super) const MINUTES: &str = "extract(epoch FROM r.until - r.at) / 60.0";

/// Where the value of a term comes from; fields of items need the join of `ci` as `c`.
pub(super) fn source<'a>(term: &'a Term<'_>) -> Source<'a> {
    match term {
        Term::At => Source::Time("r.at"),
        Term::Until => Source::Time("r.until"),
        Term::Kind => Source::Text("r.kind"),
        Term::Duration => Source::Number(MINUTES),
        Term::Part(part, tz) => Source::Part(part, tz),
        Term::Field(field) => Source::Key(&field.key),
        Term::Item(field) => match field.as_str() {
            "code" => Source::Text("c.code"),
            "name" => Source::Text("c.name"),
            "kind" => Source::Text("c.kind"),
            other => Source::ItemKey(other),
        },
    }
}

/// Writes one condition.
pub(super) fn push_condition(
    sql: &mut QueryBuilder<Postgres>,
    scope: &Scope<'_>,
    condition: &Condition,
    path: &str,
) -> Result<()> {
    let term = scope.term(&format!("{path}.field"), &condition.field)?;
    if let Term::Item(field) = &term {
        return push_item_condition(sql, scope, field, condition);
    }
    // `{"field": "other"}`: equal to another field of the same record, or not.
    if let Some(other) = condition.value.get("field").and_then(Value::as_str) {
        let other = scope.term(&format!("{path}.value.field"), other)?;
        let sign = match condition.op {
            Op::Eq => " = ",
            Op::Ne => " <> ",
            _ => {
                return Err(Error::invalid(
                    format!("{path}.op"),
                    "다른 필드와는 eq와 ne로만 비교할 수 있습니다",
                    "another field can be compared with by eq and ne only",
                ));
            }
        };
        sql.push("(lower(");
        source(&term).text(sql);
        sql.push(")").push(sign).push("lower(");
        source(&other).text(sql);
        sql.push("))");
        return Ok(());
    }
    let definition = if let Term::Field(field) = &term { Some(*field) } else { None };
    let source = source(&term);
    if let Source::Key(_) = source {
        // Any field may hold a list, whatever the catalogue calls it.
        sql.push("(CASE jsonb_typeof(");
        source.json(sql);
        sql.push(") WHEN 'array' THEN ");
        push_list_condition(sql, source, definition, condition, path)?;
        sql.push(" ELSE ");
        push_test(sql, source, definition, condition, path)?;
        sql.push(" END)");
        Ok(())
    } else {
        push_test(sql, source, definition, condition, path)
    }
}

/// A condition on the item a record is about: the snapshot knows which items fit.
fn push_item_condition(
    sql: &mut QueryBuilder<Postgres>,
    scope: &Scope<'_>,
    field: &str,
    condition: &Condition,
) -> Result<()> {
    let on_item = Condition { field: field.to_owned(), ..condition.clone() };
    let filter = Filter::of_items(std::slice::from_ref(&on_item), scope.estate)?;
    let items =
        scope.estate.ids(scope.estate.nodes().filter(|&node| filter.accepts_item(scope.estate, node)));
    sql.push("(r.ci_id = ANY (").push_bind(items).push(")");
    if filter.accepts(|_| Cell::Missing) {
        sql.push(" OR r.ci_id IS NULL");
    }
    sql.push(")");
    Ok(())
}

/// A list fits when a member does.
fn push_list_condition(
    sql: &mut QueryBuilder<Postgres>,
    source: Source<'_>,
    definition: Option<&FieldDef>,
    condition: &Condition,
    path: &str,
) -> Result<()> {
    let (negated, positive) = match condition.op {
        Op::Ne => (true, Op::Eq),
        Op::NotIn => (true, Op::In),
        Op::Missing => (true, Op::Exists),
        op => (false, op),
    };
    sql.push(if negated { "NOT EXISTS (SELECT 1 FROM " } else { "EXISTS (SELECT 1 FROM " });
    push_members(sql, source);
    sql.push(" AS m (v) WHERE ");
    let member = Condition { op: positive, ..condition.clone() };
    push_test(sql, Source::Text("m.v"), definition, &member, path)?;
    sql.push(")");
    Ok(())
}

/// The members of a list as a set of texts; a single value is a list of one.
pub(super) fn push_members(sql: &mut QueryBuilder<Postgres>, source: Source<'_>) {
    sql.push("jsonb_array_elements_text(CASE jsonb_typeof(");
    source.json(sql);
    sql.push(") WHEN 'array' THEN ");
    source.json(sql);
    sql.push(" ELSE jsonb_build_array(");
    source.json(sql);
    sql.push(") END)");
}

/// A condition on one value.
fn push_test(
    sql: &mut QueryBuilder<Postgres>,
    source: Source<'_>,
    definition: Option<&FieldDef>,
    condition: &Condition,
    path: &str,
) -> Result<()> {
    let values: Vec<Value> = operands(condition).collect();
    let wanted = Wanted::new(&values, source, definition);
    match condition.op {
        Op::Exists => push_present(sql, source),
        Op::Missing => {
            sql.push("NOT ");
            push_present(sql, source);
        }
        Op::Eq | Op::In => wanted.push_equal(sql, source),
        Op::Ne | Op::NotIn => {
            sql.push("NOT coalesce(");
            wanted.push_equal(sql, source);
            sql.push(", false)");
        }
        Op::Contains | Op::Prefix => {
            let function = if condition.op == Op::Contains { "strpos(lower(" } else { "starts_with(lower(" };
            push_any(sql, &values, |sql, value| {
                sql.push(function);
                source.text(sql);
                sql.push("), ").push_bind(shown(value).map(|t| folded(&t)).unwrap_or_default());
                sql.push(if condition.op == Op::Contains { ") > 0" } else { ")" });
            });
        }
        Op::Lt | Op::Le | Op::Gt | Op::Ge => {
            let sign = match condition.op {
                Op::Lt => " < ",
                Op::Le => " <= ",
                Op::Gt => " > ",
                _ => " >= ",
            };
            if matches!(source, Source::Time(_))
                && values.iter().any(|v| shown(v).and_then(|t| moment(&t)).is_none())
            {
                return Err(Error::invalid(
                    format!("{path}.value"),
                    "시각을 읽을 수 없습니다. 2025-12-01T00:00:00Z 형식으로 적어 주세요",
                    "the time cannot be read; write it as 2025-12-01T00:00:00Z",
                ));
            }
            push_any(sql, &values, |sql, value| push_order(sql, source, definition, sign, value));
        }
    }
    Ok(())
}

fn push_present(sql: &mut QueryBuilder<Postgres>, source: Source<'_>) {
    sql.push("(coalesce(");
    source.text(sql);
    sql.push(", '') NOT IN ('', '[]'))");
}

/// Joins one test per value; no values fit nothing.
fn push_any(
    sql: &mut QueryBuilder<Postgres>,
    values: &[Value],
    mut test: impl FnMut(&mut QueryBuilder<Postgres>, &Value),
) {
    if values.is_empty() {
        sql.push("false");
        return;
    }
    sql.push("(");
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            sql.push(" OR ");
        }
        test(sql, value);
    }
    sql.push(")");
}

fn push_order(
    sql: &mut QueryBuilder<Postgres>,
    source: Source<'_>,
    definition: Option<&FieldDef>,
    sign: &'static str,
    value: &Value,
) {
    let text = shown(value).map(|t| folded(&t)).unwrap_or_default();
    let words: Vec<String> =
        definition.map(|f| f.order.iter().map(|w| folded(w)).collect()).unwrap_or_default();
    let is_time =
        matches!(source, Source::Time(_)) || definition.is_some_and(|f| f.r#type == FieldType::Time);
    if let Some(rank) = words.iter().position(|word| *word == text) {
        sql.push("array_position(").push_bind(words).push("::text[], lower(");
        source.text(sql);
        sql.push("))").push(sign).push_bind(i32::try_from(rank + 1).unwrap_or(i32::MAX));
    } else if let Some(at) = is_time.then(|| moment(&text)).flatten() {
        source.time(sql);
        sql.push(sign).push_bind(at);
    } else if let Some(n) = number(&text) {
        source.number(sql);
        sql.push(sign).push_bind(n);
    } else if value.is_number() || definition.is_some_and(|f| f.r#type == FieldType::Number) {
        sql.push("false");
    } else {
        // A number is in no order to a text.
        sql.push("(coalesce(");
        source.text(sql);
        sql.push(", '') <> '' AND ");
        source.text(sql);
        sql.push(" !~ ").push(NUMBER).push(" AND lower(");
        source.text(sql);
        sql.push(")").push(sign).push_bind(text).push(")");
    }
}

/// Values to be equal to, by what they compare as.
struct Wanted {
    texts: Vec<String>,
    numbers: Vec<f64>,
    times: Vec<DateTime<Utc>>,
}

impl Wanted {
    fn new(values: &[Value], source: Source<'_>, definition: Option<&FieldDef>) -> Self {
        let mut wanted = Self { texts: Vec::new(), numbers: Vec::new(), times: Vec::new() };
        let kind = match source {
            Source::Time(_) => FieldType::Time,
            Source::Number(_) => FieldType::Number,
            _ => definition.map_or(FieldType::Text, |f| f.r#type),
        };
        for value in values {
            let text = shown(value).map(|t| folded(&t)).unwrap_or_default();
            if let Some(n) = (value.is_number() || kind == FieldType::Number).then(|| number(&text)).flatten()
            {
                wanted.numbers.push(n);
            } else if let Some(at) = (kind == FieldType::Time).then(|| moment(&text)).flatten() {
                wanted.times.push(at);
            } else {
                wanted.texts.push(text);
            }
        }
        wanted
    }

    fn push_equal(&self, sql: &mut QueryBuilder<Postgres>, source: Source<'_>) {
        let mut glue = "(";
        if !self.texts.is_empty() {
            sql.push(glue).push("lower(");
            source.text(sql);
            sql.push(") = ANY (").push_bind(self.texts.clone()).push(")");
            glue = " OR ";
        }
        if !self.numbers.is_empty() {
            sql.push(glue);
            source.number(sql);
            sql.push(" = ANY (").push_bind(self.numbers.clone()).push(")");
            glue = " OR ";
        }
        if !self.times.is_empty() {
            sql.push(glue);
            source.time(sql);
            sql.push(" = ANY (").push_bind(self.times.clone()).push(")");
            glue = " OR ";
        }
        sql.push(if glue == "(" { "(false)" } else { ")" });
    }
}
