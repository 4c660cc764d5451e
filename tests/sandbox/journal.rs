//! What a sandbox was asked and what it has posted, kept to assert on: the control API and the commands over it.

use serde_json::{Value, json};

use crate::support::cli::eventually;
use crate::support::load;
use crate::support::sandbox::{BASIC, Inbox, Reply, Sandbox};

fn control(sandbox: &Sandbox, method: &str, path: &str) -> Reply {
    sandbox
        .send(method, path, &[("authorization", BASIC)], "")
        .unwrap()
}

/// Runs a command of the tool on the sandbox; it must succeed.
fn tool(sandbox: &Sandbox, line: &str) -> Value {
    let outcome = sandbox.client().args(line.split(' ')).arg("--json").run();
    outcome.assert_code(0).json()
}

fn requests(sandbox: &Sandbox, query: &str) -> Vec<Value> {
    let reply = control(sandbox, "GET", &format!("/_sandbox/requests{query}"));
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()["requests"].as_array().unwrap().clone()
}

fn notifications(sandbox: &Sandbox) -> Vec<Value> {
    let reply = control(sandbox, "GET", "/_sandbox/notifications");
    reply.json()["notifications"].as_array().unwrap().clone()
}

#[test]
fn a_request_is_kept_whole_with_its_answer_and_without_secrets() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let headers = [
        ("x-requestidentifier", "intent-1"),
        ("x-api-key", "very-secret"),
    ];
    let body = json!({"customerIdentifier": "alice", "merchantAccountKey": "SANDBOX", "productKey": "ACTIVE_AT_ONCE",
        "extensionData": {"n": 1.50}});
    let created = sandbox.api_as("POST", "/entitlement?a=b", &body, &headers);
    let refused = sandbox.create("bob", "SANDBOX", "NONE");
    sandbox.api("GET", "/entitlement/nobody", &Value::Null);
    sandbox.send("GET", "/v1/echo/1", &[], "").unwrap();

    let kept = requests(&sandbox, "");
    let names: Vec<_> = kept
        .iter()
        .map(|kept| {
            (
                kept["operation"].as_str().unwrap(),
                kept["answer"]["httpStatus"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        names,
        [
            ("create", 200),
            ("create", 400),
            ("get", 404),
            ("echo", 401)
        ]
    );
    let first = &kept[0];
    assert_eq!(first["request"]["body"], body);
    assert_eq!(first["request"]["method"], "POST");
    assert_eq!(first["request"]["query"], "a=b");
    assert_eq!(first["request"]["headers"]["authorization"], "[redacted]");
    assert_eq!(first["requestIdentifier"], "intent-1");
    assert_eq!(first["answer"]["body"], created.json());
    assert_eq!(first["answer"]["status"], "ACTIVE");
    assert_eq!(first["entitlementId"], created.json()["entitlementId"]);
    assert!(first["durationMs"].as_f64().unwrap() > 0.0);
    assert_eq!(
        kept[1]["answer"]["responseMessage"],
        refused.text("responseMessage")
    );
    assert_eq!(kept[2]["entitlementId"], "nobody");
    let all = Value::from(kept.clone()).to_string();
    assert!(
        !all.contains("very-secret") && !all.contains(BASIC),
        "{all}"
    );

    let number = first["number"].as_u64().unwrap();
    let one = control(&sandbox, "GET", &format!("/_sandbox/requests/{number}"));
    assert_eq!(one.json(), *first);
    for (query, wanted) in [
        ("?customer=alice".to_owned(), 1),
        ("?id=nobody".to_owned(), 1),
        (format!("?after={number}"), 3),
        ("?limit=2".to_owned(), 2),
        (format!("?since={}", kept[3]["time"].as_str().unwrap()), 1),
        ("?since=2000-01-01T00:00:00Z".to_owned(), 4),
    ] {
        let found = requests(&sandbox, &query).len();
        // What came within the same millisecond is among it.
        assert!(
            found == wanted || query.contains(&kept[3]["time"].as_str().unwrap()[..10]),
            "{query}: {found}"
        );
    }
    assert_eq!(requests(&sandbox, "?limit=1")[0], kept[3], "the newest");
}

#[test]
fn what_a_fault_sent_is_told_from_what_it_would_have_sent() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let body = json!({"customerIdentifier": "fault:drop-after", "merchantAccountKey": "BANGO", "productKey": "BangoMusic"});
    let headers = [
        ("authorization", BASIC),
        ("content-type", "application/json"),
    ];
    sandbox
        .send("POST", "/v1/entitlement", &headers, &body.to_string())
        .unwrap_err();
    let answer = &requests(&sandbox, "")[0]["answer"];
    assert!(answer["httpStatus"].is_null());
    assert_eq!(answer["body"]["status"], "PENDING");
}

#[test]
fn a_body_that_is_hard_to_read_is_kept_as_a_text() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let headers = [
        ("authorization", BASIC),
        ("content-type", "application/json"),
    ];
    for body in [deep.as_str(), "{\"a\":\n1}", "\u{1b}[2J", "no json"] {
        sandbox
            .send("POST", "/v1/entitlement", &headers, body)
            .unwrap();
    }
    let kept = requests(&sandbox, "");
    let bodies: Vec<_> = kept
        .iter()
        .map(|kept| kept["request"]["body"].clone())
        .collect();
    assert_eq!(
        bodies,
        [
            json!(deep),
            json!({"a": 1}),
            json!("\u{1b}[2J"),
            json!("no json")
        ]
    );
    assert_eq!(
        tool(&sandbox, "sandbox requests")["requests"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

#[test]
fn each_try_of_a_notification_is_kept_with_what_was_answered() {
    let environment = [("BANGO_SANDBOX_NOTIFICATION_SECRET", "very-secret")];
    let home = crate::support::cli::Home::new();
    let sandbox = Sandbox::start_with(
        &["--ephemeral", "--notification-auth", "api-key"],
        &environment,
        home,
    );
    let inbox = Inbox::open(&[503]);
    let url = inbox.url.replace("http://", "http://user:hidden-word@");
    let more = json!({"notificationUrl": url});
    let id = sandbox
        .create_with("alice", "SANDBOX", "ACTIVE_AT_ONCE", &more)
        .text("entitlementId");
    sandbox.end("revoke", &id);
    let posted = [inbox.next(), inbox.next()];
    let kept = eventually("both tries", || {
        let kept = notifications(&sandbox);
        (kept[0]["state"] == "delivered").then(|| kept[0].clone())
    });
    assert_eq!(kept["entitlementId"], id);
    assert_eq!(kept["customerIdentifier"], "alice");
    assert_eq!(kept["notificationReason"], "TERMINATION_SUCCESS");
    assert_eq!(kept["body"], posted[1].body);
    let statuses: Vec<_> = kept["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| attempt["httpStatus"].clone())
        .collect();
    assert_eq!(statuses, [503, 200]);
    assert_eq!(kept["attempts"][0]["headers"]["x-api-key"], "[redacted]");
    assert!(kept["attempts"][1]["durationMs"].as_f64().unwrap() > 0.0);
    let shown = kept.to_string() + &sandbox.page("/notifications").body;
    assert!(
        !shown.contains("very-secret") && !shown.contains("hidden-word"),
        "{shown}"
    );
    let one = control(
        &sandbox,
        "GET",
        &format!("/_sandbox/notifications/{}", kept["number"]),
    );
    assert_eq!(one.json(), kept);
}

#[test]
fn both_journals_survive_a_restart_until_they_are_cleared() {
    let sandbox = Sandbox::start(&[]);
    let inbox = Inbox::open(&[]);
    let more = json!({"notificationUrl": inbox.url});
    let id = sandbox
        .create_with("alice", "SANDBOX", "ACTIVE_AT_ONCE", &more)
        .text("entitlementId");
    sandbox.end("revoke", &id);
    inbox.next();
    sandbox.get(&id);
    eventually("the delivery", || {
        (notifications(&sandbox)[0]["state"] == "delivered").then_some(())
    });
    let before = (requests(&sandbox, ""), notifications(&sandbox));
    assert_eq!(before.0.len(), 3);
    // A kill may lose what was not written yet: at most the last moment of it.
    std::thread::sleep(std::time::Duration::from_secs(1));
    let sandbox = sandbox.restart(&[]);
    assert_eq!((requests(&sandbox, ""), notifications(&sandbox)), before);
    assert_eq!(tool(&sandbox, "sandbox requests --clear")["cleared"], 3);
    assert_eq!(
        tool(&sandbox, "sandbox notifications --clear")["cleared"],
        1
    );
    let sandbox = sandbox.restart(&[]);
    assert!(requests(&sandbox, "").is_empty() && notifications(&sandbox).is_empty());
    assert_eq!(sandbox.get(&id).text("status"), "REVOKED");
}

#[test]
fn the_last_ten_thousand_requests_are_kept_over_restarts_too() {
    let sandbox = Sandbox::start(&[]);
    let create = |number| load::create(sandbox.address(), number);
    let sent = load::run(sandbox.address(), 8, 10_050, &create);
    assert_eq!(sent.acknowledged.len(), 10_050, "{:?}", sent.refused);
    let kept = |sandbox: &Sandbox| {
        let kept = tool(sandbox, "sandbox requests --limit 20000");
        let numbers = kept["requests"].as_array().unwrap().iter();
        let numbers: Vec<_> = numbers.map(|request| request["number"].as_u64()).collect();
        (numbers.len(), numbers[0], numbers[9_999])
    };
    let before = kept(&sandbox);
    assert_eq!(before.0, 10_000);
    // A kill may lose what was not written yet.
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(kept(&sandbox.restart(&[])), before);
}

#[test]
fn what_still_waits_is_not_cleared() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let more = json!({"notificationUrl": "http://127.0.0.1:9/"});
    let id = sandbox
        .create_with("alice", "SANDBOX", "ACTIVE_AT_ONCE", &more)
        .text("entitlementId");
    sandbox.end("revoke", &id);
    assert_eq!(
        tool(&sandbox, "sandbox notifications --clear")["cleared"],
        0
    );
    assert_eq!(notifications(&sandbox).len(), 1);
}

#[test]
fn the_control_api_is_for_its_owner_alone() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let ask =
        |method, path, headers: &[(&str, &str)]| sandbox.send(method, path, headers, "").unwrap();
    let path = "/_sandbox/requests";
    assert_eq!(ask("GET", path, &[]).code(), "UNAUTHORIZED");
    let foreign = [("authorization", BASIC), ("origin", "http://evil.example")];
    assert_eq!(ask("DELETE", path, &foreign).status, 401);
    let crossing = [("authorization", BASIC), ("sec-fetch-site", "cross-site")];
    assert_eq!(ask("GET", path, &crossing).status, 401);
    assert_eq!(
        ask(
            "GET",
            path,
            &[("authorization", BASIC), ("host", "evil.example")]
        )
        .status,
        421
    );
    assert_eq!(ask("PUT", path, &[("authorization", BASIC)]).status, 405);
    assert_eq!(
        ask("GET", "/_sandbox/nothing", &[("authorization", BASIC)]).code(),
        "NOT_FOUND"
    );
    assert_eq!(
        ask(
            "GET",
            "/_sandbox/requests/4711",
            &[("authorization", BASIC)]
        )
        .code(),
        "NOT_FOUND"
    );
    assert_eq!(
        ask(
            "GET",
            "/_sandbox/requests?since=noon",
            &[("authorization", BASIC)]
        )
        .code(),
        "BAD_REQUEST"
    );
    assert!(
        requests(&sandbox, "").is_empty(),
        "it is no request to the API"
    );
}

#[test]
fn the_commands_show_filter_and_follow() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    sandbox.active("alice");
    sandbox.create("bob", "SANDBOX", "NONE");
    let shown = sandbox.client().args(["sandbox", "requests"]).run();
    shown.assert_code(0);
    let lines: Vec<Vec<&str>> = shown
        .stdout
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        lines[0][2..7],
        ["create", "/v1/entitlement", "alice", "OK", "ACTIVE"]
    );
    assert_eq!(
        lines[1][5..],
        ["BAD_REQUEST", "", "parameter 'productKey' is invalid"]
    );
    let of_bob = tool(&sandbox, "sandbox requests --customer bob --since 1h");
    assert_eq!(of_bob["requests"].as_array().unwrap().len(), 1);

    let following = sandbox
        .client()
        .args(["sandbox", "requests", "--follow", "--json"])
        .start();
    let line = || serde_json::from_str::<Value>(&following.line().unwrap()).unwrap();
    assert_eq!(
        (
            line()["customerIdentifier"].clone(),
            line()["customerIdentifier"].clone()
        ),
        (json!("alice"), json!("bob"))
    );
    sandbox.active("carol");
    assert_eq!(line()["customerIdentifier"], "carol");
}

#[test]
fn without_a_sandbox_the_commands_say_so_and_send_no_credentials() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let nothing = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = nothing.local_addr().unwrap().port();
    drop(nothing);
    let outcome = sandbox
        .client()
        .args(["sandbox", "requests", "--port", &port.to_string()])
        .run();
    outcome.assert_code(31);
    assert!(
        outcome.stderr.contains("no sandbox answers at"),
        "{}",
        outcome.stderr
    );

    let peer = crate::support::server::Server::start(|mut connection| {
        let request = connection.next();
        assert!(
            !request.to_lowercase().contains("authorization"),
            "{request}"
        );
        connection.say(crate::support::server::http(200, &[], ""));
    });
    let outcome = sandbox
        .client()
        .args(["sandbox", "requests", "--port", &peer.port().to_string()])
        .run();
    outcome.assert_code(31);
    assert!(
        outcome.stderr.contains("is no sandbox"),
        "{}",
        outcome.stderr
    );

    // One that takes the connection and says nothing is not waited for long.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port().to_string();
    let clock = std::time::Instant::now();
    let outcome = sandbox
        .client()
        .args(["sandbox", "clock", "--port", &port])
        .run();
    assert!(
        outcome.code != 0 && clock.elapsed().as_secs() < 30,
        "{outcome:?}"
    );

    let mut wrong = sandbox.client();
    wrong
        .env("BANGO_SANDBOX_PASSWORD", "wrong")
        .args(["sandbox", "requests"]);
    wrong.run().assert_code(11);
}
