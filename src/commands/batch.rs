//! `batch`: one request for each row of a file, each exactly once.

use std::env;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::batch_defaults::{self, DefaultArgs};
use super::batch_flags::{self, InputArgs, JOB_INDEX, RunArgs};
use super::batch_summary::{self, RunShown};
use super::{batch_status, outputs};
use crate::batch::{self, Ending, Incomplete, Plan, Stop, Summary};
use crate::context::Context;
use crate::ending;
use crate::terminal;

/// The flags of `batch`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(
    after_help = "Examples:\n  bango-ent batch users.csv --merchant BANGO --product BangoMusic\n  \
    bango-ent batch users.csv --check\n  \
    bango-ent batch users.csv --results results.csv --failed failed.csv --rate 50/s --max-failures 5%\n  \
    bango-ent batch ended.jsonl --action cancel --reason CUSTOMER_CANCELLED/NOT_RENEWED --yes\n  \
    bango-ent batch status users.csv.journal\n\n\
    Columns: action (create, update, suspend, resume, cancel, revoke), user, merchant, product, offer, notification_url, \
    entitlement_id, display_name, expires, extension_data, benefits, reason, description; or the names of Bango's fields. \
    All rows are checked before the first is sent. After any end, a crash included, the same command continues: \
    rows that are done are left out, and a row that is repeated carries the same request identifier."
)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,

    /// The rows: CSV with a header, or JSON lines; - is standard input
    #[arg(required = true)]
    file: Option<PathBuf>,

    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    defaults: DefaultArgs,

    #[command(flatten)]
    run: RunArgs,

    #[command(flatten)]
    outputs: outputs::Args,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Show how far a batch is, from its journal: finished, running or dead
    Status(batch_status::Args),
}

/// Sends the rows that are not finished and shows the summary.
///
/// # Errors
///
/// If the input or the journal cannot be used, or not every row was done.
pub fn run(cx: &Context, args: Args) -> anyhow::Result<()> {
    let Args {
        command,
        file,
        input,
        defaults,
        run,
        outputs,
    } = args;
    if let Some(Command::Status(args)) = command {
        return batch_status::run(cx, &args);
    }
    let file = file.unwrap_or_default();
    let shard = batch_flags::shard(input.shard.as_deref(), env::var(JOB_INDEX).ok().as_deref())?;
    let journal = run
        .journal
        .clone()
        .map_or_else(|| batch_flags::default_journal(&file, shard), Ok)?;
    outputs.check(cx, &[&file, &journal])?;
    let settings = cx.settings()?;
    let rows = batch_defaults::rows(&defaults, settings)?;
    let opened = batch_flags::open(&file, &journal, &input)?;
    let checked = batch::check(&opened, &rows, shard, input.allow_duplicates)?;
    if input.check || cx.is_dry_run() {
        return batch_summary::show_check(cx, &checked);
    }
    confirm(cx, run.yes, checked.endings)?;
    cx.allow_changes(checked.in_shard, run.yes)?;
    let plan = Plan {
        settings: batch_defaults::decisive(&defaults, &input, settings),
        input: opened,
        rows,
        shard,
        allow_duplicates: input.allow_duplicates,
        retry_failed: run.retry_failed,
        reconcile_after: run.reconcile_after,
        give_up_after: run.give_up_after,
        retries: cx.policy().retries,
        concurrency: run.concurrency,
        rate: run.rate.map(|rate| rate / f64::from(shard.count)),
        max_failures: run.max_failures,
        wants_rows: outputs.is_any(),
        checked,
    };
    send(cx, &plan, &journal, &outputs)
}

/// Sends the rows of the plan, and shows how it went.
fn send(cx: &Context, plan: &Plan, path: &Path, outputs: &outputs::Args) -> anyhow::Result<()> {
    let connections = usize::try_from(plan.concurrency)?;
    let client = cx.shared_client(connections)?;
    let (journal, replay) = plan.open_journal(path)?;
    let old = Summary::of(&replay.ledger, plan.checked.in_shard);
    if old.open < old.rows {
        cx.terminal.remark(&format!(
            "continuing {}: {} of {} rows are done, {} are unanswered",
            path.display(),
            old.done,
            old.rows,
            old.unanswered
        ));
    }
    cx.warn_if_live()?;
    let watched = outputs.open(cx, &plan.input, &plan.rows)?;
    let stop = Stop::default();
    let handle = stop.clone();
    terminal::on_interrupt(move || handle.stop());
    let run = replay.header.run.to_string();
    let start = Instant::now();
    let ended = batch::run(plan, client, journal, replay, &watched, &stop);
    let flushed = watched.finish();
    let ended = match (ended, flushed) {
        (Ok(summary), Err(e)) => Err(batch::Error::Incomplete(Box::new(Incomplete {
            ending: Ending::Results(e),
            summary,
        }))),
        (ended, _) => ended,
    };
    let summary = match &ended {
        Ok(summary) => summary,
        Err(batch::Error::Incomplete(incomplete)) => &incomplete.summary,
        Err(_) => return Ok(ended.map(|_| ())?),
    };
    let answered = |summary: &Summary| summary.done + summary.refused + summary.unclear;
    let shown = RunShown {
        summary,
        run,
        journal: path,
        answered: answered(summary).saturating_sub(answered(&old)),
        seconds: start.elapsed().as_secs_f64(),
    };
    if !(cx.terminal.is_json() && ended.is_err()) {
        shown.print(cx, outputs.use_stdout())?;
    }
    Ok(ended.map(|_| ())?)
}

/// Asks before access is taken away.
fn confirm(cx: &Context, yes: bool, endings: u32) -> anyhow::Result<()> {
    if endings == 0 || yes {
        return Ok(());
    }
    let what = format!("{endings} rows end entitlements (cancel or revoke)");
    if cx.terminal.can_ask() && terminal::ask::yes(&cx.terminal, &format!("{what}. Send them?"))? {
        return Ok(());
    }
    Err(ending::Ending::refused_locally(format!(
        "{what}, and that was not confirmed; nothing was sent"
    ))
    .next("--yes confirms")
    .into())
}
