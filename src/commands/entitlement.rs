//! An entitlement as it is shown: every field in JSON, the telling ones to people.

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::api::Answer;
use crate::api::types::{Status, field};
use crate::terminal::{Block, Cell, Show, Tone};

/// The fields that people see, in this order, if they are there.
const SHOWN: [(&str, &str); 16] = [
    ("Entitlement", field::ENTITLEMENT_ID),
    ("Status", field::STATUS),
    ("Customer", field::CUSTOMER_IDENTIFIER),
    ("Merchant", field::MERCHANT_ACCOUNT_KEY),
    ("Product", field::PRODUCT_KEY),
    ("Offer", field::OFFER_KEY),
    ("Name", field::DISPLAY_NAME),
    ("Activation code", field::ACTIVATION_CODE),
    ("Created", field::DATE_CREATED),
    ("Activated", field::DATE_ACTIVATED),
    ("Suspended", field::DATE_SUSPENDED),
    ("Resumed", field::DATE_RESUMED),
    ("Ended", field::DATE_ENDED),
    ("Expires", field::DATE_EXPIRY),
    ("Last updated", field::DATE_LAST_UPDATED),
    ("Extension data", field::EXTENSION_DATA),
];

/// An answer that is an entitlement.
pub struct Entitlement<'a> {
    /// What Bango sent.
    pub answer: &'a Answer,
    /// The URL that the user must go to, if there is one and it is safe.
    pub registration_url: Option<&'a str>,
}

impl Serialize for Entitlement<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = self.answer.body.clone();
        let identifier = self.answer.request_identifier.clone();
        document.insert(field::REQUEST_IDENTIFIER.to_owned(), identifier.into());
        document.serialize(serializer)
    }
}

impl Show for Entitlement<'_> {
    fn document(&self) -> serde_json::Value {
        crate::terminal::document(self)
    }

    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Record(self.rows())];
        if let Some(url) = self.registration_url {
            blocks.push(Block::Caption("The user registers here:"));
            blocks.push(Block::Alone(url.to_owned()));
        }
        blocks
    }
}

impl Entitlement<'_> {
    /// The telling fields that are there, each with its label.
    pub fn rows(&self) -> Vec<(&'static str, Cell)> {
        let cell = |(label, name): &(&'static str, &str)| Some((*label, self.cell(name)?));
        let mut rows: Vec<_> = SHOWN.iter().filter_map(cell).collect();
        rows.push((
            "Request identifier",
            Cell::toned(&self.answer.request_identifier, Tone::Dim),
        ));
        rows
    }

    fn cell(&self, name: &str) -> Option<Cell> {
        let text = match self.answer.body.get(name)? {
            Value::Null => return None,
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let tone = if name == field::STATUS {
            tone(self.answer.status())
        } else {
            Tone::Plain
        };
        Some(Cell::toned(text, tone))
    }
}

/// How a status is coloured.
pub fn tone(status: Option<Status>) -> Tone {
    match status {
        Some(Status::Active) => Tone::Good,
        Some(Status::Pending | Status::ActiveEnding | Status::Suspended) => Tone::Warn,
        _ => Tone::Bad,
    }
}
