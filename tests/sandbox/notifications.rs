//! Notifications as a receiver meets them: reasons, bodies, authentication, retries, duplicates.

use serde_json::json;

use crate::support::cli::{Home, eventually};
use crate::support::sandbox::{Inbox, Sandbox};

fn told(sandbox: &Sandbox, customer: &str, product: &str, inbox: &Inbox) -> String {
    let merchant = if product == "BangoMusic" {
        "BANGO"
    } else {
        "SANDBOX"
    };
    let more = json!({"notificationUrl": inbox.url, "novelty": 1});
    sandbox
        .create_with(customer, merchant, product, &more)
        .text("entitlementId")
}

#[test]
fn every_change_is_told_with_its_reason_and_the_whole_record() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let inbox = Inbox::open(&[]);
    let more = json!({"notificationUrl": inbox.url, "novelty": 1});
    let created = sandbox.create_with("alice", "BANGO", "BangoMusic", &more);
    assert!(inbox.more().is_none(), "a create is answered, not notified");
    sandbox.register(&created.link());
    let arrival = inbox.next();
    assert!(
        arrival.head.starts_with("POST /hook?id=7 HTTP/1.1\r\n"),
        "{}",
        arrival.head
    );
    assert!(
        arrival
            .head
            .to_lowercase()
            .contains("content-type: application/json")
    );
    assert_eq!(arrival.reason(), "ACTIVATION_SUCCESS");
    let body = &arrival.body;
    assert_eq!(body["responseCode"], "OK");
    assert_eq!(body["status"], "ACTIVE");
    assert_eq!(body["entitlementId"], created.json()["entitlementId"]);
    assert_eq!(body["novelty"], 1);
    assert!(body.get("notificationUrl").is_none());

    let id = told(&sandbox, "bob", "PERIOD_END", &inbox);
    let patch = |more: serde_json::Value| {
        let mut body = json!({"entitlementId": id});
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        assert_eq!(sandbox.api("PATCH", "/entitlement", &body).status, 200);
        inbox.next()
    };
    assert_eq!(
        patch(json!({"entitlementBenefits": "SUSPENDED"})).reason(),
        "SUSPENSION_SUCCESS"
    );
    assert_eq!(
        patch(json!({"entitlementBenefits": "NORMAL"})).reason(),
        "RESUMPTION_SUCCESS"
    );
    assert_eq!(
        patch(json!({"extensionData": {"a": 1}})).reason(),
        "METADATA_UPDATE"
    );
    sandbox.end("cancel", &id);
    let ending = inbox.next();
    assert_eq!(
        (ending.reason(), ending.body["status"].as_str()),
        ("TERMINATION_PENDING", Some("ACTIVE-ENDING"))
    );
    sandbox.end("revoke", &id);
    let ended = inbox.next();
    assert_eq!(
        (ended.reason(), ended.body["status"].as_str()),
        ("TERMINATION_SUCCESS", Some("REVOKED"))
    );

    let id = told(&sandbox, "carol", "ACTIVE_AT_ONCE", &inbox);
    let update = json!({"entitlementId": id, "productKey": "PERIOD_END"});
    sandbox.api("PATCH", "/entitlement", &update);
    assert_eq!(inbox.next().reason(), "PRODUCT_UPDATE");
}

#[test]
fn a_notification_is_tried_again_until_it_is_taken() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let inbox = Inbox::open(&[500, 302]);
    let id = told(&sandbox, "alice", "ACTIVE_AT_ONCE", &inbox);
    sandbox.end("revoke", &id);
    let tries = [inbox.next(), inbox.next(), inbox.next()];
    assert!(tries.iter().all(|arrival| arrival.body == tries[0].body));
    assert!(inbox.more().is_none(), "taken is taken");
    eventually("the dashboard's word", || {
        let page = sandbox.page("/notifications?state=delivered").body;
        page.contains("href=\"/notifications/").then_some(())
    });
}

#[test]
fn an_undelivered_notification_survives_a_restart() {
    let sandbox = Sandbox::start(&[]);
    let inbox = Inbox::open(&[503]);
    let id = told(&sandbox, "alice", "ACTIVE_AT_ONCE", &inbox);
    sandbox.end("revoke", &id);
    inbox.next();
    let _sandbox = sandbox.restart(&[]);
    assert_eq!(inbox.next().reason(), "TERMINATION_SUCCESS");
}

#[test]
fn notifications_are_authenticated_as_configured() {
    for (kind, secret, header) in [
        (
            "basic",
            "MyOrganization:elephant-notepad-dancer",
            "authorization: Basic TXlPcmdhbml6YXRpb246ZWxlcGhhbnQtbm90ZXBhZC1kYW5jZXI=",
        ),
        ("api-key", "k-123", "x-api-key: k-123"),
        ("bearer", "t-123", "authorization: Bearer t-123"),
    ] {
        let environment = [("BANGO_SANDBOX_NOTIFICATION_SECRET", secret)];
        let home = Home::new();
        let sandbox = Sandbox::start_with(
            &["--ephemeral", "--notification-auth", kind],
            &environment,
            home,
        );
        let inbox = Inbox::open(&[]);
        let id = told(&sandbox, "alice", "ACTIVE_AT_ONCE", &inbox);
        sandbox.end("revoke", &id);
        let head = inbox.next().head;
        assert!(
            head.lines().any(|line| line.eq_ignore_ascii_case(header)),
            "{kind}: {head}"
        );
    }
}

#[test]
fn duplicates_and_disorder_can_be_asked_for() {
    let sandbox = Sandbox::start(&[
        "--ephemeral",
        "--duplicate-notifications",
        "--shuffle-notifications",
    ]);
    let inbox = Inbox::open(&[]);
    let id = told(&sandbox, "alice", "ACTIVE_AT_ONCE", &inbox);
    let mut sent = Vec::new();
    for benefits in ["SUSPENDED", "NORMAL"].repeat(4) {
        let body = json!({"entitlementId": id, "entitlementBenefits": benefits});
        let reply = sandbox.api("PATCH", "/entitlement", &body);
        sent.extend(std::iter::repeat_n(reply.text("dateLastUpdated"), 2));
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    let arrived = sent.iter().map(|_| {
        inbox.next().body["dateLastUpdated"]
            .as_str()
            .unwrap()
            .to_owned()
    });
    let mut arrived: Vec<String> = arrived.collect();
    assert_ne!(arrived, sent, "in order in spite of the flag");
    arrived.sort();
    assert_eq!(arrived, sent);
}

#[cfg(target_os = "linux")]
#[test]
fn a_receiver_that_never_answers_costs_no_processor_time() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let more = json!({"notificationUrl": url});
    for number in 0..300 {
        let id = sandbox
            .create_with(&format!("c{number}"), "SANDBOX", "ACTIVE_AT_ONCE", &more)
            .text("entitlementId");
        sandbox.end("revoke", &id);
    }
    // In hundredths of a second: user and system time.
    let used = || {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", sandbox.pid())).unwrap();
        let words: Vec<&str> = text.rsplit(')').next().unwrap().split(' ').collect();
        words[12].parse::<u64>().unwrap() + words[13].parse::<u64>().unwrap()
    };
    let before = used();
    std::thread::sleep(std::time::Duration::from_secs(3));
    let spent = used() - before;
    assert!(spent < 60, "{spent} of 300 hundredths");
}

#[test]
fn a_slow_receiver_delays_no_other() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let silent: Vec<_> = (0..8)
        .map(|_| std::net::TcpListener::bind("127.0.0.1:0").unwrap())
        .collect();
    for number in 0..80 {
        let url = format!("http://{}/", silent[number % 8].local_addr().unwrap());
        let more = json!({"notificationUrl": url});
        let id = sandbox
            .create_with(&format!("c{number}"), "SANDBOX", "ACTIVE_AT_ONCE", &more)
            .text("entitlementId");
        sandbox.end("revoke", &id);
    }
    let inbox = Inbox::open(&[]);
    let id = told(&sandbox, "alice", "ACTIVE_AT_ONCE", &inbox);
    let start = std::time::Instant::now();
    sandbox.end("revoke", &id);
    inbox.next();
    // The tries to the others take ten seconds each.
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

#[test]
fn every_url_that_is_taken_can_be_sent() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let create = |customer: &str, url: &str| {
        let more = json!({"notificationUrl": url});
        sandbox.create_with(customer, "SANDBOX", "ACTIVE_AT_ONCE", &more)
    };
    for url in [
        "ftp://a.example/",
        "http://",
        "http://a.example:99999/",
        "http://[::1/",
    ] {
        let message = create("alice", url).text("responseMessage");
        assert_eq!(message, "parameter 'notificationUrl' is invalid", "{url}");
    }
    let inbox = Inbox::open(&[]);
    let odd = inbox
        .url
        .replace("127.0.0.1", "127%2e0.0.1")
        .replace("/hook", "/h\u{fc}<k>");
    let id = create("alice", &odd).text("entitlementId");
    sandbox.end("revoke", &id);
    let head = inbox.next().head;
    assert!(
        head.starts_with("POST /h%C3%BC%3Ck%3E?id=7 HTTP/1.1"),
        "{head}"
    );
}
