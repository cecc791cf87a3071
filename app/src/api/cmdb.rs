//! Configuration items.

use leptos::prelude::*;
use model::{Lang, cmdb::*, schema::Catalogue};

use super::{ServerError, Wire};

/// A page of the list of items.
#[server(name = ListCisFn, endpoint = "cmdb/list", protocol = Wire)]
pub async fn list_cis(query: CiListQuery) -> Result<CiPage, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::cmdb::list(&call.app, &call.caller, query).await?)
}

/// The values of fields in a filtered list, with their numbers.
#[server(name = CiFacetsFn, endpoint = "cmdb/facets", protocol = Wire)]
pub async fn ci_facets(query: CiListQuery, fields: Vec<String>) -> Result<Vec<Facet>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::cmdb::facets(&call.app, &call.caller, query, fields).await?)
}

/// Everything about one item.
#[server(name = GetCiFn, endpoint = "cmdb/get", protocol = Wire)]
pub async fn get_ci(code: String) -> Result<CiDetail, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::cmdb::get(&call.app, &call.caller, &code).await?)
}

/// Kinds, fields, relation types, kinds of records and metrics of the estate.
#[server(name = CatalogueFn, endpoint = "cmdb/catalogue", protocol = Wire)]
pub async fn catalogue() -> Result<Catalogue, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::cmdb::catalogue(&call.app, &call.caller).await?)
}

/// Whether there is data, and questions to begin with.
#[server(name = EstateStateFn, endpoint = "cmdb/state", protocol = Wire)]
pub async fn estate_state(lang: Lang) -> Result<EstateState, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::cmdb::estate_state(&call.app, &call.caller, lang).await?)
}
