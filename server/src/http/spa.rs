//! The built user interface: files as they are, compressed ones where there are, and the page for every address of the
//! product. Never for `/api`.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, RwLock},
    time::SystemTime,
};

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{Html, IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use tower_http::services::{ServeDir, ServeFile};

/// Ends of names that are files, never addresses of the product.
const FILES: &[&str] = &[
    ".js",
    ".mjs",
    ".css",
    ".wasm",
    ".map",
    ".woff2",
    ".png",
    ".svg",
    ".ico",
    ".webmanifest",
    ".br",
    ".gz",
    ".txt",
];

/// Routes of the user interface in `dist`.
pub fn routes(dist: &Path) -> Router {
    if !dist.join("index.html").exists() {
        tracing::warn!(dist = %dist.display(), "the user interface is not built; only the API answers");
        return Router::new().fallback(missing);
    }
    let page = ServeFile::new(dist.join("index.html")).precompressed_br().precompressed_gzip();
    let files = ServeDir::new(dist)
        .append_index_html_on_directories(true)
        .precompressed_br()
        .precompressed_gzip()
        .fallback(page);
    Router::new().fallback_service(files).layer(middleware::from_fn(shape))
}

/// Hashed names never change; the page is asked for each time; a missing file is missing, not the page.
async fn shape(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let file = FILES.iter().any(|end| path.ends_with(end));
    let mut response = next.run(request).await;
    let page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    if file && page {
        return StatusCode::NOT_FOUND.into_response();
    }
    let cache = if file && hashed(&path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// `name-0123456789abcdef.js`: sixteen hexadecimal digits after a hyphen, as Trunk writes them.
fn hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default().trim_end_matches("_bg");
    stem.rsplit('-')
        .next()
        .is_some_and(|hash| hash.len() >= 15 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}

async fn missing() -> impl IntoResponse {
    const PAGE: &str = "<!doctype html><meta charset=\"utf-8\"><title>Tobit</title>\
        <p lang=\"ko\">화면이 아직 빌드되지 않았습니다. <code>make run</code> 을 실행하세요. API 문서는 <a href=\"/api/docs\">/api/docs</a> 에 있습니다.</p>\
        <p lang=\"en\">The user interface is not built yet: run <code>make run</code>. The API is described at <a href=\"/api/docs\">/api/docs</a>.</p>";
    (StatusCode::NOT_FOUND, Html(PAGE))
}

/// The hashes of the scripts written inside the page, for the content security policy. Read again when the page has
/// changed, so that a new build needs no restart.
#[derive(Debug, Clone)]
pub struct Scripts {
    page: PathBuf,
    known: Arc<RwLock<(Option<SystemTime>, String)>>,
}

impl Scripts {
    /// Scripts of the page in `dist`.
    pub fn of(dist: &Path) -> Self {
        Self { page: dist.join("index.html"), known: Arc::default() }
    }

    /// ` 'sha256-…'` for each script, or nothing.
    pub fn hashes(&self) -> String {
        let changed = fs::metadata(&self.page).and_then(|meta| meta.modified()).ok();
        if let Ok(known) = self.known.read()
            && known.0 == changed
        {
            return known.1.clone();
        }
        let html = fs::read_to_string(&self.page).unwrap_or_default();
        let hashes: String =
            inline(&html).map(|script| format!(" 'sha256-{}'", base64(&Sha256::digest(script)))).collect();
        if let Ok(mut known) = self.known.write() {
            *known = (changed, hashes.clone());
        }
        hashes
    }
}

/// Contents of `<script>` elements without `src`.
fn inline(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (head, body) = rest.split_once('>')?;
        let (body, _) = body.split_once("</script>")?;
        (!head.contains("src=") && !body.is_empty()).then_some(body)
    })
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = (0..3).fold(0_u32, |word, n| word << 8 | u32::from(chunk.get(n).copied().unwrap_or(0)));
        for n in 0..4 {
            let digit = usize::try_from(word >> (18 - 6 * n) & 63).unwrap_or(0);
            text.push(if n <= chunk.len() { char::from(DIGITS[digit]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn only_scripts_inside_the_page_are_hashed() {
        let html =
            r#"<script src="/a.js" defer></script><script type="module">import x from '/x.js';</script>"#;
        assert_eq!(inline(html).collect::<Vec<_>>(), ["import x from '/x.js';"]);
    }

    #[test]
    fn hashed_names_are_known() {
        for name in ["/frontend-a1b2c3d4e5f60718.js", "/frontend-a1b2c3d4e5f60718_bg.wasm"] {
            assert!(hashed(name), "{name}");
        }
        assert!(!hashed("/echarts.min.js"));
        assert!(!hashed("/tobit-sans-var.woff2"));
    }
}
