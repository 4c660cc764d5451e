//! Whose files are trusted: what another user owns or may write is refused before a command is run or a secret is read.

use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::Path;

use crate::auth::login::{CONFIG, config};
use crate::support::cli::{CREATE, Cli, Home, Outcome, PASSWORD, run};
use crate::support::server::Server;

/// Two users that are not root.
const ME: u32 = 12345;
const OTHER: u32 = 54321;

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

fn give(path: &Path, user: u32) {
    chown(path, Some(user), Some(user)).unwrap();
}

/// A configuration whose password command leaves a trace.
fn tracing(home: &Home, peer: &Server) -> std::path::PathBuf {
    let path = home.write(
        CONFIG,
        format!(
            "default_profile = 'p'\n[profiles.p]\nusername = 'u'\nbase_url = '{}'\n\
            password_command = ['sh', '-c', 'touch ran; echo {PASSWORD}']\n",
            peer.base_url()
        ),
    );
    set_mode(&path, 0o600);
    set_mode(path.parent().unwrap(), 0o700);
    path
}

/// Expects that nothing of the configuration was used, and returns what was said of the create.
fn assert_refused(home: &Home, peer: &Server, why: &str) -> Outcome {
    for arguments in [&["auth", "status"][..], &["profile", "list"], &["doctor"]] {
        let outcome = run(home.bango_ent().args(arguments));
        assert_eq!(outcome.code, 3, "{why} {arguments:?}: {}", outcome.stderr);
    }
    let outcome = run(home.bango_ent().args(CREATE).args(["--quiet", "--json"]));
    assert_eq!(outcome.code, 3, "{why}: {}", outcome.stderr);
    assert!(outcome.stderr.contains("is not trusted: "), "{why}");
    assert!(outcome.stderr.contains(why), "{why}: {}", outcome.stderr);
    assert_eq!(outcome.json()["error"]["outcome"], "not_sent");
    assert!(!home.path().join("ran").exists(), "{why}");
    assert_eq!(peer.connections(), 0, "{why}");
    outcome
}

#[test]
fn a_configuration_that_others_may_write_runs_no_command() {
    for (of_file, of_folder, why) in [
        (0o666, 0o700, "others can change it (mode 666)"),
        (0o620, 0o700, "others can change it (mode 620)"),
        (0o600, 0o777, "others can change its folder"),
        (0o600, 0o770, "others can change its folder"),
    ] {
        let (home, peer) = (Home::new(), Server::active());
        let path = tracing(&home, &peer);
        set_mode(&path, of_file);
        set_mode(path.parent().unwrap(), of_folder);
        let outcome = assert_refused(&home, &peer, why);
        assert!(outcome.stderr.contains("run chmod go-w on it"));
        set_mode(&path, 0o644);
        set_mode(path.parent().unwrap(), 0o755);
        assert_eq!(run(home.bango_ent().args(CREATE)).code, 0);
        assert!(home.path().join("ran").exists());
    }
}

#[test]
#[ignore = "only root can give files to other users"]
fn a_configuration_of_another_user_runs_no_command() {
    let gives: [fn(&Path); 3] = [
        |path| give(path, OTHER),
        |path| give(path.parent().unwrap(), OTHER),
        |path| {
            let link = path.with_file_name("link");
            std::fs::rename(path, path.with_file_name("target")).unwrap();
            symlink("target", &link).unwrap();
            std::os::unix::fs::lchown(&link, Some(OTHER), Some(OTHER)).unwrap();
            std::fs::rename(&link, path).unwrap();
        },
    ];
    for give in gives {
        let (home, peer) = (Home::new(), Server::active());
        let path = tracing(&home, &peer);
        assert_eq!(run(home.bango_ent().args(["auth", "status"])).code, 0);
        give(&path);
        assert_refused(&home, &peer, "belongs to another user (uid 54321)");
    }
}

#[test]
fn a_password_file_that_others_may_write_is_not_read() {
    let send = |path: &str| {
        let (home, peer) = (Home::new(), Server::active());
        let mut command = home.bango_ent();
        command
            .args(CREATE)
            .env("BANGO_BASE_URL", peer.base_url())
            .env("BANGO_USERNAME", "u")
            .env("BANGO_PASSWORD_FILE", path);
        run(&mut command)
    };
    let home = Home::new();
    let path = home.write("secrets/password", PASSWORD);
    for (of_file, of_folder, is_read) in [
        (0o600, 0o700, true),
        // As Docker mounts a secret.
        (0o444, 0o755, true),
        (0o666, 0o700, false),
        (0o620, 0o700, false),
        (0o600, 0o777, false),
    ] {
        set_mode(&path, of_file);
        set_mode(path.parent().unwrap(), of_folder);
        let outcome = send(path.to_str().unwrap());
        let code = if is_read { 0 } else { 3 };
        assert_eq!(outcome.code, code, "{of_file:o}: {}", outcome.stderr);
        let told = outcome
            .stderr
            .contains("the password file is not trusted: others can change");
        assert_eq!(told, !is_read, "{}", outcome.stderr);
    }
    for (path, told) in [
        ("/dev/null", "the password file is empty"),
        ("/dev/zero", "it is not a regular file"),
        ("/", "it is not a regular file"),
    ] {
        let outcome = send(path);
        assert_eq!(outcome.code, 3);
        assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
    }
}

#[test]
fn a_secret_file_of_listen_that_others_may_write_is_not_read() {
    let home = Home::new();
    let path = home.write("secret", "a-secret-of-sixteen");
    set_mode(&path, 0o646);
    let outcome = run(home
        .bango_ent()
        .args(["listen", "--port", "0", "--auth", "bearer"])
        .args(["--secret-file", "secret"]));
    assert_eq!(outcome.code, 3, "{}", outcome.stderr);
    let told = "the secret file secret is not trusted: others can change it (mode 646)";
    assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
}

#[test]
fn a_link_of_ones_own_is_followed_to_read_and_never_to_write() {
    let (home, peer) = (Home::new(), Server::active());
    let link = tracing(&home, &peer);
    let target = home.path().join("dotfiles/bango.toml");
    std::fs::create_dir(target.parent().unwrap()).unwrap();
    std::fs::rename(&link, &target).unwrap();
    symlink(&target, &link).unwrap();
    assert_eq!(run(home.bango_ent().args(CREATE)).code, 0);
    let before = config(&home);
    for arguments in [
        &["profile", "use", "p"][..],
        &["profile", "remove", "p"],
        &["auth", "logout"],
        &["auth", "login", "--username", "v", "--no-verify"],
    ] {
        let outcome = run(home.bango_ent().args(arguments));
        assert_eq!(outcome.code, 3, "{arguments:?}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains("symbolic link"),
            "{}",
            outcome.stderr
        );
    }
    assert!(link.is_symlink());
    assert_eq!(config(&home), before);
    // What it leads to is held to the same rules.
    set_mode(&target, 0o606);
    std::fs::remove_file(home.path().join("ran")).unwrap();
    assert_eq!(run(home.bango_ent().args(CREATE)).code, 3);
    assert!(!home.path().join("ran").exists());
}

#[test]
fn secrets_are_read_as_kubernetes_mounts_them() {
    let (home, peer) = (Home::new(), Server::active());
    home.write("k/..1/password", PASSWORD);
    home.write(
        "k/..1/config.toml",
        format!(
            "default_profile = 'p'\n[profiles.p]\nusername = 'u'\nbase_url = '{}'\n",
            peer.base_url()
        ),
    );
    let mounted = home.path().join("k");
    symlink("..1", mounted.join("..data")).unwrap();
    for name in ["password", "config.toml"] {
        symlink(format!("..data/{name}"), mounted.join(name)).unwrap();
    }
    // Anybody may add files there, and nobody may exchange those of another.
    set_mode(&mounted, 0o1777);
    let mut command = home.bango_ent();
    command
        .args(CREATE)
        .env("BANGO_CONFIG", "k/config.toml")
        .env("BANGO_PASSWORD_FILE", "k/password");
    let outcome = run(&mut command);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    set_mode(&mounted, 0o777);
    assert_eq!(run(&mut command).code, 3);
}

#[test]
fn dev_null_as_the_configuration_means_none() {
    let (home, peer) = (Home::new(), Server::active());
    home.write(CONFIG, "[[[");
    let mut command = home.bango_ent();
    command.env("BANGO_CONFIG", "/dev/null").args(CREATE);
    assert_eq!(run(&mut command).code, 3, "nothing is set up");
    command
        .env("BANGO_BASE_URL", peer.base_url())
        .env("BANGO_USERNAME", "u")
        .env("BANGO_PASSWORD", PASSWORD);
    let outcome = run(&mut command);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let outcome = run(home.bango_ent().env("BANGO_CONFIG", "/dev/null").args([
        "auth",
        "login",
        "--username",
        "u",
        "--no-verify",
    ]));
    assert_eq!(outcome.code, 3, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("/dev/null is not changed"));
}

/// The binary as another user than root, in a home that belongs to that user.
fn as_me(home: &Home) -> Cli {
    let program = home.path().join("bango-ent");
    if !program.exists() {
        std::fs::copy(env!("CARGO_BIN_EXE_bango-ent"), &program).unwrap();
    }
    let owner = format!("{ME}:{ME}");
    let given = home.program("chown").args(["-R", &owner, "."]).run();
    assert_eq!(given.code, 0, "{}", given.stderr);
    let me = [
        "setpriv",
        "--reuid=12345",
        "--regid=12345",
        "--clear-groups",
    ];
    home.program(program).under(&me)
}

#[test]
#[ignore = "only root can act as other users"]
fn a_file_of_root_is_trusted_and_one_of_a_third_user_is_not() {
    let (home, peer) = (Home::new(), Server::active());
    let path = tracing(&home, &peer);
    for (owner, code) in [(0, 0), (ME, 0), (OTHER, 3)] {
        let mut command = as_me(&home);
        give(&path, owner);
        set_mode(&path, 0o644);
        let outcome = run(command.args(CREATE));
        assert_eq!(outcome.code, code, "{owner}: {}", outcome.stderr);
    }
    let outside = Home::new();
    set_mode(outside.path(), 0o755);
    let password = outside.write("password", PASSWORD);
    for (owner, code) in [(0, 0), (OTHER, 3)] {
        let mut command = as_me(&home);
        give(&password, owner);
        let outcome = run(command
            .args(CREATE)
            .env("BANGO_PASSWORD_FILE", &password)
            .env("BANGO_USERNAME", "u"));
        assert_eq!(outcome.code, code, "{owner}: {}", outcome.stderr);
    }
}

#[test]
#[ignore = "only root can act as other users"]
fn the_default_file_in_a_foreign_home_is_left_out_with_a_warning() {
    let (home, peer, foreign) = (Home::new(), Server::active(), Home::new());
    foreign.write(CONFIG, "[[[");
    set_mode(foreign.path(), 0o700);
    let mut command = as_me(&home);
    command
        .args(CREATE)
        .env("HOME", foreign.path())
        .env("BANGO_BASE_URL", peer.base_url())
        .env("BANGO_USERNAME", "u")
        .env("BANGO_PASSWORD", PASSWORD);
    let outcome = run(&mut command);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("cannot be read and is left out"),
        "{}",
        outcome.stderr
    );
    let named = command.env("BANGO_CONFIG", foreign.path().join(CONFIG));
    assert_eq!(
        run(named).code,
        3,
        "a file that was named is never left out"
    );
}

#[test]
#[ignore = "only root can act as other users"]
fn a_save_that_happened_is_never_reported_as_not_saved() {
    let home = Home::new();
    let path = home.write(
        CONFIG,
        "default_profile = 'a'\n[profiles.a]\n[profiles.b]\n",
    );
    // It can be written, but not opened to make sure that it is on the disk.
    set_mode(path.parent().unwrap(), 0o300);
    let outcome = run(as_me(&home).args(["profile", "use", "b"]));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("is saved, but may be as it was"),
        "{}",
        outcome.stderr
    );
    assert!(config(&home).contains("default_profile = \"b\""));

    home.write("password", PASSWORD);
    let tool = home.write(
        "bin/secret-tool",
        "#!/bin/sh\ncase $1 in store) cat > kept;; clear) rm kept;; esac\n",
    );
    set_mode(&tool, 0o755);
    let mut command = as_me(&home);
    let before = std::env::var("PATH").unwrap_or_default();
    let outcome = run(command
        .env(
            "PATH",
            format!("{}:{before}", tool.parent().unwrap().display()),
        )
        .args(["auth", "login", "--username", "u", "--no-verify"])
        .args(["--password-file", "password"]));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(config(&home).contains("password_store = \"keyring\""));
    let kept = std::fs::read_to_string(home.path().join("kept")).unwrap();
    assert_eq!(kept, PASSWORD, "what the file names is still there");
}
