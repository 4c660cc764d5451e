//! A pseudo-terminal with `bango-ent` on it: what it shows, and what is typed.

use std::io::Write;
use std::process::Child;
use std::sync::Arc;

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, tcgetattr};

use crate::support::harness::{Home, PASSWORD, USERNAME};
use crate::support::process::{Stream, wait_until};

/// The binary as a terminal starts it: an empty environment but for PATH, TERM, this home, credentials and this base URL.
pub fn client(home: &Home, base_url: &str) -> Command {
    Command::new(env!("CARGO_BIN_EXE_bango-ent"))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TERM", "xterm-256color")
        .env("HOME", home.path())
        .env("BANGO_USERNAME", USERNAME)
        .env("BANGO_PASSWORD", PASSWORD)
        .env("BANGO_BASE_URL", base_url)
        .current_dir(home.path())
}

/// A terminal with a process on it, which is killed when dropped.
pub struct Screen {
    terminal: Arc<Pty>,
    child: Child,
    shown: Option<Stream>,
    piped: Option<Stream>,
}

/// What a process on a terminal came to.
pub struct Ended {
    pub code: i32,
    /// What the terminal got, escape sequences included; lines end with `\n`.
    pub shown: String,
    /// Standard output, if it was piped.
    pub piped: String,
}

impl Screen {
    /// Starts a command on a terminal of this width. What the command sets itself, such as a piped output, stays.
    pub fn start(command: Command, columns: u16) -> Self {
        let (terminal, other_side) = open().unwrap();
        terminal.resize(Size::new(24, columns)).unwrap();
        let mut child = command.spawn(other_side).unwrap();
        let terminal = Arc::new(terminal);
        Self {
            shown: Some(Stream::new(Reader(Arc::clone(&terminal)))),
            piped: child.stdout.take().map(Stream::new),
            terminal,
            child,
        }
    }

    /// Waits until the terminal shows this.
    pub fn wait_for(&self, text: &str) {
        let shown = self.shown.as_ref().unwrap();
        wait_until(text, || shown.so_far().contains(text));
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

    /// Waits for the end, after which the terminal must be as it was. The exit code is -1 if a signal was the end.
    pub fn end(mut self) -> Ended {
        let mut status = None;
        wait_until("the end of the process", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        assert!(self.is_sane(), "the terminal was left in another mode");
        let text = |stream: Option<Stream>| stream.map(Stream::all).unwrap_or_default();
        Ended {
            code: status.unwrap().code().unwrap_or(-1),
            shown: text(self.shown.take()).replace("\r\n", "\n"),
            piped: text(self.piped.take()),
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

struct Reader(Arc<Pty>);

impl std::io::Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        (&*self.0).read(buffer)
    }
}
