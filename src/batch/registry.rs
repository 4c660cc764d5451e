//! The batches that were begun on this machine: so that no row is sent again by mistake, under another journal or number of shards.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::journal_line::{Header, Line};
use super::row::Shard;
use crate::files::log::{self, LONGEST_LINE};
use crate::files::{private, state_folder};

/// When the registry is longer, in bytes, its older half is forgotten.
const LONGEST: u64 = 1 << 20;
/// More journals in one folder are not looked at.
const MOST_JOURNALS: usize = 1000;
/// What decides how the rows are read, and not what is sent.
const INDECISIVE: [&str; 2] = ["allow-duplicates", "extra-fields"];

/// A batch that was begun.
#[derive(Debug, Serialize, Deserialize)]
pub struct Begun {
    pub journal: PathBuf,
    header: Header,
}

impl Begun {
    pub fn new(journal: &Path, header: &Header) -> Self {
        Self {
            journal: std::path::absolute(journal).unwrap_or_else(|_| journal.to_owned()),
            header: header.clone(),
        }
    }

    pub fn shard(&self) -> &str {
        &self.header.shard
    }

    /// Whether some row of the other batch is a row of this one too: the same content for the same account, and not another
    /// of the same number of shards.
    fn shares_rows(&self, other: &Header) -> bool {
        let shards = [self.header.shard.parse(), other.shard.parse::<Shard>()];
        let are_disjoint = match shards {
            [Ok(a), Ok(b)] => a.count == b.count && a.index != b.index,
            _ => false,
        };
        let decisive = |header: &Header| {
            let mut settings = header.settings.clone();
            settings.retain(|name, _| !INDECISIVE.contains(&name.as_str()));
            settings
        };
        self.header.sha256 == other.sha256
            && decisive(&self.header) == decisive(other)
            && !are_disjoint
    }
}

/// Finds a batch that was begun before and shares rows with the new one: in the registry, or by a journal beside the
/// input or the new journal. What cannot be read tells nothing.
pub fn find(journal: &Path, input: &Path, header: &Header) -> Option<Begun> {
    let listed = path()
        .and_then(|path| entries(&path).ok())
        .unwrap_or_default();
    let beside = [input, journal]
        .into_iter()
        .filter_map(|path| private::folder_of(path).read_dir().ok())
        .flat_map(|folder| folder.take(MOST_JOURNALS * 10).flatten())
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|name| name == "journal"))
        .take(MOST_JOURNALS);
    let beside = beside.filter_map(|path| Some(Begun::new(&path, &header_of(&path).ok()?)));
    listed
        .into_iter()
        .chain(beside)
        .find(|begun| begun.shares_rows(header))
}

/// Remembers a batch. Without a state folder only journals beside an input are known.
pub fn remember(begun: &Begun) -> Result<(), log::Error> {
    let Some(path) = path() else { return Ok(()) };
    let line = serde_json::to_vec(begun).map_err(io::Error::from)?;
    log::append_shared(&path, &line, LONGEST)
}

fn path() -> Option<PathBuf> {
    Some(state_folder()?.join("batches.jsonl"))
}

fn entries(path: &Path) -> io::Result<Vec<Begun>> {
    let lines = log::read(path)?.map_while(Result::ok);
    Ok(lines
        .filter_map(|(_, line)| serde_json::from_slice(&line).ok())
        .collect())
}

/// The first line of a journal.
fn header_of(path: &Path) -> io::Result<Header> {
    if !path.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut line = Vec::new();
    BufReader::new(File::open(path)?.take(LONGEST_LINE)).read_until(b'\n', &mut line)?;
    line.pop_if(|last| *last == b'\n');
    match Line::read(line).map_err(io::Error::other)? {
        Line::Header(header) => Ok(*header),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}
