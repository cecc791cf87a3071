//! Configuration items.

use axum::extract::State;
use model::{
    ApiError, Envelope, Lang,
    cmdb::{CiDetail, CiListQuery, CiPage, EstateState, Facet},
    metrics::SeriesInfo,
    schema::Catalogue,
};
use serde::Deserialize;
use services::{app::Shared, cmdb, metrics};
use utoipa::{IntoParams, ToSchema};

use crate::http::{
    envelope::{Answer, Reply},
    extract::{Args, Body, Part, Signed},
};

/// The simple form of a list: text, order, page. Conditions on fields are sent to `/api/v1/cis/query`.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListArgs {
    /// Free text over code, name and fields.
    #[serde(default)]
    text: String,
    /// Field to sort by; `-` before it sorts downwards.
    #[serde(default)]
    sort: String,
    /// Rows to leave out.
    #[serde(default)]
    offset: u32,
    /// Rows wanted, at most 500.
    #[serde(default)]
    limit: u32,
}

/// The fields whose values are counted in a filtered list.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FacetArgs {
    /// The list.
    query: CiListQuery,
    /// Keys of fields.
    fields: Vec<String>,
}

/// The language of what is made up for a person.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LangArgs {
    /// `ko` or `en`; that of the caller when left out.
    lang: Option<Lang>,
}

/// A page of the list of items.
#[utoipa::path(
    get, path = "/api/v1/cis", tag = "estate", params(ListArgs), responses((status = 200, body = Envelope<CiPage>))
)]
pub async fn list_cis(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Args(args): Args<ListArgs>,
) -> Answer<CiPage> {
    let ListArgs { text, sort, offset, limit } = args;
    let query = CiListQuery { text, sort, offset, limit, filter: Vec::new() };
    Ok(Reply(cmdb::list(&app, &caller, query).await?))
}

/// A page of the list of items that fit conditions on their fields.
#[utoipa::path(
    post, path = "/api/v1/cis/query", tag = "estate", request_body = CiListQuery,
    responses((status = 200, body = Envelope<CiPage>), (status = 400, body = Envelope<ApiError>))
)]
pub async fn query_cis(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Body(query): Body<CiListQuery>,
) -> Answer<CiPage> {
    Ok(Reply(cmdb::list(&app, &caller, query).await?))
}

/// How often each value of some fields occurs in a list.
#[utoipa::path(
    post, path = "/api/v1/cis/facets", tag = "estate", request_body = FacetArgs,
    responses((status = 200, body = Envelope<Vec<Facet>>), (status = 400, body = Envelope<ApiError>))
)]
pub async fn facets(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Body(args): Body<FacetArgs>,
) -> Answer<Vec<Facet>> {
    Ok(Reply(cmdb::facets(&app, &caller, args.query, args.fields).await?))
}

/// Everything about one item.
#[utoipa::path(
    get, path = "/api/v1/cis/{code}", tag = "estate", params(("code" = String, Path, description = "Code of the item")),
    responses((status = 200, body = Envelope<CiDetail>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn get_ci(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(code): Part<String>,
) -> Answer<CiDetail> {
    Ok(Reply(cmdb::get(&app, &caller, &code).await?))
}

/// The series of metrics of an item.
#[utoipa::path(
    get, path = "/api/v1/cis/{code}/series", tag = "estate",
    params(("code" = String, Path, description = "Code of the item")),
    responses((status = 200, body = Envelope<Vec<SeriesInfo>>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn get_series(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(code): Part<String>,
) -> Answer<Vec<SeriesInfo>> {
    Ok(Reply(metrics::series_of(&app, &caller, &code).await?))
}

/// Kinds, fields, relation types, kinds of records and metrics of the estate.
#[utoipa::path(
    get, path = "/api/v1/catalogue", tag = "estate", responses((status = 200, body = Envelope<Catalogue>))
)]
pub async fn catalogue(State(app): State<Shared>, Signed(caller): Signed) -> Answer<Catalogue> {
    Ok(Reply(cmdb::catalogue(&app, &caller).await?))
}

/// How much there is, and questions to begin with.
#[utoipa::path(
    get, path = "/api/v1/estate", tag = "estate", params(LangArgs),
    responses((status = 200, body = Envelope<EstateState>))
)]
pub async fn estate(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Args(args): Args<LangArgs>,
) -> Answer<EstateState> {
    Ok(Reply(cmdb::estate_state(&app, &caller, args.lang.unwrap_or(caller.lang)).await?))
}
