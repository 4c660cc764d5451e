//! The operations of the API: create, get, report, activation information, update, cancel, revoke, reactivate, echo; and what
//! time alone ends. It knows no HTTP beyond the body.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::{Envelope, Refusal, ResponseCode};
use super::call::{Call, check_live, forbidden, notify};
use super::catalog::{Product, Start, Termination};
use super::fields::{self, Object};
use super::record::{Members, Record, Status, reason, wire_time};
use super::settings::{Config, later};
use super::state::State;

/// Members that only the platform sets.
#[rustfmt::skip]
const PLATFORM: [&str; 11] = [
    "status", "dateCreated", "dateActivated", "dateEnded", "dateSuspended", "dateResumed", "dateLastUpdated",
    "activationCode", "responseCode", "responseMessage", "parameters",
];

/// Members of a create that have a meaning; all others are kept as they are.
#[rustfmt::skip]
const CREATED: [&str; 10] = [
    "customerIdentifier", "merchantAccountKey", "productKey", "offerKey", "notificationUrl", "entitlementId",
    "dateExpiry", "entitlementDisplayName", "extensionData", "extraInformation",
];

/// Members of an entitlement that an update cannot change.
#[rustfmt::skip]
const FIXED: [&str; 4] = [
    "merchantAccountKey", "offerKey", "entitlementDisplayName", "extraInformation",
];

/// Members of an update that have a meaning; all others are kept as they are.
#[rustfmt::skip]
const UPDATED: [&str; 7] = [
    "entitlementId", "entitlementBenefits", "notificationUrl", "productKey", "dateExpiry",
    "customerIdentifier", "extensionData",
];

/// The most that the members of an entitlement may come to, in bytes of JSON: as much as one request.
const LARGEST: usize = crate::server::BODY_LIMIT;

/// Creates an entitlement, or returns to the one that is still pending.
pub fn create(call: &mut Call) -> Result<Envelope, Refusal> {
    let body = fields::object(call.request)?;
    let mut record = new_record(&body, call)?;
    let product = offered(call, &record)?;
    if call.state.entitlement(record.id()).is_some() {
        let message = format!("the entitlement id '{}' is in use", record.id());
        return Err(Refusal::new(ResponseCode::AlreadyExists, message));
    }
    let same = |other: &&Record| {
        let (one, other) = (&record.shown, &other.shown);
        other.status == Status::Pending
            && other.merchant_account_key == one.merchant_account_key
            && other.product_key == one.product_key
            && other.offer_key == one.offer_key
    };
    let other = call.state.live_of(record.customer()).find(same).cloned();
    if let Some(other) = other {
        return Ok(pending(call, &other));
    }
    call.check_limit(record.customer(), &record)?;
    let start = call.forced.unwrap_or(product.creation);
    if start == Start::Unavailable {
        return Err(unavailable(&product.key));
    }
    record.note(call.now, "created, by the reseller");
    if start == Start::Active {
        record.shown.status = Status::Active;
        record.shown.date_activated = Some(wire_time(call.now));
    }
    call.state.save(&mut record);
    match start {
        Start::Active => Ok(Envelope::showing(&record)),
        _ => Ok(pending(call, &record)),
    }
}

fn pending(call: &mut Call, record: &Record) -> Envelope {
    let (url, expires) = call.new_link(record);
    Envelope::sending_to(record, ResponseCode::ClientActionRequired, &url, &expires)
}

fn offered<'c>(call: &Call<'c>, record: &Record) -> Result<&'c Product, Refusal> {
    let catalog = &call.config.options.catalog;
    if !catalog.has_merchant(&record.shown.merchant_account_key) {
        return Err(Refusal::invalid("merchantAccountKey"));
    }
    let product = call.product(record);
    product.ok_or_else(|| Refusal::invalid("productKey"))
}

fn unavailable(product: &str) -> Refusal {
    let message = format!("the service '{product}' cannot be activated");
    Refusal::new(ResponseCode::NotAvailable, message)
}

/// Refuses a product that nothing may be changed to.
pub fn check_available(product: &Product) -> Result<(), Refusal> {
    match product.creation {
        Start::Unavailable => Err(unavailable(&product.key)),
        _ => Ok(()),
    }
}

/// Reads the body into a record that is `PENDING` and not yet kept.
fn new_record(body: &Object, call: &Call) -> Result<Record, Refusal> {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let customer_identifier = fields::required(body, "customerIdentifier")?.to_owned();
    let merchant_account_key = fields::required(body, "merchantAccountKey")?.to_owned();
    let product_key = fields::required(body, "productKey")?.to_owned();
    let offer_key = owned(fields::optional(body, "offerKey")?);
    let notification_url = owned(fields::url(body, "notificationUrl")?);
    let id = owned(fields::optional(body, "entitlementId")?);
    let expiry = fields::future(body, "dateExpiry", call.now)?;
    let entitlement_display_name = owned(fields::optional(body, "entitlementDisplayName")?);
    let extension_data = fields::data(body, "extensionData")?;
    let extra_information = body.get("extraInformation").cloned();
    if !matches!(
        extra_information,
        None | Some(Value::Null | Value::Object(_))
    ) {
        return Err(Refusal::invalid("extraInformation"));
    }
    fields::forbid(body, &PLATFORM)?;
    let shown = Members {
        entitlement_id: id.unwrap_or_else(|| Uuid::new_v4().to_string()),
        status: Status::Pending,
        date_created: wire_time(call.now),
        date_activated: None,
        date_ended: None,
        date_suspended: None,
        date_resumed: None,
        date_last_updated: wire_time(call.now),
        date_expiry: expiry.map(wire_time),
        customer_identifier,
        merchant_account_key,
        product_key,
        offer_key,
        activation_code: None,
        entitlement_display_name,
        extension_data,
        more: others(body, &CREATED).collect(),
    };
    Ok(Record {
        number: 0,
        shown,
        notification_url,
        extra_information,
        history: Vec::new(),
        termination: None,
    })
}

/// The members that nobody has documented.
fn others<'b>(body: &'b Object, known: &'b [&str]) -> impl Iterator<Item = (String, Value)> + 'b {
    let unknown = body
        .iter()
        .filter(|(name, _)| !known.contains(&name.as_str()));
    unknown.map(|(name, value)| (name.clone(), value.clone()))
}

/// Returns one entitlement.
pub fn get(call: &mut Call) -> Result<Envelope, Refusal> {
    Ok(Envelope::showing(&call.entitlement(call.argument)?))
}

/// Returns the entitlements of one customer, narrowed by product and status.
pub fn report(call: &mut Call) -> Result<Envelope, Refusal> {
    let body = fields::object(call.request)?;
    let customer = fields::required(&body, "customerIdentifier")?;
    let product = fields::optional(&body, "productKey")?;
    let status = fields::optional(&body, "status")?;
    let status: Option<Status> =
        serde_json::from_value(json!(status)).map_err(|_| Refusal::invalid("status"))?;
    let found = call.state.of_customer(customer);
    let found = found.filter(|record| {
        product.is_none_or(|key| record.shown.product_key == key)
            && status.is_none_or(|status| record.status() == status)
    });
    let found: Vec<Value> = found.map(|record| record.shown.to_map().into()).collect();
    let mut answer = Envelope::new(ResponseCode::Ok, "Success", json!({}));
    answer.set("entitlements", found);
    Ok(answer)
}

/// Returns a fresh registration link for an entitlement that is pending.
pub fn activation_info(call: &mut Call) -> Result<Envelope, Refusal> {
    let record = call.entitlement(call.argument)?;
    if record.status() != Status::Pending {
        let status = record.status().name();
        let message = format!("an entitlement that is {status} has nothing to activate");
        return Err(Refusal::new(ResponseCode::Conflict, message));
    }
    let (url, expires) = call.new_link(&record);
    Ok(Envelope::sending_to(
        &record,
        ResponseCode::Ok,
        &url,
        &expires,
    ))
}

#[expect(clippy::unnecessary_wraps, reason = "every operation has this shape")]
/// Returns the id that was sent, to show that the service is there.
pub fn echo(call: &mut Call) -> Result<Envelope, Refusal> {
    let mut answer = Envelope::new(ResponseCode::Ok, "Success", Value::Null);
    answer.body.shift_remove("parameters");
    answer.set("echo", call.argument);
    Ok(answer)
}

/// Changes an entitlement sparsely: what is not in the body stays.
pub fn update(call: &mut Call) -> Result<Envelope, Refusal> {
    let body = fields::object(call.request)?;
    let id = fields::required(&body, "entitlementId")?;
    fields::forbid(&body, &PLATFORM)?;
    fields::forbid(&body, &FIXED)?;
    if body.len() == 1 {
        let message = "a parameter to update is required";
        return Err(Refusal::new(ResponseCode::BadRequest, message));
    }
    let mut record = call.entitlement(id)?;
    check_live(&record)?;
    let benefits = benefits(&body, &record)?;
    let product = other_product(call, &body, &record)?;
    update_details(call, &body, &mut record)?;
    if let Some(status) = benefits {
        call.transition(&mut record, status, "the reseller")?;
    }
    let consent = match product {
        Some(product) => change_product(call, &mut record, product)?,
        None => false,
    };
    call.state.save(&mut record);
    if consent {
        return Ok(pending(call, &record));
    }
    Ok(Envelope::showing(&record))
}

/// Reads `entitlementBenefits` into the status that it asks for.
fn benefits(body: &Object, record: &Record) -> Result<Option<Status>, Refusal> {
    let to = match fields::optional(body, "entitlementBenefits")? {
        None => return Ok(None),
        Some("NORMAL") => Status::Active,
        Some("SUSPENDED") => Status::Suspended,
        Some(_) => return Err(Refusal::invalid("entitlementBenefits")),
    };
    // A pending entitlement becomes active by registration alone, never by an update.
    let from = record.status();
    if from == Status::Pending || !from.can_become(to) {
        return Err(forbidden(from, to));
    }
    Ok(Some(to))
}

/// Reads `productKey` into another product of the same merchant.
fn other_product<'c>(
    call: &Call<'c>,
    body: &Object,
    record: &Record,
) -> Result<Option<&'c Product>, Refusal> {
    let Some(key) = fields::optional(body, "productKey")? else {
        return fields::forbid(body, &["productKey"]).map(|()| None);
    };
    if key == record.shown.product_key {
        return Ok(None);
    }
    let catalog = &call.config.options.catalog;
    let product = catalog.find(&record.shown.merchant_account_key, key);
    let product = product.ok_or_else(|| Refusal::invalid("productKey"))?;
    check_available(product)?;
    Ok(Some(product))
}

/// Changes the product; returns whether the user has to agree first.
pub fn change_product(
    call: &mut Call,
    record: &mut Record,
    product: &Product,
) -> Result<bool, Refusal> {
    record.shown.product_key.clone_from(&product.key);
    record.note(call.now, format!("product changed to {}", product.key));
    if product.change == Start::Pending && record.status() == Status::Active {
        call.transition(record, Status::Pending, "the merchant")?;
        return Ok(true);
    }
    call.notify(record, reason::PRODUCT_UPDATE);
    Ok(false)
}

/// Changes everything that is neither status nor product, after checking all of it.
fn update_details(call: &mut Call, body: &Object, record: &mut Record) -> Result<(), Refusal> {
    let before = (record.shown.clone(), record.notification_url.clone());
    let url = fields::url(body, "notificationUrl")?;
    let data = fields::data(body, "extensionData")?;
    let expiry = fields::future(body, "dateExpiry", call.now)?;
    if body.contains_key("customerIdentifier") {
        let customer = fields::required(body, "customerIdentifier")?;
        call.check_limit(customer, record)?;
        customer.clone_into(&mut record.shown.customer_identifier);
    }
    if body.contains_key("notificationUrl") {
        record.notification_url = url.map(str::to_owned);
    }
    if body.contains_key("dateExpiry") {
        record.shown.date_expiry = expiry.map(wire_time);
    }
    if body.contains_key("extensionData") {
        record.shown.extension_data = data;
    }
    record.shown.more.extend(others(body, &UPDATED));
    if before == (record.shown.clone(), record.notification_url.clone()) {
        return Ok(());
    }
    let length = serde_json::to_vec(&record.shown).map_or(0, |bytes| bytes.len());
    if length > LARGEST {
        let message = "the entitlement would be larger than 1 MiB";
        return Err(Refusal::new(ResponseCode::BadRequest, message));
    }
    record.note(call.now, "details updated, by the reseller");
    call.notify(record, reason::METADATA_UPDATE);
    Ok(())
}

/// Ends an entitlement softly.
pub fn cancel(call: &mut Call) -> Result<Envelope, Refusal> {
    end(call, Status::Cancelled, "cancel")
}

/// Ends an entitlement now.
pub fn revoke(call: &mut Call) -> Result<Envelope, Refusal> {
    end(call, Status::Revoked, "revoke")
}

/// Takes back a cancel before its date.
pub fn reactivate(call: &mut Call) -> Result<Envelope, Refusal> {
    let mut record = call.entitlement(call.argument)?;
    if record.status() != Status::ActiveEnding {
        let status = record.status().name();
        let message = format!("an entitlement that is {status} cannot be reactivated");
        return Err(Refusal::new(ResponseCode::Conflict, message));
    }
    call.transition(&mut record, Status::Active, "the reseller")?;
    call.state.save(&mut record);
    Ok(Envelope::showing(&record))
}

fn end(call: &mut Call, to: Status, verb: &str) -> Result<Envelope, Refusal> {
    let body = fields::object(call.request)?;
    let category = fields::required(&body, "cancelReasonCategory")?;
    let code = fields::required(&body, "cancelReasonCode")?;
    let description = body.get("cancelReasonDescription");
    if !matches!(description, None | Some(Value::Null | Value::String(_))) {
        return Err(Refusal::invalid("cancelReasonDescription"));
    }
    let mut record = call.entitlement(call.argument)?;
    let status = record.status();
    let product = call.product(&record);
    let termination = product.map_or(Termination::Immediate, |product| product.termination);
    let ends = later(call.now, product.map(Product::period).unwrap_or_default());
    if status.can_become(to) {
        let what = format!("{verb} asked for, by the reseller: {category}, {code}");
        record.note(call.now, what);
        if termination == Termination::Delayed && status != Status::Pending {
            let queued = (ends.as_millisecond(), to);
            record.termination.get_or_insert(queued);
            call.state.save(&mut record);
            let mut answer = Envelope::showing(&record);
            answer.http_status = 202;
            answer.set("responseMessage", "Queued at the merchant");
            return Ok(answer);
        }
    }
    let soft = to == Status::Cancelled && status == Status::Active;
    if soft && termination == Termination::PeriodEnd {
        record.shown.date_ended = Some(wire_time(ends));
        call.transition(&mut record, Status::ActiveEnding, "the reseller")?;
    } else {
        call.transition(&mut record, to, "the reseller")?;
    }
    call.state.save(&mut record);
    Ok(Envelope::showing(&record))
}

/// Ends an entitlement whose time has come: the merchant does, as it said it would, or a date is reached.
pub fn end_in_time(state: &mut State, config: &Config, mut record: Record, now: Timestamp) {
    let queued = record
        .termination
        .filter(|(at, _)| *at <= now.as_millisecond());
    let (to, by) = match queued {
        Some((_, to)) => (to, "the merchant"),
        None => (Status::Cancelled, "Bango, on its date"),
    };
    record.termination = None;
    let reason = record.transition(to, now, by);
    notify(state, config, &record, reason, now);
    state.save(&mut record);
}
