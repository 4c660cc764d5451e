//! A local imitation of the Bango Platform. It shares no code with the API client, so that each checks the other.
//!
//! A request goes from the server's thread to the [`engine`]'s, through [`dispatch`] to one operation, and back once what it
//! changed is on disk.

mod answer;
mod bomb;
mod call;
mod catalog;
mod changes;
mod create;
mod dashboard;
mod dispatch;
mod ending;
mod engine;
mod faults;
mod fields;
mod lifecycle;
mod log;
mod merchant;
mod notifier;
mod openapi;
mod outbox;
mod page;
mod probe;
mod reading;
mod record;
mod registration;
mod routes;
mod settings;
mod store;
mod tables;
mod update;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use etcetera::BaseStrategy as _;

pub use self::catalog::{BUILT_IN as BUILT_IN_CATALOG, Catalog};
pub use self::log::RequestLine;
pub use self::probe::{Neighbour, probe};
pub use self::settings::NotificationAuth;

use self::engine::{Engine, Job};
use self::settings::Settings;
use self::store::Store;
use crate::server::Server;

/// The port unless another is given.
pub const PORT: u16 = 4242;
/// The user name and the password unless others are given.
pub const CREDENTIALS: (&str, &str) = ("sandbox", "sandbox");

/// Is told about every API call, registration and act of a merchant; called from the sandbox's thread, so it must be quick.
pub type Observer = Box<dyn Fn(&RequestLine) + Send + Sync>;

/// How to start a sandbox.
pub struct Options {
    /// Where to listen; port 0 picks a free one.
    pub address: SocketAddr,
    /// The state file; without one everything is forgotten at the end.
    pub state: Option<PathBuf>,
    /// The user name that API calls must give.
    pub username: String,
    /// The password that API calls must give.
    pub password: String,
    /// What is sold.
    pub catalog: Catalog,
    /// The most API requests per second.
    pub rate_limit: Option<u32>,
    /// How notifications are authenticated.
    pub notification_auth: NotificationAuth,
    /// Whether each notification is sent twice.
    pub duplicate_notifications: bool,
    /// Whether notifications are held back at random, so that they overtake each other.
    pub shuffle_notifications: bool,
    /// How long a registration link works.
    pub link_lifetime: Duration,
    /// Who is told about requests.
    pub observer: Observer,
}

impl Options {
    /// Returns the options of a sandbox on the usual port that forgets everything.
    ///
    /// # Errors
    ///
    /// If the built-in catalog is broken.
    pub fn ephemeral() -> Result<Self> {
        Ok(Self {
            address: (Ipv4Addr::LOCALHOST, PORT).into(),
            state: None,
            username: CREDENTIALS.0.to_owned(),
            password: CREDENTIALS.1.to_owned(),
            catalog: Catalog::parse(BUILT_IN_CATALOG)?,
            rate_limit: None,
            notification_auth: NotificationAuth::None,
            duplicate_notifications: false,
            shuffle_notifications: false,
            link_lifetime: Duration::from_secs(3600),
            observer: Box::new(|_| {}),
        })
    }
}

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
    .with_context(|| format!("the sandbox cannot listen on {}", options.address))?;
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

    /// Returns the status of an entitlement, as on the wire.
    #[must_use]
    pub fn status(&self, entitlement: &str) -> Option<&'static str> {
        let id = entitlement.to_owned();
        self.engine
            .look(move |tables, _| {
                tables
                    .entitlement(&id)
                    .ok()
                    .flatten()
                    .map(|record| record.status().name())
            })
            .flatten()
    }

    #[expect(dead_code, reason = "the embedded sandbox of `create` is its user")]
    /// Waits until an entitlement has another status than `from`, and returns that; nothing if the time runs out or there is
    /// no such entitlement.
    #[must_use]
    pub fn wait_for_change(
        &self,
        entitlement: &str,
        from: &str,
        longest: Duration,
    ) -> Option<&'static str> {
        let end = Instant::now() + longest;
        loop {
            let seen = self.engine.changes().count();
            let status = self.status(entitlement)?;
            let left = end.saturating_duration_since(Instant::now());
            if status != from {
                return Some(status);
            }
            if left.is_zero() {
                return None;
            }
            self.engine.changes().wait(seen, left);
        }
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

/// Returns where the state is kept unless another file is given: under the XDG state directory.
///
/// # Errors
///
/// If there is no home directory.
pub fn state_file() -> Result<PathBuf> {
    let strategy =
        etcetera::base_strategy::choose_base_strategy().context("there is no home directory")?;
    let folder = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
    Ok(folder.join("bango-ent").join("sandbox.redb"))
}

/// Empties a state file.
///
/// # Errors
///
/// If a sandbox is using it, or it cannot be written.
pub fn reset(state: &Path) -> Result<()> {
    Store::open(Some(state))?.clear()
}
