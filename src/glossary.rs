//! What every code, status, reason and field means, whether to repeat, and what next: the words of `explain` and of the hints.

use serde::Serialize;

use crate::api::types::{ResponseCode, Status, field};
use crate::api::value::END_REASONS;
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
    /// A field of a request, an answer or a notification.
    Field,
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
            Self::Field => "field",
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
    let fields = FIELDS.iter().map(|(name, meaning)| Term {
        kind: TermKind::Field,
        name: (*name).to_owned(),
        meaning,
        repeat: "says nothing about that",
        next: "--json shows every field of an answer, also those that are not listed here",
        exit_code: None,
    });
    responses
        .chain(statuses)
        .chain(exits)
        .chain(ends)
        .chain(notices)
        .chain(fields)
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

/// The fields of requests, answers and notifications that Bango names, and where this tool sends them from.
#[rustfmt::skip]
pub const FIELDS: &[(&str, &str)] = &[
    (field::RESPONSE_CODE, "what an answer says: it decides before the HTTP status"),
    (field::RESPONSE_MESSAGE, "the answer in words, for people and not for use by code"),
    (field::PARAMETERS, "what belongs to the response code: action, url, urlExpiry"),
    (field::ACTION, "in parameters: what the user must do; NAVIGATE_TO_URL is the only one that Bango documents"),
    (field::URL, "in parameters: the merchant's registration page for this user, up to 10,000 characters"),
    (field::URL_EXPIRY, "in parameters, on Bango's newer platform: until when the URL works"),
    (field::ENTITLEMENT_ID, "Bango's id of the entitlement; your own only if you chose one, which Bango does not recommend"),
    (field::EXTERNAL_ENTITLEMENT_ID, "your own id of the entitlement, on Bango's newer platform (create --external-id)"),
    (field::MERCHANT_ENTITLEMENT_ID, "the merchant's id of the entitlement, on Bango's newer platform"),
    (field::STATUS, "where the entitlement stands; it is never sent in an update"),
    (field::CUSTOMER_IDENTIFIER, "your own, lasting id of the user (--user)"),
    (field::SHARED_CUSTOMER_ID, "an id of the customer in all answers of Bango's newer platform"),
    (field::FINANCE_DATA, "in answers and notifications of Bango's newer platform; Bango's change log names it, and nothing public says what is in it"),
    (field::PLATFORM_USER_ID, "Bango's id of the user, on its newer platform"),
    (field::MERCHANT_ACCOUNT_KEY, "the merchant, as issued by Bango; case matters (--merchant)"),
    (field::PRODUCT_KEY, "the service, as issued by Bango; case matters (--product)"),
    (field::OFFER_KEY, "the offer, where one applies (--offer)"),
    (field::NOTIFICATION_URL, "where Bango posts changes of the entitlement (--notification-url); it is used exactly as it is"),
    (field::DISPLAY_NAME, "a name that the user may see (--display-name)"),
    (field::EXTENSION_DATA, "data kept with the entitlement, an object or a text (--extension-data)"),
    (field::EXTRA_INFORMATION, "in a create: what the merchant wants to know besides, such as the device; an object"),
    (field::ACTIVATION_CODE, "a code that belongs to the activation, if the merchant has one"),
    (field::DATE_CREATED, "when it was created"),
    (field::DATE_ACTIVATED, "when it became ACTIVE"),
    (field::DATE_SUSPENDED, "when it was suspended"),
    (field::DATE_RESUMED, "when it was resumed"),
    (field::DATE_ENDED, "when it ended; of an ACTIVE-ENDING one when it will"),
    (field::DATE_EXPIRY, "when Bango ends it for you (--expires)"),
    (field::DATE_LAST_UPDATED, "when it was last changed: notifications may come in any order, and this tells which is newer"),
    (field::ENTITLEMENTS, "the entitlements of a report (list)"),
    (field::ENTITLEMENT_BENEFITS, "NORMAL resumes; the value that suspends is not documented, and this tool sends SUSPENDED"),
    (field::CANCEL_REASON_CATEGORY, "why it is ended: the category (--reason CATEGORY/CODE)"),
    (field::CANCEL_REASON_CODE, "why it is ended: the code"),
    (field::CANCEL_REASON_DESCRIPTION, "why it is ended, in your own words (--description)"),
    (field::ECHO, "the id that an echo call was sent with"),
    (field::NOTIFICATION_REASON, "why a notification was sent; that the field is called so is inferred"),
    (field::REQUEST_IDENTIFIER, "added by this tool: the X-RequestIdentifier header of the request, the same on each repetition"),
];
