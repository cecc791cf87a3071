//! Half-made mappings in the storage of the tab: a reload does not lose them. Signing out forgets them.

use super::draft::Draft;

const KEY: &str = "tobit.import";

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

/// The drafts of this tab.
pub fn read() -> Vec<Draft> {
    storage()
        .and_then(|storage| storage.get_item(KEY).ok().flatten())
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// Keeps the drafts; without storage they last as long as the page.
pub fn write(drafts: &[Draft]) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(drafts)) {
        let _ = storage.set_item(KEY, &text);
    }
}

/// Forgets them.
pub fn forget() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEY);
    }
}
