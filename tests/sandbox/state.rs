//! The state file: what survives, under load and kill -9, and who may have it.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::Value;

use crate::support::load::{create, run};
use crate::support::sandbox_fixture::{Sandbox, command, token};

#[test]
fn what_was_acknowledged_survives_kill_9_under_load() {
    let mut sandbox = Sandbox::start(&[]);
    let address = sandbox.address().to_owned();
    let load = std::thread::spawn(move || {
        run(&address, 64, 1_000_000, &|number| create(&address, number))
    });
    std::thread::sleep(Duration::from_millis(2_500));
    sandbox.signal("-KILL");
    let run = load.join().unwrap();
    assert_eq!(run.refused, Vec::<u16>::new());
    assert!(run.acknowledged.len() > 200, "{}", run.acknowledged.len());

    let sandbox = sandbox.restart(&[]);
    let mut ids = HashSet::new();
    for (number, body) in &run.acknowledged {
        let known: Value = serde_json::from_str(body).unwrap();
        let id = known["entitlementId"].as_str().unwrap();
        assert!(ids.insert(id.to_owned()), "given twice: {id}");
        let found = sandbox.get(id);
        assert_eq!(found.status, 200, "lost: {id}");
        assert_eq!(found.text("customerIdentifier"), format!("load-{number}"));
    }
}

#[test]
fn thousands_of_creates_from_64_connections_are_all_there() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let address = sandbox.address();
    let run = run(address, 64, 3_000, &|number| create(address, number));
    assert_eq!(run.refused, Vec::<u16>::new());
    assert_eq!(run.acknowledged.len(), 3_000);
    assert!(sandbox.page("/").body.contains("the newest 50 of 3000"));
}

#[test]
fn state_survives_a_restart_and_reset_empties_it() {
    let mut sandbox = Sandbox::start(&[]);
    let id = sandbox.active("alice");
    let pending = sandbox.create("bob", "BANGO", "BangoMusic");
    let form = token(&sandbox.page(&pending.link()).body);
    assert!(sandbox.signal("-INT").success(), "Ctrl-C is a clean end");
    let old = sandbox.origin.clone();
    let mut sandbox = sandbox.restart(&[]);
    assert_eq!(sandbox.get(&id).text("status"), "ACTIVE");
    // A page that was open before still works.
    let path = pending.link().replace(&old, "");
    assert_eq!(sandbox.submit(&path, &format!("token={form}")).status, 303);
    assert!(sandbox.signal("-TERM").success(), "SIGTERM is a clean end");

    let reset = command(sandbox.home())
        .args(["sandbox", "reset"])
        .output()
        .unwrap();
    assert!(reset.status.success(), "{reset:?}");
    let sandbox = sandbox.restart(&[]);
    assert_eq!(sandbox.get(&id).status, 404);
    assert!(sandbox.page("/").body.contains("Nothing yet"));
}

#[test]
fn an_ephemeral_sandbox_leaves_nothing_behind() {
    let mut sandbox = Sandbox::start(&["--ephemeral"]);
    sandbox.active("alice");
    sandbox.signal("-TERM");
    assert_eq!(std::fs::read_dir(sandbox.home()).unwrap().count(), 0);
}

#[test]
fn a_second_process_cannot_have_the_same_state() {
    let sandbox = Sandbox::start(&[]);
    for arguments in [&["sandbox", "--port", "0"][..], &["sandbox", "reset"]] {
        let output = command(sandbox.home()).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(
            told.contains("another sandbox is using") && told.contains("--state"),
            "{told}"
        );
    }
    sandbox.active("alice");
}

#[cfg(unix)]
#[test]
fn the_state_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::start(&[]);
    let folder = sandbox.home().join("state/bango-ent");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("sandbox.redb")), 0o600);
}

#[test]
fn a_file_that_is_no_state_is_refused_and_kept() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("notes.txt");
    std::fs::write(&file, "my notes, not yours".repeat(1_000)).unwrap();
    let arguments = ["sandbox", "--port", "0", "--state", file.to_str().unwrap()];
    let output = command(home.path()).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("notes.txt cannot be opened"),
        "{output:?}"
    );
    assert!(
        std::fs::read_to_string(&file)
            .unwrap()
            .starts_with("my notes")
    );
}
