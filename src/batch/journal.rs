//! The write-ahead journal: JSON lines that tell, after any crash, which rows were sent and what became of them.
//! It never holds a credential.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use serde_json::{Value, json};
use uuid::Uuid;

use super::journal_line::{Header, Line};
use super::outcome::{RowOutcome, RowResult};
use super::plan::{Plan, RetryCodes};
use super::registry::{self, Begun};
use super::states::{RowState, RowStates};
use crate::ending::{Code, Ending};
use crate::files::log::{self, Log};

/// The setting that names the defaults that came from the profile, which are for creates alone.
pub const DEFAULTS_OF_PROFILE: &str = "defaults-of-profile";
/// The version of the lines.
const VERSION: u32 = 1;

/// What a journal says.
#[derive(Debug)]
pub struct Replay {
    pub header: Header,
    pub states: RowStates,
    /// Whether the last run ended in order.
    pub ended: bool,
}

impl Replay {
    fn new(header: Header) -> Self {
        Self {
            states: RowStates::new(header.rows),
            header,
            ended: false,
        }
    }

    /// Takes a line that is not the first.
    fn take(&mut self, line: Line, offset: u64) -> Result<(), String> {
        let (rows, states) = (self.header.rows, &mut self.states);
        if let Line::Intent { row, .. }
        | Line::Answer { row, .. }
        | Line::Withdrawn { row }
        | Line::Waits { row, .. } = &line
            && !(1..=rows).contains(row)
        {
            return Err(format!("there is no row {row}"));
        }
        match line {
            Line::Header(_) => return Err("a second header".to_owned()),
            Line::Intent { row, round, at } => states.intend(row, round, at),
            Line::Answer { row, what, .. } => {
                states.answer(row, &what);
                states.keep_offset(row, offset);
            }
            Line::Withdrawn { row } => states.withdraw(row),
            Line::Waits { row, before } => states.wait(row, before),
            Line::Retry { codes, .. } => states.begin_campaign(codes),
            Line::Retried { .. } => states.end_campaign(),
            Line::Clock { seconds } => states.tell_clock(SignedDuration::from_secs(seconds)),
            Line::Resumed { .. } => {
                states.forget_clock();
                self.ended = false;
            }
            Line::Ended { .. } => self.ended = true,
        }
        Ok(())
    }
}

/// A journal held for writing.
#[derive(Debug)]
pub struct Journal {
    pub log: Log,
    pub path: PathBuf,
}

impl Journal {
    /// Opens or makes a journal and locks it; nothing is written yet.
    pub fn open(path: &Path) -> Result<Self, Ending> {
        let name = path.display();
        let log = Log::open(path).map_err(|e| match e {
            log::Error::Locked => {
                let why = format!("the journal {name} is in use by another run");
                Ending::refused_locally(why)
                    .next("wait for that run; bango-ent batch status shows how far it is")
            }
            log::Error::Io(e) => machine(path, "opened for writing", &e)
                .next("--journal FILE names another place for it"),
        })?;
        let path = path.to_owned();
        Ok(Self { log, path })
    }

    /// What the journal says, unless not even its header is whole, and where its last whole line ends.
    pub fn replay(&self) -> Result<(Option<Replay>, u64), Ending> {
        let lines = self.log.lines();
        let lines = lines.map_err(|e| machine(&self.path, "read", &e))?;
        replay(lines, &self.path)
    }

    /// Writes lines behind the last whole one.
    pub fn append(&mut self, end: u64, lines: &[u8]) -> Result<(), Ending> {
        self.log
            .repair(end)
            .and_then(|()| self.log.append(lines))
            .map_err(|e| machine(&self.path, "written", &e))
    }

    /// Begins the journal, or continues it if it was begun with the same plan.
    pub fn start(&mut self, plan: &Plan) -> Result<Replay, Ending> {
        let (replay, end) = self.replay()?;
        let header = header(plan);
        let (is_new, mut line) = (replay.is_none(), Vec::new());
        let mut replay = if let Some(replay) = replay {
            if plan.begin_anew {
                return Err(Ending::refused_locally(format!(
                    "the journal {} holds a batch already",
                    self.path.display()
                ))
                .next("without --begin-anew the same command continues it; another --journal begins anew"));
            }
            let differences = differences(&replay.header, &header);
            if !differences.is_empty() {
                return Err(changed(&self.path, &differences));
            }
            let at = Timestamp::now();
            retry_is_known(&replay.states, plan)?;
            Line::<RowResult>::Resumed { at }.write(&mut line);
            let mut replay = replay;
            replay.states.forget_clock();
            replay
        } else {
            // What changes nothing may be done again.
            let may_repeat = plan.begin_anew || plan.checked.changes == 0;
            let earlier = registry::find(&self.path, &plan.input.path, &header);
            if let Some(earlier) = earlier.filter(|_| !may_repeat) {
                return Err(begun_before(&earlier));
            }
            Line::<RowResult>::Header(Box::new(header.clone())).write(&mut line);
            Replay::new(header)
        };
        if let Some(RetryCodes(codes)) = &plan.limits.retry_failed
            && !replay.states.is_in_campaign(codes)
        {
            let (at, codes) = (Timestamp::now(), codes.clone());
            replay.states.begin_campaign(codes.clone());
            Line::<RowResult>::Retry { at, codes }.write(&mut line);
        }
        self.append(end, &line)?;
        if is_new && plan.checked.changes > 0 {
            // Where it cannot be kept, the journals beside the input tell.
            let _ = registry::remember(&Begun::new(&self.path, &replay.header));
        }
        Ok(replay)
    }
}

impl Journal {
    /// Empties a journal that was begun for the same purpose and not with this plan; of rows that only read, nothing is lost by
    /// that. Tells whether it did.
    pub fn forget_other(&mut self, plan: &Plan, purpose: &str) -> Result<bool, Ending> {
        let Some(replay) = self.replay()?.0 else {
            return Ok(false);
        };
        let old = &replay.header;
        let is_same = old.settings.get(purpose) == plan.settings.get(purpose);
        let is_other = is_same && !differences(old, &header(plan)).is_empty();
        if is_other {
            let emptied = self.log.rewrite(b"");
            emptied.map_err(|e| machine(&self.path, "written", &e))?;
        }
        Ok(is_other)
    }
}

/// Reads a journal that a run may be writing; `None` if not even its header is whole.
pub fn read(path: &Path) -> Result<Option<Replay>, Ending> {
    let lines = log::read(path).map_err(|e| machine(path, "read", &e))?;
    Ok(replay(lines, path)?.0)
}

/// Tells whether a run holds the journal.
pub fn is_in_use(path: &Path) -> io::Result<bool> {
    log::is_locked(path)
}

fn machine(path: &Path, what: &str, e: &io::Error) -> Ending {
    let name = path.display();
    Ending::new(
        Code::Bug,
        format!("the journal {name} cannot be {what}: {e}"),
    )
}

/// Reads the lines of a journal, and tells where the last whole one ends. Only the last can be torn by a crash; a wrong one
/// before it is an error.
fn replay(mut lines: log::Lines, path: &Path) -> Result<(Option<Replay>, u64), Ending> {
    let name = path.display();
    let none = |why: &str| Ending::usage(format!("{name} is not a journal of this tool: {why}"));
    let (mut replay, mut number) = (None, 0_u64);
    let mut next = lines.next();
    while let Some(line) = next {
        let (offset, bytes) = line.map_err(|e| machine(path, "read", &e))?;
        number += 1;
        next = lines.next();
        let Err(why) = take(&mut replay, bytes, offset) else {
            continue;
        };
        return match replay {
            None => Err(none(&why)),
            Some(_) if next.is_none() && lines.rest().is_empty() => Ok((replay, offset)),
            Some(_) => Err(Ending::new(
                Code::Bug,
                format!(
                    "line {number} of the journal {name} is damaged ({why}); take the journal from a copy, or remove that line by hand; its row may have been sent already"
                ),
            )),
        };
    }
    if replay.is_none() && !is_torn_header(lines.rest()) {
        return Err(none("its first line has no end"));
    }
    Ok((replay, lines.end()))
}

/// Whether this can be the beginning of a header, cut off by a crash before anything was sent.
fn is_torn_header(bytes: &[u8]) -> bool {
    let begin = br#"{"header":{"#;
    let shared = bytes.len().min(begin.len());
    bytes[..shared] == begin[..shared]
}

fn take(replay: &mut Option<Replay>, bytes: Vec<u8>, offset: u64) -> Result<(), String> {
    match (replay.as_mut(), Line::read(bytes)?) {
        (Some(replay), line) => return replay.take(line, offset),
        (None, Line::Header(header)) if header.version == VERSION => {
            *replay = Some(Replay::new(*header));
        }
        (None, Line::Header(header)) => {
            let version = header.version;
            return Err(format!(
                "its version is {version}, this tool writes {VERSION}"
            ));
        }
        (None, _) => return Err("its first line is not a header".to_owned()),
    }
    Ok(())
}

/// Reads single results back from a journal.
#[derive(Debug)]
pub struct OldResults {
    file: BufReader<File>,
    offset: u64,
}

impl OldResults {
    /// Opens the journal a second time, for reading.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = BufReader::with_capacity(1 << 16, File::open(path)?);
        Ok(Self { file, offset: 0 })
    }

    /// Reads the result in the line that begins at this offset.
    pub fn at(&mut self, offset: u64) -> io::Result<RowResult> {
        // They follow one another more or less, so the buffer mostly has the next.
        self.file
            .seek_relative(offset.wrapping_sub(self.offset).cast_signed())?;
        let mut line = Vec::new();
        let mut bounded = (&mut self.file).take(log::LONGEST_LINE);
        self.offset = offset + bounded.read_until(b'\n', &mut line)? as u64;
        line.pop_if(|last| *last == b'\n');
        match Line::read(line).map_err(io::Error::other)? {
            Line::Answer { what, .. } => Ok(what),
            _ => Err(io::Error::other("the journal has no answer where one was")),
        }
    }
}

/// What became of the rows that did not succeed, as far as the journal tells.
pub fn failures<'a>(
    path: &Path,
    replay: &'a Replay,
) -> io::Result<impl Iterator<Item = io::Result<(u32, RowResult)>> + use<'a>> {
    let (states, mut results) = (&replay.states, OldResults::open(path)?);
    let rows = (1..=replay.header.rows).filter_map(|row| {
        let outcome = match states.state(row) {
            RowState::Open | RowState::Answered(RowOutcome::Done) => return None,
            RowState::Unanswered => RowOutcome::Unanswered,
            RowState::Answered(outcome) => outcome,
        };
        let offset = states.offset(row)?;
        Some((row, outcome, offset))
    });
    Ok(rows.filter_map(move |(row, outcome, offset)| {
        let result = results.at(offset);
        // The answer of before is not that of a row that was asked afresh.
        let is_it = result
            .as_ref()
            .map_or(true, |result| result.outcome == outcome);
        is_it.then(|| result.map(|result| (row, result)))
    }))
}

/// What became of each row of a journal, once its run is over.
#[derive(Debug)]
pub struct JournalResults {
    /// When the first row was sent, or a little earlier.
    pub started: Timestamp,
    states: RowStates,
    results: OldResults,
    path: PathBuf,
}

impl JournalResults {
    /// Opens the journal for reading.
    pub fn open(path: &Path) -> Result<Option<Self>, Ending> {
        let results = OldResults::open(path).map_err(|e| machine(path, "read", &e))?;
        Ok(read(path)?.map(|replay| Self {
            started: replay.header.started,
            states: replay.states,
            results,
            path: path.to_owned(),
        }))
    }

    /// What became of a row; `None` if nothing is known of it.
    pub fn of(&mut self, row: u32) -> Result<Option<RowResult>, Ending> {
        let Some(offset) = self.states.offset(row) else {
            return Ok(None);
        };
        let read = self.results.at(offset);
        read.map(Some).map_err(|e| machine(&self.path, "read", &e))
    }
}

fn header(plan: &Plan) -> Header {
    Header {
        version: VERSION,
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        run: Uuid::new_v4(),
        started: Timestamp::now(),
        input: plan.input.path.to_string_lossy().into_owned(),
        format: plan.input.shape.format.as_str().to_owned(),
        bytes: plan.checked.digest.bytes,
        sha256: plan.checked.digest.sha256.clone(),
        rows: plan.checked.rows,
        in_shard: plan.checked.in_shard,
        shard: plan.shard.to_string(),
        settings: plan.settings.clone(),
    }
}

/// Refuses codes that no failed row has: a misspelled one would ask nothing and say nothing.
fn retry_is_known(states: &RowStates, plan: &Plan) -> Result<(), Ending> {
    // Rows of a campaign that was interrupted may have other codes by now, or none.
    let goes_on = plan
        .limits
        .retry_failed
        .as_ref()
        .is_some_and(|codes| states.is_in_campaign(&codes.0));
    if goes_on || states.has_unanswered() {
        return Ok(());
    }
    let known = states.failed_codes();
    let wanted = plan.limits.retry_failed.iter().flat_map(|codes| &codes.0);
    let is_known = |code: &str| known.iter().any(|known| known.eq_ignore_ascii_case(code));
    let mut unknown = wanted.filter(|code| !is_known(code));
    let Some(code) = unknown.next() else {
        return Ok(());
    };
    let known: Vec<_> = known.into_iter().collect();
    let known = match known.as_slice() {
        [] => "no row failed".to_owned(),
        known => format!("rows failed with {}", known.join(", ")),
    };
    let why = format!("--retry-failed: no row failed with {code}; {known}");
    Err(Ending::usage(why))
}

/// Another journal has rows of this batch.
fn begun_before(earlier: &Begun) -> Ending {
    let (name, shard) = (earlier.journal.display(), earlier.shard());
    let (state, next) = if earlier
        .journal
        .metadata()
        .is_ok_and(|about| about.len() > 0)
    {
        (
            "",
            "continue with that --journal and its --shard; --begin-anew sends ALL rows again, also those that are done: under new identifiers Bango may do them twice",
        )
    } else {
        (
            ", which is gone or empty",
            "put that journal back; --begin-anew sends ALL rows again, also those that are done: under new identifiers Bango may do them twice",
        )
    };
    let why = format!(
        "rows of this very input were begun before, as shard {shard} with the journal {name}{state}; nothing was sent"
    );
    Ending {
        details: Some(json!({ "journal": earlier.journal, "shard": shard })),
        ..Ending::refused_locally(why)
    }
    .next(next)
}

/// The journal belongs to something else.
fn changed(path: &Path, differences: &[String]) -> Ending {
    let why = format!(
        "the journal {} was begun with something else, so it cannot be continued: {}",
        path.display(),
        differences.join("; ")
    );
    let ending = Ending {
        details: Some(json!({ "differences": differences })),
        ..Ending::refused_locally(why)
    };
    ending.next("give the input and the flags of that journal; another --journal with --begin-anew sends ALL rows again, also those that are done: under new identifiers Bango may do them twice")
}

/// What differs from what a journal was begun with, in the user's words.
fn differences(old: &Header, new: &Header) -> Vec<String> {
    let mut differences = Vec::new();
    if (old.bytes, &old.sha256) != (new.bytes, &new.sha256) {
        differences.push(format!(
            "the input was changed: {} bytes and {} rows with SHA-256 {} then, {} bytes and {} rows with {} now",
            old.bytes, old.rows, short(&old.sha256), new.bytes, new.rows, short(&new.sha256)
        ));
    }
    let plain = [
        ("format", &old.format, &new.format),
        ("shard", &old.shard, &new.shard),
    ];
    for (name, old, new) in plain {
        if old != new {
            differences.push(format!("{name} was {old}, now {new}"));
        }
    }
    if differences.is_empty() && old.in_shard != new.in_shard {
        // An earlier version did not keep chains of rows in one shard.
        let (tool, then, now) = (&old.tool, old.in_shard, new.in_shard);
        differences.push(format!(
            "the shard had {then} rows for version {tool} of this tool, and has {now} for this one"
        ));
    }
    let names: BTreeSet<_> = old.settings.keys().chain(new.settings.keys()).collect();
    for name in names {
        // An earlier version did not keep it.
        if name == DEFAULTS_OF_PROFILE && old.tool != new.tool && !old.settings.contains_key(name) {
            continue;
        }
        let shown = |value: Option<&Value>| match value {
            None | Some(Value::Null) => "not set".to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
        };
        let (then, now) = (shown(old.settings.get(name)), shown(new.settings.get(name)));
        if then != now {
            differences.push(format!("{name} was {then}, now {now}"));
        }
    }
    differences
}

fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Map;

    fn lines() -> Vec<u8> {
        let at = Timestamp::UNIX_EPOCH;
        let header = Header {
            version: VERSION,
            tool: "0".to_owned(),
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
        let what = RowResult {
            outcome: RowOutcome::Done,
            ..RowResult::unanswered("ü \"quoted\"\n".to_owned())
        };
        let mut bytes = Vec::new();
        let intent = |row| Line::Intent { row, round: 0, at };
        for line in [
            Line::Header(Box::new(header)),
            intent(1),
            intent(2),
            Line::Answer { row: 1, at, what },
            Line::Withdrawn { row: 2 },
            Line::Ended { at },
        ] {
            line.write(&mut bytes);
        }
        bytes
    }

    fn read_bytes(bytes: &[u8]) -> Result<(Option<Replay>, u64), Ending> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        replay(log::read(file.path()).unwrap(), file.path())
    }

    #[test]
    fn what_was_written_is_read() {
        let (replay, end) = read_bytes(&lines()).unwrap();
        let replay = replay.unwrap();
        assert!(replay.ended && end == lines().len() as u64);
        let states = [1, 2, 3].map(|row| replay.states.state(row));
        let done = RowState::Answered(RowOutcome::Done);
        assert_eq!(states, [done, RowState::Open, RowState::Open]);
    }

    #[test]
    fn a_journal_cut_anywhere_is_read_up_to_its_last_whole_line() {
        let whole = lines();
        let first = whole.iter().position(|byte| *byte == b'\n').unwrap();
        for cut in 0..whole.len() {
            let (replay, end) = read_bytes(&whole[..cut]).unwrap();
            let ends = whole[..cut].iter().rposition(|byte| *byte == b'\n');
            assert_eq!(replay.is_some(), cut > first, "{cut}");
            assert_eq!(end, ends.map_or(0, |end| end as u64 + 1), "{cut}");
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
