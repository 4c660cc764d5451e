//! The control API: what a test asks a sandbox about, and what it lets it do. It answers with documents, and knows no page.
#![expect(
    clippy::unnecessary_wraps,
    reason = "every operation has the same shape"
)]

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use super::answer::{ApiRefusal, ResponseCode};
use super::body::{self, DEPTH_LIMIT, Object, depth, text};
use super::call::{Call, forbidden};
use super::catalog::Product;
use super::delivery::QueuedNotification;
use super::entity::{Clock, Entity};
use super::faults::{self, FaultRule};
use super::record::{Status, StoredEntitlement, reason, wire_milliseconds, wire_time};
use super::requests::LoggedRequest;
use super::{merchant, operations};

/// How many requests or notifications one answer holds unless it is asked for others.
const LIMIT: usize = 1_000;

/// The parameters that narrow a list.
pub const FILTER: &[&str] = &["customer", "id", "since", "after", "limit"];

/// What a list is narrowed by.
struct Filter {
    customer: String,
    id: String,
    /// In the wire's format, or empty.
    since: String,
    /// Numbers above this one.
    after: u64,
    limit: usize,
}

impl Filter {
    fn read(call: &Call) -> Result<Self, ApiRefusal> {
        let since = call.parameter("since");
        let ago = || {
            call.now
                .to_zoned(TimeZone::UTC)
                .checked_sub(span(&since)?)
                .ok()
        };
        let since = match time(&since).or_else(|| Some(ago()?.timestamp())) {
            Some(time) => wire_time(time),
            None if since.is_empty() => since,
            None => return Err(ApiRefusal::invalid("since")),
        };
        let number = |name, default: u64| match call.parameter(name).as_str() {
            "" => Ok(default),
            text => text.parse().map_err(|_| ApiRefusal::invalid(name)),
        };
        let limit = usize::try_from(number("limit", LIMIT as u64)?);
        Ok(Self {
            customer: call.parameter("customer"),
            id: call.parameter("id"),
            since,
            after: number("after", 0)?,
            limit: limit.unwrap_or(usize::MAX),
        })
    }

    fn fits(&self, number: u64, customer: &str, id: &str, time: &str) -> bool {
        let is = |wanted: &str, value| wanted.is_empty() || wanted == value;
        number > self.after
            && is(&self.customer, customer)
            && is(&self.id, id)
            && *time >= *self.since
    }

    /// The newest that fit, oldest first.
    fn newest(&self, fitting: impl Iterator<Item = Value>) -> Vec<Value> {
        let mut found: Vec<Value> = fitting.take(self.limit).collect();
        found.reverse();
        found
    }
}

/// The requests to the API, oldest first.
pub fn requests(call: &mut Call) -> Result<Value, ApiRefusal> {
    let filter = Filter::read(call)?;
    let fitting = call.state.requests().filter(|request| {
        let (customer, id) = (&request.customer_identifier, &request.entitlement_id);
        filter.fits(request.number, customer, id, &request.time)
    });
    Ok(json!({"requests": filter.newest(fitting.map(shown_request))}))
}

/// One request.
pub fn request(call: &mut Call) -> Result<Value, ApiRefusal> {
    let request = number(call).and_then(|number| call.state.request(number));
    request.map(shown_request).ok_or_else(|| unknown(call))
}

fn shown_request(request: &LoggedRequest) -> Value {
    let mut shown = json!({"number": request.number});
    if let (Value::Object(shown), Ok(Value::Object(members))) =
        (&mut shown, serde_json::to_value(request))
    {
        shown.extend(members);
    }
    let (sent, answered) = (&request.request.body, &request.answer.body);
    for (part, body) in [("request", sent), ("answer", answered)] {
        shown[part]["body"] = serde_json::to_value(body.json()).unwrap_or_default();
    }
    shown
}

/// Forgets the requests.
pub fn clear_requests(call: &mut Call) -> Result<Value, ApiRefusal> {
    let numbers: Vec<u64> = call
        .state
        .requests()
        .map(|request| request.number)
        .collect();
    Ok(clear(call, &numbers))
}

/// Forgets what has these numbers.
pub fn clear(call: &mut Call, numbers: &[u64]) -> Value {
    for number in numbers {
        call.state.change(*number, None);
    }
    json!({"cleared": numbers.len()})
}

/// The notifications with every try to deliver them, oldest first.
pub fn notifications(call: &mut Call) -> Result<Value, ApiRefusal> {
    let filter = Filter::read(call)?;
    let fitting = call.state.notifications().filter(|notification| {
        let (customer, id) = (&notification.customer, &notification.id);
        filter.fits(notification.number, customer, id, &notification.queued)
    });
    Ok(json!({"notifications": filter.newest(fitting.map(shown_notification))}))
}

/// One notification.
pub fn notification(call: &mut Call) -> Result<Value, ApiRefusal> {
    let notification = number(call).and_then(|number| call.state.notification(number));
    notification
        .map(shown_notification)
        .ok_or_else(|| unknown(call))
}

fn shown_notification(notification: &QueuedNotification) -> Value {
    json!({
        "number": notification.number,
        "time": notification.queued,
        "customerIdentifier": notification.customer,
        "entitlementId": notification.id,
        "notificationReason": notification.reason,
        "url": notification.shown_url(),
        "state": notification.state(),
        "tries": notification.tries,
        "nextTry": notification.next.and_then(wire_milliseconds),
        "body": notification.body.as_deref().map(RawValue::get).map(serde_json::from_str::<Value>).and_then(Result::ok),
        "attempts": notification.attempts,
    })
}

/// Forgets the notifications that no longer wait.
pub fn clear_notifications(call: &mut Call) -> Result<Value, ApiRefusal> {
    let past = call
        .state
        .notifications()
        .filter(|notification| notification.next.is_none());
    let numbers: Vec<u64> = past.map(|notification| notification.number).collect();
    Ok(clear(call, &numbers))
}

/// The number in the path.
fn number(call: &Call) -> Option<u64> {
    call.argument.parse().ok()
}

fn unknown(call: &Call) -> ApiRefusal {
    let message = format!(
        "nothing has the number '{}'; bango-ent sandbox requests and bango-ent sandbox notifications show those that there are",
        call.argument
    );
    ApiRefusal::new(ResponseCode::NotFound, message)
}

/// The members of a body, which has no others than these texts and values; without a body, none.
pub fn body(call: &Call, texts: &[&str], values: &[&str]) -> Result<Object, ApiRefusal> {
    if call.request.body.is_empty() {
        return Ok(Object::new());
    }
    let read = serde_json::from_slice(&call.request.body);
    let body: Object = read.map_err(|_| ApiRefusal::invalid("body"))?;
    if body.values().any(|value| depth(value) >= DEPTH_LIMIT) {
        return Err(ApiRefusal::invalid("body"));
    }
    let is_known = |name: &str, value: &Value| {
        values.contains(&name) || texts.contains(&name) && value.is_string()
    };
    match body.iter().find(|(name, value)| !is_known(name, value)) {
        Some((name, _)) => Err(ApiRefusal::invalid(name)),
        None => Ok(body),
    }
}

/// A time or a date: `2027-01-31T12:00:00Z`, `2027-01-31`.
fn time(text: &str) -> Option<Timestamp> {
    let date = || text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok();
    text.parse().ok().or_else(|| Some(date()?.timestamp()))
}

/// How long: seconds, or with units as in `90s`, `2m`, `30d`, `1mo`.
fn span(text: &str) -> Option<Span> {
    let seconds = text
        .parse::<i64>()
        .ok()
        .and_then(|seconds| Span::new().try_seconds(seconds).ok());
    let span = seconds.or_else(|| text.parse().ok())?;
    (span.signum() > 0).then_some(span)
}

/// The sandbox's clock.
pub fn clock(call: &mut Call) -> Result<Value, ApiRefusal> {
    let ahead = call.state.clock().ahead;
    let real = Timestamp::now();
    Ok(
        json!({"now": wire_time(call.now), "realTime": wire_time(real), "aheadSeconds": ahead / 1_000}),
    )
}

/// Moves the clock ahead, and does in order what the time brings.
pub fn advance(call: &mut Call) -> Result<Value, ApiRefusal> {
    let body = body(call, &["by", "to"], &[])?;
    let target = match (text(&body, "by"), text(&body, "to")) {
        (Some(by), None) => {
            let span = span(by).ok_or_else(|| ApiRefusal::invalid("by"))?;
            let moved = call.now.to_zoned(TimeZone::UTC).checked_add(span);
            moved.map_err(|_| ApiRefusal::invalid("by"))?.timestamp()
        }
        (None, Some(to)) => time(to).ok_or_else(|| ApiRefusal::invalid("to"))?,
        _ => return Err(ApiRefusal::required("by")),
    };
    if target <= call.now {
        let message = format!(
            "the clock only goes ahead, and it is {} already",
            wire_time(call.now)
        );
        return Err(ApiRefusal::new(ResponseCode::BadRequest, message));
    }
    let before = call.state.clock().ahead;
    let by = target.as_millisecond() - call.now.as_millisecond();
    let clock = Clock {
        ahead: before.saturating_add(by),
        moved_to: target.as_millisecond(),
    };
    call.state.add(Entity::Clock(clock));
    call.now = target;
    operations::end_due(call.state, call.config, target, usize::MAX);
    self::clock(call)
}

/// Lets the merchant or the user do something, and says which notifications it caused.
pub fn trigger(call: &mut Call) -> Result<Value, ApiRefusal> {
    let body = body(call, &["event"], &["fields", "body"])?;
    let mut record = call.entitlement(call.argument)?;
    let mut fields = match body.get("fields") {
        None => Object::new(),
        Some(Value::Object(fields)) => fields.clone(),
        Some(_) => return Err(ApiRefusal::invalid("fields")),
    };
    let raw = body.get("body").map(to_raw_value).transpose();
    let raw = raw.map_err(|_| ApiRefusal::invalid("body"))?;
    let last = call.state.last();
    match text(&body, "event").unwrap_or_default() {
        "register" | "decline" if record.status() != Status::Pending => {
            return Err(forbidden(record.status(), Status::Active));
        }
        event @ ("register" | "decline") => {
            merchant::register(call, &mut record, event == "decline")?;
        }
        "metadata" => {
            set(&mut record, std::mem::take(&mut fields))?;
            record.note(call.now, "details changed, by the merchant");
            call.notify(&record, reason::METADATA_UPDATE);
        }
        event => {
            let product = fields.shift_remove("productKey").unwrap_or_default();
            set(&mut record, std::mem::take(&mut fields))?;
            let name = if event == "end" { "cancel" } else { event };
            merchant::act(
                call,
                &mut record,
                name,
                product.as_str().unwrap_or_default(),
            )?;
        }
    }
    operations::check_size(&record)?;
    call.state.save(&record);
    let caused: Vec<u64> = (last + 1..=call.state.last())
        .filter(|number| call.state.notification(*number).is_some())
        .collect();
    for number in &caused {
        if let (Some(raw), Some(notification)) = (&raw, call.state.notification(*number).cloned()) {
            let notification = QueuedNotification {
                body: Some(raw.clone()),
                ..notification
            };
            call.state.save_notification(notification);
        }
    }
    Ok(json!({"entitlement": record.shown.to_map(), "notifications": caused}))
}

/// Sets members of a record that are the merchant's to set.
fn set(record: &mut StoredEntitlement, fields: Object) -> Result<(), ApiRefusal> {
    let fixed = [
        "entitlementId",
        "customerIdentifier",
        "merchantAccountKey",
        "productKey",
    ];
    let is_fixed =
        |name: &&String| body::PLATFORM.contains(&name.as_str()) || fixed.contains(&name.as_str());
    if let Some(name) = fields.keys().find(is_fixed) {
        return Err(ApiRefusal::invalid(name));
    }
    let mut members = record.shown.to_map();
    members.extend(fields);
    let members = serde_json::from_value(members.into());
    record.shown = members.map_err(|_| ApiRefusal::invalid("fields"))?;
    Ok(())
}

/// Sends a notification once more.
pub fn resend(call: &mut Call) -> Result<Value, ApiRefusal> {
    let found = number(call)
        .and_then(|number| call.state.notification(number))
        .cloned();
    let mut notification = found.ok_or_else(|| unknown(call))?;
    notification.send_again(call.now);
    let shown = shown_notification(&notification);
    call.state.save_notification(notification);
    Ok(shown)
}

/// What is sold: the catalog's merchants and products.
pub fn products(call: &mut Call) -> Result<Value, ApiRefusal> {
    let products = call.config.options.catalog.products().iter();
    let shown = |product: &Product| json!({"merchantAccountKey": product.merchant, "productKey": product.key, "name": product.name});
    Ok(json!({"products": products.map(shown).collect::<Vec<_>>()}))
}

/// The faults that there are, and those that are switched on.
pub fn faults(call: &mut Call) -> Result<Value, ApiRefusal> {
    let now = call.now.as_millisecond();
    let on = call.state.faults().filter(|(_, rule)| rule.is_on(now));
    let shown = |(number, rule): (u64, &FaultRule)| {
        json!({
            "number": number, "fault": rule.fault, "customerIdentifier": rule.customer, "share": rule.share,
            "until": rule.until.and_then(wire_milliseconds),
        })
    };
    let on: Vec<Value> = on.map(shown).collect();
    Ok(json!({"on": on, "faults": faults::names().collect::<Vec<_>>()}))
}

/// Switches a fault on.
pub fn fault_on(call: &mut Call) -> Result<Value, ApiRefusal> {
    let body = body(call, &["fault", "customerIdentifier", "for"], &["share"])?;
    let fault = text(&body, "fault").ok_or_else(|| ApiRefusal::required("fault"))?;
    faults::named(fault)?;
    let share = body.get("share").map_or(Some(1.0), Value::as_f64);
    let share = share.filter(|share| *share > 0.0 && *share <= 1.0);
    let until = match text(&body, "for") {
        None => None,
        Some(time) => {
            let span = span(time).ok_or_else(|| ApiRefusal::invalid("for"))?;
            let until = call.now.to_zoned(TimeZone::UTC).checked_add(span);
            Some(
                until
                    .map_err(|_| ApiRefusal::invalid("for"))?
                    .timestamp()
                    .as_millisecond(),
            )
        }
    };
    let customer = text(&body, "customerIdentifier");
    if customer.is_some_and(|customer| !body::is_text(customer)) {
        return Err(ApiRefusal::invalid("customerIdentifier"));
    }
    let rule = FaultRule {
        fault: fault.to_owned(),
        customer: customer.map(str::to_owned),
        share: share.ok_or_else(|| ApiRefusal::invalid("share"))?,
        until,
    };
    call.state.add(Entity::Fault(rule));
    faults(call)
}

/// Switches the faults of one name off, or all.
pub fn faults_off(call: &mut Call) -> Result<Value, ApiRefusal> {
    let name = call.parameter("fault");
    let fitting = call
        .state
        .faults()
        .filter(|(_, rule)| name.is_empty() || rule.fault == name);
    let numbers: Vec<u64> = fitting.map(|(number, _)| number).collect();
    if numbers.is_empty() && !name.is_empty() {
        let message = format!("no fault '{name}' is switched on");
        return Err(ApiRefusal::new(ResponseCode::NotFound, message));
    }
    clear(call, &numbers);
    faults(call)
}
