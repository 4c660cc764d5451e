//! Receives notifications: authenticates, deduplicates, saves, answers, passes on. Results go out as events; it prints nothing and knows no flag.
//!
//! A request goes from the server's thread, which refuses on its head, to the [`Receiver`]'s, and is answered there once it
//! is on disk. Only then do the command and the destinations ([`forward`], [`exec`]) learn of it, on threads of their own.

mod auth;
mod dedup;
mod event;
mod exec;
mod forward;
mod goals;
mod queue;
mod reading;
mod received;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use secrecy::SecretString;

pub use self::auth::Refusal;
pub use self::event::Event;
pub use self::exec::Program;
pub use self::forward::{ForwardOptions, THREADS as FORWARD_THREADS, target};
pub use self::goals::{Goal, GoalProgress, Goals};
pub use self::received::{FileContents, Received};

use self::auth::Auth;
use self::dedup::{Dedup, DedupVerdict};
use self::queue::Queue;
use self::reading::Reading;
use crate::ending::Ending;
use crate::files::log::Log;
pub use crate::http::AuthScheme;
use crate::program;
use crate::server::{Body, BodyPermit, Handler, Request, Responder, Response, Server};

/// The port unless another is given.
pub const PORT: u16 = 8484;
/// So many events wait for the command; then Bango has to wait for its answers.
const EVENTS: usize = 1024;
/// So many are made durable at once, at most, and not many more bytes than this.
const GROUP: usize = 1024;
const GROUP_BYTES: usize = 4 * 1024 * 1024;
/// A stranger must not keep a connection for long.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// How long work that is under way may take at the end.
const STOP_TIME: Duration = Duration::from_secs(10);

/// How long programs that are ended then may take for that.
const KILL_TIME: Duration = Duration::from_millis(500);

/// How to listen.
pub struct ListenOptions {
    /// Where to; port 0 picks a free one.
    pub address: SocketAddr,
    /// How Bango proves itself, and the secret; without one everybody is let in.
    pub auth: Option<(AuthScheme, SecretString)>,
    /// The file that every notification is saved in before it is answered.
    pub save: Option<PathBuf>,
    /// Where to forward notifications to.
    pub forward: Option<ForwardOptions>,
    /// What to run for each notification, and for how long at most.
    pub exec: Option<(Program, Duration)>,
}

/// A listener that runs until it is stopped.
pub struct RunningListener {
    server: Server,
    receiver: JoinHandle<Vec<Destination>>,
    programs_stopped: Arc<AtomicBool>,
    sender: SyncSender<Event>,
    /// What happens.
    pub events: mpsc::Receiver<Event>,
    /// What was found in the file.
    pub found: FileContents,
}

/// Starts to listen.
pub fn start(options: ListenOptions) -> Result<RunningListener, Ending> {
    let (sender, events) = sync_channel(EVENTS);
    let (requests, incoming) = channel();
    let mut dedup = Dedup::new(dedup::CAPACITY);
    let (mut log, mut found) = (None, FileContents::default());
    if let Some(path) = &options.save {
        let opened = received::open(path, |saved| {
            if let Ok(reading) = Reading::new(saved.notification.get().as_bytes()) {
                dedup.judge(saved.received_at, &saved.target, &reading);
            }
        })?;
        (log, found) = (Some(opened.0), opened.1);
    }
    // Bound before anything is passed on, so that a port that is taken leaves nothing half started.
    let handler = RequestHandler {
        auth: Auth(options.auth),
        requests,
        events: sender.clone(),
    };
    let server =
        Server::start(options.address, handler).map_err(|e| unbound(options.address, e))?;
    let programs_stopped = Arc::new(AtomicBool::new(false));
    let receiver = Receiver {
        dedup,
        log,
        destinations: destinations(options.forward, options.exec, &programs_stopped, &sender)?,
        events: sender.clone(),
    };
    let lost = sender.clone();
    let thread = std::thread::Builder::new().name("receiver".to_owned());
    let receiver = thread.spawn(move || {
        let destinations = receiver.run(&incoming);
        lost.send(Event::Lost).ok();
        destinations
    });
    let receiver = receiver.map_err(Ending::machine)?;
    Ok(RunningListener {
        server,
        receiver,
        programs_stopped,
        sender,
        events,
        found,
    })
}

fn unbound(address: SocketAddr, error: io::Error) -> Ending {
    let is_taken = error.kind() == io::ErrorKind::AddrInUse;
    let why = format!("listen cannot use the address {address}");
    let ending = Ending::machine(anyhow::Error::new(error).context(why));
    if is_taken {
        return ending.next("something else listens there; choose another port with --port");
    }
    ending
}

fn destinations(
    forward: Option<ForwardOptions>,
    exec: Option<(Program, Duration)>,
    programs_stopped: &Arc<AtomicBool>,
    events: &SyncSender<Event>,
) -> Result<Vec<Destination>, Ending> {
    let mut destinations = Vec::new();
    if let Some(forward) = forward {
        destinations.push(Destination {
            verb: "forwarded",
            queue: forward::start(forward, events.clone())?,
        });
    }
    if let Some((program, timeout)) = exec {
        let is_stopped = Arc::clone(programs_stopped);
        let queue = exec::start(program, timeout, is_stopped, events.clone());
        destinations.push(Destination {
            verb: "given to the program",
            queue: queue.map_err(Ending::machine)?,
        });
    }
    Ok(destinations)
}

impl RunningListener {
    /// Returns the address that is really bound.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Returns what sends [`Event::Woken`], from any thread and without ever waiting.
    pub fn waker(&self) -> impl Fn() + Send + 'static {
        let events = self.sender.clone();
        move || {
            // A full channel wakes the command by itself.
            events.try_send(Event::Woken).ok();
        }
    }

    /// Returns what ends the programs that run, for when there is no time to stop in order.
    pub fn program_stopper(&self) -> impl Fn() + Send + 'static {
        let programs_stopped = Arc::clone(&self.programs_stopped);
        move || {
            programs_stopped.store(true, Ordering::Release);
            std::thread::sleep(program::POLL * 5);
        }
    }

    /// Stops in order: takes no more, answers what has come, and lets what goes on finish for a while.
    ///
    /// Events keep coming, down to [`Event::Closed`]; the caller must take them.
    pub fn stop(self) -> io::Result<mpsc::Receiver<Event>> {
        let closing = std::thread::Builder::new().name("closing".to_owned());
        closing.spawn(move || {
            drop(self.server);
            let destinations = self.receiver.join().unwrap_or_default();
            let finish = |end| destinations.iter().map(|to| to.queue.finish(end)).sum();
            let unfinished = finish(Instant::now() + STOP_TIME);
            if self.programs_stopped.swap(true, Ordering::AcqRel) {
                // That one is about to end the process: this must not end it before, as if all were done.
                std::thread::park();
            }
            let _: usize = finish(Instant::now() + KILL_TIME);
            self.sender.send(Event::Closed(unfinished)).ok();
        })?;
        Ok(self.events)
    }
}

/// A request that has been let in, and the way to answer it.
type IncomingRequest = (Request, Responder);

/// What the server's thread does: it refuses on the head, or passes the whole request on.
struct RequestHandler {
    auth: Auth,
    requests: Sender<IncomingRequest>,
    events: SyncSender<Event>,
}

impl Handler for RequestHandler {
    fn head_timeout(&self) -> Duration {
        HEAD_TIMEOUT
    }

    fn refuse(&self, head: &Request) -> Option<Response> {
        let refusal = self.auth.check(head).err()?;
        let response = refusal.response();
        // If the command has time to hear it: strangers must not be able to hold up the server.
        let told = Event::Refused(head.peer, refusal);
        self.events.try_send(told).ok();
        Some(response)
    }

    fn handle(&self, request: Request, responder: Responder) {
        // A responder that is dropped here answers 500, so that Bango sends again.
        self.requests.send((request, responder)).ok();
    }
}

/// Where notifications go on to.
struct Destination {
    /// What happens there: "forwarded".
    verb: &'static str,
    queue: Queue<Arc<Received>>,
}

/// Judges, saves and answers, and only then passes on. One thread, so that order and file have one owner.
struct Receiver {
    dedup: Dedup,
    log: Option<Log>,
    destinations: Vec<Destination>,
    events: SyncSender<Event>,
}

/// What is made durable by one write, and answered then.
#[derive(Default)]
struct WriteGroup {
    bytes: usize,
    lines: Vec<u8>,
    /// A repetition has no notification.
    taken: Vec<(Responder, Option<(Received, String)>)>,
}

impl Receiver {
    /// Receives until no more can come, and returns where notifications went on to.
    fn run(mut self, requests: &mpsc::Receiver<IncomingRequest>) -> Vec<Destination> {
        let mut is_broken = false;
        while let Ok(first) = requests.recv() {
            if is_broken {
                unavailable(first.1);
                continue;
            }
            let mut group = WriteGroup::default();
            self.take(&mut group, first);
            while group.taken.len() < GROUP && group.bytes < GROUP_BYTES {
                let Ok(next) = requests.try_recv() else {
                    break;
                };
                self.take(&mut group, next);
            }
            if let Err(error) = self.finish(group) {
                is_broken = true;
                self.tell(Event::Unsaved(error));
            }
        }
        self.destinations
    }

    /// Reads and judges one; a body that is no notification is answered here.
    fn take(&mut self, group: &mut WriteGroup, (request, responder): IncomingRequest) {
        group.bytes += request.body.len();
        let reading = match Reading::new(&request.body) {
            Ok(reading) => reading,
            Err(error) => {
                let refusal = Refusal::new(400, error.to_string());
                responder.send(refusal.response());
                self.tell(Event::Refused(request.peer, refusal));
                return;
            }
        };
        let mut received = Received::new(request, reading.summary.clone());
        let verdict = self.dedup.judge(received.at, &received.target, &reading);
        if verdict == DedupVerdict::Repeated {
            group.taken.push((responder, None));
            return;
        }
        if verdict == DedupVerdict::FromTheFuture {
            let name = received.name();
            self.tell(Event::Note(format!(
                "{name}: dateLastUpdated is in the future; it is not used for ordering"
            )));
        }
        received.is_late = verdict == DedupVerdict::Late;
        let line = received.line(&reading.json);
        if self.log.is_some() {
            group.lines.extend(line.as_bytes());
            group.lines.push(b'\n');
        }
        if self.destinations.is_empty() {
            received.body = Vec::new();
        }
        group.taken.push((responder, Some((received, line))));
    }

    /// Saves, answers, tells and passes on, in this order.
    fn finish(&mut self, group: WriteGroup) -> io::Result<()> {
        if let Some(log) = &mut self.log
            && !group.lines.is_empty()
            && let Err(error) = log.append(&group.lines)
        {
            let responders = group.taken.into_iter().map(|(responder, _)| responder);
            responders.for_each(unavailable);
            return Err(error);
        }
        let answered = group.taken.into_iter().map(|(responder, received)| {
            let place = responder.send(Response {
                status: 200,
                headers: Vec::new(),
                body: Body::Bytes(Vec::new()),
            });
            (place, received)
        });
        // All of them are answered before any is passed on.
        for (place, received) in answered.collect::<Vec<_>>() {
            match received {
                None => self.tell(Event::Repeated),
                Some((received, line)) => self.pass_on(received, line, place),
            }
        }
        Ok(())
    }

    fn pass_on(&self, received: Received, line: String, place: BodyPermit) {
        let received = Arc::new(received);
        self.tell(Event::Received(Arc::clone(&received), line, place));
        for Destination { verb, queue } in &self.destinations {
            let key = received.summary.entitlement_id().unwrap_or_default();
            if !queue.push(&key, Arc::clone(&received), received.body.len()) {
                let name = received.name();
                let told = format!("{name} was not {verb}: too many are waiting already");
                self.tell(Event::Failed(told));
            }
        }
    }

    fn tell(&self, event: Event) {
        self.events.send(event).ok();
    }
}

/// Asks Bango to send it again.
fn unavailable(responder: Responder) {
    responder.send(Refusal::new(503, "notifications cannot be saved at the moment").response());
}
