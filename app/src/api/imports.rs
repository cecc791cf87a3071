//! Imports and demo data. Files themselves go to `POST /api/v1/imports/files`.

use leptos::prelude::*;
use model::{ImportId, UploadId, imports::*};

use super::{ServerError, Wire};

/// The caller's uploaded files that are not imported yet, with guesses.
#[server(name = ListUploadsFn, endpoint = "imports/uploads", protocol = Wire)]
pub async fn list_uploads() -> Result<Vec<UploadedFile>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::imports::uploads(&call.app, &call.caller).await?)
}

/// Forgets an uploaded file.
#[server(name = RemoveUploadFn, endpoint = "imports/remove-upload", protocol = Wire)]
pub async fn remove_upload(id: UploadId) -> Result<(), ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::imports::remove_upload(&call.app, &call.caller, id).await?)
}

/// Every relation type in a column of an uploaded file, all of its rows read.
#[server(name = RelationTypesFn, endpoint = "imports/relation-types", protocol = Wire)]
pub async fn relation_types(id: UploadId, column: String) -> Result<FoundRelations, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::imports::relation_types(&call.app, &call.caller, id, &column).await?)
}

/// Runs a mapping over the uploaded files without writing anything.
#[server(name = CheckImportFn, endpoint = "imports/check", protocol = Wire)]
pub async fn check_import(request: StartImport) -> Result<ImportCheck, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::imports::check(&call.app, &call.caller, request).await?)
}

/// Begins to import uploaded files; progress is at `/api/sse/imports/{id}`.
#[server(name = StartImportFn, endpoint = "imports/start", protocol = Wire)]
pub async fn start_import(request: StartImport) -> Result<ImportId, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::imports::start(&call.app, &call.caller, request).await?)
}

/// How an import stands.
#[server(name = ImportStatusFn, endpoint = "imports/status", protocol = Wire)]
pub async fn import_status(id: ImportId) -> Result<ImportStatus, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::imports::status(&call.app, &call.caller, id).await?)
}

/// The latest imports, newest first, without their rejects.
#[server(name = ListImportsFn, endpoint = "imports/list", protocol = Wire)]
pub async fn list_imports() -> Result<Vec<ImportStatus>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::imports::list(&call.app, &call.caller).await?)
}

/// Stops an import at work; nothing of it is in afterwards.
#[server(name = CancelImportFn, endpoint = "imports/cancel", protocol = Wire)]
pub async fn imports_cancel(id: ImportId) -> Result<ImportStatus, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::imports::cancel(&call.app, &call.caller, id).await?)
}

/// Takes out what an import brought in.
#[server(name = UndoImportFn, endpoint = "imports/undo", protocol = Wire)]
pub async fn undo_import(id: ImportId) -> Result<ImportStatus, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::imports::undo(&call.app, &call.caller, id).await?)
}

/// A mapping as the YAML the command line reads.
#[server(name = MappingYamlFn, endpoint = "imports/yaml", protocol = Wire)]
pub async fn mapping_yaml(mapping: Mapping) -> Result<String, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::imports::mapping_yaml(&call.app, &call.caller, mapping).await?)
}

/// Reads a mapping from YAML.
#[server(name = ParseMappingFn, endpoint = "imports/parse", protocol = Wire)]
pub async fn parse_mapping(yaml: String) -> Result<Mapping, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::imports::parse_mapping(&call.app, &call.caller, &yaml).await?)
}

/// Begins to load demo data.
#[server(name = LoadDemoFn, endpoint = "imports/demo", protocol = Wire)]
pub async fn load_demo(request: DemoRequest) -> Result<ImportId, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::imports::load_demo(&call.app, &call.caller, request).await?)
}

/// Takes out the demo data and nothing else.
#[server(name = RemoveDemoFn, endpoint = "imports/remove-demo", protocol = Wire)]
pub async fn remove_demo() -> Result<ImportStatus, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::imports::remove_demo(&call.app, &call.caller).await?)
}
