//! What would make the two sides agree: rows for `batch` that change Bango, or rows that say what to change on our side. Pure; sends nothing.

use super::difference::Difference;
use super::entitlement::{Field, OwnedRecord};
use super::values::{self, is_ended};
use crate::api::types::Status;

/// The columns of an input for `batch`; the note says why a row is there.
pub const BATCH_COLUMNS: [&str; 11] = [
    "action",
    "entitlement_id",
    "user",
    "merchant",
    "product",
    "offer",
    "display_name",
    "expires",
    "reason",
    "description",
    "note",
];

/// A row of an input for `batch`, in its columns.
pub type BatchRow = [String; BATCH_COLUMNS.len()];

/// A row of these cells.
fn row<const N: usize>(cells: [(&str, &str); N]) -> BatchRow {
    debug_assert!(cells.iter().all(|(name, _)| BATCH_COLUMNS.contains(name)));
    BATCH_COLUMNS.map(|column| {
        let cell = cells.iter().find(|(name, _)| *name == column);
        cell.map_or_else(String::new, |(_, text)| (*text).to_owned())
    })
}

/// What is done to the entitlement that Bango has, and why.
fn act(action: &str, bango: &OwnedRecord, reason: &str, description: &str) -> BatchRow {
    row([
        ("action", action),
        ("entitlement_id", bango.text(Field::EntitlementId)),
        ("reason", reason),
        ("description", description),
    ])
}

/// What of ours is to be the user, the product and the expiry; nothing if none of them can be changed.
fn update(difference: &Difference, ours: &OwnedRecord, bango: &OwnedRecord) -> Option<BatchRow> {
    let wanted = |field: Field| {
        let differs = difference.fields.contains(&field);
        if differs { ours.text(field) } else { "" }
    };
    let (user, product) = (wanted(Field::Customer), wanted(Field::Product));
    let expires = iso(wanted(Field::Expiry));
    let is_any = !(user.is_empty() && product.is_empty() && expires.is_empty());
    is_any.then(|| {
        row([
            ("action", "update"),
            ("entitlement_id", bango.text(Field::EntitlementId)),
            ("user", user),
            ("product", product),
            ("expires", &expires),
        ])
    })
}

fn create(ours: &OwnedRecord) -> Result<BatchRow, &'static str> {
    if !matches!(known(ours)?, Status::Active | Status::Pending) {
        return Err("it is not active in our records, and cannot be created so");
    }
    let (user, product) = (ours.text(Field::Customer), ours.text(Field::Product));
    if user.is_empty() || product.is_empty() {
        return Err("a create needs the user and the product");
    }
    Ok(row([
        ("action", "create"),
        ("user", user),
        ("merchant", ours.text(Field::Merchant)),
        ("product", product),
        ("offer", ours.text(Field::Offer)),
        ("display_name", ours.text(Field::DisplayName)),
        ("expires", &iso(ours.text(Field::Expiry))),
    ]))
}

/// The fields in what would change our records: those that a correlation file has.
const OWN_FIELDS: &[Field] = Field::ALL.split_at(Field::LastUpdated as usize).0;

/// The reasons that rows give for ending an entitlement.
const CANCEL: &str = "CUSTOMER_CANCELLED/OTHER";
const REVOKE: &str = "REVOKED/OTHER";

/// What would bring Bango to our state; or why no request can.
pub fn for_bango(difference: &Difference) -> Result<Vec<BatchRow>, &'static str> {
    let mut rows = rows(difference)?;
    let why = why(difference);
    for note in rows.iter_mut().filter_map(|row| row.last_mut()) {
        note.clone_from(&why);
    }
    Ok(rows)
}

fn rows(difference: &Difference) -> Result<Vec<BatchRow>, &'static str> {
    match (&difference.ours, &difference.bango) {
        _ if !difference.why.is_empty() => Err("it is not known what Bango has"),
        (Some(ours), None) => create(ours).map(|row| vec![row]),
        (None, Some(bango)) => {
            if is_ended(known(bango)?) {
                return Err("it is over at Bango");
            }
            Ok(vec![act("cancel", bango, CANCEL, "not in our records")])
        }
        (Some(ours), Some(bango)) => both(difference, ours, bango),
        (None, None) => Err("nothing is known of it"),
    }
}

fn both(
    difference: &Difference,
    ours: &OwnedRecord,
    bango: &OwnedRecord,
) -> Result<Vec<BatchRow>, &'static str> {
    use Status::{Active, ActiveEnding, Cancelled, Pending, Revoked, Suspended};
    if difference.fields.is_empty() {
        return Err("the answer does not say what Bango has; compare with a report");
    }
    let status = known(bango)?;
    let mut rows = Vec::from_iter(update(difference, ours, bango));
    if difference.fields.contains(&Field::Status) {
        let end = |action, reason| {
            let status = values::status_key(ours.text(Field::Status));
            let row = act(action, bango, reason, &format!("{status} in our records"));
            Ok(vec![row])
        };
        match (known(ours)?, status) {
            (Active, Cancelled | Revoked) => return create(ours).map(|row| vec![row]),
            (Active, Suspended) => rows.push(act("resume", bango, "", "")),
            (Active, Pending) => return Err("the user must finish the registration"),
            (Active, ActiveEnding) => {
                return Err("Bango does not document how the end of an entitlement is undone");
            }
            (Suspended, Active | ActiveEnding) => rows.push(act("suspend", bango, "", "")),
            (Cancelled, ActiveEnding) => {
                return Err("it ends by itself when its period is over");
            }
            (ActiveEnding | Cancelled, Active | Suspended | Pending) => {
                return end("cancel", CANCEL);
            }
            (Revoked, Active | ActiveEnding | Suspended | Pending) => {
                return end("revoke", REVOKE);
            }
            (Cancelled | Revoked, _) => return Err("it is over on both sides"),
            (Pending, _) => return Err("no request makes an entitlement pending"),
            (_, _) => return Err("no request leads from Bango's status to ours"),
        }
    } else if is_ended(status) {
        return Err("it is over at Bango and cannot be changed any more");
    }
    if !rows.is_empty() {
        return Ok(rows);
    }
    Err(if difference.fields.contains(&Field::Expiry) {
        "an expiry cannot be taken away by a request"
    } else {
        "dates other than the expiry cannot be changed by a request"
    })
}

/// The status of a row on which access may be given or taken; or why it is none.
fn known(row: &OwnedRecord) -> Result<Status, &'static str> {
    match values::status(row.text(Field::Status)) {
        Some(Status::Failed) => Err("FAILED means that Bango itself does not know; ask Bango"),
        Some(status) => Ok(status),
        None => Err("a status is not known"),
    }
}

/// A date as `batch` reads it; one that cannot be is left for `batch` to name.
fn iso(text: &str) -> String {
    match values::date(text) {
        Ok(Some(seconds)) => values::iso(seconds),
        Ok(None) => String::new(),
        Err(_) => text.to_owned(),
    }
}

/// The columns of what would change our records.
pub fn our_columns() -> Vec<&'static str> {
    let fields = OWN_FIELDS.iter().map(|field| field.name());
    ["action"]
        .into_iter()
        .chain(fields)
        .chain(["why"])
        .collect()
}

/// What would bring our records to Bango's state: what to do, and the entitlement as Bango has it. On a status that Bango
/// itself does not know, or that is not known here, nothing is done but to ask.
pub fn for_us(difference: &Difference) -> Vec<String> {
    let (action, row) = match (&difference.ours, &difference.bango) {
        (Some(ours), _) if !difference.why.is_empty() => ("ask", ours),
        (_, Some(bango)) if known(bango).is_err() => ("ask", bango),
        (None, Some(bango)) => ("add", bango),
        (Some(ours), None) => ("remove", ours),
        (_, Some(bango)) => ("change", bango),
        (None, None) => return Vec::new(),
    };
    let external = difference.text(Field::ExternalId);
    let cell = |field: Field| match field {
        Field::ExternalId => external.to_owned(),
        field if field.is_date() => iso(row.text(field)),
        Field::Status => values::status_key(row.text(field)),
        field => row.text(field).to_owned(),
    };
    let cells = OWN_FIELDS.iter().map(|field| cell(*field));
    let action = [action.to_owned()].into_iter();
    action.chain(cells).chain([why(difference)]).collect()
}

/// Why a difference is one, in words.
pub fn why(difference: &Difference) -> String {
    let text = |row: &Option<OwnedRecord>, field| {
        row.as_ref().map_or(String::new(), |row: &OwnedRecord| {
            row.text(field).to_owned()
        })
    };
    let what = difference.fields.iter().map(|field| {
        let (ours, bango) = (
            text(&difference.ours, *field),
            text(&difference.bango, *field),
        );
        format!("{} is {ours:?} here and {bango:?} at Bango", field.name())
    });
    let unknown = difference.bango.as_ref().and_then(|row| known(row).err());
    let words = (difference.fields.is_empty()).then(|| difference.verdict.as_str());
    let asked = Some(difference.why.as_str()).filter(|why| !why.is_empty());
    let reasons = unknown.into_iter().chain(words).chain(asked);
    let reasons = reasons.map(str::to_owned);
    reasons.chain(what).collect::<Vec<_>>().join("; ")
}
