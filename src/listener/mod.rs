//! Receives notifications: authenticates, deduplicates, saves, answers, passes on. Results go out as events; it prints nothing and knows no flag.
//!
//! A request goes from the server's thread, which refuses on its head, to the [`Receiver`]'s, and is answered there once it
//! is on disk. Only then do the command and the destinations ([`forward`], [`exec`]) learn of it, on threads of their own;
//! what they have not taken [`waiting`] keeps.

mod auth;
mod dedup;
mod destination;
mod event;
mod exec;
mod forward;
mod goals;
mod queue;
mod reading;
mod received;
mod replay;
mod selection;
mod waiting;

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
pub use self::destination::DestinationOptions;
pub use self::event::Event;
pub use self::exec::Program;
pub use self::forward::{
    ForwardOptions, THREADS as FORWARD_THREADS, header, shown as shown_target, target,
};
pub use self::goals::{Goal, GoalProgress, Goals};
pub use self::received::{FileContents, Received};
pub use self::replay::{ReplayOptions, replay, selected};
pub use self::selection::Selection;

use self::auth::Auth;
use self::dedup::{Dedup, DedupVerdict};
use self::destination::{Destination, Telling};
use self::reading::Reading;
use self::waiting::Waiting;
use crate::ending::{Ending, in_words};
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
    /// Where notifications go on to.
    pub destinations: DestinationOptions,
    /// Which ones go on; all are answered and saved.
    pub only: Selection,
}

/// A listener that runs until it is stopped.
pub struct RunningListener {
    server: Server,
    receiver: JoinHandle<()>,
    work: Sender<Work>,
    destinations: mpsc::Receiver<Vec<Destination>>,
    programs_stopped: Arc<AtomicBool>,
    sender: SyncSender<Event>,
    /// What happens.
    pub events: mpsc::Receiver<Event>,
    /// What was found in the file.
    pub found: FileContents,
    /// What an earlier run had not handed on.
    pub left: Leftover,
}

/// What an earlier run had not handed on.
#[derive(Debug, Default)]
pub struct Leftover {
    /// So many are handed on now.
    pub again: usize,
    /// The destinations that are not among those of this run, for which some are kept.
    pub other_destinations: Vec<String>,
    /// So many found no room, and wait for another start.
    pub too_many: usize,
}

/// Starts to listen.
pub fn start(options: ListenOptions) -> Result<RunningListener, Ending> {
    let (sender, events) = sync_channel(EVENTS);
    let (work, incoming) = channel();
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
    let names = options.destinations.names();
    let mut waiting = match &options.save {
        Some(path) if !names.is_empty() => Some(Waiting::open(path, names)?),
        _ => None,
    };
    // Bound before anything is passed on, so that a port that is taken leaves nothing half started.
    let credential = options.auth.as_ref().map(|(scheme, it)| scheme.header(it));
    let handler = RequestHandler {
        auth: Auth(options.auth),
        work: work.clone(),
        events: sender.clone(),
    };
    let server =
        Server::start(options.address, handler).map_err(|e| unbound(options.address, e))?;
    let programs_stopped = Arc::new(AtomicBool::new(false));
    let destinations = options
        .destinations
        .start(&programs_stopped, &telling(&sender, &work))?;
    let left = match &mut waiting {
        Some(waiting) => push_again(waiting, &destinations, credential.as_ref())?,
        None => Leftover::default(),
    };
    let receiver = Receiver {
        dedup,
        log,
        waiting,
        destinations,
        only: options.only,
        events: sender.clone(),
    };
    let (hand_back, destinations) = channel();
    let thread = std::thread::Builder::new().name("receiver".to_owned());
    let receiver = thread.spawn(move || receiver.run(&incoming, &hand_back));
    let receiver = receiver.map_err(Ending::machine)?;
    Ok(RunningListener {
        server,
        receiver,
        work,
        destinations,
        programs_stopped,
        sender,
        events,
        found,
        left,
    })
}

/// Lets hand-overs tell the command how they went, and the receiver which were taken.
fn telling(events: &SyncSender<Event>, work: &Sender<Work>) -> Telling {
    let work = work.clone();
    Telling {
        events: events.clone(),
        taken: Arc::new(move |number, place| {
            work.send(Work::Taken(number, place)).ok();
        }),
    }
}

/// Hands on what an earlier run had left, before anything new. Its authentication was not kept; this run's stands for it.
fn push_again(
    waiting: &mut Waiting,
    destinations: &[Destination],
    credential: Option<&(&'static str, SecretString)>,
) -> Result<Leftover, Ending> {
    let mut left = Leftover::default();
    let each = waiting.each(|mut owed| {
        owed.received.credentials = credential.cloned().into_iter().collect();
        let received = Arc::new(owed.received);
        for place in owed.places {
            match destinations.get(place) {
                Some(to) if to.push(&received, Some(owed.number)) => left.again += 1,
                Some(_) => left.too_many += 1,
                None => {
                    let name = waiting.name(place).unwrap_or_default().to_owned();
                    if !left.other_destinations.contains(&name) {
                        left.other_destinations.push(name);
                    }
                }
            }
        }
        true
    });
    each.map_err(Ending::machine)?;
    Ok(left)
}

fn unbound(address: SocketAddr, error: io::Error) -> Ending {
    let is_taken = error.kind() == io::ErrorKind::AddrInUse;
    let ending = Ending::failed(format!("listen cannot use the address {address}"), error);
    if is_taken {
        return ending.next("something else listens there; choose another port with --port");
    }
    ending
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
            let destinations = self.destinations.recv().unwrap_or_default();
            let finish = |end| destinations.iter().map(|to| to.finish(end)).sum();
            let unfinished = finish(Instant::now() + STOP_TIME);
            if self.programs_stopped.swap(true, Ordering::AcqRel) {
                // That one is about to end the process: this must not end it before, as if all were done.
                std::thread::park();
            }
            let _: usize = finish(Instant::now() + KILL_TIME);
            self.work.send(Work::End(unfinished)).ok();
            self.receiver.join().ok();
            self.sender.send(Event::Closed).ok();
        })?;
        Ok(self.events)
    }
}

/// What the receiver has to do.
enum Work {
    /// A request that has been let in, and the way to answer it.
    Request(Request, Responder),
    /// Note that a destination has taken a notification.
    Taken(u64, usize),
    /// No request will come any more.
    NoMore,
    /// Nothing at all will come any more; so many hand-overs have not ended.
    End(usize),
}

/// What the server's thread does: it refuses on the head, or passes the whole request on.
struct RequestHandler {
    auth: Auth,
    work: Sender<Work>,
    events: SyncSender<Event>,
}

impl Drop for RequestHandler {
    fn drop(&mut self) {
        self.work.send(Work::NoMore).ok();
    }
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
        self.work.send(Work::Request(request, responder)).ok();
    }
}

/// Judges, saves and answers, and only then passes on. One thread, so that order and file have one owner.
struct Receiver {
    dedup: Dedup,
    log: Option<Log>,
    waiting: Option<Waiting>,
    destinations: Vec<Destination>,
    only: Selection,
    events: SyncSender<Event>,
}

/// What is made durable by one write, and answered then.
#[derive(Default)]
struct WriteGroup {
    bytes: usize,
    lines: Vec<u8>,
    /// The lines of the file of what waits.
    owed: Vec<u8>,
    taken: Vec<(Responder, Option<NewNotification>)>,
}

/// A notification that is no repetition, its line, and its number in the file of what waits.
struct NewNotification {
    received: Received,
    line: String,
    number: Option<u64>,
}

impl Receiver {
    /// Receives until no more can come, hands the destinations back, and notes what they take until the end.
    fn run(mut self, work: &mpsc::Receiver<Work>, hand_back: &Sender<Vec<Destination>>) {
        let mut is_broken = false;
        while let Ok(first) = work.recv() {
            let mut group = WriteGroup::default();
            let first_number = self.waiting.as_ref().map_or(0, Waiting::next);
            let mut next = Some(first);
            while let Some(work_item) = next.take() {
                match work_item {
                    Work::Request(_, responder) if is_broken => unavailable(responder),
                    Work::Request(request, responder) => {
                        self.take(&mut group, request, responder);
                    }
                    Work::Taken(number, place) => {
                        if let Some(waiting) = &mut self.waiting {
                            waiting.taken(number, place);
                        }
                    }
                    Work::NoMore => {
                        is_broken |= !self.finish(group, first_number);
                        hand_back.send(std::mem::take(&mut self.destinations)).ok();
                        self.tell(Event::Lost);
                        group = WriteGroup::default();
                    }
                    Work::End(unfinished) => return self.end(unfinished),
                }
                if group.taken.len() < GROUP && group.bytes < GROUP_BYTES {
                    next = work.try_recv().ok();
                }
            }
            is_broken |= !self.finish(group, first_number);
        }
    }

    /// Tells what was not handed on, and whether it is kept.
    fn end(&mut self, unfinished: usize) {
        let Some(waiting) = &mut self.waiting else {
            if unfinished > 0 {
                self.tell(Event::Unfinished(unfinished));
            }
            return;
        };
        let tidied = waiting.tidy();
        let (count, path) = (waiting.count(), waiting.path().to_owned());
        if let Err(error) = tidied {
            let (name, error) = (path.display(), in_words(&error));
            self.tell(Event::Failed(format!(
                "{name} cannot be written: {error}; what was handed on may be handed on again at the next start"
            )));
        }
        if count > 0 {
            self.tell(Event::Kept(count, path));
        }
    }

    /// Reads and judges one; a body that is no notification is answered here.
    fn take(&mut self, group: &mut WriteGroup, request: Request, responder: Responder) {
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
        let goes_on = !self.destinations.is_empty() && self.only.takes(&received.summary);
        let places = self.destinations.len();
        let waiting = self.waiting.as_mut().filter(|_| goes_on);
        let number = waiting.map(|it| it.add(&received, places, &mut group.owed));
        if !goes_on {
            received.body = Vec::new();
        }
        let new = NewNotification {
            received,
            line,
            number,
        };
        group.taken.push((responder, Some(new)));
    }

    /// Saves, answers, tells and passes on, in this order; false if it cannot be saved.
    fn finish(&mut self, group: WriteGroup, first: u64) -> bool {
        if let Err(error) = self.save(&group, first) {
            let responders = group.taken.into_iter().map(|(responder, _)| responder);
            responders.for_each(unavailable);
            self.tell(Event::Unsaved(error));
            return false;
        }
        let answered = group.taken.into_iter().map(|(responder, new)| {
            let place = responder.send(Response {
                status: 200,
                headers: Vec::new(),
                body: Body::Bytes(Vec::new()),
            });
            (place, new)
        });
        // All of them are answered before any is passed on.
        for (place, new) in answered.collect::<Vec<_>>() {
            match new {
                None => self.tell(Event::Repeated),
                Some(new) => self.pass_on(new, place),
            }
        }
        true
    }

    /// What waits is written first: what is saved counts as received, and would not be handed on after a crash in between.
    fn save(&mut self, group: &WriteGroup, first: u64) -> io::Result<()> {
        if let Some(waiting) = &mut self.waiting {
            waiting.write(&group.owed, first)?;
        }
        match &mut self.log {
            Some(log) if !group.lines.is_empty() => log.append(&group.lines),
            _ => Ok(()),
        }
    }

    fn pass_on(&self, new: NewNotification, place: BodyPermit) {
        let received = Arc::new(new.received);
        self.tell(Event::Received(Arc::clone(&received), new.line, place));
        if !self.only.takes(&received.summary) {
            return;
        }
        for destination in &self.destinations {
            if !destination.push(&received, new.number) {
                let (name, to) = (received.name(), destination.name());
                let kept = new.number.map_or("", |_| "; it waits for the next start");
                let told =
                    format!("{name} was not handed on to {to}: too many are waiting already{kept}");
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
