//! The lines of a log, as they are read: whole, bounded, and with what a crash has torn behind them.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};

use super::section::Section;

/// No line is as long as this, in bytes: a short answer is at most 1 MiB, and escaping may multiply it.
pub const LONGEST_LINE: u64 = 8 << 20;

/// The whole lines of a log, each with its offset and without its newline.
#[derive(Debug)]
pub struct Lines {
    reader: BufReader<Section<File>>,
    end: u64,
    rest: Vec<u8>,
}

impl Lines {
    /// Those from one byte to before another.
    pub(super) fn between(file: File, start: u64, end: u64) -> Self {
        let section = Section::new(file, start, end);
        Self {
            reader: BufReader::with_capacity(1 << 16, section),
            end: start,
            rest: Vec::new(),
        }
    }

    /// Passes over the end of a line: it begins within one.
    pub(super) fn skip_part(&mut self) -> io::Result<()> {
        self.end += self.reader.skip_until(b'\n')? as u64;
        Ok(())
    }

    /// Where the last whole line ended that was read.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Once all lines are read: what follows the last one. In a log of this tool it is a line that a crash has torn (a
    /// file system may leave zeros of it), or one that is still being written.
    pub fn rest(&self) -> &[u8] {
        &self.rest
    }
}

impl Iterator for Lines {
    type Item = io::Result<(u64, Vec<u8>)>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut line = Vec::new();
        let mut bounded = (&mut self.reader).take(LONGEST_LINE);
        let count = match bounded.read_until(b'\n', &mut line) {
            Ok(count) => count as u64,
            Err(e) => return Some(Err(e)),
        };
        if line.pop_if(|last| *last == b'\n').is_some() {
            let offset = self.end;
            self.end += count;
            return Some(Ok((offset, line)));
        }
        if count == LONGEST_LINE {
            let why = format!("the line at byte {} is too long", self.end);
            return Some(Err(io::Error::new(io::ErrorKind::InvalidData, why)));
        }
        if count > 0 {
            self.rest = line;
        }
        None
    }
}
