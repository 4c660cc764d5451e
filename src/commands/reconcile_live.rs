//! `reconcile --live`: asks Bango about each of our records, as a batch that reads and continues, and compares the answers.

use std::env::temp_dir;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::batch::args::{journal_beside, settings_of};
use super::batch::{ending, perform, results};
use super::reconcile_files::Outputs;
use super::reconcile_report::report;
use crate::api::types::ResponseCode;
use crate::batch::{
    Format, Input, Journal, JournalResults, Limits, Plan, RowAction, RowOutcome, RowParser,
    RowResult, RunEnd, Shape, Shard, check, find_column, is_in_use, rate,
};
use crate::context::Context;
use crate::ending::{Ending, in_words};
use crate::exchange::live::{LiveAnswer, question};
use crate::exchange::{Field, Listing, OwnedRecord};
use crate::report::Report;
use crate::tables::{CsvWriter, Encoding};

/// The setting that tells a journal of this command from one of `batch`.
const PURPOSE: &str = "purpose";
const COLUMNS: [(Field, &str); 4] = [
    (Field::EntitlementId, "entitlement_id"),
    (Field::Customer, "user"),
    (Field::Product, "product"),
    (Field::Merchant, "merchant"),
];

// How Bango is asked.
#[derive(Debug, clap::Args)]
pub struct LiveArgs {
    /// Ask Bango about each of our records, in place of --with
    #[arg(long, conflicts_with_all = ["with", "partial"])]
    pub live: bool,

    /// With --live, requests in a second, at most
    #[arg(long, requires = "live", value_name = "N/s", value_parser = rate)]
    rate: Option<f64>,

    /// With --live, requests under way at once, at most
    #[arg(long, requires = "live", value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1024))]
    concurrency: u32,

    /// With --live, the record of what was answered, by which it continues [default: OURS.live.journal]
    #[arg(long, requires = "live", value_name = "FILE")]
    journal: Option<PathBuf>,
}

impl LiveArgs {
    /// Where the answers are kept until all of them are there.
    pub fn journal(&self, ours: &Path) -> Result<PathBuf, Ending> {
        let given = self.journal.clone();
        given.map_or_else(|| journal_beside(ours, ".live"), Ok)
    }
}

/// Asks, and compares once every record was asked about.
pub fn run(
    cx: &Context,
    ours: &Path,
    mut listing: Listing,
    args: &LiveArgs,
    journal: &Path,
    outputs: impl FnOnce() -> Result<Outputs, Ending>,
) -> Result<Report, Ending> {
    let plan = plan(cx, args, ours, &questions(&mut listing)?)?;
    if cx.is_dry_run() {
        cx.warn_of_other_origin(cx.settings()?);
        let rows = Report::new(plan.checked);
        return Ok(rows.remark("Bango would be asked about so many; nothing was sent"));
    }
    let client = cx.shared_client(args.concurrency as usize)?;
    let mut kept = Journal::open(journal)?;
    if kept.forget_other(&plan, PURPOSE)? {
        let name = journal.display();
        let why = format!("the answers in {name} were to other questions; all are asked anew");
        cx.terminal.remark(&why);
    }
    let done = perform(cx, &plan, (&client, kept), &results::Args::default())?;
    if !matches!(done.ran.end, RunEnd::Finished) {
        return Ok(Report {
            ending: ending(cx, done.ran, &done.reasons),
            ..Report::default()
        });
    }
    let mut answers = LiveAnswers::open(journal)?;
    listing.restart();
    listing.summary.asked_since = answers.results.as_ref().map(|results| results.started);
    let (shown, files) =
        outputs()?.write(|| listing.next_differences(|ours| answers.next_about(ours)))?;
    listing.summary.is_asked_again = answers.is_lacking;
    // What was answered is old tomorrow; only what was not is asked again.
    if !answers.is_lacking
        && !is_in_use(journal).unwrap_or(true)
        && let Err(e) = fs::remove_file(journal)
    {
        let (name, why) = (journal.display(), in_words(&e));
        cx.terminal.warn(&format!(
            "{name} cannot be removed: {why}; remove it before the next run, which would take its answers for new ones"
        ));
    }
    Ok(report(cx, listing.summary, shown, files))
}

/// What is asked, as an input of a batch that reads.
fn questions(listing: &mut Listing) -> Result<Vec<u8>, Ending> {
    let names = COLUMNS.map(|(_, name)| name);
    let mut questions = CsvWriter::new(Vec::new(), true, &names).map_err(Ending::machine)?;
    while let Some(rows) = listing.next_rows()? {
        for (index, ours) in rows {
            let Some(asked) = question(&ours) else {
                continue;
            };
            let mut cells = [""; 4];
            for (cell, (field, name)) in cells.iter_mut().zip(COLUMNS) {
                let Some((_, text)) = asked.iter().find(|(known, _)| *known == field) else {
                    continue;
                };
                let read = find_column(name).map(|column| column.read(&(*text).into()));
                read.transpose()
                    .map_err(|why| listing.wrong(index, field, why))?;
                *cell = text;
            }
            questions.add(cells).map_err(Ending::machine)?;
        }
    }
    questions.finish().map_err(Ending::machine)
}

fn plan(cx: &Context, args: &LiveArgs, ours: &Path, questions: &[u8]) -> Result<Plan, Ending> {
    let shape = Shape {
        format: Format::Csv,
        extra_fields: false,
        encoding: Some(Encoding::Utf8),
    };
    let input = Input {
        path: ours.to_owned(),
        ..Input::keep(questions, &temp_dir(), shape)?
    };
    let parser = RowParser {
        action: RowAction::Get,
        defaults: Vec::new(),
    };
    let mut settings = settings_of(cx.settings()?, RowAction::Get);
    settings.insert(PURPOSE.to_owned(), "reconcile".into());
    Ok(Plan {
        checked: check(&input, &parser, Shard::WHOLE, true)?,
        input,
        parser,
        shard: Shard::WHOLE,
        allow_duplicates: true,
        begin_anew: false,
        limits: Limits::of_reads(args.concurrency, args.rate),
        retries: cx.policy().retries,
        wants_rows: false,
        settings,
    })
}

/// The answers, in the order of the questions.
struct LiveAnswers {
    results: Option<JournalResults>,
    row: u32,
    /// Whether the next run has something to ask again.
    is_lacking: bool,
}

impl LiveAnswers {
    fn open(journal: &Path) -> Result<Self, Ending> {
        Ok(Self {
            results: JournalResults::open(journal)?,
            row: 0,
            is_lacking: false,
        })
    }

    /// The answer to the next question, which is about this one of ours.
    fn next_about(&mut self, ours: &OwnedRecord) -> Result<LiveAnswer, Ending> {
        if question(ours).is_none() {
            let why = "there is neither an id nor a user to ask by";
            return Ok(LiveAnswer::Unknown(why.to_owned()));
        }
        self.row += 1;
        let result = match &mut self.results {
            Some(results) => results.of(self.row)?,
            None => None,
        };
        let result = result.unwrap_or_default();
        self.is_lacking |= result.outcome == RowOutcome::Unanswered;
        Ok(read(result))
    }
}

/// What the result of a row says about its entitlement.
fn read(result: RowResult) -> LiveAnswer {
    let is_missing = result.code == ResponseCode::NotFound.as_str();
    match (result.outcome, result.record) {
        (RowOutcome::Done, Some(record)) => LiveAnswer::Has(OwnedRecord::of(|field| {
            let text = record.get(field.name()).and_then(Value::as_str);
            text.unwrap_or_default().into()
        })),
        (RowOutcome::Refused, _) if is_missing => LiveAnswer::HasNot,
        (outcome, _) => {
            let (outcome, code) = (outcome.as_str(), result.code);
            let said = [code, result.message].into_iter();
            let said: Vec<_> = said.filter(|text| !text.is_empty()).collect();
            LiveAnswer::Unknown(format!("{outcome}: {}", said.join(": ")))
        }
    }
}
