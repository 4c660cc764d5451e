//! The person: results on stdout, everything else on stderr. The only module that prints, prompts or opens a browser.

pub mod ask;
mod block;
pub mod browser;
mod escape;
pub mod gate;
mod interrupt;
mod line;
mod log;
mod page;
mod progress;
pub mod qr;
mod spinner;
mod table;
mod trace;

pub use block::{Block, Cell, Tone};
pub use escape::clean;
pub use interrupt::{on_interrupt, unless_interrupted};
pub use progress::{Bar, Figures};
pub use spinner::Spinner;
pub use trace::{Trace, Verbosity};

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::{AutoStream, ColorChoice};
use serde::Serialize;
use serde_json::Value;

/// What a command can show: to people as blocks, to programs as a document.
pub trait Show {
    /// The result as a person reads it.
    fn blocks(&self) -> Vec<Block>;
    /// The result as JSON, its fields in their order.
    fn document(&self) -> Value;
}

/// A value as a JSON document; one that has no form in JSON is null.
pub fn document(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// How the user wants to be spoken to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// One JSON document instead of tables.
    pub json: bool,
    /// No remarks.
    pub quiet: bool,
    /// `--color`; `None` lets the environment decide.
    pub color: Option<bool>,
}

/// An output stream, looked at once.
#[derive(Debug, Clone)]
pub struct Stream {
    /// Whether somebody sees it.
    pub is_terminal: bool,
    /// Whether it takes colours.
    pub color: bool,
}

/// The terminal, or what stands in its place.
#[derive(Debug, Clone)]
pub struct Terminal {
    manner: Manner,
    json_lines: Arc<AtomicBool>,
    /// Standard output.
    pub stdout: Stream,
    /// Standard error.
    pub stderr: Stream,
    is_attended: bool,
    /// The width in columns; 80 where there is no terminal.
    pub width: usize,
}

impl Terminal {
    /// Looks at the streams and the environment once.
    #[must_use]
    pub fn new(manner: Manner) -> Self {
        let stream = |is_terminal, auto: ColorChoice| Stream {
            is_terminal,
            color: manner.color.unwrap_or(auto != ColorChoice::Never),
        };
        Self {
            manner,
            json_lines: Arc::default(),
            stdout: stream(
                io::stdout().is_terminal(),
                AutoStream::choice(&io::stdout()),
            ),
            stderr: stream(
                io::stderr().is_terminal(),
                AutoStream::choice(&io::stderr()),
            ),
            is_attended: io::stdin().is_terminal(),
            width: terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0)),
        }
    }

    /// Whether results are JSON.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.manner.json
    }

    /// Whether a person reads the results, rather than a program.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.stdout.is_terminal && self.stderr.is_terminal && !self.manner.json
    }

    /// Whether somebody is there to answer a question.
    #[must_use]
    pub fn can_ask(&self) -> bool {
        self.is_attended && self.stderr.is_terminal
    }

    /// From now on a document takes one line, an error's too, because several follow each other.
    pub fn use_json_lines(&self) {
        self.json_lines.store(true, Ordering::Relaxed);
    }

    /// Prints a failure's JSON document on standard output, in the manner of the results before it.
    ///
    /// # Errors
    ///
    /// If it could not be written in full.
    pub fn print_failure(&self, value: &impl Serialize) -> io::Result<()> {
        if self.json_lines.load(Ordering::Relaxed) {
            return print(&format!("{}\n", serde_json::to_string(value)?));
        }
        print_document(value)
    }

    /// Prints a result on standard output.
    ///
    /// # Errors
    ///
    /// If it could not be written in full, a closed pipe included.
    pub fn show(&self, result: &dyn Show) -> io::Result<()> {
        let text = if self.manner.json {
            pretty(&result.document())?
        } else if self.stdout.is_terminal {
            page::for_terminal(&result.blocks(), self.width, self.stdout.color)
        } else {
            page::for_pipe(&result.blocks(), self.stdout.color)
        };
        print(&text)
    }

    /// Says something useful that is not the result. `--quiet` silences it.
    pub fn remark(&self, text: &str) {
        if !self.manner.quiet {
            self.say(Tone::Dim, "note", text);
        }
    }

    /// Says something that the user should not overlook. `--quiet` silences it.
    pub fn warn(&self, text: &str) {
        if !self.manner.quiet {
            self.say(Tone::Warn, "warning", text);
        }
    }

    /// Says that real users are about to be affected; never silenced.
    pub fn live(&self, text: &str) {
        self.say(Tone::Warn, "live", text);
    }

    /// Says why it did not work; never silenced.
    pub fn error(&self, text: &str) {
        self.say(Tone::Bad, "error", text);
    }

    /// A line that belongs to the error before it; never silenced.
    pub fn detail(&self, label: &str, text: &str) {
        self.bullet(&format!("{label}: {text}"));
    }

    /// One of several things that belong to the error before it; never silenced.
    pub fn bullet(&self, text: &str) {
        let line = format!("  {text}");
        let line = if self.stderr.is_terminal {
            page::wrap(&line, self.width, "    ")
        } else {
            line
        };
        to_stderr(&format!("{line}\n"));
    }

    /// Like [`detail`](Self::detail) for a command or an id, which stays on one line to be copied.
    pub fn literal(label: &str, text: &str) {
        to_stderr(&format!("  {label}: {text}\n"));
    }

    fn say(&self, tone: Tone, label: &str, text: &str) {
        let line = format!("{label}: {text}");
        let line = if self.stderr.is_terminal {
            page::wrap(&line, self.width, "  ")
        } else {
            line
        };
        let rest = line.strip_prefix(label).unwrap_or_default();
        to_stderr(&format!(
            "{}{rest}\n",
            block::paint(label, tone, self.stderr.color)
        ));
    }
}

/// Prints any value as a JSON document on standard output.
///
/// # Errors
///
/// If it could not be written in full.
pub fn print_document(value: &impl Serialize) -> io::Result<()> {
    print(&pretty(value)?)
}

/// Prints text on standard output just as it is.
///
/// # Errors
///
/// If it could not be written in full.
pub fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// Standard output as a stream, for results that are written while they arrive.
#[must_use]
pub fn stdout() -> io::Stdout {
    io::stdout()
}

/// Writes text to standard error as it is: already clean, with its newlines.
fn to_stderr(text: &str) {
    // Nobody is left to tell if standard error fails.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

fn pretty(value: &impl Serialize) -> io::Result<String> {
    let mut text = escape::clean_json(serde_json::to_string_pretty(value)?);
    text.push('\n');
    Ok(text)
}
