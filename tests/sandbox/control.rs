//! A running sandbox steered from a program: the clock, what merchants and users do, faults, samples, the state as a whole.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::support::cli::{Home, Outcome, eventually};
use crate::support::sandbox::{BASIC, Inbox, Sandbox, command};

fn run(sandbox: &Sandbox, line: &str) -> Outcome {
    sandbox
        .client()
        .arg("sandbox")
        .args(line.split(' '))
        .arg("--json")
        .run()
}

fn tool(sandbox: &Sandbox, line: &str) -> Value {
    run(sandbox, line).assert_code(0).json()
}

/// An entitlement that tells of its changes.
fn told(sandbox: &Sandbox, customer: &str, product: &str, inbox: &Inbox, more: &Value) -> String {
    let mut body = json!({"notificationUrl": inbox.url});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let merchant = if product == "BangoMusic" {
        "BANGO"
    } else {
        "SANDBOX"
    };
    sandbox
        .create_with(customer, merchant, product, &body)
        .text("entitlementId")
}

fn time(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn what_ends_in_thirty_days_is_ended_and_told_as_soon_as_the_clock_is_there() {
    let sandbox = Sandbox::start(&[]);
    let inbox = Inbox::open(&[]);
    let period = told(&sandbox, "alice", "PERIOD_END", &inbox, &json!({}));
    sandbox.end("cancel", &period);
    assert_eq!(inbox.next().reason(), "TERMINATION_PENDING");
    let in_ten_days = Timestamp::now() + Duration::from_secs(10 * 24 * 3600);
    let expiry = json!({"dateExpiry": in_ten_days.to_string()});
    let expiring = told(&sandbox, "bob", "ACTIVE_AT_ONCE", &inbox, &expiry);

    let before = time(&tool(&sandbox, "clock")["now"]);
    let headers = [("authorization", BASIC)];
    let after = sandbox.send("POST", "/_sandbox/clock", &headers, r#"{"by": "31d"}"#);
    let answered = Instant::now();
    let after = after.unwrap().json();
    assert_eq!(sandbox.get(&period).text("status"), "CANCELLED");
    let first = inbox.next();
    let second = inbox.next();
    let took = answered.elapsed();
    assert!(took < Duration::from_secs(1), "{took:?}");
    assert!(time(&after["now"]).duration_since(before).as_hours() >= 31 * 24);
    // In the order in which it happens.
    let told = |arrival: &crate::support::sandbox::Arrival| {
        arrival.body["entitlementId"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        [told(&first), told(&second)],
        [expiring.clone(), period.clone()]
    );
    for (id, code) in [(&period, "OTHER"), (&expiring, "EXPIRED")] {
        let record = sandbox.get(id).json();
        assert_eq!(record["status"], "CANCELLED");
        assert_eq!(record["extensionData"]["cancelReasonCode"], code);
    }
    // Each at its own time, not at that to which the clock was moved.
    let ended = time(&sandbox.get(&expiring).json()["dateEnded"]);
    assert!(
        ended.duration_since(in_ten_days).abs().as_secs() < 2,
        "{ended}"
    );

    let sandbox = sandbox.restart(&[]);
    assert!(
        time(&tool(&sandbox, "clock")["now"])
            .duration_since(before)
            .as_hours()
            >= 31 * 24
    );
    let created = time(&sandbox.create("carol", "BANGO", "BangoMusic").json()["dateCreated"]);
    assert!(created.duration_since(before).as_hours() >= 31 * 24);
    run(&sandbox, "advance --to 2020-01-01").assert_code(10);
    run(&sandbox, "advance soon").assert_code(10);
}

#[test]
fn links_and_slow_ends_follow_the_clock() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let link = sandbox.create("alice", "BANGO", "BangoMusic").link();
    let slow = sandbox
        .create("bob", "SANDBOX", "SLOW_TERMINATION")
        .text("entitlementId");
    assert_eq!(sandbox.end("revoke", &slow).status, 202);
    tool(&sandbox, "advance 2h");
    assert_eq!(sandbox.page(&link).status, 410);
    assert_eq!(sandbox.get(&slow).text("status"), "REVOKED");
}

#[test]
fn a_notification_that_nobody_takes_is_tried_and_given_up_within_a_day_of_the_clock() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let more = json!({"notificationUrl": "http://127.0.0.1:9/"});
    let id = sandbox
        .create_with("alice", "SANDBOX", "ACTIVE_AT_ONCE", &more)
        .text("entitlementId");
    sandbox.end("revoke", &id);
    tool(&sandbox, "advance 2d");
    let given_up = eventually("an end of the tries", || {
        let kept = tool(&sandbox, "notifications")["notifications"][0].clone();
        (kept["state"] == "given up").then_some(kept)
    });
    // 1, 2, 4 … 256 seconds and then every five minutes.
    let tries = given_up["tries"].as_u64().unwrap();
    assert!((290..=300).contains(&tries), "{tries}");
    assert!(given_up["nextTry"].is_null());

    let number = &given_up["number"];
    assert_eq!(
        tool(&sandbox, &format!("resend {number}"))["state"],
        "waiting"
    );
    run(&sandbox, "resend 4711").assert_code(14);
}

#[test]
fn a_delivered_notification_is_sent_again_when_it_is_asked_for() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let inbox = Inbox::open(&[]);
    let id = told(&sandbox, "alice", "ACTIVE_AT_ONCE", &inbox, &json!({}));
    sandbox.end("revoke", &id);
    let first = inbox.next();
    let number = eventually("the delivery", || {
        let kept = tool(&sandbox, "notifications")["notifications"][0].clone();
        (kept["state"] == "delivered").then(|| kept["number"].clone())
    });
    tool(&sandbox, &format!("resend {number}"));
    assert_eq!(inbox.next().body, first.body);
}

#[test]
fn merchants_and_users_act_as_they_are_told() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let inbox = Inbox::open(&[]);
    let id = told(&sandbox, "alice", "BangoMusic", &inbox, &json!({}));
    // What is PENDING becomes active by its registration alone.
    run(&sandbox, &format!("trigger resume {id}")).assert_code(15);
    let registered = tool(&sandbox, &format!("register {id}"));
    assert_eq!(registered["entitlement"]["status"], "ACTIVE");
    assert_eq!(inbox.next().reason(), "ACTIVATION_SUCCESS");
    run(&sandbox, &format!("register {id}")).assert_code(15);
    for (event, status, reason) in [
        ("suspend", "SUSPENDED", "SUSPENSION_SUCCESS"),
        ("resume", "ACTIVE", "RESUMPTION_SUCCESS"),
        (
            "metadata --field extensionData:={\"tier\":2}",
            "ACTIVE",
            "METADATA_UPDATE",
        ),
        (
            "end --field extensionData:={\"why\":\"left\"}",
            "CANCELLED",
            "TERMINATION_SUCCESS",
        ),
    ] {
        let (event, rest) = event.split_once(' ').unwrap_or((event, ""));
        let line = format!("trigger {event} {id} {rest}");
        assert_eq!(tool(&sandbox, line.trim())["entitlement"]["status"], status);
        let arrival = inbox.next();
        assert_eq!(
            (arrival.reason(), arrival.body["status"].as_str().unwrap()),
            (reason, status)
        );
    }
    assert_eq!(sandbox.get(&id).json()["extensionData"]["why"], "left");
    run(&sandbox, &format!("trigger suspend {id}")).assert_code(15);
    run(&sandbox, "trigger suspend nobody").assert_code(14);
    run(
        &sandbox,
        &format!("trigger metadata {id} --field status=ACTIVE"),
    )
    .assert_code(10);

    let changed = told(&sandbox, "bob", "ACTIVE_AT_ONCE", &inbox, &json!({}));
    tool(
        &sandbox,
        &format!("trigger product {changed} --field productKey=PERIOD_END"),
    );
    assert_eq!(inbox.next().reason(), "PRODUCT_UPDATE");
    tool(
        &sandbox,
        &format!("trigger metadata {changed} --raw {{\"novelty\":[1]}}"),
    );
    assert_eq!(inbox.next().body, json!({"novelty": [1]}));
    tool(&sandbox, &format!("trigger fail {changed}"));
    assert_eq!(sandbox.get(&changed).text("status"), "FAILED");
}

#[test]
fn a_user_who_declines_leaves_nothing_to_pay() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let page = sandbox.create("alice", "BANGO", "BangoMusic");
    let token = crate::support::sandbox::token(&sandbox.page(&page.link()).body);
    assert_eq!(
        sandbox
            .submit(&page.link(), &format!("token={token}&decline=1"))
            .status,
        303
    );
    assert_eq!(
        sandbox.get(&page.text("entitlementId")).text("status"),
        "CANCELLED"
    );
    let id = sandbox
        .create("bob", "BANGO", "BangoMusic")
        .text("entitlementId");
    assert_eq!(
        tool(&sandbox, &format!("register {id} --decline"))["entitlement"]["status"],
        "CANCELLED"
    );
}

#[test]
fn faults_are_switched_on_for_some_and_off_again() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let create = |customer: &str| sandbox.create(customer, "SANDBOX", "ACTIVE_AT_ONCE").status;
    tool(&sandbox, "faults on SERVICE_UNAVAILABLE --customer alice");
    assert_eq!((create("alice"), create("bob")), (503, 200));
    let on = tool(&sandbox, "faults");
    assert_eq!(on["on"][0]["customerIdentifier"], "alice");
    assert!(on["faults"].as_array().unwrap().contains(&json!("hang")));
    tool(&sandbox, "faults off SERVICE_UNAVAILABLE");
    assert_eq!(create("alice"), 200);

    tool(&sandbox, "faults on create.INTERNAL_ERROR --share 50%");
    let failed = (0..60)
        .filter(|number| create(&format!("c{number}")) == 500)
        .count();
    assert!((5..55).contains(&failed), "{failed} of 60");
    assert_eq!(
        sandbox.api("GET", "/echo/1", &Value::Null).status,
        200,
        "another operation"
    );
    tool(&sandbox, "faults off");

    tool(&sandbox, "faults on TOO_MANY_REQUESTS --for 5m");
    assert_eq!(create("dora"), 429);
    tool(&sandbox, "advance 6m");
    assert_eq!(create("dora"), 200);
    for wrong in [
        "faults on NOTHING",
        "faults on nothing.hang",
        "faults off hang",
    ] {
        assert!(run(&sandbox, wrong).code != 0, "{wrong}");
    }
    let slip = run(&sandbox, "faults on SERVICE_UNAVALABLE");
    assert!(
        slip.stderr.contains("did you mean SERVICE_UNAVAILABLE?"),
        "{}",
        slip.stderr
    );
    run(&sandbox, "faults on hang --share 0%").assert_code(2);
}

#[test]
fn samples_are_there_in_every_status_and_a_file_brings_others() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let made = tool(&sandbox, "seed")["entitlements"].clone();
    let mut statuses: Vec<_> = made
        .as_array()
        .unwrap()
        .iter()
        .map(|made| made["status"].as_str().unwrap())
        .collect();
    statuses.sort_unstable();
    assert_eq!(
        statuses,
        [
            "ACTIVE",
            "ACTIVE-ENDING",
            "CANCELLED",
            "FAILED",
            "PENDING",
            "REVOKED",
            "SUSPENDED"
        ]
    );
    assert_eq!(tool(&sandbox, "seed")["entitlements"], json!([]), "once");
    let own = r#"[{"customerIdentifier": "zoe", "merchantAccountKey": "M", "productKey": "P", "status": "SUSPENDED"}]"#;
    sandbox.home().write("own.json", own);
    tool(&sandbox, "seed own.json");
    let listed = sandbox
        .api(
            "POST",
            "/entitlement/report",
            &json!({"customerIdentifier": "zoe"}),
        )
        .json();
    assert_eq!(listed["entitlements"][0]["status"], "SUSPENDED");
    sandbox
        .home()
        .write("bad.json", r#"[{"customerIdentifier": "zoe"}]"#);
    run(&sandbox, "seed bad.json").assert_code(10);
    // What ends in time does, from samples too.
    tool(&sandbox, "advance 31d");
    let listed = sandbox
        .api(
            "POST",
            "/entitlement/report",
            &json!({"customerIdentifier": "sample-active-ending"}),
        )
        .json();
    assert_eq!(listed["entitlements"][0]["status"], "CANCELLED");
}

#[cfg(unix)]
#[test]
fn an_export_is_imported_as_it_was_and_a_reset_forgets_all() {
    let mut sandbox = Sandbox::start(&[]);
    tool(&sandbox, "seed");
    let more = json!({"extensionData": {"padding": "x".repeat(900_000)}});
    let large = sandbox
        .create_with("large", "SANDBOX", "ACTIVE_AT_ONCE", &more)
        .text("entitlementId");
    tool(&sandbox, "requests --clear");
    let before = sandbox.get(&large).json();
    tool(&sandbox, "export kept.jsonl");
    assert_eq!(tool(&sandbox, "reset --dry-run")["dryRun"], true);
    assert_eq!(sandbox.get(&large).status, 200);
    tool(&sandbox, "advance 40d");
    assert_eq!(tool(&sandbox, "reset")["entitlements"], 0);
    assert_eq!(tool(&sandbox, "clock")["aheadSeconds"], 0);
    assert_eq!(sandbox.get(&large).status, 404);
    let state = sandbox.home().path().join("state/bango-ent/sandbox.jsonl");
    eventually("a small file", || {
        let text = std::fs::read_to_string(&state).unwrap();
        (!text.contains("sample-") && text.len() < 20_000).then_some(())
    });
    assert_eq!(tool(&sandbox, "import kept.jsonl")["entitlements"], 8);
    assert_eq!(sandbox.get(&large).json(), before);
    sandbox.home().write("bad.jsonl", "no\n");
    run(&sandbox, "import bad.jsonl").assert_code(2);
    assert_eq!(sandbox.get(&large).status, 200, "nothing was forgotten");

    // Good lines in more than one part, and a bad one at the end.
    let kept = std::fs::read_to_string(sandbox.home().path().join("kept.jsonl")).unwrap();
    let bad = format!("{kept}[[9007199254740993,null]]\n");
    sandbox.home().write("late.jsonl", bad);
    let late = sandbox.active("late");
    run(&sandbox, "import late.jsonl").assert_code(10);
    assert_eq!(sandbox.get(&late).status, 200, "nothing was forgotten");
    tool(&sandbox, "import kept.jsonl");

    // What was exported is a state file, too.
    sandbox.signal(rustix::process::Signal::TERM);
    let sandbox = sandbox.restart(&["--state", "kept.jsonl"]);
    assert_eq!(sandbox.get(&large).json(), before);
}

/// Answers a part of an import.
fn send_part(sandbox: &Sandbox, import: &str, entities: &[Value], part: (usize, usize)) -> u16 {
    let body = json!({"entities": entities, "import": import, "part": part.0, "parts": part.1})
        .to_string();
    let headers = [("authorization", BASIC)];
    let sent = sandbox.send("POST", "/_sandbox/state", &headers, &body);
    sent.unwrap().status
}

#[test]
fn an_import_happens_with_its_last_part_and_never_by_half() {
    let sandbox = Sandbox::start(&[]);
    let id = sandbox.active("alice");
    let link =
        |number: u64| json!([number, {"link": {"token": "t", "entitlement": "e", "expires": 1}}]);
    // Its sender is gone after the first part.
    assert_eq!(send_part(&sandbox, "a", &[link(7)], (1, 2)), 200);
    assert_eq!(sandbox.get(&id).status, 200);
    // Another one begins; what is left of the first is refused, and changes nothing.
    assert_eq!(send_part(&sandbox, "b", &[link(8)], (1, 3)), 200);
    assert_eq!(send_part(&sandbox, "a", &[link(9)], (2, 2)), 409);
    assert_eq!(send_part(&sandbox, "b", &[link(9)], (3, 3)), 409);
    for (part, status) in [((0, 1), 400), ((2, 1), 409), ((1, 3_000), 400)] {
        assert_eq!(send_part(&sandbox, "b", &[], part), status, "{part:?}");
    }
    let sandbox = sandbox.restart(&[]);
    assert_eq!(sandbox.get(&id).status, 200);
    assert_eq!(send_part(&sandbox, "c", &[link(8)], (1, 2)), 200);
    assert_eq!(send_part(&sandbox, "c", &[], (2, 2)), 200);
    assert_eq!(sandbox.get(&id).status, 404, "it has been replaced");
}

#[test]
fn what_changes_twenty_thousand_entitlements_at_once_is_read_again() {
    let mut sandbox = Sandbox::start(&[]);
    let in_a_day = jiff::Timestamp::now().as_millisecond() + 24 * 3600 * 1000;
    let lines = (1..=20_000).map(|number| {
        let shown = json!({"entitlementId": format!("e-{number}"), "status": "ACTIVE", "dateCreated": "2026-11-01T00:00:00.000Z",
            "dateLastUpdated": "2026-11-01T00:00:00.000Z", "customerIdentifier": format!("c-{number}"), "merchantAccountKey": "SANDBOX",
            "productKey": "ACTIVE_AT_ONCE", "extensionData": "x".repeat(200)});
        let entitlement = json!({"shown": shown, "notificationUrl": null, "extraInformation": null, "history": [],
            "termination": [in_a_day, "CANCELLED"]});
        format!("{}\n", json!([[number, {"entitlement": entitlement}]]))
    });
    sandbox
        .home()
        .write("many.jsonl", lines.collect::<String>());
    assert_eq!(tool(&sandbox, "import many.jsonl")["entitlements"], 20_000);
    let last = |sandbox: &Sandbox| sandbox.get("e-20000").text("status");
    sandbox.signal(rustix::process::Signal::KILL);
    let mut sandbox = sandbox.restart(&[]);
    assert_eq!(last(&sandbox), "ACTIVE");
    tool(&sandbox, "advance 2d");
    assert_eq!(last(&sandbox), "CANCELLED");
    sandbox.signal(rustix::process::Signal::KILL);
    let sandbox = sandbox.restart(&[]);
    assert_eq!(last(&sandbox), "CANCELLED");
}

#[test]
fn in_a_network_of_containers_it_answers_under_its_name() {
    let sandbox = Sandbox::start(&[
        "--ephemeral",
        "--public-url",
        "http://sandbox:4242",
        "--allow-host",
        "other",
    ]);
    let as_host = |host: &str| {
        let headers = [
            ("host", host),
            ("authorization", BASIC),
            ("content-type", "application/json"),
        ];
        let body = r#"{"customerIdentifier": "a", "merchantAccountKey": "BANGO", "productKey": "BangoMusic"}"#;
        sandbox
            .send("POST", "/v1/entitlement", &headers, body)
            .unwrap()
    };
    assert!(
        as_host("sandbox:4242")
            .link()
            .starts_with("http://sandbox:4242/register/")
    );
    assert!(
        as_host("other:80")
            .link()
            .starts_with("http://sandbox:4242/register/")
    );
    assert_eq!(as_host("evil.example").status, 421);
}

#[test]
fn an_ephemeral_sandbox_needs_no_home() {
    let home = Home::new();
    let mut cli = command(&home);
    cli.args(["sandbox", "--ephemeral", "--port", "0"]);
    for name in ["HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"] {
        cli.env_remove(name);
    }
    let running = cli.start();
    assert!(running.line().unwrap().starts_with("http://127.0.0.1:"));
}

#[test]
fn an_account_has_a_default_notification_url() {
    let inbox = Inbox::open(&[]);
    let sandbox = Sandbox::start(&["--ephemeral", "--default-notification-url", &inbox.url]);
    let id = sandbox.active("alice");
    sandbox.end("revoke", &id);
    assert_eq!(inbox.next().reason(), "TERMINATION_SUCCESS");
}

#[test]
fn what_never_expires_is_taken_and_stays() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let say = |line: &str| {
        let outcome = sandbox.client().args(line.split(' ')).arg("--json").run();
        outcome.assert_code(0).json()
    };
    let product = "--merchant SANDBOX --product ACTIVE_AT_ONCE";
    let made = say(&format!("create --user a {product} --expires 9999-12-31"));
    assert_eq!(made["dateExpiry"], "9999-12-31T00:00:00.000Z");
    let id = made["entitlementId"].as_str().unwrap();
    say(&format!("update {id} --expires 2030-01-01"));
    say(&format!("update {id} --expires 9999-12-31"));
    tool(&sandbox, "advance --to 2031-01-01");
    assert_eq!(say(&format!("get {id}"))["status"], "ACTIVE");
    let page = sandbox.page(&sandbox.entitlement_page("a")).body;
    assert!(page.contains("9999-12-31"), "{page}");
}

#[test]
fn what_the_control_api_does_not_know_is_refused_and_nothing_is_done() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let id = sandbox.active("alice");
    let trigger = format!("/_sandbox/trigger/{id}");
    let headers = [("Authorization", BASIC)];
    for (method, path, body, name) in [
        ("GET", "/_sandbox/requests?custmer=bob", "", "custmer"),
        ("DELETE", "/_sandbox/requests?customer=bob", "", "customer"),
        ("DELETE", "/_sandbox/faults?falt=hang", "", "falt"),
        ("POST", "/_sandbox/clock", r#"{"by": 30}"#, "by"),
        (
            "POST",
            "/_sandbox/faults",
            r#"{"fault": "hang", "for": {}}"#,
            "for",
        ),
        (
            "POST",
            "/_sandbox/faults",
            r#"{"fault": "hang", "user": "bob"}"#,
            "user",
        ),
        (
            "POST",
            &trigger,
            r#"{"event": "suspend", "fields": "x"}"#,
            "fields",
        ),
        (
            "POST",
            &trigger,
            r#"{"event": "suspend", "field": {}}"#,
            "field",
        ),
    ] {
        let reply = sandbox.send(method, path, &headers, body).unwrap();
        assert_eq!(reply.status, 400, "{method} {path} {body}: {reply:?}");
        let message = format!("parameter '{name}' is invalid");
        assert_eq!(reply.text("responseMessage"), message);
    }
    let kept = tool(&sandbox, "requests")["requests"].clone();
    let operations = kept.as_array().unwrap().iter();
    assert!(
        operations
            .into_iter()
            .any(|kept| kept["operation"] == "create")
    );
    assert_eq!(tool(&sandbox, "faults")["on"], json!([]));
    assert_eq!(sandbox.get(&id).text("status"), "ACTIVE");
}
