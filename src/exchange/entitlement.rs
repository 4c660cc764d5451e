//! What any of the files says about one entitlement: the fields, how each kind of file names them, and which kind a file is.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::api::types::field;
use crate::tables::Row;

/// A field of an entitlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Field {
    EntitlementId,
    ExternalId,
    Customer,
    Merchant,
    Product,
    Offer,
    DisplayName,
    Status,
    Created,
    Activated,
    Suspended,
    Resumed,
    Expiry,
    Ended,
    LastUpdated,
    MerchantId,
    ActivationCode,
    DataFormat,
    Data,
    /// What became of a row of a batch.
    Outcome,
    /// What an answer of Bango says about the entitlement.
    Result,
}

/// How many fields there are.
pub const FIELDS: usize = 21;

/// The names of a field: as the API has it or would, and as files spell it, without regard to case, `_`, `-` and blanks.
#[rustfmt::skip]
const NAMES: [(Field, &str, &[&str]); FIELDS] = [
    (Field::EntitlementId, field::ENTITLEMENT_ID, &["bangoentitlementid"]),
    (Field::ExternalId, "externalEntitlementId", &[]),
    (Field::Customer, field::CUSTOMER_IDENTIFIER, &["resellercustomerid", "user"]),
    (Field::Merchant, field::MERCHANT_ACCOUNT_KEY, &["merchantkey", "merchant"]),
    (Field::Product, field::PRODUCT_KEY, &["product"]),
    (Field::Offer, field::OFFER_KEY, &["offer"]),
    (Field::DisplayName, field::DISPLAY_NAME, &["displayname"]),
    (Field::Status, field::STATUS, &[]),
    (Field::Created, field::DATE_CREATED, &["createddate"]),
    (Field::Activated, field::DATE_ACTIVATED, &["activateddate"]),
    (Field::Suspended, field::DATE_SUSPENDED, &["suspendeddate"]),
    (Field::Resumed, field::DATE_RESUMED, &["resumeddate"]),
    (Field::Expiry, field::DATE_EXPIRY, &["expirydate", "expires"]),
    (Field::Ended, field::DATE_ENDED, &["enddate"]),
    (Field::LastUpdated, field::DATE_LAST_UPDATED, &["lastupdated"]),
    (Field::MerchantId, "merchantEntitlementId", &[]),
    (Field::ActivationCode, field::ACTIVATION_CODE, &[]),
    (Field::DataFormat, "extensionDataFormat", &[]),
    (Field::Data, field::EXTENSION_DATA, &[]),
    (Field::Outcome, "outcome", &[]),
    (Field::Result, "correlationResult", &[]),
];

impl Field {
    pub const ALL: [Self; FIELDS] = {
        let mut all = [Self::EntitlementId; FIELDS];
        let mut at = 0;
        while at < FIELDS {
            all[at] = NAMES[at].0;
            at += 1;
        }
        all
    };

    /// Those that an entitlement cannot be without.
    pub const ESSENTIAL: [Self; 4] = [
        Self::EntitlementId,
        Self::Customer,
        Self::Product,
        Self::Status,
    ];

    /// The dates, but for that of the last update.
    pub const DATES: [Self; 6] = [
        Self::Created,
        Self::Activated,
        Self::Suspended,
        Self::Resumed,
        Self::Expiry,
        Self::Ended,
    ];

    /// The field as the API names it.
    pub const fn name(self) -> &'static str {
        NAMES[self as usize].1
    }

    /// Finds a field by any of its names.
    pub fn find(name: &str) -> Option<Self> {
        BY_NAME.get(&plain(name)).copied()
    }

    /// Whether it is a date.
    pub fn is_date(self) -> bool {
        self == Self::LastUpdated || Self::DATES.contains(&self)
    }
}

/// A name as it is compared.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}

/// The fields by their names. Lines of JSON ask for each member of each line.
static BY_NAME: LazyLock<HashMap<String, Field>> = LazyLock::new(|| {
    let names = NAMES.iter().flat_map(|(field, own, others)| {
        let names = [own].into_iter().chain(*others);
        names.map(|name| (plain(name), *field))
    });
    names.collect()
});

/// Which kind of file it is, told from its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Bango's report of active, of changed entitlements, or of events: all have the same columns.
    Report,
    /// The report before 2019.
    OlderReport,
    /// A correlation file, for Bango.
    Correlation,
    /// Bango's answer to one.
    Answer,
    /// The results of `batch`.
    Results,
    /// What `listen --save` writes.
    Notifications,
    /// Any other table or JSON lines.
    Other,
}

impl FileKind {
    /// The kind for a message.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Report => "an entitlement report",
            Self::OlderReport => "an entitlement report of the older layout",
            Self::Correlation => "a correlation file",
            Self::Answer => "an answer to a correlation file",
            Self::Results => "results of a batch",
            Self::Notifications => "notifications that listen has saved",
            Self::Other => "a table",
        }
    }

    /// Tells the kind from the names of the columns.
    pub fn of_header(names: &[String]) -> Self {
        let has = |wanted: &str| names.iter().any(|name| plain(name) == wanted);
        match () {
            () if has("correlationresult") => Self::Answer,
            () if has("bangoentitlementid") && (has("datecreated") || has("resellerkey")) => {
                Self::OlderReport
            }
            () if has("bangoentitlementid") => Self::Report,
            () if has("outcome") && has("requestidentifier") => Self::Results,
            () if has("externalentitlementid") && has("createddate") => Self::Correlation,
            () => Self::Other,
        }
    }

    /// Columns without which a file of this kind cannot be used.
    pub fn needed(self) -> &'static [Field] {
        match self {
            Self::Report | Self::OlderReport => &[
                Field::Customer,
                Field::EntitlementId,
                Field::Status,
                Field::Merchant,
                Field::Product,
                Field::LastUpdated,
            ],
            Self::Correlation => &Field::ESSENTIAL,
            Self::Answer => &[Field::EntitlementId, Field::Result],
            _ => &[],
        }
    }

    /// Whether id, user, product and status must be filled in each row.
    pub fn is_strict(self) -> bool {
        self.is_report() || self == Self::Correlation
    }

    pub fn is_report(self) -> bool {
        matches!(self, Self::Report | Self::OlderReport)
    }
}

/// Which cell of a row holds each field.
pub type Layout = [Option<u16>; FIELDS];

/// What one row says about an entitlement.
#[derive(Clone, Copy)]
pub struct Record<'r> {
    /// Where in the file it begins.
    pub place: u64,
    pub(super) cells: Cells<'r>,
}

/// Where the fields of a record stand.
#[derive(Clone, Copy)]
pub(super) enum Cells<'r> {
    Row(Row<'r>, &'r Layout),
    Line(&'r OwnedRecord),
}

impl<'r> Record<'r> {
    /// A field as text, empty if there is none.
    pub fn text(&self, field: Field) -> Cow<'r, str> {
        let text = match self.cells {
            Cells::Line(line) => line.text(field).into(),
            Cells::Row(row, layout) => {
                let column = layout[field as usize];
                column.map_or(Cow::Borrowed(""), |column| row.text(column.into()))
            }
        };
        if text == "NULL" { "".into() } else { text }
    }

    /// A field as bytes of UTF-8, empty if there is none.
    pub fn bytes(&self, field: Field) -> Cow<'r, [u8]> {
        let bytes = match self.cells {
            Cells::Line(line) => line.text(field).as_bytes().into(),
            Cells::Row(row, layout) => {
                let column = layout[field as usize];
                column.map_or(Cow::Borrowed(&b""[..]), |column| row.bytes(column.into()))
            }
        };
        if *bytes == *b"NULL" {
            b"".into()
        } else {
            bytes
        }
    }

    /// The same, to be kept.
    pub fn keep(&self) -> OwnedRecord {
        OwnedRecord::of(|field| self.text(field))
    }
}

/// What one row says about an entitlement, in one piece of memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnedRecord {
    text: String,
    ends: [u32; FIELDS],
}

impl OwnedRecord {
    /// One with these texts.
    pub fn of<'t>(text: impl Fn(Field) -> Cow<'t, str>) -> Self {
        let mut kept = Self::default();
        for field in Field::ALL {
            kept.text.push_str(&text(field));
            kept.ends[field as usize] = u32::try_from(kept.text.len()).unwrap_or(u32::MAX);
        }
        kept.text.shrink_to_fit();
        kept
    }

    /// A field as text, empty if there is none.
    pub fn text(&self, field: Field) -> &str {
        let index = field as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start as usize..self.ends[index] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_to_its_field() {
        for (name, field) in [
            ("BangoEntitlementId", Field::EntitlementId),
            (" entitlement_id", Field::EntitlementId),
            ("ResellerCustomerId", Field::Customer),
            ("user", Field::Customer),
            ("EXPIRYDATE", Field::Expiry),
            ("dateEnded", Field::Ended),
            ("EndDate", Field::Ended),
            ("MerchantKey", Field::Merchant),
        ] {
            assert_eq!(Field::find(name), Some(field), "{name}");
        }
        assert_eq!(Field::find("colour"), None);
        for (index, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field as usize, index);
            assert_eq!(Field::find(field.name()), Some(field));
        }
    }
}
