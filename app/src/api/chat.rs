//! Conversations and questions.

use leptos::prelude::*;
use model::{RunId, ThreadId, answer::*, chat::*};

use super::{ServerError, Wire};

/// Conversations, newest first, at most 200; `search` looks into titles and texts.
#[server(name = ListThreadsFn, endpoint = "chat/threads", protocol = Wire)]
pub async fn list_threads(search: String) -> Result<Vec<ThreadSummary>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::chat::threads(&call.app, &call.caller, &search).await?)
}

/// A conversation with its answers.
#[server(name = GetThreadFn, endpoint = "chat/thread", protocol = Wire)]
pub async fn get_thread(id: ThreadId) -> Result<Thread, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::chat::thread(&call.app, &call.caller, id).await?)
}

/// Gives a conversation another title.
#[server(name = RenameThreadFn, endpoint = "chat/rename", protocol = Wire)]
pub async fn rename_thread(id: ThreadId, title: String) -> Result<(), ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::chat::rename(&call.app, &call.caller, id, &title).await?)
}

/// Removes a conversation; it can be restored.
#[server(name = RemoveThreadFn, endpoint = "chat/remove", protocol = Wire)]
pub async fn remove_thread(id: ThreadId) -> Result<(), ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::chat::remove(&call.app, &call.caller, id).await?)
}

/// Brings a removed conversation back.
#[server(name = RestoreThreadFn, endpoint = "chat/restore", protocol = Wire)]
pub async fn restore_thread(id: ThreadId) -> Result<(), ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::chat::restore(&call.app, &call.caller, id).await?)
}

/// Begins to answer a question; the stream is `/api/sse/runs/{run_id}`.
#[server(name = StartAskFn, endpoint = "chat/ask", protocol = Wire)]
pub async fn start_ask(request: AskRequest) -> Result<AskStarted, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::ops::start(&call.app, &call.caller, request).await?)
}

/// The answer of a run that has ended.
#[server(name = GetAnswerFn, endpoint = "chat/answer", protocol = Wire)]
pub async fn get_answer(id: RunId) -> Result<AskResponse, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::ops::answer(&call.app, &call.caller, id).await?)
}

/// Stops a run.
#[server(name = CancelRunFn, endpoint = "chat/cancel", protocol = Wire)]
pub async fn cancel_run(id: RunId) -> Result<(), ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::ops::cancel(&call.app, &call.caller, id).await?)
}
