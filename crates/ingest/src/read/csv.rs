//! CSV: the separator is found out, the first row is the head.

use std::{cell::Cell, collections::HashMap, rc::Rc};

use csv::{Reader, ReaderBuilder, StringRecord};
use model::Localized;

use super::{
    Cells, MOST_COLUMNS, ReadError, Row,
    open::{Guard, Opened, cannot_read},
    too_wide,
};
use crate::say;

/// An open CSV file.
pub(crate) struct CsvTable {
    reader: Reader<Guard>,
    head: Vec<String>,
    record: StringRecord,
    since: Rc<Cell<u64>>,
    stored: Rc<Cell<u64>>,
}

impl CsvTable {
    pub(super) fn new(opened: Opened) -> Result<Self, Localized> {
        let since = opened.text.since();
        let mut reader = ReaderBuilder::new()
            .delimiter(separator(&opened.head))
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(64 * 1024)
            .from_reader(opened.text);
        let mut record = StringRecord::new();
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => {
                return Err(Localized::new(
                    "머리글 행이 없습니다. 첫 행에 열 이름을 적으세요",
                    "there is no head row; name the columns in the first row",
                ));
            }
            Err(error) => return Err(broken(&error)),
        }
        if record.len() > MOST_COLUMNS {
            return Err(too_wide());
        }
        let mut seen: HashMap<String, usize> = HashMap::new();
        let head = record
            .iter()
            .enumerate()
            .map(|(i, name)| {
                let name = crate::value::tidy(name);
                let name = if name.is_empty() { format!("column {}", i + 1) } else { name.into_owned() };
                let times = seen.entry(name.clone()).or_default();
                *times += 1;
                if *times == 1 { name } else { format!("{name} ({times})") }
            })
            .collect();
        Ok(Self { reader, head, record, since, stored: opened.stored })
    }

    pub(super) fn head(&self) -> &[String] {
        &self.head
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.stored.get()
    }

    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, ReadError> {
        let read = self.reader.read_record(&mut self.record);
        self.since.set(0);
        match read {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => {
                if let csv::ErrorKind::Utf8 { pos, .. } = error.kind() {
                    let line = pos.as_ref().map_or(0, csv::Position::line);
                    return Err(ReadError::Row { line, refusal: say::bad_encoding() });
                }
                return Err(ReadError::File(broken(&error)));
            }
        }
        let line = self.record.position().map_or(0, csv::Position::line);
        if self.record.len() != self.head.len() {
            let refusal = say::wrong_width(self.record.len(), self.head.len());
            return Err(ReadError::Row { line, refusal });
        }
        if self.record.as_slice().contains('\u{fffd}') {
            return Err(ReadError::Row { line, refusal: say::bad_encoding() });
        }
        Ok(Some(Row { line, cells: Cells::Csv(&self.record) }))
    }
}

fn broken(error: &csv::Error) -> Localized {
    match error.kind() {
        csv::ErrorKind::Io(io) => cannot_read(io),
        _ => Localized::new(format!("읽을 수 없습니다 ({error})"), format!("cannot be read ({error})")),
    }
}

/// The separator that cuts the first rows into the same number of columns, the most of them.
fn separator(head: &[u8]) -> u8 {
    let mut best = (0, b',');
    for candidate in [b',', b'\t', b';', b'|'] {
        let mut reader =
            ReaderBuilder::new().delimiter(candidate).has_headers(false).flexible(true).from_reader(head);
        let mut record = csv::ByteRecord::new();
        let mut widths = Vec::new();
        while widths.len() < 10 && reader.read_byte_record(&mut record).unwrap_or(false) {
            widths.push(record.len());
        }
        let Some(&first) = widths.first() else { continue };
        // the head may end inside a row, and a few rows may be damaged
        let like = widths.iter().filter(|width| **width == first).count();
        let score = if first > 1 && like * 3 >= widths.len() * 2 { first } else { 0 };
        if score > best.0 {
            best = (score, candidate);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_found_out() {
        assert_eq!(separator(b"a,b,c\n1,2,3\n"), b',');
        assert_eq!(separator(b"a;b\n1,5;2,5\n"), b';');
        assert_eq!(separator("이름\t코드\n웹, 서버\tw-1\n".as_bytes()), b'\t');
        assert_eq!(separator(b"a|b|c\nx,y|2|3\n"), b'|');
        assert_eq!(separator(b"only\n1\n"), b',');
        assert_eq!(separator(b"a,j\n1,\"{\"\"x\"\":1;2|3}\"\n"), b',');
    }
}
