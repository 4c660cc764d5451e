//! The one pseudo-terminal: a command on it, what it shows, and what is typed.

use std::io::Write;
use std::process::Child;
use std::sync::Arc;
use std::time::Instant;

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, tcgetattr};

use super::cli::{Cli, Outcome, Stream, eventually, wait_until};

/// A terminal with a process on it, which is killed when dropped.
pub struct Screen {
    terminal: Arc<Pty>,
    child: Child,
    started: Instant,
    shown: Option<Stream>,
    piped: Option<Stream>,
}

impl Screen {
    /// Starts a command on a terminal of this width. What the command sets itself, such as a piped output, stays.
    pub fn start(cli: &mut Cli, columns: u16) -> Self {
        let (terminal, other_side) = open().unwrap();
        terminal.resize(Size::new(24, columns)).unwrap();
        let mut child = command(cli).spawn(other_side).unwrap();
        let terminal = Arc::new(terminal);
        Self {
            shown: Some(Stream::new(Reader(Arc::clone(&terminal)))),
            piped: child.stdout.take().map(Stream::new),
            started: Instant::now(),
            terminal,
            child,
        }
    }

    /// Waits until the terminal shows this.
    #[track_caller]
    pub fn wait_for(&self, text: &str) {
        let shown = self.shown.as_ref().unwrap();
        wait_until(text, || shown.so_far().contains(text));
    }

    /// What the terminal has shown so far.
    pub fn so_far(&self) -> String {
        self.shown.as_ref().unwrap().so_far()
    }

    pub fn type_text(&self, text: &str) {
        (&*self.terminal).write_all(text.as_bytes()).unwrap();
    }

    /// Waits until the process reads single keys.
    pub fn wait_for_keys(&self) {
        wait_until("a question", || !self.is_sane());
    }

    /// Whether lines and echo are as a shell wants them.
    pub fn is_sane(&self) -> bool {
        let modes = tcgetattr(&*self.terminal).unwrap().local_modes;
        modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for the end, after which the terminal must be as it was. Standard output is there if it was piped.
    pub fn end(mut self) -> Outcome {
        let child = &mut self.child;
        let status = eventually("the end of the process", || child.try_wait().unwrap());
        let took = self.started.elapsed();
        assert!(self.is_sane(), "the terminal was left in another mode");
        let text = |stream: Option<Stream>| stream.map(Stream::all).unwrap_or_default();
        Outcome {
            code: status.code().unwrap_or(-1),
            stdout: text(self.piped.take()),
            stderr: String::new(),
            screen: text(self.shown.take()).replace("\r\n", "\n"),
            took,
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // It has ended already unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command on a terminal that goes away once something holds, and returns its exit code.
pub fn hung_up(cli: &mut Cli, when: impl FnMut() -> bool) -> i32 {
    let (terminal, other_side) = open().unwrap();
    let mut child = command(cli).spawn(other_side).unwrap();
    wait_until("the time to hang up", when);
    drop(terminal);
    let status = eventually("the end of the process", || child.try_wait().unwrap());
    status.code().unwrap_or(-1)
}

/// The same command, as a terminal starts it.
fn command(cli: &mut Cli) -> Command {
    let (made, stdout) = cli.parts();
    let mut command = Command::new(made.get_program())
        .args(made.get_args())
        .env_clear()
        .env("TERM", "xterm-256color");
    for (name, value) in made.get_envs() {
        command = match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    if let Some(folder) = made.get_current_dir() {
        command = command.current_dir(folder);
    }
    if let Some(stdout) = stdout {
        command = command.stdout(stdout);
    }
    command
}

struct Reader(Arc<Pty>);

impl std::io::Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        (&*self.0).read(buffer)
    }
}
