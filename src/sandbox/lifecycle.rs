//! Which status may follow which, and what a change of status does to the record. Pure: it stores and sends nothing.

use jiff::Timestamp;

use super::record::{Record, Status, wire_time};

/// Why a notification is sent, as Bango names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The entitlement became `ACTIVE`.
    ActivationSuccess,
    /// It became `ACTIVE-ENDING`.
    TerminationPending,
    /// It became `CANCELLED` or `REVOKED`.
    TerminationSuccess,
    /// Another product.
    ProductUpdate,
    /// It became `SUSPENDED`.
    SuspensionSuccess,
    /// It is `ACTIVE` again.
    ResumptionSuccess,
    /// Something else about it changed.
    MetadataUpdate,
}

impl Reason {
    /// Returns the wire spelling.
    #[must_use]
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
#[must_use]
pub fn allows(from: Status, to: Status) -> bool {
    use Status::{Active, ActiveEnding, Cancelled, Failed, Pending, Revoked, Suspended};
    match from {
        Pending => matches!(to, Active | Cancelled | Revoked | Failed),
        Active => matches!(
            to,
            Pending | Suspended | ActiveEnding | Cancelled | Revoked | Failed
        ),
        Suspended => matches!(to, Active | Cancelled | Revoked | Failed),
        ActiveEnding => matches!(to, Active | Cancelled | Revoked | Failed),
        Cancelled | Revoked | Failed => false,
    }
}

/// Moves a record to a status that [`allows`] permits, dates it, and returns why the reseller is to be notified.
pub fn enter(record: &mut Record, to: Status, now: Timestamp, by: &str) -> Reason {
    let from = record.status();
    let time = wire_time(now);
    record.set("status", to.name());
    let reason = match to {
        Status::Active if from == Status::Pending => {
            record.set("dateActivated", time);
            Reason::ActivationSuccess
        }
        Status::Active => {
            record.set("dateResumed", time);
            record.set("dateEnded", ());
            Reason::ResumptionSuccess
        }
        Status::Suspended => {
            record.set("dateSuspended", time);
            Reason::SuspensionSuccess
        }
        // Its `dateEnded` lies ahead and is the caller's to set.
        Status::ActiveEnding => Reason::TerminationPending,
        Status::Cancelled | Status::Revoked => {
            record.set("dateEnded", time);
            Reason::TerminationSuccess
        }
        Status::Failed => {
            record.set("dateEnded", time);
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
}
