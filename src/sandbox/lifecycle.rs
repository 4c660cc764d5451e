//! The statuses of an entitlement, which may follow which, and what a change of status does to the record. It stores and sends nothing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::record::{Record, wire_time};

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

    /// The wire spelling.
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
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Says whether the entitlement still counts towards the limit of one per customer and merchant.
    pub fn is_live(self) -> bool {
        !matches!(self, Self::Cancelled | Self::Revoked | Self::Failed)
    }
}

/// Why a notification is sent, as Bango names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    ActivationSuccess,
    TerminationPending,
    TerminationSuccess,
    ProductUpdate,
    SuspensionSuccess,
    ResumptionSuccess,
    MetadataUpdate,
}

impl Reason {
    /// The wire spelling.
    pub fn name(self) -> &'static str {
        match self {
            Self::ActivationSuccess => "ACTIVATION_SUCCESS",
            Self::TerminationPending => "TERMINATION_PENDING",
            Self::TerminationSuccess => "TERMINATION_SUCCESS",
            Self::ProductUpdate => "PRODUCT_UPDATE",
            Self::SuspensionSuccess => "SUSPENSION_SUCCESS",
            Self::ResumptionSuccess => "RESUMPTION_SUCCESS",
            Self::MetadataUpdate => "METADATA_UPDATE",
        }
    }
}

/// Says whether an entitlement may go from one status to another.
pub fn allows(from: Status, to: Status) -> bool {
    use Status::{Active, ActiveEnding, Cancelled, Failed, Pending, Revoked, Suspended};
    match from {
        Pending | Suspended | ActiveEnding => matches!(to, Active | Cancelled | Revoked | Failed),
        Active => to != Active,
        Cancelled | Revoked | Failed => false,
    }
}

/// Moves a record to a status that [`allows`] permits, dates it, and returns why the reseller is to be notified.
pub fn enter(record: &mut Record, to: Status, now: Timestamp, by: &str) -> Reason {
    let from = record.status();
    let time = Some(wire_time(now));
    let shown = &mut record.shown;
    shown.status = to;
    let reason = match to {
        Status::Active if from == Status::Pending => {
            shown.date_activated = time;
            Reason::ActivationSuccess
        }
        Status::Active => {
            shown.date_resumed = time;
            shown.date_ended = None;
            Reason::ResumptionSuccess
        }
        Status::Suspended => {
            shown.date_suspended = time;
            Reason::SuspensionSuccess
        }
        // Its `dateEnded` lies ahead and is the caller's to set.
        Status::ActiveEnding => Reason::TerminationPending,
        Status::Cancelled | Status::Revoked => {
            shown.date_ended = time;
            Reason::TerminationSuccess
        }
        Status::Failed => {
            shown.date_ended = time;
            Reason::MetadataUpdate
        }
        Status::Pending => Reason::MetadataUpdate,
    };
    record.note(
        now,
        format!("{} \u{2192} {}, by {by}", from.name(), to.name()),
    );
    reason
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_stays_ended_and_nothing_becomes_itself() {
        for from in Status::ALL {
            for to in Status::ALL {
                let possible = allows(from, to);
                assert!(
                    !possible || (from.is_live() && from != to),
                    "{from:?} {to:?}"
                );
            }
            assert_eq!(allows(from, Status::Revoked), from.is_live(), "{from:?}");
            assert_eq!(allows(from, Status::Cancelled), from.is_live(), "{from:?}");
        }
        assert!(!allows(Status::Pending, Status::Suspended));
        assert!(!allows(Status::Suspended, Status::ActiveEnding));
    }

    #[test]
    fn the_names_are_those_that_are_stored() {
        for status in Status::ALL {
            let stored = serde_json::to_string(&status).unwrap();
            assert_eq!(stored, format!("\"{}\"", status.name()));
        }
    }
}
