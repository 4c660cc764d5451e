//! Where a password may come from, and for whom it is sent.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::support::cli::{CREATE, Home, Outcome, run};
use crate::support::server::{Server, header};

const CONFIG: &str = ".config/bango-ent/config.toml";

/// The user and password that reach the server, or the outcome if the run failed.
fn sent(home: &Home, settings: &[(&str, &str)]) -> Result<String, Outcome> {
    let peer = Server::active();
    let mut command = home.bango_ent();
    home.profiles_are_for(&peer.base_url());
    command.args(CREATE).env("BANGO_BASE_URL", peer.base_url());
    let outcome = run(command.envs(settings.iter().copied()));
    if outcome.code != 0 {
        assert_eq!(peer.connections(), 0);
        return Err(outcome);
    }
    let request = peer.requests().remove(0);
    let basic = header(&request, "Authorization")
        .unwrap()
        .strip_prefix("Basic ")
        .unwrap();
    Ok(String::from_utf8(BASE64_STANDARD.decode(basic).unwrap()).unwrap())
}

#[test]
fn a_password_comes_from_a_command_without_a_shell_or_from_a_file() {
    let home = Home::new();
    let config = "default_profile = 'p'\n[profiles.p]\nusername = 'u'\n";
    home.write(
        CONFIG,
        format!(r#"{config}password_command = ["printf", "%s\n", " a b;$(c)*'é "]"#),
    );
    assert_eq!(sent(&home, &[]).ok().unwrap(), "u: a b;$(c)*'é ");
    home.write("password", "of-file\r\n");
    assert_eq!(
        sent(&home, &[("BANGO_PASSWORD_FILE", "password")])
            .ok()
            .unwrap(),
        "u:of-file"
    );
    let both = [
        ("BANGO_PASSWORD_FILE", "password"),
        ("BANGO_PASSWORD", "of-variable"),
    ];
    assert_eq!(sent(&home, &both).ok().unwrap(), "u:of-variable");
    for (command, told) in [
        (r"[]", "password_command is empty"),
        (
            r#"["bango-ent-no-such-program"]"#,
            "the password command cannot be run",
        ),
        (
            r#"["false"]"#,
            "the password command failed (exit status: 1)",
        ),
        (r#"["true"]"#, "the password is empty"),
        (r#"["printf", "\\377"]"#, "the password is not UTF-8"),
        (
            r#"["head", "-c", "100000", "/dev/zero"]"#,
            "longer than 4096 bytes",
        ),
    ] {
        home.write(CONFIG, format!("{config}password_command = {command}\n"));
        let outcome = sent(&home, &[]).err().unwrap();
        assert_eq!(outcome.code, 3, "{command}");
        assert!(
            outcome.stderr.contains(told),
            "{command}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn a_password_counts_once_its_command_has_ended_whoever_holds_the_pipe() {
    let home = Home::new();
    home.write(
        CONFIG,
        "default_profile = 'p'\n[profiles.p]\nusername = 'u'\n\
        password_command = ['sh', '-c', 'sleep 20 2>&- & echo secret']\n",
    );
    let start = Instant::now();
    assert_eq!(sent(&home, &[]).ok().unwrap(), "u:secret");
    assert!(start.elapsed() < Duration::from_secs(8));
}

#[test]
fn a_password_command_is_waited_for_ten_seconds() {
    let refused = |script: &str| {
        let home = Home::new();
        let config = "default_profile = 'p'\n[profiles.p]\nusername = 'u'\n";
        home.write(
            CONFIG,
            format!("{config}password_command = ['sh', '-c', '{script}']\n"),
        );
        let start = Instant::now();
        let outcome = sent(&home, &[]).err().unwrap();
        assert_eq!(outcome.code, 3);
        assert!(
            outcome.stderr.contains("did not end within 10 seconds"),
            "{}",
            outcome.stderr
        );
        let took = start.elapsed();
        assert!(
            took >= Duration::from_secs(10) && took < Duration::from_secs(15),
            "{took:?}"
        );
    };
    std::thread::scope(|scope| {
        scope.spawn(|| refused("exec sleep 60"));
        scope.spawn(|| refused("echo secret; exec sleep 60 >&-"));
    });
}

#[test]
fn a_password_is_not_sent_for_another_user() {
    let home = Home::new();
    let profile = "[profiles.first]\nusername = 'of-first'\npassword = 'password-of-first'\n";
    home.write(CONFIG, format!("default_profile = 'first'\n{profile}"));
    let outcome = sent(&home, &[("BANGO_USERNAME", "of-environment")])
        .err()
        .unwrap();
    assert_eq!(outcome.code, 3);
    assert!(
        outcome.stderr.contains("belongs to another user"),
        "{}",
        outcome.stderr
    );
    let both = [("BANGO_USERNAME", "x"), ("BANGO_PASSWORD", "y")];
    assert_eq!(sent(&home, &both).ok().unwrap(), "x:y");
    assert_eq!(
        sent(&home, &[("BANGO_USERNAME", "of-first")]).ok().unwrap(),
        "of-first:password-of-first"
    );
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_password() {
    let home = Home::new();
    let password = home.write("password", "\u{feff}secret\r\n");
    let from_file = [("BANGO_USERNAME", "u"), ("BANGO_PASSWORD_FILE", "password")];
    assert_eq!(sent(&home, &from_file).ok().unwrap(), "u:secret");
    home.write(
        CONFIG,
        "default_profile = 'p'\n[profiles.p]\nusername = 'u'\npassword_command = ['cat', 'password']\n",
    );
    assert_eq!(sent(&home, &[]).ok().unwrap(), "u:secret");
    let mut login = home.bango_ent();
    login
        .args(["auth", "login", "--username", "u", "--no-verify"])
        .args(["--store", "file", "--password-stdin"])
        .write_stdin(std::fs::read(password).unwrap());
    run(&mut login).assert_code(0);
    assert_eq!(sent(&home, &[]).ok().unwrap(), "u:secret");
}

#[test]
fn a_password_command_of_several_lines_is_told_how_to_print_one() {
    let home = Home::new();
    home.write(
        CONFIG,
        "[profiles.p]\nusername = 'u'\npassword_command = ['printf', 'secret\\nurl: x\\n']\n",
    );
    let outcome = sent(&home, &[("BANGO_PROFILE", "p")]).err().unwrap();
    outcome.assert_code(3);
    assert!(outcome.stderr.contains("head -n 1"), "{}", outcome.stderr);
}
