//! A live account: several changes at once are sent only if that was confirmed.

use crate::auth::login::CONFIG;
use crate::support::cli::{Home, Outcome, PASSWORD, USERNAME, run};
use crate::support::platform::{Behaviour, Platform};
use crate::support::pty::Screen;

/// A place with a profile of this environment, and its server.
fn place(environment: &str) -> (Home, Platform) {
    let (home, peer) = (Home::new(), Platform::start(Behaviour::default()));
    home.write(
        CONFIG,
        format!(
            "[profiles.p]\nenvironment = '{environment}'\nbase_url = '{}'\nusername = '{USERNAME}'\npassword = '{PASSWORD}'\n",
            peer.url
        ),
    );
    (home, peer)
}

/// Runs a batch of so many creates with a profile of this environment.
fn batch(environment: &str, rows: usize, more: &[&str]) -> (Outcome, Platform) {
    let (home, peer) = place(environment);
    let users: Vec<_> = (0..rows).map(|row| format!("u{row}\n")).collect();
    home.write("rows.csv", format!("user\n{}", users.concat()));
    let outcome = run(home
        .bango_ent()
        .args(["batch", "rows.csv", "--merchant", "M", "--product", "P"])
        .args(["--profile", "p", "--concurrency", "1"])
        .args(more));
    (outcome, peer)
}

#[test]
fn several_changes_of_a_live_account_need_a_confirmation() {
    let (outcome, peer) = batch("live", 3, &[]);
    assert_eq!(outcome.code, 4, "{}", outcome.stderr);
    assert_eq!(peer.requests(), 0);
    for told in [
        "3 changes of the live account MyOrganization at 127.0.0.1",
        "--check sends nothing; this confirms: ",
        "rows.csv --merchant M --product P --profile p --concurrency 1 --yes",
    ] {
        assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
    }
    for (environment, rows, more) in [
        ("live", 3, &["--yes"][..]),
        ("live", 1, &[]),
        ("test", 3, &[]),
    ] {
        let (outcome, peer) = batch(environment, rows, more);
        assert_eq!(outcome.code, 0, "{environment} {rows}: {}", outcome.stderr);
        assert!(peer.requests() > 0);
    }
}

#[test]
fn one_question_names_the_live_account_and_what_ends() {
    let (home, peer) = place("live");
    home.write("rows.csv", "action,entitlement_id\nrevoke,e1\nresume,e2\n");
    let arguments = [
        "batch",
        "rows.csv",
        "--reason",
        "REVOKED/FRAUD",
        "--profile",
        "p",
    ];
    let mut command = home.bango_ent();
    let refused = run(command.args(arguments));
    assert_eq!((refused.code, peer.requests()), (4, 0));
    let what =
        "2 changes of the live account MyOrganization at 127.0.0.1, of which 1 ends an entitlement";
    assert!(refused.stderr.contains(what), "{}", refused.stderr);
    let screen = Screen::start(home.bango_ent().args(arguments), 200);
    screen.wait_for(what);
    screen.wait_for_keys();
    screen.type_text("y\r");
    let ended = screen.end();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    assert!(peer.requests() > 0);
}
