//! Shows how far long work is: a bar where somebody looks, a line now and then where not.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};

use super::Terminal;
use super::line::{Line, grouped, spoken};

/// How often a line is written where there is no bar.
const EVERY: Duration = Duration::from_secs(10);
/// How long the bar is at most, in columns; and no more than a quarter of what the line had at the start.
const LENGTH: usize = 30;

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
    line: Option<Line>,
    last: Mutex<Last>,
}

/// What was shown last.
struct Last {
    at: Instant,
    text: String,
}

impl Bar {
    /// Begins; nothing is shown with `--quiet`.
    #[must_use]
    pub fn start(terminal: &Terminal) -> Self {
        let line = terminal.stderr.is_terminal && !terminal.options.quiet;
        Self {
            terminal: terminal.clone(),
            line: line.then(Line::new),
            last: Mutex::new(Last {
                at: Instant::now(),
                text: String::new(),
            }),
        }
    }

    /// Shows the figures.
    pub fn show(&self, figures: &Figures) {
        let mut last = self.last();
        if let Some(line) = &self.line {
            last.text = drawn(figures, &self.terminal);
            line.draw(&last.text);
        } else if last.at.elapsed() >= EVERY {
            last.at = Instant::now();
            self.terminal.remark(&words(figures));
        }
    }

    /// Says something between two showings of the bar.
    pub fn remark(&self, text: &str) {
        let last = self.last();
        if let Some(line) = &self.line {
            line.clear();
        }
        self.terminal.remark(text);
        if let Some(line) = &self.line {
            line.draw(&last.text);
        }
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        if let Some(line) = &self.line {
            line.clear();
        }
    }

    fn last(&self) -> MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn drawn(figures: &Figures, terminal: &Terminal) -> String {
    let length = LENGTH.min(terminal.width / 4);
    let total = figures.total.max(1);
    let finished = u128::from(figures.finished.min(total));
    // Never more than the whole, which fits.
    let part = |whole: usize| usize::try_from(finished * whole as u128 / u128::from(total));
    let (full, percent) = (part(length).unwrap_or(0), part(100).unwrap_or(0));
    let (done, rest) = ("█".repeat(full), "░".repeat(length - full));
    let bar = if terminal.stderr.color {
        let (cyan, dim) = (AnsiColor::Cyan.on_default(), Style::new().dimmed());
        format!("{cyan}{done}{cyan:#}{dim}{rest}{dim:#}")
    } else {
        done + &rest
    };
    format!("{bar} {percent:>3}%  {}", words(figures))
}

fn words(figures: &Figures) -> String {
    let failed = match figures.failed {
        0 => String::new(),
        failed => format!(", {} failed", grouped(failed)),
    };
    let left = figures
        .left
        .map_or(String::new(), |left| format!(", {} left", spoken(left)));
    format!(
        "{} of {}{failed}, {:.0}/s{left}, {}",
        grouped(figures.finished),
        grouped(figures.total),
        figures.rate,
        figures.remark
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::OutputOptions;

    #[test]
    fn the_bar_shows_how_much_is_done() {
        let mut terminal = Terminal::new(OutputOptions {
            color: Some(false),
            ..OutputOptions::default()
        });
        terminal.width = 80;
        let mut figures = Figures {
            total: 3000,
            finished: 1000,
            failed: 2,
            rate: 49.6,
            left: Some(Duration::from_secs(40)),
            remark: "8 of 8 at once".to_owned(),
        };
        let words = "33%  1,000 of 3,000, 2 failed, 50/s, 40s left, 8 of 8 at once";
        let wide = format!("{}{}  {words}", "█".repeat(6), "░".repeat(14));
        assert_eq!(drawn(&figures, &terminal), wide);
        terminal.width = 40;
        assert!(drawn(&figures, &terminal).starts_with("███░░░░░░░  33%"));
        figures.finished = u64::MAX;
        assert!(drawn(&figures, &terminal).starts_with("██████████ 100%"));
        (figures.total, figures.finished) = (0, 0);
        assert!(drawn(&figures, &terminal).starts_with("░░░░░░░░░░   0%"));
    }
}
