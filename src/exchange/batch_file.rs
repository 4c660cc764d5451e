//! Bango's batch files: their kinds and columns. A file is of one kind, and has all of its columns.

use crate::api::types::field;

/// What a batch file asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Cancel, revoke, suspend, resume.
    Terminations,
    Updates,
    Creates,
}

/// A column as Bango names it, and the field of the API that it is; the action is none.
type Column = (&'static str, &'static str);

const ACTION: Column = ("action", "");

const TERMINATIONS: [Column; 5] = [
    ACTION,
    ("entitlementId", field::ENTITLEMENT_ID),
    ("reasonCategory", field::CANCEL_REASON_CATEGORY),
    ("reasonCode", field::CANCEL_REASON_CODE),
    ("reasonDescription", field::CANCEL_REASON_DESCRIPTION),
];
const UPDATES: [Column; 7] = [
    ACTION,
    ("entitlementId", field::ENTITLEMENT_ID),
    ("productKey", field::PRODUCT_KEY),
    ("notificationUrl", field::NOTIFICATION_URL),
    ("dateExpiry", field::DATE_EXPIRY),
    ("customerIdentifier", field::CUSTOMER_IDENTIFIER),
    ("extensionData", field::EXTENSION_DATA),
];
const CREATES: [Column; 10] = [
    ACTION,
    ("customerIdentifier", field::CUSTOMER_IDENTIFIER),
    ("productKey", field::PRODUCT_KEY),
    ("merchantAccountKey", field::MERCHANT_ACCOUNT_KEY),
    ("notificationUrl", field::NOTIFICATION_URL),
    ("entitlementDisplayName", field::DISPLAY_NAME),
    ("offerKey", field::OFFER_KEY),
    ("dateExpiry", field::DATE_EXPIRY),
    ("extensionData", field::EXTENSION_DATA),
    ("extraInformation", field::EXTRA_INFORMATION),
];

impl Kind {
    const ALL: [Self; 3] = [Self::Terminations, Self::Updates, Self::Creates];

    /// In Bango's words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Terminations => "terminations and pauses",
            Self::Updates => "updates",
            Self::Creates => "creates",
        }
    }

    const fn columns(self) -> &'static [Column] {
        match self {
            Self::Terminations => &TERMINATIONS,
            Self::Updates => &UPDATES,
            Self::Creates => &CREATES,
        }
    }

    fn names(self) -> impl Iterator<Item = &'static str> {
        self.columns().iter().map(|(name, _)| *name)
    }

    /// The kind that has these columns and no others, in any order and case; or what keeps the header from being one.
    pub fn of_header(header: &[String]) -> Result<Self, String> {
        let is_in = |name: &str| {
            header
                .iter()
                .any(|own| own.trim().eq_ignore_ascii_case(name))
        };
        let shared = |kind: &Self| kind.names().filter(|name| is_in(name)).count();
        // The nearest: most of its columns are there, and it has few others.
        let near =
            (Self::ALL.into_iter()).max_by_key(|kind| shared(kind) * 100 / kind.columns().len());
        let kind = near.unwrap_or(Self::Terminations);
        let is_of_kind = |own: &&String| {
            kind.names()
                .any(|name| own.trim().eq_ignore_ascii_case(name))
        };
        let missing: Vec<_> = kind.names().filter(|name| !is_in(name)).collect();
        let other = header.iter().find(|own| !is_of_kind(own));
        let (kinds, columns) = (kind.as_str(), kind.names().collect::<Vec<_>>().join(", "));
        match (missing.as_slice(), other) {
            ([], None) => Ok(kind),
            ([], Some(other)) => Err(format!(
                "has the column {:?}; {kinds} have {columns}, and no other",
                other.trim()
            )),
            (missing, _) => Err(format!(
                "has no {}; {kinds} have {columns}, all of them",
                missing.join(" and no ")
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_told_by_its_columns_and_what_keeps_a_header_from_being_one_is_said() {
        let kind = |header: &str| {
            let names: Vec<_> = header.split(',').map(str::to_owned).collect();
            Kind::of_header(&names)
        };
        for known in Kind::ALL {
            let names: Vec<_> = known.names().collect();
            assert_eq!(kind(&names.join(",")), Ok(known));
            assert_eq!(kind(&names.join(" ,").to_uppercase()), Ok(known));
        }
        let short = kind("action,entitlementId,reasonCategory,reasonDescription").unwrap_err();
        assert!(short.starts_with("has no reasonCode; terminations and pauses have action, "));
        let long = kind("action,entitlementId,reasonCategory,reasonCode,reasonDescription,note");
        assert!(long.unwrap_err().starts_with("has the column \"note\"; "));
    }
}
