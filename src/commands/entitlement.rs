//! An entitlement as it is shown: every field in JSON, the telling ones to people.

use serde_json::{Value, json};

use crate::api::Answer;
use crate::api::types::{Status, field};
use crate::context::Context;
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
pub struct Entitlement {
    /// What Bango sent.
    pub answer: Answer,
    /// What a change came to, in words.
    pub result: Option<(String, Tone)>,
    /// The URL that the user must go to, if there is one and it is safe.
    pub registration_url: Option<String>,
}

impl Entitlement {
    /// An entitlement as it was read.
    pub fn new(answer: &Answer) -> Self {
        Self {
            answer: answer.clone(),
            result: None,
            registration_url: None,
        }
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

impl Show for Entitlement {
    fn document(&self) -> Value {
        json!(self.answer)
    }

    fn blocks(&self) -> Vec<Block> {
        let mut rows = Vec::new();
        if let Some((result, tone)) = &self.result {
            rows.push(("Result", Cell::toned(result, *tone)));
        }
        for (label, name) in SHOWN {
            // The end of what is still usable is in the future.
            let ends =
                name == field::DATE_ENDED && self.answer.status() == Some(Status::ActiveEnding);
            let label = if ends { "Ends" } else { label };
            rows.extend(self.cell(name).map(|cell| (label, cell)));
        }
        rows.push((
            "Request identifier",
            Cell::toned(&self.answer.request_identifier, Tone::Dim),
        ));
        let mut blocks = vec![Block::Record(rows)];
        if let Some(url) = &self.registration_url {
            blocks.push(Block::Caption("The user registers here:"));
            blocks.push(Block::Alone(url.clone()));
        }
        blocks
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

/// Says so if the HTTP status and the response code do not agree.
pub fn warn_of_contradiction(cx: &Context, answer: &Answer) {
    if answer.is_contradictory() {
        cx.terminal.warn(&format!(
            "the answer contradicts itself: HTTP {} with {}; the response code decides",
            answer.http_status,
            answer.code.as_str()
        ));
    }
}
