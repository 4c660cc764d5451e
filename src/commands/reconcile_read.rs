//! `reconcile read`: Bango's answers to a correlation file, joined with our records. Offline.

use std::path::PathBuf;

use super::reconcile_files::{MapArgs, OutArgs, Outputs, open, records};
use super::reconcile_report::report;
use crate::context::Context;
use crate::ending::Ending;
use crate::exchange::Answers;
use crate::report::Report;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "An answer says in what an entitlement differs, not what Bango has. So --fix writes creates alone; for the rest, \
    compare with a report: bango-ent reconcile OURS --with BANGO. Exit codes: 0 if Bango found no difference, 40 if it did.\n\n\
    Examples:\n  bango-ent reconcile read Output/*.csv\n  \
    bango-ent reconcile read Output/*.csv --ours ours.csv --fix fix.csv"
)]
pub struct Args {
    /// The answers
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Our records, to show them beside each answer
    #[arg(long, value_name = "OURS")]
    ours: Option<PathBuf>,

    #[command(flatten)]
    map: MapArgs,

    #[command(flatten)]
    out: OutArgs,
}

pub fn run(cx: &Context, args: &Args) -> Result<Report, Ending> {
    let inputs: Vec<_> = args.ours.iter().chain(&args.files).collect();
    args.out.check(None, &inputs)?;
    let sources = open(&inputs)?;
    let (ours, bango) = sources.split_at(inputs.len() - args.files.len());
    let ours = records(ours, &args.map.columns, false)?;
    let mut answers = Answers::read(bango, ours)?;
    let outputs = Outputs::begin(&args.out, None)?;
    let (shown, files) = outputs.write(|| answers.next_differences())?;
    Ok(report(cx, answers.summary, shown, files))
}
