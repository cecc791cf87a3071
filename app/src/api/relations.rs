//! Relation types and which way failures travel along them.

use leptos::prelude::*;
use model::relations::{RelationRow, SetTravel};

use super::{ServerError, Wire};

/// Every relation type, most frequent first.
#[server(name = ListRelationsFn, endpoint = "relations/list", protocol = Wire)]
pub async fn list_relations() -> Result<Vec<RelationRow>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::relations::list(&call.app, &call.caller).await?)
}

/// Says which way failures travel along a relation type.
#[server(name = SetTravelFn, endpoint = "relations/set", protocol = Wire)]
pub async fn set_travel(request: SetTravel) -> Result<RelationRow, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::relations::set(&call.app, &call.caller, request).await?)
}
