//! `batch`: one request for each row of a file, each exactly once.

pub mod args;
mod export;
mod reasons;
mod resolve;
pub mod results;
mod status;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use self::reasons::Reasons;
use super::next_step::PAGE_ENDS;
use crate::api::Client;
use crate::batch::{self, Checked, Journal, LearntRate, Limits, Plan, Ran, RunEnd, Summary};
use crate::context::{Context, asked};
use crate::ending::{Code, Effect, Ending, Next};
use crate::files::private;
use crate::profile::Environment;
use crate::report::{Acted, Report};
use crate::terminal::{self, Block, Cell, Shown, Tone, counted};

/// What follows once the cause is mended that kept every row back.
const MENDED: &str = "the same command continues once this is mended";
/// Refusals of what a row asks for, whenever it does.
const HOPELESS: [&str; 3] = ["BAD_REQUEST", "ALREADY_EXISTS", "CONFLICT"];
/// The response code of a row whose user must do something.
const PENDING: &str = "CLIENT_ACTION_REQUIRED";

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(
    after_help = "Examples:\n  bango-ent batch users.csv --merchant BANGO --product BangoMusic\n  \
    bango-ent batch users.csv --check\n  \
    bango-ent batch users.csv --results results.csv --failed failed.csv --rate 50/s --max-failures 5%\n  \
    bango-ent batch ended.jsonl --action cancel --reason CUSTOMER_CANCELLED/NOT_RENEWED --yes\n  \
    bango-ent batch ids.csv --action get --results states.csv\n  \
    bango-ent batch status users.csv.journal\n  \
    bango-ent batch export ended.csv --to input --customer MyReseller\n  \
    bango-ent batch resolve users.csv.journal 17 done\n\n\
    Columns: action (create, update, suspend, resume, cancel, revoke, get), user, merchant, product, offer, notification_url, \
    entitlement_id, external_id, display_name, expires, extension_data, extra_information, benefits, reason, description; or the names of Bango's fields. \
    Bango's own batch files are read as they are. \
    All rows are checked before the first is sent. After any end, a crash included, the same command continues: \
    rows that are done are left out, and a row that is repeated carries the same request identifier."
)]
pub struct Args {
    #[command(subcommand)]
    command: Option<BatchCommand>,

    /// The rows: CSV with a header, or JSON lines; - is standard input
    #[arg(required = true)]
    file: Option<PathBuf>,

    #[command(flatten)]
    input: args::InputArgs,

    #[command(flatten)]
    defaults: args::DefaultArgs,

    /// The record of the run, by which it continues [default: FILE.journal]
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,

    /// Begin although rows of this input were begun under another journal: they are all sent again
    #[arg(long)]
    begin_anew: bool,

    #[command(flatten)]
    limits: Limits,

    /// Do not ask before rows that cancel or revoke are sent
    #[arg(long, short)]
    yes: bool,

    #[command(flatten)]
    results: results::Args,
}

#[derive(Debug, clap::Subcommand)]
enum BatchCommand {
    /// Show how far a batch is, from its journal: finished, running or dead
    Status(status::Args),
    /// Write rows as Bango's batch files instead of sending them; offline
    Export(Box<export::Args>),
    /// Tell the journal what became of a row that is unclear or unanswered
    Resolve(resolve::Args),
}

impl Args {
    /// Whether rows may be sent that change something.
    pub fn sends(&self) -> bool {
        self.command.is_none() && !self.input.check && !self.defaults.reads()
    }
}

/// Sends the rows that are not finished, and reports how it went.
pub fn run(cx: &Context, args: Args) -> Result<Report, Ending> {
    match args.command {
        Some(BatchCommand::Status(args)) => return status::run(&args),
        Some(BatchCommand::Export(args)) => return export::run(cx, &args),
        Some(BatchCommand::Resolve(args)) => return resolve::run(cx, &args),
        None => {}
    }
    let (file, input) = (args.file.unwrap_or_default(), args.input);
    let shard = input.shard()?;
    let default = || args::default_journal(&file, shard);
    let path = args.journal.map_or_else(default, Ok)?;
    args.results.check(cx)?;
    let profile = cx.settings()?;
    let (parser, settings) = args.defaults.parser(&input.read, profile)?;
    let opened = input.read.open(&file, private::folder_of(&path))?;
    let kind = input.read.kind(&opened, &parser)?;
    let checked = batch::check(&opened, &parser, shard, input.read.allow_duplicates)?;
    for warning in &checked.warnings {
        cx.terminal.warn(&warning.to_string());
    }
    if input.check || cx.is_dry_run() {
        cx.warn_of_other_origin(profile);
        let report = Report::new(checked).remark("every row is valid; nothing was sent");
        let kind =
            kind.map(|kind| format!("this is one of Bango's batch files: {}", kind.as_str()));
        return Ok(kind.into_iter().fold(report, Report::remark));
    }
    if checked.changes > 0 {
        cx.permit_change()?;
        if !args.yes {
            confirm(cx, checked.changes, checked.endings)?;
        }
    }
    let plan = Plan {
        settings,
        input: opened,
        parser,
        shard,
        allow_duplicates: input.read.allow_duplicates,
        begin_anew: args.begin_anew,
        limits: args.limits,
        retries: cx.policy().retries,
        wants_rows: args.results.is_any(),
        checked,
    };
    send(cx, &plan, &path, &args.results)
}

/// Sends the rows of the plan, and reports how it went.
fn send(cx: &Context, plan: &Plan, path: &Path, results: &results::Args) -> Result<Report, Ending> {
    let client = cx.shared_client(plan.limits.connections().1 as usize)?;
    let journal = Journal::open(path)?;
    let done = perform(cx, plan, (&client, journal), results)?;
    let ran = done.ran;
    let shown = RunShown {
        answered: ran.answered,
        summary: ran.summary.clone(),
        run: done.run.to_string(),
        journal: path.to_string_lossy().into_owned(),
        seconds: done.seconds,
        learnt_rate: ran.learnt.clone(),
    };
    remark(cx, &ran, results.is_any());
    let report = if results.use_stdout() {
        Report::default().remark(shown.in_words())
    } else {
        Report::new(shown)
    };
    let corrected = results.next(&ran);
    let acted = if ran.sent { Acted::Kept } else { Acted::Not };
    let ending = ending(cx, ran, &done.reasons);
    Ok(Report {
        acted,
        ending: match corrected {
            Some(corrected) => ending.map(|ending| ending.next(corrected)),
            None => ending,
        },
        ..report
    })
}

/// A run that has come to an end.
pub struct Performed {
    pub ran: Ran,
    /// Why rows did not succeed.
    pub reasons: Reasons,
    run: Uuid,
    seconds: f64,
}

/// Runs the plan with this journal until every row is tried, or nothing more may be begun.
pub fn perform(
    cx: &Context,
    plan: &Plan,
    (client, mut journal): (&Client, Journal),
    results: &results::Args,
) -> Result<Performed, Ending> {
    if private::is_same(plan.input.source.file(), journal.log.file()).map_err(Ending::machine)? {
        return Err(Ending::usage("the journal and the input are the same file"));
    }
    let files = results.open(cx, &[plan.input.source.file(), journal.log.file()])?;
    let path = journal.path.clone();
    let replay = journal.start(plan)?;
    let mut observer = files.begin(cx, plan)?;
    let before = Summary::of(&replay.states, plan.checked.in_shard);
    if before.is_complete() && before.rows > 0 {
        let (done, rows) = (before.done, counted(before.rows, "row"));
        let journal = path.display();
        let why = format!("nothing is left to do: {done} of {rows} done in {journal}");
        cx.terminal.remark(&why);
    } else if before.open < before.rows {
        cx.terminal.remark(&format!(
            "continuing {}: {} of {} done, {} unanswered",
            path.display(),
            before.done,
            counted(before.rows, "row"),
            before.unanswered,
        ));
    }
    let live = account_if_live(cx)?;
    if let Some(account) = live.filter(|_| plan.checked.changes > 0) {
        cx.terminal.live(&account);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let interrupted = Arc::clone(&stop);
    terminal::on_interrupt(move || interrupted.store(true, Ordering::Relaxed));
    let (run, start) = (replay.header.run, Instant::now());
    let ran = batch::run(plan, client, (journal, replay), &mut observer, &stop)?;
    Ok(Performed {
        ran,
        reasons: observer.reasons,
        run,
        seconds: start.elapsed().as_secs_f64(),
    })
}

/// What else is worth knowing after a run.
fn remark(cx: &Context, ran: &Ran, has_results: bool) {
    if let Some(pending) = ran.summary.codes.get(PENDING) {
        let users = counted(*pending, "new user");
        let place = if has_results {
            "in the results"
        } else {
            "written by the same command with --results FILE, which sends no row again"
        };
        cx.terminal.remark(&format!(
            "{users} must still register; the registration URLs are {place}"
        ));
        if cx.has_embedded_sandbox() {
            cx.terminal.remark(PAGE_ENDS);
        }
    }
    if let Some(learnt) = &ran.learnt {
        let LearntRate { taken, rate, .. } = learnt;
        let requests = counted(learnt.refused, "request");
        cx.terminal.remark(&format!(
            "{requests} too many were refused; about {taken}/s were taken: --rate {rate}/s would have avoided most of that"
        ));
    }
}

/// How a run ended, unless every row is done.
pub fn ending(cx: &Context, ran: Ran, reasons: &Reasons) -> Option<Ending> {
    let summary = &ran.summary;
    let failed = summary.refused + summary.unclear + summary.unanswered;
    let message = match &ran.end {
        RunEnd::Finished if summary.is_complete() => return None,
        RunEnd::Finished => {
            let waiting = waiting(summary.waiting);
            format!("{} did not succeed{waiting}", counted(failed, "row"))
        }
        RunEnd::Interrupted => "interrupted".to_owned(),
        RunEnd::TooManyFailures { failed, finished } => {
            format!("stopped: {failed} of {finished} rows failed, more than --max-failures allows")
        }
        RunEnd::Fatal(e) => format!("stopped: {e}; every other row would fail too"),
        RunEnd::GaveUp(e) => {
            format!("stopped, because the platform accepted no request for too long: {e}")
        }
        RunEnd::NotBango(e) => {
            format!("stopped, because none of the first answers was Bango's: {e}")
        }
        RunEnd::InputChanged(why) => format!("stopped: {why}"),
        RunEnd::ResultsFailed(e) => format!("stopped: the results cannot be written: {e}"),
        RunEnd::JournalFailed(e) => format!("stopped: the journal cannot be written: {e}"),
    };
    let next = what_next(&ran);
    let cause = match ran.end {
        RunEnd::Fatal(error) | RunEnd::GaveUp(error) | RunEnd::NotBango(error) => cx.ending(error),
        RunEnd::Interrupted => again(Code::Interrupted),
        RunEnd::ResultsFailed(_) => again(Code::Unwritten),
        _ => again(Code::BatchIncomplete),
    };
    let effect = if ran.sent {
        Effect::Partial
    } else {
        Effect::NotSent
    };
    let ending = Ending {
        name: cause.name,
        retryable: cause.retryable,
        effect,
        http_status: cause.http_status,
        response: cause.response,
        details: Some(json!({ "summary": summary, "reasons": reasons, "learntRate": ran.learnt })),
        points: reasons.lines().collect(),
        ..Ending::new(cause.code, message)
    };
    Some(match cause.next {
        // Waiting alone mends nothing.
        Some(mend) if !cause.retryable || mend.is_command() => Ending {
            next: Some(Next {
                say: format!("{MENDED}; {}", mend.say).into(),
                ..mend
            }),
            ..ending
        },
        _ => ending.next(next),
    })
}

/// How many rows wait for others.
fn waiting(rows: u64) -> String {
    match rows {
        0 => String::new(),
        1 => ", and 1 waits for a row before it".to_owned(),
        _ => format!(", and {rows} wait for rows before them"),
    }
}

/// A reason to stop after which the same command may succeed.
fn again(code: Code) -> Ending {
    Ending {
        retryable: true,
        ..Ending::new(code, "")
    }
}

/// What to do after a run that did not succeed in every row.
fn what_next(ran: &Ran) -> &'static str {
    let sum = &ran.summary;
    let hopeless: u64 = HOPELESS
        .iter()
        .filter_map(|code| sum.codes.get(*code))
        .sum();
    match ran.end {
        RunEnd::Finished if sum.unanswered + sum.open > sum.waiting => {
            "the same command continues: it repeats unanswered rows under their identifiers"
        }
        RunEnd::Finished if sum.waiting > 0 => {
            "--retry-failed sends the failed rows again, and after them those that wait; --no-order sends those that wait whatever became of the others"
        }
        RunEnd::Finished if sum.unclear == 0 && sum.refused == hopeless => {
            "asked again, they are refused again: --failed FILE with the same command writes them, to be corrected, and sends nothing"
        }
        RunEnd::Finished => {
            "--retry-failed sends them again; --failed FILE with the same command writes the refused rows and sends nothing"
        }
        RunEnd::Fatal(_) => MENDED,
        RunEnd::NotBango(_) => "is the base URL right? the same command continues",
        RunEnd::InputChanged(_) => "put the input back as it was; then the same command continues",
        RunEnd::ResultsFailed(_) | RunEnd::JournalFailed(_) => {
            "make room, or see to the file; then the same command continues"
        }
        RunEnd::Interrupted | RunEnd::TooManyFailures { .. } | RunEnd::GaveUp(_) => {
            "the same command continues"
        }
    }
}

/// Asks once, before access is taken away or a live account is changed more than once.
fn confirm(cx: &Context, rows: u32, endings: u32) -> Result<(), Ending> {
    let of_live = |account| {
        let changes = counted(rows.into(), "change");
        format!("{changes} of the live account {account}")
    };
    let end = match endings {
        1 => "ends an entitlement (cancel or revoke)",
        _ => "end entitlements (cancel or revoke)",
    };
    let what = match (account_if_live(cx)?.map(of_live), endings) {
        (None, 0) => return Ok(()),
        (Some(_), 0) if rows < 2 => return Ok(()),
        (Some(changes), 0) => changes,
        (None, _) => format!("{} {end}", counted(endings.into(), "row")),
        (Some(changes), _) => format!("{changes}, of which {endings} {end}"),
    };
    let question = format!("{what}. Send them?");
    if cx.terminal.can_ask() && asked(terminal::ask::yes(&cx.terminal, &question))? {
        return Ok(());
    }
    let why = format!("{what}: not confirmed; nothing was sent");
    Err(Ending::refused_locally(why).again_with("--yes", "--check sends nothing; this confirms"))
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

impl From<Checked> for Shown {
    fn from(checked: Checked) -> Self {
        let mut record = vec![("Rows", Cell::number(checked.rows))];
        if checked.in_shard < checked.rows {
            record.push(("In this shard", Cell::number(checked.in_shard)));
        }
        if checked.chain_count > 0 {
            let chains = counted(checked.chain_count.into(), "chain");
            let what = format!("{chains} of rows about one entitlement or user, kept in order");
            record.push(("Order", Cell::plain(what)));
        }
        record.extend([
            ("Bytes", Cell::number(checked.digest.bytes)),
            ("SHA-256", Cell::plain(&checked.digest.sha256)),
        ]);
        Self::new(&checked, [Block::record(record)])
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
    #[serde(skip_serializing_if = "Option::is_none")]
    learnt_rate: Option<LearntRate>,
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

impl From<RunShown> for Shown {
    #[expect(clippy::cast_precision_loss, reason = "figures to look at")]
    fn from(run: RunShown) -> Self {
        let mut blocks = status::counts(&run.summary);
        let (answered, seconds) = (run.answered, run.seconds);
        let rate = answered as f64 / seconds.max(0.001);
        let this_run = format!("{answered} answered in {seconds:.1} s, {rate:.0}/s");
        blocks.push(Block::record(vec![
            ("This run", Cell::plain(this_run)),
            ("Journal", Cell::toned(&run.journal, Tone::Dim)),
        ]));
        Self::new(&run, blocks)
    }
}
