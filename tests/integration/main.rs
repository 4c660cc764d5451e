//! The index of the integration tests: every file of this folder is a module here.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::too_many_lines, reason = "a table of cases is one list")]

#[cfg(unix)]
mod auth;
#[cfg(unix)]
mod authority;
mod bad_input;
mod batch;
mod batch_harness;
mod batch_input;
mod batch_journal;
mod batch_journey;
mod batch_kill;
mod batch_pace;
mod batch_server;
mod batch_shards;
#[cfg(unix)]
mod browser;
mod commands;
mod create;
mod credentials;
#[cfg(unix)]
mod desk;
#[cfg(unix)]
mod doctor;
mod documents;
#[cfg(unix)]
mod doubt;
mod explain;
mod generated;
#[cfg(unix)]
mod hardening_answers;
#[cfg(unix)]
mod hardening_files;
#[cfg(unix)]
mod hardening_input;
mod harness;
#[cfg(unix)]
mod interrupts;
#[cfg(unix)]
mod keyring;
mod layers;
mod licences;
#[cfg(unix)]
mod limits;
#[cfg(unix)]
mod listen;
#[cfg(unix)]
mod listen_fixture;
#[cfg(unix)]
mod listen_forward;
#[cfg(unix)]
mod listen_journey;
#[cfg(unix)]
mod listen_load;
#[cfg(unix)]
mod listen_save;
#[cfg(unix)]
mod live;
#[cfg(unix)]
mod log;
#[cfg(unix)]
mod output;
#[cfg(unix)]
mod peer;
#[cfg(unix)]
mod person;
#[cfg(unix)]
mod process;
#[cfg(unix)]
mod profiles;
mod promises;
#[cfg(unix)]
mod proxy;
#[cfg(unix)]
mod real_proxy;
mod retries;
mod sandbox_browser;
mod sandbox_command;
mod sandbox_contract;
mod sandbox_faults;
mod sandbox_fixture;
mod sandbox_hostile;
mod sandbox_journey;
mod sandbox_load;
mod sandbox_notifications;
mod sandbox_openapi;
mod sandbox_pages;
mod sandbox_state;
#[cfg(unix)]
mod screen;
#[cfg(unix)]
mod secrets;
#[cfg(unix)]
mod settings;
#[cfg(unix)]
mod tls;
mod tree;
mod waiting;
#[cfg(unix)]
mod wire;
