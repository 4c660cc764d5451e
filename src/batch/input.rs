//! The file of rows: opens it, and reads it from the start, record by record, as often as it takes.
//! Hashes every byte, knows the line of each record, and lets no row grow without bound.

use std::collections::{HashSet, VecDeque};
use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use ring::digest::{Context, SHA256};
use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::parser::{ColumnName, RowParser};
use super::row::{InputRow, Problem, RowSource};
use crate::api::json;
use crate::ending::Ending;

/// No input has more columns.
const MOST_COLUMNS: usize = 1000;
/// A row is not longer than this, in bytes: a missing quote must not swallow the file.
const LONGEST_ROW: u64 = 1 << 20;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, with a header.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

impl Format {
    pub fn of_name(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            _ => None,
        }
    }

    pub fn parse(text: &str) -> Result<Self, &'static str> {
        [Self::Csv, Self::JsonLines]
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or("it must be csv or jsonl")
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }
}

#[derive(Debug)]
pub struct Input {
    pub path: PathBuf,
    pub format: Format,
    /// Whether an unknown column is a field of the body.
    pub extra_fields: bool,
    /// The file itself; without a name if the input was a stream.
    pub file: File,
}

impl Input {
    /// Opens a file for several passes.
    pub fn open(path: &Path, format: Format, extra_fields: bool) -> Result<Self, Ending> {
        let unreadable = |why: String| Ending::usage(format!("{} {why}", path.display()));
        let cannot = |e: io::Error| unreadable(format!("cannot be read: {e}"));
        let file = File::open(path).map_err(cannot)?;
        if !file.metadata().map_err(cannot)?.is_file() {
            return Err(unreadable(
                "is not a file; give - to read a stream".to_owned(),
            ));
        }
        Ok(Self {
            path: path.to_owned(),
            format,
            extra_fields,
            file,
        })
    }

    /// Keeps a stream in a file without a name in this folder, for several passes; it is gone when the run is.
    pub fn keep(
        mut stream: impl Read,
        folder: &Path,
        format: Format,
        extra_fields: bool,
    ) -> Result<Self, Ending> {
        let failed = |e: io::Error| {
            let folder = folder.display();
            Ending::usage(format!("standard input cannot be kept in {folder}: {e}"))
        };
        let mut file = tempfile::tempfile_in(folder).map_err(failed)?;
        io::copy(&mut stream, &mut file).map_err(failed)?;
        Ok(Self {
            path: "standard input".into(),
            format,
            extra_fields,
            file,
        })
    }

    /// Begins a pass. Only one may be under way at a time.
    pub fn pass<'a>(&'a self, parser: &'a RowParser) -> Result<Pass<'a>, Ending> {
        let reader = Reader::new(&self.file, self.format);
        let reader = reader.map_err(|e| self.unreadable(&e))?;
        let records = match self.format {
            Format::Csv => Records::Csv(Box::new(Csv::new(reader, self)?)),
            Format::JsonLines => {
                Records::JsonLines(Box::new(JsonLines::new(reader, self.extra_fields)))
            }
        };
        Ok(Pass {
            input: self,
            parser,
            records,
            number: 0,
        })
    }

    fn unreadable(&self, e: &io::Error) -> Ending {
        Ending::usage(format!("{} cannot be read: {e}", self.path.display()))
    }

    /// The names of the columns, as the input has them; none for JSON lines.
    pub fn header(&self, parser: &RowParser) -> Result<Vec<String>, Ending> {
        Ok(match self.pass(parser)?.records {
            Records::Csv(csv) => csv.names,
            Records::JsonLines(_) => Vec::new(),
        })
    }
}

/// What one pass over the input has seen of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Digest {
    pub bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
}

/// One pass over the input, from its first row to its last.
pub struct Pass<'a> {
    input: &'a Input,
    parser: &'a RowParser,
    records: Records<'a>,
    number: u32,
}

enum Records<'a> {
    Csv(Box<Csv<'a>>),
    JsonLines(Box<JsonLines<'a>>),
}

impl Pass<'_> {
    /// The next row, or all that is wrong with it; `None` after the last. Fails if nothing more can be read.
    pub fn next_row(&mut self) -> Result<Option<Result<InputRow, Vec<Problem>>>, Ending> {
        let record = match &mut self.records {
            Records::Csv(csv) => csv.next_record(),
            Records::JsonLines(lines) => lines.next_record(),
        };
        let Some(record) = record.map_err(|e| self.input.unreadable(&e))? else {
            return Ok(None);
        };
        self.number = self
            .number
            .checked_add(1)
            .ok_or_else(|| Ending::usage("the input has more than 4,294,967,295 rows"))?;
        Ok(Some(record.and_then(|(line, cells, source)| {
            self.parser.read((self.number, line), cells, source)
        })))
    }

    /// Reads the rest and tells what was seen, to the last byte.
    pub fn finish(self) -> Result<Digest, Ending> {
        let reader = match self.records {
            Records::Csv(csv) => csv.reader.into_inner(),
            Records::JsonLines(lines) => lines.reader.into_inner(),
        };
        reader.finish().map_err(|e| self.input.unreadable(&e))
    }
}

/// Reads the file, hashes what it reads, counts lines, and how long the present row has become.
struct Reader<'a> {
    file: BufReader<&'a File>,
    digest: Context,
    bytes: u64,
    since_row: u64,
    lines: Option<LineStarts>,
}

impl<'a> Reader<'a> {
    /// Begins at the first byte that is not a byte order mark.
    fn new(mut file: &'a File, format: Format) -> io::Result<Self> {
        file.seek(SeekFrom::Start(0))?;
        let mut reader = Self {
            file: BufReader::with_capacity(1 << 16, file),
            digest: Context::new(&SHA256),
            bytes: 0,
            since_row: 0,
            lines: None,
        };
        // A file of one or two bytes is shorter than its mark, and the buffer holds more than three.
        if reader.file.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
            reader.read_exact(&mut [0; 3])?;
        }
        reader.lines = (format == Format::Csv).then(LineStarts::default);
        Ok(reader)
    }

    fn end_row(&mut self) {
        self.since_row = 0;
    }

    /// The line of the record that begins at this byte or, behind line ends, after it.
    fn line_of(&mut self, byte: u64) -> u64 {
        self.lines.as_mut().map_or(0, |lines| lines.of(byte))
    }

    fn finish(mut self) -> io::Result<Digest> {
        self.lines = None;
        loop {
            self.end_row();
            if self.read(&mut [0; 1 << 13])? == 0 {
                break;
            }
        }
        let sha256 = self.digest.finish();
        Ok(Digest {
            sha256: hexadecimal(sha256.as_ref()),
            bytes: self.bytes,
        })
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.digest.update(&buffer[..count]);
        if let Some(lines) = &mut self.lines {
            lines.add(&buffer[..count]);
        }
        self.bytes += count as u64;
        self.since_row += count as u64;
        // What was read ahead of the row's end belongs to the next row, so the bound is not sharp.
        if self.since_row > LONGEST_ROW + (1 << 16) {
            return Err(io::Error::other(
                "a row is longer than 1 MiB; a quote may be missing",
            ));
        }
        Ok(count)
    }
}

/// Where the lines that are not empty begin, as far as they were read ahead: the CSV reader knows its byte, and not its line.
#[derive(Default)]
struct LineStarts {
    starts: VecDeque<(u64, u64)>,
    byte: u64,
    /// Line ends so far; CR LF is one.
    ends: u64,
    is_within: bool,
    was_cr: bool,
}

impl LineStarts {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match byte {
                b'\n' if self.was_cr => self.was_cr = false,
                b'\n' | b'\r' => {
                    self.ends += 1;
                    self.is_within = false;
                    self.was_cr = *byte == b'\r';
                }
                _ if self.is_within => {}
                _ => {
                    self.starts.push_back((self.byte, self.ends + 1));
                    self.is_within = true;
                    self.was_cr = false;
                }
            }
            self.byte += 1;
        }
    }

    fn of(&mut self, byte: u64) -> u64 {
        while self.starts.front().is_some_and(|(start, _)| *start < byte) {
            self.starts.pop_front();
        }
        self.starts.front().map_or(self.ends + 1, |(_, line)| *line)
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A record before it is a row: its line, its cells, and the record as it was.
type Record = Result<(u64, Vec<(ColumnName, Value)>, RowSource), Vec<Problem>>;

/// Comma-separated records under a header.
struct Csv<'a> {
    reader: csv::Reader<Reader<'a>>,
    /// The header as it is written.
    names: Vec<String>,
    columns: Vec<ColumnName>,
    record: csv::ByteRecord,
}

impl<'a> Csv<'a> {
    fn new(reader: Reader<'a>, input: &Input) -> Result<Self, Ending> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(reader);
        let mut record = csv::ByteRecord::new();
        let read = reader.read_byte_record(&mut record);
        let has_header = read.map_err(|e| input.unreadable(&e.into()))?;
        let line = reader.get_mut().line_of(0);
        let wrong =
            |column: Option<&str>, why: &str| Ending::from(Problem::new(line, column, None, why));
        if !has_header {
            let why = "the input is empty; the first line names the columns";
            return Err(wrong(None, why));
        }
        let names: Result<Vec<_>, _> = record.iter().map(std::str::from_utf8).collect();
        let names = names.map_err(|_| wrong(None, "the header is not UTF-8"))?;
        let columns = columns(names.iter().copied(), input.extra_fields)
            .map_err(|(column, why)| wrong(column.as_deref(), &why))?;
        let names = names.into_iter().map(str::to_owned).collect();
        reader.get_mut().end_row();
        Ok(Self {
            reader,
            names,
            columns,
            record,
        })
    }

    fn next_record(&mut self) -> io::Result<Option<Record>> {
        let begin = self.reader.position().byte();
        if !self.reader.read_byte_record(&mut self.record)? {
            return Ok(None);
        }
        let reader = self.reader.get_mut();
        reader.end_row();
        let line = reader.line_of(begin);
        Ok(Some(self.cells(line)))
    }

    fn cells(&self, line: u64) -> Record {
        if self.record.len() != self.columns.len() {
            let (has, names) = (self.record.len(), self.columns.len());
            let why = format!("the row has {has} cells, but the header names {names}");
            return Err(vec![Problem::new(line, None, None, why)]);
        }
        if self
            .record
            .iter()
            .eq(self.names.iter().map(String::as_bytes))
        {
            let why = "the row is the header again";
            return Err(vec![Problem::new(line, None, None, why)]);
        }
        let mut cells = Vec::with_capacity(self.columns.len());
        let mut source = Vec::with_capacity(self.columns.len());
        for (column, bytes) in self.columns.iter().zip(&self.record) {
            let Ok(text) = std::str::from_utf8(bytes) else {
                let shown = String::from_utf8_lossy(bytes);
                let why = "is not UTF-8";
                return Err(vec![Problem::new(
                    line,
                    Some(column.key()),
                    Some(&shown),
                    why,
                )]);
            };
            source.push(text.to_owned());
            if !text.is_empty() {
                cells.push((column.clone(), Value::from(text)));
            }
        }
        Ok((line, cells, RowSource::Cells(source)))
    }
}

/// One JSON object a line; empty lines are skipped.
struct JsonLines<'a> {
    reader: BufReader<Reader<'a>>,
    extra_fields: bool,
    line: u64,
    bytes: Vec<u8>,
}

impl<'a> JsonLines<'a> {
    fn new(reader: Reader<'a>, extra_fields: bool) -> Self {
        Self {
            reader: BufReader::with_capacity(1 << 13, reader),
            extra_fields,
            line: 0,
            bytes: Vec::new(),
        }
    }

    fn next_record(&mut self) -> io::Result<Option<Record>> {
        loop {
            self.bytes.clear();
            self.reader.get_mut().end_row();
            let mut bounded = (&mut self.reader).take(LONGEST_ROW + 1);
            if bounded.read_until(b'\n', &mut self.bytes)? == 0 {
                return Ok(None);
            }
            self.line += 1;
            if self.bytes.len() as u64 > LONGEST_ROW {
                return Err(io::Error::other(format!(
                    "line {} is longer than 1 MiB",
                    self.line
                )));
            }
            if !self.bytes.trim_ascii().is_empty() {
                return Ok(Some(self.cells()));
            }
        }
    }

    fn cells(&self) -> Record {
        let wrong =
            |column: Option<&str>, why: String| vec![Problem::new(self.line, column, None, why)];
        let text = std::str::from_utf8(&self.bytes)
            .map_err(|_| wrong(None, "the line is not UTF-8".to_owned()))?
            .trim();
        let Pairs(pairs) = serde_json::from_str(text)
            .map_err(|e| wrong(None, format!("the line is not a JSON object: {e}")))?;
        let names = pairs.iter().map(|(name, _)| name.as_str());
        let columns = columns(names, self.extra_fields)
            .map_err(|(column, why)| wrong(column.as_deref(), why))?;
        if let Some(place) = json::repeated(text) {
            return Err(wrong(None, format!("the line has the field {place} twice")));
        }
        let values = pairs.into_iter().map(|(_, value)| value);
        let cells = columns.into_iter().zip(values).collect();
        Ok((self.line, cells, RowSource::Line(text.to_owned())))
    }
}

/// Understands the names of the columns of a record, each of them once; an error says which is wrong, and why.
fn columns<'a>(
    names: impl ExactSizeIterator<Item = &'a str>,
    extra_fields: bool,
) -> Result<Vec<ColumnName>, (Option<String>, String)> {
    let count = names.len();
    if count > MOST_COLUMNS {
        let why = format!("there are {count} columns; at most {MOST_COLUMNS} are read");
        return Err((None, why));
    }
    let (mut columns, mut known) = (Vec::with_capacity(count), HashSet::new());
    for name in names {
        let column =
            ColumnName::read(name, extra_fields).map_err(|why| (Some(format!("{name:?}")), why))?;
        if !known.insert(column.key().to_owned()) {
            let why = format!("there are two columns for {}", column.key());
            return Err((Some(name.to_owned()), why));
        }
        columns.push(column);
    }
    Ok(columns)
}

/// The members of a JSON object in their order, a repeated name included.
struct Pairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::parser::check_id;
    use crate::batch::row::RowAction;
    use proptest::prelude::*;

    fn parser() -> RowParser {
        RowParser {
            action: RowAction::Create,
            defaults: Vec::new(),
        }
    }

    /// Reads every row; the reader must come to an end whatever the bytes are.
    fn count(bytes: &[u8], format: Format) -> Result<(usize, Digest), Ending> {
        let input = Input::keep(bytes, Path::new("."), format, true)?;
        let parser = parser();
        let mut pass = input.pass(&parser)?;
        let mut count = 0;
        while pass.next_row()?.is_some() {
            count += 1;
        }
        Ok((count, pass.finish()?))
    }

    #[test]
    fn every_byte_is_hashed_once_in_both_formats() {
        let csv = "\u{feff}user,merchant,product\r\na,M,P\n\n\"b\n\",M,P";
        let lines = "\u{feff}{\"user\":\"a\"}\n\n  \n{\"user\":\"b\"}";
        for (text, format) in [(csv, Format::Csv), (lines, Format::JsonLines)] {
            let (rows, seen) = count(text.as_bytes(), format).unwrap();
            assert_eq!((rows, seen.bytes), (2, text.len() as u64));
            let whole = ring::digest::digest(&SHA256, text.as_bytes());
            assert_eq!(seen.sha256, hexadecimal(whole.as_ref()));
        }
    }

    /// The lines on which the records begin.
    fn lines(text: &str) -> Vec<u64> {
        let input = Input::keep(text.as_bytes(), Path::new("."), Format::Csv, false).unwrap();
        let parser = parser();
        let mut pass = input.pass(&parser).unwrap();
        let line = |row: Result<InputRow, Vec<Problem>>| match row {
            Ok(row) => row.line,
            Err(problems) => problems[0].line,
        };
        let next = || pass.next_row().unwrap().map(line);
        std::iter::from_fn(next).collect()
    }

    #[test]
    fn the_line_of_a_row_is_the_one_on_which_an_editor_shows_it() {
        let header = "user,merchant,product";
        let unix = format!("{header}\na,M,P\nb,M,P\n");
        let windows = format!("{header}\r\na,M,P\r\nb,M,P");
        let old_mac = format!("{header}\ra,M,P\rb,M,P\r");
        for text in [unix, windows, old_mac] {
            assert_eq!(lines(&text), [2, 3], "{text:?}");
        }
        let blank =
            format!("\u{feff}{header}\r\n\r\n\r\na,M,P\n\n\"b\"\"\n\r\n\n2\",M,P\r\n\nc,M,P");
        assert_eq!(lines(&blank), [4, 6, 11]);
    }

    #[test]
    fn formats_are_told_by_name() {
        for (name, format) in [
            ("a.csv", Some(Format::Csv)),
            ("a.CSV", Some(Format::Csv)),
            ("a.jsonl", Some(Format::JsonLines)),
            ("a.ndjson", Some(Format::JsonLines)),
            ("a.txt", None),
            ("csv", None),
        ] {
            assert_eq!(Format::of_name(Path::new(name)), format, "{name}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>, header: bool) {
            let mut csv = if header { b"user,merchant,product\n".to_vec() } else { Vec::new() };
            csv.extend(&bytes);
            let _ = count(&csv, Format::Csv);
            let _ = count(&bytes, Format::JsonLines);
        }

        #[test]
        fn what_a_spreadsheet_writes_is_read_back(cells in prop::collection::vec("[^\\x00-\\x1f\\x7f-\\x9f]{1,20}", 3)) {
            let is_fit = |cell: &String| crate::api::check_text(cell).is_ok() && check_id(cell).is_ok();
            prop_assume!(cells.iter().all(is_fit));
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(["user", "merchant", "product"]).unwrap();
            writer.write_record(&cells).unwrap();
            let bytes = writer.into_inner().unwrap();
            let input = Input::keep(bytes.as_slice(), Path::new("."), Format::Csv, false).unwrap();
            let parser = parser();
            let row = input.pass(&parser).unwrap().next_row().unwrap().unwrap().unwrap();
            let read: Vec<_> = row.body.values().map(|value| value.as_str().unwrap().to_owned()).collect();
            prop_assert_eq!(read, cells);
        }
    }
}
