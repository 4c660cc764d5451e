//! A sandbox that runs in this process, or that was found running: starting it, waiting on it, ending it with its last owner.

use std::io;
use std::net::SocketAddr;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

use super::engine::{Engine, Job};
use super::probe::{Neighbour, probe};
use super::settings::Settings;
use super::store::Store;
use super::{Options, routes};
use crate::server::Server;

/// A sandbox that runs in this process until it is dropped.
pub struct Running {
    // Dropped in this order: first no request comes in any more, then the engine ends.
    server: Server,
    engine: Engine,
    origin: String,
}

/// Starts a sandbox.
///
/// # Errors
///
/// If the state file cannot be opened (another sandbox may hold it) or the address cannot be bound.
pub fn start(options: Options) -> Result<Running> {
    let store = Store::open(options.state.as_deref())?;
    let (jobs, queue) = channel();
    let sender = jobs.clone();
    let server = Server::start(options.address, move |request, responder| {
        sender
            .send(Job::Request(request, responder, Instant::now()))
            .ok();
    })
    .map_err(|error| taken(&error, options.address))?;
    let settings = Settings {
        catalog: options.catalog,
        authorization: Settings::authorization(&options.username, &options.password),
        rate_limit: options.rate_limit,
        notification_auth: options.notification_auth,
        duplicate_notifications: options.duplicate_notifications,
        shuffle_notifications: options.shuffle_notifications,
        link_lifetime: options.link_lifetime,
        address: server.address(),
    };
    let origin = settings.own_origin();
    let engine = Engine::start((jobs, queue), store, settings, options.observer)?;
    Ok(Running {
        server,
        engine,
        origin,
    })
}

/// Tells a port that a sandbox has from one that something else has.
fn taken(error: &io::Error, address: SocketAddr) -> anyhow::Error {
    if error.kind() != io::ErrorKind::AddrInUse {
        return anyhow!("the sandbox cannot listen on {address}: {error}");
    }
    match probe(address) {
        Neighbour::Sandbox => anyhow!(
            "a sandbox already answers on {address}; use that one, or choose another port with --port"
        ),
        _ => anyhow!("something else listens on {address}; choose another port with --port"),
    }
}

/// A sandbox that can be used.
pub enum Reached {
    /// One that was started in this process.
    Started(Running),
    /// One that answered already, with its base URL. Its credentials are not known.
    Found(String),
}

/// Uses the sandbox that already answers on the address, or starts one there.
///
/// # Errors
///
/// If something else listens there, or as [`start`].
pub fn reach(options: Options) -> Result<Reached> {
    let address = options.address;
    match probe(address) {
        Neighbour::Sandbox => Ok(Reached::Found(format!("http://{address}{}", routes::BASE))),
        Neighbour::Stranger => Err(taken(&io::ErrorKind::AddrInUse.into(), address)),
        Neighbour::Nobody => start(options).map(Reached::Started),
    }
}

impl Running {
    /// Returns the origin, for the pages: `http://127.0.0.1:4242`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns the API's base URL, for a client: `http://127.0.0.1:4242/v1`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("{}{}", self.origin, routes::BASE)
    }

    /// Returns the address that is really bound.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Waits until every notification that is due has been tried, so that a short-lived sandbox does not end before.
    pub fn settle(&self, longest: Duration) {
        let end = Instant::now() + longest;
        while self
            .engine
            .look(|_, unsent| unsent)
            .is_some_and(|unsent| unsent > 0)
            && Instant::now() < end
        {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started() -> Running {
        let mut options = Options::ephemeral().unwrap();
        options.address.set_port(0);
        start(options).unwrap()
    }

    #[test]
    fn a_sandbox_is_found_where_one_answers() {
        let running = started();
        let mut options = Options::ephemeral().unwrap();
        options.address = running.address();
        match reach(options).unwrap() {
            Reached::Found(base_url) => assert_eq!(base_url, running.base_url()),
            Reached::Started(_) => panic!("started a second one"),
        }
        let address = running.address();
        drop(running);
        let mut options = Options::ephemeral().unwrap();
        options.address = address;
        match reach(options).unwrap() {
            Reached::Started(running) => assert_eq!(running.address(), address),
            Reached::Found(_) => panic!("found one that has ended"),
        }
    }
}
