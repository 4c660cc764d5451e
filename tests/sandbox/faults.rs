//! Every fault of the table in docs/sandbox.md, met by the tool itself.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::cli::{Outcome, eventually};
use crate::support::sandbox::Sandbox;

/// A row of the table: the fault, whether it acts, and the exit code of a create.
fn rows() -> Vec<(String, bool, i32)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sandbox.md");
    let text = std::fs::read_to_string(file).unwrap();
    let table = text
        .lines()
        .skip_while(|line| !line.starts_with("| Name "))
        .skip(2);
    let rows = table.take_while(|line| line.starts_with('|')).map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        (
            cells[1].trim_matches('`').to_owned(),
            cells[3] == "yes",
            cells[4].parse().unwrap(),
        )
    });
    rows.collect()
}

fn create(sandbox: &Sandbox, customer: &str, more: &[&str]) -> Outcome {
    let arguments = [
        "create",
        "--user",
        customer,
        "--merchant",
        "BANGO",
        "--product",
        "BangoMusic",
        "--json",
    ];
    sandbox.client().args(arguments).args(more).run()
}

fn exists(sandbox: &Sandbox, customer: &str) -> usize {
    let query = json!({"customerIdentifier": customer});
    let reply = sandbox.api("POST", "/entitlement/report", &query);
    reply.json()["entitlements"].as_array().unwrap().len()
}

#[test]
fn a_fault_that_is_misspelt_is_no_ordinary_customer() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    for (customer, said) in [
        (
            "fault:SERVICE_UNAVALABLE",
            "no fault is called 'SERVICE_UNAVALABLE'; did you mean SERVICE_UNAVAILABLE?",
        ),
        ("fault:nonsense:2", "no fault is called 'nonsense'"),
        (
            "fault:gett.hang",
            "no operation is called 'gett'; did you mean get?",
        ),
    ] {
        let refused = create(&sandbox, customer, &[]);
        assert_eq!(refused.code, 10, "{customer}");
        assert_eq!(refused.json()["error"]["code"], "BAD_REQUEST");
        assert!(refused.stdout.contains(said), "{}", refused.stdout);
        assert!(
            sandbox
                .page("/")
                .body
                .contains("Create the first entitlement")
        );
        let query = json!({"customerIdentifier": customer});
        let report = sandbox.api("POST", "/entitlement/report", &query);
        assert_eq!(report.status, 400, "{}", report.body);
    }
    let echo = sandbox.api("GET", "/echo/fault:echo.hangg", &Value::Null);
    assert_eq!(echo.status, 400);
}

#[test]
fn the_tool_ends_each_fault_with_the_documented_exit_code() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let rows = rows();
    assert!(rows.len() > 35, "{rows:?}");
    let (sandbox, next) = (&sandbox, std::sync::Mutex::new(rows.iter()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some((name, acts, code)) = { next.lock().unwrap().next() } {
                    let customer = format!("fault:{name}:always");
                    let output = create(sandbox, &customer, &["--timeout", "3s", "--retries", "1"]);
                    assert_eq!(output.code, *code, "{name}: {output:?}");
                    assert_eq!(exists(sandbox, &customer), usize::from(*acts), "{name}");
                    for text in [&output.stdout, &output.stderr] {
                        let steering = |byte: &u8| byte.is_ascii_control() && *byte != b'\n';
                        assert!(!text.as_bytes().iter().any(steering), "{name}: {output:?}");
                    }
                    let document: Value = serde_json::from_str(&output.stdout).unwrap();
                    assert_eq!(
                        document.get("error").is_some(),
                        *code != 0,
                        "{name}: {document}"
                    );
                }
            });
        }
    });
}

#[test]
fn a_counted_fault_passes_and_acts_once() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    for name in [
        "SERVICE_UNAVAILABLE",
        "INTERNAL_ERROR",
        "drop-before",
        "drop-after",
        "truncated-body",
        "gateway",
    ] {
        for label in ["first", "second"] {
            let customer = format!("fault:{name}:2:{label}");
            let output = create(&sandbox, &customer, &["--timeout", "20s"]);
            assert_eq!(output.code, 0, "{name}: {output:?}");
            assert_eq!(exists(&sandbox, &customer), 1, "{name}");
            let creates = format!("/v1/entitlement  {customer}  ");
            let seen = || sandbox.log().matches(&creates).count();
            eventually("three tries in the log", || (seen() == 3).then_some(()));
        }
    }
    // The same customer with another intent counts anew.
    let output = create(
        &sandbox,
        "fault:SERVICE_UNAVAILABLE:2:first",
        &["--retries", "1"],
    );
    assert_eq!(output.code, 22);
}

#[test]
fn other_operations_can_fail_too() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let id = sandbox.active("fault:get.SERVICE_UNAVAILABLE:1");
    assert_eq!(sandbox.get(&id).status, 503);
    assert_eq!(sandbox.get(&id).status, 200);
    let id = sandbox.active("fault:cancel.CONFLICT");
    assert_eq!(sandbox.end("cancel", &id).code(), "CONFLICT");
    assert_eq!(sandbox.end("revoke", &id).status, 200);
    let echo = sandbox.api("GET", "/echo/fault:echo.INTERNAL_ERROR", &Value::Null);
    assert_eq!(echo.status, 500);
}

#[test]
fn the_gzip_bomb_is_valid_and_unpacks_to_a_gibibyte() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let body = json!({"customerIdentifier": "fault:gzip-bomb", "merchantAccountKey": "BANGO", "productKey": "BangoMusic"});
    let mut response = ureq::post(format!("{}/v1/entitlement", sandbox.origin))
        .header("authorization", crate::support::sandbox::BASIC)
        .header("content-type", "application/json")
        .send(body.to_string())
        .unwrap();
    let packed = response.body_mut().with_config().limit(u64::MAX).reader();
    let mut unpacked = flate2::read::MultiGzDecoder::new(packed);
    let length = std::io::copy(&mut unpacked, &mut std::io::sink()).unwrap();
    assert!(length > 1 << 30, "{length}");
}
