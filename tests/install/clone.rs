//! The README, followed in a fresh clone by somebody without rights, whose home is empty.

use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;

use crate::support::cli::Home;

/// Who follows it.
const USER: u32 = 1234;

#[test]
#[ignore = "needs root and git"]
fn the_readme_in_a_fresh_clone_leads_another_user_to_an_entitlement() {
    let home = Home::new();
    let (place, root) = (home.path(), env!("CARGO_MANIFEST_DIR"));
    std::fs::set_permissions(place, PermissionsExt::from_mode(0o755)).unwrap();
    for folder in ["bin", "user"] {
        std::fs::create_dir(place.join(folder)).unwrap();
    }
    chown(place.join("user"), Some(USER), Some(USER)).unwrap();
    std::fs::copy(env!("CARGO_BIN_EXE_bango-ent"), place.join("bin/bango-ent")).unwrap();
    let mut git = home.program("git");
    git.args(["-c", "safe.directory=*", "clone", "--quiet", root, "clone"])
        .run()
        .assert_code(0);

    let clone = place.join("clone");
    let readme = std::fs::read_to_string(clone.join("README.md")).unwrap();
    for target in readme.split("](").skip(1) {
        let target = target.split([')', '#']).next().unwrap();
        let is_there = target.contains("://") || clone.join(target).exists();
        assert!(is_there, "{target} is not in the clone");
    }
    // What builds takes minutes, and the block with jq is for an account.
    let blocks = readme.split("```sh\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap());
    let scripts: Vec<String> = blocks
        .filter(|block| block.contains("bango-ent ") && !block.contains("jq"))
        .map(|block| {
            let lines = block.lines().filter(|line| !line.starts_with("cargo "));
            lines.flat_map(|line| [line, "\n"]).collect()
        })
        .collect();
    assert!(!scripts.is_empty());
    for script in scripts {
        let outcome = as_user(&home, &clone, &script);
        outcome.assert_code(0);
        assert!(outcome.stdout.contains("PENDING"), "{outcome:?}");
    }
}

/// Runs a script of the README in the clone, with nothing in the environment but a home and where programs are.
fn as_user(home: &Home, clone: &Path, script: &str) -> crate::support::cli::Outcome {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let user = USER.to_string();
    let bin = home.path().join("bin");
    home.program("setpriv")
        .args(["--reuid", &user, "--regid", &user, "--clear-groups"])
        .args(["bash", "-euc", script])
        .current_dir(clone)
        .env("HOME", home.path().join("user"))
        .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
        .env("BANGO_SANDBOX_PORT", port.to_string())
        .run()
}
