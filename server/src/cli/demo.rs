//! `tobit demo`: a company's estate of its own, and taking it out again.

use std::{fs, path::PathBuf, process::ExitCode};

use clap::Subcommand;
use model::imports::{DemoRequest, ImportState};
use services::{config::Config, imports};

use super::{caller, import, with_app};
use crate::database::system_lang;

/// What to do with demo data.
#[derive(Debug, Subcommand)]
pub enum Demo {
    /// Makes an estate with two weeks of metrics, events and incidents of known causes.
    Load {
        /// Another seed makes other names and another topology.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Number of configuration items.
        #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(60..=20_000))]
        cis: u32,
        /// Writes the incidents and their causes here, as JSON.
        #[arg(long, value_name = "FILE")]
        truth: Option<PathBuf>,
    },
    /// Takes out the demo data and nothing else.
    Remove,
}

/// Loads or removes.
pub async fn run(config: Config, tenant: Option<&str>, command: Demo) -> anyhow::Result<ExitCode> {
    with_app(config, async |app| {
        let caller = caller(&app, tenant, system_lang()).await?;
        let status = match command {
            Demo::Load { seed, cis, truth } => {
                let request = DemoRequest { seed, cis };
                let show = |status: &_| import::show(status, caller.lang, false);
                let (status, made) = imports::run_demo(&app, &caller, request, show).await?;
                if let Some(path) = truth.filter(|_| status.state == ImportState::Done) {
                    let text = serde_json::to_string_pretty(&made)?;
                    fs::write(&path, text).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
                }
                status
            }
            Demo::Remove => imports::remove_demo(&app, &caller).await?,
        };
        import::finish(&app, &caller, &status, None).await
    })
    .await
}
