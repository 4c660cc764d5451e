//! A password belongs to an origin: that of its profile.

use super::login::{config, echoing};
use crate::support::cli::{Home, run};
use crate::support::sandbox::Sandbox;
use crate::support::server::{Server, header};

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
        &["get", "e1", "e2"],
        &["list", "--user", "a", "--user", "b"],
        &["create", "--user", "a", "--merchant", "M", "--product", "P"],
        &["update", "e1", "--product", "P"],
        &["suspend", "e1"],
        &["resume", "e1"],
        &["cancel", "e1", "--reason", "REVOKED/FRAUD", "--yes"],
        &["revoke", "e1", "--reason", "REVOKED/FRAUD", "--yes"],
        &["activation-url", "e1"],
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
fn a_profile_whose_own_address_cannot_be_read_sends_its_password_nowhere() {
    let (home, other) = (Home::new(), Server::active());
    for own in ["", "resale.api.bango.net/v1", "http://bango.example/v1"] {
        home.write(CONFIG, profile(own));
        for by_flag in [true, false] {
            let mut cli = home.bango_ent();
            cli.arg("echo");
            if by_flag {
                cli.args(["--base-url", &other.base_url()]);
            } else {
                cli.env("BANGO_BASE_URL", other.base_url());
            }
            let outcome = run(&mut cli);
            assert_eq!(outcome.code, 4, "{own:?} {by_flag}: {}", outcome.stderr);
            assert!(!home.path().join("asked").exists(), "{own:?} {by_flag}");
        }
    }
    assert_eq!(other.connections(), 0);
}

#[test]
fn what_fetches_no_password_works_and_warns() {
    let (home, own, other) = (Home::new(), Server::active(), Server::active());
    home.write(CONFIG, profile(&own.base_url()));
    home.write("rows.csv", "user,merchant,product\na,M,P\n");
    for command in [
        &["get", "e1", "--dry-run"][..],
        &["auth", "status"],
        &["batch", "rows.csv", "--check"],
        &["batch", "rows.csv", "--dry-run"],
    ] {
        let mut cli = home.bango_ent();
        let outcome = run(cli.args(command).env("BANGO_BASE_URL", other.base_url()));
        let (said, context) = (&outcome.stderr, format!("{command:?}"));
        assert_eq!(outcome.code, 0, "{context}: {said}");
        assert!(
            said.contains("warning: the password from profile p is for"),
            "{context}: {said}"
        );
        assert!(
            said.contains(&own.base_url()) && said.contains(&other.base_url()),
            "{context}: {said}"
        );
        assert!(!home.path().join("asked").exists(), "{context}");
    }
    assert_eq!((own.connections(), other.connections()), (0, 0));
}

#[test]
fn a_login_checks_the_address_that_it_saves() {
    let (home, saved, other) = (Home::new(), echoing(), echoing());
    let login = |more: &[&str]| {
        let mut cli = home.bango_ent();
        cli.args(["auth", "login", "--username", "u"])
            .args(["--password-command", "echo a-password"])
            .args(more)
            .env("BANGO_BASE_URL", other.base_url());
        run(&mut cli)
    };
    let base_url = saved.base_url();
    // The second login finds the address in the profile.
    for more in [&["--base-url", &base_url][..], &[]] {
        let outcome = login(more);
        let said = &outcome.stderr;
        assert_eq!(outcome.code, 0, "{said}");
        assert!(
            said.contains(&format!("note: checked at {base_url}\n")),
            "{said}"
        );
        assert!(said.contains("BANGO_BASE_URL is not used"), "{said}");
        assert!(config(&home).contains(&base_url));
    }
    assert_eq!((saved.requests().len(), other.connections()), (2, 0));
    let documented = login(&["--profile", "new", "--dry-run"]);
    let request = "GET https://resale.api.bango.net/v1/echo/";
    assert!(documented.stdout.contains(request), "{}", documented.stdout);
    assert_eq!(other.connections(), 0);
}

#[test]
fn a_sandbox_that_is_found_is_named_and_gets_its_own_credentials_alone() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let (home, own) = (Home::new(), Server::active());
    home.write(CONFIG, profile(&own.base_url()));
    let (_, port) = sandbox.address().rsplit_once(':').unwrap();
    let outcome = run(home
        .bango_ent()
        .args(["--sandbox", "echo"])
        .env("BANGO_SANDBOX_PORT", port)
        .env("BANGO_USERNAME", "v")
        .env("BANGO_PASSWORD", "another-password"));
    // It would refuse any others.
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let note = format!("note: using the sandbox at http://{}\n", sandbox.address());
    assert!(outcome.stderr.contains(&note), "{}", outcome.stderr);
    assert!(!home.path().join("asked").exists());
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
    let [request] = other.requests().try_into().unwrap();
    let sent = header(&request, "Authorization");
    assert_eq!(sent, Some("Basic djphbm90aGVyLXBhc3N3b3Jk"));
    assert!(!home.path().join("asked").exists());
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
        &["auth", "login", "--username", "v", "--no-verify"],
    ] {
        let outcome = run(home.bango_ent().arg("--sandbox").args(command));
        assert_eq!(outcome.code, 2, "{command:?}: {}", outcome.stderr);
    }
    assert_eq!(
        std::fs::read_to_string(home.path().join(CONFIG)).unwrap(),
        config
    );
}

#[test]
fn a_platform_by_name_is_an_address_and_what_is_inferred_of_it_is_said() {
    let home = Home::new();
    home.write("password.txt", "p");
    for (platform, host, environment) in [
        ("v1", "resale.api.bango.net", None),
        ("sandbox", "resale.api.sandbox.bango.com", Some("test")),
        ("us", "us.resale.api.bango.com", Some("live")),
        ("ap", "ap.resale.api.bango.com", Some("live")),
        ("eu", "eu.resale.api.bango.com", Some("live")),
    ] {
        let login = |more: &[&str]| {
            let mut cli = home.bango_ent();
            cli.args(["auth", "login", "--username", "u", "--no-verify", "--json"])
                .args(["--password-file", "password.txt", "--store", "file"])
                .args(["--profile", platform, "--platform", platform])
                .args(more);
            run(&mut cli)
        };
        let outcome = login(&[]);
        outcome.assert_code(0);
        let saved = outcome.json();
        assert_eq!(saved["baseUrl"], format!("https://{host}/v1"));
        assert_eq!(saved["environment"].as_str(), environment, "{platform}");
        let is_said = outcome.stderr.contains("inferred");
        assert_eq!(is_said, platform != "v1", "{}", outcome.stderr);
        let told = login(&["--environment", "test"]);
        assert_eq!(told.json()["environment"], "test");
        login(&["--base-url", "https://x.example/v1"]).assert_code(2);
    }
}
