//! `batch`: one request for each row of a file, each exactly once.

mod results;
mod status;

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::api::value;
use crate::batch::{
    self, Action, End, Fallback, Format, Input, Journal, MaxFailures, Plan, Ran, RowParser, Shard,
    Summary,
};
use crate::context::{Context, asked, duration};
use crate::ending::{Acted, Code, Effect, Ending, Report};
use crate::files::private;
use crate::profile::{Environment, Settings};
use crate::terminal::{self, Block, Cell, Show, Tone, document};

/// Standard input or output in the place of a file.
const STREAM: &str = "-";
/// Kubernetes sets it in each pod of an Indexed Job: 0 is the first.
const JOB_INDEX: &str = "JOB_COMPLETION_INDEX";
/// No rate is lower, in requests a second: one a day.
const LOWEST_RATE: f64 = 1.0 / 86_400.0;

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
    results: results::Args,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Show how far a batch is, from its journal: finished, running or dead
    Status(status::Args),
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
    #[arg(long, value_name = "KEY", value_parser = value::id)]
    merchant: Option<String>,

    /// The product, where a row names none [default: the profile's, for creates]
    #[arg(long, value_name = "KEY", value_parser = value::id)]
    product: Option<String>,

    /// The offer, where a row names none
    #[arg(long, value_name = "KEY", value_parser = value::id)]
    offer: Option<String>,

    /// The URL for notifications, where a row names none [default: the profile's, for creates]
    #[arg(long, value_name = "URL", value_parser = value::notification_url)]
    notification_url: Option<String>,

    /// When the entitlement ends, where a row does not say
    #[arg(long, value_name = "DATE", value_parser = value::expiry)]
    expires: Option<String>,

    /// Why, for cancel and revoke, where a row does not say
    #[arg(long, value_name = "CATEGORY/CODE")]
    reason: Option<String>,

    /// Why, in your own words, where a row does not say
    #[arg(long, value_name = "TEXT", value_parser = value::id)]
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

    /// Stop when more rows fail: a number, or a share such as 5%, judged once 100 rows are finished
    #[arg(long, value_name = "N|N%")]
    max_failures: Option<MaxFailures>,

    /// Stop when the platform has taken no request for so long
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    give_up_after: Duration,

    /// Do not ask before rows that cancel or revoke are sent
    #[arg(long, short)]
    yes: bool,
}

/// Sends the rows that are not finished, and reports how it went.
pub fn run(cx: &Context, args: Args) -> Result<Report, Ending> {
    if let Some(Command::Status(args)) = args.command {
        return status::run(&args);
    }
    let (file, input, run) = (args.file.unwrap_or_default(), args.input, args.run);
    let shard = shard(input.shard.as_deref(), env::var(JOB_INDEX).ok().as_deref())?;
    let path = match run.journal {
        Some(path) => path,
        None => default_journal(&file, shard)?,
    };
    args.results.check(cx)?;
    let settings = cx.settings()?;
    let parser = args.defaults.parser(settings)?;
    let decisive = args.defaults.decisive(&input, settings);
    let opened = open(&file, &path, &input)?;
    let checked = batch::check(&opened, &parser, shard, input.allow_duplicates)?;
    if input.check || cx.is_dry_run() {
        cx.warn_of_other_origin(settings);
        let report = Report::new(CheckShown {
            rows: checked.rows,
            in_shard: checked.in_shard,
            bytes: checked.digest.bytes,
            sha256: checked.digest.sha256,
        });
        return Ok(report.remark("every row is valid; nothing was sent"));
    }
    if !run.yes {
        confirm(cx, checked.in_shard, checked.endings)?;
    }
    let plan = Plan {
        settings: decisive,
        input: opened,
        parser,
        shard,
        allow_duplicates: input.allow_duplicates,
        retry_failed: run.retry_failed,
        reconcile_after: run.reconcile_after,
        give_up_after: run.give_up_after,
        retries: cx.policy().retries,
        concurrency: run.concurrency,
        rate: run.rate.map(|rate| rate / f64::from(shard.count)),
        max_failures: run.max_failures,
        wants_rows: args.results.is_any(),
        checked,
    };
    send(cx, &plan, &path, &args.results)
}

/// Sends the rows of the plan.
fn send(cx: &Context, plan: &Plan, path: &Path, results: &results::Args) -> Result<Report, Ending> {
    let client = cx.shared_client(plan.concurrency as usize)?;
    let mut journal = Journal::open(path)?;
    if private::is_same(&plan.input.file, journal.log.file()).map_err(Ending::machine)? {
        return Err(Ending::usage("the journal and the input are the same file"));
    }
    let files = results.open(cx, &[&plan.input.file, journal.log.file()])?;
    let replay = journal.start(plan)?;
    let mut observer = files.begin(cx, plan)?;
    let before = Summary::of(&replay.states, plan.checked.in_shard);
    if before.open < before.rows {
        cx.terminal.remark(&format!(
            "continuing {}: {} of {} {} done, {} {} unanswered",
            path.display(),
            before.done,
            counted(before.rows, "row"),
            are(before.done),
            before.unanswered,
            are(before.unanswered)
        ));
    }
    if let Some(account) = account_if_live(cx)? {
        cx.terminal.live(&account);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let interrupted = Arc::clone(&stop);
    terminal::on_interrupt(move || interrupted.store(true, Ordering::Relaxed));
    let (run, start) = (replay.header.run, Instant::now());
    let ran = batch::run(plan, &client, (journal, replay), &mut observer, &stop)?;
    let shown = RunShown {
        answered: ran.summary.answered().saturating_sub(before.answered()),
        summary: ran.summary.clone(),
        run: run.to_string(),
        journal: path.to_string_lossy().into_owned(),
        seconds: start.elapsed().as_secs_f64(),
    };
    let report = if results.use_stdout() {
        Report::default().remark(shown.in_words())
    } else {
        Report::new(shown)
    };
    Ok(Report {
        acted: if ran.sent { Acted::Kept } else { Acted::Not },
        ending: ending(cx, ran),
        ..report
    })
}

/// How a run ended, unless every row is done.
fn ending(cx: &Context, ran: Ran) -> Option<Ending> {
    let summary = &ran.summary;
    let message = match &ran.end {
        End::Finished if summary.is_complete() => return None,
        End::Finished => {
            let left = summary.refused + summary.unclear + summary.unanswered;
            format!("{} did not succeed", counted(left, "row"))
        }
        End::Interrupted => "interrupted; the same command continues".to_owned(),
        End::TooManyFailures => "stopped: more rows failed than --max-failures allows".to_owned(),
        End::Hopeless(e) => format!("stopped: {e}; every other row would fail too"),
        End::GaveUp(e) => {
            format!("stopped, because the platform accepted no request for too long: {e}")
        }
        End::InputChanged(why) => format!("stopped: {why}"),
        End::ResultsFailed(e) => format!("stopped: the results cannot be written: {e}"),
        End::JournalFailed(e) => format!("stopped: the journal cannot be written: {e}"),
    };
    let next = match ran.end {
        End::InputChanged(_) => "put the input back as it was; then the same command continues",
        _ => "the same command continues; with --retry-failed it also sends the failed rows again",
    };
    let (code, name) = match ran.end {
        End::Hopeless(error) | End::GaveUp(error) => {
            let cause = cx.ending(error);
            (cause.code, cause.name)
        }
        End::Interrupted => (Code::Interrupted, Code::Interrupted.name().into()),
        End::ResultsFailed(_) => (Code::Unwritten, Code::Unwritten.name().into()),
        _ => (Code::BatchIncomplete, Code::BatchIncomplete.name().into()),
    };
    let effect = if ran.sent {
        Effect::Partial
    } else {
        Effect::NotSent
    };
    let ending = Ending {
        name,
        retryable: true,
        effect,
        details: Some(json!({ "summary": summary })),
        ..Ending::new(code, message)
    };
    Some(ending.next(next))
}

/// Asks once, before access is taken away or a live account is changed more than once.
fn confirm(cx: &Context, rows: u32, endings: u32) -> Result<(), Ending> {
    let live = account_if_live(cx)?;
    let of_live = |account| {
        format!(
            "{} of the live account {account}",
            counted(rows.into(), "change")
        )
    };
    let what = match (live.map(of_live), endings) {
        (None, 0) => return Ok(()),
        (Some(_), 0) if rows < 2 => return Ok(()),
        (Some(changes), 0) => changes,
        (None, 1) => "1 row ends an entitlement (cancel or revoke)".to_owned(),
        (None, _) => format!("{endings} rows end entitlements (cancel or revoke)"),
        (Some(changes), 1) => {
            format!("{changes}, of which 1 ends an entitlement (cancel or revoke)")
        }
        (Some(changes), _) => {
            format!("{changes}, of which {endings} end entitlements (cancel or revoke)")
        }
    };
    let question = format!("{what}. Send them?");
    if cx.terminal.can_ask() && asked(terminal::ask::yes(&cx.terminal, &question))? {
        return Ok(());
    }
    let why = format!("{what}: not confirmed; nothing was sent");
    Err(Ending::refused_locally(why).next("--yes confirms; --check sends nothing"))
}

/// The account whose users the rows are about, if it is live.
fn account_if_live(cx: &Context) -> Result<Option<String>, Ending> {
    let settings = cx.settings()?;
    let host = settings.base_url.value.host();
    let account = match &settings.username {
        Some(user) => format!("{} at {host}", user.value),
        None => host.to_owned(),
    };
    let is_live = settings.environment == Some(Environment::Live);
    Ok(is_live.then_some(account))
}

/// A number of things.
fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn are(count: u64) -> &'static str {
    if count == 1 { "is" } else { "are" }
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
        Ok(number) if number > 0.0 && number.is_finite() => Some(number / divisor)
            .filter(|rate| *rate >= LOWEST_RATE)
            .ok_or_else(|| "it must be at least one request a day".to_owned()),
        _ => Err("it must be a rate such as 50/s or 600/m".to_owned()),
    }
}

/// Which rows are this run's. In a pod of an Indexed Job it must be said how many there are: else each would send them all.
fn shard(given: Option<&str>, job_index: Option<&str>) -> Result<Shard, Ending> {
    let wrong = |why: String| Ending::usage(format!("--shard: {why}"));
    let index = job_index.and_then(|index| index.parse::<u32>().ok());
    match (given, index) {
        (None, None) => Ok(Shard::WHOLE),
        (None, Some(_)) => Err(Ending::usage(format!(
            "{JOB_INDEX} is set, so this is one of several runs, but --shard is missing"
        ))
        .next("say how many there are with --shard N; --shard 1/1 takes all rows")),
        (Some(text), _) if text.contains('/') => text.parse().map_err(wrong),
        (Some(count), Some(index)) => format!("{}/{count}", u64::from(index) + 1)
            .parse()
            .map_err(wrong),
        (Some(_), None) => Err(wrong(format!(
            "{JOB_INDEX} is not set, so it must be I/N, such as 2/4"
        ))),
    }
}

fn default_journal(file: &Path, shard: Shard) -> Result<PathBuf, Ending> {
    if file == Path::new(STREAM) {
        let why = "standard input has no name that a journal could have";
        return Err(Ending::usage(why)
            .next("name one with --journal FILE; to continue, pipe the same rows in again"));
    }
    let mut name = file.as_os_str().to_owned();
    if shard.count > 1 {
        name.push(format!(".{}-of-{}", shard.index, shard.count));
    }
    name.push(".journal");
    Ok(name.into())
}

fn open(file: &Path, journal: &Path, args: &InputArgs) -> Result<Input, Ending> {
    let is_stream = file == Path::new(STREAM);
    let extra_fields = args.extra_fields;
    let Some(format) = args.format.or_else(|| Format::of_name(file)) else {
        let why = if is_stream {
            "standard input has no name, so its format is not known"
        } else {
            "the input is named neither .csv nor .jsonl, so its format is not known"
        };
        return Err(Ending::usage(why).next("give --format csv or --format jsonl"));
    };
    if !is_stream {
        return Input::open(file, format, extra_fields);
    }
    let folder = private::folder_of(journal).to_owned();
    // Whoever writes it may take a long time.
    let keep = move || Input::keep(io::stdin(), &folder, format, extra_fields);
    asked(terminal::unless_interrupted(keep))?
}

impl DefaultArgs {
    /// What fills each column: a flag, or the profile.
    fn all<'a>(
        &'a self,
        profile: &'a Settings,
    ) -> [(&'static str, &'a Option<String>, &'a Option<String>); 7] {
        [
            ("merchant", &self.merchant, &profile.merchant),
            ("product", &self.product, &profile.product),
            ("offer", &self.offer, &None),
            (
                "notification-url",
                &self.notification_url,
                &profile.notification_url,
            ),
            ("expires", &self.expires, &None),
            ("reason", &self.reason, &None),
            ("description", &self.description, &None),
        ]
    }

    /// What turns cells into rows: flags fill the gaps of every row that takes the field, the profile those of creates.
    fn parser(&self, settings: &Settings) -> Result<RowParser, Ending> {
        let all = self.all(settings);
        let of_flags = all.map(|(name, flag, _)| (name, flag, false));
        let of_profile = all.map(|(name, _, profile)| (name, profile, true));
        let mut defaults = Vec::new();
        for (name, value, of_profile) in of_flags.into_iter().chain(of_profile) {
            let (Some(column), Some(value)) = (batch::find_column(name), value.clone()) else {
                continue;
            };
            if let Err(why) = column.read(&value.clone().into()) {
                let origin = if of_profile {
                    "the profile's"
                } else {
                    "the flag"
                };
                let why = format!("{origin} {name} {value:?} cannot be used: {why}");
                return Err(Ending::usage(why));
            }
            defaults.push(Fallback {
                column,
                value,
                of_profile,
            });
        }
        Ok(RowParser {
            action: self.action,
            defaults,
        })
    }

    /// What decides what is sent, for the journal; no secret is among it.
    fn decisive(&self, input: &InputArgs, settings: &Settings) -> Map<String, Value> {
        let username = settings.username.as_ref();
        let mut decisive = Map::new();
        for (name, value) in [
            ("base-url", settings.base_url.value.as_str().into()),
            ("username", username.map(|name| name.value.clone()).into()),
            ("action", self.action.as_str().into()),
            ("extra-fields", input.extra_fields.into()),
            ("allow-duplicates", input.allow_duplicates.into()),
        ] {
            decisive.insert(name.to_owned(), value);
        }
        for (name, flag, profile) in self.all(settings) {
            let value = flag.as_ref().or(profile.as_ref()).cloned();
            decisive.insert(name.to_owned(), value.into());
        }
        decisive
    }
}

/// An input in which every row is valid.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckShown {
    rows: u32,
    in_shard: u32,
    bytes: u64,
    sha256: String,
}

impl Show for CheckShown {
    fn document(&self) -> Value {
        document(self)
    }

    fn blocks(&self) -> Vec<Block> {
        vec![Block::Record(vec![
            ("Rows", Cell::plain(self.rows.to_string())),
            ("In this shard", Cell::plain(self.in_shard.to_string())),
            ("Bytes", Cell::plain(self.bytes.to_string())),
            ("SHA-256", Cell::plain(&self.sha256)),
        ])]
    }
}

/// How a run went.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RunShown {
    #[serde(flatten)]
    summary: Summary,
    run: String,
    journal: String,
    /// Rows answered in this run.
    answered: u64,
    seconds: f64,
}

impl RunShown {
    /// The summary where results are on standard output.
    fn in_words(&self) -> String {
        let sum = &self.summary;
        format!(
            "{}: {} done, {} refused, {} unclear, {} unanswered, {} not begun",
            counted(sum.rows, "row"),
            sum.done,
            sum.refused,
            sum.unclear,
            sum.unanswered,
            sum.open
        )
    }
}

impl Show for RunShown {
    fn document(&self) -> Value {
        document(self)
    }

    #[expect(clippy::cast_precision_loss, reason = "figures to look at")]
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = status::counts(&self.summary);
        let rate = self.answered as f64 / self.seconds.max(0.001);
        let (answered, seconds) = (self.answered, self.seconds);
        let this_run = format!("{answered} answered in {seconds:.1} s, {rate:.0}/s");
        blocks.push(Block::Record(vec![
            ("This run", Cell::plain(this_run)),
            ("Journal", Cell::toned(self.journal.clone(), Tone::Dim)),
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
        for bad in [
            "", "0", "-1", "x/s", "5/h", "inf", "NaN", "1e-20/s", "0.0006/m",
        ] {
            assert!(rate(bad).is_err(), "{bad}");
        }
    }
}
