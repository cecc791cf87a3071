//! The tools of plans that look at items and the topology.

mod edges;
mod groups;
mod items;
mod topology;

pub(super) use edges::edges;
pub(crate) use items::left_out_note;
pub(super) use items::{aggregate, search};
pub(super) use topology::graph;

use model::{Lang, answer::Column, schema::FieldType};

use super::{snapshot::Snapshot, table::column};

/// The column of a field of items, called as the catalogue calls it.
pub(crate) fn item_column(estate: &Snapshot, key: impl Into<String>, field: &str, lang: Lang) -> Column {
    let pick = |ko: &str, en: &str| if lang == Lang::Ko { ko.to_owned() } else { en.to_owned() };
    match field {
        "code" => column(key, pick("코드", "code"), "", false),
        "name" => column(key, pick("이름", "name"), "", false),
        "kind" => column(key, pick("종류", "kind"), "", false),
        other => match estate.field(other) {
            Some(def) => column(key, def.label.get(lang), def.unit.as_str(), def.r#type == FieldType::Number),
            None => column(key, other, "", false),
        },
    }
}
