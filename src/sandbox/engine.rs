//! The one thread that owns the state: it takes what has queued up, does it in one transaction, and only then answers.

use std::collections::HashSet;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Result;
use jiff::Timestamp;
use serde_json::json;

use super::answer::{Answer, Code};
use super::dispatch::{Memory, dispatch};
use super::log::{Recent, RequestLine};
use super::notifier::{Notifier, Outcome, Parcel};
use super::outbox::{self, Notification};
use super::settings::Settings;
use super::store::Store;
use super::tables::{Due, DueKey, Tables};
use super::{Observer, ending};
use crate::server::{Request, Responder, Response};

/// How many requests share one transaction at most.
const BATCH: usize = 256;
/// How many notifications are handed to the notifier at a time, so that one slow receiver holds up few others.
const IN_FLIGHT: usize = 16;
const IDLE: Duration = Duration::from_secs(60);

/// A question about the state, answered by the closure itself.
pub type Look = Box<dyn FnOnce(&Tables, Unsent) + Send>;

/// How many notifications still wait for their first or next try, which is due now.
pub type Unsent = usize;

/// Something for the thread to do.
pub enum Job {
    /// Answer a request that arrived at this time.
    Request(Request, Responder, Instant),
    /// Note how a try to deliver went.
    Tried(Parcel, Outcome),
    /// Answer a question.
    Look(Look),
    /// End.
    Stop,
}

/// A running engine; dropping it finishes the batch under way and closes the file.
pub struct Engine {
    jobs: Sender<Job>,
    thread: Option<JoinHandle<()>>,
}

impl Engine {
    /// Starts the thread. `jobs` and `queue` are the two ends of one channel, so that a server can be started in between.
    pub fn start(
        (jobs, queue): (Sender<Job>, Receiver<Job>),
        store: Store,
        settings: Settings,
        observer: Observer,
    ) -> Result<Self> {
        let report = jobs.clone();
        let header = settings.notification_auth.header();
        let notifier = Notifier::start(header.as_ref(), move |parcel, outcome| {
            report.send(Job::Tried(parcel, outcome)).ok();
        })?;
        let worker = Worker {
            store,
            settings,
            observer,
            notifier,
            memory: Memory::default(),
            recent: Recent::default(),
            in_flight: HashSet::new(),
            next: Some(0),
        };
        let thread = std::thread::Builder::new()
            .name("sandbox".to_owned())
            .spawn(move || worker.run(&queue))?;
        Ok(Self {
            jobs,
            thread: Some(thread),
        })
    }

    /// Asks about the state, and waits for the answer; nothing if the engine has ended or cannot read its file.
    pub fn look<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Tables, Unsent) -> T + Send + 'static,
    ) -> Option<T> {
        let (sender, receiver) = channel();
        let look: Look = Box::new(move |tables, unsent| {
            sender.send(question(tables, unsent)).ok();
        });
        self.jobs.send(Job::Look(look)).ok()?;
        receiver.recv().ok()
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
    observer: Observer,
    notifier: Notifier,
    memory: Memory,
    recent: Recent,
    in_flight: HashSet<DueKey>,
    /// When something is planned next, in milliseconds since 1970.
    next: Option<i64>,
}

/// An answer that waits for its transaction.
struct Pending {
    responder: Responder,
    response: Response,
    line: Option<RequestLine>,
    arrived: Instant,
}

impl Worker {
    fn run(mut self, queue: &Receiver<Job>) {
        loop {
            let first = match queue.recv_timeout(self.patience()) {
                Ok(job) => Some(job),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let mut jobs: Vec<Job> = first
                .into_iter()
                .chain(queue.try_iter().take(BATCH))
                .collect();
            let stop = jobs.iter().position(|job| matches!(job, Job::Stop));
            jobs.truncate(stop.unwrap_or(jobs.len()));
            self.carry_out(jobs);
            if stop.is_some() {
                return;
            }
        }
    }

    fn patience(&self) -> Duration {
        let Some(next) = self.next else {
            return IDLE;
        };
        let ahead = next - Timestamp::now().as_millisecond();
        Duration::from_millis(u64::try_from(ahead).unwrap_or(0)).min(IDLE)
    }

    /// Does all the jobs in one transaction, and answers once that is durable.
    fn carry_out(&mut self, jobs: Vec<Job>) {
        let mut pending = Vec::new();
        let done = {
            let Self {
                store,
                settings,
                memory,
                recent,
                in_flight,
                next,
                ..
            } = self;
            store.transact(|tables| {
                let unsent = in_flight.len();
                for job in jobs {
                    match job {
                        Job::Request(request, responder, arrived) => {
                            let (response, line) =
                                dispatch(&request, tables, settings, recent, memory);
                            pending.push(Pending {
                                responder,
                                response,
                                line,
                                arrived,
                            });
                        }
                        Job::Tried(parcel, outcome) => {
                            in_flight.remove(&parcel.key);
                            outbox::tried(
                                tables,
                                parcel.key,
                                parcel.number,
                                &outcome,
                                Timestamp::now(),
                            )?;
                        }
                        Job::Look(look) => look(tables, unsent),
                        Job::Stop => {}
                    }
                }
                fall_due(tables, settings, in_flight, next)
            })
        };
        self.answer(pending, done.is_ok());
        match done {
            Ok(parcels) => parcels
                .into_iter()
                .for_each(|parcel| self.notifier.send(parcel)),
            // What could not be kept is tried again; a broken disk must not become a busy loop.
            Err(_) => self.next = Some(Timestamp::now().as_millisecond() + 1_000),
        }
    }

    fn answer(&mut self, pending: Vec<Pending>, durable: bool) {
        for Pending {
            responder,
            mut response,
            line,
            arrived,
        } in pending
        {
            if !durable {
                let answer = Answer::new(
                    Code::InternalError,
                    "the sandbox cannot write its state",
                    json!({}),
                );
                let body = serde_json::to_vec(&answer.body).unwrap_or_default();
                response = Response::new(answer.http, "application/json", body);
            }
            let status = response.status;
            responder.send(response);
            if let Some(mut line) = line {
                line.duration = arrived.elapsed();
                if !durable {
                    line.http_status = Some(status);
                }
                (self.observer)(&line);
                self.recent.push(line);
                self.recent.version += 1;
            }
        }
    }
}

/// Does what time has brought: ends entitlements, and returns the notifications to send.
fn fall_due(
    tables: &mut Tables,
    settings: &Settings,
    in_flight: &mut HashSet<DueKey>,
    next: &mut Option<i64>,
) -> Result<Vec<Parcel>> {
    let now = Timestamp::now();
    let (come, following) = tables.planned(now, IN_FLIGHT + BATCH)?;
    *next = following;
    let mut parcels = Vec::new();
    for (key, due) in come {
        let Due::Deliver(number) = due else {
            ending::fall_due(tables, settings, &due, now)?;
            tables.done(key)?;
            // What that queued is due already.
            *next = Some(0);
            continue;
        };
        if in_flight.contains(&key) || in_flight.len() >= IN_FLIGHT {
            continue;
        }
        match tables.notification::<Notification>(number)? {
            Some(notification) => {
                in_flight.insert(key);
                parcels.push(Parcel {
                    key,
                    number,
                    url: notification.url,
                    body: notification.body,
                });
            }
            None => tables.done(key)?,
        }
    }
    Ok(parcels)
}
