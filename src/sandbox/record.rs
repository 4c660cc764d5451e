//! One entitlement as the sandbox keeps it: what an answer shows, its history, where to notify, and which status may follow which.
//! It stores and sends nothing.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The statuses, spelt as on the wire.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
pub enum Status {
    #[default]
    Pending,
    Active,
    ActiveEnding,
    Suspended,
    Cancelled,
    Revoked,
    Failed,
}

use Status::{Active, ActiveEnding, Cancelled, Failed, Pending, Revoked, Suspended};

impl Status {
    /// All of them, in the order of a life.
    pub const ALL: [Self; 7] = [
        Pending,
        Active,
        ActiveEnding,
        Suspended,
        Cancelled,
        Revoked,
        Failed,
    ];

    /// Says whether the entitlement still counts towards the limit of one per customer and merchant.
    pub fn is_live(self) -> bool {
        !matches!(self, Cancelled | Revoked | Failed)
    }

    /// Says whether an entitlement may go from this status to another.
    pub fn can_become(self, to: Self) -> bool {
        match self {
            Pending | Suspended => matches!(to, Active | Cancelled | Revoked | Failed),
            ActiveEnding => matches!(to, Active | Pending | Cancelled | Revoked | Failed),
            Active => to != Active,
            // By a reactivation.
            Cancelled => matches!(to, Active | Pending),
            Revoked | Failed => false,
        }
    }
}

impl fmt::Display for Status {
    /// Writes it as on the wire.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.serialize(f)
    }
}

/// Bango's names of the reasons why it notifies.
pub mod reason {
    pub const ACTIVATION_SUCCESS: &str = "ACTIVATION_SUCCESS";
    pub const TERMINATION_PENDING: &str = "TERMINATION_PENDING";
    pub const TERMINATION_SUCCESS: &str = "TERMINATION_SUCCESS";
    pub const PRODUCT_UPDATE: &str = "PRODUCT_UPDATE";
    pub const SUSPENSION_SUCCESS: &str = "SUSPENSION_SUCCESS";
    pub const RESUMPTION_SUCCESS: &str = "RESUMPTION_SUCCESS";
    pub const METADATA_UPDATE: &str = "METADATA_UPDATE";

    pub const ALL: [&str; 7] = [
        ACTIVATION_SUCCESS,
        TERMINATION_PENDING,
        TERMINATION_SUCCESS,
        PRODUCT_UPDATE,
        SUSPENSION_SUCCESS,
        RESUMPTION_SUCCESS,
        METADATA_UPDATE,
    ];
}

/// The members that an answer shows, in their order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntitlementMembers {
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

impl EntitlementMembers {
    /// The members as a JSON object.
    pub fn to_map(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        }
    }
}

/// Something that happened to an entitlement, for the dashboard.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// When, in the wire's format.
    pub at: String,
    pub what: String,
    /// The status since then; older versions kept none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The product and the customer since then, if that is not what the entry before has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
}

/// An entitlement with everything that the sandbox knows of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredEntitlement {
    /// Under which the state keeps it; 0 until it does.
    #[serde(skip)]
    pub number: u64,
    pub shown: EntitlementMembers,
    pub notification_url: Option<String>,
    /// Sent by the reseller for the merchant; never shown in an answer.
    pub extra_information: Option<Value>,
    /// What happened, oldest first.
    pub history: Vec<HistoryEntry>,
    /// The end that the merchant has queued: when, in milliseconds since 1970, and as what.
    pub termination: Option<(i64, Status)>,
}

const LONGEST_HISTORY: usize = 100;
/// The longest text of an entry, in characters.
const LONGEST_ENTRY: usize = 300;

impl StoredEntitlement {
    pub fn id(&self) -> &str {
        &self.shown.entitlement_id
    }

    pub fn customer(&self) -> &str {
        &self.shown.customer_identifier
    }

    pub fn status(&self) -> Status {
        self.shown.status
    }

    /// Adds to the history and dates the record.
    pub fn note(&mut self, now: Timestamp, what: impl Into<String>) {
        let (at, mut what) = (wire_time(now), what.into());
        if let Some((end, _)) = what.char_indices().nth(LONGEST_ENTRY) {
            what.truncate(end);
        }
        self.shown.date_last_updated.clone_from(&at);
        let last = |member: fn(&HistoryEntry) -> Option<&String>, now: &String| {
            let before = self.history.iter().rev().find_map(member);
            Some(now).filter(|now| before != Some(now)).cloned()
        };
        let entry = HistoryEntry {
            at,
            what,
            status: Some(self.status()),
            product: last(|entry| entry.product.as_ref(), &self.shown.product_key),
            customer: last(
                |entry| entry.customer.as_ref(),
                &self.shown.customer_identifier,
            ),
        };
        self.history.push(entry);
        if self.history.len() > LONGEST_HISTORY {
            let gone = self.history.remove(0);
            let first = &mut self.history[0];
            first.product = first.product.take().or(gone.product);
            first.customer = first.customer.take().or(gone.customer);
        }
    }

    /// Changes the status as [`Status::can_become`] permits, dates it, and returns the reason of which the reseller is notified.
    pub fn transition(&mut self, to: Status, now: Timestamp, by: &str) -> &'static str {
        let from = self.status();
        let shown = &mut self.shown;
        shown.status = to;
        let (date, reason) = match to {
            Active if from == Pending => (&mut shown.date_activated, reason::ACTIVATION_SUCCESS),
            Active => {
                shown.date_ended = None;
                (&mut shown.date_resumed, reason::RESUMPTION_SUCCESS)
            }
            Suspended => (&mut shown.date_suspended, reason::SUSPENSION_SUCCESS),
            Cancelled | Revoked => (&mut shown.date_ended, reason::TERMINATION_SUCCESS),
            Failed => (&mut shown.date_ended, reason::METADATA_UPDATE),
            // `dateEnded` lies ahead and is the caller's to set.
            ActiveEnding => (&mut None, reason::TERMINATION_PENDING),
            Pending => (&mut None, reason::METADATA_UPDATE),
        };
        *date = Some(wire_time(now));
        self.note(now, format!("{from} \u{2192} {to}, by {by}"));
        reason
    }

    /// Adds a reason and custom data to `extensionData`. A text that stands there becomes a member of the same name.
    pub fn add_data(&mut self, mut more: Map<String, Value>) {
        let old = self.shown.extension_data.take();
        let custom = more.shift_remove("extensionData").unwrap_or_default();
        let mut all = Map::new();
        for data in [old, custom, more.into()] {
            match data {
                Value::Object(members) => all.extend(members),
                Value::Null => {}
                text => drop(all.insert("extensionData".to_owned(), text)),
            }
        }
        self.shown.extension_data = all.into();
    }

    /// When time alone changes it next, in milliseconds since 1970.
    pub fn due(&self) -> Option<i64> {
        let ended = self.shown.date_ended.as_ref();
        let dates = [
            millisecond(self.shown.date_expiry.as_ref()),
            millisecond(ended.filter(|_| self.status() == ActiveEnding)),
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

/// Adds a duration to a time; one too far ahead becomes the last that there is.
pub fn later(time: Timestamp, by: Duration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// Formats a time as the wire does: UTC with milliseconds and `Z`.
pub fn wire_time(time: Timestamp) -> String {
    format!("{time:.3}")
}

/// The same for milliseconds since 1970, if there is such a time.
pub fn wire_milliseconds(at: i64) -> Option<String> {
    Timestamp::from_millisecond(at).ok().map(wire_time)
}

/// Reads a time of the wire's format into milliseconds since 1970.
fn millisecond(date: Option<&String>) -> Option<i64> {
    let time: Timestamp = date?.parse().ok()?;
    Some(time.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Status; 7] = [
        Pending,
        Active,
        ActiveEnding,
        Suspended,
        Cancelled,
        Revoked,
        Failed,
    ];

    #[test]
    fn what_has_ended_stays_ended_but_for_a_cancel_and_nothing_becomes_itself() {
        for from in ALL {
            for to in ALL.into_iter().filter(|to| from.can_become(*to)) {
                let is_taken_back = from == Cancelled && matches!(to, Active | Pending);
                assert!(
                    from != to && (from.is_live() || is_taken_back),
                    "{from} {to}"
                );
            }
            assert_eq!(from.can_become(Revoked), from.is_live(), "{from}");
            assert_eq!(from.can_become(Cancelled), from.is_live(), "{from}");
        }
        assert!(!Pending.can_become(Suspended));
        assert!(!Suspended.can_become(ActiveEnding));
        assert_eq!(ActiveEnding.to_string(), "ACTIVE-ENDING");
    }

    #[test]
    fn undocumented_members_come_back_as_they_were() {
        let text = r#"{"entitlementId":"e","status":"ACTIVE-ENDING","dateCreated":"","dateActivated":null,"dateEnded":null,"dateSuspended":null,"dateResumed":null,"dateLastUpdated":"","dateExpiry":null,"customerIdentifier":"c","merchantAccountKey":"m","productKey":"p","offerKey":null,"activationCode":null,"entitlementDisplayName":null,"extensionData":1.50,"n":12345678901234567890.10,"o":{"x":[null,1e+999]}}"#;
        let read: EntitlementMembers = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        assert_eq!(serde_json::to_string(&read.to_map()).unwrap(), text);
    }
}
