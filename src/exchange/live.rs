//! Compares our records, one by one, with what Bango answered about each. Sends nothing itself.

use super::compare::{Difference, Summary, Verdict};
use super::entitlement::{Field, OwnedRecord};
use super::listing::Listing;
use crate::ending::Ending;

/// Why it is not known whether the user has what Bango does not find by our id: a create might give it twice.
const BY_ID_ALONE: &str =
    "Bango has no entitlement of this id; whether the user has one under another id was not asked";

/// What Bango answered about one of our records.
pub enum LiveAnswer {
    /// What it has.
    Has(OwnedRecord),
    /// It has no such entitlement.
    HasNot,
    /// Nothing can be concluded, and why.
    Unknown(String),
}

impl LiveAnswer {
    /// Takes an answer for what it says. One that leaves out what an entitlement cannot be without proves nothing.
    fn judged(self, ours: &OwnedRecord) -> Self {
        let Self::Has(bango) = &self else {
            return self;
        };
        let needed = [
            Field::EntitlementId,
            Field::Customer,
            Field::Product,
            Field::Status,
        ];
        let lacking = needed.into_iter().find(|field| {
            let must_be_there = *field == Field::EntitlementId || !ours.text(*field).is_empty();
            must_be_there && bango.text(*field).is_empty()
        });
        match lacking {
            Some(field) => Self::Unknown(format!("the answer has no {}", field.name())),
            None => self,
        }
    }
}

/// How Bango is asked about one of ours: by its id, else by whose it is. `None` if neither is known.
pub fn question(ours: &OwnedRecord) -> Option<Vec<(Field, &str)>> {
    let given = |field: &Field| !ours.text(*field).is_empty();
    let fields = if given(&Field::EntitlementId) {
        &[Field::EntitlementId][..]
    } else if given(&Field::Customer) {
        &[Field::Customer, Field::Product, Field::Merchant]
    } else {
        return None;
    };
    let fields = fields.iter().filter(|field| given(field));
    Some(fields.map(|field| (*field, ours.text(*field))).collect())
}

/// Our records beside Bango's answers.
pub struct LiveComparison<'a> {
    listing: Listing<'a>,
    pub summary: Summary,
}

impl<'a> LiveComparison<'a> {
    /// Begins at the first of our records.
    pub fn new(mut listing: Listing<'a>) -> Self {
        listing.restart();
        let names = |fields: &[Field]| fields.iter().map(|field| field.name()).collect();
        Self {
            summary: Summary {
                ours: listing.len(),
                not_judged: listing.outside(),
                replaced_ours: listing.replaced(),
                not_done: listing.not_done(),
                compared: names(&listing.compared.fields),
                not_compared: names(&listing.compared.missing),
                ..Summary::default()
            },
            listing,
        }
    }

    /// The next differences, in the order of our file; `None` once all are told. The summary is whole then.
    pub fn next_differences(
        &mut self,
        mut answer: impl FnMut(&OwnedRecord) -> Result<LiveAnswer, Ending>,
    ) -> Result<Option<Vec<Difference>>, Ending> {
        let Some(rows) = self.listing.next_rows()? else {
            return Ok(None);
        };
        let mut differences = Vec::new();
        for (_, ours) in rows {
            let answer = answer(&ours)?.judged(&ours);
            let difference = self.difference(ours, answer);
            let product = difference.text(Field::Product).to_owned();
            self.summary.bango += u64::from(difference.bango.is_some());
            self.summary.add(&product, difference.verdict, 1);
            if difference.verdict != Verdict::Matches {
                differences.push(difference);
            }
        }
        Ok(Some(differences))
    }

    fn difference(&self, ours: OwnedRecord, answer: LiveAnswer) -> Difference {
        let (mut fields, mut why) = (Vec::new(), String::new());
        let (verdict, bango) = match answer {
            LiveAnswer::Has(bango) => {
                fields = self.listing.compared.differing(&ours, &bango);
                (Verdict::of(&fields), Some(bango))
            }
            LiveAnswer::HasNot => {
                if !ours.text(Field::EntitlementId).is_empty() {
                    BY_ID_ALONE.clone_into(&mut why);
                }
                (Verdict::Missing, None)
            }
            LiveAnswer::Unknown(reason) => {
                why = reason;
                (Verdict::Unknown, None)
            }
        };
        Difference {
            verdict,
            ours: Some(ours),
            bango,
            fields,
            why,
        }
    }
}
