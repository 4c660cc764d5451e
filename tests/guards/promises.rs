//! `docs/security.md` names a test for each promise and for what stands in the way of each threat: those tests exist.

use std::collections::BTreeSet;
use std::path::Path;

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// Every Rust file below a folder, with its text.
fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            found.push((stem, std::fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

/// Every test as `file::name`.
fn tests() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    for (file, text) in sources(&root.join("tests"))
        .into_iter()
        .chain(sources(&root.join("src")))
    {
        for part in text.split("#[test]").skip(1) {
            let Some((_, rest)) = part.split_once("fn ") else {
                continue;
            };
            let name = rest.split('(').next().unwrap();
            found.insert(format!("{file}::{name}"));
        }
    }
    found
}

/// What stands in backquotes and names a test.
fn named(text: &str) -> Vec<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted
        .filter(|word| word.contains("::"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_test_that_a_promise_names_exists() {
    let (text, tests) = (read("docs/security.md"), tests());
    let named = named(&text);
    assert!(named.len() > 30, "{named:?}");
    for name in named {
        assert!(
            tests.contains(&name),
            "docs/security.md names {name}, which is no test"
        );
    }
}

#[test]
fn every_promise_names_a_test() {
    let text = read("docs/security.md");
    let rows = text
        .lines()
        .filter(|line| line.starts_with("| "))
        .filter(|line| !line.starts_with("| Promise") && !line.starts_with("| Asset"));
    let mut count = 0;
    for row in rows {
        assert!(!named(row).is_empty(), "no test holds: {row}");
        count += 1;
    }
    assert!(count > 20, "{count}");
}

#[test]
fn the_policy_says_what_somebody_who_found_a_fault_must_know() {
    let policy = read("SECURITY.md");
    for section in [
        "How to report a fault",
        "What happens then",
        "Supported versions",
        "Scope",
        "How a release is verified",
    ] {
        assert!(policy.contains(&format!("\n## {section}\n")), "{section}");
    }
    for script in [".ci/run", ".ci/package", ".ci/release", ".ci/reproduce"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(script);
        assert!(policy.contains(script) && path.exists(), "{script}");
    }
}

/// What is not promised, and what the log, a dry run and the journal hold: a document that says less would claim too much.
#[test]
fn what_is_not_promised_is_said() {
    let page = read("docs/security.md");
    let (_, page) = page.split_once("## What is not promised").unwrap();
    for words in [
        "copies are not",
        "not post-quantum",
        "looked up as revoked",
        "core dump holds the password",
        "registration URL is a key",
        "notification URL may hold a password",
        "listen` without `--auth` believes everybody",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

/// What no page of Bango's says is named so on each page that leads a reader to rely on it.
#[test]
fn what_is_inferred_is_named_so_where_it_is_met() {
    for (page, about) in [
        ("docs/batch.md", "sibling Subscriptions API and inferred"),
        ("docs/configuration.md", "## Paths that are inferred"),
        ("docs/json.md", "that this is so for `SERVICE_UNAVAILABLE`"),
        (
            "docs/listen.md",
            "## What is documented and what is inferred",
        ),
        (
            "docs/listen.md",
            "That Bango sends it again then is inferred",
        ),
        ("docs/sandbox.md", "## What is inferred"),
        ("docs/support.md", "can find the request by it is inferred"),
        ("README.md", "paths-that-are-inferred"),
    ] {
        assert!(read(page).contains(about), "{page}: {about}");
    }
    // And no page claims what was found not to be so.
    for page in [
        "README.md",
        "CHANGELOG.md",
        "docs/architecture.md",
        "docs/batch.md",
        "docs/support.md",
    ] {
        let text = read(page);
        for claim in [
            "the only one that is loaded",
            "mathematics library",
            "not a second entitlement",
        ] {
            assert!(!text.contains(claim), "{page}: {claim}");
        }
    }
}
