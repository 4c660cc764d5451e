//! One file per command: its flags (`Args`) and what it does (`run`).

pub mod activation_url;
pub mod api;
pub mod auth;
pub mod batch;
pub mod completions;
pub mod create;
pub mod doctor;
pub mod echo;
mod entitlement;
pub mod explain;
mod fields;
pub mod get;
pub mod lifecycle;
pub mod list;
pub mod listen;
mod next_step;
pub mod profile;
pub mod reconcile;
mod reconcile_files;
mod reconcile_read;
mod reconcile_report;
mod reconcile_write;
pub mod reports;
pub mod sandbox;
pub mod update;
pub mod wait;
