//! The faults that a `customerIdentifier` can ask for, as test cards do for payments: the one table of them. It sends nothing itself.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::answer::{Answer, Code};
use super::catalog::Start;
use crate::server::{Body, Response};

/// What a fault does.
#[derive(Clone, Copy)]
pub enum Effect {
    /// Refuses with this code and changes nothing.
    Refuse(Code),
    /// Lets a create start in this way, whatever the product does.
    Start(Start),
    /// Answers something else and changes nothing.
    Instead(fn() -> Response),
    /// Acts, and then spoils the answer on its way.
    Spoil(fn(Vec<u8>) -> Response),
    /// Acts, and then changes what the answer says.
    Alter(fn(&mut Answer)),
}

/// One row of the table.
pub struct Fault {
    /// Its name in a `customerIdentifier`.
    pub name: &'static str,
    /// What it does.
    pub effect: Effect,
}

/// Every fault.
pub const FAULTS: &[Fault] = &[
    fault("OK", Effect::Start(Start::Active)),
    fault("CLIENT_ACTION_REQUIRED", Effect::Start(Start::Pending)),
    fault("BAD_REQUEST", Effect::Refuse(Code::BadRequest)),
    fault("UNAUTHORIZED", Effect::Refuse(Code::Unauthorized)),
    fault("NOT_AVAILABLE", Effect::Refuse(Code::NotAvailable)),
    fault("NOT_FOUND", Effect::Refuse(Code::NotFound)),
    fault("ALREADY_EXISTS", Effect::Refuse(Code::AlreadyExists)),
    fault("CONFLICT", Effect::Refuse(Code::Conflict)),
    fault("TOO_MANY_REQUESTS", Effect::Refuse(Code::TooManyRequests)),
    fault("INTERNAL_ERROR", Effect::Refuse(Code::InternalError)),
    fault(
        "SERVICE_UNAVAILABLE",
        Effect::Refuse(Code::ServiceUnavailable),
    ),
    fault(
        "drop-before",
        Effect::Instead(|| Response::misbehaving(Body::Drop)),
    ),
    fault(
        "drop-after",
        Effect::Spoil(|_| Response::misbehaving(Body::Drop)),
    ),
    fault(
        "hang",
        Effect::Instead(|| Response::misbehaving(Body::Hang)),
    ),
    fault(
        "hang-after",
        Effect::Spoil(|_| Response::misbehaving(Body::Hang)),
    ),
    fault("slow-drip", Effect::Spoil(drip)),
    fault("truncated-json", Effect::Spoil(truncate)),
    fault("truncated-body", Effect::Spoil(break_off)),
    fault(
        "empty",
        Effect::Spoil(|_| Response::new(200, "application/json", "")),
    ),
    fault("html", Effect::Instead(html)),
    fault("gateway", Effect::Instead(gateway)),
    fault(
        "not-http",
        Effect::Instead(|| Response::misbehaving(Body::Raw(b"SSH-2.0-sandbox\r\n".into()))),
    ),
    fault("redirect", Effect::Instead(redirect)),
    fault("huge-body", Effect::Instead(huge)),
    fault("gzip-bomb", Effect::Instead(super::bomb::response)),
    fault("escape-bytes", Effect::Alter(poison)),
    fault("unknown-action", Effect::Alter(unknown_action)),
    fault(
        "unknown-code",
        Effect::Alter(|answer| set(answer, "responseCode", "PARTLY_DONE")),
    ),
    fault("no-code", Effect::Alter(no_code)),
    fault(
        "url-script",
        Effect::Alter(|a| send_to(a, "javascript:alert(1)")),
    ),
    fault(
        "url-file",
        Effect::Alter(|a| send_to(a, "file:///etc/passwd")),
    ),
    fault(
        "url-plain-http",
        Effect::Alter(|a| send_to(a, "http://merchant.example/register")),
    ),
    fault(
        "url-credentials",
        Effect::Alter(|a| send_to(a, "https://bango.net@evil.example/")),
    ),
    fault("url-control", Effect::Alter(control)),
    fault(
        "url-bidi",
        Effect::Alter(|a| send_to(a, "https://merchant.example/\u{202e}gpj.exe")),
    ),
    fault("url-option", Effect::Alter(|a| send_to(a, "--help"))),
    fault(
        "url-relative",
        Effect::Alter(|a| send_to(a, "/register/here")),
    ),
    fault("url-too-long", Effect::Alter(too_long)),
    fault("url-missing", Effect::Alter(no_url)),
];

const fn fault(name: &'static str, effect: Effect) -> Fault {
    Fault { name, effect }
}

/// What a `customerIdentifier` asks for.
#[derive(Clone, Copy)]
pub struct Wish {
    /// The fault.
    pub effect: Effect,
    /// How often; without a number always.
    pub times: Option<u32>,
}

/// Reads `fault:NAME[:TIMES][:LABEL]`, or `fault:OPERATION.NAME…` for another operation than create.
///
/// Anything else, an unknown name too, is an ordinary customer.
#[must_use]
pub fn wish(customer: &str, operation: &str) -> Option<Wish> {
    let mut parts = customer.strip_prefix("fault:")?.split(':');
    let name = parts.next()?;
    let (wanted, name) = name.split_once('.').unwrap_or(("create", name));
    if wanted != operation {
        return None;
    }
    let fault = FAULTS.iter().find(|fault| fault.name == name)?;
    Some(Wish {
        effect: fault.effect,
        times: parts.next().and_then(|times| times.parse().ok()),
    })
}

/// Returns the refusal that a fault asked for.
#[must_use]
pub fn refusal(code: Code) -> Answer {
    Answer::new(
        code,
        "a fault that the customer identifier asked for",
        json!({}),
    )
}

fn set(answer: &mut Answer, member: &str, value: impl Into<Value>) {
    answer.body.insert(member.to_owned(), value.into());
}

fn no_code(answer: &mut Answer) {
    answer.body.shift_remove("responseCode");
}

fn act(answer: &mut Answer, parameters: Value) {
    answer.http = 202;
    set(answer, "responseCode", "CLIENT_ACTION_REQUIRED");
    set(answer, "status", "PENDING");
    set(answer, "parameters", parameters);
}

fn send_to(answer: &mut Answer, url: &str) {
    act(answer, json!({"action": "NAVIGATE_TO_URL", "url": url}));
}

fn control(answer: &mut Answer) {
    send_to(
        answer,
        "https://merchant.example/\u{1b}[2J\nhttps://evil.example/",
    );
}

fn no_url(answer: &mut Answer) {
    act(answer, json!({"action": "NAVIGATE_TO_URL"}));
}

fn too_long(answer: &mut Answer) {
    send_to(
        answer,
        &format!("https://merchant.example/{}", "x".repeat(10_000)),
    );
}

fn unknown_action(answer: &mut Answer) {
    act(answer, json!({"action": "SCAN_CODE", "code": "4711"}));
}

/// A clear-screen, a title, a bell, a clipboard write, a C1 introducer and a bidi override.
const POISON: &str =
    "\u{1b}[2J\u{1b}]0;owned\u{7}\u{1b}]52;c;b3duZWQ=\u{7}\u{9b}31m\u{202e}detavitca\r\nOK";

fn poison(answer: &mut Answer) {
    set(answer, "responseMessage", POISON);
    set(answer, "entitlementDisplayName", POISON);
    let mut data = Map::new();
    data.insert(POISON.to_owned(), POISON.into());
    set(answer, "extensionData", data);
}

fn drip(body: Vec<u8>) -> Response {
    let mut response = Response::new(200, "application/json", "");
    response.body = Body::Pieces(
        Box::new(body.into_iter().map(|byte| vec![byte])),
        Duration::from_millis(500),
    );
    response
}

fn truncate(mut body: Vec<u8>) -> Response {
    body.truncate(body.len() / 2);
    Response::new(200, "application/json", body)
}

/// Promises the whole length, sends half of it and closes.
fn break_off(mut body: Vec<u8>) -> Response {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    body.truncate(body.len() / 2);
    let mut raw = head.into_bytes();
    raw.append(&mut body);
    Response::misbehaving(Body::Raw(raw))
}

fn html() -> Response {
    Response::new(
        200,
        "text/html; charset=utf-8",
        "<!doctype html><title>Wi-Fi</title><p>Please log in.",
    )
}

fn gateway() -> Response {
    Response::new(
        502,
        "text/html",
        "<html><body><h1>502 Bad Gateway</h1></body></html>",
    )
}

/// Leads to an answer that looks like success, so that a client which follows it is found out.
fn redirect() -> Response {
    let mut response = Response::new(302, "text/plain", "");
    response
        .headers
        .push(("location", "/v1/echo/followed".to_owned()));
    response
}

/// One gibibyte of valid JSON.
fn huge() -> Response {
    let piece = vec![b' '; 64 * 1024];
    let padding = std::iter::repeat_n(piece, 16 * 1024);
    let pieces = std::iter::once(b"{".to_vec())
        .chain(padding)
        .chain(std::iter::once(b"\"responseCode\":\"OK\"}".to_vec()));
    let mut response = Response::new(200, "application/json", "");
    response.body = Body::Pieces(Box::new(pieces), Duration::ZERO);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_an_operation_a_count_and_a_label() {
        assert_eq!(wish("fault:hang", "create").unwrap().times, None);
        assert_eq!(wish("fault:hang:2", "create").unwrap().times, Some(2));
        assert_eq!(wish("fault:get.hang:3:bob", "get").unwrap().times, Some(3));
        assert_eq!(wish("fault:hang:bob", "create").unwrap().times, None);
        assert!(wish("fault:get.hang", "create").is_none());
        assert!(wish("fault:hang", "get").is_none());
        assert!(wish("fault:nothing", "create").is_none());
        assert!(wish("alice", "create").is_none());
    }

    #[test]
    fn the_documentation_lists_exactly_these_faults() {
        let documented: Vec<&str> = include_str!("../../docs/sandbox.md")
            .lines()
            .skip_while(|line| !line.starts_with("| Name "))
            .skip(2)
            .map_while(|line| line.strip_prefix("| `")?.split('`').next())
            .collect();
        let served: Vec<&str> = FAULTS.iter().map(|fault| fault.name).collect();
        assert_eq!(documented, served);
    }

    #[test]
    fn every_response_code_can_be_asked_for() {
        for code in Code::ALL {
            assert!(
                wish(&format!("fault:{}", code.name()), "create").is_some(),
                "{code:?}"
            );
        }
    }
}
