//! The one thread that owns the state: it takes what has queued up, does it, makes it durable at once, and only then answers.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Result;
use jiff::Timestamp;
use serde_json::json;

use super::answer::{Envelope, ResponseCode};
use super::call::Memory;
use super::delivery::{Attempt, Deliverer};
use super::dispatch::{dispatch, is_api};
use super::entity::Entity;
use super::receivers::Receivers;
use super::requests::LoggedRequest;
use super::routes::CONTROL;
use super::settings::{Config, SandboxEvent};
use super::store::StateStore;
use super::{operations, page};
use crate::http::in_words;
use crate::server::{Request, Responder, Response};

/// How many requests share one synchronisation of the disk at most.
const BATCH: usize = 256;
/// How long a request that changed nothing may wait until it is written down.
const NOTE_DELAY: Duration = Duration::from_millis(200);
const IDLE: Duration = Duration::from_secs(60);
/// How long timers and notifications pause after the state could not be written.
const PAUSE: Duration = Duration::from_secs(1);

/// Something for the thread to do.
pub enum EngineJob {
    /// Answer a request that arrived at this time.
    Request(Request, Responder, Instant),
    /// Note how a try to deliver a notification went.
    Tried(u64, Attempt),
    Stop,
}

/// A running engine; dropping it finishes the jobs under way and closes the file.
pub struct Engine {
    jobs: Sender<EngineJob>,
    unsent: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl Engine {
    /// Starts the thread. `jobs` and `queue` are the two ends of one channel, so that a server can be started in between.
    pub fn start(
        (jobs, queue): (Sender<EngineJob>, Receiver<EngineJob>),
        store: StateStore,
        config: Config,
    ) -> Result<Self> {
        let report = jobs.clone();
        let auth = config.options.notification_auth.as_ref();
        let header = auth.map(|(scheme, secret)| scheme.header(secret));
        let deliverer = Deliverer::new(header, move |number, attempt| {
            report.send(EngineJob::Tried(number, attempt)).ok();
        });
        let unsent = Arc::new(AtomicUsize::new(0));
        let worker = Worker {
            store,
            config,
            deliverer,
            unsent: Arc::clone(&unsent),
            memory: Memory::default(),
            in_flight: HashSet::new(),
            receivers: Receivers::default(),
            tries: Vec::new(),
            noted: None,
            has_failed: false,
            paused_until: None,
        };
        let thread = std::thread::Builder::new()
            .name("sandbox".to_owned())
            .spawn(move || worker.run(&queue))?;
        Ok(Self {
            jobs,
            unsent,
            thread: Some(thread),
        })
    }

    /// How many notifications are being sent. Those that an answered request caused are among them.
    pub fn unsent(&self) -> usize {
        self.unsent.load(Ordering::Acquire)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.jobs.send(EngineJob::Stop).ok();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

struct Worker {
    store: StateStore,
    config: Config,
    deliverer: Deliverer,
    unsent: Arc<AtomicUsize>,
    memory: Memory,
    /// The notifications that are with a receiver or wait for one, or whose last try is not written down yet.
    in_flight: HashSet<u64>,
    receivers: Receivers,
    tries: Vec<(u64, Attempt)>,
    /// When the first request was noted that is not written down yet.
    noted: Option<Instant>,
    /// Whether the state could not be written last time.
    has_failed: bool,
    /// Until when timers and notifications pause because of that.
    paused_until: Option<Instant>,
}

type Answered = (Response, Option<LoggedRequest>);

impl Worker {
    fn run(mut self, queue: &Receiver<EngineJob>) {
        // What became due while no sandbox ran.
        self.process(&[]);
        loop {
            let first = match queue.recv_timeout(self.time_to_next()) {
                Ok(job) => Some(job),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let (mut requests, mut waiting) = (Vec::new(), Vec::new());
            let mut stops = false;
            for job in first.into_iter().chain(queue.try_iter().take(BATCH)) {
                match job {
                    EngineJob::Request(request, responder, arrived) => {
                        requests.push(request);
                        waiting.push((responder, arrived));
                    }
                    EngineJob::Tried(number, attempt) => {
                        self.tries.push((number, attempt));
                        self.send_next(number);
                    }
                    EngineJob::Stop => {
                        stops = true;
                        break;
                    }
                }
            }
            let answers = self.process(&requests);
            for ((responder, arrived), (response, line)) in waiting.into_iter().zip(answers) {
                responder.send(page::with_server_header(response));
                if let Some(line) = line {
                    self.note(line, arrived.elapsed());
                }
            }
            if stops {
                // What is lost here are requests that changed nothing.
                self.store.flush().ok();
                return;
            }
        }
    }

    /// Tells of a request, and keeps it if it was one to the API.
    fn note(&mut self, mut line: LoggedRequest, duration: Duration) {
        line.took(duration);
        (self.config.options.observer)(SandboxEvent::Request(&line));
        if is_api(&line.request.path) {
            self.store.note(Entity::Request(Box::new(line)));
            self.noted.get_or_insert_with(Instant::now);
        }
        self.memory.version += 1;
    }

    /// How long to wait for a job: until the next timer or notification.
    fn time_to_next(&self) -> Duration {
        if let Some(until) = self.paused_until {
            return until.saturating_duration_since(Instant::now());
        }
        let state = &self.store.state;
        // With all places taken, the next notification waits for a try to end, not for its time.
        let delivery = state.next_delivery().filter(|_| self.receivers.has_place());
        let next = [state.next_timer(), delivery].into_iter().flatten().min();
        let now = state.now().as_millisecond();
        let longest = self.noted.map_or(IDLE, |_| NOTE_DELAY);
        next.map_or(longest, |next| {
            let wait = u64::try_from(next.saturating_sub(now)).unwrap_or(0);
            Duration::from_millis(wait).min(longest)
        })
    }

    /// Does what time has brought and what is asked for, and returns the answers once all of that is durable.
    fn process(&mut self, requests: &[Request]) -> Vec<Answered> {
        let now = self.store.state.now();
        self.paused_until = self.paused_until.filter(|until| *until > Instant::now());
        let is_paused = self.paused_until.is_some();
        let mut changed = !is_paused && self.run_timers(now);
        let mut answers = Vec::with_capacity(requests.len());
        let mut is_replaced = false;
        for request in requests {
            answers.push(self.dispatch(request));
            changed |= self.store.buffer_changes();
            if std::mem::take(&mut self.memory.is_replaced) {
                self.store.write_anew();
                is_replaced = true;
            }
        }
        let is_overdue = self.noted.is_some_and(|at| at.elapsed() >= NOTE_DELAY);
        let written = if changed || is_overdue {
            self.noted = None;
            self.store.flush()
        } else {
            Ok(())
        };
        if let Err(error) = written
            && changed
        {
            return self.answer_unwritten(requests, &error);
        }
        self.memory.forget_import(is_replaced);
        if changed {
            self.memory.version += 1;
            if std::mem::take(&mut self.has_failed) {
                self.warn("the sandbox can write its state again");
            }
        }
        if !is_paused {
            for (number, _) in self.tries.drain(..) {
                self.in_flight.remove(&number);
            }
            self.send_due_notifications();
        }
        answers
    }

    fn dispatch(&mut self, request: &Request) -> Answered {
        let state = &mut self.store.state;
        dispatch(request, state, &self.config, &mut self.memory)
    }

    /// Answers each request anew from the state as it is on the disk; what would change it fails.
    fn answer_unwritten(&mut self, requests: &[Request], error: &io::Error) -> Vec<Answered> {
        let why = format!("the sandbox cannot write its state: {}", in_words(error));
        if !std::mem::replace(&mut self.has_failed, true) {
            self.warn(&why);
        }
        self.paused_until = Some(Instant::now() + PAUSE);
        let failure = Envelope::new(ResponseCode::InternalError, &why, json!({}));
        let answer = |request: &Request| {
            let (response, mut line) = self.dispatch(request);
            if !self.store.buffer_changes() {
                return (response, line);
            }
            self.store.roll_back();
            self.memory.is_replaced = false;
            let failed = if is_api(&request.path) || request.path.starts_with(CONTROL) {
                page::api(&failure)
            } else {
                page::message(500, "The sandbox failed", &why)
            };
            if let Some(line) = &mut line {
                line.answered(&failed, Some(&failure));
            }
            (failed, line)
        };
        requests.iter().map(answer).collect()
    }

    fn warn(&self, what: &str) {
        (self.config.options.observer)(SandboxEvent::State(what));
    }

    /// Notes how tries went, and ends entitlements whose time has come.
    fn run_timers(&mut self, now: Timestamp) -> bool {
        let state = &mut self.store.state;
        for (number, attempt) in &self.tries {
            if let Some(mut notification) = state.notification(*number).cloned() {
                notification.note_try(attempt.clone(), now, state.clock().moved_to);
                state.save_notification(notification);
            }
        }
        operations::end_due(state, &self.config, now, BATCH);
        self.store.buffer_changes()
    }

    /// Hands over what is due; what another try to the same receiver holds up waits for its end.
    fn send_due_notifications(&mut self) {
        let state = &mut self.store.state;
        let now = state.now();
        while self.receivers.has_place()
            && let Some(number) = state.take_delivery(now)
        {
            if let Some(notification) = state.notification(number)
                && self.in_flight.insert(number)
                && self.receivers.take(number, &notification.url)
            {
                self.deliverer.send(number, notification.clone());
            }
        }
        self.count_unsent();
    }

    /// Hands over what has waited for this try to end; what was forgotten meanwhile is left out.
    fn send_next(&mut self, mut tried: u64) {
        while let Some(number) = self.receivers.done(tried) {
            if let Some(notification) = self.store.state.notification(number) {
                self.deliverer.send(number, notification.clone());
                break;
            }
            self.in_flight.remove(&number);
            tried = number;
        }
        self.count_unsent();
    }

    fn count_unsent(&self) {
        let waits = self.tries.len() + self.receivers.sending();
        self.unsent.store(waits, Ordering::Release);
    }
}
