//! Writing the estate: what imports and demo data call, all of it inside one transaction of theirs.
//!
//! Order of an import: [`begin`], [`upsert_catalogue`], [`upsert_items`], [`upsert_relations`],
//! `events::write::upsert_records`, `metrics::write::SeriesWriter`, [`finish`], commit. Undo: [`begin`],
//! [`delete_import`], [`finish`], commit.
//!
//! Invariant: writing the same twice changes nothing, and a row keeps the import that brought it first.

mod catalogue;
mod count;
mod items;
mod relations;
mod undo;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use model::{CiId, ImportId};
use serde_json::{Map, Value};

pub use catalogue::upsert_catalogue;
pub(crate) use count::{Touched, touched};
pub use items::{merge_fields, stored_items, upsert_items};
pub use relations::upsert_relations;
pub use undo::{Deleted, delete_import};

use crate::{db::TenantTx, error::Result};

/// Rows sent to the database in one statement.
pub(crate) const BATCH: usize = 5_000;

/// An item to be written. Its code decides whether it is new.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NewItem {
    /// The identifier other files of its source refer to.
    pub external_id: Option<String>,
    /// Code, unique in the tenant.
    pub code: String,
    /// Name; the code for a new item, unchanged for one that is there, when absent.
    pub name: Option<String>,
    /// Kind, a key of the catalogue.
    pub kind: String,
    /// Fields, merged into those there are; `null` takes a field away.
    pub fields: Map<String, Value>,
}

/// An item as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredItem {
    /// Identifier.
    pub id: CiId,
    /// Identifier in its source.
    pub external_id: Option<String>,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: String,
    /// Fields.
    pub fields: Map<String, Value>,
}

/// A relation to be written. Its ends and type decide whether it is new.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRelation {
    /// From.
    pub source: CiId,
    /// To.
    pub target: CiId,
    /// Type, a key of the catalogue.
    pub kind: String,
    /// Fields, merged into those there are.
    pub fields: Map<String, Value>,
}

/// What writing did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Upserted {
    /// Rows that are new.
    pub new: u64,
    /// Rows that were there and are now different.
    pub changed: u64,
    /// Rows that were there as given.
    pub same: u64,
    /// For items: identifier by code and by external identifier; a code wins where they are the same text.
    pub ids: HashMap<String, CiId>,
}

impl Upserted {
    /// What a statement did that gave a row for each it wrote, true for a new one, and none for one that was as given.
    pub(crate) fn of(given: usize, written: &[bool]) -> Self {
        let new = written.iter().filter(|new| **new).count() as u64;
        let changed = written.len() as u64 - new;
        Self { new, changed, same: (given as u64).saturating_sub(new + changed), ids: HashMap::new() }
    }

    /// Adds what another call did.
    pub fn add(&mut self, other: Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.same += other.same;
        self.ids.extend(other.ids);
    }
}

/// Makes the writers of a tenant's estate go one after the other. Call it first; the end of the transaction lets go.
pub async fn begin(tx: &mut TenantTx<'_>) -> Result<()> {
    let tenant = tx.tenant();
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('estate ' || $1, 0))")
        .bind(tenant.to_string())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Keeps the name of an import as the origin of the rows it brings. Taking the import out forgets it.
pub async fn name_origin(tx: &mut TenantTx<'_>, import: ImportId, name: &str) -> Result<()> {
    let tenant = tx.tenant();
    sqlx::query(
        "INSERT INTO estate_origin (tenant_id, import_id, name) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, import_id) DO UPDATE SET name = excluded.name",
    )
    .bind(tenant.0)
    .bind(import.0)
    .bind(name)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Counts what the catalogue tells about records and raises the generation. Call it last, before the commit.
pub async fn finish(tx: &mut TenantTx<'_>) -> Result<u64> {
    count::count(tx).await?;
    bump(tx).await
}

/// Raises the generation of the estate, so that every snapshot of it is loaded anew; gives the new one.
pub async fn bump(tx: &mut TenantTx<'_>) -> Result<u64> {
    let tenant = tx.tenant();
    let generation: i64 = sqlx::query_scalar(
        "INSERT INTO estate_generation (tenant_id, generation) VALUES ($1, 1)
         ON CONFLICT (tenant_id) DO UPDATE SET generation = estate_generation.generation + 1, changed_at = now()
         RETURNING generation",
    )
    .bind(tenant.0)
    .fetch_one(tx.conn())
    .await?;
    Ok(u64::try_from(generation).unwrap_or_default())
}

/// The moment a record or sample is stored with: PostgreSQL keeps microseconds.
pub(crate) fn micros(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}

/// Merges fields into those there are; says whether anything changed.
pub(crate) fn merge(into: &mut Map<String, Value>, from: &Map<String, Value>) -> bool {
    let mut changed = false;
    for (key, value) in from {
        if value.is_null() {
            changed |= into.remove(key).is_some();
        } else if into.get(key) != Some(value) {
            into.insert(key.clone(), value.clone());
            changed = true;
        }
    }
    changed
}
