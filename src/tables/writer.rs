//! Writes tables as CSV that a spreadsheet may open: a cell that it would run as a formula is made a text, unless that is not wanted.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{Terminator, WriterBuilder};

/// A CSV file while it is written.
pub struct CsvWriter<W: Write> {
    out: csv::Writer<W>,
    is_raw: bool,
}

impl<W: Write> CsvWriter<W> {
    /// Begins with the names of the columns; raw cells are written as they are.
    pub fn new(out: W, is_raw: bool, names: &[&str]) -> io::Result<Self> {
        Self::begin(out, is_raw, Terminator::Any(b'\n'), names)
    }

    /// The same as Bango reads it: lines end as RFC 4180 wants, and cells are raw, because no spreadsheet reads them.
    pub fn for_bango(out: W, names: &[&str]) -> io::Result<Self> {
        Self::begin(out, true, Terminator::CRLF, names)
    }

    fn begin(out: W, is_raw: bool, terminator: Terminator, names: &[&str]) -> io::Result<Self> {
        let mut builder = WriterBuilder::new();
        let builder = builder.terminator(terminator).buffer_capacity(1 << 16);
        let mut out = builder.from_writer(out);
        out.write_record(names)?;
        Ok(Self { out, is_raw })
    }

    /// Adds a row.
    pub fn add<T: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = T>) -> io::Result<()> {
        for cell in cells {
            let cell = cell.as_ref();
            let cell = if self.is_raw {
                cell.into()
            } else {
                harmless(cell)
            };
            self.out.write_field(cell)?;
        }
        Ok(self.out.write_record(None::<&[u8]>)?)
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
fn harmless(cell: &[u8]) -> Cow<'_, [u8]> {
    let is_number =
        matches!(cell, [b'+' | b'-', digits @ ..] if digits.iter().all(u8::is_ascii_digit));
    if matches!(
        cell,
        [b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n', ..]
    ) && !is_number
    {
        [b"'", cell].concat().into()
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
