//! One file per command: its flags (`Args`) and what it does (`run`).

pub mod completions;
pub mod create;
mod entitlement;
pub mod explain;
mod fields;
pub mod generate;
mod next_step;
pub mod sandbox;
