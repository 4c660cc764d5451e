//! `explain`: what a code, status or reason means, from the glossary; offline.

use crate::api::types::NAVIGATE_TO_URL;
use crate::ending::{self, Code, Ending};
use crate::glossary::{self, Term, TermKind};
use crate::report::Report;
use crate::terminal::{Block, Cell, Shown, Tone};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent explain UNAUTHORIZED\n  bango-ent explain 30\n  bango-ent explain reasons\n  bango-ent explain --json ACTIVE-ENDING"
)]
pub struct Args {
    /// A response code, status, exit code, HTTP status, reason or field, or reasons, statuses, codes, fields; without it everything is listed
    code: Option<String>,
}

pub fn run(args: &Args) -> Result<Report, Ending> {
    let all = glossary::terms();
    let wanted = args.code.as_deref().map(plain);
    let is_of_kind = |term: &&Term| {
        let kind = plain(term.kind.name());
        let plurals = [format!("{kind}S"), format!("{kind}ES")];
        wanted.as_deref().is_none_or(|wanted| {
            let is_it =
                |plural: &String| plural == wanted || plural.ends_with(&format!("_{wanted}"));
            plurals.iter().any(is_it)
        })
    };
    let (of_kind, found): (Vec<_>, Vec<_>) = (
        all.iter().filter(is_of_kind).collect(),
        all.iter()
            .filter(|term| {
                wanted
                    .as_deref()
                    .is_some_and(|wanted| is_meant(term, wanted))
            })
            .collect(),
    );
    let (terms, blocks) = match &args.code {
        _ if !of_kind.is_empty() => (&of_kind, tables(&of_kind)),
        _ if !found.is_empty() => (&found, explained(&found)),
        wanted => return Err(unknown(wanted.as_deref().unwrap_or_default(), &all)),
    };
    Ok(Report {
        is_long: true,
        ..Report::new(Shown::new(terms, blocks))
    })
}

/// A name in the spelling that names are compared in.
fn plain(name: &str) -> String {
    name.to_ascii_uppercase().replace(['-', ' '], "_")
}

/// What a term is called elsewhere: by its HTTP status, or by the action that it stands for.
const ALIASES: [(&str, &str); 10] = [
    ("400", "BAD_REQUEST"),
    ("401", "UNAUTHORIZED"),
    ("403", "NOT_AVAILABLE"),
    ("404", "NOT_FOUND"),
    ("409", "CONFLICT"),
    ("409", "ALREADY_EXISTS"),
    ("429", "TOO_MANY_REQUESTS"),
    ("500", "INTERNAL_ERROR"),
    ("503", "SERVICE_UNAVAILABLE"),
    (NAVIGATE_TO_URL, "CLIENT_ACTION_REQUIRED"),
];

/// Tells whether a term is the wanted one: by its name, its category or code, an alias, or our own code in JSON.
fn is_meant(term: &Term, wanted: &str) -> bool {
    let name = plain(&term.name);
    let is_alias = |(alias, of): &(&str, &str)| *alias == wanted && *of == name;
    let own = ending::TABLE.iter().find(|row| row.code.name() == wanted);
    let own = own.filter(|row| row.code.name() != Code::Bug.name());
    name == wanted
        || name.split('/').any(|part| part == wanted)
        || ALIASES.iter().any(is_alias)
        || term.kind == TermKind::ExitCode
            && own.is_some_and(|row| row.code.number().to_string() == name)
}

fn unknown(wanted: &str, all: &[Term]) -> Ending {
    let near = |term: &Term| strsim::jaro_winkler(&plain(&term.name), &plain(wanted));
    let best = all.iter().map(|term| (near(term), term));
    let best = best.max_by(|a, b| a.0.total_cmp(&b.0));
    // Another number is no slip of the hand.
    let is_word = wanted.contains(char::is_alphabetic);
    let hint = match best {
        Some((likeness, term)) if is_word && likeness > 0.7 => {
            format!("did you mean {}?", term.name)
        }
        _ => "bango-ent explain lists everything that it knows".to_owned(),
    };
    Ending::usage(format!("nothing is known about {wanted:?}")).next(hint)
}

fn tables(terms: &[&Term]) -> Vec<Block> {
    let row = |term: &&Term| {
        [
            Cell::plain(term.kind.name()),
            Cell::toned(&term.name, Tone::Title),
            Cell::optional(term.exit_code.map(|code| code.to_string())),
            Cell::plain(term.meaning),
        ]
    };
    let heading = ["Kind", "Name", "Exit", "Meaning"];
    let table = |terms: &[&Term]| Block::table(heading, terms.iter().map(row));
    let kinds = terms.chunk_by(|a, b| a.kind == b.kind);
    kinds
        .flat_map(|terms| [Block::Blank, table(terms)])
        .skip(1)
        .collect()
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
        [Block::Blank, Block::record(rows)]
    };
    terms.iter().flat_map(record).skip(1).collect()
}
