//! A run. The coordinator, one thread, owns reader, journal, row states and limiter, and makes every decision; workers only send.
//! An intent is durable before its request leaves, and a result before it is told: both wait for the same fdatasync.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::io;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::chains::{ChainQueue, Turn};
use super::input::Pass;
use super::journal::{Journal, OldResults, Replay};
use super::journal_line::Line;
use super::limiter::Limiter;
use super::lookup::{CLOCK_DIFFERENCE, LookedUp};
use super::observer::{Ran, RunEnd, RunObserver, RunProgress};
use super::outcome::{Retry, RowOutcome, RowResult, is_mixed_up, waiting};
use super::plan::Plan;
use super::row::{InputRow, RowAction, request_identifier};
use super::states::{RowState, RowStates, Since, Summary};
use super::worker::{self, JobStep, Reply, Reports, RowJob, RunEvent, Workers};
use crate::api::types::ResponseCode;
use crate::api::{self, Client, ErrorKind};
use crate::ending::Ending;
use crate::http::retry;

/// How often progress is told and a stop is looked for.
const TICK: Duration = Duration::from_millis(100);
/// Who looks so much later was suspended.
const SUSPENDED: Duration = Duration::from_secs(1);
/// How long the coordinator lets events gather, for one look at them and one fdatasync, while the workers have enough to do.
const LINGER: Duration = Duration::from_millis(5);
/// No more rows wait for rows before them; else no more are read.
const MOST_CHAINED: usize = 8192;
/// Rows that are read before the coordinator looks at the rest of its work.
const READ_BATCH: usize = 64;
/// A single row does not wait longer for another attempt, whatever the platform asks.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// The part of the patience after which rows that alone are left, and fail, are not taken for an outage.
const PATIENCE: u32 = 10;
/// At a learnt rate, the share of departures that are first for rows that were not refused before.
const READY_FIRST: f64 = 0.75;
/// How long after refused credentials they are asked about again.
const SECOND_CHANCE: Duration = Duration::from_secs(2);
/// A difference of the clocks that changes by so much is noted again; a slow answer changes it by less.
const CLOCK_CHANGE: SignedDuration = SignedDuration::from_mins(2);

/// A line that is not durable yet, and what waits for it.
enum JournalEntry {
    Intent(Box<RowJob>),
    Result(Box<RowJob>, RowResult),
    Withdrawn(u32),
    /// By how much the platform's clock is ahead of ours.
    Clock(SignedDuration),
    /// A row that is not begun, and the one for which it waits.
    Waits(Box<InputRow>, u32),
}

impl JournalEntry {
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
            Self::Clock(ahead) => Line::Clock {
                seconds: ahead.as_secs(),
            },
            Self::Waits(row, before) => Line::Waits {
                row: row.number,
                before: *before,
            },
        }
    }
}

/// Lines that become durable together.
#[derive(Default)]
struct CommitGroup {
    entries: Vec<JournalEntry>,
    intents: usize,
}

impl CommitGroup {
    fn push(&mut self, entry: JournalEntry) {
        self.intents += usize::from(matches!(entry, JournalEntry::Intent(_)));
        self.entries.push(entry);
    }
}

/// Sends every row of the plan that is not finished. Fails only if nothing could be begun.
pub fn run(
    plan: &Plan,
    client: &Client,
    (journal, replay): (Journal, Replay),
    observer: &mut dyn RunObserver,
    stop: &AtomicBool,
) -> Result<Ran, Ending> {
    let old_results = plan.wants_rows.then(|| OldResults::open(&journal.path));
    let old_results = old_results.transpose().map_err(Ending::machine)?;
    let pass = second_pass(plan)?;
    let (jobs, queued) = unbounded();
    let (lines, to_write) = unbounded();
    let (to_events, events) = unbounded();
    let (to_wake, wake) = bounded(1);
    let reports = Reports {
        events: to_events,
        wake: to_wake,
        jobs: queued.clone(),
        failures: Arc::default(),
        most_failures: plan.limits.connections().0 as usize,
        low_water: plan.low_water(),
    };
    thread::scope(|scope| {
        let writer = reports.clone();
        let write = move || worker::write_all(journal.log, &to_write, &writer);
        let writer = thread::Builder::new().spawn_scoped(scope, write);
        writer.map_err(no_thread)?;
        let (workers, limiter) = workers(scope, (plan, client), reports)?;
        let coordinator = Coordinator {
            plan,
            run: replay.header.run,
            pass: Some(pass.keep_sources(plan.wants_rows)),
            rows_read: 0,
            old_results,
            before: left_out(&replay.states, plan),
            told_again: 0,
            states: replay.states,
            limiter,
            workers,
            chained: ChainQueue::default(),
            ready: VecDeque::new(),
            later: BTreeMap::new(),
            group: CommitGroup::default(),
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
            answered: 0,
            sent: false,
            trouble: None,
            unauthorized: None,
            accepted: 0,
            remarks: HashSet::new(),
            is_turn_of_ready: false,
            start: Instant::now(),
            next_tick: Instant::now(),
        };
        Ok(coordinator.run())
    })
}

/// Begins to read the rows that were checked.
fn second_pass(plan: &Plan) -> Result<Pass<'_>, Ending> {
    let pass = plan.input.pass(&plan.parser)?;
    if pass.columns() == plan.checked.columns {
        return Ok(pass);
    }
    let why = "the columns of the input were changed after it was checked; nothing was sent";
    Err(Ending::refused_locally(why))
}

/// Starts the workers, and what says how many are of use.
fn workers<'scope, 'env>(
    scope: &'scope Scope<'scope, 'env>,
    (plan, client): (&Plan, &'env Client),
    reports: Reports,
) -> Result<(Workers<'scope, 'env>, Limiter), Ending> {
    let rows = plan.checked.in_shard.max(1);
    let (first, most) = plan.limits.connections();
    let mut limiter = Limiter::new((first.min(rows), most.min(rows)), plan.rate());
    let workers = Workers {
        scope,
        client,
        has_duplicates: plan.allow_duplicates,
        reports,
        wanted: Arc::default(),
    };
    start(&workers, &mut limiter).map_err(no_thread)?;
    Ok((workers, limiter))
}

/// Has as many workers as are of use. Fewer do the same work more slowly, but one there must be.
fn start(workers: &Workers, limiter: &mut Limiter) -> io::Result<()> {
    if let Err(e) = workers.set(limiter.workers()) {
        let count = workers.count();
        if count == 0 {
            return Err(e);
        }
        limiter.has_only(count);
    }
    Ok(())
}

/// How many rows were finished before and stay so.
fn left_out(states: &RowStates, plan: &Plan) -> u64 {
    let answered = Summary::of(states, plan.checked.in_shard).answered();
    if plan.limits.retry_failed.is_none() {
        return answered;
    }
    let asked = (1..=plan.checked.rows).filter(|row| states.is_to_be_asked(*row));
    answered - asked.count() as u64
}

fn no_thread(e: io::Error) -> Ending {
    Ending::failed("no thread can be started", e)
}

/// What is worth a remark while the run goes on.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Remark {
    MixedUp,
    Stuck,
}

struct Coordinator<'a, 'scope> {
    plan: &'a Plan,
    run: Uuid,
    /// The reader, until all rows are read.
    pass: Option<Pass<'a>>,
    rows_read: usize,
    old_results: Option<OldResults>,
    states: RowStates,
    limiter: Limiter,
    workers: Workers<'scope, 'a>,
    /// Rows that wait for rows before them.
    chained: ChainQueue,
    /// Durable and not yet tried.
    ready: VecDeque<Box<RowJob>>,
    /// Tried, or looked up, and to be tried again, with the time for it.
    later: BTreeMap<(Instant, u32), Box<RowJob>>,
    /// Not durable yet: what is gathered, and what is being written with its time.
    group: CommitGroup,
    writing: Option<(CommitGroup, Timestamp)>,
    last_write: Instant,
    /// To the workers, and what none of them has taken yet.
    jobs: Sender<Box<RowJob>>,
    queued: Receiver<Box<RowJob>>,
    lines: Sender<Vec<u8>>,
    events: Receiver<RunEvent>,
    wake: Receiver<()>,
    observer: &'a mut dyn RunObserver,
    /// Set from any thread: what is under way is finished, and nothing more is begun.
    stop: &'a AtomicBool,
    /// Set once the run is to begin nothing more.
    end: Option<RunEnd>,
    /// Rows that were finished before, and those of them that were read again.
    before: u64,
    told_again: u64,
    done: u64,
    failed: u64,
    /// Rows whose answer is durable.
    answered: u64,
    sent: bool,
    /// The last error that kept a row from its answer.
    trouble: Option<api::Error>,
    /// When credentials that were refused are asked about again.
    unauthorized: Option<Instant>,
    /// Requests of this run that were accepted.
    accepted: u64,
    /// What was remarked already: each is said once.
    remarks: HashSet<Remark>,
    /// While requests fail, rows that have failed and others are sent in turns; at a learnt rate mostly the others.
    is_turn_of_ready: bool,
    start: Instant,
    next_tick: Instant,
}

impl Coordinator<'_, '_> {
    fn run(mut self) -> Ran {
        if let Err(end) = self.catch_up() {
            self.end(end);
        }
        while !self.is_over() {
            let now = Instant::now();
            self.tick(now);
            let next_job = self.dispatch(now);
            self.read_ahead();
            self.write(now);
            self.wait(next_job);
        }
        if !self.is_broken() {
            let mut line = Vec::new();
            let at = Timestamp::now();
            if self.end.is_none() && self.plan.limits.retry_failed.is_some() {
                Line::<RowResult>::Retried { at }.write(&mut line);
            }
            Line::<RowResult>::Ended { at }.write(&mut line);
            let _ = self.lines.send(line);
            // What workers gave back may stand before it.
            let written = self.events.iter().find_map(|event| match event {
                RunEvent::Written(written) => Some(written),
                _ => None,
            });
            if let Some(Err(e)) = written {
                self.end(RunEnd::JournalFailed(e));
            }
        }
        self.tell(Instant::now());
        if let Err(e) = self.observer.finish() {
            self.end(RunEnd::ResultsFailed(e));
        }
        Ran {
            summary: Summary::of(&self.states, self.plan.checked.in_shard),
            learnt: (self.limiter.learnt())
                .map(|learnt| learnt.of_all_shards(self.plan.shard.count)),
            end: self.end.unwrap_or(RunEnd::Finished),
            answered: self.answered,
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
        matches!(self.end, Some(RunEnd::JournalFailed(_)))
    }

    /// Begins nothing more. The first reason stays, unless a graver one comes.
    fn end(&mut self, end: RunEnd) {
        self.pass = None;
        let old = self.end.as_ref().map(RunEnd::severity);
        if old.is_none_or(|old| old < end.severity()) {
            self.end = Some(end);
        }
    }

    fn tick(&mut self, now: Instant) {
        if now < self.next_tick {
            return;
        }
        self.next_tick = now + TICK;
        if self.stop.load(Ordering::Relaxed) {
            self.end(RunEnd::Interrupted);
        }
        self.tell(now);
    }

    fn tell(&mut self, now: Instant) {
        let progress = RunProgress {
            rows: self.plan.checked.in_shard.into(),
            before: self.before,
            done: self.done,
            failed: self.failed,
            elapsed: now - self.start,
            in_flight: self.under_way(),
            limit: self.limiter.limit(),
            pause: self
                .limiter
                .pause(now)
                .zip(self.trouble.as_ref().map(ToString::to_string)),
            is_stopping: self.end.is_some(),
            is_interrupted: self.stop.load(Ordering::Relaxed),
        };
        self.observer.progress(&progress);
    }

    /// Requests that workers have in hand.
    fn under_way(&self) -> u32 {
        let queued = u32::try_from(self.queued.len()).unwrap_or(u32::MAX);
        self.limiter.in_flight().saturating_sub(queued)
    }

    /// Whether each row was sent at least once, or waits for one that was.
    fn are_all_begun(&self) -> bool {
        self.pass.is_none() && self.not_durable() + self.ready.len() == 0
    }

    /// Rows that are to be sent once their intents are durable.
    fn not_durable(&self) -> usize {
        let writing = self.writing.as_ref().map_or(0, |(group, _)| group.intents);
        self.group.intents + writing
    }

    /// Rows that are durable and that no worker has taken.
    fn waiting(&self) -> usize {
        self.ready.len() + self.queued.len()
    }

    /// Whether the workers may soon have nothing to do.
    fn is_low(&self) -> bool {
        self.waiting() < self.plan.low_water()
    }

    /// Whether another row may be read: not too many may be durable and not sent.
    fn has_room(&self) -> bool {
        self.pass.is_some()
            && self.chained.len() < MOST_CHAINED
            && self.not_durable() + self.waiting() < self.plan.max_unsent()
    }

    fn read_ahead(&mut self) {
        for _ in 0..READ_BATCH {
            if !self.has_room() {
                return;
            }
            if let Err(end) = self.read_row() {
                self.end(end);
            }
        }
    }

    /// Reads a row again, which must be the one that was checked, and intends to send it if that is to be done.
    fn read_row(&mut self) -> Result<(), RunEnd> {
        let changed = || RunEnd::InputChanged("the input was changed while it was read".to_owned());
        let fingerprints = &self.plan.checked.fingerprints;
        let Some(pass) = &mut self.pass else {
            return Ok(());
        };
        let read = pass.next_row();
        let Some(read) = read.map_err(|e| RunEnd::InputChanged(e.message))? else {
            self.pass = None;
            return if self.rows_read == fingerprints.len() {
                Ok(())
            } else {
                Err(changed())
            };
        };
        let row = read.map_err(|_| changed())?;
        if fingerprints.get(self.rows_read) != Some(&row.fingerprint) {
            return Err(changed());
        }
        self.rows_read += 1;
        if !self.plan.checked.holds(row.number) {
            return Ok(());
        }
        self.begin(row).map(drop)
    }

    /// Intends to send a row whose turn it is, or reports again what became of it. Returns whether the row is finished by that.
    fn begin(&mut self, row: InputRow) -> Result<bool, RunEnd> {
        let (plan, number) = (self.plan, row.number);
        let (state, round) = (self.states.state(number), self.states.round(number));
        if let RowState::Answered(outcome) = state
            && (outcome == RowOutcome::Done || !self.is_to_be_asked(number))
        {
            if let (Some(old), Some(offset)) = (&mut self.old_results, self.states.offset(number)) {
                let result = old.at(offset).map_err(RunEnd::JournalFailed)?;
                let identifier = self.identifier(&row, round);
                let told = self.observer.result(&row, &identifier, &result);
                told.map_err(RunEnd::ResultsFailed)?;
            }
            self.told_again += 1;
            return self.catch_up().map(|()| true);
        }
        let is_done = |row| self.states.state(row) == RowState::Answered(RowOutcome::Done);
        match self.chained.turn(plan.before(number), is_done) {
            Turn::Its => self.intend(row, (state, round)),
            // It may be done already: it is repeated, or looked up, whatever became of those before it.
            Turn::Nobodys(_) if state == RowState::Unanswered => self.intend(row, (state, round)),
            Turn::Earlier(before) => self.chained.wait(row, before),
            Turn::Nobodys(before) if self.states.waits_for(number) == Some(before) => {
                return self.tell_waiting(&row, before).map(|()| true);
            }
            Turn::Nobodys(before) => {
                let entry = JournalEntry::Waits(Box::new(row), before);
                self.group.push(entry);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Says so once what was finished before was told again.
    fn catch_up(&mut self) -> Result<(), RunEnd> {
        if self.told_again != self.before {
            return Ok(());
        }
        self.observer.caught_up().map_err(RunEnd::ResultsFailed)
    }

    fn tell_waiting(&mut self, row: &InputRow, before: u32) -> Result<(), RunEnd> {
        let told = self.observer.result(row, "", &waiting(before));
        told.map_err(RunEnd::ResultsFailed)
    }

    /// Begins the rows that have waited for this one.
    fn release(&mut self, row: u32) {
        let mut finished = vec![row];
        while let Some(row) = finished.pop() {
            for next in self.chained.finish(row) {
                let number = next.number;
                if self.end.is_some() {
                    return;
                }
                match self.begin(next) {
                    Ok(true) => finished.push(number),
                    Ok(false) => {}
                    Err(end) => self.end(end),
                }
            }
        }
    }

    fn intend(&mut self, row: InputRow, (state, round): (RowState, u32)) {
        let number = row.number;
        if !self.plan.checked.chains.is_empty() {
            self.chained.begin(number);
        }
        // What Bango refused is asked afresh; what may have been done keeps its identifier.
        let round = round + u32::from(state == RowState::Answered(RowOutcome::Refused));
        let doubt = !row.action.is_read()
            && matches!(
                state,
                RowState::Unanswered | RowState::Answered(RowOutcome::Unclear)
            );
        let now = Timestamp::now();
        let since = self.states.since(number);
        let since = since.unwrap_or_else(|| self.states.intent(now));
        // What an answer left unclear is not asked for again before it is known that it is not there.
        let is_unclear = state == RowState::Answered(RowOutcome::Unclear);
        let step = if doubt && (is_unclear || self.is_old(since, now)) {
            JobStep::LookUp
        } else {
            JobStep::Send
        };
        self.group.push(JournalEntry::Intent(Box::new(RowJob {
            identifier: self.identifier(&row, round),
            row,
            round,
            step,
            attempts: 0,
            sends: 0,
            is_missing: false,
            throttled: 0,
            accepted_before: 0,
            doubt,
            is_as_before: state != RowState::Unanswered,
            refusal: None,
            since,
            departed: self.start,
            returned: self.start,
        })));
    }

    /// Whether a row that failed is asked again by this run.
    fn is_to_be_asked(&self, row: u32) -> bool {
        self.plan.limits.retry_failed.is_some() && self.states.is_to_be_asked(row)
    }

    /// The identifier of a row; one that reads has none, because there is nothing to repeat safely.
    fn identifier(&self, row: &InputRow, round: u32) -> String {
        if row.action.is_read() {
            return String::new();
        }
        request_identifier(self.run, row.number, round)
    }

    /// Whether an intent is too old to lean on its identifier, or from a clock that was wrong.
    fn is_old(&self, since: Since, now: Timestamp) -> bool {
        let most = SignedDuration::try_from(self.plan.limits.reconcile_after);
        let most = most.unwrap_or(SignedDuration::MAX);
        let age = now.duration_since(since.at);
        let by_platform = age.saturating_sub(since.ahead.unwrap_or_default());
        [age, by_platform]
            .iter()
            .any(|age| *age >= most || *age < -CLOCK_DIFFERENCE)
    }

    /// Notes by how much the platform's clock is ahead of ours, once in a run and whenever that changes.
    fn compare_clocks(&mut self, reply: &Reply) {
        let date = match reply {
            Reply::Sent(Ok(answer)) => answer.date,
            Reply::Sent(Err(error)) | Reply::LookedUp(Err(error)) => error.date,
            Reply::LookedUp(Ok(_)) => None,
        };
        let Some(date) = date else { return };
        let ahead = date.duration_since(Timestamp::now());
        let is_known = (self.states.clock())
            .is_some_and(|known| (known.saturating_sub(ahead)).abs() < CLOCK_CHANGE);
        if !is_known {
            self.states.tell_clock(ahead);
            self.group.push(JournalEntry::Clock(ahead));
        }
    }

    /// Has the gathered lines written, unless others are, or more may be gathered.
    fn write(&mut self, now: Instant) {
        if self.is_broken() {
            // Nothing of it is sent, and nothing of it is told.
            self.group = CommitGroup::default();
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
            return self.end(RunEnd::JournalFailed(e));
        }
        for entry in group.entries {
            match entry {
                JournalEntry::Intent(mut job) => {
                    let row = job.row.number;
                    self.states.intend(row, job.round, at);
                    job.since = self
                        .states
                        .since(row)
                        .unwrap_or_else(|| self.states.intent(at));
                    self.ready.push_back(job);
                }
                JournalEntry::Result(job, result) => {
                    self.states.answer(job.row.number, &result);
                    self.answered += u64::from(result.outcome != RowOutcome::Unanswered);
                    let told = self.observer.result(&job.row, &job.identifier, &result);
                    if let Err(e) = told {
                        self.end(RunEnd::ResultsFailed(e));
                    }
                    self.release(job.row.number);
                }
                JournalEntry::Withdrawn(row) => self.states.withdraw(row),
                // It counts from the answer on that told it.
                JournalEntry::Clock(_) => {}
                JournalEntry::Waits(row, before) => {
                    self.states.wait(row.number, before);
                    if let Err(end) = self.tell_waiting(&row, before) {
                        self.end(end);
                    }
                }
            }
        }
    }

    /// Gives the workers what may leave; all there is while nothing holds it back, so that they never wait for the coordinator.
    /// Returns when there may be more to give, if that is a matter of time.
    fn dispatch(&mut self, now: Instant) -> Option<Instant> {
        if self.end.is_some() || !self.limiter.is_open(now) {
            let queued = self.queued.try_iter().collect();
            self.take_back(queued);
        }
        if self.end.is_some() {
            self.withdraw_all();
            return None;
        }
        loop {
            let due = self.later.keys().next().map(|(at, _)| *at);
            let is_due = due.is_some_and(|at| at <= now);
            if !is_due && self.ready.is_empty() {
                if let Some(due) = due.filter(|_| self.are_all_begun()) {
                    self.give_up_before(due, now);
                }
                return due;
            }
            let opens_at = self.limiter.opens_at(now)?;
            if opens_at > now {
                if let Some(pause) = self.limiter.pause(now) {
                    self.give_up_before(now + pause, now);
                }
                return Some(opens_at);
            }
            self.is_turn_of_ready = if self.limiter.failing_since().is_some() {
                !self.is_turn_of_ready
            } else {
                self.limiter.is_paced() && fastrand::f64() < READY_FIRST
            };
            let job = if is_due && (!self.is_turn_of_ready || self.ready.is_empty()) {
                self.later.pop_first().map(|(_, job)| job)
            } else {
                self.ready.pop_front()
            };
            let mut job = job?;
            self.look_up_if_old(&mut job);
            self.limiter.depart(now);
            // The workers outlive the coordinator.
            let _ = self.jobs.send(job);
        }
    }

    /// Has a row looked up that would be repeated later than its identifier is leant on.
    fn look_up_if_old(&self, job: &mut RowJob) {
        let may_be_done = job.doubt && !job.is_missing && !job.row.action.is_read();
        if may_be_done && job.step == JobStep::Send && self.is_old(job.since, Timestamp::now()) {
            job.step = JobStep::LookUp;
            job.sends = mem::take(&mut job.attempts);
        }
    }

    /// Takes back what no worker has begun.
    fn take_back(&mut self, jobs: VecDeque<Box<RowJob>>) {
        for job in jobs.into_iter().rev() {
            self.limiter.returned();
            self.ready.push_front(job);
        }
    }

    /// Lets go of all rows at the end of a run: each is what it was before, but what this run may have had done stays unanswered.
    fn withdraw_all(&mut self) {
        let later = mem::take(&mut self.later).into_values();
        for job in later.chain(mem::take(&mut self.ready)) {
            if job.is_as_before {
                self.group.push(JournalEntry::Withdrawn(job.row.number));
            }
        }
    }

    /// Waits for something to do, and takes what has come.
    fn wait(&mut self, next_job: Option<Instant>) {
        if !self.has_room() {
            let mut until = next_job.map_or(self.next_tick, |at| at.min(self.next_tick));
            // Only then do the workers not wake it.
            let has_more = self.queued.len() >= self.plan.low_water();
            if has_more || !self.group.entries.is_empty() {
                until = until.min(Instant::now() + LINGER);
            }
            let _ = self.wake.recv_deadline(until);
        }
        let now = Instant::now();
        if now > self.next_tick + SUSPENDED {
            self.limiter.resumed(now);
        }
        if self.workers.count() != self.limiter.workers() {
            // With none more the run goes on.
            let _ = start(&self.workers, &mut self.limiter);
        }
        while let Ok(event) = self.events.try_recv() {
            match event {
                RunEvent::Replied(job, reply) => self.replied(job, reply),
                RunEvent::Written(written) => self.written(written),
                RunEvent::Returned(jobs) => self.take_back(jobs),
            }
        }
    }

    /// Decides what becomes of a job after a request.
    fn replied(&mut self, mut job: Box<RowJob>, reply: Reply) {
        let now = job.returned;
        self.compare_clocks(&reply);
        match reply {
            Reply::Sent(Ok(answer)) => {
                self.sent = true;
                self.accepted((job.departed, now));
                let is_create = job.row.action == RowAction::Create;
                self.finish(job, RowResult::success(&answer, is_create));
            }
            Reply::Sent(Err(error)) => {
                self.sent |= error.outcome() != api::Outcome::NotSent;
                let is_unknown = error.outcome() == api::Outcome::Unknown;
                job.doubt |= is_unknown;
                job.is_missing &= !is_unknown;
                job.is_as_before &= !is_unknown;
                self.failed(job, error, now);
            }
            Reply::LookedUp(Ok(found)) => {
                self.accepted((job.departed, now));
                match (found, job.refusal.take()) {
                    (LookedUp::Result(result), _) => self.finish(job, *result),
                    (LookedUp::Nothing, Some(refusal)) => self.finish(job, refusal),
                    (LookedUp::Nothing, None) => {
                        (job.step, job.is_missing) = (JobStep::Send, true);
                        job.attempts = job.sends;
                        self.schedule(job, now);
                    }
                }
            }
            Reply::LookedUp(Err(error)) => self.failed(job, error, now),
        }
    }

    /// Decides what an error means: for the limiter, for the run, and for the row.
    fn failed(&mut self, mut job: Box<RowJob>, error: api::Error, now: Instant) {
        let times = (job.departed, now);
        let (random, asked) = (fastrand::f64(), error.retry_after);
        let is_new_row = job.attempts + job.throttled == 0;
        let at = match Retry::after(&error) {
            Retry::Final => {
                self.accepted(times);
                return self.refused(job, &error, now);
            }
            Retry::Fatal => {
                self.limiter.failed(times, is_new_row, random);
                let Some(at) = self.second_chance(&error, times) else {
                    self.schedule(job, now);
                    return self.end(RunEnd::Fatal(error));
                };
                at
            }
            Retry::Throttled => {
                // It was throttled before, and others were accepted since.
                let is_alone = job.throttled > 0 && self.accepted > job.accepted_before;
                job.accepted_before = self.accepted;
                let limiter = &mut self.limiter;
                if error.outcome() == api::Outcome::NotSent {
                    limiter.failed(times, is_new_row, random);
                } else {
                    limiter.throttled(times, is_new_row, is_alone, asked, random);
                }
                job.throttled += 1;
                let wait = retry::backoff(job.throttled, random).max(asked.unwrap_or_default());
                now + wait.min(LONGEST_WAIT)
            }
            Retry::ThisRow if self.is_outage(&error, times, is_new_row) => now,
            Retry::ThisRow => {
                job.attempts += 1;
                let retries = self.plan.retries;
                let Some(wait) = (retry::Policy { retries }).wait(job.attempts, asked, random)
                else {
                    return self.give_up_row(job, &error);
                };
                now + wait.min(LONGEST_WAIT)
            }
        };
        self.schedule(job, at);
        self.in_trouble(error, now);
    }

    /// Counts a request that failed, and tells whether that is an outage. It is none if Bango answers, and none but such rows are left.
    fn is_outage(&mut self, error: &api::Error, times: (Instant, Instant), is_new: bool) -> bool {
        let since = self.limiter.failing_since().unwrap_or(times.1);
        let are_left_over = matches!(&*error.kind, ErrorKind::Refused(_))
            && self.are_all_begun()
            && times.1 - since >= self.plan.limits.give_up_after / PATIENCE;
        if are_left_over {
            self.limiter.failed_alone();
            return false;
        }
        self.limiter.failed(times, is_new, fastrand::f64())
    }

    /// A request was accepted, whatever the answer was.
    fn accepted(&mut self, times: (Instant, Instant)) {
        self.limiter.accepted(times);
        self.accepted += 1;
        self.unauthorized = None;
    }

    /// Credentials are asked about once more before they are believed to be wrong: when that may be.
    fn second_chance(&mut self, error: &api::Error, times: (Instant, Instant)) -> Option<Instant> {
        let (departed, now) = times;
        if error.kind.response_code() != Some(&ResponseCode::Unauthorized) {
            return None;
        }
        let at = *self.unauthorized.get_or_insert(now + SECOND_CHANCE);
        self.limiter.pause_for(at, Duration::ZERO);
        (departed < at).then_some(at)
    }

    /// Says once what keeps the run from going on, and stops it if that takes too long.
    fn in_trouble(&mut self, error: api::Error, now: Instant) {
        if is_mixed_up(&error) && self.remarks.insert(Remark::MixedUp) {
            self.observer.remark("an answer was about another user or entitlement than its request; it is not used, the connections are closed, and the row is sent again");
        }
        let since = self.limiter.failing_since().unwrap_or(now);
        let is_bango = !matches!(
            &*error.kind,
            ErrorKind::Unusable {
                http_status: ..500,
                ..
            }
        );
        if now - since >= self.plan.limits.give_up_after {
            self.end(RunEnd::GaveUp(error));
        } else if self.limiter.is_outage() && self.accepted == 0 && !is_bango {
            self.end(RunEnd::NotBango(error));
        } else {
            if self.limiter.is_stuck() && self.remarks.insert(Remark::Stuck) {
                let why = format!(
                    "paused: {error}; the batch goes on by itself when requests are accepted again"
                );
                self.observer.remark(&why);
            }
            self.trouble = Some(error);
        }
    }

    /// Gives up at once if nothing is under way and the next request would leave too late.
    fn give_up_before(&mut self, at: Instant, now: Instant) {
        let since = self.limiter.failing_since().unwrap_or(now);
        let wait = at.saturating_duration_since(since);
        if self.limiter.in_flight() == 0
            && wait >= self.plan.limits.give_up_after
            && let Some(error) = self.trouble.take()
        {
            self.end(RunEnd::GaveUp(error));
        }
    }

    /// A final answer. A refusal after an unanswered attempt may only mean that the attempt was carried out, and what a code
    /// means that nobody knows cannot be told: that is looked up.
    fn refused(&mut self, mut job: Box<RowJob>, error: &api::Error, now: Instant) {
        let is_read = job.row.action.is_read() && !matches!(&*error.kind, ErrorKind::Refused(_));
        if is_read || job.step == JobStep::LookUp {
            return self.give_up_row(job, error);
        }
        let is_unknown_success = error.kind.http_status().is_some_and(|status| status < 400);
        let outcome = if is_unknown_success {
            RowOutcome::Unclear
        } else {
            RowOutcome::Refused
        };
        let refusal = RowResult::failure(error, outcome);
        if !job.doubt {
            return self.finish(job, refusal);
        }
        job.refusal = Some(refusal);
        (job.step, job.attempts) = (JobStep::LookUp, 0);
        self.schedule(job, now);
    }

    fn schedule(&mut self, job: Box<RowJob>, at: Instant) {
        self.later.insert((at, job.row.number), job);
    }

    /// Leaves a row that was tried often enough.
    fn give_up_row(&mut self, mut job: Box<RowJob>, error: &api::Error) {
        let refusal = job.refusal.take();
        let result = refusal.unwrap_or_else(|| RowResult::failure(error, RowOutcome::Refused));
        let is_unknown = job.doubt || error.outcome() == api::Outcome::Unknown;
        // What changes nothing is asked again by the next run.
        let outcome = if is_unknown || job.row.action.is_read() {
            RowOutcome::Unanswered
        } else {
            RowOutcome::Refused
        };
        self.finish(job, RowResult { outcome, ..result });
    }

    fn finish(&mut self, job: Box<RowJob>, result: RowResult) {
        if result.outcome == RowOutcome::Done {
            self.done += 1;
        } else {
            self.failed += 1;
            let (failed, finished) = (self.failed, self.done + self.failed);
            let most = self.plan.limits.max_failures;
            if most.is_some_and(|most| most.is_exceeded(failed, finished)) {
                self.end(RunEnd::TooManyFailures { failed, finished });
            }
        }
        self.group.push(JournalEntry::Result(job, result));
    }
}
