//! A local imitation of the Bango Platform. It shares no code with the API client, so that each checks the other.
//!
//! A request goes from the server's thread to the [`engine`]'s, through [`dispatch`] to one operation, and back once what it
//! changed is on disk.

mod answer;
mod call;
mod catalog;
mod dashboard;
mod dispatch;
mod engine;
mod fault_bodies;
mod faults;
mod fields;
mod lifecycle;
mod notifications;
mod openapi;
mod operations;
mod page;
mod recent;
mod record;
mod registration;
mod routes;
mod running;
mod settings;
mod state;
mod store;

pub use self::catalog::Catalog;
pub use self::recent::RequestLine;
pub use self::running::{Reached, Running, reach, start};
pub use self::settings::{Event, Options, state_file};
pub use self::store::reset;
pub use crate::server::AuthScheme;

/// The port unless another is given.
pub const PORT: u16 = 4242;
/// The user name and the password unless others are given.
pub const CREDENTIALS: (&str, &str) = ("sandbox", "sandbox");
