//! `tobit demo`: a company's estate of its own, and taking it out again.

use std::{cell::Cell, fs, path::PathBuf, process::ExitCode};

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand, ValueEnum};
use model::{
    Lang,
    imports::{DemoRequest, ImportState},
};
use services::{config::Config, imports};

use super::{caller, import, say, value, with_app};
use crate::database::system_lang;

/// What to do with demo data.
#[derive(Debug, Subcommand)]
pub enum Demo {
    /// Makes an estate with two weeks of metrics, events and incidents of known causes.
    Load {
        /// Another seed makes other names and another topology.
        #[arg(long, default_value_t = 1, value_parser = value::seed)]
        seed: u64,
        /// Number of configuration items, 60 to 20000.
        #[arg(long, default_value_t = 300, value_parser = value::cis)]
        cis: u32,
        /// The moment its history ends at; now when left out.
        #[arg(long, value_name = "TIME", value_parser = value::moment)]
        until: Option<DateTime<Utc>>,
        /// Writes the incidents and their causes here, as JSON.
        #[arg(long, value_name = "FILE")]
        truth: Option<PathBuf>,
    },
    /// Writes questions about that estate with the answers that are right, for `tobit eval`. They fit what was loaded
    /// with the same seed, size and end.
    Questions(Questions),
    /// Takes out the demo data and nothing else.
    Remove,
}

/// Which questions to write.
#[derive(Debug, Args)]
pub struct Questions {
    /// Seed of the estate.
    #[arg(long, default_value_t = 1, value_parser = value::seed)]
    seed: u64,
    /// Number of configuration items of the estate, 60 to 20000.
    #[arg(long, default_value_t = 300, value_parser = value::cis)]
    cis: u32,
    /// The moment the history of the estate ends at; now when left out.
    #[arg(long, value_name = "TIME", value_parser = value::moment)]
    until: Option<DateTime<Utc>>,
    /// Number of questions, 300 to 5000.
    #[arg(long, default_value_t = 300, value_parser = value::questions)]
    count: u32,
    /// Language of the questions.
    #[arg(long, value_enum, default_value_t = Tongue::Both)]
    lang: Tongue,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Language of questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tongue {
    /// Korean.
    Ko,
    /// English.
    En,
    /// Both, and mixtures of them.
    Both,
}

fn questions(wish: &Questions) -> anyhow::Result<ExitCode> {
    let only = match wish.lang {
        Tongue::Ko => Some(Lang::Ko),
        Tongue::En => Some(Lang::En),
        Tongue::Both => None,
    };
    let estate = demo::generate(wish.seed, wish.cis, wish.until.unwrap_or_else(Utc::now));
    let file = demo::questions::questions(&estate, wish.count as usize, only);
    let text = serde_json::to_string_pretty(&file)?;
    fs::write(&wish.out, text).map_err(|error| say::unwritten(&wish.out, &error))?;
    let path = wish.out.display();
    say::line(match system_lang() {
        Lang::Ko => format!("질문 {}개를 {path}에 썼습니다", file.count),
        Lang::En => format!("wrote {} questions to {path}", file.count),
    });
    Ok(ExitCode::SUCCESS)
}

/// Loads or removes.
pub async fn run(config: Config, tenant: Option<&str>, command: Demo) -> anyhow::Result<ExitCode> {
    if let Demo::Questions(wish) = &command {
        return questions(wish);
    }
    with_app(config, async |app| {
        let caller = caller(&app, tenant, system_lang()).await?;
        let status = match command {
            Demo::Questions(wish) => return questions(&wish),
            Demo::Load { seed, cis, until, truth } => {
                let request = DemoRequest { seed, cis };
                let at_work = Cell::new(None);
                let work = Box::pin(imports::run_demo(&app, &caller, request, until, |status| {
                    at_work.set(Some(status.id));
                    import::show(status, caller.lang, false);
                }));
                let (status, made) = import::cancellable(&app, &caller, &at_work, work).await?;
                if let Some(path) = truth.filter(|_| status.state == ImportState::Done) {
                    let text = serde_json::to_string_pretty(&made)?;
                    fs::write(&path, text).map_err(|error| say::unwritten(&path, &error))?;
                }
                status
            }
            Demo::Remove => imports::remove_demo(&app, &caller).await?,
        };
        import::finish(&app, &caller, &status, None).await
    })
    .await
}
