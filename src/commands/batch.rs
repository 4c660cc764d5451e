//! `batch`: one request for each row of a file, each exactly once.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{batch_status, fields, outputs};
use crate::batch::{
    self, Action, Ending, Fallback, Format, Incomplete, Input, MaxFailures, Plan, Rows, Rules,
    Shard, Stop, Summary,
};
use crate::context::{Context, duration};
use crate::failure::Failure;
use crate::profile::Settings;
use crate::terminal::{self, Block, Cell, Show, Tone};

/// Standard input in the place of a file.
const STDIN: &str = "-";
/// Kubernetes sets it in each pod of an Indexed Job: 0 is the first.
const JOB_INDEX: &str = "JOB_COMPLETION_INDEX";

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

/// How the input is read.
#[derive(Debug, clap::Args)]
#[group(skip)]
struct InputArgs {
    /// How the rows are written [default: by the file's name]
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    format: Option<Format>,

    /// Send columns that this tool does not know as fields of the body
    #[arg(long)]
    extra_fields: bool,

    /// Send rows that ask for the same thing twice
    #[arg(long)]
    allow_duplicates: bool,

    /// Check all rows and send nothing
    #[arg(long)]
    check: bool,

    /// Take only the I-th of N equal shares of the rows; with N alone, I is `JOB_COMPLETION_INDEX` + 1
    #[arg(long, value_name = "I/N")]
    shard: Option<String>,
}

/// What fills the columns that a row leaves empty.
#[derive(Debug, clap::Args)]
#[group(skip)]
struct DefaultArgs {
    /// What a row asks for that does not say
    #[arg(long, default_value = "create", value_parser = Action::parse)]
    action: Action,

    /// The merchant, where a row names none [default: the profile's]
    #[arg(long, value_name = "KEY", value_parser = fields::id)]
    merchant: Option<String>,

    /// The product, where a row names none [default: the profile's, for creates]
    #[arg(long, value_name = "KEY", value_parser = fields::id)]
    product: Option<String>,

    /// The offer, where a row names none
    #[arg(long, value_name = "KEY", value_parser = fields::id)]
    offer: Option<String>,

    /// The URL for notifications, where a row names none [default: the profile's, for creates]
    #[arg(long, value_name = "URL", value_parser = fields::notification_url)]
    notification_url: Option<String>,

    /// When the entitlement ends, where a row does not say
    #[arg(long, value_name = "DATE", value_parser = fields::expiry)]
    expires: Option<String>,

    /// Why, for cancel and revoke, where a row does not say
    #[arg(long, value_name = "CATEGORY/CODE")]
    reason: Option<String>,

    /// Why, in your own words, where a row does not say
    #[arg(long, value_name = "TEXT", value_parser = fields::id)]
    description: Option<String>,
}

/// How the rows are sent.
#[derive(Debug, clap::Args)]
#[group(skip)]
struct RunArgs {
    /// The record of the run, by which it continues [default: FILE.journal]
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,

    /// Send the rows again that were answered and did not succeed
    #[arg(long)]
    retry_failed: bool,

    /// Look a row up before it is repeated, if its answer has been missing for so long
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = duration)]
    reconcile_after: Duration,

    /// Requests under way at once, at most; fewer while the platform asks for it
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1024))]
    concurrency: u32,

    /// Requests in a second, at most; shards share it
    #[arg(long, value_name = "N/s", value_parser = rate)]
    rate: Option<f64>,

    /// Stop when more rows fail: a number, or a share such as 5%
    #[arg(long, value_name = "N|N%")]
    max_failures: Option<MaxFailures>,

    /// Stop when the platform has taken no request for so long
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    give_up_after: Duration,

    /// Do not ask before rows that cancel or revoke are sent
    #[arg(long, short)]
    yes: bool,
}

fn format(text: &str) -> Result<Format, String> {
    [Format::Csv, Format::JsonLines]
        .into_iter()
        .find(|format| format.as_str() == text)
        .ok_or_else(|| "it must be csv or jsonl".to_owned())
}

/// Reads a rate such as `50`, `50/s` or `600/m`.
fn rate(text: &str) -> Result<f64, String> {
    let (number, divisor) = match text.rsplit_once('/') {
        Some((number, "s")) => (number, 1.0),
        Some((number, "m")) => (number, 60.0),
        Some(_) => ("", 1.0),
        None => (text, 1.0),
    };
    match number.trim().parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok(number / divisor),
        _ => Err("it must be a rate such as 50/s or 600/m".to_owned()),
    }
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
    let shard = shard(input.shard.as_deref(), env::var(JOB_INDEX).ok().as_deref())?;
    let journal = run
        .journal
        .clone()
        .map_or_else(|| default_journal(&file, shard), Ok)?;
    outputs.check(cx, &[&file, &journal])?;
    let settings = cx.settings()?;
    let rows = rows(&defaults, settings)?;
    let opened = open(&file, &journal, &input)?;
    let checked = batch::check(&opened, &rows, shard, input.allow_duplicates)?;
    if input.check || cx.is_dry_run() {
        return show_check(cx, &checked);
    }
    confirm(cx, run.yes, checked.endings)?;
    cx.allow_changes(checked.in_shard, run.yes)?;
    let plan = Plan {
        settings: decisive(&defaults, &input, settings),
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
    let watched = outputs.open(cx, &plan.input, &plan.rows, old.rows)?;
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
    let shown = Shown {
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

/// Which rows are this run's. In a pod of an Indexed Job it must be said how many there are: else each would send them all.
fn shard(given: Option<&str>, job_index: Option<&str>) -> Result<Shard, Failure> {
    let wrong = |why: String| Failure::usage(format!("--shard: {why}"));
    let index = job_index.and_then(|index| index.parse::<u32>().ok());
    match (given, index) {
        (None, None) => Ok(Shard::WHOLE),
        (None, Some(_)) => Err(Failure::Usage {
            message: format!(
                "{JOB_INDEX} is set, so this is one of several runs, but --shard is missing"
            ),
            hint: Some(
                "say how many there are with --shard N; --shard 1/1 takes all rows".to_owned(),
            ),
        }),
        (Some(text), _) if text.contains('/') => text.parse().map_err(wrong),
        (Some(count), Some(index)) => format!("{}/{count}", u64::from(index) + 1)
            .parse()
            .map_err(wrong),
        (Some(_), None) => Err(wrong(format!(
            "{JOB_INDEX} is not set, so it must be I/N, such as 2/4"
        ))),
    }
}

fn default_journal(file: &Path, shard: Shard) -> Result<PathBuf, Failure> {
    if file == Path::new(STDIN) {
        return Err(Failure::Usage {
            message: "standard input has no name that a journal could have".to_owned(),
            hint: Some(
                "name one with --journal FILE; to continue, pipe the same rows in again".to_owned(),
            ),
        });
    }
    let mut name = file.as_os_str().to_owned();
    if shard.count > 1 {
        name.push(format!(".{}-of-{}", shard.index, shard.count));
    }
    name.push(".journal");
    Ok(name.into())
}

fn open(file: &Path, journal: &Path, args: &InputArgs) -> anyhow::Result<Input> {
    let is_stdin = file == Path::new(STDIN);
    let Some(format) = args.format.or_else(|| Format::of_name(file)) else {
        let (what, ends) = if is_stdin {
            ("standard input", "has no name")
        } else {
            ("the input", "is named neither .csv nor .jsonl")
        };
        return Err(Failure::Usage {
            message: format!("{what} {ends}, so its format is not known"),
            hint: Some("give --format csv or --format jsonl".to_owned()),
        }
        .into());
    };
    if is_stdin {
        let folder = journal
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        return Ok(Input::keep(
            io::stdin().lock(),
            folder,
            format,
            args.extra_fields,
        )?);
    }
    Ok(Input::open(file, format, args.extra_fields)?)
}

/// What turns cells into rows: flags fill the gaps of every row that takes the field, the profile those of creates.
fn rows(args: &DefaultArgs, settings: &Settings) -> Result<Rows, Failure> {
    let of_flags = [
        ("merchant", &args.merchant),
        ("product", &args.product),
        ("offer", &args.offer),
        ("notification_url", &args.notification_url),
        ("expires", &args.expires),
        ("reason", &args.reason),
        ("description", &args.description),
    ];
    let of_profile = [
        ("merchant", &settings.merchant),
        ("product", &settings.product),
        ("notification_url", &settings.notification_url),
    ];
    let rules = Rules {
        notification_url: fields::notification_url,
        expires: fields::expiry,
    };
    let mut defaults = Vec::new();
    let all = of_flags
        .map(|pair| (pair, false))
        .into_iter()
        .chain(of_profile.map(|pair| (pair, true)));
    for ((name, value), of_profile) in all {
        let (Some(column), Some(value)) = (batch::find_column(name), value) else {
            continue;
        };
        if let Err(why) = column.check(value.clone().into(), &rules) {
            let origin = if of_profile {
                "the profile's"
            } else {
                "the flag"
            };
            return Err(Failure::usage(format!(
                "{origin} {name} {value:?} cannot be used: {why}"
            )));
        }
        defaults.push(Fallback {
            column,
            value: value.clone(),
            of_profile,
        });
    }
    Ok(Rows {
        action: args.action,
        defaults,
        rules,
    })
}

/// What decides what is sent, for the journal; no secret is among it.
fn decisive(args: &DefaultArgs, input: &InputArgs, settings: &Settings) -> Map<String, Value> {
    let or_profile =
        |flag: &Option<String>, profile: &Option<String>| flag.clone().or_else(|| profile.clone());
    let settings = json!({
        "base-url": settings.base_url.value.as_str(),
        "username": settings.username.as_ref().map(|username| &username.value),
        "action": args.action.as_str(),
        "merchant": or_profile(&args.merchant, &settings.merchant),
        "product": or_profile(&args.product, &settings.product),
        "offer": args.offer,
        "notification-url": or_profile(&args.notification_url, &settings.notification_url),
        "expires": args.expires,
        "reason": args.reason,
        "description": args.description,
        "extra-fields": input.extra_fields,
        "allow-duplicates": input.allow_duplicates,
    });
    match settings {
        Value::Object(map) => map,
        _ => Map::new(),
    }
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
    Err(Failure::RefusedLocally {
        message: format!("{what}, and that was not confirmed; nothing was sent"),
        hint: Some("--yes confirms".to_owned()),
    }
    .into())
}

fn show_check(cx: &Context, checked: &batch::Checked) -> anyhow::Result<()> {
    cx.terminal.remark("every row is right; nothing was sent");
    Ok(cx.terminal.show(&CheckShown {
        rows: checked.rows,
        in_shard: checked.in_shard,
        bytes: checked.seen.bytes,
        sha256: &checked.seen.sha256,
    })?)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckShown<'a> {
    rows: u32,
    in_shard: u32,
    bytes: u64,
    sha256: &'a str,
}

impl Show for CheckShown<'_> {
    fn blocks(&self) -> Vec<Block> {
        vec![Block::Record(vec![
            ("Rows", Cell::plain(self.rows.to_string())),
            ("In this shard", Cell::plain(self.in_shard.to_string())),
            ("Bytes", Cell::plain(self.bytes.to_string())),
            ("SHA-256", Cell::plain(self.sha256)),
        ])]
    }
}

/// How a run went.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    #[serde(flatten)]
    summary: &'a Summary,
    run: String,
    journal: &'a Path,
    /// Rows answered in this run.
    answered: u64,
    seconds: f64,
}

impl Shown<'_> {
    /// Shows the summary, on standard error if results are on standard output.
    fn print(&self, cx: &Context, is_stdout_taken: bool) -> anyhow::Result<()> {
        if !is_stdout_taken {
            return Ok(cx.terminal.show(self)?);
        }
        let Summary {
            rows,
            done,
            refused,
            unclear,
            unanswered,
            open,
            ..
        } = self.summary;
        cx.terminal.remark(&format!(
            "{rows} rows: {done} done, {refused} refused, {unclear} unclear, {unanswered} unanswered, {open} not begun"
        ));
        Ok(())
    }
}

impl Show for Shown<'_> {
    #[expect(clippy::cast_precision_loss, reason = "figures to look at")]
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = batch_status::counts(self.summary);
        let rate = self.answered as f64 / self.seconds.max(0.001);
        blocks.push(Block::Record(vec![
            (
                "This run",
                Cell::plain(format!(
                    "{} answered in {:.1} s, {rate:.0}/s",
                    self.answered, self.seconds
                )),
            ),
            (
                "Journal",
                Cell::toned(self.journal.display().to_string(), Tone::Dim),
            ),
        ]));
        blocks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_of_an_indexed_job_needs_only_the_number_of_shards() {
        assert_eq!(shard(Some("4"), Some("0")).unwrap(), "1/4".parse().unwrap());
        assert_eq!(
            shard(Some("2/4"), Some("3")).unwrap(),
            "2/4".parse().unwrap()
        );
        assert_eq!(shard(None, None).unwrap(), Shard::WHOLE);
        for (given, index) in [
            (None, Some("0")),
            (Some("4"), None),
            (Some("4"), Some("4")),
            (Some("0/4"), None),
        ] {
            assert!(shard(given, index).is_err(), "{given:?} {index:?}");
        }
    }

    #[test]
    fn rates_are_numbers_in_a_second_or_a_minute() {
        assert_eq!(rate("50"), Ok(50.0));
        assert_eq!(rate("0.5/s"), Ok(0.5));
        assert_eq!(rate("600/m"), Ok(10.0));
        for bad in ["", "0", "-1", "x/s", "5/h", "inf", "NaN"] {
            assert!(rate(bad).is_err(), "{bad}");
        }
    }
}
