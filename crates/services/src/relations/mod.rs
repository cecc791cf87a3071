//! Relation types: which way failures travel along them, as a mapping or a person has said, or as their names suggest.
//!
//! Invariant: what a person said by hand is not changed by an import.

mod store;

use std::collections::HashMap;

use model::{
    Localized,
    imports::TravelGuess,
    perm::{EstateRead, RelationsEdit},
    relations::{RelationLink, RelationRow, SetTravel},
    schema::Catalogue,
};
use serde_json::json;

use crate::{
    access::Caller,
    app::App,
    audit, cmdb,
    error::{Error, Result},
};

/// Pairs of kinds shown for a type.
const LINKS: usize = 3;

/// Every relation type of the tenant, most frequent first.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<RelationRow>> {
    caller.grant::<EstateRead>()?;
    let estate = cmdb::estate(app, caller).await?;
    let said = store::said(&mut app.db.tenant(caller).await?).await?;
    let said: HashMap<&str, &store::Said> = said.iter().map(|said| (said.key.as_str(), said)).collect();
    let mut links: HashMap<&str, Vec<RelationLink>> = HashMap::new();
    for link in &estate.index().vocabulary().links {
        links.entry(&link.r#type).or_default().push(RelationLink {
            source: link.source.clone(),
            target: link.target.clone(),
            count: link.count,
        });
    }
    let mut rows: Vec<RelationRow> = estate
        .catalogue()
        .relations
        .iter()
        .map(|relation| {
            let mut links = links.remove(relation.key.as_str()).unwrap_or_default();
            links.sort_by_key(|link| std::cmp::Reverse(link.count));
            links.truncate(LINKS);
            let said = said.get(relation.key.as_str());
            RelationRow {
                key: relation.key.clone(),
                label: relation.label.clone(),
                count: relation.count,
                travel: relation.decided.then(|| relation.travel()),
                set_by: said.and_then(|said| said.by.clone()),
                set_at: said.and_then(|said| said.at),
                guess: ingest::travel(&relation.key, &relation.label),
                links,
            }
        })
        .collect();
    rows.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.key.cmp(&b.key)));
    Ok(rows)
}

/// Says which way failures travel along a relation type; gives the type as it is then.
pub async fn set(app: &App, caller: &Caller, request: SetTravel) -> Result<RelationRow> {
    let may = caller.grant::<RelationsEdit>()?;
    let catalogue = cmdb::catalogue(app, caller).await?;
    let Some(before) = catalogue.relations.iter().find(|relation| relation.key == request.key) else {
        return Err(gone(&request.key, &catalogue));
    };
    let mut tx = app.db.tenant(caller).await?;
    store::set(&mut tx, may, before, request.travel, &caller.login).await?;
    cmdb::write::bump(&mut tx).await?;
    let entry = audit::Entry::by(caller, "relations.changed", request.key.clone())
        .before(json!(before.decided.then(|| before.travel())))
        .after(json!(request.travel));
    audit::record(tx.conn(), entry).await?;
    tx.commit().await?;
    let rows = list(app, caller).await?;
    rows.into_iter()
        .find(|row| row.key == request.key)
        .ok_or_else(|| Error::Internal("a relation type vanished".to_owned()))
}

/// Which way failures travel along a type a file brings: as the estate has it, else by its name.
pub(crate) fn guess(catalogue: &Catalogue, key: &str) -> TravelGuess {
    let known = catalogue.relations.iter().find(|relation| relation.key == key);
    match known {
        Some(relation) if relation.decided => TravelGuess {
            travel: relation.travel(),
            sure: true,
            why: Localized::new("이미 정해져 있습니다", "it has been decided already"),
        },
        _ => ingest::travel(key, &known.map(|relation| relation.label.clone()).unwrap_or_default()),
    }
}

fn gone(key: &str, catalogue: &Catalogue) -> Error {
    let known: Vec<&str> = catalogue.relations.iter().map(|r| r.key.as_str()).take(30).collect();
    let known = known.join(", ");
    Error::not_found(
        format!("'{key}' 관계 종류가 없습니다. 있는 종류: {known}"),
        format!("there is no relation type '{key}'; there are {known}"),
    )
}
