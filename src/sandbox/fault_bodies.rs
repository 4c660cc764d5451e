//! The answers that faults send in place of a right one. Which fault sends which is in `faults`.

use std::time::Duration;

use flate2::{Compress, Compression, Crc, FlushCompress};
use serde_json::{Map, Value, json};

use super::answer::Answer;
use crate::server::{Body, Response};

/// Takes the response code away.
pub fn no_code(answer: &mut Answer) {
    answer.body.shift_remove("responseCode");
}

fn act(answer: &mut Answer, parameters: Value) {
    answer.http = 202;
    answer.set("responseCode", "CLIENT_ACTION_REQUIRED");
    answer.set("status", "PENDING");
    answer.set("parameters", parameters);
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
const STEERING: &str =
    "\u{1b}[2J\u{1b}]0;owned\u{7}\u{1b}]52;c;b3duZWQ=\u{7}\u{9b}31m\u{202e}detavitca\r\nOK";

/// Fills texts with what would steer a terminal.
pub fn escape_bytes(answer: &mut Answer) {
    answer.set("responseMessage", STEERING);
    answer.set("entitlementDisplayName", STEERING);
    let mut data = Map::new();
    data.insert(STEERING.to_owned(), STEERING.into());
    answer.set("extensionData", data);
}

/// Sends the right answer two bytes a second.
pub fn drip(body: Vec<u8>) -> Response {
    let bytes = body.into_iter().map(|byte| vec![byte]);
    pieces(bytes, Duration::from_millis(500))
}

fn pieces(body: impl Iterator<Item = Vec<u8>> + Send + 'static, pause: Duration) -> Response {
    let mut response = Response::new(200, "application/json", "");
    response.body = Body::Pieces(Box::new(body), pause);
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
    Response::new(302, "text/plain", "").with("location", "/v1/echo/followed")
}

/// One gibibyte of valid JSON.
pub fn huge() -> Response {
    let padding = std::iter::repeat_n(vec![b' '; 64 * 1024], 16 * 1024);
    let body = std::iter::once(b"{".to_vec())
        .chain(padding)
        .chain(std::iter::once(b"\"responseCode\":\"OK\"}".to_vec()));
    pieces(body, Duration::ZERO)
}

/// About one mebibyte of gzip that unpack to more than one gibibyte: one packed mebibyte of spaces, repeated.
///
/// What a full flush ends depends on nothing before it, so it may be repeated within one stream.
pub fn gzip() -> Response {
    const TIMES: u32 = 1_025;
    const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    const LAST_BLOCK: [u8; 2] = [0x03, 0x00];
    let plain = vec![b' '; 1 << 20];
    let mut packed = Vec::with_capacity(1 << 16);
    let mut packing = Compress::new(Compression::default(), false);
    let done = packing.compress_vec(&plain, &mut packed, FlushCompress::Full);
    if done.is_err() || packing.total_in() != 1 << 20 {
        return Response::misbehaving(Body::Drop);
    }
    let (mut one, mut all) = (Crc::new(), Crc::new());
    one.update(&plain);
    (0..TIMES).for_each(|_| all.combine(&one));
    let trailer = [
        LAST_BLOCK.to_vec(),
        all.sum().to_le_bytes().to_vec(),
        all.amount().to_le_bytes().to_vec(),
    ];
    let body = std::iter::once(HEADER.to_vec())
        .chain(std::iter::repeat_n(packed, TIMES as usize))
        .chain(trailer);
    pieces(body, Duration::ZERO).with("content-encoding", "gzip")
}
