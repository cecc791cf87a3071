//! Golden questions.

use leptos::prelude::*;
use model::{GoldenId, RunId, golden::*};

use super::{ServerError, Wire};

/// Golden questions with their newest check, those that changed first.
#[server(name = ListGoldenFn, endpoint = "golden/list", protocol = Wire)]
pub async fn list_golden() -> Result<Vec<GoldenSummary>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::golden::list(&call.app, &call.caller).await?)
}

/// A golden question with its checks.
#[server(name = GetGoldenFn, endpoint = "golden/get", protocol = Wire)]
pub async fn get_golden(id: GoldenId) -> Result<Golden, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::golden::get(&call.app, &call.caller, id).await?)
}

/// Pins the answer of a run.
#[server(name = PinGoldenFn, endpoint = "golden/pin", protocol = Wire)]
pub async fn pin_golden(request: PinGolden) -> Result<GoldenId, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::golden::pin(&call.app, &call.caller, request).await?)
}

/// Changes note, schedule and moment.
#[server(name = ChangeGoldenFn, endpoint = "golden/change", protocol = Wire)]
pub async fn change_golden(id: GoldenId, rules: GoldenRules) -> Result<(), ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::golden::change(&call.app, &call.caller, id, rules).await?)
}

/// Removes a golden question with its checks.
#[server(name = RemoveGoldenFn, endpoint = "golden/remove", protocol = Wire)]
pub async fn remove_golden(id: GoldenId) -> Result<(), ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::golden::remove(&call.app, &call.caller, id).await?)
}

/// Asks the question again now and tells what differs.
#[server(name = CheckGoldenFn, endpoint = "golden/check", protocol = Wire)]
pub async fn check_golden(id: GoldenId) -> Result<GoldenCheck, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::golden::check(&call.app, &call.caller, id).await?)
}

/// Takes the answer of a check as the one that is to come out from now on.
#[server(name = AcceptGoldenFn, endpoint = "golden/accept", protocol = Wire)]
pub async fn accept_golden(id: GoldenId, run: RunId) -> Result<(), ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::golden::accept(&call.app, &call.caller, id, run).await?)
}
