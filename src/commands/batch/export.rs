//! `batch export`: rows as Bango's batch files, for those who send files and no requests. Offline.

use std::fs::{self, File};
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::json;
use tempfile::TempDir;

use super::args::{DefaultArgs, ReadArgs};
use crate::batch::{self, InputRow, Problem, Problems, Shard, find_column};
use crate::context::Context;
use crate::ending::Ending;
use crate::exchange::batch_file::BatchFileKind;
use crate::files::private;
use crate::report::Report;
use crate::tables::CsvWriter;
use crate::terminal::{Block, Cell, Shown, counted};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The files go to the folder input of your bucket; a row that Bango reads there is not to be sent as a request too:\n  \
    aws s3 cp --recursive FOLDER s3://CUSTOMER/input\n\n\
    Examples:\n  bango-ent batch export ended.csv --to input --customer MyReseller\n  \
    bango-ent batch export fix.csv --to input --customer MyReseller --action-name CORRECTIONS"
)]
pub struct Args {
    /// The rows: CSV with a header, or JSON lines; - is standard input
    file: PathBuf,

    #[command(flatten)]
    read: ReadArgs,

    #[command(flatten)]
    defaults: DefaultArgs,

    /// Write the files into this folder
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,

    /// Your name at Bango, with which the names of the files begin
    #[arg(long, value_name = "NAME", value_parser = part_of_name)]
    customer: String,

    /// What the names of the files say next [default: CREATES, UPDATES or TERMINATIONS]
    #[arg(long, value_name = "TEXT", value_parser = part_of_name)]
    action_name: Option<String>,

    /// Write UTF-8 instead of Windows-1252
    #[arg(long)]
    utf_8: bool,
}

fn part_of_name(text: &str) -> Result<String, &'static str> {
    let is_fit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if text.is_empty() || !text.chars().all(is_fit) {
        return Err("it must be letters, digits, - and _, because it is a part of a file's name");
    }
    Ok(text.to_owned())
}

/// Writes the files, or none if a row cannot be said in them.
pub fn run(cx: &Context, args: &Args) -> Result<Report, Ending> {
    let (parser, _) = args.defaults.parser(&args.read, cx.settings()?)?;
    let input = args.read.open(&args.file, &std::env::temp_dir())?;
    let checked = batch::check(&input, &parser, Shard::WHOLE, args.read.allow_duplicates)?;
    let mut export = Export::begin(args)?;
    let changed = || Ending::usage("the input was changed while it was read; nothing was written");
    let mut pass = input.pass(&parser)?;
    while let Some(row) = pass.next_row()? {
        export.add(&row.map_err(|_| changed())?)?;
    }
    if pass.finish()? != checked.digest {
        return Err(changed());
    }
    let written = export.finish()?;
    Ok(report(&written, checked.rows))
}

/// A file that stands in its place.
#[derive(Serialize)]
struct Written {
    file: String,
    kind: &'static str,
    rows: usize,
}

/// The files while they are written, in a folder that is gone unless they all come to their places.
struct Export<'a> {
    args: &'a Args,
    hidden: TempDir,
    /// One for each kind, with its path and number of rows.
    open: [Option<(CsvWriter<File>, PathBuf, usize)>; 3],
    /// Each with its kind and number of rows.
    full: Vec<(BatchFileKind, PathBuf, usize)>,
    begun: usize,
    problems: Problems,
}

impl<'a> Export<'a> {
    fn begin(args: &'a Args) -> Result<Self, Ending> {
        let mut builder = tempfile::Builder::new();
        let hidden = private::folder(&args.to)
            .and_then(|()| builder.prefix(".bango-ent-new").tempdir_in(&args.to));
        Ok(Self {
            args,
            hidden: hidden.map_err(|e| Ending::unwritable(args.to.display(), e))?,
            open: [None, None, None],
            full: Vec::new(),
            begun: 0,
            problems: Problems::default(),
        })
    }

    /// Adds a row to the file of its kind, or what keeps it from being said there.
    fn add(&mut self, row: &InputRow) -> Result<(), Ending> {
        let (action, id) = (row.action.as_str(), row.entitlement_id.as_str());
        let kind = BatchFileKind::of_action(action);
        if row.action.is_read() {
            let why = "asks for nothing that Bango's files can do";
            let problem = Problem::new(row.line, Some("action"), Some(action), why);
            self.problems.add(problem);
            return Ok(());
        }
        let cells = match kind.cells(action, id, &row.body, self.args.utf_8) {
            Ok(cells) => cells,
            Err(wrong) => {
                for (field, why) in wrong {
                    let column = find_column(&field).map_or(&*field, |column| column.name);
                    let problem = Problem::new(row.line, Some(column), None, why);
                    self.problems.add(problem);
                }
                return Ok(());
            }
        };
        if self.problems.count > 0 {
            return Ok(());
        }
        let slot = &mut self.open[kind as usize];
        let (writer, _, rows) = match slot {
            Some(open) => open,
            none => {
                let path = self.hidden.path().join(self.begun.to_string());
                self.begun += 1;
                let names: Vec<_> = kind.names().collect();
                let new =
                    private::create(&path).and_then(|file| CsvWriter::for_bango(file, &names));
                let new = new.map_err(|e| Ending::unwritable(self.args.to.display(), e))?;
                none.insert((new, path, 0))
            }
        };
        let added = writer.add(cells);
        added.map_err(|e| Ending::unwritable(self.args.to.display(), e))?;
        *rows += 1;
        if *rows == kind.most_rows() {
            self.close(kind)?;
        }
        Ok(())
    }

    fn close(&mut self, kind: BatchFileKind) -> Result<(), Ending> {
        let Some((writer, path, rows)) = self.open[kind as usize].take() else {
            return Ok(());
        };
        let closed = writer.finish().and_then(|file| file.sync_all());
        closed.map_err(|e| Ending::unwritable(self.args.to.display(), e))?;
        self.full.push((kind, path, rows));
        Ok(())
    }

    /// Brings all files to their places, creates first: each has a second of its own for its name.
    fn finish(mut self) -> Result<Vec<Written>, Ending> {
        if self.problems.count > 0 {
            return Err(self.problems.into());
        }
        BatchFileKind::ALL
            .into_iter()
            .try_for_each(|kind| self.close(kind))?;
        self.full.sort_by_key(|(kind, ..)| *kind as usize);
        let folder = &self.args.to;
        let seconds = i64::try_from(self.full.len()).unwrap_or(i64::MAX);
        let mut time = Timestamp::now() - SignedDuration::from_secs(seconds);
        let mut written = Vec::new();
        for (kind, from, rows) in &self.full {
            let what = self.args.action_name.as_deref();
            let what = what.unwrap_or_else(|| kind.in_names());
            let to = loop {
                time += SignedDuration::from_secs(1);
                let time = time.strftime("%Y%m%d%H%M%S");
                let path = folder.join(format!("{}-{what}-{time}.csv", self.args.customer));
                if fs::symlink_metadata(&path).is_err() {
                    break path;
                }
            };
            fs::rename(from, &to).map_err(|e| Ending::unwritable(to.display(), e))?;
            written.push(Written {
                file: to.to_string_lossy().into_owned(),
                kind: kind.as_str(),
                rows: *rows,
            });
        }
        private::sync_folder_of(&folder.join("file"))
            .map_err(|e| Ending::unwritable(folder.display(), e))?;
        Ok(written)
    }
}

fn report(written: &[Written], rows: u32) -> Report {
    let line = |one: &Written| {
        let (kind, rows) = (Cell::plain(one.kind), Cell::number(one.rows));
        [Cell::plain(&one.file), kind, rows]
    };
    let table = Block::table(["File", "Kind", "Rows"], written.iter().map(line));
    let shown = Shown::new(json!({ "rows": rows, "files": written }), [table]);
    let files = counted(written.len() as u64, "file");
    let rows = counted(rows.into(), "row");
    Report::new(shown).remark(format!("{rows} in {files}; nothing was sent"))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::path::Path;

    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::batch::{Format, Input, RowAction, RowParser, Shape};
    use crate::tables::Encoding;

    fn read(bytes: &[u8], format: Format) -> Vec<InputRow> {
        let shape = Shape {
            encoding: Some(Encoding::Windows1252),
            ..Shape::of(format)
        };
        let input = Input::keep(bytes, Path::new("."), shape).unwrap();
        let parser = RowParser {
            action: RowAction::Create,
            defaults: Vec::new(),
        };
        let mut pass = input.pass(&parser).unwrap();
        let next = || pass.next_row().unwrap().map(Result::unwrap);
        std::iter::from_fn(next).collect()
    }

    fn said(row: &InputRow) -> (RowAction, &str, Vec<(&String, &Value)>) {
        let mut body: Vec<_> = row.body.iter().collect();
        body.sort_by_key(|(name, _)| *name);
        (row.action, &row.entitlement_id, body)
    }

    /// A text that an id may be, in Windows-1252.
    const ID: &str = "[a-zA-Z0-9é€ß=+,;\"'|-]{1,12}";

    proptest! {
        #[test]
        fn what_is_written_is_read_as_the_same_rows(
            rows in prop::collection::vec((0usize..6, [ID, ID, ID], prop::option::of("\\PC{1,9}")), 1..20),
        ) {
            let mut lines = String::new();
            for (action, [a, b, c], data) in rows {
                let action = RowAction::ALL[action].as_str();
                let data = data.map(|text| json!({ "any": text, "more": { "n": 1.50 } }));
                let mut row = match action {
                    "create" => json!({ "user": a, "merchant": b, "product": c, "display_name": a, "extra_information": data }),
                    "update" => json!({ "entitlement_id": a, "user": b, "expires": "2027-01-31T12:00:00.5Z" }),
                    "cancel" | "revoke" => json!({ "entitlement_id": a, "reason_category": b, "reason_code": c, "description": a }),
                    _ => json!({ "entitlement_id": a }),
                };
                row["action"] = action.into();
                if matches!(action, "create" | "update") {
                    row["extension_data"] = data.into();
                }
                writeln!(lines, "{row}").unwrap();
            }
            let rows = read(lines.as_bytes(), Format::JsonLines);
            let mut again = Vec::new();
            for kind in BatchFileKind::ALL {
                let names: Vec<_> = kind.names().collect();
                let mut writer = CsvWriter::for_bango(Vec::new(), &names).unwrap();
                for row in rows.iter().filter(|row| BatchFileKind::of_action(row.action.as_str()) == kind) {
                    let cells = kind.cells(row.action.as_str(), &row.entitlement_id, &row.body, false);
                    writer.add(cells.unwrap()).unwrap();
                }
                again.extend(read(&writer.finish().unwrap(), Format::Csv));
            }
            let mut sorted: Vec<_> = rows.iter().collect();
            sorted.sort_by_key(|row| BatchFileKind::of_action(row.action.as_str()) as usize);
            let (before, after): (Vec<_>, Vec<_>) =
                (sorted.into_iter().map(said).collect(), again.iter().map(said).collect());
            prop_assert_eq!(before, after);
        }
    }
}
