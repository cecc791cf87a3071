//! Rules of the house that no compiler checks: who may use whom, how long a file may be, where colours may stand.
#![expect(clippy::expect_used, reason = "a test says what went wrong by panicking")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The hard limit of a file, in lines.
const LONGEST: usize = 800;

/// Files that may be longer, because they are lists.
const LONG: [&str; 1] = ["app/src/ui/ic.rs"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("workspace root")
}

/// Files below the rooms of the house, with their path from the root.
fn files(endings: &[&str]) -> Vec<(String, String)> {
    let root = root();
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> =
        ["app", "bench", "crates", "end2end", "frontend", "migrations", "server", "style", "scripts"]
            .iter()
            .map(|dir| root.join(dir))
            .collect();
    while let Some(dir) = open.pop() {
        let Ok(entries) = fs::read_dir(&dir) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| endings.iter().any(|e| ending == *e))
                && let Ok(text) = fs::read_to_string(&path)
            {
                let name = path.strip_prefix(&root).expect("below the root").to_string_lossy().into_owned();
                found.push((name, text));
            }
        }
    }
    found.sort();
    found
}

/// Names of the house's own crates a crate depends on (not for tests), and other names.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut section = "";
    let mut names = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        } else if section == "[dependencies]"
            && let Some((name, _)) = line.split_once('=')
        {
            names.push(name.trim().trim_end_matches(".workspace").to_owned());
        }
    }
    names
}

#[test]
fn no_file_is_longer_than_can_be_understood() {
    let long: Vec<String> = files(&["rs", "ts", "css", "sql", "sh"])
        .into_iter()
        .filter(|(name, _)| !LONG.contains(&name.as_str()))
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(name, lines)| format!("{name}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "split these files: {long:#?}");
}

#[test]
fn pure_crates_use_nothing_that_does_io() {
    let forbidden = ["tokio", "sqlx", "axum", "reqwest", "leptos", "services", "server", "app", "rand"];
    let mut wrong = Vec::new();
    for name in ["model", "binding", "planner", "analysis", "ingest", "demo"] {
        let manifest =
            fs::read_to_string(root().join(format!("crates/{name}/Cargo.toml"))).expect("a manifest");
        wrong.extend(
            dependencies(&manifest)
                .into_iter()
                .filter(|dep| forbidden.contains(&dep.as_str()))
                .map(|dep| format!("{name} uses {dep}")),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn calls_go_down_only() {
    let rules: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("crates/flow", &["sqlx", "axum", "leptos", "services"][..]),
        ("crates/services", &["axum", "leptos", "app", "server"][..]),
        ("crates/supervisor", &["services", "axum", "sqlx"][..]),
        ("app", &["sqlx"][..]),
    ]);
    let mut wrong = Vec::new();
    for (dir, forbidden) in rules {
        let manifest = fs::read_to_string(root().join(dir).join("Cargo.toml")).expect("a manifest");
        wrong.extend(
            dependencies(&manifest)
                .into_iter()
                .filter(|dep| forbidden.contains(&dep.as_str()))
                .map(|dep| format!("{dir} uses {dep}")),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sql_is_written_in_services_only() {
    let wrong: Vec<String> = files(&["rs"])
        .into_iter()
        .filter(|(name, _)| name.starts_with("server/src") || name.starts_with("app/src"))
        .filter(|(_, text)| {
            ["sqlx::query(", "sqlx::query_", "sqlx::raw_sql"].iter().any(|sql| text.contains(sql))
        })
        .map(|(name, _)| name)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn colours_stand_in_the_tokens_only() {
    let wrong: Vec<String> = files(&["css", "rs"])
        .into_iter()
        .filter(|(name, _)| {
            (name.starts_with("style/") || name.starts_with("app/src")) && !name.ends_with("tokens.css")
        })
        .flat_map(|(name, text)| {
            text.lines()
                .enumerate()
                .filter(|(_, line)| has_hex_colour(line))
                .map(|(at, line)| format!("{name}:{}: {}", at + 1, line.trim()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// `#abc` or `#aabbcc` after a colon or quote, as CSS and chart options write it.
fn has_hex_colour(line: &str) -> bool {
    line.match_indices('#').any(|(at, _)| {
        let before = line[..at].trim_end().chars().last();
        let digits = line[at + 1..].chars().take_while(char::is_ascii_hexdigit).count();
        let ends = line[at + 1 + digits..]
            .chars()
            .next()
            .is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '_');
        matches!(before, Some(':' | '"' | '\''))
            && matches!(digits, 3 | 6 | 8)
            && ends
            && !line.contains("href=")
    })
}

#[test]
fn nothing_is_left_unfinished() {
    let marks =
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("to", "do!("), concat!("unimple", "mented!(")];
    let wrong: Vec<String> = files(&["rs", "ts", "sql", "sh"])
        .into_iter()
        .flat_map(|(name, text)| {
            text.lines()
                .enumerate()
                .filter(|(_, line)| marks.iter().any(|mark| line.contains(mark)))
                .map(|(at, _)| format!("{name}:{}", at + 1))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
