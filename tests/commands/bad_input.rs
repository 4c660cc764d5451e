//! Wrong input: a clear error that names the thing, its exit code, and nothing sent.

use httpmock::MockServer;

use crate::support::cli::{CREATE, Home, Outcome, run};
use crate::support::mock::{answer, create};
use crate::support::server::entitlement;
use serde_json::json;

/// Runs a create with more arguments against a server that counts, and expects that nothing came.
fn refused(arguments: &[&str]) -> Outcome {
    let (home, server) = (Home::new(), MockServer::start());
    let mock = answer(&server, 200, &entitlement(&json!({})));
    let outcome = create(&home, &server, arguments);
    mock.assert_calls(0);
    outcome
}

#[test]
fn wrong_values_are_usage_errors_that_name_the_flag() {
    for arguments in [
        &["--offer", ""][..],
        &["--offer", "a\nb"],
        &["--offer", "a\u{1b}b"],
        &["--entitlement-id", " "],
        &["--entitlement-id", ".."],
        &["--display-name", ""],
        &["--notification-url", "/bango"],
        &["--notification-url", "reseller.example/bango"],
        &["--notification-url", "ftp://reseller.example"],
        &["--expires", "tomorrow"],
        &["--expires", "2027-02-30"],
        &["--expires", "2027-01-31T12:00"],
        &["--field", "novalue"],
        &["--field", "x:={"],
        &["--timeout", "0"],
        &["--timeout", "soon"],
        &["--retries", "-1"],
        &["--request-id", "a b"],
        &["--request-id", "a\r\nX-Evil: 1"],
        &["--request-id", ""],
        &["--base-url", "http://127.0.0.1.evil.test"],
        &["--base-url", "http://x@127.0.0.1"],
        &["--base-url", "http://evil.test/?127.0.0.1"],
        &["--base-url", "resale.api.bango.net"],
    ] {
        let outcome = refused(arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains(arguments[0]),
            "{arguments:?}: {}",
            outcome.stderr
        );
        assert_eq!(outcome.stdout, "", "{arguments:?}");
    }
}

#[test]
fn a_base_url_from_the_environment_is_held_to_the_same_rule() {
    let home = Home::new();
    let outcome = run(home
        .bango_ent()
        .args(CREATE)
        .env("BANGO_USERNAME", "x")
        .env("BANGO_PASSWORD", "y")
        .env("BANGO_BASE_URL", "http://evil.test/?127.0.0.1"));
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.stderr.contains("from BANGO_BASE_URL"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn extension_data_that_is_not_json_is_placed_by_line_and_column() {
    let outcome = refused(&["--extension-data", "{\n  \"a\": ]\n}"]);
    assert_eq!(outcome.code, 2);
    assert!(
        outcome
            .stderr
            .contains("is not JSON from line 2, column 8 on"),
        "{}",
        outcome.stderr
    );
    for (given, told) in [
        ("[1]", "neither a JSON object nor a JSON string"),
        ("@missing.json", "missing.json"),
    ] {
        let outcome = refused(&["--extension-data", given]);
        assert_eq!(outcome.code, 2);
        assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
    }
}

#[test]
fn extension_data_comes_from_a_file_or_standard_input() {
    let (home, server) = (Home::new(), MockServer::start());
    let mock = server.mock(|when, then| {
        when.json_body_includes(r#"{"extensionData":{"shop":7}}"#);
        then.status(200).json_body(entitlement(&json!({})));
    });
    home.write("data.json", r#"{"shop":7}"#);
    assert_eq!(
        create(&home, &server, ["--extension-data", "@data.json"]).code,
        0
    );
    let mut command = home.client(&server);
    command
        .args(CREATE)
        .args(["--extension-data", "-"])
        .write_stdin(r#"{"shop":7}"#);
    assert_eq!(run(&mut command).code, 0);
    mock.assert_calls(2);
}

#[test]
fn a_field_that_is_set_already_is_refused() {
    for arguments in [
        &["--field", "customerIdentifier=x"][..],
        &["--offer", "a", "--field", "offerKey:=null"],
        &["--field", "x=1", "--field", "x=2"],
    ] {
        let outcome = refused(arguments);
        assert_eq!(outcome.code, 2);
        assert!(outcome.stderr.contains("already set"), "{}", outcome.stderr);
    }
}

#[test]
fn without_a_terminal_missing_flags_are_named_at_once() {
    let (home, server) = (Home::new(), MockServer::start());
    let outcome = run(home.client(&server).args(["create", "--user", "cust-1"]));
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.stderr.contains("missing --merchant, --product"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_mistyped_command_or_flag_suggests_the_right_one() {
    let home = Home::new();
    for (arguments, suggestion) in [
        (&["craete"][..], "create"),
        (&["create", "--merchnat", "x"], "--merchant"),
        (&["explain", "BAD_REQEST"], "BAD_REQUEST"),
        (&["login"], "tip: bango-ent auth login"),
        (&["delete", "ent-1"], "bango-ent revoke at once"),
        (&["version"], "tip: bango-ent --version"),
        (&["whoami"], "tip: bango-ent auth status"),
        (&["list", "alice"], "tip: write --user alice"),
        (&["reconcile", "ours.csv"], "--live asks Bango instead"),
        (&["listen", "--sandbox"], "write --with-sandbox"),
        (
            &["sandbox", "resend", "ent-1"],
            "bango-ent sandbox notifications",
        ),
        (&["wait", "ent-1", "ACTIVE"], "tip: write --for ACTIVE"),
        (&["create", "--wait", "5m"], "tip: write --wait=5m"),
        (
            &["cancel", "ent-1", "--reason", "fraud"],
            "such as REVOKED/FRAUD",
        ),
        (
            &["create", "--base-url", "api.example/v1"],
            "write https://api.example/v1",
        ),
    ] {
        let outcome = run(home.bango_ent().args(arguments));
        assert_eq!(outcome.code, 2);
        assert!(outcome.stderr.contains(suggestion), "{}", outcome.stderr);
    }
}

#[test]
fn a_word_of_another_tool_is_understood_where_nothing_ends_by_it() {
    let home = Home::new();
    for (word, command) in [
        ("ls", "list"),
        ("show", "get"),
        ("unsuspend", "resume"),
        ("reactivate", "resume"),
    ] {
        let outcome = run(home.bango_ent().args([word, "--help"]));
        outcome.assert_code(0);
        let usage = format!("Usage: bango-ent {command} ");
        assert!(outcome.stdout.contains(&usage), "{}", outcome.stdout);
    }
}

#[test]
fn no_library_speaks_in_a_usage_error() {
    for (arguments, why) in [
        (
            &["create", "--retries", "-1"][..],
            "a whole number from 0 to 4294967295",
        ),
        (
            &["listen", "--port", "80x"],
            "a whole number from 0 to 65535",
        ),
        (
            &["sandbox", "--port", "65536"],
            "a whole number from 0 to 65535",
        ),
        (
            &["create", "--notification-url", "foo"],
            ": it must be an absolute URL",
        ),
        (
            &["create", "--base-url", "http://a b"],
            "is not a URL such as",
        ),
        (
            &["listen", "--forward-to", "http://[::1"],
            "is not a URL such as",
        ),
    ] {
        let home = Home::new();
        let outcome = run(home.bango_ent().args(arguments));
        outcome.assert_code(2);
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    }
}

#[test]
fn a_usage_error_is_one_json_document_too() {
    let home = Home::new();
    for arguments in [
        &["create", "--json", "--nonsense"][..],
        &["create", "--json"],
        &["--json", "explain", "NOTHING"],
        &["create", "--json", "--expires", "tomorrow"],
        &["--json"],
    ] {
        let outcome = run(home.bango_ent().args(arguments));
        assert_eq!(outcome.code, 2, "{arguments:?}");
        assert_eq!(outcome.json()["error"]["code"], "USAGE", "{arguments:?}");
        assert_eq!(
            outcome.json()["error"]["outcome"],
            "not_sent",
            "{arguments:?}"
        );
    }
}

#[test]
fn missing_credentials_are_a_configuration_error() {
    let home = Home::new();
    for (name, value) in [
        ("BANGO_USERNAME", "x"),
        ("BANGO_PASSWORD", "y"),
        ("BANGO_PROFILE", "nope"),
    ] {
        let outcome = run(home.bango_ent().args(CREATE).arg("--json").env(name, value));
        assert_eq!(outcome.code, 3, "{}", outcome.stderr);
        assert_eq!(outcome.json()["error"]["code"], "CONFIGURATION");
    }
}

#[test]
fn a_field_that_is_given_twice_is_refused_with_its_place() {
    let twice = r#"{"a":1,"b":[{"c":1,"c":2}]}"#;
    for arguments in [
        &["--extension-data", twice][..],
        &["--field", &format!("x:={twice}")],
        &["--field", "x=1", "--field", "x=2"],
    ] {
        let outcome = refused(arguments);
        outcome.assert_code(2);
        let place = if arguments.len() == 2 { "b..c" } else { "x" };
        assert!(outcome.stderr.contains(place), "{}", outcome.stderr);
    }
    let (home, server) = (Home::new(), MockServer::start());
    home.write("body.json", twice);
    let outcome = run(home
        .client(&server)
        .args(["api", "POST", "x", "--input", "body.json"]));
    outcome.assert_code(2);
    assert!(outcome.stderr.contains("b..c twice"), "{}", outcome.stderr);
}

#[test]
fn a_byte_order_mark_before_json_is_passed_over() {
    let (home, server) = (Home::new(), MockServer::start());
    let mock = server.mock(|when, then| {
        when.json_body_includes(r#"{"extensionData":{"shop":7}}"#);
        then.status(200).json_body(entitlement(&json!({})));
    });
    home.write("data.json", "\u{feff}{\"shop\":7}");
    create(&home, &server, ["--extension-data", "@data.json"]).assert_code(0);
    home.write("body.json", "\u{feff}{\"extensionData\":{\"shop\":7}}");
    let mut api = home.client(&server);
    run(api.args(["api", "POST", "entitlement", "--input", "body.json"])).assert_code(0);
    mock.assert_calls(2);
}

#[test]
fn a_ca_file_is_a_regular_file_whose_certificates_are_all_read() {
    let (home, server) = (Home::new(), MockServer::start());
    let pem = rcgen::generate_simple_self_signed(["h.test".to_owned()])
        .unwrap()
        .cert
        .pem();
    home.write("glued.pem", format!("{}{pem}", pem.trim_end()));
    let broken = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
    home.write("second.pem", format!("{pem}{broken}"));
    run(home.program("mkfifo").arg("pipe")).assert_code(0);
    for (file, why) in [
        ("pipe", "it is not a regular file"),
        ("/dev/zero", "it is not a regular file"),
        ("glued.pem", "does not begin on a line of its own"),
        ("second.pem", "its certificate 2 cannot be read"),
    ] {
        let outcome = create(&home, &server, ["--ca-cert", file]);
        outcome.assert_code(3);
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
        assert!(
            outcome.took < std::time::Duration::from_secs(5),
            "{:?}",
            outcome.took
        );
    }
}
