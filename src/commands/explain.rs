//! `explain`: what a code, status or reason means, from the glossary; offline.

use serde_json::json;

use crate::ending::{Ending, Report};
use crate::glossary::{self, Entry};
use crate::terminal::{Block, Cell, Shown, Tone};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent explain UNAUTHORIZED\n  bango-ent explain 30\n  bango-ent explain --json ACTIVE-ENDING"
)]
pub struct Args {
    /// A response code, status, exit code or reason; without it everything is listed
    code: Option<String>,
}

/// Shows one term, or all of them.
pub fn run(args: &Args) -> Result<Report, Ending> {
    let all = glossary::entries();
    let Some(wanted) = &args.code else {
        return Ok(Report::new(Shown {
            document: json!(all),
            blocks: list(&all),
        }));
    };
    let found: Vec<_> = all
        .iter()
        .filter(|entry| is_meant(&entry.name, wanted))
        .collect();
    if found.is_empty() {
        return Err(unknown(wanted, &all));
    }
    Ok(Report::new(Shown {
        document: json!(found),
        blocks: explained(&found),
    }))
}

/// Tells whether a name is the wanted one: whole, or its category or code, in any case and with `_` or `-`.
fn is_meant(name: &str, wanted: &str) -> bool {
    let plain = |text: &str| text.to_ascii_uppercase().replace('-', "_");
    let wanted = plain(wanted);
    let name = plain(name);
    name == wanted || name.split('/').any(|part| part == wanted)
}

fn unknown(wanted: &str, all: &[Entry]) -> Ending {
    let near = |entry: &&Entry| strsim::jaro_winkler(&entry.name, &wanted.to_ascii_uppercase());
    let best = all
        .iter()
        .map(|entry| (near(&entry), entry))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let hint = best.filter(|(likeness, _)| *likeness > 0.7).map_or_else(
        || "bango-ent explain lists everything that it knows".to_owned(),
        |(_, entry)| format!("did you mean {}?", entry.name),
    );
    Ending::usage(format!("nothing is known about {wanted:?}")).next(hint)
}

/// All terms, a row each.
fn list(entries: &[Entry]) -> Vec<Block> {
    let row = |entry: &Entry| {
        let exit = entry.exit_code.map(|code| code.to_string());
        vec![
            Cell::plain(entry.kind.name()),
            Cell::toned(&entry.name, Tone::Title),
            Cell::plain(exit.unwrap_or_default()),
            Cell::plain(entry.meaning),
        ]
    };
    vec![Block::Table {
        heading: vec!["Kind", "Name", "Exit", "Meaning"],
        rows: entries.iter().map(row).collect(),
    }]
}

/// A few terms, with all that is known about them.
fn explained(entries: &[&Entry]) -> Vec<Block> {
    let record = |entry: &&Entry| {
        let mut rows = vec![
            ("Name", Cell::toned(&entry.name, Tone::Title)),
            ("Kind", Cell::plain(entry.kind.name())),
            ("Meaning", Cell::plain(entry.meaning)),
            ("Safe to repeat", Cell::plain(entry.repeat)),
            ("What next", Cell::plain(entry.next)),
        ];
        let exit = entry.exit_code.map(|code| code.to_string());
        rows.extend(exit.map(|code| ("Exit code", Cell::plain(code))));
        [Block::Blank, Block::Record(rows)]
    };
    entries.iter().flat_map(record).skip(1).collect()
}
