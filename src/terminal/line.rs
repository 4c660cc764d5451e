//! One line on standard error that is drawn over and over, and taken away at the end.

use std::time::Duration;

use console::Term;
use jiff::SignedDuration;

/// The line. What cannot be drawn is left out: nothing depends on it.
pub(super) struct Line(Term);

impl Line {
    pub(super) fn new() -> Self {
        Self(Term::buffered_stderr())
    }

    /// Draws the text over what was drawn before, cut to the width that the terminal has now.
    pub(super) fn draw(&self, text: &str) {
        // In the last column some terminals begin a new line.
        let width = usize::from(self.0.size().1).saturating_sub(1);
        let text = console::truncate_str(text, width, "…");
        let _ = self.0.clear_line();
        let _ = self.0.write_str(&text);
        let _ = self.0.flush();
    }

    /// Leaves the line empty.
    pub(super) fn clear(&self) {
        let _ = self.0.clear_line();
        let _ = self.0.flush();
    }
}

/// A time as people say it, to the second: `0s`, `3m 5s`, `2h 1s`.
pub(super) fn spoken(time: Duration) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    format!("{:#}", SignedDuration::from_secs(seconds))
}

/// A number with a comma before every three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_numbers_are_easy_to_read() {
        let spoken = [0, 59, 185, 7201, u64::MAX].map(|n| spoken(Duration::from_secs(n)));
        assert_eq!(spoken[..4], ["0s", "59s", "3m 5s", "2h 1s"]);
        let grouped = [0, 999, 1000, 12345, 1_000_000].map(grouped);
        assert_eq!(grouped, ["0", "999", "1,000", "12,345", "1,000,000"]);
    }
}
