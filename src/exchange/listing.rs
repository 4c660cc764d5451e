//! Our records alone: each entitlement once, to be written for Bango; or those that Bango's answers are about.

use super::difference::{Difference, Summary, Verdict};
use super::entitlement::{Field, Kind, OwnedRecord};
use super::record_set::{Pages, RecordSet};
use super::records::Records;
use super::scope::{Compared, Options};
use crate::ending::Ending;
use crate::tables::Source;

/// Our records, each entitlement once, in the order of the file.
pub struct Listing<'a> {
    pub(super) side: RecordSet<'a>,
    /// What is listed, in the order of the file.
    order: Pages<u32>,
    pub summary: Summary,
}

impl<'a> Listing<'a> {
    /// Reads the files, and leaves out what is outside of the period.
    pub fn new(files: Vec<Records<'a>>, options: &Options) -> Result<Self, Ending> {
        let compared = Compared::of(&files, &[], options, true);
        let side = RecordSet::read(files, &compared)?;
        let mut order = Pages::new();
        let in_period = (0_u32..).zip(&side.entries);
        let in_period =
            in_period.filter(|(_, entry)| options.holds(entry.status, entry.updated.into()));
        order.items.extend(in_period.map(|(index, _)| index));
        order.items.sort_unstable_by_key(|index| side.order(*index));
        Ok(Self {
            summary: Summary {
                not_judged: (side.entries.len() - order.items.len()) as u64,
                ..Summary::of(&side)
            },
            side,
            order,
        })
    }

    /// Begins at the first row again.
    pub const fn restart(&mut self) {
        self.order.restart();
    }

    /// The next rows; `None` after the last.
    pub fn next_rows(&mut self) -> Result<Option<Vec<(u32, OwnedRecord)>>, Ending> {
        let Some(indices) = self.order.next_page() else {
            return Ok(None);
        };
        let rows = self.side.rows_of(indices)?;
        Ok(Some(indices.iter().copied().zip(rows).collect()))
    }

    /// What is wrong with a field of a row.
    pub fn wrong(&self, index: u32, field: Field, why: impl Into<String>) -> Ending {
        self.side.wrong(index, field, why)
    }
}

/// Bango's answers to a correlation file, with our records beside them.
pub struct Answers<'a> {
    ours: RecordSet<'a>,
    /// What is no match: the answer, and which of ours it is about.
    open: Pages<(Verdict, OwnedRecord, Option<u32>)>,
    pub summary: Summary,
}

impl<'a> Answers<'a> {
    /// Reads all answers, and our records if there are any.
    pub fn read(sources: &[Source], ours: Vec<Records<'a>>) -> Result<Self, Ending> {
        // Bango has compared: this only finds what an answer is about.
        let compared = Compared {
            fields: Vec::new(),
            missing: Vec::new(),
            ..Compared::of(&ours, &[], &Options::default(), false)
        };
        let ours = RecordSet::read(ours, &compared)?;
        let mut all = Self {
            summary: Summary::of(&ours),
            ours,
            open: Pages::new(),
        };
        for source in sources {
            all.file(source)?;
        }
        Ok(all)
    }

    fn file(&mut self, source: &Source) -> Result<(), Ending> {
        let mut records = Records::open(source, &[])?;
        if records.kind != Kind::Answer {
            let what = records.kind.name();
            let why = format!("is {what}, not an answer of Bango: it has no CorrelationResult");
            return Err(source.wrong(why));
        }
        while let Some(record) = records.next_record()? {
            let words = record.text(Field::Result);
            let Some(verdict) = Verdict::parse(&words) else {
                let why = format!("{words:?} is no result that Bango documents");
                let place = record.place;
                return Err(records.wrong(place, Field::Result, why));
            };
            self.summary.bango += 1;
            let keys = &self.ours.compared.keys;
            let id = keys.id(&record.bytes(Field::EntitlementId));
            let external = keys.of([record.bytes(Field::ExternalId)]);
            let index = self.ours.find(id, external);
            if verdict == Verdict::Matches {
                let product = index
                    .map_or("", |index| self.ours.product(index))
                    .to_owned();
                self.summary.add(&product, verdict, 1);
            } else {
                self.open.items.push((verdict, record.keep(), index));
            }
        }
        Ok(())
    }

    /// The next differences, in the order of the answers; `None` once all are told. The summary is whole then.
    pub fn next_differences(&mut self) -> Result<Option<Vec<Difference>>, Ending> {
        let Some(answers) = self.open.next_page() else {
            return Ok(None);
        };
        let indices: Vec<_> = answers.iter().filter_map(|(.., index)| *index).collect();
        let mut rows = self.ours.rows_of(&indices)?.into_iter();
        let mut differences = Vec::with_capacity(answers.len());
        for (verdict, answer, index) in answers {
            let ours = index.and_then(|_| rows.next());
            let product = ours.as_ref().map_or("", |row| row.text(Field::Product));
            self.summary.add(product, *verdict, 1);
            differences.push(Difference {
                verdict: *verdict,
                ours: ours.filter(|_| *verdict != Verdict::Extra),
                bango: (*verdict != Verdict::Missing).then(|| answer.clone()),
                fields: Vec::new(),
                why: String::new(),
            });
        }
        Ok(Some(differences))
    }
}
