//! `batch` on the wire: what is sent for each row, what is shown, and what is written about it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{assert_each_once, batch, journal, users};
use crate::support::cli::{Home, PASSWORD};
use crate::support::platform::{Behaviour, Platform, Reply, Seen};

fn answering(script: impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static) -> Platform {
    Platform::start(Behaviour {
        script: Some(Box::new(script)),
        ..Behaviour::default()
    })
}

/// Refuses the user `cust-2` and lets everybody else be served.
fn refusing() -> Platform {
    answering(|seen| {
        let body =
            json!({"responseCode": "NOT_AVAILABLE", "responseMessage": "not in this country"});
        (seen.body["customerIdentifier"] == "cust-2").then_some((403, "", body))
    })
}

#[test]
fn every_row_is_sent_once_and_counted() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(50));
    let outcome = batch(&home, &server, &["users.csv", "--json"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_each_once(&server, 50);
    let shown = outcome.json();
    assert_eq!((&shown["rows"], &shown["done"]), (&json!(50), &json!(50)));
    assert_eq!(shown["codes"], json!({"OK": 50}));
    let identifiers: BTreeSet<_> = server
        .seen()
        .into_iter()
        .map(|seen| seen.identifier)
        .collect();
    assert_eq!(identifiers.len(), 50);
}

#[test]
fn a_second_run_sends_nothing() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(20));
    assert_eq!(batch(&home, &server, &["users.csv"]).code, 0);
    let again = batch(&home, &server, &["users.csv"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(
        again.stderr.contains("20 of 20 rows done"),
        "{}",
        again.stderr
    );
    assert_eq!(server.requests(), 20);
}

#[test]
fn columns_flags_and_profile_become_the_body() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write(
        "rows.jsonl",
        concat!(
            r#"{"user":"a","product":"P","extension_data":{"n":1.5},"expires":"2027-01-31"}"#,
            "\n\n",
            r#"{"customerIdentifier":"b","merchantAccountKey":"OWN","offer":null,"tier":7,"note":"for people"}"#,
            "\n"
        ),
    );
    let arguments = [
        "rows.jsonl",
        "--merchant",
        "M",
        "--product",
        "Q",
        "--extra-fields",
        "--concurrency",
        "1",
    ];
    let outcome = batch(&home, &server, &arguments);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let bodies: Vec<_> = server.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(
        bodies,
        [
            json!({"customerIdentifier": "a", "productKey": "P", "merchantAccountKey": "M",
            "extensionData": {"n": 1.5}, "dateExpiry": "2027-01-31T00:00:00Z"}),
            json!({"customerIdentifier": "b", "merchantAccountKey": "OWN", "productKey": "Q", "tier": 7}),
        ]
    );
}

#[test]
fn bodies_have_every_character_and_digit_of_the_file_and_results_give_the_rows_back() {
    let data = r#"{"n":12345678901234567890,"e":1e21,"f":1.10,"z":[null,{"ü":"\u00e9"}]}"#;
    let line = format!(r#"{{"user":"=1+1","product":"P","extension_data":{data}}}"#);
    let cells = r#""a,""b"" é€😀",P,"{""n"":98765432109876543210}""#;
    let csv = format!("user,product,extension_data\n{cells}\n");
    for (name, input, user, sent) in [
        ("rows.jsonl", format!("{line}\n"), "=1+1", data),
        (
            "rows.csv",
            csv,
            "a,\"b\" é€😀",
            r#"{"n":98765432109876543210}"#,
        ),
    ] {
        let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
        home.write(name, &input);
        let arguments = [name, "--merchant", "M", "--results", "-"];
        let outcome = batch(&home, &server, &arguments);
        outcome.assert_code(0);
        let body = server.seen()[0].body.clone();
        assert_eq!(body["customerIdentifier"], user);
        let sent: Value = serde_json::from_str(sent).unwrap();
        assert_eq!(body["extensionData"].to_string(), sent.to_string());
        let is_json = name.ends_with("jsonl");
        let given_back = if is_json { line.as_str() } else { cells };
        assert!(outcome.stdout.contains(given_back), "{}", outcome.stdout);
    }
}

#[test]
fn every_action_is_sent_where_it_belongs() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write(
        "rows.csv",
        "action,entitlement_id,product,reason,benefits\n\
        update,e1,P2,,\nsuspend,e2,,,NONE\nsuspend,e3,,,\nresume,e4,,,\n\
        cancel,e5,,CUSTOMER_CANCELLED/OTHER,\nrevoke,e/6,,,\n",
    );
    let arguments = [
        "rows.csv",
        "--reason",
        "REVOKED/FRAUD",
        "--yes",
        "--concurrency",
        "1",
    ];
    let outcome = batch(&home, &server, &arguments);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let sent: Vec<_> = server
        .seen()
        .into_iter()
        .map(|seen| (seen.method, seen.path, seen.body))
        .collect();
    let patch = |body: Value| ("PATCH".to_owned(), "/v1/entitlement".to_owned(), body);
    let post = |path: &str, body: Value| ("POST".to_owned(), path.to_owned(), body);
    assert_eq!(
        sent,
        [
            patch(json!({"entitlementId": "e1", "productKey": "P2"})),
            patch(json!({"entitlementId": "e2", "entitlementBenefits": "NONE"})),
            patch(json!({"entitlementId": "e3", "entitlementBenefits": "SUSPENDED"})),
            patch(json!({"entitlementId": "e4", "entitlementBenefits": "NORMAL"})),
            post(
                "/v1/entitlement/cancel/e5",
                json!({"cancelReasonCategory": "CUSTOMER_CANCELLED", "cancelReasonCode": "OTHER"})
            ),
            post(
                "/v1/entitlement/revoke/e%2F6",
                json!({"cancelReasonCategory": "REVOKED", "cancelReasonCode": "FRAUD"})
            ),
        ]
    );
}

#[test]
fn rows_that_end_entitlements_need_a_confirmation() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write(
        "rows.csv",
        "action,entitlement_id,reason\ncancel,e1,CUSTOMER_CANCELLED/OTHER\n",
    );
    let outcome = batch(&home, &server, &["rows.csv"]);
    assert_eq!(outcome.code, 4, "{}", outcome.stderr);
    assert_eq!(server.requests(), 0);
}

#[test]
fn a_refused_row_is_left_alone_until_it_is_asked_for_again() {
    let (home, server) = (Home::new(), refusing());
    home.write("users.csv", users(3));
    let outcome = batch(&home, &server, &["users.csv", "--json"]);
    assert_eq!(outcome.code, 40, "{}", outcome.stderr);
    let error = &outcome.json()["error"];
    assert_eq!(
        (&error["code"], &error["outcome"]),
        (&json!("BATCH_INCOMPLETE"), &json!("partial"))
    );
    assert_eq!(
        error["details"]["summary"]["codes"],
        json!({"NOT_AVAILABLE": 1, "OK": 2})
    );
    assert_eq!(batch(&home, &server, &["users.csv"]).code, 40);
    assert_eq!(server.requests(), 3);
    assert_eq!(
        batch(&home, &server, &["users.csv", "--retry-failed"]).code,
        40
    );
    let sent: Vec<_> = server
        .seen()
        .into_iter()
        .filter(|seen| seen.body["customerIdentifier"] == "cust-2")
        .map(|seen| seen.identifier)
        .collect();
    assert_eq!(sent.len(), 2);
    assert_ne!(
        sent[0], sent[1],
        "asking again after a refusal is a new intent"
    );
}

#[test]
fn results_are_the_input_and_what_became_of_it() {
    let (home, server) = (Home::new(), refusing());
    home.write(
        "users.csv",
        "user,merchant,product\n\"cust,1\",BANGO,P\ncust-2,BANGO,P\n",
    );
    let arguments = [
        "users.csv",
        "--results",
        "out.csv",
        "--failed",
        "failed.csv",
        "--concurrency",
        "1",
    ];
    assert_eq!(batch(&home, &server, &arguments).code, 40);
    let read = |name: &str| std::fs::read_to_string(home.path().join(name)).unwrap();
    let results = read("out.csv");
    let lines: Vec<_> = results.lines().collect();
    assert_eq!(
        lines[0],
        "user,merchant,product,outcome,responseCode,entitlementId,status,registrationUrl,message,requestIdentifier,rowNumber,line"
    );
    assert!(
        lines[1].starts_with("\"cust,1\",BANGO,P,done,OK,\"ent-cust,1\",ACTIVE,,,"),
        "{}",
        lines[1]
    );
    assert!(
        lines[2].starts_with("cust-2,BANGO,P,refused,NOT_AVAILABLE,,,,not in this country,"),
        "{}",
        lines[2]
    );
    assert!(lines[1].ends_with(",1,2") && lines[2].ends_with(",2,3"));
    assert_eq!(
        read("failed.csv"),
        "user,merchant,product\ncust-2,BANGO,P\n"
    );
    assert_eq!(batch(&home, &server, &arguments).code, 40);
    assert_eq!(
        read("out.csv"),
        results,
        "a second run reports the earlier answers again"
    );
    assert_eq!(batch(&home, &server, &["failed.csv", "--check"]).code, 0);
}

#[test]
fn why_rows_did_not_succeed_is_said_and_what_can_be_done() {
    let server = answering(|seen| {
        let body =
            json!({"responseCode": "NOT_AVAILABLE", "responseMessage": "not in this country"});
        let user = seen.body["customerIdentifier"].as_str().unwrap();
        match user {
            "cust-5" => Some((200, "", "<html>".into())),
            "cust-2" | "cust-3" => Some((403, "", body)),
            _ => None,
        }
    });
    let home = Home::new();
    home.write("users.csv", users(6));
    let outcome = batch(&home, &server, &["users.csv", "--retries", "0"]);
    outcome.assert_code(40);
    for part in [
        "3 rows did not succeed",
        "2 rows refused: NOT_AVAILABLE: not in this country (first on line ",
        "1 row unanswered: OUTCOME_UNKNOWN: the answer (HTTP 200) is not a JSON object (first on line 6)",
        "the same command continues: it repeats unanswered rows",
    ] {
        assert!(outcome.stderr.contains(part), "{part}: {}", outcome.stderr);
    }
    let status = batch(&home, &server, &["status", "users.csv.journal", "--json"]).json();
    let told = status["reasons"].as_array().unwrap();
    let told: Vec<_> = told
        .iter()
        .map(|one| (&one["outcome"], &one["rows"]))
        .collect();
    let (refused, unanswered) = (json!("refused"), json!("unanswered"));
    assert_eq!(told, [(&refused, &json!(2)), (&unanswered, &json!(1))]);
    assert_eq!(status["reasons"][1]["firstRow"], 5);
    let shown = batch(&home, &server, &["status", "users.csv.journal"]).stdout;
    let why = "1 row unanswered: OUTCOME_UNKNOWN: the answer (HTTP 200) is not a JSON object (first: row 5)";
    assert!(shown.contains(why), "{shown}");
    let (home, server) = (Home::new(), refusing());
    home.write("users.csv", users(3));
    let outcome = batch(&home, &server, &["users.csv", "--json"]);
    let error = &outcome.json()["error"];
    let reason = json!({"outcome": "refused", "code": "NOT_AVAILABLE", "message": "not in this country", "rows": 1, "firstRow": 2, "firstLine": 3});
    assert_eq!(error["details"]["reasons"], json!([reason]));
    let hint = error["hint"].as_str().unwrap();
    assert!(
        hint.starts_with("--retry-failed sends them again"),
        "{hint}"
    );
}

#[test]
fn rows_that_are_always_refused_are_to_be_corrected() {
    let server = answering(|_| Some((400, "", json!({"responseCode": "BAD_REQUEST"}))));
    let home = Home::new();
    home.write("users.csv", users(2));
    let said = batch(&home, &server, &["users.csv"]).stderr;
    let next =
        "asked again, they are refused again: --failed FILE with the same command writes them";
    assert!(said.contains(next), "{said}");
    let again = batch(&home, &server, &["users.csv", "--retry-failed"]);
    assert!(again.stdout.contains("2 answered"), "{again:#?}");
}

#[test]
fn users_who_must_still_register_are_counted() {
    let server = answering(|_| {
        let url = "https://bango.example/register";
        let body = json!({"responseCode": "CLIENT_ACTION_REQUIRED", "status": "PENDING", "entitlementId": "e",
            "parameters": {"action": "NAVIGATE_TO_URL", "url": url}});
        Some((202, "", body))
    });
    let home = Home::new();
    home.write("users.csv", users(2));
    let said = batch(&home, &server, &["users.csv"]).stderr;
    assert!(said.contains("2 new users must still register"), "{said}");
    assert!(said.contains("the same command with --results"), "{said}");
    let again = batch(&home, &server, &["users.csv", "--results", "out.csv"]);
    let said = again.stderr;
    assert!(said.contains("nothing is left to do"), "{said}");
    let results = std::fs::read_to_string(home.path().join("out.csv")).unwrap();
    assert_eq!(results.matches("https://bango.example").count(), 2);
    assert_eq!(server.requests(), 2);
}

#[test]
fn a_journal_that_is_not_one_or_cannot_be_made_says_what_to_name() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(1));
    let nowhere = ["users.csv", "--journal", "nowhere/journal"];
    let said = batch(&home, &server, &nowhere).stderr;
    assert!(
        said.contains("--journal FILE names another place"),
        "{said}"
    );
    batch(&home, &server, &["users.csv"]).assert_code(0);
    let said = batch(&home, &server, &["status", "users.csv"]).stderr;
    assert!(
        said.contains("bango-ent batch status users.csv.journal"),
        "{said}"
    );
}

#[test]
fn stdin_to_stdout_is_a_stage_of_a_pipe() {
    let (home, server) = (Home::new(), refusing());
    let mut command = home.bango_ent();
    command
        .env("BANGO_USERNAME", "u")
        .env("BANGO_PASSWORD", PASSWORD)
        .env("BANGO_BASE_URL", &server.url)
        .args([
            "batch",
            "-",
            "--format",
            "jsonl",
            "--journal",
            "j",
            "--results",
            "-",
            "--merchant",
            "M",
            "--product",
            "P",
        ])
        .write_stdin("{\"user\":\"cust-1\"}\n{\"user\":\"cust-2\"}\n");
    for _ in 0..2 {
        let outcome = crate::support::cli::run(&mut command);
        assert_eq!(outcome.code, 40, "{}", outcome.stderr);
        let mut lines: Vec<Value> = outcome
            .stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        lines.sort_by_key(|line| line["row"]["user"].to_string());
        assert_eq!(lines[0]["row"], json!({"user": "cust-1"}));
        let place = (&lines[1]["rowNumber"], &lines[1]["line"]);
        assert_eq!(place, (&json!(2), &json!(2)));
        assert_eq!(
            (&lines[0]["outcome"], &lines[1]["outcome"]),
            (&json!("done"), &json!("refused"))
        );
    }
    assert_eq!(server.requests(), 2);
    let names: Vec<_> = std::fs::read_dir(home.path())
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    let own: Vec<_> = names.iter().filter(|name| *name != ".local").collect();
    assert_eq!(own, ["j"], "nothing but the journal is left behind");
}

#[test]
fn a_url_that_is_not_safe_is_left_out_of_the_results() {
    let (home, server) = (
        Home::new(),
        answering(|_| {
            let body = json!({"responseCode": "CLIENT_ACTION_REQUIRED", "status": "PENDING", "entitlementId": "e",
            "parameters": {"action": "NAVIGATE_TO_URL", "url": "javascript:alert(1)"}});
            Some((202, "", body))
        }),
    );
    home.write("users.csv", users(1));
    assert_eq!(
        batch(&home, &server, &["users.csv", "--results", "out.jsonl"]).code,
        0
    );
    let result: Value =
        serde_json::from_str(&std::fs::read_to_string(home.path().join("out.jsonl")).unwrap())
            .unwrap();
    assert_eq!(result["registrationUrl"], Value::Null);
    assert!(
        result["message"].as_str().unwrap().contains("left out"),
        "{result}"
    );
}

#[test]
fn no_secret_is_written_and_files_are_private() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(5));
    assert_eq!(
        batch(&home, &server, &["users.csv", "--results", "out.csv"]).code,
        0
    );
    for name in ["users.csv.journal", "out.csv"] {
        let path = home.path().join(name);
        assert!(
            !std::fs::read_to_string(&path).unwrap().contains(PASSWORD),
            "{name}"
        );
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&path).unwrap());
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
    let header = &journal(&home.path().join("users.csv.journal"))[0]["header"];
    assert_eq!(header["settings"]["username"], "MyOrganization");
}

#[test]
fn what_would_be_overwritten_is_refused() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(1));
    for arguments in [
        ["users.csv", "--results", "users.csv"].as_slice(),
        &["users.csv", "--failed", "./users.csv"],
        &["users.csv", "--results", "users.csv.journal"],
        &["users.csv", "--results", "x", "--failed", "x"],
        &["users.csv", "--results", "-", "--json"],
        &["users.csv", "--request-id", "x"],
    ] {
        assert_eq!(batch(&home, &server, arguments).code, 2, "{arguments:?}");
    }
    assert_eq!(server.requests(), 0);
    assert_eq!(
        std::fs::read_to_string(home.path().join("users.csv")).unwrap(),
        users(1)
    );
}

#[test]
fn the_most_frequent_reason_is_told_however_many_came_before_it() {
    let server = answering(|seen| {
        let user = seen.body["customerIdentifier"].as_str().unwrap();
        let number: usize = user.trim_start_matches("cust-").parse().unwrap();
        let message = if number <= 100 {
            user
        } else {
            "no such product"
        };
        let body = json!({"responseCode": "BAD_REQUEST", "responseMessage": message});
        Some((400, "", body))
    });
    let home = Home::new();
    home.write("users.csv", users(250));
    let arguments = ["users.csv", "--concurrency", "1", "--json"];
    let error = batch(&home, &server, &arguments).json()["error"].clone();
    let reasons = error["details"]["reasons"].as_array().unwrap();
    assert_eq!((reasons.len(), &reasons[0]["rows"]), (101, &json!(150)));
    assert_eq!(
        (&reasons[0]["code"], &reasons[0]["firstRow"]),
        (&json!("BAD_REQUEST"), &json!(101))
    );
}
