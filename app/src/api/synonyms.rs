//! Words of the estate.

use leptos::prelude::*;
use model::synonym::SetSynonyms;

use super::{ServerError, Wire};

/// Replaces the words for one thing of the catalogue; gives them as they are kept.
#[server(name = SetSynonymsFn, endpoint = "synonyms/set", protocol = Wire)]
pub async fn set_synonyms(request: SetSynonyms) -> Result<Vec<String>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::synonyms::set(&call.app, &call.caller, request).await?)
}
