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
