//! Files as tables of rows, whatever their format, packing and encoding.

mod count;
mod csv;
mod json;
mod open;
mod preview;

use std::{
    collections::BTreeMap,
    io::{self, Cursor, Read},
};

use ::csv::StringRecord;
use model::Localized;
use serde_json::Value;

pub use self::count::{Counted, count_values};
pub use self::preview::{Preview, preview, values};
use self::{csv::CsvTable, json::JsonTable, open::Format};
use crate::say::Refusal;

/// Most columns of a file.
const MOST_COLUMNS: usize = 10_000;

/// A file of more columns than anybody can map.
fn too_wide() -> Localized {
    Localized::new(
        format!("열이 {MOST_COLUMNS}개를 넘습니다. 구분 기호가 맞는지 확인하거나 파일을 나누어 주세요"),
        format!("there are more than {MOST_COLUMNS} columns; check the separator, or split the file"),
    )
}

/// Where files come from. A name may hold folders (`metrics/cpu.csv`).
pub trait Files {
    /// Names of all files.
    fn names(&self) -> Vec<String>;
    /// Opens a file from its beginning; it may be read more than once.
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>>;
    /// Its size in bytes, as stored.
    fn bytes(&self, name: &str) -> u64;
}

/// Files in memory.
#[derive(Debug, Clone, Default)]
pub struct Memory(pub BTreeMap<String, Vec<u8>>);

impl Memory {
    /// The same files and one more.
    #[must_use]
    pub fn with(mut self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        self.0.insert(name.to_owned(), content.into());
        self
    }
}

impl Files for Memory {
    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        let content = self.0.get(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(Cursor::new(content.clone())))
    }

    fn bytes(&self, name: &str) -> u64 {
        self.0.get(name).map_or(0, |content| content.len() as u64)
    }
}

/// A row and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    /// Line of its beginning, from 1, the head included.
    pub line: u64,
    pub cells: Cells<'a>,
}

/// The values of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cells<'a> {
    Csv(&'a StringRecord),
    /// Always an object.
    Json(&'a Value),
}

/// Why a row, or the rest of a file, cannot be read.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// This row only.
    Row { line: u64, refusal: Refusal },
    /// Nothing after this can be trusted.
    File(Localized),
}

/// An open file.
pub(crate) enum Table {
    Csv(CsvTable),
    Json(JsonTable),
}

impl Table {
    /// Opens a file; `format` is `csv`, `json`, `ndjson` or empty.
    pub fn open(files: &dyn Files, name: &str, format: &str) -> Result<Self, Localized> {
        let opened = open::open(files, name, format)?;
        Ok(match opened.format {
            Format::Csv => Self::Csv(CsvTable::new(opened)?),
            Format::Json | Format::Ndjson => Self::Json(JsonTable::new(opened)),
        })
    }

    /// Columns in order; none for JSON, whose rows may each have others.
    pub fn head(&self) -> Option<&[String]> {
        match self {
            Self::Csv(table) => Some(table.head()),
            Self::Json(_) => None,
        }
    }

    /// Bytes read of the file as stored.
    pub fn bytes_read(&self) -> u64 {
        match self {
            Self::Csv(table) => table.bytes_read(),
            Self::Json(table) => table.bytes_read(),
        }
    }

    /// The next row.
    pub fn next(&mut self) -> Result<Option<Row<'_>>, ReadError> {
        match self {
            Self::Csv(table) => table.next(),
            Self::Json(table) => table.next(),
        }
    }
}
