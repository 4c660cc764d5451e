//! What a person sees of an answer: every value that JSON has, times with their age.

use serde_json::{Value, json};

use crate::support::cli::{CREATE, Home, run};
use crate::support::pty::Screen;
use crate::support::server::{Server, http, json_body, pending};

/// An entitlement of Bango's newer platform, with members that nobody has documented.
fn newer() -> Value {
    json!({
        "responseCode": "OK", "responseMessage": "Success", "parameters": {},
        "entitlementId": "e1", "status": "ACTIVE", "customerIdentifier": "cust-1",
        "sharedCustomerId": "shared-1", "merchantEntitlementId": "theirs-1",
        "externalEntitlementId": "mine-1", "bangoUserId": 4711,
        "dateCreated": "2020-01-31T12:00:00.000Z", "dateExpiry": null,
        "renewsAt": "2100-01-31T12:00:00Z", "trial": true, "rank": 1.5, "empty": "",
        "financeData": {"currency": "GBP", "parts": [1]}, "tab\tname": "x",
    })
}

#[test]
fn every_value_of_an_answer_is_shown_and_in_a_pipe_as_it_was_sent() {
    let (home, server) = (
        Home::new(),
        Server::answering(http(200, &[], newer().to_string())),
    );
    let outcome = run(home.client(&server).args(["get", "e1"]));
    outcome.assert_code(0);
    let line = |label: &str, value: &str| {
        let line = format!("{label}\t{value}");
        let is_there = outcome.lines().contains(&&*line);
        assert!(is_there, "{line:?} in {}", outcome.stdout);
    };
    line("Your id", "mine-1");
    line("Merchant's id", "theirs-1");
    line("Shared customer", "shared-1");
    line("Bango's user", "4711");
    line("Created", "2020-01-31T12:00:00.000Z");
    line("renewsAt", "2100-01-31T12:00:00Z");
    line("trial", "true");
    line("rank", "1.5");
    line("financeData.currency", "GBP");
    line("tab\\u{9}name", "x");
    assert!(!outcome.stdout.contains("empty"), "{}", outcome.stdout);
    assert!(!outcome.stdout.contains("Expires"), "{}", outcome.stdout);
}

#[cfg(unix)]
#[test]
fn a_person_sees_a_time_and_its_age_in_one_entitlement_and_in_a_list() {
    let (home, server) = (
        Home::new(),
        Server::answering(http(200, &[], newer().to_string())),
    );
    let seen = Screen::start(home.client(&server).args(["get", "e1"]), 80).end();
    seen.assert_code(0);
    for time in [
        "2020-01-31T12:00:00.000Z (",
        " y ago)",
        "2100-01-31T12:00:00Z (in ",
    ] {
        assert!(seen.screen.contains(time), "{time}: {}", seen.screen);
    }

    let list = json!({"responseCode": "OK", "entitlements": [newer()]});
    let server = Server::answering(http(200, &[], list.to_string()));
    let list = |width| {
        let mut cli = home.client(&server);
        let seen = Screen::start(cli.args(["list", "--user", "cust-1"]), width).end();
        seen.assert_code(0).screen.clone()
    };
    assert!(list(80).contains("2020-01-31 ("), "{}", list(80));
}

#[test]
fn it_is_told_until_when_a_registration_url_works() {
    let mut answer = pending("https://merchant.example/register?token=abc");
    answer["parameters"]["urlExpiry"] = "2100-01-31T12:00:00Z".into();
    let (home, server) = (
        Home::new(),
        Server::answering(http(200, &[], answer.to_string())),
    );
    let created = run(home.client(&server).args(CREATE));
    created.assert_code(0);
    assert!(
        created
            .stdout
            .contains("URL works until\t2100-01-31T12:00:00Z\n"),
        "{created:?}"
    );
    let asked = run(home.client(&server).args(["activation-url", "e1"]));
    asked.assert_code(0);
    assert_eq!(
        asked.stdout,
        "https://merchant.example/register?token=abc\n"
    );
    assert!(
        asked
            .stderr
            .contains("works until 2100-01-31T12:00:00Z (in "),
        "{asked:?}"
    );
}

#[test]
fn what_else_a_refusal_says_is_told_as_well() {
    let answer = json!({
        "responseCode": "NOT_AVAILABLE", "responseMessage": "no",
        "errorOrigin": "MERCHANT\n", "parameters": {"retryInHours": 2}, "long": "x".repeat(5000),
    });
    let (home, server) = (
        Home::new(),
        Server::answering(http(400, &[], answer.to_string())),
    );
    let refused = run(home.client(&server).args(CREATE));
    refused.assert_code(12);
    assert!(
        refused.stderr.contains("\n  errorOrigin: MERCHANT\\u{a}\n"),
        "{}",
        refused.stderr
    );
    assert!(
        refused.stderr.contains("\n  parameters.retryInHours: 2\n"),
        "{}",
        refused.stderr
    );
    assert!(refused.stderr.len() < 2000, "{}", refused.stderr.len());
    let refused = run(home.client(&server).args(CREATE).arg("--json"));
    assert_eq!(
        refused.json()["error"]["response"]["errorOrigin"],
        "MERCHANT\n"
    );
}

#[test]
fn your_own_id_is_sent_by_a_flag_and_by_a_column() {
    let (home, server) = (Home::new(), Server::active());
    run(home
        .client(&server)
        .args(CREATE)
        .args(["--external-id", "mine-1"]))
    .assert_code(0);
    home.write(
        "rows.csv",
        "user,merchant,product,external_id\ncust-1,BANGO,BangoMusic,mine-2\n",
    );
    run(home.client(&server).args(["batch", "rows.csv"])).assert_code(0);
    home.write(
        "rows2.csv",
        "user,merchant,product,externalEntitlementId\ncust-1,BANGO,BangoMusic,mine-3\n",
    );
    run(home.client(&server).args(["batch", "rows2.csv"])).assert_code(0);
    let sent = server.requests();
    let sent = sent
        .iter()
        .map(|request| json_body(request)["externalEntitlementId"].clone());
    assert_eq!(sent.collect::<Vec<_>>(), ["mine-1", "mine-2", "mine-3"]);
}
