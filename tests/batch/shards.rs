//! Shards of one input: disjoint, together complete, and seen as one.

use serde_json::json;

use super::{assert_each_once, batch, start, users};
use crate::support::cli::Home;
use crate::support::platform::{Behaviour, Platform};

#[test]
fn four_shards_at_once_are_disjoint_and_complete() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(400));
    let shards = ["1/4", "2/4", "3/4", "4/4"];
    let running = shards.map(|shard| start(&home, &server, &["users.csv", "--shard", shard]));
    for shard in running {
        shard.end().assert_code(0);
    }
    assert_disjoint_and_complete(&home, &server);
}

#[test]
#[ignore = "needs GNU parallel"]
fn four_shards_under_gnu_parallel_are_disjoint_and_complete() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(400));
    let words = [
        "batch",
        "users.csv",
        "--shard",
        "{}/4",
        ":::",
        "1",
        "2",
        "3",
        "4",
    ];
    home.client(&server)
        .under(&["parallel", "--jobs", "4"])
        .args(words)
        .run()
        .assert_code(0);
    assert_disjoint_and_complete(&home, &server);
}

/// What four shards of 400 rows must come to.
fn assert_disjoint_and_complete(home: &Home, server: &Platform) {
    assert_each_once(server, 400);
    assert_eq!(server.requests(), 400);
    let journals: Vec<_> = (1..=4)
        .map(|index| format!("users.csv.{index}-of-4.journal"))
        .collect();
    let mut arguments = vec!["status", "--json"];
    arguments.extend(journals.iter().map(String::as_str));
    let status = batch(home, server, &arguments).json();
    assert_eq!(
        (&status["total"]["rows"], &status["total"]["done"]),
        (&json!(400), &json!(400))
    );
    assert_eq!(status["missingShards"], json!([]));
    for one in status["journals"].as_array().unwrap() {
        let rows = one["rows"].as_u64().unwrap();
        assert!((60..=140).contains(&rows), "{rows}");
    }
}

#[test]
fn a_shard_that_is_missing_is_named() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(20));
    for shard in ["1/3", "3/3"] {
        assert_eq!(
            batch(&home, &server, &["users.csv", "--shard", shard]).code,
            0
        );
    }
    let outcome = batch(
        &home,
        &server,
        &[
            "status",
            "users.csv.1-of-3.journal",
            "users.csv.3-of-3.journal",
        ],
    );
    assert!(
        outcome.stdout.contains("no journal of shard 2/3 was given"),
        "{}",
        outcome.stdout
    );
    let columns = [
        "status",
        "users.csv.1-of-3.journal",
        "--columns",
        "shard,state",
    ];
    let picked = batch(&home, &server, &columns).stdout;
    assert!(picked.starts_with("1/3\t"), "{picked}");
    let other = ["users.csv", "--shard", "1/2", "--begin-anew"];
    batch(&home, &server, &other).assert_code(0);
    let journals = ["users.csv.1-of-3.journal", "users.csv.1-of-2.journal"];
    let said = batch(&home, &server, &[&["status"], &journals[..]].concat()).stderr;
    assert!(said.contains("of different numbers of shards"), "{said}");
    let twice = batch(
        &home,
        &server,
        &[
            "status",
            "users.csv.1-of-3.journal",
            "users.csv.1-of-3.journal",
        ],
    );
    assert_eq!(twice.code, 2, "{}", twice.stderr);
}

#[test]
fn a_pod_of_an_indexed_job_takes_its_own_shard() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(40));
    let pod = |index: &str, arguments: &[&str]| {
        home.client(&server)
            .env("JOB_COMPLETION_INDEX", index)
            .args(["batch", "users.csv"])
            .args(arguments)
            .run()
    };
    let outcome = pod("0", &[]);
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("--shard is missing"),
        "{}",
        outcome.stderr
    );
    assert_eq!(server.requests(), 0);
    assert_eq!(pod("0", &["--shard", "2"]).code, 0);
    assert!(home.path().join("users.csv.1-of-2.journal").exists());
    assert_eq!(pod("1", &["--shard", "2"]).code, 0);
    assert_each_once(&server, 40);
}

#[test]
fn shards_share_the_rate() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(60));
    let begin = std::time::Instant::now();
    let arguments = ["users.csv", "--shard", "1/2", "--rate", "40/s", "--json"];
    let rows = batch(&home, &server, &arguments).json()["rows"]
        .as_u64()
        .unwrap();
    let least = std::time::Duration::from_millis((rows - 5) * 50);
    assert!(
        begin.elapsed() >= least,
        "{rows} rows took {:?}",
        begin.elapsed()
    );
}

#[test]
fn missing_shards_are_counted_and_only_the_first_are_listed() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("users.csv", users(1));
    let arguments = ["users.csv", "--journal", "j", "--shard", "2/4000000000"];
    batch(&home, &server, &arguments).assert_code(0);
    let status = batch(&home, &server, &["status", "j", "--json"]).json();
    assert_eq!(status["missingShardCount"], 3_999_999_999_u64);
    let listed = status["missingShards"].as_array().unwrap();
    assert_eq!(listed.len(), 100);
    assert_eq!(listed[..2], ["1/4000000000", "3/4000000000"]);
    let shown = batch(&home, &server, &["status", "j"]).stdout;
    assert!(shown.contains("3999999899 more shards"), "{shown}");
}
