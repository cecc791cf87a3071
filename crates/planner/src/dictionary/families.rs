//! Families of relations that types belong to.

use crate::{
    lexicon::relations::{FAMILIES, Turn},
    text::squash,
    vocabulary::Vocabulary,
};

/// The family of a type of relation, by its key, labels and synonyms.
pub fn family_of(v: &Vocabulary, key: &str) -> Option<&'static str> {
    let relation = v.catalogue.relations.iter().find(|r| r.key == key)?;
    let mut names = vec![relation.key.as_str(), &relation.label.en, &relation.label.ko];
    names.extend(relation.synonyms.iter().map(String::as_str));
    let names: Vec<String> = names.into_iter().map(squash).filter(|n| !n.is_empty()).collect();
    let by = |test: &dyn Fn(&str, &str) -> bool| {
        names.iter().find_map(|n| FAMILIES.iter().find(|f| f.keys.iter().any(|k| test(n, k))).map(|f| f.name))
    };
    by(&|n, k| n.starts_with(k)).or_else(|| by(&|n, k| n.contains(k)))
}

/// All families the key, labels and synonyms of a type speak of.
pub(super) fn families_of(v: &Vocabulary, key: &str) -> Vec<&'static str> {
    let Some(relation) = v.catalogue.relations.iter().find(|r| r.key == key) else { return Vec::new() };
    let mut names = vec![relation.key.as_str(), &relation.label.en, &relation.label.ko];
    names.extend(relation.synonyms.iter().map(String::as_str));
    let names: Vec<String> = names.into_iter().map(squash).filter(|n| !n.is_empty()).collect();
    let mut out: Vec<&'static str> = family_of(v, key).into_iter().collect();
    for family in FAMILIES {
        if names.iter().any(|n| family.keys.iter().any(|k| n.starts_with(k))) && !out.contains(&family.name) {
            out.push(family.name);
        }
    }
    out
}

/// A type's own name is read from source to target as it stands.
pub(super) fn turn_of(family: &str) -> Turn {
    if family == "connect" { Turn::Either } else { Turn::Plain }
}
