//! The operations of the API: create, get, report, activation information, update, cancel, revoke, reactivate, echo; and what
//! time alone ends. It knows no HTTP beyond the body.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::{ApiRefusal, Envelope, ResponseCode};
use super::body::{self, Object, text};
use super::call::{Call, check_live, forbidden, notify};
use super::catalog::{Product, Start, Termination};
use super::faults;
use super::record::{EntitlementMembers, Status, StoredEntitlement, later, reason, wire_time};
use super::settings::Config;
use super::state::State;

/// The most that the members of an entitlement may come to, in bytes of JSON: as much as one request.
const LARGEST: usize = crate::server::BODY_LIMIT;

/// Creates an entitlement, or returns to the one that is still pending.
pub fn create(call: &mut Call) -> Result<Envelope, ApiRefusal> {
    let body = body::read(call.request, call.body.take(), body::CREATE, call.now)?;
    let mut record = new_record(&body, call);
    faults::check(record.customer())?;
    let product = offered(call, &record)?;
    if call.state.entitlement(record.id()).is_some() {
        let message = format!("the entitlement id '{}' is in use", record.id());
        return Err(ApiRefusal::new(ResponseCode::AlreadyExists, message));
    }
    let same = |other: &&StoredEntitlement| {
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
    if start == Start::Active {
        record.shown.status = Status::Active;
        record.shown.date_activated = Some(wire_time(call.now));
    }
    record.note(call.now, "created, by the reseller");
    call.state.save(&record);
    match start {
        Start::Active => {
            let mut envelope = Envelope::showing(&record);
            envelope.http_status = if product.created { 201 } else { 200 };
            Ok(envelope)
        }
        _ => Ok(pending(call, &record)),
    }
}

fn pending(call: &mut Call, record: &StoredEntitlement) -> Envelope {
    let (url, expires) = call.new_link(record);
    Envelope::sending_to(record, ResponseCode::ClientActionRequired, &url, &expires)
}

fn offered<'c>(call: &Call<'c>, record: &StoredEntitlement) -> Result<&'c Product, ApiRefusal> {
    let catalog = &call.config.options.catalog;
    if !catalog.has_merchant(&record.shown.merchant_account_key) {
        return Err(ApiRefusal::invalid("merchantAccountKey"));
    }
    let product = call.product(record);
    product.ok_or_else(|| ApiRefusal::invalid("productKey"))
}

fn unavailable(product: &str) -> ApiRefusal {
    let message = format!("the service '{product}' cannot be activated");
    ApiRefusal::new(ResponseCode::NotAvailable, message)
}

/// Refuses a product that nothing may be changed to.
pub fn check_available(product: &Product) -> Result<(), ApiRefusal> {
    match product.creation {
        Start::Unavailable => Err(unavailable(&product.key)),
        _ => Ok(()),
    }
}

/// Makes of a body a record that is `PENDING` and not yet kept.
pub fn new_record(body: &Object, call: &Call) -> StoredEntitlement {
    let text = |name| text(body, name).map(str::to_owned);
    let data = |name| body.get(name).cloned();
    let shown = EntitlementMembers {
        entitlement_id: text("entitlementId").unwrap_or_else(|| Uuid::new_v4().to_string()),
        date_created: wire_time(call.now),
        date_last_updated: wire_time(call.now),
        date_expiry: text("dateExpiry").map(in_milliseconds),
        customer_identifier: text("customerIdentifier").unwrap_or_default(),
        merchant_account_key: text("merchantAccountKey").unwrap_or_default(),
        product_key: text("productKey").unwrap_or_default(),
        offer_key: text("offerKey"),
        entitlement_display_name: text("entitlementDisplayName"),
        extension_data: data("extensionData").unwrap_or_default(),
        more: more(body),
        ..EntitlementMembers::default()
    };
    StoredEntitlement {
        shown,
        notification_url: text("notificationUrl")
            .or_else(|| call.config.options.notification_url.clone()),
        extra_information: data("extraInformation"),
        ..StoredEntitlement::default()
    }
}

/// The members of a create that come back as they were sent, and what the platform adds.
fn more(body: &Object) -> Object {
    let mut more = without(body, body::CREATE);
    let name = "externalEntitlementId";
    more.extend(body.get(name).map(|id| (name.to_owned(), id.clone())));
    let customer = text(body, "customerIdentifier").unwrap_or_default();
    more.insert(
        "sharedCustomerId".to_owned(),
        shared_customer_id(customer).into(),
    );
    more
}

/// What a customer is called towards all merchants: always the same, and telling nothing of the reseller's own id.
fn shared_customer_id(customer: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, customer.as_bytes());
    let bytes = digest.as_ref().first_chunk().copied().unwrap_or_default();
    uuid::Builder::from_custom_bytes(bytes)
        .into_uuid()
        .to_string()
}

/// The members of a body that have no meaning here.
fn without(body: &Object, schema: body::Schema) -> Object {
    let mut others = body.clone();
    others.retain(|name, _| !body::is_known(schema, name));
    others
}

/// Writes a reseller's time as the platform does.
fn in_milliseconds(time: String) -> String {
    match time.parse() {
        Ok(moment) => wire_time(moment),
        // Later than any timestamp.
        Err(_) => match time.trim_end_matches('Z').parse::<DateTime>() {
            Ok(moment) => format!("{moment:.3}Z"),
            Err(_) => time,
        },
    }
}

/// Returns one entitlement.
pub fn get(call: &mut Call) -> Result<Envelope, ApiRefusal> {
    Ok(Envelope::showing(&call.entitlement(call.argument)?))
}

/// Returns the entitlements of one customer, narrowed by product and status.
pub fn report(call: &mut Call) -> Result<Envelope, ApiRefusal> {
    let body = body::read(call.request, call.body.take(), body::REPORT, call.now)?;
    let customer = text(&body, "customerIdentifier").unwrap_or_default();
    faults::check(customer)?;
    let product = text(&body, "productKey");
    let status: Option<Status> = serde_json::from_value(json!(body.get("status")))
        .map_err(|_| ApiRefusal::invalid("status"))?;
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
pub fn activation_info(call: &mut Call) -> Result<Envelope, ApiRefusal> {
    let record = call.entitlement(call.argument)?;
    if record.status() != Status::Pending {
        let status = record.status();
        let message = format!("an entitlement that is {status} has nothing to activate");
        return Err(ApiRefusal::new(ResponseCode::Conflict, message));
    }
    let (url, expires) = call.new_link(&record);
    Ok(Envelope::sending_to(
        &record,
        ResponseCode::Ok,
        &url,
        &expires,
    ))
}

/// Returns the id that was sent, to show that the service is there.
pub fn echo(call: &mut Call) -> Result<Envelope, ApiRefusal> {
    faults::check(call.argument)?;
    let mut answer = Envelope::new(ResponseCode::Ok, "Success", Value::Null);
    answer.body.shift_remove("parameters");
    answer.set("echo", call.argument);
    Ok(answer)
}

/// Changes an entitlement sparsely: what is not in the body stays.
pub fn update(call: &mut Call) -> Result<Envelope, ApiRefusal> {
    let mut body = body::read(call.request, call.body.take(), body::UPDATE, call.now)?;
    if body.len() == 1 {
        let message = "a parameter to update is required";
        return Err(ApiRefusal::new(ResponseCode::BadRequest, message));
    }
    let mut record = call.entitlement(text(&body, "entitlementId").unwrap_or_default())?;
    check_live(&record)?;
    let benefits = benefits(&body, &record)?;
    let product = other_product(call, &body, &record)?;
    let mut reason = Object::new();
    if benefits == Some(Status::Suspended) {
        // Bango documents that a suspension has a reason, but not its members' names.
        reason = without(&body, body::UPDATE);
        body.retain(|name, _| !reason.contains_key(name));
    }
    update_details(call, &body, &mut record)?;
    if !reason.is_empty() {
        record.add_data(reason);
    }
    if let Some(status) = benefits {
        call.transition(&mut record, status, "the reseller")?;
    }
    let consent = match product {
        Some(product) => change_product(call, &mut record, product)?,
        None => false,
    };
    check_size(&record)?;
    call.state.save(&record);
    if consent {
        return Ok(pending(call, &record));
    }
    Ok(Envelope::showing(&record))
}

/// Reads `entitlementBenefits` into the status that it asks for.
fn benefits(body: &Object, record: &StoredEntitlement) -> Result<Option<Status>, ApiRefusal> {
    let to = match text(body, "entitlementBenefits") {
        None => return Ok(None),
        Some("NORMAL") => Status::Active,
        Some("SUSPENDED") => Status::Suspended,
        Some(_) => return Err(ApiRefusal::invalid("entitlementBenefits")),
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
    record: &StoredEntitlement,
) -> Result<Option<&'c Product>, ApiRefusal> {
    let key = text(body, "productKey").filter(|key| *key != record.shown.product_key);
    let Some(key) = key else {
        return Ok(None);
    };
    let catalog = &call.config.options.catalog;
    let product = catalog.find(&record.shown.merchant_account_key, key);
    let product = product.ok_or_else(|| ApiRefusal::invalid("productKey"))?;
    check_available(product)?;
    Ok(Some(product))
}

/// Changes the product; returns whether the user has to agree first.
pub fn change_product(
    call: &mut Call,
    record: &mut StoredEntitlement,
    product: &Product,
) -> Result<bool, ApiRefusal> {
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
fn update_details(
    call: &mut Call,
    body: &Object,
    record: &mut StoredEntitlement,
) -> Result<(), ApiRefusal> {
    let before = (record.shown.clone(), record.notification_url.clone());
    for (name, value) in body {
        let text = value.as_str().map(str::to_owned);
        match name.as_str() {
            "entitlementId" | "entitlementBenefits" | "productKey" => {}
            "customerIdentifier" => {
                let customer = text.unwrap_or_default();
                call.check_limit(&customer, record)?;
                let shared = shared_customer_id(&customer).into();
                record
                    .shown
                    .more
                    .insert("sharedCustomerId".to_owned(), shared);
                record.shown.customer_identifier = customer;
            }
            "notificationUrl" => record.notification_url = text,
            "dateExpiry" => record.shown.date_expiry = text.map(in_milliseconds),
            "extensionData" => record.shown.extension_data = value.clone(),
            _ => {
                record.shown.more.insert(name.clone(), value.clone());
            }
        }
    }
    if before == (record.shown.clone(), record.notification_url.clone()) {
        return Ok(());
    }
    record.note(call.now, "details updated, by the reseller");
    call.notify(record, reason::METADATA_UPDATE);
    Ok(())
}

/// Refuses an entitlement that has grown too large.
pub fn check_size(record: &StoredEntitlement) -> Result<(), ApiRefusal> {
    let length = serde_json::to_vec(&record.shown).map_or(0, |bytes| bytes.len());
    if length > LARGEST {
        let message = "the entitlement would be larger than 1 MiB";
        return Err(ApiRefusal::new(ResponseCode::BadRequest, message));
    }
    Ok(())
}

/// Ends an entitlement softly.
pub fn cancel(call: &mut Call) -> Result<Envelope, ApiRefusal> {
    end(call, Status::Cancelled, "cancel")
}

/// Ends an entitlement now.
pub fn revoke(call: &mut Call) -> Result<Envelope, ApiRefusal> {
    end(call, Status::Revoked, "revoke")
}

/// Takes back a cancel, before its date or after it. The user may have to agree first, as to a change of product.
pub fn reactivate(call: &mut Call) -> Result<Envelope, ApiRefusal> {
    let mut record = call.entitlement(call.argument)?;
    match record.status() {
        Status::ActiveEnding => {}
        Status::Cancelled => call.check_limit(record.customer(), &record)?,
        Status::Active => {
            let message = "the entitlement is active already";
            return Err(ApiRefusal::new(ResponseCode::AlreadyExists, message));
        }
        status => {
            let message = format!("an entitlement that is {status} cannot be reactivated");
            return Err(ApiRefusal::new(ResponseCode::NotAvailable, message));
        }
    }
    let product = call.product(&record);
    product.map_or(Ok(()), check_available)?;
    let consent = product.is_some_and(|product| product.change == Start::Pending);
    let to = if consent {
        Status::Pending
    } else {
        Status::Active
    };
    (record.termination, record.shown.date_ended) = (None, None);
    call.transition(&mut record, to, "the reseller")?;
    // A date that has ended it does not end it again.
    if record
        .due()
        .is_some_and(|at| at <= call.now.as_millisecond())
    {
        record.shown.date_expiry = None;
    }
    call.state.save(&record);
    if consent {
        return Ok(pending(call, &record));
    }
    Ok(Envelope::showing(&record))
}

/// When an entitlement ends that is asked to.
#[derive(PartialEq)]
enum End {
    Now,
    WithItsPeriod,
    WhenTheMerchantSaysSo,
}

fn when(termination: Termination, from: Status, to: Status) -> End {
    match termination {
        Termination::Delayed if from != Status::Pending => End::WhenTheMerchantSaysSo,
        Termination::PeriodEnd if from == Status::Active && to == Status::Cancelled => {
            End::WithItsPeriod
        }
        _ => End::Now,
    }
}

fn end(call: &mut Call, to: Status, verb: &str) -> Result<Envelope, ApiRefusal> {
    let reason = body::read(call.request, call.body.take(), body::END, call.now)?;
    let mut record = call.entitlement(call.argument)?;
    check_live(&record)?;
    let because = |name| text(&reason, name).unwrap_or_default();
    let (category, code) = (because("cancelReasonCategory"), because("cancelReasonCode"));
    let what = format!("{verb} asked for, by the reseller: {category}, {code}");
    record.note(call.now, what);
    record.add_data(reason);
    check_size(&record)?;
    let product = call.product(&record);
    let termination = product.map_or(Termination::Immediate, |product| product.termination);
    let period_end = later(call.now, product.map(Product::period).unwrap_or_default());
    let when = when(termination, record.status(), to);
    match when {
        End::Now => call.transition(&mut record, to, "the reseller")?,
        End::WithItsPeriod => {
            record.shown.date_ended = Some(wire_time(period_end));
            call.transition(&mut record, Status::ActiveEnding, "the reseller")?;
        }
        End::WhenTheMerchantSaysSo => {
            let queued = (period_end.as_millisecond(), to);
            record.termination.get_or_insert(queued);
        }
    }
    call.state.save(&record);
    let mut envelope = Envelope::showing(&record);
    if when == End::WhenTheMerchantSaysSo {
        envelope.http_status = 202;
        envelope.set("responseMessage", "Queued at the merchant");
    }
    Ok(envelope)
}

/// Ends up to so many entitlements whose time has come, in the order of their times, each at its own.
pub fn end_due(state: &mut State, config: &Config, now: Timestamp, most: usize) {
    for _ in 0..most {
        let Some(record) = state.due(now).cloned() else {
            return;
        };
        let due = record
            .due()
            .and_then(|due| Timestamp::from_millisecond(due).ok());
        end_in_time(state, config, record, due.unwrap_or(now));
    }
}

/// Ends an entitlement whose time has come: the merchant does, as it said it would, or a date is reached.
fn end_in_time(state: &mut State, config: &Config, mut record: StoredEntitlement, now: Timestamp) {
    let queued = record
        .termination
        .filter(|(at, _)| *at <= now.as_millisecond());
    let (to, by) = match queued {
        Some((_, to)) => (to, "the merchant"),
        None => (Status::Cancelled, "Bango, on its date"),
    };
    record.termination = None;
    if queued.is_none() && record.status() != Status::ActiveEnding {
        record.add_data(expired());
    }
    let reason = record.transition(to, now, by);
    notify(state, config, &record, reason, now);
    state.save(&record);
}

/// The reason that Bango documents for an end at `dateExpiry`.
fn expired() -> Object {
    Object::from_iter([
        (
            "cancelReasonCategory".to_owned(),
            "CUSTOMER_CANCELLED".into(),
        ),
        ("cancelReasonCode".to_owned(), "EXPIRED".into()),
    ])
}
