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
    /// Every status with its wire spelling, in the order of a life.
    #[rustfmt::skip]
    pub const TABLE: [(Self, &'static str); 7] = [
        (Self::Pending, "PENDING"),
        (Self::Active, "ACTIVE"),
        (Self::ActiveEnding, "ACTIVE-ENDING"),
        (Self::Suspended, "SUSPENDED"),
        (Self::Cancelled, "CANCELLED"),
        (Self::Revoked, "REVOKED"),
        (Self::Failed, "FAILED"),
    ];

    /// The wire spelling.
    pub fn name(self) -> &'static str {
        Self::TABLE[self as usize].1
    }

    /// Finds a status by its wire spelling.
    pub fn named(name: &str) -> Option<Self> {
        let row = Self::TABLE.iter().find(|(_, known)| *known == name);
        row.map(|(status, _)| *status)
    }

    /// Says whether the entitlement still counts towards the limit of one per customer and merchant.
    pub fn is_live(self) -> bool {
        !matches!(self, Self::Cancelled | Self::Revoked | Self::Failed)
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

/// Says whether an entitlement may go from one status to another.
pub fn allows(from: Status, to: Status) -> bool {
    use Status::{Active, ActiveEnding, Cancelled, Failed, Pending, Revoked, Suspended};
    match from {
        Pending | Suspended | ActiveEnding => matches!(to, Active | Cancelled | Revoked | Failed),
        Active => to != Active,
        Cancelled | Revoked | Failed => false,
    }
}

/// Moves a record to a status that [`allows`] permits, dates it, and returns the reason of which the reseller is notified.
pub fn enter(record: &mut Record, to: Status, now: Timestamp, by: &str) -> &'static str {
    let from = record.status();
    let shown = &mut record.shown;
    shown.status = to;
    let (date, reason) = match to {
        Status::Active if from == Status::Pending => {
            (&mut shown.date_activated, reason::ACTIVATION_SUCCESS)
        }
        Status::Active => {
            shown.date_ended = None;
            (&mut shown.date_resumed, reason::RESUMPTION_SUCCESS)
        }
        Status::Suspended => (&mut shown.date_suspended, reason::SUSPENSION_SUCCESS),
        Status::Cancelled | Status::Revoked => (&mut shown.date_ended, reason::TERMINATION_SUCCESS),
        Status::Failed => (&mut shown.date_ended, reason::METADATA_UPDATE),
        // `dateEnded` lies ahead and is the caller's to set.
        Status::ActiveEnding => (&mut None, reason::TERMINATION_PENDING),
        Status::Pending => (&mut None, reason::METADATA_UPDATE),
    };
    *date = Some(wire_time(now));
    let (from, to) = (from.name(), to.name());
    record.note(now, format!("{from} \u{2192} {to}, by {by}"));
    reason
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_stays_ended_and_nothing_becomes_itself() {
        for (from, _) in Status::TABLE {
            for (to, _) in Status::TABLE {
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
        for (status, name) in Status::TABLE {
            let stored = serde_json::to_string(&status).unwrap();
            assert_eq!((stored, status.name()), (format!("\"{name}\""), name));
        }
    }
}
