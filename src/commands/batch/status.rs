//! `batch status`: how far one batch is, or several that share an input, from their journals alone.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use super::reasons::Reasons;
use crate::batch::{self, Replay, Shard, Summary};
use crate::commands::fields;
use crate::ending::Ending;
use crate::report::Report;
use crate::terminal::{Block, Cell, Shown, Tone, counted};

/// Unanswered rows listed for people; JSON has them all.
const LISTED: usize = 20;
/// The state of a journal that a run holds.
const RUNNING: &str = "running";
/// Missing shards listed: a journal may say that there are thousands of millions.
const LISTED_SHARDS: usize = 100;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent batch status users.csv.journal\n  \
    bango-ent batch status users.csv.1-of-2.journal users.csv.2-of-2.journal --json | jq .total"
)]
pub struct Args {
    /// The journals
    #[arg(required = true)]
    journals: Vec<PathBuf>,

    /// Show these columns of a table of the journals, in this order: names with commas between them
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = fields::columns(["journal", "state", "shard", "rows", "done", "failed", "unanswered", "not-begun"]))]
    columns: Vec<String>,
}

/// Shows what the journals say. Writes to none of them, and may be run while a batch is.
pub fn run(args: &Args) -> Result<Report, Ending> {
    let mut shown = BatchStatus {
        journals: Vec::new(),
        total: Summary::default(),
        reasons: Reasons::default(),
        missing_shards: Vec::new(),
        missing_shard_count: 0,
        columns: args.columns.clone(),
    };
    let mut runs = BTreeSet::new();
    let mut inputs = BTreeSet::new();
    let mut shards = BTreeSet::new();
    for path in &args.journals {
        let name = path.display();
        let unreadable = |e| Ending::usage(format!("the journal {name} cannot be read: {e}"));
        let is_in_use = batch::is_in_use(path).map_err(unreadable)?;
        let replay = batch::read_journal(path).map_err(|ending| {
            let mut journal = path.clone().into_os_string();
            journal.push(".journal");
            if Path::new(&journal).exists() {
                let journal = Path::new(&journal).to_string_lossy();
                ending.run(
                    "the journal of that file is meant",
                    ["batch", "status", &journal],
                )
            } else {
                ending
            }
        });
        let Some(replay) = replay? else {
            return Err(Ending::usage(format!("{name} holds no run yet")));
        };
        if !runs.insert(replay.header.run) {
            let why = format!("{name} is of a run that is listed already");
            return Err(Ending::usage(why));
        }
        inputs.insert(replay.header.sha256.clone());
        if let Ok(Shard { index, count }) = replay.header.shard.parse() {
            shards.insert((count, index));
        }
        let one = One::new(path, is_in_use, &replay);
        shown.total.add(&one.summary);
        for failure in batch::failures(path, &replay).map_err(unreadable)? {
            let (row, result) = failure.map_err(unreadable)?;
            shown.reasons.add(row, None, &result);
        }
        shown.journals.push(one);
    }
    if inputs.len() == 1 {
        (shown.missing_shards, shown.missing_shard_count) = missing(&shards);
    }
    let report = Report::new(shown);
    let counts: BTreeSet<_> = shards.iter().map(|(count, _)| *count).collect();
    if inputs.len() == 1 && counts.len() > 1 {
        let why = "the journals are of different numbers of shards: a row that is in several is counted as often";
        return Ok(report.remark(why));
    }
    Ok(report)
}

/// The first shards that no journal is of, and how many there are.
fn missing(given: &BTreeSet<(u32, u32)>) -> (Vec<String>, u64) {
    let counts: BTreeSet<_> = given.iter().map(|(count, _)| *count).collect();
    let all: u64 = counts.iter().copied().map(u64::from).sum();
    let listed = counts
        .into_iter()
        .flat_map(|count| (1..=count).map(move |index| (count, index)))
        .filter(|shard| !given.contains(shard))
        .map(|(count, index)| Shard { index, count }.to_string())
        .take(LISTED_SHARDS);
    (listed.collect(), all - given.len() as u64)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BatchStatus {
    journals: Vec<One>,
    total: Summary,
    reasons: Reasons,
    /// Shards of the same input whose journal was not given: the first of them, and how many there are.
    missing_shards: Vec<String>,
    missing_shard_count: u64,
    /// Those of the journals' table; none stands for all.
    #[serde(skip)]
    columns: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct One {
    journal: String,
    state: &'static str,
    input: String,
    run: String,
    shard: String,
    started: Timestamp,
    #[serde(flatten)]
    summary: Summary,
    unanswered_rows: Vec<Unanswered>,
    waiting_rows: Vec<Waiting>,
}

/// A row that was not begun because of another.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Waiting {
    row: u32,
    waits_for: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Unanswered {
    row: u32,
    since: Timestamp,
    request_identifier: String,
}

impl Unanswered {
    fn cells(&self) -> [Cell; 3] {
        [
            Cell::number(self.row),
            Cell::number(format_args!("{:.0}", self.since)),
            Cell::plain(&self.request_identifier),
        ]
    }
}

impl One {
    fn record(&self) -> Block {
        let mut record = vec![
            ("Journal", Cell::plain(&self.journal)),
            ("State", Cell::plain(self.state)),
        ];
        if self.shard != Shard::WHOLE.to_string() {
            record.push(("Shard", Cell::plain(&self.shard)));
        }
        Block::record(record)
    }

    fn new(path: &Path, is_in_use: bool, replay: &Replay) -> Self {
        let header = &replay.header;
        let summary = Summary::of(&replay.states, header.in_shard);
        let unanswered = replay.states.unanswered().into_iter();
        let unanswered_rows = unanswered.map(|(row, since)| Unanswered {
            row,
            since,
            request_identifier: batch::request_identifier(
                header.run,
                row,
                replay.states.round(row),
            ),
        });
        Self {
            journal: path.to_string_lossy().into_owned(),
            state: match (is_in_use, summary.is_complete(), replay.ended) {
                (true, ..) => RUNNING,
                (_, true, _) => "complete",
                (_, _, true) => "stopped",
                _ => "dead",
            },
            input: header.input.clone(),
            run: header.run.to_string(),
            shard: header.shard.clone(),
            started: header.started,
            unanswered_rows: unanswered_rows.collect(),
            waiting_rows: (replay.states.waiting().into_iter())
                .map(|(row, waits_for)| Waiting { row, waits_for })
                .collect(),
            summary,
        }
    }
}

/// The counts of a summary, by outcome and by response code.
pub fn counts(summary: &Summary) -> Vec<Block> {
    let count = |label, number: u64, tone| {
        (
            label,
            Cell::toned(
                number.to_string(),
                if number == 0 { Tone::Plain } else { tone },
            ),
        )
    };
    let mut record = vec![
        count("Rows", summary.rows, Tone::Title),
        count("Done", summary.done, Tone::Good),
        count("Refused", summary.refused, Tone::Bad),
        count("Unclear", summary.unclear, Tone::Bad),
        count("Unanswered", summary.unanswered, Tone::Warn),
        count("Not begun", summary.open, Tone::Warn),
    ];
    if summary.waiting > 0 {
        // They are among those not begun.
        record.push(count("Waiting", summary.waiting, Tone::Warn));
    }
    let mut blocks = vec![Block::record(record)];
    if !summary.codes.is_empty() {
        let row = |(code, count): (&String, &u64)| [Cell::plain(code), Cell::number(count)];
        let codes = summary.codes.iter().map(row);
        blocks.extend([Block::Blank, Block::table(["Response code", "Rows"], codes)]);
    }
    blocks
}

impl BatchStatus {
    /// The shards that no journal was given of.
    fn missing(&self) -> impl Iterator<Item = Block> {
        let listed = self.missing_shards.iter().map(|one| format!("shard {one}"));
        let more = self.missing_shard_count - self.missing_shards.len() as u64;
        let more = (more > 0).then(|| counted(more, "more shard"));
        let shards = listed.chain(more);
        shards.map(|what| Block::Line(format!("no journal of {what} was given")))
    }
}

impl From<BatchStatus> for Shown {
    fn from(status: BatchStatus) -> Self {
        let mut blocks = match status.journals.as_slice() {
            [one] if status.columns.is_empty() => vec![one.record()],
            several => vec![overview(several).picked(&status.columns)],
        };
        blocks.push(Block::Blank);
        blocks.extend(counts(&status.total));
        let mut reasons = status.reasons.lines().map(Block::Line).peekable();
        if reasons.peek().is_some() {
            blocks.push(Block::Heading("Why rows did not succeed:"));
            blocks.extend(reasons);
        }
        blocks.extend(status.missing());
        for (is_running, heading) in [
            (true, "Under way:"),
            (
                false,
                "Unanswered: running the batch again repeats them safely.",
            ),
        ] {
            let journals = status.journals.iter();
            let of_kind = journals.filter(|one| (one.state == RUNNING) == is_running);
            let rows = of_kind.flat_map(|one| &one.unanswered_rows);
            let columns = ["Row", "Since", "Request identifier"];
            blocks.extend(listed(heading, columns, rows.map(Unanswered::cells)));
        }
        let waiting = status.journals.iter().flat_map(|one| &one.waiting_rows);
        let cells = |one: &Waiting| {
            let what = format!("waits for row {}", one.waits_for);
            [Cell::number(one.row), Cell::plain(what)]
        };
        let heading = "Not begun, because a row before it about the same thing is not done:";
        let columns = ["Row", "State"];
        blocks.extend(listed(heading, columns, waiting.map(cells)));
        Self::new(&status, blocks)
    }
}

/// The first rows of a list, if it has any.
fn listed<const N: usize>(
    heading: &'static str,
    columns: [&'static str; N],
    rows: impl Iterator<Item = [Cell; N]>,
) -> impl Iterator<Item = Block> {
    let table = Block::table(columns, rows.take(LISTED)).if_any();
    let heading = table.as_ref().map(|_| Block::Heading(heading));
    heading.into_iter().chain(table)
}

/// Several journals, each in a line.
fn overview(journals: &[One]) -> Block {
    let row = |one: &One| {
        let summary = &one.summary;
        [
            Cell::plain(&one.journal),
            Cell::plain(one.state),
            Cell::plain(&one.shard),
            Cell::number(summary.rows),
            Cell::number(summary.done),
            Cell::number(summary.refused + summary.unclear),
            Cell::number(summary.unanswered),
            Cell::number(summary.open),
        ]
    };
    let heading = [
        "Journal",
        "State",
        "Shard",
        "Rows",
        "Done",
        "Failed",
        "Unanswered",
        "Not begun",
    ];
    Block::table(heading, journals.iter().map(row))
}
