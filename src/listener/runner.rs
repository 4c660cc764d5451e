//! Runs a program for each notification (`--exec`), without a shell, the body on its standard input. It looks at nothing but the exit status.

use std::io::{self, Write as _};
use std::process::{Command, Stdio};
use std::sync::mpsc::SyncSender;

use super::Event;
use super::arrival::Arrival;
use super::lanes::Lanes;

/// How many programs run at the same time.
pub const THREADS: usize = 4;

/// What to run.
#[derive(Debug, Clone)]
pub struct Program {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// Environment variables that it must not see.
    pub hidden: Vec<&'static str>,
}

/// Starts the threads that run it.
///
/// # Errors
///
/// If a thread cannot be started.
pub fn start(program: Program, events: SyncSender<Event>) -> io::Result<Lanes> {
    Lanes::start(THREADS, move |arrival| {
        let name = program.argv.first().map_or("", String::as_str);
        let told = match run(&program, arrival) {
            Ok(status) if status.success() => return,
            Ok(status) => format!("{name} ended with {status} for {}", arrival.name()),
            Err(error) => format!("{name} could not be run for {}: {error}", arrival.name()),
        };
        events.send(Event::Trouble(told)).ok();
    })
}

fn run(program: &Program, arrival: &Arrival) -> io::Result<std::process::ExitStatus> {
    let (name, arguments) = program
        .argv
        .split_first()
        .ok_or_else(|| io::Error::other("no program is named"))?;
    let mut command = Command::new(name);
    command
        .args(arguments)
        .env("BANGO_LISTEN_TARGET", &arrival.target)
        .env(
            "BANGO_LISTEN_LATE",
            if arrival.late { "true" } else { "false" },
        )
        .stdin(Stdio::piped())
        // Standard output is for notifications alone.
        .stdout(io::stderr());
    for name in &program.hidden {
        command.env_remove(name);
    }
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program need not read what it is told.
        stdin.write_all(&arrival.body).ok();
    }
    child.wait()
}
