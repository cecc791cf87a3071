//! Configuration items, their relations and the catalogue of the estate.
//!
//! PostgreSQL is the truth. What is shown and asked goes to an immutable snapshot in memory ([`Estates`]), replaced when
//! the generation of the estate has changed; a change raises it in its own transaction ([`bump`]).

mod estates;
mod snapshot;
mod store;
pub mod text;
pub mod write;

use std::sync::Arc;

use model::perm::EstateRead;

pub use estates::Estates;
pub use snapshot::{Meta, Snapshot};
pub use write::bump;

use crate::{access::Caller, app::App, error::Result};

/// The estate of the caller's tenant as it is now.
pub async fn estate(app: &App, caller: &Caller) -> Result<Arc<Snapshot>> {
    caller.grant::<EstateRead>()?;
    app.estates.snapshot(&app.db, caller).await
}
