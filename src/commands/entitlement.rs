//! Entitlements as they are shown: every field in JSON, the telling ones to people.

use std::cmp::Reverse;

use jiff::Timestamp;
use serde_json::Value;

use crate::api::Answer;
use crate::api::types::{Status, field};
use crate::api::value::moment;
use crate::context::Context;
use crate::terminal::{Block, Cell, Label, Shown, Tone};

/// The fields that people see, in this order, if they are there.
const SHOWN: [(&str, &str); 22] = [
    ("Entitlement", field::ENTITLEMENT_ID),
    ("Status", field::STATUS),
    ("Your id", field::EXTERNAL_ENTITLEMENT_ID),
    ("Merchant's id", field::MERCHANT_ENTITLEMENT_ID),
    ("Customer", field::CUSTOMER_IDENTIFIER),
    ("Shared customer", field::SHARED_CUSTOMER_ID),
    ("Bango's user", field::PLATFORM_USER_ID),
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
    ("Notification URL", field::NOTIFICATION_URL),
    ("Benefits", field::ENTITLEMENT_BENEFITS),
    ("Extension data", field::EXTENSION_DATA),
];

/// What is said in another way than by a line of its own.
const TOLD: [&str; 3] = [
    field::RESPONSE_CODE,
    field::RESPONSE_MESSAGE,
    field::PARAMETERS,
];

/// An answer that is an entitlement; after a change with what that came to.
pub fn shown(answer: &Answer, result: Option<Cell>) -> Shown {
    let status = answer.status();
    let result = result.map(|result| (Label::from("Result"), result));
    let mut rows = Vec::from_iter(result);
    let now = Timestamp::now();
    for (label, name) in SHOWN {
        let text = match answer.body.get(name) {
            None | Some(Value::Null) => continue,
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let (label, cell) = match name {
            field::STATUS => (label, Cell::toned(text, tone(status))),
            // The end of what is still usable is in the future.
            field::DATE_ENDED if status == Some(Status::ActiveEnding) => {
                ("Ends", Cell::time(text, now))
            }
            _ if name.starts_with("date") => (label, Cell::time(text, now)),
            _ => (label, Cell::plain(text)),
        };
        rows.push((label.into(), cell));
    }
    let known: Vec<_> = SHOWN.iter().map(|(_, name)| *name).chain(TOLD).collect();
    let others = answer.others(&known).into_iter();
    rows.extend(others.map(|(name, text)| (name.into(), Cell::time(text, now))));
    let expiry = answer.action_url().and(answer.url_expiry());
    if let Some(expiry) = expiry {
        rows.push(("URL works until".into(), Cell::time(expiry, now)));
    }
    let identifier = Cell::toned(&answer.request_identifier, Tone::Dim);
    rows.push(("Request identifier".into(), identifier));
    Shown::new(answer, [Block::record(rows)])
}

pub fn newest_first(found: &[Value]) -> Vec<&Value> {
    let mut records: Vec<_> = found.iter().collect();
    records.sort_by_key(|record| {
        let created = record[field::DATE_CREATED].as_str().unwrap_or_default();
        Reverse(moment(created))
    });
    records
}

/// A line for each entitlement, if there are any; with its user if they are not one user's. Of the columns those that are picked.
pub fn table(records: &[&Value], of_several: bool, picked: &[String]) -> Option<Block> {
    let now = Timestamp::now();
    let columns = [
        ("Entitlement", field::ENTITLEMENT_ID),
        ("Status", field::STATUS),
        ("Customer", field::CUSTOMER_IDENTIFIER),
        ("Merchant", field::MERCHANT_ACCOUNT_KEY),
        ("Product", field::PRODUCT_KEY),
        ("Created", field::DATE_CREATED),
        ("Ends", field::DATE_ENDED),
    ];
    let columns = columns.iter();
    let columns = columns.filter(|(_, name)| {
        of_several || !picked.is_empty() || *name != field::CUSTOMER_IDENTIFIER
    });
    let row = |record: &&Value| {
        let text = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
        let cell = |(_, name): &(_, &str)| match *name {
            field::STATUS => {
                let status = text(field::STATUS);
                let tone = tone(Status::parse(&status));
                Cell::toned(status, tone)
            }
            field::DATE_CREATED => Cell::time(text(field::DATE_CREATED), now),
            field::DATE_ENDED => {
                let end = [field::DATE_ENDED, field::DATE_EXPIRY].map(text);
                let end = end.into_iter().find(|date| !date.is_empty());
                Cell::time(end.unwrap_or_default(), now)
            }
            name => Cell::plain(text(name)),
        };
        columns.clone().map(cell).collect()
    };
    let table = Block::Table {
        heading: columns.clone().map(|(heading, _)| *heading).collect(),
        rows: records.iter().map(row).collect(),
        spare: &["Merchant", "Ends"],
    };
    table.picked(picked).if_any()
}

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
