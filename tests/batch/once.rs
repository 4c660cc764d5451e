//! One run for each input: no row is sent again by mistake, under another journal, name or number of shards.

use std::fs;

use super::{answering, assert_each_once, batch, start, users};
use crate::support::cli::Home;
use crate::support::platform::{Behaviour, Platform};

/// A home in which 40 rows were begun with these arguments.
fn begun(arguments: &[&str]) -> (Home, Platform) {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(40));
    batch(&home, &server, arguments).assert_code(0);
    (home, server)
}

#[test]
fn rows_that_were_begun_under_another_journal_are_not_sent_again() {
    let whole = ["users.csv"].as_slice();
    let first = ["users.csv", "--shard", "1/2"].as_slice();
    for (before, after) in [
        (whole, ["users.csv", "--journal", "other"].as_slice()),
        (whole, &["users.csv", "--shard", "1/2"]),
        (whole, &["copy.csv"]),
        (first, &["users.csv"]),
        (first, &["users.csv", "--shard", "2/3"]),
    ] {
        let (home, server) = begun(before);
        fs::copy(home.path().join("users.csv"), home.path().join("copy.csv")).unwrap();
        let requests = server.requests();
        let outcome = batch(&home, &server, after);
        outcome.assert_code(4);
        for part in ["were begun before", ".journal", "sends ALL rows again"] {
            assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
        }
        // The journals beside the input tell it as well.
        fs::remove_dir_all(home.path().join(".local")).unwrap();
        batch(&home, &server, after).assert_code(4);
        assert_eq!(server.requests(), requests, "{after:?}");
        batch(&home, &server, &[after, &["--begin-anew"]].concat()).assert_code(0);
        assert!(server.requests() > requests, "{after:?}");
    }
}

#[test]
fn a_journal_that_is_gone_or_empty_is_not_begun_anew() {
    for empty in [false, true] {
        let (home, server) = begun(&["users.csv"]);
        let journal = home.path().join("users.csv.journal");
        if empty {
            fs::write(&journal, "").unwrap();
        } else {
            fs::remove_file(&journal).unwrap();
        }
        let outcome = batch(&home, &server, &["users.csv"]);
        outcome.assert_code(4);
        let said = &outcome.stderr;
        assert!(said.contains("which is gone or empty"), "{said}");
        assert_eq!(server.requests(), 40);
    }
}

#[test]
fn standard_input_is_continued_with_the_same_rows_alone() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    let run = |input: &str| {
        let mut command = home.client(&server);
        let arguments = ["batch", "-", "--format", "csv", "--journal", "j"];
        command.args(arguments).write_stdin(input).run()
    };
    run(&users(10)).assert_code(0);
    let outcome = run(&users(11));
    outcome.assert_code(4);
    let said = &outcome.stderr;
    assert!(said.contains("the input was changed"), "{said}");
    run(&users(10)).assert_code(0);
    home.write("users.csv", users(10));
    batch(&home, &server, &["users.csv", "--journal", "j"]).assert_code(0);
    assert_eq!(server.requests(), 10);
}

#[test]
fn a_copy_of_a_journal_repeats_rows_under_their_identifiers() {
    let server = answering(5, |_| None);
    let home = Home::new();
    home.write("users.csv", users(400));
    let first = start(&home, &server, &["users.csv"]);
    server.wait_for(100);
    let journal = home.path().join("users.csv.journal");
    fs::copy(journal, home.path().join("copy")).unwrap();
    batch(&home, &server, &["users.csv", "--journal", "copy"]).assert_code(0);
    first.end().assert_code(0);
    assert_each_once(&server, 400);
}

#[test]
fn other_shards_other_content_and_other_settings_are_batches_of_their_own() {
    let (home, server) = begun(&["users.csv", "--shard", "1/2"]);
    batch(&home, &server, &["users.csv", "--shard", "2/2"]).assert_code(0);
    assert_each_once(&server, 40);
    home.write("more.csv", users(41));
    batch(&home, &server, &["more.csv"]).assert_code(0);
    let other = ["users.csv", "--offer", "O", "--journal", "other"];
    batch(&home, &server, &other).assert_code(0);
    let anew = ["users.csv", "--shard", "1/2", "--begin-anew"];
    let outcome = batch(&home, &server, &anew);
    outcome.assert_code(4);
    let said = &outcome.stderr;
    assert!(said.contains("holds a batch already"), "{said}");
}
