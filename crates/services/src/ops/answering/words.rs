//! Answers that no rows stand behind: asked back, refused, not possible, failed.

use model::{
    Lang,
    answer::{AnswerBlock, AnswerStatus, AskResponse, Choice, Timing, Usage},
    plan::{Plan, Reason},
    run::Issue,
};

use super::Work;

impl Work {
    pub(super) fn without_plan(
        &self,
        status: AnswerStatus,
        text: String,
        choices: Vec<Choice>,
    ) -> Box<AskResponse> {
        let blocks = vec![AnswerBlock::Text { text: text.clone(), refs: Vec::new() }];
        Box::new(AskResponse { status, answer: text, blocks, choices, ..self.empty() })
    }

    /// A plan that cannot run says what is wrong with it.
    pub(super) fn invalid(&self, plan: Plan, issues: &[Issue]) -> Box<AskResponse> {
        tracing::warn!(run.id = %self.started.run_id, ?issues, "the plan cannot run");
        let lang = plan.lang;
        let mut text = match lang {
            Lang::Ko => "계획을 실행할 수 없습니다:".to_owned(),
            Lang::En => "The plan cannot run:".to_owned(),
        };
        for issue in issues {
            text.push_str(&format!("\n- {}: {}", issue.path, issue.hint.get(lang)));
        }
        let mut response = self.without_plan(AnswerStatus::Failed, text, Vec::new());
        response.plan = Some(plan);
        response
    }

    pub(super) fn empty(&self) -> AskResponse {
        AskResponse {
            run_id: self.started.run_id,
            thread_id: self.started.thread_id,
            status: AnswerStatus::Failed,
            answer: String::new(),
            blocks: Vec::new(),
            choices: Vec::new(),
            plan: None,
            steps: Vec::new(),
            evidence: Vec::new(),
            timing_ms: Timing::default(),
            usage: Usage::default(),
            follow_ups: Vec::new(),
        }
    }

    pub(super) fn failed(&self, error: &crate::Error) -> AskResponse {
        let lang = self.job.lang().unwrap_or(self.caller.lang);
        let seen = error.to_api();
        let text = match lang {
            Lang::Ko => format!("답하지 못했습니다: {}. 추적 번호 {}", seen.message.ko, self.caller.trace.id),
            Lang::En => format!(
                "The question could not be answered: {}. Trace id {}",
                seen.message.en, self.caller.trace.id
            ),
        };
        *self.without_plan(AnswerStatus::Failed, text, Vec::new())
    }

    /// Refusals are told to the log: someone may be trying.
    pub(super) fn note_refusal(&self, why: &[Reason]) {
        let words: Vec<&str> = why.iter().map(|reason| reason.words.as_str()).collect();
        tracing::info!(run.id = %self.started.run_id, user = %self.caller.login, ?words, "question refused");
    }
}
