//! `doctor`: each check, what it says to do, which cause of a refusal is likelier, and the exit code of the first failure.

use serde_json::{Value, json};

use crate::auth::login::{CONFIG, echoing};
use crate::support::authority::{Authority, serve};
use crate::support::cli::{Home, Outcome, PASSWORD, USERNAME, run};
use crate::support::server::{Server, header, http};
use std::io::Write;

/// The check of this name in a document.
fn check(outcome: &Outcome, name: &str) -> Value {
    let document = outcome.json();
    let checks = document["checks"].as_array().unwrap();
    let found = checks.iter().find(|check| check["name"] == name);
    found
        .unwrap_or_else(|| panic!("{name}: {document}"))
        .clone()
}

/// Name and verdict of every check, in order.
fn verdicts(outcome: &Outcome) -> Vec<String> {
    let document = outcome.json();
    let checks = document["checks"].as_array().unwrap();
    let line = |check: &Value| {
        let text = |key: &str| check[key].as_str().unwrap().to_owned();
        format!("{} {}", text("name"), text("verdict"))
    };
    checks.iter().map(line).collect()
}

fn doctor(home: &Home, url: &str) -> Outcome {
    run(home
        .client(url)
        .args(["doctor", "--json", "--retries", "0"]))
}

#[test]
fn where_all_is_well_every_check_says_so() {
    let (home, peer) = (Home::new(), echoing());
    let outcome = doctor(&home, &peer.base_url());
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(
        verdicts(&outcome),
        [
            "configuration ok",
            "profile ok",
            "credentials ok",
            "proxy ok",
            "dns ok",
            "tcp ok",
            "tls skipped",
            "echo ok",
            "clock skipped"
        ]
    );
    assert!(outcome.json().get("error").is_none());
    let table = run(home.client(&peer).arg("doctor"));
    assert_eq!(table.code, 0);
    assert_eq!(table.stdout.lines().count(), 9, "{}", table.stdout);
    for text in [&outcome.stdout, &outcome.stderr, &table.stdout] {
        assert!(!text.contains(PASSWORD), "{text}");
    }
}

#[test]
fn where_nothing_is_set_up_it_says_so_and_how_to_begin() {
    let home = Home::new();
    // Nothing listens there, and nobody else is asked.
    let outcome = run(home
        .bango_ent()
        .args(["doctor", "--json"])
        .env("HTTPS_PROXY", "http://127.0.0.1:1"));
    assert_eq!(outcome.code, 3, "{}", outcome.stderr);
    let credentials = check(&outcome, "credentials");
    assert_eq!(credentials["verdict"], "failed");
    assert!(
        credentials["finding"]
            .as_str()
            .unwrap()
            .contains("nothing is set up")
    );
    assert!(
        credentials["advice"]
            .as_str()
            .unwrap()
            .contains("bango-ent auth login")
    );
    assert_eq!(outcome.json()["error"]["code"], "CONFIGURATION");
    assert_eq!(check(&outcome, "echo")["verdict"], "skipped");
}

#[test]
fn a_closed_port_fails_with_the_exit_code_of_no_connection() {
    let outcome = doctor(&Home::new(), "http://127.0.0.1:1/v1");
    assert_eq!(outcome.code, 31, "{}", outcome.stderr);
    assert_eq!(check(&outcome, "tcp")["verdict"], "failed");
    assert_eq!(check(&outcome, "echo")["verdict"], "skipped");
    assert_eq!(outcome.json()["error"]["code"], "NOT_SENT");
}

#[test]
fn a_name_that_does_not_exist_fails_at_dns() {
    let outcome = doctor(&Home::new(), "https://api.bango-ent.invalid/v1");
    assert_eq!(outcome.code, 31, "{}", outcome.stderr);
    assert_eq!(check(&outcome, "dns")["verdict"], "failed");
}

#[test]
fn a_configuration_that_cannot_be_read_is_the_first_failure() {
    let home = Home::new();
    home.write(CONFIG, "[[[");
    let outcome = run(home.bango_ent().args(["doctor", "--json"]));
    assert_eq!(outcome.code, 3);
    assert_eq!(check(&outcome, "settings")["verdict"], "failed");
}

#[test]
fn open_modes_are_a_warning_with_the_command_that_closes_them() {
    use std::os::unix::fs::PermissionsExt;
    let (home, peer) = (Home::new(), echoing());
    let path = home.write(CONFIG, "[profiles.p]\nmerchant = 'BANGO'\n");
    for (file, folder, advice, code) in [
        (0o644, 0o700, "chmod 600", 0),
        // Others may exchange the file, so it is not used.
        (0o600, 0o777, "chmod 700", 3),
        (0o600, 0o755, "", 0),
    ] {
        std::fs::set_permissions(&path, PermissionsExt::from_mode(file)).unwrap();
        std::fs::set_permissions(path.parent().unwrap(), PermissionsExt::from_mode(folder))
            .unwrap();
        let outcome = doctor(&home, &peer.base_url());
        assert_eq!(outcome.code, code, "{}", outcome.stderr);
        let check = check(&outcome, "configuration");
        let told = check["advice"].as_str().unwrap_or_default();
        assert!(told.contains(advice), "{check}");
        assert_eq!(
            check["verdict"],
            if advice.is_empty() { "ok" } else { "warning" }
        );
    }
}

#[test]
fn tls_shows_version_issuer_and_days_left_and_names_each_fault() {
    let home = Home::new();
    for (host, from, until, verdict, told) in [
        (
            "127.0.0.1",
            2020,
            2100,
            "ok",
            "TLS 1.3; certificate by CN=the tests' own authority",
        ),
        (
            "other.example",
            2020,
            2100,
            "failed",
            "is for another host than 127.0.0.1",
        ),
        ("127.0.0.1", 2001, 2002, "failed", "has expired"),
    ] {
        let authority = Authority::new();
        let trusted = home.write("trusted.pem", authority.pem());
        let config = authority.server(host, from, until);
        let peer = Server::start(move |connection| {
            serve(&connection, &config, &|mut stream| {
                let body = json!({"responseCode": "OK", "echo": "not yours"}).to_string();
                // The client may have gone already.
                let _ = stream.write_all(&http(200, &[], body));
            });
        });
        let outcome = run(home
            .client(&format!("https://127.0.0.1:{}/v1", peer.port()))
            .args(["doctor", "--json", "--retries", "0"])
            .env("SSL_CERT_FILE", &trusted));
        let tls = check(&outcome, "tls");
        let finding = tls["finding"].as_str().unwrap();
        assert_eq!(tls["verdict"], verdict, "{tls}");
        assert!(finding.contains(told), "{finding}");
        assert!(finding.contains("certificate by"), "{finding}");
        let expected = if verdict == "ok" { 30 } else { 31 };
        assert_eq!(outcome.code, expected, "{}", outcome.stdout);
        if verdict == "ok" {
            assert!(finding.ends_with(" days left"), "{finding}");
            assert_eq!(
                check(&outcome, "echo")["finding"],
                "the answer does not echo the id that was sent"
            );
        } else {
            assert_eq!(peer.requests(), [""; 0]);
        }
    }
}

#[test]
fn a_certificate_that_ends_soon_is_a_warning() {
    let (home, authority) = (Home::new(), Authority::new());
    let trusted = home.write("trusted.pem", authority.pem());
    let config = authority.server_for_days("127.0.0.1", 5);
    let peer = Server::start(move |connection| serve(&connection, &config, &drop));
    let outcome = run(home
        .client(&format!("https://127.0.0.1:{}/v1", peer.port()))
        .args(["doctor", "--json", "--retries", "0"])
        .env("SSL_CERT_FILE", &trusted));
    let tls = check(&outcome, "tls");
    assert_eq!(tls["verdict"], "warning", "{tls}");
}

/// A platform that refuses, and that answers a request without credentials in another way if it is to.
fn refusing(tells: bool, json: bool) -> Server {
    Server::start(move |mut connection| {
        let request = connection.request();
        let is_anonymous = header(&request, "Authorization").is_none();
        let message = if tells && is_anonymous {
            "no credentials"
        } else {
            "Unauthorized"
        };
        let body = if json {
            json!({"responseCode": "UNAUTHORIZED", "responseMessage": message}).to_string()
        } else {
            "<h1>401</h1>".to_owned()
        };
        connection.say(http(401, &[], body));
    })
}

#[test]
fn a_refusal_names_the_likelier_cause_and_claims_no_more() {
    let home = Home::new();
    home.write(CONFIG, format!("[profiles.p]\nusername = '{USERNAME}'\n"));
    for (tells, json, settings, likelier, reason) in [
        (
            false,
            true,
            &[][..],
            "undecided",
            "which both causes explain",
        ),
        (
            true,
            true,
            &[],
            "credentials",
            "the credentials were looked at",
        ),
        (
            false,
            true,
            &[("BANGO_PASSWORD", "\"quoted\"")],
            "credentials",
            "is in quotes",
        ),
        (
            false,
            true,
            &[("BANGO_PASSWORD", " spaced ")],
            "credentials",
            "with a space",
        ),
        (
            false,
            true,
            &[("BANGO_PASSWORD_FILE", "/nowhere")],
            "credentials",
            "from BANGO_PASSWORD shadows",
        ),
        (
            false,
            true,
            &[("BANGO_USERNAME", ""), ("BANGO_PROFILE", "p")],
            "credentials",
            "the user name is from profile p",
        ),
        (false, false, &[], "address", "no response code"),
    ] {
        let peer = refusing(tells, json);
        let outcome = run(home
            .client(&peer)
            .args(["doctor", "--json", "--retries", "0"])
            .envs(settings.iter().copied()));
        assert_eq!(outcome.code, 11, "{}", outcome.stderr);
        let document = outcome.json();
        assert_eq!(document["refusal"]["likelier"], likelier, "{document}");
        let reasons = document["refusal"]["reasons"].to_string();
        assert!(reasons.contains(reason), "{reasons}");
        let finding = check(&outcome, "echo")["finding"].to_string();
        assert!(
            finding.contains("the answer itself does not tell"),
            "{finding}"
        );
        assert_eq!(document["error"]["code"], "UNAUTHORIZED");
        // One connection only looks whether there is one.
        let mut requests = peer.requests();
        requests.retain(|request| !request.is_empty());
        assert_eq!(requests.len(), 2);
        assert_eq!(header(&requests[1], "Authorization"), None);
    }
}

#[test]
fn a_clock_that_is_wrong_is_told_by_how_much() {
    let peer = Server::start(|mut connection| {
        let request = connection.request();
        let id = request
            .split(' ')
            .nth(1)
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned();
        let body = json!({"responseCode": "OK", "echo": id}).to_string();
        let date = "Date: Mon, 23 Nov 2020 10:00:00 GMT";
        connection.say(http(200, &[date], body));
    });
    let outcome = doctor(&Home::new(), &peer.base_url());
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let clock = check(&outcome, "clock");
    assert_eq!(clock["verdict"], "warning");
    assert!(
        clock["finding"]
            .as_str()
            .unwrap()
            .contains("s ahead of the server's"),
        "{clock}"
    );
}

#[test]
fn through_a_proxy_what_is_out_of_sight_is_said_to_be() {
    let home = Home::new();
    let proxy = Server::start(drop);
    let outcome = run(home
        .client("https://resale.example/v1")
        .args(["doctor", "--json", "--retries", "0"])
        .env(
            "HTTPS_PROXY",
            format!("http://who:secret-of-proxy@127.0.0.1:{}", proxy.port()),
        ));
    assert_eq!(outcome.code, 31, "{}", outcome.stderr);
    assert_eq!(check(&outcome, "dns")["verdict"], "skipped");
    assert!(
        check(&outcome, "tcp")["finding"]
            .as_str()
            .unwrap()
            .starts_with("the proxy 127.0.0.1")
    );
    assert_eq!(check(&outcome, "tls")["verdict"], "skipped");
    assert_eq!(check(&outcome, "echo")["verdict"], "failed");
    for text in [&outcome.stdout, &outcome.stderr] {
        assert!(
            !text.contains("secret-of-proxy") && !text.contains("who"),
            "{text}"
        );
    }
}

#[test]
fn a_dry_run_of_the_doctor_opens_no_connection() {
    let (home, peer) = (Home::new(), echoing());
    let outcome = run(home.client(&peer).args(["doctor", "--json", "--dry-run"]));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(peer.connections(), 0);
}
