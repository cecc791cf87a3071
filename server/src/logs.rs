//! Logs: one JSON object a line, to standard error and to a file a day. Every line of a request carries its trace id, in
//! `spans`.

use std::{fmt::Display, fs, io::IsTerminal, path::Path};

use model::{ApiError, ErrorCode};
use services::config::Config;
use tracing_appender::{
    non_blocking::WorkerGuard,
    rolling::{RollingFileAppender, Rotation},
};
use tracing_subscriber::{
    EnvFilter, Layer, filter::LevelFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt,
};

/// Days of log files kept.
const DAYS: usize = 14;

/// Keeps the log file being written; hold it until the program ends.
#[derive(Debug)]
pub struct Logs(#[expect(dead_code, reason = "dropping it writes what is left")] Option<WorkerGuard>);

/// Starts logging for the server. A person at a terminal sees warnings only; the file, or whoever collects standard
/// error, gets everything the filter lets through.
pub fn serve(config: &Config) -> anyhow::Result<Logs> {
    let least = if std::io::stderr().is_terminal() { LevelFilter::WARN } else { LevelFilter::TRACE };
    let console =
        fmt::layer().json().with_current_span(false).with_writer(std::io::stderr).with_filter(least);
    let (file, guard) = match appender(config)? {
        Some(appender) => {
            let (writer, guard) = tracing_appender::non_blocking(appender);
            (Some(fmt::layer().json().with_current_span(false).with_writer(writer)), Some(guard))
        }
        None => (None, None),
    };
    tracing_subscriber::registry().with(filter(&config.log_filter)?).with(console).with(file).init();
    Ok(Logs(guard))
}

/// Starts logging for a command: warnings as text, more where the filter was given.
pub fn command(config: &Config) -> anyhow::Result<()> {
    let given = config.values().iter().any(|value| value.key == "log.level" && value.value != value.default);
    // How long a statement took is for whoever runs a server; its text would bury what the command has to say.
    let filter = filter(if given { &config.log_filter } else { "warn,sqlx::query=error" })?;
    let console = fmt::layer()
        .compact()
        .without_time()
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    tracing_subscriber::registry().with(filter).with(console).init();
    Ok(())
}

fn filter(text: &str) -> anyhow::Result<EnvFilter> {
    EnvFilter::try_new(text).map_err(|error| {
        services::Error::invalid(
            "log.level",
            format!("로그 수준 {text}을(를) 읽을 수 없습니다. 예: info,services=debug"),
            format!("the log filter {text} cannot be read ({error}); for example: info,services=debug"),
        )
        .into()
    })
}

fn appender(config: &Config) -> anyhow::Result<Option<RollingFileAppender>> {
    let Some(path) = &config.log_file else { return Ok(None) };
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(dir).map_err(|error| unwritable(dir, &error))?;
    let name = path.file_stem().map_or_else(|| "tobit".into(), |name| name.to_string_lossy().into_owned());
    let end = path.extension().map_or_else(|| "log".into(), |end| end.to_string_lossy().into_owned());
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .max_log_files(DAYS)
        .filename_prefix(name)
        .filename_suffix(end)
        .build(dir)
        .map_err(|error| unwritable(dir, &error))?;
    Ok(Some(appender))
}

fn unwritable(dir: &Path, error: &dyn Display) -> ApiError {
    let dir = dir.display();
    ApiError::new(
        ErrorCode::Unavailable,
        format!("로그 폴더 {dir}에 쓸 수 없습니다: {error}"),
        format!("the folder of the log {dir} cannot be written: {error}"),
    )
    .with_hint(
        "쓸 수 있는 데이터 폴더를 --data-dir 로 지정하거나, 로그 파일을 TOBIT_LOG_FILE 로 바꾸세요 (off: 쓰지 않음)",
        "name a data directory that can be written with --data-dir, or another log file with TOBIT_LOG_FILE (off: none)",
    )
}
