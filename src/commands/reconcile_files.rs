//! The files of `reconcile`: what it reads, how that is named, and what it writes.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::fields;
use crate::ending::Ending;
use crate::exchange::difference::Difference;
use crate::exchange::fix;
use crate::exchange::{Field, Period, Records, Scope};
use crate::files::Replacement;
use crate::files::private::is_same_path;
use crate::tables::{CsvWriter, Source};

/// Differences that are shown; files take all.
pub const MOST_SHOWN: usize = 10_000;
/// The columns of Bango's own answers.
pub const ANSWER: [&str; 3] = [
    "EntitlementId",
    "ExternalEntitlementId",
    "CorrelationResult",
];
/// What `--full` adds: both values of each.
const VALUES: [(Field, &str); 5] = [
    (Field::Customer, "CustomerIdentifier"),
    (Field::Merchant, "MerchantAccountKey"),
    (Field::Product, "ProductKey"),
    (Field::Status, "Status"),
    (Field::LastUpdated, "LastUpdated"),
];

// How the columns of OURS are named. A doc comment on flattened flags would become the text of the command.
#[derive(Debug, clap::Args)]
pub struct MapArgs {
    /// Take this column of OURS for a field (customerIdentifier, status…); may be given several times
    #[arg(long = "map", value_name = "OURNAME=FIELD", value_parser = mapped)]
    pub columns: Vec<(String, Field)>,
}

// What of the records counts.
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
    pub fn to_scope(&self) -> Scope {
        Scope {
            period: self.period,
            events_only: self.events_only,
            ..Scope::default()
        }
    }
}

// What is written.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("for_people").multiple(true))]
pub struct OutArgs {
    /// Write each difference to this file, in the three columns of Bango's answers
    #[arg(long, value_name = "FILE", group = "for_people")]
    results: Option<PathBuf>,

    /// With --results, add our and Bango's values
    #[arg(long, requires = "results")]
    full: bool,

    /// In files for people, write cells as they are, also those that a spreadsheet would run as a formula
    #[arg(long, requires = "for_people")]
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

fn mapped(text: &str) -> Result<(String, Field), String> {
    let (own, name) = text.split_once('=').ok_or("it must be OURNAME=FIELD")?;
    let field = Field::find(name).ok_or_else(|| {
        let names = Field::ALL.map(Field::name);
        format!("{name:?} is no field; there are {}", names.join(", "))
    })?;
    Ok((fields::id(own)?, field))
}

/// Opens files; only one of them can be standard input.
pub fn open(paths: &[impl AsRef<Path>]) -> Result<Vec<Source>, Ending> {
    let paths = paths.iter().map(AsRef::as_ref);
    if paths.clone().filter(|path| *path == Path::new("-")).count() > 1 {
        return Err(Ending::usage("only one file can be standard input"));
    }
    paths.map(Source::open).collect()
}

/// Begins to read files of one side.
pub fn records<'a>(
    sources: &'a [Source],
    names: &'a [(String, Field)],
    is_bango: bool,
) -> Result<Vec<Records<'a>>, Ending> {
    let open = |source: &'a Source| {
        let records = Records::open(source, names)?;
        records.check_side(is_bango)?;
        Ok(records)
    };
    sources.iter().map(open).collect()
}

/// A CSV file that stands at its path once it is finished.
pub struct OutFile {
    name: String,
    writer: CsvWriter<Replacement>,
}

impl OutFile {
    /// Begins the file, and its table with `table`.
    pub fn begin(
        path: &Path,
        table: impl FnOnce(Replacement) -> io::Result<CsvWriter<Replacement>>,
    ) -> Result<Self, Ending> {
        let name = path.to_string_lossy().into_owned();
        match Replacement::begin(path).and_then(table) {
            Ok(writer) => Ok(Self { name, writer }),
            Err(e) => Err(Ending::unwritable(&name, e)),
        }
    }

    pub fn add<T: AsRef<[u8]>>(
        &mut self,
        cells: impl IntoIterator<Item = T>,
    ) -> Result<(), Ending> {
        let added = self.writer.add(cells);
        added.map_err(|e| Ending::unwritable(&self.name, e))
    }

    /// Puts it in its place, and tells its name.
    pub fn finish(self) -> Result<String, Ending> {
        match self.writer.finish().and_then(Replacement::finish) {
            Ok(_) => Ok(self.name),
            Err(e) => Err(Ending::unwritable(&self.name, e)),
        }
    }
}

pub struct Outputs {
    is_full: bool,
    results: Option<OutFile>,
    fix: Option<OutFile>,
    fix_ours: Option<OutFile>,
    files: WrittenFiles,
}

#[derive(Debug, Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WrittenFiles {
    pub results: Option<String>,
    pub fix: Option<String>,
    pub fix_ours: Option<String>,
    /// Rows of the input for `batch`.
    pub fix_rows: u64,
    /// Differences for which no request can be written, by the reason.
    pub not_fixable: BTreeMap<&'static str, u64>,
}

impl Outputs {
    /// Begins all of them; nothing stands at their paths before they are finished.
    pub fn begin(args: &OutArgs, fix_ours: Option<&Path>) -> Result<Self, Ending> {
        let values = VALUES.into_iter().filter(|_| args.full);
        let values = values.flat_map(|(_, name)| [format!("Our{name}"), format!("Bango{name}")]);
        let values: Vec<_> = values.collect();
        let values = values.iter().map(String::as_str);
        let results: Vec<_> = ANSWER.into_iter().chain(values).collect();
        let begin = |path: Option<&Path>, is_raw, names: &[&str]| {
            let begin = |path| OutFile::begin(path, |file| CsvWriter::new(file, is_raw, names));
            path.map(begin).transpose()
        };
        Ok(Self {
            is_full: args.full,
            results: begin(args.results.as_deref(), args.raw_cells, &results)?,
            fix: begin(args.fix.as_deref(), true, &fix::BATCH_COLUMNS)?,
            fix_ours: begin(fix_ours, args.raw_cells, &fix::our_columns())?,
            files: WrittenFiles::default(),
        })
    }

    /// Writes all differences, and puts the files in their places. The first differences come back, to be shown.
    pub fn write(
        mut self,
        mut next: impl FnMut() -> Result<Option<Vec<Difference>>, Ending>,
    ) -> Result<(Vec<Difference>, WrittenFiles), Ending> {
        let mut shown = Vec::new();
        while let Some(differences) = next()? {
            for difference in differences {
                self.add(&difference)?;
                if shown.len() < MOST_SHOWN {
                    shown.push(difference);
                }
            }
        }
        Ok((shown, self.finish()?))
    }

    fn add(&mut self, difference: &Difference) -> Result<(), Ending> {
        if let Some(results) = &mut self.results {
            results.add(cells(difference, self.is_full))?;
        }
        if let Some(fix) = &mut self.fix {
            match fix::for_bango(difference) {
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
            fix.add(fix::for_us(difference))?;
        }
        Ok(())
    }

    /// Puts all of them in their places.
    fn finish(self) -> Result<WrittenFiles, Ending> {
        Ok(WrittenFiles {
            results: self.results.map(OutFile::finish).transpose()?,
            fix: self.fix.map(OutFile::finish).transpose()?,
            fix_ours: self.fix_ours.map(OutFile::finish).transpose()?,
            ..self.files
        })
    }
}

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
