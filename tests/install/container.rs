//! What the Dockerfile starts, as far as it can be tried without Docker: the same tree of files, read-only, as the same user, without a home.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::support::cli::{Cli, Home, eventually};

/// The user of the image.
const USER: &str = "65532:65532";

/// The texts of the list that follows this word in the Dockerfile.
fn listed(word: &str) -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("Dockerfile");
    let file = std::fs::read_to_string(file).unwrap();
    let mut lines = file.lines().filter(|line| line.starts_with(word));
    let list = lines.next().unwrap().split_once('[').unwrap().1;
    serde_json::from_str(&format!("[{list}")).unwrap()
}

/// The tree of the image: the program and the libraries that it names, and nothing else.
fn tree(home: &Home) -> PathBuf {
    let program = env!("CARGO_BIN_EXE_bango-ent");
    let tree = home.path().join("tree");
    let put = |from: &str, to: &str| {
        let to = tree.join(to.trim_start_matches('/'));
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(from, to).unwrap();
    };
    put(program, "usr/bin/bango-ent");
    let libraries = home.program("ldd").arg(program).run();
    for line in libraries.assert_code(0).lines() {
        if let Some(library) = line.split_whitespace().find(|word| word.starts_with('/')) {
            put(library, library);
        }
    }
    tree
}

/// A command in this tree, which is read-only, as the user of the image.
fn inside(home: &Home, tree: &Path, port: u16) -> Cli {
    let script = "mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\" && shift && exec chroot \"$@\"";
    let mut cli = home.program("unshare");
    cli.args(["--mount", "sh", "-c", script, "sh"])
        .arg(tree)
        .arg(format!("--userspec={USER}"))
        .arg(tree)
        .args(listed("ENTRYPOINT"))
        .env_remove("HOME")
        .env("BANGO_SANDBOX_PASSWORD", "a-password-of-its-own")
        .env("BANGO_SANDBOX_PORT", port.to_string());
    cli
}

#[test]
#[ignore = "needs root"]
fn the_sandbox_of_the_image_is_healthy_and_creates_as_a_user_without_rights_or_home() {
    let home = Home::new();
    let tree = tree(&home);
    // In the image it is 4242, which may be taken here.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let run = |arguments: &[&str]| inside(&home, &tree, port).args(arguments).run();
    let health = listed("HEALTHCHECK");
    let [entry, health @ ..] = &health[..] else {
        panic!("no command")
    };
    assert_eq!(
        [entry],
        &listed("ENTRYPOINT").iter().collect::<Vec<_>>()[..]
    );
    let health: Vec<_> = health.iter().map(String::as_str).collect();
    assert_eq!(run(&health).code, 31, "nothing runs");

    let kept = run(&["sandbox", "--state", "/state.jsonl"]);
    assert!(kept.stderr.contains("Read-only file system"), "{kept:?}");

    let running = inside(&home, &tree, port).args(listed("CMD")).start();
    eventually("health", || (run(&health).code == 0).then_some(()));

    let create = "--sandbox --json create --user alice --merchant BANGO --product BangoMusic";
    let created = run(&create.split(' ').collect::<Vec<_>>());
    assert_eq!(created.assert_code(0).json()["status"], json!("PENDING"));
    let id = created.json()["entitlementId"].as_str().unwrap().to_owned();
    run(&["sandbox", "register", &id, "--port", &port.to_string()]).assert_code(0);
    let active = run(&["--sandbox", "--json", "get", &id]);
    assert_eq!(active.assert_code(0).json()["status"], json!("ACTIVE"));

    running.signal(rustix::process::Signal::TERM);
    let ended = running.end();
    assert!(!ended.stderr.contains("cannot"), "{}", ended.stderr);
}
