//! Our records alone, each entitlement once: to be written for Bango, or to ask about.

use super::difference::Totals;
use super::entitlement::{Field, OwnedRecord};
use super::record_set::{Pages, RecordSet};
use super::records::Records;
use super::scope::{Compared, Scope};
use crate::ending::Ending;

/// Our records, each entitlement once, in the order of the file.
pub struct Listing<'a> {
    pub(super) side: RecordSet<'a>,
    /// What is listed, in the order of the file.
    order: Pages<u32>,
    pub summary: Totals,
}

impl<'a> Listing<'a> {
    /// Reads the files, and leaves out what is outside of the period.
    pub fn new(files: Vec<Records<'a>>, scope: &Scope) -> Result<Self, Ending> {
        let compared = Compared::of(&files, &[], scope, true);
        let side = RecordSet::read(files, &compared)?;
        let mut order = Pages::new();
        let in_period = (0_u32..).zip(&side.entries);
        let in_period =
            in_period.filter(|(_, entry)| scope.holds(entry.status, entry.updated.into()));
        order.items.extend(in_period.map(|(index, _)| index));
        order.items.sort_unstable_by_key(|index| side.order(*index));
        Ok(Self {
            summary: Totals {
                not_judged: (side.entries.len() - order.items.len()) as u64,
                ..Totals::of(&side)
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
