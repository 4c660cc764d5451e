//! Lays results out: fitted to a terminal's width, or tab-separated for a pipe. Pure; the text it returns is clean.

use super::block::{Block, Cell, Tone, paint};
use serde_json::Value;

use super::escape::{clean, clean_json};
use super::table::{fits, stacked, table};

/// Between a label and its value, and between columns.
pub(super) const GAP: &str = "  ";

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
        Block::Text(text) => text.clone(),
        Block::Json(value) => json(value),
        Block::Caption(text) => format!("\n{}\n", paint(text, Tone::Title, color)),
        Block::Gap => "\n".to_owned(),
    }
}

/// A JSON document with its newline; what could drive a terminal is escaped as JSON has it.
pub(super) fn json(value: &Value) -> String {
    let mut text = clean_json(serde_json::to_string_pretty(value).unwrap_or_default());
    text.push('\n');
    text
}

/// How many columns a text takes.
pub(super) fn columns(text: &str) -> usize {
    textwrap::core::display_width(text)
}

/// Labels beside their values; below each other where a value that must stay whole has no room.
pub(super) fn record(rows: &[(&str, Cell)], width: usize, color: bool) -> String {
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
            Block::Text(own) => text.push_str(own),
            Block::Json(value) => text.push_str(&json(value)),
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
