//! The Bango Resale API as requests and answers; knows no terminal, no settings and no command.

mod answer;
mod attempt;
mod base_url;
mod client;
mod endpoints;
mod error;
mod handshake;
mod identifier;
mod notification;
mod observer;
mod paths;
mod scrub;
pub mod types;
pub mod value;

pub use answer::Answer;
pub use base_url::BaseUrl;
pub use client::{Client, Options, Request};
pub use error::{Error, ErrorKind, Gateway, Outcome};
pub use handshake::{Handshake, handshake};
pub use notification::Notification;
pub use observer::{Attempt, Observer, Pause};
pub use paths::Paths;
pub use ureq::http::Method;
pub use value::check_text;
