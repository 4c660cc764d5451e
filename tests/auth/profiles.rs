//! `profile`: lists, chooses and removes profiles, and leaves everything else in the file alone.

use insta::assert_snapshot;

use crate::auth::login::{CONFIG, config};
use crate::support::cli::{Home, PASSWORD, run};

const TWO: &str = "default_profile = 'test'\n\n# first\n[profiles.test]\nenvironment = 'test'\nusername = 'T'\npassword_command = ['pass', 'show', 'x']\n\n\
    # second\n[profiles.live]\nenvironment = 'live'\nusername = 'L'\npassword = 'elephant-notepad-dancer'\n";

#[test]
fn profiles_are_listed_without_a_secret() {
    let home = Home::new();
    home.write(CONFIG, TWO);
    let outcome = run(home.bango_ent().args(["profile", "list", "--quiet"]));
    // The last column says whether it is read-only.
    assert_snapshot!(outcome.stdout.replace("\t\n", "\t|\n"), @r"
    live		live	L	https://resale.api.bango.net/v1	in the configuration file	|
    test	default	test	T	https://resale.api.bango.net/v1	printed by a command	|
    ");
    let outcome = run(home.bango_ent().args(["profile", "list", "--json"]));
    assert_eq!(outcome.json()["defaultProfile"], "test");
    assert_eq!(outcome.json()["profiles"][0]["name"], "live");
    assert!(!outcome.stdout.contains(PASSWORD));
}

#[test]
fn no_profiles_are_an_empty_list_and_a_way_to_the_first() {
    let outcome = run(Home::new().bango_ent().args(["profile", "list"]));
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""));
    assert!(outcome.stderr.contains("bango-ent auth login"));
}

#[test]
fn the_default_profile_is_changed_and_nothing_else() {
    let home = Home::new();
    home.write(CONFIG, TWO);
    let outcome = run(home
        .bango_ent()
        .args(["profile", "use", "live"])
        .env("BANGO_PROFILE", "test"));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("BANGO_PROFILE is set"));
    assert_eq!(config(&home), TWO.replacen("'test'", "\"live\"", 1));
}

#[test]
fn a_removed_profile_is_gone_with_its_password_and_the_others_stay() {
    let home = Home::new();
    home.write(CONFIG, TWO);
    let outcome = run(home.bango_ent().args(["profile", "remove", "live"]));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let (kept, _) = TWO.split_once("\n# second").unwrap();
    assert_eq!(config(&home).trim_end(), kept.trim_end());
    let outcome = run(home.bango_ent().args(["profile", "remove", "test"]));
    assert!(
        outcome.stderr.contains("it was the default"),
        "{}",
        outcome.stderr
    );
    assert!(
        !config(&home).contains("default_profile"),
        "{}",
        config(&home)
    );
    assert_eq!(run(home.bango_ent().args(["profile", "list"])).stdout, "");
}

#[test]
fn an_unknown_profile_changes_nothing_and_names_the_known_ones() {
    let home = Home::new();
    home.write(CONFIG, TWO);
    for verb in ["use", "remove"] {
        let outcome = run(home.bango_ent().args(["profile", verb, "lvie"]));
        assert_eq!(outcome.code, 3);
        assert!(
            outcome.stderr.contains("the profiles are: live, test"),
            "{}",
            outcome.stderr
        );
    }
    for verb in ["use", "remove"] {
        assert_eq!(
            run(home
                .bango_ent()
                .args(["profile", verb, "live", "--dry-run"]))
            .code,
            0
        );
    }
    assert_eq!(config(&home), TWO);
}

#[test]
fn a_password_in_two_places_is_refused() {
    let home = Home::new();
    home.write(
        CONFIG,
        "[profiles.p]\nusername = 'u'\npassword = 'x'\npassword_store = 'keyring'\n",
    );
    for arguments in [
        &["profile", "list"][..],
        &["echo", "--profile", "p"],
        &["auth", "logout"],
    ] {
        let outcome = run(home.bango_ent().args(arguments));
        assert_eq!(outcome.code, 3);
        assert!(
            outcome
                .stderr
                .contains("gives the password of profile p twice: password and password_store"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn a_save_keeps_line_ends_and_byte_order_mark() {
    let home = Home::new();
    let text = "\u{feff}# mine\r\n[profiles.p]\r\nusername = \"u\"\r\n";
    let path = home.write(".config/bango-ent/config.toml", text);
    run(home.bango_ent().args(["profile", "use", "p"])).assert_code(0);
    let saved = std::fs::read_to_string(path).unwrap();
    assert!(saved.starts_with("\u{feff}"), "{saved:?}");
    assert!(saved.contains("default_profile = \"p\"\r\n"), "{saved:?}");
    assert_eq!(saved.matches('\n').count(), saved.matches("\r\n").count());
}
