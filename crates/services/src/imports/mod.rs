//! Imports: bringing an estate in, taking it out again, demo data.
//!
//! Invariant: the data of an import, the word that it is done and its audit row commit in one transaction; a program that
//! dies leaves nothing half applied. Importing the same twice changes nothing. One import at a time writes into a tenant.

mod batch;
mod check;
mod demo;
mod files;
mod hub;
mod store;
mod uploads;
mod work;
mod writer;

use std::{path::Path, sync::Arc, time::Duration};

use chrono::Utc;
use futures::{Stream, StreamExt, stream};
use ingest::Problem;
use model::{
    ApiError, ErrorCode, FieldError, ImportId, Lang, Localized,
    imports::{ImportCheck, ImportState, ImportStatus, Mapping, StartImport},
    perm::EstateImport,
};
use serde_json::json;

pub use self::{
    demo::{load_demo, remove_demo, run_demo},
    hub::Hub,
    uploads::{relation_types, remove_upload, store_upload, uploads},
};
use self::{files::OnDisk, work::Source};
use crate::{
    access::Caller,
    app::{App, Shared},
    audit,
    cmdb::write,
    db::{SystemReason, TenantTx},
    error::{Error, Result},
};

/// Runs a mapping over the uploaded files without writing anything.
pub async fn check(app: &App, caller: &Caller, request: StartImport) -> Result<ImportCheck> {
    caller.grant::<EstateImport>()?;
    let files = uploads::files(app, caller, &request.uploads).await?;
    let mut tx = app.db.tenant(caller).await?;
    check::check(&mut tx, files, request.mapping).await
}

/// Begins to import uploaded files and returns at once; [`watch`] tells how it goes.
pub async fn start(app: &Shared, caller: &Caller, request: StartImport) -> Result<ImportId> {
    caller.grant::<EstateImport>()?;
    let files = uploads::files(app, caller, &request.uploads).await?;
    let (files, mapping) = fitting(files, request.mapping).await?;
    let name = name_of(&mapping, "");
    let source = reading(files, mapping.clone());
    begin_in_background(app, caller, &name, false, Some(&mapping), source).await
}

/// Imports a folder and returns when it is done; `progress` is called while it is at work. A failed import is an answer
/// (its `message` says why), not an error.
pub async fn run_folder(
    app: &Shared,
    caller: &Caller,
    folder: &Path,
    mapping: Mapping,
    progress: impl FnMut(&ImportStatus),
) -> Result<ImportStatus> {
    caller.grant::<EstateImport>()?;
    let root = folder.to_owned();
    let read = tokio::task::spawn_blocking(move || OnDisk::folder(&root)).await;
    let read = read.map_err(|error| Error::Internal(format!("looking into a folder ended: {error}")))?;
    let files = read.map_err(|error| {
        let folder = folder.display();
        ApiError::new(
            ErrorCode::Invalid,
            format!("폴더 {folder}을(를) 읽을 수 없습니다: {error}"),
            format!("the folder {folder} cannot be read: {error}"),
        )
    })?;
    let (files, mapping) = fitting(Arc::new(files), mapping).await?;
    let named = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let source = reading(files, mapping.clone());
    run_and_watch(app, caller, &name_of(&mapping, &named), false, Some(&mapping), source, progress).await
}

/// How an import stands, with its first rejected rows.
pub async fn status(app: &App, caller: &Caller, id: ImportId) -> Result<ImportStatus> {
    caller.grant::<EstateImport>()?;
    if let Some(job) = app.imports.find(caller.tenant, id) {
        return Ok(job.status());
    }
    let mut tx = app.db.tenant(caller).await?;
    store::status(&mut tx, id).await?.ok_or_else(gone)
}

/// The latest imports, newest first, without their rejected rows.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<ImportStatus>> {
    caller.grant::<EstateImport>()?;
    let mut tx = app.db.tenant(caller).await?;
    let mut all = store::list(&mut tx).await?;
    for status in &mut all {
        if let Some(job) = app.imports.find(caller.tenant, status.id) {
            *status = ImportStatus { rejects: Vec::new(), ..job.status() };
        }
    }
    Ok(all)
}

/// How an import stands now and whenever that changes, until it has ended: for `/api/sse/imports/{id}`. An import at work in
/// another process is looked up every second.
pub async fn watch(
    app: &Shared,
    caller: &Caller,
    id: ImportId,
) -> Result<stream::BoxStream<'static, ImportStatus>> {
    let now = status(app, caller, id).await?;
    if let Some(job) = app.imports.find(caller.tenant, id) {
        return Ok(job.listen().boxed());
    }
    if now.state != ImportState::Running {
        return Ok(stream::iter([now]).boxed());
    }
    Ok(poll(Arc::clone(app), caller.clone(), now).boxed())
}

fn poll(app: Shared, caller: Caller, first: ImportStatus) -> impl Stream<Item = ImportStatus> + Send {
    let id = first.id;
    stream::unfold((app, caller, Some(first), false), move |(app, caller, first, ended)| async move {
        if ended {
            return None;
        }
        let now = match first {
            Some(status) => status,
            None => {
                tokio::time::sleep(Duration::from_secs(1)).await;
                status(&app, &caller, id).await.ok()?
            }
        };
        let ended = now.state != ImportState::Running;
        Some((now, (app, caller, None, ended)))
    })
}

/// How long cancelling waits for an import to end; it goes on ending after that.
const ENDING: Duration = Duration::from_secs(10);

/// Stops an import at work: nothing of it is in afterwards, and it can be started again. It may be at work in another
/// process. Gives how it stands then: usually cancelled, done where it was quicker.
pub async fn cancel(app: &Shared, caller: &Caller, id: ImportId) -> Result<ImportStatus> {
    caller.grant::<EstateImport>()?;
    let now = status(app, caller, id).await?;
    let mut tx = app.db.tenant(caller).await?;
    if now.state != ImportState::Running || !store::ask_to_cancel(&mut tx, id, &caller.login).await? {
        return Err(ApiError::new(
            ErrorCode::Conflict,
            "이미 끝난 가져오기입니다",
            "the import has ended already",
        )
        .with_hint("완료된 가져오기는 되돌릴 수 있습니다", "one that is done can be undone")
        .into());
    }
    audit::record(tx.conn(), audit::Entry::by(caller, "imports.cancel", now.name.clone())).await?;
    tx.commit().await?;
    if let Some(job) = app.imports.find(caller.tenant, id) {
        job.cancel.cancel();
    } else {
        close_abandoned(app, caller, id).await?;
    }
    let mut told = watch(app, caller, id).await?;
    let ended = async { while told.next().await.is_some_and(|s| s.state == ImportState::Running) {} };
    // an end that takes longer is seen by whoever watches
    let _ = tokio::time::timeout(ENDING, ended).await;
    status(app, caller, id).await
}

/// Marks an import nobody is at work on any more.
async fn close_abandoned(app: &App, caller: &Caller, id: ImportId) -> Result<()> {
    let mut tx = app.db.tenant(caller).await?;
    if !store::lock(tx.conn(), caller.tenant).await? {
        return Ok(());
    }
    if let Some(mut status) = store::status(&mut tx, id).await?.filter(|s| s.state == ImportState::Running) {
        status.state = ImportState::Cancelled;
        status.message = Some(work::cancelled());
        status.finished_at = Some(Utc::now());
        store::save(&mut tx, &status).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Takes out what an import brought in.
pub async fn undo(app: &App, caller: &Caller, id: ImportId) -> Result<ImportStatus> {
    caller.grant::<EstateImport>()?;
    let mut tx = app.db.tenant(caller).await?;
    if !store::lock(tx.conn(), caller.tenant).await? {
        return Err(work::at_work());
    }
    let status = undo_in(&mut tx, caller, id).await?;
    write::finish(&mut tx).await?;
    tx.commit().await?;
    Ok(status)
}

/// Takes out what an import brought in, in a transaction that holds the lock.
async fn undo_in(tx: &mut TenantTx<'_>, caller: &Caller, id: ImportId) -> Result<ImportStatus> {
    let mut status = store::status(tx, id).await?.ok_or_else(gone)?;
    if status.state != ImportState::Done {
        return Err(ApiError::new(
            ErrorCode::Conflict,
            "완료된 가져오기만 되돌릴 수 있습니다",
            "only an import that is done can be undone",
        )
        .with_hint(
            "그 밖의 가져오기는 반영된 것이 없습니다. 진행 중이면 취소하세요",
            "nothing of any other is in; cancel it while it is at work",
        )
        .into());
    }
    write::begin(tx).await?;
    let gone = write::delete_import(tx, id).await?;
    status.state = ImportState::Undone;
    status.finished_at = Some(Utc::now());
    status.message = (gone.items_kept > 0).then(|| {
        let kept = gone.items_kept;
        Localized::new(
            format!("구성 항목 {kept}건은 다른 가져오기의 데이터가 쓰고 있어 남겼습니다"),
            format!("{kept} configuration items stay, because data of other imports is about them"),
        )
    });
    store::save(tx, &status).await?;
    let entry = audit::Entry::by(caller, "imports.undo", status.name.clone()).before(json!({
        "import": id, "items": gone.items, "relations": gone.relations, "records": gone.records, "samples": gone.samples,
    }));
    audit::record(tx.conn(), entry).await?;
    Ok(status)
}

/// Marks imports that died with their server; nothing of them is in. Called at start, and again now and then where several
/// servers share a database.
pub async fn recover(app: &App) -> Result<u64> {
    let mut tx = app.db.system(SystemReason::Recover).await?;
    let message = Localized::new(
        "가져오는 중에 프로그램이 종료되었습니다. 반영된 것은 없습니다. 다시 가져오세요",
        "the program ended while it was at work; nothing of it is in, import it again",
    );
    let mut found = 0;
    for tenant in store::running(&mut tx).await? {
        // whoever holds the lock is alive
        if store::lock(tx.conn(), tenant).await? {
            found += store::interrupt(&mut tx, tenant, &message).await?;
        }
    }
    tx.commit().await?;
    if found > 0 {
        tracing::warn!(imports = found, "imports that died with their server were marked");
    }
    Ok(found)
}

/// The rejected rows of an import as CSV, in the caller's language, part by part. Cells a spreadsheet would take for a
/// formula are quoted.
pub async fn rejects_csv(
    app: &Shared,
    caller: &Caller,
    id: ImportId,
) -> Result<stream::BoxStream<'static, Result<Vec<u8>>>> {
    status(app, caller, id).await?;
    let head = match caller.lang {
        Lang::Ko => "파일,행,필드,값,사유,설명\r\n",
        Lang::En => "file,line,field,value,reason,text\r\n",
    };
    // spreadsheets read Korean right only behind a byte order mark
    let head = stream::iter([Ok(format!("\u{feff}{head}").into_bytes())]);
    let rows =
        stream::try_unfold((Arc::clone(app), caller.clone(), -1), move |(app, caller, after)| async move {
            let page = {
                let mut tx = app.db.tenant(&caller).await?;
                store::rejects(&mut tx, id, after, 2_000).await?
            };
            let Some((last, _)) = page.last() else { return Ok(None) };
            let last = *last;
            let mut text = String::new();
            for (_, reject) in &page {
                let line = reject.line.to_string();
                let cells = [
                    reject.file.as_str(),
                    line.as_str(),
                    reject.field.as_str(),
                    reject.value.as_str(),
                    reject.reason.as_str(),
                    reject.text.get(caller.lang),
                ];
                text.push_str(&cells.map(cell).join(","));
                text.push_str("\r\n");
            }
            Ok::<_, Error>(Some((text.into_bytes(), (app, caller, last))))
        });
    Ok(head.chain(rows).boxed())
}

/// A cell of CSV that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if formula || text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// A mapping as the YAML the command line reads.
pub async fn mapping_yaml(_app: &App, caller: &Caller, mapping: Mapping) -> Result<String> {
    caller.grant::<EstateImport>()?;
    ingest::to_yaml(&mapping).map_err(|problem| wrong_mapping(&[problem]))
}

/// Reads a mapping from YAML; every problem names its place.
pub async fn parse_mapping(_app: &App, caller: &Caller, yaml: &str) -> Result<Mapping> {
    caller.grant::<EstateImport>()?;
    ingest::parse(yaml).map_err(|problems| wrong_mapping(&problems))
}

/// Starts an import and leaves it to itself.
async fn begin_in_background(
    app: &Shared,
    caller: &Caller,
    name: &str,
    demo: bool,
    mapping: Option<&Mapping>,
    source: Source,
) -> Result<ImportId> {
    let (told, begun) = tokio::sync::oneshot::channel();
    let (shared, caller, name) = (Arc::clone(app), caller.clone(), name.to_owned());
    let mapping = mapping.cloned();
    app.imports.spawn(async move {
        match work::begin(&shared, &caller, &name, demo, mapping.as_ref()).await {
            Ok(begun) => {
                // whoever asked may have gone; the import goes on
                let _ = told.send(Ok(begun.job.status().id));
                Box::pin(work::run(&shared, &caller, begun, source)).await;
            }
            Err(error) => {
                let _ = told.send(Err(error));
            }
        }
    });
    begun.await.map_err(|_| Error::Internal("an import ended before it began".to_owned()))?
}

/// Runs an import to its end and tells how it goes.
async fn run_and_watch(
    app: &Shared,
    caller: &Caller,
    name: &str,
    demo: bool,
    mapping: Option<&Mapping>,
    source: Source,
    mut progress: impl FnMut(&ImportStatus),
) -> Result<ImportStatus> {
    let begun = work::begin(app, caller, name, demo, mapping).await?;
    let mut told = Box::pin(begun.job.listen());
    let mut work = Box::pin(work::run(app, caller, begun, source));
    loop {
        tokio::select! {
            done = &mut work => {
                progress(&done);
                return Ok(done);
            }
            Some(status) = told.next() => progress(&status),
        }
    }
}

/// Files through a mapping.
fn reading(files: Arc<OnDisk>, mapping: Mapping) -> Source {
    Box::new(move |known, sender| ingest::run(&mapping, files.as_ref(), known, sender))
}

/// Refuses a mapping that does not fit the files before anything begins.
async fn fitting(files: Arc<OnDisk>, mapping: Mapping) -> Result<(Arc<OnDisk>, Mapping)> {
    let looked = tokio::task::spawn_blocking(move || {
        let problems = ingest::fit(&mapping, files.as_ref());
        (files, mapping, problems)
    });
    let (files, mapping, problems) =
        looked.await.map_err(|error| Error::Internal(format!("looking at files ended: {error}")))?;
    if problems.is_empty() { Ok((files, mapping)) } else { Err(wrong_mapping(&problems)) }
}

/// The name an import is listed under; `demo` is that of the demo data alone.
fn name_of(mapping: &Mapping, folder: &str) -> String {
    let given = [mapping.name.as_str(), folder].into_iter().map(str::trim).find(|name| !name.is_empty());
    match given {
        Some("demo") => "demo import".to_owned(),
        Some(name) => name.chars().take(200).collect(),
        None => "import".to_owned(),
    }
}

fn wrong_mapping(problems: &[Problem]) -> Error {
    let n = problems.len();
    let mut error = ApiError::new(
        ErrorCode::Invalid,
        format!("매핑에 고칠 곳이 {n}군데 있습니다"),
        format!("the mapping has {n} places to mend"),
    );
    error.fields =
        problems.iter().map(|p| FieldError { path: p.path.clone(), reason: p.text.clone() }).collect();
    error.into()
}

fn gone() -> Error {
    Error::not_found("가져오기를 찾을 수 없습니다", "there is no such import")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_a_spreadsheet_would_run_are_quoted() {
        for (text, expect) in [
            ("=1+1", "\"'=1+1\""),
            ("-2", "\"'-2\""),
            ("@x", "\"'@x\""),
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            ("plain", "plain"),
        ] {
            assert_eq!(cell(text), expect);
        }
    }
}
