//! Reads the bytes of an input once: hashes them all, and lets no row become longer than it may be.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use ring::digest::{Context, SHA256};

/// A row is not longer than this, in bytes: a missing quote must not swallow the file.
pub const LONGEST_ROW: u64 = 1 << 20;

/// What one pass over the input has seen of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// Their number.
    pub bytes: u64,
}

/// Reads the file, hashes what it reads and counts how long the present row has become.
pub(super) struct Tape<'a> {
    file: BufReader<&'a File>,
    digest: Context,
    bytes: u64,
    since_mark: u64,
}

impl<'a> Tape<'a> {
    pub(super) fn new(mut file: &'a File) -> io::Result<Self> {
        file.seek(SeekFrom::Start(0))?;
        Ok(Self {
            file: BufReader::with_capacity(1 << 16, file),
            digest: Context::new(&SHA256),
            bytes: 0,
            since_mark: 0,
        })
    }

    pub(super) fn skip_byte_order_mark(&mut self) -> io::Result<()> {
        // A file of one or two bytes is shorter than its mark, and the buffer holds more than three.
        if self.file.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
            self.read_exact(&mut [0; 3])?;
        }
        Ok(())
    }

    /// Says that a row is over.
    pub(super) fn mark(&mut self) {
        self.since_mark = 0;
    }

    pub(super) fn finish(mut self) -> io::Result<Seen> {
        loop {
            self.mark();
            if self.read(&mut [0; 1 << 13])? == 0 {
                break;
            }
        }
        let sha256 = self.digest.finish();
        Ok(Seen {
            sha256: hexadecimal(sha256.as_ref()),
            bytes: self.bytes,
        })
    }
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

impl io::Read for Tape<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.digest.update(&buffer[..count]);
        self.bytes += count as u64;
        self.since_mark += count as u64;
        // What was read ahead of the row's end belongs to the next row, so the bound is not sharp.
        if self.since_mark > LONGEST_ROW + (1 << 16) {
            return Err(io::Error::other(
                "a row is longer than 1 MiB; a quote may be missing",
            ));
        }
        Ok(count)
    }
}
