//! Shows that something is being waited for, and for how long, if somebody is looking.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Terminal, clean};

/// A line on standard error that goes away when dropped.
pub struct Spinner(ProgressBar);

impl Spinner {
    /// Starts to show what is being waited for; nothing is shown where nobody looks or `--quiet` is given.
    #[must_use]
    pub fn start(terminal: &Terminal, what: &str) -> Self {
        let bar = if terminal.stderr.is_terminal && !terminal.manner.quiet {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
        } else {
            ProgressBar::hidden()
        };
        let template = if terminal.stderr.color {
            "{spinner:.cyan} {prefix}: {msg} ({elapsed})"
        } else {
            "{prefix}: {msg} ({elapsed})"
        };
        bar.set_style(
            ProgressStyle::with_template(template)
                .unwrap_or_else(|_| ProgressStyle::default_spinner()),
        );
        bar.set_prefix(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// Says how things stand.
    pub fn says(&self, text: &str) {
        self.0.set_message(clean(text).into_owned());
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
