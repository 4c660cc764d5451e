//! The journal: one file that tells, after any crash, which rows were sent and what became of them.
//! Append-only JSON lines behind a lock; never holds a credential.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::answered::Answered;
use super::error::Error;
use super::ledger::Ledger;

/// The version of the lines below.
pub const VERSION: u32 = 1;
/// No line is longer than this, in bytes: an answer is at most 1 MiB, and escaping may multiply it.
const LONGEST_LINE: u64 = 8 << 20;
/// Somebody who only looks at the journal holds it for less than this.
const PATIENCE: Duration = Duration::from_millis(500);

/// A line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Line<A = Answered> {
    /// The first line.
    Header(Box<Header>),
    /// A row is about to be sent.
    Intent(Intent),
    /// What became of a row.
    Answer(Answer<A>),
    /// A row was not sent after all.
    Withdrawn(Place),
    /// A run takes the journal up again.
    Resumed(Moment),
    /// A run ended in order.
    Ended(Moment),
}

/// What the journal is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Header {
    pub version: u32,
    pub run: Uuid,
    pub started: Timestamp,
    pub input: String,
    pub format: String,
    pub bytes: u64,
    pub sha256: String,
    /// The rows of the whole input.
    pub rows: u32,
    /// The rows of the shard.
    pub in_shard: u32,
    pub shard: String,
    /// What else decides what is sent, by the names of flags; no secret is among it.
    pub settings: Map<String, Value>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intent {
    pub row: u32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub round: u32,
    pub at: Timestamp,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer<A = Answered> {
    pub row: u32,
    pub at: Timestamp,
    pub what: A,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub row: u32,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    pub at: Timestamp,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A journal that was read.
#[derive(Debug)]
pub struct Replay {
    pub header: Header,
    pub ledger: Ledger,
    /// Whether the last run ended in order.
    pub ended: bool,
    /// The length of its whole lines, in bytes; what follows is a torn line.
    pub length: u64,
    /// Whether something follows.
    pub torn: bool,
}

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
        let replay = read(path)?;
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
        let written = self.append(&line).and_then(|()| sync_folder(&self.path));
        written.map_err(|e| {
            Error::Journal(format!(
                "the journal {} cannot be written: {e}",
                self.path.display()
            ))
        })
    }
}

/// Appends a line to a buffer.
pub fn write_line<A: Serialize>(buffer: &mut Vec<u8>, line: &Line<A>) {
    // Writing to memory fails only for maps with keys that are no text; there are none.
    let _ = serde_json::to_writer(&mut *buffer, line);
    buffer.push(b'\n');
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

#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "folders can be synced on Unix alone"
)]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
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

/// Reads a journal; `None` if there is nothing in it, not even a whole header.
///
/// # Errors
///
/// If it cannot be read, is no journal, or has a line that is wrong and is not the last.
pub fn read(path: &Path) -> Result<Option<Replay>, Error> {
    let name = path.display();
    let unreadable =
        |e: &io::Error| Error::Journal(format!("the journal {name} cannot be read: {e}"));
    let file = File::open(path).map_err(|e| unreadable(&e))?;
    if !file.metadata().map_err(|e| unreadable(&e))?.is_file() {
        return Ok(None);
    }
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let (mut replay, mut number, mut place) = (None, 0_u64, 0_u64);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let mut bounded = (&mut reader).take(LONGEST_LINE);
        let length = bounded
            .read_until(b'\n', &mut bytes)
            .map_err(|e| unreadable(&e))?;
        if length == 0 {
            return Ok(replay);
        }
        number += 1;
        let wrong = match take(&mut replay, &bytes, place) {
            Ok(()) => {
                place += length as u64;
                if let Some(replay) = &mut replay {
                    replay.length = place;
                }
                continue;
            }
            Err(why) => why,
        };
        let is_last = reader.fill_buf().map_err(|e| unreadable(&e))?.is_empty();
        return match (&mut replay, is_last) {
            (Some(read), true) => {
                read.torn = true;
                Ok(replay)
            }
            (None, true) if is_torn_header(&bytes) => Ok(None),
            (None, _) => Err(Error::Journal(format!(
                "{name} is not a journal of this tool: {wrong}"
            ))),
            (Some(_), false) => Err(Error::Journal(format!(
                "line {number} of the journal {name} is damaged ({wrong}); mend or remove that line by hand, knowing that its row may have been sent"
            ))),
        };
    }
}

/// Tells whether this can be the beginning of a header, cut off by a crash before anything was sent.
fn is_torn_header(bytes: &[u8]) -> bool {
    let begins = br#"{"header":{"#;
    let shared = bytes.len().min(begins.len());
    bytes[..shared] == begins[..shared] && !bytes.ends_with(b"\n")
}

/// Takes one line into the replay.
fn take(replay: &mut Option<Replay>, bytes: &[u8], place: u64) -> Result<(), String> {
    let text = bytes.strip_suffix(b"\n").ok_or("it has no end")?;
    let line: Line = serde_json::from_slice(text).map_err(|e| e.to_string())?;
    let Some(replay) = replay else {
        let Line::Header(header) = line else {
            return Err("its first line is not a header".to_owned());
        };
        if header.version != VERSION {
            return Err(format!(
                "its version is {}, this tool writes {VERSION}",
                header.version
            ));
        }
        *replay = Some(Replay {
            ledger: Ledger::new(header.rows),
            header: *header,
            ended: false,
            length: 0,
            torn: false,
        });
        return Ok(());
    };
    let ledger = &mut replay.ledger;
    let rows = replay.header.rows;
    let known = |row: u32| {
        if (1..=rows).contains(&row) {
            Ok(())
        } else {
            Err(format!("there is no row {row}"))
        }
    };
    match line {
        Line::Header(_) => return Err("a second header".to_owned()),
        Line::Intent(Intent { row, round, at }) => {
            known(row)?;
            ledger.intend(row, round, at);
        }
        Line::Answer(Answer { row, what, .. }) => {
            known(row)?;
            ledger.answer(row, &what);
            ledger.remember(row, place);
        }
        Line::Withdrawn(Place { row }) => {
            known(row)?;
            ledger.withdraw(row);
        }
        Line::Resumed(_) => replay.ended = false,
        Line::Ended(_) => replay.ended = true,
    }
    Ok(())
}

/// Reads single answers back from a journal.
#[derive(Debug)]
pub struct Answers {
    file: BufReader<File>,
}

impl Answers {
    /// Opens the journal a second time, for reading.
    ///
    /// # Errors
    ///
    /// If it cannot be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self {
            file: BufReader::new(File::open(path)?),
        })
    }

    /// Reads the answer that begins at this place.
    ///
    /// # Errors
    ///
    /// If it cannot be read or is none.
    pub fn at(&mut self, place: u64) -> io::Result<Answered> {
        self.file.seek(SeekFrom::Start(place))?;
        let mut line = Vec::new();
        (&mut self.file)
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)?;
        match serde_json::from_slice(&line)? {
            Line::Answer(answer) => Ok(answer.what),
            _ => Err(io::Error::other("the journal has no answer where one was")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::answered::Outcome;
    use crate::batch::ledger::State;
    use proptest::prelude::*;

    fn lines() -> Vec<u8> {
        let at = Timestamp::UNIX_EPOCH;
        let header = Header {
            version: VERSION,
            run: Uuid::from_u128(1),
            started: at,
            input: "users.csv".to_owned(),
            format: "csv".to_owned(),
            bytes: 1,
            sha256: "00".to_owned(),
            rows: 3,
            in_shard: 3,
            shard: "1/1".to_owned(),
            settings: Map::new(),
        };
        let what = Answered {
            outcome: Outcome::Done,
            ..Answered::unanswered("ü \"quoted\"\n".to_owned())
        };
        let mut bytes = Vec::new();
        for line in [
            Line::Header(Box::new(header)),
            Line::Intent(Intent {
                row: 1,
                round: 0,
                at,
            }),
            Line::Intent(Intent {
                row: 2,
                round: 0,
                at,
            }),
            Line::Answer(Answer { row: 1, at, what }),
            Line::Withdrawn(Place { row: 2 }),
            Line::Ended(Moment { at }),
        ] {
            write_line(&mut bytes, &line);
        }
        bytes
    }

    fn read_bytes(bytes: &[u8]) -> Result<Option<Replay>, Error> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        read(file.path())
    }

    #[test]
    fn what_was_written_is_read() {
        let replay = read_bytes(&lines()).unwrap().unwrap();
        assert!(replay.ended && !replay.torn);
        let states = [1, 2, 3].map(|row| replay.ledger.state(row));
        assert_eq!(
            states,
            [State::Answered(Outcome::Done), State::Open, State::Open]
        );
    }

    #[test]
    fn a_journal_cut_anywhere_is_read_up_to_its_last_whole_line() {
        let whole = lines();
        let first = whole.iter().position(|byte| *byte == b'\n').unwrap();
        for cut in 0..whole.len() {
            let replay = read_bytes(&whole[..cut]).unwrap();
            let ends = whole[..cut].iter().rposition(|byte| *byte == b'\n');
            assert_eq!(replay.is_some(), cut > first, "{cut}");
            let length = replay.map_or(0, |replay| replay.length);
            assert_eq!(length, ends.map_or(0, |end| end as u64 + 1), "{cut}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>, begins: bool) {
            let mut text = if begins { lines() } else { Vec::new() };
            text.extend(&bytes);
            let _ = read_bytes(&text);
        }
    }
}
