//! Writes tables as CSV that a spreadsheet may open: a cell that it would run as a formula is made a text, unless that is not wanted.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

/// A CSV file while it is written.
pub struct CsvWriter<W: Write> {
    out: csv::Writer<W>,
    is_raw: bool,
}

impl<W: Write> CsvWriter<W> {
    /// Begins with the names of the columns; raw cells are written as they are.
    pub fn new(out: W, is_raw: bool, names: &[&str]) -> io::Result<Self> {
        let mut out = csv::WriterBuilder::new()
            .has_headers(false)
            .buffer_capacity(1 << 16)
            .from_writer(out);
        out.write_record(names)?;
        Ok(Self { out, is_raw })
    }

    /// Adds a row.
    pub fn add<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> io::Result<()> {
        for cell in cells {
            let cell = cell.as_ref();
            let cell = if self.is_raw {
                cell.into()
            } else {
                harmless(cell)
            };
            self.out.write_field(cell.as_bytes())?;
        }
        Ok(self.out.write_record(None::<&[u8]>)?)
    }

    /// Adds a row of named cells, as they are.
    pub fn add_raw(&mut self, row: &impl Serialize) -> io::Result<()> {
        Ok(self.out.serialize(row)?)
    }

    /// Hands back what was written to.
    pub fn finish(self) -> io::Result<W> {
        self.out
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)
    }
}

/// A cell that no spreadsheet runs: an apostrophe before what begins a formula says that it is a text. A number, such as that of a
/// telephone, is none.
fn harmless(cell: &str) -> Cow<'_, str> {
    let digits = cell.trim_start_matches(['+', '-']);
    let is_number = digits.len() + 1 == cell.len() && digits.bytes().all(|c| c.is_ascii_digit());
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && !is_number {
        format!("'{cell}").into()
    } else {
        cell.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_texts_unless_raw_cells_are_wanted() {
        let cells = ["=1+1", "@x", "-2+3", "a=b", "+447700900123", "x\"y"];
        for (is_raw, expected) in [
            (
                false,
                "a,b,c,d,e,f\n'=1+1,'@x,'-2+3,a=b,+447700900123,\"x\"\"y\"\n",
            ),
            (
                true,
                "a,b,c,d,e,f\n=1+1,@x,-2+3,a=b,+447700900123,\"x\"\"y\"\n",
            ),
        ] {
            let names = ["a", "b", "c", "d", "e", "f"];
            let mut writer = CsvWriter::new(Vec::new(), is_raw, &names).unwrap();
            writer.add(cells).unwrap();
            let text = String::from_utf8(writer.finish().unwrap()).unwrap();
            assert_eq!(text, expected);
        }
    }
}
