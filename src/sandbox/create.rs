//! The operation `create`, with its rules for a repeated one. It knows no HTTP beyond the body.

use serde_json::Value;
use uuid::Uuid;

use super::answer::{Answer, Code, Stop};
use super::call::Call;
use super::catalog::{Product, Start};
use super::fields::{self, Object};
use super::record::{Record, Status, wire_time};
use super::tables::Due;

/// Members that only the platform sets.
pub const PLATFORM: [&str; 11] = [
    "status",
    "dateCreated",
    "dateActivated",
    "dateEnded",
    "dateSuspended",
    "dateResumed",
    "dateLastUpdated",
    "activationCode",
    "responseCode",
    "responseMessage",
    "parameters",
];

/// Members that are kept but never shown.
const HIDDEN: [&str; 2] = ["notificationUrl", "extraInformation"];

/// Creates an entitlement, or returns to the one that is still pending.
pub fn create(call: &mut Call) -> Result<Answer, Stop> {
    let body = fields::object(call.request)?;
    let mut record = read(&body, call)?;
    let product = offered(call, &record)?;
    if call.tables.entitlement(record.id())?.is_some() {
        let message = format!("the entitlement id '{}' is in use", record.id());
        return Err(Stop::Refused(Code::AlreadyExists, message));
    }
    for other in call.tables.of_customer(record.customer())? {
        let same = |field| other.fields.get(field) == record.fields.get(field);
        if !other.status().is_live() || !same("merchantAccountKey") {
            continue;
        }
        if other.status() == Status::Pending && same("productKey") && same("offerKey") {
            return pending(call, &other);
        }
        return Err(limit_reached());
    }
    let start = call.forced.unwrap_or(product.creation);
    if start == Start::Unavailable {
        let message = format!("the service '{}' cannot be activated", product.key);
        return Err(Stop::Refused(Code::NotAvailable, message));
    }
    record.note(call.now, "created, by the reseller");
    if start == Start::Active {
        record.set("status", Status::Active.name());
        record.set("dateActivated", wire_time(call.now));
    }
    call.tables.add(&mut record)?;
    if let Some(expiry) = record.date("dateExpiry") {
        call.tables
            .plan(expiry, &Due::Reached(record.id().to_owned()))?;
    }
    match start {
        Start::Active => Ok(Answer::showing(&record)),
        _ => pending(call, &record),
    }
}

/// Returns the refusal of a second entitlement for a customer at a merchant.
#[must_use]
pub fn limit_reached() -> Stop {
    let message = "Maximum number of subscriptions for user reached";
    Stop::Refused(Code::BadRequest, message.to_owned())
}

fn pending(call: &mut Call, record: &Record) -> Result<Answer, Stop> {
    let (url, expires) = call.new_link(record)?;
    Ok(Answer::sending_to(
        record,
        Code::ClientActionRequired,
        &url,
        &expires,
    ))
}

fn offered(call: &Call, record: &Record) -> Result<Product, Stop> {
    if !call
        .settings
        .catalog
        .has_merchant(record.text("merchantAccountKey"))
    {
        return Err(Stop::invalid("merchantAccountKey"));
    }
    let product = call.product(record);
    product.cloned().ok_or_else(|| Stop::invalid("productKey"))
}

/// Reads the body into a record that is `PENDING` and not yet kept.
fn read(body: &Object, call: &Call) -> Result<Record, Stop> {
    let customer = fields::required(body, "customerIdentifier")?;
    let merchant = fields::required(body, "merchantAccountKey")?;
    let product = fields::required(body, "productKey")?;
    let offer = fields::optional(body, "offerKey")?;
    let notification_url = fields::url(body, "notificationUrl")?;
    let id = fields::optional(body, "entitlementId")?.map(str::to_owned);
    let expiry = fields::future(body, "dateExpiry", call.now)?;
    let name = fields::optional(body, "entitlementDisplayName")?;
    fields::data(body, "extensionData")?;
    if !matches!(
        body.get("extraInformation"),
        None | Some(Value::Null | Value::Object(_))
    ) {
        return Err(Stop::invalid("extraInformation"));
    }
    fields::forbid(body, &PLATFORM)?;

    let mut record = Record {
        fields: Object::new(),
        notification_url: notification_url.map(str::to_owned),
        extra_information: body.get("extraInformation").cloned(),
        history: Vec::new(),
        notifications: Vec::new(),
        sequence: 0,
    };
    record.set(
        "entitlementId",
        id.unwrap_or_else(|| Uuid::new_v4().to_string()),
    );
    record.set("status", Status::Pending.name());
    record.set("dateCreated", wire_time(call.now));
    for date in ["dateActivated", "dateEnded", "dateSuspended", "dateResumed"] {
        record.set(date, ());
    }
    record.set("dateLastUpdated", wire_time(call.now));
    record.set("dateExpiry", expiry.map(wire_time));
    record.set("customerIdentifier", customer);
    record.set("merchantAccountKey", merchant);
    record.set("productKey", product);
    record.set("offerKey", offer);
    record.set("activationCode", ());
    record.set("entitlementDisplayName", name);
    record.set("extensionData", body.get("extensionData").cloned());
    for (field, value) in body {
        if !record.fields.contains_key(field) && !HIDDEN.contains(&field.as_str()) {
            record.set(field, value.clone());
        }
    }
    Ok(record)
}
