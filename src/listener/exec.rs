//! Runs a program for each notification (`--exec`): no shell, the body on its standard input, for a limited time. It looks at the exit status alone.

use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::event::HandOverEnd;
use super::received::Received;
use crate::ending::in_words;
use crate::program::{self, Argv, Limits};

/// How many programs run at the same time.
pub const THREADS: usize = 4;

/// A program and its arguments.
#[derive(Debug, Clone)]
pub struct Program(Vec<String>);

impl Program {
    /// Reads a command line as a shell would split it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        Argv::parse(text).map(|argv| Self(argv.0))
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

    /// The program's name.
    pub fn name(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    /// The whole command line, as a shell would take it.
    pub fn words(&self) -> String {
        let words = self.0.iter().map(String::as_str);
        shlex::try_join(words).unwrap_or_else(|_| self.0.join(" "))
    }

    /// Runs it for a notification, unless no more shall be started; once `is_stopped` is set it is ended.
    pub fn run(
        &self,
        timeout: Duration,
        is_stopped: &AtomicBool,
        received: &Received,
    ) -> HandOverEnd {
        let is_stopped = || is_stopped.load(Ordering::Acquire);
        if is_stopped() {
            return HandOverEnd::Stopped;
        }
        let (program, what) = (self.name(), received.name());
        HandOverEnd::Failed(match run(&self.0, timeout, &is_stopped, received) {
            Ok(status) if status.success() => return HandOverEnd::Taken("ended well".to_owned()),
            Ok(status) => format!("{program} ended with {status} for {what}"),
            Err(error) => match error.kind() {
                io::ErrorKind::Interrupted => return HandOverEnd::Stopped,
                io::ErrorKind::TimedOut => {
                    let seconds = timeout.as_secs_f64();
                    format!("{program} was ended for {what} after {seconds} s (--exec-timeout)")
                }
                _ => format!(
                    "{program} could not be run for {what}: {}",
                    in_words(&error)
                ),
            },
        })
    }
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
