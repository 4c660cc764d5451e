//! `batch resolve`: tells a journal what a person found out about a row of which it is not known what became of it.

use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::json;

use crate::batch::Unresolved;
use crate::context::{Context, asked};
use crate::ending::Ending;
use crate::report::Report;
use crate::terminal::{self, Block, Cell, Shown};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent batch resolve users.csv.journal 17 done --yes\n  \
    bango-ent batch resolve users.csv.journal 17 not-done --yes\n\n\
    For a row that is unclear or unanswered, once you know what became of it: from get, list or Bango. One that was not done counts as refused, \
    and batch --retry-failed asks for it afresh. A refused row that you have done in another way can be told to be done as well; then the rows \
    that wait for it are sent."
)]
pub struct Args {
    /// The journal
    journal: PathBuf,

    /// The number of the row, as batch status and the results have it; 1 is the first
    row: u32,

    /// What you found out
    found: Found,

    /// Do not ask before it is written
    #[arg(long, short)]
    yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Found {
    /// Bango did what the row asks for
    Done,
    /// Bango did not do it
    NotDone,
}

/// Writes it to the journal, and sends nothing.
pub fn run(cx: &Context, args: &Args) -> Result<Report, Ending> {
    let is_done = args.found == Found::Done;
    let row = Unresolved::open(&args.journal, args.row, is_done)?;
    let (was, identifier) = (row.was.as_str(), row.request_identifier.clone());
    let what = if is_done { "done" } else { "not done" };
    let number = args.row;
    if !args.yes {
        let question =
            format!("Row {number} is {was} (request identifier {identifier}). Is it {what}?");
        let is_sure = cx.terminal.can_ask() && asked(terminal::ask::yes(&cx.terminal, &question))?;
        if !is_sure {
            let why = format!("row {number} is {was}; nothing was written");
            return Err(
                Ending::refused_locally(why).again_with("--yes", "this confirms that it is known")
            );
        }
    }
    let outcome = row.resolve(is_done)?.as_str();
    let journal = args.journal.to_string_lossy();
    let shown = Shown {
        document: json!({
            "journal": journal,
            "row": number,
            "was": was,
            "outcome": outcome,
            "requestIdentifier": identifier,
        }),
        blocks: vec![Block::record([
            ("Row", Cell::plain(number.to_string())),
            ("Was", Cell::plain(was)),
            ("Outcome", Cell::plain(outcome)),
            ("Request identifier", Cell::plain(identifier)),
            ("Journal", Cell::plain(journal)),
        ])],
    };
    let next = if is_done {
        "the same batch command leaves this row out, and sends those that wait for it"
    } else {
        "the same batch command with --retry-failed asks for it afresh"
    };
    Ok(Report::new(shown).remark(next))
}
