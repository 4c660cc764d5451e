//! The faults that a `customerIdentifier` can ask for, as test cards do for payments: the one table of them. It sends nothing itself.

use serde_json::json;

use super::answer::{Answer, Code};
use super::catalog::Start;
use super::fault_bodies;
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
    /// Acts, and then sends something else than the answer.
    Replace(fn(Vec<u8>) -> Response),
    /// Acts, and then sends the user to this URL.
    SendTo(&'static str),
    /// Acts, and then changes what the answer says.
    Alter(fn(&mut Answer)),
}

/// One row of the table.
pub struct Fault {
    /// Its name in a `customerIdentifier`.
    pub name: &'static str,
    pub effect: Effect,
}

/// Every fault.
#[rustfmt::skip]
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
    fault("SERVICE_UNAVAILABLE", Effect::Refuse(Code::ServiceUnavailable)),
    fault("drop-before", Effect::Instead(|| Response::misbehaving(Body::Drop))),
    fault("drop-after", Effect::Replace(|_| Response::misbehaving(Body::Drop))),
    fault("hang", Effect::Instead(|| Response::misbehaving(Body::Hang))),
    fault("hang-after", Effect::Replace(|_| Response::misbehaving(Body::Hang))),
    fault("slow-drip", Effect::Replace(fault_bodies::drip)),
    fault("truncated-json", Effect::Replace(fault_bodies::truncate)),
    fault("truncated-body", Effect::Replace(fault_bodies::break_off)),
    fault("empty", Effect::Replace(|_| Response::new(200, "application/json", ""))),
    fault("html", Effect::Instead(fault_bodies::html)),
    fault("gateway", Effect::Instead(fault_bodies::gateway)),
    fault("not-http", Effect::Instead(|| Response::misbehaving(Body::Raw(b"SSH-2.0-sandbox\r\n".into())))),
    fault("redirect", Effect::Instead(fault_bodies::redirect)),
    fault("huge-body", Effect::Instead(fault_bodies::huge)),
    fault("gzip-bomb", Effect::Instead(fault_bodies::gzip)),
    fault("escape-bytes", Effect::Alter(fault_bodies::escape_bytes)),
    fault("unknown-action", Effect::Alter(fault_bodies::unknown_action)),
    fault("unknown-code", Effect::Alter(|answer| answer.set("responseCode", "PARTLY_DONE"))),
    fault("no-code", Effect::Alter(fault_bodies::no_code)),
    fault("url-script", Effect::SendTo("javascript:alert(1)")),
    fault("url-file", Effect::SendTo("file:///etc/passwd")),
    fault("url-plain-http", Effect::SendTo("http://merchant.example/register")),
    fault("url-credentials", Effect::SendTo("https://bango.net@evil.example/")),
    fault("url-control", Effect::Alter(fault_bodies::control)),
    fault("url-bidi", Effect::SendTo("https://merchant.example/\u{202e}gpj.exe")),
    fault("url-option", Effect::SendTo("--help")),
    fault("url-relative", Effect::SendTo("/register/here")),
    fault("url-too-long", Effect::Alter(fault_bodies::too_long)),
    fault("url-missing", Effect::Alter(fault_bodies::no_url)),
];

const fn fault(name: &'static str, effect: Effect) -> Fault {
    Fault { name, effect }
}

/// What a `customerIdentifier` asks for.
#[derive(Clone, Copy)]
pub struct Wanted {
    pub effect: Effect,
    /// How often; without a number always.
    pub times: Option<u32>,
}

/// Reads `fault:NAME[:TIMES][:LABEL]`, or `fault:OPERATION.NAME…` for another operation than create.
///
/// Anything else, an unknown name too, is an ordinary customer.
pub fn wanted(customer: &str, operation: &str) -> Option<Wanted> {
    let mut parts = customer.strip_prefix("fault:")?.split(':');
    let name = parts.next()?;
    let (meant, name) = name.split_once('.').unwrap_or(("create", name));
    if meant != operation {
        return None;
    }
    let fault = FAULTS.iter().find(|fault| fault.name == name)?;
    Some(Wanted {
        effect: fault.effect,
        times: parts.next().and_then(|times| times.parse().ok()),
    })
}

/// Returns the refusal that a fault asked for.
pub fn refusal(code: Code) -> Answer {
    Answer::new(
        code,
        "a fault that the customer identifier asked for",
        json!({}),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_an_operation_a_count_and_a_label() {
        assert_eq!(wanted("fault:hang", "create").unwrap().times, None);
        assert_eq!(wanted("fault:hang:2", "create").unwrap().times, Some(2));
        assert_eq!(
            wanted("fault:get.hang:3:bob", "get").unwrap().times,
            Some(3)
        );
        assert_eq!(wanted("fault:hang:bob", "create").unwrap().times, None);
        assert!(wanted("fault:get.hang", "create").is_none());
        assert!(wanted("fault:hang", "get").is_none());
        assert!(wanted("fault:nothing", "create").is_none());
        assert!(wanted("alice", "create").is_none());
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
        for (_, name, _) in Code::TABLE {
            assert!(wanted(&format!("fault:{name}"), "create").is_some());
        }
    }
}
