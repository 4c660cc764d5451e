//! Lays results out: fitted to a terminal's width, or tab-separated for a pipe. Pure; the text it returns is clean.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use jiff::Timestamp;

use super::escape::clean;

/// Between a label and its value, and between columns.
const GAP: &str = "  ";
/// Text with spaces that is wider than this, in columns, is prose: it may be broken at spaces down to this width.
const PROSE: usize = 24;

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
    text: String,
    tone: Tone,
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
    fn seen(&self) -> Cow<'_, str> {
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
    let count = amount / size;
    let plural = if count == 1 { "" } else { "s" };
    if seconds < 0 {
        format!("in {count} {name}{plural}")
    } else {
        format!("{count} {name}{plural} ago")
    }
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
    Alone(String),
    /// An empty line and a line that introduces what follows, for terminals only.
    Caption(&'static str),
    /// An empty line, for terminals only.
    Gap,
}

/// Colours text, if colours are wanted.
pub(super) fn paint(text: &str, tone: Tone, color: bool) -> String {
    let style = match tone {
        _ if !color => Style::new(),
        Tone::Plain => Style::new(),
        Tone::Good => AnsiColor::Green.on_default().bold(),
        Tone::Warn => AnsiColor::Yellow.on_default().bold(),
        Tone::Bad => AnsiColor::Red.on_default().bold(),
        Tone::Dim => Style::new().dimmed(),
        Tone::Title => Style::new().bold(),
    };
    format!("{style}{text}{style:#}")
}

/// Breaks prose at spaces to fit a width; a word is never cut, however long it is.
pub(super) fn wrap(text: &str, width: usize, indent: &str) -> String {
    let options = textwrap::Options::new(width.max(20))
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .subsequent_indent(indent);
    textwrap::fill(text, options)
}

/// The blocks for a terminal of this width.
pub(super) fn for_terminal(blocks: &[Block], width: usize, color: bool) -> String {
    blocks
        .iter()
        .map(|block| terminal_block(block, width, color))
        .collect()
}

fn terminal_block(block: &Block, width: usize, color: bool) -> String {
    match block {
        Block::Record(rows) => record(rows, width, color),
        Block::Table { heading, rows } if fits(heading, rows, width) => {
            table(heading, rows, width, color)
        }
        Block::Table { heading, rows } => {
            let records: Vec<_> = rows
                .iter()
                .map(|row| stacked(heading, row, width, color))
                .collect();
            records.join("\n")
        }
        Block::Alone(text) => format!("{}\n", clean(text)),
        Block::Caption(text) => format!("\n{}\n", paint(text, Tone::Title, color)),
        Block::Gap => "\n".to_owned(),
    }
}

/// How many columns a text takes.
pub(super) fn columns(text: &str) -> usize {
    textwrap::core::display_width(text)
}

/// Labels beside their values; below each other where a value that must stay whole has no room.
fn record(rows: &[(&str, Cell)], width: usize, color: bool) -> String {
    let widest = rows
        .iter()
        .map(|(label, _)| columns(label))
        .max()
        .unwrap_or(0)
        + GAP.len();
    let longest_word = |cell: &Cell| cell.seen().split(' ').map(columns).max().unwrap_or(0);
    let narrow = rows
        .iter()
        .any(|(_, cell)| widest + longest_word(cell) > width);
    let (margin, indent) = if narrow {
        (GAP.len(), GAP.to_owned())
    } else {
        (widest, " ".repeat(widest))
    };
    let line = |(label, cell): &(&str, Cell)| {
        let pad = if narrow {
            format!("\n{GAP}")
        } else {
            " ".repeat(widest - columns(label))
        };
        let value = wrap(&format!("{indent}{}", cell.seen()), width, &indent);
        let value = paint(value.get(margin..).unwrap_or_default(), cell.tone, color);
        format!("{}{pad}{value}\n", paint(label, Tone::Dim, color))
    };
    rows.iter().map(line).collect()
}

/// A row of a table as a record, where the table has no room.
fn stacked(heading: &[&'static str], row: &[Cell], width: usize, color: bool) -> String {
    let has_text = |(_, cell): &(&str, Cell)| !cell.text.is_empty();
    let rows: Vec<_> = heading
        .iter()
        .copied()
        .zip(row.iter().cloned())
        .filter(has_text)
        .collect();
    record(&rows, width, color)
}

/// The widest content of a column, and whether it is prose that may be broken at spaces.
fn measure(heading: &[&str], rows: &[Vec<Cell>], column: usize) -> (usize, bool) {
    let cells = || {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.seen())
    };
    let is_prose = cells().any(|text| text.contains(' ') && columns(&text) > PROSE);
    let widest = cells().map(|text| columns(&text)).max().unwrap_or(0);
    (
        widest.max(heading.get(column).map_or(0, |name| columns(name))),
        is_prose,
    )
}

/// Tells whether a table can be shown without cutting anything but prose.
fn fits(heading: &[&str], rows: &[Vec<Cell>], width: usize) -> bool {
    let needed = (0..heading.len()).map(|column| match measure(heading, rows, column) {
        (widest, true) => widest.min(PROSE),
        (widest, false) => widest,
    });
    needed.map(|columns| columns + GAP.len()).sum::<usize>() <= width + GAP.len()
}

fn table(heading: &[&str], rows: &[Vec<Cell>], width: usize, color: bool) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX))
        .set_header(heading.iter().map(|name| styled(name, Tone::Title, color)));
    if color {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    for row in rows {
        table.add_row(
            row.iter()
                .map(|cell| styled(&cell.seen(), cell.tone, color)),
        );
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if !measure(heading, rows, index).1 {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let trimmed: Vec<_> = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    format!("{}\n", trimmed.join("\n"))
}

fn styled(text: &str, tone: Tone, color: bool) -> comfy_table::Cell {
    let cell = comfy_table::Cell::new(text);
    match tone {
        _ if !color => cell,
        Tone::Plain => cell,
        Tone::Good => cell.fg(comfy_table::Color::Green),
        Tone::Warn => cell.fg(comfy_table::Color::Yellow),
        Tone::Bad => cell.fg(comfy_table::Color::Red),
        Tone::Dim => cell.add_attribute(comfy_table::Attribute::Dim),
        Tone::Title => cell.add_attribute(comfy_table::Attribute::Bold),
    }
}

/// The same cells for a pipe: one row a line, tab-separated, uncut, without headings.
pub(super) fn for_pipe(blocks: &[Block], color: bool) -> String {
    let painted = |cell: &Cell| paint(&clean(&cell.text), cell.tone, color);
    let mut text = String::new();
    for block in blocks {
        match block {
            Block::Record(rows) => {
                text.extend(
                    rows.iter()
                        .map(|(label, cell)| format!("{label}\t{}\n", painted(cell))),
                );
            }
            Block::Table { rows, .. } => {
                for row in rows {
                    let cells: Vec<_> = row.iter().map(painted).collect();
                    text.push_str(&cells.join("\t"));
                    text.push('\n');
                }
            }
            Block::Alone(value) => {
                text.push_str(&clean(value));
                text.push('\n');
            }
            Block::Caption(_) | Block::Gap => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UUID: &str = "11111111-2222-3333-4444-555555555555";

    fn sample() -> Vec<Block> {
        let words = "a sentence that is long enough to be broken at its spaces";
        vec![
            Block::Record(vec![
                ("Entitlement", Cell::plain(UUID)),
                ("Meaning", Cell::plain(words)),
            ]),
            Block::Table {
                heading: vec!["Id", "Status", "Meaning"],
                rows: vec![vec![
                    Cell::plain(UUID),
                    Cell::toned("ACTIVE", Tone::Good),
                    Cell::plain(words),
                ]],
            },
        ]
    }

    #[test]
    fn ids_are_whole_at_every_width_and_lines_fit_where_they_can() {
        for width in [1, 20, 40, 60, 80, 200] {
            let text = for_terminal(&sample(), width, false);
            assert_eq!(text.matches(UUID).count(), 2, "{width}: {text}");
            if width >= 40 {
                assert!(
                    text.lines().all(|line| columns(line) <= width),
                    "{width}: {text}"
                );
            }
        }
    }

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

    #[test]
    fn colour_changes_nothing_but_colour() {
        let plain = for_terminal(&sample(), 100, false);
        let colored = for_terminal(&sample(), 100, true);
        assert!(colored.contains("\u{1b}["));
        let trimmed = |text: &str| {
            text.lines()
                .map(str::trim_end)
                .collect::<Vec<_>>()
                .join("\n")
        };
        let stripped = anstream::adapter::strip_str(&colored).to_string();
        assert_eq!(trimmed(&stripped), trimmed(&plain));
    }

    #[test]
    fn a_pipe_gets_tab_separated_uncut_cells() {
        let text = for_pipe(&[Block::Record(vec![("A", Cell::plain("x\ty\n"))])], false);
        assert_eq!(text, "A\tx\\u{9}y\\u{a}\n");
    }

    proptest! {
        #[test]
        fn no_text_makes_a_page_panic(text in ".*", width in 0usize..200, color: bool) {
            let blocks = [
                Block::Record(vec![("Label", Cell::toned(&text, Tone::Bad))]),
                Block::Table { heading: vec!["A", "B"], rows: vec![vec![Cell::plain(&text), Cell::plain(&text)]] },
                Block::Alone(text.clone()),
            ];
            let _ = (for_terminal(&blocks, width, color), for_pipe(&blocks, color));
        }
    }
}
