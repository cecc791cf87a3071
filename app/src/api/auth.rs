//! Signing in and out.

use leptos::prelude::*;
use model::auth::*;

use super::{ServerError, Wire};

/// Whether the installation still needs its first administrator.
#[server(name = SetupStateFn, endpoint = "auth/setup", protocol = Wire)]
pub async fn setup_state() -> Result<SetupState, ServerError> {
    Ok(services::auth::setup_state(crate::ssr::app()?.as_ref()).await?)
}

/// Creates the first administrator and the first tenant, and signs in.
#[server(name = CreateFirstAdminFn, endpoint = "auth/first-admin", protocol = Wire)]
pub async fn create_first_admin(request: FirstAdmin) -> Result<Me, ServerError> {
    crate::ssr::signed_in(
        services::auth::create_first_admin(
            crate::ssr::app()?.as_ref(),
            &crate::ssr::client().await?,
            request,
        )
        .await?,
    )
}

/// Signs in with name and password.
#[server(name = SignInFn, endpoint = "auth/sign-in", protocol = Wire)]
pub async fn sign_in(request: SignIn) -> Result<Me, ServerError> {
    crate::ssr::signed_in(
        services::auth::sign_in(crate::ssr::app()?.as_ref(), &crate::ssr::client().await?, request).await?,
    )
}

/// Exchanges the refresh token for a new pair; the browser calls it when an access token has run out.
#[server(name = RefreshFn, endpoint = "auth/refresh", protocol = Wire)]
pub async fn refresh() -> Result<Me, ServerError> {
    let token = crate::ssr::refresh_token().await?;
    crate::ssr::signed_in(
        services::auth::refresh(crate::ssr::app()?.as_ref(), &crate::ssr::client().await?, &token).await?,
    )
}

/// Ends the session at once.
#[server(name = SignOutFn, endpoint = "auth/sign-out", protocol = Wire)]
pub async fn sign_out() -> Result<(), ServerError> {
    let call = crate::ssr::call().await?;
    services::auth::sign_out(&call.app, &call.caller).await?;
    crate::ssr::signed_out();
    Ok(())
}

/// Who is signed in, if anybody is: what a page asks first.
#[server(name = SessionFn, endpoint = "auth/session", protocol = Wire)]
pub async fn session() -> Result<Option<Me>, ServerError> {
    crate::ssr::whoever().await
}

/// Who is signed in.
#[server(name = MeFn, endpoint = "auth/me", protocol = Wire)]
pub async fn me() -> Result<Me, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::auth::me(&call.app, &call.caller).await?)
}
