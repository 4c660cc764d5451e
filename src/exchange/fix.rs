//! What would make the two sides agree: rows for `batch` that change Bango, or rows that say what to change on our side. Pure; sends nothing.

use super::compare::Difference;
use super::entitlement::{Field, Kept};
use super::meaning::{self, is_ended};
use crate::api::types::Status;

/// The columns of an input for `batch`.
pub const COLUMNS: [&str; 11] = [
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
/// Where a row says why it is there.
const NOTE: usize = COLUMNS.len() - 1;

/// The columns of what we would change, beside the fields.
pub const OWN_FIELDS: [Field; 14] = [
    Field::EntitlementId,
    Field::ExternalId,
    Field::Customer,
    Field::Merchant,
    Field::Product,
    Field::Offer,
    Field::DisplayName,
    Field::Status,
    Field::Created,
    Field::Activated,
    Field::Suspended,
    Field::Resumed,
    Field::Expiry,
    Field::Ended,
];

/// A row of an input for `batch`: its action, and the cells of the columns.
pub type Row = [String; COLUMNS.len()];

/// The reasons that rows give for ending an entitlement.
#[derive(Debug, Clone)]
pub struct Reasons {
    pub cancel: String,
    pub revoke: String,
}

impl Default for Reasons {
    fn default() -> Self {
        Self {
            cancel: "CUSTOMER_CANCELLED/OTHER".to_owned(),
            revoke: "REVOKED/OTHER".to_owned(),
        }
    }
}

/// What would bring Bango to our state; or why no request can.
pub fn for_bango(difference: &Difference, reasons: &Reasons) -> Result<Vec<Row>, &'static str> {
    let mut rows = rows(difference, reasons)?;
    let why = why(difference);
    for row in &mut rows {
        row[NOTE].clone_from(&why);
    }
    Ok(rows)
}

fn rows(difference: &Difference, reasons: &Reasons) -> Result<Vec<Row>, &'static str> {
    match (&difference.ours, &difference.bango) {
        (Some(ours), None) => create(ours).map(|row| vec![row]),
        (None, Some(bango)) => {
            if is_ended(known(bango)?) {
                return Err("it is over at Bango");
            }
            let why = "not in our records";
            Ok(vec![end("cancel", bango, &reasons.cancel, why)])
        }
        (Some(ours), Some(bango)) => both(difference, ours, bango, reasons),
        (None, None) => Err("nothing is known of it"),
    }
}

fn both(
    difference: &Difference,
    ours: &Kept,
    bango: &Kept,
    reasons: &Reasons,
) -> Result<Vec<Row>, &'static str> {
    if difference.fields.is_empty() {
        return Err("the answer does not say what Bango has; compare with a report");
    }
    let status = known(bango)?;
    let mut rows = Vec::new();
    if difference.fields.contains(&Field::Status) {
        match change(known(ours)?, status)? {
            Change::Create => return create(ours).map(|row| vec![row]),
            Change::Cancel => {
                return Ok(vec![end("cancel", bango, &reasons.cancel, &over(ours))]);
            }
            Change::Revoke => {
                return Ok(vec![end("revoke", bango, &reasons.revoke, &over(ours))]);
            }
            Change::Suspend => rows.push(row("suspend", bango)),
            Change::Resume => rows.push(row("resume", bango)),
        }
    } else if is_ended(status) {
        return Err("it is over at Bango and cannot be changed any more");
    }
    let differs = |field: Field| difference.fields.contains(&field);
    let mut update = row("update", bango);
    for (field, column) in [
        (Field::Customer, 2),
        (Field::Product, 4),
        (Field::Expiry, 7),
    ] {
        let value = ours.text(field);
        if differs(field) && !value.is_empty() {
            update[column] = if field.is_date() {
                iso(value)
            } else {
                value.to_owned()
            };
        }
    }
    if update[2..].iter().any(|cell| !cell.is_empty()) {
        rows.insert(0, update);
    }
    if rows.is_empty() && differs(Field::Expiry) {
        return Err("an expiry cannot be taken away by a request");
    }
    if rows.is_empty() {
        return Err("dates other than the expiry cannot be changed by a request");
    }
    Ok(rows)
}

/// What brings an entitlement from one status to another.
enum Change {
    Create,
    Cancel,
    Revoke,
    Suspend,
    Resume,
}

/// The status of a row on which access may be given or taken; or why it is none.
fn known(row: &Kept) -> Result<Status, &'static str> {
    match meaning::status(row.text(Field::Status)) {
        Some(Status::Failed) => Err("FAILED means that Bango itself does not know; ask Bango"),
        Some(status) => Ok(status),
        None => Err("a status is not known"),
    }
}

fn change(ours: Status, bango: Status) -> Result<Change, &'static str> {
    use Status::{Active, ActiveEnding, Cancelled, Pending, Revoked, Suspended};
    match (ours, bango) {
        (Active, Cancelled | Revoked) => Ok(Change::Create),
        (Active, Suspended) => Ok(Change::Resume),
        (Active, Pending) => Err("the user must finish the registration"),
        (Active, ActiveEnding) => {
            Err("Bango does not document how the end of an entitlement is undone")
        }
        (Suspended, Active | ActiveEnding) => Ok(Change::Suspend),
        (Cancelled, ActiveEnding) => Err("it ends by itself when its period is over"),
        (ActiveEnding | Cancelled, Active | Suspended | Pending) => Ok(Change::Cancel),
        (Revoked, Active | ActiveEnding | Suspended | Pending) => Ok(Change::Revoke),
        (Cancelled | Revoked, _) => Err("it is over on both sides"),
        (Pending, _) => Err("no request makes an entitlement pending"),
        (_, _) => Err("no request leads from Bango's status to ours"),
    }
}

fn create(ours: &Kept) -> Result<Row, &'static str> {
    if !matches!(known(ours)?, Status::Active | Status::Pending) {
        return Err("it is not active in our records, and cannot be created so");
    }
    let mut made = Row::default();
    "create".clone_into(&mut made[0]);
    for (column, field) in [
        (2, Field::Customer),
        (3, Field::Merchant),
        (4, Field::Product),
        (5, Field::Offer),
        (6, Field::DisplayName),
    ] {
        ours.text(field).clone_into(&mut made[column]);
    }
    if made[2].is_empty() || made[4].is_empty() {
        return Err("a create needs the user and the product");
    }
    made[7] = iso(ours.text(Field::Expiry));
    Ok(made)
}

fn row(action: &str, bango: &Kept) -> Row {
    let mut made = Row::default();
    action.clone_into(&mut made[0]);
    bango.text(Field::EntitlementId).clone_into(&mut made[1]);
    made
}

fn end(action: &str, bango: &Kept, reason: &str, why: &str) -> Row {
    let mut made = row(action, bango);
    reason.clone_into(&mut made[8]);
    why.clone_into(&mut made[9]);
    made
}

fn over(ours: &Kept) -> String {
    format!(
        "{} in our records",
        meaning::status_key(ours.text(Field::Status))
    )
}

/// A date as `batch` reads it; one that cannot be is left for `batch` to name.
fn iso(text: &str) -> String {
    match meaning::date(text) {
        Ok(Some(seconds)) => meaning::iso(seconds),
        Ok(None) => String::new(),
        Err(_) => text.to_owned(),
    }
}

/// What would bring our records to Bango's state: what to do, and the entitlement as Bango has it. On a status that Bango
/// itself does not know, or that is not known here, nothing is done but to ask.
pub fn for_us(difference: &Difference) -> (&'static str, Vec<String>) {
    let (action, row) = match (&difference.ours, &difference.bango) {
        (_, Some(bango)) if known(bango).is_err() => ("ask", bango),
        (None, Some(bango)) => ("add", bango),
        (Some(ours), None) => ("remove", ours),
        (_, Some(bango)) => ("change", bango),
        (None, None) => return ("change", Vec::new()),
    };
    let external = difference.text(Field::ExternalId);
    let cell = |field: Field| match field {
        Field::ExternalId => external.to_owned(),
        field if field.is_date() => iso(row.text(field)),
        Field::Status => meaning::status_key(row.text(field)),
        field => row.text(field).to_owned(),
    };
    (action, OWN_FIELDS.map(cell).into())
}

/// Why a difference is one, in words.
pub fn why(difference: &Difference) -> String {
    let text = |row: &Option<Kept>, field| {
        row.as_ref()
            .map_or(String::new(), |row: &Kept| row.text(field).to_owned())
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
    let reasons = unknown.into_iter().chain(words).map(str::to_owned);
    reasons.chain(what).collect::<Vec<_>>().join("; ")
}
