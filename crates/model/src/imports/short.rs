//! Short forms: what is empty is not written, and a column alone stands for the whole reference.

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::{ItemRef, TimeRef};
use crate::{schema::Travel, text::Localized};

pub(super) fn is_false(value: &bool) -> bool {
    !value
}

pub(super) fn is_blank(text: &Localized) -> bool {
    text.ko.is_empty() && text.en.is_empty()
}

struct TravelVisitor;

impl Visitor<'_> for TravelVisitor {
    type Value = Travel;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("to_source, to_target, both or none")
    }

    fn visit_bool<E>(self, travels: bool) -> Result<Travel, E> {
        Ok(if travels { Travel::ToSource } else { Travel::None })
    }

    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Travel, E> {
        Travel::of(word).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(word), &self))
    }
}

/// Which way failures travel, as a word or as yes and no.
pub(super) fn travel<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Travel>, D::Error> {
    deserializer.deserialize_any(TravelVisitor).map(Some)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemForm {
    #[serde(default)]
    column: String,
    #[serde(default)]
    by: Vec<String>,
    #[serde(default)]
    before: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    create_as: String,
    #[serde(default)]
    lowercase: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TimeForm {
    column: String,
    #[serde(default)]
    format: String,
    #[serde(default)]
    tz: String,
}

struct ItemVisitor;
struct TimeVisitor;

impl<'de> Visitor<'de> for ItemVisitor {
    type Value = ItemRef;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a column, or `column` with `by`, `before`, `after`, `create_as`, `lowercase`")
    }

    fn visit_str<E>(self, column: &str) -> Result<ItemRef, E> {
        Ok(ItemRef { column: column.to_owned(), ..ItemRef::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ItemRef, A::Error> {
        let ItemForm { column, by, before, after, create_as, lowercase } =
            ItemForm::deserialize(MapAccessDeserializer::new(map))?;
        Ok(ItemRef { column, by, before, after, create_as, lowercase })
    }
}

impl<'de> Visitor<'de> for TimeVisitor {
    type Value = TimeRef;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a column, or `column` with `format` and `tz`")
    }

    fn visit_str<E>(self, column: &str) -> Result<TimeRef, E> {
        Ok(TimeRef { column: column.to_owned(), ..TimeRef::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TimeRef, A::Error> {
        let TimeForm { column, format, tz } = TimeForm::deserialize(MapAccessDeserializer::new(map))?;
        Ok(TimeRef { column, format, tz })
    }
}

impl<'de> Deserialize<'de> for ItemRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemVisitor)
    }
}

impl<'de> Deserialize<'de> for TimeRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TimeVisitor)
    }
}
