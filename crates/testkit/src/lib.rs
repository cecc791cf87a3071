//! Databases and fixtures for tests: real PostgreSQL, the real roles, two tenants.
//!
//! One throw-away cluster per test process, one migrated template database in it, one copy of the template per test. A test
//! that ends well drops its database; one that fails leaves it and prints its name.
//!
//! `TOBIT_TEST_DATABASE_URL` (a superuser's) names a server to use instead of a throw-away cluster.
#![expect(clippy::panic, reason = "a fixture that cannot be made fails the test, loudly")]
#![expect(clippy::print_stdout, reason = "the test harness shows what a failed test printed")]

mod app;
mod cluster;
mod rows;

pub use app::{Organisation, TestApp};
pub use cluster::{cluster_url, template};
pub use rows::{Table, ensure_row, tables};

/// A password every rule accepts, of all accounts of the fixtures.
pub const PASSWORD: &str = "lantern-orbit-cabbage-42";

/// The result of making a fixture, or the end of the test.
pub(crate) fn must<T, E: std::fmt::Display>(what: &str, result: Result<T, E>) -> T {
    result.unwrap_or_else(|cause| panic!("{what}: {cause}"))
}

/// Runs a future to its end on a thread and a runtime of its own: also inside another runtime, also while dropping.
pub(crate) fn apart<T: Send, F: Future<Output = T>>(make: impl FnOnce() -> F + Send) -> T {
    std::thread::scope(|scope| {
        let work = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            must("a runtime", runtime).block_on(make())
        });
        work.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause))
    })
}
