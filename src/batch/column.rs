//! The columns that an input may have: their names, what their values must be, and which actions take them.

use serde_json::Value;

use super::row::Action;
use crate::api::check_text;
use crate::api::types::field;

/// A column that stands for a field of a request.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// The name of the flag, with underscores.
    pub name: &'static str,
    /// The field that the API knows; empty for a column that stands for two.
    pub wire: &'static str,
    /// What a value must be.
    pub kind: Kind,
    /// The actions that take it.
    pub actions: &'static [Action],
}

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An id, a key or a name: text without control characters.
    Text,
    /// An absolute URL.
    Url,
    /// A date or a time.
    Date,
    /// A JSON object or string.
    Data,
    /// `CATEGORY/CODE`.
    Reason,
}

const ALL: &[Action] = &Action::ALL;
const CREATE: &[Action] = &[Action::Create];
const WRITE: &[Action] = &[Action::Create, Action::Update];
const END: &[Action] = &[Action::Cancel, Action::Revoke];
const BENEFITS: &[Action] = &[Action::Update, Action::Suspend, Action::Resume];

const fn column(
    name: &'static str,
    wire: &'static str,
    kind: Kind,
    actions: &'static [Action],
) -> Column {
    Column {
        name,
        wire,
        kind,
        actions,
    }
}

/// The column that says what is to be done.
pub const ACTION: &str = "action";

/// Every column but `action`.
#[rustfmt::skip]
pub static COLUMNS: [Column; 14] = [
    column("user", field::CUSTOMER_IDENTIFIER, Kind::Text, WRITE),
    column("merchant", field::MERCHANT_ACCOUNT_KEY, Kind::Text, CREATE),
    column("product", field::PRODUCT_KEY, Kind::Text, WRITE),
    column("offer", field::OFFER_KEY, Kind::Text, CREATE),
    column("notification_url", field::NOTIFICATION_URL, Kind::Url, WRITE),
    column("entitlement_id", field::ENTITLEMENT_ID, Kind::Text, ALL),
    column("display_name", field::DISPLAY_NAME, Kind::Text, CREATE),
    column("expires", field::DATE_EXPIRY, Kind::Date, WRITE),
    column("extension_data", field::EXTENSION_DATA, Kind::Data, WRITE),
    column("benefits", field::ENTITLEMENT_BENEFITS, Kind::Text, BENEFITS),
    column("reason", "", Kind::Reason, END),
    column("reason_category", field::CANCEL_REASON_CATEGORY, Kind::Text, END),
    column("reason_code", field::CANCEL_REASON_CODE, Kind::Text, END),
    column("description", field::CANCEL_REASON_DESCRIPTION, Kind::Text, END),
];

/// The checks of values that the commands have already; `batch` may not import them.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Checks a URL that Bango is to notify.
    pub notification_url: fn(&str) -> Result<String, String>,
    /// Reads a date or a time and returns it in UTC.
    pub expires: fn(&str) -> Result<String, String>,
}

/// Finds a column by the name of its flag (with `_` or `-`) or of its field.
#[must_use]
pub fn find(name: &str) -> Option<&'static Column> {
    let flag = name.replace('-', "_");
    COLUMNS
        .iter()
        .find(|column| column.name == flag || (!column.wire.is_empty() && column.wire == name))
}

impl Column {
    /// Checks a value and returns it as it is sent.
    ///
    /// # Errors
    ///
    /// Says what is wrong, without the name of the column.
    pub fn check(&self, value: Value, rules: &Rules) -> Result<Value, String> {
        if self.kind == Kind::Data {
            return data(value);
        }
        let Value::String(text) = value else {
            return Err("must be a text".to_owned());
        };
        check_text(&text)?;
        let checked = match self.kind {
            Kind::Url => (rules.notification_url)(&text)?,
            Kind::Date => (rules.expires)(&text)?,
            Kind::Reason if !matches!(reason(&text), Some((a, b)) if !a.is_empty() && !b.is_empty()) =>
            {
                return Err(
                    "must be CATEGORY/CODE, such as CUSTOMER_CANCELLED/NOT_RENEWED".to_owned(),
                );
            }
            _ => text,
        };
        Ok(Value::String(checked))
    }
}

/// Splits `CATEGORY/CODE`.
#[must_use]
pub fn reason(text: &str) -> Option<(&str, &str)> {
    text.split_once('/')
}

/// Extension data is an object or a string; a CSV cell holds it as JSON text.
fn data(value: Value) -> Result<Value, String> {
    let text = match &value {
        Value::Object(_) => return Ok(value),
        Value::String(text) => text,
        _ => return Err("must be a JSON object or a text".to_owned()),
    };
    if !text.trim_start().starts_with(['{', '"', '[']) {
        return Ok(value);
    }
    match serde_json::from_str(text) {
        Ok(value @ (Value::Object(_) | Value::String(_))) => Ok(value),
        Ok(_) => Err("must be a JSON object or a text".to_owned()),
        Err(e) => Err(format!("is not JSON: {e}")),
    }
}

/// A name of a column, understood.
#[derive(Debug, Clone)]
pub(super) enum Name {
    Action,
    Field(&'static Column),
    Extra(String),
}

impl Name {
    /// Understands a name.
    pub(super) fn read(name: &str, extra_fields: bool) -> Result<Self, String> {
        if name == ACTION {
            return Ok(Self::Action);
        }
        if let Some(column) = find(name) {
            return Ok(Self::Field(column));
        }
        if extra_fields && crate::api::check_text(name).is_ok() {
            return Ok(Self::Extra(name.to_owned()));
        }
        let known: Vec<_> = COLUMNS.iter().map(|column| column.name).collect();
        Err(format!(
            "is not a column; there are action, {} (--extra-fields sends others as they are)",
            known.join(", ")
        ))
    }

    /// What no two columns may share.
    pub(super) fn key(&self) -> &str {
        match self {
            Self::Action => ACTION,
            Self::Field(column) => column.name,
            Self::Extra(name) => name,
        }
    }
}
