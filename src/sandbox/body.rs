//! The bodies of requests: which member may hold what. Complaints are Bango's two: required and invalid.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde_json::{Map, Value};
use url::Url;

use super::answer::ApiRefusal;
use crate::http::RequestBuilder;
use crate::server::Request;

/// A body that is a JSON object.
pub type Object = Map<String, Value>;

/// The longest text in a member that has a meaning, in characters.
const TEXT_LIMIT: usize = 10_000;
/// How deep a body may be nested. The state holds it a little deeper, and no more than 128 levels can be read.
pub const DEPTH_LIMIT: usize = 100;

/// What a member may hold. Empty texts are only for comments and data.
#[derive(Clone, Copy)]
pub enum MemberKind {
    /// A text that must be there.
    Required,
    /// A text, if the member is there.
    Text,
    TextOrNull,
    /// An absolute `http` or `https` URL, or null.
    Url,
    /// A time in UTC that lies ahead, or null.
    Future,
    /// Any text, or null.
    Comment,
    ObjectOrNull,
    /// An object, a text or null.
    Data,
    /// Nothing: it cannot be set.
    Forbidden,
}

use MemberKind::{Comment, Data, Forbidden, Future, ObjectOrNull, Required, Text, TextOrNull};

/// The members that have a meaning in a body. All others may hold anything, but for those of [`PLATFORM`].
pub type Schema = &'static [(&'static str, MemberKind)];

#[rustfmt::skip]
pub const CREATE: Schema = &[
    ("customerIdentifier", Required), ("merchantAccountKey", Required), ("productKey", Required),
    ("offerKey", TextOrNull), ("entitlementId", TextOrNull), ("entitlementDisplayName", TextOrNull),
    ("externalEntitlementId", TextOrNull), ("notificationUrl", MemberKind::Url), ("dateExpiry", Future), ("extensionData", Data),
    ("extraInformation", ObjectOrNull),
];

#[rustfmt::skip]
pub const UPDATE: Schema = &[
    ("entitlementId", Required), ("customerIdentifier", Text), ("productKey", Text), ("entitlementBenefits", TextOrNull),
    ("notificationUrl", MemberKind::Url), ("dateExpiry", Future), ("extensionData", Data),
    ("merchantAccountKey", Forbidden), ("offerKey", Forbidden), ("entitlementDisplayName", Forbidden),
    ("extraInformation", Forbidden),
];

#[rustfmt::skip]
pub const REPORT: Schema = &[
    ("customerIdentifier", Required), ("productKey", TextOrNull), ("status", TextOrNull),
];

#[rustfmt::skip]
pub const END: Schema = &[
    ("cancelReasonCategory", Required), ("cancelReasonCode", Required), ("cancelReasonDescription", Comment),
    ("extensionData", Data),
];

/// Members that only the platform sets.
#[rustfmt::skip]
pub const PLATFORM: [&str; 11] = [
    "status", "dateCreated", "dateActivated", "dateEnded", "dateSuspended", "dateResumed", "dateLastUpdated",
    "activationCode", "responseCode", "responseMessage", "parameters",
];

/// Checks a request's body, which has been parsed: a JSON object in UTF-8 that is announced as JSON and fits the schema.
pub fn read(
    request: &Request,
    parsed: Option<Value>,
    schema: Schema,
    now: Timestamp,
) -> Result<Object, ApiRefusal> {
    let kind = request.header("content-type").unwrap_or("");
    let essence = kind.split(';').next().unwrap_or("").trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(ApiRefusal::invalid("Content-Type"));
    }
    let Some(Value::Object(body)) = parsed else {
        return Err(ApiRefusal::invalid("body"));
    };
    check_members(&body, schema, now)?;
    Ok(body)
}

/// Refuses an object that does not fit the schema.
pub fn check_members(body: &Object, schema: Schema, now: Timestamp) -> Result<(), ApiRefusal> {
    if body.values().any(|value| depth(value) >= DEPTH_LIMIT) {
        return Err(ApiRefusal::invalid("body"));
    }
    for (name, kind) in schema {
        check(name, *kind, body.get(*name), now)?;
    }
    let is_set = |name: &&&str| body.contains_key(**name) && !is_known(schema, name);
    match PLATFORM.iter().find(is_set) {
        Some(name) => Err(ApiRefusal::invalid(name)),
        None => Ok(()),
    }
}

/// How deep a value is nested.
pub fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

fn check(
    name: &str,
    kind: MemberKind,
    value: Option<&Value>,
    now: Timestamp,
) -> Result<(), ApiRefusal> {
    let is_valid = match (value, kind) {
        (None | Some(Value::Null), Required) => return Err(ApiRefusal::required(name)),
        (None, _) | (Some(Value::String(_)), Comment | Data) => true,
        (Some(Value::Null), _) => !matches!(kind, Text | Forbidden),
        (Some(Value::Object(_)), _) => matches!(kind, Data | ObjectOrNull),
        (Some(Value::String(_)), Forbidden | ObjectOrNull) => false,
        (Some(Value::String(text)), _) if text.is_empty() => {
            return Err(ApiRefusal::required(name));
        }
        (Some(Value::String(text)), MemberKind::Url) => is_short(text) && is_url(text),
        (Some(Value::String(text)), Future) => is_future(text, now),
        (Some(Value::String(text)), Required | Text | TextOrNull) => is_short(text),
        _ => false,
    };
    is_valid
        .then_some(())
        .ok_or_else(|| ApiRefusal::invalid(name))
}

/// Whether a date is to come. Dates of civil time reach further than timestamps, and 9999-12-31 stands for never.
fn is_future(text: &str, now: Timestamp) -> bool {
    let Some(plain) = text.strip_suffix('Z') else {
        return false;
    };
    match text.parse::<Timestamp>() {
        Ok(time) => time > now,
        Err(_) => plain
            .parse::<DateTime>()
            .is_ok_and(|time| time > Offset::UTC.to_datetime(Timestamp::MAX)),
    }
}

/// Whether a text can be one of the wire's: it has characters, but not too many.
pub fn is_text(text: &str) -> bool {
    !text.is_empty() && is_short(text)
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= TEXT_LIMIT
}

fn is_url(text: &str) -> bool {
    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    let is_odd = |c: char| c.is_control() || c.is_whitespace();
    let is_url = Url::parse(text).is_ok_and(|url| is_web(&url)) && !text.chars().any(is_odd);
    is_url && sendable(text).is_some()
}

/// A URL as a request can be sent to it: as it was given, or, where a client cannot read that, in its plain spelling.
pub fn sendable(text: &str) -> Option<String> {
    let can_be_sent = |url: &String| RequestBuilder::new().uri(url).uri_ref().is_some();
    let plain = || Url::parse(text).ok().map(String::from);
    Some(text.to_owned())
        .filter(can_be_sent)
        .or_else(|| plain().filter(can_be_sent))
}

/// A member that is a text.
pub fn text<'b>(body: &'b Object, name: &str) -> Option<&'b str> {
    body.get(name)?.as_str()
}

/// Says whether a member has a meaning.
pub fn is_known(schema: Schema, name: &str) -> bool {
    schema.iter().any(|(known, _)| *known == name)
}
