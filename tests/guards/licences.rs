//! What the program is made of: licences that it may use, no banned crate, nothing from elsewhere than the registry.
//!
//! `cargo deny` says more and takes minutes to build; this says the same about what is compiled here, without a network.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The strings of the list that follows this in `deny.toml`.
fn listed(after: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("deny.toml")).unwrap();
    let (_, rest) = text.split_once(after).unwrap();
    let (list, _) = rest.split_once("\n]").unwrap();
    list.split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// The packages that this platform's build uses.
fn packages() -> Vec<Value> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let version = String::from_utf8(rustc.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--locked", "--offline"])
        .args(["--filter-platform", host.unwrap()])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let used: BTreeSet<_> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["id"].as_str().unwrap().to_owned())
        .collect();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .filter(|package| used.contains(package["id"].as_str().unwrap()))
        .cloned()
        .collect()
}

/// Whether an SPDX expression can be met with these licences alone.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ");
    let clean = |text: &str| text.trim().trim_matches(['(', ')']).trim().to_owned();
    let term = |text: &str| allowed.contains(&clean(text));
    // In what crates use, AND joins alternatives in brackets.
    expression
        .split(" AND ")
        .all(|part| part.split(" OR ").any(term))
}

#[test]
fn every_licence_is_an_allowed_one() {
    let allowed = listed("\nallow = [");
    for package in packages() {
        let licence = package["license"].as_str().unwrap_or_default();
        let name = &package["name"];
        assert!(
            is_met(licence, &allowed),
            "{name} has the licence {licence:?}"
        );
    }
}

#[test]
fn no_banned_crate_is_used_and_none_comes_from_elsewhere() {
    let banned = listed("deny = [");
    assert!(banned.contains("openssl-sys"), "{banned:?}");
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        assert!(!banned.contains(name), "{name} is banned");
        let source = package["source"].as_str().unwrap_or_default();
        let is_ours = name == env!("CARGO_PKG_NAME");
        assert!(
            is_ours || source.starts_with("registry+"),
            "{name} is from {source:?}"
        );
    }
}

#[test]
fn an_expression_is_met_by_one_alternative_of_each_part() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "ISC".to_owned()]);
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT OR GPL-3.0", true),
        ("MIT/Apache-2.0", true),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR GPL-3.0) AND ISC", true),
        ("", false),
    ] {
        assert_eq!(is_met(expression, &allowed), expected, "{expression}");
    }
}
