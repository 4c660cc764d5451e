//! A part of a file with an offset of its own: several can be read at once, and the file may grow meanwhile.

use std::borrow::Borrow;
use std::fs::File;
use std::io::{self, Read};

/// A file from one byte to before another.
#[derive(Debug)]
pub struct Section<F> {
    file: F,
    offset: u64,
    end: u64,
}

impl<F: Borrow<File>> Section<F> {
    pub const fn new(file: F, offset: u64, end: u64) -> Self {
        Self { file, offset, end }
    }
}

impl<F: Borrow<File>> Read for Section<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.end.saturating_sub(self.offset);
        let wanted = buffer
            .len()
            .min(usize::try_from(left).unwrap_or(usize::MAX));
        let (file, buffer) = (self.file.borrow(), &mut buffer[..wanted]);
        #[cfg(unix)]
        let count = std::os::unix::fs::FileExt::read_at(file, buffer, self.offset)?;
        #[cfg(windows)]
        let count = std::os::windows::fs::FileExt::seek_read(file, buffer, self.offset)?;
        self.offset += count as u64;
        Ok(count)
    }
}
