//! The journal: one file that tells, after any crash, which rows were sent and what became of them.
//! Append-only JSON lines behind a lock; never holds a credential.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::answered::Answered;
use super::error::Error;
use super::line::{Header, Line, write_line};
use super::replay::{self, Replay};
use crate::folder;

/// Somebody who only looks at the journal holds it for less than this.
const PATIENCE: Duration = Duration::from_millis(500);

/// A journal held for writing.
#[derive(Debug)]
pub struct Journal {
    file: File,
    /// Where it is.
    pub path: PathBuf,
}

impl Journal {
    /// Opens or makes a journal, locks it, and reads what is in it; a torn last line is cut off.
    ///
    /// # Errors
    ///
    /// If another run holds it, or it cannot be used.
    pub fn open(path: &Path) -> Result<(Self, Option<Replay>), Error> {
        let failed = |what: &str, e: &io::Error| {
            Error::Journal(format!(
                "the journal {} cannot be {what}: {e}",
                path.display()
            ))
        };
        let file = open_private(path).map_err(|e| failed("opened for writing", &e))?;
        lock(&file).map_err(|e| match e {
            TryLockError::WouldBlock => Error::Locked(path.display().to_string()),
            TryLockError::Error(e) => failed("locked", &e),
        })?;
        let replay = replay::read(path)?;
        let length = replay.as_ref().map_or(0, |replay| replay.length);
        if file.metadata().is_ok_and(|found| found.len() != length) {
            file.set_len(length)
                .and_then(|()| file.sync_all())
                .map_err(|e| failed("mended", &e))?;
        }
        let journal = Self {
            file,
            path: path.to_owned(),
        };
        Ok((journal, replay))
    }

    /// Appends lines and returns when they are durable.
    ///
    /// # Errors
    ///
    /// If that cannot be had; what was appended then is in doubt.
    pub fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        self.file.write_all(lines)?;
        self.file.sync_data()
    }

    /// Begins the journal: its header is durable afterwards, and so is its place in its folder.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn begin(&mut self, header: Header) -> Result<(), Error> {
        let mut line = Vec::new();
        write_line(&mut line, &Line::<Answered>::Header(Box::new(header)));
        let written = self
            .append(&line)
            .and_then(|()| folder::keep_name(&self.path));
        written.map_err(|e| {
            Error::Journal(format!(
                "the journal {} cannot be written: {e}",
                self.path.display()
            ))
        })
    }
}

/// Opens for appending; a new file can be read by its owner alone, for it names users.
fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true).read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Takes the lock, with a little patience.
fn lock(file: &File) -> Result<(), TryLockError> {
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(20));
            }
            result => return result,
        }
    }
}

/// Tells whether a run holds the journal.
///
/// # Errors
///
/// If the journal cannot be opened.
pub fn is_in_use(path: &Path) -> io::Result<bool> {
    Ok(matches!(
        File::open(path)?.try_lock_shared(),
        Err(TryLockError::WouldBlock)
    ))
}
