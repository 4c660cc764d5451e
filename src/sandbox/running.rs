//! A sandbox that runs in this process, or that was found running: starting it, waiting on it, ending it with its last owner.

use std::io;
use std::net::SocketAddr;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::anyhow;

use super::client::{PROBE_TIMEOUT, PROBED, Probed, probe};
use super::engine::{Engine, EngineJob};
use super::routes;
use super::settings::{Config, SandboxEvent, SandboxOptions};
use super::store::{StartError, StateStore};
use crate::http::in_words;
use crate::server::{Request, Responder, Server};

/// How long commands that start at the same time may take to agree which of them runs the sandbox.
const AGREEMENT: Duration = Duration::from_secs(10);
/// How long a sandbox is kept for a process that has found it, until its first request.
const KEPT_AFTER_PROBE: Duration = Duration::from_secs(2);
/// How long after a request of such a process.
const KEPT_AFTER_REQUEST: Duration = Duration::from_millis(500);
const LONGEST_WAIT_FOR_OTHERS: Duration = Duration::from_secs(10);
/// How long notifications that are due may take before a sandbox ends.
const LONGEST_WAIT_FOR_DELIVERY: Duration = Duration::from_secs(1);

/// A sandbox that runs in this process until it is dropped.
pub struct Sandbox {
    // Dropped in this order: first no request comes in any more, then the engine ends.
    server: Server,
    engine: Engine,
    origin: String,
    /// Until when it is kept, once another process has found it.
    kept_until: Arc<Mutex<Option<Instant>>>,
}

/// Starts a sandbox.
pub fn start(options: SandboxOptions) -> Result<Sandbox, StartError> {
    let store = StateStore::open(options.state.as_deref(), &|problem| {
        (options.observer)(SandboxEvent::State(problem));
    })?;
    let (jobs, queue) = channel();
    let sender = jobs.clone();
    let kept_until = Arc::new(Mutex::new(None));
    let until = Arc::clone(&kept_until);
    let handle = move |request: Request, responder: Responder| {
        let now = Instant::now();
        if let Ok(mut until) = until.lock() {
            if request.method == "HEAD" && request.path == PROBED {
                *until = Some(now + KEPT_AFTER_PROBE);
            }
            *until = until.map(|time| time.max(now + KEPT_AFTER_REQUEST));
        }
        let job = EngineJob::Request(request, responder, now);
        sender.send(job).ok();
    };
    let server = Server::start(options.address, handle)
        .map_err(|error| cannot_listen(&error, options.address))?;
    let config = Config::new(options, server.address());
    let origin = config.own_origin();
    let engine = Engine::start((jobs, queue), store, config)?;
    Ok(Sandbox {
        server,
        engine,
        origin,
        kept_until,
    })
}

/// Tells a port that a sandbox has from one that something else has.
fn cannot_listen(error: &io::Error, address: SocketAddr) -> StartError {
    if error.kind() != io::ErrorKind::AddrInUse {
        let why = in_words(error);
        return anyhow!("the sandbox cannot listen on {address}: {why}").into();
    }
    let other = "choose another port with BANGO_SANDBOX_PORT or sandbox --port";
    match probe(&format!("http://{address}"), PROBE_TIMEOUT) {
        Probed::Sandbox => StartError::Running(format!(
            "a sandbox already answers on {address}; use that one with --sandbox, stop it with Ctrl-C in its terminal, or {other}"
        )),
        _ => StartError::PortInUse(format!("something else listens on {address}; {other}")),
    }
}

/// A sandbox that can be used.
pub enum Reached {
    /// One that was started in this process.
    Started(Sandbox),
    /// One that answered already, with its origin. Its credentials are not known.
    Found(String),
}

/// Uses the sandbox that already answers on the address, or starts one there. Of several processes that do so at the same time
/// one starts it, and the others find it.
pub fn reach(options: &SandboxOptions) -> Result<Reached, StartError> {
    let give_up = Instant::now() + AGREEMENT;
    let address = options.address;
    loop {
        let origin = format!("http://{address}");
        match probe(&origin, PROBE_TIMEOUT) {
            Probed::Sandbox => return Ok(Reached::Found(origin)),
            Probed::Other => return Err(cannot_listen(&io::ErrorKind::AddrInUse.into(), address)),
            Probed::Nothing => {}
        }
        match start(options.clone()) {
            Err(StartError::Running(_) | StartError::PortInUse(_)) if Instant::now() < give_up => {
                std::thread::sleep(Duration::from_millis(20));
            }
            started => return started.map(Reached::Started),
        }
    }
}

/// The API's base URL below an origin, for a client: `http://127.0.0.1:4242/v1`.
pub fn base_url(origin: &str) -> String {
    format!("{origin}{}", routes::BASE)
}

impl Sandbox {
    /// The origin, for the pages: `http://127.0.0.1:4242`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The address that is really bound.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Waits until other processes that have found it are done with it.
    pub fn wait_for_others(&self) {
        wait(LONGEST_WAIT_FOR_OTHERS, || {
            let until = self.kept_until.lock().ok().and_then(|until| *until);
            until.is_none_or(|until| until < Instant::now())
        });
    }

    /// Waits until the notifications that are due have been tried, so that a short-lived sandbox does not end before.
    pub fn wait_for_delivery(&self) {
        wait(LONGEST_WAIT_FOR_DELIVERY, || self.engine.unsent() == 0);
    }
}

fn wait(longest: Duration, is_over: impl Fn() -> bool) {
    let end = Instant::now() + longest;
    while !is_over() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(5));
    }
}
