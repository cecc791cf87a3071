//! Records as pages show them: lists, repeated ones in one row, bars over time.

use chrono::{DateTime, Utc};
use model::{
    CiId, RecordId,
    records::{Record, RecordGroup, RecordGroupPage, RecordHistogram, RecordPage, RecordQuery},
    schema::FieldRole,
};
use serde_json::{Map, Value};
use sqlx::{Postgres, QueryBuilder, types::Json};
use uuid::Uuid;

use super::{
    conditions::push_condition,
    scope::{Scope, kind},
};
use crate::{
    cmdb::{Snapshot, select},
    db::TenantTx,
    error::{Error, Result},
};

/// Records counted at most: beyond that a number says no more than "very many".
const COUNTED: i64 = 100_000;

/// Rows of a page when none were asked for, and the most there are.
const PAGE: (u32, u32) = (50, 200);

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    ci_id: Option<Uuid>,
    at: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    fields: Json<Map<String, Value>>,
}

impl Row {
    fn read(self, estate: &Snapshot) -> Record {
        let item = self.ci_id.and_then(|id| estate.node_of(CiId(id))).and_then(|node| estate.item(node));
        Record {
            id: RecordId(self.id),
            kind: self.kind,
            ci: item.map(|i| i.code.clone()),
            ci_name: item.map(|i| i.name.clone()),
            at: self.at,
            until: self.until,
            fields: self.fields.0,
        }
    }
}

/// The kinds a query is about.
fn scope<'a>(estate: &'a Snapshot, query: &RecordQuery) -> Result<Scope<'a>> {
    let kinds = if query.kinds.is_empty() {
        estate.catalogue().records.iter().filter(|k| query.role.is_none_or(|role| k.role == role)).collect()
    } else {
        let named: Result<Vec<_>> = query
            .kinds
            .iter()
            .enumerate()
            .map(|(at, key)| kind(estate, &format!("kinds[{at}]"), key))
            .collect();
        named?
    };
    Ok(Scope { estate, kinds, tz: "UTC".to_owned() })
}

/// Writes the WHERE of a query, without its page.
fn push_where(
    sql: &mut QueryBuilder<Postgres>,
    scope: &Scope<'_>,
    query: &RecordQuery,
    tenant: model::TenantId,
) -> Result<()> {
    let kinds: Vec<String> = scope.kinds.iter().map(|kind| kind.key.clone()).collect();
    sql.push("r.tenant_id = ").push_bind(tenant.0).push(" AND r.kind = ANY (").push_bind(kinds).push(")");
    if !query.cis.is_empty() {
        let nodes = query.cis.iter().filter_map(|code| scope.estate.node(code));
        sql.push(" AND r.ci_id = ANY (").push_bind(scope.estate.ids(nodes)).push(")");
    }
    if let Some(from) = query.from {
        sql.push(" AND r.at >= ").push_bind(from);
    }
    if let Some(to) = query.to {
        sql.push(" AND r.at < ").push_bind(to);
    }
    for (at, condition) in query.filter.iter().enumerate() {
        sql.push(" AND ");
        push_condition(sql, scope, condition, &format!("filter[{at}]"))?;
    }
    push_text(sql, scope, &query.text)
}

/// Every word must occur in title, body, category or outcome of a record, or in its item.
fn push_text(sql: &mut QueryBuilder<Postgres>, scope: &Scope<'_>, text: &str) -> Result<()> {
    let tokens = select::tokens(text);
    if tokens.len() > 20 || text.len() > 1_000 {
        return Err(Error::invalid(
            "text",
            "검색어가 너무 깁니다. 20단어, 1000바이트 이내로 줄여 주세요",
            "the search text is too long; use at most 20 words and 1000 bytes",
        ));
    }
    let mut keys = scope.keys_of(&[
        FieldRole::Title,
        FieldRole::Body,
        FieldRole::Category,
        FieldRole::Outcome,
        FieldRole::Severity,
    ]);
    if scope.keys_of(&[FieldRole::Title, FieldRole::Body]).is_empty() {
        // Nothing says which fields are read as text: all of them are.
        keys = scope.kinds.iter().flat_map(|kind| kind.fields.iter().map(|f| f.key.clone())).collect();
    }
    for token in tokens {
        let items =
            scope.estate.nodes().filter(|&n| select::matches(scope.estate, n, std::slice::from_ref(&token)));
        let items = scope.estate.ids(items);
        sql.push(" AND (r.ci_id = ANY (").push_bind(items).push(")");
        sql.push(" OR EXISTS (SELECT 1 FROM unnest(").push_bind(keys.clone());
        sql.push("::text[]) AS k (key) WHERE strpos(lower(r.fields ->> k.key), ")
            .push_bind(token)
            .push(") > 0))");
    }
    Ok(())
}

/// A page of records.
pub(super) async fn list(
    tx: &mut TenantTx<'_>,
    estate: &Snapshot,
    query: &RecordQuery,
) -> Result<RecordPage> {
    let scope = scope(estate, query)?;
    let limit = if query.limit == 0 { PAGE.0 } else { query.limit.min(PAGE.1) };
    let mut sql = QueryBuilder::<Postgres>::new(
        "SELECT r.id, r.kind, r.ci_id, r.at, r.until, r.fields FROM record r WHERE ",
    );
    push_where(&mut sql, &scope, query, tx.tenant())?;
    if let Some(cursor) = &query.cursor {
        let (at, id) = read_cursor(cursor)?;
        sql.push(" AND (r.at, r.id) < (").push_bind(at).push(", ").push_bind(id).push(")");
    }
    sql.push(" ORDER BY r.at DESC, r.id DESC LIMIT ").push_bind(i64::from(limit) + 1);
    let mut rows: Vec<Row> = sql.build_query_as().fetch_all(tx.conn()).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(cursor_of);

    let total = if query.cursor.is_none() && !more {
        rows.len() as u64
    } else {
        let mut count = QueryBuilder::<Postgres>::new("SELECT count(*) FROM (SELECT 1 FROM record r WHERE ");
        push_where(&mut count, &scope, query, tx.tenant())?;
        count.push(" LIMIT ").push_bind(COUNTED).push(") AS n");
        count.build_query_scalar::<i64>().fetch_one(tx.conn()).await?.unsigned_abs()
    };
    Ok(RecordPage { items: rows.into_iter().map(|row| row.read(estate)).collect(), next, total })
}

fn cursor_of(row: &Row) -> String {
    format!("{}_{}", row.at.timestamp_micros(), row.id)
}

fn read_cursor(cursor: &str) -> Result<(DateTime<Utc>, Uuid)> {
    cursor
        .split_once('_')
        .and_then(|(at, id)| Some((DateTime::from_timestamp_micros(at.parse().ok()?)?, id.parse().ok()?)))
        .ok_or_else(|| {
            Error::invalid(
                "cursor",
                "다음 쪽의 위치가 잘못되었습니다. 목록을 처음부터 다시 여세요",
                "the position of the next page is wrong; open the list again from the start",
            )
        })
}

/// A page of records that are the same again. A group stands where its latest record does.
pub(super) async fn groups(
    tx: &mut TenantTx<'_>,
    estate: &Snapshot,
    query: &RecordQuery,
) -> Result<RecordGroupPage> {
    let scope = scope(estate, query)?;
    let limit = if query.limit == 0 { PAGE.0 } else { query.limit.min(PAGE.1) };
    let same = [scope.keys_of(&[FieldRole::Title]), scope.keys_of(&[FieldRole::Category])];
    let mut sql = QueryBuilder::<Postgres>::new(
        "SELECT g.first_at, g.n, g.total, g.records, r.id, r.kind, r.ci_id, r.at, r.until, r.fields FROM (
         SELECT *, count(*) OVER () AS total, (sum(n) OVER ())::int8 AS records FROM (
         SELECT (array_agg(r.id ORDER BY r.at DESC, r.id DESC))[1] AS id, min(r.at) AS first_at, max(r.at) AS last_at,
                count(*) AS n FROM record r WHERE ",
    );
    push_where(&mut sql, &scope, query, tx.tenant())?;
    sql.push(" GROUP BY r.kind, r.ci_id");
    for keys in same {
        for key in keys {
            // Bound texts would be parameters of their own in SELECT and GROUP BY; here they stand only once.
            sql.push(", r.fields ->> ").push_bind(key);
        }
    }
    sql.push(") AS every) AS g JOIN record r ON r.id = g.id AND r.tenant_id = ").push_bind(tx.tenant().0);
    if let Some(cursor) = &query.cursor {
        let (at, id) = read_cursor(cursor)?;
        sql.push(" WHERE (r.at, r.id) < (").push_bind(at).push(", ").push_bind(id).push(")");
    }
    sql.push(" ORDER BY r.at DESC, r.id DESC LIMIT ").push_bind(i64::from(limit) + 1);
    #[derive(sqlx::FromRow)]
    struct Found {
        first_at: DateTime<Utc>,
        n: i64,
        total: i64,
        records: i64,
        #[sqlx(flatten)]
        row: Row,
    }
    let mut found: Vec<Found> = sql.build_query_as().fetch_all(tx.conn()).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|found| cursor_of(&found.row));
    let (total, records) = found.first().map_or((0, 0), |found| (found.total, found.records));
    Ok(RecordGroupPage {
        items: found
            .into_iter()
            .map(|found| RecordGroup {
                first_at: found.first_at,
                count: found.n.unsigned_abs(),
                last: found.row.read(estate),
            })
            .collect(),
        next,
        total: total.unsigned_abs(),
        records: records.unsigned_abs(),
    })
}

/// Widths of bars people read at a glance, in seconds.
const STEPS: [u64; 18] = [
    1, 5, 10, 30, 60, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
    2_592_000,
];

/// Bars over time.
pub(super) async fn histogram(
    tx: &mut TenantTx<'_>,
    estate: &Snapshot,
    query: &RecordQuery,
    bars: u32,
) -> Result<RecordHistogram> {
    let scope = scope(estate, query)?;
    let covers = scope.covers();
    let Some((first, last)) = covers else {
        return Ok(RecordHistogram { step_s: 0, bars: Vec::new(), covers: None });
    };
    let from = query.from.unwrap_or(first);
    let to = query.to.unwrap_or(last);
    let span = u64::try_from((to - from).num_seconds()).unwrap_or(0).max(1);
    let bars = u64::from(bars.clamp(1, 500));
    let least = span.div_ceil(bars);
    let step =
        STEPS.into_iter().find(|step| *step >= least).unwrap_or_else(|| least.div_ceil(86_400) * 86_400);

    let mut by = scope.keys_of(&[FieldRole::Severity]);
    by.extend(scope.keys_of(&[FieldRole::Category]));
    let mut sql = QueryBuilder::<Postgres>::new("SELECT to_timestamp(floor(extract(epoch FROM r.at) / ");
    let step_s = i64::try_from(step).unwrap_or(i64::MAX);
    sql.push_bind(step_s).push(") * ").push_bind(step_s).push("), coalesce(");
    for key in by {
        sql.push("nullif(r.fields ->> ").push_bind(key).push(", ''), ");
    }
    sql.push("r.kind), count(*) FROM record r WHERE ");
    push_where(&mut sql, &scope, query, tx.tenant())?;
    sql.push(" GROUP BY 1, 2 ORDER BY 1, 2");
    let found: Vec<(DateTime<Utc>, String, i64)> = sql.build_query_as().fetch_all(tx.conn()).await?;
    Ok(RecordHistogram {
        step_s: step,
        bars: found.into_iter().map(|(at, of, n)| (at, of, n.unsigned_abs())).collect(),
        covers,
    })
}
