//! A running log on standard error: one line for each thing that happened, uncut. It decides nothing about what is logged.

use super::page::{Tone, paint};
use super::{Terminal, clean, to_stderr};

impl Terminal {
    /// Appends one line of a running log; its words are made harmless first. `--quiet` silences it.
    pub fn log(&self, words: &[(&str, Tone)]) {
        if self.manner.quiet {
            return;
        }
        let shown = words.iter().filter(|(word, _)| !word.is_empty());
        let painted: Vec<String> = shown
            .map(|(word, tone)| paint(&clean(word), *tone, self.stderr.color))
            .collect();
        to_stderr(&format!("{}\n", painted.join("  ")));
    }
}
