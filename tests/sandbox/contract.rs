//! The sandbox against the contract, with requests built here and not by the product's client.

use serde_json::{Value, json};

use crate::support::cli::{Home, eventually};
use crate::support::sandbox::{BASIC, Inbox, Sandbox};

const EPHEMERAL: &[&str] = &["--ephemeral"];

#[test]
fn echo_returns_the_id_and_nothing_else() {
    let sandbox = Sandbox::start(EPHEMERAL);
    let reply = sandbox.api("GET", "/echo/a%2Fb%20%C3%BC", &Value::Null);
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.json(),
        json!({"responseCode": "OK", "responseMessage": "Success", "echo": "a/b ü"})
    );
}

#[test]
fn credentials_are_demanded_and_can_be_set() {
    let home = Home::new();
    let own = [
        ("BANGO_SANDBOX_USERNAME", "MyOrganization"),
        ("BANGO_SANDBOX_PASSWORD", "elephant-notepad-dancer"),
    ];
    let sandbox = Sandbox::start_with(EPHEMERAL, &own, home);
    for header in ["", BASIC, "Bearer x", "Basic !!"] {
        let reply = sandbox
            .send("GET", "/v1/echo/1", &[("authorization", header)], "")
            .unwrap();
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (401, "UNAUTHORIZED"),
            "{header}"
        );
        assert!(
            reply.header("www-authenticate").starts_with("Basic "),
            "{reply:?}"
        );
    }
    let vector = "TXlPcmdhbml6YXRpb246ZWxlcGhhbnQtbm90ZXBhZC1kYW5jZXI=";
    for (scheme, status) in [
        ("Basic", 200),
        ("basic", 200),
        ("BASIC", 200),
        ("Basics", 401),
    ] {
        let header = format!("{scheme} {vector}");
        let reply = sandbox
            .send("GET", "/v1/echo/1", &[("authorization", &header)], "")
            .unwrap();
        assert_eq!(reply.status, status, "{scheme}");
    }
}

#[test]
fn a_create_of_the_test_merchant_is_pending_with_a_url() {
    let sandbox = Sandbox::start(EPHEMERAL);
    let reply = sandbox.create("alice", "BANGO", "BangoMusic");
    assert_eq!(
        (reply.status, reply.code().as_str()),
        (202, "CLIENT_ACTION_REQUIRED")
    );
    let body = reply.json();
    assert_eq!(body["status"], "PENDING");
    assert_eq!(body["parameters"]["action"], "NAVIGATE_TO_URL");
    assert!(
        reply
            .link()
            .starts_with(&format!("{}/register/", sandbox.origin)),
        "{body}"
    );
    for field in [
        "dateActivated",
        "dateEnded",
        "offerKey",
        "activationCode",
        "dateExpiry",
    ] {
        assert_eq!(body[field], Value::Null, "{field}");
    }
    assert!(body["dateCreated"].as_str().unwrap().ends_with('Z'));
    let mut read = sandbox.get(&reply.text("entitlementId")).json();
    let mut created = body;
    for only_once in ["responseCode", "responseMessage", "parameters"] {
        created.as_object_mut().unwrap().remove(only_once);
        read.as_object_mut().unwrap().remove(only_once);
    }
    assert_eq!(read, created);
}

#[test]
fn products_start_as_the_catalog_says() {
    let sandbox = Sandbox::start(EPHEMERAL);
    let rows = [
        ("BANGO_US", "MUSIC", 202, "CLIENT_ACTION_REQUIRED"),
        ("BANGO_US", "MUSIC_PREMIUM", 202, "CLIENT_ACTION_REQUIRED"),
        ("SANDBOX", "ACTIVE_AT_ONCE", 200, "OK"),
        ("SANDBOX", "CREATED", 201, "OK"),
        ("SANDBOX", "SLOW_TERMINATION", 200, "OK"),
        ("SANDBOX", "NEVER_AVAILABLE", 400, "NOT_AVAILABLE"),
        ("bango", "BangoMusic", 400, "BAD_REQUEST"),
        ("BANGO", "bangomusic", 400, "BAD_REQUEST"),
    ];
    for (number, (merchant, product, status, code)) in rows.into_iter().enumerate() {
        let reply = sandbox.create(&format!("c{number}"), merchant, product);
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (status, code),
            "{product}"
        );
    }
}

#[test]
fn a_catalog_file_replaces_the_products() {
    let home = Home::new();
    let file = home.path().join("catalog.toml");
    let text = "[[product]]\nmerchant = \"ACME\"\nproduct = \"TV\"\nname = \"Acme TV\"\ncreation = \"active\"\n";
    std::fs::write(&file, text).unwrap();
    let sandbox = Sandbox::start(&["--ephemeral", "--catalog", file.to_str().unwrap()]);
    assert_eq!(
        sandbox.create("alice", "ACME", "TV").text("status"),
        "ACTIVE"
    );
    assert_eq!(
        sandbox.create("alice", "BANGO", "BangoMusic").code(),
        "BAD_REQUEST"
    );
}

#[test]
fn a_body_is_read_strictly() {
    let sandbox = Sandbox::start(EPHEMERAL);
    let good = json!({"customerIdentifier": "a", "merchantAccountKey": "BANGO", "productKey": "BangoMusic"});
    for field in ["customerIdentifier", "merchantAccountKey", "productKey"] {
        for missing in [None, Some(Value::Null), Some(json!(""))] {
            let mut body = good.clone();
            match missing {
                None => drop(body.as_object_mut().unwrap().remove(field)),
                Some(value) => body[field] = value,
            }
            let reply = sandbox.api("POST", "/entitlement", &body);
            assert_eq!((reply.status, reply.code().as_str()), (400, "BAD_REQUEST"));
            assert_eq!(
                reply.text("responseMessage"),
                format!("parameter '{field}' is required")
            );
        }
    }
    let invalid = [
        ("customerIdentifier", json!(5)),
        ("offerKey", json!({})),
        ("notificationUrl", json!("not a url")),
        ("notificationUrl", json!("ftp://example.com/")),
        ("notificationUrl", json!("https://exa mple.com/")),
        ("dateExpiry", json!("2001-01-01T00:00:00Z")),
        ("dateExpiry", json!("2999-01-01T00:00:00+01:00")),
        ("dateExpiry", json!("tomorrow")),
        ("extensionData", json!(1)),
        ("extraInformation", json!("text")),
        ("status", json!("ACTIVE")),
        ("dateCreated", json!("2999-01-01T00:00:00Z")),
        ("responseCode", json!("OK")),
    ];
    for (field, value) in invalid {
        let mut body = good.clone();
        body[field] = value;
        let reply = sandbox.api("POST", "/entitlement", &body);
        assert_eq!(
            reply.text("responseMessage"),
            format!("parameter '{field}' is invalid"),
            "{body}"
        );
        assert_eq!(reply.status, 400);
    }
}

#[test]
fn what_is_no_json_object_is_refused() {
    let sandbox = Sandbox::start(EPHEMERAL);
    let json = ("content-type", "application/json");
    let auth = ("authorization", BASIC);
    for body in [
        "",
        "[]",
        "\"x\"",
        "{",
        "{\"customerIdentifier\":\"\\ud800\"}",
        "{} {}",
    ] {
        let reply = sandbox
            .send("POST", "/v1/entitlement", &[auth, json], body)
            .unwrap();
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (400, "BAD_REQUEST"),
            "{body}"
        );
    }
    let body =
        r#"{"customerIdentifier":"a","merchantAccountKey":"BANGO","productKey":"BangoMusic"}"#;
    let reply = sandbox
        .send(
            "POST",
            "/v1/entitlement",
            &[auth, ("content-type", "text/plain")],
            body,
        )
        .unwrap();
    assert_eq!(
        reply.text("responseMessage"),
        "parameter 'Content-Type' is invalid"
    );
    let reply = sandbox.send(
        "POST",
        "/v1/entitlement",
        &[auth, ("content-type", "application/json; charset=utf-8")],
        body,
    );
    assert_eq!(reply.unwrap().status, 202);
}

#[test]
fn unknown_fields_survive() {
    let sandbox = Sandbox::start(EPHEMERAL);
    let more = json!({"novelty": {"deep": [1, 2.50, "ü"]}, "extensionData": {"a": null}, "entitlementId": "mine/1"});
    let created = sandbox.create_with("alice", "SANDBOX", "ACTIVE_AT_ONCE", &more);
    assert_eq!(created.text("entitlementId"), "mine/1");
    let read = sandbox.get("mine%2F1").json();
    assert_eq!(read["novelty"], more["novelty"]);
    assert_eq!(read["extensionData"], more["extensionData"]);
    assert_eq!(read.get("notificationUrl"), None);
}

#[test]
fn a_repeated_create_gives_a_new_url_while_pending_and_is_refused_afterwards() {
    let sandbox = Sandbox::start(EPHEMERAL);
    let first = sandbox.create("alice", "BANGO", "BangoMusic");
    let second = sandbox.create("alice", "BANGO", "BangoMusic");
    assert_eq!(second.status, 202);
    assert_eq!(first.text("entitlementId"), second.text("entitlementId"));
    assert_ne!(first.link(), second.link());
    assert_eq!(sandbox.register(&first.link()).status, 303);
    let third = sandbox.create("alice", "BANGO", "BangoMusic");
    assert_eq!((third.status, third.code().as_str()), (400, "BAD_REQUEST"));
    assert!(
        third
            .text("responseMessage")
            .contains("Maximum number of subscriptions for user reached")
    );
    // The limit is per customer and merchant.
    assert_eq!(sandbox.create("alice", "BANGO_US", "MUSIC").status, 202);
    assert_eq!(
        sandbox.create("alice", "BANGO_US", "MUSIC_PREMIUM").status,
        400
    );
    assert_eq!(sandbox.create("bob", "BANGO", "BangoMusic").status, 202);
    // What has ended makes room.
    assert_eq!(
        sandbox.end("revoke", &first.text("entitlementId")).status,
        200
    );
    assert_eq!(sandbox.create("alice", "BANGO", "BangoMusic").status, 202);
}

#[test]
fn a_reused_entitlement_id_already_exists() {
    let sandbox = Sandbox::start(EPHEMERAL);
    let own = json!({"entitlementId": "mine"});
    assert_eq!(
        sandbox
            .create_with("alice", "BANGO", "BangoMusic", &own)
            .status,
        202
    );
    let again = sandbox.create_with("bob", "BANGO", "BangoMusic", &own);
    assert_eq!(
        (again.status, again.code().as_str()),
        (409, "ALREADY_EXISTS")
    );
}

#[test]
fn a_request_identifier_acts_once() {
    let sandbox = Sandbox::start(EPHEMERAL);
    let body = json!({"customerIdentifier": "alice", "merchantAccountKey": "BANGO", "productKey": "BangoMusic"});
    let key = [("x-requestidentifier", "r-1")];
    let first = sandbox.api_as("POST", "/entitlement", &body, &key);
    let second = sandbox.api_as("POST", "/entitlement", &body, &key);
    assert_eq!(first.body, second.body);
    assert_eq!(first.status, second.status);
    let mut other = body.clone();
    other["customerIdentifier"] = json!("bob");
    let refused = sandbox.api_as("POST", "/entitlement", &other, &key);
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (400, "BAD_REQUEST")
    );
    assert!(
        refused
            .text("responseMessage")
            .contains("X-RequestIdentifier")
    );
    assert_eq!(
        report(&sandbox, &json!({"customerIdentifier": "bob"})),
        Vec::<String>::new()
    );
    // Without an identifier, or with an empty one, nothing is remembered.
    for customer in ["carol", "dave"] {
        let mut body = body.clone();
        body["customerIdentifier"] = json!(customer);
        let reply = sandbox.api_as(
            "POST",
            "/entitlement",
            &body,
            &[("x-requestidentifier", "")],
        );
        assert_eq!(reply.text("customerIdentifier"), customer);
    }
    let long = "x".repeat(257);
    let reply = sandbox.api_as(
        "POST",
        "/entitlement",
        &other,
        &[("x-requestidentifier", &long)],
    );
    assert_eq!(
        reply.text("responseMessage"),
        "parameter 'X-RequestIdentifier' is invalid"
    );
    // A refusal is not remembered: it changed nothing.
    let key = [("x-requestidentifier", "r-2")];
    assert_eq!(
        sandbox
            .api_as("POST", "/entitlement", &json!({}), &key)
            .status,
        400
    );
    assert_eq!(
        sandbox.api_as("POST", "/entitlement", &other, &key).status,
        202
    );
}

#[test]
fn an_acting_request_is_answered_alike_even_when_the_state_has_moved_on() {
    let sandbox = Sandbox::start(EPHEMERAL);
    let id = sandbox.active("alice");
    let reason = json!({"cancelReasonCategory": "REVOKED", "cancelReasonCode": "FRAUD"});
    let key = [("x-requestidentifier", "r-1")];
    let path = format!("/entitlement/revoke/{id}");
    let first = sandbox.api_as("POST", &path, &reason, &key);
    assert_eq!(first.text("status"), "REVOKED");
    assert_eq!(
        sandbox.api_as("POST", &path, &reason, &key).body,
        first.body
    );
    assert_eq!(sandbox.api("POST", &path, &reason).code(), "CONFLICT");
}

fn report(sandbox: &Sandbox, query: &Value) -> Vec<String> {
    let reply = sandbox.api("POST", "/entitlement/report", query);
    assert_eq!(
        (reply.status, reply.code().as_str()),
        (200, "OK"),
        "{reply:?}"
    );
    let found = reply.json()["entitlements"].as_array().unwrap().clone();
    found
        .iter()
        .map(|one| one["productKey"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_report_is_narrowed_by_product_and_status() {
    let sandbox = Sandbox::start(EPHEMERAL);
    sandbox.create("alice", "BANGO", "BangoMusic");
    sandbox.create("alice", "BANGO_US", "MUSIC");
    sandbox.active("alice");
    sandbox.active("bob");
    let ask = |query: Value| report(&sandbox, &query);
    assert_eq!(
        ask(json!({"customerIdentifier": "alice"})),
        ["BangoMusic", "MUSIC", "ACTIVE_AT_ONCE"]
    );
    let nulls = json!({"customerIdentifier": "alice", "productKey": null, "status": null});
    assert_eq!(ask(nulls).len(), 3);
    assert_eq!(
        ask(json!({"customerIdentifier": "alice", "productKey": "MUSIC"})),
        ["MUSIC"]
    );
    assert_eq!(
        ask(json!({"customerIdentifier": "alice", "status": "ACTIVE"})),
        ["ACTIVE_AT_ONCE"]
    );
    assert_eq!(
        ask(json!({"customerIdentifier": "nobody"})),
        Vec::<String>::new()
    );
    let wrong = sandbox.api(
        "POST",
        "/entitlement/report",
        &json!({"customerIdentifier": "a", "status": "BROKEN"}),
    );
    assert_eq!(
        wrong.text("responseMessage"),
        "parameter 'status' is invalid"
    );
}

#[test]
fn an_update_is_sparse_and_never_touches_the_status() {
    let sandbox = Sandbox::start(EPHEMERAL);
    let id = sandbox.active("alice");
    let patch = |body: Value| sandbox.api("PATCH", "/entitlement", &body);
    let reply = patch(json!({"entitlementId": id, "extensionData": {"seat": 3}, "novelty": 1}));
    assert_eq!(
        (reply.status, reply.text("status").as_str()),
        (200, "ACTIVE")
    );
    let reply = patch(json!({"entitlementId": id, "dateExpiry": "2999-01-01T00:00:00Z"}));
    assert_eq!(reply.json()["extensionData"], json!({"seat": 3}));
    assert_eq!(reply.json()["novelty"], 1);
    assert_eq!(reply.text("dateExpiry"), "2999-01-01T00:00:00.000Z");
    assert_eq!(
        patch(json!({"entitlementId": id, "productKey": "SLOW_TERMINATION"})).text("productKey"),
        "SLOW_TERMINATION"
    );
    assert_eq!(
        patch(json!({"entitlementId": id, "customerIdentifier": "bob"})).text("customerIdentifier"),
        "bob"
    );
    assert_eq!(
        report(&sandbox, &json!({"customerIdentifier": "alice"})).len(),
        0
    );
    assert_eq!(
        report(&sandbox, &json!({"customerIdentifier": "bob"})).len(),
        1
    );
    for (field, value) in [
        ("status", json!("REVOKED")),
        ("merchantAccountKey", json!("BANGO")),
        ("productKey", json!("BangoMusic")),
        ("productKey", json!(null)),
        ("entitlementBenefits", json!("MAYBE")),
        ("dateExpiry", json!("yesterday")),
        ("notificationUrl", json!("nowhere")),
    ] {
        let mut body = json!({"entitlementId": id});
        body[field] = value;
        let reply = patch(body.clone());
        assert_eq!(
            (reply.status, reply.text("responseMessage")),
            (400, format!("parameter '{field}' is invalid")),
            "{body}"
        );
    }
    assert_eq!(patch(json!({"entitlementId": id})).status, 400);
    assert_eq!(
        patch(json!({"extensionData": {}})).text("responseMessage"),
        "parameter 'entitlementId' is required"
    );
    assert_eq!(
        patch(json!({"entitlementId": "none", "extensionData": {}})).status,
        404
    );
    let carol = sandbox.active("carol");
    let taken = patch(json!({"entitlementId": carol, "customerIdentifier": "bob"}));
    assert!(
        taken.text("responseMessage").contains("Maximum number"),
        "{taken:?}"
    );
}

/// Takes a fresh entitlement along a path of acts and returns the last answer's HTTP status and the status it has then.
fn walk(sandbox: &Sandbox, customer: &str, product: &str, acts: &[&str]) -> (u16, String) {
    let merchant = if product == "BangoMusic" {
        "BANGO"
    } else {
        "SANDBOX"
    };
    let created = sandbox.create(customer, merchant, product);
    let id = created.text("entitlementId");
    let mut status = created.status;
    for act in acts {
        let benefits = |value: &str| {
            let body = json!({"entitlementId": id, "entitlementBenefits": value});
            sandbox.api("PATCH", "/entitlement", &body).status
        };
        status = match *act {
            "register" => sandbox.register(&created.link()).status,
            "suspend" => benefits("SUSPENDED"),
            "resume" => benefits("NORMAL"),
            "update" => {
                sandbox
                    .api(
                        "PATCH",
                        "/entitlement",
                        &json!({"entitlementId": id, "extensionData": "x"}),
                    )
                    .status
            }
            "reactivate" => {
                sandbox
                    .api(
                        "POST",
                        &format!("/entitlement/reactivate/{id}"),
                        &Value::Null,
                    )
                    .status
            }
            "info" => {
                sandbox
                    .api(
                        "GET",
                        &format!("/entitlement/{id}/activationInfo"),
                        &Value::Null,
                    )
                    .status
            }
            verb => sandbox.end(verb, &id).status,
        };
    }
    (status, sandbox.get(&id).text("status"))
}

#[test]
fn only_the_documented_transitions_are_possible() {
    let sandbox = Sandbox::start(EPHEMERAL);
    let rows: &[(&str, &[&str], u16, &str)] = &[
        ("BangoMusic", &["register"], 303, "ACTIVE"),
        ("BangoMusic", &["info"], 200, "PENDING"),
        ("BangoMusic", &["suspend"], 409, "PENDING"),
        ("BangoMusic", &["resume"], 409, "PENDING"),
        ("BangoMusic", &["update"], 200, "PENDING"),
        ("BangoMusic", &["cancel"], 200, "CANCELLED"),
        ("BangoMusic", &["revoke"], 200, "REVOKED"),
        ("BangoMusic", &["register", "info"], 409, "ACTIVE"),
        ("ACTIVE_AT_ONCE", &["suspend"], 200, "SUSPENDED"),
        ("ACTIVE_AT_ONCE", &["suspend", "suspend"], 409, "SUSPENDED"),
        ("ACTIVE_AT_ONCE", &["suspend", "resume"], 200, "ACTIVE"),
        ("ACTIVE_AT_ONCE", &["suspend", "cancel"], 200, "CANCELLED"),
        ("ACTIVE_AT_ONCE", &["suspend", "revoke"], 200, "REVOKED"),
        ("ACTIVE_AT_ONCE", &["resume"], 409, "ACTIVE"),
        ("ACTIVE_AT_ONCE", &["reactivate"], 409, "ACTIVE"),
        ("ACTIVE_AT_ONCE", &["cancel", "reactivate"], 200, "ACTIVE"),
        ("ACTIVE_AT_ONCE", &["revoke", "reactivate"], 400, "REVOKED"),
        (
            "ACTIVE_AT_ONCE",
            &["suspend", "reactivate"],
            400,
            "SUSPENDED",
        ),
        ("NEEDS_CONSENT", &["cancel", "reactivate"], 202, "PENDING"),
        ("BangoMusic", &["reactivate"], 400, "PENDING"),
        ("ACTIVE_AT_ONCE", &["cancel"], 200, "CANCELLED"),
        ("ACTIVE_AT_ONCE", &["cancel", "cancel"], 409, "CANCELLED"),
        ("ACTIVE_AT_ONCE", &["cancel", "revoke"], 409, "CANCELLED"),
        ("ACTIVE_AT_ONCE", &["cancel", "update"], 409, "CANCELLED"),
        ("ACTIVE_AT_ONCE", &["revoke", "resume"], 409, "REVOKED"),
        ("PERIOD_END", &["cancel"], 200, "ACTIVE-ENDING"),
        ("PERIOD_END", &["cancel", "resume"], 200, "ACTIVE"),
        ("PERIOD_END", &["cancel", "reactivate"], 200, "ACTIVE"),
        ("PERIOD_END", &["cancel", "suspend"], 409, "ACTIVE-ENDING"),
        ("PERIOD_END", &["cancel", "revoke"], 200, "REVOKED"),
        ("PERIOD_END", &["cancel", "cancel"], 200, "CANCELLED"),
        ("PERIOD_END", &["revoke"], 200, "REVOKED"),
        ("SLOW_TERMINATION", &["cancel"], 202, "ACTIVE"),
    ];
    for (number, (product, acts, http, status)) in rows.iter().enumerate() {
        let reached = walk(&sandbox, &format!("c{number}"), product, acts);
        assert_eq!(reached, (*http, (*status).to_owned()), "{product} {acts:?}");
    }
}

#[test]
fn an_end_needs_a_reason() {
    let sandbox = Sandbox::start(EPHEMERAL);
    let id = sandbox.active("alice");
    let path = format!("/entitlement/cancel/{id}");
    let reply = sandbox.api("POST", &path, &json!({}));
    assert_eq!(
        reply.text("responseMessage"),
        "parameter 'cancelReasonCategory' is required"
    );
    let reply = sandbox.api("POST", &path, &json!({"cancelReasonCategory": "REVOKED"}));
    assert_eq!(
        reply.text("responseMessage"),
        "parameter 'cancelReasonCode' is required"
    );
    // An unlisted pair is allowed.
    let odd = json!({"cancelReasonCategory": "ACTIVATION_ROLLBACK", "cancelReasonCode": "X", "cancelReasonDescription": "why"});
    assert_eq!(sandbox.api("POST", &path, &odd).status, 200);
}

#[test]
fn a_reason_and_custom_data_come_back_in_the_extension_data() {
    let sandbox = Sandbox::start(EPHEMERAL);
    let inbox = Inbox::open(&[]);
    let create = |customer: &str, product: &str, data: Value| {
        let more = json!({"notificationUrl": inbox.url, "extensionData": data});
        sandbox
            .create_with(customer, "SANDBOX", product, &more)
            .text("entitlementId")
    };
    let reason = json!({"cancelReasonCategory": "REVOKED", "cancelReasonCode": "FRAUD", "cancelReasonDescription": "why"});
    let with = |more: Value| {
        let mut body = reason.as_object().unwrap().clone();
        body.extend(more.as_object().unwrap().clone());
        Value::from(body)
    };
    let rows = [
        (
            Value::Null,
            json!({"note": {"a": 1}}),
            with(json!({"note": {"a": 1}})),
        ),
        (
            json!({"seat": 3}),
            json!({"extensionData": {"b": 2}}),
            with(json!({"seat": 3, "b": 2})),
        ),
        (
            json!("text"),
            json!({}),
            with(json!({"extensionData": "text"})),
        ),
    ];
    for (number, (before, more, after)) in rows.into_iter().enumerate() {
        let id = create(&format!("c{number}"), "ACTIVE_AT_ONCE", before);
        let ended = sandbox.api("POST", &format!("/entitlement/revoke/{id}"), &with(more));
        assert_eq!(ended.json()["extensionData"], after);
        assert_eq!(sandbox.get(&id).json()["extensionData"], after);
        assert_eq!(inbox.next().body["extensionData"], after);
    }
    // Also while the end is only queued.
    let id = create("slow", "SLOW_TERMINATION", Value::Null);
    let queued = sandbox.api("POST", &format!("/entitlement/cancel/{id}"), &reason);
    assert_eq!(
        (queued.status, &queued.json()["extensionData"]),
        (202, &reason)
    );
    // A suspension has a reason too; the names are not documented.
    let id = create("paused", "ACTIVE_AT_ONCE", json!({"seat": 3}));
    let suspend = json!({"entitlementId": id, "entitlementBenefits": "SUSPENDED", "suspendReasonCode": "OTHER"});
    let suspended = sandbox.api("PATCH", "/entitlement", &suspend).json();
    let data = json!({"seat": 3, "suspendReasonCode": "OTHER"});
    assert_eq!(
        (
            &suspended["extensionData"],
            suspended.get("suspendReasonCode")
        ),
        (&data, None)
    );
    let arrival = inbox.next();
    assert_eq!(
        (arrival.reason(), &arrival.body["extensionData"]),
        ("SUSPENSION_SUCCESS", &data)
    );
}

#[test]
fn what_has_ended_an_entitlement_does_not_end_it_again_after_a_reactivation() {
    let sandbox = Sandbox::start(EPHEMERAL);
    let soon = (jiff::Timestamp::now() + jiff::SignedDuration::from_millis(300)).to_string();
    let more = json!({"dateExpiry": soon});
    let id = sandbox
        .create_with("alice", "SANDBOX", "ACTIVE_AT_ONCE", &more)
        .text("entitlementId");
    let status = |wanted: &str| (sandbox.get(&id).text("status") == wanted).then_some(());
    eventually("the expiry", || status("CANCELLED"));
    let path = format!("/entitlement/reactivate/{id}");
    let again = sandbox.api("POST", &path, &Value::Null).json();
    assert_eq!(
        (&again["status"], &again["dateExpiry"]),
        (&json!("ACTIVE"), &Value::Null)
    );
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(status("ACTIVE").is_some());
}

#[test]
fn what_is_not_there_is_not_found() {
    let sandbox = Sandbox::start(EPHEMERAL);
    for (method, path, body) in [
        ("GET", "/entitlement/none", Value::Null),
        ("GET", "/entitlement/none/activationInfo", Value::Null),
        ("POST", "/entitlement/reactivate/none", Value::Null),
        (
            "POST",
            "/entitlement/cancel/none",
            json!({"cancelReasonCategory": "A", "cancelReasonCode": "B"}),
        ),
        ("GET", "/entitlements", Value::Null),
        ("GET", "/entitlement/a/b/c", Value::Null),
    ] {
        let reply = sandbox.api(method, path, &body);
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (404, "NOT_FOUND"),
            "{path}"
        );
    }
    let reply = sandbox.api("DELETE", "/entitlement/none", &Value::Null);
    assert_eq!((reply.status, reply.header("allow")), (405, "GET"));
}

#[test]
fn a_slow_merchant_ends_five_seconds_later_and_a_date_ends_on_time() {
    let sandbox = Sandbox::start(EPHEMERAL);
    let slow = sandbox
        .create("alice", "SANDBOX", "SLOW_TERMINATION")
        .text("entitlementId");
    let soon = (jiff::Timestamp::now() + jiff::SignedDuration::from_secs(1)).to_string();
    let more = json!({"dateExpiry": soon});
    let expiring = sandbox
        .create_with("bob", "BANGO", "BangoMusic", &more)
        .text("entitlementId");
    let start = std::time::Instant::now();
    let queued = sandbox.end("revoke", &slow);
    assert_eq!(
        (
            queued.status,
            queued.code().as_str(),
            queued.text("status").as_str()
        ),
        (202, "OK", "ACTIVE")
    );
    let status = |id: &str, wanted: &str| (sandbox.get(id).text("status") == wanted).then_some(());
    eventually("the expiry", || status(&expiring, "CANCELLED"));
    let data = sandbox.get(&expiring).json()["extensionData"].clone();
    let expired =
        json!({"cancelReasonCategory": "CUSTOMER_CANCELLED", "cancelReasonCode": "EXPIRED"});
    assert_eq!(data, expired);
    assert_eq!(sandbox.get(&slow).text("status"), "ACTIVE");
    eventually("the slow end", || status(&slow, "REVOKED"));
    assert!(
        start.elapsed().as_millis() >= 4_900,
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn a_change_that_needs_consent_is_pending_until_the_user_agrees() {
    let sandbox = Sandbox::start(EPHEMERAL);
    let id = sandbox.active("alice");
    let reply = sandbox.api(
        "PATCH",
        "/entitlement",
        &json!({"entitlementId": id, "productKey": "NEEDS_CONSENT"}),
    );
    assert_eq!(
        (reply.status, reply.text("status").as_str()),
        (202, "PENDING")
    );
    sandbox.register(&reply.link());
    assert_eq!(sandbox.get(&id).text("status"), "ACTIVE");
}

#[test]
fn requests_beyond_the_limit_are_told_to_wait() {
    let sandbox = Sandbox::start(&["--ephemeral", "--rate-limit", "5"]);
    let replies: Vec<_> = (0..12)
        .map(|_| sandbox.api("GET", "/echo/1", &Value::Null))
        .collect();
    let refused: Vec<_> = replies.iter().filter(|reply| reply.status == 429).collect();
    assert!(!refused.is_empty() && replies[0].status == 200);
    for reply in refused {
        assert_eq!(
            (reply.code().as_str(), reply.header("retry-after")),
            ("TOO_MANY_REQUESTS", "1")
        );
    }
}
