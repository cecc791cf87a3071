//! The way of a question: planned, carried out, composed.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use chrono::Utc;
use model::{
    Lang,
    answer::{AnswerStatus, AskResponse, RunEvent, Timing, Usage},
    plan::Plan,
};
use planner::{Outcome, Question, compose};
use serde_json::Map;

use super::{Job, Ran, Work, ms};
use crate::{
    access::Caller,
    cmdb,
    error::Result,
    ops::{
        guide::OpsGuide,
        other_way, remarks,
        tools::{self, Known},
    },
    runs::journal::PgJournal,
};

/// Steps of one run at work at the same time.
const PARALLEL: usize = 8;

impl Work {
    pub(super) async fn respond(&self) -> Result<Ran> {
        // Whoever is stopped while waiting for a place needs none.
        let _slot = tokio::select! {
            biased;
            () = self.live.cancel.cancelled() => None,
            slot = self.app.runs.slots.acquire() => slot.ok(),
        };
        let estate = cmdb::estate(&self.app, &self.caller).await?;
        let (index, data) = (estate.index(), estate.generation());
        if let Some(plan) = &self.plan_before {
            return self.execute(index, data, plan.clone()).await;
        }
        let request = match &self.job {
            Job::Plan(given) => return self.execute(index, data, given.plan.clone()).await,
            Job::Ask(request) => request,
        };
        let mut context = self.context.clone();
        context.extend(request.context.iter().cloned());
        let question = Question {
            text: request.question.trim(),
            context: &context,
            as_of: request.as_of.unwrap_or_else(Utc::now),
            tz: request.tz.as_deref().and_then(|tz| tz.parse().ok()).unwrap_or(chrono_tz::UTC),
            lang: request.lang,
        };
        let planning = Instant::now();
        let outcome = index.plan(&question);
        let plan_ms = ms(planning);
        let mut response = match outcome {
            Outcome::Plan(plan) => match self.execute(index, data, *plan).await? {
                Ran::Answered(response) => response,
                Ran::Waiting => return Ok(Ran::Waiting),
            },
            Outcome::Clarify { text, choices, .. } => self.without_plan(AnswerStatus::Clarify, text, choices),
            Outcome::Unanswerable { text, choices, .. } => {
                self.without_plan(AnswerStatus::Unanswerable, text, choices)
            }
            Outcome::Refuse { text, why } => {
                self.note_refusal(&why);
                self.without_plan(AnswerStatus::Refused, text, Vec::new())
            }
        };
        response.timing_ms.plan = plan_ms;
        Ok(Ran::Answered(response))
    }

    async fn execute(&self, index: &planner::Index, data: u64, plan: Plan) -> Result<Ran> {
        let issues = flow::validate(&plan, &Known(&self.caller));
        if !issues.is_empty() {
            return Ok(Ran::Answered(self.invalid(plan, &issues)));
        }
        if self.plan_before.is_none() {
            self.live.tell(RunEvent::Planned { plan: plan.clone() });
        }
        let executing = Instant::now();
        // Labels and notes of tools are in the language of the answer.
        let caller = Caller { lang: plan.lang, ..self.caller.clone() };
        let toolbox = tools::toolbox(&self.app, &caller, data, self.job.as_of(), &plan.tz);
        let pool = Arc::new(flow::Pool::new(&plan.budget, &self.used()));
        let execution =
            flow::run(&plan, toolbox, self.context_of_run(&plan, caller, Arc::clone(&pool))).await;
        let spent = pool.spent();
        *self.spent.lock().unwrap_or_else(PoisonError::into_inner) = spent;
        if execution.waiting {
            return Ok(Ran::Waiting);
        }
        let execute_ms = ms(executing);
        let composing = Instant::now();
        let results = told(execution.results, plan.lang);
        let said = |plan: &Plan, results: &BTreeMap<String, compose::StepResult>| {
            remarks::add(plan, results, compose::compose(index, plan, results))
        };
        let composed = match &execution.replanned {
            None => said(&plan, &results),
            Some(other) => {
                let first = said(&plan, &told(execution.before, plan.lang));
                let second = said(other, &results);
                let whys = self.whys.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let prefix = format!("r{}.", whys.len());
                other_way::combine((&plan, first), (other, second), &whys.join("\n"), &prefix)
            }
        };
        Ok(Ran::Answered(Box::new(AskResponse {
            status: composed.status,
            answer: composed.answer,
            blocks: composed.blocks,
            plan: Some(plan),
            steps: execution.reports,
            evidence: composed.evidence,
            follow_ups: composed.follow_ups,
            timing_ms: Timing { execute: execute_ms, compose: ms(composing), ..Timing::default() },
            usage: Usage { tokens_in: spent.tokens, tokens_out: 0, cost: spent.money },
            ..self.empty()
        })))
    }

    fn context_of_run(&self, plan: &Plan, caller: Caller, pool: Arc<flow::Pool>) -> flow::RunContext {
        let (listener, whys) = (Arc::clone(&self.live), Arc::clone(&self.whys));
        let args = match &self.job {
            Job::Ask(_) => Map::new(),
            Job::Plan(given) => given.args.clone(),
        };
        let deadline = Instant::now() + Duration::from_millis(plan.timeout_ms);
        let journal: Arc<dyn flow::Journal> = Arc::<PgJournal>::clone(&self.journal);
        flow::RunContext {
            started: self.began,
            emit: Arc::new(move |event| {
                if let RunEvent::Replanned { why, .. } = &event {
                    whys.lock().unwrap_or_else(PoisonError::into_inner).push(why.clone());
                }
                listener.tell(event)
            }),
            max_parallel: PARALLEL,
            tenant: self.caller.tenant,
            key: self.started.run_id.to_string(),
            shares: Arc::clone(&self.app.runs.shares),
            pool,
            journal,
            guide: Arc::new(OpsGuide::new(&self.app, caller, plan, self.job.as_of())),
            args,
            ..flow::RunContext::new(plan, deadline, self.live.cancel.clone())
        }
    }
}

/// Results as the composer takes them.
fn told(results: BTreeMap<String, flow::StepResult>, lang: Lang) -> BTreeMap<String, compose::StepResult> {
    results
        .into_iter()
        .map(|(id, result)| {
            let error = result.error.map(|error| error.get(lang).to_owned());
            let (status, tool, output) = (result.status, result.tool, result.output);
            (id, compose::StepResult { status, tool, output, error })
        })
        .collect()
}
