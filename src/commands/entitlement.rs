//! An entitlement as it is shown: every field in JSON, the telling ones to people.

use serde_json::{Value, json};

use crate::api::Answer;
use crate::api::types::{Status, field};
use crate::context::Context;
use crate::terminal::{Block, Cell, Shown, Tone};

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

/// An answer that is an entitlement; after a change with what that came to.
pub fn shown(answer: &Answer, result: Option<Cell>) -> Shown {
    let status = answer.status();
    let mut rows: Vec<_> = result
        .map(|result| ("Result", result))
        .into_iter()
        .collect();
    for (label, name) in SHOWN {
        let text = match answer.body.get(name) {
            None | Some(Value::Null) => continue,
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        rows.push(match name {
            field::STATUS => (label, Cell::toned(text, tone(status))),
            // The end of what is still usable is in the future.
            field::DATE_ENDED if status == Some(Status::ActiveEnding) => {
                ("Ends", Cell::plain(text))
            }
            _ => (label, Cell::plain(text)),
        });
    }
    let identifier = Cell::toned(&answer.request_identifier, Tone::Dim);
    rows.push(("Request identifier", identifier));
    Shown {
        document: json!(answer),
        blocks: vec![Block::Record(rows)],
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
