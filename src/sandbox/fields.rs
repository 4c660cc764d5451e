//! Reads the members of a request body as strictly as the contract allows, with Bango's two complaints: required and invalid.

use jiff::Timestamp;
use serde_json::{Map, Value};
use url::Url;

use super::answer::Refusal;
use crate::server::Request;

/// A body that is a JSON object.
pub type Object = Map<String, Value>;

/// The longest text in a member that has a meaning, in characters.
const TEXT_LIMIT: usize = 10_000;
/// How deep a body may be nested. The state holds it a little deeper, and no more than 128 levels can be read.
const DEPTH_LIMIT: usize = 100;

/// Parses a request's body: a JSON object in UTF-8 that is announced as JSON.
pub fn object(request: &Request) -> Result<Object, Refusal> {
    let kind = request.header("content-type").unwrap_or("");
    let essence = kind.split(';').next().unwrap_or("").trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Refusal::invalid("Content-Type"));
    }
    match serde_json::from_slice(&request.body) {
        Ok(value @ Value::Object(_)) if depth(&value) > DEPTH_LIMIT => {
            Err(Refusal::invalid("body"))
        }
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(Refusal::invalid("body")),
    }
}

/// How deep a value is nested.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Refuses members that are the platform's to set.
pub fn forbid(object: &Object, names: &[&str]) -> Result<(), Refusal> {
    match names.iter().find(|name| object.contains_key(**name)) {
        Some(name) => Err(Refusal::invalid(name)),
        None => Ok(()),
    }
}

/// Reads a text that must be there and not be empty.
pub fn required<'o>(object: &'o Object, name: &str) -> Result<&'o str, Refusal> {
    optional(object, name)?.ok_or_else(|| Refusal::required(name))
}

/// Reads a text that may be missing or null, but not empty.
pub fn optional<'o>(object: &'o Object, name: &str) -> Result<Option<&'o str>, Refusal> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Err(Refusal::required(name)),
        Some(Value::String(text)) if text.chars().count() <= TEXT_LIMIT => Ok(Some(text)),
        Some(_) => Err(Refusal::invalid(name)),
    }
}

/// Reads an absolute `http` or `https` URL that may be missing or null.
pub fn url<'o>(object: &'o Object, name: &str) -> Result<Option<&'o str>, Refusal> {
    let Some(text) = optional(object, name)? else {
        return Ok(None);
    };
    let known = Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let clean = !text.chars().any(|c| c.is_control() || c.is_whitespace());
    if known && clean {
        Ok(Some(text))
    } else {
        Err(Refusal::invalid(name))
    }
}

/// Reads a time in UTC that lies ahead and may be missing or null.
pub fn future(object: &Object, name: &str, now: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    let Some(text) = optional(object, name)? else {
        return Ok(None);
    };
    match text.parse::<Timestamp>() {
        Ok(time) if text.ends_with('Z') && time > now => Ok(Some(time)),
        _ => Err(Refusal::invalid(name)),
    }
}

/// Reads a member that may be an object, a string or null.
pub fn data(object: &Object, name: &str) -> Result<Value, Refusal> {
    match object.get(name) {
        None => Ok(Value::Null),
        Some(value @ (Value::Null | Value::Object(_) | Value::String(_))) => Ok(value.clone()),
        Some(_) => Err(Refusal::invalid(name)),
    }
}
