//! Several reads by one command: each once, none lost for another, and none repeated in vain.

use serde_json::json;

use crate::support::cli::{Cli, Home};
use crate::support::schema::assert_valid;
use crate::support::server::{Server, entitlement, http, json_body};

/// Answers a read by its id: some of them fail.
fn platform() -> Server {
    Server::replying(|request, _| {
        let path = request.split(' ').nth(1).unwrap_or_default();
        let id = match path.rsplit('/').next() {
            Some("report") => json_body(request)["customerIdentifier"]
                .as_str()
                .unwrap()
                .to_owned(),
            id => id.unwrap_or_default().to_owned(),
        };
        let refuse = |status, code: &str| {
            let body = json!({"responseCode": code, "responseMessage": "why"});
            http(status, &[], body.to_string())
        };
        match id.as_str() {
            "missing" | "lost" => refuse(404, "NOT_FOUND"),
            "bad" => refuse(400, "BAD_REQUEST"),
            "locked" => refuse(401, "UNAUTHORIZED"),
            "down" => refuse(503, "SERVICE_UNAVAILABLE"),
            "html" => http(200, &[], "<p>"),
            _ if path.ends_with("report") => {
                let two = |name| {
                    entitlement(
                        &json!({"entitlementId": format!("{id}-{name}"), "customerIdentifier": null}),
                    )
                };
                let found = if id == "none" {
                    vec![]
                } else {
                    vec![two("1"), two("2")]
                };
                let body = json!({"responseCode": "OK", "entitlements": found});
                http(200, &[], body.to_string())
            }
            _ => {
                let body = entitlement(&json!({"entitlementId": id, "new": 1}));
                http(200, &[], body.to_string())
            }
        }
    })
}

fn cli(home: &Home, server: &Server, words: &str) -> Cli {
    let mut cli = home.client(server);
    cli.args(words.split(' ')).args(["--retries", "0"]);
    cli
}

fn ids(document: &serde_json::Value) -> Vec<&str> {
    let records = document["entitlements"].as_array().unwrap().iter();
    records
        .map(|record| record["entitlementId"].as_str().unwrap())
        .collect()
}

#[test]
fn several_ids_are_read_in_their_order_each_once() {
    let (home, server) = (Home::new(), platform());
    let outcome = cli(&home, &server, "get c a b a --json").run();
    let document = outcome.assert_code(0).json();
    assert_valid("entitlements", &document);
    assert_eq!(ids(&document), ["c", "a", "b"]);
    assert_eq!(
        document["entitlements"][0]["new"], 1,
        "nothing of an answer is lost"
    );
    assert_eq!(document["failures"], json!([]));
    assert_eq!(server.requests().len(), 3);
    let piped = cli(&home, &server, "get c a").run();
    let lines: Vec<_> = piped.stdout.lines().collect();
    assert!(
        lines.len() == 2 && lines[0].starts_with("c\tACTIVE\tcust-1\tBANGO\tBangoMusic\t"),
        "{lines:?}"
    );
    let one = cli(&home, &server, "get c --json").run();
    assert_eq!(one.json()["entitlementId"], "c", "one id is shown as ever");
}

#[test]
fn a_read_that_fails_loses_no_other_and_the_code_is_its_own_or_40() {
    let (home, server) = (Home::new(), platform());
    for (ids_given, read, code, name) in [
        ("a missing b", vec!["a", "b"], 14, "NOT_FOUND"),
        ("missing a lost", vec!["a"], 14, "NOT_FOUND"),
        ("missing a bad b", vec!["a", "b"], 40, "BATCH_INCOMPLETE"),
        ("html a", vec!["a"], 30, "OUTCOME_UNKNOWN"),
    ] {
        let line = format!("get {ids_given}");
        let piped = cli(&home, &server, &line).run();
        let outcome = cli(&home, &server, &format!("{line} --json")).run();
        assert_eq!(
            [piped.code, outcome.code],
            [code; 2],
            "{line}: {}",
            piped.stderr
        );
        let document = outcome.json();
        assert_valid("entitlements", &document);
        assert_eq!(ids(&document), read, "{line}");
        assert_eq!(piped.stdout.lines().count(), read.len(), "{line}");
        assert_eq!(document["error"]["code"], name, "{line}");
        assert_eq!(document["error"]["exitCode"], code);
        assert_eq!(document["notAsked"], json!([]));
        for failure in document["failures"].as_array().unwrap() {
            let id = failure["entitlementId"].as_str().unwrap();
            assert!(ids_given.contains(id) && failure["error"]["exitCode"].is_number());
            assert!(
                piped.stderr.contains(&format!("{id}: ")),
                "{}",
                piped.stderr
            );
        }
    }
}

#[test]
fn what_would_fail_for_everyone_is_not_repeated_and_the_rest_is_named() {
    let (home, server) = (Home::new(), platform());
    let mut sent = 0;
    for (id, code) in [("locked", 11), ("down", 22)] {
        let outcome = cli(&home, &server, &format!("get a bad {id} b c --json")).run();
        let document = outcome.assert_code(code).json();
        assert_valid("entitlements", &document);
        assert_eq!(ids(&document), ["a"]);
        assert_eq!(document["notAsked"], json!(["b", "c"]));
        sent += 3;
        assert_eq!(server.requests().len(), sent);
    }
    let nobody = "http://127.0.0.1:1/v1";
    let mut cli = home.client(nobody);
    let outcome = cli.args(["get", "a", "b", "--retries", "0"]).run();
    outcome.assert_code(31);
    assert!(
        outcome.stderr.contains("not asked: 1, from b on"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn the_entitlements_of_several_users_stand_together_each_with_its_user() {
    let (home, server) = (Home::new(), platform());
    let users = home.write("users.txt", "\u{feff}u2\r\n\r\nnone\nu1\n");
    let from_file = format!(
        "list --user u1 --users {} --status ACTIVE --json",
        users.display()
    );
    let from_file = cli(&home, &server, &from_file).run();
    let flags = "list --user u1 --user u2 --user none --status ACTIVE --json";
    let from_flags = cli(&home, &server, flags).run();
    let mut from_stdin = cli(&home, &server, "list --users - --json --status ACTIVE");
    let from_stdin = from_stdin.write_stdin("u1\nu2\nnone").run();
    for outcome in [from_file, from_flags, from_stdin] {
        let document = outcome.assert_code(0).json();
        assert_valid("entitlements", &document);
        assert_eq!(ids(&document), ["u1-1", "u1-2", "u2-1", "u2-2"]);
        let record = &document["entitlements"][2];
        assert_eq!(record["customerIdentifier"], "u2");
        assert!(
            outcome.stderr.contains("none has no such entitlement"),
            "{}",
            outcome.stderr
        );
    }
    assert_eq!(server.requests().len(), 9);
    let mixed = cli(&home, &server, "list --user u1 --user bad --json").run();
    let document = mixed.assert_code(10).json();
    assert_eq!(document["failures"][0]["customerIdentifier"], "bad");
    assert_eq!(ids(&document), ["u1-1", "u1-2"]);
    // A file has one form, however many lines it has.
    let mut one = cli(&home, &server, "list --users - --json");
    let document = one.write_stdin("u1\n").run().json();
    assert_valid("entitlements", &document);
}

#[test]
fn wrong_users_and_too_many_reads_are_refused_before_anything_is_sent() {
    let (home, server) = (Home::new(), platform());
    for (text, why) in [
        ("u1\n u2\n", "line 2: it begins or ends with a blank"),
        ("u1\n\nu\u{1}2\n", "line 3: contains a control character"),
        ("", "has no line"),
    ] {
        let mut wrong = cli(&home, &server, "list --users -");
        let outcome = wrong.write_stdin(text).run();
        outcome.assert_code(2);
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    }
    cli(&home, &server, "list --users missing.txt")
        .run()
        .assert_code(2);
    cli(&home, &server, "list").run().assert_code(2);
    let many: Vec<_> = (0..101).map(|number| format!("e{number}")).collect();
    let mut many_ids = cli(&home, &server, "get");
    let refused = many_ids.args(&many).run();
    refused.assert_code(2);
    assert!(
        refused.stderr.contains("batch FILE --action get"),
        "{}",
        refused.stderr
    );
    assert_eq!(server.requests().len(), 0);
    let mut hundred = cli(&home, &server, "get");
    let lines = hundred.args(&many[1..]).run();
    assert_eq!(lines.assert_code(0).lines().len(), 100);
}

#[cfg(unix)]
#[test]
fn an_interrupt_shows_what_was_read_and_names_the_rest() {
    let home = Home::new();
    let server = Server::start(|mut connection| {
        while let request = connection.request()
            && !request.is_empty()
        {
            if request.starts_with("GET /v1/entitlement/hangs") {
                return connection.hang();
            }
            let body = entitlement(&json!({"entitlementId": "a"}));
            connection.say(crate::support::server::open_http(
                200,
                &[],
                body.to_string(),
            ));
        }
    });
    let running = home
        .client(&server)
        .args(["get", "a", "hangs", "b", "--json"])
        .start();
    crate::support::cli::wait_until("the second request", || {
        server
            .requests()
            .iter()
            .any(|request| request.contains("hangs"))
    });
    running.signal(rustix::process::Signal::INT);
    let outcome = running.end();
    let document = outcome.assert_code(130).json();
    assert_valid("entitlements", &document);
    assert_eq!(ids(&document), ["a"]);
    assert_eq!(document["failures"][0]["entitlementId"], "hangs");
    assert_eq!(document["notAsked"], json!(["b"]));
    assert_eq!(server.connections(), 1, "one connection is for all");
}

#[test]
fn the_columns_of_a_table_are_picked_in_their_order() {
    let (home, server) = (Home::new(), platform());
    for users in ["--user a", "--user a --user a"] {
        let words = format!("list {users} --columns status,customer,entitlement");
        let piped = cli(&home, &server, &words).run();
        let first = piped
            .assert_code(0)
            .stdout
            .lines()
            .next()
            .unwrap()
            .to_owned();
        let cells: Vec<_> = first.split('\t').collect();
        assert_eq!((cells.len(), cells[0]), (3, "ACTIVE"), "{first}");
        assert!(cells[2].starts_with("a-"), "{first}");
    }
    let unknown = cli(&home, &server, "list --user a --columns colour").run();
    assert!(
        unknown
            .assert_code(2)
            .stderr
            .contains("entitlement, status")
    );
}
