//! One file per command: its flags (`Args`) and what it does (`run`).

pub mod activation_url;
pub mod api;
pub mod batch;
mod batch_status;
pub mod cancel;
mod change;
pub mod completions;
mod confirm;
pub mod create;
pub mod echo;
mod ending;
mod entitlement;
pub mod explain;
mod fields;
pub mod generate;
pub mod get;
pub mod list;
pub mod listen;
mod next_step;
mod outputs;
pub mod resume;
pub mod revoke;
pub mod sandbox;
mod session;
pub mod suspend;
pub mod update;
pub mod wait;
