//! Asks the platform what became of a row whose answer was lost: reads, compares, and never sends a change.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::outcome::{OUTCOME_UNKNOWN, RowOutcome, RowResult};
use super::row::{InputRow, RowAction};
use crate::api::types::{EntitlementQuery, ResponseCode, Status, field};
use crate::api::{self, Client, ErrorKind};

/// The platform's clock may differ from ours by so much.
pub const CLOCK_DIFFERENCE: SignedDuration = SignedDuration::from_mins(5);

/// What the look-up came to.
#[derive(Debug)]
pub enum Found {
    /// The request was not acted on: it may be sent.
    Nothing,
    /// What became of it.
    Result(Box<RowResult>),
}

/// Looks a row up; fails if the platform does not say.
pub fn find(
    client: &Client,
    row: &InputRow,
    since: Timestamp,
    has_duplicates: bool,
) -> Result<Found, api::Error> {
    match row.action {
        RowAction::Create => created(client, row, since, has_duplicates),
        _ => changed(client, row, since),
    }
}

type Record = Map<String, Value>;

fn text<'a>(record: &'a Record, name: &str) -> Option<&'a str> {
    record.get(name).and_then(Value::as_str)
}

fn status(record: &Record) -> Option<Status> {
    text(record, field::STATUS).and_then(Status::parse)
}

/// Whether something happened since our intent, as far as the two clocks can tell. What has no date may have.
fn is_since(record: &Record, name: &str, since: Timestamp) -> bool {
    let date = text(record, name).and_then(|date| date.parse::<Timestamp>().ok());
    date.is_none_or(|date| {
        date.saturating_add(CLOCK_DIFFERENCE)
            .is_ok_and(|date| date >= since)
    })
}

/// A create was acted on if the user has, or had, such an entitlement that is not older than the intent.
/// An older one is not ours: the row is sent, and Bango decides as it would have the first time.
fn created(
    client: &Client,
    row: &InputRow,
    since: Timestamp,
    has_duplicates: bool,
) -> Result<Found, api::Error> {
    let wanted = |name: &str| text(&row.body, name).map(str::to_owned);
    let query = EntitlementQuery {
        customer_identifier: wanted(field::CUSTOMER_IDENTIFIER).unwrap_or_default(),
        product_key: wanted(field::PRODUCT_KEY),
        status: None,
    };
    let answer = client.brief().send(client.report(&query));
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) if is_not_found(&error) => return Ok(Found::Nothing),
        Err(error) => return Err(error),
    };
    let records = answer
        .body
        .get(field::ENTITLEMENTS)
        .and_then(Value::as_array);
    let Some(records) = records else {
        return Ok(unclear("the report has no list of entitlements", None));
    };
    let own = [
        field::CUSTOMER_IDENTIFIER,
        field::MERCHANT_ACCOUNT_KEY,
        field::PRODUCT_KEY,
    ];
    let is_ours = |record: &&Record| {
        own.iter()
            .all(|name| text(record, name) == text(&row.body, name))
            && is_since(record, field::DATE_CREATED, since)
    };
    let ours: Vec<_> = records
        .iter()
        .filter_map(Value::as_object)
        .filter(is_ours)
        .collect();
    Ok(match ours.as_slice() {
        [] => Found::Nothing,
        [record] if !has_duplicates => found(record),
        _ => unclear(
            "the user has more than one such entitlement, or may have; decide by hand",
            None,
        ),
    })
}

/// A change was acted on if the entitlement is as the change wants it; it was not if nothing has touched it since the intent.
fn changed(client: &Client, row: &InputRow, since: Timestamp) -> Result<Found, api::Error> {
    let answer = match client.send(client.get(&row.entitlement_id)) {
        Ok(answer) => answer,
        Err(error) if is_not_found(&error) => return Ok(Found::Nothing),
        Err(error) => return Err(error),
    };
    let record = &answer.body;
    let now = status(record);
    let is_as_wanted = match row.action {
        RowAction::Suspend => now == Some(Status::Suspended),
        RowAction::Resume => now == Some(Status::Active),
        RowAction::Cancel => matches!(now, Some(Status::ActiveEnding | Status::Cancelled)),
        RowAction::Revoke => now == Some(Status::Revoked),
        RowAction::Create | RowAction::Update => row
            .body
            .iter()
            .all(|(name, value)| record.get(name) == Some(value)),
    };
    Ok(if is_as_wanted {
        found(record)
    } else if is_since(record, field::DATE_LAST_UPDATED, since) {
        unclear(
            "the entitlement was changed since, by this row or by somebody else; decide by hand",
            Some(record),
        )
    } else {
        Found::Nothing
    })
}

fn is_not_found(error: &api::Error) -> bool {
    matches!(&*error.kind, ErrorKind::Refused(answer) if answer.code == ResponseCode::NotFound)
}

fn found(record: &Record) -> Found {
    if status(record) == Some(Status::Failed) {
        let why = "the merchant did not answer Bango; read the entitlement later";
        return unclear(why, Some(record));
    }
    let why = "the answer was lost; the entitlement was found by looking it up";
    concluded(
        RowOutcome::Done,
        ResponseCode::Ok.as_str(),
        why,
        Some(record),
    )
}

fn unclear(why: &str, record: Option<&Record>) -> Found {
    concluded(RowOutcome::Unclear, OUTCOME_UNKNOWN, why, record)
}

fn concluded(outcome: RowOutcome, code: &str, why: &str, record: Option<&Record>) -> Found {
    let own = |name: &str| {
        record
            .and_then(|record| text(record, name))
            .map(str::to_owned)
    };
    Found::Result(Box::new(RowResult {
        outcome,
        code: code.to_owned(),
        entitlement_id: own(field::ENTITLEMENT_ID),
        status: own(field::STATUS),
        looked_up: true,
        ..RowResult::unanswered(why.to_owned())
    }))
}
