//! The `OpenAPI` description against what is really served.

use std::path::Path;

use serde_json::{Value, json};

use super::testing::file;
use crate::support::cli::{Home, Outcome};
use crate::support::sandbox::Sandbox;

#[test]
fn the_kept_description_is_the_served_one() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    let kept = std::fs::read_to_string(file).unwrap();
    assert_eq!(kept, sandbox.page("/openapi.json").body);
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
fn every_status_that_a_fault_answers_is_declared_for_each_operation() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let description = sandbox.page("/openapi.json").json();
    let codes =
        description["components"]["schemas"]["Answer"]["properties"]["responseCode"].clone();
    let codes = codes["enum"].as_array().unwrap().clone();
    let codes = codes.iter().map(|code| code.as_str().unwrap());
    for fault in codes.chain(["redirect", "gateway", "unknown-action"]) {
        for (path, methods) in description["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let Some(path) = path.strip_prefix("/v1") else {
                    continue;
                };
                let name = operation["operationId"].as_str().unwrap();
                let customer = format!("fault:{name}.{fault}:always");
                let id = match name {
                    "create" => "none".to_owned(),
                    _ => sandbox.active(&customer),
                };
                let path = path
                    .replace("{entitlementId}", &id)
                    .replace("{echoRequestId}", &customer);
                let body = json!({
                    "customerIdentifier": customer, "merchantAccountKey": "SANDBOX", "productKey": "ACTIVE_AT_ONCE",
                    "entitlementId": id, "cancelReasonCategory": "REVOKED", "cancelReasonCode": "ERROR",
                });
                let reply = sandbox.api(&method.to_uppercase(), &path, &body);
                let declared = &operation["responses"][reply.status.to_string()];
                assert!(!declared.is_null(), "{name} answered {}", reply.status);
            }
        }
    }
    for status in ["405", "408", "413", "414", "421", "431", "500", "503"] {
        for operation in ["/v1/entitlement", "/v1/echo/{echoRequestId}", "/"] {
            let operation = description["paths"][operation].as_object().unwrap();
            let responses = &operation.values().next().unwrap()["responses"];
            assert!(!responses[status].is_null(), "{status}");
        }
    }
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

#[test]
fn what_is_posted_is_described_as_a_webhook() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let description = sandbox.page("/openapi.json").json();
    let webhook = &description["webhooks"]["notification"]["post"]["requestBody"];
    let schema = &webhook["content"]["application/json"]["schema"]["$ref"];
    let schema = description.pointer(schema.as_str().unwrap().trim_start_matches('#'));
    let own = &schema.unwrap()["allOf"][1];
    let inbox = crate::support::sandbox::Inbox::open(&[]);
    let more = json!({"notificationUrl": inbox.url});
    let created = sandbox.create_with("alice", "SANDBOX", "ACTIVE_AT_ONCE", &more);
    sandbox.end("revoke", &created.text("entitlementId"));
    let body = inbox.next().body;
    for name in own["required"].as_array().unwrap() {
        assert!(!body[name.as_str().unwrap()].is_null(), "{name}: {body}");
    }
    let reasons = own["properties"]["notificationReason"]["enum"]
        .as_array()
        .unwrap();
    assert!(reasons.contains(&body["notificationReason"]), "{body}");
}

/// Runs a program of Python's that `.ci/run` installs, beside the others.
fn python(home: &Home, program: &str, arguments: &[&str]) -> Outcome {
    let programs = file("target/python/bin");
    let mut program = home.program(programs.join(program));
    program.args(arguments).env("PATH", programs).run()
}

/// A folder in this one, with the description and a program that uses a client of it.
fn beside_the_description(folder: &str, program: &str) -> Home {
    let home = Home {
        folder: tempfile::tempdir_in(file(folder)).unwrap(),
    };
    for source in [
        "docs/openapi.json",
        &format!("tests/sandbox/clients/{program}"),
    ] {
        let source = file(source);
        std::fs::copy(&source, home.path().join(source.file_name().unwrap())).unwrap();
    }
    home
}

#[test]
#[ignore = "needs openapi-python-client, which .ci/run installs"]
fn a_client_that_is_generated_in_python_makes_a_round_trip() {
    let home = beside_the_description("target", "round_trip.py");
    let line = "generate --path openapi.json --meta none --output-path client --fail-on-warning";
    let arguments: Vec<_> = line.split(' ').collect();
    python(&home, "openapi-python-client", &arguments).assert_code(0);
    python(&home, "python", &["-m", "compileall", "-q", "client"]).assert_code(0);
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let trip = python(&home, "python", &["round_trip.py", &sandbox.origin]);
    assert_eq!(trip.assert_code(0).stdout, "create create get report\n");
}

#[test]
#[ignore = "needs Node.js and what .ci/run installs for it"]
fn a_client_whose_types_are_generated_in_typescript_makes_a_round_trip() {
    let home = beside_the_description("target/node", "round_trip.ts");
    home.write("package.json", r#"{"type": "module"}"#);
    let run = |program: &str, line: &str| {
        let mut program = home.program(program);
        program.args(line.split(' ')).run()
    };
    let node = |module: &str, line: &str| run("node", &format!("../node_modules/{module} {line}"));
    node(
        "openapi-typescript/bin/cli.js",
        "openapi.json -o schema.d.ts",
    )
    .assert_code(0);
    let options = "--strict --target es2022 --module nodenext --lib es2022,dom round_trip.ts";
    node("typescript/bin/tsc", options).assert_code(0);
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let trip = run("node", &format!("round_trip.js {}", sandbox.origin));
    assert_eq!(trip.assert_code(0).stdout, "create get report\n");
}

#[test]
#[ignore = "needs Schemathesis, which .ci/run installs"]
fn schemathesis_finds_nothing() {
    let home = Home::new();
    let config = file(".ci/schemathesis.toml");
    let description = file("docs/openapi.json");
    // A fault that is switched on would make requests of the others fail.
    for faults in ["exclude", "include"] {
        let sandbox = Sandbox::start(&["--ephemeral"]);
        let which = format!("--{faults}-operation-id=faultOn");
        let arguments = [
            "--config-file",
            config.to_str().unwrap(),
            "run",
            description.to_str().unwrap(),
            "--url",
            &sandbox.origin,
            "--auth=sandbox:sandbox",
            "--generation-deterministic",
            "--no-color",
            &which,
        ];
        let tried = python(&home, "schemathesis", &arguments);
        tried.assert_code(0);
        assert!(tried.stdout.contains("No issues found"), "{tried:?}");
    }
}
