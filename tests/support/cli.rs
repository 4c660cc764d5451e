//! The one way to run the binary: in a clean world with a home of its own, to its end or in the background, and what came of it.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

pub const USERNAME: &str = "MyOrganization";
pub const PASSWORD: &str = "elephant-notepad-dancer";
/// Bango's own example of the two as Basic authentication.
pub const AUTHORIZATION: &str = "Basic TXlPcmdhbml6YXRpb246ZWxlcGhhbnQtbm90ZXBhZC1kYW5jZXI=";

/// Nothing that a test waits for takes longer than this on the slowest machine.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// The arguments of a plain create.
pub const CREATE: [&str; 7] = [
    "create",
    "--user",
    "cust-1",
    "--merchant",
    "BANGO",
    "--product",
    "BangoMusic",
];

/// What the API is reached at.
pub trait Api {
    fn base_url(&self) -> String;
}

impl Api for str {
    fn base_url(&self) -> String {
        self.to_owned()
    }
}

impl<T: Api + ?Sized> Api for &T {
    fn base_url(&self) -> String {
        (**self).base_url()
    }
}

impl Api for String {
    fn base_url(&self) -> String {
        self.clone()
    }
}

impl Api for httpmock::MockServer {
    fn base_url(&self) -> String {
        self.url("/v1")
    }
}

impl Api for super::server::Server {
    fn base_url(&self) -> String {
        self.base_url()
    }
}

impl Api for super::platform::Platform {
    fn base_url(&self) -> String {
        self.url.clone()
    }
}

/// A home of its own for each test, so that nothing of the user's is read or written.
pub struct Home {
    pub folder: TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Says in every profile that it is for this address: its password goes nowhere else.
    pub fn profiles_are_for(&self, base_url: &str) {
        let file = self.path().join(".config/bango-ent/config.toml");
        let Ok(text) = std::fs::read_to_string(&file) else {
            return;
        };
        let lines = text.lines().filter(|line| !line.starts_with("base_url = "));
        let lines = lines.map(|line| {
            if line.starts_with("[profiles.") && line.matches('.').count() == 1 {
                format!("{line}\nbase_url = \"{base_url}\"\n")
            } else {
                format!("{line}\n")
            }
        });
        std::fs::write(&file, lines.collect::<String>()).unwrap();
    }

    /// The binary with an empty environment but for PATH and this home.
    pub fn bango_ent(&self) -> Cli {
        Cli::new(env!("CARGO_BIN_EXE_bango-ent"), self.path())
    }

    /// The binary with credentials, talking to this server.
    pub fn client(&self, api: &(impl Api + ?Sized)) -> Cli {
        let mut cli = self.bango_ent();
        cli.account(api);
        cli
    }

    /// Another program in the same clean world.
    pub fn program(&self, program: impl AsRef<OsStr>) -> Cli {
        Cli::new(program, self.path())
    }

    /// Writes a file into this home and returns its path.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }
}

/// A command that is being put together.
pub struct Cli {
    command: Command,
    input: Vec<u8>,
    stdout: Option<Stdio>,
}

impl Cli {
    /// A program with an empty environment but for PATH and this home, which is also where it runs.
    pub fn new(program: impl AsRef<OsStr>, home: &Path) -> Self {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home)
            .current_dir(home)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self {
            command,
            input: Vec::new(),
            stdout: None,
        }
    }

    pub fn arg(&mut self, argument: impl AsRef<OsStr>) -> &mut Self {
        self.command.arg(argument);
        self
    }

    pub fn args<A: AsRef<OsStr>>(&mut self, arguments: impl IntoIterator<Item = A>) -> &mut Self {
        self.command.args(arguments);
        self
    }

    pub fn env(&mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> &mut Self {
        self.command.env(name, value);
        self
    }

    pub fn envs<K: AsRef<OsStr>, V: AsRef<OsStr>>(
        &mut self,
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> &mut Self {
        self.command.envs(variables);
        self
    }

    pub fn env_remove(&mut self, name: impl AsRef<OsStr>) -> &mut Self {
        self.command.env_remove(name);
        self
    }

    pub fn current_dir(&mut self, folder: impl AsRef<Path>) -> &mut Self {
        self.command.current_dir(folder);
        self
    }

    /// What it reads.
    pub fn write_stdin(&mut self, input: impl AsRef<[u8]>) -> &mut Self {
        self.input = input.as_ref().into();
        self.command.stdin(Stdio::piped());
        self
    }

    /// Where it reads; without this its standard input is empty.
    pub fn stdin(&mut self, stdin: impl Into<Stdio>) -> &mut Self {
        self.command.stdin(stdin);
        self
    }

    /// Where it writes; without this the output is kept.
    pub fn stdout(&mut self, stdout: impl Into<Stdio>) -> &mut Self {
        self.stdout = Some(stdout.into());
        self
    }

    pub fn stderr(&mut self, stderr: impl Into<Stdio>) -> &mut Self {
        self.command.stderr(stderr);
        self
    }

    /// Gives it credentials, and has it talk to this server.
    pub fn account(&mut self, api: &(impl Api + ?Sized)) -> &mut Self {
        self.env("BANGO_USERNAME", USERNAME)
            .env("BANGO_PASSWORD", PASSWORD)
            .env("BANGO_BASE_URL", api.base_url())
    }

    /// The same, started by another program that these words begin with.
    pub fn under(&self, words: &[&str]) -> Self {
        let folder = self.command.get_current_dir().unwrap();
        let mut other = Self::new(words[0], folder);
        other.command.env_clear();
        for (name, value) in self.command.get_envs() {
            other.env(name, value.unwrap_or_default());
        }
        other
            .args(&words[1..])
            .arg(self.command.get_program())
            .args(self.command.get_args());
        other
    }

    /// The same in a shell that runs this script, where `"$0" "$@"` is the command.
    pub fn in_shell(&self, script: &str) -> Self {
        self.under(&["sh", "-c", script])
    }

    /// Runs it to its end, which must come.
    pub fn run(&mut self) -> Outcome {
        self.start().end()
    }

    /// Starts it in the background.
    pub fn start(&mut self) -> Running {
        if let Some(stdout) = self.stdout.take() {
            self.command.stdout(stdout);
        }
        let mut running = Running::of(self.command.spawn().unwrap());
        if let Some(mut stdin) = running.child.stdin.take() {
            let input = self.input.clone();
            // A program that does not read its input is no error.
            std::thread::spawn(move || stdin.write_all(&input));
        }
        running
    }

    /// What of it was set otherwise than a terminal sets it.
    #[cfg(unix)]
    pub(super) fn parts(&mut self) -> (&Command, Option<Stdio>) {
        (&self.command, self.stdout.take())
    }
}

/// What a run came to.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// -1 if a signal was the end.
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
    /// What a terminal got, escape sequences included; lines end with `\n`.
    pub screen: String,
    /// From its start to its end.
    pub took: Duration,
}

impl Outcome {
    /// The one JSON document on standard output.
    pub fn json(&self) -> Value {
        let mut documents = serde_json::Deserializer::from_str(&self.stdout).into_iter::<Value>();
        let first = documents
            .next()
            .unwrap_or_else(|| panic!("no JSON document: {self:?}"))
            .unwrap_or_else(|error| panic!("{error}: {self:?}"));
        assert!(
            documents.next().is_none(),
            "more than one document: {}",
            self.stdout
        );
        first
    }

    /// Asserts how it ended, and shows all of it if that is wrong.
    #[track_caller]
    pub fn assert_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// The lines of standard output.
    pub fn lines(&self) -> Vec<&str> {
        self.stdout.lines().collect()
    }

    /// Exit code, stdout and stderr as one text, with what differs from run to run replaced.
    pub fn shown(&self) -> String {
        let text = format!(
            "exit code: {}\n----- stdout -----\n{}----- stderr -----\n{}",
            self.code, self.stdout, self.stderr
        );
        let text = without_ports(&without_uuids(&text))
            .replace(env!("CARGO_BIN_EXE_bango-ent"), "bango-ent");
        without_waits(&text)
    }
}

/// Runs a command to its end, which must come.
pub fn run(command: &mut Cli) -> Outcome {
    command.run()
}

/// Waits until the condition holds.
#[track_caller]
pub fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "never came: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Closes the reader, and waits until nobody else holds it: a program that is started at this moment beside it does until it runs.
#[cfg(unix)]
#[track_caller]
pub fn leave(reader: std::io::PipeReader, writer: &std::io::PipeWriter) {
    use rustix::event::{PollFd, PollFlags, poll};
    drop(reader);
    wait_until("a pipe without a reader", || {
        let mut states = [PollFd::new(writer, PollFlags::empty())];
        poll(&mut states, Some(&rustix::event::Timespec::default())).unwrap();
        !states[0].revents().is_empty()
    });
}

/// A pipe that nobody reads.
#[cfg(unix)]
#[track_caller]
pub fn left() -> std::io::PipeWriter {
    let (reader, writer) = std::io::pipe().unwrap();
    leave(reader, &writer);
    writer
}

/// Waits until something is there, and returns it.
#[track_caller]
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let mut found = None;
    wait_until(what, || {
        found = look();
        found.is_some()
    });
    found.unwrap()
}

/// What was read of a stream so far, and the thread that reads it.
pub struct Stream {
    seen: Arc<Mutex<Vec<u8>>>,
    /// How much of it was taken line by line.
    taken: AtomicUsize,
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
        Self {
            seen,
            taken: AtomicUsize::new(0),
            reader,
        }
    }

    pub fn so_far(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap()).into_owned()
    }

    /// The next line, without its end; `None` once the stream has ended.
    pub fn line(&self) -> Option<String> {
        let mut line = None;
        wait_until("a line", || {
            let is_over = self.reader.is_finished();
            let from = self.taken.load(Ordering::SeqCst);
            let seen = self.seen.lock().unwrap();
            let length = seen[from..].iter().position(|byte| *byte == b'\n');
            line = length.map(|length| {
                self.taken.store(from + length + 1, Ordering::SeqCst);
                String::from_utf8_lossy(&seen[from..from + length]).into_owned()
            });
            line.is_some() || is_over
        });
        line
    }

    /// Everything, once the stream has ended.
    pub fn all(self) -> String {
        self.reader.join().unwrap();
        let seen = std::mem::take(&mut *self.seen.lock().unwrap());
        String::from_utf8(seen).unwrap()
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
    fn of(mut child: Child) -> Self {
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

    #[cfg(unix)]
    pub fn signal(&self, signal: rustix::process::Signal) {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, signal).unwrap();
    }

    /// Waits until standard error contains this.
    #[track_caller]
    pub fn wait_for(&self, text: &str) {
        let stderr = self.stderr.as_ref().unwrap();
        wait_until(text, || stderr.so_far().contains(text));
    }

    /// The next line on standard output; `None` once it has ended.
    pub fn line(&self) -> Option<String> {
        self.stdout.as_ref().unwrap().line()
    }

    /// The next line on standard error; `None` once it has ended.
    pub fn remark(&self) -> Option<String> {
        self.stderr.as_ref().unwrap().line()
    }

    /// What standard error contains so far.
    pub fn stderr(&self) -> String {
        self.stderr.as_ref().unwrap().so_far()
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
    #[track_caller]
    pub fn end(mut self) -> Outcome {
        let child = &mut self.child;
        let status = eventually("the end of the process", || child.try_wait().unwrap());
        let took = self.started.elapsed();
        let text = |stream: Option<Stream>| stream.map(Stream::all).unwrap_or_default();
        Outcome {
            code: status.code().unwrap_or(-1),
            stdout: text(self.stdout.take()),
            stderr: text(self.stderr.take()),
            screen: String::new(),
            took,
        }
    }

    /// Waits for the end; of the outputs, what was not taken line by line is left.
    pub fn end_with_rest(self) -> Outcome {
        let taken = |stream: &Option<Stream>| stream.as_ref().unwrap().taken.load(Ordering::SeqCst);
        let (stdout, stderr) = (taken(&self.stdout), taken(&self.stderr));
        let mut outcome = self.end();
        outcome.stdout.drain(..stdout);
        outcome.stderr.drain(..stderr);
        outcome
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn without_uuids(text: &str) -> String {
    let dashes = [8, 13, 18, 23];
    let is_uuid = |window: &[u8]| {
        window.iter().enumerate().all(|(at, byte)| {
            if dashes.contains(&at) {
                *byte == b'-'
            } else {
                byte.is_ascii_hexdigit()
            }
        })
    };
    let mut replaced = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if rest.len() >= 36 && is_uuid(&rest.as_bytes()[..36]) {
            replaced.push_str("[UUID]");
            rest = &rest[36..];
        } else {
            replaced.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    replaced
}

fn without_ports(text: &str) -> String {
    let mut parts = text.split("127.0.0.1:");
    let mut replaced = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        replaced.push_str("127.0.0.1:");
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        if rest.len() < part.len() {
            replaced.push_str("[PORT]");
        }
        replaced.push_str(rest);
    }
    replaced
}

/// Replaces the drawn wait in `retry 1 of 3 in 0.4 s`.
fn without_waits(text: &str) -> String {
    let lines = text.split('\n').map(|line| match line.rsplit_once(" in ") {
        Some((head, _)) if line.contains("; retry ") => format!("{head} in [WAIT]"),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}
