//! The parts that a result is made of, before they are laid out. Pure.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use serde_json::Value;

use super::escape::clean;

/// How a piece of text is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Warn,
    Bad,
    Dim,
    Title,
}

/// A value in a record or a table.
#[derive(Debug, Clone)]
pub struct Cell {
    pub(super) text: String,
    pub(super) tone: Tone,
    /// What a person sees instead.
    for_person: Option<String>,
}

impl Cell {
    /// A value without emphasis; any text will do, it is cleaned when shown.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::toned(text, Tone::Plain)
    }

    /// A value with emphasis.
    pub fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self {
            text: text.into(),
            tone,
            for_person: None,
        }
    }

    /// A time: as it was sent for a pipe, as an age for a person.
    pub fn time(text: impl Into<String>, now: Timestamp) -> Self {
        let text = text.into();
        let for_person = text.parse().ok().map(|time| age(time, now));
        Self {
            text,
            tone: Tone::Plain,
            for_person,
        }
    }

    /// The text for a terminal, clean.
    pub(super) fn seen(&self) -> Cow<'_, str> {
        clean(self.for_person.as_deref().unwrap_or(&self.text))
    }
}

/// How long ago, or how soon, in its largest unit.
fn age(time: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(time).as_secs();
    let amount = seconds.unsigned_abs();
    let units = [
        (86_400 * 365, "year"),
        (86_400 * 30, "month"),
        (86_400, "day"),
        (3_600, "hour"),
        (60, "minute"),
        (1, "second"),
    ];
    let Some((size, name)) = units.into_iter().find(|(size, _)| amount >= *size) else {
        return "now".to_owned();
    };
    let amount = counted(amount / size, name);
    if seconds < 0 {
        format!("in {amount}")
    } else {
        format!("{amount} ago")
    }
}

/// A number of things.
pub fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// A part of a result.
#[derive(Debug, Clone)]
pub enum Block {
    /// One thing: a label and a value on each line, never cut.
    Record(Vec<(&'static str, Cell)>),
    /// Many things of a kind; the heading is for terminals only.
    Table {
        heading: Vec<&'static str>,
        rows: Vec<Vec<Cell>>,
    },
    /// A value alone on its line, whole at every width.
    Line(String),
    /// An empty line and a line that introduces what follows, for terminals only.
    Heading(&'static str),
    /// Text of this tool's own, printed as it is.
    Text(String),
    /// A JSON document, printed as one for people and programs.
    Json(Value),
    /// An empty line, for terminals only.
    Blank,
}

impl Tone {
    /// How it looks. Colours without brightness can be read on light and on dark backgrounds.
    pub(super) fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Good => AnsiColor::Green.on_default().bold(),
            Self::Warn => AnsiColor::Yellow.on_default().bold(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Dim => Style::new().dimmed(),
            Self::Title => Style::new().bold(),
        }
    }
}

/// Colours text, if colours are wanted.
pub(super) fn paint(text: &str, tone: Tone, color: bool) -> String {
    let style = if color { tone.style() } else { Style::new() };
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_in_their_largest_unit() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let seen = |time: &str| Cell::time(time, now).seen().into_owned();
        assert_eq!(seen("2026-11-23T12:00:00Z"), "now");
        assert_eq!(seen("2026-11-23T11:59:01Z"), "59 seconds ago");
        assert_eq!(seen("2026-11-22T11:00:00.5Z"), "1 day ago");
        assert_eq!(seen("2027-01-31T12:00:00Z"), "in 2 months");
        assert_eq!(seen("soon"), "soon");
    }
}
