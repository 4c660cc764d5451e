//! Lays results out: fitted to a terminal's width, or tab-separated for a pipe. Pure; the text it returns is clean.

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};

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
    text: String,
    tone: Tone,
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
        }
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

/// The blocks for a terminal of this width.
pub(super) fn for_terminal(blocks: &[Block], width: usize, color: bool) -> String {
    blocks
        .iter()
        .map(|block| terminal_block(block, width, color))
        .collect()
}

fn terminal_block(block: &Block, width: usize, color: bool) -> String {
    match block {
        Block::Record(rows) => {
            let widest = rows.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
            let line = |(label, cell): &(&str, Cell)| {
                let label = paint(&format!("{label:widest$}"), Tone::Dim, color);
                format!("{label}  {}\n", paint(&clean(&cell.text), cell.tone, color))
            };
            rows.iter().map(line).collect()
        }
        Block::Table { heading, rows } => table(heading, rows, width, color),
        Block::Alone(text) => format!("{}\n", clean(text)),
        Block::Caption(text) => format!("\n{}\n", paint(text, Tone::Title, color)),
        Block::Gap => "\n".to_owned(),
    }
}

fn table(heading: &[&str], rows: &[Vec<Cell>], width: usize, color: bool) -> String {
    let styled = |text: &str, tone: Tone| {
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
    };
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX))
        .set_header(heading.iter().map(|name| styled(name, Tone::Title)));
    if color {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    for row in rows {
        table.add_row(row.iter().map(|cell| styled(&clean(&cell.text), cell.tone)));
    }
    let trimmed: Vec<_> = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    format!("{}\n", trimmed.join("\n"))
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
