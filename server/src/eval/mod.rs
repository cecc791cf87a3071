//! `tobit eval`: a file of questions with known answers, asked one after the other, with accuracy per category and every
//! miss with its plan and answer.

mod gold;
mod judge;
mod report;
mod text;

use std::{collections::BTreeSet, path::PathBuf, process::ExitCode, time::Instant};

use clap::Args;
use model::{
    Lang,
    answer::{AskRequest, AskResponse},
};
use services::{Caller, app::Shared, chat, config::Config, ops};

use self::{
    gold::{File, Gold, Question},
    judge::{Verdict, judge},
};
use crate::cli::{caller, say, with_app};

/// Which questions to run.
#[derive(Debug, Args)]
pub struct EvalArgs {
    /// The file.
    file: PathBuf,
    /// Runs the questions of one category only.
    #[arg(long)]
    category: Option<String>,
    /// Runs one question only.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Prints everything as JSON.
    #[arg(long)]
    json: bool,
    /// Shows right answers too.
    #[arg(long)]
    all: bool,
    /// Time zone of times in questions.
    #[arg(long, default_value = "UTC")]
    tz: String,
}

/// A question, what was answered, and whether it is right.
pub struct Outcome {
    /// The question.
    pub question: Question,
    /// The answer; none when asking failed, with the reason in the verdict.
    pub response: Option<AskResponse>,
    /// The judgement.
    pub verdict: Verdict,
    /// Time the answer took, as its reader waited, in milliseconds.
    pub ms: f64,
}

/// Runs the file. The exit code is 0 whatever the accuracy: it is a measurement.
pub async fn run(config: Config, tenant: Option<&str>, args: EvalArgs) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(&args.file).map_err(|error| say::unread(&args.file, &error))?;
    let file: File = serde_json::from_str(&text).map_err(|error| say::unparsed(&args.file, &error))?;
    let services = services_of(&file);
    let chosen: Vec<Question> = file
        .questions
        .into_iter()
        .filter(|question| args.category.as_ref().is_none_or(|category| question.category == *category))
        .filter(|question| args.id.as_ref().is_none_or(|id| question.id == *id))
        .collect();
    let outcomes = with_app(config, async |app| {
        let caller = caller(&app, tenant, Lang::Ko).await?;
        let total = chosen.len();
        let mut outcomes = Vec::with_capacity(total);
        for (n, question) in chosen.into_iter().enumerate() {
            say::over(&format!("{}/{total}", n + 1), n + 1 == total);
            outcomes.push(one(&app, &caller, question, &args.tz, &services).await);
        }
        Ok(outcomes)
    })
    .await?;
    if args.json {
        report::json(&outcomes)?
    } else {
        report::text(&outcomes, args.all)
    }
    Ok(ExitCode::SUCCESS)
}

async fn one(app: &Shared, caller: &Caller, question: Question, tz: &str, services: &[String]) -> Outcome {
    let request = AskRequest {
        question: question.question.clone(),
        context: question.context.clone(),
        as_of: question.as_of,
        tz: Some(tz.to_owned()),
        ..AskRequest::default()
    };
    let begun = Instant::now();
    let asked = ops::ask(app, caller, request).await;
    let ms = begun.elapsed().as_secs_f64() * 1000.0;
    match asked {
        Ok(response) => {
            // A measurement leaves no conversations behind.
            if let Err(error) = chat::remove(app, caller, response.thread_id).await {
                tracing::warn!(%error, "a conversation of the measurement stays");
            }
            let verdict = judge(&question, &response, services);
            Outcome { question, response: Some(response), verdict, ms }
        }
        Err(error) => {
            let verdict = Verdict { right: false, near: false, why: format!("asking failed: {error}") };
            Outcome { question, response: None, verdict, ms }
        }
    }
}

/// Every service the causes of a file speak of, and their likes in its texts, in lower case.
fn services_of(file: &File) -> Vec<String> {
    let causes = file.questions.iter().flat_map(|question| match &question.gold {
        Gold::RootCause { ranked, .. } => ranked.iter().map(|cause| cause.service.to_lowercase()).collect(),
        _ => Vec::new(),
    });
    let named = file.questions.iter().flat_map(|question| {
        let words = question.question.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        words
            .map(str::to_lowercase)
            .filter(|word| word.len() > 7 && word.ends_with("service"))
            .collect::<Vec<_>>()
    });
    causes.chain(named).collect::<BTreeSet<_>>().into_iter().collect()
}
