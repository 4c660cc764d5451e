//! `listen replay`: which saved notifications are handed on again, and what is said about it.

use crate::support::cli::{Home, Outcome};
use crate::support::sandbox::{Inbox, command, notification};
use crate::support::schema::assert_valid;

/// A file of five notifications, a minute apart, the last one without its newline; and a line that is none.
fn saved(home: &Home) {
    let line = |n: u32, id: &str, status: &str| {
        let body = notification(id, status, n);
        let (at, late) = (format!("2026-11-23T04:0{n}:00.000Z"), n == 2);
        format!(
            "{{\"receivedAt\":\"{at}\",\"target\":\"/own?id={n}\",\"late\":{late},\"notification\":{body}}}\n"
        )
    };
    let lines = [
        line(1, "e1", "ACTIVE"),
        line(2, "e2", "SUSPENDED"),
        "a remark\n".to_owned(),
        line(3, "e1", "SUSPENDED"),
        line(4, "e2", "ACTIVE"),
        line(5, "e1", "ACTIVE").trim_end().to_owned(),
    ];
    home.write("s.jsonl", lines.concat());
}

fn replay(home: &Home, arguments: &[&str]) -> Outcome {
    let mut cli = command(home);
    cli.args(["listen", "replay", "s.jsonl"]).args(arguments);
    cli.run()
}

#[test]
fn saved_notifications_are_handed_on_again_in_the_order_of_each_entitlement() {
    let home = Home::new();
    saved(&home);
    let before = std::fs::read(home.path().join("s.jsonl")).unwrap();
    let inbox = Inbox::open(&[]);
    let outcome = replay(&home, &["--to", &inbox.url, "--json"]);
    let document = outcome.assert_code(0).json();
    assert_valid("listen-replay", &document);
    assert_eq!(
        (&document["handedOn"], &document["failed"]),
        (&5.into(), &0.into())
    );
    assert!(
        outcome
            .stderr
            .contains("lines that are no notifications: 1")
    );
    let mut targets = Vec::new();
    for _ in 0..5 {
        let arrival = inbox.next();
        let head = arrival.head.to_ascii_lowercase();
        let late = head.contains("x-bango-ent-late: true");
        assert_eq!(
            late,
            head.contains("x-bango-ent-target: /own?id=2\r\n"),
            "{head}"
        );
        let id = arrival.body["entitlementId"].as_str().unwrap().to_owned();
        let date = arrival.body["dateLastUpdated"].as_str().unwrap().to_owned();
        targets.push((id, date));
    }
    for id in ["e1", "e2"] {
        let dates = targets.iter().filter(|(other, _)| other == id);
        assert!(dates.map(|(_, date)| date).is_sorted(), "{targets:?}");
    }
    assert_eq!(std::fs::read(home.path().join("s.jsonl")).unwrap(), before);
}

#[test]
fn they_are_chosen_by_entitlement_reason_status_and_time_and_a_dry_run_shows_them() {
    let home = Home::new();
    saved(&home);
    for (arguments, times) in [
        (&["--id", "e1"][..], "1 3 5"),
        (&["--id", "e1", "--id", "e2", "--only", "SUSPENDED"], "2 3"),
        (
            &[
                "--reason",
                "metadata_update",
                "--since",
                "2026-11-23T04:04:00Z",
            ],
            "4 5",
        ),
        (&["--since", "2099-01-01"], ""),
        (&["--id", "none"], ""),
    ] {
        let outcome = replay(&home, &[arguments, &["--dry-run"]].concat());
        let lines = outcome.assert_code(0).lines();
        let shown = lines.iter().map(|line| line[15..16].to_owned());
        assert_eq!(shown.collect::<Vec<_>>().join(" "), times, "{arguments:?}");
        let count = times.split_whitespace().count();
        let told = format!("dry run: {count} would be handed on");
        assert!(outcome.stderr.contains(&told), "{outcome:?}");
    }
    let outcome = replay(&home, &["--dry-run", "--json", "--id", "e2"]);
    for line in outcome.assert_code(0).lines() {
        assert_valid("notification-line", &serde_json::from_str(line).unwrap());
    }
}

#[test]
fn a_choice_that_nothing_fits_is_warned_of() {
    let home = Home::new();
    saved(&home);
    let inbox = Inbox::open(&[200]);
    let outcome = replay(&home, &["--to", &inbox.url, "--id", "none"]);
    outcome.assert_code(0);
    let told = "warning: nothing in the file fits --id";
    assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
}

#[test]
fn what_is_not_taken_is_told_and_has_a_code_of_its_own() {
    let home = Home::new();
    saved(&home);
    let inbox = Inbox::open(&[400]);
    let outcome = replay(&home, &["--to", &inbox.url, "--id", "e2", "--json"]);
    let document = outcome.assert_code(40).json();
    assert_valid("error", &document);
    let details = &document["error"]["details"]["replay"];
    assert_eq!(
        (&details["handedOn"], &details["failed"]),
        (&1.into(), &1.into())
    );
    assert!(
        outcome
            .stderr
            .contains("METADATA_UPDATE of e2 was not forwarded")
    );
    let program = replay(&home, &["--exec", "cat", "--id", "e2"]);
    program.assert_code(0);
    assert_eq!(
        program.stderr.matches("\"entitlementId\":\"e2\"").count(),
        2
    );
}

#[test]
fn a_replay_without_a_place_to_go_or_a_file_is_refused() {
    let home = Home::new();
    saved(&home);
    let nowhere = replay(&home, &[]);
    nowhere.assert_code(2);
    assert!(
        nowhere.stderr.contains("--to URL, or --exec COMMAND"),
        "{nowhere:?}"
    );
    std::fs::remove_file(home.path().join("s.jsonl")).unwrap();
    for arguments in [&["--to", "localhost:1"][..], &["--dry-run"]] {
        let missing = replay(&home, arguments);
        missing.assert_code(1);
        assert!(
            missing.stderr.contains("s.jsonl cannot be read"),
            "{missing:?}"
        );
    }
    home.write("s.jsonl", "my notes\n");
    for arguments in [&["--to", "localhost:1"][..], &["--dry-run"]] {
        let notes = replay(&home, arguments);
        notes.assert_code(1);
        assert!(
            notes.stderr.contains("something else than notifications"),
            "{notes:?}"
        );
    }
    let slip = replay(&home, &["--dry-run", "--since", "soon"]);
    slip.assert_code(2);
}
