//! `wait`: reads an entitlement until it is in a status, or cannot be any more.

use std::time::{Duration, Instant};

use super::{entitlement, fields};
use crate::api::types::{Status, field};
use crate::api::{Answer, ErrorKind};
use crate::context::{Context, duration};
use crate::ending::{Code, Effect, Ending};
use crate::report::Report;
use crate::terminal::Spinner;

/// The time between two reads grows to this.
const LONGEST_INTERVAL: Duration = Duration::from_secs(30);
/// A read that takes longer is repeated: it may not use up the whole wait.
const LONGEST_READ: Duration = Duration::from_secs(60);

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent wait 9d6b3a3e-0000-4000-8000-000000000001\n  \
    bango-ent wait 9d6b3a3e-0000-4000-8000-000000000001 --for REVOKED --timeout 30s --json\n\n\
    Exit codes: 0 reached, 8 not in time, 9 can no longer be reached, 130 interrupted. \
    FAILED means that Bango itself does not know: it ends the wait with 9.",
    mut_arg("timeout", |arg| arg.help("Give up after this time").long_help(None::<&str>).default_value("10m")
        .help_heading(None::<&str>).display_order(90))
)]
pub struct Args {
    /// The entitlement
    #[arg(value_name = "ENTITLEMENT_ID", value_parser = fields::id)]
    id: String,

    /// The status to wait for
    #[arg(long = "for", ignore_case = true, default_value = Status::Active.as_str(), value_parser = fields::status(Status::AWAITED))]
    status: Status,

    /// Read it this often at first, then more and more rarely
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration)]
    interval: Duration,
}

#[derive(Debug, Clone, Copy)]
pub struct WaitOptions {
    pub wanted: Status,
    pub limit: Duration,
    /// The time between the first two reads.
    pub interval: Duration,
}

pub fn run(cx: &Context, args: &Args) -> Result<Report, Ending> {
    let options = WaitOptions {
        wanted: args.status,
        limit: cx.globals.timeout,
        interval: args.interval,
    };
    if cx.is_dry_run() {
        return cx.call(|client| client.get(&args.id), |_| Ok(Report::default()));
    }
    Ok(match until(cx, &args.id, options) {
        Ok(answer) => Report::new(entitlement::shown(&answer, None)),
        Err(ending) if ending.answer.is_some() => unreached(Ending {
            effect: Effect::Read,
            ..ending
        }),
        Err(ending) => unreached(ending),
    })
}

/// Reports a wait that did not reach its status: the entitlement as it was last read, and why.
///
/// Reading changes nothing, so nothing needs to be told if that cannot be shown.
pub fn unreached(ending: Ending) -> Report {
    let is_read = matches!(ending.code, Code::NotActive | Code::WaitFailed);
    let read = ending.answer.as_deref().filter(|_| is_read);
    Report {
        shown: read.map(|answer| entitlement::shown(answer, None)),
        ending: Some(ending),
        ..Report::default()
    }
}

/// Reads the entitlement until it is in the wanted status.
///
/// # Errors
///
/// With the last answer if there was one; without, with why the last read failed.
pub fn until(cx: &Context, id: &str, options: WaitOptions) -> Result<Answer, Ending> {
    let client = cx.client()?;
    let what = format!("waiting for {}", options.wanted.as_str());
    let spinner = Spinner::start(&cx.terminal, &what);
    let deadline = Instant::now() + options.limit;
    let mut interval = options.interval;
    let (mut last, mut trouble) = (None, None);
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let limit = left.clamp(Duration::from_secs(1), LONGEST_READ);
        match client.send(client.get(id).within(limit)) {
            Ok(answer) if answer.status() == Some(options.wanted) => return Ok(answer),
            Ok(answer) if answer.status().is_some_and(Status::is_final) => {
                return Err(not_reached(answer, options.wanted, None));
            }
            Ok(answer) => {
                spinner.says(answer.text(field::STATUS).unwrap_or("no status"));
                last = Some(answer);
            }
            Err(error) if matches!(*error.kind, ErrorKind::Interrupted { .. }) => {
                return Err(interrupted(id, options.wanted, last, error.into()));
            }
            // Reading changes nothing, so that an answer which says nothing may be followed by one that does.
            Err(error) if error.is_retryable() => {
                spinner.says(&error.to_string());
                trouble = Some(error);
            }
            Err(error) => return Err(cx.ending(error)),
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() || client.sleep(interval.min(left)) {
            return Err(match (last, trouble) {
                (last, _) if client.is_stopped() => {
                    interrupted(id, options.wanted, last, Ending::interrupted())
                }
                (Some(answer), _) => not_reached(answer, options.wanted, Some(options.limit)),
                (None, Some(error)) => never_read(id, options.wanted, cx.ending(error)),
                (None, None) => interrupted(id, options.wanted, None, Ending::interrupted()),
            });
        }
        interval = interval
            .mul_f64(1.3)
            .min(LONGEST_INTERVAL.max(options.interval));
    }
}

/// The ending of a wait that knows the entitlement to be in another status than the wanted one; with the time that ran out, if it did.
pub fn not_reached(answer: Answer, wanted: Status, ran_out: Option<Duration>) -> Ending {
    let status = answer.status();
    let shown = answer.text(field::STATUS).unwrap_or("without a status");
    let after = ran_out.map(|limit| format!(", after {} s", limit.as_secs()));
    let message = format!(
        "the entitlement is {shown}, not {}{}",
        wanted.as_str(),
        after.unwrap_or_default()
    );
    let code = if status.is_some_and(Status::is_final) {
        Code::WaitFailed
    } else {
        Code::NotActive
    };
    let id = answer.entitlement_id().unwrap_or_default().to_owned();
    let ended = answer.text(field::DATE_ENDED).unwrap_or("an unknown time");
    let ended = ended.to_owned();
    let ending = Ending::new(code, message).about(answer);
    match status {
        Some(Status::Failed) => {
            ending.next("neither grant nor deny on FAILED: Bango itself does not know; ask Bango with the entitlement id")
        }
        Some(Status::Cancelled | Status::Revoked) => ending.next(format!(
            "it ended at {ended}; create a new one if the user is to have the service again"
        )),
        Some(Status::Suspended) if wanted == Status::Active => {
            ending.run("give the user access again", ["resume", &id])
        }
        Some(Status::Pending) if wanted == Status::Active => ending.run(
            "the user must finish the registration; this asks for a fresh registration URL",
            ["activation-url", &id],
        ),
        _ => again(ending, &id, wanted),
    }
}

/// What next after a wait that may still succeed.
fn again(ending: Ending, id: &str, wanted: Status) -> Ending {
    ending.run("wait again", ["wait", id, "--for", wanted.as_str()])
}

/// The ending of a wait at Ctrl-C, in a read (whose ending is given) or between two.
fn interrupted(id: &str, wanted: Status, last: Option<Answer>, read: Ending) -> Ending {
    let ending = match last {
        Some(answer) => {
            let status = answer.text(field::STATUS).unwrap_or("without a status");
            let message =
                format!("interrupted; the entitlement was {status} when it was last read");
            Ending::new(Code::Interrupted, message).about(answer)
        }
        None => Ending {
            message: "interrupted; the entitlement was not read".to_owned(),
            ..read
        },
    };
    again(ending, id, wanted)
}

/// No read came through in time: why the last one did not is all that is known.
fn never_read(id: &str, wanted: Status, trouble: Ending) -> Ending {
    let ending = Ending {
        message: format!(
            "the entitlement could not be read in time: {}",
            trouble.message
        ),
        repeat: false,
        ..trouble
    };
    again(ending, id, wanted)
}
