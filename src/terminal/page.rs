//! Lays results out: fitted to a terminal's width, or tab-separated for a pipe. Pure; the text it returns is clean.

use std::borrow::Cow;

use anstyle::{Effects, Style};
use comfy_table::{Attribute, Color, ColumnConstraint, ContentArrangement, Table, presets};
use serde_json::Value;

use super::block::{Block, Cell, Tone, paint};
use super::escape::clean;
use super::link::linked;
use crate::hidden::escaped_json;

/// Between a label and its value, and between columns.
const GAP: &str = "  ";
/// Text with spaces that is wider than this, in columns, is prose: it may be broken at spaces down to this width.
const PROSE: usize = 24;

/// Breaks prose at spaces to fit a width; a word is never cut, however long it is. All lines but the first are indented.
pub(super) fn wrap(text: &str, width: usize, indent: &str) -> String {
    textwrap::fill(text, options(width).subsequent_indent(indent))
}

/// Text that has its lines, such as help: one that is too wide goes on below its last column, or below its first word.
pub(super) fn hanging(text: &str, width: usize) -> String {
    let fitted = |line: &str| {
        let plain = console::strip_ansi_codes(line);
        let text = plain.trim_start();
        let (margin, listed) = (plain.len() - text.len(), text.starts_with("- "));
        let column = text.rfind("  ").map(|gap| columns(&text[..gap + 2]));
        let indent = margin + column.unwrap_or(if listed { 2 } else { 0 });
        // Where that leaves no room, a little is enough.
        let indent = if indent + 16 > width { 4 } else { indent };
        wrap(line, width, &" ".repeat(indent)) + "\n"
    };
    text.lines().map(fitted).collect()
}

fn options<'a>(width: usize) -> textwrap::Options<'a> {
    textwrap::Options::new(width.max(20))
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
}

/// The blocks for a terminal of this width.
pub(super) fn for_terminal(blocks: &[Block], width: usize, color: bool, links: bool) -> String {
    blocks
        .iter()
        .map(|block| terminal_block(block, width, color, links))
        .collect()
}

fn terminal_block(block: &Block, width: usize, color: bool, links: bool) -> String {
    match block {
        Block::Record(rows) => record(rows, width, color),
        Block::Table {
            heading,
            rows,
            spare,
        } => table_or_records(heading, rows, spare, width, color),
        Block::Line(text) => format!("{}\n", linked(&clean(text), links)),
        Block::Text(text) => text.clone(),
        Block::Prose(text) => hanging(text, width),
        Block::Json(value) => json(value),
        Block::Heading(text) => format!("\n{}\n", paint(text, Tone::Title, color)),
        Block::Blank => "\n".to_owned(),
    }
}

/// A table without empty columns, and without as many of the spare ones as have no room; else a record for each row.
fn table_or_records(
    heading: &[&'static str],
    rows: &[Vec<Cell>],
    spare: &[&'static str],
    width: usize,
    color: bool,
) -> String {
    let is_empty = |column: usize| rows.iter().all(|row| row[column].text.is_empty());
    let filled: Vec<_> = (0..heading.len())
        .filter(|column| rows.is_empty() || !is_empty(*column))
        .collect();
    let is_filled = |name: &&&str| filled.iter().any(|column| heading[*column] == **name);
    let spare: Vec<_> = spare.iter().filter(is_filled).collect();
    let narrower = (0..=spare.len()).map(|count| (count, false));
    for (count, has_room) in [(0, true)].into_iter().chain(narrower) {
        let left_out: Vec<&str> = spare[..count].iter().map(|name| **name).collect();
        let columns = filled
            .iter()
            .filter(|column| !left_out.contains(&heading[**column]));
        let names: Vec<_> = columns.clone().map(|column| heading[*column]).collect();
        let cells = |row: &Vec<Cell>| {
            let cells = columns.clone().map(|at| row[*at].in_table(has_room));
            cells.collect()
        };
        let cells: Vec<_> = rows.iter().map(cells).collect();
        if fits(&names, &cells, width) {
            let mut text = table(&names, &cells, width, color);
            if count > 0 {
                let note = format!("A wider window shows {} too.", left_out.join(" and "));
                text.push_str(&paint(&note, Tone::Dim, color));
                text.push('\n');
            }
            return text;
        }
    }
    let records = rows.iter().map(|row| stacked(heading, row, width, color));
    records.collect::<Vec<_>>().join("\n")
}

/// A JSON document with its newline; what could drive a terminal is escaped as JSON has it.
pub(super) fn json(value: &Value) -> String {
    let mut text = escaped_json(serde_json::to_string_pretty(value).unwrap_or_default());
    text.push('\n');
    text
}

pub(super) fn columns(text: &str) -> usize {
    textwrap::core::display_width(text)
}

/// Labels beside their values; a value that must stay whole and has no room there stands below its label.
fn record(rows: &[(impl AsRef<str>, Cell)], width: usize, color: bool) -> String {
    let labels = rows.iter().map(|(label, _)| clean(label.as_ref()));
    let widest = labels.map(|label| columns(&label)).max();
    let widest = widest.unwrap_or(0) + GAP.len();
    let line = |(label, cell): &(_, Cell)| {
        let label = &*clean(AsRef::as_ref(label));
        let text = cell.seen();
        let longest_word = text.split(' ').map(columns).max().unwrap_or(0);
        let (start, indent) = if widest + longest_word > width {
            (format!("\n{GAP}"), GAP.to_owned())
        } else {
            (" ".repeat(widest - columns(label)), " ".repeat(widest))
        };
        let options = options(width)
            .initial_indent(&indent)
            .subsequent_indent(&indent);
        let value = textwrap::fill(&text, options);
        let value = value.strip_prefix(&indent).unwrap_or_default();
        let (label, value) = (
            paint(label, Tone::Dim, color),
            paint(value, cell.tone, color),
        );
        format!("{label}{start}{value}\n")
    };
    rows.iter().map(line).collect()
}

/// A row of a table as a record, where the table has no room.
fn stacked(heading: &[&'static str], row: &[Cell], width: usize, color: bool) -> String {
    let has_text = |(_, cell): &(&str, Cell)| !cell.text.is_empty();
    let rows: Vec<_> = heading
        .iter()
        .copied()
        .zip(row.iter().map(|cell| cell.in_table(true)))
        .filter(has_text)
        .collect();
    record(&rows, width, color)
}

/// The widest content of a column, and how narrow it may be made: prose is broken at spaces, and no word of it is cut.
fn measure(heading: &[&str], rows: &[Vec<Cell>], column: usize) -> (usize, usize) {
    let cells = || {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.seen())
    };
    let is_prose = cells().any(|text| text.contains(' ') && columns(&text) > PROSE);
    let widest = cells().map(|text| columns(&text)).max().unwrap_or(0);
    let widest = widest.max(heading.get(column).map_or(0, |name| columns(name)));
    let longest = |text: Cow<str>| text.split(' ').map(columns).max().unwrap_or(0);
    let word = cells().map(longest).max().unwrap_or(0);
    let least = if is_prose {
        word.max(PROSE).min(widest)
    } else {
        widest
    };
    (widest, least)
}

/// Tells whether a table can be shown without cutting anything.
fn fits(heading: &[&str], rows: &[Vec<Cell>], width: usize) -> bool {
    let needed = (0..heading.len()).map(|column| measure(heading, rows, column).1);
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
        let (widest, least) = measure(heading, rows, index);
        column.set_constraint(if least < widest {
            let least = u16::try_from(least + GAP.len()).unwrap_or(u16::MAX);
            ColumnConstraint::LowerBoundary(comfy_table::Width::Fixed(least))
        } else {
            ColumnConstraint::ContentWidth
        });
    }
    let trimmed: Vec<_> = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    format!("{}\n", trimmed.join("\n"))
}

/// A cell of the table library's, in the same look as [`paint`] gives.
fn styled(text: &str, tone: Tone, color: bool) -> comfy_table::Cell {
    let mut cell = comfy_table::Cell::new(text);
    let style = if color { tone.style() } else { Style::new() };
    if let Some(anstyle::Color::Ansi(color)) = style.get_fg_color() {
        cell = cell.fg(Color::AnsiValue(color as u8));
    }
    for (effect, attribute) in [
        (Effects::BOLD, Attribute::Bold),
        (Effects::DIMMED, Attribute::Dim),
    ] {
        if style.get_effects().contains(effect) {
            cell = cell.add_attribute(attribute);
        }
    }
    cell
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
                        .map(|(label, cell)| format!("{}\t{}\n", clean(label), painted(cell))),
                );
            }
            Block::Table { rows, .. } => {
                for row in rows {
                    let cells: Vec<_> = row.iter().map(painted).collect();
                    text.push_str(&cells.join("\t"));
                    text.push('\n');
                }
            }
            Block::Line(value) => {
                text.push_str(&clean(value));
                text.push('\n');
            }
            Block::Text(own) | Block::Prose(own) => text.push_str(own),
            Block::Json(value) => text.push_str(&json(value)),
            Block::Heading(_) | Block::Blank => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::slice;

    #[test]
    fn no_word_of_a_table_is_cut() {
        let url = "https://resale.api.bango.net/v1";
        let finding = format!("none is in use; {url} from built-in default");
        let row = vec![Cell::plain("profile"), Cell::plain(finding)];
        let rows = vec![row.clone(), row];
        let block = Block::Table {
            heading: vec!["Check", "Finding"],
            spare: &[],
            rows,
        };
        for width in 30..90 {
            let shown = for_terminal(slice::from_ref(&block), width, false, false);
            assert_eq!(shown.matches(url).count(), 2, "{width}\n{shown}");
            let widest = shown.lines().map(columns).max().unwrap();
            assert!(widest <= width.max(33), "{width}\n{shown}");
        }
    }

    #[test]
    fn a_line_that_is_too_wide_goes_on_below_its_last_column() {
        for (line, fitted) in [
            (
                "  get     Read an entitlement, or several",
                "  get     Read an entitlement,\n          or several\n",
            ),
            (
                "       - one that is longer than that",
                "       - one that is longer\n         than that\n",
            ),
            (
                "Usage: bango-ent get [OPTIONS] <ENTITLEMENT_ID>...",
                "Usage: bango-ent get [OPTIONS]\n<ENTITLEMENT_ID>...\n",
            ),
        ] {
            assert_eq!(hanging(line, 30), fitted);
        }
    }

    const UUID: &str = "11111111-2222-3333-4444-555555555555";

    fn sample() -> Vec<Block> {
        let words = "a sentence that is long enough to be broken at its spaces";
        vec![
            Block::record(vec![
                ("Entitlement", Cell::plain(UUID)),
                ("Meaning", Cell::plain(words)),
            ]),
            Block::table(
                ["Id", "Status", "Meaning"],
                [[
                    Cell::plain(UUID),
                    Cell::toned("ACTIVE", Tone::Good),
                    Cell::plain(words),
                ]],
            ),
        ]
    }

    #[test]
    fn ids_are_whole_at_every_width_and_lines_fit_where_they_can() {
        for width in [1, 20, 40, 60, 80, 200] {
            let text = for_terminal(&sample(), width, false, false);
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
    fn a_value_that_is_wider_than_the_terminal_stands_below_its_label() {
        let long = format!("{UUID}{UUID}");
        let rows = vec![
            ("Id", Cell::plain(&long)),
            ("Status", Cell::plain("ACTIVE")),
        ];
        let expected = format!("Id\n  {long}\nStatus  ACTIVE\n");
        assert_eq!(
            for_terminal(&[Block::record(rows)], 60, false, false),
            expected
        );
    }

    #[test]
    fn colour_changes_nothing_but_colour() {
        let plain = for_terminal(&sample(), 100, false, false);
        let colored = for_terminal(&sample(), 100, true, false);
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
        let text = for_pipe(&[Block::record(vec![("A", Cell::plain("x\ty\n"))])], false);
        assert_eq!(text, "A\tx\\u{9}y\\u{a}\n");
    }

    proptest! {
        #[test]
        fn no_text_makes_a_page_panic(text in ".*", width in 0usize..200, color: bool) {
            let blocks = [
                Block::record(vec![("Label", Cell::toned(&text, Tone::Bad))]),
                Block::table(["A", "B"], [[Cell::plain(&text), Cell::plain(&text)]]).sparing(&["B"]),
                Block::Line(text.clone()),
            ];
            let _ = (for_terminal(&blocks, width, color, color), for_pipe(&blocks, color));
        }
    }
}
