//! Keeps the state durable: every change is in the log before it is answered, and the log is read and compacted at the start.
//! What the state means is in `state`.

use std::io;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use uuid::Uuid;

use super::state::{Entity, SECRET, State};
use crate::files::log::{Error, Log};
use crate::files::private;

/// How the log begins.
const BEGINNING: &[u8] = b"[[0,{\"secret\":";
/// How far a log may grow beyond twice what it held after it was last compacted, in bytes.
const GROWTH: u64 = 64 << 20;
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
    /// The size of the log when it was last compacted.
    compacted: u64,
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
        let found = read(&log, &mut self.state)?;
        found.check()?;
        found.tell(path, warn);
        log.repair(found.end)?;
        self.log = Some(log);
        if found.entities > 2 * self.state.everything().len() + SUPERSEDED {
            // Left as it is if it cannot be written now: it can be read all the same.
            self.compact().ok();
        }
        Ok(())
    }

    /// Makes one line of the changes since the last one; returns whether there are any.
    pub fn buffer_changes(&mut self) -> bool {
        let changes = self.state.take_changes();
        let any = !changes.is_empty();
        if any && self.log.is_some() {
            // Plain data, which always has a form in JSON.
            self.lines.extend(line(&changes).unwrap_or_default());
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
        if let Some(log) = &mut self.log
            && !self.lines.is_empty()
        {
            if let Err(error) = log.append(&self.lines) {
                self.roll_back();
                return Err(error);
            }
            self.lines.clear();
            let length = log.len();
            if length > 2 * self.compacted + GROWTH && self.compact().is_err() {
                self.compacted = length;
            }
        }
        self.state.commit();
        Ok(())
    }

    /// Takes back all changes since the last commit.
    pub fn roll_back(&mut self) {
        self.lines.clear();
        self.state.undo_to(0);
    }

    /// Writes the log anew, without what is superseded.
    pub fn compact(&mut self) -> Result<()> {
        if let Some(log) = &mut self.log {
            let mut lines = Vec::new();
            for (number, entity) in self.state.everything() {
                lines.extend(line(&[(number, Some(entity))])?);
            }
            log.rewrite(&lines)?;
            self.compacted = log.len();
        }
        Ok(())
    }
}

/// Empties a state file, a damaged one too. One that is no state is refused, unless its name is ours alone.
pub fn reset(path: &Path, is_ours: bool) -> Result<()> {
    let mut log = open_log(path, "emptied")?;
    let mut empty = || -> Result<()> {
        if !is_ours {
            read(&log, &mut State::default())?.check()?;
        }
        Ok(log.rewrite(&line(&[(SECRET, Some(&new_secret()))])?)?)
    };
    empty().with_context(|| cannot_be(path, "emptied"))
}

/// Why a sandbox cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another process has the state file or the port.
    #[error("{0}")]
    InUse(String),
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
    let in_use = "another sandbox is using it; stop that one, or start one with another file: sandbox --state";
    private::folder(private::folder_of(path))
        .map_err(Error::Io)
        .and_then(|()| Log::open(path))
        .map_err(|error| match error {
            Error::Locked => StartError::InUse(format!("{}: {in_use}", cannot_be(path, what))),
            Error::Io(error) => anyhow::Error::from(error)
                .context(cannot_be(path, what))
                .into(),
        })
}

fn new_secret() -> Entity {
    Entity::Secret(Uuid::new_v4().simple().to_string())
}

fn line(entities: &[(u64, Option<&Entity>)]) -> Result<Vec<u8>> {
    let mut line = serde_json::to_vec(entities)?;
    line.push(b'\n');
    Ok(line)
}

/// What reading a log came to.
#[derive(Debug, Default)]
struct LogContents {
    entities: usize,
    /// Each unreadable line with what is known of it.
    unreadable: Vec<String>,
    /// Where the last whole line ends, and what follows it.
    end: u64,
    rest: Vec<u8>,
}

fn read(log: &Log, state: &mut State) -> io::Result<LogContents> {
    let mut found = LogContents::default();
    let mut lines = log.lines()?;
    for (index, line) in lines.by_ref().enumerate() {
        let (_, line) = line?;
        match serde_json::from_slice::<Vec<(u64, Option<Entity>)>>(&line) {
            Ok(entities) => {
                found.entities += entities.len();
                for (number, entity) in entities {
                    state.change(number, entity);
                }
                state.commit();
            }
            Err(why) => {
                let (number, about) = (index + 1, about(&line));
                let problem = format!("line {number}{about} cannot be read and is left out: {why}");
                found.unreadable.push(problem);
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
    use crate::sandbox::state::Link;

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
        let state = open(&path).0.unwrap().state;
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
        store.compact().unwrap();
        assert!(path.metadata().unwrap().len() < length / 2);
        keep(&mut store, "b");
        store.flush().unwrap();
        drop(store);
        let state = open(&path).0.unwrap().state;
        assert!(state.link("a").is_some() && state.link("b").is_some());
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
            let state = store.unwrap().state;
            let left = tokens.iter().filter(|token| state.link(token).is_some());
            // A newline that is lost joins two lines, and a number may become another's.
            assert!(
                left.count() >= 1 && warnings.len() <= 2,
                "{bit}: {warnings:?}"
            );
        }
    }
}
