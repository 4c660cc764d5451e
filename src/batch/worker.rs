//! The threads that work for the coordinator: many that send, and one that waits for the disk. They decide nothing.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::thread::{self, Scope};
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender};
use serde_json::Value;

use super::lookup::{self, LookedUp};
use super::outcome::{Retry, RowResult, is_another, is_mixed_up, mixed_up};
use super::row::{InputRow, RowAction};
use super::states::Since;
use crate::api::types::field;
use crate::api::{self, Answer, Client};
use crate::files::log::Log;

/// A worker needs little: its buffers are on the heap.
const STACK: usize = 512 * 1024;

/// A row between its intent and its answer.
#[derive(Debug)]
pub struct RowJob {
    pub row: InputRow,
    /// Its `X-RequestIdentifier`.
    pub identifier: String,
    /// How often it was asked afresh.
    pub round: u32,
    /// What its next request is.
    pub step: JobStep,
    /// Attempts at this step that went wrong by themselves.
    pub attempts: u32,
    /// Attempts to send it that went wrong, while it is looked up.
    pub sends: u32,
    /// Whether it was looked up, not found, and not sent with an unknown outcome since.
    pub is_missing: bool,
    /// How often the platform took no more when it was sent.
    pub throttled: u32,
    /// How many requests had been accepted when that happened last.
    pub accepted_before: u64,
    /// Whether an attempt, of this run or an earlier one, may have been acted on.
    pub doubt: bool,
    /// Whether the row still is what it was before its intent: it was not unanswered, and no attempt of this run is in doubt.
    pub is_as_before: bool,
    /// The refusal that came after such an attempt.
    pub refusal: Option<RowResult>,
    /// When it was intended first.
    pub since: Since,
    /// When its last request left, and came back.
    pub departed: Instant,
    pub returned: Instant,
}

/// A request of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobStep {
    /// What the row asks for; of a row that reads it is a look-up too.
    Send,
    /// A look-up of what became of it.
    LookUp,
}

/// What a request brought back.
#[derive(Debug)]
pub enum Reply {
    Sent(Result<Answer, api::Error>),
    LookedUp(Result<LookedUp, api::Error>),
}

/// What the coordinator is told.
#[derive(Debug)]
pub enum RunEvent {
    /// A request of this job came to an end.
    Replied(Box<RowJob>, Reply),
    /// These jobs were not begun, because the platform may take no more.
    Returned(VecDeque<Box<RowJob>>),
    /// The lines are durable, or could not be written.
    Written(io::Result<()>),
}

/// How the threads report. The coordinator is woken if it must decide, or if the workers may soon have nothing to do.
#[derive(Debug, Clone)]
pub struct Reports {
    pub events: Sender<RunEvent>,
    pub wake: Sender<()>,
    pub jobs: Receiver<Box<RowJob>>,
    /// Requests in a row that failed.
    pub failures: Arc<AtomicUsize>,
    /// With so many of them the workers take nothing more by themselves.
    pub most_failures: usize,
    /// With fewer jobs than this.
    pub low_water: usize,
}

impl Reports {
    fn send(&self, event: RunEvent, is_urgent: bool) {
        // The coordinator outlives what its threads have to say.
        let _ = self.events.send(event);
        if is_urgent || self.jobs.len() < self.low_water {
            // It is enough to be woken once.
            let _ = self.wake.try_send(());
        }
    }
}

/// The threads that send.
pub struct Workers<'scope, 'env> {
    pub scope: &'scope Scope<'scope, 'env>,
    pub client: &'env Client,
    pub has_duplicates: bool,
    pub reports: Reports,
    /// How many there are to be; the others end once they have nothing in hand.
    pub wanted: Arc<AtomicU32>,
}

impl Workers<'_, '_> {
    pub fn count(&self) -> u32 {
        self.wanted.load(Ordering::Relaxed)
    }

    /// Has so many threads send: starts more, or lets some end. It may stay with fewer, which do the same work more slowly.
    pub fn set(&self, wanted: u32) -> io::Result<()> {
        let first = self.wanted.swap(wanted, Ordering::Relaxed);
        for number in first..wanted {
            let (client, reports) = (self.client.clone(), self.reports.clone());
            let (wanted, has_duplicates) = (Arc::clone(&self.wanted), self.has_duplicates);
            let work = move || {
                let is_wanted = || number < wanted.load(Ordering::Relaxed);
                send_all(&client, has_duplicates, &reports, is_wanted);
            };
            let thread = thread::Builder::new().stack_size(STACK);
            if let Err(e) = thread.spawn_scoped(self.scope, work) {
                self.wanted.store(number, Ordering::Relaxed);
                return Err(e);
            }
        }
        Ok(())
    }
}

/// Sends one request for each job, until there are no more or this thread is not wanted.
fn send_all(
    reader: &Client,
    has_duplicates: bool,
    reports: &Reports,
    is_wanted: impl Fn() -> bool,
) {
    let client = reader.brief();
    while is_wanted()
        && let Ok(mut job) = reports.jobs.recv()
    {
        job.departed = Instant::now();
        let reply = match job.step {
            JobStep::Send if job.row.action.is_read() => {
                Reply::LookedUp(lookup::state(reader, &job.row))
            }
            JobStep::Send => Reply::Sent(send(&client, &job.row, &job.identifier)),
            JobStep::LookUp => {
                let found = lookup::find(reader, &job.row, job.since, has_duplicates);
                Reply::LookedUp(found)
            }
        };
        job.returned = Instant::now();
        let error = match &reply {
            Reply::Sent(sent) => sent.as_ref().err(),
            Reply::LookedUp(found) => found.as_ref().err(),
        };
        let retry = error.map(Retry::after);
        if error.is_some_and(is_mixed_up) {
            client.discard_connections();
        }
        let is_failure = retry.is_some_and(|retry| retry != Retry::Final);
        let failures = if is_failure {
            reports.failures.fetch_add(1, Ordering::Relaxed) + 1
        } else {
            reports.failures.store(0, Ordering::Relaxed);
            0
        };
        reports.send(RunEvent::Replied(job, reply), retry.is_some());
        let stops = matches!(retry, Some(Retry::Throttled | Retry::Fatal));
        if stops || failures >= reports.most_failures {
            let rest = reports.jobs.try_iter().collect();
            reports.send(RunEvent::Returned(rest), true);
        }
    }
}

/// Makes lines durable, until there are no more: answers do not wait for the disk meanwhile.
pub fn write_all(mut log: Log, lines: &Receiver<Vec<u8>>, reports: &Reports) {
    for lines in lines {
        let written = log.append(&lines);
        let is_urgent = written.is_err();
        reports.send(RunEvent::Written(written), is_urgent);
    }
}

/// Sends the row, and takes no answer that is about another user or entitlement.
fn send(client: &Client, row: &InputRow, identifier: &str) -> Result<Answer, api::Error> {
    let (id, body) = (row.entitlement_id.as_str(), row.body.clone());
    let request = match row.action {
        RowAction::Get => client.get(id),
        RowAction::Create => client.create(body),
        RowAction::Update | RowAction::Suspend | RowAction::Resume => client.update(id, body),
        RowAction::Cancel => client.cancel(id, body),
        RowAction::Revoke => client.revoke(id, body),
    };
    let answer = client.send(request.under(identifier))?;
    let asked = |name: &str| match row.action {
        RowAction::Create => row.body.get(name).and_then(Value::as_str),
        _ => (name == field::ENTITLEMENT_ID).then_some(id),
    };
    let named = [field::CUSTOMER_IDENTIFIER, field::ENTITLEMENT_ID];
    if named
        .iter()
        .any(|name| is_another(answer.text(name), asked(name)))
    {
        return Err(mixed_up(&answer));
    }
    Ok(answer)
}
