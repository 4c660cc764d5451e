//! Bango's answers to a correlation file: what each says, and which of our records it is about.

use std::collections::HashMap;

use super::difference::{Difference, Totals, Verdict};
use super::entitlement::{Field, FileKind, OwnedRecord};
use super::hashes::NO_ID;
use super::record_set::{Pages, RecordSet};
use super::records::Records;
use super::scope::{Compared, Scope};
use crate::ending::Ending;
use crate::tables::Source;

/// Bango's answers to a correlation file, with our records beside them.
pub struct Answers<'a> {
    ours: RecordSet<'a>,
    /// Ours by the external id.
    by_external: HashMap<u64, u32>,
    /// What is no match: the answer, and which of ours it is about.
    open: Pages<(Verdict, OwnedRecord, Option<u32>)>,
    pub summary: Totals,
}

impl<'a> Answers<'a> {
    /// Reads all answers, and our records if there are any.
    pub fn read(sources: &[Source], ours: Vec<Records<'a>>) -> Result<Self, Ending> {
        // Bango has compared: this only finds what an answer is about.
        let compared = Compared {
            fields: Vec::new(),
            missing: Vec::new(),
            lacks_id: true,
            ..Compared::of(&ours, &[], &Scope::default(), false)
        };
        let ours = RecordSet::read(ours, &compared)?;
        let mut by_external = HashMap::new();
        for (index, entry) in (0_u32..).zip(&ours.entries) {
            // Those without an id stand first: they go before one that has another.
            by_external.entry(entry.external).or_insert(index);
        }
        by_external.remove(&0);
        let mut all = Self {
            summary: Totals::of(&ours),
            ours,
            by_external,
            open: Pages::new(),
        };
        for source in sources {
            all.file(source)?;
        }
        Ok(all)
    }

    fn file(&mut self, source: &Source) -> Result<(), Ending> {
        let mut records = Records::open(source, &[])?;
        if records.kind != FileKind::Answer {
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
            let index = self.ours.find(id).or_else(|| {
                let index = *self.by_external.get(&external)?;
                let is_without = id == NO_ID || self.ours.entries[index as usize].id == NO_ID;
                is_without.then_some(index)
            });
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
        let differences = answers.iter().map(|(verdict, answer, index)| {
            let ours = index.and_then(|_| rows.next());
            Ok(Difference {
                verdict: *verdict,
                ours: ours.filter(|_| *verdict != Verdict::Extra),
                bango: (*verdict != Verdict::Missing).then(|| answer.clone()),
                fields: Vec::new(),
                why: String::new(),
            })
        });
        self.summary.add_all(differences).map(Some)
    }
}
