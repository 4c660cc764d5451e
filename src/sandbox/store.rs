//! Keeps the state durable: every change is in the log before it is answered, and the log is read and compacted at the start.
//! What the state means is in `state`.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

use anyhow::{Context as _, Result, ensure};
use uuid::Uuid;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::entity::{Entity, SECRET};
use super::state::State;
use crate::files::log::{Beginning, Error, LONGEST_LINE, Lines, Log};
use crate::files::private;

/// How the log begins.
const BEGINNING: &[u8] = b"[[0,{\"secret\":";
/// How far a log may grow beyond twice what it held after it was last compacted, in bytes.
const GROWTH: u64 = 64 << 20;
/// How much is copied while requests wait, in bytes, at the end of a compaction.
const PAUSE: u64 = 4 << 20;
/// At the start, so many superseded entries are left alone.
const SUPERSEDED: usize = 1_000;
/// How many unreadable lines are named one by one.
const NAMED: usize = 20;

/// The state and the log that keeps it; without a log everything is forgotten at the end.
#[derive(Debug, Default)]
pub struct StateStore {
    pub state: State,
    log: Option<Log>,
    /// The lines of requests that wait to be written.
    lines: Vec<u8>,
    /// Whether the whole log is written anew instead, in one act: nothing that was replaced stays, and no line is too long.
    is_anew: bool,
    /// The size of the log when it was last compacted.
    compacted: u64,
    /// Where the lines begin that could not be read.
    unreadable: Vec<u64>,
    /// The compaction that another thread is at.
    compaction: Option<Receiver<io::Result<Beginning>>>,
}

impl StateStore {
    /// Reads the log, making it where there is none. What cannot be read is left out, and `warn` is told of it.
    pub fn open(path: Option<&Path>, warn: &dyn Fn(&str)) -> Result<Self, StartError> {
        let mut store = Self::default();
        if let Some(path) = path {
            let log = open_log(path, "opened")?;
            store
                .read(log, path, warn)
                .with_context(|| cannot_be(path, "opened"))?;
        }
        if store.state.secret().is_empty() {
            store.state.change(SECRET, Some(new_secret()));
            store.buffer_changes();
            store
                .flush()
                .context("the sandbox's state cannot be written")?;
        }
        Ok(store)
    }

    fn read(&mut self, mut log: Log, path: &Path, warn: &dyn Fn(&str)) -> Result<()> {
        let found = read(log.lines()?, &[], |number, entity| {
            self.state.change(number, entity);
            self.state.commit();
        })?;
        found.check()?;
        found.tell(path, warn);
        log.repair(found.end)?;
        self.log = Some(log);
        self.unreadable = found.offsets;
        if found.entities > 2 * self.state.everything().len() + SUPERSEDED {
            // Left as it is if it cannot be written now: it can be read all the same.
            self.write_anew();
            self.flush().ok();
        }
        Ok(())
    }

    /// Lets the next flush write everything anew: what was changed since the last one takes the place of all.
    pub fn write_anew(&mut self) {
        self.is_anew = true;
    }

    /// Makes one line of the changes since the last one; returns whether there are any.
    pub fn buffer_changes(&mut self) -> bool {
        let changes = self.state.take_changes();
        let any = !changes.is_empty();
        if any && self.log.is_some() {
            // Plain data, which always has a form in JSON.
            let line = line(&changes).unwrap_or_default();
            self.is_anew |= line.len() as u64 >= LONGEST_LINE;
            self.lines.extend(line);
        }
        any
    }

    /// Keeps something that nobody waits for: it is written with the next lines, and no roll-back takes it away.
    pub fn note(&mut self, entity: Entity) {
        self.state.add(entity);
        self.buffer_changes();
        self.state.commit();
    }

    /// Puts all lines on the disk with one synchronisation. After an error the state is as the disk has it.
    pub fn flush(&mut self) -> io::Result<()> {
        let written = match &mut self.log {
            Some(log) if self.is_anew => whole(self.state.everything())
                .and_then(|lines| log.rewrite(&lines))
                .map(|()| {
                    (self.compacted, self.compaction) = (log.len(), None);
                    self.unreadable.clear();
                }),
            Some(log) if !self.lines.is_empty() => log.append(&self.lines),
            _ => Ok(()),
        };
        if let Err(error) = written {
            self.roll_back();
            return Err(error);
        }
        self.lines.clear();
        self.is_anew = false;
        self.state.commit();
        self.compact();
        Ok(())
    }

    /// Takes back all changes since the last commit.
    pub fn roll_back(&mut self) {
        self.lines.clear();
        self.is_anew = false;
        self.state.undo_to(0);
    }

    /// Lets another thread leave out what is superseded, once the log has grown, and takes what it has made. Without that, or
    /// if it fails, the log is longer than it needs to be until it has grown as much again.
    fn compact(&mut self) {
        let Some(log) = &mut self.log else {
            return;
        };
        if let Some(compaction) = &self.compaction {
            match compaction.try_recv() {
                Ok(Ok(mut beginning)) if log.len() > beginning.replaced() + PAUSE => {
                    if let Ok(rest) = log.since(&beginning) {
                        let catch_up = move || beginning.extend(rest).map(|()| beginning);
                        self.compaction = Some(elsewhere(catch_up));
                        return;
                    }
                }
                Ok(Ok(beginning)) => {
                    if log.replace(beginning).is_ok() {
                        self.unreadable.clear();
                    }
                }
                Err(TryRecvError::Empty) => return,
                Ok(Err(_)) | Err(TryRecvError::Disconnected) => {}
            }
            (self.compacted, self.compaction) = (log.len(), None);
        } else if log.len() > 2 * self.compacted + GROWTH
            && let Ok(lines) = log.lines()
        {
            let (path, length) = (log.path().to_owned(), log.len());
            let unreadable = self.unreadable.clone();
            let compaction = move || compacted(lines, &unreadable, &path, length);
            self.compaction = Some(elsewhere(compaction));
        }
    }
}

/// Does something in a thread of its own.
fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Receiver<T> {
    let (sender, done) = sync_channel(1);
    std::thread::spawn(move || sender.send(work()));
    done
}

impl Drop for StateStore {
    fn drop(&mut self) {
        // So that nothing of it is left in the folder.
        if let Some(compaction) = self.compaction.take() {
            compaction.recv().ok();
        }
    }
}

/// The same state in as few lines as it takes. Nobody asks what they mean.
fn compacted(lines: Lines, unreadable: &[u64], path: &Path, length: u64) -> io::Result<Beginning> {
    let mut kept = BTreeMap::<u64, Option<Box<RawValue>>>::new();
    read(lines, unreadable, |number, entity| {
        kept.insert(number, entity);
    })?;
    let kept = kept.iter();
    let kept = kept.filter_map(|(number, entity)| Some((*number, entity.as_deref()?)));
    Beginning::write(path, &whole(kept)?, length)
}

/// All entities, one to a line.
fn whole<'e, E: Serialize + ?Sized + 'e>(
    entities: impl Iterator<Item = (u64, &'e E)>,
) -> io::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for (number, entity) in entities {
        lines.extend(line(&[(number, Some(entity))])?);
    }
    Ok(lines)
}

/// Empties a state file, a damaged one too. One that is no state is refused, unless its name is ours alone.
pub fn reset(path: &Path, is_ours: bool) -> Result<()> {
    let mut log = open_log(path, "emptied")?;
    let mut empty = || -> Result<()> {
        if !is_ours {
            read(log.lines()?, &[], |_, _: Option<Entity>| {})?.check()?;
        }
        Ok(log.rewrite(&line(&[(SECRET, Some(&new_secret()))])?)?)
    };
    empty().with_context(|| cannot_be(path, "emptied"))
}

/// Why a sandbox cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another sandbox has the state file or the port.
    #[error("{0}")]
    Running(String),
    /// Something else has the port.
    #[error("{0}")]
    PortInUse(String),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

fn cannot_be(path: &Path, what: &str) -> String {
    format!(
        "the sandbox's state file {} cannot be {what}",
        path.display()
    )
}

fn open_log(path: &Path, what: &str) -> Result<Log, StartError> {
    let in_use = "another sandbox is using it; use that one with --sandbox, stop it with Ctrl-C in its terminal, or start one with another file: sandbox --state";
    private::folder(private::folder_of(path))
        .map_err(Error::Io)
        .and_then(|()| Log::open(path))
        .map_err(|error| match error {
            Error::Locked => StartError::Running(format!("{}: {in_use}", cannot_be(path, what))),
            Error::Io(error) => anyhow::Error::from(error)
                .context(cannot_be(path, what))
                .into(),
        })
}

fn new_secret() -> Entity {
    Entity::Secret(Uuid::new_v4().simple().to_string())
}

fn line<E: Serialize + ?Sized>(entities: &[(u64, Option<&E>)]) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(entities)?;
    line.push(b'\n');
    Ok(line)
}

/// What reading a log came to.
#[derive(Debug, Default)]
struct LogContents {
    entities: usize,
    /// Each unreadable line with what is known of it, and where it begins.
    unreadable: Vec<String>,
    offsets: Vec<u64>,
    /// Where the last whole line ends, and what follows it.
    end: u64,
    rest: Vec<u8>,
}

/// Reads all lines but those that are known to be unreadable.
fn read<E: DeserializeOwned>(
    mut lines: Lines,
    unreadable: &[u64],
    mut keep: impl FnMut(u64, Option<E>),
) -> io::Result<LogContents> {
    let mut found = LogContents::default();
    for (index, line) in lines.by_ref().enumerate() {
        let (offset, line) = line?;
        if unreadable.contains(&offset) {
            continue;
        }
        match serde_json::from_slice::<Vec<(u64, Option<E>)>>(&line) {
            Ok(entities) => {
                found.entities += entities.len();
                for (number, entity) in entities {
                    keep(number, entity);
                }
            }
            Err(why) => {
                let (number, about) = (index + 1, about(&line));
                let problem = format!("line {number}{about} cannot be read and is left out: {why}");
                found.unreadable.push(problem);
                found.offsets.push(offset);
            }
        }
    }
    found.end = lines.end();
    found.rest = lines.rest().to_vec();
    Ok(found)
}

/// Finds out whose line an unreadable one is.
fn about(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let id = text.split("\"entitlementId\":\"").nth(1);
    let id = id.and_then(|rest| rest.split('"').next());
    id.map(|id| format!(" (entitlement {id})"))
        .unwrap_or_default()
}

impl LogContents {
    /// Refuses a file that is no state.
    fn check(&self) -> Result<()> {
        // A first line that a crash has torn, of which a file system may leave zeros.
        let torn = self.rest.iter().all(|byte| *byte == 0)
            || self.rest.starts_with(BEGINNING)
            || BEGINNING.starts_with(&self.rest);
        ensure!(
            self.entities > 0 || (self.unreadable.is_empty() && torn),
            "it is not a sandbox's state; choose another file, or delete it"
        );
        Ok(())
    }

    /// Says which lines are left out.
    fn tell(&self, path: &Path, warn: &dyn Fn(&str)) {
        let path = path.display();
        for problem in self.unreadable.iter().take(NAMED) {
            warn(&format!("{path}: {problem}"));
        }
        let count = self.unreadable.len();
        if count > NAMED {
            warn(&format!("{path}: {count} lines in all cannot be read"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::entity::Link;

    fn open(path: &Path) -> (Result<StateStore, StartError>, Vec<String>) {
        let warnings = std::cell::RefCell::new(Vec::new());
        let warn = |problem: &str| warnings.borrow_mut().push(problem.to_owned());
        let store = StateStore::open(Some(path), &warn);
        (store, warnings.into_inner())
    }

    fn keep(store: &mut StateStore, token: &str) {
        let link = Link {
            token: token.to_owned(),
            entitlement: "e".to_owned(),
            expires: 0,
        };
        store.state.add(Entity::Link(link));
        store.buffer_changes();
    }

    #[test]
    fn what_is_committed_is_read_again_and_what_is_not_is_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let mut store = open(&path).0.unwrap();
        keep(&mut store, "a");
        store.flush().unwrap();
        keep(&mut store, "b");
        store.roll_back();
        assert!(store.state.link("b").is_none());
        let secret = store.state.secret().to_owned();
        drop(store);
        let state = &open(&path).0.unwrap().state;
        assert!(state.link("a").is_some() && state.link("b").is_none());
        assert_eq!(state.secret(), secret);
    }

    #[test]
    fn a_compacted_log_holds_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let mut store = open(&path).0.unwrap();
        for _ in 0..10 {
            keep(&mut store, "a");
        }
        store.flush().unwrap();
        let length = path.metadata().unwrap().len();
        store.write_anew();
        store.flush().unwrap();
        assert!(path.metadata().unwrap().len() < length / 2);
        keep(&mut store, "b");
        store.flush().unwrap();
        drop(store);
        let state = &open(&path).0.unwrap().state;
        assert!(state.link("a").is_some() && state.link("b").is_some());
    }

    #[test]
    fn a_log_that_has_grown_is_compacted_meanwhile_and_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let mut store = open(&path).0.unwrap();
        let large = |number: u64| Link {
            token: format!("{number}{}", "x".repeat(1 << 20)),
            entitlement: "large".to_owned(),
            expires: 0,
        };
        let length = || path.metadata().unwrap().len();
        let (mut longest, mut kept) = (0, 0);
        while length() >= longest {
            longest = length();
            assert!(longest < 4 * GROWTH, "it is never compacted");
            store.state.change(1, Some(Entity::Link(large(kept))));
            store.buffer_changes();
            keep(&mut store, &kept.to_string());
            store.flush().unwrap();
            kept += 1;
        }
        assert!(longest > GROWTH && length() < longest / 2);
        keep(&mut store, "after");
        store.flush().unwrap();
        let (all, last) = (store.state.everything().len(), store.state.last());
        drop(store);
        let (store, warnings) = open(&path);
        let state = &store.unwrap().state;
        assert!(warnings.is_empty() && state.link(&large(kept - 1).token).is_some());
        assert!(state.link("after").is_some() && state.link(&(kept - 1).to_string()).is_some());
        assert_eq!((state.everything().len(), state.last()), (all, last));
        assert_eq!(folder.path().read_dir().unwrap().count(), 1);
    }

    #[test]
    fn any_flipped_bit_costs_at_most_what_its_line_touches() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let mut store = open(&path).0.unwrap();
        let tokens = ["first", "second", "third"];
        for token in tokens {
            keep(&mut store, token);
        }
        store.flush().unwrap();
        drop(store);
        let whole = std::fs::read(&path).unwrap();
        for bit in (0..whole.len() * 8).step_by(7) {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            std::fs::write(&path, &damaged).unwrap();
            let (store, warnings) = open(&path);
            let state = &store.unwrap().state;
            let left = tokens.iter().filter(|token| state.link(token).is_some());
            // A newline that is lost joins two lines, and a number may become another's.
            assert!(
                left.count() >= 1 && warnings.len() <= 2,
                "{bit}: {warnings:?}"
            );
        }
    }
}
