//! JSON as rows: an array, the arrays of one object (`{"items": [...]}`), or one object per line.

use std::{
    cell::Cell,
    io::{self, BufRead, BufReader},
    rc::Rc,
};

use model::Localized;
use serde_json::Value;

use super::{
    Cells, ReadError, Row,
    open::{Format, Guard, Opened, cannot_read},
};
use crate::say;

/// An open JSON file.
pub(crate) struct JsonTable {
    text: BufReader<Guard>,
    lined: bool,
    state: State,
    line: u64,
    row: Vec<u8>,
    value: Value,
    found_list: bool,
    since: Rc<Cell<u64>>,
    stored: Rc<Cell<u64>>,
}

/// Where the reader stands in a file that is one JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the value.
    Before,
    /// In the outer object, between its entries.
    Object,
    /// In a list of rows; whether the list is an entry of the outer object.
    List { inner: bool },
    /// Behind the value.
    Behind,
}

impl JsonTable {
    pub(super) fn new(opened: Opened) -> Self {
        let since = opened.text.since();
        Self {
            text: BufReader::with_capacity(64 * 1024, opened.text),
            lined: opened.format == Format::Ndjson,
            state: State::Before,
            line: 1,
            row: Vec::new(),
            value: Value::Null,
            found_list: false,
            since,
            stored: opened.stored,
        }
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.stored.get()
    }

    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, ReadError> {
        let line = if self.lined { self.next_line()? } else { self.next_element()? };
        self.since.set(0);
        let Some(line) = line else { return Ok(None) };
        let start = || String::from_utf8_lossy(self.row.get(..200).unwrap_or(&self.row)).into_owned();
        match serde_json::from_slice::<Value>(&self.row) {
            Ok(value @ Value::Object(_)) => self.value = value,
            Ok(_) => return Err(ReadError::Row { line, refusal: say::not_a_row(&start()) }),
            Err(_) if std::str::from_utf8(&self.row).is_err() => {
                return Err(ReadError::Row { line, refusal: say::bad_encoding() });
            }
            Err(_) => return Err(ReadError::Row { line, refusal: say::bad_json("", &start()) }),
        }
        Ok(Some(Row { line, cells: Cells::Json(&self.value) }))
    }

    /// The next line that is not blank, into `row`.
    fn next_line(&mut self) -> Result<Option<u64>, ReadError> {
        loop {
            self.row.clear();
            let n =
                self.text.read_until(b'\n', &mut self.row).map_err(|e| ReadError::File(cannot_read(&e)))?;
            if n == 0 {
                return Ok(None);
            }
            let line = self.line;
            self.line += 1;
            if !self.row.trim_ascii().is_empty() {
                return Ok(Some(line));
            }
        }
    }

    /// The next element of a list, into `row`.
    fn next_element(&mut self) -> Result<Option<u64>, ReadError> {
        loop {
            let byte = self.skip_blank()?;
            match (self.state, byte) {
                (State::Before, Some(b'[')) => self.enter(State::List { inner: false })?,
                (State::Before, Some(b'{')) => self.enter(State::Object)?,
                (State::Object, Some(b'}')) if !self.found_list => return Err(self.no_rows()),
                (State::Object, Some(b'}')) | (State::List { inner: false }, Some(b']')) => {
                    self.enter(State::Behind)?;
                }
                (State::Object, Some(b',')) | (State::List { .. }, Some(b',')) => {
                    self.bump()?;
                }
                (State::Object, Some(b'"')) => {
                    self.take_value()?;
                    if self.skip_blank()? != Some(b':') {
                        return Err(self.damaged());
                    }
                    self.bump()?;
                    if self.skip_blank()? == Some(b'[') {
                        self.enter(State::List { inner: true })?;
                    } else {
                        self.take_value()?;
                    }
                }
                (State::List { inner: true }, Some(b']')) => self.enter(State::Object)?,
                (State::List { .. }, Some(_)) => {
                    let line = self.line;
                    self.take_value()?;
                    return Ok(Some(line));
                }
                (State::Behind, _) => return Ok(None),
                (State::Before, _) => return Err(self.no_rows()),
                (State::Object | State::List { .. }, _) => return Err(self.damaged()),
            }
        }
    }

    fn enter(&mut self, state: State) -> Result<(), ReadError> {
        self.bump()?;
        self.found_list |= matches!(state, State::List { .. });
        self.state = state;
        Ok(())
    }

    /// Takes one whole value (or key) into `row`, by brackets and quotes alone; its inside is checked by the parser.
    fn take_value(&mut self) -> Result<(), ReadError> {
        self.row.clear();
        let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
        loop {
            let buffer = match self.text.fill_buf() {
                Ok([]) => return Err(self.damaged()),
                Ok(buffer) => buffer,
                Err(error) => return Err(ReadError::File(cannot_read(&error))),
            };
            let mut used = 0;
            let mut done = false;
            for &byte in buffer {
                if quoted {
                    used += 1;
                    match byte {
                        _ if escaped => escaped = false,
                        b'\\' => escaped = true,
                        b'"' => {
                            quoted = false;
                            done = depth == 0;
                        }
                        _ => {}
                    }
                } else {
                    if depth == 0 && used + self.row.len() > 0 && matches!(byte, b',' | b']' | b'}' | b':') {
                        done = true;
                        break;
                    }
                    used += 1;
                    match byte {
                        b'"' => quoted = true,
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => {
                            depth = depth.saturating_sub(1);
                            done = depth == 0;
                        }
                        _ => {}
                    }
                }
                if byte == b'\n' {
                    self.line += 1;
                }
                if done {
                    break;
                }
            }
            self.row.extend_from_slice(buffer.get(..used).unwrap_or_default());
            self.text.consume(used);
            if done {
                return Ok(());
            }
        }
    }

    /// The next byte that is not blank, not taken.
    fn skip_blank(&mut self) -> Result<Option<u8>, ReadError> {
        loop {
            let byte = self.peek().map_err(|error| ReadError::File(cannot_read(&error)))?;
            match byte {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.bump()?,
                other => return Ok(other),
            }
        }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.text.fill_buf()?.first().copied())
    }

    fn bump(&mut self) -> Result<(), ReadError> {
        if self.peek().map_err(|error| ReadError::File(cannot_read(&error)))? == Some(b'\n') {
            self.line += 1;
        }
        self.text.consume(1);
        Ok(())
    }

    fn damaged(&self) -> ReadError {
        let line = self.line;
        ReadError::File(Localized::new(
            format!("{line}행에서 JSON이 끊기거나 어긋났습니다. 괄호와 쉼표를 확인하세요"),
            format!("the JSON breaks off or goes wrong at line {line}; check brackets and commas"),
        ))
    }

    fn no_rows(&self) -> ReadError {
        ReadError::File(Localized::new(
            "행의 목록이 없습니다. JSON은 [{…}, …] 또는 {\"items\": [{…}, …]} 모양이어야 합니다",
            "there is no list of rows; JSON has to look like [{…}, …] or {\"items\": [{…}, …]}",
        ))
    }
}
