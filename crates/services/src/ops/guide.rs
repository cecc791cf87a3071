//! What a plan asks for while it runs: sub-plans for questions, and templates.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use flow::Trouble;
use model::{
    Localized,
    plan::{Plan, StepStatus},
};
use planner::{Outcome, Question, Setback};
use serde_json::{Map, Value};

use super::tools::Known;
use crate::{access::Caller, app::Shared, cmdb, runs::templates};

/// The rule planner and the templates in the hands of one run.
pub struct OpsGuide {
    app: Shared,
    caller: Caller,
    as_of: Option<DateTime<Utc>>,
    tz: String,
}

type Answer<T> = Result<T, Localized>;

impl OpsGuide {
    /// For a run of `caller` that follows `plan`.
    pub fn new(app: &Shared, caller: Caller, plan: &Plan, as_of: Option<DateTime<Utc>>) -> Self {
        Self { app: app.clone(), caller, as_of, tz: plan.tz.clone() }
    }

    /// Nothing runs that was not checked.
    fn sound(&self, plan: Plan) -> Answer<Plan> {
        let issues = flow::validate(&plan, &Known(&self.caller));
        let Some(first) = issues.first() else { return Ok(plan) };
        Err(Localized::new(
            format!("하위 계획을 실행할 수 없습니다: {} ({})", first.hint.ko, first.path),
            format!("the sub-plan cannot run: {} ({})", first.hint.en, first.path),
        ))
    }
}

#[async_trait]
impl flow::Guide for OpsGuide {
    async fn expand(&self, question: &str) -> Answer<Plan> {
        let estate = cmdb::estate(&self.app, &self.caller).await.map_err(|error| error.to_api().message)?;
        let outcome = estate.index().plan(&Question {
            text: question.trim(),
            context: &[],
            as_of: self.as_of.unwrap_or_else(Utc::now),
            tz: self.tz.parse().unwrap_or(chrono_tz::UTC),
            lang: Some(self.caller.lang),
        });
        match outcome {
            Outcome::Plan(plan) => self.sound(*plan),
            Outcome::Clarify { text, .. }
            | Outcome::Unanswerable { text, .. }
            | Outcome::Refuse { text, .. } => Err(Localized::same(text)),
        }
    }

    async fn template(&self, name: &str, args: Map<String, Value>) -> Answer<(Plan, Map<String, Value>)> {
        let found = async {
            let template = templates::get(&self.app, &self.caller, name).await?;
            let args = templates::arguments(&template.params, args)?;
            Ok::<_, crate::Error>((template.plan, args))
        };
        let (plan, args) = found.await.map_err(|error| error.to_api().message)?;
        Ok((self.sound(plan)?, args))
    }

    /// The likeliest of the other ways that may run.
    async fn replan(&self, plan: &Plan, troubles: &[Trouble]) -> Option<(Plan, Localized)> {
        let estate = cmdb::estate(&self.app, &self.caller).await.ok()?;
        let setbacks: Vec<Setback> = troubles
            .iter()
            .map(|trouble| Setback {
                path: trouble.path.clone(),
                tool: trouble.tool.clone(),
                args: trouble.args.clone(),
                empty: matches!(trouble.status, StepStatus::Ok | StepStatus::Partial),
            })
            .collect();
        let ways = planner::alternatives(estate.index(), plan, &setbacks);
        ways.into_iter().find_map(|way| Some((self.sound(way.plan).ok()?, way.why)))
    }

    fn replans(&self) -> bool {
        true
    }
}
