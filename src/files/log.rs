//! A durable log: lines that are on the disk when `append` returns, in a file that one process at a time can write.
//! It never decides what a line means.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::private::{self, Links, not_regular};
use super::replace::Replacement;
use super::section::Section;
use super::trusted;

/// Somebody who only asks whether the log is locked holds it for less than this.
const PATIENCE: Duration = Duration::from_millis(500);
/// So long others are waited for where each holds the log for a line.
const SHARED_PATIENCE: Duration = Duration::from_secs(5);

pub use super::lines::{LONGEST_LINE, Lines};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("another process has it open")]
    Locked,
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A log that is open for appending, and locked against a second process.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: File,
    length: u64,
    /// Whether the file is known to be this user's alone.
    is_private: bool,
    /// Whether something of an append that failed may stand behind `length`.
    has_rest: bool,
}

impl Log {
    /// Opens the file or makes it, and takes its lock. Nothing of it is changed yet: it may hold something else.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::open_within(path, PATIENCE)
    }

    fn open_within(path: &Path, patience: Duration) -> Result<Self, Error> {
        let start = Instant::now();
        loop {
            let mut options = OpenOptions::new();
            options.read(true).append(true).create(true);
            let file = private::open_own(&mut options, path)?;
            let about = file.metadata()?;
            if !about.is_file() {
                return Err(not_regular().into());
            }
            let has_lock = match file.try_lock() {
                Ok(()) => true,
                Err(TryLockError::WouldBlock) => false,
                Err(TryLockError::Error(e)) => return Err(e.into()),
            };
            // The other process may have put a new file in its place before it let go.
            if has_lock && private::is_still(path, &file)? {
                private::sync_folder_of(path)?;
                return Ok(Self {
                    path: path.to_owned(),
                    length: file.metadata()?.len(),
                    file,
                    is_private: false,
                    has_rest: false,
                });
            }
            if start.elapsed() > patience {
                return Err(Error::Locked);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What is in the log now.
    pub fn lines(&self) -> io::Result<Lines> {
        Ok(Lines::between(self.file.try_clone()?, 0, self.length))
    }

    /// Cuts off what follows the last whole line, which is at [`Lines::end`].
    pub fn repair(&mut self, end: u64) -> io::Result<()> {
        if end != self.length {
            self.make_private()?;
            self.file.set_len(end)?;
            self.file.sync_all()?;
            self.length = end;
        }
        Ok(())
    }

    /// Appends whole lines, which are on the disk when it returns. After an error the file is as it was, or becomes so
    /// before the next append.
    pub fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        self.make_private()?;
        self.cut_rest()?;
        self.check_name()?;
        self.has_rest = true;
        let written = self
            .file
            .write_all(lines)
            .and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            let _ = self.cut_rest();
            return Err(error);
        }
        self.has_rest = false;
        self.length += lines.len() as u64;
        Ok(())
    }

    /// What is in the log behind what a beginning stands for.
    pub fn since(&self, beginning: &Beginning) -> io::Result<Section<File>> {
        let file = self.file.try_clone()?;
        Ok(Section::new(file, beginning.replaced, self.length))
    }

    fn make_private(&mut self) -> io::Result<()> {
        if !self.is_private {
            private::make_private(&self.file)?;
            self.is_private = true;
        }
        Ok(())
    }

    fn cut_rest(&mut self) -> io::Result<()> {
        if self.has_rest {
            self.file.set_len(self.length)?;
            self.has_rest = false;
        }
        Ok(())
    }

    /// Refuses a file that has lost its name: it takes everything that is written, and no later run finds it.
    fn check_name(&self) -> io::Result<()> {
        if private::is_still(&self.path, &self.file)? {
            return Ok(());
        }
        let why = "it was deleted or replaced by another file";
        Err(io::Error::new(io::ErrorKind::NotFound, why))
    }

    /// Replaces all that is in the log, whole or not at all, and keeps the lock.
    pub fn rewrite(&mut self, lines: &[u8]) -> io::Result<()> {
        let beginning = Beginning::write(&self.path, lines, self.length)?;
        self.replace(beginning)
    }

    /// Puts another beginning in its place, with what was appended meanwhile behind it; after an error all is as it was.
    pub fn replace(&mut self, mut beginning: Beginning) -> io::Result<()> {
        beginning.extend(self.since(&beginning)?)?;
        let mut options = OpenOptions::new();
        options.read(true).append(true);
        let file = private::open_own(&mut options, beginning.new.file.path())?;
        let length = file.metadata()?.len();
        // The lock of the temporary file gives way to the log's.
        beginning.new.file.as_file().unlock()?;
        file.try_lock()?;
        // Where the folder is not written to the disk, it is replaced for everybody all the same.
        beginning.new.finish()?;
        (self.file, self.length) = (file, length);
        (self.is_private, self.has_rest) = (true, false);
        Ok(())
    }

    /// Whether it ends with a whole line.
    fn is_whole(&self) -> io::Result<bool> {
        let Some(last) = self.length.checked_sub(1) else {
            return Ok(true);
        };
        let mut byte = [0];
        Section::new(&self.file, last, self.length).read_exact(&mut byte)?;
        Ok(byte == *b"\n")
    }

    pub fn len(&self) -> u64 {
        self.length
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The open file, to compare it with others.
    pub fn file(&self) -> &File {
        &self.file
    }
}

/// Other lines for the beginning of a log, on the disk beside it. They can be written while the log grows.
#[derive(Debug)]
pub struct Beginning {
    new: Replacement,
    /// How many bytes of the log they stand for.
    replaced: u64,
}

impl Beginning {
    /// Writes lines that stand for so many bytes of the log.
    pub fn write(path: &Path, lines: &[u8], replaced: u64) -> io::Result<Self> {
        let mut new = Replacement::begin(path)?;
        new.write_all(lines)?;
        new.file.as_file().sync_data()?;
        Ok(Self { new, replaced })
    }

    /// Adds what the log has appended since.
    pub fn extend(&mut self, mut rest: Section<File>) -> io::Result<()> {
        let added = io::copy(&mut rest, &mut self.new)?;
        if added > 0 {
            self.new.file.as_file().sync_data()?;
        }
        self.replaced += added;
        Ok(())
    }

    /// How many bytes of the log it stands for.
    pub fn replaced(&self) -> u64 {
        self.replaced
    }
}

/// Appends a line to a log that many processes write, each for a moment; once it is longer than this, in bytes, its older half goes.
pub fn append_shared(path: &Path, line: &[u8], longest: u64) -> Result<(), Error> {
    private::folder(private::folder_of(path))?;
    let mut log = Log::open_within(path, SHARED_PATIENCE)?;
    if log.len() > longest {
        let from = log.len() - longest / 2;
        let is_newer = |line: &io::Result<(u64, Vec<u8>)>| {
            line.as_ref().map_or(true, |(offset, _)| *offset >= from)
        };
        let newer = log.lines()?.filter(is_newer);
        let newer = newer.map(|line| Ok([line?.1, vec![b'\n']].concat()));
        log.rewrite(&newer.collect::<io::Result<Vec<_>>>()?.concat())?;
    } else if !log.is_whole()? {
        let mut lines = log.lines()?;
        while lines.next().transpose()?.is_some() {}
        log.repair(lines.end())?;
    }
    Ok(log.append(&[line, b"\n"].concat())?)
}

/// Reads a log without its lock, its newest bytes alone if it is longer; another user shall not have written it.
pub fn read_newest(path: &Path, most: u64) -> io::Result<Lines> {
    let file = trusted::open(path)?;
    let length = file.metadata()?.len();
    let start = length.saturating_sub(most);
    let mut lines = Lines::between(file, start, length);
    if start > 0 {
        lines.skip_part()?;
    }
    Ok(lines)
}

/// Reads a log without its lock: it may grow meanwhile, and is read up to the length that it has now.
pub fn read(path: &Path) -> io::Result<Lines> {
    let file = open_to_read(path)?;
    let length = file.metadata()?.len();
    Ok(Lines::between(file, 0, length))
}

/// Tells whether a process has the log open for appending.
pub fn is_locked(path: &Path) -> io::Result<bool> {
    match open_to_read(path)?.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(e)) => Err(e),
        Ok(()) => Ok(false),
    }
}

fn open_to_read(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    let file = private::open(&options, path, Links::Followed)?;
    if !file.metadata()?.is_file() {
        return Err(not_regular());
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(mut lines: Lines) -> (Vec<String>, Lines) {
        let read = lines
            .by_ref()
            .map(|line| String::from_utf8(line.unwrap().1).unwrap())
            .collect();
        (read, lines)
    }

    fn in_folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        (folder, path)
    }

    #[test]
    fn what_is_appended_is_read_and_a_second_process_is_refused() {
        let (_folder, path) = in_folder();
        let mut log = Log::open(&path).unwrap();
        assert!(log.len() == 0 && is_locked(&path).unwrap());
        log.append(b"one\ntwo\n").unwrap();
        assert!(matches!(Log::open(&path), Err(Error::Locked)));
        drop(log);
        assert!(!is_locked(&path).unwrap());
        let mut log = Log::open(&path).unwrap();
        log.append(b"three\n").unwrap();
        let (lines, rest) = all(log.lines().unwrap());
        assert_eq!(lines, ["one", "two", "three"]);
        assert_eq!((rest.end(), rest.rest(), log.len()), (14, &b""[..], 14));
    }

    #[test]
    fn a_rewritten_log_is_new_private_and_still_locked() {
        let (_folder, path) = in_folder();
        let mut log = Log::open(&path).unwrap();
        log.append(b"one\ntwo\n").unwrap();
        log.rewrite(b"two\n").unwrap();
        assert!(matches!(Log::open(&path), Err(Error::Locked)));
        log.append(b"three\n").unwrap();
        drop(log);
        assert_eq!(std::fs::read(&path).unwrap(), b"two\nthree\n");
        assert_eq!(path.parent().unwrap().read_dir().unwrap().count(), 1);
    }

    #[test]
    fn a_beginning_is_replaced_while_the_log_grows() {
        let (_folder, path) = in_folder();
        let mut log = Log::open(&path).unwrap();
        log.append(b"one\none\n").unwrap();
        let beginning = Beginning::write(&path, b"one\n", log.len()).unwrap();
        log.append(b"two\n").unwrap();
        log.replace(beginning).unwrap();
        log.append(b"three\n").unwrap();
        assert!(matches!(Log::open(&path), Err(Error::Locked)));
        assert_eq!(std::fs::read(&path).unwrap(), b"one\ntwo\nthree\n");
        assert_eq!(log.len(), 14);
        assert_eq!(path.parent().unwrap().read_dir().unwrap().count(), 1);
    }

    #[test]
    fn a_shared_log_loses_its_older_half_and_the_newest_of_it_is_read() {
        let (_folder, path) = in_folder();
        for number in 0..10 {
            append_shared(&path, number.to_string().as_bytes(), 12).unwrap();
        }
        let read = |most| all(read_newest(&path, most).unwrap()).0;
        assert_eq!(read(100), ["4", "5", "6", "7", "8", "9"]);
        assert_eq!(read(4), ["9"], "what begins within a line is left out");
        std::fs::write(&path, "one\ntwo\nthr").unwrap();
        append_shared(&path, b"four", 12).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\ntwo\nfour\n");
    }

    #[test]
    fn whoever_waited_for_the_old_file_gets_the_new_one() {
        let (_folder, path) = in_folder();
        let mut log = Log::open(&path).unwrap();
        let waiting = std::thread::spawn({
            let path = path.clone();
            move || Log::open(&path).unwrap().lines().map(all).unwrap().0
        });
        std::thread::sleep(Duration::from_millis(50));
        log.rewrite(b"new\n").unwrap();
        drop(log);
        assert_eq!(waiting.join().unwrap(), ["new"]);
    }

    #[test]
    fn a_line_without_an_end_is_refused_before_memory_is_full() {
        let (_folder, path) = in_folder();
        let file = File::create(&path).unwrap();
        file.set_len(1 << 40).unwrap();
        let mut lines = read(&path).unwrap();
        let refused = lines.next().unwrap().unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidData);
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_private_and_regular_and_its_deletion_is_noticed() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_folder, path) = in_folder();
        std::fs::write(&path, "").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
        let mut log = Log::open(&path).unwrap();
        let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(), 0o666, "it may be something else");
        log.append(b"line\n").unwrap();
        assert_eq!(mode(), 0o600);
        std::fs::remove_file(&path).unwrap();
        assert!(log.append(b"lost\n").is_err());
        assert!(Log::open(Path::new("/dev/null")).is_err());
        assert!(read(Path::new("/dev/null")).is_err());
    }

    #[test]
    fn a_reader_of_a_growing_log_sees_whole_lines_and_no_damage() {
        let (_folder, path) = in_folder();
        let mut log = Log::open(&path).unwrap();
        let writer = std::thread::spawn(move || {
            for number in 0..300_u32 {
                let line = format!("{}\n", number.to_string().repeat(5000));
                // In two writes, so that a reader meets the half of it.
                let (half, rest) = line.as_bytes().split_at(line.len() / 2);
                log.file.write_all(half).unwrap();
                std::thread::yield_now();
                log.file.write_all(rest).unwrap();
            }
        });
        while !writer.is_finished() {
            let (lines, _) = all(read(&path).unwrap());
            for (number, line) in lines.iter().enumerate() {
                assert_eq!(*line, number.to_string().repeat(5000));
            }
        }
        writer.join().unwrap();
        assert_eq!(all(read(&path).unwrap()).0.len(), 300);
    }

    #[test]
    fn a_log_grows_after_it_was_opened_to_read_and_what_is_new_is_not_read() {
        let (_folder, path) = in_folder();
        let mut log = Log::open(&path).unwrap();
        log.append(b"one\ntw").unwrap();
        let before = read(&path).unwrap();
        log.append(b"o\n").unwrap();
        let (lines, rest) = all(before);
        assert_eq!((lines, rest.rest()), (vec!["one".to_owned()], &b"tw"[..]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn a_log_torn_at_any_byte_keeps_its_whole_lines(
            lines in proptest::collection::vec("[a-z]{0,8}", 0..6),
            zeros in 0_usize..3,
        ) {
            let whole: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
            let (_folder, path) = in_folder();
            for cut in 0..=whole.len() {
                let torn = [&whole.as_bytes()[..cut], &vec![0; zeros]].concat();
                std::fs::write(&path, &torn).unwrap();
                let kept = whole[..cut].rfind('\n').map_or(0, |at| at + 1);
                let mut log = Log::open(&path).unwrap();
                let (read, rest) = all(log.lines().unwrap());
                prop_assert_eq!(read.len(), whole[..kept].lines().count());
                prop_assert_eq!(&lines[..read.len()], &read);
                prop_assert_eq!(rest.end(), kept as u64);
                prop_assert_eq!(rest.rest(), &torn[kept..]);
                log.repair(rest.end()).unwrap();
                log.append(b"next\n").unwrap();
                let now = std::fs::read_to_string(&path).unwrap();
                prop_assert_eq!(now, format!("{}next\n", &whole[..kept]));
            }
        }
    }
}
