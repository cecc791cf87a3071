//! What the import page holds: files, drafts, the result of the last check, the import at work.

use futures::StreamExt;
use gloo_net::eventsource::futures::EventSource;
use leptos::prelude::*;
use model::{ApiError, ImportId, UploadId, imports::*};
use wasm_bindgen_futures::spawn_local;

use super::{
    draft::{Draft, Types, mapping_of},
    kept,
    upload::{self, Sending, Sent},
};
use crate::{
    api::imports as api,
    i18n::{Lang, t, use_lang, zone},
    ui::{call, toast_error},
};

/// Where the page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Choosing files.
    Files,
    /// Meaning of columns, trial.
    Map,
    /// At work, or ended.
    Run,
}

/// The page.
#[derive(Clone, Copy)]
pub struct ImportPageState {
    /// Where it stands.
    pub stage: RwSignal<Stage>,
    /// The files with what their columns mean.
    pub drafts: RwSignal<Vec<Draft>>,
    /// The file looked at.
    pub current: RwSignal<usize>,
    /// The column looked at.
    pub column: RwSignal<Option<usize>>,
    /// Name of the import.
    pub name: RwSignal<String>,
    /// A mapping read from YAML stands for the drafts.
    pub mapping: RwSignal<Option<Mapping>>,
    /// Files being sent.
    pub sending: RwSignal<Vec<Sending>>,
    /// What the last trial found.
    pub check: RwSignal<Option<ImportCheck>>,
    /// A trial is at work.
    pub checking: RwSignal<bool>,
    /// The import at work or ended.
    pub status: RwSignal<Option<ImportStatus>>,
    /// Imports before, newest first; none while they are on their way.
    pub history: RwSignal<Option<Vec<ImportStatus>>>,
    /// Why what the server holds could not be read.
    pub unread: RwSignal<Option<ApiError>>,
    /// What went wrong last.
    pub error: RwSignal<Option<ApiError>>,
    /// An import is about to begin.
    pub starting: RwSignal<bool>,
    /// The import at work was asked to end.
    pub cancelling: RwSignal<bool>,
    // Files sent so far.
    sent: StoredValue<u64>,
    // Relation types are being counted.
    learning: StoredValue<bool>,
    // The import that is followed, so that a page built anew does not follow it twice.
    following: StoredValue<Option<ImportId>>,
    // The language the page was last built in.
    built_in: StoredValue<Option<Lang>>,
}

impl ImportPageState {
    /// An empty page.
    pub fn new() -> Self {
        Self {
            stage: RwSignal::new(Stage::Files),
            drafts: RwSignal::new(Vec::new()),
            current: RwSignal::new(0),
            column: RwSignal::new(None),
            name: RwSignal::new(String::new()),
            mapping: RwSignal::new(None),
            sending: RwSignal::new(Vec::new()),
            check: RwSignal::new(None),
            checking: RwSignal::new(false),
            status: RwSignal::new(None),
            history: RwSignal::new(None),
            unread: RwSignal::new(None),
            error: RwSignal::new(None),
            starting: RwSignal::new(false),
            cancelling: RwSignal::new(false),
            sent: StoredValue::new(0),
            learning: StoredValue::new(false),
            following: StoredValue::new(None),
            built_in: StoredValue::new(None),
        }
    }

    /// Forgets everything: the person has signed out.
    pub fn clear(self) {
        self.stage.set(Stage::Files);
        self.forget_drafts();
        self.name.set(String::new());
        self.status.set(None);
        self.history.set(None);
        self.unread.set(None);
        self.error.set(None);
    }

    fn forget_drafts(self) {
        self.drafts.set(Vec::new());
        self.current.set(0);
        self.column.set(None);
        self.mapping.set(None);
        self.check.set(None);
        kept::forget();
    }

    /// From a result back to files.
    pub fn begin_again(self) {
        self.status.set(None);
        self.error.set(None);
        let left = self.drafts.with_untracked(|drafts| !drafts.is_empty());
        self.stage.set(if left { Stage::Map } else { Stage::Files });
    }

    /// Called when the page is built. What was chosen stays: after a change of language, a look at another page, or
    /// (from the storage of the tab) a reload. A result that was seen makes room for the next import.
    pub fn open(self) {
        let lang = use_lang().get_untracked();
        let rebuilt = self.built_in.get_value().is_some_and(|before| before != lang);
        self.built_in.set_value(Some(lang));
        let ended = self
            .status
            .with_untracked(|status| status.as_ref().is_none_or(|s| s.state != ImportState::Running));
        if !rebuilt && ended && self.stage.get_untracked() == Stage::Run {
            self.begin_again();
        }
        self.load();
    }

    /// Reads what the server holds: files that are not imported yet, imports before, one that is still at work.
    pub fn load(self) {
        self.unread.set(None);
        spawn_local(async move {
            match call(api::list_uploads).await {
                Ok(files) => self.take(files),
                Err(error) if self.stage.get_untracked() == Stage::Files => self.unread.set(Some(error)),
                Err(error) => self.error.set(Some(error)),
            }
            self.read_history().await;
            let running = self.history.with_untracked(|list| {
                list.iter().flatten().find(|s| s.state == ImportState::Running).cloned()
            });
            if let Some(status) = running {
                let id = status.id;
                self.status.set(Some(status));
                self.stage.set(Stage::Run);
                self.follow(id).await;
            }
        });
    }

    /// Puts the drafts in step with the files the server holds; what was said about a file is kept.
    fn take(self, files: Vec<UploadedFile>) {
        let mut known = self.drafts.get_untracked();
        if known.is_empty() {
            known = kept::read();
        }
        let drafts: Vec<Draft> = files
            .into_iter()
            .map(|file| match known.iter().position(|draft| draft.file.id == file.id) {
                Some(at) => known.swap_remove(at),
                None => Draft::new(file),
            })
            .collect();
        if self.drafts.with_untracked(|now| *now != drafts) {
            self.drafts.set(drafts);
            self.check.set(None);
        }
        let (some, at) = (self.drafts.with_untracked(Vec::len), self.current.get_untracked());
        if at >= some {
            self.current.set(0);
            self.column.set(None);
        }
        if self.stage.get_untracked() != Stage::Run {
            self.stage.set(if some == 0 { Stage::Files } else { Stage::Map });
        }
        self.learn();
    }

    async fn read_history(self) {
        match call(api::list_imports).await {
            Ok(list) => self.history.set(Some(list)),
            // What was read before stays.
            Err(error) if self.history.with_untracked(Option::is_none) => self.unread.set(Some(error)),
            Err(_) => {}
        }
    }

    /// Sends files one after the other.
    pub fn send(self, files: Vec<web_sys::File>) {
        let begun: Vec<(web_sys::File, Sending)> =
            files.into_iter().map(|file| (file.clone(), self.begin(&file))).collect();
        spawn_local(async move {
            for (file, sending) in begun {
                match upload::send(&file, &sending).await {
                    Ok(Sent::There(file)) => {
                        self.check.set(None);
                        // the server keeps one file of a name
                        self.drafts.update(|drafts| {
                            drafts.retain(|draft| draft.file.name != file.name);
                            drafts.push(Draft::new(*file));
                        });
                        if self.stage.get_untracked() == Stage::Files {
                            self.stage.set(Stage::Map);
                        }
                        self.learn();
                    }
                    Ok(Sent::Stopped) => {}
                    Err(error) => toast_error(&error),
                }
                self.sending.update(|all| all.retain(|other| other.no != sending.no));
            }
        });
    }

    fn begin(self, file: &web_sys::File) -> Sending {
        let no = self.sent.get_value() + 1;
        self.sent.set_value(no);
        let sending =
            Sending { no, name: file.name(), share: ArcRwSignal::new(0.0), stopped: ArcRwSignal::new(false) };
        self.sending.update(|all| all.push(sending.clone()));
        sending
    }

    /// Lets the server count the relation types of the files where that has not been done for the column now chosen.
    fn learn(self) {
        if self.learning.get_value() {
            return;
        }
        self.learning.set_value(true);
        spawn_local(async move {
            while let Some((id, column)) = self.drafts.with_untracked(|drafts| uncounted(drafts)) {
                if column.starts_with('=') {
                    // it may be typed at the moment
                    gloo_timers::future::TimeoutFuture::new(400).await;
                    if self.drafts.with_untracked(|drafts| uncounted(drafts)) != Some((id, column.clone())) {
                        continue;
                    }
                }
                let asked = column.clone();
                let found = call(move || api::relation_types(id, asked.clone())).await;
                self.drafts.update(|drafts| {
                    let Some(draft) = drafts.iter_mut().find(|draft| draft.file.id == id) else { return };
                    draft.types = Some(match found {
                        Ok(found) => Types::new(column, found, draft.types.as_ref()),
                        Err(error) => Types { column, problem: Some(error.message), ..Types::default() },
                    });
                });
                self.keep();
            }
            self.learning.set_value(false);
        });
    }

    /// Waits until the relation types of all files are counted.
    pub async fn learned(self) {
        self.learn();
        while self.learning.get_value() {
            gloo_timers::future::TimeoutFuture::new(50).await;
        }
    }

    /// Forgets a file.
    pub fn remove(self, id: UploadId) {
        spawn_local(async move {
            if let Err(error) = call(move || api::remove_upload(id)).await {
                return toast_error(&error);
            }
            self.check.set(None);
            self.drafts.update(|drafts| drafts.retain(|draft| draft.file.id != id));
            self.current.set(0);
            self.column.set(None);
            self.keep();
            if self.drafts.with_untracked(Vec::is_empty) {
                self.stage.set(Stage::Files);
            }
        });
    }

    /// Changes the draft of the file looked at; a check made before no longer counts.
    pub fn edit(self, change: impl FnOnce(&mut Draft)) {
        let at = self.current.get_untracked();
        self.drafts.update(|drafts| {
            if let Some(draft) = drafts.get_mut(at) {
                change(draft);
            }
        });
        self.check.set(None);
        self.keep();
        self.learn();
    }

    fn keep(self) {
        self.drafts.with_untracked(|drafts| kept::write(drafts));
    }

    /// Shows a column of a file, to correct what it is taken for.
    pub fn go_to(self, file: &str, column: &str) {
        let found = self.drafts.with_untracked(|drafts| {
            let at = drafts.iter().position(|draft| draft.file.name == file)?;
            let column = drafts.get(at)?.columns.iter().position(|c| c.column == column || c.name == column);
            Some((at, column))
        });
        if let Some((at, column)) = found {
            self.current.set(at);
            self.column.set(column);
        }
    }

    /// The mapping that would be used.
    pub fn mapping(self) -> Mapping {
        if let Some(mapping) = self.mapping.get_untracked() {
            return mapping;
        }
        let given = self.name.get_untracked();
        self.drafts.with_untracked(|drafts| {
            let name = if given.is_empty() { named_after(drafts) } else { given };
            mapping_of(&name, zone().iana(), drafts)
        })
    }

    fn request(self) -> StartImport {
        let uploads = self.drafts.with_untracked(|drafts| {
            drafts.iter().filter(|draft| draft.file.problem.is_none()).map(|draft| draft.file.id).collect()
        });
        StartImport { uploads, mapping: self.mapping() }
    }

    /// Runs the mapping over the files without writing.
    pub fn try_out(self) {
        self.checking.set(true);
        self.error.set(None);
        spawn_local(async move {
            self.learned().await;
            let request = self.request();
            match call(move || api::check_import(request.clone())).await {
                Ok(check) => self.check.set(Some(check)),
                Err(error) => self.error.set(Some(error)),
            }
            self.checking.set(false);
        });
    }

    /// Begins the import.
    pub fn start(self) {
        self.error.set(None);
        self.starting.set(true);
        spawn_local(async move {
            self.learned().await;
            let request = self.request();
            let uploads = request.uploads.clone();
            let begun = call(move || api::start_import(request.clone())).await;
            self.starting.set(false);
            match begun {
                Ok(id) => {
                    self.stage.set(Stage::Run);
                    self.follow(id).await;
                    if self.done() {
                        forget(uploads).await;
                    }
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    /// Begins to load demo data.
    pub fn demo(self, request: DemoRequest) {
        spawn_local(async move {
            match call(move || api::load_demo(request)).await {
                Ok(id) => {
                    self.stage.set(Stage::Run);
                    self.follow(id).await;
                }
                Err(error) => toast_error(&error),
            }
        });
    }

    /// Ends an import at work; nothing of it is in then.
    pub fn cancel(self, id: ImportId) {
        self.cancelling.set(true);
        spawn_local(async move {
            match call(move || api::imports_cancel(id)).await {
                Ok(status) => self.status.set(Some(status)),
                Err(error) => toast_error(&error),
            }
            self.cancelling.set(false);
        });
    }

    /// Takes out an import.
    pub fn undo(self, id: ImportId) {
        spawn_local(async move {
            match call(move || api::undo_import(id)).await {
                Ok(status) => {
                    if self.status.with_untracked(|s| s.as_ref().is_some_and(|s| s.id == id)) {
                        self.status.set(Some(status));
                    }
                    self.read_history().await;
                }
                Err(error) => toast_error(&error),
            }
        });
    }

    /// Follows an import live; a lost stream is replaced by asking.
    async fn follow(self, id: ImportId) {
        if self.following.get_value() == Some(id) {
            return;
        }
        self.following.set_value(Some(id));
        if !self.stream(id).await {
            loop {
                match call(move || api::import_status(id)).await {
                    Ok(status) => {
                        let running = status.state == ImportState::Running;
                        self.status.set(Some(status));
                        if !running {
                            break;
                        }
                    }
                    Err(error) => {
                        self.error.set(Some(error));
                        break;
                    }
                }
                gloo_timers::future::TimeoutFuture::new(1_000).await;
            }
        }
        self.following.set_value(None);
        self.read_history().await;
        if self.done() {
            self.forget_drafts();
        }
    }

    fn done(self) -> bool {
        self.status
            .with_untracked(|status| status.as_ref().is_some_and(|status| status.state == ImportState::Done))
    }

    async fn stream(self, id: ImportId) -> bool {
        let Ok(mut source) = EventSource::new(&format!("/api/sse/imports/{id}")) else { return false };
        let Ok(mut messages) = source.subscribe("import") else { return false };
        while let Some(message) = messages.next().await {
            let Ok((_, message)) = message else { return false };
            let Some(status) = message
                .data()
                .as_string()
                .and_then(|text| crate::api::json::read::<ImportStatus>(&text).ok())
            else {
                continue;
            };
            let running = status.state == ImportState::Running;
            self.status.set(Some(status));
            if !running {
                source.close();
                return true;
            }
        }
        false
    }
}

/// An import nobody named is called after its files, so that it is found again in the list of imports.
fn named_after(drafts: &[Draft]) -> String {
    let stem = |name: &str| name.split('.').next().unwrap_or(name).to_owned();
    match drafts {
        [] => String::new(),
        [only] => stem(&only.file.name),
        [first, others @ ..] => t().import.and_more(&stem(&first.file.name), others.len() as u64),
    }
}

/// The first file whose relation types are not counted, and the column they stand in.
fn uncounted(drafts: &[Draft]) -> Option<(UploadId, String)> {
    drafts.iter().find_map(|draft| Some((draft.file.id, draft.uncounted()?)))
}

/// Forgets files whose content is in. One that cannot be forgotten now is offered again the next time.
async fn forget(uploads: Vec<UploadId>) {
    for id in uploads {
        let _ = call(move || api::remove_upload(id)).await;
    }
}
