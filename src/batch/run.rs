//! A run: one feeder, one scribe and many senders, and what they share. Ends when every row had its turn, or earlier for a reason.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use uuid::Uuid;

use super::answered::{Answered, Outcome};
use super::error::{Ending, Error, Incomplete};
use super::journal::Journal;
use super::ledger::Ledger;
use super::pace::{Gauge, Pace};
use super::plan::{MaxFailures, Plan};
use super::queue::Queue;
use super::replay::Replay;
use super::row::Row;
use super::summary::Summary;
use super::{feeder, scribe, sender};
use crate::api::Client;

/// How often progress is told and a stop is looked for.
const TICK: Duration = Duration::from_millis(100);
/// A sender needs little: its buffers are on the heap.
const STACK: usize = 512 * 1024;

/// Watches a run. Its methods are called from several threads.
pub trait Observer: Sync {
    /// A row was answered, and that is durable.
    ///
    /// # Errors
    ///
    /// If the result could not be passed on; that ends the run.
    fn answered(&self, row: &Row, identifier: &str, answered: &Answered) -> io::Result<()>;
    /// How far the run is.
    fn progress(&self, progress: &Progress);
}

/// How far a run is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// The rows of the shard.
    pub rows: u64,
    /// Rows that were finished before this run, and stay so.
    pub before: u64,
    /// Rows done in this run.
    pub done: u64,
    /// Rows that failed in this run.
    pub failed: u64,
    /// The time since the first could be sent.
    pub elapsed: Duration,
    /// The pace.
    pub gauge: Gauge,
    /// Whether the run only finishes what is under way.
    pub is_stopping: bool,
}

/// Asks a run to stop, from any thread.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Lets what is under way finish, and begins nothing more.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What the threads of a run share.
pub struct Run<'a> {
    pub(super) plan: &'a Plan,
    pub(super) client: Client,
    pub(super) id: Uuid,
    pub(super) journal_path: PathBuf,
    pub(super) queue: Queue,
    pub(super) pace: Pace,
    ledger: Mutex<Ledger>,
    observer: &'a dyn Observer,
    ending: Mutex<Option<Ending>>,
    is_stopped: AtomicBool,
    done: AtomicU64,
    failed: AtomicU64,
    /// Answers that came, durable or not, and the failures among them.
    known: AtomicU64,
    known_failed: AtomicU64,
    before: u64,
    is_over: Mutex<bool>,
    over: Condvar,
}

impl Run<'_> {
    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the run early. The first reason stays the reason.
    pub(super) fn end(&self, ending: Ending) {
        self.ending
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(ending);
        self.is_stopped.store(true, Ordering::Release);
        self.queue.stop();
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Acquire)
    }

    /// When the row that is about to be sent was intended first.
    pub(super) fn intended_at(&self, row: u32) -> Timestamp {
        self.ledger().since(row).unwrap_or_else(Timestamp::now)
    }

    /// Reports a durable answer.
    pub(super) fn report(&self, row: &Row, identifier: &str, answered: &Answered) {
        let is_done = answered.outcome == Outcome::Done;
        let counter = if is_done { &self.done } else { &self.failed };
        counter.fetch_add(1, Ordering::Relaxed);
        self.report_old(row, identifier, answered);
    }

    /// Counts an answer as soon as it is known: a run that goes wrong is not kept going by a slow disk.
    pub(super) fn judge(&self, answered: &Answered) {
        let is_done = answered.outcome == Outcome::Done;
        let failed = self
            .known_failed
            .fetch_add((!is_done).into(), Ordering::Relaxed);
        let known = self.known.fetch_add(1, Ordering::Relaxed) + 1;
        let most = self.plan.max_failures.filter(|_| !is_done);
        if most.is_some_and(|most: MaxFailures| most.is_exceeded(failed + 1, known)) {
            self.end(Ending::TooManyFailures);
        }
    }

    /// Reports an answer of an earlier run again.
    pub(super) fn report_old(&self, row: &Row, identifier: &str, answered: &Answered) {
        if let Err(e) = self.observer.answered(row, identifier, answered) {
            self.end(Ending::Results(e));
        }
    }

    fn progress(&self, start: Instant) -> Progress {
        Progress {
            rows: self.plan.checked.in_shard.into(),
            before: self.before,
            done: self.done.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
            elapsed: start.elapsed(),
            gauge: self.pace.gauge(),
            is_stopping: self.is_stopped(),
        }
    }

    /// Tells progress and looks for a stop until the scribe has ended.
    fn watch(&self, stop: &Stop, start: Instant) {
        let mut is_over = self.is_over.lock().unwrap_or_else(PoisonError::into_inner);
        while !*is_over {
            drop(is_over);
            if stop.0.load(Ordering::Relaxed) && !self.is_stopped() {
                self.end(Ending::Interrupted);
            }
            self.observer.progress(&self.progress(start));
            let again = self.is_over.lock().unwrap_or_else(PoisonError::into_inner);
            let waited = self
                .over
                .wait_timeout_while(again, TICK, |is_over| !*is_over);
            is_over = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn is_over(&self) {
        *self.is_over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.over.notify_all();
    }
}

/// Sends every row of the plan that is not finished.
///
/// # Errors
///
/// An [`Incomplete`] if a row was left behind, for whichever reason; an [`Error`] of the journal if nothing was begun.
pub fn run(
    plan: &Plan,
    client: Client,
    journal: Journal,
    replay: Replay,
    observer: &dyn Observer,
    stop: &Stop,
) -> Result<Summary, Error> {
    let summary = Summary::of(&replay.ledger, plan.checked.in_shard);
    let finished = if plan.retry_failed {
        summary.done
    } else {
        summary.done + summary.refused + summary.unclear
    };
    let run = Run {
        plan,
        client,
        id: replay.header.run,
        journal_path: journal.path.clone(),
        queue: Queue::new(plan.window()),
        pace: Pace::new(plan.concurrency, plan.rate),
        ledger: Mutex::new(replay.ledger),
        observer,
        ending: Mutex::default(),
        is_stopped: AtomicBool::new(false),
        done: AtomicU64::new(0),
        failed: AtomicU64::new(0),
        known: AtomicU64::new(0),
        known_failed: AtomicU64::new(0),
        before: finished,
        is_over: Mutex::default(),
        over: Condvar::new(),
    };
    let start = Instant::now();
    let spawned = thread::scope(|scope| threads(scope, &run, journal, stop, start));
    spawned.map_err(|e| Error::Journal(format!("no thread can be started: {e}")))?;
    observer.progress(&run.progress(start));
    let summary = Summary::of(&run.ledger(), plan.checked.in_shard);
    let ending = run
        .ending
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    match ending {
        None if summary.is_complete() => Ok(summary),
        ending => Err(Error::Incomplete(Box::new(Incomplete {
            ending: ending.unwrap_or(Ending::Complete),
            summary,
        }))),
    }
}

/// Starts the threads of a run and watches them to their end.
fn threads<'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    run: &'scope Run<'_>,
    journal: Journal,
    stop: &Stop,
    start: Instant,
) -> io::Result<()> {
    let (notes, written) = mpsc::channel();
    thread::Builder::new().spawn_scoped(scope, move || {
        scribe::write(run, journal, &written);
        run.is_over();
    })?;
    let mut senders = Vec::new();
    for _ in 0..plan_senders(run.plan) {
        let notes = notes.clone();
        let builder = thread::Builder::new().stack_size(STACK);
        match builder.spawn_scoped(scope, move || sender::send(run, &notes)) {
            Ok(sender) => senders.push(sender),
            // Fewer threads do the same work more slowly.
            Err(_) if !senders.is_empty() => break,
            Err(e) => {
                run.queue.end();
                return Err(e);
            }
        }
    }
    let feeder = thread::Builder::new();
    let fed = feeder.spawn_scoped(scope, move || feeder::feed(run, &notes));
    if let Err(e) = fed {
        run.queue.end();
        return Err(e);
    }
    run.watch(stop, start);
    Ok(())
}

fn plan_senders(plan: &Plan) -> u32 {
    plan.concurrency.min(plan.checked.in_shard).max(1)
}
