//! Lays a table out for a terminal: columns where they fit, a record for each row where they do not. Pure.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};

use super::block::{Cell, Tone};
use super::page::{GAP, columns, record};

/// Text with spaces that is wider than this, in columns, is prose: it may be broken at spaces down to this width.
const PROSE: usize = 24;

/// A row of a table as a record, where the table has no room.
pub(super) fn stacked(heading: &[&'static str], row: &[Cell], width: usize, color: bool) -> String {
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
pub(super) fn fits(heading: &[&str], rows: &[Vec<Cell>], width: usize) -> bool {
    let needed = (0..heading.len()).map(|column| match measure(heading, rows, column) {
        (widest, true) => widest.min(PROSE),
        (widest, false) => widest,
    });
    needed.map(|columns| columns + GAP.len()).sum::<usize>() <= width + GAP.len()
}

pub(super) fn table(heading: &[&str], rows: &[Vec<Cell>], width: usize, color: bool) -> String {
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
