//! The file of `--save`: one line for each notification, on disk before anybody is told that it was taken. It never rewrites a line.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use super::arrival::Arrival;
use crate::api::Notification;
use crate::folder;

/// No line is longer than this, in bytes: a body has at most 1 MiB, and what stands around it is short.
const LONGEST_LINE: u64 = 4 * 1024 * 1024;

/// An open file, locked against a second writer.
#[derive(Debug)]
pub struct Ledger {
    file: File,
    /// Where the last whole line ends.
    length: u64,
}

/// What was found in the file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Whole lines.
    pub notifications: u64,
    /// Lines that are none of ours; they are left where they are.
    pub strange: u64,
    /// Bytes of a last line that a crash had torn, cut off.
    pub torn: u64,
}

impl Ledger {
    /// Opens or creates the file, hands every notification in it to `each`, and cuts a torn last line off.
    ///
    /// # Errors
    ///
    /// If it cannot be opened or read, is no regular file, is in use by another listener, or holds something else.
    pub fn open(path: &Path, each: impl FnMut(&Notification)) -> Result<(Self, Found)> {
        let name = path.display();
        let file = open(path).with_context(|| format!("{name} cannot be opened"))?;
        if !file.metadata().is_ok_and(|about| about.is_file()) {
            bail!("{name} is not a regular file, so nothing can be saved in it");
        }
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                bail!("another listener saves in {name}; choose another file with --save")
            }
            // A file system without locks is no reason to save nothing.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let (end, found) = read(&file, each).with_context(|| format!("{name} cannot be read"))?;
        if found.strange > 0 && found.notifications == 0 {
            bail!(
                "{name} holds something else than notifications; choose another file with --save"
            );
        }
        let mut ledger = Self {
            file,
            length: end.length,
        };
        ledger
            .make_ready(&end)
            .and_then(|()| folder::keep_name(path))
            .with_context(|| format!("{name} cannot be written"))?;
        Ok((ledger, found))
    }

    fn make_ready(&mut self, end: &End) -> io::Result<()> {
        self.file.set_len(end.length)?;
        if end.lacks_newline {
            self.file.write_all(b"\n")?;
            self.length += 1;
        }
        self.file.sync_all()
    }

    /// Appends whole lines; when this returns they are on disk.
    ///
    /// # Errors
    ///
    /// If they are not. What was written of them is cut off again, as far as that is possible.
    pub fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let written = self
            .check_name()
            .and_then(|()| self.file.write_all(lines))
            .and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => {
                self.length += lines.len() as u64;
                Ok(())
            }
            Err(error) => {
                self.file.set_len(self.length).ok();
                Err(error)
            }
        }
    }

    /// A file that was deleted takes everything that is written and keeps nothing.
    #[cfg(unix)]
    fn check_name(&self) -> io::Result<()> {
        use std::os::unix::fs::MetadataExt as _;
        if self.file.metadata()?.nlink() == 0 {
            return Err(io::Error::new(io::ErrorKind::NotFound, "it was deleted"));
        }
        Ok(())
    }

    #[cfg(not(unix))]
    #[expect(clippy::unused_self, reason = "the same call on every system")]
    fn check_name(&self) -> io::Result<()> {
        Ok(())
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    {
        // The file holds customers' identifiers.
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// Where the whole lines of a file end.
#[derive(Debug, Default)]
struct End {
    length: u64,
    /// Somebody has edited the file: the last line is whole but for its newline.
    lacks_newline: bool,
}

/// Reads all lines.
fn read(file: &File, mut each: impl FnMut(&Notification)) -> io::Result<(End, Found)> {
    let mut reader = BufReader::with_capacity(256 * 1024, file);
    let (mut end, mut found) = (End::default(), Found::default());
    let mut line = Vec::new();
    loop {
        line.clear();
        let count = (&mut reader)
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)? as u64;
        if count == 0 {
            return Ok((end, found));
        }
        let is_ended = line.ends_with(b"\n");
        match Arrival::notification_in(line.trim_ascii_end()) {
            Some(notification) => {
                each(&notification);
                found.notifications += 1;
            }
            None if !is_ended && reader.fill_buf()?.is_empty() && is_torn(&line) => {
                found.torn = count;
                return Ok((end, found));
            }
            None if line.trim_ascii().is_empty() => {}
            None => found.strange += 1,
        }
        end.length += count;
        end.lacks_newline = !is_ended;
    }
}

/// Tells whether an unfinished line can be the beginning of one of ours, or what a file system leaves of it after a power cut.
fn is_torn(line: &[u8]) -> bool {
    let start = Arrival::LINE_START.as_bytes();
    line.starts_with(start) || start.starts_with(line) || line.iter().all(|byte| *byte == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(number: usize) -> String {
        format!(
            "{}x\",\"notification\":{{\"n\":{number}}}}}\n",
            Arrival::LINE_START
        )
    }

    fn lines(count: usize) -> String {
        (0..count).map(line).collect()
    }

    /// Opens a file with this content and returns what was found, how many were handed over, and what is in it afterwards.
    fn opened(content: &[u8]) -> (Result<Found>, usize, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("saved.jsonl");
        std::fs::write(&path, content).unwrap();
        let mut count = 0;
        let found = Ledger::open(&path, |_| count += 1).map(|(_, found)| found);
        (found, count, std::fs::read(&path).unwrap())
    }

    #[test]
    fn what_is_appended_is_found_again_and_a_second_writer_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("saved.jsonl");
        let (mut ledger, found) = Ledger::open(&path, |_| {}).unwrap();
        assert_eq!(found, Found::default());
        ledger.append(lines(2).as_bytes()).unwrap();
        assert!(Ledger::open(&path, |_| {}).is_err());
        drop(ledger);
        let (mut ledger, found) = Ledger::open(&path, |_| {}).unwrap();
        assert_eq!(found.notifications, 2);
        ledger.append(line(2).as_bytes()).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), lines(3));
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_private_and_its_deletion_is_noticed() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("saved.jsonl");
        let (mut ledger, _) = Ledger::open(&path, |_| {}).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::remove_file(&path).unwrap();
        assert!(ledger.append(line(0).as_bytes()).is_err());
    }

    #[test]
    fn a_file_of_something_else_is_refused_and_left_alone() {
        for content in ["secret", "[user]\nname = x\n", "{\"a\":1}\n", "{\"a\":1}"] {
            let (found, _, after) = opened(content.as_bytes());
            assert!(found.is_err(), "{content}");
            assert_eq!(after, content.as_bytes());
        }
    }

    #[test]
    fn a_whole_last_line_without_its_end_is_kept() {
        let content = lines(2);
        let (found, count, after) = opened(content.trim_end().as_bytes());
        assert_eq!((found.unwrap().torn, count), (0, 2));
        assert_eq!(after, content.as_bytes());
    }

    #[test]
    fn a_strange_line_among_ours_stays() {
        let content = format!("{}remark\n{}", line(0), line(1));
        let (found, count, after) = opened(content.as_bytes());
        assert_eq!((found.unwrap().strange, count), (1, 2));
        assert_eq!(after, content.as_bytes());
    }

    proptest! {
        #[test]
        fn a_file_torn_anywhere_keeps_its_whole_lines(cut in 0usize..300, zeros in 0usize..3) {
            let content = lines(4);
            let cut = cut.min(content.len());
            let whole = content[..cut].rfind('\n').map_or(0, |at| at + 1);
            let mut torn = content.as_bytes()[..cut].to_vec();
            if whole == cut {
                torn.extend(vec![0; zeros]);
            }
            let (found, count, after) = opened(&torn);
            let found = found.unwrap();
            // Cut just before its newline, a line is whole.
            let lacks_end = content[cut..].starts_with('\n') && cut > 0;
            let expected = if lacks_end { cut + 1 } else { whole };
            prop_assert_eq!(after, &content.as_bytes()[..expected]);
            prop_assert_eq!(count, content[..expected].lines().count());
            prop_assert_eq!(found.notifications, count as u64);
            prop_assert_eq!(found.torn, (torn.len() - if lacks_end { cut } else { whole }) as u64);
        }
    }
}
