//! Records as CSV and JSON lines have them: cells under their names, with the line that each begins on.

use std::collections::HashSet;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::column::Name;
use super::draft::Cell;
use super::error::Error;
use super::input::{Input, MOST_COLUMNS};
use super::row::{Problem, Source};
use super::tape::{LONGEST_ROW, Tape};

/// A record before it is a row: where it begins, its cells, and the record as it was.
pub(super) type Record = Result<(u64, Vec<Cell>, Source), Vec<Problem>>;

fn problem(
    line: u64,
    column: Option<&str>,
    value: Option<&str>,
    why: impl Into<String>,
) -> Problem {
    Problem {
        line,
        column: column.map(str::to_owned),
        value: value.map(str::to_owned),
        why: why.into(),
    }
}

fn cell(name: &Name, value: Value) -> Cell {
    match name {
        Name::Action => Cell::Action(value),
        Name::Field(column) => Cell::Field(column, value),
        Name::Extra(name) => Cell::Extra(name.clone(), value),
    }
}

/// Comma-separated records under a header.
pub(super) struct Csv<'a> {
    reader: csv::Reader<Tape<'a>>,
    /// The header as it is written.
    pub(super) names: Vec<String>,
    columns: Vec<Name>,
    record: csv::ByteRecord,
}

impl<'a> Csv<'a> {
    pub(super) fn new(tape: Tape<'a>, input: &Input) -> Result<Self, Error> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(tape);
        let mut record = csv::ByteRecord::new();
        let wrong = |column: Option<&str>, why: String| {
            Error::Problems(super::error::Problems::one(problem(1, column, None, why)))
        };
        let read = reader
            .read_byte_record(&mut record)
            .map_err(io::Error::from);
        if !read.map_err(|e| input.unreadable(&e))? {
            return Err(wrong(
                None,
                "the input is empty; the first line names the columns".to_owned(),
            ));
        }
        if record.len() > MOST_COLUMNS {
            let why = format!(
                "there are {} columns; at most {MOST_COLUMNS} are read",
                record.len()
            );
            return Err(wrong(None, why));
        }
        let mut names = Vec::new();
        for name in &record {
            let name = std::str::from_utf8(name);
            names.push(
                name.map_err(|_| wrong(None, "the header is not UTF-8".to_owned()))?
                    .to_owned(),
            );
        }
        let (mut columns, mut known) = (Vec::new(), HashSet::new());
        for name in &names {
            let column = Name::read(name, input.extra_fields)
                .map_err(|why| wrong(Some(&format!("{name:?}")), why))?;
            if !known.insert(column.key().to_owned()) {
                let why = format!("there are two columns for {}", column.key());
                return Err(wrong(Some(name), why));
            }
            columns.push(column);
        }
        reader.get_mut().mark();
        Ok(Self {
            reader,
            names,
            columns,
            record,
        })
    }

    pub(super) fn next_record(&mut self) -> io::Result<Option<Record>> {
        if !self.reader.read_byte_record(&mut self.record)? {
            return Ok(None);
        }
        self.reader.get_mut().mark();
        let line = self.record.position().map_or(0, csv::Position::line);
        Ok(Some(self.cells(line)))
    }

    fn cells(&self, line: u64) -> Record {
        if self.record.len() != self.columns.len() {
            let (has, names) = (self.record.len(), self.columns.len());
            let why = format!("the row has {has} cells, but the header names {names}");
            return Err(vec![problem(line, None, None, why)]);
        }
        let mut cells = Vec::with_capacity(self.columns.len());
        let mut source = Vec::with_capacity(self.columns.len());
        for (column, bytes) in self.columns.iter().zip(&self.record) {
            let Ok(text) = std::str::from_utf8(bytes) else {
                let shown = String::from_utf8_lossy(bytes);
                let why = "is not UTF-8";
                return Err(vec![problem(line, Some(column.key()), Some(&shown), why)]);
            };
            source.push(text.to_owned());
            if !text.is_empty() {
                cells.push(cell(column, Value::from(text)));
            }
        }
        Ok((line, cells, Source::Cells(source)))
    }

    pub(super) fn into_tape(self) -> Tape<'a> {
        self.reader.into_inner()
    }
}

/// One JSON object a line; empty lines are skipped.
pub(super) struct JsonLines<'a> {
    reader: BufReader<Tape<'a>>,
    extra_fields: bool,
    line: u64,
    bytes: Vec<u8>,
}

impl<'a> JsonLines<'a> {
    pub(super) fn new(tape: Tape<'a>, extra_fields: bool) -> Self {
        Self {
            reader: BufReader::with_capacity(1 << 13, tape),
            extra_fields,
            line: 0,
            bytes: Vec::new(),
        }
    }

    pub(super) fn next_record(&mut self) -> io::Result<Option<Record>> {
        loop {
            self.bytes.clear();
            self.reader.get_mut().mark();
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
        let wrong = |column: Option<&str>, why: String| vec![problem(self.line, column, None, why)];
        let text = std::str::from_utf8(&self.bytes)
            .map_err(|_| wrong(None, "the line is not UTF-8".to_owned()))?
            .trim();
        let Pairs(pairs) = serde_json::from_str(text)
            .map_err(|e| wrong(None, format!("the line is not a JSON object: {e}")))?;
        if pairs.len() > MOST_COLUMNS {
            let why = format!(
                "there are {} fields; at most {MOST_COLUMNS} are read",
                pairs.len()
            );
            return Err(wrong(None, why));
        }
        let (mut cells, mut known) = (Vec::with_capacity(pairs.len()), HashSet::new());
        for (name, value) in pairs {
            let column = Name::read(&name, self.extra_fields)
                .map_err(|why| wrong(Some(&format!("{name:?}")), why))?;
            if !known.insert(column.key().to_owned()) {
                return Err(wrong(
                    Some(&name),
                    format!("there are two values for {}", column.key()),
                ));
            }
            cells.push(cell(&column, value));
        }
        Ok((self.line, cells, Source::Line(text.to_owned())))
    }

    pub(super) fn into_tape(self) -> Tape<'a> {
        self.reader.into_inner()
    }
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
