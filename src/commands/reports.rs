//! `reports`: what Bango's entitlement reports say, as a whole, row by row, or over the life of one entitlement. Offline.

use std::io::{self, Write as _};
use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::entitlement::tone;
use super::fields;
use super::reconcile_files::open;
use crate::context::Context;
use crate::ending::Ending;
use crate::exchange::entitlement::Record;
use crate::exchange::survey::{FileRead, Oddity, Survey, Surveyor};
use crate::exchange::{Field, OwnedRecord, is_same_id, values};
use crate::report::Report;
use crate::tables::{CsvWriter, Source};
use crate::terminal::{Block, Cell, Shown, Spinner, Tone, by_number, counted};

/// JSON lines are written together up to this many bytes.
const TOGETHER: usize = 1 << 16;
const FILES_HELP: &str = "The reports, as they are or compressed by gzip; - is standard input";

#[derive(Debug, clap::Args)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Examples:\n  bango-ent reports show ER_V1_D_20261124.csv\n  \
    bango-ent reports history 9d6b3a3e-0000-4000-8000-000000000001 ER_V1_D_*.csv\n\n\
    docs/reports.md says how the reports are fetched."
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Count what entitlement reports hold and name what is odd, or pick rows
    Show(ShowArgs),
    /// Show the events of one entitlement across reports
    History(HistoryArgs),
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "With one of --user, --id, --status, --product and --columns the rows that fit all of them are shown, the newest last; \
    --json then prints a line for each.\n\n\
    Examples:\n  bango-ent reports show AR_V1_D_20261124.csv CR_V1_D_20261124.csv.gz\n  \
    bango-ent reports show ER_V1_D_*.csv --user cust-1\n  \
    bango-ent reports show AR_V1_M_202611.csv --status SUSPENDED --csv > suspended.csv"
)]
struct ShowArgs {
    #[arg(required = true, value_name = "FILE", help = FILES_HELP)]
    files: Vec<PathBuf>,

    /// Rows of this user (customerIdentifier); may be given several times
    #[arg(long, value_name = "ID", value_parser = fields::id)]
    user: Vec<String>,

    /// Rows of this entitlement; may be given several times
    #[arg(long, value_name = "ID", value_parser = fields::id)]
    id: Vec<String>,

    /// Rows in this status, however it is spelt; may be given several times
    #[arg(long, value_parser = fields::id)]
    status: Vec<String>,

    /// Rows of this product (productKey); may be given several times
    #[arg(long, value_name = "KEY", value_parser = fields::id)]
    product: Vec<String>,

    /// Show these columns of the table, in this order: names with commas between them
    #[arg(long, value_name = "NAMES", value_delimiter = ',', conflicts_with = "csv", value_parser = fields::columns(["updated", "status", "entitlement", "customer", "merchant", "product", "file"]))]
    columns: Vec<String>,

    /// Write the rows as CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,

    /// With --csv, write cells as they are, also those that a spreadsheet would run as a formula
    #[arg(long, requires = "csv")]
    raw_cells: bool,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent reports history 9d6b3a3e-0000-4000-8000-000000000001 ER_V1_D_*.csv\n  \
    bango-ent reports history 9d6b3a3e-0000-4000-8000-000000000001 ER_V1_M_202610.csv.gz ER_V1_M_202611.csv --json"
)]
struct HistoryArgs {
    /// The entitlement
    #[arg(value_name = "ID", value_parser = fields::id)]
    id: String,

    #[arg(required = true, value_name = "FILE", help = FILES_HELP)]
    files: Vec<PathBuf>,
}

pub fn run(cx: &Context, args: &Args) -> Result<Report, Ending> {
    let _spinner = Spinner::start_if_long(&cx.terminal, "reading");
    match &args.command {
        Command::Show(args) => show(cx, args),
        Command::History(args) => history(args),
    }
}

/// A row that was picked, and the name of its file.
struct Picked<'s> {
    updated: Option<i64>,
    file: &'s str,
    row: OwnedRecord,
}

impl Picked<'_> {
    /// The fields that are there, under the names of the API.
    fn document(&self) -> Map<String, Value> {
        let fields = fields_of_reports().into_iter();
        let fields = fields.map(|field| (field.name(), self.value(field)));
        let given = fields.filter(|(_, text)| !text.is_empty());
        let given = given.map(|(name, text)| (name.to_owned(), text.into()));
        given
            .chain([("file".to_owned(), self.file.into())])
            .collect()
    }

    /// A field as it is shown: a date in ISO 8601 if it is one.
    fn value(&self, field: Field) -> String {
        let text = self.row.text(field);
        match values::date(text) {
            Ok(Some(seconds)) if field.is_date() => values::iso(seconds),
            _ => text.to_owned(),
        }
    }

    /// A field in a table.
    fn cell(&self, field: Field) -> Cell {
        let text = self.value(field);
        match field {
            Field::Status => Cell::toned(&text, tone(values::status(&text))),
            _ => Cell::plain(text),
        }
    }
}

/// The rows for which this holds, the newest last, and the files as a whole.
fn pick<'s>(
    files: &[PathBuf],
    sources: &'s [Source],
    fits: impl Fn(&Record) -> bool,
) -> Result<(Vec<Picked<'s>>, Survey), Ending> {
    let (mut surveyor, mut picked) = (Surveyor::default(), Vec::new());
    for (path, source) in files.iter().zip(sources) {
        let keep = |record: &Record| {
            if fits(record) {
                let updated = values::date(&record.text(Field::LastUpdated));
                picked.push(Picked {
                    updated: updated.unwrap_or_default(),
                    file: source.name(),
                    row: record.keep(),
                });
            }
        };
        surveyor.read(path, source, keep)?;
    }
    picked.sort_by_key(|one| one.updated);
    Ok((picked, surveyor.finish(files, sources)))
}

fn show(cx: &Context, args: &ShowArgs) -> Result<Report, Ending> {
    let sources = open(&args.files)?;
    let is_one_of = |wanted: &[String], is: &dyn Fn(&str) -> bool| {
        wanted.is_empty() || wanted.iter().any(|one| is(one))
    };
    let filters = [&args.user, &args.id, &args.status, &args.product];
    let is_every_row = args.csv || !args.columns.is_empty();
    let is_picking = is_every_row || filters.iter().any(|filter| !filter.is_empty());
    let (picked, survey) = pick(&args.files, &sources, |record| {
        is_picking
            && is_one_of(&args.user, &|one| record.text(Field::Customer) == one)
            && is_one_of(&args.id, &|one| {
                is_same_id(&record.text(Field::EntitlementId), one)
            })
            && is_one_of(&args.product, &|one| record.text(Field::Product) == one)
            && is_one_of(&args.status, &|one| {
                values::status_key(&record.text(Field::Status)) == values::status_key(one)
            })
    })?;
    if !is_picking {
        return Ok(Report::new(surveyed(&survey)));
    }
    let mut report = match (args.csv, cx.terminal.is_json()) {
        (true, _) => written(write_csv(cx, &picked, args.raw_cells))?,
        (_, true) => written(print_lines(cx, &picked))?,
        _ => Report::new(Shown::new(Value::Null, [table(&picked, &args.columns)])),
    };
    for gap in gap_words(&survey) {
        report = report.remark(gap);
    }
    if survey.oddity_count > 0 {
        let count = survey.oddity_count;
        let are = by_number(count, "thing is", "things are");
        let they = by_number(count, "it is", "they are");
        report = report.remark(format!(
            "{count} {are} odd in these files; without a filter {they} listed"
        ));
    }
    Ok(report)
}

fn gap_words(survey: &Survey) -> Vec<String> {
    let more = survey.gap_count - survey.gaps.len();
    let gaps = survey
        .gaps
        .iter()
        .map(|gap| format!("{gap} is missing in the series"));
    let are = by_number(more as u64, "report is", "reports are");
    let more = (more > 0).then(|| format!("{more} more {are} missing"));
    gaps.chain(more).collect()
}

/// Prints a line of JSON for each.
fn print_lines(cx: &Context, rows: &[Picked]) -> io::Result<()> {
    cx.terminal.use_json_lines();
    let mut lines = String::new();
    for picked in rows {
        if !lines.is_empty() {
            lines.push('\n');
        }
        lines.push_str(&Value::from(picked.document()).to_string());
        if lines.len() > TOGETHER {
            cx.terminal.print_json(std::mem::take(&mut lines))?;
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    cx.terminal.print_json(lines)
}

/// Writes all of them as CSV, with every column.
fn write_csv(cx: &Context, rows: &[Picked], is_raw: bool) -> io::Result<()> {
    let fields = fields_of_reports();
    let names = fields.iter().map(|field| field.name());
    let names: Vec<_> = names.chain(["file"]).collect();
    let mut writer = CsvWriter::new(cx.terminal.rows(), is_raw, &names)?;
    for picked in rows {
        let cells = fields.iter().map(|field| picked.value(*field));
        writer.add(cells.chain([picked.file.to_owned()]))?;
    }
    writer.finish()?.flush()
}

fn table(rows: &[Picked], columns: &[String]) -> Block {
    let now = Timestamp::now();
    let row = |picked: &Picked| {
        [
            Cell::time(picked.value(Field::LastUpdated), now),
            picked.cell(Field::Status),
            picked.cell(Field::EntitlementId),
            picked.cell(Field::Customer),
            picked.cell(Field::Merchant),
            picked.cell(Field::Product),
            Cell::plain(picked.file),
        ]
    };
    let heading = [
        "Updated",
        "Status",
        "Entitlement",
        "Customer",
        "Merchant",
        "Product",
        "File",
    ];
    Block::table(heading, rows.iter().map(row)).picked(columns)
}

/// Rows that were written already. A reader that has left is no failure.
fn written(outcome: io::Result<()>) -> Result<Report, Ending> {
    match outcome {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            let what = "the result could not be written to standard output";
            Err(Ending::failed(what, e))
        }
        _ => Ok(Report::default()),
    }
}

fn fields_of_reports() -> Vec<Field> {
    let is_of_reports = |field: &Field| !matches!(field, Field::Outcome | Field::Result);
    Field::ALL.into_iter().filter(is_of_reports).collect()
}

/// What the files hold as a whole.
fn surveyed(survey: &Survey) -> Shown {
    let file = |one: &FileRead| {
        [
            Cell::plain(&one.file),
            Cell::plain(one.kind),
            Cell::optional(one.period.as_deref()),
            Cell::number(one.rows),
        ]
    };
    let files = survey.files.iter().map(file);
    let mut blocks = vec![
        Block::table(["File", "Report", "Period", "Rows"], files),
        Block::Blank,
        Block::record([
            ("Rows", Cell::number(survey.rows)),
            ("Entitlements", Cell::number(survey.entitlements)),
            (
                "First update",
                Cell::optional(survey.first_updated.as_deref()),
            ),
            (
                "Last update",
                Cell::optional(survey.last_updated.as_deref()),
            ),
        ]),
    ];
    for (name, counts) in [
        ("Status", &survey.statuses),
        ("Product", &survey.products),
        ("Merchant", &survey.merchants),
    ] {
        let row = |(name, count): (&String, &u64)| [Cell::plain(name), Cell::number(count)];
        let tally = Block::table([name, "Rows"], counts.iter().map(row));
        blocks.extend([Block::Blank, tally]);
    }
    if survey.oddity_count > 0 {
        let row = |odd: &Oddity| {
            [
                Cell::plain(&odd.file),
                Cell::optional(odd.line.map(|line| line.to_string())),
                Cell::optional(odd.column.as_deref()),
                Cell::toned(&odd.what, Tone::Warn),
            ]
        };
        let odd = survey.oddities.iter().map(row);
        blocks.push(Block::Heading("What is odd:"));
        blocks.push(Block::table(["File", "Line", "Column", "What"], odd));
        let more = survey.oddity_count - survey.oddities.len() as u64;
        if more > 0 {
            blocks.push(Block::Line(format!("and {more} more")));
        }
    }
    blocks.extend(gap_words(survey).into_iter().map(Block::Line));
    Shown::new(survey, blocks)
}

/// Shows the events of one entitlement: the same event in several files once.
fn history(args: &HistoryArgs) -> Result<Report, Ending> {
    let sources = open(&args.files)?;
    let is_it = |record: &Record| is_same_id(&record.text(Field::EntitlementId), &args.id);
    let (picked, survey) = pick(&args.files, &sources, is_it)?;
    // Each with the fields that have changed since the one before.
    let mut events: Vec<(Picked, Vec<&str>)> = Vec::new();
    for one in picked {
        if events
            .iter()
            .any(|(event, _)| changes(event, &one).is_empty())
        {
            continue;
        }
        let before = events.last().map(|(before, _)| changes(before, &one));
        let mut changed = before.unwrap_or_default();
        changed.retain(|name| *name != Field::LastUpdated.name());
        events.push((one, changed));
    }
    let mut report = Report::new(life(&args.id, &events));
    if events.is_empty() {
        let rows = counted(survey.rows, "row");
        report = report.remark(format!("of {rows}, none is about this entitlement"));
    }
    for gap in gap_words(&survey) {
        report = report.remark(gap);
    }
    Ok(report)
}

/// The fields that do not say the same, however it is spelt.
fn changes(before: &Picked, after: &Picked) -> Vec<&'static str> {
    let said = |picked: &Picked, field: Field| match field {
        Field::Status => values::status_key(picked.row.text(field)),
        field => picked.value(field),
    };
    let fields = fields_of_reports().into_iter();
    let changed = fields.filter(|field| said(before, *field) != said(after, *field));
    changed.map(Field::name).collect()
}

/// The life of an entitlement, as far as the files tell.
fn life(id: &str, events: &[(Picked, Vec<&str>)]) -> Shown {
    let event = |(event, changed): &(Picked, Vec<&str>)| {
        let mut document = event.document();
        document.insert("changed".to_owned(), json!(changed));
        document
    };
    let documents: Vec<_> = events.iter().map(event).collect();
    let row = |(event, changed): &(Picked, Vec<&str>)| {
        [
            event.cell(Field::LastUpdated),
            event.cell(Field::Status),
            event.cell(Field::Product),
            event.cell(Field::Customer),
            Cell::plain(changed.join(", ")),
            Cell::plain(event.file),
        ]
    };
    let heading = ["When", "Status", "Product", "Customer", "Changed", "File"];
    Shown::new(
        json!({ "entitlementId": id, "events": documents }),
        [Block::table(heading, events.iter().map(row))],
    )
}
