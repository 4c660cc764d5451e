//! Event lines: one line for each thing that happened, uncut. It decides nothing about what is told.

use std::io;

use super::block::{Tone, paint};
use super::page::columns;
use super::{Stream, Terminal, clean};

/// One value of a line: its text, how it is meant, and the columns that it takes at a terminal at least.
pub type Word<'a> = (&'a str, Tone, usize);

impl Terminal {
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

    /// Prints one line of a result that never ends: aligned at a terminal, tab-separated and with every value in a pipe.
    pub fn show_line(&self, words: &[Word]) -> io::Result<()> {
        let Stream { is_terminal, color } = self.stdout;
        // In a pipe empty values stay, so that every line has as many.
        let is_shown = |(text, _, least): &&Word| !is_terminal || !text.is_empty() || *least > 0;
        let word = |(text, tone, least): &Word| {
            let text = clean(text);
            let pad = if is_terminal {
                least.saturating_sub(columns(&text))
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
}
