//! Makes text from elsewhere harmless to a terminal: what would steer it is shown escaped.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use console::AnsiCodeIterator;

use crate::hidden::is_hidden;

/// Persian and Indic names need them within a word, and families of emoji; between other letters they only hide.
const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];

/// Shows control, bidi and invisible characters as `\u{…}`; all other text is left as it is.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let is_letter = |c: char| !c.is_ascii() && !is_hidden(c);
        let is_joining = JOINERS.contains(&character)
            && is_letter(before)
            && characters.peek().is_some_and(|next| is_letter(*next));
        if is_hidden(character) && !is_joining {
            let _ = write!(shown, "{}", character.escape_unicode());
        } else {
            shown.push(character);
        }
        before = character;
    }
    Cow::Owned(shown)
}

/// Like [`clean`], but colours stay.
pub fn clean_colored(text: &str) -> String {
    let is_color = |code: &str| {
        let code = code
            .strip_prefix("\u{1b}[")
            .and_then(|code| code.strip_suffix('m'));
        code.is_some_and(|code| code.chars().all(|c| c.is_ascii_digit() || c == ';'))
    };
    let part = |(text, _)| {
        if is_color(text) {
            text.into()
        } else {
            clean(text)
        }
    };
    AnsiCodeIterator::new(text).map(part).collect()
}

/// Passes whole lines on, each of them clean.
pub(super) struct CleanLines<W> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> CleanLines<W> {
    pub(super) fn new(out: W) -> Self {
        let line = Vec::new();
        Self { out, line }
    }
}

impl<W: Write> Write for CleanLines<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if let Some(line) = self.line.strip_suffix(b"\n") {
                let text = String::from_utf8_lossy(line);
                self.out.write_all((clean(&text) + "\n").as_bytes())?;
                self.line.clear();
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_steers_a_terminal_is_escaped_and_the_rest_is_not() {
        assert_eq!(clean("plain ü 漢字 🎵"), "plain ü 漢字 🎵");
        assert_eq!(clean("\u{1b}[31mred\u{7}"), "\\u{1b}[31mred\\u{7}");
        assert_eq!(clean("a\nb\u{9b}c\u{202e}d"), "a\\u{a}b\\u{9b}c\\u{202e}d");
    }

    #[test]
    fn names_keep_the_joiners_that_their_script_needs_and_ids_show_them() {
        for name in [
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "👩\u{200d}❤\u{fe0f}\u{200d}👩",
        ] {
            assert_eq!(clean(name), name);
        }
        assert_eq!(clean("a\u{200d}b"), "a\\u{200d}b");
        assert_eq!(clean("ü\u{200c}"), "ü\\u{200c}");
        assert_eq!(clean("ü\u{200c}\u{200c}ü"), "ü\\u{200c}\\u{200c}ü");
    }

    #[test]
    fn only_colours_are_left_in_a_coloured_text() {
        let text = "\u{1b}[1;31mred\u{1b}[0m \u{1b}[2J\u{1b}]0;title\u{7}";
        let shown = "\u{1b}[1;31mred\u{1b}[0m \\u{1b}[2J\\u{1b}]0;title\\u{7}";
        assert_eq!(clean_colored(text), shown);
    }

    #[test]
    fn rows_are_clean_however_they_are_cut_into_writes() {
        let mut rows = CleanLines::new(Vec::new());
        for part in ["a,\u{1b}", "[31m,ü", "\nb\n"] {
            rows.write_all(part.as_bytes()).unwrap();
        }
        assert_eq!(rows.out, "a,\\u{1b}[31m,ü\nb\n".as_bytes());
    }

    proptest! {
        #[test]
        fn nothing_unsafe_is_left(text in ".*") {
            prop_assert!(!clean(&text).contains(|c| is_hidden(c) && !JOINERS.contains(&c)));
        }
    }
}
