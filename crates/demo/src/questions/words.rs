//! Words for what the estate has: those of the catalogue that mean one thing only.

use std::collections::HashMap;

use model::{Lang, Localized, schema::Catalogue};

use super::world::World;
use crate::rng::Rng;

/// A word for a kind of item, in one of its forms.
pub(super) fn kind(world: &World<'_>, rng: &mut Rng, key: &str, lang: Lang) -> String {
    let of = world.demo.catalogue.kinds.iter().find(|kind| kind.key == key);
    of.map(|kind| choose(world, rng, &kind.label, &kind.synonyms, lang)).unwrap_or_else(|| key.to_owned())
}

/// A word for several items of a kind.
pub(super) fn kinds(world: &World<'_>, rng: &mut Rng, key: &str, lang: Lang) -> String {
    let word = kind(world, rng, key, lang);
    if lang == Lang::En { plural(&word) } else { word }
}

/// A word for a field of items.
pub(super) fn field(world: &World<'_>, rng: &mut Rng, key: &str, lang: Lang) -> String {
    let of = world.demo.catalogue.fields.iter().find(|field| field.key == key);
    of.map(|field| choose(world, rng, &field.label, &field.synonyms, lang)).unwrap_or_else(|| key.to_owned())
}

/// Unit of a field of items.
pub(super) fn unit(world: &World<'_>, key: &str) -> String {
    let of = world.demo.catalogue.fields.iter().find(|field| field.key == key);
    of.map(|field| field.unit.clone()).unwrap_or_default()
}

/// The name of a metric.
pub(super) fn metric(world: &World<'_>, key: &str, lang: Lang) -> String {
    let of = world.demo.catalogue.metrics.iter().find(|metric| metric.key == key);
    of.map(|metric| metric.label.get(lang).to_owned()).unwrap_or_else(|| key.to_owned())
}

/// Unit of a metric.
pub(super) fn metric_unit(world: &World<'_>, key: &str) -> String {
    let of = world.demo.catalogue.metrics.iter().find(|metric| metric.key == key);
    of.map(|metric| metric.unit.clone()).unwrap_or_default()
}

/// The name of a kind of record.
pub(super) fn record(world: &World<'_>, key: &str, lang: Lang) -> String {
    let of = world.demo.catalogue.records.iter().find(|kind| kind.key == key);
    of.map(|kind| kind.label.get(lang).to_owned()).unwrap_or_else(|| key.to_owned())
}

/// The name of a field of a kind of record.
pub(super) fn record_field(world: &World<'_>, kind: &str, key: &str, lang: Lang) -> String {
    let of = world.demo.catalogue.records.iter().find(|other| other.key == kind);
    let field = of.and_then(|kind| kind.fields.iter().find(|field| field.key == key));
    field.map(|field| field.label.get(lang).to_owned()).unwrap_or_else(|| key.to_owned())
}

/// An item by its code, seldom in capitals, or by its name.
pub(super) fn item(world: &World<'_>, rng: &mut Rng, i: usize) -> String {
    let item = world.item(i);
    let named = matches!(item.kind, "business_service" | "application") && rng.chance(0.35);
    if named {
        item.name.clone()
    } else if rng.chance(0.06) {
        item.code.to_uppercase()
    } else {
        item.code.clone()
    }
}

/// English plural.
pub(super) fn plural(word: &str) -> String {
    if ["s", "x", "ch", "sh"].iter().any(|end| word.ends_with(end)) {
        format!("{word}es")
    } else if word.ends_with('y') {
        format!("{}ies", word.trim_end_matches('y'))
    } else {
        format!("{word}s")
    }
}

/// The label or, sometimes, another word that nothing else is called by.
fn choose(world: &World<'_>, rng: &mut Rng, label: &Localized, synonyms: &[String], lang: Lang) -> String {
    let own = |word: &&String| {
        word.is_ascii() == (lang == Lang::En) && world.meanings.get(&word.to_lowercase()).copied() == Some(1)
    };
    let others: Vec<&String> = synonyms.iter().filter(own).collect();
    match rng.pick(&others) {
        Some(word) if rng.chance(0.35) => (*word).clone(),
        _ => label.get(lang).to_owned(),
    }
}

/// How many things a word stands for.
pub(super) fn meanings(catalogue: &Catalogue) -> HashMap<String, usize> {
    let kinds = catalogue.kinds.iter().map(|kind| (&kind.label, &kind.synonyms));
    let fields = catalogue.fields.iter().map(|field| (&field.label, &field.synonyms));
    let metrics = catalogue.metrics.iter().map(|metric| (&metric.label, &metric.synonyms));
    let records = catalogue.records.iter().map(|kind| (&kind.label, &kind.synonyms));
    let inner = catalogue.records.iter().flat_map(|kind| &kind.fields);
    let inner = inner.map(|field| (&field.label, &field.synonyms));
    let mut counts = HashMap::new();
    for (label, synonyms) in kinds.chain(fields).chain(metrics).chain(records).chain(inner) {
        for word in [&label.ko, &label.en].into_iter().chain(synonyms) {
            *counts.entry(word.to_lowercase()).or_insert(0) += 1;
        }
    }
    counts
}

/// The particle that fits the last sound: `은`/`는`, `이`/`가`, `을`/`를`, `과`/`와`.
pub(super) fn with(word: &str, closed: &str, open: &str) -> String {
    let last = word.chars().rev().find(|c| c.is_alphanumeric()).unwrap_or('a');
    let closes = match last {
        '가'..='힣' => !(u32::from(last) - u32::from('가')).is_multiple_of(28),
        '0' | '1' | '3' | '6' | '7' | '8' => true,
        other => matches!(other.to_ascii_lowercase(), 'l' | 'm' | 'n'),
    };
    format!("{word}{}", if closes { closed } else { open })
}
