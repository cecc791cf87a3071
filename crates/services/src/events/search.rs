//! `event.search` and `history.search`.

use chrono::{DateTime, Utc};
use model::{
    Lang,
    answer::Column,
    schema::FieldType,
    tools::{RecordSearch, ToolOutput},
};
use serde_json::{Map, Value};
use sqlx::{Postgres, QueryBuilder, types::Json};

use super::{
    conditions::{Source, source},
    scope::{Chosen, Term, stamp},
};
use crate::{
    cmdb::{
        Snapshot,
        table::{Row, limit_or},
        text::folded,
    },
    db::TenantTx,
    error::Result,
};

/// Records a tool gives at most.
const MOST: usize = 10_000;

type Found = (DateTime<Utc>, Option<DateTime<Utc>>, Option<String>, Json<Map<String, Value>>);

/// Finds records of one kind.
pub(super) async fn search(
    tx: &mut TenantTx<'_>,
    estate: &Snapshot,
    args: &RecordSearch,
    lang: Lang,
) -> Result<ToolOutput> {
    let chosen = Chosen::new(estate, &args.select, lang)?;
    let limit = limit_or(args.limit, 200).min(MOST);
    let mut sql = QueryBuilder::<Postgres>::new(
        "SELECT r.at, r.until, c.code, r.fields FROM record r
         LEFT JOIN ci c ON c.tenant_id = r.tenant_id AND c.id = r.ci_id WHERE ",
    );
    chosen.push(&mut sql, tx.tenant())?;
    sql.push(" ORDER BY ");
    for (at, sort) in args.sort.iter().enumerate() {
        let term = chosen.scope.term(&format!("sort[{at}].by"), &sort.by)?;
        push_order(&mut sql, &term);
        sql.push(if sort.desc { " DESC NULLS LAST, " } else { " ASC NULLS LAST, " });
    }
    sql.push("r.at DESC, r.id DESC LIMIT ").push_bind(i64::try_from(limit).unwrap_or(i64::MAX));
    let found: Vec<Found> = sql.build_query_as().fetch_all(tx.conn()).await?;

    let total = if found.len() < limit {
        found.len() as u64
    } else {
        let mut count = QueryBuilder::<Postgres>::new("SELECT count(*) FROM record r WHERE ");
        chosen.push(&mut count, tx.tenant())?;
        count.build_query_scalar::<i64>().fetch_one(tx.conn()).await?.unsigned_abs()
    };

    let fields: Vec<&model::schema::FieldDef> =
        chosen.scope.kinds.iter().flat_map(|kind| &kind.fields).collect();
    let columns: Vec<Column> = ["at", "until", "ci"]
        .into_iter()
        .map(String::from)
        .chain(fields.iter().map(|field| field.key.clone()))
        .map(|name| {
            let term = chosen.scope.term("columns", &name)?;
            Ok(chosen.scope.column(&name, &term, lang))
        })
        .collect::<Result<_>>()?;
    let rows: Vec<Row> = found
        .into_iter()
        .map(|(at, until, ci, Json(mut values))| {
            // A field that is called like a column of every record gives way to it.
            let mut row: Row = fields
                .iter()
                .map(|field| (field.key.clone(), values.remove(&field.key).unwrap_or(Value::Null)))
                .collect();
            row.insert("at".to_owned(), stamp(at).into());
            row.insert("until".to_owned(), until.map(stamp).into());
            row.insert("ci".to_owned(), ci.into());
            row
        })
        .collect();
    Ok(ToolOutput {
        columns,
        truncated: (rows.len() as u64) < total,
        rows,
        total,
        notes: chosen.notes,
        ..ToolOutput::default()
    })
}

/// What a term is ordered by: moments and numbers as such, words by their order, other text folded.
fn push_order(sql: &mut QueryBuilder<Postgres>, term: &Term<'_>) {
    let from = source(term);
    match term {
        Term::Field(field) if !field.order.is_empty() => {
            let words: Vec<String> = field.order.iter().map(|word| folded(word)).collect();
            sql.push("array_position(").push_bind(words).push("::text[], lower(");
            from.text(sql);
            sql.push("))");
        }
        Term::Field(field) if field.r#type == FieldType::Number => from.number(sql),
        _ => match from {
            Source::Time(column) | Source::Number(column) => {
                sql.push(column);
            }
            _ => {
                sql.push("lower(");
                from.text(sql);
                sql.push(")");
            }
        },
    }
}
