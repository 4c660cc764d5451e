//! One entitlement as the sandbox keeps it: what an answer shows, its history, and where to notify. It stores nothing itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::lifecycle::Status;

/// The members that an answer shows, in their order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "named as on the wire")]
pub struct Entitlement {
    pub entitlement_id: String,
    pub status: Status,
    pub date_created: String,
    pub date_activated: Option<String>,
    pub date_ended: Option<String>,
    pub date_suspended: Option<String>,
    pub date_resumed: Option<String>,
    pub date_last_updated: String,
    pub date_expiry: Option<String>,
    pub customer_identifier: String,
    pub merchant_account_key: String,
    pub product_key: String,
    pub offer_key: Option<String>,
    pub activation_code: Option<String>,
    pub entitlement_display_name: Option<String>,
    pub extension_data: Value,
    /// Members that nobody has documented.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl Entitlement {
    /// The members as a JSON object.
    pub fn members(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        }
    }
}

/// Something that happened to an entitlement, for the dashboard.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Event {
    /// When, in the wire's format.
    pub at: String,
    pub what: String,
}

/// An entitlement with everything that the sandbox knows of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Under which the state keeps it; 0 until it does.
    #[serde(skip)]
    pub number: u64,
    pub shown: Entitlement,
    pub notification_url: Option<String>,
    /// Sent by the reseller for the merchant; never shown in an answer.
    pub extra_information: Option<Value>,
    /// What happened, oldest first.
    pub history: Vec<Event>,
    /// The end that the merchant has queued: when, in milliseconds since 1970, and as what.
    pub termination: Option<(i64, Status)>,
}

/// How many events of one entitlement are kept.
const KEPT: usize = 100;
/// The longest text of an event, in characters.
const LONGEST_EVENT: usize = 300;

impl Record {
    pub fn id(&self) -> &str {
        &self.shown.entitlement_id
    }

    pub fn customer(&self) -> &str {
        &self.shown.customer_identifier
    }

    pub fn status(&self) -> Status {
        self.shown.status
    }

    /// Notes what happened and dates the record.
    pub fn note(&mut self, now: Timestamp, what: impl Into<String>) {
        let (at, mut what) = (wire_time(now), what.into());
        if let Some((end, _)) = what.char_indices().nth(LONGEST_EVENT) {
            what.truncate(end);
        }
        self.shown.date_last_updated.clone_from(&at);
        self.history.push(Event { at, what });
        if self.history.len() > KEPT {
            self.history.remove(0);
        }
    }

    /// When time alone changes it next, in milliseconds since 1970.
    pub fn due(&self) -> Option<i64> {
        let ended = self.shown.date_ended.as_ref();
        let dates = [
            millisecond(self.shown.date_expiry.as_ref()),
            millisecond(ended.filter(|_| self.status() == Status::ActiveEnding)),
            self.termination.map(|(at, _)| at),
        ];
        let live = self.status().is_live();
        dates.into_iter().flatten().min().filter(|_| live)
    }

    /// When it ended, in milliseconds since 1970.
    pub fn ended(&self) -> Option<i64> {
        let over = !self.status().is_live();
        over.then(|| millisecond(self.shown.date_ended.as_ref()).unwrap_or(0))
    }
}

/// Formats a time as the wire does: UTC with milliseconds and `Z`.
pub fn wire_time(time: Timestamp) -> String {
    format!("{time:.3}")
}

/// Reads a time of the wire's format into milliseconds since 1970.
fn millisecond(date: Option<&String>) -> Option<i64> {
    let time: Timestamp = date?.parse().ok()?;
    Some(time.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undocumented_members_come_back_as_they_were() {
        let text = r#"{"entitlementId":"e","status":"ACTIVE-ENDING","dateCreated":"","dateActivated":null,"dateEnded":null,"dateSuspended":null,"dateResumed":null,"dateLastUpdated":"","dateExpiry":null,"customerIdentifier":"c","merchantAccountKey":"m","productKey":"p","offerKey":null,"activationCode":null,"entitlementDisplayName":null,"extensionData":1.50,"n":12345678901234567890.10,"o":{"x":[null,1e+999]}}"#;
        let read: Entitlement = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        assert_eq!(serde_json::to_string(&read.members()).unwrap(), text);
    }
}
