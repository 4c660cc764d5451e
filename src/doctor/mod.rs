//! Looks at one thing after another that a call to Bango needs, and says what to do. Changes nothing, prints nothing.

mod connection;
mod examination;
mod refusal;
mod service;
mod settings;

pub use connection::connection;
pub use examination::{Check, Examination, Verdict};
pub use refusal::Evidence;
pub use service::service;
pub use settings::{configuration, credentials, proxy};
