//! One entitlement as the sandbox keeps it: what an answer shows, its history, where to notify, and which status may follow which.
//! It stores and sends nothing.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The statuses, spelt as on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
pub enum Status {
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
    /// The wire spelling.
    pub fn name(self) -> &'static str {
        match self {
            Pending => "PENDING",
            Active => "ACTIVE",
            ActiveEnding => "ACTIVE-ENDING",
            Suspended => "SUSPENDED",
            Cancelled => "CANCELLED",
            Revoked => "REVOKED",
            Failed => "FAILED",
        }
    }

    /// Says whether the entitlement still counts towards the limit of one per customer and merchant.
    pub fn is_live(self) -> bool {
        !matches!(self, Cancelled | Revoked | Failed)
    }

    /// Says whether an entitlement may go from this status to another.
    pub fn can_become(self, to: Self) -> bool {
        match self {
            Pending | Suspended | ActiveEnding => {
                matches!(to, Active | Cancelled | Revoked | Failed)
            }
            Active => to != Active,
            Cancelled | Revoked | Failed => false,
        }
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
}

/// The members that an answer shows, in their order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Members {
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

impl Members {
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
}

/// An entitlement with everything that the sandbox knows of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Under which the state keeps it; 0 until it does.
    #[serde(skip)]
    pub number: u64,
    pub shown: Members,
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

    /// Adds to the history and dates the record.
    pub fn note(&mut self, now: Timestamp, what: impl Into<String>) {
        let (at, mut what) = (wire_time(now), what.into());
        if let Some((end, _)) = what.char_indices().nth(LONGEST_ENTRY) {
            what.truncate(end);
        }
        self.shown.date_last_updated.clone_from(&at);
        self.history.push(HistoryEntry { at, what });
        if self.history.len() > LONGEST_HISTORY {
            self.history.remove(0);
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
        let (from, to) = (from.name(), to.name());
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
    fn what_has_ended_stays_ended_and_nothing_becomes_itself() {
        for from in ALL {
            for to in ALL {
                let possible = from.can_become(to);
                assert!(
                    !possible || (from.is_live() && from != to),
                    "{from:?} {to:?}"
                );
            }
            assert_eq!(from.can_become(Revoked), from.is_live(), "{from:?}");
            assert_eq!(from.can_become(Cancelled), from.is_live(), "{from:?}");
            let stored = serde_json::to_string(&from).unwrap();
            assert_eq!(stored, format!("\"{}\"", from.name()));
        }
        assert!(!Pending.can_become(Suspended));
        assert!(!Suspended.can_become(ActiveEnding));
    }

    #[test]
    fn undocumented_members_come_back_as_they_were() {
        let text = r#"{"entitlementId":"e","status":"ACTIVE-ENDING","dateCreated":"","dateActivated":null,"dateEnded":null,"dateSuspended":null,"dateResumed":null,"dateLastUpdated":"","dateExpiry":null,"customerIdentifier":"c","merchantAccountKey":"m","productKey":"p","offerKey":null,"activationCode":null,"entitlementDisplayName":null,"extensionData":1.50,"n":12345678901234567890.10,"o":{"x":[null,1e+999]}}"#;
        let read: Members = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        assert_eq!(serde_json::to_string(&read.to_map()).unwrap(), text);
    }
}
