//! The journal of `batch`: what it survives, and what it refuses rather than guess.

use std::fs;
use std::io::Write as _;
use std::time::Duration;

use super::{assert_each_once, batch, journal, start, users, without_checksums};
use crate::support::cli::{Api as _, Home};
use crate::support::platform::{Behaviour, Platform};
#[cfg(unix)]
use crate::support::pty::Screen;

/// A finished run of ten rows.
fn finished() -> (Home, Platform, std::path::PathBuf) {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(10));
    assert_eq!(
        batch(&home, &server, &["users.csv", "--concurrency", "1"]).code,
        0
    );
    let path = home.path().join("users.csv.journal");
    (home, server, path)
}

#[test]
fn an_intent_is_in_the_journal_before_its_request_and_an_answer_after_it() {
    let (_home, _server, path) = finished();
    let lines = journal(&path);
    assert!(lines[0].get("header").is_some());
    for row in 1..=10 {
        let place = |kind: &str| {
            lines
                .iter()
                .position(|line| line[kind]["row"] == row)
                .unwrap()
        };
        assert!(place("intent") < place("answer"), "row {row}");
    }
    assert!(lines.last().unwrap().get("ended").is_some());
}

#[test]
fn a_torn_last_line_is_cut_wherever_it_was_torn() {
    let (home, server, path) = finished();
    let whole = fs::read_to_string(&path).unwrap();
    let last_answer = whole.rfind("{\"answer\"").unwrap();
    let end = whole[last_answer..].find('\n').unwrap() + last_answer;
    for cut in [last_answer + 1, last_answer + 20, end] {
        fs::write(&path, &whole[..cut]).unwrap();
        let outcome = batch(&home, &server, &["users.csv"]);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        journal(&path);
    }
    assert_each_once(&server, 10);
}

#[test]
fn a_torn_header_begins_anew() {
    let (home, server, path) = finished();
    let whole = fs::read_to_string(&path).unwrap();
    for cut in [0, 1, 30] {
        fs::write(&path, &whole[..cut]).unwrap();
        // A crash right at the beginning: nothing was sent, and no batch is known.
        fs::remove_dir_all(home.path().join(".local")).unwrap();
        assert_eq!(batch(&home, &server, &["users.csv", "--check"]).code, 0);
        let outcome = batch(&home, &server, &["users.csv", "--max-failures", "0"]);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("continuing"), "{}", outcome.stderr);
    }
}

#[test]
fn a_damaged_line_in_the_middle_is_named() {
    let (home, server, path) = finished();
    let whole = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<_> = whole.lines().map(str::to_owned).collect();
    for damage in [
        "{\"intent\":{\"row\":1",
        "\0\0\0",
        "{\"intent\":{\"row\":11,\"at\":\"2026-01-01T00:00:00Z\"}}",
        "",
    ] {
        lines[4] = damage.to_owned();
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        let before = fs::read(&path).unwrap();
        let outcome = batch(&home, &server, &["users.csv"]);
        assert_eq!(outcome.code, 1, "{}", outcome.stderr);
        assert!(
            outcome.stderr.contains("line 5 of the journal"),
            "{}",
            outcome.stderr
        );
        assert_eq!(
            fs::read(&path).unwrap(),
            before,
            "nothing is mended by guessing"
        );
    }
}

#[test]
fn a_journal_in_which_one_bit_has_changed_is_damaged_and_one_without_checksums_is_not() {
    let (home, server, path) = finished();
    let whole = fs::read(&path).unwrap();
    let text = String::from_utf8(whole.clone()).unwrap();
    let first_answer = text.find("{\"answer\"").unwrap();
    let last_answer = text.rfind("{\"answer\"").unwrap();
    let status = || batch(&home, &server, &["status", "users.csv.journal"]);
    for bit in (first_answer * 8..last_answer * 8).step_by(1009) {
        let mut damaged = whole.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        fs::write(&path, &damaged).unwrap();
        let outcome = status();
        assert_eq!(outcome.code, 1, "bit {bit}: {}", outcome.stdout);
        assert!(outcome.stderr.contains("is damaged"), "{}", outcome.stderr);
    }
    batch(&home, &server, &["users.csv"]).assert_code(1);
    assert_eq!(server.requests(), 10, "nothing is sent on its word");
    fs::write(&path, without_checksums(&text)).unwrap();
    status().assert_code(0);
    let results = ["users.csv", "--results", "out.csv"];
    batch(&home, &server, &results).assert_code(0);
    let results = fs::read_to_string(home.path().join("out.csv")).unwrap();
    assert_eq!(results.matches(",done,OK,").count(), 10, "{results}");
    assert_eq!(server.requests(), 10);
}

#[test]
fn a_file_that_is_no_journal_is_left_alone() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(1));
    for text in ["precious\n", "precious", "{\"header\":7}\n", "{}\n"] {
        home.write("mine", text);
        let outcome = batch(&home, &server, &["users.csv", "--journal", "mine"]);
        assert_eq!(outcome.code, 2, "{}", outcome.stderr);
        assert_eq!(fs::read_to_string(home.path().join("mine")).unwrap(), text);
    }
    assert_eq!(server.requests(), 0);
}

#[test]
fn a_journal_of_something_else_is_refused_with_what_differs() {
    let (home, server, _) = finished();
    home.write("users.csv", users(11));
    let outcome = batch(
        &home,
        &server,
        &["users.csv", "--product", "Other", "--extra-fields"],
    );
    assert_eq!(outcome.code, 4, "{}", outcome.stderr);
    for part in [
        "the input was changed",
        "10 rows",
        "11 rows",
        "product was not set, now Other",
        "extra-fields was false, now true",
    ] {
        assert!(outcome.stderr.contains(part), "{part}: {}", outcome.stderr);
    }
    assert_eq!(server.requests(), 10);
}

#[test]
fn two_runs_cannot_share_a_journal() {
    let home = Home::new();
    let server = Platform::start(Behaviour {
        latency: Duration::from_secs(2),
        ..Behaviour::default()
    });
    home.write("users.csv", users(4));
    let first = start(&home, &server, &["users.csv"]);
    server.wait_for(4);
    let second = batch(&home, &server, &["users.csv"]);
    assert_eq!(second.code, 4, "{}", second.stderr);
    assert!(
        second.stderr.contains("in use by another run"),
        "{}",
        second.stderr
    );
    let status = batch(&home, &server, &["status", "users.csv.journal", "--json"]).json();
    assert_eq!(status["journals"][0]["state"], "running");
    assert_eq!(first.end().code, 0);
    assert_each_once(&server, 4);
}

#[test]
fn nothing_is_sent_without_a_journal() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(3));
    // On Linux nobody, root included, may make a file below /sys.
    let read_only = if cfg!(target_os = "linux") {
        "/sys/journal"
    } else {
        "."
    };
    for journal in ["/dev/full", read_only, "no-such-folder/j", "."] {
        let outcome = batch(&home, &server, &["users.csv", "--journal", journal]);
        assert_eq!(outcome.code, 1, "{journal}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("journal"), "{}", outcome.stderr);
    }
    assert_eq!(server.requests(), 0);
}

#[cfg(unix)]
#[test]
fn a_disk_that_fills_up_ends_the_run_and_loses_nothing() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(400));
    // A file may grow to 16 KiB; the signal that says so is ignored, as a full disk sends none.
    let script = format!(
        "trap '' XFSZ; ulimit -f 16; exec {} batch users.csv",
        env!("CARGO_BIN_EXE_bango-ent")
    );
    let mut shell = home.program("bash");
    shell.args(["-c", &script]).current_dir(home.path());
    for (name, value) in [
        ("BANGO_USERNAME", "MyOrganization"),
        ("BANGO_PASSWORD", "elephant"),
        ("BANGO_BASE_URL", &server.url),
    ] {
        shell.env(name, value);
    }
    let outcome = crate::support::cli::run(&mut shell);
    assert_eq!(outcome.code, 40, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("the journal cannot be written"),
        "{}",
        outcome.stderr
    );
    assert!(outcome.stderr.contains("next: make room"), "{outcome:#?}");
    assert!(server.requests() < 400);
    let path = home.path().join("users.csv.journal");
    let text = fs::read_to_string(&path).unwrap();
    let intents = text.matches("{\"intent\"").count();
    assert!(
        server.requests() <= intents,
        "{} > {intents}",
        server.requests()
    );
    assert_eq!(batch(&home, &server, &["users.csv"]).code, 0);
    assert_each_once(&server, 400);
    journal(&path);
}

#[test]
fn an_input_that_changes_while_it_is_read_ends_the_run() {
    let home = Home::new();
    let server = Platform::start(Behaviour {
        latency: Duration::from_millis(5),
        ..Behaviour::default()
    });
    let path = home.write("users.csv", users(16_000));
    let child = start(&home, &server, &["users.csv"]);
    server.wait_for(4);
    // Behind what is read ahead, a quarter of a megabyte.
    let mut file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    std::io::Seek::seek(&mut file, std::io::SeekFrom::End(-40_000)).unwrap();
    let others = "\nsomebody-else,BANGO,BangoMusic".repeat(300);
    file.write_all(others.as_bytes()).unwrap();
    drop(file);
    let outcome = child.end();
    assert_eq!(outcome.code, 40, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("changed while it was read"),
        "{}",
        outcome.stderr
    );
    let next = "next: put the input back as it was";
    assert!(outcome.stderr.contains(next), "{}", outcome.stderr);
    assert!(!server.created().contains_key("somebody-else"));
}

#[cfg(unix)]
#[test]
fn columns_that_change_while_the_question_waits_are_not_sent() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    let rows = |header: &str| format!("{header}\ne1,sorry\n");
    home.write("end.csv", rows("entitlement_id,description"));
    let mut cli = home.client(&server);
    cli.args(["batch", "end.csv", "--action", "cancel", "--reason", "A/B"]);
    let screen = Screen::start(&mut cli, 200);
    screen.wait_for_keys();
    home.write("end.csv", rows("description,entitlement_id"));
    screen.type_text("y\r");
    let outcome = screen.end();
    assert_eq!(outcome.code, 4, "{}", outcome.screen);
    assert!(
        outcome
            .screen
            .contains("the columns of the input were changed"),
        "{}",
        outcome.screen
    );
    assert_eq!(server.requests(), 0);
}

#[test]
fn a_default_of_the_profile_is_not_taken_for_that_of_a_flag() {
    // The flag is for every row, the profile for creates: a repeated row would have another body under its identifier.
    let (home, server) = (
        Home::new(),
        Platform::start(Behaviour {
            lost: 100,
            ..Behaviour::default()
        }),
    );
    let config = format!(
        "[profiles.p]\nbase_url = '{}'\nusername = 'u'\npassword_command = ['echo', 'x']\nproduct = 'P'\n",
        server.base_url()
    );
    home.write(".config/bango-ent/config.toml", config);
    home.write(
        "rows.csv",
        "action,entitlement_id,expires\nupdate,e1,2030-01-01\n",
    );
    let run = |more: &[&str]| {
        let words = ["--profile", "p", "batch", "rows.csv", "--retries", "0"];
        home.bango_ent().args([&words[..], more].concat()).run()
    };
    run(&["--product", "P"]).assert_code(40);
    let outcome = run(&[]);
    outcome.assert_code(4);
    let why = "defaults-of-profile was not set, now product";
    assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    assert_eq!(server.requests(), 1);
}
