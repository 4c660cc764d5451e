//! What is told bit by bit, one line for each thing that happened, uncut. It decides nothing about what is told.

use std::io;

use super::page::{Tone, columns, paint};
use super::{Terminal, clean, print, to_stderr};

/// One value of a line: its text, how it is meant, and the columns that it takes at a terminal at least.
pub type Word<'a> = (&'a str, Tone, usize);

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

    /// Prints one line of a result that never ends: aligned at a terminal, tab-separated and with every value in a pipe.
    ///
    /// # Errors
    ///
    /// If it could not be written in full, a closed pipe included.
    pub fn show_line(&self, words: &[Word]) -> io::Result<()> {
        let shown = |(text, tone, least): &Word| {
            let text = clean(text);
            let missing = least.saturating_sub(columns(&text));
            let pad = if self.stdout.is_terminal { missing } else { 0 };
            let painted = paint(&text, *tone, self.stdout.color);
            format!("{painted}{}", " ".repeat(pad))
        };
        let words: Vec<String> = words.iter().map(shown).collect();
        let between = if self.stdout.is_terminal { "  " } else { "\t" };
        let line = words.join(between);
        // In a pipe an empty last value stays, so that every line has as many.
        let line = if self.stdout.is_terminal {
            line.trim_end()
        } else {
            &line
        };
        print(&format!("{line}\n"))
    }
}
