//! The file of rows: opens it, and reads it from the start, row by row, as often as it takes.

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::parser::{ColumnName, RowParser};
use super::row::{InputRow, Problem, RowSource, hash};
use crate::api::json;
use crate::ending::Ending;
use crate::tables::{Digest, Encoding, Row, Rows, Source};

/// No input has more columns.
const MOST_COLUMNS: usize = 1000;

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
    pub source: Source,
    pub shape: Shape,
}

/// How an input is read.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub format: Format,
    /// Whether an unknown column is a field of the body.
    pub extra_fields: bool,
    /// What the text is in, if that was said.
    pub encoding: Option<Encoding>,
}

impl Shape {
    /// What a format is without a word more.
    #[cfg(any(fuzzing, test))]
    pub const fn of(format: Format) -> Self {
        Self {
            format,
            extra_fields: false,
            encoding: None,
        }
    }
}

impl Input {
    /// Opens a file for several passes.
    pub fn open(path: &Path, shape: Shape) -> Result<Self, Ending> {
        if fs::metadata(path).is_ok_and(|about| !about.is_file()) {
            let name = path.display();
            let why = format!("{name} is not a file; give - to read a stream");
            return Err(Ending::usage(why));
        }
        Ok(Self {
            path: path.to_owned(),
            source: Source::open(path)?,
            shape,
        })
    }

    /// Keeps a stream in a file without a name in this folder, for several passes; it is gone when the run is.
    pub fn keep(stream: impl Read, folder: &Path, shape: Shape) -> Result<Self, Ending> {
        Ok(Self {
            path: "standard input".into(),
            source: Source::keep(stream, folder)?,
            shape,
        })
    }

    /// Begins a pass.
    pub fn pass<'a>(&'a self, parser: &'a RowParser) -> Result<Pass<'a>, Ending> {
        let encoding = match self.shape.format {
            Format::Csv => self.shape.encoding,
            Format::JsonLines => Some(Encoding::Utf8),
        };
        let mut rows = Rows::traced(&self.source, encoding)?;
        let header = match self.shape.format {
            Format::Csv => Some(Header::read(&mut rows, self.shape.extra_fields)?),
            Format::JsonLines => None,
        };
        Ok(Pass {
            extra_fields: self.shape.extra_fields,
            parser,
            rows,
            header,
            number: 0,
            keeps_sources: false,
        })
    }
}

/// One pass over the input, from its first row to its last.
pub struct Pass<'a> {
    extra_fields: bool,
    parser: &'a RowParser,
    rows: Rows<'a>,
    /// None of JSON lines.
    header: Option<Header>,
    number: u32,
    keeps_sources: bool,
}

impl Pass<'_> {
    /// Whether each row keeps what the input has; without this none does.
    pub fn keep_sources(self, keeps_sources: bool) -> Self {
        Self {
            keeps_sources,
            ..self
        }
    }

    /// The names of the columns, as the input has them; none for JSON lines.
    pub fn columns(&self) -> &[String] {
        self.header.as_ref().map_or(&[], |header| &header.names)
    }

    /// The next row, or all that is wrong with it; `None` after the last. Fails if nothing more can be read.
    pub fn next_row(&mut self) -> Result<Option<Result<InputRow, Vec<Problem>>>, Ending> {
        let many = || Ending::usage("the input has more than 4,294,967,295 rows");
        let number = self.number.checked_add(1).ok_or_else(many)?;
        let read = if let Some(header) = &self.header {
            loop {
                let Some(row) = self.rows.next_row()? else {
                    return Ok(None);
                };
                // Spreadsheets write rows of empty cells behind the last one.
                if !(0..row.len()).all(|i| row.text(i).is_empty()) {
                    break header.cells((self.parser, number), &row, self.keeps_sources);
                }
            }
        } else {
            loop {
                let Some(line) = self.rows.next_line()? else {
                    return Ok(None);
                };
                // Lines of blanks are no rows.
                if !line.text(0).is_empty() {
                    let parser = (self.parser, self.extra_fields);
                    break members(parser, number, &line, self.keeps_sources);
                }
            }
        };
        self.number = number;
        Ok(Some(read))
    }

    /// Reads the rest and tells what was seen, to the last byte.
    pub fn finish(self) -> Result<Digest, Ending> {
        self.rows.finish()
    }
}

/// A fingerprint by which a row is known again within this process.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a part of the hash will do"
)]
fn fingerprint(row: &Row) -> u32 {
    hash(&row.all()) as u32
}

/// Why a cell or a line is not read.
const NOT_UTF8: &str =
    "is not UTF-8; if the file is in Windows-1252, say so with --encoding windows-1252";

/// The names of the columns.
struct Header {
    /// As they are written.
    names: Vec<String>,
    columns: Vec<ColumnName>,
}

impl Header {
    fn read(rows: &mut Rows, extra_fields: bool) -> Result<Self, Ending> {
        let Some(row) = rows.next_row()? else {
            let why = "the input is empty; the first line names the columns";
            return Err(Problem::new(1, None, None, why).into());
        };
        let wrong = |column: Option<&str>, why: &str| {
            Ending::from(Problem::new(row.line, column, None, why))
        };
        let names: Option<Vec<_>> = (0..row.len()).map(|i| row.certain(i)).collect();
        let names = names.ok_or_else(|| wrong(None, &format!("the header {NOT_UTF8}")))?;
        let is_unknown = |name| ColumnName::read(name, false).is_err();
        let hint = if names.iter().all(|name| is_unknown(name)) {
            "; does the first line name the columns?"
        } else {
            ""
        };
        let columns = columns(names.iter().map(|name| &**name), extra_fields)
            .map_err(|(column, why)| wrong(column.as_deref(), &format!("{why}{hint}")))?;
        let names = names.into_iter().map(Into::into).collect();
        Ok(Self { names, columns })
    }

    fn cells(
        &self,
        (parser, number): (&RowParser, u32),
        row: &Row,
        keeps_source: bool,
    ) -> Result<InputRow, Vec<Problem>> {
        let wrong = |column: Option<&str>, value: Option<&str>, why: &str| {
            vec![Problem::new(row.line, column, value, why)]
        };
        if row.len() != self.columns.len() {
            let (has, names) = (row.len(), self.columns.len());
            let cells = if has == 1 { "cell" } else { "cells" };
            let why = format!("the row has {has} {cells}, but the header names {names}");
            return Err(wrong(None, None, &why));
        }
        if (self.names.iter().enumerate()).all(|(i, name)| row.text(i) == name.trim()) {
            return Err(wrong(None, None, "the row is the header again"));
        }
        let mut cells = Vec::with_capacity(self.columns.len());
        let mut source = Vec::with_capacity(if keeps_source { row.len() } else { 0 });
        for (index, column) in self.columns.iter().enumerate() {
            let Some(text) = row.certain(index) else {
                let shown = row.whole(index);
                return Err(wrong(Some(column.key()), Some(&shown), NOT_UTF8));
            };
            if !text.is_empty() {
                cells.push((column, Value::from(&*text)));
            }
            if keeps_source {
                source.push(text.into_owned());
            }
        }
        let place = (number, row.line, fingerprint(row));
        parser.read(place, cells, RowSource::Cells(source))
    }
}

/// Reads a line that is one JSON object.
fn members(
    (parser, extra_fields): (&RowParser, bool),
    number: u32,
    line: &Row,
    keeps_source: bool,
) -> Result<InputRow, Vec<Problem>> {
    let wrong =
        |column: Option<&str>, why: String| vec![Problem::new(line.line, column, None, why)];
    let text = line.certain(0);
    let text = text.ok_or_else(|| wrong(None, "the line is not UTF-8".to_owned()))?;
    let text = text.trim();
    let Pairs(pairs) = serde_json::from_str(text)
        .map_err(|e| wrong(None, format!("the line {}", json::fault(&e))))?;
    let names = pairs.iter().map(|(name, _)| name.as_str());
    let columns =
        columns(names, extra_fields).map_err(|(column, why)| wrong(column.as_deref(), why))?;
    if let Some(place) = json::repeated(text) {
        return Err(wrong(None, format!("the line has the field {place} twice")));
    }
    let values = pairs.into_iter().map(|(_, value)| value);
    let cells = columns.iter().zip(values).collect();
    let kept = if keeps_source { text } else { "" };
    let place = (number, line.line, fingerprint(line));
    parser.read(place, cells, RowSource::Line(kept.to_owned()))
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
        let input = Input::keep(
            bytes,
            Path::new("."),
            Shape {
                extra_fields: true,
                ..Shape::of(format)
            },
        )?;
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
            let whole = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
            let hexadecimal = |at: usize| u8::from_str_radix(&seen.sha256[at..at + 2], 16);
            let bytes: Vec<_> = (0..64).step_by(2).map(hexadecimal).collect();
            assert_eq!(
                bytes,
                whole.as_ref().iter().copied().map(Ok).collect::<Vec<_>>()
            );
        }
    }

    /// The lines on which the records begin.
    fn lines(text: &str) -> Vec<u64> {
        let input = Input::keep(text.as_bytes(), Path::new("."), Shape::of(Format::Csv)).unwrap();
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
            let input = Input::keep(bytes.as_slice(), Path::new("."), Shape::of(Format::Csv)).unwrap();
            let parser = parser();
            let row = input.pass(&parser).unwrap().keep_sources(true).next_row().unwrap().unwrap().unwrap();
            let read: Vec<_> = row.body.values().map(|value| value.as_str().unwrap().to_owned()).collect();
            prop_assert_eq!(read, cells);
        }
    }
}
