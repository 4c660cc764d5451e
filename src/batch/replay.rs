//! Reads a journal: where every row stands after it, whatever ended the run that wrote it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::answered::Answered;
use super::error::Error;
use super::ledger::Ledger;
use super::line::{Answer, Header, Intent, Line, Place, VERSION};

/// No line is longer than this, in bytes: an answer is at most 1 MiB, and escaping may multiply it.
const LONGEST_LINE: u64 = 8 << 20;

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
    use crate::batch::line::{Moment, write_line};
    use jiff::Timestamp;
    use proptest::prelude::*;
    use serde_json::Map;
    use std::io::Write as _;
    use uuid::Uuid;

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
