//! The command line. Every command works on the same services as the server; those that need the database use that of a
//! running server where there is one.

mod ask;
mod demo;
mod doctor;
mod import;
mod korean;
pub mod say;
pub mod value;

use std::{
    collections::BTreeMap,
    io::{IsTerminal, Read},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use model::{Lang, Localized};
use services::{
    Caller,
    access::Trace,
    app::{Shared, db_options},
    auth,
    config::{Config, Flags},
    db::Db,
    secret::Keys,
};

use crate::{database::Database, http::trace::random_hex, logs, rest, serve};

/// Answers questions about what you run, with evidence.
#[derive(Debug, Parser)]
#[command(name = "tobit", version, about, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Flags of every command. Each has an environment variable too; `tobit doctor` shows the values in force.
#[derive(Debug, Args)]
struct Common {
    /// Data directory (TOBIT_DATA_DIR).
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<String>,
    /// Log filter, as `info,services=debug` (TOBIT_LOG).
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
    /// Organisation to work in; may be left out where there is only one.
    #[arg(long, global = true, value_name = "NAME")]
    tenant: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the web server (the default).
    Serve(ServeArgs),
    /// Makes roles and tables, and ends.
    Migrate,
    /// Administrators.
    #[command(subcommand)]
    Admin(Admin),
    /// Brings in the files of a folder through a mapping.
    Import(import::ImportArgs),
    /// Demo data.
    #[command(subcommand)]
    Demo(demo::Demo),
    /// Answers a question.
    Ask(ask::AskArgs),
    /// Runs a file of questions with known answers and prints how many are right.
    Eval(crate::eval::EvalArgs),
    /// Prints the description of the REST API.
    Openapi,
    /// Looks whether everything needed is there, and prints the settings in force.
    Doctor,
}

#[derive(Debug, Default, Args)]
struct ServeArgs {
    /// Address and port to listen on (TOBIT_ADDR).
    #[arg(long, value_name = "ADDR:PORT")]
    addr: Option<String>,
    /// Folder of the built user interface (TOBIT_DIST).
    #[arg(long, value_name = "DIR")]
    dist: Option<String>,
    /// Answers requests only; background work is done by other replicas.
    #[arg(long)]
    no_workers: bool,
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// Makes an administrator; the password comes from standard input.
    Create {
        /// Login name or e-mail address.
        login: String,
        /// Name shown; the login name when left out.
        #[arg(long)]
        name: Option<String>,
        /// Organisation; made when it does not exist.
        #[arg(long)]
        organisation: String,
        /// File that holds the password, instead of standard input.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
}

/// Reads the arguments of the process, in the language of the system. Help that was asked for, or what is wrong, is
/// printed, and the exit code is given.
pub fn read() -> Result<Cli, ExitCode> {
    if !value::is_korean() {
        return Cli::try_parse().map_err(|error| told(&error, None));
    }
    let mut args: Vec<_> = std::env::args_os().collect();
    // `tobit help import` is `tobit import --help`.
    if args.get(1).is_some_and(|arg| arg == "help") {
        args.remove(1);
        args.push("--help".into());
    }
    let mut command = korean::translated(Cli::command());
    let read = command.try_get_matches_from_mut(args).and_then(|found| Cli::from_arg_matches(&found));
    read.map_err(|error| {
        let error = error.format(&mut command);
        told(&error, korean::wrong(&error))
    })
}

fn told(error: &clap::Error, text: Option<String>) -> ExitCode {
    match text {
        Some(text) => drop(std::io::Write::write_all(&mut std::io::stderr().lock(), text.as_bytes())),
        // A reader that has gone away is no failure.
        None => drop(error.print()),
    }
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// Runs a command.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let command = cli.command.unwrap_or_else(|| Command::Serve(ServeArgs::default()));
    let mut flags: Flags = BTreeMap::new();
    let mut flag = |key: &'static str, value: &Option<String>| {
        if let Some(value) = value {
            flags.insert(key, value.clone());
        }
    };
    flag("data.dir", &cli.common.data_dir);
    flag("log.level", &cli.common.log);
    if let Command::Serve(args) = &command {
        flag("server.addr", &args.addr);
        flag("server.dist", &args.dist);
    }
    let config = Config::from_process(&flags)?;
    if let Command::Serve(args) = command {
        let logs = logs::serve(&config)?;
        serve::run(config, !args.no_workers).await?;
        drop(logs);
        return Ok(ExitCode::SUCCESS);
    }
    logs::command(&config)?;
    let tenant = cli.common.tenant.as_deref();
    match command {
        Command::Serve(_) => {}
        Command::Migrate => migrate(config).await?,
        Command::Admin(Admin::Create { login, name, organisation, password_file }) => {
            let name = name.unwrap_or_else(|| login.clone());
            create_admin(config, &login, &name, &organisation, password_file).await?;
        }
        Command::Import(args) => return Box::pin(import::run(config, tenant, args)).await,
        Command::Demo(args) => return Box::pin(demo::run(config, tenant, args)).await,
        Command::Ask(args) => return ask::run(config, tenant, args).await,
        Command::Eval(args) => return crate::eval::run(config, tenant, args).await,
        Command::Openapi => say::line(serde_json::to_string_pretty(&rest::openapi()?)?),
        Command::Doctor => return doctor::run(config).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn migrate(config: Config) -> anyhow::Result<()> {
    let database = Database::for_command(&config).await?;
    let keys = Keys::load(&config)?;
    Db::migrate(&db_options(&config, &keys, database.embedded_url())?).await?;
    say::progress(&Localized::new("데이터베이스가 준비되었습니다", "the database is ready"));
    database.stop().await;
    Ok(())
}

async fn create_admin(
    config: Config,
    login: &str,
    name: &str,
    organisation: &str,
    file: Option<PathBuf>,
) -> anyhow::Result<()> {
    let password = password(file)?;
    with_app(config, async |app| {
        let me = auth::create_admin(&app, login, name, &password, organisation).await?;
        say::progress(&Localized::new(
            format!("{} 관리자를 {}에 만들었습니다", me.login, me.tenant_name),
            format!("made {} an administrator of {}", me.login, me.tenant_name),
        ));
        Ok(())
    })
    .await
}

fn password(file: Option<PathBuf>) -> anyhow::Result<String> {
    let text = match file {
        Some(path) => std::fs::read_to_string(&path).map_err(|error| say::unread(&path, &error))?,
        None => {
            if std::io::stdin().is_terminal() {
                say::progress(&Localized::new(
                    "비밀번호를 입력하고 Enter 를 누르세요",
                    "type the password and press Enter",
                ));
                let mut line = String::new();
                std::io::stdin().read_line(&mut line)?;
                line
            } else {
                let mut text = String::new();
                std::io::stdin().take(64 << 10).read_to_string(&mut text)?;
                text
            }
        }
    };
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Runs something on the program over the database, and stops what was started for it, whatever became of it.
pub async fn with_app<T>(
    config: Config,
    work: impl AsyncFnOnce(Shared) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let database = Database::for_command(&config).await?;
    let result = async {
        let app = database.open(config).await?;
        let result = work(Shared::clone(&app)).await;
        app.db.close().await;
        result
    }
    .await;
    database.stop().await;
    result
}

/// The command line as a caller: an administrator of the organisation.
pub async fn caller(app: &Shared, tenant: Option<&str>, lang: Lang) -> anyhow::Result<Caller> {
    let trace = Trace { id: random_hex::<16>(), parent: None };
    Ok(auth::cli_caller(app, tenant, lang, trace).await?)
}
