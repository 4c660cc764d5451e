//! What a comparison says: the verdict on one entitlement, in what the two sides differ, and how many there are of each.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::entitlement::{Field, OwnedRecord};
use super::record_set::RecordSet;
use super::tally::under;
use super::values;
use crate::ending::Ending;

/// What a comparison says about one entitlement, in Bango's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Matches,
    Missing,
    Extra,
    Customer,
    Product,
    Status,
    Multiple,
    /// Bango compares no dates, so these words are our own.
    Dates,
    /// Bango was asked and gave no usable answer: nothing is concluded, in our own words too.
    Unknown,
}

/// The words of each.
const WORDS: [(Verdict, &str); 9] = [
    (Verdict::Matches, "OK: Entitlement data matches"),
    (
        Verdict::Missing,
        "Error: Missing Entitlement detected in Bango system",
    ),
    (
        Verdict::Extra,
        "Error: Extra Entitlement detected in Bango system",
    ),
    (Verdict::Customer, "Error: CustomerIdentifier is different"),
    (Verdict::Product, "Error: ProductKey is different"),
    (Verdict::Status, "Error: Status is different"),
    (Verdict::Multiple, "Error: Multiple differences"),
    (Verdict::Dates, "Error: Dates are different"),
    (Verdict::Unknown, "Unknown: Bango gave no usable answer"),
];

impl Verdict {
    /// The words.
    pub const fn as_str(self) -> &'static str {
        WORDS[self as usize].1
    }

    /// Reads the words, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = WORDS.into_iter();
        let found = words.find(|(_, words)| words.eq_ignore_ascii_case(text));
        found.map(|(verdict, _)| verdict)
    }

    /// What a difference in these fields is called.
    pub(super) fn of(fields: &[Field]) -> Self {
        match fields {
            [] => Self::Matches,
            [Field::Customer] => Self::Customer,
            [Field::Product] => Self::Product,
            [Field::Status] => Self::Status,
            fields if fields.iter().all(|field| field.is_date()) => Self::Dates,
            _ => Self::Multiple,
        }
    }
}

/// One entitlement about which the two sides disagree.
#[derive(Debug, Clone)]
pub struct Difference {
    pub verdict: Verdict,
    pub ours: Option<OwnedRecord>,
    pub bango: Option<OwnedRecord>,
    /// In what they differ, if both have it.
    pub fields: Vec<Field>,
    /// Why it is not known, or not wholly, what Bango has: then no change follows from it.
    pub why: String,
}

impl Difference {
    /// What one of our records and Bango's come to.
    pub(super) fn of(
        ours: Option<OwnedRecord>,
        bango: Option<OwnedRecord>,
        compared: &[Field],
    ) -> Self {
        let (verdict, fields) = match (&ours, &bango) {
            (Some(ours), Some(bango)) => {
                let differs = |field: &Field| is_different(*field, ours, bango);
                let fields: Vec<_> = compared.iter().copied().filter(differs).collect();
                (Verdict::of(&fields), fields)
            }
            (Some(_), None) => (Verdict::Missing, Vec::new()),
            (None, _) => (Verdict::Extra, Vec::new()),
        };
        Self {
            verdict,
            ours,
            bango,
            fields,
            why: String::new(),
        }
    }

    /// A field, as we have it or, if we have none, as Bango has it.
    pub fn text(&self, field: Field) -> &str {
        let rows = [&self.ours, &self.bango].into_iter().flatten();
        let mut texts = rows.map(|row| row.text(field));
        texts.find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// The id: Bango's goes before ours.
    pub fn entitlement_id(&self) -> &str {
        let bango = self.bango.as_ref();
        let id = bango.map(|row| row.text(Field::EntitlementId));
        let id = id.filter(|id| !id.is_empty());
        id.unwrap_or_else(|| self.text(Field::EntitlementId))
    }
}

/// Whether two rows differ in a field. What one of them leaves open is no difference, but for a date: none is none.
fn is_different(field: Field, ours: &OwnedRecord, bango: &OwnedRecord) -> bool {
    let (ours, bango) = (ours.text(field), bango.text(field));
    match field {
        field if field.is_date() => values::date(ours) != values::date(bango),
        _ if ours.is_empty() || bango.is_empty() => false,
        Field::Status => values::status_key(ours) != values::status_key(bango),
        _ => ours != bango,
    }
}

/// How many of each.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Entitlements of ours, and of Bango's.
    pub ours: u64,
    pub bango: u64,
    /// By result.
    pub results: BTreeMap<&'static str, u64>,
    /// By product, then by result.
    pub products: BTreeMap<String, BTreeMap<&'static str, u64>>,
    /// Ours that Bango's files need not have: nothing is said about them.
    pub not_judged: u64,
    /// Bango's that are outside of what is compared.
    pub not_expected: u64,
    /// Rows that a later one of the same entitlement has replaced.
    pub replaced_ours: u64,
    pub replaced_bango: u64,
    /// Rows of a batch that were not done.
    pub not_done: u64,
    /// Since when Bango was asked, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_since: Option<Timestamp>,
    /// Whether the same command would ask again about some of them.
    #[serde(skip)]
    pub is_asked_again: bool,
    /// The fields that were compared.
    pub compared: Vec<&'static str>,
    /// The fields that were to be compared, and that not every file has.
    #[serde(skip)]
    pub not_compared: Vec<&'static str>,
}

impl Totals {
    /// Begins with what was read of our records, and what of them is compared.
    pub(super) fn of(ours: &RecordSet) -> Self {
        let names = |fields: &[Field]| fields.iter().map(|field| field.name()).collect();
        Self {
            ours: ours.entries.len() as u64,
            replaced_ours: ours.replaced,
            not_done: ours.not_done,
            compared: names(&ours.compared.fields),
            not_compared: names(&ours.compared.missing),
            ..Self::default()
        }
    }

    /// How many entitlements the two sides disagree about.
    pub fn differing(&self) -> u64 {
        let all: u64 = self.results.values().sum();
        all - self.count(Verdict::Matches) - self.count(Verdict::Unknown)
    }

    /// How many there are of a result.
    pub fn count(&self, verdict: Verdict) -> u64 {
        self.results.get(verdict.as_str()).copied().unwrap_or(0)
    }

    /// Counts what was compared, and leaves the differences. What one side does not say is none.
    pub(super) fn add_all(
        &mut self,
        compared: impl Iterator<Item = Result<Difference, Ending>>,
    ) -> Result<Vec<Difference>, Ending> {
        let mut differences = Vec::new();
        for difference in compared {
            let difference = difference?;
            self.add(difference.text(Field::Product), difference.verdict, 1);
            if difference.verdict != Verdict::Matches {
                differences.push(difference);
            }
        }
        Ok(differences)
    }

    /// Counts entitlements of a product.
    pub fn add(&mut self, product: &str, verdict: Verdict, count: u64) {
        if count == 0 {
            return;
        }
        *self.results.entry(verdict.as_str()).or_default() += count;
        let results = under(&mut self.products, product);
        *results.entry(verdict.as_str()).or_default() += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_verdict_are_read_as_it() {
        for (verdict, words) in WORDS {
            assert_eq!(verdict.as_str(), words);
            assert_eq!(Verdict::parse(&words.to_uppercase()), Some(verdict));
        }
        assert_eq!(Verdict::parse("OK"), None);
    }
}
