//! Writes rows with what became of them, as CSV or JSON lines; and rows alone, as an input that can be run again.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::answered::{Answered, Outcome};
use super::input::Format;
use super::row::{Row, Source};
use crate::api::types::field;

/// The columns that are added to those of the input.
const ADDED: [&str; 7] = [
    "outcome",
    field::RESPONSE_CODE,
    field::ENTITLEMENT_ID,
    field::STATUS,
    "registrationUrl",
    "message",
    field::REQUEST_IDENTIFIER,
];
/// The column that holds a JSON row in a CSV file.
const ROW: &str = "row";

/// A file of results.
pub struct Results<W: Write> {
    out: W,
    format: Format,
    names: Vec<String>,
}

impl<W: Write> Results<W> {
    /// Begins a file; `names` are the columns of a CSV input, and none of JSON lines.
    ///
    /// # Errors
    ///
    /// If its first line cannot be written.
    pub fn new(mut out: W, format: Format, names: Vec<String>) -> io::Result<Self> {
        if format == Format::Csv {
            let own = ROW.to_owned();
            let of_input = if names.is_empty() {
                vec![own]
            } else {
                names.clone()
            };
            let added = ADDED.map(|name| {
                let is_taken = of_input.iter().any(|column| column == name);
                format!("{}{name}", if is_taken { "result_" } else { "" })
            });
            write_record(&mut out, of_input.iter().chain(&added).map(String::as_str))?;
        }
        Ok(Self { out, format, names })
    }

    /// Adds a row.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn add(&mut self, row: &Row, identifier: &str, answered: &Answered) -> io::Result<()> {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let values = [
            outcome(answered.outcome).to_owned(),
            answered.code.clone(),
            text(&answered.entitlement_id),
            text(&answered.status),
            text(&answered.registration_url),
            answered.message.clone(),
            identifier.to_owned(),
        ];
        match self.format {
            Format::Csv => {
                let line = |line: &String| vec![line.clone()];
                let of_input = match &row.source {
                    Source::Cells(cells) => cells.clone(),
                    Source::Line(text) => line(text),
                };
                write_record(
                    &mut self.out,
                    of_input.iter().chain(&values).map(String::as_str),
                )
            }
            Format::JsonLines => {
                let cells = |cells: &[String]| {
                    let pairs = self
                        .names
                        .iter()
                        .cloned()
                        .zip(cells.iter().cloned().map(Value::from));
                    Value::Object(pairs.collect::<Map<_, _>>()).to_string()
                };
                let of_input = match &row.source {
                    Source::Cells(values) => cells(values),
                    Source::Line(text) => text.clone(),
                };
                let null_or = |value: String| {
                    if value.is_empty() {
                        Value::Null
                    } else {
                        value.into()
                    }
                };
                let pairs = ADDED
                    .iter()
                    .map(|name| (*name).to_owned())
                    .zip(values.map(null_or));
                let added = Value::Object(pairs.collect::<Map<_, _>>()).to_string();
                // Both are objects on one line; the row comes first and is as it was.
                let added = added.trim_start_matches('{');
                writeln!(self.out, "{{\"{ROW}\":{of_input},{added}")
            }
        }
    }

    /// Writes out what is buffered.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// An outcome as results show it.
#[must_use]
pub const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Refused => "refused",
        Outcome::Unclear => "unclear",
        Outcome::Unanswered => "unanswered",
    }
}

/// A file of rows that is an input again.
pub struct Failed<W: Write>(W);

impl<W: Write> Failed<W> {
    /// Begins a file with the columns of the input; none for JSON lines.
    ///
    /// # Errors
    ///
    /// If its first line cannot be written.
    pub fn new(mut out: W, names: &[String]) -> io::Result<Self> {
        if !names.is_empty() {
            write_record(&mut out, names.iter().map(String::as_str))?;
        }
        Ok(Self(out))
    }

    /// Adds a row that Bango refused. What may have been done must not be run again under a new identifier.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn add(&mut self, row: &Row, answered: &Answered) -> io::Result<()> {
        match &row.source {
            _ if answered.outcome != Outcome::Refused => Ok(()),
            Source::Cells(cells) => write_record(&mut self.0, cells.iter().map(String::as_str)),
            Source::Line(line) => writeln!(self.0, "{line}"),
        }
    }

    /// Writes out what is buffered.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Writes one CSV record.
fn write_record<'a>(out: &mut impl Write, cells: impl Iterator<Item = &'a str>) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new()
        .buffer_capacity(1 << 10)
        .from_writer(out);
    writer.write_record(cells)?;
    writer.flush()
}
