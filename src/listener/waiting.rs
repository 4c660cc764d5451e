//! What was answered and has not been handed on yet: a durable log beside the file of `--save`, so that no crash loses a
//! hand-over. A notification may be handed on twice, never not at all. It knows destinations by their names, and sends nothing.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::reading::Reading;
use super::received::Received;
use crate::ending::{Code, Ending};
use crate::files::log::{self, Log};

/// An empty log that is longer than this is cut.
const TIDY: u64 = 1 << 20;
/// What is owed is held in memory to write the log anew, up to so many bytes.
const REWRITABLE: u64 = 64 << 20;

/// The log, and what is owed by it.
#[derive(Debug)]
pub struct Waiting {
    path: PathBuf,
    log: Log,
    /// The names of destinations; first those of this run, in their order.
    names: Vec<String>,
    owed: BTreeMap<u64, Owed>,
    owed_bytes: u64,
    next: u64,
    /// Lines about hand-overs that were taken, to be written with the next append.
    taken: Vec<u8>,
}

/// Where one notification still has to go, and how long its line is.
#[derive(Debug)]
struct Owed {
    places: Vec<usize>,
    bytes: u64,
}

/// The part that every line has.
#[derive(Deserialize)]
struct Head {
    number: u64,
    /// The destination that has taken it; on the line of a notification there is none.
    taken: Option<String>,
}

/// The line of a notification.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    number: u64,
    to: Vec<String>,
    received_at: Timestamp,
    target: String,
    late: bool,
    content_type: Option<String>,
    body: String,
}

impl Waiting {
    /// The name of the log that belongs to a file of notifications.
    pub fn path_for(file: &Path) -> PathBuf {
        let mut name = file.as_os_str().to_owned();
        name.push(".waiting");
        name.into()
    }

    /// Opens or creates the log for these destinations.
    pub fn open(file: &Path, names: Vec<String>) -> Result<Self, Ending> {
        let path = Self::path_for(file);
        let name = path.display();
        let failed = |error: io::Error| {
            let what = format!("{name} cannot be used: what waits to be handed on is kept there");
            Ending::failed(what, error)
        };
        let log = Log::open(&path).map_err(|error| match error {
            log::Error::Locked => {
                Ending::new(Code::Bug, format!("another process has {name} open"))
            }
            log::Error::Io(error) => failed(error),
        })?;
        let mut waiting = Self {
            path: path.clone(),
            log,
            names,
            owed: BTreeMap::new(),
            owed_bytes: 0,
            next: 1,
            taken: Vec::new(),
        };
        waiting.read().map_err(failed)?;
        Ok(waiting)
    }

    /// Reads what is owed, cuts a torn line off, and drops what is done.
    fn read(&mut self) -> io::Result<()> {
        let mut lines = self.log.lines()?;
        for line in lines.by_ref() {
            let (_, line) = line?;
            let head: Head = serde_json::from_slice(&line)?;
            if let Some(name) = head.taken {
                let place = self.place(name);
                self.forget(head.number, place);
                continue;
            }
            let line_read: Line = serde_json::from_slice(&line)?;
            let places = line_read.to.into_iter().map(|name| self.place(name));
            let places = places.collect();
            self.remember(head.number, places, line.len() as u64 + 1);
        }
        let end = lines.end();
        self.log.repair(end)?;
        if self.log.len() > self.owed_bytes && self.owed_bytes <= REWRITABLE {
            self.rewrite()?;
        }
        Ok(())
    }

    /// Where a name stands.
    fn place(&mut self, name: String) -> usize {
        let known = self.names.iter().position(|known| *known == name);
        known.unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        })
    }

    fn remember(&mut self, number: u64, places: Vec<usize>, bytes: u64) {
        self.next = self.next.max(number + 1);
        self.owed_bytes += bytes;
        self.owed.insert(number, Owed { places, bytes });
    }

    fn forget(&mut self, number: u64, place: usize) {
        if let Some(owed) = self.owed.get_mut(&number) {
            owed.places.retain(|other| *other != place);
            if owed.places.is_empty() {
                self.owed_bytes -= owed.bytes;
                self.owed.remove(&number);
            }
        }
    }

    /// How many hand-overs are owed.
    pub fn count(&self) -> usize {
        self.owed.values().map(|owed| owed.places.len()).sum()
    }

    /// The number that the next notification gets.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// The log's name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of the destinations, which the places are of.
    pub fn name(&self, place: usize) -> Option<&str> {
        self.names.get(place).map(String::as_str)
    }

    /// Adds the line of a notification that so many destinations shall get to `lines`, and returns its number.
    pub fn add(&mut self, received: &Received, places: usize, lines: &mut Vec<u8>) -> u64 {
        let number = self.next;
        let line = Line {
            number,
            to: self.names.iter().take(places).cloned().collect(),
            received_at: received.at,
            target: received.target.clone(),
            late: received.is_late,
            content_type: received.content_type.clone(),
            body: String::from_utf8_lossy(&received.body).into_owned(),
        };
        let start = lines.len();
        lines.extend(json!(line).to_string().as_bytes());
        lines.push(b'\n');
        let bytes = (lines.len() - start) as u64;
        self.remember(number, (0..places).collect(), bytes);
        number
    }

    /// Notes that a destination has taken one; it is on the disk after the next [`write`](Self::write).
    pub fn taken(&mut self, number: u64, place: usize) {
        self.forget(number, place);
        let name = self.names.get(place);
        let line = json!({"number": number, "taken": name});
        self.taken.extend(format!("{line}\n").as_bytes());
    }

    /// Writes lines that were added, and what was taken. After an error nothing from the number `first` on is owed.
    pub fn write(&mut self, lines: &[u8], first: u64) -> io::Result<()> {
        let written = self.try_write(lines);
        if written.is_err() {
            let undone = self.owed.split_off(&first);
            self.owed_bytes -= undone.values().map(|owed| owed.bytes).sum::<u64>();
        }
        written
    }

    fn try_write(&mut self, lines: &[u8]) -> io::Result<()> {
        if lines.is_empty() && self.taken.is_empty() {
            return Ok(());
        }
        self.log.append(&[&self.taken, lines].concat())?;
        self.taken.clear();
        if self.owed.is_empty() && self.log.len() > TIDY {
            return self.log.repair(0);
        }
        let wasted = self.log.len().saturating_sub(self.owed_bytes);
        if wasted > REWRITABLE && self.owed_bytes <= REWRITABLE {
            self.rewrite()?;
        }
        Ok(())
    }

    /// Leaves nothing in the log but what is owed.
    pub fn tidy(&mut self) -> io::Result<()> {
        self.try_write(&[])?;
        if self.owed.is_empty() {
            self.log.repair(0)?;
        }
        Ok(())
    }

    fn rewrite(&mut self) -> io::Result<()> {
        let (mut lines, mut owed) = (Vec::new(), BTreeMap::new());
        self.each_line(|mut line, places| {
            let names = places.iter().filter_map(|place| self.name(*place));
            line.to = names.map(str::to_owned).collect();
            let (number, places) = (line.number, places.to_vec());
            let text = format!("{}\n", json!(line));
            let bytes = text.len() as u64;
            owed.insert(number, Owed { places, bytes });
            lines.extend(text.as_bytes());
        })?;
        self.log.rewrite(&lines)?;
        (self.owed_bytes, self.owed) = (lines.len() as u64, owed);
        Ok(())
    }

    /// Hands out what is owed, oldest first: its number, and the places of its destinations, of which those beyond the ones of this
    /// run are other ones.
    pub fn each(&self, mut each: impl FnMut(u64, Received, &[usize])) -> io::Result<()> {
        self.each_line(|line, places| {
            let Ok(reading) = Reading::new(line.body.as_bytes()) else {
                return;
            };
            let received = Received {
                at: line.received_at,
                target: line.target,
                is_late: line.late,
                summary: reading.summary,
                body: line.body.into_bytes(),
                content_type: line.content_type,
                credentials: Vec::new(),
            };
            each(line.number, received, places);
        })
    }

    fn each_line(&self, mut each: impl FnMut(Line, &[usize])) -> io::Result<()> {
        for line in self.log.lines()? {
            let (_, line) = line?;
            let head: Head = serde_json::from_slice(&line)?;
            if let (None, Some(owed)) = (head.taken, self.owed.get(&head.number)) {
                each(serde_json::from_slice(&line)?, &owed.places);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn received(n: usize) -> Received {
        let body = format!("{{ \"entitlementId\": \"e{n}\" }}");
        Received {
            at: Timestamp::UNIX_EPOCH,
            target: format!("/hook?id={n}"),
            is_late: n % 2 == 1,
            summary: Reading::new(body.as_bytes()).unwrap().summary,
            body: body.into_bytes(),
            content_type: Some("application/json".to_owned()),
            credentials: Vec::new(),
        }
    }

    fn open(file: &Path) -> Waiting {
        Waiting::open(file, vec!["a".to_owned(), "b".to_owned()]).unwrap()
    }

    fn owed(waiting: &Waiting) -> Vec<(Vec<u8>, Vec<usize>)> {
        let mut all = Vec::new();
        let each = |_, received: Received, places: &[usize]| {
            all.push((received.body, places.to_vec()));
        };
        waiting.each(each).unwrap();
        all
    }

    #[test]
    fn what_was_not_taken_is_there_after_a_restart_byte_for_byte() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("s.jsonl");
        let mut waiting = open(&file);
        for n in 0..3 {
            let (mut lines, first) = (Vec::new(), waiting.next());
            waiting.add(&received(n), 2, &mut lines);
            waiting.write(&lines, first).unwrap();
        }
        waiting.taken(1, 0);
        waiting.taken(2, 0);
        waiting.taken(2, 1);
        waiting.write(&[], 4).unwrap();
        drop(waiting);
        let again = open(&file);
        let expected = [(received(0).body, vec![1]), (received(2).body, vec![0, 1])];
        assert_eq!(owed(&again), expected);
        assert_eq!((again.count(), again.next()), (3, 4));
        drop(again);
        // Another run without the second destination keeps what that one shall get.
        let other = Waiting::open(&file, vec!["c".to_owned()]).unwrap();
        assert_eq!(other.count(), 3);
        let places = owed(&other).into_iter().flat_map(|(_, places)| places);
        assert!(
            places
                .map(|place| other.name(place).unwrap())
                .eq(["b", "a", "b"])
        );
    }

    #[test]
    fn what_is_done_takes_no_space() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("s.jsonl");
        let mut waiting = open(&file);
        let mut lines = Vec::new();
        let number = waiting.add(&received(1), 2, &mut lines);
        waiting.write(&lines, number).unwrap();
        waiting.taken(number, 1);
        waiting.taken(number, 0);
        waiting.tidy().unwrap();
        let length = std::fs::metadata(Waiting::path_for(&file)).unwrap().len();
        assert_eq!((length, waiting.count()), (0, 0));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        #[test]
        fn a_log_torn_at_any_byte_owes_at_least_what_was_not_taken(taken in proptest::collection::vec((1_u64..4, 0_usize..2), 0..5)) {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("s.jsonl");
            let path = Waiting::path_for(&file);
            let mut waiting = open(&file);
            let mut lines = Vec::new();
            for n in 0..3 {
                waiting.add(&received(n), 2, &mut lines);
            }
            waiting.write(&lines, 1).unwrap();
            let whole = std::fs::metadata(&path).unwrap().len();
            for (number, place) in &taken {
                waiting.taken(*number, *place);
            }
            waiting.write(&[], 4).unwrap();
            let least = waiting.count();
            drop(waiting);
            let bytes = std::fs::read(&path).unwrap();
            for cut in usize::try_from(whole).unwrap()..=bytes.len() {
                std::fs::write(&path, &bytes[..cut]).unwrap();
                let again = open(&file);
                prop_assert!(again.count() >= least && again.count() <= 6);
                prop_assert_eq!(again.log.len(), again.owed_bytes);
            }
        }
    }
}
