//! Event lines: one line for each thing that happened, uncut. It decides nothing about what is told.

use std::io;

use super::block::{Tone, paint};
use super::page::columns;
use super::{Terminal, clean};

/// One value of a line: its text, how it is meant, and the columns that it takes at a terminal at least.
pub type Word<'a> = (&'a str, Tone, usize);

impl Terminal {
    /// Says in one line what happened. `--quiet` silences it.
    pub fn event(&self, words: &[(&str, Tone)]) {
        if self.options.quiet {
            return;
        }
        let shown = words.iter().filter(|(word, _)| !word.is_empty());
        let painted: Vec<String> = shown
            .map(|(word, tone)| paint(&clean(word), *tone, self.stderr.color))
            .collect();
        self.to_stderr(&format!("{}\n", painted.join("  ")));
    }

    /// Prints one line of a result that never ends: aligned at a terminal, tab-separated and with every value in a pipe.
    pub fn show_line(&self, words: &[Word]) -> io::Result<()> {
        if !self.stdout.is_terminal {
            // Empty values stay, so that every line has as many.
            let words: Vec<String> = words
                .iter()
                .map(|(text, tone, _)| paint(&clean(text), *tone, self.stdout.color))
                .collect();
            return self.print(&format!("{}\n", words.join("\t")));
        }
        let shown = words
            .iter()
            .filter(|(text, _, least)| !text.is_empty() || *least > 0);
        let aligned = shown.map(|(text, tone, least)| {
            let text = clean(text);
            let pad = " ".repeat(least.saturating_sub(columns(&text)));
            format!("{}{pad}", paint(&text, *tone, self.stdout.color))
        });
        let line = aligned.collect::<Vec<_>>().join("  ");
        self.print(&format!("{}\n", line.trim_end()))
    }
}
