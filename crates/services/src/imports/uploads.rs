//! Files waiting for an import: kept in the data directory under generated names, never under the ones they came with.

use std::{collections::HashSet, fmt::Display, path::PathBuf, sync::Arc};

use futures::{Stream, StreamExt};
use ingest::{Files, Known};
use model::{
    ApiError, ErrorCode, UploadId,
    imports::{FileMapping, FoundRelation, FoundRelations, Rows, UploadedFile},
    perm::EstateImport,
};
use tokio::io::AsyncWriteExt;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::{
    files::OnDisk,
    store::{self, Preview, Upload},
};
use crate::{
    access::Caller,
    app::App,
    cmdb,
    error::{Error, Result},
    relations,
};

/// Most files a person may have waiting.
const MOST_FILES: u64 = 200;
/// How many of the largest files a person may have waiting, in bytes.
const QUOTA: u64 = 4;
/// Relation types listed; a person who has more has named another column.
const MOST_TYPES: usize = 500;
/// Rows of the first look.
const SAMPLE: usize = 20;
/// Longest code or identifier in bytes that is kept for recognising it.
const LONGEST_CODE: usize = 500;
/// Codes and identifiers kept of a file that describes items.
const MOST_CODES: usize = 20_000;

/// Stores an uploaded file and says what it seems to be. A file of the same name takes the place of the older one.
pub async fn store_upload<S, B, E>(
    app: &App,
    caller: &Caller,
    name: &str,
    mut bytes: S,
) -> Result<UploadedFile>
where
    S: Stream<Item = std::result::Result<B, E>> + Unpin,
    B: AsRef<[u8]>,
    E: Display,
{
    caller.grant::<EstateImport>()?;
    let name = tidy(name)?;
    let (files, used) = {
        let mut tx = app.db.tenant(caller).await?;
        store::upload_totals(&mut tx, caller.user).await?
    };
    let most = app.config.upload_max_bytes;
    if files >= MOST_FILES || used >= most.saturating_mul(QUOTA) {
        return Err(ApiError::new(
            ErrorCode::TooLarge,
            "기다리는 파일이 너무 많습니다",
            "too many files are waiting",
        )
        .with_hint(
            "가져온 파일이나 쓰지 않는 파일을 지우세요",
            "remove files that are imported or not needed",
        )
        .into());
    }
    let id = UploadId(Uuid::now_v7());
    let folder = folder(app, caller);
    tokio::fs::create_dir_all(&folder).await?;
    let path = folder.join(id.to_string());
    // what is not finished is not kept
    let mut partial = Partial(Some(path.clone()));
    let size = receive(&path, &mut bytes, most).await?;
    let upload = look(id, name, path, size).await?;
    let mut tx = app.db.tenant(caller).await?;
    let old = store::add_upload(&mut tx, caller.user, &upload).await?;
    tx.commit().await?;
    partial.0 = None;
    if let Some(old) = old {
        remove_file(app, caller, old).await;
    }
    let all = uploads(app, caller).await?;
    all.into_iter().find(|file| file.id == id).ok_or_else(|| Error::Internal("an upload vanished".to_owned()))
}

/// The caller's files that are not imported yet, with what they seem to be.
pub async fn uploads(app: &App, caller: &Caller) -> Result<Vec<UploadedFile>> {
    caller.grant::<EstateImport>()?;
    let (uploads, known) = {
        let mut tx = app.db.tenant(caller).await?;
        let uploads = store::uploads(&mut tx, caller.user).await?;
        if uploads.is_empty() {
            return Ok(Vec::new());
        }
        let known = known(store::items_for_guessing(&mut tx).await?, &uploads);
        (uploads, known)
    };
    // guessing takes its time where there are many files or columns
    let described = tokio::task::spawn_blocking(move || {
        uploads.into_iter().map(|upload| describe(upload, &known)).collect()
    });
    described.await.map_err(|error| Error::Internal(format!("guessing what files hold ended: {error}")))
}

/// Every relation type in a column of an uploaded file, all of its rows read, with what is known or guessed about each:
/// which way failures travel. `column` is a path as in a mapping.
pub async fn relation_types(
    app: &App,
    caller: &Caller,
    id: UploadId,
    column: &str,
) -> Result<FoundRelations> {
    caller.grant::<EstateImport>()?;
    let files = files(app, caller, &[id]).await?;
    let (name, asked) = (files.names().into_iter().next().unwrap_or_default(), column.trim().to_owned());
    let counted = tokio::task::spawn_blocking(move || {
        if asked.starts_with('=') {
            let rows = ingest::preview(files.as_ref(), &name, "", 0).rows;
            let only = asked.trim_start_matches('=').trim().to_owned();
            return Ok(ingest::Counted { values: vec![(only, rows)], rows });
        }
        ingest::count_values(files.as_ref(), &name, "", &asked)
    });
    let counted =
        counted.await.map_err(|error| Error::Internal(format!("counting relation types ended: {error}")))?;
    let counted = counted.map_err(|text| Error::invalid("column", text.ko, text.en))?;
    let catalogue = cmdb::catalogue(app, caller).await?;
    let total = counted.values.len() as u64;
    let types = counted
        .values
        .into_iter()
        .take(MOST_TYPES)
        .map(|(key, count)| FoundRelation { guess: relations::guess(&catalogue, &key), key, count })
        .collect();
    Ok(FoundRelations { types, total, rows: counted.rows })
}

/// Forgets an uploaded file.
pub async fn remove_upload(app: &App, caller: &Caller, id: UploadId) -> Result<()> {
    caller.grant::<EstateImport>()?;
    let mut tx = app.db.tenant(caller).await?;
    if !store::remove_upload(&mut tx, caller.user, id).await? {
        return Err(gone());
    }
    tx.commit().await?;
    remove_file(app, caller, id).await;
    Ok(())
}

/// Files of the caller by the names they came with.
pub(super) async fn files(app: &App, caller: &Caller, ids: &[UploadId]) -> Result<Arc<OnDisk>> {
    let mut tx = app.db.tenant(caller).await?;
    let uploads = store::uploads(&mut tx, caller.user).await?;
    let mut files = OnDisk::default();
    for id in ids {
        let upload = uploads.iter().find(|upload| upload.id == *id).ok_or_else(gone)?;
        files.add(&upload.name, folder(app, caller).join(id.to_string()), upload.bytes);
    }
    Ok(Arc::new(files))
}

fn folder(app: &App, caller: &Caller) -> PathBuf {
    app.config.data_dir.join("uploads").join(caller.tenant.to_string()).join(caller.user.to_string())
}

async fn remove_file(app: &App, caller: &Caller, id: UploadId) {
    let path = folder(app, caller).join(id.to_string());
    if let Err(error) = tokio::fs::remove_file(&path).await {
        tracing::warn!(path = %path.display(), error = %error, "an uploaded file could not be removed");
    }
}

/// Writes a stream to a file; gives its size.
async fn receive<S, B, E>(path: &PathBuf, bytes: &mut S, most: u64) -> Result<u64>
where
    S: Stream<Item = std::result::Result<B, E>> + Unpin,
    B: AsRef<[u8]>,
    E: Display,
{
    let mut file = tokio::fs::File::create_new(path).await?;
    let mut size = 0_u64;
    while let Some(part) = bytes.next().await {
        let part = part.map_err(|error| {
            tracing::info!(error = %error, "an upload broke off");
            ApiError::new(ErrorCode::Invalid, "업로드가 중간에 끊겼습니다", "the upload broke off")
                .with_hint("다시 올려 주세요", "upload the file again")
        })?;
        size += part.as_ref().len() as u64;
        if size > most {
            let mib = most >> 20;
            return Err(ApiError::new(
                ErrorCode::TooLarge,
                format!("파일이 {mib} MiB보다 큽니다"),
                format!("the file is larger than {mib} MiB"),
            )
            .with_hint(
                "gz로 압축하거나 나누어 올리거나, 서버에서 tobit import로 가져오세요",
                "compress it with gz, split it, or use tobit import on the server",
            )
            .into());
        }
        file.write_all(part.as_ref()).await?;
    }
    file.flush().await?;
    Ok(size)
}

/// Looks at the first part of a file: its columns, first rows and, where it describes items, their codes.
async fn look(id: UploadId, name: String, path: PathBuf, bytes: u64) -> Result<Upload> {
    let read = tokio::task::spawn_blocking(move || {
        let mut files = OnDisk::default();
        files.add(&name, path, bytes);
        let first = ingest::preview(&files, &name, "", SAMPLE);
        let guess = ingest::guess(&name, &first.columns, &first.sample, &Known::default()).0;
        let (codes, ids) = codes(&files, &name, &guess);
        let preview = Preview {
            columns: first.columns,
            sample: first.sample.into_iter().map(|row| row.into_iter().map(short).collect()).collect(),
            rows: first.rows,
            estimated: first.estimated,
            problem: first.problem,
        };
        Upload { id, name, bytes, preview, codes, ids }
    });
    read.await.map_err(|error| Error::Internal(format!("the first look at a file ended: {error}")))
}

/// Codes and identifiers of the items a file describes.
fn codes(files: &OnDisk, name: &str, guess: &FileMapping) -> (Vec<String>, Vec<String>) {
    let Rows::Items(rows) = &guess.rows else { return (Vec::new(), Vec::new()) };
    let found = ingest::values(files, name, "", &[rows.code.as_str(), rows.id.as_str()], MOST_CODES);
    let mut tidied = found.into_iter().map(|values| {
        let values = values.into_iter().map(|value| value.trim().to_owned());
        values.filter(|v| !v.is_empty() && v.len() <= LONGEST_CODE && !v.contains('\0')).collect()
    });
    (tidied.next().unwrap_or_default(), tidied.next().unwrap_or_default())
}

/// A cell as it is shown: whole words of JSON are needed for the guess, whole books are not.
fn short(cell: String) -> String {
    let cell = cell.replace('\0', "␀");
    if cell.chars().count() > 2_000 { cell.chars().take(2_000).chain(['…']).collect() } else { cell }
}

fn known(items: Vec<(String, Option<String>, String, String)>, uploads: &[Upload]) -> Known {
    let mut known = Known::default();
    for (code, id, name, kind) in items {
        known.ids.extend(id);
        known.codes.insert(code);
        known.names.insert(name);
        known.kinds.insert(kind);
    }
    for upload in uploads {
        known.codes.extend(upload.codes.iter().cloned());
        known.ids.extend(upload.ids.iter().cloned());
    }
    known
}

fn describe(upload: Upload, known: &Known) -> UploadedFile {
    let Upload { id, name, bytes, preview, codes, ids } = upload;
    let readable = !preview.columns.is_empty();
    // a file that describes items is not explained by its own codes
    let own: HashSet<&String> = codes.iter().chain(&ids).collect();
    let others = if own.is_empty() {
        None
    } else {
        let keep = |set: &HashSet<String>| set.iter().filter(|code| !own.contains(code)).cloned().collect();
        Some(Known {
            codes: keep(&known.codes),
            ids: keep(&known.ids),
            names: known.names.clone(),
            kinds: known.kinds.clone(),
        })
    };
    let (guess, guesses) = if readable {
        let (guess, guesses) =
            ingest::guess(&name, &preview.columns, &preview.sample, others.as_ref().unwrap_or(known));
        (Some(guess), guesses)
    } else {
        (None, Vec::new())
    };
    UploadedFile {
        id,
        name,
        bytes,
        rows: preview.rows,
        estimated: preview.estimated,
        columns: preview.columns,
        sample: preview.sample,
        guess,
        guesses,
        problem: preview.problem,
    }
}

/// The last part of a name, without what no file name should have.
fn tidy(name: &str) -> Result<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    // letters that turn the direction of reading make a name look like another
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let name: String = last.nfc().filter(|c| !c.is_control() && !turns(*c)).collect();
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 200 {
        return Err(Error::invalid(
            "name",
            "파일 이름은 1자 이상 200자 이하여야 합니다",
            "the name of a file has between 1 and 200 letters",
        ));
    }
    Ok(name.to_owned())
}

fn gone() -> Error {
    Error::not_found(
        "올린 파일을 찾을 수 없습니다. 다시 올려 주세요",
        "the uploaded file is gone; upload it again",
    )
}

/// Removes a file that was not finished.
struct Partial(Option<PathBuf>);

impl Drop for Partial {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // nothing more can be done where it fails; the name is never used again
            let _ = std::fs::remove_file(path);
        }
    }
}
