//! Settings.

use axum::extract::State;
use model::{ApiError, Envelope, settings::SettingValue};
use services::{app::Shared, settings};

use crate::http::{
    envelope::{Answer, Reply},
    extract::Signed,
};

/// Every setting with its value and where it comes from; secrets are masked.
#[utoipa::path(
    get, path = "/api/v1/settings", tag = "settings",
    responses(
        (status = 200, body = Envelope<Vec<SettingValue>>),
        (status = 403, description = "Managers and administrators only", body = Envelope<ApiError>),
    )
)]
pub async fn list_settings(State(app): State<Shared>, Signed(caller): Signed) -> Answer<Vec<SettingValue>> {
    Ok(Reply(settings::list(&app, &caller).await?))
}
