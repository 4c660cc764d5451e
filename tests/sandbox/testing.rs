//! The examples of docs/testing.md, run as they stand in examples/testing/.

use std::path::{Path, PathBuf};

use crate::support::cli::{Home, Outcome};

/// A file of this repository.
pub fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Runs an example in an empty folder, with the binary on the `PATH`.
fn example(name: &str, command: &[&str]) -> Outcome {
    let home = Home::new();
    std::fs::copy(file("examples/testing").join(name), home.path().join(name)).unwrap();
    let binary = Path::new(env!("CARGO_BIN_EXE_bango-ent")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let outcome = home
        .program(command[0])
        .args(&command[1..])
        .arg(name)
        .env("PATH", format!("{}:{path}", binary.display()))
        .run();
    outcome.assert_code(0);
    outcome
}

#[test]
#[ignore = "needs bash and jq, which CI has"]
fn the_example_in_bash_passes() {
    let outcome = example("subscription.sh", &["bash"]);
    assert_eq!(outcome.stdout, "passed\n", "{}", outcome.stderr);
}

#[test]
#[ignore = "needs pytest, which .ci/run installs"]
fn the_example_for_pytest_passes() {
    let pytest = file("target/python/bin/pytest");
    let outcome = example("test_subscription.py", &[pytest.to_str().unwrap()]);
    assert!(outcome.stdout.contains(" 1 passed "), "{outcome:?}");
}

#[test]
#[ignore = "needs Node.js, which CI has"]
fn the_example_for_node_passes() {
    let outcome = example("subscription.test.mjs", &["node", "--test"]);
    assert!(outcome.stdout.contains("pass 1\n"), "{outcome:?}");
}

#[test]
#[ignore = "needs a JDK, which CI has"]
fn the_example_in_java_passes() {
    let outcome = example("SubscriptionTest.java", &["java"]);
    assert_eq!(outcome.stdout, "passed\n", "{}", outcome.stderr);
}

#[test]
fn the_page_shows_the_examples_as_they_are() {
    let page = std::fs::read_to_string(file("docs/testing.md")).unwrap();
    let mut shown = 0;
    for entry in std::fs::read_dir(file("examples/testing")).unwrap() {
        let path = entry.unwrap().path();
        let code = std::fs::read_to_string(&path).unwrap();
        let code = page.contains(&format!("\n{code}```\n"));
        assert!(code, "docs/testing.md shows another {}", path.display());
        shown += 1;
    }
    assert_eq!(page.matches("\n```").count(), 2 * shown, "a fence each");
}
