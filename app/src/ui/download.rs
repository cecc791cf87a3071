//! Downloads of what an answer holds.

use model::answer::Column;
use serde_json::{Map, Value};
use wasm_bindgen::JsCast;

/// Downloads rows as CSV, with heads as shown. A cell that a spreadsheet would take for a formula is quoted with `'`.
pub fn csv(name: &str, columns: &[Column], rows: &[Map<String, Value>]) {
    let mut out = String::from("\u{feff}");
    push_row(&mut out, columns.iter().map(|column| column.label.clone()));
    for row in rows {
        push_row(&mut out, columns.iter().map(|column| plain(row.get(&column.key))));
    }
    text(&format!("{name}.csv"), "text/csv;charset=utf-8", &out);
}

fn plain(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn push_row(out: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.map(|cell| quoted(&cell)).collect();
    out.push_str(&cells.join(","));
    out.push_str("\r\n");
}

fn quoted(cell: &str) -> String {
    let formula =
        cell.starts_with(['=', '+', '@', '\t']) || (cell.starts_with('-') && cell.parse::<f64>().is_err());
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

/// Offers `text` as a file.
pub fn text(name: &str, mime: &str, content: &str) {
    let _ = try_download(name, mime, content);
}

/// Offers a picture, given as the address of its data, as a file.
pub fn picture(name: &str, address: &str) {
    let link = || -> Option<web_sys::HtmlAnchorElement> {
        web_sys::window()?.document()?.create_element("a").ok()?.dyn_into().ok()
    };
    if let Some(link) = link() {
        link.set_href(address);
        link.set_download(name);
        link.click();
    }
}

fn try_download(name: &str, mime: &str, text: &str) -> Option<()> {
    let parts = js_sys::Array::of1(&text.into());
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(mime);
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    let url = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
    let document = web_sys::window()?.document()?;
    let link: web_sys::HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    web_sys::Url::revoke_object_url(&url).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_looks_like_a_formula_is_made_harmless() {
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("-5"), "-5");
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
