//! Hostile files and streams: whatever the configuration is, whatever is closed or full, and whenever it is killed.

use std::fs::File;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::json;

use crate::auth::login::{CONFIG, config};
use crate::support::cli::{CREATE, Cli, Home, PASSWORD, run};
use crate::support::sandbox::{Listener, notification};
use crate::support::server::{Server, entitlement, http};

fn login(home: &Home, username: &str) -> Cli {
    home.write("password.txt", PASSWORD);
    let mut command = home.bango_ent();
    command
        .args(["auth", "login", "--no-verify", "--store", "file"])
        .args(["--username", username, "--password-file", "password.txt"]);
    command
}

/// Puts something where the configuration should be.
type Make = Box<dyn Fn(&Path)>;

/// What may lie where the configuration should be, and is never read, followed or replaced.
fn bad_configurations(home: &Home) -> Vec<(&'static str, Make)> {
    let target = home.write("target.toml", "merchant = 1");
    vec![
        (
            "garbage",
            Box::new(|path| std::fs::write(path, [0xff, 0, 1, 2]).unwrap()),
        ),
        (
            "no TOML",
            Box::new(|path| std::fs::write(path, "[[[\u{1b}[31m").unwrap()),
        ),
        (
            "an unknown key",
            Box::new(|path| std::fs::write(path, "unknown = 1").unwrap()),
        ),
        (
            "depth",
            Box::new(|path| std::fs::write(path, format!("a = {}", "[".repeat(100_000))).unwrap()),
        ),
        (
            "huge",
            Box::new(|path| std::fs::write(path, "#".repeat((1 << 20) + 1)).unwrap()),
        ),
        (
            "a folder",
            Box::new(|path| std::fs::create_dir(path).unwrap()),
        ),
        (
            "a link to something else",
            Box::new(move |path| symlink(&target, path).unwrap()),
        ),
        (
            "a link to nothing",
            Box::new(|path| symlink("/nowhere/at/all", path).unwrap()),
        ),
        (
            "a link to itself",
            Box::new(|path| symlink(path, path).unwrap()),
        ),
        (
            "a device",
            Box::new(|path| symlink("/dev/zero", path).unwrap()),
        ),
        (
            "a pipe",
            Box::new(|path| {
                let made = Command::new("mkfifo").arg(path).status().unwrap();
                assert!(made.success());
            }),
        ),
        (
            "a socket",
            Box::new(|path| drop(std::os::unix::net::UnixListener::bind(path).unwrap())),
        ),
    ]
}

#[test]
fn a_bad_configuration_is_told_at_once_and_left_as_it_is() {
    let home = Home::new();
    for (what, make) in bad_configurations(&home) {
        let path = home.path().join(CONFIG);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        make(&path);
        let before = std::fs::symlink_metadata(&path).unwrap();
        for arguments in [
            &CREATE[..],
            &["echo"],
            &["auth", "status"],
            &["auth", "logout"],
            &["profile", "list"],
            &["profile", "use", "p"],
            &["profile", "remove", "p"],
            &["doctor"],
        ] {
            let start = Instant::now();
            let outcome = run(home.bango_ent().args(arguments));
            assert_eq!(outcome.code, 3, "{what} {arguments:?}: {}", outcome.stderr);
            assert!(
                outcome.stderr.contains("the configuration file"),
                "{what}: {}",
                outcome.stderr
            );
            assert!(
                !outcome.stderr.contains('\u{1b}'),
                "{what}: {}",
                outcome.stderr
            );
            assert!(
                start.elapsed() < Duration::from_secs(5),
                "{what} {arguments:?}"
            );
        }
        assert_eq!(run(&mut login(&home, "u")).code, 3, "{what}");
        let after = std::fs::symlink_metadata(&path).unwrap();
        assert_eq!(
            (before.len(), before.file_type()),
            (after.len(), after.file_type()),
            "{what}"
        );
        let left = std::fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(left, 1, "{what}: a temporary file was left");
        std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
    }
}

#[test]
fn an_unreadable_or_unwritable_place_is_told_and_nothing_is_lost() {
    let home = Home::new();
    // Root may read and write everything, so a place is taken that not even root can write.
    for (name, told) in [
        ("/proc/bango-ent/config.toml", "cannot be saved"),
        ("/dev/full/config.toml", "cannot be read"),
    ] {
        let outcome = run(login(&home, "u").env("BANGO_CONFIG", name));
        assert_eq!(outcome.code, 3, "{name}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(told), "{name}: {}", outcome.stderr);
    }
    let outcome = run(login(&home, "u").env("BANGO_CONFIG", "/dev/full"));
    assert_eq!(outcome.code, 3, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("is not a regular file"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_save_tightens_modes_and_makes_a_named_file() {
    let home = Home::new();
    let path = home.write(CONFIG, "merchant_of_nobody = 1");
    std::fs::remove_file(&path).unwrap();
    let path = home.write(CONFIG, "# mine\n");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    assert_eq!(run(&mut login(&home, "u")).code, 0);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert!(config(&home).contains("# mine\n"));
    let named = home.path().join("new/folder/bango.toml");
    assert_eq!(run(login(&home, "u").env("BANGO_CONFIG", &named)).code, 0);
    assert_eq!(
        (mode(&named), mode(named.parent().unwrap())),
        (0o600, 0o700)
    );
}

#[test]
fn a_kill_at_any_moment_of_a_save_leaves_the_old_or_the_new_file() {
    let home = Home::new();
    let padding = "# padding\n".repeat(6_000);
    let text = |name: &str| {
        format!("{padding}[profiles.default]\nusername = \"{name}\"\npassword = \"{PASSWORD}\"\n")
    };
    let path = home.write(
        CONFIG,
        format!("default_profile = \"default\"\n{}", text("name-0")),
    );
    let start = Instant::now();
    assert_eq!(run(&mut login(&home, "name-1")).code, 0);
    let mut delay = start.elapsed();
    let (mut known, mut killed, mut saved) = (config(&home), 0, 0);
    for step in 0..40 {
        let name = format!("name-{}", step + 2);
        let running = login(&home, &name).start();
        std::thread::sleep(delay);
        running.signal(Signal::KILL);
        let outcome = running.end();
        let now = std::fs::read_to_string(&path).unwrap();
        let expected = known.replace(name_in(&known), &name);
        assert!(
            now == known || now == expected,
            "step {step}: the file is neither old nor new"
        );
        killed += u32::from(outcome.code < 0);
        saved += u32::from(now != known);
        // Whatever else the machine does: some kills come before the save and some after, most of them near it.
        delay = delay.mul_f64(if now == known { 1.2 } else { 0.85 });
        known = now;
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    assert!(killed > 0 && saved > 0, "{killed} killed, {saved} saved");
    let used = run(home.bango_ent().args(["profile", "list"]));
    assert_eq!(used.code, 0, "{}", used.stderr);
}

fn name_in(text: &str) -> &str {
    let (_, rest) = text.split_once("username = \"").unwrap();
    rest.split('"').next().unwrap()
}

#[test]
fn two_saves_at_once_leave_a_whole_file_and_lose_no_profile_silently() {
    let home = Home::new();
    let names = ["a", "b", "c", "d", "e", "f"];
    let running: Vec<_> = names
        .iter()
        .map(|name| login(&home, "u").args(["--profile", name]).start())
        .collect();
    let codes: Vec<_> = running
        .into_iter()
        .map(|running| running.end().code)
        .collect();
    let listed = run(home.bango_ent().args(["profile", "list", "--json"])).json();
    let there = listed["profiles"].as_array().unwrap().len();
    let succeeded = codes.iter().filter(|code| **code == 0).count();
    assert!(codes.iter().all(|code| matches!(code, 0 | 3)), "{codes:?}");
    assert!(there >= 1 && succeeded >= 1, "{codes:?} {listed}");
}

/// Each kind of file that a command writes, with the command.
const WRITTEN: [(&str, &[&str]); 6] = [
    ("log", &["echo", "--log-file", "log"]),
    ("results", &["batch", "rows.csv", "--results", "results"]),
    ("failed", &["batch", "rows.csv", "--failed", "failed"]),
    ("journal", &["batch", "rows.csv", "--journal", "journal"]),
    ("state", &["sandbox", "reset", "--state", "state"]),
    ("saved", &["listen", "--port", "0", "--save", "saved"]),
];

#[test]
fn no_file_of_ours_is_written_through_a_link_or_stays_open_to_others() {
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    for (name, arguments) in WRITTEN {
        let (home, peer) = (Home::new(), Server::active());
        home.write("rows.csv", "user,merchant,product\na,M,P\n");
        let precious = home.write("precious", "precious");
        let file = home.path().join(name);
        symlink(&precious, &file).unwrap();
        let outcome = run(home.client(&peer).args(arguments));
        let told = outcome.stderr.contains("symbolic link");
        assert!(outcome.code != 0 && told, "{name}: {}", outcome.stderr);
        assert_eq!(std::fs::read_to_string(&precious).unwrap(), "precious");

        std::fs::remove_file(&file).unwrap();
        std::fs::write(&file, "").unwrap();
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o666)).unwrap();
        if name == "saved" {
            let listener = Listener::start_in(&home, &["--save", "saved"], &[]);
            assert_eq!(listener.post(&notification("e1", "ACTIVE", 1)), 200);
        } else {
            run(home.client(&peer).args(arguments));
        }
        assert_eq!(mode(&file), 0o600, "{name}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_wherever_it_is_met() {
    let (home, full) = (Home::new(), || {
        File::options().write(true).open("/dev/full").unwrap()
    });
    let peer = Server::answering(http(200, &[], entitlement(&json!({})).to_string()));
    for (arguments, code) in [
        (&["auth", "status"][..], 1),
        (&["profile", "list", "--json"], 1),
        (&["explain"], 1),
        (&["explain", "--json"], 1),
        (&["completions", "bash"], 1),
        // The answer is no echo: what failed stays the ending.
        (&["doctor"], 30),
        (&["doctor", "--json"], 30),
        (&["get", "e"], 1),
        (&CREATE, 41),
    ] {
        let mut command = home.client(&peer);
        let outcome = command.args(arguments).stdout(full()).run();
        assert_eq!(outcome.code, code, "{arguments:?}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains("No space left"),
            "{arguments:?}: {}",
            outcome.stderr
        );
        let mut command = home.client(&peer);
        // Nobody can be told there; the exit code still tells.
        let ended = command.args(arguments).stdout(full()).stderr(full()).run();
        ended.assert_code(code);
    }
    let mut save = login(&home, "u");
    let outcome = save.stdout(full()).run();
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    assert!(
        config(&home).contains("username = \"u\""),
        "it was saved before it could not be shown"
    );
}

#[test]
fn closed_streams_are_no_reason_to_crash_or_to_write_into_a_file() {
    let home = Home::new();
    let peer = Server::answering(http(200, &[], entitlement(&json!({})).to_string()));
    let create = CREATE.join(" ");
    for streams in [
        "<&-",
        ">&-",
        "2>&-",
        "<&- >&-",
        "<&- 2>&-",
        ">&- 2>&-",
        "<&- >&- 2>&-",
    ] {
        for arguments in [
            &create,
            "echo",
            "auth status",
            "doctor",
            "explain",
            "auth login",
        ] {
            for more in ["", "--json -vv --log-file bango.log"] {
                let line = format!("exec \"$0\" {arguments} {more} {streams}");
                let outcome = home.client(&peer).in_shell(&line).run();
                assert!(
                    // A panic ends with 101, also where nobody can be told.
                    (0..=130).contains(&outcome.code) && outcome.code != 101,
                    "{line}: {}",
                    outcome.code
                );
                assert!(
                    !outcome.stderr.contains("panicked"),
                    "{line}: {}",
                    outcome.stderr
                );
                let log =
                    std::fs::read_to_string(home.path().join("bango.log")).unwrap_or_default();
                for kept in log.lines() {
                    assert!(
                        serde_json::from_str::<serde_json::Value>(kept).is_ok(),
                        "{line}: {kept}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_password_file_that_is_a_pipe_is_read_and_waited_for_in_vain_for_ten_seconds() {
    let home = Home::new();
    let peer = Server::answering(http(200, &[], entitlement(&json!({})).to_string()));
    let pipe = home.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let mut command = home.client(&peer);
    command
        .args(CREATE)
        .env_remove("BANGO_PASSWORD")
        .env("BANGO_PASSWORD_FILE", &pipe);
    let running = command.start();
    std::fs::write(&pipe, PASSWORD).unwrap();
    assert_eq!(running.end().code, 0);
    let outcome = command.run();
    let time = outcome.took;
    assert_eq!(outcome.code, 3, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("nothing came within 10 seconds"),
        "{}",
        outcome.stderr
    );
    assert!(time < Duration::from_secs(20));
}
