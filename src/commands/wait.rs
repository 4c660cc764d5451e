//! `wait`: reads an entitlement until it is in a status, or cannot be any more.

use std::time::{Duration, Instant};

use clap::builder::PossibleValuesParser;

use super::entitlement::Entitlement;
use super::fields;
use crate::api::types::{Status, field};
use crate::api::{self, Answer, ErrorKind};
use crate::context::{Context, duration};
use crate::failure::Failure;
use crate::terminal::Spinner;

/// The time between two reads grows to this.
const LONGEST_INTERVAL: Duration = Duration::from_secs(30);
/// A read that takes longer is repeated: it may not use up the whole wait.
const LONGEST_READ: Duration = Duration::from_secs(60);

/// The flags of `wait`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent wait 9d6b3a3e-0000-4000-8000-000000000001\n  \
    bango-ent wait 9d6b3a3e-0000-4000-8000-000000000001 --for REVOKED --timeout 30s --json\n\n\
    Exit codes: 0 reached, 8 not in time, 9 can no longer be reached, 130 interrupted. \
    FAILED means that Bango itself does not know: it ends the wait with 9."
)]
pub struct Args {
    /// The entitlement
    #[arg(value_name = "ENTITLEMENT_ID", value_parser = fields::id)]
    id: String,

    /// The status to wait for
    #[arg(long = "for", ignore_case = true, default_value = Status::Active.as_str(), value_parser = wanted())]
    status: String,

    /// Give up after this time
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    timeout: Duration,

    /// Read it this often at first, then more and more rarely
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration)]
    interval: Duration,
}

/// Nobody waits for FAILED: it is no state of affairs, but the lack of one.
fn wanted() -> PossibleValuesParser {
    let sensible = Status::DOCUMENTED
        .into_iter()
        .filter(|status| *status != Status::Failed);
    PossibleValuesParser::new(sensible.map(Status::as_str))
}

/// How to wait.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For what.
    pub wanted: Status,
    /// How long at most.
    pub limit: Duration,
    /// The time between the first two reads.
    pub interval: Duration,
}

/// Waits and shows the entitlement.
///
/// # Errors
///
/// If the status is not reached, or whatever the API earns.
pub fn run(cx: &Context, args: &Args) -> anyhow::Result<()> {
    let patience = Patience {
        wanted: Status::parse(&args.status.to_ascii_uppercase()).unwrap_or(Status::Active),
        limit: args.timeout,
        interval: args.interval,
    };
    let ended = until(cx, &args.id, patience);
    show(cx, ended)
}

/// Shows how a wait ended; in JSON a failure's only document is the failure's.
pub fn show(cx: &Context, ended: anyhow::Result<Answer>) -> anyhow::Result<()> {
    let print = |answer: &Answer| {
        cx.terminal.show(&Entitlement {
            answer,
            registration_url: None,
        })
    };
    match ended {
        Ok(answer) => Ok(print(&answer)?),
        Err(error) => {
            if let Some(Failure::NotReached { answer, .. }) = error.downcast_ref()
                && !cx.terminal.is_json()
            {
                print(answer)?;
            }
            Err(error)
        }
    }
}

/// Reads the entitlement until it is in the wanted status.
///
/// # Errors
///
/// [`Failure::NotReached`] if it cannot be, or not in time; the API's error if it is refused; an interruption.
pub fn until(cx: &Context, id: &str, patience: Patience) -> anyhow::Result<Answer> {
    let client = cx.client()?;
    let spinner = Spinner::start(
        &cx.terminal,
        &format!("waiting for {}", patience.wanted.as_str()),
    );
    let deadline = Instant::now() + patience.limit;
    let mut interval = patience.interval;
    let mut last = None;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let limit = left.clamp(Duration::from_secs(1), LONGEST_READ);
        match client.send(client.get(id).within(limit)) {
            Ok(answer) if answer.status() == Some(patience.wanted) => return Ok(answer),
            Ok(answer) if is_dead_end(&answer) => return Err(not_reached(answer, patience, true)),
            Ok(answer) => {
                spinner.says(answer.text(field::STATUS).unwrap_or("no status"));
                last = Some(answer);
            }
            Err(error) if error.is_passing() => spinner.says(&error.to_string()),
            Err(error) => return Err(interrupted(error, last)),
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() || client.sleep(interval.min(left)) {
            return Err(match last {
                Some(answer) if client.is_stopped() => {
                    Failure::WaitInterrupted(answer.into()).into()
                }
                Some(answer) => not_reached(answer, patience, false),
                None => Failure::NeverRead.into(),
            });
        }
        interval = interval
            .mul_f64(1.3)
            .min(LONGEST_INTERVAL.max(patience.interval));
    }
}

fn not_reached(answer: Answer, patience: Patience, is_final: bool) -> anyhow::Error {
    Failure::NotReached {
        answer: answer.into(),
        wanted: patience.wanted.as_str(),
        is_final,
    }
    .into()
}

/// Nothing leads on from these, or nothing may be concluded from them.
fn is_dead_end(answer: &Answer) -> bool {
    matches!(
        answer.status(),
        Some(Status::Cancelled | Status::Revoked | Status::Failed)
    )
}

fn interrupted(error: api::Error, last: Option<Answer>) -> anyhow::Error {
    match (&*error.kind, last) {
        (ErrorKind::Interrupted { .. }, Some(answer)) => {
            Failure::WaitInterrupted(answer.into()).into()
        }
        _ => error.into(),
    }
}
