//! The operation `update`: metadata, product, customer, and suspend or resume through `entitlementBenefits`.

use super::answer::{Answer, Code, Stop};
use super::call::Call;
use super::catalog::Start;
use super::create::{self, limit_reached};
use super::fields::{self, Object};
use super::lifecycle::Reason;
use super::record::{Record, Status, wire_time};
use super::tables::Due;

/// Members of an entitlement that an update cannot change.
const FIXED: [&str; 4] = [
    "merchantAccountKey",
    "offerKey",
    "entitlementDisplayName",
    "extraInformation",
];

/// The members that say what is updated or how, and are therefore not simply copied.
const HANDLED: [&str; 5] = [
    "entitlementId",
    "entitlementBenefits",
    "notificationUrl",
    "productKey",
    "dateExpiry",
];

/// Changes an entitlement sparsely: what is not in the body stays.
pub fn update(call: &mut Call) -> Result<Answer, Stop> {
    let body = fields::object(call.request)?;
    let id = fields::required(&body, "entitlementId")?;
    fields::forbid(&body, &create::PLATFORM)?;
    fields::forbid(&body, &FIXED)?;
    if body.len() == 1 {
        return Err(Stop::Refused(
            Code::BadRequest,
            "a parameter to update is required".to_owned(),
        ));
    }
    let mut record = call.entitlement(id)?;
    if !record.status().is_live() {
        let message = format!(
            "the entitlement has ended: it is {}",
            record.status().name()
        );
        return Err(Stop::Refused(Code::Conflict, message));
    }
    let benefits = benefits(&body, &record)?;
    let product = product(call, &body, &record)?;
    let customer = record.customer().to_owned();
    let expiry = fields::future(&body, "dateExpiry", call.now)?;
    metadata(call, &body, &mut record)?;

    if let Some(time) = expiry {
        call.tables
            .plan(time, &Due::Reached(record.id().to_owned()))?;
    }
    if let Some(status) = benefits {
        call.enter(&mut record, status, "the reseller")?;
    }
    let consent = match product {
        Some((key, change)) => change_product(call, &mut record, &key, change)?,
        None => false,
    };
    if record.customer() == customer {
        call.tables.save(&record)?;
    } else {
        call.tables.refile(&record, &customer)?;
    }
    if consent {
        let (url, expires) = call.new_link(&record)?;
        return Ok(Answer::sending_to(
            &record,
            Code::ClientActionRequired,
            &url,
            &expires,
        ));
    }
    Ok(Answer::showing(&record))
}

/// Reads `entitlementBenefits` into the status that it asks for.
fn benefits(body: &Object, record: &Record) -> Result<Option<Status>, Stop> {
    let to = match fields::optional(body, "entitlementBenefits")? {
        None => return Ok(None),
        Some("NORMAL") => Status::Active,
        Some("SUSPENDED") => Status::Suspended,
        Some(_) => return Err(Stop::invalid("entitlementBenefits")),
    };
    // A pending entitlement becomes active by registration alone, never by an update.
    let from = record.status();
    if from == Status::Pending || !super::lifecycle::allows(from, to) {
        let message = format!(
            "an entitlement that is {} cannot become {}",
            from.name(),
            to.name()
        );
        return Err(Stop::Refused(Code::Conflict, message));
    }
    Ok(Some(to))
}

/// Reads `productKey` into another product of the same merchant.
fn product(call: &Call, body: &Object, record: &Record) -> Result<Option<(String, Start)>, Stop> {
    let Some(key) = fields::optional(body, "productKey")? else {
        return fields::forbid(body, &["productKey"]).map(|()| None);
    };
    if key == record.text("productKey") {
        return Ok(None);
    }
    let merchant = record.text("merchantAccountKey");
    let product = call.settings.catalog.find(merchant, key);
    let product = product.ok_or_else(|| Stop::invalid("productKey"))?;
    if product.creation == Start::Unavailable {
        let message = format!("the service '{key}' cannot be activated");
        return Err(Stop::Refused(Code::NotAvailable, message));
    }
    Ok(Some((key.to_owned(), product.change)))
}

/// Changes the product; returns whether the user has to agree first.
pub fn change_product(
    call: &mut Call,
    record: &mut Record,
    key: &str,
    change: Start,
) -> Result<bool, Stop> {
    record.set("productKey", key);
    record.note(call.now, format!("product changed to {key}"));
    if change == Start::Pending && record.status() == Status::Active {
        call.enter(record, Status::Pending, "the merchant")?;
        return Ok(true);
    }
    call.notify(record, Reason::ProductUpdate)?;
    Ok(false)
}

/// Changes everything that is neither status nor product, after checking all of it.
fn metadata(call: &mut Call, body: &Object, record: &mut Record) -> Result<(), Stop> {
    let url = fields::url(body, "notificationUrl")?;
    fields::data(body, "extensionData")?;
    if body.contains_key("customerIdentifier") {
        let customer = fields::required(body, "customerIdentifier")?;
        for other in call.tables.of_customer(customer)? {
            let merchant = other.text("merchantAccountKey") == record.text("merchantAccountKey");
            if merchant && other.status().is_live() && other.id() != record.id() {
                return Err(limit_reached());
            }
        }
    }
    let before = (record.fields.clone(), record.notification_url.clone());
    if body.contains_key("notificationUrl") {
        record.notification_url = url.map(str::to_owned);
    }
    if body.contains_key("dateExpiry") {
        let expiry = fields::future(body, "dateExpiry", call.now)?;
        record.set("dateExpiry", expiry.map(wire_time));
    }
    for (field, value) in body {
        if !HANDLED.contains(&field.as_str()) {
            record.set(field, value.clone());
        }
    }
    if before != (record.fields.clone(), record.notification_url.clone()) {
        record.note(call.now, "details updated, by the reseller");
        call.notify(record, Reason::MetadataUpdate)?;
    }
    Ok(())
}
