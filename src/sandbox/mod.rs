//! A local imitation of the Bango Platform. It shares no code with the API client, so that each checks the other: the names on
//! the wire are spelt here once more, on purpose.
//!
//! A request goes from the server's thread to the [`engine`]'s, through [`dispatch`] to one operation, and back once what it
//! changed is on disk.

mod answer;
mod body;
mod call;
mod catalog;
mod client;
mod contents;
mod contract;
mod control;
mod controls_page;
mod dashboard;
mod delivery;
mod dispatch;
mod engine;
mod entitlement_pages;
mod entity;
mod faults;
mod list;
mod lookup;
mod merchant;
mod notification_pages;
mod operations;
mod page;
mod receivers;
mod record;
mod registration;
mod request_pages;
mod requests;
mod routes;
mod rows;
mod running;
mod settings;
mod state;
mod store;

pub use self::catalog::Catalog;
pub use self::client::{ControlError, PROBE_TIMEOUT, RunningSandbox, in_path, with_query};
pub use self::faults::names as fault_names;
pub use self::requests::LoggedRequest;
pub use self::running::{Reached, Sandbox, base_url, reach, start};
pub use self::settings::{PORT, SandboxEvent, SandboxOptions, state_file};
pub use self::store::{StartError, reset};
pub use crate::http::AuthScheme;
