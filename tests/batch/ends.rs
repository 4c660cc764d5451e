//! How a batch ends: exit code and outcome say what is true, whatever fails beside it.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;

use super::{assert_each_once, batch, start, users};
use crate::support::cli::Home;
#[cfg(unix)]
use crate::support::cli::leave;
use crate::support::platform::{Behaviour, Platform};
#[cfg(unix)]
use crate::support::pty;
use crate::support::server::Server;

fn refusing() -> Platform {
    Platform::start(Behaviour {
        script: Some(Box::new(|_| {
            Some((400, "", json!({"responseCode": "BAD_REQUEST"})))
        })),
        ..Behaviour::default()
    })
}

#[test]
fn a_run_that_sent_nothing_says_so() {
    let (home, server) = (Home::new(), refusing());
    home.write("users.csv", users(2));
    let outcome = || {
        let outcome = batch(&home, &server, &["users.csv", "--json"]);
        assert_eq!(outcome.code, 40, "{}", outcome.stderr);
        outcome.json()["error"]["outcome"].clone()
    };
    assert_eq!(outcome(), "partial");
    assert_eq!(outcome(), "not_sent", "all rows are finished");
    assert_eq!(server.requests(), 2);
}

#[test]
fn a_run_that_was_stopped_says_of_its_cause_what_one_request_says() {
    let answering = |status: u16, code: &'static str| {
        Platform::start(Behaviour {
            script: Some(Box::new(move |_| {
                let body = json!({"responseCode": code, "responseMessage": "who are you?"});
                Some((status, "", body))
            })),
            ..Behaviour::default()
        })
    };
    let wrong = ("UNAUTHORIZED", 401, 11);
    let mended = "the same command continues once this is mended; wrong credentials";
    for ((code, status, exit), patience, retryable, hint) in [
        (wrong, "10m", false, mended),
        (wrong, "1s", false, mended),
        (
            ("SERVICE_UNAVAILABLE", 503, 22),
            "1s",
            true,
            "the same command continues",
        ),
    ] {
        let (home, server) = (Home::new(), answering(status, code));
        home.write("users.csv", users(2));
        let arguments = ["users.csv", "--json", "--give-up-after", patience];
        let outcome = batch(&home, &server, &arguments);
        outcome.assert_code(exit);
        let error = &outcome.json()["error"];
        assert_eq!(error["retryable"], retryable);
        assert_eq!(
            (&error["code"], &error["httpStatus"]),
            (&json!(code), &json!(status))
        );
        assert_eq!(error["response"]["responseCode"], code);
        let told = error["hint"].as_str().unwrap();
        assert!(told.starts_with(hint), "{told}");
        assert_eq!(told.contains("bango-ent doctor"), !retryable, "{told}");
    }
}

#[test]
fn a_stop_with_nothing_under_way_says_nothing_of_a_wait() {
    let server = Platform::start(Behaviour {
        script: Some(Box::new(|_| {
            Some((503, "", json!({"responseCode": "SERVICE_UNAVAILABLE"})))
        })),
        ..Behaviour::default()
    });
    let home = Home::new();
    home.write("users.csv", users(1));
    let outcome = batch(&home, &server, &["users.csv", "--give-up-after", "1s"]);
    outcome.assert_code(22);
    let said = &outcome.stderr;
    assert!(!said.contains("under way"), "{said}");
}

#[test]
fn a_password_that_is_changed_ends_the_run_and_the_new_one_continues() {
    let is_changed = Arc::new(AtomicBool::new(false));
    let wrong = Arc::clone(&is_changed);
    let server = Platform::start(Behaviour {
        script: Some(Box::new(move |seen| {
            let is_wrong = seen.number >= 100 && !wrong.load(Ordering::Relaxed);
            is_wrong.then(|| (401, "", json!({"responseCode": "UNAUTHORIZED"})))
        })),
        ..Behaviour::default()
    });
    let home = Home::new();
    home.write("users.csv", users(300));
    batch(&home, &server, &["users.csv"]).assert_code(11);
    assert!((100..150).contains(&server.requests()));
    is_changed.store(true, Ordering::Relaxed);
    let mut command = home.client(&server);
    command.env("BANGO_PASSWORD", "another");
    command.args(["batch", "users.csv"]).run().assert_code(0);
    assert_each_once(&server, 300);
}

#[test]
fn a_proxy_that_wants_a_login_ends_the_run_at_once() {
    let proxy = Server::start(|mut connection| {
        connection.next();
        connection.say("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    });
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(100));
    let outcome = home
        .client(&server)
        .env("BANGO_BASE_URL", "https://api.example/v1")
        .env("HTTPS_PROXY", format!("http://127.0.0.1:{}", proxy.port()))
        .args(["batch", "users.csv"])
        .run();
    outcome.assert_code(31);
    assert!(outcome.stderr.contains("wants a login"), "{outcome:#?}");
    assert!(proxy.connections() <= 16, "{}", proxy.connections());
}

#[cfg(unix)]
#[test]
fn a_terminal_that_goes_away_ends_the_run_in_order() {
    let server = Platform::start(Behaviour {
        latency: Duration::from_millis(300),
        ..Behaviour::default()
    });
    let home = Home::new();
    home.write("users.csv", users(200));
    let mut command = home.client(&server);
    command.args(["batch", "users.csv", "--concurrency", "8"]);
    let code = pty::hung_up(&mut command, || server.requests() > 8);
    assert_eq!(code, 130);
    let status = batch(&home, &server, &["status", "users.csv.journal", "--json"]).json();
    let journal = &status["journals"][0];
    assert_eq!(
        (&journal["state"], &journal["unanswered"]),
        (&json!("stopped"), &json!(0))
    );
    batch(&home, &server, &["users.csv"]).assert_code(0);
    assert_each_once(&server, 200);
    assert_eq!(server.requests(), 200);
}

#[cfg(unix)]
#[test]
fn a_reader_of_results_that_leaves_ends_the_run_and_the_next_one_writes_them_all() {
    let server = Platform::start(Behaviour {
        latency: Duration::from_millis(10),
        ..Behaviour::default()
    });
    let home = Home::new();
    home.write("users.csv", users(1000));
    let (reader, writer) = std::io::pipe().unwrap();
    let mut command = home.client(&server);
    // Slow enough to be in the middle of it on a busy machine, too.
    command.args(["batch", "users.csv", "--results", "-", "--rate", "200"]);
    let run = command.stdout(writer.try_clone().unwrap()).start();
    server.wait_for(20);
    leave(reader, &writer);
    run.end().assert_code(41);
    assert!(server.requests() < 1000);
    let outcome = batch(&home, &server, &["users.csv", "--results", "-"]);
    outcome.assert_code(0);
    assert_eq!(outcome.stdout.lines().count(), 1001);
    assert_each_once(&server, 1000);
    assert_eq!(server.requests(), 1000);
}

#[test]
fn one_row_is_one_row() {
    let (home, server) = (Home::new(), refusing());
    home.write("users.csv", users(1));
    let said = batch(&home, &server, &["users.csv", "--results", "-"]).stderr;
    assert!(said.contains("1 row did not succeed"), "{said}");
    assert!(said.contains("1 row: 0 done, 1 refused"), "{said}");
    home.write("end.csv", "action,entitlement_id\nrevoke,e\n");
    let said = batch(&home, &server, &["end.csv", "--reason", "A/B"]).stderr;
    assert!(said.contains("1 row ends an entitlement"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn results_and_a_summary_that_cannot_be_written_are_told_after_rows_were_sent() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    for (number, arguments) in [["--results", "/dev/full"], ["--failed", "/dev/full"]]
        .into_iter()
        .enumerate()
    {
        let server = refusing();
        let name = format!("users-{number}.csv");
        home.write(&name, users(3));
        let outcome = batch(
            &home,
            &server,
            &[&[name.as_str(), "--json"], &arguments[..]].concat(),
        );
        assert_eq!(outcome.code, 41, "{}", outcome.stderr);
        assert_eq!(outcome.json()["error"]["outcome"], "partial");
    }
    home.write("users.csv", users(3));
    let mut shell = home.client(&server);
    shell.args(["batch", "users.csv"]);
    let codes = [0, 1].map(|_| shell.in_shell("exec \"$0\" \"$@\" > /dev/full").run().code);
    assert_eq!(codes, [41, 1], "the second run sends nothing");
}

#[cfg(unix)]
#[test]
fn a_run_that_may_open_few_files_says_so_is_slow_and_nothing_else() {
    let server = Platform::start(Behaviour {
        latency: Duration::from_millis(5),
        ..Behaviour::default()
    });
    let home = Home::new();
    home.write("users.csv", users(300));
    let mut shell = home.client(&server);
    shell.args(["batch", "users.csv", "--concurrency", "64"]);
    let outcome = shell.in_shell("ulimit -n 20; exec \"$0\" \"$@\"").run();
    outcome.assert_code(0);
    let why = "20 open files (ulimit -n): fewer than 64 requests are under way at once";
    assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    assert_each_once(&server, 300);
}

#[cfg(unix)]
#[test]
fn an_interrupt_does_not_hide_a_journal_that_is_gone() {
    let ways: [fn(&Path); 2] = [
        |journal| fs::remove_file(journal).unwrap(),
        |journal| fs::rename(journal, journal.with_extension("old")).unwrap(),
    ];
    for lose in ways {
        let server = Platform::start(Behaviour {
            latency: Duration::from_secs(2),
            ..Behaviour::default()
        });
        let home = Home::new();
        home.write("users.csv", users(8));
        let child = start(
            &home,
            &server,
            &["users.csv", "--concurrency", "4", "--json"],
        );
        server.wait_for(4);
        lose(&home.path().join("users.csv.journal"));
        child.signal(rustix::process::Signal::INT);
        let outcome = child.end();
        assert_eq!(outcome.code, 40, "{}", outcome.stderr);
        let why = "the journal cannot be written: it was deleted or replaced";
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    }
}
