//! Golden questions: answers that are to come out again, the checks of them, and what differed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{answer::AnswerStatus, ids::*};

/// Pins the answer of a run as golden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PinGolden {
    /// The run whose answer is right.
    pub run_id: RunId,
    /// How it is checked.
    #[serde(default)]
    pub rules: GoldenRules,
}

/// How a golden question is checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GoldenRules {
    /// Why this answer matters, at most 500 characters.
    #[serde(default)]
    pub note: String,
    /// Minutes between checks, 5 … 43 200; 0 checks on demand only.
    #[serde(default)]
    pub every_min: u32,
    /// True asks as of the moment of the pinned answer, so that only the program and late data can change it; false asks
    /// as of the moment of the check.
    #[serde(default = "yes")]
    pub same_moment: bool,
}

impl Default for GoldenRules {
    fn default() -> Self {
        Self { note: String::new(), every_min: 0, same_moment: true }
    }
}

fn yes() -> bool {
    true
}

/// A golden question as the list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GoldenSummary {
    /// Identifier.
    pub id: GoldenId,
    /// What is asked.
    pub question: String,
    /// How it is checked.
    pub rules: GoldenRules,
    /// How the pinned answer ended.
    pub status: AnswerStatus,
    /// Numbers of the pinned answer that are compared.
    pub numbers: u32,
    /// The run pinned.
    pub run_id: RunId,
    /// Who pinned it.
    pub by: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// The next check by schedule.
    pub due_at: Option<DateTime<Utc>>,
    /// The newest check.
    pub last: Option<GoldenCheck>,
}

/// A golden question with its checks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Golden {
    /// It, as the list shows it.
    pub summary: GoldenSummary,
    /// The pinned answer as plain text.
    pub answer: String,
    /// Earlier turns the question was asked after.
    pub context_turns: u32,
    /// Checks, newest first, at most 50.
    pub checks: Vec<GoldenCheck>,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// Status, numbers, plan and text are the pinned ones.
    Same,
    /// Only the wording differs.
    Reworded,
    /// Something else differs.
    Changed,
    /// The question could not be asked.
    Failed,
}

/// What a difference is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DifferenceIn {
    /// How the question ended.
    Status,
    /// A number.
    Number,
    /// A step of the plan.
    Plan,
    /// The text.
    Text,
}

/// Something that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    /// In what.
    pub r#in: DifferenceIn,
    /// Which one: the label of a number, the place of a step.
    pub what: String,
    /// As it was pinned; nothing where it was not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// As it came now; nothing where it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// One check of a golden question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GoldenCheck {
    /// Identifier.
    pub id: CheckId,
    /// When.
    pub at: DateTime<Utc>,
    /// By schedule, not by a person.
    pub scheduled: bool,
    /// How it ended.
    pub outcome: CheckOutcome,
    /// The run that answered; none where the question could not be asked.
    pub run_id: Option<RunId>,
    /// Time of the answer in milliseconds.
    pub ms: Option<f64>,
    /// What differs, at most 100; the numbers first.
    pub differences: Vec<Difference>,
    /// Why the question could not be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}
