//! The action for users' CI: its two scripts, run as a runner of GitHub runs them, on an archive as `.ci/package` lays it out.

use std::path::{Path, PathBuf};

use crate::support::cli::{Cli, Home};

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// A script of the action, with what a runner gives it.
fn script(home: &Home, name: &str) -> Cli {
    let action = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/actions/setup-bango-ent");
    let mut cli = home.program(action.join(name));
    for file in ["GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH"] {
        cli.env(file, home.path().join(file));
    }
    cli.env("RUNNER_TEMP", home.path())
        .env("RUNNER_OS", "Linux")
        .env("RUNNER_ARCH", "X64")
        .env(
            "ADDRESS",
            format!("file://{}/releases", home.path().display()),
        )
        .env("VERSION", "1.2.3")
        .env("SHA256", "")
        .env("PORT", "0");
    cli
}

/// Publishes the program in this home, and returns its archive.
fn publish(home: &Home) -> PathBuf {
    let name = format!("bango-ent-1.2.3-{TARGET}");
    let folder = home.path().join("made").join(&name);
    let releases = home.path().join("releases/v1.2.3");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::create_dir_all(&releases).unwrap();
    std::fs::copy(env!("CARGO_BIN_EXE_bango-ent"), folder.join("bango-ent")).unwrap();
    let archive = releases.join(format!("{name}.tar.gz"));
    let mut tar = home.program("tar");
    tar.current_dir(home.path().join("made"))
        .args(["--use-compress-program=gzip -1", "-cf"])
        .arg(&archive)
        .arg(&name);
    tar.run().assert_code(0);
    let mut sums = home.program("sha256sum");
    let sums = sums
        .current_dir(&releases)
        .arg(archive.file_name().unwrap())
        .run();
    std::fs::write(releases.join("SHA256SUMS"), &sums.assert_code(0).stdout).unwrap();
    archive
}

/// What a script told the steps that follow.
fn told(home: &Home, file: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(home.path().join(file)).unwrap();
    let pairs = text.lines().map(|line| line.split_once('=').unwrap());
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn the_action_puts_the_program_on_the_path_and_runs_a_sandbox_for_the_next_steps() {
    let home = Home::new();
    publish(&home);
    script(&home, "install").run().assert_code(0);
    let folder = std::fs::read_to_string(home.path().join("GITHUB_PATH")).unwrap();
    let path = format!("{}:{}", folder.trim(), std::env::var("PATH").unwrap());

    let started = script(&home, "sandbox").env("PATH", &path).run();
    started.assert_code(0);
    let outputs = told(&home, "GITHUB_OUTPUT");
    let environment = told(&home, "GITHUB_ENV");
    let mut create = home.program("sh");
    create
        .args([
            "-c",
            "bango-ent create --user alice --merchant BANGO --product BangoMusic --json",
        ])
        .env("PATH", &path)
        .envs(environment.iter().map(|(name, value)| (name, value)));
    let created = create.run();
    end(&home);
    assert_eq!(created.assert_code(0).json()["status"], "PENDING");
    assert_eq!(
        outputs[0],
        ("base-url".to_owned(), environment[0].1.clone())
    );
}

/// Ends the sandbox that the action left running.
fn end(home: &Home) {
    for process in std::fs::read_dir("/proc").unwrap() {
        let process = process.unwrap();
        let ours = std::fs::read_link(process.path().join("cwd"));
        let id = process.file_name().to_str().unwrap().parse().ok();
        if let (Ok(folder), Some(id)) = (ours, id.and_then(rustix::process::Pid::from_raw))
            && folder == home.path()
        {
            let _ = rustix::process::kill_process(id, rustix::process::Signal::KILL);
        }
    }
}

#[test]
fn the_action_takes_nothing_that_is_not_what_its_sum_says() {
    let home = Home::new();
    let archive = publish(&home);
    let other = script(&home, "install").env("SHA256", "0".repeat(64)).run();
    assert_eq!(other.code, 1, "{other:?}");
    std::fs::write(&archive, "something else").unwrap();
    let changed = script(&home, "install").run();
    assert_eq!(changed.code, 1, "{changed:?}");
    assert!(!home.path().join("GITHUB_PATH").exists());
    let elsewhere = script(&home, "install").env("RUNNER_OS", "Windows").run();
    assert!(elsewhere.stdout.starts_with("::error::"), "{elsewhere:?}");
}

#[test]
fn the_action_shows_why_a_sandbox_does_not_start() {
    let home = Home::new();
    publish(&home);
    script(&home, "install").run().assert_code(0);
    let folder = std::fs::read_to_string(home.path().join("GITHUB_PATH")).unwrap();
    let path = format!("{}:{}", folder.trim(), std::env::var("PATH").unwrap());
    let failed = script(&home, "sandbox")
        .env("PATH", path)
        .env("PORT", "none")
        .run();
    assert_eq!(failed.code, 1, "{failed:?}");
    assert!(failed.stderr.contains("none"), "{failed:?}");
}
