//! Identifiers: one newtype per thing, so that a run cannot be passed where a thread is meant.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

id! {
    /// A tenant: the border no data crosses.
    TenantId,
    /// A person who signs in.
    UserId,
    /// A signed-in session: the family of one chain of refresh tokens.
    SessionId,
    /// A configuration item.
    CiId,
    /// One metric of one configuration item.
    SeriesId,
    /// A row of history: event, maintenance, work, ticket, alarm.
    RecordId,
    /// An import of files, or a load of demo data.
    ImportId,
    /// A file uploaded for an import.
    UploadId,
    /// An execution: a question answered, later an API called or a rule fired.
    RunId,
    /// A conversation.
    ThreadId,
    /// A golden question.
    GoldenId,
    /// A check of a golden question.
    CheckId,
    /// A stretch in which a series leaves what is usual.
    AnomalyId,
    /// What somebody said of an anomaly.
    FeedbackId,
}
