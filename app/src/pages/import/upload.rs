//! A file on its way to the server: sent as a stream by the browser, with its share, and stopped where a person wants.

use std::{cell::RefCell, rc::Rc};

use futures::{
    channel::oneshot,
    future::{self, Either},
};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use model::{ApiError, Envelope, ErrorCode, imports::UploadedFile};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{FormData, ProgressEvent, XmlHttpRequest};

use crate::{api::json, ui::net::fresh_session};

/// A file being sent. It outlives the part of the page it was chosen in, so its signals belong to nobody else.
#[derive(Debug, Clone)]
pub struct Sending {
    /// Tells it from another of the same name.
    pub no: u64,
    /// Its name.
    pub name: String,
    /// 0 … 1 of its bytes; at 1 the server looks at it.
    pub share: ArcRwSignal<f64>,
    /// A person wants it no more.
    pub stopped: ArcRwSignal<bool>,
}

/// How often it is looked whether a person wants to stop, in milliseconds.
const LOOK: u32 = 100;

/// How sending ended.
pub enum Sent {
    /// It is there; what the server found in it.
    There(Box<UploadedFile>),
    /// A person stopped it.
    Stopped,
}

fn lost() -> ApiError {
    ApiError::new(ErrorCode::Unavailable, "파일을 보내지 못했습니다", "the file could not be sent")
        .with_hint("연결을 확인하고 다시 올려 주세요", "check the connection and upload the file again")
}

/// Sends a file. The browser reads it as it goes, so that its size costs no memory here.
pub async fn send(file: &web_sys::File, sending: &Sending) -> Result<Sent, ApiError> {
    if sending.stopped.get_untracked() {
        return Ok(Sent::Stopped);
    }
    fresh_session().await?;
    let form = FormData::new().map_err(|_| lost())?;
    form.append_with_blob_and_filename("file", file, &file.name()).map_err(|_| lost())?;
    let request = XmlHttpRequest::new().map_err(|_| lost())?;
    request.open("POST", "/api/v1/imports/files").map_err(|_| lost())?;
    let (told, mut ended) = oneshot::channel::<()>();
    let told = Rc::new(RefCell::new(Some(told)));
    let end = Closure::<dyn FnMut()>::new(move || {
        if let Some(told) = told.borrow_mut().take() {
            // whoever waited may have gone
            let _ = told.send(());
        }
    });
    request.set_onloadend(Some(end.as_ref().unchecked_ref()));
    let share = sending.share.clone();
    let step = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.length_computable() && event.total() > 0.0 {
            share.set((event.loaded() / event.total()).min(1.0));
        }
    });
    if let Ok(upload) = request.upload() {
        upload.set_onprogress(Some(step.as_ref().unchecked_ref()));
    }
    request.send_with_opt_form_data(Some(&form)).map_err(|_| lost())?;
    loop {
        match future::select(&mut ended, TimeoutFuture::new(LOOK)).await {
            Either::Left((ended, _)) => {
                ended.map_err(|_| lost())?;
                break;
            }
            Either::Right(_) if sending.stopped.get_untracked() => {
                // one that has ended meanwhile cannot be stopped
                let _ = request.abort();
                return Ok(Sent::Stopped);
            }
            Either::Right(_) => {}
        }
    }
    if sending.stopped.get_untracked() {
        return Ok(Sent::Stopped);
    }
    let status = request.status().unwrap_or(0);
    let text = request.response_text().ok().flatten().unwrap_or_default();
    if (200..300).contains(&status) {
        let envelope: Envelope<UploadedFile> = json::read(&text).map_err(|_| lost())?;
        return Ok(Sent::There(Box::new(envelope.data)));
    }
    let envelope: Envelope<ApiError> = json::read(&text).map_err(|_| lost())?;
    Err(envelope.data)
}
