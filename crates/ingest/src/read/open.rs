//! From bytes as stored to UTF-8 text: unpacking, encodings, and a guard against rows without an end.

use std::{
    cell::Cell,
    io::{self, BufReader, Cursor, Read},
    rc::Rc,
};

use encoding_rs::{Decoder, EUC_KR, UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;
use model::Localized;

use super::Files;

/// How much of a file is looked at to find out its encoding and format.
const HEAD: usize = 256 * 1024;
/// No row is longer; a quote that is never closed would otherwise swallow the rest of the file.
const LONGEST_ROW: u64 = 8 * 1024 * 1024;

/// Text of this length in bytes may be packed as tightly as it likes.
const UNPACKED_FREELY: u64 = 64 * 1024 * 1024;
/// Longer text is at most this many times longer than its packed form: tables of real measurements stay far below, a file
/// made to fill a machine does not.
const TIGHTEST: u64 = 250;

/// A format of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Json,
    Ndjson,
}

/// A file as UTF-8 text.
pub(super) struct Opened {
    pub text: Guard,
    pub format: Format,
    /// First bytes of the text.
    pub head: Vec<u8>,
    pub stored: Rc<Cell<u64>>,
}

/// Opens a file and finds out packing, encoding and format.
pub(super) fn open(files: &dyn Files, name: &str, format: &str) -> Result<Opened, Localized> {
    let raw = files.open(name).map_err(|error| cannot_read(&error))?;
    let stored = Rc::new(Cell::new(0));
    let mut raw = BufReader::with_capacity(64 * 1024, Counting { inner: raw, read: Rc::clone(&stored) });
    let magic = head(&mut raw, 2)?;
    let packed = magic == [0x1f, 0x8b];
    let raw = Cursor::new(magic).chain(raw);
    let mut unpacked: Box<dyn Read> = if packed {
        Box::new(Loosely { inner: MultiGzDecoder::new(raw), given: 0, stored: Rc::clone(&stored) })
    } else {
        Box::new(raw)
    };
    let first = head(&mut unpacked, HEAD)?;
    // workbooks new and old, archives
    if first.starts_with(b"PK\x03\x04") || first.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(Localized::new(
            "엑셀이나 ZIP 파일은 읽지 않습니다. CSV(UTF-8)로 저장하거나 압축을 푼 뒤 올려 주세요",
            "Excel and ZIP files are not read; save the table as CSV (UTF-8), or unpack the file first",
        ));
    }
    if first.starts_with(b"%PDF") {
        return Err(Localized::new(
            "PDF 파일에서는 표를 읽지 않습니다. 표를 CSV(UTF-8)로 저장해 올려 주세요",
            "tables are not read from PDF files; save the table as CSV (UTF-8)",
        ));
    }
    let (encoding, bom) = encoding(&first)?;
    if first.len() <= bom {
        return Err(Localized::new(
            "빈 파일입니다. 첫 행에 열 이름이 있는 파일을 올려 주세요",
            "the file is empty; upload one whose first row names its columns",
        ));
    }
    let rest = Cursor::new(first.get(bom..).unwrap_or_default().to_vec()).chain(unpacked);
    let mut text: Box<dyn Read> = match encoding {
        None => Box::new(rest),
        Some(encoding) => Box::new(Transcode::new(rest, encoding.new_decoder_without_bom_handling())),
    };
    let head = head(&mut text, HEAD)?;
    let format = find_format(name, format, &head)?;
    let text = Guard { inner: Box::new(Cursor::new(head.clone()).chain(text)), since: Rc::new(Cell::new(0)) };
    Ok(Opened { text, format, head, stored })
}

/// A failure to read, for a person.
pub(super) fn cannot_read(error: &io::Error) -> Localized {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Localized::new(
            "파일이 중간에 끝났습니다. 다시 받아 주세요",
            "the file ends in the middle; fetch it again",
        ),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => Localized::new(
            format!("파일이 손상되었습니다 ({error})"),
            format!("the file is damaged ({error})"),
        ),
        io::ErrorKind::FileTooLarge => Localized::new(
            "한 행이 8 MiB를 넘습니다. 닫히지 않은 따옴표가 있는지 확인하세요",
            "a row is longer than 8 MiB; look for a quote that is not closed",
        ),
        io::ErrorKind::QuotaExceeded => Localized::new(
            format!("압축을 풀면 {TIGHTEST}배가 넘게 커지는 파일은 읽지 않습니다. 풀어서 나누어 올려 주세요"),
            format!(
                "a file that unpacks to more than {TIGHTEST} times its size is not read; unpack it and split it"
            ),
        ),
        io::ErrorKind::NotFound => Localized::new("파일이 없습니다", "there is no such file"),
        _ => Localized::new(format!("읽을 수 없습니다 ({error})"), format!("cannot be read ({error})")),
    }
}

fn head(reader: &mut impl Read, most: usize) -> Result<Vec<u8>, Localized> {
    let mut head = Vec::with_capacity(most.min(64 * 1024));
    reader.take(most as u64).read_to_end(&mut head).map_err(|error| cannot_read(&error))?;
    Ok(head)
}

/// The encoding to translate from (none for UTF-8) and the length of the byte order mark.
fn encoding(head: &[u8]) -> Result<(Option<&'static encoding_rs::Encoding>, usize), Localized> {
    match head {
        [0xef, 0xbb, 0xbf, ..] => return Ok((None, 3)),
        [0xff, 0xfe, ..] => return Ok((Some(UTF_16LE), 2)),
        [0xfe, 0xff, ..] => return Ok((Some(UTF_16BE), 2)),
        _ => {}
    }
    match std::str::from_utf8(head) {
        Ok(_) => return Ok((None, 0)),
        // a letter cut by the end of what was looked at
        Err(error) if error.error_len().is_none() => return Ok((None, 0)),
        Err(_) => {}
    }
    // the last byte may be the first half of a letter
    let whole = head.get(..head.len().saturating_sub(1)).unwrap_or_default();
    let fits = [head, whole]
        .iter()
        .any(|bytes| EUC_KR.decode_without_bom_handling_and_without_replacement(bytes).is_some());
    if fits {
        return Ok((Some(EUC_KR), 0));
    }
    Err(Localized::new(
        "글자를 읽을 수 없습니다. CSV, JSON, NDJSON 파일을 UTF-8, CP949(EUC-KR), UTF-16으로 읽습니다. 다른 파일이면 CSV(UTF-8)로 저장하세요",
        "the letters cannot be read; CSV, JSON and NDJSON are understood in UTF-8, CP949 (EUC-KR) and UTF-16, save anything else as CSV (UTF-8)",
    ))
}

fn find_format(name: &str, format: &str, head: &[u8]) -> Result<Format, Localized> {
    match format {
        "csv" => return Ok(Format::Csv),
        "json" => return Ok(Format::Json),
        "ndjson" => return Ok(Format::Ndjson),
        "" => {}
        other => {
            return Err(Localized::new(
                format!("'{other}' 형식은 없습니다. csv, json, ndjson 가운데 하나를 쓰세요"),
                format!("there is no format '{other}'; use csv, json or ndjson"),
            ));
        }
    }
    let name = name.to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    if name.ends_with(".ndjson") || name.ends_with(".jsonl") {
        return Ok(Format::Ndjson);
    }
    let first = head.iter().find(|b| !b.is_ascii_whitespace());
    let json = match first {
        Some(b'{') => !name.ends_with(".csv"),
        Some(b'[') => name.ends_with(".json") || !name.ends_with(".csv"),
        _ => name.ends_with(".json"),
    };
    if !json {
        return Ok(Format::Csv);
    }
    // a first line that is an object of its own, with another behind it
    let mut lines = head.split(|b| *b == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let (one, two) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let lined = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(one).is_ok()
        && two.trim_ascii_start().first() == Some(&b'{');
    Ok(if lined { Format::Ndjson } else { Format::Json })
}

/// Unpacked text that fails when it is too much for what was packed.
struct Loosely<R> {
    inner: R,
    given: u64,
    stored: Rc<Cell<u64>>,
}

impl<R: Read> Read for Loosely<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.given > UNPACKED_FREELY && self.given > TIGHTEST.saturating_mul(self.stored.get()) {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        let n = self.inner.read(buf)?;
        self.given += n as u64;
        Ok(n)
    }
}

struct Counting<R> {
    inner: R,
    read: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.read.set(self.read.get() + n as u64);
        Ok(n)
    }
}

/// Text that fails when too much of it is read without a row being finished.
pub(super) struct Guard {
    inner: Box<dyn Read>,
    since: Rc<Cell<u64>>,
}

impl Guard {
    /// Set to 0 whenever a row is finished.
    pub fn since(&self) -> Rc<Cell<u64>> {
        Rc::clone(&self.since)
    }
}

impl Read for Guard {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.since.get() > LONGEST_ROW {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let n = self.inner.read(buf)?;
        self.since.set(self.since.get() + n as u64);
        Ok(n)
    }
}

/// Text of another encoding as UTF-8; what cannot be translated becomes U+FFFD, which refuses its row.
struct Transcode<R> {
    inner: R,
    decoder: Decoder,
    input: Vec<u8>,
    pending: usize,
    output: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Transcode<R> {
    fn new(inner: R, decoder: Decoder) -> Self {
        Self {
            inner,
            decoder,
            input: vec![0; 32 * 1024],
            pending: 0,
            output: Vec::new(),
            given: 0,
            ended: false,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        let n = self.inner.read(self.input.get_mut(self.pending..).unwrap_or_default())?;
        self.ended = n == 0;
        let have = self.pending + n;
        let source = self.input.get(..have).unwrap_or_default();
        let room = self.decoder.max_utf8_buffer_length(have).unwrap_or(4 * have + 16);
        self.output.resize(room, 0);
        let (_, used, written, _) = self.decoder.decode_to_utf8(source, &mut self.output, self.ended);
        self.output.truncate(written);
        self.given = 0;
        self.input.copy_within(used..have, 0);
        self.pending = have - used;
        Ok(())
    }
}

impl<R: Read> Read for Transcode<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.given >= self.output.len() && !self.ended {
            self.fill()?;
        }
        let ready = self.output.get(self.given..).unwrap_or_default();
        let n = ready.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..n), ready.get(..n)) {
            to.copy_from_slice(from);
        }
        self.given += n;
        Ok(n)
    }
}
