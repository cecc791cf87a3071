//! `tobit ask`: one question, its answer as text or as the JSON of the REST API.

use std::{io::Write, path::PathBuf, process::ExitCode};

use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use model::{
    Lang, ThreadId,
    answer::{AnswerStatus, AskRequest, AskResponse, ContextTurn},
};
use services::{config::Config, ops};

use super::{caller, say, with_app};
use crate::database::system_lang;

/// A question and how to answer it.
#[derive(Debug, Args)]
pub struct AskArgs {
    /// The question, in Korean or English.
    question: String,
    /// Prints the whole answer as JSON, as `POST /api/v1/ask` gives it.
    #[arg(long)]
    json: bool,
    /// The moment taken as now, as `2025-12-31T23:59:59Z`.
    #[arg(long, value_name = "TIME", value_parser = super::value::moment)]
    as_of: Option<DateTime<Utc>>,
    /// The conversation to go on with.
    #[arg(long, value_name = "ID", value_parser = super::value::thread)]
    thread: Option<ThreadId>,
    /// File with earlier turns: `[{"user": "…", "assistant": "…"}]`.
    #[arg(long, value_name = "FILE")]
    context: Option<PathBuf>,
    /// Language of the answer; that of the question when left out.
    #[arg(long, value_enum)]
    lang: Option<Spoken>,
    /// Time zone of times in the question, as `Asia/Seoul`; UTC when left out.
    #[arg(long, value_name = "ZONE")]
    tz: Option<String>,
}

/// A language of the product.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Spoken {
    Ko,
    En,
}

impl From<Spoken> for Lang {
    fn from(spoken: Spoken) -> Self {
        match spoken {
            Spoken::Ko => Self::Ko,
            Spoken::En => Self::En,
        }
    }
}

/// Asks. The exit code is 0 when the question was answered, 3 when it was not.
pub async fn run(config: Config, tenant: Option<&str>, args: AskArgs) -> anyhow::Result<ExitCode> {
    let context = match &args.context {
        Some(path) => read_context(path)?,
        None => Vec::new(),
    };
    let lang = args.lang.map(Lang::from);
    let request = AskRequest {
        question: args.question,
        thread_id: args.thread,
        context,
        as_of: args.as_of,
        lang,
        tz: args.tz,
    };
    let response = with_app(config, async |app| {
        let caller = caller(&app, tenant, lang.unwrap_or_else(system_lang)).await?;
        Ok(ops::ask(&app, &caller, request).await?)
    })
    .await?;
    if args.json {
        say::line(serde_json::to_string_pretty(&response)?);
    } else {
        print(&response);
    }
    Ok(match response.status {
        AnswerStatus::Answered | AnswerStatus::Partial => ExitCode::SUCCESS,
        AnswerStatus::Failed => ExitCode::FAILURE,
        AnswerStatus::Clarify | AnswerStatus::Unanswerable | AnswerStatus::Refused => ExitCode::from(3),
    })
}

fn read_context(path: &PathBuf) -> anyhow::Result<Vec<ContextTurn>> {
    let text = std::fs::read_to_string(path).map_err(|error| say::unread(path, &error))?;
    Ok(serde_json::from_str(&text).map_err(|error| {
        say::unparsed(path, &error).with_hint(
            "앞선 질문과 답을 이렇게 쓰세요: [{\"user\": \"…\", \"assistant\": \"…\"}]",
            "write earlier turns as [{\"user\": \"…\", \"assistant\": \"…\"}]",
        )
    })?)
}

fn print(response: &AskResponse) {
    say::line(&response.answer);
    for choice in &response.choices {
        // An answer that lists its choices already needs them not twice.
        if !response.answer.contains(&choice.label) {
            say::line(format_args!("  - {}", choice.label));
        }
    }
    let _ = writeln!(
        std::io::stderr().lock(),
        "({:.0} ms · --thread {})",
        response.timing_ms.total,
        response.thread_id
    );
}
