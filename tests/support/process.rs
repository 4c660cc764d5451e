//! A `bango-ent` that is still running: watched, signalled, and ended with its test.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::harness::{Home, Outcome, PASSWORD, USERNAME};

/// Nothing that a test waits for takes longer than this on the slowest machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The binary with an empty environment but for PATH, this home, credentials and this base URL.
pub fn client(home: &Home, base_url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bango-ent"));
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home.path())
        .env("BANGO_USERNAME", USERNAME)
        .env("BANGO_PASSWORD", PASSWORD)
        .env("BANGO_BASE_URL", base_url)
        .current_dir(home.path());
    command
}

/// The same without any setting in the environment.
pub fn bare(home: &Home) -> Command {
    let mut command = client(home, "");
    command
        .env_remove("BANGO_USERNAME")
        .env_remove("BANGO_PASSWORD")
        .env_remove("BANGO_BASE_URL");
    command
}

/// Runs a command to its end, which must come.
pub fn run(command: &mut Command) -> Outcome {
    Running::start(command).end()
}

/// Waits until the condition holds.
pub fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "never came: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// What was read of a stream so far, and the thread that reads it.
pub struct Stream {
    seen: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl Stream {
    /// Reads a stream to its end; an error is an end, as a pseudo-terminal reports its own.
    pub fn new(mut from: impl Read + Send + 'static) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = from.read(&mut buffer) {
                kept.lock().unwrap().extend_from_slice(&buffer[..length]);
            }
        });
        Self { seen, reader }
    }

    pub fn so_far(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap()).into_owned()
    }

    /// Everything, once the stream has ended.
    pub fn all(self) -> String {
        self.reader.join().unwrap();
        String::from_utf8(self.seen.lock().unwrap().clone()).unwrap()
    }
}

/// A process with its output as it comes; it is killed when dropped.
pub struct Running {
    child: Child,
    started: Instant,
    stdout: Option<Stream>,
    stderr: Option<Stream>,
}

impl Running {
    /// Starts a command with both outputs kept, and nothing on standard input.
    pub fn start(command: &mut Command) -> Self {
        Self::start_with(command.stdout(Stdio::piped()))
    }

    /// Starts a command whose standard output is set already; standard error is kept.
    pub fn start_with(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            stdout: child.stdout.take().map(Stream::new),
            stderr: child.stderr.take().map(Stream::new),
            started: Instant::now(),
            child,
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits until standard error contains this.
    pub fn wait_for(&self, text: &str) {
        let stderr = self.stderr.as_ref().unwrap();
        wait_until(text, || stderr.so_far().contains(text));
    }

    /// The most memory that it has used so far, in KiB.
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let figure = line.unwrap().trim().trim_end_matches(" kB");
        figure.parse().unwrap()
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits for the end. The exit code is -1 if a signal was the end.
    pub fn end(mut self) -> Outcome {
        let mut status = None;
        wait_until("the end of the process", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        let text = |stream: Option<Stream>| stream.map(Stream::all).unwrap_or_default();
        Outcome {
            code: status.unwrap().code().unwrap_or(-1),
            stdout: text(self.stdout.take()),
            stderr: text(self.stderr.take()),
        }
    }

    /// Waits for the end, and tells how long the process took.
    pub fn timed_end(self) -> (Outcome, Duration) {
        let started = self.started;
        let outcome = self.end();
        (outcome, started.elapsed())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
