//! The file of rows: opens it, tells its format, and reads it from the start, row by row, as often as it takes.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::draft::Rows;
use super::error::Error;
use super::records::{Csv, JsonLines};
use super::row::{Problem, Row};
use super::tape::{Seen, Tape};

/// No input has more columns.
pub const MOST_COLUMNS: usize = 1000;

/// How rows are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, with a header.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

impl Format {
    /// Tells the format from a file's name.
    #[must_use]
    pub fn of_name(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            _ => None,
        }
    }

    /// The format as a flag spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }
}

/// The opened input.
#[derive(Debug)]
pub struct Input {
    /// Where it is.
    pub path: PathBuf,
    /// How it is written.
    pub format: Format,
    /// Whether an unknown column is a field of the body.
    pub extra_fields: bool,
    file: File,
}

impl Input {
    /// Opens a file for several passes.
    ///
    /// # Errors
    ///
    /// If it cannot be opened or is not a file.
    pub fn open(path: &Path, format: Format, extra_fields: bool) -> Result<Self, Error> {
        let unreadable = |why: String| Error::Unreadable(format!("{} {why}", path.display()));
        let file = File::open(path).map_err(|e| unreadable(format!("cannot be read: {e}")))?;
        let kind = file
            .metadata()
            .map_err(|e| unreadable(format!("cannot be read: {e}")))?;
        if !kind.is_file() {
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
    ///
    /// # Errors
    ///
    /// If the stream cannot be read or kept.
    pub fn keep(
        mut stream: impl io::Read,
        folder: &Path,
        format: Format,
        extra_fields: bool,
    ) -> Result<Self, Error> {
        let failed = |e: io::Error| {
            let folder = folder.display();
            Error::Unreadable(format!("standard input cannot be kept in {folder}: {e}"))
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
    ///
    /// # Errors
    ///
    /// If the input cannot be read or its header is wrong.
    pub fn pass<'a>(&'a self, rows: &'a Rows) -> Result<Pass<'a>, Error> {
        let mut tape = Tape::new(&self.file).map_err(|e| self.unreadable(&e))?;
        tape.skip_byte_order_mark()
            .map_err(|e| self.unreadable(&e))?;
        let records = match self.format {
            Format::Csv => Records::Csv(Box::new(Csv::new(tape, self)?)),
            Format::JsonLines => {
                Records::JsonLines(Box::new(JsonLines::new(tape, self.extra_fields)))
            }
        };
        Ok(Pass {
            input: self,
            rows,
            records,
            number: 0,
        })
    }

    pub(super) fn unreadable(&self, e: &io::Error) -> Error {
        Error::Unreadable(format!("{} cannot be read: {e}", self.path.display()))
    }

    /// The names of the columns, as the input has them; none for JSON lines.
    ///
    /// # Errors
    ///
    /// Like [`pass`](Self::pass).
    pub fn header(&self, rows: &Rows) -> Result<Vec<String>, Error> {
        Ok(match self.pass(rows)?.records {
            Records::Csv(csv) => csv.names,
            Records::JsonLines(_) => Vec::new(),
        })
    }
}

enum Records<'a> {
    Csv(Box<Csv<'a>>),
    JsonLines(Box<JsonLines<'a>>),
}

/// One pass over the input, from its first row to its last.
pub struct Pass<'a> {
    input: &'a Input,
    rows: &'a Rows,
    records: Records<'a>,
    number: u32,
}

/// A row, or all that is wrong with it.
pub type Reading = Result<Row, Vec<Problem>>;

impl Pass<'_> {
    /// The next row; `None` after the last.
    ///
    /// # Errors
    ///
    /// If nothing more can be read: an I/O error, or a row without an end.
    pub fn next_row(&mut self) -> Result<Option<Reading>, Error> {
        let record = match &mut self.records {
            Records::Csv(csv) => csv.next_record(),
            Records::JsonLines(lines) => lines.next_record(),
        };
        let Some(record) = record.map_err(|e| self.input.unreadable(&e))? else {
            return Ok(None);
        };
        self.number = self.number.checked_add(1).ok_or_else(|| {
            Error::Unreadable("the input has more than 4,294,967,295 rows".to_owned())
        })?;
        Ok(Some(record.and_then(|(line, cells, source)| {
            self.rows.read((self.number, line), cells, source)
        })))
    }

    /// Ends the pass and tells what was seen, to the last byte.
    ///
    /// # Errors
    ///
    /// If the rest cannot be read.
    pub fn finish(self) -> Result<Seen, Error> {
        let tape = match self.records {
            Records::Csv(csv) => csv.into_tape(),
            Records::JsonLines(lines) => lines.into_tape(),
        };
        tape.finish().map_err(|e| self.input.unreadable(&e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::column;
    use crate::batch::row::Action;
    use crate::batch::tape::hexadecimal;
    use proptest::prelude::*;
    use ring::digest::SHA256;

    fn rows() -> Rows {
        Rows {
            action: Action::Create,
            defaults: Vec::new(),
            rules: column::Rules {
                notification_url: |text| Ok(text.to_owned()),
                expires: |text| Ok(text.to_owned()),
            },
        }
    }

    /// Reads every row; the reader must come to an end whatever the bytes are.
    fn count(bytes: &[u8], format: Format) -> Result<(usize, Seen), Error> {
        let input = Input::keep(bytes, Path::new("."), format, true)?;
        let rows = rows();
        let mut pass = input.pass(&rows)?;
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
            prop_assume!(cells.iter().all(|cell| crate::api::check_text(cell).is_ok()));
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(["user", "merchant", "product"]).unwrap();
            writer.write_record(&cells).unwrap();
            let bytes = writer.into_inner().unwrap();
            let input = Input::keep(bytes.as_slice(), Path::new("."), Format::Csv, false).unwrap();
            let rows = rows();
            let row = input.pass(&rows).unwrap().next_row().unwrap().unwrap().unwrap();
            let read: Vec<_> = row.body.values().map(|value| value.as_str().unwrap().to_owned()).collect();
            prop_assert_eq!(read, cells);
        }
    }
}
