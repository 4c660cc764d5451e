//! The proxy of the environment: a tunnel for TLS, which sees neither the request nor the API's credentials.

use std::io::Write;
use std::sync::Arc;

use crate::support::authority::{Authority, serve};
use crate::support::cli::{AUTHORIZATION, CREATE, Cli, Home, PASSWORD, run};
use crate::support::server::{Connection, Server, active, header, http, pending};

const API: &str = "resale.example";

/// A create at an API that only a proxy can reach.
fn create(home: &Home, proxy: &Server, trusted: &str) -> Cli {
    home.write("trusted.pem", trusted);
    let mut command = home.client(&format!("https://{API}/v1"));
    command
        .args(CREATE)
        .args(["--json", "--retries", "1"])
        .env("SSL_CERT_FILE", home.path().join("trusted.pem"))
        .env(
            "HTTPS_PROXY",
            format!("http://who:secret-of-proxy@127.0.0.1:{}", proxy.port()),
        );
    command
}

#[test]
fn a_request_goes_through_the_tunnel_of_a_proxy() {
    let (home, authority) = (Home::new(), Authority::new());
    let config = authority.server(API, 2020, 2100);
    let proxy = Server::start(move |mut connection| {
        connection.request();
        connection.say("HTTP/1.1 200 Connection established\r\n\r\n");
        serve(&connection, &config, &|mut stream| {
            let body = active();
            stream.write_all(&http(200, &[], body)).unwrap();
        });
    });
    let outcome = run(&mut create(&home, &proxy, &authority.pem()));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let [connect, inner] = proxy.requests().try_into().unwrap();
    assert!(
        connect.starts_with("CONNECT resale.example:443 HTTP/1.1\r\n"),
        "{connect}"
    );
    assert_eq!(header(&connect, "Authorization"), None);
    // who:secret-of-proxy
    assert_eq!(
        header(&connect, "Proxy-Authorization"),
        Some("Basic d2hvOnNlY3JldC1vZi1wcm94eQ==")
    );
    assert_eq!(header(&inner, "Authorization"), Some(AUTHORIZATION));
    assert_eq!(header(&inner, "Proxy-Authorization"), None);
}

#[test]
fn a_far_api_cannot_send_the_user_to_a_url_of_this_machine() {
    let (home, authority) = (Home::new(), Authority::new());
    let config = authority.server(API, 2020, 2100);
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let url = format!("http://{host}:8080/admin?do=1");
        let (answer, config) = (http(202, &[], pending(&url).to_string()), config.clone());
        let proxy = Server::start(move |mut connection| {
            connection.request();
            connection.say("HTTP/1.1 200 Connection established\r\n\r\n");
            serve(&connection, &config, &|mut stream| {
                stream.write_all(&answer).unwrap();
            });
        });
        let outcome = run(create(&home, &proxy, &authority.pem()).arg("--browser"));
        outcome.assert_code(32);
        let error = outcome.json()["error"].take();
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("plain HTTP"), "{message}");
        assert!(
            !outcome.stderr.contains("system to open"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn a_407_within_the_tunnel_is_the_apis_own_and_leaves_the_outcome_unknown() {
    let (home, authority) = (Home::new(), Authority::new());
    let config = authority.server(API, 2020, 2100);
    let proxy = Server::start(move |mut connection| {
        connection.request();
        connection.say("HTTP/1.1 200 Connection established\r\n\r\n");
        serve(&connection, &config, &|mut stream| {
            stream.write_all(&http(407, &[], "")).unwrap();
        });
    });
    let outcome = run(&mut create(&home, &proxy, &authority.pem()));
    outcome.assert_code(30);
    let error = outcome.json()["error"].take();
    assert_eq!(error["outcome"], "unknown");
    assert!(error["repeat"].is_string(), "{error}");
}

#[test]
fn a_proxy_that_does_not_connect_is_named_and_nothing_was_sent() {
    let answers: [fn(Connection); 5] = [
        |mut connection| {
            connection.request();
            connection.say("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
        },
        |mut connection| {
            connection.request();
            connection.say("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nno");
        },
        |mut connection| {
            connection.request();
            connection.say("220 mail.example ESMTP\r\n\r\n");
        },
        |mut connection| {
            connection.request();
            connection.reset();
        },
        |mut connection| {
            connection.request();
        },
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        let (home, authority) = (Home::new(), Authority::new());
        let proxy = Server::start(answer);
        let outcome = run(&mut create(&home, &proxy, &authority.pem()));
        assert_eq!(outcome.code, 31, "{}", outcome.stderr);
        let error = outcome.json()["error"].take();
        assert_eq!(error["outcome"], "not_sent");
        let message = error["message"].as_str().unwrap();
        assert!(
            message.contains("proxy") && message.contains(API),
            "{message}"
        );
        assert_eq!(message.contains("wants a login"), number == 0, "{message}");
        for secret in [PASSWORD, "secret-of-proxy", "d2hvOnNl"] {
            assert!(!outcome.stderr.contains(secret), "{}", outcome.stderr);
        }
    }
}

#[test]
fn a_broken_tunnel_after_the_request_leaves_the_outcome_unknown() {
    let (home, authority) = (Home::new(), Authority::new());
    let config = authority.server(API, 2020, 2100);
    let proxy = Server::start(move |mut connection| {
        connection.request();
        connection.say("HTTP/1.1 200 Connection established\r\n\r\n");
        serve(&connection, &Arc::clone(&config), &drop);
    });
    let outcome = run(&mut create(&home, &proxy, &authority.pem()));
    assert_eq!(outcome.code, 30, "{}", outcome.stderr);
}

#[test]
fn this_machine_and_exceptions_are_reached_without_a_proxy() {
    let home = Home::new();
    let proxy = Server::start(drop);
    let peer = Server::answering(http(200, &[], active()));
    let address = format!("http://127.0.0.1:{}", proxy.port());
    let direct = run(home
        .client(&peer)
        .args(CREATE)
        .env("HTTPS_PROXY", &address)
        .env("ALL_PROXY", &address)
        .env("http_proxy", &address));
    assert_eq!(direct.code, 0, "{}", direct.stderr);
    let excepted = run(home
        .client("https://api.bango-ent.invalid/v1")
        .args(CREATE)
        .args(["--retries", "0", "--timeout", "10s"])
        .env("ALL_PROXY", &address)
        .env("NO_PROXY", "localhost,.bango-ent.invalid"));
    assert_eq!(excepted.code, 31, "{}", excepted.stderr);
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn a_proxy_setting_that_is_none_is_a_configuration_error_without_its_password() {
    let home = Home::new();
    for setting in [
        "who:secret-of-proxy@",
        "gopher://who:secret-of-proxy@proxy.example",
        "http://",
    ] {
        let outcome = run(home
            .client("https://resale.example/v1")
            .args(CREATE)
            .env("HTTPS_PROXY", setting));
        assert_eq!(outcome.code, 3, "{setting}: {}", outcome.stderr);
        assert!(
            !outcome.stderr.contains("secret-of-proxy"),
            "{}",
            outcome.stderr
        );
    }
}
