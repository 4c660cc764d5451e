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
mod receiver;
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
pub use self::forward::{
    ForwardOptions, THREADS as FORWARD_THREADS, header, shown as shown_target, shown_name, target,
};
pub use self::goals::{Goal, GoalProgress, Goals};
pub use self::received::{FileContents, Received};
pub use self::replay::{ReplayOptions, replay, selected};
pub use self::selection::Selection;

use self::auth::Auth;
use self::dedup::Dedup;
use self::destination::{Destination, Telling};
use self::reading::Reading;
use self::receiver::{Receiver, RequestHandler, Work};
use self::waiting::Waiting;
use crate::ending::Ending;
pub use crate::http::AuthScheme;
use crate::program;
use crate::server::Server;

/// The port unless another is given.
pub const PORT: u16 = 8484;
/// So many events wait for the command; then Bango has to wait for its answers.
const EVENTS: usize = 1024;
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
    let each = waiting.each(|number, mut received, places| {
        received.credentials = credential.cloned().into_iter().collect();
        let received = Arc::new(received);
        for place in places {
            match destinations.get(*place) {
                Some(to) if to.push(&received, Some(number)) => left.again += 1,
                Some(_) => left.too_many += 1,
                None => {
                    let name = waiting.name(*place).unwrap_or_default().to_owned();
                    if !left.other_destinations.contains(&name) {
                        left.other_destinations.push(name);
                    }
                }
            }
        }
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
