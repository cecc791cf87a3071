//! Settings.

use leptos::{prelude::*, server_fn::codec::Json};
use model::settings::SettingValue;

use super::ServerError;

/// Every setting with its value and where it comes from.
#[server(name = ListSettingsFn, endpoint = "settings/list", input = Json)]
pub async fn list_settings() -> Result<Vec<SettingValue>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::settings::list(&call.app, &call.caller).await?)
}
