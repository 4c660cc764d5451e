//! The control API: what a test asks a sandbox about, and what it lets it do. It answers with documents, and knows no page.

use jiff::Timestamp;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::answer::{ApiRefusal, ResponseCode};
use super::call::Call;
use super::delivery::QueuedNotification;
use super::record::wire_time;
use super::requests::LoggedRequest;

/// How many requests or notifications one answer holds unless it is asked for others.
const LIMIT: usize = 1_000;

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
        let since = match since.parse::<Timestamp>() {
            Ok(time) => wire_time(time),
            Err(_) if since.is_empty() => since,
            Err(_) => return Err(ApiRefusal::invalid("since")),
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
    shown
}

#[expect(clippy::unnecessary_wraps, reason = "every operation has this shape")]
/// Forgets the requests.
pub fn clear_requests(call: &mut Call) -> Result<Value, ApiRefusal> {
    let numbers: Vec<u64> = call
        .state
        .requests()
        .map(|request| request.number)
        .collect();
    Ok(clear(call, &numbers))
}

fn clear(call: &mut Call, numbers: &[u64]) -> Value {
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
    let next = notification
        .next
        .and_then(|next| Timestamp::from_millisecond(next).ok());
    json!({
        "number": notification.number,
        "time": notification.queued,
        "customerIdentifier": notification.customer,
        "entitlementId": notification.id,
        "notificationReason": notification.reason,
        "url": notification.shown_url(),
        "state": notification.state(),
        "tries": notification.tries,
        "nextTry": next.map(wire_time),
        "body": notification.body.as_deref().map(RawValue::get).map(serde_json::from_str::<Value>).and_then(Result::ok),
        "attempts": notification.attempts,
    })
}

#[expect(clippy::unnecessary_wraps, reason = "every operation has this shape")]
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
    let message = format!("nothing has the number '{}'", call.argument);
    ApiRefusal::new(ResponseCode::NotFound, message)
}
