//! Correlation files as Bango reads them: our records of a period, each entitlement once, in Bango's columns, name and place.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::PathBuf;

use super::entitlement::{Field, OwnedRecord};
use super::period::Period;
use super::values;
use crate::tables;

/// The columns, as Bango names them.
const COLUMNS: [(&str, Field); 14] = [
    ("ExternalEntitlementId", Field::ExternalId),
    ("CustomerIdentifier", Field::Customer),
    ("EntitlementId", Field::EntitlementId),
    ("Status", Field::Status),
    ("MerchantAccountKey", Field::Merchant),
    ("ProductKey", Field::Product),
    ("OfferKey", Field::Offer),
    ("DisplayName", Field::DisplayName),
    ("CreatedDate", Field::Created),
    ("ActivatedDate", Field::Activated),
    ("SuspendedDate", Field::Suspended),
    ("ResumedDate", Field::Resumed),
    ("ExpiryDate", Field::Expiry),
    ("EndDate", Field::Ended),
];

/// The columns that must be filled.
const FILLED: [Field; 4] = [
    Field::Customer,
    Field::EntitlementId,
    Field::Status,
    Field::Product,
];

/// Where the file belongs, below a folder or a bucket.
pub fn place(merchant: &str, period: Period) -> PathBuf {
    let folder = PathBuf::from("CorrelationReports").join(merchant);
    folder.join("Input").join(period.file_name())
}

/// Why a row cannot be written.
pub enum Refused {
    /// What is wrong with one of its fields.
    Field(Field, String),
    Unwritable(io::Error),
}

/// A correlation file while it is written.
pub struct Writer<W: Write> {
    out: csv::Writer<W>,
    is_utf8: bool,
}

impl<W: Write> Writer<W> {
    /// Begins with the header. Windows-1252 is what Bango's older pages name; the newer name none.
    pub fn new(out: W, is_utf8: bool) -> io::Result<Self> {
        let mut out = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .buffer_capacity(1 << 16)
            .from_writer(out);
        out.write_record(COLUMNS.map(|(name, _)| name))?;
        Ok(Self { out, is_utf8 })
    }

    /// Adds an entitlement.
    pub fn add(&mut self, row: &OwnedRecord, merchant: &str) -> Result<(), Refused> {
        if let Some(field) = FILLED.iter().find(|field| row.text(**field).is_empty()) {
            return Err(Refused::Field(
                *field,
                "is empty, and Bango needs it".to_owned(),
            ));
        }
        for (_, field) in COLUMNS {
            let text = match field {
                Field::Merchant => merchant.into(),
                field => cell(row, field).map_err(|why| Refused::Field(field, why))?,
            };
            let bytes = self
                .encode(&text)
                .map_err(|why| Refused::Field(field, why))?;
            self.out.write_field(bytes).map_err(unwritable)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(unwritable)
    }

    fn encode<'t>(&self, text: &'t str) -> Result<Cow<'t, [u8]>, String> {
        if self.is_utf8 {
            return Ok(text.as_bytes().into());
        }
        tables::windows_1252(text)
    }

    /// Hands back what was written to.
    pub fn finish(self) -> io::Result<W> {
        self.out
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)
    }
}

fn unwritable(e: csv::Error) -> Refused {
    Refused::Unwritable(e.into())
}

/// A field as Bango reads it: dates in ISO 8601, statuses as its reports spell them.
fn cell(row: &OwnedRecord, field: Field) -> Result<Cow<'_, str>, String> {
    let text = row.text(field);
    if field.is_date() {
        return Ok(values::date(text)?
            .map_or(String::new(), values::iso)
            .into());
    }
    if field != Field::Status {
        return Ok(text.into());
    }
    match values::status(text) {
        Some(status) => Ok(values::spelt(status).into()),
        None => Err(format!("{text:?} is no status that Bango documents")),
    }
}
