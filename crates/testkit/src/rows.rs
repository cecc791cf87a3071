//! One valid row for any table, out of the catalogue of the database: so that a test can go over every table there is.

use std::collections::HashMap;

use model::TenantId;
use serde_json::{Map, Value, json};
use sqlx::{AssertSqlSafe, FromRow, PgConnection};
use uuid::Uuid;

use crate::must;

/// A table of tenants' data.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The columns a row is written with: all but the generated ones.
    pub columns: Vec<String>,
}

#[derive(Debug, FromRow)]
struct Column {
    name: String,
    kind: String,
    required: bool,
    generated: bool,
}

#[derive(Debug, FromRow)]
struct ForeignKey {
    parent: String,
    columns: Vec<String>,
    parent_columns: Vec<String>,
}

/// Every table that has a column `tenant_id`, parts of partitioned tables apart.
pub async fn tables(conn: &mut PgConnection) -> Vec<Table> {
    let names: Vec<String> = must(
        "the tables",
        sqlx::query_scalar(
            "select c.relname::text from pg_class c
             join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
             where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
             order by c.relname",
        )
        .fetch_all(&mut *conn)
        .await,
    );
    let mut tables = Vec::new();
    for name in names {
        let columns =
            columns(conn, &name).await.into_iter().filter(|c| !c.generated).map(|c| c.name).collect();
        tables.push(Table { name, columns });
    }
    tables
}

/// A row of `table` that belongs to `tenant`: one that is there, else a new one with all the rows it refers to.
/// `conn` is the superuser's.
pub async fn ensure_row(conn: &mut PgConnection, table: &str, tenant: TenantId) -> Value {
    let mut known = HashMap::new();
    row(conn, table, tenant, &mut known).await
}

async fn row(
    conn: &mut PgConnection,
    table: &str,
    tenant: TenantId,
    known: &mut HashMap<String, Value>,
) -> Value {
    if let Some(found) = known.get(table) {
        return found.clone();
    }
    let all = columns(conn, table).await;
    let of_tenant = all.iter().any(|c| c.name == "tenant_id");
    let filter = match (of_tenant, table) {
        (true, _) => "where tenant_id = $1",
        (_, "tenants") => "where id = $1",
        _ => "where $1::uuid is not null",
    };
    let statement = format!("select to_jsonb(t) from public.\"{table}\" t {filter} limit 1");
    let found: Option<Value> = must(
        table,
        sqlx::query_scalar(AssertSqlSafe(statement)).bind(tenant.0).fetch_optional(&mut *conn).await,
    );
    let made = match found {
        Some(found) => found,
        None => Box::pin(insert(conn, table, tenant, &all, known)).await,
    };
    known.insert(table.to_owned(), made.clone());
    made
}

async fn insert(
    conn: &mut PgConnection,
    table: &str,
    tenant: TenantId,
    all: &[Column],
    known: &mut HashMap<String, Value>,
) -> Value {
    let mut values = Map::new();
    for key in foreign_keys(conn, table).await {
        let needed = all.iter().any(|c| c.required && c.name != "tenant_id" && key.columns.contains(&c.name));
        if !needed && key.columns != ["tenant_id"] || key.parent == table {
            continue;
        }
        let parent = row(conn, &key.parent, tenant, known).await;
        for (column, parent_column) in key.columns.iter().zip(&key.parent_columns) {
            values.insert(column.clone(), parent[parent_column].clone());
        }
    }
    let allowed = allowed_values(conn, table).await;
    for column in all.iter().filter(|c| c.required && !c.generated) {
        if !values.contains_key(&column.name) {
            let value = match allowed.get(&column.name) {
                Some(word) => json!(word),
                None if column.name == "tenant_id" => json!(tenant.0),
                None => value_of(table, column),
            };
            values.insert(column.name.clone(), value);
        }
    }
    let names = values.keys().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let statement = format!(
        "insert into public.\"{table}\" as t ({names})
         select {names} from jsonb_populate_record(null::public.\"{table}\", $1) returning to_jsonb(t)"
    );
    let values = Value::Object(values);
    sqlx::query_scalar(AssertSqlSafe(statement))
        .bind(&values)
        .fetch_one(conn)
        .await
        .unwrap_or_else(|cause| panic!("testkit::rows cannot make a row of {table} out of {values}: {cause}"))
}

/// A value of a column's type. Lists have one element, so that rules about equal lengths hold.
fn value_of(table: &str, column: &Column) -> Value {
    match column.kind.as_str() {
        "uuid" => json!(Uuid::now_v7()),
        "text" | "varchar" | "bpchar" => json!(format!("x{}", Uuid::now_v7().simple())),
        "bytea" => json!(format!("\\x{}", Uuid::now_v7().simple())),
        "int2" | "int4" | "int8" | "float4" | "float8" | "numeric" => json!(1),
        "bool" => json!(true),
        "timestamptz" | "timestamp" => json!("2026-01-02T03:04:05Z"),
        "date" => json!("2026-01-02"),
        "jsonb" | "json" => json!({}),
        "_text" => json!(["x"]),
        "_int2" | "_int4" | "_int8" | "_float4" | "_float8" => json!([1]),
        "_uuid" => json!([Uuid::now_v7()]),
        "_timestamptz" => json!(["2026-01-02T03:04:05Z"]),
        "_jsonb" => json!([{}]),
        "tsvector" => json!("x"),
        kind => panic!("testkit::rows knows no value of type {kind} ({table}.{})", column.name),
    }
}

async fn columns(conn: &mut PgConnection, table: &str) -> Vec<Column> {
    must(
        table,
        sqlx::query_as(
            "select a.attname::text as name, t.typname::text as kind,
                    a.attnotnull and not a.atthasdef and a.attidentity = '' as required,
                    a.attgenerated <> '' as generated
             from pg_attribute a join pg_type t on t.oid = a.atttypid
             where a.attrelid = format('public.%I', $1::text)::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum",
        )
        .bind(table)
        .fetch_all(conn)
        .await,
    )
}

async fn foreign_keys(conn: &mut PgConnection, table: &str) -> Vec<ForeignKey> {
    must(
        table,
        sqlx::query_as(
            "select (select c.relname::text from pg_class c where c.oid = k.confrelid) as parent,
                    array(select a.attname::text from unnest(k.conkey) with ordinality u(num, pos)
                          join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num order by u.pos) as columns,
                    array(select a.attname::text from unnest(k.confkey) with ordinality u(num, pos)
                          join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num order by u.pos) as parent_columns
             from pg_constraint k where k.conrelid = format('public.%I', $1::text)::regclass and k.contype = 'f' and k.conparentid = 0",
        )
        .bind(table)
        .fetch_all(conn)
        .await,
    )
}

/// For columns with a rule `IN ('a', 'b')`: the first word of it.
async fn allowed_values(conn: &mut PgConnection, table: &str) -> HashMap<String, String> {
    let rules: Vec<(String, String)> = must(
        table,
        sqlx::query_as(
            "select a.attname::text, pg_get_constraintdef(k.oid)
             from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
             where k.conrelid = format('public.%I', $1::text)::regclass and k.contype = 'c' and cardinality(k.conkey) = 1",
        )
        .bind(table)
        .fetch_all(conn)
        .await,
    );
    rules
        .into_iter()
        .filter(|(_, rule)| rule.contains("= ANY"))
        .filter_map(|(column, rule)| Some((column, rule.split('\'').nth(1)?.to_owned())))
        .collect()
}
