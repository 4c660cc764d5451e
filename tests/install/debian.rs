//! The Debian package in a bare Debian, which `.ci/run` makes: installed, used by somebody without rights, removed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{made, released};
use crate::support::cli::{Cli, Home};
use crate::support::pty::Screen;

/// The user who uses it.
const USER: &str = "1234:1234";

/// A command in the bare Debian, as root or as the user.
fn inside(home: &Home, user: &str, argv: &[&str]) -> Cli {
    let mut cli = home.program("chroot");
    cli.arg(format!("--userspec={user}"))
        .arg(made("bare-debian"))
        .args([
            "env",
            "-i",
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME=/home/user",
            "TERM=dumb",
        ])
        .args(["sh", "-c", "cd && exec \"$@\"", "sh"])
        .args(argv);
    cli
}

/// Every file, but for what packages are noted in and the user's own.
fn files(root: &Path) -> BTreeSet<PathBuf> {
    let (mut found, mut folders) = (BTreeSet::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap();
            if ["dev", "home", "proc", "sys", "tmp", "var"]
                .iter()
                .any(|top| name.starts_with(top))
            {
                continue;
            }
            if path.is_dir() && !path.is_symlink() {
                folders.push(path.clone());
            }
            found.insert(path);
        }
    }
    found
}

/// What a shell shows after Tab.
fn offered(cli: &mut Cli, prepare: &str, line: &str, wanted: &str) {
    let screen = Screen::start(cli, 120);
    screen.type_text(&format!("{prepare}; echo REA''DY\r"));
    screen.wait_for("READY\r");
    screen.type_text(&format!("{line}\t\t\t"));
    screen.wait_for(wanted);
    screen.type_text("\x15exit\r");
    screen.end();
}

/// The arguments of the README's main command.
fn main_command() -> Vec<String> {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let line = readme
        .lines()
        .find_map(|line| line.strip_prefix("cargo run --release -- "));
    line.unwrap()
        .split_whitespace()
        .map(str::to_owned)
        .collect()
}

#[test]
#[ignore = "needs root, and what .ci/package and .ci/run make"]
fn the_package_is_installed_used_by_another_user_and_removed_without_a_trace() {
    let (home, root) = (Home::new(), made("bare-debian"));
    let run = |user: &str, argv: &[&str]| inside(&home, user, argv).run();
    std::fs::create_dir_all(root.join("home/user")).unwrap();
    std::os::unix::fs::chown(root.join("home/user"), Some(1234), Some(1234)).unwrap();
    std::fs::copy(released(".deb"), root.join("tmp/package.deb")).unwrap();
    // A run that failed may have left it.
    run("0", &["dpkg", "--purge", "bango-ent"]);
    let before = files(&root);

    run("0", &["dpkg", "-i", "/tmp/package.deb"]).assert_code(0);

    let mut main = vec!["bango-ent".to_owned(), "--json".to_owned()];
    main.extend(main_command());
    let main: Vec<_> = main.iter().map(String::as_str).collect();
    let created = run(USER, &main);
    assert_eq!(created.assert_code(0).json()["status"], "PENDING");

    let bash = "bind 'set completion-query-items 0'; bind 'set page-completions off'; . /usr/share/bash-completion/bash_completion";
    let offers = [
        (&["bash", "--norc", "-i"][..], bash),
        (
            &["zsh", "-f", "-i"],
            "autoload -Uz compinit; compinit -u -D; unsetopt zle_bracketed_paste",
        ),
    ];
    for (shell, prepare) in offers {
        offered(
            &mut inside(&home, USER, shell),
            prepare,
            "bango-ent auth lo",
            "logout",
        );
    }
    let fish = run(USER, &["fish", "-c", "complete -C 'bango-ent auth lo'"]);
    assert!(fish.stdout.contains("logout"), "{fish:?}");

    let manual = run(USER, &["man", "-P", "cat", "bango-ent-batch"]);
    assert!(manual.assert_code(0).stdout.contains("NAME"), "{manual:?}");

    let copyright = run(USER, &["cat", "/usr/share/doc/bango-ent/copyright"]);
    assert!(copyright.stdout.contains("\nLicense: Apache-2.0\n"));
    let unit = run(
        USER,
        &[
            "cat",
            "/usr/share/doc/bango-ent/examples/bango-ent-listen.service",
        ],
    );
    unit.assert_code(0);

    run("0", &["dpkg", "--purge", "bango-ent"]).assert_code(0);
    assert_eq!(files(&root), before, "something stays");
}

#[test]
fn the_command_of_the_unit_is_one_that_can_be_run() {
    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/bango-ent-listen.service");
    let unit = std::fs::read_to_string(unit).unwrap();
    let line = unit
        .lines()
        .find_map(|line| line.strip_prefix("ExecStart=/usr/bin/bango-ent "));
    let home = Home::new();
    home.write("credentials/secret", "bango:a-secret-of-some-length");
    let line = line
        .unwrap()
        .replace("${CREDENTIALS_DIRECTORY}", "credentials");
    // The folder that systemd makes, and a port that is free.
    let line = line
        .replace("/var/lib/bango-ent-listen", "state")
        .replace("8484", "0");
    std::fs::create_dir(home.path().join("state")).unwrap();
    let mut listen = home.bango_ent();
    let listen = listen
        .args(line.split(' '))
        .args(["--for-at-most", "1s"])
        .run();
    listen.assert_code(0);
    assert!(
        listen.stderr.contains("listening on http://127.0.0.1:"),
        "{listen:?}"
    );
    assert!(home.path().join("state/notifications.jsonl").exists());
}
