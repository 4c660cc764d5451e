//! A run. The coordinator, one thread, owns reader, journal, row states and limiter, and makes every decision; workers only send.
//! An intent is durable before its request leaves, and a result before it is told: both wait for the same fdatasync.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::check::mark;
use super::input::Pass;
use super::journal::{Journal, Line, OldResults, Replay};
use super::limiter::Limiter;
use super::lookup::{CLOCK_DIFFERENCE, Found};
use super::outcome::{Outcome, Retry, RowResult};
use super::plan::Plan;
use super::row::{Action, Row, Source, request_identifier};
use super::states::{RowState, RowStates, Summary};
use super::worker::{self, Event, Job, Reply, Reports, Step};
use crate::api::{self, Client};
use crate::ending::Ending;
use crate::http::retry;

/// How often progress is told and a stop is looked for.
const TICK: Duration = Duration::from_millis(100);
/// How long the coordinator lets events gather, for one look at them and one fdatasync, while the workers have enough to do.
const LINGER: Duration = Duration::from_millis(5);
/// Rows that are read before the coordinator looks at the rest of its work.
const STRIDE: usize = 64;
/// A single row does not wait longer for another attempt, whatever the platform asks.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// A worker needs little: its buffers are on the heap.
const STACK: usize = 512 * 1024;

/// Watches a run, on the coordinator's thread.
pub trait Observer {
    /// A row has a result, and that is durable. An error ends the run.
    fn result(&mut self, row: &Row, identifier: &str, result: &RowResult) -> io::Result<()>;
    /// How far the run is.
    fn progress(&mut self, progress: &Progress);
    /// There are no more results.
    fn finish(&mut self) -> io::Result<()>;
}

/// How far a run is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    pub rows: u64,
    /// Rows that were finished before this run, and stay so.
    pub before: u64,
    pub done: u64,
    pub failed: u64,
    /// The time since the first could be sent.
    pub elapsed: Duration,
    pub in_flight: u32,
    pub limit: u32,
    /// How long nothing will be sent.
    pub pause: Option<Duration>,
    /// Whether the run only finishes what is under way.
    pub is_stopping: bool,
    /// Whether the user asked for that.
    pub is_interrupted: bool,
}

/// Why a run ended.
#[derive(Debug)]
pub enum End {
    /// Every row was tried.
    Finished,
    Interrupted,
    /// More rows failed than the user allows.
    TooManyFailures,
    /// No request can succeed: credentials, TLS, proxy.
    Hopeless(api::Error),
    /// The platform took no request for too long.
    GaveUp(api::Error),
    /// The input is not what was checked.
    InputChanged(String),
    ResultsFailed(io::Error),
    JournalFailed(io::Error),
}

impl End {
    /// What failed on this machine is never hidden by another reason.
    const fn gravity(&self) -> u8 {
        match self {
            Self::JournalFailed(_) => 2,
            Self::ResultsFailed(_) => 1,
            _ => 0,
        }
    }
}

/// How a run went.
#[derive(Debug)]
pub struct Ran {
    pub end: End,
    pub summary: Summary,
    /// Whether a request of this run may have reached the platform.
    pub sent: bool,
}

/// A line that is not durable yet, and what waits for it.
enum Entry {
    Intent(Box<Job>),
    Result(Box<Job>, RowResult),
    Withdrawn(u32),
}

impl Entry {
    fn line(&self, at: Timestamp) -> Line<&RowResult> {
        match self {
            Self::Intent(job) => Line::Intent {
                row: job.row.number,
                round: job.round,
                at,
            },
            Self::Result(job, what) => Line::Answer {
                row: job.row.number,
                at,
                what,
            },
            Self::Withdrawn(row) => Line::Withdrawn { row: *row },
        }
    }
}

/// Lines that become durable together.
#[derive(Default)]
struct Group {
    entries: Vec<Entry>,
    intents: usize,
}

impl Group {
    fn push(&mut self, entry: Entry) {
        self.intents += usize::from(matches!(entry, Entry::Intent(_)));
        self.entries.push(entry);
    }
}

/// Sends every row of the plan that is not finished. Fails only if nothing could be begun.
pub fn run(
    plan: &Plan,
    client: &Client,
    (journal, replay): (Journal, Replay),
    observer: &mut dyn Observer,
    stop: &AtomicBool,
) -> Result<Ran, Ending> {
    let old_results = plan.wants_rows.then(|| OldResults::open(&journal.path));
    let old_results = old_results.transpose().map_err(Ending::machine)?;
    let pass = plan.input.pass(&plan.parser)?;
    let (jobs, queued) = unbounded();
    let (lines, to_write) = unbounded();
    let (to_events, events) = unbounded();
    let (to_wake, wake) = bounded(1);
    let reports = Reports {
        events: to_events,
        wake: to_wake,
        jobs: queued.clone(),
        few: plan.few(),
    };
    thread::scope(|scope| {
        let workers = spawn(scope, plan, client, &reports)?;
        let log = journal.log;
        thread::Builder::new()
            .spawn_scoped(scope, move || worker::write_all(log, &to_write, &reports))
            .map_err(no_thread)?;
        let coordinator = Coordinator {
            plan,
            run: replay.header.run,
            pass: Some(pass),
            rows_read: 0,
            old_results,
            before: Summary::of(&replay.states, plan.checked.in_shard).finished(plan.retry_failed),
            states: replay.states,
            limiter: Limiter::new(workers, plan.rate),
            ready: VecDeque::new(),
            later: BTreeMap::new(),
            group: Group::default(),
            last_write: Instant::now(),
            writing: None,
            jobs,
            queued,
            lines,
            events,
            wake,
            observer,
            stop,
            end: None,
            done: 0,
            failed: 0,
            sent: false,
            start: Instant::now(),
            next_tick: Instant::now(),
        };
        Ok(coordinator.run())
    })
}

/// Starts the workers, and returns how many there are: fewer do the same work more slowly.
fn spawn<'scope>(
    scope: &'scope Scope<'scope, '_>,
    plan: &Plan,
    client: &Client,
    reports: &Reports,
) -> Result<u32, Ending> {
    let wanted = plan.concurrency.min(plan.checked.in_shard).max(1);
    let has_duplicates = plan.allow_duplicates;
    for count in 0..wanted {
        let (client, reports) = (client.clone(), reports.clone());
        let work = move || worker::send_all(client, has_duplicates, &reports);
        let thread = thread::Builder::new().stack_size(STACK);
        match thread.spawn_scoped(scope, work) {
            Ok(_) => {}
            Err(e) if count == 0 => return Err(no_thread(e)),
            Err(_) => return Ok(count),
        }
    }
    Ok(wanted)
}

fn no_thread(e: io::Error) -> Ending {
    Ending::machine(anyhow::Error::from(e).context("no thread can be started"))
}

struct Coordinator<'a> {
    plan: &'a Plan,
    run: Uuid,
    /// The reader, until all rows are read.
    pass: Option<Pass<'a>>,
    rows_read: usize,
    old_results: Option<OldResults>,
    states: RowStates,
    limiter: Limiter,
    /// Durable and not yet tried.
    ready: VecDeque<Box<Job>>,
    /// Tried, or looked up, and to be tried again, with the time for it.
    later: BTreeMap<(Instant, u32), Box<Job>>,
    /// Not durable yet: what is gathered, and what is being written with its time.
    group: Group,
    writing: Option<(Group, Timestamp)>,
    last_write: Instant,
    /// To the workers, and what none of them has taken yet.
    jobs: Sender<Box<Job>>,
    queued: Receiver<Box<Job>>,
    lines: Sender<Vec<u8>>,
    events: Receiver<Event>,
    wake: Receiver<()>,
    observer: &'a mut dyn Observer,
    /// Set from any thread: what is under way is finished, and nothing more is begun.
    stop: &'a AtomicBool,
    /// Set once the run is to begin nothing more.
    end: Option<End>,
    before: u64,
    done: u64,
    failed: u64,
    sent: bool,
    start: Instant,
    next_tick: Instant,
}

impl Coordinator<'_> {
    fn run(mut self) -> Ran {
        while !self.is_over() {
            let now = Instant::now();
            self.tick(now);
            let next_job = self.hand_out(now);
            self.read_ahead();
            self.write(now);
            self.wait(next_job);
        }
        if !self.is_broken() {
            let mut line = Vec::new();
            let at = Timestamp::now();
            Line::<RowResult>::Ended { at }.write(&mut line);
            let _ = self.lines.send(line);
            if let Ok(Event::Written(Err(e))) = self.events.recv() {
                self.end(End::JournalFailed(e));
            }
        }
        self.observer.progress(&self.progress(Instant::now()));
        if let Err(e) = self.observer.finish() {
            self.end(End::ResultsFailed(e));
        }
        Ran {
            summary: Summary::of(&self.states, self.plan.checked.in_shard),
            end: self.end.unwrap_or(End::Finished),
            sent: self.sent,
        }
    }

    fn is_over(&self) -> bool {
        self.pass.is_none()
            && self.ready.is_empty()
            && self.later.is_empty()
            && self.limiter.in_flight() == 0
            && self.group.entries.is_empty()
            && self.writing.is_none()
    }

    fn is_broken(&self) -> bool {
        matches!(self.end, Some(End::JournalFailed(_)))
    }

    /// Begins nothing more. The first reason stays, unless a graver one comes.
    fn end(&mut self, end: End) {
        self.pass = None;
        let old = self.end.as_ref().map(End::gravity);
        if old.is_none_or(|old| old < end.gravity()) {
            self.end = Some(end);
        }
    }

    fn tick(&mut self, now: Instant) {
        if now < self.next_tick {
            return;
        }
        self.next_tick = now + TICK;
        if self.stop.load(Ordering::Relaxed) {
            self.end(End::Interrupted);
        }
        self.observer.progress(&self.progress(now));
    }

    fn progress(&self, now: Instant) -> Progress {
        Progress {
            rows: self.plan.checked.in_shard.into(),
            before: self.before,
            done: self.done,
            failed: self.failed,
            elapsed: now - self.start,
            in_flight: self.under_way(),
            limit: self.limiter.limit(),
            pause: self.limiter.pause(now),
            is_stopping: self.end.is_some(),
            is_interrupted: self.stop.load(Ordering::Relaxed),
        }
    }

    /// Requests that workers have in hand.
    fn under_way(&self) -> u32 {
        let queued = u32::try_from(self.queued.len()).unwrap_or(u32::MAX);
        self.limiter.in_flight().saturating_sub(queued)
    }

    /// Rows that are durable and that no worker has taken.
    fn waiting(&self) -> usize {
        self.ready.len() + self.queued.len()
    }

    /// Whether the workers may soon have nothing to do.
    fn is_low(&self) -> bool {
        self.waiting() < self.plan.few()
    }

    /// Whether another row may be read: not too many may be durable and not sent.
    fn has_room(&self) -> bool {
        let writing = self.writing.as_ref().map_or(0, |(group, _)| group.intents);
        self.pass.is_some() && self.group.intents + writing + self.waiting() < self.plan.window()
    }

    fn read_ahead(&mut self) {
        for _ in 0..STRIDE {
            if !self.has_room() {
                return;
            }
            if let Err(end) = self.read_row() {
                self.end(end);
            }
        }
    }

    /// Reads a row again, which must be the one that was checked, and intends to send it if that is to be done.
    fn read_row(&mut self) -> Result<(), End> {
        let changed = || End::InputChanged("the input was changed while it was read".to_owned());
        let marks = &self.plan.checked.marks;
        let Some(pass) = &mut self.pass else {
            return Ok(());
        };
        let read = pass.next_row();
        let Some(read) = read.map_err(|e| End::InputChanged(e.message))? else {
            self.pass = None;
            return if self.rows_read == marks.len() {
                Ok(())
            } else {
                Err(changed())
            };
        };
        let mut row = read.map_err(|_| changed())?;
        if marks.get(self.rows_read) != Some(&mark(&row.source)) {
            return Err(changed());
        }
        self.rows_read += 1;
        if !self.plan.shard.holds(row.identity()) {
            return Ok(());
        }
        if !self.plan.wants_rows {
            // The row is not shown again.
            row.source = Source::Line(String::new());
        }
        self.intend(row)
    }

    /// Intends to send a row, or reports again what became of it in an earlier run.
    fn intend(&mut self, row: Row) -> Result<(), End> {
        let (plan, number) = (self.plan, row.number);
        let (state, round) = (self.states.state(number), self.states.round(number));
        if let RowState::Answered(outcome) = state
            && (outcome == Outcome::Done || !plan.retry_failed)
        {
            if let (Some(old), Some(offset)) = (&mut self.old_results, self.states.offset(number)) {
                let result = old.at(offset).map_err(End::JournalFailed)?;
                let identifier = request_identifier(self.run, number, round);
                let told = self.observer.result(&row, &identifier, &result);
                told.map_err(End::ResultsFailed)?;
            }
            return Ok(());
        }
        // What Bango refused is asked afresh; what may have been done keeps its identifier.
        let round = round + u32::from(state == RowState::Answered(Outcome::Refused));
        let doubt = matches!(
            state,
            RowState::Unanswered | RowState::Answered(Outcome::Unclear)
        );
        let now = Timestamp::now();
        let since = self.states.since(number).unwrap_or(now);
        let step = if doubt && self.is_old(now.duration_since(since)) {
            Step::LookUp
        } else {
            Step::Send
        };
        self.group.push(Entry::Intent(Box::new(Job {
            identifier: request_identifier(self.run, number, round),
            row,
            round,
            step,
            attempts: 0,
            doubt,
            refusal: None,
            since,
            departed: self.start,
        })));
        Ok(())
    }

    /// Whether an intent is too old to lean on its identifier, or from a clock that was wrong.
    fn is_old(&self, age: SignedDuration) -> bool {
        let most = SignedDuration::try_from(self.plan.reconcile_after);
        age >= most.unwrap_or(SignedDuration::MAX) || age < -CLOCK_DIFFERENCE
    }

    /// Has the gathered lines written, unless others are, or more may be gathered.
    fn write(&mut self, now: Instant) {
        if self.is_broken() {
            // Nothing of it is sent, and nothing of it is told.
            self.group = Group::default();
        }
        let is_due = self.is_low() || self.end.is_some() || now >= self.last_write + LINGER;
        if self.group.entries.is_empty() || self.writing.is_some() || !is_due {
            return;
        }
        self.last_write = now;
        let (at, mut lines) = (Timestamp::now(), Vec::new());
        let group = mem::take(&mut self.group);
        for entry in &group.entries {
            entry.line(at).write(&mut lines);
        }
        self.writing = Some((group, at));
        // The thread that writes outlives the coordinator.
        let _ = self.lines.send(lines);
    }

    /// Acts on lines that are durable.
    fn written(&mut self, written: io::Result<()>) {
        let Some((group, at)) = self.writing.take() else {
            return;
        };
        if let Err(e) = written {
            return self.end(End::JournalFailed(e));
        }
        for entry in group.entries {
            match entry {
                Entry::Intent(mut job) => {
                    let row = job.row.number;
                    self.states.intend(row, job.round, at);
                    job.since = self.states.since(row).unwrap_or(at);
                    self.ready.push_back(job);
                }
                Entry::Result(job, result) => {
                    self.states.answer(job.row.number, &result);
                    let told = self.observer.result(&job.row, &job.identifier, &result);
                    if let Err(e) = told {
                        self.end(End::ResultsFailed(e));
                    }
                }
                Entry::Withdrawn(row) => self.states.withdraw(row),
            }
        }
    }

    /// Gives the workers what may leave; all there is while nothing holds it back, so that they never wait for the coordinator.
    /// Returns when there may be more to give, if that is a matter of time.
    fn hand_out(&mut self, now: Instant) -> Option<Instant> {
        if self.end.is_some() || !self.limiter.is_open(now) {
            let queued = self.queued.try_iter().collect();
            self.take_back(queued);
        }
        if self.end.is_some() {
            self.let_go();
            return None;
        }
        loop {
            let due = self.later.keys().next().map(|(at, _)| *at);
            let is_due = due.is_some_and(|at| at <= now);
            if !is_due && self.ready.is_empty() {
                return due;
            }
            let opens_at = self.limiter.opens_at(now)?;
            if opens_at > now {
                return Some(opens_at);
            }
            let job = if is_due {
                self.later.pop_first().map(|(_, job)| job)
            } else {
                self.ready.pop_front()
            };
            let job = job?;
            self.limiter.depart(now);
            // The workers outlive the coordinator.
            let _ = self.jobs.send(job);
        }
    }

    /// Takes back what no worker has begun.
    fn take_back(&mut self, jobs: VecDeque<Box<Job>>) {
        for job in jobs.into_iter().rev() {
            self.limiter.taken_back();
            self.ready.push_front(job);
        }
    }

    /// Lets go of all rows at the end of a run: what may have been acted on stays unanswered.
    fn let_go(&mut self) {
        let later = mem::take(&mut self.later).into_values();
        for job in later.chain(mem::take(&mut self.ready)) {
            if !job.doubt {
                self.group.push(Entry::Withdrawn(job.row.number));
            }
        }
    }

    /// Waits for something to do, and takes what has come.
    fn wait(&mut self, next_job: Option<Instant>) {
        if !self.has_room() {
            let mut until = next_job.map_or(self.next_tick, |at| at.min(self.next_tick));
            // Only then do the workers not wake it.
            let has_more = self.queued.len() >= self.plan.few();
            if has_more || !self.group.entries.is_empty() {
                until = until.min(Instant::now() + LINGER);
            }
            let _ = self.wake.recv_deadline(until);
        }
        let now = Instant::now();
        while let Ok(event) = self.events.try_recv() {
            match event {
                Event::Replied(job, reply) => self.replied(job, reply, now),
                Event::Written(written) => self.written(written),
                Event::Returned(jobs) => self.take_back(jobs),
            }
        }
    }

    /// Decides what becomes of a job after a request.
    fn replied(&mut self, mut job: Box<Job>, reply: Reply, now: Instant) {
        match reply {
            Reply::Sent(Ok(answer)) => {
                self.sent = true;
                self.limiter.taken(job.departed);
                let is_create = job.row.action == Action::Create;
                self.finish(job, RowResult::success(&answer, is_create));
            }
            Reply::Sent(Err(error)) => {
                self.sent |= error.outcome() != api::Outcome::NotSent;
                job.doubt |= error.outcome() == api::Outcome::Unknown;
                self.failed(job, error, now);
            }
            Reply::LookedUp(Ok(found)) => {
                self.limiter.taken(job.departed);
                match (found, job.refusal.take()) {
                    (Found::Result(result), _) => self.finish(job, *result),
                    (Found::Nothing, Some(refusal)) => self.finish(job, refusal),
                    (Found::Nothing, None) => self.go_on_with(Step::Send, job, now),
                }
            }
            Reply::LookedUp(Err(error)) => self.failed(job, error, now),
        }
    }

    /// Decides what an error means: for the limiter, for the run, and for the row.
    fn failed(&mut self, mut job: Box<Job>, error: api::Error, now: Instant) {
        let (random, asked) = (fastrand::f64(), error.retry_after);
        let verdict = Retry::after(&error);
        match verdict {
            Retry::AllSlower => self.limiter.throttled((job.departed, now), asked, random),
            Retry::No => self.limiter.taken(job.departed),
            Retry::ThisRow | Retry::Hopeless => self.limiter.lost(job.departed),
        }
        let failing = self.limiter.failing(now);
        let (at, end) = match verdict {
            Retry::No => return self.refused(job, &error, now),
            Retry::Hopeless => (now, Some(End::Hopeless(error))),
            Retry::AllSlower => {
                let failing = failing.saturating_add(asked.unwrap_or_default());
                let is_over = failing >= self.plan.give_up_after;
                (now, is_over.then_some(End::GaveUp(error)))
            }
            Retry::ThisRow if failing >= self.plan.give_up_after => (now, Some(End::GaveUp(error))),
            Retry::ThisRow => {
                job.attempts += 1;
                let retries = self.plan.retries;
                let wait = retry::Policy { retries }.wait(job.attempts, asked, random);
                let Some(wait) = wait else {
                    return self.give_up_row(job, &error);
                };
                (now + wait.min(LONGEST_WAIT), None)
            }
        };
        self.put_off(job, at);
        if let Some(end) = end {
            self.end(end);
        }
    }

    /// A final answer. A refusal after an unanswered attempt may only mean that the attempt was carried out: that is looked up.
    fn refused(&mut self, mut job: Box<Job>, error: &api::Error, now: Instant) {
        if job.step == Step::LookUp || error.outcome() == api::Outcome::Unknown {
            return self.give_up_row(job, error);
        }
        let refusal = RowResult::failure(error, Outcome::Refused);
        if !job.doubt {
            return self.finish(job, refusal);
        }
        job.refusal = Some(refusal);
        self.go_on_with(Step::LookUp, job, now);
    }

    fn put_off(&mut self, job: Box<Job>, at: Instant) {
        self.later.insert((at, job.row.number), job);
    }

    fn go_on_with(&mut self, step: Step, mut job: Box<Job>, at: Instant) {
        (job.step, job.attempts) = (step, 0);
        self.put_off(job, at);
    }

    /// Leaves a row that was tried often enough.
    fn give_up_row(&mut self, mut job: Box<Job>, error: &api::Error) {
        let refusal = job.refusal.take();
        let result = refusal.unwrap_or_else(|| RowResult::failure(error, Outcome::Refused));
        let is_unknown = job.doubt || error.outcome() == api::Outcome::Unknown;
        let outcome = if is_unknown {
            Outcome::Unanswered
        } else {
            Outcome::Refused
        };
        self.finish(job, RowResult { outcome, ..result });
    }

    fn finish(&mut self, job: Box<Job>, result: RowResult) {
        if result.outcome == Outcome::Done {
            self.done += 1;
        } else {
            self.failed += 1;
            let (failed, finished) = (self.failed, self.done + self.failed);
            let most = self.plan.max_failures;
            if most.is_some_and(|most| most.is_exceeded(failed, finished)) {
                self.end(End::TooManyFailures);
            }
        }
        self.group.push(Entry::Result(job, result));
    }
}
