//! A local imitation of the Bango Platform. It shares no code with the API client, so that each checks the other.
//!
//! A request goes from the server's thread to the [`engine`]'s, through [`dispatch`] to one operation, and back once what it
//! changed is on disk.

mod answer;
mod bomb;
mod call;
mod catalog;
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
mod router;
mod routes;
mod running;
mod settings;
mod spoilt;
mod store;
mod tables;
mod update;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use etcetera::BaseStrategy as _;

pub use self::catalog::{BUILT_IN as BUILT_IN_CATALOG, Catalog};
pub use self::log::RequestLine;
pub use self::running::{Reached, Running, reach, start};
pub use self::settings::NotificationAuth;

use self::store::Store;

/// The port unless another is given.
pub const PORT: u16 = 4242;
/// The user name and the password unless others are given.
pub const CREDENTIALS: (&str, &str) = ("sandbox", "sandbox");

const PORT_VARIABLE: &str = "BANGO_SANDBOX_PORT";
const USERNAME_VARIABLE: &str = "BANGO_SANDBOX_USERNAME";
const PASSWORD_VARIABLE: &str = "BANGO_SANDBOX_PASSWORD";

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

    /// Returns the options of a sandbox as the environment names them: port, credentials, and the state file under the XDG
    /// state directory.
    ///
    /// # Errors
    ///
    /// If the port is none, or there is no home directory.
    pub fn from_environment() -> Result<Self> {
        let read = |name| {
            std::env::var(name)
                .ok()
                .filter(|value: &String| !value.is_empty())
        };
        let mut options = Self::ephemeral()?;
        if let Some(port) = read(PORT_VARIABLE) {
            let port: u16 = port
                .parse()
                .with_context(|| format!("{PORT_VARIABLE}={port} is no port"))?;
            options.address.set_port(port);
        }
        options.username = read(USERNAME_VARIABLE).unwrap_or(options.username);
        options.password = read(PASSWORD_VARIABLE).unwrap_or(options.password);
        options.state = Some(state_file()?);
        Ok(options)
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
