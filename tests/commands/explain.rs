//! `explain`: offline words for every code, status and reason.

use insta::assert_snapshot;

use crate::support::cli::{Home, run};

#[test]
fn one_term_is_explained() {
    let home = Home::new();
    assert_snapshot!(run(home.bango_ent().args(["explain", "unauthorized"])).shown(), @r"
    exit code: 0
    ----- stdout -----
    Name	UNAUTHORIZED
    Kind	response code
    Meaning	the credentials are wrong, or the request came from an IP address that is not on the list agreed with Bango; the answer does not tell which
    Safe to repeat	no, it will be refused again
    What next	check user name and password, and test against live; then ask Bango whether the address that your requests leave from is allowed
    Exit code	11
    ----- stderr -----
    ");
}

#[test]
fn a_name_with_two_meanings_gets_both() {
    let home = Home::new();
    let shown = run(home.bango_ent().args(["explain", "--json", "REVOKED"])).json();
    let kinds: Vec<_> = shown
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["kind"].as_str().unwrap())
        .collect();
    assert!(
        kinds.contains(&"status") && kinds.contains(&"endReason"),
        "{kinds:?}"
    );
}

#[test]
fn a_term_is_found_by_what_it_is_called_elsewhere() {
    let home = Home::new();
    for (wanted, name) in [
        ("429", "TOO_MANY_REQUESTS"),
        ("401", "UNAUTHORIZED"),
        ("NAVIGATE_TO_URL", "CLIENT_ACTION_REQUIRED"),
        ("OUTCOME_UNKNOWN", "30"),
        ("not-sent", "31"),
        ("fraud", "REVOKED/FRAUD"),
        ("urlexpiry", "urlExpiry"),
    ] {
        let found = run(home.bango_ent().args(["explain", "--json", wanted])).json();
        assert_eq!(found[0]["name"], name, "{wanted}");
    }
    let both = run(home.bango_ent().args(["explain", "--json", "409"])).json();
    assert_eq!(both.as_array().unwrap().len(), 2);
    let unknown = run(home.bango_ent().args(["explain", "99"]));
    assert!(!unknown.assert_code(2).stderr.contains("did you mean"));
    for (wanted, told) in [
        ("entitlmentId", "did you mean entitlementId?"),
        ("a (os error b", "nothing is known about \"a (os error b\""),
    ] {
        let outcome = run(home.bango_ent().args(["explain", wanted]));
        outcome.assert_code(2);
        assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
    }
}

#[test]
fn terms_of_one_kind_are_listed_by_its_plural() {
    let home = Home::new();
    for (kind, count) in [
        ("reasons", 19),
        ("end-reasons", 12),
        ("notification reasons", 7),
        ("statuses", 7),
        ("exit-codes", 22),
        ("codes", 33),
        ("fields", 37),
    ] {
        let found = run(home.bango_ent().args(["explain", "--json", kind])).json();
        assert_eq!(found.as_array().unwrap().len(), count, "{kind}");
    }
}

#[test]
fn everything_is_listed_and_can_be_asked_for_by_its_name() {
    let home = Home::new();
    let list = run(home.bango_ent().args(["explain", "--json"])).json();
    let entries = list.as_array().unwrap();
    // 11 response codes, 7 statuses, 22 exit codes, 12 end reasons, 7 notification reasons, 37 fields.
    assert_eq!(entries.len(), 96);
    for entry in entries {
        let name = entry["name"].as_str().unwrap();
        let found = run(home.bango_ent().args(["explain", "--json", name])).json();
        assert!(found.as_array().unwrap().contains(entry), "{name}");
        for key in ["meaning", "repeat", "next"] {
            assert!(!entry[key].as_str().unwrap().is_empty(), "{entry}");
        }
    }
}
