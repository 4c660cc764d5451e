//! One entitlement as the sandbox keeps it: the fields that an answer shows, its history and where to notify. It stores nothing itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The statuses of an entitlement, spelt as on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
pub enum Status {
    /// The user has something to finish.
    Pending,
    /// The user has access.
    Active,
    /// Access lasts to the end of the paid period.
    ActiveEnding,
    /// Access is paused.
    Suspended,
    /// Over, after a soft end.
    Cancelled,
    /// Over, after a hard end.
    Revoked,
    /// The merchant did not answer.
    Failed,
}

impl Status {
    /// Every status, in the order of a life.
    pub const ALL: [Self; 7] = [
        Self::Pending,
        Self::Active,
        Self::ActiveEnding,
        Self::Suspended,
        Self::Cancelled,
        Self::Revoked,
        Self::Failed,
    ];

    /// Returns the wire spelling.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Active => "ACTIVE",
            Self::ActiveEnding => "ACTIVE-ENDING",
            Self::Suspended => "SUSPENDED",
            Self::Cancelled => "CANCELLED",
            Self::Revoked => "REVOKED",
            Self::Failed => "FAILED",
        }
    }

    /// Finds a status by its wire spelling.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Says whether the entitlement still counts towards the limit of one per customer and merchant.
    #[must_use]
    pub fn is_live(self) -> bool {
        matches!(
            self,
            Self::Pending | Self::Active | Self::ActiveEnding | Self::Suspended
        )
    }
}

/// Something that happened to an entitlement, for the dashboard.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Event {
    /// When, in the wire's format.
    pub at: String,
    /// What, in a few words.
    pub what: String,
}

/// An entitlement with everything that the sandbox knows of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// The fields as an answer shows them, unknown ones included.
    pub fields: Map<String, Value>,
    /// Where changes are posted.
    pub notification_url: Option<String>,
    /// Sent by the reseller for the merchant; never shown in an answer.
    pub extra_information: Option<Value>,
    /// What happened, oldest first.
    pub history: Vec<Event>,
    /// The numbers of its notifications, oldest first.
    pub notifications: Vec<u64>,
    /// Its place in the order of creation.
    pub sequence: u64,
}

/// How many events and notifications of one entitlement are kept.
const KEPT: usize = 100;

impl Record {
    /// Returns a field that is a string, or an empty one.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.fields.get(field).and_then(Value::as_str).unwrap_or("")
    }

    /// Returns Bango's id of the entitlement.
    #[must_use]
    pub fn id(&self) -> &str {
        self.text("entitlementId")
    }

    /// Returns the reseller's id of the user.
    #[must_use]
    pub fn customer(&self) -> &str {
        self.text("customerIdentifier")
    }

    /// Returns the status; a field that was damaged reads as failed.
    #[must_use]
    pub fn status(&self) -> Status {
        Status::named(self.text("status")).unwrap_or(Status::Failed)
    }

    /// Sets one field.
    pub fn set(&mut self, field: &str, value: impl Into<Value>) {
        self.fields.insert(field.to_owned(), value.into());
    }

    /// Notes what happened and dates the record.
    pub fn note(&mut self, now: Timestamp, what: impl Into<String>) {
        let at = wire_time(now);
        self.set("dateLastUpdated", at.clone());
        let what = what.into();
        self.history.push(Event { at, what });
        if self.history.len() > KEPT {
            self.history.remove(0);
        }
    }

    /// Adds the number of a notification.
    pub fn add_notification(&mut self, number: u64) {
        self.notifications.push(number);
        if self.notifications.len() > KEPT {
            self.notifications.remove(0);
        }
    }

    /// Reads a date field.
    #[must_use]
    pub fn date(&self, field: &str) -> Option<Timestamp> {
        self.text(field).parse().ok()
    }
}

/// Formats a time as the wire does: UTC with milliseconds and `Z`.
#[must_use]
pub fn wire_time(time: Timestamp) -> String {
    format!("{time:.3}")
}
