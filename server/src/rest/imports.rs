//! Imports: files, checks, runs, rejected rows.

use axum::{
    body::Body as Bytes,
    extract::{
        Multipart, State,
        multipart::{MultipartError, MultipartRejection},
    },
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use model::{
    ApiError, Envelope, ErrorCode, ImportId, UploadId,
    imports::{FoundRelations, ImportCheck, ImportStatus, StartImport, UploadedFile},
};
use serde::Deserialize;
use services::{app::Shared, imports};
use utoipa::{IntoParams, ToSchema};

use crate::http::{
    envelope::{Answer, Failure, Nothing, Reply},
    extract::{Args, Body, Part, Signed},
};

/// A file to import.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described for OpenAPI only")]
pub struct FileForm {
    /// CSV, JSON or NDJSON, plain or compressed with gzip.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Uploads a file for an import; the answer tells what was found in it.
#[utoipa::path(
    post, path = "/api/v1/imports/files", tag = "imports",
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, body = Envelope<UploadedFile>),
        (status = 413, description = "The file is larger than allowed", body = Envelope<ApiError>),
    )
)]
pub async fn upload(
    State(app): State<Shared>,
    Signed(caller): Signed,
    form: Result<Multipart, MultipartRejection>,
) -> Answer<UploadedFile> {
    let mut form = form.map_err(|rejection| unreadable(&rejection.body_text()))?;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let Some(name) = field.file_name().map(str::to_owned) else { continue };
        return Ok(Reply(imports::store_upload(&app, &caller, &name, Box::pin(field)).await?));
    }
    Err(ApiError::new(ErrorCode::Invalid, "파일이 없습니다", "there is no file")
        .with_field(
            "file",
            "multipart 필드 file 에 파일을 담으세요",
            "put a file into the multipart field file",
        )
        .into())
}

fn broken(error: MultipartError) -> Failure {
    unreadable(&error.body_text())
}

fn unreadable(why: &str) -> Failure {
    ApiError::new(ErrorCode::Invalid, "파일을 받지 못했습니다", "the file could not be received")
        .with_hint(
            format!("multipart/form-data 로 보내세요 ({why})"),
            format!("send multipart/form-data ({why})"),
        )
        .into()
}

/// The caller's uploaded files that are not imported yet, with guesses.
#[utoipa::path(
    get, path = "/api/v1/imports/files", tag = "imports", responses((status = 200, body = Envelope<Vec<UploadedFile>>))
)]
pub async fn list_files(State(app): State<Shared>, Signed(caller): Signed) -> Answer<Vec<UploadedFile>> {
    Ok(Reply(imports::uploads(&app, &caller).await?))
}

/// The column that names relation types.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TypeColumn {
    /// A column, or a path as in a mapping.
    column: String,
}

/// Every relation type in a column of an uploaded file, all of its rows read: how many rows, which way failures travel.
#[utoipa::path(
    get, path = "/api/v1/imports/files/{id}/relation-types", tag = "imports",
    params(("id" = UploadId, Path, description = "The file"), TypeColumn),
    responses(
        (status = 200, body = Envelope<FoundRelations>),
        (status = 400, description = "There is no such column", body = Envelope<ApiError>),
        (status = 404, body = Envelope<ApiError>),
    )
)]
pub async fn relation_types(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<UploadId>,
    Args(asked): Args<TypeColumn>,
) -> Answer<FoundRelations> {
    Ok(Reply(imports::relation_types(&app, &caller, id, &asked.column).await?))
}

/// Forgets an uploaded file.
#[utoipa::path(
    delete, path = "/api/v1/imports/files/{id}", tag = "imports", params(("id" = UploadId, Path, description = "The file")),
    responses((status = 200, body = Envelope<Nothing>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn remove_file(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<UploadId>,
) -> Answer<Nothing> {
    imports::remove_upload(&app, &caller, id).await?;
    Ok(Reply(Nothing {}))
}

/// Runs a mapping over uploaded files without writing anything.
#[utoipa::path(
    post, path = "/api/v1/imports/check", tag = "imports", request_body = StartImport,
    responses((status = 200, body = Envelope<ImportCheck>), (status = 400, body = Envelope<ApiError>))
)]
pub async fn check(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Body(request): Body<StartImport>,
) -> Answer<ImportCheck> {
    Ok(Reply(imports::check(&app, &caller, request).await?))
}

/// Begins to import uploaded files; how it goes is at `/api/sse/imports/{id}`.
#[utoipa::path(
    post, path = "/api/v1/imports", tag = "imports", request_body = StartImport,
    responses((status = 200, body = Envelope<ImportId>), (status = 400, body = Envelope<ApiError>), (status = 409, body = Envelope<ApiError>))
)]
pub async fn start(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Body(request): Body<StartImport>,
) -> Answer<ImportId> {
    Ok(Reply(imports::start(&app, &caller, request).await?))
}

/// The latest imports, newest first, without their rejected rows.
#[utoipa::path(
    get, path = "/api/v1/imports", tag = "imports", responses((status = 200, body = Envelope<Vec<ImportStatus>>))
)]
pub async fn list_imports(State(app): State<Shared>, Signed(caller): Signed) -> Answer<Vec<ImportStatus>> {
    Ok(Reply(imports::list(&app, &caller).await?))
}

/// How an import stands.
#[utoipa::path(
    get, path = "/api/v1/imports/{id}", tag = "imports", params(("id" = ImportId, Path, description = "The import")),
    responses((status = 200, body = Envelope<ImportStatus>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn get_import(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<ImportId>,
) -> Answer<ImportStatus> {
    Ok(Reply(imports::status(&app, &caller, id).await?))
}

/// Stops an import at work; nothing of it is in afterwards.
#[utoipa::path(
    post, path = "/api/v1/imports/{id}/cancel", tag = "imports", params(("id" = ImportId, Path, description = "The import")),
    responses(
        (status = 200, body = Envelope<ImportStatus>),
        (status = 404, body = Envelope<ApiError>),
        (status = 409, description = "It has ended already", body = Envelope<ApiError>),
    )
)]
pub async fn cancel(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<ImportId>,
) -> Answer<ImportStatus> {
    Ok(Reply(imports::cancel(&app, &caller, id).await?))
}

/// Takes out what an import brought in.
#[utoipa::path(
    post, path = "/api/v1/imports/{id}/undo", tag = "imports", params(("id" = ImportId, Path, description = "The import")),
    responses((status = 200, body = Envelope<ImportStatus>), (status = 409, body = Envelope<ApiError>))
)]
pub async fn undo(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<ImportId>,
) -> Answer<ImportStatus> {
    Ok(Reply(imports::undo(&app, &caller, id).await?))
}

/// Every rejected row of an import, as CSV.
#[utoipa::path(
    get, path = "/api/v1/imports/{id}/rejects.csv", tag = "imports",
    params(("id" = ImportId, Path, description = "The import")),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = Envelope<ApiError>))
)]
pub async fn rejects(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<ImportId>,
) -> Result<Response, Failure> {
    let csv = imports::rejects_csv(&app, &caller, id).await?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"rejects-{id}.csv\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok((headers, Bytes::from_stream(csv)).into_response())
}
