//! Conversations.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{answer::AskResponse, ids::*};

/// A conversation in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ThreadSummary {
    /// Identifier.
    pub id: ThreadId,
    /// Title, made by itself until a person changes it.
    pub title: String,
    /// Number of questions.
    pub questions: u32,
    /// What the last answer held, as (`text`, `table`, `chart`, `topology`, …) → how many.
    pub blocks: Vec<(String, u32)>,
    /// Last question.
    pub updated_at: DateTime<Utc>,
}

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Turn {
    /// The run that answered.
    pub run_id: RunId,
    /// What was asked.
    pub question: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// The answer; none while it is being made, or when the server died over it.
    pub answer: Option<AskResponse>,
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Thread {
    /// Identifier.
    pub id: ThreadId,
    /// Title.
    pub title: String,
    /// Questions and answers, oldest first.
    pub turns: Vec<Turn>,
}
