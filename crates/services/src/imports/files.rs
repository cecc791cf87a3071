//! Files on disk for the readers: a folder, or uploads under the names they came with.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use ingest::Files;
use unicode_normalization::UnicodeNormalization;

/// Files by name.
#[derive(Debug, Clone, Default)]
pub(super) struct OnDisk {
    files: Vec<(String, PathBuf, u64)>,
}

/// How deep folders are looked into.
const DEEPEST: usize = 6;
/// Most files of a folder; more is a folder chosen by mistake.
const MOST: usize = 20_000;

impl OnDisk {
    /// The files of a folder and the folders in it. Links are not followed out of it.
    pub fn folder(root: &Path) -> io::Result<Self> {
        let mut found = Self::default();
        found.walk(root, root, 0)?;
        found.files.sort();
        Ok(found)
    }

    /// Adds a file under a name.
    pub fn add(&mut self, name: &str, path: PathBuf, bytes: u64) {
        self.files.push((name.to_owned(), path, bytes));
    }

    fn walk(&mut self, root: &Path, folder: &Path, depth: usize) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let (kind, path) = (entry.file_type()?, entry.path());
            if entry.file_name().to_string_lossy().starts_with('.') || self.files.len() >= MOST {
                continue;
            }
            if kind.is_dir() && depth < DEEPEST {
                self.walk(root, &path, depth + 1)?;
            } else if kind.is_file()
                && let Ok(below) = path.strip_prefix(root)
            {
                let name: String = below.to_string_lossy().replace('\\', "/").nfc().collect();
                let bytes = entry.metadata()?.len();
                self.files.push((name, path, bytes));
            }
        }
        Ok(())
    }

    fn find(&self, name: &str) -> Option<&(String, PathBuf, u64)> {
        self.files.iter().find(|(other, ..)| other == name)
    }
}

impl Files for OnDisk {
    fn names(&self) -> Vec<String> {
        self.files.iter().map(|(name, ..)| name.clone()).collect()
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        let (_, path, _) = self.find(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(File::open(path)?))
    }

    fn bytes(&self, name: &str) -> u64 {
        self.find(name).map_or(0, |(.., bytes)| *bytes)
    }
}
