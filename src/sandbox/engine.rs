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

use super::answer::{Answer, Code};
use super::dispatch::{Memory, dispatch, is_api};
use super::notifications::{self, Deliverer, Delivery, Outcome};
use super::recent::{Recent, RequestLine};
use super::settings::{Event, Settings};
use super::store::Store;
use super::{operations, page};
use crate::server::{Request, Responder, Response};

/// How many requests share one synchronisation of the disk at most.
const BATCH: usize = 256;
/// How many notifications are with the deliverer at a time, so that one slow receiver holds up few others.
const IN_FLIGHT: usize = 16;
const IDLE: Duration = Duration::from_secs(60);
/// How long what nobody waits for rests after the state could not be written.
const REST: Duration = Duration::from_secs(1);

/// Something for the thread to do.
pub enum Job {
    /// Answer a request that arrived at this time.
    Request(Request, Responder, Instant),
    /// Note how a try to deliver a notification went.
    Tried(u64, Outcome),
    /// End.
    Stop,
}

/// A running engine; dropping it finishes the jobs under way and closes the file.
pub struct Engine {
    jobs: Sender<Job>,
    unsent: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl Engine {
    /// Starts the thread. `jobs` and `queue` are the two ends of one channel, so that a server can be started in between.
    pub fn start(
        (jobs, queue): (Sender<Job>, Receiver<Job>),
        store: Store,
        settings: Settings,
    ) -> Result<Self> {
        let report = jobs.clone();
        let auth = settings.options.notification_auth.as_ref();
        let header = auth.map(|(scheme, secret)| scheme.header(secret));
        let deliverer = Deliverer::start(header.as_ref(), move |number, outcome| {
            report.send(Job::Tried(number, outcome)).ok();
        })?;
        let unsent = Arc::new(AtomicUsize::new(0));
        let worker = Worker {
            store,
            settings,
            deliverer,
            unsent: Arc::clone(&unsent),
            memory: Memory::default(),
            recent: Recent::default(),
            in_flight: HashSet::new(),
            tries: Vec::new(),
            is_broken: false,
            rest: None,
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
        self.jobs.send(Job::Stop).ok();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

struct Worker {
    store: Store,
    settings: Settings,
    deliverer: Deliverer,
    unsent: Arc<AtomicUsize>,
    memory: Memory,
    recent: Recent,
    /// The notifications that are with the deliverer, or whose last try is not written down yet.
    in_flight: HashSet<u64>,
    tries: Vec<(u64, Outcome)>,
    /// Whether the state could not be written last time.
    is_broken: bool,
    /// Until when only requests are worked on because of that.
    rest: Option<Instant>,
}

struct Arrived {
    request: Request,
    responder: Responder,
    at: Instant,
}

type Answered = (Response, Option<RequestLine>);

impl Worker {
    fn run(mut self, queue: &Receiver<Job>) {
        // What became due while no sandbox ran.
        self.work(&[]);
        loop {
            let first = match queue.recv_timeout(self.patience()) {
                Ok(job) => Some(job),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let mut requests = Vec::new();
            let mut stops = false;
            for job in first.into_iter().chain(queue.try_iter().take(BATCH)) {
                match job {
                    Job::Request(request, responder, at) => requests.push(Arrived {
                        request,
                        responder,
                        at,
                    }),
                    Job::Tried(number, outcome) => self.tries.push((number, outcome)),
                    Job::Stop => {
                        stops = true;
                        break;
                    }
                }
            }
            let answers = self.work(&requests);
            for (arrived, (response, line)) in requests.into_iter().zip(answers) {
                arrived.responder.send(page::signed(response));
                if let Some(mut line) = line {
                    line.duration = arrived.at.elapsed();
                    (self.settings.options.observer)(Event::Request(&line));
                    self.recent.push(line);
                    self.recent.version += 1;
                }
            }
            if stops {
                return;
            }
        }
    }

    /// How long nothing happens if no job comes.
    fn patience(&self) -> Duration {
        if let Some(until) = self.rest {
            return until.saturating_duration_since(Instant::now());
        }
        let state = &self.store.state;
        // With all places taken, the next notification waits for a try to end, not for its time.
        let has_place = self.in_flight.len() < IN_FLIGHT;
        let delivery = state.next_delivery().filter(|_| has_place);
        let next = [state.next_timer(), delivery].into_iter().flatten().min();
        let now = Timestamp::now().as_millisecond();
        next.map_or(IDLE, |next| {
            Duration::from_millis(u64::try_from(next - now).unwrap_or(0)).min(IDLE)
        })
    }

    /// Does what time has brought and what is asked for, and returns the answers once all of that is durable.
    fn work(&mut self, requests: &[Arrived]) -> Vec<Answered> {
        let now = Timestamp::now();
        self.rest = self.rest.filter(|until| *until > Instant::now());
        let rests = self.rest.is_some();
        let mut changed = !rests && self.do_what_is_due(now);
        let mut answers = Vec::with_capacity(requests.len());
        for arrived in requests {
            answers.push(self.dispatch(&arrived.request));
            changed |= self.store.seal();
        }
        match self.store.commit() {
            Ok(()) => {
                if changed {
                    self.recent.version += 1;
                    if std::mem::take(&mut self.is_broken) {
                        self.tell("the sandbox can write its state again");
                    }
                }
                if !rests {
                    for (number, _) in self.tries.drain(..) {
                        self.in_flight.remove(&number);
                    }
                    self.send_what_is_due(now);
                }
            }
            Err(error) => answers = self.work_unwritten(requests, &error),
        }
        answers
    }

    fn dispatch(&mut self, request: &Request) -> Answered {
        let (state, memory) = (&mut self.store.state, &mut self.memory);
        dispatch(request, state, &self.settings, &self.recent, memory)
    }

    /// Answers each request anew from the state as it is on the disk; what would change it fails.
    fn work_unwritten(&mut self, requests: &[Arrived], error: &io::Error) -> Vec<Answered> {
        let why = format!("the sandbox cannot write its state: {error}");
        if !std::mem::replace(&mut self.is_broken, true) {
            self.tell(&why);
        }
        self.rest = Some(Instant::now() + REST);
        let mut answers = Vec::with_capacity(requests.len());
        for Arrived { request, .. } in requests {
            let (mut response, mut line) = self.dispatch(request);
            if self.store.seal() {
                self.store.roll_back();
                let answer = Answer::new(Code::InternalError, &why, json!({}));
                response = if is_api(request) {
                    page::api(&answer)
                } else {
                    page::failed(&why)
                };
                if let Some(line) = &mut line {
                    line.http_status = Some(answer.http);
                    line.describe(&answer);
                }
            }
            answers.push((response, line));
        }
        answers
    }

    fn tell(&self, what: &str) {
        (self.settings.options.observer)(Event::State(what));
    }

    /// Notes how tries went, and ends entitlements whose time has come.
    fn do_what_is_due(&mut self, now: Timestamp) -> bool {
        let Store { state, .. } = &mut self.store;
        for (number, outcome) in &self.tries {
            notifications::tried(state, *number, outcome, now);
        }
        for _ in 0..BATCH {
            let Some(record) = state.due(now).cloned() else {
                break;
            };
            operations::end_in_time(state, &self.settings, record, now);
        }
        self.store.seal()
    }

    /// Hands over notifications as long as there is place for them.
    fn send_what_is_due(&mut self, now: Timestamp) {
        while self.in_flight.len() < IN_FLIGHT
            && let Some(number) = self.store.state.take_delivery(now)
        {
            let notification = self.store.state.notification(number);
            if let Some(notification) = notification
                && let Some(body) = &notification.body
                && self.in_flight.insert(number)
            {
                let (url, body) = (notification.url.clone(), body.clone());
                self.deliverer.send(Delivery { number, url, body });
            }
        }
        self.unsent.store(self.in_flight.len(), Ordering::Release);
    }
}
