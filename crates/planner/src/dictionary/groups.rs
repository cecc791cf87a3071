//! Groups of words that mean the same.

use std::collections::HashMap;

use crate::{
    lexicon::terms::{GROUPS, UNITS},
    text::{squash, words},
};

type Group = &'static [&'static str];

fn groups() -> &'static HashMap<String, Vec<Group>> {
    static MAP: std::sync::OnceLock<HashMap<String, Vec<Group>>> = std::sync::OnceLock::new();
    MAP.get_or_init(|| {
        let mut map: HashMap<String, Vec<Group>> = HashMap::new();
        for group in GROUPS.iter().flat_map(|part| part.iter()) {
            for word in *group {
                let list = map.entry(squash(word)).or_default();
                if !list.iter().any(|g| std::ptr::eq(*g, *group)) {
                    list.push(group);
                }
            }
        }
        map
    })
}

/// The words of the groups a word belongs to, itself included; empty when it belongs to none.
pub fn group_of(word: &str) -> Vec<&'static str> {
    let found = groups().get(&squash(word));
    found.into_iter().flatten().flat_map(|g| g.iter().copied()).collect()
}

/// The name of the concept of a word of a metric.
pub fn concept(word: &str) -> String {
    let key = squash(word);
    let found = groups().get(&key).map(Vec::as_slice).unwrap_or_default();
    let own = found.iter().find(|g| squash(g[0]) == key);
    own.or(found.last()).map_or(key, |g| g[0].to_owned())
}

/// Other ways to say a term: the words of its group, and for terms of two words the products of theirs.
pub(super) fn phrases(name: &str) -> Vec<String> {
    let mut out: Vec<String> = group_of(name).into_iter().map(str::to_owned).collect();
    let all: Vec<String> = words(name).into_iter().filter(|w| !UNITS.contains(&w.as_str())).collect();
    if let [one] = all.as_slice() {
        out.push(one.clone());
        out.extend(group_of(one).into_iter().map(str::to_owned));
    }
    if let [a, b] = all.as_slice() {
        let with = |w: &String| -> Vec<String> {
            std::iter::once(w.clone()).chain(group_of(w).into_iter().map(str::to_owned)).collect()
        };
        out.extend(group_of(&format!("{a} {b}")).into_iter().map(str::to_owned));
        for x in with(a) {
            for y in with(b) {
                out.push(format!("{x}{y}"));
            }
        }
    }
    out
}
