//! The Bango Resale API as requests and answers; knows no terminal, no settings and no command.

mod answer;
mod base_url;
mod brief;
mod classify;
mod client;
mod error;
mod identifier;
pub mod json;
mod notification;
mod observer;
mod paths;
pub mod types;
pub mod value;

pub use crate::http::{HeaderName, HeaderValue, Method, header};
pub use answer::{Answer, FAILED, NextStep};
pub use base_url::{BaseUrl, server_url, with_scheme};
pub use client::{Client, Options, Request};
pub use error::{Earlier, Error, ErrorKind, Outcome};
pub use notification::{Notification, Unreadable};
pub use observer::{Attempt, Observer, Pause};
pub use paths::Paths;
pub use value::check_text;
