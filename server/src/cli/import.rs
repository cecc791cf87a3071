//! `tobit import`: the files of a folder through a mapping, with progress.

use std::{cell::Cell, fs, io::Write, path::PathBuf, pin::pin, process::ExitCode};

use clap::Args;
use futures::StreamExt;
use model::{
    ApiError, ErrorCode, ImportId, Lang, Localized,
    imports::{ImportState, ImportStatus},
};
use services::{Caller, app::Shared, config::Config, imports};

use tokio::signal::{self, unix};

use super::{caller, say, with_app};
use crate::database::system_lang;

/// What to bring in.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Folder of the files.
    folder: PathBuf,
    /// Mapping: which column is what, as YAML.
    #[arg(long, value_name = "FILE")]
    mapping: PathBuf,
    /// Writes every rejected row here, as CSV.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
}

/// Imports. The exit code is 0 when it is done, also with rejected rows, and 1 when nothing went in.
pub async fn run(config: Config, tenant: Option<&str>, args: ImportArgs) -> anyhow::Result<ExitCode> {
    let yaml = fs::read_to_string(&args.mapping).map_err(|error| {
        say::unread(&args.mapping, &error).with_hint(
            "--mapping 에 파일의 경로를 지정하세요. examples/mappings 에 예가 있습니다",
            "name the path of the file with --mapping; there are examples in examples/mappings",
        )
    })?;
    // Before anything is brought in: a file that cannot be written is no reason to do it twice.
    let rejects = match args.rejects {
        Some(path) => Some(fs::File::create(&path).map_err(|error| say::unwritten(&path, &error))?),
        None => None,
    };
    with_app(config, async |app| {
        let lang = system_lang();
        let caller = caller(&app, tenant, lang).await?;
        let mapping = imports::parse_mapping(&app, &caller, &yaml).await?;
        let at_work = Cell::new(None);
        let work = Box::pin(imports::run_folder(&app, &caller, &args.folder, mapping, |status| {
            at_work.set(Some(status.id));
            show(status, lang, false);
        }));
        let status = cancellable(&app, &caller, &at_work, work).await?;
        finish(&app, &caller, &status, rejects).await
    })
    .await
}

/// Runs an import to its end. The first Ctrl-C or SIGTERM cancels it properly; a second one does not wait for that.
pub async fn cancellable<T>(
    app: &Shared,
    caller: &Caller,
    at_work: &Cell<Option<ImportId>>,
    work: impl Future<Output = Result<T, services::Error>>,
) -> anyhow::Result<T> {
    let mut work = pin!(work);
    let mut terminate = unix::signal(unix::SignalKind::terminate())?;
    let mut asked = pin!(async {
        tokio::select! {
            _ = signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
    });
    tokio::select! {
        done = &mut work => return Ok(done?),
        () = &mut asked => {}
    }
    let Some(id) = at_work.get() else { return Err(stopped()) };
    say::progress(&Localized::new("취소하고 있습니다", "cancelling"));
    let ended = async {
        // an import that ended in the meantime has nothing to cancel; how it ended is told by itself
        let (done, _) = tokio::join!(&mut work, imports::cancel(app, caller, id));
        done
    };
    tokio::select! {
        done = ended => Ok(done?),
        _ = signal::ctrl_c() => Err(stopped()),
    }
}

fn stopped() -> anyhow::Error {
    ApiError::new(ErrorCode::Invalid, "중단했습니다. 반영된 것은 없습니다", "stopped; nothing of it is in")
        .into()
}

/// Shows the end of an import, its first rejected rows, and writes all of them where asked for.
pub async fn finish(
    app: &Shared,
    caller: &Caller,
    status: &ImportStatus,
    rejects: Option<fs::File>,
) -> anyhow::Result<ExitCode> {
    show(status, caller.lang, true);
    if let Some(message) = &status.message {
        let _ = writeln!(std::io::stderr().lock(), "{}", message.get(caller.lang));
    }
    for reject in status.rejects.iter().take(10) {
        let (file, line, field) = (&reject.file, reject.line, &reject.field);
        let _ = writeln!(
            std::io::stderr().lock(),
            "  {file}:{line} {field}: {} ({})",
            reject.text.get(caller.lang),
            reject.value
        );
    }
    let more = status.counts.rejected.saturating_sub(10);
    if more > 0 {
        let text = match caller.lang {
            Lang::Ko => format!("  … 외 {more}건 (--rejects FILE 로 모두 저장)"),
            Lang::En => format!("  … and {more} more (--rejects FILE writes all of them)"),
        };
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
    if let Some(mut file) = rejects {
        let mut rows = imports::rejects_csv(app, caller, status.id).await?;
        while let Some(part) = rows.next().await {
            file.write_all(&part?)?;
        }
    }
    Ok(if matches!(status.state, ImportState::Done | ImportState::Undone) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Shows how an import goes, or how it ended.
pub fn show(status: &ImportStatus, lang: Lang, last: bool) {
    let c = &status.counts;
    let state = match (status.state, lang) {
        (ImportState::Running, _) => format!("{:3.0}% {}", status.progress * 100.0, status.file),
        (ImportState::Done, Lang::Ko) => "완료".into(),
        (ImportState::Done, Lang::En) => "done".into(),
        (ImportState::Undone, Lang::Ko) => "제거함".into(),
        (ImportState::Undone, Lang::En) => "taken out".into(),
        (ImportState::Cancelled, Lang::Ko) => "취소함".into(),
        (ImportState::Cancelled, Lang::En) => "cancelled".into(),
        (_, Lang::Ko) => "반영되지 않음".into(),
        (_, Lang::En) => "nothing went in".into(),
    };
    let text = match (status.state, lang) {
        (ImportState::Undone, Lang::Ko) => format!(
            "{state} · 항목 {} · 관계 {} · 기록 {} · 측정값 {}",
            c.items_new, c.relations_new, c.records_new, c.samples_new
        ),
        (ImportState::Undone, Lang::En) => format!(
            "{state} · items {} · relations {} · records {} · samples {}",
            c.items_new, c.relations_new, c.records_new, c.samples_new
        ),
        (_, Lang::Ko) => format!(
            "{state} · 읽음 {} · 반영 {} · 거부 {} · 새 항목 {} (변경 {}, 그대로 {}) · 새 관계 {} · 새 기록 {} · 새 측정값 {}",
            c.read,
            c.accepted,
            c.rejected,
            c.items_new,
            c.items_changed,
            c.items_same,
            c.relations_new,
            c.records_new,
            c.samples_new
        ),
        (_, Lang::En) => format!(
            "{state} · read {} · taken {} · rejected {} · items new {} (changed {}, same {}) · relations new {} · records new {} · samples new {}",
            c.read,
            c.accepted,
            c.rejected,
            c.items_new,
            c.items_changed,
            c.items_same,
            c.relations_new,
            c.records_new,
            c.samples_new
        ),
    };
    say::over(&text, last);
}
