//! Shows that something takes its time: a bar or a spinner where somebody looks, a line now and then where not.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressDrawTarget, ProgressStyle};
use jiff::SignedDuration;

use super::escape::clean;
use super::output::{Terminal, locked};

/// How often a line is written where there is no bar.
const EVERY: Duration = Duration::from_secs(10);
/// How long the bar is at most, in columns; and no more than a quarter of what the line had at the start.
const LENGTH: usize = 30;
/// How long each look of the spinner is seen.
const FRAME: Duration = Duration::from_millis(120);
/// A person notices a wait that is longer than this.
const NOTICEABLE: Duration = Duration::from_secs(1);

#[derive(Debug, Clone)]
pub struct Figures {
    pub total: u64,
    /// What is over, well or not.
    pub finished: u64,
    /// What went wrong.
    pub failed: u64,
    pub rate: f64,
    pub left: Option<Duration>,
    pub remark: String,
}

/// A progress bar on standard error, or what stands in its place; it goes away when dropped.
pub struct ProgressBar {
    terminal: Terminal,
    drawn: Option<indicatif::ProgressBar>,
    last_line: Mutex<Instant>,
}

impl ProgressBar {
    /// Begins; nothing is shown with `--quiet`.
    pub fn start(terminal: &Terminal) -> Self {
        let length = LENGTH.min(terminal.width / 4);
        let drawn = terminal.can_animate().then(|| {
            let template = format!("{{bar:{length}.cyan/dim}} {{percent:>3}}%  {{wide_msg}}");
            let bar = drawn(terminal, &template);
            terminal.now_drawn(Some(bar.clone()));
            bar
        });
        Self {
            terminal: terminal.clone(),
            drawn,
            last_line: Mutex::new(Instant::now()),
        }
    }

    pub fn show(&self, figures: &Figures) {
        if let Some(bar) = &self.drawn {
            bar.set_message(clean(&words(figures)).into_owned());
            bar.set_length(figures.total);
            bar.set_position(figures.finished);
            return;
        }
        let mut last = locked(&self.last_line);
        if last.elapsed() >= EVERY {
            *last = Instant::now();
            self.terminal.remark(&words(figures));
        }
    }

    pub fn clear(&self) {
        if let Some(bar) = &self.drawn {
            self.terminal.now_drawn(None);
            bar.finish_and_clear();
        }
    }
}

impl Drop for ProgressBar {
    fn drop(&mut self) {
        self.clear();
    }
}

/// A line on standard error that says what is waited for, and for how long; it goes away when dropped.
pub struct Spinner {
    terminal: Terminal,
    what: String,
    message: Arc<Mutex<String>>,
    /// The thread that draws it ends when the sender is dropped. Without one each change is a remark.
    drawing: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Spinner {
    /// Starts to show what is waited for; nothing is shown where nobody looks or `--quiet` is given.
    pub fn start(terminal: &Terminal, what: &str) -> Self {
        Self::start_after(terminal, what, Duration::ZERO)
    }

    /// The same, but not before the wait is long enough to be noticed.
    pub fn start_if_long(terminal: &Terminal, what: &str) -> Self {
        Self::start_after(terminal, what, NOTICEABLE)
    }

    fn start_after(terminal: &Terminal, what: &str, delay: Duration) -> Self {
        let mut spinner = Self {
            terminal: terminal.clone(),
            what: clean(what).into_owned(),
            message: Arc::default(),
            drawing: None,
        };
        if terminal.can_animate() {
            let (stop, stopped) = mpsc::channel();
            let (terminal, what) = (terminal.clone(), spinner.what.clone());
            let message = Arc::clone(&spinner.message);
            let draw = move || {
                if stopped.recv_timeout(delay) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
                let bar = drawn(&terminal, "{spinner:.cyan} {wide_msg}");
                terminal.now_drawn(Some(bar.clone()));
                while stopped.recv_timeout(FRAME) == Err(RecvTimeoutError::Timeout) {
                    let elapsed = spoken(delay + bar.elapsed());
                    bar.set_message(format!("{what}{} ({elapsed})", locked(&message)));
                    bar.tick();
                }
                terminal.now_drawn(None);
                bar.finish_and_clear();
            };
            let thread = thread::Builder::new().spawn(draw).ok();
            spinner.drawing = thread.map(|thread| (stop, thread));
        }
        spinner
    }

    pub fn says(&self, text: &str) {
        let text = format!(": {}", clean(text));
        let mut message = locked(&self.message);
        if self.drawing.is_none() && self.terminal.stderr.is_terminal && *message != text {
            self.terminal.remark(&format!("{}{text}", self.what));
        }
        *message = text;
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.drawing.take() {
            drop(stop);
            // If it panicked nothing is shown any more.
            let _ = thread.join();
        }
    }
}

/// A bar of this looks on standard error, not drawn yet.
fn drawn(terminal: &Terminal, template: &str) -> indicatif::ProgressBar {
    console::set_colors_enabled_stderr(terminal.stderr.color);
    let style = ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("█░")
        .tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ");
    indicatif::ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr())
        .with_style(style)
}

/// A time as people say it, to the second: `0s`, `3m 5s`, `2h 1s`.
fn spoken(time: Duration) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    format!("{:#}", SignedDuration::from_secs(seconds))
}

fn words(figures: &Figures) -> String {
    let failed = match figures.failed {
        0 => String::new(),
        failed => format!(", {} failed", HumanCount(failed)),
    };
    let left = figures
        .left
        .map_or(String::new(), |left| format!(", {} left", spoken(left)));
    format!(
        "{} of {}{failed}, {:.0}/s{left}, {}",
        HumanCount(figures.finished),
        HumanCount(figures.total),
        figures.rate,
        figures.remark
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_easy_to_read() {
        let figures = Figures {
            total: 3_000_000,
            finished: 1000,
            failed: 2,
            rate: 49.6,
            left: Some(Duration::from_secs(185)),
            remark: "8 of 8 at once".to_owned(),
        };
        let expected = "1,000 of 3,000,000, 2 failed, 50/s, 3m 5s left, 8 of 8 at once";
        assert_eq!(words(&figures), expected);
        assert_eq!(spoken(Duration::from_secs(7201)), "2h 1s");
        assert!(!spoken(Duration::MAX).is_empty());
    }
}
