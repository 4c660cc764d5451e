//! Shows that something is being waited for, and for how long, if somebody is looking.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anstyle::AnsiColor;

use super::line::{Line, spoken};
use super::{Terminal, clean};

/// The spinner's looks, one after the other.
const FRAMES: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/// How long each is seen.
const FRAME: Duration = Duration::from_millis(120);

/// A line on standard error that goes away when dropped.
pub struct Spinner(Option<Shown>);

struct Shown {
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    /// How things stand; `None` at the end.
    message: Mutex<Option<String>>,
    over: Condvar,
}

impl Spinner {
    /// Starts to show what is being waited for; nothing is shown where nobody looks or `--quiet` is given.
    #[must_use]
    pub fn start(terminal: &Terminal, what: &str) -> Self {
        if !terminal.stderr.is_terminal || terminal.options.quiet {
            return Self(None);
        }
        let state = Arc::new(State {
            message: Mutex::new(Some(String::new())),
            over: Condvar::new(),
        });
        let (seen, what, color) = (Arc::clone(&state), what.to_owned(), terminal.stderr.color);
        let thread = thread::spawn(move || seen.turn(&what, color));
        Self(Some(Shown {
            state,
            thread: Some(thread),
        }))
    }

    /// Says how things stand.
    pub fn says(&self, text: &str) {
        if let Some(shown) = &self.0 {
            *shown.state.message() = Some(clean(text).into_owned());
        }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        if let Some(shown) = &mut self.0 {
            *shown.state.message() = None;
            shown.state.over.notify_all();
            // If it panicked nothing is shown any more.
            let _ = shown.thread.take().map(JoinHandle::join);
        }
    }
}

impl State {
    fn message(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.message.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Draws until the end.
    fn turn(&self, what: &str, color: bool) {
        let (line, start) = (Line::new(), Instant::now());
        let mut message = self.message();
        for frame in FRAMES.iter().cycle() {
            let Some(text) = message.as_deref() else {
                break;
            };
            let cyan = AnsiColor::Cyan.on_default();
            let frame = if color {
                format!("{cyan}{frame}{cyan:#} ")
            } else {
                String::new()
            };
            let elapsed = spoken(start.elapsed());
            line.draw(&format!("{frame}{what}: {text} ({elapsed})"));
            let waited = self
                .over
                .wait_timeout_while(message, FRAME, |m| m.is_some());
            message = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        line.clear();
    }
}
