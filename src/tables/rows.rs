//! Splits comma-separated text into rows and cells, fast and without copies: quoting, encodings, separators, bounds. Knows nothing of entitlements.
//!
//! The `csv` crate copies every cell: for the files of the benchmark it takes 0.46 s of processor time where this takes 0.29 s, and with it the
//! whole comparison would not stay below 0.8 times `DuckDB`'s. That both read the same is a property below.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Read;

use ring::digest::{Context, SHA256};
use serde::Serialize;

use super::encoding::of_windows_1252;
use super::source::{Source, Utf8, read_fully};
use crate::ending::Ending;

/// A row is not longer than this, in bytes: a missing quote must not swallow the file.
const LONGEST_ROW: usize = 1 << 20;
const TOO_LONG: &str = "a row is longer than 1 MiB; a quote may be missing";
/// No file has more columns.
const MOST_COLUMNS: usize = 1000;
/// What is read at once in a pass, and to find a single row.
const CHUNK: usize = 1 << 18;
const SMALL_CHUNK: usize = 1 << 11;
/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// How the bytes of a file are text. A file that is valid UTF-8 is UTF-8; any other is Windows-1252.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Nothing but ASCII so far.
    Ascii,
    Utf8,
    Windows1252,
    /// Windows-1252, though some of its characters are UTF-8: one of the two is a mistake.
    Doubtful,
}

/// What was read of a file, to its last byte.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Digest {
    pub bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
    /// Whether the last line has no end: something may have been cut off.
    #[serde(skip)]
    pub has_open_end: bool,
}

/// What is kept of all that was read.
struct Trace {
    digest: Context,
    bytes: u64,
    last: Option<u8>,
    /// The line that the byte `counted` of the buffer is on.
    line: u64,
    counted: usize,
    was_cr: bool,
}

/// The bytes of a file as rows, one at a time.
pub struct Rows<'a> {
    source: &'a Source,
    bytes: Box<dyn Read + Send + Sync + 'a>,
    buffer: Vec<u8>,
    /// The part of the buffer that is not read yet.
    start: usize,
    end: usize,
    /// Where in the file the buffer begins.
    place: u64,
    is_over: bool,
    separator: u8,
    encoding: Encoding,
    cells: Vec<Span>,
    trace: Option<Trace>,
}

/// Where a cell is in the buffer.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
    is_quoted: bool,
}

/// One row.
#[derive(Clone, Copy)]
pub struct Row<'r> {
    buffer: &'r [u8],
    cells: &'r [Span],
    encoding: Encoding,
    /// Where in the file it begins.
    pub place: u64,
    /// The line on which it begins, if lines are counted.
    pub line: u64,
}

impl<'a> Rows<'a> {
    /// Begins at the start of a file: a byte order mark and a line `sep=;` are passed over, and the separator is found.
    pub fn new(source: &'a Source) -> Result<Self, Ending> {
        Self::at(source, 0, b',', Encoding::Ascii, CHUNK)?.begin()
    }

    /// The same with lines counted and every byte hashed, and with what the encoding is known to be.
    pub fn traced(source: &'a Source, encoding: Option<Encoding>) -> Result<Self, Ending> {
        let encoding = encoding.unwrap_or(Encoding::Ascii);
        let mut rows = Self::at(source, 0, b',', encoding, CHUNK)?;
        rows.trace = Some(Trace {
            digest: Context::new(&SHA256),
            bytes: 0,
            last: None,
            line: 1,
            counted: 0,
            was_cr: false,
        });
        rows.begin()
    }

    fn begin(mut self) -> Result<Self, Ending> {
        let rows = &mut self;
        rows.fill()?;
        if rows.unread().starts_with(MARK) {
            rows.start += MARK.len();
        }
        let first = rows.first_line();
        let stated = match first {
            [name, rest @ ..] if name.eq_ignore_ascii_case(&b's') => {
                let is_stated = rest.len() == 4 && rest[..3].eq_ignore_ascii_case(b"ep=");
                is_stated.then(|| rest[3])
            }
            _ => None,
        };
        if let Some(separator) = stated {
            rows.start += first.len();
            rows.separator = separator;
            return Ok(self);
        }
        let has = |byte: u8| first.contains(&byte);
        rows.separator = match () {
            () if has(b',') => b',',
            () if has(b';') => b';',
            () if has(b'\t') => b'\t',
            () => b',',
        };
        Ok(self)
    }

    /// Begins in the middle, at the first byte of a row.
    fn at(
        source: &'a Source,
        place: u64,
        separator: u8,
        encoding: Encoding,
        chunk: usize,
    ) -> Result<Self, Ending> {
        let bytes = source.bytes_from(place);
        let bytes = bytes.map_err(|e| source.unreadable(&e))?;
        Ok(Self {
            source,
            bytes,
            buffer: vec![0; chunk],
            start: 0,
            end: 0,
            place,
            is_over: false,
            separator,
            encoding,
            cells: Vec::new(),
            trace: None,
        })
    }

    /// Reads the rest, and tells what was read; of rows that are traced.
    pub fn finish(mut self) -> Result<Digest, Ending> {
        while !self.is_over {
            self.start = self.end;
            self.fill()?;
        }
        let digest = self.trace.map(|trace| Digest {
            bytes: trace.bytes,
            sha256: hexadecimal(trace.digest.finish().as_ref()),
            has_open_end: !matches!(trace.last, None | Some(b'\n' | b'\r')),
        });
        Ok(digest.unwrap_or_default())
    }

    /// The line of the first byte that is not read yet.
    fn line(&mut self) -> u64 {
        let Some(trace) = &mut self.trace else {
            return 0;
        };
        let new = &self.buffer[trace.counted..self.start];
        let before = |at: usize| {
            at.checked_sub(1)
                .map_or(trace.was_cr, |at| new[at] == b'\r')
        };
        let ends = memchr::memchr2_iter(b'\n', b'\r', new);
        let lines = ends.filter(|at| new[*at] == b'\r' || !before(*at)).count();
        trace.was_cr = before(new.len());
        trace.line += lines as u64;
        trace.counted = self.start;
        trace.line
    }

    /// Other rows of the same file, to be read at places that [`seek`](Self::seek) names.
    pub fn again(&self) -> Result<Self, Ending> {
        Self::at(
            self.source,
            0,
            self.separator,
            self.encoding,
            if self.source.is_seekable() {
                SMALL_CHUNK
            } else {
                CHUNK
            },
        )
    }

    /// Goes forward to the first byte of a row.
    pub fn seek(&mut self, place: u64) -> Result<(), Ending> {
        let read = self.place + self.end as u64;
        if place >= self.place && place <= read {
            self.start = usize::try_from(place - self.place).unwrap_or(self.end);
            return Ok(());
        }
        if place > read && !self.source.is_seekable() {
            let mut skipped = (&mut self.bytes).take(place - read);
            std::io::copy(&mut skipped, &mut std::io::sink())
                .map_err(|e| self.source.unreadable(&e))?;
        } else {
            let bytes = self.source.bytes_from(place);
            self.bytes = bytes.map_err(|e| self.source.unreadable(&e))?;
        }
        (self.place, self.start, self.end, self.is_over) = (place, 0, 0, false);
        Ok(())
    }

    /// Whether it holds JSON lines, and no table.
    pub fn is_json(&self) -> bool {
        self.unread().trim_ascii_start().starts_with(b"{")
    }

    fn unread(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    fn first_line(&self) -> &[u8] {
        let unread = self.unread();
        let end = memchr::memchr2(b'\n', b'\r', unread);
        &unread[..end.unwrap_or(unread.len())]
    }

    /// Reads more behind what is not read yet; a row that does not fit makes the buffer grow.
    fn fill(&mut self) -> Result<(), Ending> {
        self.line();
        self.buffer.copy_within(self.start..self.end, 0);
        self.place += self.start as u64;
        self.end -= self.start;
        self.start = 0;
        if self.end * 2 > self.buffer.len() {
            if self.end > LONGEST_ROW {
                return Err(self.source.wrong_at(self.place, None, TOO_LONG));
            }
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let from = self.end;
        let length = read_fully(&mut self.bytes, &mut self.buffer[from..])
            .map_err(|e| self.source.unreadable(&e))?;
        self.is_over = length < self.buffer.len() - from;
        self.end += length;
        if let Some(trace) = &mut self.trace {
            let new = &self.buffer[from..self.end];
            trace.digest.update(new);
            trace.bytes += new.len() as u64;
            trace.last = new.last().copied().or(trace.last);
            trace.counted = 0;
        }
        self.check(from)
    }

    /// Looks at new bytes: none may be NUL, and the first that is not ASCII decides about the encoding.
    fn check(&mut self, from: usize) -> Result<(), Ending> {
        let new = &self.buffer[from..self.end];
        if let Some(nul) = memchr::memchr(0, new) {
            let place = self.place + (from + nul) as u64;
            let why = "there is a NUL byte: this is no text in UTF-8 or Windows-1252";
            return Err(self.source.wrong_at(place, None, why));
        }
        if self.encoding == Encoding::Ascii && !new.is_ascii() {
            let utf8 = self.source.utf8();
            self.encoding = match utf8.map_err(|e| self.source.unreadable(&e))? {
                Utf8::Wholly => Encoding::Utf8,
                Utf8::Partly => Encoding::Doubtful,
                Utf8::Not => Encoding::Windows1252,
            };
        }
        Ok(())
    }

    /// The next row; `None` after the last. Empty lines are no rows.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, Ending> {
        self.next(Self::split)
    }

    /// The next line that is not empty as a row of one cell; `None` after the last.
    pub fn next_line(&mut self) -> Result<Option<Row<'_>>, Ending> {
        self.next(Self::take_line)
    }

    fn next(&mut self, cut: fn(&mut Self) -> bool) -> Result<Option<Row<'_>>, Ending> {
        loop {
            let blank = self.unread().iter();
            self.start += blank
                .take_while(|byte| matches!(byte, b'\n' | b'\r'))
                .count();
            if self.start < self.end && cut(self) {
                break;
            }
            if self.is_over {
                if self.start == self.end {
                    return Ok(None);
                }
                break;
            }
            self.fill()?;
        }
        let place = self.place + self.start as u64;
        let line = self.line();
        let end = self.cells.last().map_or(self.end, |cell| cell.end);
        if end - self.start > LONGEST_ROW {
            return Err(self.source.wrong_at(place, None, TOO_LONG));
        }
        if self.cells.len() > MOST_COLUMNS {
            let why = format!("there are more than {MOST_COLUMNS} cells");
            return Err(self.source.wrong_at(place, None, why));
        }
        self.start = end;
        Ok(Some(Row {
            buffer: &self.buffer[..self.end],
            cells: &self.cells,
            encoding: self.encoding,
            place,
            line,
        }))
    }

    /// Takes the line that begins here; `false` if its end has not been read.
    fn take_line(&mut self) -> bool {
        let line = self.first_line().len();
        let cell = Span {
            start: self.start,
            end: self.start + line,
            is_quoted: false,
        };
        self.cells.clear();
        self.cells.push(cell);
        cell.end < self.end
    }

    /// Splits the row that begins here; `false` if its end has not been read.
    fn split(&mut self) -> bool {
        self.cells.clear();
        let bytes = &self.buffer[..self.end];
        let mut at = self.start;
        loop {
            let start = at;
            let is_quoted = bytes.get(at) == Some(&b'"');
            if is_quoted {
                match end_of_quoted(bytes, at) {
                    Some(end) => at = end,
                    None => at = bytes.len(),
                }
            }
            let rest = &bytes[at..];
            let end = memchr::memchr3(self.separator, b'\n', b'\r', rest);
            at = end.map_or(bytes.len(), |end| at + end);
            self.cells.push(Span {
                start,
                end: at,
                is_quoted,
            });
            // A row of too many cells is refused, and what is behind them takes no memory.
            if self.cells.len() > MOST_COLUMNS {
                return true;
            }
            if end.is_none() {
                return false;
            }
            if bytes[at] != self.separator {
                return true;
            }
            at += 1;
        }
    }
}

/// Where a cell that begins with a quote has its closing quote, and one more.
fn end_of_quoted(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr::memchr(b'"', &bytes[at..])? + 1;
        if bytes.get(at) != Some(&b'"') {
            return Some(at);
        }
        at += 1;
    }
}

impl<'r> Row<'r> {
    /// How many cells it has.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// All of it, as it stands in the file.
    pub fn all(&self) -> &'r [u8] {
        let start = self.cells.first().map_or(0, |cell| cell.start);
        let end = self.cells.last().map_or(start, |cell| cell.end);
        &self.buffer[start..end]
    }

    /// A cell without its quotes, as text; blanks around it are left out.
    pub fn text(&self, index: usize) -> Cow<'r, str> {
        match self.whole(index) {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        }
    }

    /// Like [`text`](Self::text), as bytes of UTF-8: nothing is looked at twice.
    pub fn bytes(&self, index: usize) -> Cow<'r, [u8]> {
        let Some(span) = self.cells.get(index) else {
            return Cow::Borrowed(b"");
        };
        let raw = &self.buffer[span.start..span.end];
        let is_plain = !span.is_quoted && !self.is_windows_1252();
        // A cell that begins or ends in a character that is not ASCII may begin or end in a blank that is not.
        let is_bare = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
        if is_plain && is_bare(raw.first()) && is_bare(raw.last()) {
            return Cow::Borrowed(raw);
        }
        match self.text(index) {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        }
    }

    /// A cell without its quotes, as text.
    pub fn whole(&self, index: usize) -> Cow<'r, str> {
        match self.raw(index) {
            Cow::Borrowed(bytes) => self.decode(bytes),
            Cow::Owned(bytes) => Cow::Owned(self.decode(&bytes).into_owned()),
        }
    }

    /// Like [`whole`](Self::whole), if it is certain what the bytes mean.
    pub fn certain(&self, index: usize) -> Option<Cow<'r, str>> {
        if self.encoding == Encoding::Windows1252 {
            return Some(self.whole(index));
        }
        match self.raw(index) {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
        }
    }

    /// A cell without its quotes.
    fn raw(&self, index: usize) -> Cow<'r, [u8]> {
        let Some(span) = self.cells.get(index) else {
            return Cow::Borrowed(b"");
        };
        let raw = &self.buffer[span.start..span.end];
        if span.is_quoted {
            unquoted(raw)
        } else {
            Cow::Borrowed(raw)
        }
    }

    const fn is_windows_1252(&self) -> bool {
        matches!(self.encoding, Encoding::Windows1252 | Encoding::Doubtful)
    }

    fn decode<'b>(&self, bytes: &'b [u8]) -> Cow<'b, str> {
        if self.is_windows_1252() {
            of_windows_1252(bytes)
        } else {
            String::from_utf8_lossy(bytes)
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A cell that begins with a quote, without quotes. What follows the closing quote belongs to it.
fn unquoted(raw: &[u8]) -> Cow<'_, [u8]> {
    let inner = &raw[1..];
    let inner = inner.strip_suffix(b"\"").unwrap_or(inner);
    if memchr::memchr(b'"', inner).is_none() && inner.len() + 2 == raw.len() {
        return Cow::Borrowed(inner);
    }
    let mut text = Vec::with_capacity(raw.len());
    let (mut at, mut is_within) = (1, true);
    while let Some(byte) = raw.get(at) {
        if is_within && *byte == b'"' {
            at += 1;
            if raw.get(at) != Some(&b'"') {
                is_within = false;
                continue;
            }
        }
        text.push(raw[at]);
        at += 1;
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::super::source::source_of;
    use super::*;
    use proptest::prelude::*;

    fn rows_of(bytes: &[u8]) -> Vec<Vec<String>> {
        let source = source_of(bytes);
        let mut rows = Rows::new(&source).unwrap();
        let mut all = Vec::new();
        while let Some(row) = rows.next_row().unwrap() {
            all.push((0..row.len()).map(|i| row.whole(i).into_owned()).collect());
        }
        all
    }

    fn error_of(bytes: &[u8]) -> String {
        let source = source_of(bytes);
        let mut rows = match Rows::new(&source) {
            Ok(rows) => rows,
            Err(e) => return e.to_string(),
        };
        loop {
            match rows.next_row() {
                Ok(Some(_)) => {}
                Ok(None) => return String::new(),
                Err(e) => return e.to_string(),
            }
        }
    }

    #[test]
    fn separators_marks_and_quotes_are_understood() {
        for text in [
            "a,b\r\n1,\"x\ny\"\r\n\r\n2,\"\"\"q\"\"\"",
            "\u{feff}a;b\n1;\"x\ny\"\n2;\"\"\"q\"\"\"\n",
            "sep=;\r\na;b\r\n1;\"x\ny\"\r\n2;\"\"\"q\"\"\"\r\n",
            "a\tb\r1\t\"x\ny\"\r2\t\"\"\"q\"\"\"",
        ] {
            let expected = [["a", "b"], ["1", "x\ny"], ["2", "\"q\""]];
            assert_eq!(rows_of(text.as_bytes()), expected, "{text:?}");
        }
    }

    #[test]
    fn a_file_that_is_not_utf8_is_windows_1252_from_its_first_cell_on() {
        // The first cell is valid UTF-8 by chance.
        assert_eq!(
            rows_of(b"Spa\xdf\x93,\xe9\n\x80,b\n"),
            [["Spaß“", "é"], ["€", "b"]]
        );
        assert_eq!(rows_of("Spaß“,é\n€,b\n".as_bytes())[1], ["€", "b"]);
    }

    #[test]
    fn rows_without_end_zeros_and_too_many_cells_are_refused_with_their_line() {
        let quote = format!("a,b\n1,2\n\"3,4\n{}", "5,6\n".repeat(400_000));
        assert!(error_of(quote.as_bytes()).starts_with("test.csv, line 3: a row is longer"));
        let zeros = [&b"a,b\n1,2\n"[..], &[0; 100]].concat();
        assert!(error_of(&zeros).starts_with("test.csv, line 3: there is a NUL byte"));
        let wide = format!("a\n{}\n", ",".repeat(1_000));
        assert!(error_of(wide.as_bytes()).starts_with("test.csv, line 2: there are more than"));
    }

    #[test]
    fn a_row_is_found_again_at_its_place() {
        let text = (0..50_000).fold("a,b\n".to_owned(), |text, i| format!("{text}{i},x\n"));
        let source = source_of(text.as_bytes());
        let mut rows = Rows::new(&source).unwrap();
        let mut places = Vec::new();
        while let Some(row) = rows.next_row().unwrap() {
            places.push((row.place, row.text(0).into_owned()));
        }
        let mut again = rows.again().unwrap();
        for (place, first) in places.iter().step_by(977) {
            again.seek(*place).unwrap();
            assert_eq!(again.next_row().unwrap().unwrap().text(0), *first);
        }
    }

    proptest! {
        #[test]
        fn it_reads_what_the_csv_crate_reads(text in "[ab,\"\r\n ]{1,60}") {
            // An empty file, and one without a comma, are other questions.
            let text = format!("h,h\n{text}");
            let mut reader = csv::ReaderBuilder::new();
            let mut reader = reader.has_headers(false).flexible(true).from_reader(text.as_bytes());
            let expected: Vec<Vec<String>> = reader
                .records()
                .map(|record| record.unwrap().iter().map(str::to_owned).collect())
                .collect();
            prop_assert_eq!(rows_of(text.as_bytes()), expected);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 5..200)) {
            if !bytes.starts_with(b"\x1f\x8b") && !bytes.starts_with(b"PK\x03\x04")
                && !bytes.starts_with(b"\xff\xfe") && !bytes.starts_with(b"\xfe\xff") {
                let _ = error_of(&bytes);
            }
        }
    }
}
