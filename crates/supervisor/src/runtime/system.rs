//! PostgreSQL installed on this machine, when pgvector is beside it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{LEAST_MAJOR, Options, Runtime, Source};

/// Installations with pgvector, newest first.
pub(super) fn find(options: &Options) -> Vec<Runtime> {
    let mut found: Vec<_> = candidates()
        .iter()
        .filter(|bin| bin.join("postgres").exists())
        .filter_map(|bin| Runtime::examine(bin, Source::System, options))
        .filter(|runtime| runtime.major >= LEAST_MAJOR && has_vector(&runtime.bin, runtime.major))
        .collect();
    found.sort_by_key(|runtime| std::cmp::Reverse(runtime.major));
    found
}

fn candidates() -> Vec<PathBuf> {
    let mut bins = Vec::new();
    // Debian and Ubuntu keep one directory per major version, Red Hat one `pgsql-N`, Homebrew one `postgresql@N`.
    for base in ["/usr/lib/postgresql", "/usr", "/opt/homebrew/opt", "/usr/local/opt"] {
        let Ok(entries) = fs::read_dir(base) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if base == "/usr/lib/postgresql" || name.starts_with("pgsql-") || name.starts_with("postgresql@")
            {
                bins.push(entry.path().join("bin"));
            }
        }
    }
    bins.push(PathBuf::from("/usr/local/pgsql/bin"));
    bins.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    bins
}

fn has_vector(bin: &Path, major: u32) -> bool {
    let told = Command::new(bin.join("pg_config")).arg("--sharedir").output().ok().and_then(|output| {
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        (output.status.success() && !text.is_empty()).then(|| PathBuf::from(text))
    });
    let usual = [
        bin.join("../share"),
        bin.join("../share/postgresql"),
        PathBuf::from(format!("/usr/share/postgresql/{major}")),
    ];
    told.into_iter().chain(usual).any(|share| share.join("extension/vector.control").exists())
}
