//! The user interface, compiled twice: for the browser (`csr`) and, without any view, for its server functions (`ssr`).

#[cfg(all(feature = "csr", feature = "ssr"))]
compile_error!("build server and frontend in separate cargo invocations");

pub mod api;
#[cfg(feature = "ssr")]
pub mod ssr;

#[cfg(feature = "csr")]
pub mod i18n;
#[cfg(feature = "csr")]
pub mod pages;
#[cfg(feature = "csr")]
pub mod ui;
