//! Compares our records, one by one, with what Bango answered about each. Sends nothing itself.

use super::difference::{Difference, Verdict};
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
        let lacking = Field::ESSENTIAL.into_iter().find(|field| {
            let must_be_there = *field == Field::EntitlementId || !ours.text(*field).is_empty();
            must_be_there && bango.text(*field).is_empty()
        });
        match lacking {
            Some(field) => Self::Unknown(format!("the answer has no {}", field.name())),
            None => self,
        }
    }

    /// What it and one of ours come to.
    fn difference(self, ours: OwnedRecord, compared: &[Field]) -> Difference {
        let is_by_id = !ours.text(Field::EntitlementId).is_empty();
        let without = |ours| Difference::of(Some(ours), None, compared);
        match self {
            Self::Has(bango) => Difference::of(Some(ours), Some(bango), compared),
            Self::HasNot => Difference {
                why: if is_by_id { BY_ID_ALONE } else { "" }.to_owned(),
                ..without(ours)
            },
            Self::Unknown(why) => Difference {
                verdict: Verdict::Unknown,
                why,
                ..without(ours)
            },
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
impl Listing<'_> {
    /// The next differences, in the order of our file; `None` once all are told. The summary is whole then.
    pub fn next_differences(
        &mut self,
        mut answer: impl FnMut(&OwnedRecord) -> Result<LiveAnswer, Ending>,
    ) -> Result<Option<Vec<Difference>>, Ending> {
        let Some(rows) = self.next_rows()? else {
            return Ok(None);
        };
        let (compared, mut found) = (&self.side.compared.fields, 0);
        let differences = rows.into_iter().map(|(_, ours)| {
            let answer = answer(&ours)?.judged(&ours);
            found += u64::from(matches!(answer, LiveAnswer::Has(_)));
            Ok(answer.difference(ours, compared))
        });
        let differences = self.summary.add_all(differences)?;
        self.summary.bango += found;
        Ok(Some(differences))
    }
}
