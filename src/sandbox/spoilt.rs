//! The answers that faults send in place of a right one. Which fault sends which is in `faults`.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::answer::Answer;
use crate::server::{Body, Response};

/// Sets a member of an answer.
pub fn set(answer: &mut Answer, member: &str, value: impl Into<Value>) {
    answer.body.insert(member.to_owned(), value.into());
}

/// Takes the response code away.
pub fn no_code(answer: &mut Answer) {
    answer.body.shift_remove("responseCode");
}

fn act(answer: &mut Answer, parameters: Value) {
    answer.http = 202;
    set(answer, "responseCode", "CLIENT_ACTION_REQUIRED");
    set(answer, "status", "PENDING");
    set(answer, "parameters", parameters);
}

/// Sends the user to a URL.
pub fn send_to(answer: &mut Answer, url: &str) {
    act(answer, json!({"action": "NAVIGATE_TO_URL", "url": url}));
}

/// Sends the user to a URL with control characters.
pub fn control(answer: &mut Answer) {
    send_to(
        answer,
        "https://merchant.example/\u{1b}[2J\nhttps://evil.example/",
    );
}

/// Asks for the documented action without its URL.
pub fn no_url(answer: &mut Answer) {
    act(answer, json!({"action": "NAVIGATE_TO_URL"}));
}

/// Sends the user to a URL of more than 10,000 characters.
pub fn too_long(answer: &mut Answer) {
    send_to(
        answer,
        &format!("https://merchant.example/{}", "x".repeat(10_000)),
    );
}

/// Asks for an action that nobody has documented.
pub fn unknown_action(answer: &mut Answer) {
    act(answer, json!({"action": "SCAN_CODE", "code": "4711"}));
}

/// A clear-screen, a title, a bell, a clipboard write, a C1 introducer and a bidi override.
const POISON: &str =
    "\u{1b}[2J\u{1b}]0;owned\u{7}\u{1b}]52;c;b3duZWQ=\u{7}\u{9b}31m\u{202e}detavitca\r\nOK";

/// Fills texts with what would steer a terminal.
pub fn poison(answer: &mut Answer) {
    set(answer, "responseMessage", POISON);
    set(answer, "entitlementDisplayName", POISON);
    let mut data = Map::new();
    data.insert(POISON.to_owned(), POISON.into());
    set(answer, "extensionData", data);
}

/// Sends the right answer two bytes a second.
pub fn drip(body: Vec<u8>) -> Response {
    let mut response = Response::new(200, "application/json", "");
    response.body = Body::Pieces(
        Box::new(body.into_iter().map(|byte| vec![byte])),
        Duration::from_millis(500),
    );
    response
}

/// Sends half of the answer as if it were whole.
pub fn truncate(mut body: Vec<u8>) -> Response {
    body.truncate(body.len() / 2);
    Response::new(200, "application/json", body)
}

/// Promises the whole length, sends half of it and closes.
pub fn break_off(mut body: Vec<u8>) -> Response {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    body.truncate(body.len() / 2);
    let mut raw = head.into_bytes();
    raw.append(&mut body);
    Response::misbehaving(Body::Raw(raw))
}

/// Sends a page, as a Wi-Fi portal does.
pub fn html() -> Response {
    Response::new(
        200,
        "text/html; charset=utf-8",
        "<!doctype html><title>Wi-Fi</title><p>Please log in.",
    )
}

/// Sends a page, as a gateway does.
pub fn gateway() -> Response {
    Response::new(
        502,
        "text/html",
        "<html><body><h1>502 Bad Gateway</h1></body></html>",
    )
}

/// Leads to an answer that looks like success, so that a client which follows it is found out.
pub fn redirect() -> Response {
    let mut response = Response::new(302, "text/plain", "");
    response
        .headers
        .push(("location", "/v1/echo/followed".to_owned()));
    response
}

/// One gibibyte of valid JSON.
pub fn huge() -> Response {
    let piece = vec![b' '; 64 * 1024];
    let padding = std::iter::repeat_n(piece, 16 * 1024);
    let pieces = std::iter::once(b"{".to_vec())
        .chain(padding)
        .chain(std::iter::once(b"\"responseCode\":\"OK\"}".to_vec()));
    let mut response = Response::new(200, "application/json", "");
    response.body = Body::Pieces(Box::new(pieces), Duration::ZERO);
    response
}
