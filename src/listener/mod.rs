//! Receives notifications: proves, judges, saves, answers, hands on. Results go out as events; it prints nothing and knows no flag.
//!
//! A request goes from the server's thread through the [`auth`] to the [`inbox`]'s, and is answered there once it is on
//! disk. Only then do the command, the [`relay`] and the [`runner`] learn of it, on threads of their own.

mod arrival;
mod auth;
mod goals;
mod inbox;
mod lanes;
mod ledger;
mod relay;
mod runner;
mod seen;
mod window;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use secrecy::SecretString;

pub use self::arrival::Arrival;
pub use self::auth::Refusal;
pub use self::goals::{Goal, Goals, Progress};
pub use self::ledger::Found;
pub use self::relay::{Options as Forward, THREADS as FORWARD_THREADS, Target};
pub use self::runner::Program;
pub use crate::server::AuthScheme;

use self::auth::Auth;
use self::inbox::{Delivery, Inbox, Outlet};
use self::ledger::Ledger;
use self::seen::Seen;
use crate::server::{Handler, Request, Responder, Response, Server};

/// The port unless another is given.
pub const PORT: u16 = 8484;
/// So many events wait for the command; then Bango has to wait for its answers.
const EVENTS: usize = 1024;
/// How long work that is under way may take at the end.
const PATIENCE: Duration = Duration::from_secs(10);

/// How to listen.
pub struct Options {
    /// Where to; port 0 picks a free one.
    pub address: SocketAddr,
    /// How Bango proves itself, and the secret; without one everybody is let in.
    pub auth: Option<(AuthScheme, SecretString)>,
    /// The file that every notification is saved in before it is answered.
    pub save: Option<PathBuf>,
    /// Whom to hand notifications on to.
    pub forward: Option<Forward>,
    /// What to run for each notification.
    pub program: Option<Program>,
}

/// What happens while listening.
#[derive(Debug)]
pub enum Event {
    /// A notification that is not a repetition; it has been answered with 200.
    Arrived(Arc<Arrival>),
    /// A repetition; it has been answered with 200.
    Repeated,
    /// A request that was not let in.
    Refused(SocketAddr, Refusal),
    /// Something that may pass has happened to a notification that was answered.
    Note(String),
    /// A notification that was answered has not gone on.
    Trouble(String),
    /// The file cannot be written; from now on everything is answered with 503.
    Unsaved(io::Error),
    /// Nothing can be received any more, though nobody asked for that.
    Deaf,
    /// Somebody has asked for attention.
    Woken,
    /// All is done after a stop, but for so many notifications that had not gone on.
    Closed(usize),
}

/// A listener that runs until it is stopped.
pub struct Running {
    server: Server,
    inbox: JoinHandle<Vec<Outlet>>,
    stopping: Arc<AtomicBool>,
    events: SyncSender<Event>,
    /// What happens.
    pub receiver: Receiver<Event>,
    /// What was found in the file.
    pub found: Found,
}

/// Starts to listen.
///
/// # Errors
///
/// If the address cannot be bound, or the file or the network settings cannot be used.
pub fn start(options: Options) -> Result<Running> {
    let (events, receiver) = sync_channel(EVENTS);
    let (deliveries, incoming) = channel();
    let mut seen = Seen::new(seen::CAPACITY);
    let (mut ledger, mut found) = (None, Found::default());
    if let Some(path) = &options.save {
        let opened = Ledger::open(path, |notification| {
            seen.judge(notification);
        })?;
        (ledger, found) = (Some(opened.0), opened.1);
    }
    // Bound before anything is handed on, so that a port that is taken leaves nothing half started.
    let door = Door {
        auth: Auth(options.auth),
        deliveries,
        events: events.clone(),
    };
    let server = Server::start(options.address, door)
        .with_context(|| format!("listen cannot use the address {}", options.address))?;
    let inbox = Inbox {
        seen,
        ledger,
        outlets: outlets(options.forward, options.program, &events)?,
        events: events.clone(),
    };
    let stopping = Arc::new(AtomicBool::new(false));
    let (asked, told) = (Arc::clone(&stopping), events.clone());
    let inbox = std::thread::Builder::new()
        .name("inbox".to_owned())
        .spawn(move || {
            let outlets = inbox.run(&incoming);
            if !asked.load(Ordering::Acquire) {
                told.send(Event::Deaf).ok();
            }
            outlets
        })?;
    Ok(Running {
        server,
        inbox,
        stopping,
        events,
        receiver,
        found,
    })
}

/// What the server's thread does: it refuses on the head, or passes the whole request on.
struct Door {
    auth: Auth,
    deliveries: Sender<Delivery>,
    events: SyncSender<Event>,
}

impl Handler for Door {
    fn refuse(&self, head: &Request) -> Option<Response> {
        let refusal = self.auth.check(head).err()?;
        let response = refusal.response();
        // If nobody has time to hear it: strangers must not be able to hold up the server.
        self.events
            .try_send(Event::Refused(head.peer, refusal))
            .ok();
        Some(response)
    }

    fn handle(&self, request: Request, responder: Responder) {
        // A responder that is dropped here answers 500, so that Bango sends again.
        self.deliveries.send((request, responder)).ok();
    }
}

fn outlets(
    forward: Option<Forward>,
    program: Option<Program>,
    events: &SyncSender<Event>,
) -> Result<Vec<Outlet>> {
    let mut outlets = Vec::new();
    if let Some(forward) = forward {
        outlets.push(Outlet {
            verb: "forwarded",
            lanes: relay::start(forward, events.clone())?,
        });
    }
    if let Some(program) = program {
        outlets.push(Outlet {
            verb: "given to the program",
            lanes: runner::start(program, events.clone())?,
        });
    }
    Ok(outlets)
}

impl Running {
    /// Returns the address that is really bound.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Returns what sends [`Event::Woken`], from any thread and without ever waiting.
    pub fn waker(&self) -> impl Fn() + Send + 'static {
        let events = self.events.clone();
        move || {
            // A full channel wakes the command by itself.
            events.try_send(Event::Woken).ok();
        }
    }

    /// Stops in order: takes no more, answers what has come, and lets what goes on finish for a while.
    ///
    /// Events keep coming, down to [`Event::Closed`]; somebody must take them.
    ///
    /// # Errors
    ///
    /// If the thread for it cannot be started.
    pub fn stop(self) -> io::Result<Receiver<Event>> {
        self.stopping.store(true, Ordering::Release);
        let closing = std::thread::Builder::new().name("closing".to_owned());
        closing.spawn(move || {
            drop(self.server);
            let outlets = self.inbox.join().unwrap_or_default();
            let end = Instant::now() + PATIENCE;
            let unfinished = outlets.iter().map(|outlet| outlet.lanes.finish(end)).sum();
            self.events.send(Event::Closed(unfinished)).ok();
        })?;
        Ok(self.receiver)
    }
}
