//! `docs/security.md` names a test for each promise: those tests exist, and `SECURITY.md` says what its first section says.

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
        .filter(|line| line.starts_with("| ") && !line.starts_with("| Promise"));
    let mut count = 0;
    for row in rows {
        assert!(!named(row).is_empty(), "no test holds: {row}");
        count += 1;
    }
    assert!(count > 20, "{count}");
}

#[test]
fn how_to_report_a_fault_is_said_the_same_in_both_places() {
    let policy = read("SECURITY.md");
    let (_, policy) = policy.split_once('\n').unwrap();
    let text = read("docs/security.md");
    let (_, rest) = text.split_once("\n## ").unwrap();
    let (_, rest) = rest.split_once('\n').unwrap();
    let (section, _) = rest.split_once("\n## ").unwrap();
    assert_eq!(section.trim(), policy.trim());
}
