//! The faults that a `customerIdentifier` can ask for, as test cards do for payments: the one table of them, and what they answer.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::{ApiRefusal, Envelope, ResponseCode};
use super::catalog::Start;
use crate::server::{Body, Response};

/// What goes wrong.
#[derive(Clone, Copy)]
pub enum Fault {
    /// Refuses with this code and changes nothing.
    Refuse(ResponseCode),
    /// Lets a create start in this way, whatever the product does.
    Start(Start),
    /// Answers something else and changes nothing.
    Instead(fn() -> Response),
    /// Acts, and then sends something else than the answer.
    Replace(fn(&[u8]) -> Response),
    /// Acts, and then changes what the answer says.
    Alter(fn(&mut Envelope)),
}

/// Every fault under its name in a `customerIdentifier`.
#[rustfmt::skip]
const FAULTS: &[(&str, Fault)] = &[
    ("OK", Fault::Start(Start::Active)),
    ("CLIENT_ACTION_REQUIRED", Fault::Start(Start::Pending)),
    ("BAD_REQUEST", Fault::Refuse(ResponseCode::BadRequest)),
    ("UNAUTHORIZED", Fault::Refuse(ResponseCode::Unauthorized)),
    ("NOT_AVAILABLE", Fault::Refuse(ResponseCode::NotAvailable)),
    ("NOT_FOUND", Fault::Refuse(ResponseCode::NotFound)),
    ("ALREADY_EXISTS", Fault::Refuse(ResponseCode::AlreadyExists)),
    ("CONFLICT", Fault::Refuse(ResponseCode::Conflict)),
    ("TOO_MANY_REQUESTS", Fault::Refuse(ResponseCode::TooManyRequests)),
    ("INTERNAL_ERROR", Fault::Refuse(ResponseCode::InternalError)),
    ("SERVICE_UNAVAILABLE", Fault::Refuse(ResponseCode::ServiceUnavailable)),
    ("drop-before", Fault::Instead(|| Response::misbehaving(Body::Drop))),
    ("drop-after", Fault::Replace(|_| Response::misbehaving(Body::Drop))),
    ("hang", Fault::Instead(|| Response::misbehaving(Body::Hang))),
    ("hang-after", Fault::Replace(|_| Response::misbehaving(Body::Hang))),
    ("slow-drip", Fault::Replace(two_bytes_a_second)),
    ("truncated-json", Fault::Replace(|body| Response::new(200, "application/json", &body[..body.len() / 2]))),
    ("truncated-body", Fault::Replace(half_of_its_length)),
    ("empty", Fault::Replace(|_| Response::new(200, "application/json", ""))),
    ("html", Fault::Instead(|| Response::new(200, "text/html; charset=utf-8", "<!doctype html><title>Wi-Fi</title><p>Please log in."))),
    ("gateway", Fault::Instead(|| Response::new(502, "text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>"))),
    ("not-http", Fault::Instead(|| Response::misbehaving(Body::Raw(b"SSH-2.0-sandbox\r\n".into())))),
    // To an answer that looks like success, so that a client which follows it is found out.
    ("redirect", Fault::Instead(|| Response::new(302, "text/plain", "").with("location", "/v1/echo/followed"))),
    ("huge-body", Fault::Instead(gibibyte_of_json)),
    ("gzip-bomb", Fault::Instead(gzip_bomb)),
    ("escape-bytes", Fault::Alter(steer_a_terminal)),
    ("unknown-action", Fault::Alter(|answer| act(answer, json!({"action": "SCAN_CODE", "code": "4711"})))),
    ("unknown-code", Fault::Alter(|answer| answer.set("responseCode", "PARTLY_DONE"))),
    ("no-code", Fault::Alter(|answer| drop(answer.body.shift_remove("responseCode")))),
    ("url-script", Fault::Alter(|answer| send_to(answer, "javascript:alert(1)"))),
    ("url-file", Fault::Alter(|answer| send_to(answer, "file:///etc/passwd"))),
    ("url-plain-http", Fault::Alter(|answer| send_to(answer, "http://merchant.example/register"))),
    ("url-credentials", Fault::Alter(|answer| send_to(answer, "https://bango.net@evil.example/"))),
    ("url-control", Fault::Alter(|answer| send_to(answer, "https://merchant.example/\u{1b}[2J\nhttps://evil.example/"))),
    ("url-bidi", Fault::Alter(|answer| send_to(answer, "https://merchant.example/\u{202e}gpj.exe"))),
    ("url-option", Fault::Alter(|answer| send_to(answer, "--help"))),
    ("url-relative", Fault::Alter(|answer| send_to(answer, "/register/here"))),
    ("url-too-long", Fault::Alter(|answer| send_to(answer, &format!("https://merchant.example/{}", "x".repeat(10_000))))),
    ("url-missing", Fault::Alter(|answer| act(answer, json!({"action": "NAVIGATE_TO_URL"})))),
];

/// A fault that is switched on for the requests of many customers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FaultRule {
    /// `NAME` for every operation, or `OPERATION.NAME`.
    pub fault: String,
    /// The customer whose requests it meets; without one everybody's.
    pub customer: Option<String>,
    /// The share of the requests that it meets, at random: 0 to 1.
    pub share: f64,
    /// Until when, in milliseconds since 1970; without it until it is switched off.
    pub until: Option<i64>,
}

impl FaultRule {
    /// Whether its time is not over.
    pub fn is_on(&self, now: i64) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    /// What goes wrong with a request, if this rule meets it.
    pub fn strikes(&self, customer: &str, operation: &str, now: i64) -> Option<Fault> {
        let (meant, fault) = named(&self.fault).ok()?;
        let meets = meant.is_none_or(|meant| meant == operation)
            && self.customer.as_ref().is_none_or(|known| known == customer)
            && self.is_on(now)
            && fastrand::f64() < self.share;
        meets.then_some(fault)
    }
}

/// The operations that a fault can be for, and by which requests are filtered.
pub const OPERATIONS: [&str; 9] = [
    "create",
    "get",
    "report",
    "update",
    "cancel",
    "revoke",
    "reactivate",
    "activationInfo",
    "echo",
];

/// The names of all faults.
pub fn names() -> impl Iterator<Item = &'static str> {
    FAULTS.iter().map(|(name, _)| *name)
}

/// Reads `NAME` or `OPERATION.NAME`; the error names the fault or the operation that may be meant.
pub fn named(text: &str) -> Result<(Option<&str>, Fault), ApiRefusal> {
    let (meant, name) = match text.split_once('.') {
        Some((meant, name)) => (Some(meant), name),
        None => (None, text),
    };
    if let Some(meant) = meant.filter(|meant| !OPERATIONS.contains(meant)) {
        return Err(unknown("operation", meant, OPERATIONS.into_iter()));
    }
    let found = FAULTS.iter().find(|(known, _)| *known == name);
    let (_, fault) = found.ok_or_else(|| unknown("fault", name, names()))?;
    Ok((meant, *fault))
}

fn unknown(kind: &str, name: &str, known: impl Iterator<Item = &'static str>) -> ApiRefusal {
    let distance = |known: &str| {
        strsim::damerau_levenshtein(&known.to_ascii_lowercase(), &name.to_ascii_lowercase())
    };
    let nearest = known.min_by_key(|known| distance(known));
    let near = nearest.filter(|near| distance(near) * 3 <= name.len());
    let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
    let message = format!("no {kind} is called '{name}'{hint}");
    ApiRefusal::new(ResponseCode::BadRequest, message)
}

/// Refuses a customer who asks for a fault that there is not: nothing would go wrong, and a test of that would pass.
pub fn check(customer: &str) -> Result<(), ApiRefusal> {
    let wanted = customer.strip_prefix("fault:").unwrap_or("OK");
    named(wanted.split(':').next().unwrap_or_default()).map(drop)
}

/// Reads `fault:NAME[:TIMES][:LABEL]`, or `fault:OPERATION.NAME…` for another operation than create, into what goes wrong and
/// how often, without a number always. Anything else is an ordinary customer.
pub fn wanted(customer: &str, operation: &str) -> Option<(Fault, Option<u32>)> {
    let mut parts = customer.strip_prefix("fault:")?.split(':');
    let (meant, fault) = named(parts.next()?).ok()?;
    let times = parts.next().and_then(|times| times.parse().ok());
    (meant.unwrap_or("create") == operation).then_some((fault, times))
}

/// Returns the refusal that a fault asked for.
pub fn refusal(code: ResponseCode) -> Envelope {
    let message = "a fault that was asked for";
    Envelope::new(code, message, json!({}))
}

/// Asks the user to do something.
fn act(answer: &mut Envelope, parameters: Value) {
    answer.http_status = 202;
    answer.set("responseCode", "CLIENT_ACTION_REQUIRED");
    answer.set("status", "PENDING");
    answer.set("parameters", parameters);
}

fn send_to(answer: &mut Envelope, url: &str) {
    act(answer, json!({"action": "NAVIGATE_TO_URL", "url": url}));
}

/// A clear-screen, a title, a bell, a clipboard write, a C1 introducer and a bidi override.
const STEERING: &str =
    "\u{1b}[2J\u{1b}]0;owned\u{7}\u{1b}]52;c;b3duZWQ=\u{7}\u{9b}31m\u{202e}detavitca\r\nOK";

fn steer_a_terminal(answer: &mut Envelope) {
    answer.set("responseMessage", STEERING);
    answer.set("entitlementDisplayName", STEERING);
    answer.set("extensionData", json!({STEERING: STEERING}));
}

fn two_bytes_a_second(body: &[u8]) -> Response {
    let bytes: Vec<Vec<u8>> = body.iter().map(|byte| vec![*byte]).collect();
    in_pieces(bytes.into_iter(), Duration::from_millis(500))
}

fn in_pieces(body: impl Iterator<Item = Vec<u8>> + Send + 'static, pause: Duration) -> Response {
    let mut response = Response::new(200, "application/json", "");
    response.body = Body::Pieces(Box::new(body), pause);
    response
}

fn half_of_its_length(body: &[u8]) -> Response {
    let length = body.len();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length:";
    let mut raw = format!("{head} {length}\r\n\r\n").into_bytes();
    raw.extend(&body[..length / 2]);
    Response::misbehaving(Body::Raw(raw))
}

fn gibibyte_of_json() -> Response {
    let padding = std::iter::repeat_n(vec![b' '; 64 * 1024], 16 * 1024);
    let body = std::iter::once(b"{".to_vec())
        .chain(padding)
        .chain(std::iter::once(b"\"responseCode\":\"OK\"}".to_vec()));
    in_pieces(body, Duration::ZERO)
}

/// About one mebibyte of gzip that unpack to more than one gibibyte: one packed mebibyte of spaces, repeated. Gzip may have
/// several members.
fn gzip_bomb() -> Response {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    encoder.write_all(&vec![b' '; 1 << 20]).ok();
    let member = encoder.finish().unwrap_or_default();
    in_pieces(std::iter::repeat_n(member, 1_025), Duration::ZERO).with("content-encoding", "gzip")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_an_operation_a_count_and_a_label() {
        let times = |customer, operation| wanted(customer, operation).map(|(_, times)| times);
        assert_eq!(times("fault:hang", "create"), Some(None));
        assert_eq!(times("fault:hang:2", "create"), Some(Some(2)));
        assert_eq!(times("fault:get.hang:3:bob", "get"), Some(Some(3)));
        assert_eq!(times("fault:hang:bob", "create"), Some(None));
        for (customer, operation) in [
            ("fault:get.hang", "create"),
            ("fault:hang", "get"),
            ("alice", "create"),
        ] {
            assert_eq!(times(customer, operation), None, "{customer}");
        }
    }

    #[test]
    fn a_fault_that_there_is_not_is_refused_with_the_one_that_may_be_meant() {
        for (customer, said) in [
            (
                "fault:SERVICE_UNAVALABLE",
                Some("'SERVICE_UNAVALABLE'; did you mean SERVICE_UNAVAILABLE?"),
            ),
            ("fault:Hang:2", Some("'Hang'; did you mean hang?")),
            (
                "fault:gett.hang",
                Some("no operation is called 'gett'; did you mean get?"),
            ),
            ("fault:nonsense", Some("no fault is called 'nonsense'")),
            ("fault:", Some("no fault is called ''")),
            ("fault:get.hang:3:bob", None),
            ("alice", None),
        ] {
            let refusal = check(customer).err().map(|refusal| refusal.message);
            let is_said =
                said.is_none_or(|said| refusal.as_ref().is_some_and(|why| why.ends_with(said)));
            assert_eq!(
                (refusal.is_some(), is_said),
                (said.is_some(), true),
                "{refusal:?}"
            );
        }
    }

    #[test]
    fn the_documentation_lists_exactly_these_faults() {
        let documented: Vec<&str> = include_str!("../../docs/sandbox.md")
            .lines()
            .skip_while(|line| !line.starts_with("| Name "))
            .skip(2)
            .map_while(|line| line.strip_prefix("| `")?.split('`').next())
            .collect();
        let served: Vec<&str> = FAULTS.iter().map(|(name, _)| *name).collect();
        assert_eq!(documented, served);
    }
}
