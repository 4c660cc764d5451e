//! Bodies and vocabulary as the API spells them. Every wire name of a request or an answer stands here, and only here.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The names of body fields, from Bango's "Create entitlement" and "Entitlement record" pages.
pub mod field {
    pub const RESPONSE_CODE: &str = "responseCode";
    pub const RESPONSE_MESSAGE: &str = "responseMessage";
    pub const PARAMETERS: &str = "parameters";
    pub const ACTION: &str = "action";
    pub const URL: &str = "url";
    pub const URL_EXPIRY: &str = "urlExpiry";
    pub const ENTITLEMENT_ID: &str = "entitlementId";
    pub const STATUS: &str = "status";
    pub const CUSTOMER_IDENTIFIER: &str = "customerIdentifier";
    pub const MERCHANT_ACCOUNT_KEY: &str = "merchantAccountKey";
    pub const PRODUCT_KEY: &str = "productKey";
    pub const OFFER_KEY: &str = "offerKey";
    pub const NOTIFICATION_URL: &str = "notificationUrl";
    pub const DISPLAY_NAME: &str = "entitlementDisplayName";
    pub const EXTENSION_DATA: &str = "extensionData";
    pub const EXTRA_INFORMATION: &str = "extraInformation";
    pub const ACTIVATION_CODE: &str = "activationCode";
    /// The reseller's own id of an entitlement, on Bango's newer platform.
    pub const EXTERNAL_ENTITLEMENT_ID: &str = "externalEntitlementId";
    pub const MERCHANT_ENTITLEMENT_ID: &str = "merchantEntitlementId";
    pub const SHARED_CUSTOMER_ID: &str = "sharedCustomerId";
    pub const PLATFORM_USER_ID: &str = "bangoUserId";
    /// On Bango's newer platform; its content is not documented.
    pub const FINANCE_DATA: &str = "financeData";
    pub const DATE_CREATED: &str = "dateCreated";
    pub const DATE_ACTIVATED: &str = "dateActivated";
    pub const DATE_SUSPENDED: &str = "dateSuspended";
    pub const DATE_RESUMED: &str = "dateResumed";
    pub const DATE_ENDED: &str = "dateEnded";
    pub const DATE_EXPIRY: &str = "dateExpiry";
    pub const DATE_LAST_UPDATED: &str = "dateLastUpdated";
    /// What an entitlement's record says of it in texts, beside data that is the reseller's or the merchant's own.
    pub const RECORD: [&str; 15] = [
        ENTITLEMENT_ID,
        EXTERNAL_ENTITLEMENT_ID,
        CUSTOMER_IDENTIFIER,
        MERCHANT_ACCOUNT_KEY,
        PRODUCT_KEY,
        OFFER_KEY,
        DISPLAY_NAME,
        STATUS,
        DATE_CREATED,
        DATE_ACTIVATED,
        DATE_SUSPENDED,
        DATE_RESUMED,
        DATE_EXPIRY,
        DATE_ENDED,
        DATE_LAST_UPDATED,
    ];
    pub const ENTITLEMENTS: &str = "entitlements";
    pub const ENTITLEMENT_BENEFITS: &str = "entitlementBenefits";
    pub const CANCEL_REASON_CATEGORY: &str = "cancelReasonCategory";
    /// Inferred, like the place of all three at the top level.
    pub const CANCEL_REASON_CODE: &str = "cancelReasonCode";
    /// Inferred.
    pub const CANCEL_REASON_DESCRIPTION: &str = "cancelReasonDescription";
    /// Of the Product API, like the names of a product's fields.
    pub const ELIGIBLE_PRODUCTS: &str = "eligibleProducts";
    pub const ECHO: &str = "echo";
    /// Why a notification was sent. Bango does not document the name; this one and `REASON` are inferred.
    pub const NOTIFICATION_REASON: &str = "notificationReason";
    pub const REASON: &str = "reason";
    /// Added by this tool to what it prints; the API carries it as a header.
    pub const REQUEST_IDENTIFIER: &str = "requestIdentifier";
}

/// The only client action that Bango documents: send the user to `parameters.url`.
pub const NAVIGATE_TO_URL: &str = "NAVIGATE_TO_URL";

/// What the message of a `BAD_REQUEST` contains when the user already has the service. Nothing else tells the two apart.
const MAXIMUM_REACHED: &str = "Maximum number of subscriptions";

/// Tells whether the message of a `BAD_REQUEST` means that the user already has the service.
pub fn is_maximum_reached(message: &str) -> bool {
    message
        .to_ascii_lowercase()
        .contains(&MAXIMUM_REACHED.to_ascii_lowercase())
}

/// A body of the fields that are there.
pub fn body<const N: usize>(fields: [(&str, Option<Value>); N]) -> Map<String, Value> {
    let given = |(name, value): (&str, Option<Value>)| Some((name.to_owned(), value?));
    fields.into_iter().filter_map(given).collect()
}

/// Which entitlements `POST /entitlement/report` is to find.
#[derive(Debug, Clone, Default)]
pub struct EntitlementQuery {
    /// Whose.
    pub customer_identifier: String,
    /// Of this product only.
    pub product_key: Option<String>,
    /// In this status only.
    pub status: Option<String>,
}

impl EntitlementQuery {
    /// The JSON body; what is not asked for is null.
    pub fn body(&self) -> Map<String, Value> {
        let (user, product) = (self.customer_identifier.clone(), self.product_key.clone());
        body([
            (field::CUSTOMER_IDENTIFIER, Some(user.into())),
            (field::PRODUCT_KEY, Some(product.into())),
            (field::STATUS, Some(self.status.clone().into())),
        ])
    }
}

/// An operation of the API, called as the command that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    Create,
    Get,
    List,
    Update,
    Suspend,
    Resume,
    Cancel,
    Revoke,
    ActivationUrl,
    Echo,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// The value of `entitlementBenefits` that resumes, as documented.
pub const BENEFITS_NORMAL: &str = "NORMAL";
/// The value of `entitlementBenefits` that suspends: undocumented, our guess.
pub const BENEFITS_SUSPENDED: &str = "SUSPENDED";

/// `responseCode`: what decides about an answer, before its HTTP status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResponseCode {
    Ok,
    ClientActionRequired,
    BadRequest,
    Unauthorized,
    NotAvailable,
    NotFound,
    AlreadyExists,
    Conflict,
    TooManyRequests,
    InternalError,
    ServiceUnavailable,
    /// A code that this tool does not know: Bango may have added it.
    Unrecognised(String),
}

/// What a response code asks of the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Done.
    Success,
    /// Not done; the same request will be refused again.
    Refused,
    /// Not now; the same request may be repeated under the same identifier.
    Wait,
    /// Neither success nor failure can be concluded.
    Unrecognised,
}

impl ResponseCode {
    /// All codes that Bango documents.
    pub const DOCUMENTED: [Self; 11] = [
        Self::Ok,
        Self::ClientActionRequired,
        Self::BadRequest,
        Self::Unauthorized,
        Self::NotAvailable,
        Self::NotFound,
        Self::AlreadyExists,
        Self::Conflict,
        Self::TooManyRequests,
        Self::InternalError,
        Self::ServiceUnavailable,
    ];

    /// Reads the code; its spelling is taken exactly as documented.
    pub fn parse(text: &str) -> Self {
        Self::DOCUMENTED
            .into_iter()
            .find(|code| code.as_str() == text)
            .unwrap_or_else(|| Self::Unrecognised(text.to_owned()))
    }

    /// The code as Bango spells it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Ok => "OK",
            Self::ClientActionRequired => "CLIENT_ACTION_REQUIRED",
            Self::BadRequest => "BAD_REQUEST",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::NotAvailable => "NOT_AVAILABLE",
            Self::NotFound => "NOT_FOUND",
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::Conflict => "CONFLICT",
            Self::TooManyRequests => "TOO_MANY_REQUESTS",
            Self::InternalError => "INTERNAL_ERROR",
            Self::ServiceUnavailable => "SERVICE_UNAVAILABLE",
            Self::Unrecognised(text) => text,
        }
    }

    /// What the code asks of the caller.
    pub fn class(&self) -> Class {
        match self {
            Self::Ok | Self::ClientActionRequired => Class::Success,
            Self::TooManyRequests | Self::InternalError | Self::ServiceUnavailable => Class::Wait,
            Self::Unrecognised(_) => Class::Unrecognised,
            _ => Class::Refused,
        }
    }
}

/// `status`: where an entitlement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// All statuses that Bango documents.
    pub const DOCUMENTED: [Self; 7] = [
        Self::Pending,
        Self::Active,
        Self::ActiveEnding,
        Self::Suspended,
        Self::Cancelled,
        Self::Revoked,
        Self::Failed,
    ];

    /// What can be waited for; not `FAILED`, which means that Bango does not know.
    pub const AWAITED: &[Self] = Self::DOCUMENTED.split_at(6).0;

    /// Whether nothing leads on from it, or nothing may be concluded from it.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Cancelled | Self::Revoked | Self::Failed)
    }

    /// Reads a status; `None` for one that Bango has not documented.
    pub fn parse(text: &str) -> Option<Self> {
        Self::DOCUMENTED
            .into_iter()
            .find(|status| status.as_str() == text)
    }

    /// The status as Bango spells it.
    pub const fn as_str(self) -> &'static str {
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
}
