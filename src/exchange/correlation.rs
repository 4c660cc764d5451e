//! Correlation files as Bango reads them: our records of a period, each entitlement once, in Bango's columns, name and place.

use std::borrow::Cow;
use std::path::PathBuf;

use super::entitlement::{Field, OwnedRecord};
use super::period::Period;
use super::values;

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

/// Where the file belongs, below a folder or a bucket.
pub fn place(merchant: &str, period: Period) -> PathBuf {
    let folder = PathBuf::from("CorrelationReports").join(merchant);
    folder.join("Input").join(period.file_name())
}

/// The names of the columns.
pub fn header() -> [&'static str; COLUMNS.len()] {
    COLUMNS.map(|(name, _)| name)
}

/// The row of an entitlement, or what is wrong with one of its fields. Windows-1252 is what Bango's older pages name; the newer name none.
pub fn cells(
    row: &OwnedRecord,
    merchant: &str,
    is_utf8: bool,
) -> Result<Vec<Vec<u8>>, (Field, String)> {
    let mut essential = Field::ESSENTIAL.into_iter();
    if let Some(field) = essential.find(|field| row.text(*field).is_empty()) {
        return Err((field, "is empty, and Bango needs it".to_owned()));
    }
    let cells = COLUMNS.into_iter().map(|(_, field)| {
        let text = match field {
            Field::Merchant => Ok(merchant.into()),
            field => cell(row, field),
        };
        let bytes = text.and_then(|text| values::encoded(&text, is_utf8));
        bytes.map_err(|why| (field, why))
    });
    cells.collect()
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::records::Records;
    use super::*;
    use crate::api::types::Status;
    use crate::tables::{CsvWriter, source_of};

    /// What a cell may hold; blanks around it are not kept, and NULL stands for nothing.
    fn text() -> impl Strategy<Value = String> {
        "[a-zA-Z0-9é€ß\"',;=\t -]{0,12}"
            .prop_map(|text| text.trim().to_owned())
            .prop_filter("NULL is none", |text| text != "NULL")
    }

    fn record() -> impl Strategy<Value = OwnedRecord> {
        let dates = prop::collection::vec(prop::option::of(0_i64..4_000_000_000), 6);
        let status = 0..Status::DOCUMENTED.len();
        let texts = prop::collection::vec(text(), 6);
        (texts, dates, status).prop_map(|(texts, dates, status)| {
            OwnedRecord::of(|field| match field {
                Field::Status => Status::DOCUMENTED[status].as_str().into(),
                Field::EntitlementId => format!("e{}", texts[0]).into(),
                Field::Customer => format!("c{}", texts[1]).into(),
                Field::Product => format!("p{}", texts[2]).into(),
                Field::ExternalId => texts[3].clone().into(),
                Field::Offer => texts[4].clone().into(),
                Field::DisplayName => texts[5].clone().into(),
                Field::Merchant => "M".into(),
                field => {
                    let place = Field::DATES.iter().position(|date| *date == field);
                    let date = place.and_then(|place| dates[place]);
                    date.map_or(String::new(), values::in_report).into()
                }
            })
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            records in prop::collection::vec(record(), 1..20),
            is_utf8: bool,
        ) {
            let mut writer = CsvWriter::for_bango(Vec::new(), &header()).unwrap();
            for record in &records {
                writer.add(cells(record, "M", is_utf8).unwrap()).unwrap();
            }
            let bytes = writer.finish().unwrap();
            // What happens to be UTF-8 as well is read as that.
            prop_assume!(is_utf8 || bytes.is_ascii() || std::str::from_utf8(&bytes).is_err());
            let source = source_of(&bytes);
            let mut read = Records::open(&source, &[]).unwrap();
            for record in &records {
                let row = read.next_record().unwrap().unwrap();
                for (_, field) in COLUMNS {
                    let (was, is) = (record.text(field), row.text(field));
                    if field.is_date() {
                        prop_assert_eq!(values::date(was), values::date(&is));
                    } else if field == Field::Status {
                        prop_assert_eq!(values::status_key(was), values::status_key(&is));
                    } else {
                        prop_assert_eq!(was, is);
                    }
                }
            }
            prop_assert!(read.next_record().unwrap().is_none());
        }
    }
}
