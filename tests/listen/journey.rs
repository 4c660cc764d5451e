//! `listen` and `sandbox` together, each started as a user starts it.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::support::cli::{Home, eventually};
use crate::support::sandbox::Listener;
use crate::support::sandbox::Sandbox;

fn create(sandbox: &Sandbox, listener: &Listener, customer: &str, product: &str) -> String {
    let merchant = if product == "BangoMusic" {
        "BANGO"
    } else {
        "SANDBOX"
    };
    let more = json!({"notificationUrl": format!("{}/{customer}", listener.url)});
    sandbox
        .create_with(customer, merchant, product, &more)
        .text("entitlementId")
}

#[test]
fn a_suspension_by_the_merchant_is_seen() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let home = Home::new();
    let listener = Listener::start_in(&home, &[], &[]);
    let id = create(&sandbox, &listener, "alice", "ACTIVE_AT_ONCE");
    let act = |act: &str| {
        assert_eq!(sandbox.act(&id, act).status, 303);
        listener.line()
    };
    let suspended = act("suspend");
    let expected = format!("SUSPENSION_SUCCESS\tSUSPENDED\t{id}\talice\tACTIVE_AT_ONCE\t/alice\t");
    assert!(suspended.ends_with(&expected), "{suspended}");
    assert!(act("resume").contains("\tRESUMPTION_SUCCESS\tACTIVE\t"));
    assert!(act("revoke").contains("\tTERMINATION_SUCCESS\tREVOKED\t"));
}

#[test]
fn a_script_goes_on_as_soon_as_the_user_has_registered() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    // The id is the reseller's own here, because listen starts before create.
    let goal = "order-77=ACTIVE";
    let (_home, listener) = Listener::start(&["--until", goal, "--for-at-most", "30s", "--json"]);
    let more = json!({"notificationUrl": listener.url, "entitlementId": "order-77"});
    let created = sandbox.create_with("alice", "BANGO", "BangoMusic", &more);
    sandbox.register(&created.link());
    let end = listener.end();
    assert_eq!(end.code, 0, "{end:?}");
    let shown: Value = serde_json::from_str(end.lines()[0]).unwrap();
    assert_eq!(
        shown["notification"]["notificationReason"],
        "ACTIVATION_SUCCESS"
    );
}

#[test]
fn what_is_sent_twice_and_in_disorder_is_shown_once_and_late_ones_are_marked() {
    let sandbox = Sandbox::start(&[
        "--ephemeral",
        "--duplicate-notifications",
        "--shuffle-notifications",
    ]);
    let (_home, listener) = Listener::start(&["--json"]);
    let ids = ["alice", "bob"].map(|name| create(&sandbox, &listener, name, "ACTIVE_AT_ONCE"));
    let mut sent: HashMap<String, Vec<String>> = HashMap::new();
    for benefits in ["SUSPENDED", "NORMAL"].repeat(4) {
        for id in &ids {
            let body = json!({"entitlementId": id, "entitlementBenefits": benefits});
            let reply = sandbox.api("PATCH", "/entitlement", &body);
            let date = reply.text("dateLastUpdated");
            sent.entry(id.clone()).or_default().push(date);
        }
        // Dates have milliseconds: two changes within one could not be told apart.
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    let mut latest: HashMap<String, String> = HashMap::new();
    let mut shown: HashMap<String, Vec<String>> = HashMap::new();
    let mut late = 0;
    for _ in 0..16 {
        let line = listener.json();
        let text = |name: &str| line["notification"][name].as_str().unwrap().to_owned();
        let (id, date) = (text("entitlementId"), text("dateLastUpdated"));
        let newest = latest.entry(id.clone()).or_default();
        assert_eq!(line["late"], date < *newest, "{line}");
        late += u32::from(date < *newest);
        *newest = date.clone().max(newest.clone());
        shown.entry(id).or_default().push(date);
    }
    assert_ne!(shown, sent, "in order in spite of the flag");
    assert!(late > 0);
    for dates in shown.values_mut() {
        dates.sort();
    }
    assert_eq!(shown, sent, "each once");
    eventually("every copy delivered", || {
        let page = sandbox.page("/notifications?state=failed").body
            + &sandbox.page("/notifications?state=waiting").body;
        (!page.contains("href=\"/notifications/")).then_some(())
    });
    let end = listener.interrupt();
    assert!(end.stdout.is_empty(), "{end:?}");
    assert!(end.stderr.contains("repetitions, not shown: 16"));
}

#[test]
fn sandbox_and_listener_prove_themselves_to_each_other_in_every_way() {
    for (kind, secret) in [
        ("basic", "MyOrganization:elephant-notepad-dancer"),
        ("api-key", "k-123"),
        ("bearer", "t-123"),
    ] {
        let environment = [("BANGO_SANDBOX_NOTIFICATION_SECRET", secret)];
        let arguments = ["--ephemeral", "--notification-auth", kind];
        let home = Home::new();
        let sandbox = Sandbox::start_with(&arguments, &environment, home);
        let home = Home::new();
        let environment = [("BANGO_LISTEN_SECRET", secret)];
        let good = Listener::start_in(&home, &["--auth", kind], &environment);
        let environment = [("BANGO_LISTEN_SECRET", "another:secret")];
        let bad = Listener::start_in(&home, &["--auth", kind], &environment);
        for listener in [&good, &bad] {
            let customer = listener.address();
            let id = create(&sandbox, listener, customer, "ACTIVE_AT_ONCE");
            sandbox.end("revoke", &id);
        }
        assert!(good.line().contains("TERMINATION_SUCCESS"), "{kind}");
        bad.remark("answered with 401");
        assert!(bad.interrupt().stdout.is_empty());
    }
}

#[test]
fn a_sandbox_beside_listen_sends_its_notifications_there() {
    let home = Home::new();
    let mut cli = crate::support::sandbox::command(&home);
    cli.args(["listen", "--port", "0", "--with-sandbox"])
        .env("BANGO_SANDBOX_PORT", "0");
    let listener = Listener::spawned(&mut cli).unwrap();
    let told = listener.remark("its dashboard is at ");
    let origin = told.split("its dashboard is at ").nth(1).unwrap();
    let origin = origin.split(';').next().unwrap();
    let mut create = home.bango_ent();
    create
        .args([
            "create",
            "--user",
            "alice",
            "--merchant",
            "SANDBOX",
            "--product",
            "ACTIVE_AT_ONCE",
            "--json",
        ])
        .envs([("BANGO_USERNAME", "sandbox"), ("BANGO_PASSWORD", "sandbox")])
        .env("BANGO_BASE_URL", format!("{origin}/v1"));
    let created = create.run().assert_code(0).json();
    listener.remark("/v1/entitlement");
    let id = created["entitlementId"].as_str().unwrap();
    let mut suspend = home.bango_ent();
    suspend
        .args(["suspend", id])
        .envs([("BANGO_USERNAME", "sandbox"), ("BANGO_PASSWORD", "sandbox")])
        .env("BANGO_BASE_URL", format!("{origin}/v1"));
    suspend.run().assert_code(0);
    assert!(listener.line().contains("SUSPENSION_SUCCESS\tSUSPENDED"));
    assert_eq!(listener.interrupt().code, 0);
}

#[test]
fn a_sandbox_beside_listen_tells_a_running_one_from_another_program_on_its_port() {
    let beside = |port: &str| {
        let home = Home::new();
        let mut cli = crate::support::sandbox::command(&home);
        cli.args(["listen", "--port", "0", "--with-sandbox"])
            .env("BANGO_SANDBOX_PORT", port);
        cli.run().assert_code(1).stderr.clone()
    };
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let told = beside(sandbox.address().rsplit(':').next().unwrap());
    assert!(told.contains("a sandbox is running already\n"), "{told}");
    assert!(told.contains("--notification-url http://"), "{told}");
    let other = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let told = beside(&other.local_addr().unwrap().port().to_string());
    assert!(told.contains("something else listens on"), "{told}");
    assert!(!told.contains("running already"), "{told}");
}
