//! Why a request was refused, held against the contract: what the code means, and what the named member may be. It judges nothing itself.

use std::sync::LazyLock;

use flate2::read::GzDecoder;
use serde_json::{Value, json};

/// `docs/openapi.json`, the description of everything that the sandbox serves. `cargo run --example generate` packs it.
pub static OPENAPI: LazyLock<String> = LazyLock::new(|| {
    let packed = &include_bytes!("openapi.gz")[..];
    std::io::read_to_string(GzDecoder::new(packed)).expect("the generator packed it")
});

/// What each code says, in the contract's sense, and what to do.
#[rustfmt::skip]
const CODES: [(&str, &str); 9] = [
    ("BAD_REQUEST", "The request is not valid, and nothing was done. Correct it before it is sent again."),
    ("UNAUTHORIZED", "The credentials are not accepted. At Bango the address that the request came from may be the reason as well; the answer does not tell them apart."),
    ("NOT_AVAILABLE", "The service cannot be activated, and nothing was done."),
    ("NOT_FOUND", "There is nothing of this id or path."),
    ("ALREADY_EXISTS", "The entitlement id is in use, or the entitlement is in that state already."),
    ("CONFLICT", "The status that the entitlement has does not allow this: what has ended cannot be changed."),
    ("TOO_MANY_REQUESTS", "The request limit is reached. Wait, and send it again with the same X-RequestIdentifier."),
    ("INTERNAL_ERROR", "A fault of the platform, probably a passing one. Send it again later with the same X-RequestIdentifier."),
    ("SERVICE_UNAVAILABLE", "The platform cannot be reached or is in maintenance. Send it again later with the same X-RequestIdentifier."),
];

/// The documented codes.
pub fn codes() -> impl Iterator<Item = &'static str> {
    let refusals = CODES.iter().map(|(code, _)| *code);
    ["OK", "CLIENT_ACTION_REQUIRED"].into_iter().chain(refusals)
}

/// What the code of a refusal means.
pub fn meaning(code: &str) -> Option<&'static str> {
    let found = CODES.iter().find(|(known, _)| *known == code);
    found.map(|(_, meaning)| *meaning)
}

/// The member that a refusal names: `parameter 'x' is required`.
pub fn member(message: &str) -> Option<&str> {
    message.strip_prefix("parameter '")?.split('\'').next()
}

/// What a member of the request's body may be, by the description of the API; `operation` is the operation's name.
pub fn rule(operation: &str, member: &str) -> Option<String> {
    let name = match operation {
        "create" => "Create",
        "update" => "Update",
        "cancel" | "revoke" => "End",
        "report" => "Report",
        _ => return None,
    };
    let document: Value = serde_json::from_str(&OPENAPI).ok()?;
    let schemas = &document["components"]["schemas"];
    let schema = &schemas[name];
    let mut rule = schema["properties"].get(member)?.clone();
    if let Some(path) = rule["$ref"].as_str() {
        let (_, referred) = path.rsplit_once('/')?;
        rule = schemas[referred].clone();
    }
    let required = schema["required"].as_array()?;
    if required.contains(&json!(member)) {
        rule["required"] = json!(true);
    }
    serde_json::to_string_pretty(&json!({ member: rule })).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_member_is_held_against_the_description() {
        let member = member("parameter 'productKey' is required").unwrap();
        let rule = rule("create", member).unwrap();
        assert!(
            rule.contains("\"required\": true") && rule.contains("\"type\": \"string\""),
            "{rule}"
        );
        assert!(super::rule("create", "novelty").is_none());
        assert!(super::member("no entitlement has the id 'x'").is_none());
    }
}
