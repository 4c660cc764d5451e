//! The state file: what survives, under load and kill -9, and who may have it.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::cli::{Home, eventually};
use crate::support::load::{create, run};
use crate::support::sandbox::{Inbox, Sandbox, command, token};

fn file(sandbox: &Sandbox) -> PathBuf {
    sandbox.home().path().join("state/bango-ent/sandbox.jsonl")
}

fn nested(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}

#[test]
fn what_was_acknowledged_survives_kill_9_under_load() {
    let mut sandbox = Sandbox::start(&[]);
    let address = sandbox.address().to_owned();
    let load = std::thread::spawn(move || {
        run(&address, 64, 1_000_000, &|number| create(&address, number))
    });
    std::thread::sleep(Duration::from_millis(2_500));
    sandbox.signal(rustix::process::Signal::KILL);
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
    assert!(sandbox.page("/").body.contains("3000 in all"));
}

#[test]
fn state_survives_a_restart_and_reset_empties_it() {
    let mut sandbox = Sandbox::start(&[]);
    let id = sandbox.active("alice");
    let pending = sandbox.create("bob", "BANGO", "BangoMusic");
    let form = token(&sandbox.page(&pending.link()).body);
    assert!(
        sandbox.signal(rustix::process::Signal::INT).code == 0,
        "Ctrl-C is a clean end"
    );
    let old = sandbox.origin.clone();
    let mut sandbox = sandbox.restart(&[]);
    assert_eq!(sandbox.get(&id).text("status"), "ACTIVE");
    // A page that was open before still works.
    let path = pending.link().replace(&old, "");
    assert_eq!(sandbox.submit(&path, &format!("token={form}")).status, 303);
    assert!(
        sandbox.signal(rustix::process::Signal::TERM).code == 0,
        "SIGTERM is a clean end"
    );

    let reset = |arguments: &[&str]| {
        let mut command = command(sandbox.home());
        command.args(["sandbox", "reset"]).args(arguments);
        let reset = command.run();
        reset.assert_code(0);
        std::fs::read_to_string(file(&sandbox)).unwrap()
    };
    let before = reset(&["--dry-run"]);
    assert!(before.contains("alice") && before.contains(&id));
    let after = reset(&[]);
    assert!(!after.contains("alice") && after.len() < 100, "{after}");
    let sandbox = sandbox.restart(&[]);
    assert_eq!(sandbox.get(&id).status, 404);
    assert!(sandbox.page("/").body.contains("Nothing yet"));
}

#[test]
fn a_damaged_record_costs_itself_alone_and_is_named() {
    let mut sandbox = Sandbox::start(&[]);
    let ids = ["alice", "bob", "carol"].map(|customer| sandbox.active(customer));
    sandbox.signal(rustix::process::Signal::KILL);
    let path = file(&sandbox);
    let text = std::fs::read_to_string(&path).unwrap();
    let place = text.find("\"bob\"").unwrap();
    let mut bytes = text.into_bytes();
    bytes[place] = b'\0';
    bytes.extend(b"[[99,{\"entitlement\":{\"torn");
    std::fs::write(&path, bytes).unwrap();

    let sandbox = sandbox.restart(&[]);
    let statuses = ids.clone().map(|id| sandbox.get(&id).status);
    assert_eq!(statuses, [200, 404, 200]);
    assert!(sandbox.page("/").body.contains("carol"));
    let log = sandbox.log();
    let named = log.lines().find(|line| line.contains("cannot be read"));
    let named = named.unwrap_or_else(|| panic!("{log}"));
    assert!(named.contains("line ") && named.contains(&ids[1]), "{log}");
    // It goes on, and what it writes is read again.
    let dora = sandbox.active("dora");
    let sandbox = sandbox.restart(&[]);
    assert_eq!(sandbox.get(&dora).status, 200);
}

#[test]
fn a_state_of_which_nothing_is_left_can_be_reset() {
    let mut sandbox = Sandbox::start(&[]);
    sandbox.active("alice");
    sandbox.signal(rustix::process::Signal::KILL);
    std::fs::write(file(&sandbox), [0x81; 5_000]).unwrap();
    let run = |arguments: &[&str]| command(sandbox.home()).args(arguments).run();
    let refused = run(&["sandbox", "--port", "0"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    run(&["sandbox", "reset"]).assert_code(0);
    sandbox.restart(&[]).active("alice");
}

#[test]
fn what_is_nested_too_deep_to_be_read_again_is_refused() {
    let sandbox = Sandbox::start(&[]);
    let create = |customer: &str, levels: usize| {
        let more = json!({"extensionData": {"deep": nested(levels)}});
        sandbox.create_with(customer, "SANDBOX", "ACTIVE_AT_ONCE", &more)
    };
    let deep = create("alice", 98);
    assert_eq!(deep.status, 200, "{deep:?}");
    for levels in [99, 110, 123, 124, 125, 126] {
        let refused = create("bob", levels);
        assert_eq!(refused.code(), "BAD_REQUEST", "{levels}: {refused:?}");
    }
    let sandbox = sandbox.restart(&[]);
    let found = sandbox.get(&deep.text("entitlementId"));
    assert_eq!(found.json()["extensionData"]["deep"], nested(98));
    assert!(
        !sandbox.log().contains("cannot be read"),
        "{}",
        sandbox.log()
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_and_over_when_there_is_space() {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};

    let sandbox = Sandbox::start(&[]);
    let inbox = Inbox::open(&[]);
    let more = json!({"notificationUrl": inbox.url, "dateExpiry": soon(2)});
    let id = sandbox.create_with("alice", "SANDBOX", "ACTIVE_AT_ONCE", &more);
    let id = id.text("entitlementId");
    // A limit on the size of files stands for a disk that is full.
    let limit = |bytes: Option<u64>| {
        let pid = Pid::from_raw(sandbox.pid().try_into().unwrap());
        let limits = Rlimit {
            current: bytes,
            maximum: None,
        };
        prlimit(pid, Resource::Fsize, limits).unwrap();
    };
    limit(Some(file(&sandbox).metadata().unwrap().len()));
    for _ in 0..3 {
        let refused = sandbox.create("bob", "SANDBOX", "ACTIVE_AT_ONCE");
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (500, "INTERNAL_ERROR")
        );
        let message = refused.text("responseMessage");
        assert!(
            message.contains("cannot write its state: File too large"),
            "{message}"
        );
        assert!(refused.header("server").starts_with("bango-ent-sandbox/"));
    }
    assert_eq!(sandbox.get(&id).status, 200);
    let page = sandbox.page("/requests");
    assert!(page.status == 200 && page.body.contains("INTERNAL_ERROR"));
    let page = sandbox.page("/");
    assert!(
        page.body.contains("1 in all"),
        "bob is not there: {}",
        page.body
    );
    std::thread::sleep(Duration::from_secs(3));
    assert!(
        inbox.more().is_none(),
        "what is not on the disk is not told"
    );
    let log = sandbox.log();
    assert_eq!(
        log.matches("cannot write its state: File too large")
            .count(),
        1,
        "{log}"
    );
    assert!(
        log.contains("INTERNAL_ERROR") && !log.contains("bob  OK"),
        "{log}"
    );

    limit(None);
    assert_eq!(inbox.next().reason(), "TERMINATION_SUCCESS");
    let made = sandbox.active("bob");
    eventually("the good news", || {
        sandbox
            .log()
            .contains("can write its state again")
            .then_some(())
    });
    let sandbox = sandbox.restart(&[]);
    assert_eq!(sandbox.get(&made).status, 200);
    assert_eq!(sandbox.get(&id).text("status"), "CANCELLED");
}

fn soon(seconds: i64) -> String {
    (jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds)).to_string()
}

#[test]
fn a_customer_with_a_long_past_is_no_slower() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let round = |count: usize| {
        let start = Instant::now();
        for _ in 0..count {
            let id = sandbox.active("alice");
            assert_eq!(sandbox.end("revoke", &id).status, 200);
        }
        start.elapsed()
    };
    let young = round(300);
    round(900);
    let old = round(300);
    assert!(old < 3 * young, "{young:?}, then {old:?}");
    let query = json!({"customerIdentifier": "alice"});
    let report = sandbox.api("POST", "/entitlement/report", &query);
    let kept = report.json()["entitlements"].as_array().unwrap().len();
    assert_eq!(kept, 1_000, "the bound that docs/sandbox.md names");
}

#[test]
fn commands_that_start_at_once_share_one_sandbox() {
    let home = Home::new();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port().to_string();
    drop(free);
    let children: Vec<_> = (0..6)
        .map(|number| {
            command(&home)
                .args(["--sandbox", "create", "--user", &format!("u{number}")])
                .args(["--merchant", "SANDBOX", "--product", "ACTIVE_AT_ONCE"])
                .env("BANGO_SANDBOX_PORT", &port)
                .start()
        })
        .collect();
    for child in children {
        let output = child.end();
        assert_eq!(output.code, 0, "{output:?}");
    }
    let state = std::fs::read_to_string(home.path().join("state/bango-ent/sandbox.jsonl")).unwrap();
    for number in 0..6 {
        assert!(state.contains(&format!("\"u{number}\"")), "{number}");
    }
}

#[test]
fn an_ephemeral_sandbox_leaves_nothing_behind() {
    let mut sandbox = Sandbox::start(&["--ephemeral"]);
    sandbox.active("alice");
    sandbox.signal(rustix::process::Signal::TERM);
    assert_eq!(std::fs::read_dir(sandbox.home().path()).unwrap().count(), 0);
}

#[test]
fn a_second_process_cannot_have_the_same_state() {
    let sandbox = Sandbox::start(&[]);
    for arguments in [&["sandbox", "--port", "0"][..], &["sandbox", "reset"]] {
        let output = command(sandbox.home()).args(arguments).run();
        assert_eq!(output.code, 1, "{output:?}");
        let told = output.stderr;
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
    let folder = sandbox.home().path().join("state/bango-ent");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("sandbox.jsonl")), 0o600);
}

#[test]
fn a_file_that_is_no_state_is_refused_and_kept() {
    let home = Home::new();
    let file = home.path().join("notes.txt");
    std::fs::write(&file, "my notes, not yours".repeat(1_000)).unwrap();
    let arguments = ["sandbox", "--port", "0", "--state", file.to_str().unwrap()];
    let output = command(&home).args(arguments).run();
    assert_eq!(output.code, 1, "{output:?}");
    assert!(
        output.stderr.contains("notes.txt cannot be opened"),
        "{output:?}"
    );
    assert!(
        std::fs::read_to_string(&file)
            .unwrap()
            .starts_with("my notes")
    );
}
