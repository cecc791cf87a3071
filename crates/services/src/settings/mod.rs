//! Settings: what is in force and where each value comes from.

use model::{perm, settings::SettingValue};

use crate::{access::Caller, app::App, error::Result};

/// Every setting with its value and source; secrets are masked.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<SettingValue>> {
    let _granted = caller.grant::<perm::SettingsRead>()?;
    Ok(app.config.values().to_vec())
}
