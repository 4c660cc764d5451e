//! Reads the members of a request body as strictly as the contract allows, with Bango's two complaints: required and invalid.

use jiff::Timestamp;
use serde_json::{Map, Value};
use url::Url;

use super::answer::Stop;
use crate::server::Request;

/// A body that is a JSON object.
pub type Object = Map<String, Value>;

/// The longest text in a member that has a meaning, in characters.
const TEXT_LIMIT: usize = 10_000;

/// Parses a request's body.
///
/// # Errors
///
/// If it is not announced as JSON, or is not a JSON object in UTF-8.
pub fn object(request: &Request) -> Result<Object, Stop> {
    let kind = request.header("content-type").unwrap_or("");
    let essence = kind.split(';').next().unwrap_or("").trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Stop::invalid("Content-Type"));
    }
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(Stop::invalid("body")),
    }
}

/// Refuses members that are the platform's to set.
///
/// # Errors
///
/// If one of `names` is there.
pub fn forbid(object: &Object, names: &[&str]) -> Result<(), Stop> {
    match names.iter().find(|name| object.contains_key(**name)) {
        Some(name) => Err(Stop::invalid(name)),
        None => Ok(()),
    }
}

/// Reads a text that must be there.
///
/// # Errors
///
/// If it is missing, null, empty, not a string or too long.
pub fn required<'o>(object: &'o Object, name: &str) -> Result<&'o str, Stop> {
    optional(object, name)?.ok_or_else(|| Stop::required(name))
}

/// Reads a text that may be missing or null.
///
/// # Errors
///
/// If it is empty, not a string or too long.
pub fn optional<'o>(object: &'o Object, name: &str) -> Result<Option<&'o str>, Stop> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Err(Stop::required(name)),
        Some(Value::String(text)) if text.chars().count() <= TEXT_LIMIT => Ok(Some(text)),
        Some(_) => Err(Stop::invalid(name)),
    }
}

/// Reads an absolute `http` or `https` URL that may be missing or null.
///
/// # Errors
///
/// If it is anything else.
pub fn url<'o>(object: &'o Object, name: &str) -> Result<Option<&'o str>, Stop> {
    let Some(text) = optional(object, name)? else {
        return Ok(None);
    };
    let known = Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let clean = !text.chars().any(|c| c.is_control() || c.is_whitespace());
    if known && clean {
        Ok(Some(text))
    } else {
        Err(Stop::invalid(name))
    }
}

/// Reads a time in UTC that lies ahead and may be missing or null.
///
/// # Errors
///
/// If it is not ISO 8601 with `Z`, or is past.
pub fn future(object: &Object, name: &str, now: Timestamp) -> Result<Option<Timestamp>, Stop> {
    let Some(text) = optional(object, name)? else {
        return Ok(None);
    };
    match text.parse::<Timestamp>() {
        Ok(time) if text.ends_with('Z') && time > now => Ok(Some(time)),
        _ => Err(Stop::invalid(name)),
    }
}

/// Checks that a member, if present, is an object, a string or null.
///
/// # Errors
///
/// If it is anything else.
pub fn data(object: &Object, name: &str) -> Result<(), Stop> {
    match object.get(name) {
        None | Some(Value::Null | Value::Object(_) | Value::String(_)) => Ok(()),
        Some(_) => Err(Stop::invalid(name)),
    }
}
