//! What entitlement reports hold as a whole, and what is odd in them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::entitlement::{Field, FileKind, Record};
use super::hashes::{IdHash, IdHasher, NO_ID};
use super::records::Records;
use super::report_name::{Content, ReportName, gaps};
use super::tally::under;
use super::values;
use crate::ending::Ending;
use crate::tables::Source;

/// Oddities that are listed; the rest is counted.
const LISTED: usize = 20;

/// A file that was read.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileRead {
    pub file: String,
    pub kind: &'static str,
    /// The period that its name tells.
    pub period: Option<String>,
    pub rows: u64,
}

/// Something that should not be.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Oddity {
    pub file: String,
    pub line: Option<u64>,
    pub column: Option<String>,
    pub what: String,
}

/// What reports hold as a whole.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Survey {
    pub files: Vec<FileRead>,
    pub rows: u64,
    /// Different ids.
    pub entitlements: u64,
    pub statuses: BTreeMap<String, u64>,
    pub products: BTreeMap<String, u64>,
    pub merchants: BTreeMap<String, u64>,
    pub first_updated: Option<String>,
    pub last_updated: Option<String>,
    /// Reports that are missing between the first and the last of their series.
    pub gaps: Vec<String>,
    pub gap_count: usize,
    pub oddities: Vec<Oddity>,
    pub oddity_count: u64,
}

/// Opens a report; any other kind of file is refused.
pub fn open(source: &Source) -> Result<Records<'_>, Ending> {
    let records = Records::open(source, &[])?;
    if records.kind.is_report() {
        return Ok(records);
    }
    let what = match records.kind {
        FileKind::Other if records.columns.is_empty() => "JSON lines".to_owned(),
        FileKind::Other => format!("a table of {}", shortened(&records.columns.join(", "))),
        kind => kind.name().to_owned(),
    };
    let why = format!("is no entitlement report: it is {what}, without BangoEntitlementId");
    Err(source.wrong(why))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What is kept of each row, to find ids that are there twice.
struct Seen {
    id: IdHash,
    updated: Option<i64>,
    /// The key of all that the row says.
    whole: u64,
    file: u32,
    place: u64,
}

/// Counts rows as they are read.
#[derive(Default)]
pub struct Surveyor {
    keys: IdHasher,
    seen: Vec<Seen>,
    survey: Survey,
    span: Option<(i64, i64)>,
    /// File, place, column and what is wrong.
    odd: Vec<(u32, u64, Field, String)>,
}

impl Surveyor {
    /// Counts the rows of a file, and hands each to `each`.
    pub fn read(
        &mut self,
        path: &Path,
        source: &Source,
        mut each: impl FnMut(&Record),
    ) -> Result<(), Ending> {
        let mut records = open(source)?;
        let before = self.seen.len();
        let file = u32::try_from(self.survey.files.len()).unwrap_or(u32::MAX);
        let kind = match ReportName::of(path).map(|name| name.content) {
            Some(Content::Active) => "active (AR)",
            Some(Content::Changes) => "changes (CR)",
            Some(Content::Events) => "events (ER)",
            None if records.kind == FileKind::OlderReport => "older layout",
            None => "report",
        };
        while let Some(record) = records.next_record()? {
            self.count(file, &record);
            each(&record);
        }
        self.survey.files.push(FileRead {
            file: source.name().to_owned(),
            kind,
            period: ReportName::of(path).map(ReportName::period_in_words),
            rows: (self.seen.len() - before) as u64,
        });
        Ok(())
    }

    fn count(&mut self, file: u32, record: &Record) {
        let place = record.place;
        let mut updated = None;
        for field in Field::ALL.into_iter().filter(|field| field.is_date()) {
            match values::date(&record.text(field)) {
                Ok(date) if field == Field::LastUpdated => updated = date,
                Ok(_) => {}
                Err(why) => self.is_odd(file, place, field, why),
            }
        }
        let status = record.text(Field::Status);
        if values::status(status.as_bytes()).is_none() {
            let why = format!("{status:?} is no status that Bango documents");
            self.is_odd(file, place, Field::Status, why);
        }
        let id = record.text(Field::EntitlementId);
        if id.is_empty() {
            let why = "is empty".to_owned();
            self.is_odd(file, place, Field::EntitlementId, why);
        }
        let survey = &mut self.survey;
        *under(&mut survey.statuses, &values::status_key(&status)) += 1;
        *under(&mut survey.products, &record.text(Field::Product)) += 1;
        *under(&mut survey.merchants, &record.text(Field::Merchant)) += 1;
        if let Some(updated) = updated {
            let (first, last) = self.span.unwrap_or((updated, updated));
            self.span = Some((first.min(updated), last.max(updated)));
        }
        self.seen.push(Seen {
            id: self.keys.id(id.as_bytes()),
            updated,
            whole: self.keys.of(Field::ALL.map(|field| record.bytes(field))),
            file,
            place,
        });
    }

    fn is_odd(&mut self, file: u32, place: u64, field: Field, what: String) {
        self.survey.oddity_count += 1;
        if self.odd.len() < LISTED {
            self.odd.push((file, place, field, what));
        }
    }

    /// What all of them hold. A file of events names an entitlement several times; any other does not.
    pub fn finish(mut self, paths: &[PathBuf], sources: &[Source]) -> Survey {
        let names: Vec<_> = paths.iter().map(|path| ReportName::of(path)).collect();
        self.seen
            .sort_unstable_by_key(|seen| (seen.id, seen.file, seen.updated, seen.place));
        let seen = std::mem::take(&mut self.seen);
        let mut twice = Vec::new();
        for pair in seen.windows(2) {
            let (a, b) = (&pair[0], &pair[1]);
            if a.id != b.id || a.id == NO_ID || a.file != b.file || a.whole == b.whole {
                continue;
            }
            let content = names[b.file as usize].map(|name| name.content);
            let is_once = matches!(content, Some(Content::Active | Content::Changes));
            if a.updated == b.updated || is_once {
                twice.push((b.file, b.place));
            }
        }
        twice.sort_unstable();
        for (file, place) in twice {
            let what = "the entitlement stands further up too, with other data".to_owned();
            self.is_odd(file, place, Field::EntitlementId, what);
        }
        let ids = seen.chunk_by(|a, b| a.id == b.id);
        let ids = ids.filter(|same| same[0].id != NO_ID).count() as u64;
        let (gaps, gap_count) = gaps(paths.iter().map(PathBuf::as_path));
        let oddities = self.odd.into_iter().map(|(file, place, field, what)| {
            let source = &sources[file as usize];
            let records = open(source).ok();
            Oddity {
                file: source.name().to_owned(),
                line: source.line_of(place).ok(),
                column: records.map(|records| records.column_name(field).to_owned()),
                what,
            }
        });
        Survey {
            rows: seen.len() as u64,
            entitlements: ids,
            first_updated: self.span.map(|(first, _)| values::iso(first)),
            last_updated: self.span.map(|(_, last)| values::iso(last)),
            gaps,
            gap_count,
            oddities: oddities.collect(),
            ..self.survey
        }
    }
}
