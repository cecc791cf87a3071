//! Signing in and out. Tokens travel in cookies only: HttpOnly, SameSite=Strict.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use model::{
    ApiError, Envelope,
    auth::{FirstAdmin, Me, SetupState, SignIn},
};
use services::{
    app::Shared,
    auth::{self, Tokens},
};

use crate::http::{
    envelope::{Answer, Failure, Nothing, Reply},
    extract::{Body, Signed},
};

type WithCookies<T> = Result<(HeaderMap, Reply<T>), Failure>;

/// Whether the installation still needs its first administrator.
#[utoipa::path(
    get, path = "/api/v1/auth/setup", tag = "auth", security(()), responses((status = 200, body = Envelope<SetupState>))
)]
pub async fn setup(State(app): State<Shared>) -> Answer<SetupState> {
    Ok(Reply(auth::setup_state(&app).await?))
}

/// Creates the first administrator and the first tenant, and signs in.
#[utoipa::path(
    post, path = "/api/v1/auth/first-admin", tag = "auth", security(()), request_body = FirstAdmin,
    responses((status = 200, body = Envelope<Me>), (status = 400, body = Envelope<ApiError>), (status = 409, body = Envelope<ApiError>))
)]
pub async fn first_admin(
    State(app): State<Shared>,
    parts: Parts,
    Body(request): Body<FirstAdmin>,
) -> WithCookies<Me> {
    let tokens = auth::create_first_admin(&app, &app::ssr::client_of(&app, &parts), request).await?;
    Ok(give(&app, &parts, tokens))
}

/// Signs in; the cookie `tobit_access` is also the bearer token of programs.
#[utoipa::path(
    post, path = "/api/v1/auth/sign-in", tag = "auth", security(()), request_body = SignIn,
    responses(
        (status = 200, body = Envelope<Me>),
        (status = 401, description = "Login name or password are wrong", body = Envelope<ApiError>),
        (status = 429, description = "Too many tries", body = Envelope<ApiError>),
    )
)]
pub async fn sign_in(
    State(app): State<Shared>,
    parts: Parts,
    Body(request): Body<SignIn>,
) -> WithCookies<Me> {
    let tokens = auth::sign_in(&app, &app::ssr::client_of(&app, &parts), request).await?;
    Ok(give(&app, &parts, tokens))
}

/// Exchanges the refresh cookie for a new pair of tokens.
#[utoipa::path(
    post, path = "/api/v1/auth/refresh", tag = "auth", security(()),
    responses((status = 200, body = Envelope<Me>), (status = 401, body = Envelope<ApiError>))
)]
pub async fn refresh(State(app): State<Shared>, parts: Parts) -> WithCookies<Me> {
    let token = app::ssr::refresh_of(&app, &parts)?;
    let tokens = auth::refresh(&app, &app::ssr::client_of(&app, &parts), token).await?;
    Ok(give(&app, &parts, tokens))
}

/// Ends the session at once.
#[utoipa::path(post, path = "/api/v1/auth/sign-out", tag = "auth", responses((status = 200, body = Envelope<Nothing>)))]
pub async fn sign_out(
    State(app): State<Shared>,
    Signed(caller): Signed,
    parts: Parts,
) -> WithCookies<Nothing> {
    auth::sign_out(&app, &caller).await?;
    Ok((cookies(&app, &parts, None), Reply(Nothing {})))
}

/// Who is signed in.
#[utoipa::path(
    get, path = "/api/v1/auth/me", tag = "auth",
    responses((status = 200, body = Envelope<Me>), (status = 401, body = Envelope<ApiError>))
)]
pub async fn me(State(app): State<Shared>, Signed(caller): Signed) -> Answer<Me> {
    Ok(Reply(auth::me(&app, &caller).await?))
}

fn give(app: &Shared, parts: &Parts, tokens: Tokens) -> (HeaderMap, Reply<Me>) {
    (cookies(app, parts, Some(&tokens)), Reply(tokens.me))
}

fn cookies(app: &Shared, parts: &Parts, tokens: Option<&Tokens>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for cookie in app::ssr::cookies_for(app, parts, tokens) {
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            headers.append(header::SET_COOKIE, value);
        }
    }
    headers
}
