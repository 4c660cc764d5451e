//! `reconcile`: compares our records with what Bango says it holds, and writes what would make them agree. Offline; sends nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::reports::{NOTICEABLE, bad_file};
use super::{fields, reconcile_read, reconcile_write};
use crate::context::Context;
use crate::ending::{Code, Ending, Report};
use crate::exchange::compare::{Comparison, Difference, Options, Summary, Verdict, refuse_kind};
use crate::exchange::fix::{self, Reasons};
use crate::exchange::report::Name;
use crate::exchange::{Field, Kept, Period, Records, Sheet, Source};
use crate::files::Replacement;
use crate::files::private::is_same_path;
use crate::terminal::{Block, Cell, Shown, Spinner, Tone, by_number, counted, document};

/// Differences that are shown; files take all.
pub const MOST_SHOWN: usize = 10_000;
/// At a terminal.
const SHOWN_TO_A_PERSON: usize = 50;
/// The columns of Bango's own answers.
const ANSWER: [&str; 3] = [
    "EntitlementId",
    "ExternalEntitlementId",
    "CorrelationResult",
];
/// What `--full` adds: both values of each.
const VALUES: [(Field, &str, &str); 5] = [
    (
        Field::Customer,
        "OurCustomerIdentifier",
        "BangoCustomerIdentifier",
    ),
    (
        Field::Merchant,
        "OurMerchantAccountKey",
        "BangoMerchantAccountKey",
    ),
    (Field::Product, "OurProductKey", "BangoProductKey"),
    (Field::Status, "OurStatus", "BangoStatus"),
    (Field::LastUpdated, "OurLastUpdated", "BangoLastUpdated"),
];

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(
    after_help = "OURS: a correlation file, CSV or JSON lines with the columns of batch or those that --map names, results of a batch, or what \
    listen --save wrote. BANGO: entitlement reports, or a correlation file.\n\
    An entitlement is found by its id, else by the external id, else by user, merchant and product. Exit codes: 0 if both agree, 40 if not.\n\n\
    Examples:\n  bango-ent reconcile ours.csv --with AR_V1_D_20261124.csv\n  \
    bango-ent reconcile ours.csv --with ER_V1_D_*.csv --period 2026-11-24 --events-only\n  \
    bango-ent reconcile db.csv --map state=status --with AR_V1_D_20261124.csv --fix fix.csv\n  \
    bango-ent reconcile write ours.csv --period 2026-11-24 --merchant BANGO\n\n\
    docs/reconciliation.md has the rest, and a nightly job."
)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,

    /// Our records; - is standard input
    #[arg(required = true, value_name = "OURS")]
    ours: Option<PathBuf>,

    /// What Bango holds: one file or several, of which the latest data counts
    #[arg(long, required = true, num_args = 1.., value_name = "BANGO")]
    with: Vec<PathBuf>,

    #[command(flatten)]
    map: MapArgs,

    /// Compare the dates as well
    #[arg(long)]
    dates: bool,

    #[command(flatten)]
    scope: ScopeArgs,

    /// OURS are a part of our records: what else Bango has is not reported
    #[arg(long)]
    partial: bool,

    #[command(flatten)]
    out: OutArgs,

    /// Write what would bring our records to Bango's state to this file, as CSV
    #[arg(long, value_name = "FILE")]
    fix_ours: Option<PathBuf>,
}

/// How the columns of OURS are named.
#[derive(Debug, clap::Args)]
pub struct MapArgs {
    /// Take this column of OURS for a field (customerIdentifier, status…); may be given several times
    #[arg(long = "map", value_name = "OURNAME=FIELD", value_parser = mapped)]
    pub columns: Vec<(String, Field)>,
}

/// What of the records counts.
#[derive(Debug, clap::Args)]
pub struct ScopeArgs {
    /// Expect only what was active or changed in this day, month or FIRST..LAST
    #[arg(long, value_parser = Period::parse)]
    pub period: Option<Period>,

    /// Of the period, expect only what changed in it
    #[arg(long, requires = "period")]
    pub events_only: bool,
}

impl ScopeArgs {
    /// The same for a comparison.
    pub fn options(&self) -> Options {
        Options {
            period: self.period,
            events_only: self.events_only,
            ..Options::default()
        }
    }
}

/// What is written.
#[derive(Debug, clap::Args)]
pub struct OutArgs {
    /// Write each difference to this file, in the three columns of Bango's answers
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,

    /// With --results, add our and Bango's values
    #[arg(long, requires = "results")]
    full: bool,

    /// With --results, write cells as they are, also those that a spreadsheet would run as a formula
    #[arg(long, requires = "results")]
    raw_cells: bool,

    /// Write what would bring Bango to our state to this file, as an input of batch; nothing is sent
    #[arg(long, value_name = "FILE")]
    fix: Option<PathBuf>,
}

impl OutArgs {
    /// Refuses to write over an input, or two outputs into one file.
    pub fn check(&self, fix_ours: Option<&Path>, inputs: &[&PathBuf]) -> Result<(), Ending> {
        let mut taken: Vec<&Path> = inputs.iter().map(|path| path.as_path()).collect();
        let paths = [self.results.as_deref(), self.fix.as_deref(), fix_ours];
        for path in paths.into_iter().flatten() {
            if let Some(other) = taken.iter().find(|other| is_same_path(path, other)) {
                let (path, other) = (path.display(), other.display());
                let why = format!("{path} cannot be written: it is the same file as {other}");
                return Err(Ending::usage(why));
            }
            taken.push(path);
        }
        Ok(())
    }
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Write the correlation file of a period for Bango
    Write(reconcile_write::Args),
    /// Read Bango's answers to a correlation file
    Read(reconcile_read::Args),
}

fn mapped(text: &str) -> Result<(String, Field), String> {
    let (own, name) = text.split_once('=').ok_or("it must be OURNAME=FIELD")?;
    let field = Field::find(name).ok_or_else(|| {
        let names = Field::ALL.map(Field::name);
        format!("{name:?} is no field; there are {}", names.join(", "))
    })?;
    Ok((fields::id(own)?, field))
}

/// Compares, or runs the command below.
pub fn run(cx: &Context, args: &Args) -> Result<Report, Ending> {
    let _spinner = Spinner::start_after(&cx.terminal, "comparing", NOTICEABLE);
    match &args.command {
        Some(Command::Write(args)) => reconcile_write::run(args),
        Some(Command::Read(args)) => reconcile_read::run(cx, args),
        None => compare(cx, args),
    }
}

fn compare(cx: &Context, args: &Args) -> Result<Report, Ending> {
    let inputs: Vec<_> = args.ours.iter().chain(&args.with).collect();
    args.out.check(args.fix_ours.as_deref(), &inputs)?;
    let sources = open(&inputs)?;
    let (ours, bango) = sources.split_at(1);
    let ours = records(ours, &args.map.columns, false)?;
    let bango = records(bango, &[], true)?;
    let names: Vec<_> = args.with.iter().map(|path| Name::of(path)).collect();
    let options = Options {
        dates: args.dates,
        is_partial: args.partial,
        ..args.scope.options()
    };
    let mut comparison = Comparison::new(ours, bango, &names, &options).map_err(bad_file)?;
    let mut outputs = Outputs::begin(&args.out, args.fix_ours.as_deref())?;
    let mut shown = Vec::new();
    while let Some(differences) = comparison.next_differences().map_err(bad_file)? {
        for difference in differences {
            outputs.add(&difference)?;
            if shown.len() < MOST_SHOWN {
                shown.push(difference);
            }
        }
    }
    let files = outputs.finish()?;
    Ok(report(cx, comparison.summary, shown, files))
}

/// Opens files; only one of them can be standard input.
pub fn open(paths: &[&PathBuf]) -> Result<Vec<Source>, Ending> {
    if paths.iter().filter(|path| path.as_os_str() == "-").count() > 1 {
        return Err(Ending::usage("only one file can be standard input"));
    }
    let open = |path: &&PathBuf| Source::open(path).map_err(bad_file);
    paths.iter().map(open).collect()
}

/// Begins to read files of one side.
pub fn records<'a>(
    sources: &'a [Source],
    names: &'a [(String, Field)],
    is_bango: bool,
) -> Result<Vec<Records<'a>>, Ending> {
    let open = |source: &'a Source| {
        let records = Records::open(source, names).map_err(bad_file)?;
        match refuse_kind(&records, is_bango) {
            Some(why) => Err(Ending::usage(format!("{} {why}", source.name()))),
            None => Ok(records),
        }
    };
    sources.iter().map(open).collect()
}

/// A CSV file that stands at its path once it is finished.
struct File {
    name: String,
    sheet: Sheet<Replacement>,
}

impl File {
    fn begin(path: Option<&Path>, is_raw: bool, names: &[&str]) -> Result<Option<Self>, Ending> {
        let Some(path) = path else {
            return Ok(None);
        };
        let name = path.to_string_lossy().into_owned();
        let begun = Replacement::begin(path).and_then(|file| Sheet::new(file, is_raw, names));
        match begun {
            Ok(sheet) => Ok(Some(Self { name, sheet })),
            Err(e) => Err(unwritable(&name, e)),
        }
    }

    fn add<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<(), Ending> {
        let added = self.sheet.add(cells);
        added.map_err(|e| unwritable(&self.name, e))
    }

    /// Puts it in its place.
    fn finish(self) -> Result<String, Ending> {
        match self.sheet.finish().and_then(Replacement::finish) {
            Ok(_) => Ok(self.name),
            Err(e) => Err(unwritable(&self.name, e)),
        }
    }
}

/// The files that were asked for.
pub struct Outputs {
    is_full: bool,
    results: Option<File>,
    fix: Option<File>,
    fix_ours: Option<File>,
    files: Files,
}

/// What stands in the files.
#[derive(Debug, Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Files {
    results: Option<String>,
    fix: Option<String>,
    fix_ours: Option<String>,
    /// Rows of the input for `batch`.
    fix_rows: u64,
    /// Differences for which no request can be written, by the reason.
    not_fixable: BTreeMap<&'static str, u64>,
}

impl Outputs {
    /// Begins all of them; nothing stands at their paths before they are finished.
    pub fn begin(args: &OutArgs, fix_ours: Option<&Path>) -> Result<Self, Ending> {
        let values = VALUES.into_iter().filter(|_| args.full);
        let values = values.flat_map(|(_, ours, bango)| [ours, bango]);
        let results: Vec<_> = ANSWER.into_iter().chain(values).collect();
        let own = fix::OWN_FIELDS.map(Field::name);
        let own: Vec<_> = ["action"].into_iter().chain(own).chain(["why"]).collect();
        Ok(Self {
            is_full: args.full,
            results: File::begin(args.results.as_deref(), args.raw_cells, &results)?,
            fix: File::begin(args.fix.as_deref(), true, &fix::COLUMNS)?,
            fix_ours: File::begin(fix_ours, true, &own)?,
            files: Files::default(),
        })
    }

    /// Adds a difference to each.
    pub fn add(&mut self, difference: &Difference) -> Result<(), Ending> {
        if let Some(results) = &mut self.results {
            results.add(cells(difference, self.is_full))?;
        }
        if let Some(fix) = &mut self.fix {
            match fix::for_bango(difference, &Reasons::default()) {
                Ok(rows) => {
                    for row in rows {
                        self.files.fix_rows += 1;
                        fix.add(row)?;
                    }
                }
                Err(why) => *self.files.not_fixable.entry(why).or_default() += 1,
            }
        }
        if let Some(fix) = &mut self.fix_ours {
            let (action, cells) = fix::for_us(difference);
            let why = fix::why(difference);
            fix.add([action.to_owned()].into_iter().chain(cells).chain([why]))?;
        }
        Ok(())
    }

    /// Puts all of them in their places.
    pub fn finish(self) -> Result<Files, Ending> {
        Ok(Files {
            results: self.results.map(File::finish).transpose()?,
            fix: self.fix.map(File::finish).transpose()?,
            fix_ours: self.fix_ours.map(File::finish).transpose()?,
            ..self.files
        })
    }
}

/// A row of the results.
fn cells(difference: &Difference, is_full: bool) -> Vec<String> {
    let mut cells = vec![
        difference.entitlement_id().to_owned(),
        difference.text(Field::ExternalId).to_owned(),
        difference.verdict.as_str().to_owned(),
    ];
    for (field, ..) in VALUES.iter().filter(|_| is_full) {
        for row in [&difference.ours, &difference.bango] {
            cells.push(row.as_ref().map_or("", |row| row.text(*field)).to_owned());
        }
    }
    cells
}

/// A file that this machine does not let us write.
pub fn unwritable(name: &str, e: std::io::Error) -> Ending {
    Ending::machine(anyhow::Error::from(e).context(format!("{name} cannot be written")))
}

/// What is shown, and how it ends.
pub fn report(cx: &Context, summary: Summary, shown: Vec<Difference>, files: Files) -> Report {
    let is_for_person = cx.terminal.stdout.is_terminal && !cx.terminal.is_json();
    let listed = if is_for_person {
        SHOWN_TO_A_PERSON
    } else {
        MOST_SHOWN
    };
    let differing = summary.differing();
    let mut remarks = remarks(&summary);
    let result = Outcome {
        summary,
        shown: shown.into_iter().take(listed).collect(),
        files,
    };
    let left = differing - result.shown.len() as u64;
    if left > 0 {
        remarks.push(format!(
            "{left} more {} not shown; --results FILE takes all",
            by_number(left, "difference is", "differences are")
        ));
    }
    let ending = (differing > 0).then(|| ending(differing, &result.files));
    // Only one of the two is needed, and both may be long.
    let shown = if cx.terminal.is_json() {
        Shown {
            document: result.document(),
            blocks: Vec::new(),
        }
    } else {
        Shown {
            document: Value::Null,
            blocks: result.blocks(),
        }
    };
    Report {
        is_beside: true,
        ending,
        remarks,
        ..Report::new(shown)
    }
}

fn ending(differing: u64, files: &Files) -> Ending {
    let verb = by_number(differing, "differs", "differ");
    let message = format!("{} {verb}", counted(differing, "entitlement"));
    let ending = Ending {
        name: "DIFFERENCES".into(),
        ..Ending::new(Code::BatchIncomplete, message)
    };
    match &files.fix {
        Some(file) if files.fix_rows > 0 => ending.run(
            "look at the file that brings Bango to our state; this checks it and sends nothing",
            ["batch", file, "--check"],
        ),
        _ => ending.next(
            "--fix FILE writes what would bring Bango to our state, --fix-ours FILE what would bring ours to Bango's",
        ),
    }
}

/// What did not count, and what was not compared.
fn remarks(summary: &Summary) -> Vec<String> {
    let mut remarks = Vec::new();
    for name in &summary.not_compared {
        remarks.push(format!("{name} is not compared: not every file has it"));
    }
    for (count, noun, why) in [
        (
            summary.replaced_ours,
            "row",
            "of ours did not count: the entitlement stands there again, later",
        ),
        (
            summary.not_done,
            "row",
            "of the batch did not count: Bango has not done it",
        ),
        (
            summary.not_judged,
            "entitlement",
            "of ours did not count: Bango's files need not have it",
        ),
    ] {
        if count > 0 {
            remarks.push(format!("{} {why}", counted(count, noun)));
        }
    }
    remarks
}

/// What a comparison came to.
struct Outcome {
    summary: Summary,
    shown: Vec<Difference>,
    files: Files,
}

impl Outcome {
    fn document(&self) -> Value {
        let differences: Vec<_> = self.shown.iter().map(one).collect();
        let mut shown = document(&self.summary);
        shown["differences"] = differences.into();
        shown["differenceCount"] = self.summary.differing().into();
        shown["files"] = document(&self.files);
        shown
    }

    fn blocks(&self) -> Vec<Block> {
        let summary = &self.summary;
        let count = |number: u64| Cell::plain(number.to_string());
        let by_result = |(name, number): (&&'static str, &u64)| vec![toned(name), count(*number)];
        let mut by_product = Vec::new();
        for (product, results) in &summary.products {
            for (name, number) in results {
                by_product.push(vec![Cell::plain(product), toned(name), count(*number)]);
            }
        }
        let mut blocks = vec![
            Block::Record(vec![
                ("Ours", count(summary.ours)),
                ("Bango's", count(summary.bango)),
            ]),
            Block::Blank,
            Block::Table {
                heading: vec!["Result", "Entitlements"],
                rows: summary.results.iter().map(by_result).collect(),
            },
            Block::Blank,
            Block::Table {
                heading: vec!["Product", "Result", "Entitlements"],
                rows: by_product,
            },
        ];
        if !self.shown.is_empty() {
            blocks.push(Block::Heading("Differences"));
            blocks.push(Block::Table {
                heading: vec!["Entitlement", "External id", "Result", "Ours", "Bango's"],
                rows: self.shown.iter().map(line).collect(),
            });
        }
        for (why, number) in &self.files.not_fixable {
            let what = counted(*number, "entitlement");
            blocks.push(Block::Line(format!("no request for {what}: {why}")));
        }
        blocks
    }
}

fn toned(name: &'static str) -> Cell {
    let is_fine = name == Verdict::Matches.as_str();
    Cell::toned(name, if is_fine { Tone::Good } else { Tone::Bad })
}

/// The fields that tell a person what differs: those that do, or what the one side has.
fn told(difference: &Difference) -> Vec<Field> {
    if difference.fields.is_empty() {
        vec![Field::Customer, Field::Product, Field::Status]
    } else {
        difference.fields.clone()
    }
}

fn line(difference: &Difference) -> Vec<Cell> {
    let of = |row: &Option<Kept>| {
        let fields = told(difference).into_iter();
        let texts = fields.filter_map(|field| Some(row.as_ref()?.text(field)));
        let texts: Vec<_> = texts.collect();
        let is_known = texts.iter().any(|text| !text.is_empty());
        Cell::plain(if is_known {
            texts.join(", ")
        } else {
            String::new()
        })
    };
    vec![
        Cell::plain(difference.entitlement_id()),
        Cell::plain(difference.text(Field::ExternalId)),
        Cell::plain(difference.verdict.as_str()),
        of(&difference.ours),
        of(&difference.bango),
    ]
}

fn one(difference: &Difference) -> Value {
    let side = |row: &Option<Kept>| {
        row.as_ref().map(|row| {
            let given = Field::ALL
                .into_iter()
                .filter(|field| !row.text(*field).is_empty());
            let given = given.map(|field| (field.name().to_owned(), row.text(field).into()));
            given.collect::<Map<_, _>>()
        })
    };
    let fields: Vec<_> = difference.fields.iter().map(|field| field.name()).collect();
    json!({
        "entitlementId": difference.entitlement_id(),
        "externalEntitlementId": difference.text(Field::ExternalId),
        "correlationResult": difference.verdict.as_str(),
        "differs": fields,
        "ours": side(&difference.ours),
        "bango": side(&difference.bango),
    })
}
