//! Runs another program for a limited time: argv, no shell. Says nothing to the user.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};

/// How often an ended output is checked for an ended program.
const POLL: Duration = Duration::from_millis(5);

/// What a program came to.
pub(super) struct Output {
    /// Whether it ended with success, or printed more than was wanted and was ended for it.
    pub is_success: bool,
    /// How it ended, in words.
    pub ending: String,
    /// What it printed, at most as much as was wanted.
    pub stdout: Vec<u8>,
    /// What it complained about, at most as much as was wanted; empty where that went to the user.
    pub stderr: Vec<u8>,
}

/// What to run, and how.
pub(super) struct Program<'a> {
    /// The program and its arguments.
    pub argv: &'a [String],
    /// What it reads on standard input; nothing if `None`.
    pub input: Option<&'a SecretString>,
    /// Whether standard error is kept, instead of going to the user.
    pub keeps_stderr: bool,
    /// When it is ended.
    pub timeout: Duration,
    /// How much of each output is read, in bytes.
    pub longest: u64,
}

impl Program<'_> {
    /// Runs the program to its end.
    ///
    /// # Errors
    ///
    /// `TimedOut` if it took too long, and whatever kept it from being started.
    pub(super) fn run(&self) -> std::io::Result<Output> {
        let deadline = Instant::now() + self.timeout;
        let mut child = self.command()?.spawn()?;
        let outcome = self.attend(&mut child, deadline);
        if outcome.is_err() {
            let _ = child.kill();
            let _ = child.wait();
        }
        outcome
    }

    fn command(&self) -> std::io::Result<Command> {
        let (program, arguments) = self
            .argv
            .split_first()
            .ok_or_else(|| std::io::Error::other("no program is named"))?;
        let mut command = Command::new(program);
        command.args(arguments).stdout(Stdio::piped());
        command.stdin(match self.input {
            Some(_) => Stdio::piped(),
            None => Stdio::null(),
        });
        if self.keeps_stderr {
            command.stderr(Stdio::piped());
        }
        Ok(command)
    }

    fn attend(&self, child: &mut Child, deadline: Instant) -> std::io::Result<Output> {
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let stdout = read_aside(move || Ok(stdout), self.longest);
        let stderr = read_aside(move || Ok(stderr), self.longest);
        if let (Some(input), Some(mut stdin)) = (self.input, child.stdin.take()) {
            // A pipe takes this much at once. A program that does not read it ends with an error of its own.
            let _ = stdin.write_all(input.expose_secret().as_bytes());
        }
        let left = || deadline.saturating_duration_since(Instant::now());
        let late = || std::io::Error::from(std::io::ErrorKind::TimedOut);
        let stdout = stdout.recv_timeout(left()).map_err(|_| late())??;
        if stdout.len() as u64 >= self.longest {
            child.kill()?;
            return Ok(Output {
                is_success: true,
                ending: child.wait()?.to_string(),
                stdout,
                stderr: Vec::new(),
            });
        }
        let stderr = stderr.recv_timeout(left()).map_err(|_| late())??;
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if left().is_zero() {
                return Err(late());
            }
            std::thread::sleep(POLL);
        };
        Ok(Output {
            is_success: status.success(),
            ending: status.to_string(),
            stdout,
            stderr,
        })
    }
}

/// Opens and reads in a thread of its own, because nothing else ends a call that never comes back.
pub(super) fn read_aside<R: Read>(
    open: impl FnOnce() -> std::io::Result<Option<R>> + Send + 'static,
    longest: u64,
) -> mpsc::Receiver<std::io::Result<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let read = open().and_then(|from| {
            let mut bytes = Vec::new();
            if let Some(from) = from {
                from.take(longest).read_to_end(&mut bytes)?;
            }
            Ok(bytes)
        });
        // Nobody listens any more if it came too late.
        let _ = sender.send(read);
    });
    receiver
}
