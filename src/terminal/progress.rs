//! Shows how far long work is: a bar where somebody looks, a line now and then where not.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Terminal;

/// How often a line is written where there is no bar.
const EVERY: Duration = Duration::from_secs(10);

/// How far the work is.
#[derive(Debug, Clone)]
pub struct Figures {
    /// All that is to be done.
    pub total: u64,
    /// What is over, well or not.
    pub finished: u64,
    /// What went wrong.
    pub failed: u64,
    /// How much is finished in a second.
    pub rate: f64,
    /// How long the rest will take.
    pub left: Option<Duration>,
    /// What else is to be seen.
    pub remark: String,
}

/// A progress bar on standard error, or what stands in its place.
pub struct Bar {
    terminal: Terminal,
    shown: Option<ProgressBar>,
    last_line: Mutex<Instant>,
}

impl Bar {
    /// Begins; nothing is shown with `--quiet`.
    #[must_use]
    pub fn start(terminal: &Terminal, total: u64) -> Self {
        let bar = (terminal.stderr.is_terminal && !terminal.manner.quiet).then(|| {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
            let template = if terminal.stderr.color {
                "{bar:30.cyan/dim} {percent:>3}%  {msg}"
            } else {
                "{bar:30} {percent:>3}%  {msg}"
            };
            let style = ProgressStyle::with_template(template);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self {
            terminal: terminal.clone(),
            shown: bar,
            last_line: Mutex::new(Instant::now()),
        }
    }

    /// Shows the figures.
    pub fn show(&self, figures: &Figures) {
        if let Some(bar) = &self.shown {
            bar.set_message(words(figures));
            bar.set_position(figures.finished);
            return;
        }
        let mut last_line = self
            .last_line
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if last_line.elapsed() >= EVERY {
            *last_line = Instant::now();
            self.terminal.remark(&words(figures));
        }
    }

    /// Says something between two showings of the bar.
    pub fn remark(&self, text: &str) {
        match &self.shown {
            Some(bar) => bar.suspend(|| self.terminal.remark(text)),
            None => self.terminal.remark(text),
        }
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        if let Some(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

fn words(figures: &Figures) -> String {
    let count = |number| HumanCount(number).to_string();
    let failed = match figures.failed {
        0 => String::new(),
        failed => format!(", {} failed", count(failed)),
    };
    let left = figures.left.map_or(String::new(), |left| {
        format!(", {} left", HumanDuration(left))
    });
    format!(
        "{} of {}{failed}, {:.0}/s{left}, {}",
        count(figures.finished),
        count(figures.total),
        figures.rate,
        figures.remark
    )
}
