//! `reconcile`: compares our records with what Bango says it holds, and writes what would make them agree. Changes nothing.

use std::path::PathBuf;

use super::reconcile_files::{MapArgs, OutArgs, Outputs, ScopeArgs, open, records};
use super::reconcile_live::LiveArgs;
use super::reconcile_report::report;
use super::{reconcile_live, reconcile_read, reconcile_write};
use crate::context::Context;
use crate::ending::Ending;
use crate::exchange::compare::Comparison;
use crate::exchange::entitlement::FileKind;
use crate::exchange::report_name::ReportName;
use crate::exchange::{Listing, Scope};
use crate::files::private::is_same_path;
use crate::report::Report;
use crate::terminal::Spinner;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(
    after_help = "OURS: a correlation file, CSV or JSON lines with the columns of batch or those that --map names, results of a batch, or what \
    listen --save wrote. BANGO: entitlement reports, or a correlation file; --live asks Bango about each of ours instead.\n\
    An entitlement is found by its id, else by the external id, else by user, merchant and product. Exit codes: 0 if both agree, 40 if not.\n\n\
    Examples:\n  bango-ent reconcile ours.csv --with AR_V1_D_20261124.csv\n  \
    bango-ent reconcile ours.csv --with ER_V1_D_*.csv --period 2026-11-24 --events-only\n  \
    bango-ent reconcile ours.csv --live --rate 50/s --dates\n  \
    bango-ent reconcile db.csv --map state=status --with AR_V1_D_20261124.csv --fix fix.csv\n  \
    bango-ent reconcile write ours.csv --period 2026-11-24 --merchant BANGO\n\n\
    docs/reconciliation.md has the rest, and a nightly job."
)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,

    /// Our records; - is standard input
    #[arg(required = true, value_name = "OURS")]
    ours: Option<PathBuf>,

    /// What Bango holds: one file or several, of which the latest data counts
    #[arg(long, required_unless_present = "live", num_args = 1.., value_name = "BANGO")]
    with: Vec<PathBuf>,

    #[command(flatten)]
    live: LiveArgs,

    #[command(flatten)]
    map: MapArgs,

    /// Compare the dates as well
    #[arg(long)]
    dates: bool,

    #[command(flatten)]
    scope: ScopeArgs,

    /// OURS are a part of our records: what else Bango has is not reported
    #[arg(long)]
    partial: bool,

    #[command(flatten)]
    out: OutArgs,

    /// Write what would bring our records to Bango's state to this file, as CSV
    #[arg(long, value_name = "FILE", group = "for_people")]
    fix_ours: Option<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Write the correlation file of a period for Bango
    Write(reconcile_write::Args),
    /// Read Bango's answers to a correlation file
    Read(reconcile_read::Args),
}

pub fn run(cx: &Context, args: &Args) -> Result<Report, Ending> {
    // What asks shows how far it is in its own way.
    let _spinner = (!args.live.live).then(|| Spinner::start_if_long(&cx.terminal, "comparing"));
    match &args.command {
        Some(Command::Write(args)) => reconcile_write::run(cx, args),
        Some(Command::Read(args)) => reconcile_read::run(cx, args),
        None => compare(cx, args),
    }
}

fn compare(cx: &Context, args: &Args) -> Result<Report, Ending> {
    let fix_ours = args.fix_ours.as_deref();
    let mut scope = Scope {
        dates: args.dates,
        is_partial: args.partial,
        ..args.scope.to_scope()
    };
    let mut inputs: Vec<_> = args.ours.iter().chain(&args.with).collect();
    if let Some(ours) = args.ours.as_ref().filter(|_| args.live.live) {
        let journal = args.live.journal(ours)?;
        if is_same_path(&journal, ours) {
            let why = "the journal and the input are the same file";
            return Err(Ending::usage(why));
        }
        inputs.push(&journal);
        args.out.check(fix_ours, &inputs)?;
        let sources = open(&[ours])?;
        let listing = Listing::new(records(&sources, &args.map.columns, false)?, &scope)?;
        let outputs = || Outputs::begin(&args.out, fix_ours);
        return reconcile_live::run(cx, ours, listing, &args.live, &journal, outputs);
    }
    args.out.check(fix_ours, &inputs)?;
    let sources = open(&inputs)?;
    let (ours, bango) = sources.split_at(1);
    let ours = records(ours, &args.map.columns, false)?;
    let bango = records(bango, &[], true)?;
    // All customers who were not in the batch would be extra, and --fix would end their access.
    if !scope.is_partial && ours.iter().any(|file| file.kind == FileKind::Results) {
        scope.is_partial = true;
        cx.terminal.warn(
            "results of a batch are a part of our records: what else Bango has is not reported, as with --partial",
        );
    }
    let names: Vec<_> = args.with.iter().map(|path| ReportName::of(path)).collect();
    let mut comparison = Comparison::new(ours, bango, &names, &scope)?;
    let outputs = Outputs::begin(&args.out, fix_ours)?;
    let (shown, files) = outputs.write(|| comparison.next_differences())?;
    Ok(report(cx, comparison.summary, shown, files))
}
