//! What every code, status and reason means, whether to repeat, and what next: the words of `explain` and of the hints.

use serde::Serialize;

use crate::api::types::{ResponseCode, Status};
use crate::ending;

/// What a term is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum TermKind {
    /// `responseCode` of an answer.
    ResponseCode,
    /// `status` of an entitlement.
    Status,
    /// The exit code of this tool.
    ExitCode,
    /// A reason for ending an entitlement: category and code.
    EndReason,
    /// The reason of a notification.
    NotificationReason,
}

impl TermKind {
    /// The kind in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ResponseCode => "response code",
            Self::Status => "status",
            Self::ExitCode => "exit code",
            Self::EndReason => "end reason",
            Self::NotificationReason => "notification reason",
        }
    }
}

/// One term explained.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Term {
    /// What the term is.
    pub kind: TermKind,
    /// The term as it is spelt.
    pub name: String,
    /// What it means.
    pub meaning: &'static str,
    /// Whether it is safe to repeat the request or command.
    pub repeat: &'static str,
    /// What to do next.
    pub next: &'static str,
    /// The exit code that the tool ends with on it, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<u8>,
}

/// Everything that can be explained.
pub fn terms() -> Vec<Term> {
    let responses = ResponseCode::DOCUMENTED.iter().map(of_response);
    let statuses = Status::DOCUMENTED.into_iter().map(of_status);
    let exits = ending::TABLE.iter().map(|row| Term {
        kind: TermKind::ExitCode,
        name: row.code.number().to_string(),
        meaning: row.meaning,
        repeat: row.repeat,
        next: row.next,
        exit_code: Some(row.code.number()),
    });
    let ends = END_REASONS.iter().map(|(name, meaning)| Term {
        kind: TermKind::EndReason,
        name: (*name).to_owned(),
        meaning,
        repeat: "Bango documents HTTP 409 for ending what has ended",
        next: "give it to cancel or revoke as the reason",
        exit_code: None,
    });
    let notices = NOTIFICATION_REASONS.iter().map(|(name, meaning)| Term {
        kind: TermKind::NotificationReason,
        name: (*name).to_owned(),
        meaning,
        repeat: "Bango may send it more than once",
        next: "answer 200 at once; compare dateLastUpdated before you believe it",
        exit_code: None,
    });
    responses
        .chain(statuses)
        .chain(exits)
        .chain(ends)
        .chain(notices)
        .collect()
}

/// What a response code means.
pub fn of_response(code: &ResponseCode) -> Term {
    let (meaning, repeat) = response_text(code);
    let exit = ending::Code::from(code);
    let next = match code {
        ResponseCode::ClientActionRequired => {
            "send the user to parameters.url; it is ACTIVE only when a read or a notification says so"
        }
        _ => exit.row().next,
    };
    Term {
        kind: TermKind::ResponseCode,
        name: code.as_str().to_owned(),
        meaning,
        repeat,
        next,
        exit_code: Some(exit.number()),
    }
}

const SAME_ID: &str = "yes, with the same X-RequestIdentifier; the tool does so by itself";
const REFUSED_AGAIN: &str = "no, it will be refused again";

#[rustfmt::skip]
fn response_text(code: &ResponseCode) -> (&'static str, &'static str) {
    match code {
        ResponseCode::Ok => ("done; the status is normally ACTIVE", "not needed"),
        ResponseCode::ClientActionRequired => ("done; the status is PENDING and parameters.action says what the user must do", "repeating create with the same parameters gives a new activation URL"),
        ResponseCode::BadRequest => ("the request is invalid, or the user already has the service (\"Maximum number of subscriptions\" in the message is the only sign of that)", REFUSED_AGAIN),
        ResponseCode::Unauthorized => ("the credentials are wrong, or the request came from an IP address that is not on the list agreed with Bango; the answer does not tell which", REFUSED_AGAIN),
        ResponseCode::NotAvailable => ("the service cannot be activated", REFUSED_AGAIN),
        ResponseCode::NotFound => ("there is no such entitlement", REFUSED_AGAIN),
        ResponseCode::AlreadyExists => ("the entitlement id is in use", REFUSED_AGAIN),
        ResponseCode::Conflict => ("not possible in the present status, for example ending what has ended", REFUSED_AGAIN),
        ResponseCode::TooManyRequests => ("the request limit is reached", SAME_ID),
        ResponseCode::InternalError => ("an error on Bango's side that is probably temporary; it may have acted", SAME_ID),
        ResponseCode::ServiceUnavailable => ("Bango is not available, for example in maintenance", SAME_ID),
        ResponseCode::Unrecognised(_) => ("a code that this version does not know; Bango may have added it", "only with the same X-RequestIdentifier"),
    }
}

#[rustfmt::skip]
fn of_status(status: Status) -> Term {
    let (meaning, repeat, next) = match status {
        Status::Pending => ("the user must finish something before the service works; an update can lead here too", "repeating create with the same parameters gives a new activation URL", "send the user to the registration URL"),
        Status::Active => ("the user has the service", "Bango documents BAD_REQUEST for creating it again", "nothing"),
        Status::ActiveEnding => ("cancelled, and still usable to the end of the paid period", "it can be ended again, also at once with revoke", "nothing; it becomes CANCELLED when its date is reached"),
        Status::Suspended => ("the user's access is paused", "yes", "resume it, or end it"),
        Status::Cancelled => ("over, after the end of the paid period", "Bango documents HTTP 409 for ending what has ended", "create a new entitlement if the user wants the service again"),
        Status::Revoked => ("over; access ended at once", "Bango documents HTTP 409 for ending what has ended", "create a new entitlement if the user is to have the service again"),
        Status::Failed => ("the merchant did not answer: Bango itself does not know whether the user has access", "read it again; conclude nothing from it", "neither grant nor deny on it; ask Bango with the entitlement id"),
    };
    Term { kind: TermKind::Status, name: status.as_str().to_owned(), meaning, repeat, next, exit_code: None }
}

/// The reasons for ending an entitlement, from Bango's newer list, with their meaning in our words.
#[rustfmt::skip]
pub const END_REASONS: &[(&str, &str)] = &[
    ("CUSTOMER_CANCELLED/NOT_RENEWED", "the customer did not renew"),
    ("CUSTOMER_CANCELLED/CHANGED_SERVICE", "the customer changed to another service"),
    ("CUSTOMER_CANCELLED/SUBSCRIPTION_CANCELLED", "the customer cancelled the subscription"),
    ("CUSTOMER_CANCELLED/ADDON_CANCELLED", "the customer cancelled an add-on"),
    ("CUSTOMER_CANCELLED/EXPIRED", "the service ran out"),
    ("CUSTOMER_CANCELLED/OTHER", "the customer ended it for another reason"),
    ("REVOKED/ACCOUNT_TERMINATED", "the customer's account was closed"),
    ("REVOKED/SUSPEND_TERMINATED", "ended after a suspension"),
    ("REVOKED/ERROR", "given in error"),
    ("REVOKED/FRAUD", "fraud"),
    ("REVOKED/IMMEDIATE_CANCELLATION", "cancelled with immediate effect"),
    ("REVOKED/OTHER", "taken away for another reason"),
];

/// The reasons of notifications that Bango documents.
#[rustfmt::skip]
pub const NOTIFICATION_REASONS: &[(&str, &str)] = &[
    ("ACTIVATION_SUCCESS", "the entitlement became ACTIVE"),
    ("TERMINATION_PENDING", "the entitlement became ACTIVE-ENDING"),
    ("TERMINATION_SUCCESS", "the entitlement became CANCELLED or REVOKED"),
    ("PRODUCT_UPDATE", "the product changed"),
    ("SUSPENSION_SUCCESS", "the entitlement became SUSPENDED"),
    ("RESUMPTION_SUCCESS", "the entitlement became ACTIVE again"),
    ("METADATA_UPDATE", "data kept with the entitlement changed"),
];
