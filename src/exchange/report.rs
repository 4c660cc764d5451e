//! Entitlement reports as Bango writes them: the columns, and how statuses and dates are spelt.

use std::borrow::Cow;

use super::entitlement::{Field, Record};
use super::values;

/// The columns, as Bango names them.
const COLUMNS: [(&str, Field); 15] = [
    ("ResellerCustomerId", Field::Customer),
    ("BangoEntitlementId", Field::EntitlementId),
    ("Status", Field::Status),
    ("MerchantAccountKey", Field::Merchant),
    ("MerchantEntitlementId", Field::MerchantId),
    ("ProductKey", Field::Product),
    ("DisplayName", Field::DisplayName),
    ("CreatedDate", Field::Created),
    ("ActivatedDate", Field::Activated),
    ("SuspendedDate", Field::Suspended),
    ("ExpiryDate", Field::Expiry),
    ("LastUpdated", Field::LastUpdated),
    ("EndDate", Field::Ended),
    ("ExtensionDataFormat", Field::DataFormat),
    ("ExtensionData", Field::Data),
];

/// The names of the columns.
pub fn header() -> [&'static str; COLUMNS.len()] {
    COLUMNS.map(|(name, _)| name)
}

/// The row of an entitlement.
pub fn cells(record: &Record) -> [String; COLUMNS.len()] {
    COLUMNS.map(|(_, field)| cell(record, field).into_owned())
}

/// A field as reports spell it; what cannot be read as a date or a status stands as it is.
fn cell<'r>(record: &Record<'r>, field: Field) -> Cow<'r, str> {
    let text = record.text(field);
    match field {
        Field::Status => values::status(text.as_bytes()).map_or(text, |s| values::spelt(s).into()),
        Field::DataFormat if record.text(Field::Data).starts_with('{') => "JSON".into(),
        field if field.is_date() => match values::date(&text) {
            Ok(Some(seconds)) => values::in_report(seconds).into(),
            _ => text,
        },
        _ => text,
    }
}
