//! Writes rows with their results, as CSV or JSON lines; and refused rows alone, as an input that can be run again.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::input::Format;
use super::outcome::{RowOutcome, RowResult};
use super::row::{InputRow, RowSource};
use crate::api::types::field;

/// The columns that are added to those of the input.
const ADDED: [&str; 9] = [
    "outcome",
    field::RESPONSE_CODE,
    field::ENTITLEMENT_ID,
    field::STATUS,
    "registrationUrl",
    "message",
    field::REQUEST_IDENTIFIER,
    "rowNumber",
    "line",
];
/// The column that holds a JSON row in a CSV file.
const ROW: &str = "row";

/// A writer of records, with a buffer of its own.
enum RowWriter<W: Write> {
    Csv(Box<csv::Writer<W>>),
    JsonLines(io::BufWriter<W>),
}

impl<W: Write> RowWriter<W> {
    fn new(out: W, format: Format) -> Self {
        match format {
            Format::Csv => {
                let mut builder = csv::WriterBuilder::new();
                let builder = builder.buffer_capacity(1 << 16);
                Self::Csv(Box::new(builder.from_writer(out)))
            }
            Format::JsonLines => Self::JsonLines(io::BufWriter::with_capacity(1 << 16, out)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Csv(out) => out.flush(),
            Self::JsonLines(out) => out.flush(),
        }
    }
}

/// A file of results.
pub struct Results<W: Write> {
    out: RowWriter<W>,
    names: Vec<String>,
}

impl<W: Write> Results<W> {
    /// Begins a file; `names` are the columns of a CSV input, and none of JSON lines.
    pub fn new(out: W, format: Format, names: &[String]) -> io::Result<Self> {
        let mut out = RowWriter::new(out, format);
        if let RowWriter::Csv(out) = &mut out {
            let own = [ROW.to_owned()];
            let of_input = if names.is_empty() { &own } else { names };
            let added = ADDED.map(|name| {
                let is_taken = of_input.iter().any(|column| column == name);
                format!("{}{name}", if is_taken { "result_" } else { "" })
            });
            out.write_record(of_input.iter().chain(&added))?;
        }
        let names = names.to_vec();
        Ok(Self { out, names })
    }

    pub fn add(&mut self, row: &InputRow, identifier: &str, result: &RowResult) -> io::Result<()> {
        let or_empty = |value: &'_ Option<String>| value.clone().unwrap_or_default();
        let values = [
            result.outcome.as_str().to_owned(),
            result.code.clone(),
            or_empty(&result.entitlement_id),
            or_empty(&result.status),
            or_empty(&result.registration_url),
            result.message.clone(),
            identifier.to_owned(),
        ];
        let place = [u64::from(row.number), row.line];
        match &mut self.out {
            RowWriter::Csv(out) => {
                let place = place.map(|number| number.to_string());
                let added = values.iter().chain(&place);
                match &row.source {
                    RowSource::Cells(cells) => out.write_record(cells.iter().chain(added)),
                    RowSource::Line(line) => out.write_record([line].into_iter().chain(added)),
                }?;
                Ok(())
            }
            RowWriter::JsonLines(out) => {
                let of_input = match &row.source {
                    RowSource::Cells(cells) => object(self.names.iter().zip(cells.clone())),
                    RowSource::Line(text) => text.clone(),
                };
                let or_null = values.map(|value| {
                    let text = Some(value).filter(|value| !value.is_empty());
                    Value::from(text)
                });
                let or_null = or_null.into_iter().chain(place.map(Value::from));
                // Both are objects on one line; the row comes first and is as it was.
                let added = object(ADDED.iter().zip(or_null));
                let added = added.trim_start_matches('{');
                writeln!(out, "{{\"{ROW}\":{of_input},{added}")
            }
        }
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn object<N: ToString, V: Into<Value>>(pairs: impl Iterator<Item = (N, V)>) -> String {
    let pairs = pairs.map(|(name, value)| (name.to_string(), value.into()));
    Value::Object(pairs.collect::<Map<_, _>>()).to_string()
}

/// A file of rows that is an input again.
pub struct Failed<W: Write>(RowWriter<W>);

impl<W: Write> Failed<W> {
    /// Begins a file in the format of the input, with its columns; none for JSON lines.
    pub fn new(out: W, format: Format, names: &[String]) -> io::Result<Self> {
        let mut out = RowWriter::new(out, format);
        if let RowWriter::Csv(out) = &mut out {
            out.write_record(names)?;
        }
        Ok(Self(out))
    }

    /// Adds a row that Bango refused. What may have been done must not be run again under a new identifier.
    pub fn add(&mut self, row: &InputRow, result: &RowResult) -> io::Result<()> {
        if result.outcome != RowOutcome::Refused {
            return Ok(());
        }
        match (&mut self.0, &row.source) {
            (RowWriter::Csv(out), RowSource::Cells(cells)) => Ok(out.write_record(cells)?),
            (RowWriter::JsonLines(out), RowSource::Line(line)) => writeln!(out, "{line}"),
            // A row is of the input's own format.
            _ => Ok(()),
        }
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
