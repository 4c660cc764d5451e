//! The streams of this process: results on standard output, everything else on standard error.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anstream::{AutoStream, ColorChoice};
use serde::Serialize;

use super::block::{Block, Shown, Tone, paint};
use super::escape::{CleanLines, clean, clean_colored};
use super::link::{self, linked};
use super::{page, pager};
use crate::hidden::escaped_json;
use crate::http::Redactor;

/// What the user asked for of all output.
#[derive(Debug, Clone, Copy, Default)]
pub struct OutputOptions {
    pub json: bool,
    pub quiet: bool,
    /// `--color`; `None` lets the environment decide.
    pub color: Option<bool>,
}

/// One value of a line: its text, how it is meant, and the columns that it takes at a terminal at least.
type Word<'a> = (&'a str, Tone, usize);

/// An output stream, looked at once.
#[derive(Debug, Clone)]
pub struct Stream {
    pub is_terminal: bool,
    pub color: bool,
    /// Whether it is known to take links.
    links: bool,
}

/// The terminal, or what stands in its place.
#[derive(Debug, Clone)]
pub struct Terminal {
    options: OutputOptions,
    json_lines: Arc<AtomicBool>,
    drawn: Arc<Mutex<Option<indicatif::ProgressBar>>>,
    pub stdout: Stream,
    pub stderr: Stream,
    is_attended: bool,
    /// What no output may hold, once that is known.
    redactors: Arc<Mutex<Vec<Arc<Redactor>>>>,
    /// The width in columns; 80 where there is no terminal.
    pub width: usize,
}

impl Terminal {
    /// Looks at the streams and the environment once.
    pub fn new(options: OutputOptions) -> Self {
        let stream = |is_terminal, auto: ColorChoice| {
            let color = options.color.unwrap_or(auto != ColorChoice::Never);
            Stream {
                is_terminal,
                color,
                links: is_terminal && color && link::are_known(),
            }
        };
        Self {
            options,
            json_lines: Arc::default(),
            drawn: Arc::default(),
            stdout: stream(
                io::stdout().is_terminal(),
                AutoStream::choice(&io::stdout()),
            ),
            stderr: stream(
                io::stderr().is_terminal(),
                AutoStream::choice(&io::stderr()),
            ),
            is_attended: io::stdin().is_terminal(),
            redactors: Arc::default(),
            width: terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0)),
        }
    }

    /// From now on no output holds the unmistakable shapes of these credentials.
    pub fn redact(&self, redactor: Arc<Redactor>) {
        locked(&self.redactors).push(redactor);
    }

    fn redacted<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut shown = Cow::Borrowed(text);
        for redactor in locked(&self.redactors).iter() {
            if let Cow::Owned(redacted) = redactor.unmistakable(&shown) {
                shown = redacted.into();
            }
        }
        shown
    }

    pub fn is_json(&self) -> bool {
        self.options.json
    }

    /// Whether a person reads the results, rather than a program.
    pub fn is_watched(&self) -> bool {
        self.stdout.is_terminal && self.stderr.is_terminal && !self.options.json
    }

    /// Whether standard output was closed when this process began: what is written to it then goes nowhere.
    ///
    /// Rust opens `/dev/null` in its place for reading and writing; who throws output away opens it for writing alone, as a rule.
    pub fn is_stdout_lost() -> bool {
        #[cfg(unix)]
        {
            use rustix::fs::{OFlags, fcntl_getfl, fstat, stat};
            let mode = fcntl_getfl(io::stdout()).map(|flags| flags & OFlags::RWMODE);
            let same =
                fstat(io::stdout()).and_then(|out| Ok(out.st_rdev == stat("/dev/null")?.st_rdev));
            mode == Ok(OFlags::RDWR) && same == Ok(true)
        }
        #[cfg(not(unix))]
        false
    }

    /// Whether somebody is there to answer a question.
    pub fn can_ask(&self) -> bool {
        self.is_attended && self.stderr.is_terminal
    }

    /// From now on a document takes one line, an error's too, because several follow each other.
    pub fn use_json_lines(&self) {
        self.json_lines.store(true, Ordering::Relaxed);
    }

    pub fn show(&self, Shown { document, blocks }: &Shown) -> io::Result<()> {
        if self.options.json {
            return self.print_document(document);
        }
        self.print(&self.laid_out(blocks))
    }

    /// The same for a text to be read at leisure, at a terminal in a pager; what would follow is lost there.
    pub fn show_at_leisure(&self, shown: &Shown) -> io::Result<()> {
        if self.is_watched()
            && let Some((_, height)) = terminal_size::terminal_size()
        {
            let text = self.laid_out(&shown.blocks);
            pager::page(&self.redacted(&text), usize::from(height.0));
        }
        self.show(shown)
    }

    fn laid_out(&self, blocks: &[Block]) -> String {
        let Stream {
            is_terminal,
            color,
            links,
        } = self.stdout;
        if is_terminal {
            page::for_terminal(blocks, self.width, color, links)
        } else {
            page::for_pipe(blocks, color)
        }
    }

    /// Prints any value as a JSON document on standard output.
    pub fn print_document(&self, value: &impl Serialize) -> io::Result<()> {
        self.print_json(if self.json_lines.load(Ordering::Relaxed) {
            serde_json::to_string(value)?
        } else {
            serde_json::to_string_pretty(value)?
        })
    }

    /// Prints a JSON text on standard output, with what could steer a terminal escaped.
    pub fn print_json(&self, text: String) -> io::Result<()> {
        self.print(&(escaped_json(text) + "\n"))
    }

    /// Prints text on standard output as it is.
    pub fn print(&self, text: &str) -> io::Result<()> {
        let mut rows = Rows(self.clone());
        rows.write_all(self.redacted(text).as_bytes())?;
        rows.flush()
    }

    /// Prints the help of a command, which has its lines and colours.
    pub fn help(&self, text: &str) -> io::Result<()> {
        self.print(&self.hanging(text, &self.stdout))
    }

    /// Lines of this tool's own as they fit a stream.
    fn hanging<'a>(&self, text: &'a str, stream: &Stream) -> Cow<'a, str> {
        if stream.is_terminal {
            page::hanging(text, self.width).into()
        } else {
            text.into()
        }
    }

    /// Prints one line of a result that never ends: aligned at a terminal, tab-separated and with every value in a pipe.
    pub fn show_line(&self, words: &[Word]) -> io::Result<()> {
        let Stream {
            is_terminal, color, ..
        } = self.stdout;
        // In a pipe empty values stay, so that every line has as many.
        let is_shown = |(text, _, least): &&Word| !is_terminal || !text.is_empty() || *least > 0;
        let word = |(text, tone, least): &Word| {
            let text = clean(text);
            let pad = if is_terminal {
                least.saturating_sub(page::columns(&text))
            } else {
                0
            };
            format!("{}{:pad$}", paint(&text, *tone, color), "")
        };
        let words: Vec<_> = words.iter().filter(is_shown).map(word).collect();
        self.print(&if is_terminal {
            format!("{}\n", words.join("  ").trim_end())
        } else {
            words.join("\t") + "\n"
        })
    }

    /// Standard output for lines that are written while they arrive; a person sees them clean.
    pub fn rows(&self) -> Box<dyn Write + Send> {
        if self.stdout.is_terminal {
            Box::new(CleanLines::new(Rows(self.clone())))
        } else {
            Box::new(Rows(self.clone()))
        }
    }

    /// Says something useful that is not the result. `--quiet` silences it.
    pub fn remark(&self, text: &str) {
        if !self.options.quiet {
            self.say(Tone::Dim, "note", text);
        }
    }

    /// Says something that the user should not overlook. `--quiet` silences it.
    pub fn warn(&self, text: &str) {
        if !self.options.quiet {
            self.say(Tone::Warn, "warning", text);
        }
    }

    /// Says in one line what happened. `--quiet` silences it.
    pub fn event(&self, words: &[(&str, Tone)]) {
        if self.options.quiet {
            return;
        }
        let shown = words.iter().filter(|(word, _)| !word.is_empty());
        let color = self.stderr.color;
        let painted = shown.map(|(word, tone)| paint(&clean(word), *tone, color));
        self.to_stderr(&(painted.collect::<Vec<_>>().join("  ") + "\n"));
    }

    /// Says that real users are about to be affected; never silenced.
    pub fn live(&self, text: &str) {
        self.say(Tone::Warn, "live", text);
    }

    /// Says what a question is about, or how it was answered. A URL is whole at every width. Never silenced.
    pub fn statement(&self, text: &str) {
        let line = self.fitted(&clean(text), "");
        let line = linked(&line, self.stderr.links);
        self.to_stderr(&format!("{line}\n"));
    }

    /// Says why it did not work; never silenced.
    pub fn error(&self, text: &str) {
        self.say(Tone::Bad, "error", text);
    }

    /// Shows what is wrong with a command line; the text has its lines and colours.
    pub fn usage(&self, text: &str) {
        let lines = text.lines().map(|line| clean_colored(line) + "\n");
        self.to_stderr(&self.hanging(&lines.collect::<String>(), &self.stderr));
    }

    /// A line that belongs to the error before it; never silenced.
    pub fn bullet(&self, text: &str) {
        let line = self.fitted(&format!("  {}", clean(text)), "    ");
        self.to_stderr(&format!("{line}\n"));
    }

    /// Like [`bullet`](Self::bullet) for a command or an id, which stays on one line to be copied.
    pub fn literal(&self, label: &str, text: &str) {
        self.to_stderr(&format!("  {label}: {}\n", clean(text)));
    }

    fn say(&self, tone: Tone, label: &str, text: &str) {
        let line = self.fitted(&format!("{label}: {}", clean(text)), "  ");
        let rest = line.strip_prefix(label).unwrap_or_default();
        let label = paint(label, tone, self.stderr.color);
        self.to_stderr(&format!("{label}{rest}\n"));
    }

    /// Writes text to standard error as it is: already clean, with its newlines.
    pub(super) fn to_stderr(&self, text: &str) {
        // Nobody is left to tell if standard error fails.
        let text = self.redacted(text);
        let _ = self.undrawn(|| io::stderr().lock().write_all(text.as_bytes()));
    }

    fn fitted(&self, text: &str, indent: &str) -> String {
        if self.stderr.is_terminal {
            page::wrap(text, self.width, indent)
        } else {
            text.to_owned()
        }
    }
}

impl Terminal {
    /// Whether a line may be drawn over and over on standard error.
    pub fn can_animate(&self) -> bool {
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        self.stderr.is_terminal && !self.options.quiet && !is_dumb
    }

    /// Notes what is drawn on standard error, so that what is printed does not get into it.
    pub fn now_drawn(&self, bar: Option<indicatif::ProgressBar>) {
        *locked(&self.drawn) = bar;
    }

    /// Writes something while nothing is drawn on standard error.
    fn undrawn<T>(&self, write: impl FnOnce() -> T) -> T {
        let drawn = locked(&self.drawn).clone();
        match drawn {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

/// Standard output; at a terminal what is drawn there makes room.
struct Rows(Terminal);

impl Write for Rows {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.stdout.is_terminal {
            self.0.undrawn(|| io::stdout().write(bytes))
        } else {
            io::stdout().write(bytes)
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush()
    }
}

/// What a mutex holds; a thread that panicked leaves nothing behind that would be half done.
pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
