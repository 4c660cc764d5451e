//! The `OpenAPI` description against what is really served.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::sandbox::Sandbox;

#[test]
fn the_kept_description_is_the_served_one() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    let kept = std::fs::read_to_string(file).unwrap();
    let again = "docs/openapi.json is old; write it anew from /openapi.json of a sandbox";
    assert!(kept == sandbox.page("/openapi.json").body, "{again}");
}

#[test]
fn every_described_operation_is_served_and_answers_as_described() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let description = sandbox.page("/openapi.json").json();
    assert_eq!(description["openapi"], "3.1.0");
    let mut operations = 0;
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations += 1;
            let responses = &operation["responses"];
            let bodies = [
                Value::Null,
                json!({}),
                json!({"entitlementId": "x", "extensionData": {}, "customerIdentifier": "a"}),
            ];
            for body in bodies {
                let concrete = path.split('{').next().unwrap().to_owned()
                    + if path.contains('{') { "x" } else { "" };
                let concrete = concrete + path.split('}').nth(1).unwrap_or("");
                let Some(short) = concrete.strip_prefix("/v1") else {
                    let page = sandbox
                        .send(&method.to_uppercase(), &concrete, &[], "")
                        .unwrap();
                    assert!(
                        !matches!(page.status, 405 | 500),
                        "{method} {path}: {page:?}"
                    );
                    continue;
                };
                let reply = sandbox.api(&method.to_uppercase(), short, &body);
                let status = reply.status.to_string();
                assert!(
                    responses.get(&status).is_some(),
                    "{method} {path} answered {status}"
                );
                assert_ne!(
                    reply.text("responseMessage"),
                    "no such resource",
                    "{method} {path}"
                );
            }
        }
    }
    assert!(operations >= 15, "{operations}");
}

#[test]
fn every_reference_leads_somewhere() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let page = sandbox.page("/openapi.json");
    let description = page.json();
    let references = page
        .body
        .split("\"#")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap());
    let mut count = 0;
    for reference in references {
        assert!(description.pointer(reference).is_some(), "{reference}");
        count += 1;
    }
    assert!(count > 10, "{count}");
}
