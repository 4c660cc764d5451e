//! `explain`: what a code, status or reason means, from the glossary; offline.

use serde::Serialize;

use crate::ending::{Ending, Report};
use crate::glossary::{self, Entry};
use crate::terminal::{Block, Cell, Show, Tone};

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
        return Ok(Report::new(List(all)));
    };
    let found: Vec<_> = all
        .iter()
        .filter(|entry| is_meant(&entry.name, wanted))
        .cloned()
        .collect();
    if found.is_empty() {
        return Err(unknown(wanted, &all));
    }
    Ok(Report::new(Explained(found)))
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

#[derive(Serialize)]
#[serde(transparent)]
struct List(Vec<Entry>);

impl Show for List {
    fn document(&self) -> serde_json::Value {
        crate::terminal::document(self)
    }

    fn blocks(&self) -> Vec<Block> {
        let row = |entry: &Entry| {
            let exit = entry
                .exit_code
                .map(|code| code.to_string())
                .unwrap_or_default();
            vec![
                Cell::plain(entry.kind.name()),
                Cell::toned(&entry.name, Tone::Title),
                Cell::plain(exit),
                Cell::plain(entry.meaning),
            ]
        };
        vec![Block::Table {
            heading: vec!["Kind", "Name", "Exit", "Meaning"],
            rows: self.0.iter().map(row).collect(),
        }]
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct Explained(Vec<Entry>);

impl Show for Explained {
    fn document(&self) -> serde_json::Value {
        crate::terminal::document(self)
    }

    fn blocks(&self) -> Vec<Block> {
        let record = |entry: &Entry| {
            let mut rows = vec![
                ("Name", Cell::toned(&entry.name, Tone::Title)),
                ("Kind", Cell::plain(entry.kind.name())),
                ("Meaning", Cell::plain(entry.meaning)),
                ("Safe to repeat", Cell::plain(entry.repeat)),
                ("What next", Cell::plain(entry.next)),
            ];
            if let Some(code) = entry.exit_code {
                rows.push(("Exit code", Cell::plain(code.to_string())));
            }
            Block::Record(rows)
        };
        let mut blocks = Vec::new();
        for entry in &self.0 {
            if !blocks.is_empty() {
                blocks.push(Block::Gap);
            }
            blocks.push(record(entry));
        }
        blocks
    }
}
