//! Parses the command line, runs the command, reports its error and exits.

mod api;
mod batch;
mod cli;
mod commands;
mod context;
mod doctor;
#[expect(dead_code, reason = "the commands come to it one after the other")]
mod ending;
mod failure;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the rooms come to it one after the other")
)]
mod files;
mod folder;
mod glossary;
mod listener;
mod preview;
mod profile;
mod report;
mod sandbox;
mod server;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use cli::Cli;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return cli::refuse(error),
    };
    let cx = context::Context::new(cli.globals);
    let code = match cli.command.run(&cx) {
        Ok(()) => ending::Code::Done,
        Err(error) => report::print(&cx, &error),
    };
    ExitCode::from(code.number())
}
