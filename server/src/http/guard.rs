//! What stands in front of every request: sizes, the origin it comes from, and the headers a browser is told to obey.

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header},
    middleware::Next,
    response::Response,
};
use model::{ApiError, ErrorCode};
use services::app::Shared;

use super::{
    envelope::{refuse, too_large},
    spa::Scripts,
};

/// Longest URL in bytes.
const URL_MAX: usize = 8 << 10;
/// Largest head in bytes.
const HEAD_MAX: usize = 16 << 10;
/// Pages and descriptions a link from anywhere may open.
const PUBLIC: &[&str] = &["/api/docs", "/api/openapi.json"];

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses heads that are too large, and requests other sites send with the cookies of a person.
pub async fn guard(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let head: usize =
        request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if head > HEAD_MAX || request.uri().path_and_query().is_some_and(|path| path.as_str().len() > URL_MAX) {
        return refuse(too_large());
    }
    if request.uri().path().starts_with("/api/")
        && !comes_from_here(&app, request.method(), request.uri(), request.headers())
    {
        tracing::warn!(origin = ?request.headers().get(header::ORIGIN), "a request of another origin was refused");
        return refuse(elsewhere());
    }
    next.run(request).await
}

fn elsewhere() -> ApiError {
    ApiError::new(
        ErrorCode::Forbidden,
        "다른 사이트에서 보낸 요청은 받지 않습니다",
        "requests of other sites are not taken",
    )
    .with_hint(
        "허용하려면 그 출처를 TOBIT_ALLOWED_ORIGINS 에 적으세요. 프로그램은 쿠키 대신 Authorization: Bearer 를 사용하세요",
        "to allow it, add that origin to TOBIT_ALLOWED_ORIGINS; programs use Authorization: Bearer instead of cookies",
    )
}

fn comes_from_here(app: &Shared, method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let safe = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if safe && PUBLIC.iter().any(|path| uri.path().starts_with(path)) {
        return true;
    }
    let site = text(&FETCH_SITE);
    if let Some(origin) = text(&header::ORIGIN) {
        let listed = app.config.allowed_origins.iter().any(|allowed| allowed == origin);
        if listed {
            return true;
        }
        let own = match &app.config.public_url {
            Some(url) => url == origin,
            None => text(&header::HOST).is_some_and(|host| {
                let local_only = app.config.addr.ip().is_loopback() && !app.config.trust_proxy;
                origin.split_once("://").is_some_and(|(_, at)| at == host) && (!local_only || is_local(host))
            }),
        };
        return own && matches!(site, None | Some("same-origin"));
    }
    match site {
        Some("same-origin") => true,
        Some("none") => safe,
        Some(_) => false,
        // No browser of today: a program. With the cookies of a person it could be an old browser led astray.
        None => safe || !headers.contains_key(header::COOKIE) || headers.contains_key(header::AUTHORIZATION),
    }
}

/// Whether a host is this machine. A program that listens to this machine alone is meant by no other name: a page of
/// another site whose name was made to lead here would be taken for our own.
fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || name.to_ascii_lowercase().ends_with(".localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Adds the headers every browser is told to obey.
pub async fn headers(
    State((app, scripts)): State<(Shared, Scripts)>,
    request: Request,
    next: Next,
) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let secure = app.config.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy(&scripts.hashes())) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()",
        ),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if secure {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    if api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Scripts come from here; the loader in the page is known by its hash. Charts and tooltips set styles of elements.
fn policy(hashes: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self'"
    )
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn only_names_of_this_machine_are_local() {
        for host in [
            "localhost",
            "localhost:3940",
            "127.0.0.1:3940",
            "127.1.2.3",
            "[::1]:3940",
            "[::1]",
            "a.localhost:1",
        ] {
            assert!(is_local(host), "{host}");
        }
        for host in [
            "evil.example:3940",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "10.0.0.1:3940",
            "",
            ":3940",
        ] {
            assert!(!is_local(host), "{host}");
        }
    }
}
