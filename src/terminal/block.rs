//! The parts that a result is made of, before they are laid out. Pure.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::escape::clean;

/// A result: for programs a document, its fields in their order, and for people blocks.
pub struct Shown {
    pub document: Value,
    pub blocks: Vec<Block>,
}

impl Shown {
    /// A value that has no form in JSON is null there.
    pub fn new(value: impl Serialize, blocks: impl IntoIterator<Item = Block>) -> Self {
        Self {
            document: serde_json::to_value(value).unwrap_or_default(),
            blocks: blocks.into_iter().collect(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Warn,
    Bad,
    Dim,
    Title,
}

#[derive(Debug, Clone)]
pub struct Cell {
    pub(super) text: String,
    pub(super) tone: Tone,
    time: Option<Time>,
}

/// A time as a person sees it.
#[derive(Debug, Clone)]
struct Time {
    age: String,
    day: String,
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
            time: None,
        }
    }

    pub fn optional(text: Option<impl Into<String>>) -> Self {
        Self::plain(text.map_or_else(String::new, Into::into))
    }

    pub fn number(number: impl std::fmt::Display) -> Self {
        Self::plain(number.to_string())
    }

    /// A time: as it was sent for a pipe, with its age for a person.
    pub fn time(text: impl Into<String>, now: Timestamp) -> Self {
        let text = text.into();
        let seen = |time: Timestamp| Time {
            age: age(time, now),
            day: time.strftime("%Y-%m-%d").to_string(),
        };
        Self {
            time: text.parse().ok().map(seen),
            ..Self::plain(text)
        }
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text for a person; a time as it was sent, and its age.
    pub fn in_words(&self) -> Cow<'_, str> {
        match &self.time {
            Some(time) => format!("{} ({})", self.text, time.age).into(),
            None => (&self.text).into(),
        }
    }

    /// The text for a terminal, clean.
    pub(super) fn seen(&self) -> Cow<'_, str> {
        match self.in_words() {
            Cow::Borrowed(text) => clean(text),
            Cow::Owned(text) => clean(&text).into_owned().into(),
        }
    }

    /// The cell as it is in a table at a terminal: a time as its age, beside its day where there is room.
    pub(super) fn in_table(&self, has_room: bool) -> Self {
        let text = match &self.time {
            Some(Time { age, day }) if has_room => format!("{day} ({age})"),
            Some(time) => time.age.clone(),
            None => self.text.clone(),
        };
        Self::toned(text, self.tone)
    }
}

/// How long ago, or how soon, in its largest unit; short, so that a table has room for it.
fn age(time: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(time).as_secs();
    let amount = seconds.unsigned_abs();
    let units = [
        (86_400 * 365, "y"),
        (86_400 * 30, "mo"),
        (86_400, "d"),
        (3_600, "h"),
        (60, "min"),
        (1, "s"),
    ];
    // Up to two years are told in months: 13 of them are not one year.
    let is_unit = |(size, name): &(u64, &str)| amount >= size * if *name == "y" { 2 } else { 1 };
    let Some((size, name)) = units.into_iter().find(is_unit) else {
        return "now".to_owned();
    };
    if seconds < 0 {
        // Rounded: a month that has just begun has no 29 days left, but 30.
        format!("in {} {name}", (amount + size / 2) / size)
    } else {
        format!("{} {name} ago", amount / size)
    }
}

/// A number of things.
pub fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", by_number(count, "", "s"))
}

/// The words that agree with a number of things.
pub fn by_number<'t>(count: u64, one: &'t str, several: &'t str) -> &'t str {
    if count == 1 { one } else { several }
}

/// What stands before a value in a record; any text will do.
pub type Label = Cow<'static, str>;

#[derive(Debug, Clone)]
pub enum Block {
    /// One thing: a label and a value on each line, never cut.
    Record(Vec<(Label, Cell)>),
    /// Many things of a kind; the heading is for terminals only.
    Table {
        heading: Vec<&'static str>,
        rows: Vec<Vec<Cell>>,
        /// Where there is no room it does without these columns, one after the other, and says so.
        spare: &'static [&'static str],
    },
    /// A value alone on its line, whole at every width.
    Line(String),
    /// An empty line and a line that introduces what follows, for terminals only.
    Heading(&'static str),
    /// Text of this tool's own, printed as it is.
    Text(String),
    /// Text of this tool's own; at a terminal a line that is too wide goes on below.
    Prose(String),
    /// A JSON document, printed as one for people and programs.
    Json(Value),
    /// An empty line, for terminals only.
    Blank,
}

impl Block {
    /// One thing: a label and a value on each line, never cut.
    pub fn record<L: Into<Label>>(rows: impl IntoIterator<Item = (L, Cell)>) -> Self {
        let rows = rows.into_iter();
        Self::Record(rows.map(|(label, cell)| (label.into(), cell)).collect())
    }

    /// Many things of a kind, each with a cell for each heading.
    pub fn table<const N: usize>(
        heading: [&'static str; N],
        rows: impl IntoIterator<Item = [Cell; N]>,
    ) -> Self {
        Self::Table {
            heading: heading.into(),
            rows: rows.into_iter().map(Vec::from).collect(),
            spare: &[],
        }
    }

    /// A table that does without these columns, one after the other, where there is no room.
    pub fn sparing(self, spare: &'static [&'static str]) -> Self {
        match self {
            Self::Table { heading, rows, .. } => Self::Table {
                heading,
                rows,
                spare,
            },
            other => other,
        }
    }

    /// A table, unless it has no row.
    pub fn if_any(self) -> Option<Self> {
        let is_empty = matches!(&self, Self::Table { rows, .. } if rows.is_empty());
        (!is_empty).then_some(self)
    }

    /// A table of these columns alone, in this order, each named by its heading in small letters with hyphens; none stands for all.
    pub fn picked(self, names: &[String]) -> Self {
        match self {
            Self::Table { heading, rows, .. } if !names.is_empty() => {
                let name = |heading: &str| heading.to_ascii_lowercase().replace(' ', "-");
                let place = |wanted: &String| heading.iter().position(|one| name(one) == *wanted);
                let places: Vec<_> = names.iter().filter_map(place).collect();
                let cells = |row: &Vec<Cell>| places.iter().map(|at| row[*at].clone()).collect();
                Self::Table {
                    rows: rows.iter().map(cells).collect(),
                    heading: places.iter().map(|at| heading[*at]).collect(),
                    spare: &[],
                }
            }
            other => other,
        }
    }
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
        let seen = |time: &str| Cell::time(time, now).in_table(false).text;
        assert_eq!(seen("2026-11-23T12:00:00Z"), "now");
        assert_eq!(seen("2026-11-23T11:59:01Z"), "59 s ago");
        assert_eq!(seen("2026-11-22T11:00:00.5Z"), "1 d ago");
        assert_eq!(seen("2027-01-31T12:00:00Z"), "in 2 mo");
        assert_eq!(seen("2027-12-20T12:00:00Z"), "in 13 mo");
        assert_eq!(seen("2026-12-23T11:59:58Z"), "in 30 d");
        assert_eq!(seen("soon"), "soon");
        let time = Cell::time("2026-11-23T01:00:00.5+02:00", now);
        assert_eq!(time.seen(), "2026-11-23T01:00:00.5+02:00 (12 h ago)");
        assert_eq!(time.in_table(true).text, "2026-11-22 (12 h ago)");
    }
}
