//! Settings.

use leptos::prelude::*;
use model::settings::SettingValue;

use super::{ServerError, Wire};

/// Every setting with its value and where it comes from.
#[server(name = ListSettingsFn, endpoint = "settings/list", protocol = Wire)]
pub async fn list_settings() -> Result<Vec<SettingValue>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::settings::list(&call.app, &call.caller).await?)
}
