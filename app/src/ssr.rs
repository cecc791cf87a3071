//! What server functions share: the program's state, the caller, cookies, the status of an error.
//!
//! The server provides two things for it: `Arc<services::App>` as a leptos context, and a [`Trace`] as an extension of
//! the request (with `ConnectInfo<SocketAddr>` for the address). REST handlers use the functions over [`Parts`] too, so
//! that a browser and a program are known by the same rules.
//!
//! Invariant: tokens are in cookies only. They are HttpOnly and SameSite=Strict, for the whole site (`Path=/`); over https
//! they are Secure and named `__Host-…`, and only those names are read.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{
    extract::ConnectInfo,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{ACCEPT_LANGUAGE, AUTHORIZATION, COOKIE, RETRY_AFTER, SET_COOKIE, USER_AGENT},
        request::Parts,
    },
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use model::{ApiError, ErrorCode, Lang, auth::Me};
use services::{
    App, Caller, Client, Error,
    access::Trace,
    auth::{self, Tokens},
};

use crate::api::ServerError;

const ACCESS: &str = "tobit_access";
const REFRESH: &str = "tobit_refresh";
/// Set by the language switch of the user interface; not a secret.
const LANG: &str = "tobit_lang";
const HOST_PREFIX: &str = "__Host-";

/// A request of somebody who is signed in.
pub struct Call {
    /// The program.
    pub app: Arc<App>,
    /// Who calls.
    pub caller: Caller,
}

/// The program.
pub fn app() -> Result<Arc<App>, ServerError> {
    use_context::<Arc<App>>()
        .ok_or_else(|| fail(Error::Internal("the program is not in the context".to_owned())))
}

/// From where the request comes.
pub async fn client() -> Result<Client, ServerError> {
    Ok(client_of(app()?.as_ref(), &parts()?))
}

/// The request of somebody who is signed in; an error 401 where nobody is.
pub async fn call() -> Result<Call, ServerError> {
    let (app, parts) = (app()?, parts()?);
    let caller = caller_of(&app, &parts).await.map_err(fail)?;
    Ok(Call { app, caller })
}

/// Who sends the request, if anybody is signed in: known by the access token, else by the refresh token, which is
/// exchanged for new ones. That nobody is signed in is an answer, not an error.
pub async fn whoever() -> Result<Option<Me>, ServerError> {
    let (app, parts) = (app()?, parts()?);
    match caller_of(&app, &parts).await {
        Ok(caller) => return auth::me(&app, &caller).await.map(Some).map_err(fail),
        Err(error) if error.to_api().kind != ErrorCode::SignedOut => return Err(fail(error)),
        Err(_) => {}
    }
    let Ok(token) = refresh_of(&app, &parts) else { return Ok(None) };
    match auth::refresh(&app, &client_of(&app, &parts), token).await {
        Ok(tokens) => signed_in(tokens).map(Some),
        Err(error) if error.to_api().kind.status() >= 500 => Err(fail(error)),
        Err(_) => {
            signed_out();
            Ok(None)
        }
    }
}

/// The refresh token of the browser.
pub async fn refresh_token() -> Result<String, ServerError> {
    let (app, parts) = (app()?, parts()?);
    refresh_of(&app, &parts).map(str::to_owned).map_err(fail)
}

/// Gives the browser its tokens as cookies, and who is signed in as the answer.
pub fn signed_in(tokens: Tokens) -> Result<Me, ServerError> {
    let https = is_https(app()?.as_ref(), &parts()?);
    for header in token_cookies(&tokens, https) {
        add_header(SET_COOKIE, header);
    }
    Ok(tokens.me)
}

/// Takes the tokens away from the browser.
pub fn signed_out() {
    let https = app().ok().zip(parts().ok()).is_some_and(|(app, parts)| is_https(&app, &parts));
    for header in gone_cookies(https) {
        add_header(SET_COOKIE, header);
    }
}

/// The error as the browser may see it. Sets the HTTP status; the cause goes to the log with the trace id.
pub fn fail(error: Error) -> ServerError {
    let trace = parts().ok().map(|parts| trace_of(&parts)).unwrap_or_default();
    let shown = shown(&error, &trace);
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(
            StatusCode::from_u16(shown.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        );
    }
    if let Some(wait) = shown.retry_after_ms {
        add_header(RETRY_AFTER, wait.div_ceil(1_000).to_string());
    }
    ServerError(shown)
}

/// An error with its trace id, after its cause was logged.
pub fn shown(error: &Error, trace: &Trace) -> ApiError {
    let mut shown = error.to_api();
    if shown.kind.status() >= 500 {
        tracing::error!(trace_id = %trace.id, kind = ?shown.kind, cause = %error, "a request failed");
    } else {
        tracing::debug!(trace_id = %trace.id, kind = ?shown.kind, cause = %error, "a request was refused");
    }
    shown.trace_id = Some(trace.id.clone()).filter(|id| !id.is_empty());
    shown
}

/// Who sent a request: by the access cookie, or by `Authorization: Bearer` with the same token.
pub async fn caller_of(app: &App, parts: &Parts) -> Result<Caller, Error> {
    let name = cookie_name(ACCESS, is_https(app, parts));
    let token =
        cookie(&parts.headers, &name).or_else(|| bearer(&parts.headers)).ok_or_else(auth::signed_out)?;
    let caller = auth::authenticate(app, token, trace_of(parts)).await?;
    Ok(Caller { lang: lang_of(&parts.headers).unwrap_or(caller.lang), ..caller })
}

/// From where a request comes.
pub fn client_of(app: &App, parts: &Parts) -> Client {
    Client {
        address: address_of(app, parts),
        user_agent: text(&parts.headers, USER_AGENT).unwrap_or_default().to_owned(),
        lang: lang_of(&parts.headers).unwrap_or_default(),
        trace: trace_of(parts),
    }
}

/// The language a request asks for: the switch of the user interface, else what the browser prefers.
pub fn lang_of(headers: &HeaderMap) -> Option<Lang> {
    match cookie(headers, LANG) {
        Some("ko") => return Some(Lang::Ko),
        Some("en") => return Some(Lang::En),
        _ => {}
    }
    // Browsers list languages by preference, so the first one we speak is the one wanted.
    text(headers, ACCEPT_LANGUAGE)?.split(',').find_map(|part| {
        let tag = part.split([';', '-']).next()?.trim();
        if tag.eq_ignore_ascii_case("ko") {
            Some(Lang::Ko)
        } else if tag.eq_ignore_ascii_case("en") {
            Some(Lang::En)
        } else {
            None
        }
    })
}

/// The refresh token of a request.
pub fn refresh_of<'a>(app: &App, parts: &'a Parts) -> Result<&'a str, Error> {
    cookie(&parts.headers, &cookie_name(REFRESH, is_https(app, parts))).ok_or_else(auth::signed_out)
}

/// The `Set-Cookie` headers that give a browser its tokens, or take them away.
pub fn cookies_for(app: &App, parts: &Parts, tokens: Option<&Tokens>) -> [String; 2] {
    let https = is_https(app, parts);
    tokens.map_or_else(|| gone_cookies(https), |tokens| token_cookies(tokens, https))
}

/// The trace of a request.
pub fn trace_of(parts: &Parts) -> Trace {
    parts.extensions.get::<Trace>().cloned().unwrap_or_default()
}

fn parts() -> Result<Parts, ServerError> {
    use_context::<Parts>().ok_or_else(|| {
        // Not `fail`: it asks for the parts itself.
        ServerError(ApiError::new(ErrorCode::Internal, "서버에서 오류가 발생했습니다", "the server failed"))
    })
}

fn is_https(app: &App, parts: &Parts) -> bool {
    let public = app.config.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
    let proto = HeaderName::from_static("x-forwarded-proto");
    public
        || app.config.trust_proxy
            && last_text(&parts.headers, &proto).is_some_and(|p| p.eq_ignore_ascii_case("https"))
}

/// The address of the other end; behind a proxy that is trusted, the one the proxy saw.
fn address_of(app: &App, parts: &Parts) -> IpAddr {
    let forwarded = || forwarded_for(&parts.headers);
    let peer = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let trusted = if app.config.trust_proxy { forwarded() } else { None };
    trusted.or_else(peer).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// The address the proxy next to us saw: the last one, of the last header where there are several, because a proxy adds
/// to the list or adds a header, and what stands before that may be made up by the client. Some proxies write the port.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = last_text(headers, &HeaderName::from_static("x-forwarded-for"))?;
    let bare = last.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| last.parse::<SocketAddr>().ok().map(|at| at.ip()))
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// What was added last to a header that may be a list and may be there several times.
fn last_text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    value.rsplit(',').next().map(str::trim)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = text(headers, AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
        .filter(|value| !value.is_empty())
}

fn cookie_name(name: &str, https: bool) -> String {
    if https { format!("{HOST_PREFIX}{name}") } else { name.to_owned() }
}

/// The `Set-Cookie` headers of a pair of tokens.
fn token_cookies(tokens: &Tokens, https: bool) -> [String; 2] {
    [
        set_cookie(ACCESS, tokens.access.expose(), tokens.access_ttl, https),
        set_cookie(REFRESH, tokens.refresh.expose(), tokens.refresh_ttl, https),
    ]
}

/// The `Set-Cookie` headers that take both tokens away.
fn gone_cookies(https: bool) -> [String; 2] {
    [ACCESS, REFRESH].map(|name| set_cookie(name, "", Duration::ZERO, https))
}

fn set_cookie(name: &str, value: &str, life: Duration, https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    let (name, seconds) = (cookie_name(name, https), life.as_secs());
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

fn add_header(name: HeaderName, value: String) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&value)) {
        response.append_header(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(HeaderName, &str)]) -> HeaderMap {
        list.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap())).collect()
    }

    #[test]
    fn cookies_are_strict_and_unreadable_for_scripts_and_bound_to_the_host_over_https() {
        let plain = set_cookie(ACCESS, "abc", Duration::from_secs(600), false);
        assert_eq!(plain, "tobit_access=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=600");
        let secure = set_cookie(REFRESH, "abc", Duration::from_secs(60), true);
        assert_eq!(secure, "__Host-tobit_refresh=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=60; Secure");
        assert!(gone_cookies(false).iter().all(|c| c.contains("=; ") && c.contains("Max-Age=0")));
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name_in_any_header() {
        let found = headers(&[(COOKIE, "x_tobit_access=no; tobit_access=yes; tobit_accessory=no")]);
        assert_eq!(cookie(&found, ACCESS), Some("yes"));
        assert_eq!(cookie(&found, &cookie_name(ACCESS, true)), None);
        assert_eq!(cookie(&headers(&[(COOKIE, "tobit_access=")]), ACCESS), None);
    }

    #[test]
    fn the_language_is_that_of_the_switch_else_the_first_one_we_speak() {
        let asked = |list: &[(HeaderName, &str)]| lang_of(&headers(list));
        assert_eq!(asked(&[(ACCEPT_LANGUAGE, "fr-FR, en-US;q=0.9, ko;q=0.8")]), Some(Lang::En));
        assert_eq!(asked(&[(ACCEPT_LANGUAGE, "en"), (COOKIE, "a=b; tobit_lang=ko")]), Some(Lang::Ko));
        assert_eq!(asked(&[(ACCEPT_LANGUAGE, "fr")]), None);
    }

    #[test]
    fn the_address_behind_a_proxy_is_the_one_it_added_however_it_adds() {
        let name = HeaderName::from_static("x-forwarded-for");
        let seen = |values: &[&str]| {
            let mut list = HeaderMap::new();
            for value in values {
                list.append(name.clone(), HeaderValue::from_str(value).unwrap());
            }
            forwarded_for(&list).map(|address| address.to_string())
        };
        assert_eq!(seen(&["10.9.9.9, 203.0.113.7"]).as_deref(), Some("203.0.113.7"));
        assert_eq!(seen(&["10.9.9.9", "203.0.113.7"]).as_deref(), Some("203.0.113.7"));
        assert_eq!(seen(&["203.0.113.7:4711"]).as_deref(), Some("203.0.113.7"));
        assert_eq!(seen(&["[2001:db8::1]:4711"]).as_deref(), Some("2001:db8::1"));
        assert_eq!(seen(&["[2001:db8::1]"]).as_deref(), Some("2001:db8::1"));
        assert_eq!(seen(&["unknown"]), None);
        assert_eq!(seen(&[]), None);
    }

    #[test]
    fn a_bearer_token_is_taken_whatever_the_case_of_its_scheme() {
        assert_eq!(bearer(&headers(&[(AUTHORIZATION, "bearer abc")])), Some("abc"));
        assert_eq!(bearer(&headers(&[(AUTHORIZATION, "Basic abc")])), None);
    }
}
