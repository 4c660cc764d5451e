//! Runs a program for each notification (`--exec`): no shell, the body on its standard input, for a limited time. It looks at the exit status alone.

use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use super::event::Event;
use super::queue::Queue;
use super::received::Received;
use crate::program::{self, Limits};

/// How many programs run at the same time.
const THREADS: usize = 4;

/// A program and its arguments.
#[derive(Debug, Clone)]
pub struct Program(Vec<String>);

impl Program {
    /// Reads a command line as a shell would split it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let words = shlex::split(text).ok_or("a quote is not closed")?;
        if words.is_empty() {
            return Err("it names no program");
        }
        Ok(Self(words))
    }

    /// The program's name if there is no such file now: a mistake is told before the first notification comes.
    pub fn missing(&self) -> Option<&str> {
        let name = self.0.first()?;
        let path = std::env::var_os("PATH").unwrap_or_default();
        let is_there = if name.contains('/') || cfg!(windows) {
            cfg!(windows) || Path::new(name).exists()
        } else {
            std::env::split_paths(&path).any(|folder| folder.join(name).exists())
        };
        (!is_there).then_some(name)
    }
}

/// Starts the threads that run the program; once `is_stopped` is set those that run are ended, and no more are started.
pub fn start(
    Program(argv): Program,
    timeout: Duration,
    is_stopped: Arc<AtomicBool>,
    events: SyncSender<Event>,
) -> io::Result<Queue<Arc<Received>>> {
    Queue::start(THREADS, move |received: &Arc<Received>| {
        let is_stopped = || is_stopped.load(Ordering::Acquire);
        if is_stopped() {
            return;
        }
        let (program, what) = (argv.first().map_or("", String::as_str), received.name());
        let message = match run(&argv, timeout, &is_stopped, received) {
            Ok(status) if status.success() => return,
            Ok(status) => format!("{program} ended with {status} for {what}"),
            Err(error) => match error.kind() {
                // At the end they are counted.
                io::ErrorKind::Interrupted => return,
                io::ErrorKind::TimedOut => {
                    let seconds = timeout.as_secs_f64();
                    format!("{program} was ended for {what} after {seconds} s (--exec-timeout)")
                }
                _ => format!("{program} could not be run for {what}: {error}"),
            },
        };
        events.send(Event::Failed(message)).ok();
    })
}

fn run(
    argv: &[String],
    timeout: Duration,
    is_stopped: &dyn Fn() -> bool,
    received: &Received,
) -> io::Result<ExitStatus> {
    let limits = Limits {
        input: received.body.clone(),
        timeout,
        // Nothing is read: it goes to standard error.
        output_limit: 1,
        kills_children: true,
        is_stopped,
    };
    let output = program::run(&mut command(argv, received)?, limits)?;
    Ok(output.status)
}

fn command(argv: &[String], received: &Received) -> io::Result<Command> {
    let mut command = program::command(argv)?;
    command
        .env("BANGO_LISTEN_TARGET", &received.target)
        .env("BANGO_LISTEN_LATE", received.is_late.to_string())
        // Standard output is for notifications alone.
        .stdout(io::stderr());
    program::without_secrets(&mut command);
    Ok(command)
}
