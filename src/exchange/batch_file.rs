//! Bango's batch files: their kinds and columns, and how rows are written into them. A file is of one kind, and has all of its columns.

use serde_json::{Map, Value};

use super::values::encoded;
use crate::api::types::{BENEFITS_NORMAL, BENEFITS_SUSPENDED, field};
use crate::tables::windows_1252;

/// What a batch file asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchFileKind {
    Creates,
    Updates,
    /// Cancel, revoke, suspend, resume.
    Terminations,
}

/// A column as Bango names it, and the field of the API that it is; the action is none.
type Column = (&'static str, &'static str);

/// No field has this name.
const ACTION_FIELD: &str = "";
const ACTION: Column = ("action", ACTION_FIELD);

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

impl BatchFileKind {
    pub const ALL: [Self; 3] = [Self::Creates, Self::Updates, Self::Terminations];

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

    /// The names of its columns.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.columns().iter().map(|(name, _)| *name)
    }

    /// Which kind has an action.
    pub fn of_action(action: &str) -> Self {
        match action {
            "create" => Self::Creates,
            "update" => Self::Updates,
            _ => Self::Terminations,
        }
    }

    /// What a file's name says, if nothing else is wanted.
    pub const fn in_names(self) -> &'static str {
        match self {
            Self::Creates => "CREATES",
            Self::Updates => "UPDATES",
            Self::Terminations => "TERMINATIONS",
        }
    }

    /// Bango takes no more in one file.
    pub const fn most_rows(self) -> usize {
        match self {
            Self::Creates => 1_000,
            Self::Updates | Self::Terminations => 250,
        }
    }

    /// The cells of a row, of which the id of an entitlement stands apart from the body; or the fields that cannot be said, each with
    /// the reason.
    pub fn cells(
        self,
        action: &str,
        entitlement_id: &str,
        body: &Map<String, Value>,
        is_utf8: bool,
    ) -> Result<Vec<Vec<u8>>, Vec<(String, String)>> {
        let mut wrong = Vec::new();
        let has = |name: &str| self.columns().iter().any(|(_, field)| *field == name);
        for (name, value) in body {
            let is_said = match name.as_str() {
                // The action says it.
                field::ENTITLEMENT_BENEFITS => {
                    (action == "suspend" && value == BENEFITS_SUSPENDED)
                        || (action == "resume" && value == BENEFITS_NORMAL)
                }
                // Bango gives a new entitlement its id.
                field::ENTITLEMENT_ID => false,
                name => has(name),
            };
            if !is_said {
                let why = format!("has no place in Bango's files of {}", self.as_str());
                wrong.push((name.clone(), why));
            }
        }
        let mut cells = Vec::with_capacity(self.columns().len());
        for (_, name) in self.columns() {
            let said = match (*name, body.get(*name)) {
                (ACTION_FIELD, _) => Ok(action.to_uppercase().into_bytes()),
                (field::ENTITLEMENT_ID, _) => encoded(entitlement_id, is_utf8),
                (_, None) => Ok(Vec::new()),
                (field::EXTENSION_DATA | field::EXTRA_INFORMATION, Some(value)) => {
                    members(value, is_utf8)
                }
                (_, Some(value)) => encoded(value.as_str().unwrap_or_default(), is_utf8),
            };
            match said {
                Ok(cell) => cells.push(cell),
                Err(why) => wrong.push(((*name).to_owned(), why)),
            }
        }
        if wrong.is_empty() {
            Ok(cells)
        } else {
            Err(wrong)
        }
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

/// The members of an object without its braces. What the encoding has not is written as JSON escapes it.
fn members(value: &Value, is_utf8: bool) -> Result<Vec<u8>, String> {
    let Some(members) = value.as_object().filter(|members| !members.is_empty()) else {
        let why = "is no JSON object with members, and Bango's files hold nothing else there";
        return Err(why.to_owned());
    };
    let json = Value::from(members.clone()).to_string();
    let json = &json[1..json.len() - 1];
    if is_utf8 {
        return Ok(json.as_bytes().to_vec());
    }
    let mut bytes = Vec::with_capacity(json.len());
    for character in json.chars() {
        let mut buffer = [0; 4];
        match windows_1252(character.encode_utf8(&mut buffer)) {
            Ok(known) => bytes.extend_from_slice(&known),
            Err(_) => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    bytes.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
                }
            }
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_told_by_its_columns_and_what_keeps_a_header_from_being_one_is_said() {
        let kind = |header: &str| {
            let names: Vec<_> = header.split(',').map(str::to_owned).collect();
            BatchFileKind::of_header(&names)
        };
        for known in BatchFileKind::ALL {
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
