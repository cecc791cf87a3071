//! Permissions as types. A permission names the least role that has it; the server proves it, the browser hides by it.

use serde::{Deserialize, Serialize};

/// What a person may do in a tenant, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Looks and asks.
    Viewer,
    /// Builds: imports, screens, APIs, rules.
    Developer,
    /// Approves and manages what others built.
    Manager,
    /// Everything in the tenant.
    Admin,
}

impl Role {
    /// The name stored and shown to programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Developer => "developer",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s {
            "viewer" => Ok(Self::Viewer),
            "developer" => Ok(Self::Developer),
            "manager" => Ok(Self::Manager),
            "admin" => Ok(Self::Admin),
            other => Err(format!("unknown role {other}")),
        }
    }
}

/// A permission: a name for audit and documentation, and the least role that holds it.
pub trait Permission {
    /// `slice.verb`.
    const NAME: &'static str;
    /// The least role that has it.
    const LEAST: Role;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal from $role:ident),+ $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub struct $name;
            impl Permission for $name {
                const NAME: &'static str = $text;
                const LEAST: Role = Role::$role;
            }
        )+
        /// Every permission with the least role that has it.
        pub const ALL: &[(&str, Role)] = &[$(($text, Role::$role)),+];
    };
}

permissions! {
    /// See configuration items, relations, metrics and records.
    EstateRead = "estate.read" from Viewer,
    /// Import files and load or remove demo data.
    EstateImport = "estate.import" from Developer,
    /// Change the words things of the estate are called by.
    WordsEdit = "words.edit" from Developer,
    /// Say which way failures travel along relations.
    RelationsEdit = "relations.edit" from Developer,
    /// Ask questions and keep conversations.
    ChatUse = "chat.use" from Viewer,
    /// See runs and their steps.
    RunRead = "run.read" from Viewer,
    /// Pin answers as golden questions, schedule and check them.
    GoldenManage = "golden.manage" from Developer,
    /// Change, put in force and remove templates of root-cause analysis.
    RcaEdit = "rca.edit" from Developer,
    /// See the runs of others.
    RunReadAll = "run.read_all" from Manager,
    /// Make, change and run plans.
    PlanRun = "plan.run" from Viewer,
    /// Save and remove templates of plans.
    PlanSave = "plan.save" from Developer,
    /// Decide what a run waits for, where the step names no higher role.
    ApprovalDecide = "approval.decide" from Developer,
    /// Say that an anomaly is none, take that back, and search for anomalies again.
    AnomalyJudge = "anomaly.judge" from Developer,
    /// See settings and where their values come from.
    SettingsRead = "settings.read" from Manager,
}
