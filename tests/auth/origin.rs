//! A password belongs to an origin: that of its profile.

use crate::support::cli::{Home, run};
use crate::support::server::Server;

const CONFIG: &str = ".config/bango-ent/config.toml";

/// A profile whose password comes from a command that leaves a file when it is run.
fn profile(base_url: &str) -> String {
    format!(
        "default_profile = \"p\"\n[profiles.p]\nbase_url = \"{base_url}\"\nusername = \"u\"\n\
         password_command = [\"sh\", \"-c\", \"touch asked; echo a-password\"]\n"
    )
}

#[test]
fn a_profiles_password_goes_to_its_own_origin_alone() {
    let (home, own, other) = (Home::new(), Server::active(), Server::active());
    home.write(CONFIG, profile(&own.base_url()));
    home.write("rows.csv", "user,merchant,product\na,M,P\n");
    for command in [
        &["get", "e1"][..],
        &["list", "--user", "a"],
        &["create", "--user", "a", "--merchant", "M", "--product", "P"],
        &["api", "GET", "x"],
        &["wait", "e1", "--timeout", "1s"],
        &["echo"],
        &["doctor"],
        &["auth", "status", "--check"],
        &["batch", "rows.csv"],
    ] {
        for by_flag in [true, false] {
            let mut cli = home.bango_ent();
            cli.args(command);
            if by_flag {
                cli.args(["--base-url", &other.base_url()]);
            } else {
                cli.env("BANGO_BASE_URL", other.base_url());
            }
            let outcome = run(&mut cli);
            let context = format!("{command:?} {by_flag}: {}", outcome.stderr);
            assert_eq!(outcome.code, 4, "{context}");
            assert!(outcome.stderr.contains("is not sent to"), "{context}");
            assert!(!home.path().join("asked").exists(), "{context}");
        }
    }
    let outcome = run(home
        .bango_ent()
        .args(["create", "--user", "a", "--merchant", "M"])
        .args(["--product", "P"]));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(home.path().join("asked").exists());
    assert!(
        other
            .requests()
            .iter()
            .all(|request| !request.contains("uthorization"))
    );
}

#[test]
fn a_password_from_the_environment_goes_where_the_environment_says() {
    let (home, own, other) = (Home::new(), Server::active(), Server::active());
    home.write(CONFIG, profile(&own.base_url()));
    let mut cli = home.bango_ent();
    cli.args(["create", "--user", "a", "--merchant", "M", "--product", "P"])
        .env("BANGO_BASE_URL", other.base_url())
        .env("BANGO_USERNAME", "v")
        .env("BANGO_PASSWORD", "another-password");
    let outcome = run(&mut cli);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!((own.requests().len(), other.requests().len()), (0, 1));
}

#[test]
fn the_sandbox_changes_no_profile() {
    let home = Home::new();
    let config = profile("https://bango.example/v1");
    home.write(CONFIG, &config);
    for command in [
        &["auth", "logout"][..],
        &["profile", "use", "p"],
        &["profile", "remove", "p"],
    ] {
        let outcome = run(home.bango_ent().arg("--sandbox").args(command));
        assert_eq!(outcome.code, 2, "{command:?}: {}", outcome.stderr);
    }
    assert_eq!(
        std::fs::read_to_string(home.path().join(CONFIG)).unwrap(),
        config
    );
}
