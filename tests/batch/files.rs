//! The files of `batch`: none of them can be written over another, and all are private.

use std::fs;
use std::time::{Duration, Instant};

use super::{answering, batch, start, users};
use crate::support::cli::Home;
use crate::support::platform::{Behaviour, Platform};

/// Runs with these outputs; they must be refused, and the input must be as it was.
fn refused(home: &Home, server: &Platform, arguments: &[&str]) {
    let before = server.requests();
    let outcome = batch(home, server, &[&["users.csv"], arguments].concat());
    assert_eq!(outcome.code, 2, "{arguments:?}: {}", outcome.stderr);
    assert_eq!(server.requests(), before);
    let input = fs::read_to_string(home.path().join("users.csv")).unwrap();
    assert_eq!(input, users(3), "{arguments:?}");
}

#[test]
fn a_journal_that_is_new_cannot_be_overwritten_however_it_is_spelled() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(3));
    let whole = home.path().join("users.csv.journal");
    for flag in ["--results", "--failed"] {
        for name in ["users.csv.journal", "./users.csv.journal"] {
            refused(&home, &server, &[flag, name]);
        }
        refused(&home, &server, &[flag, whole.to_str().unwrap()]);
    }
    assert_eq!(batch(&home, &server, &["users.csv"]).code, 0);
}

#[test]
fn input_journal_results_and_failed_rows_are_four_files_whatever_links_lead_to_them() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(3));
    assert_eq!(batch(&home, &server, &["users.csv"]).code, 0);
    let at = |name: &str| home.path().join(name);
    let journal = fs::read(at("users.csv.journal")).unwrap();
    fs::hard_link(at("users.csv"), at("input")).unwrap();
    fs::hard_link(at("users.csv.journal"), at("journal")).unwrap();
    home.write("x", "");
    fs::hard_link(at("x"), at("y")).unwrap();
    for arguments in [
        ["--results", "input"].as_slice(),
        &["--failed", "input"],
        &["--results", "journal"],
        &["--failed", "journal"],
        &["--results", "x", "--failed", "y"],
        &["--journal", "input"],
    ] {
        refused(&home, &server, arguments);
        assert_eq!(fs::read(at("users.csv.journal")).unwrap(), journal);
    }
}

#[test]
fn a_journal_of_something_else_leaves_the_results_of_before() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(3));
    let arguments = ["users.csv", "--results", "out.csv"];
    assert_eq!(batch(&home, &server, &arguments).code, 0);
    let results = fs::read(home.path().join("out.csv")).unwrap();
    home.write("users.csv", users(4));
    assert_eq!(batch(&home, &server, &arguments).code, 4);
    assert_eq!(fs::read(home.path().join("out.csv")).unwrap(), results);
}

#[test]
fn results_are_whole_at_every_moment_of_a_run_that_writes_them_again() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    let rows = 2000;
    home.write("users.csv", users(rows));
    let arguments = [
        "users.csv",
        "--results",
        "out.csv",
        "--failed",
        "failed.csv",
    ];
    assert_eq!(batch(&home, &server, &arguments).code, 0);
    let read = |name: &str| fs::read(home.path().join(name)).unwrap();
    let (results, failed) = (read("out.csv").len(), read("failed.csv").len());
    for round in 0..12 {
        let mut child = start(&home, &server, &arguments);
        let until = Instant::now() + Duration::from_millis(round * 20);
        while Instant::now() < until || round == 11 {
            assert_eq!(
                (read("out.csv").len(), read("failed.csv").len()),
                (results, failed)
            );
            if child.has_ended() {
                break;
            }
        }
        drop(child);
        assert_eq!(
            (read("out.csv").len(), read("failed.csv").len()),
            (results, failed)
        );
    }
    assert_eq!(
        String::from_utf8(read("out.csv")).unwrap().lines().count(),
        rows + 1
    );
    assert_eq!(server.requests(), rows);
}

#[cfg(unix)]
#[test]
fn a_run_that_ends_before_the_results_of_before_are_written_again_leaves_them_and_says_so() {
    let server = answering(20, |_| None);
    let home = Home::new();
    // The last row was done first: the run that continues reads all others before it.
    let rows = 1200;
    home.write("users.csv", users(rows));
    let arguments = ["users.csv", "--results", "out.csv"];
    batch(&home, &server, &arguments).assert_code(0);
    let journal = home.path().join("users.csv.journal");
    let lines = fs::read_to_string(&journal).unwrap();
    let is_of_last = |line: &&str| line.contains(&format!(r#""row":{rows},"#));
    let kept = lines
        .lines()
        .filter(|line| line.contains("header") || is_of_last(line));
    fs::write(&journal, kept.collect::<Vec<_>>().join("\n") + "\n").unwrap();
    let results = format!("precious\n{}", users(rows));
    home.write("out.csv", &results);
    // Slow enough to be in the middle of it on a busy machine, too.
    let slowly = [&arguments[..], &["--rate", "200"]].concat();
    let child = start(&home, &server, &slowly);
    server.wait_for(rows + 30);
    child.signal(rustix::process::Signal::INT);
    let outcome = child.end();
    outcome.assert_code(130);
    let why = "the files of results are as they were, and the same command writes the rest";
    assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    let now = fs::read_to_string(home.path().join("out.csv")).unwrap();
    assert_eq!(now, results);
    batch(&home, &server, &arguments).assert_code(0);
    let now = fs::read_to_string(home.path().join("out.csv")).unwrap();
    assert_eq!(now.lines().count(), rows + 1);
}

#[cfg(unix)]
#[test]
fn files_that_others_could_read_become_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(1));
    let names = ["out.csv", "failed.csv", "users.csv.journal"];
    let mode = |name: &str| {
        let about = fs::metadata(home.path().join(name)).unwrap();
        about.permissions().mode() & 0o777
    };
    for name in names {
        let path = home.write(name, "");
        fs::set_permissions(path, fs::Permissions::from_mode(0o666)).unwrap();
    }
    let arguments = [
        "users.csv",
        "--results",
        "out.csv",
        "--failed",
        "failed.csv",
    ];
    assert_eq!(batch(&home, &server, &arguments).code, 0);
    assert_eq!(names.map(mode), [0o600; 3]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf_8_is_shown_and_fails_nothing() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    let name = OsStr::from_bytes(b"l\xe9on.csv");
    fs::write(home.path().join(name), users(2)).unwrap();
    let run = |words: &[&OsStr]| {
        let mut command = home.client(&server);
        command.arg("batch").args(words).arg("--json").run()
    };
    let outcome = run(&[name]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(outcome.json()["journal"], "l\u{fffd}on.csv.journal");
    let journal = OsStr::from_bytes(b"l\xe9on.csv.journal");
    let status = run(&["status".as_ref(), journal]);
    assert_eq!(status.json()["journals"][0]["done"], 2);
}
