//! Signals and limits that the process starts with: what is ignored stays ignored, and what this machine refuses is an error, not a crash.

use std::os::unix::fs::PermissionsExt;
use std::thread::sleep;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::json;

use crate::support::cli::{CREATE, Cli, Home, run, wait_until};
use crate::support::server::{Connection, Server, entitlement, http};

fn active() -> Server {
    Server::answering(http(200, &[], entitlement(&json!({})).to_string()))
}

/// The client below a shell that prepares the process first.
fn after(preparation: &str, home: &Home, base_url: &str) -> Cli {
    home.client(base_url)
        .in_shell(&format!("{preparation}; exec \"$0\" \"$@\""))
}

#[test]
#[cfg(target_os = "linux")]
fn a_signal_that_was_ignored_at_the_start_stays_ignored() {
    let (home, peer) = (Home::new(), Server::start(Connection::hang));
    home.write("rows.csv", "user,merchant,product\na,M,P\n");
    let batch = ["batch", "rows.csv"];
    let wait = ["wait", "e", "--retries", "0"];
    for (name, signal, end, arguments) in [
        ("HUP", Signal::HUP, Signal::TERM, &CREATE[..]),
        ("INT", Signal::INT, Signal::TERM, &CREATE),
        ("TERM", Signal::TERM, Signal::INT, &CREATE),
        ("HUP", Signal::HUP, Signal::TERM, &batch),
        ("HUP", Signal::HUP, Signal::TERM, &wait),
    ] {
        let context = format!("{name} {arguments:?}");
        let mut command = after(&format!("trap '' {name}"), &home, &peer.base_url());
        let before = peer.connections();
        let mut running = command.args(arguments).start();
        wait_until("a connection", || peer.connections() > before);
        running.signal(signal);
        sleep(Duration::from_millis(300));
        assert!(!running.has_ended(), "{context}");
        running.signal(end);
        if arguments == batch {
            // The first asks it to end with the row under way, the second ends it.
            sleep(Duration::from_millis(300));
            running.signal(end);
        }
        assert_eq!(running.end().code, 130, "{context}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_signal_ends_a_batch_in_order_while_it_still_reads_its_rows() {
    let home = Home::new();
    let mut command = home.client("http://127.0.0.1:9/v1");
    let (reader, kept_open) = std::io::pipe().unwrap();
    command
        .args(["batch", "-", "--format", "csv", "--journal", "journal"])
        .stdin(reader);
    let running = command.start();
    // It has a handler once the signal is caught.
    let status = format!("/proc/{}/status", running.id());
    wait_until("a handler of SIGTERM", || {
        let status = std::fs::read_to_string(&status).unwrap();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        u64::from_str_radix(mask.unwrap().trim(), 16).unwrap() & (1 << 14) != 0
    });
    running.signal(Signal::TERM);
    running.end().assert_code(130);
    drop(kept_open);
}

#[test]
fn a_log_file_beyond_the_size_limit_loses_no_result() {
    let (home, peer) = (Home::new(), active());
    let mut command = after("ulimit -f 0", &home, &peer.base_url());
    let outcome = run(command.args(CREATE).args(["--log-file", "log"]));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stdout.contains("ACTIVE"), "{}", outcome.stdout);
    assert!(
        outcome.stderr.contains("the log file could not be written"),
        "{}",
        outcome.stderr
    );
}

/// The client of a user who may start no thread; root is not held to such a limit.
fn without_threads(home: &Home, base_url: &str) -> Cli {
    let everyone = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(home.path(), everyone).unwrap();
    let program = home.path().join("bango-ent");
    std::fs::copy(env!("CARGO_BIN_EXE_bango-ent"), &program).unwrap();
    let mut limited = vec!["setpriv"];
    if rustix::process::geteuid().is_root() {
        limited.extend(["--reuid=12345", "--regid=12345", "--clear-groups"]);
    }
    limited.extend(["prlimit", "--nproc=0:0"]);
    home.program(program).account(base_url).under(&limited)
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_thread_to_be_had_nothing_panics() {
    let (home, peer) = (Home::new(), active());
    let by_name = format!("http://localhost:{}/v1", peer.port());
    home.write("rows.csv", "user,merchant,product\na,M,P\n");
    for (base_url, arguments, code) in [
        (peer.base_url().as_str(), &CREATE[..], 0),
        (&by_name, &CREATE, 0),
        // A name that has to be looked up is looked up without a thread, or not at all.
        ("https://h.invalid/v1", &["get", "e"], 31),
        (&by_name, &["get", "e1", "e2"], 0),
        (&by_name, &["batch", "rows.csv", "--check"], 0),
        (&by_name, &["listen", "--port", "0"], 1),
        (&by_name, &["sandbox", "--port", "0", "--ephemeral"], 1),
    ] {
        let mut command = without_threads(&home, base_url);
        let outcome = run(command.args(arguments));
        assert_eq!(outcome.code, code, "{arguments:?}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
    }
    let password = home.write("password", "secret");
    let mut command = without_threads(&home, &peer.base_url());
    command.env_remove("BANGO_PASSWORD");
    let outcome = run(command.args(CREATE).env("BANGO_PASSWORD_FILE", password));
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("no thread to spare"),
        "{}",
        outcome.stderr
    );
}
