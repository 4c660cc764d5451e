//! `explain`: what a code, status or reason means, from the glossary; offline.

use serde_json::json;

use crate::ending::{Ending, Report};
use crate::glossary::{self, Term};
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
    let all = glossary::terms();
    let Some(wanted) = &args.code else {
        return Ok(Report::new(Shown {
            document: json!(all),
            blocks: list(&all),
        }));
    };
    let found: Vec<_> = all
        .iter()
        .filter(|term| is_meant(&term.name, wanted))
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

fn unknown(wanted: &str, all: &[Term]) -> Ending {
    let near = |term: &&Term| strsim::jaro_winkler(&term.name, &wanted.to_ascii_uppercase());
    let best = all
        .iter()
        .map(|term| (near(&term), term))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let hint = best.filter(|(likeness, _)| *likeness > 0.7).map_or_else(
        || "bango-ent explain lists everything that it knows".to_owned(),
        |(_, term)| format!("did you mean {}?", term.name),
    );
    Ending::usage(format!("nothing is known about {wanted:?}")).next(hint)
}

/// All terms, a row each.
fn list(terms: &[Term]) -> Vec<Block> {
    let row = |term: &Term| {
        let exit = term.exit_code.map(|code| code.to_string());
        vec![
            Cell::plain(term.kind.name()),
            Cell::toned(&term.name, Tone::Title),
            Cell::plain(exit.unwrap_or_default()),
            Cell::plain(term.meaning),
        ]
    };
    vec![Block::Table {
        heading: vec!["Kind", "Name", "Exit", "Meaning"],
        rows: terms.iter().map(row).collect(),
    }]
}

/// A few terms, with all that is known about them.
fn explained(terms: &[&Term]) -> Vec<Block> {
    let record = |term: &&Term| {
        let mut rows = vec![
            ("Name", Cell::toned(&term.name, Tone::Title)),
            ("Kind", Cell::plain(term.kind.name())),
            ("Meaning", Cell::plain(term.meaning)),
            ("Safe to repeat", Cell::plain(term.repeat)),
            ("What next", Cell::plain(term.next)),
        ];
        let exit = term.exit_code.map(|code| code.to_string());
        rows.extend(exit.map(|code| ("Exit code", Cell::plain(code))));
        [Block::Blank, Block::Record(rows)]
    };
    terms.iter().flat_map(record).skip(1).collect()
}
