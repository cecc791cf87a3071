//! The catalogue: names, types and meaning of what an import brings.

use model::{
    Localized,
    schema::{Catalogue, FieldDef},
};
use sqlx::types::Json;

use crate::{cmdb::store, db::TenantTx, error::Result};

/// Merges a catalogue into the one there is. A text, unit, role or order that is given replaces the older one, synonyms
/// add up. Which way failures travel along a relation type is what was decided last, and what a person set by hand stays.
/// Counts and values of `new` are not looked at.
pub async fn upsert_catalogue(tx: &mut TenantTx<'_>, new: &Catalogue) -> Result<()> {
    let old = store::catalogue(tx).await?;
    let tenant = tx.tenant().0;
    for (position, kind) in new.kinds.iter().enumerate() {
        let before = old.kinds.iter().find(|k| k.key == kind.key);
        sqlx::query(
            "INSERT INTO ci_kind (tenant_id, key, label, synonyms, position) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (tenant_id, key) DO UPDATE SET label = excluded.label, synonyms = excluded.synonyms",
        )
        .bind(tenant)
        .bind(&kind.key)
        .bind(Json(label(&kind.key, before.map(|b| &b.label), &kind.label)))
        .bind(union(before.map(|b| &b.synonyms), &kind.synonyms))
        .bind(place(old.kinds.len(), position))
        .execute(tx.conn())
        .await?;
    }
    for (position, field) in new.fields.iter().enumerate() {
        let field = merged(old.fields.iter().find(|f| f.key == field.key), field);
        sqlx::query(
            "INSERT INTO ci_field (tenant_id, key, label, type, unit, role, synonyms, words, position)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (tenant_id, key) DO UPDATE SET label = excluded.label, type = excluded.type,
                unit = excluded.unit, role = excluded.role, synonyms = excluded.synonyms, words = excluded.words",
        )
        .bind(tenant)
        .bind(&field.key)
        .bind(Json(&field.label))
        .bind(store::word(&field.r#type)?)
        .bind(&field.unit)
        .bind(field.role.as_ref().map(store::word).transpose()?)
        .bind(&field.synonyms)
        .bind(&field.order)
        .bind(place(old.fields.len(), position))
        .execute(tx.conn())
        .await?;
    }
    for (position, relation) in new.relations.iter().enumerate() {
        let before = old.relations.iter().find(|r| r.key == relation.key);
        sqlx::query(
            "INSERT INTO relation_type AS t (tenant_id, key, label, synonyms, impact, forward, decided, position)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (tenant_id, key) DO UPDATE SET label = excluded.label, synonyms = excluded.synonyms,
                decided = t.decided OR excluded.decided,
                impact = CASE WHEN excluded.decided AND t.set_by IS NULL THEN excluded.impact ELSE t.impact END,
                forward = CASE WHEN excluded.decided AND t.set_by IS NULL THEN excluded.forward ELSE t.forward END",
        )
        .bind(tenant)
        .bind(&relation.key)
        .bind(Json(label(&relation.key, before.map(|b| &b.label), &relation.label)))
        .bind(union(before.map(|b| &b.synonyms), &relation.synonyms))
        .bind(relation.impact)
        .bind(relation.forward)
        .bind(relation.decided)
        .bind(place(old.relations.len(), position))
        .execute(tx.conn())
        .await?;
    }
    records(tx, &old, new).await?;
    for (position, metric) in new.metrics.iter().enumerate() {
        let before = old.metrics.iter().find(|m| m.key == metric.key);
        let unit = if metric.unit.is_empty() {
            before.map_or("", |b| b.unit.as_str())
        } else {
            metric.unit.as_str()
        };
        sqlx::query(
            "INSERT INTO metric (tenant_id, key, label, unit, synonyms, per_edge, position) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (tenant_id, key) DO UPDATE SET label = excluded.label, unit = excluded.unit,
                synonyms = excluded.synonyms, per_edge = metric.per_edge OR excluded.per_edge",
        )
        .bind(tenant)
        .bind(&metric.key)
        .bind(Json(label(&metric.key, before.map(|b| &b.label), &metric.label)))
        .bind(unit)
        .bind(union(before.map(|b| &b.synonyms), &metric.synonyms))
        .bind(metric.per_edge)
        .bind(place(old.metrics.len(), position))
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

async fn records(tx: &mut TenantTx<'_>, old: &Catalogue, new: &Catalogue) -> Result<()> {
    let tenant = tx.tenant().0;
    for (position, kind) in new.records.iter().enumerate() {
        let before = old.records.iter().find(|k| k.key == kind.key);
        sqlx::query(
            "INSERT INTO record_kind (tenant_id, key, label, role, synonyms, position) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (tenant_id, key) DO UPDATE SET label = excluded.label, role = excluded.role,
                synonyms = excluded.synonyms",
        )
        .bind(tenant)
        .bind(&kind.key)
        .bind(Json(label(&kind.key, before.map(|b| &b.label), &kind.label)))
        .bind(store::word(&kind.role)?)
        .bind(union(before.map(|b| &b.synonyms), &kind.synonyms))
        .bind(place(old.records.len(), position))
        .execute(tx.conn())
        .await?;
        let known = before.map(|b| b.fields.as_slice()).unwrap_or_default();
        for (position, field) in kind.fields.iter().enumerate() {
            let field = merged(known.iter().find(|f| f.key == field.key), field);
            sqlx::query(
                "INSERT INTO record_field (tenant_id, kind, key, label, type, unit, role, synonyms, words, position)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                 ON CONFLICT (tenant_id, kind, key) DO UPDATE SET label = excluded.label, type = excluded.type,
                    unit = excluded.unit, role = excluded.role, synonyms = excluded.synonyms, words = excluded.words",
            )
            .bind(tenant)
            .bind(&kind.key)
            .bind(&field.key)
            .bind(Json(&field.label))
            .bind(store::word(&field.r#type)?)
            .bind(&field.unit)
            .bind(field.role.as_ref().map(store::word).transpose()?)
            .bind(&field.synonyms)
            .bind(&field.order)
            .bind(place(known.len(), position))
            .execute(tx.conn())
            .await?;
        }
    }
    Ok(())
}

/// The newer text of each language, unless it only repeats the key.
fn label(key: &str, old: Option<&Localized>, new: &Localized) -> Localized {
    let pick = |old: Option<&str>, new: &str| {
        let old = old.filter(|text| !text.is_empty());
        if new.is_empty() || (new == key && old.is_some()) {
            old.unwrap_or(new).to_owned()
        } else {
            new.to_owned()
        }
    };
    let label =
        Localized::new(pick(old.map(|l| l.ko.as_str()), &new.ko), pick(old.map(|l| l.en.as_str()), &new.en));
    if label.ko.is_empty() && label.en.is_empty() { Localized::same(key) } else { label }
}

fn union(old: Option<&Vec<String>>, new: &[String]) -> Vec<String> {
    let mut all = old.cloned().unwrap_or_default();
    for word in new {
        if !word.is_empty() && !all.contains(word) {
            all.push(word.clone());
        }
    }
    all
}

fn merged(old: Option<&FieldDef>, new: &FieldDef) -> FieldDef {
    FieldDef {
        key: new.key.clone(),
        label: label(&new.key, old.map(|f| &f.label), &new.label),
        r#type: new.r#type,
        unit: if new.unit.is_empty() {
            old.map(|f| f.unit.clone()).unwrap_or_default()
        } else {
            new.unit.clone()
        },
        role: new.role.or(old.and_then(|f| f.role)),
        synonyms: union(old.map(|f| &f.synonyms), &new.synonyms),
        order: if new.order.is_empty() {
            old.map(|f| f.order.clone()).unwrap_or_default()
        } else {
            new.order.clone()
        },
        values: Vec::new(),
        distinct: 0,
    }
}

fn place(before: usize, at: usize) -> i32 {
    i32::try_from(before + at).unwrap_or(i32::MAX)
}
