//! Settings: which source wins, which configuration files are refused, and where a password may come from.

use std::os::unix::fs::{PermissionsExt, symlink};

use serde_json::{Value, json};

use crate::support::cli::{CREATE, Home, run};
use crate::support::server::Server;

const CONFIG: &str = ".config/bango-ent/config.toml";
const PROFILES: &str = r#"
default_profile = "first"

[profiles.first]
base_url = "https://first.example/v1"
username = "of-first"
password = "password-of-first"
merchant = "MERCHANT-1"
product = "PRODUCT-1"
notification_url = "https://reseller.example/first"

[profiles.second]
base_url = "https://second.example/v1"
username = "of-second"
password = "password-of-second"
"#;

/// Base URL and user name of the request that these settings make.
fn chosen(home: &Home, settings: &[(&str, &str)], more: &[&str]) -> (String, String) {
    let mut command = home.bango_ent();
    command
        .args(CREATE)
        .args(["--dry-run", "--json"])
        .args(more);
    let outcome = run(command.envs(settings.iter().copied()));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let request = outcome.json()["request"].take();
    let text = |name: &str| request[name].as_str().unwrap().to_owned();
    (text("url").replace("/v1/entitlement", ""), text("username"))
}

#[test]
fn a_flag_goes_before_the_environment_before_the_file_before_the_default() {
    let home = Home::new();
    let default = ("https://resale.api.bango.net".to_owned(), String::new());
    assert_eq!(chosen(&home, &[], &[]), default);
    home.write(CONFIG, PROFILES);
    let environment = [
        ("BANGO_BASE_URL", "https://environment.example/v1"),
        ("BANGO_USERNAME", "of-environment"),
        ("BANGO_PASSWORD", "password-of-environment"),
    ];
    for (settings, more, base_url, username) in [
        (&[][..], &[][..], "https://first.example", "of-first"),
        (
            &[("BANGO_PROFILE", "second")],
            &[],
            "https://second.example",
            "of-second",
        ),
        (
            &[("BANGO_PROFILE", "")],
            &[],
            "https://first.example",
            "of-first",
        ),
        (
            &environment,
            &[],
            "https://environment.example",
            "of-environment",
        ),
        (
            &environment,
            &["--base-url", "https://flag.example/v1"],
            "https://flag.example",
            "of-environment",
        ),
        // A profile that a flag names goes before the environment.
        (
            &environment,
            &["--profile", "second"],
            "https://second.example",
            "of-second",
        ),
        (
            &[("BANGO_PROFILE", "first")],
            &["--profile", "second"],
            "https://second.example",
            "of-second",
        ),
        (
            &[],
            &[
                "--profile",
                "second",
                "--base-url",
                "https://flag.example/v1",
            ],
            "https://flag.example",
            "of-second",
        ),
    ] {
        let expected = (base_url.to_owned(), username.to_owned());
        assert_eq!(
            chosen(&home, settings, more),
            expected,
            "{settings:?} {more:?}"
        );
    }
}

#[test]
fn another_configuration_file_may_be_named() {
    let home = Home::new();
    home.write(CONFIG, PROFILES);
    home.write("other.toml", PROFILES.replace("of-first", "of-other"));
    assert_eq!(
        chosen(&home, &[("BANGO_CONFIG", "other.toml")], &[]).1,
        "of-other"
    );
    assert_eq!(chosen(&home, &[("BANGO_CONFIG", "")], &[]).1, "of-first");
    assert_eq!(chosen(&Home::new(), &[("BANGO_CONFIG", "")], &[]).1, "");
    let xdg = home.path().join("xdg");
    home.write(
        "xdg/bango-ent/config.toml",
        PROFILES.replace("of-first", "of-xdg"),
    );
    assert_eq!(
        chosen(&home, &[("XDG_CONFIG_HOME", xdg.to_str().unwrap())], &[]).1,
        "of-xdg"
    );
    let missing = run(home
        .bango_ent()
        .args(CREATE)
        .env("BANGO_CONFIG", "missing.toml"));
    assert_eq!(missing.code, 3);
    assert!(
        missing.stderr.contains("missing.toml cannot be read"),
        "{}",
        missing.stderr
    );
}

#[test]
fn the_profiles_defaults_are_sent() {
    let (home, peer) = (Home::new(), Server::active());
    let profiles = PROFILES.replace("https://first.example/v1", &peer.base_url());
    home.write(CONFIG, profiles);
    let outcome =
        run(home
            .bango_ent()
            .args(["create", "--user", "cust-1", "--product", "PRODUCT-2"]));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let [request] = peer.requests().try_into().unwrap();
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(body).unwrap(),
        json!({"customerIdentifier": "cust-1", "merchantAccountKey": "MERCHANT-1", "productKey": "PRODUCT-2",
            "notificationUrl": "https://reseller.example/first"})
    );
}

#[test]
fn an_unknown_profile_names_the_known_ones() {
    let home = Home::new();
    for (config, told) in [
        (PROFILES, "the profiles are: first, second"),
        ("", "there are no profiles"),
    ] {
        home.write(CONFIG, config);
        let outcome = run(home.bango_ent().args(CREATE).args(["--profile", "thrid"]));
        assert_eq!(outcome.code, 3);
        assert!(
            outcome.stderr.contains("no profile named \"thrid\""),
            "{}",
            outcome.stderr
        );
        assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
    }
}

#[test]
fn a_configuration_file_that_cannot_be_trusted_or_read_is_refused() {
    for (name, told) in [
        (
            "dangling",
            "cannot be read: it is a link to a file that does not exist",
        ),
        ("folder", "cannot be read: it is not a regular file"),
        ("no-toml", "is not valid, line 1: "),
        ("no-text", "cannot be read: "),
        ("huge", "cannot be read: it is larger than 1048576 bytes"),
    ] {
        let home = Home::new();
        symlink("nowhere", home.path().join("dangling")).unwrap();
        std::fs::create_dir(home.path().join("folder")).unwrap();
        home.write("no-toml", "\u{1b}[31m{{{");
        home.write("no-text", [0xff, 0xfe, 0, 1]);
        home.write("huge", "#".repeat((1 << 20) + 1));
        let path = home.path().join(CONFIG);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::rename(home.path().join(name), path).unwrap();
        let outcome = run(home.bango_ent().args(CREATE).arg("--json"));
        assert_eq!(outcome.code, 3, "{name}: {}", outcome.stderr);
        let told = format!("{CONFIG} {told}");
        assert!(outcome.stderr.contains(&told), "{name}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains('\u{1b}'), "{}", outcome.stderr);
        let error = outcome.json()["error"].take();
        assert_eq!(error["code"], "CONFIGURATION", "{name}");
        assert_eq!(error["outcome"], "not_sent", "{name}");
    }
}

#[test]
fn a_password_that_others_can_read_is_warned_about() {
    let home = Home::new();
    for (mode, config, warned) in [
        (0o644, PROFILES, true),
        (0o640, PROFILES, true),
        (0o600, PROFILES, false),
        (0o644, "[profiles.p]\nusername = 'u'\n", false),
    ] {
        let path = home.write(CONFIG, config);
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
        let outcome = run(home.bango_ent().args(CREATE).arg("--dry-run"));
        assert_eq!(outcome.code, 0);
        let warning = format!("can be read by others (mode {mode:o}); run chmod 600 on it");
        assert_eq!(
            outcome.stderr.contains(&warning),
            warned,
            "{mode:o}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn a_live_profile_says_so_before_a_change_even_if_quiet() {
    let (home, peer) = (Home::new(), Server::active());
    for (environment, more, told) in [
        ("live", &[][..], true),
        ("live", &["--quiet"], true),
        ("live", &["--dry-run", "--quiet"], false),
        ("test", &[], false),
    ] {
        let config = format!(
            "[profiles.p]\nusername = 'u'\npassword = 'secret'\nenvironment = '{environment}'\nbase_url = '{}'\n",
            peer.base_url()
        );
        let path = home.write(CONFIG, config);
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o600)).unwrap();
        let outcome = run(home
            .bango_ent()
            .args(CREATE)
            .args(["--profile", "p"])
            .args(more));
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        let expected = if told { "live: u at 127.0.0.1\n" } else { "" };
        assert_eq!(outcome.stderr, expected, "{environment} {more:?}");
    }
}

#[test]
fn each_setting_that_acts_is_shown_with_its_source() {
    let home = Home::new();
    let profile = "history = true\n[profiles.p]\nenvironment = 'test'\nusername = 'u'\npassword = 'secret'\n\
        base_url = 'https://h.example/v1'\nmerchant = 'M'\nproduct = 'P'\nnotification_url = 'https://n.example'\n\
        on_failure = ['tell', '--token=secret']\nread_only = true\n[profiles.p.paths]\ncancel = '{entitlementId}/end'\nproducts = 'p/r'\n";
    let path = home.write(CONFIG, profile);
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o600)).unwrap();
    let status = |more: &[&str]| {
        let mut cli = home.bango_ent();
        cli.args(["auth", "status", "--profile", "p"]).args(more);
        run(&mut cli)
    };
    let shown = status(&[]).stdout;
    for line in [
        "Profile\tp (from --profile)",
        "User\tu (from profile p)",
        "Password\tin the configuration file (from profile p)",
        "Base URL\thttps://h.example/v1 (from profile p)",
        "Environment\ttest (from profile p)",
        "Changes\trefused: read-only (from profile p)",
        "Merchant\tM (from profile p)",
        "Product\tP (from profile p)",
        "Notification URL\thttps://n.example (from profile p)",
        "Path of cancel\t{entitlementId}/end (from profile p)",
        "Path of products\tp/r (from profile p)",
        "A failure\ttell is told (from on_failure in the profile)",
        "What is sent\tis kept (from history in the configuration file)",
    ] {
        assert!(shown.contains(&format!("{line}\n")), "{line}: {shown}");
    }
    assert!(!shown.contains("secret"), "{shown}");
    let document = status(&["--json"]).json();
    assert_eq!(document["paths"]["cancel"], "{entitlementId}/end");
    assert_eq!(document["paths"]["update"], "entitlement");
    assert_eq!(document["onFailure"]["program"], "tell");
    assert_eq!(document["history"], true);
    let document = status(&["--json", "--on-failure", "other x"]).json();
    assert_eq!(
        document["onFailure"],
        json!({"program": "other", "source": "--on-failure"})
    );
    let document = status(&["--json", "--on-failure", ""]).json();
    assert_eq!(document["onFailure"], Value::Null);
}

#[test]
fn whoever_has_no_account_is_told_of_the_sandbox() {
    let home = Home::new();
    for command in [
        &["doctor"][..],
        &["auth", "status"],
        &["get", "x"],
        &["echo"],
    ] {
        let outcome = home.bango_ent().args(command).run();
        let said = &outcome.stderr;
        assert!(said.contains("without an account add --sandbox"), "{said}");
    }
}

#[test]
fn an_empty_variable_is_an_unset_one() {
    let home = Home::new();
    home.write(CONFIG, PROFILES);
    let unset = chosen(&home, &[], &[]);
    let documented = std::fs::read_to_string("docs/configuration.md").unwrap();
    let words = documented.split('`').skip(1).step_by(2);
    let mut names: std::collections::BTreeSet<_> =
        words.filter(|word| word.starts_with("BANGO_")).collect();
    names.retain(|name| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'));
    assert!(names.len() > 12, "{names:?}");
    names.extend([
        "HTTPS_PROXY",
        "NO_PROXY",
        "SSL_CERT_FILE",
        "BROWSER",
        "CI",
        "XDG_CONFIG_HOME",
    ]);
    for name in names {
        assert_eq!(chosen(&home, &[(name, "")], &[]), unset, "{name}");
        let sandbox = ["--sandbox", "get", "missing"];
        let port = ("BANGO_SANDBOX_PORT", "0");
        let ended = run(home.bango_ent().args(sandbox).envs([port, (name, "")]));
        // The port that is unset is the usual one, on which another may listen.
        assert!(
            name == port.0 || ended.code == 14,
            "{name}: {}",
            ended.stderr
        );
    }
}

#[test]
fn a_relative_home_names_no_configuration() {
    let home = Home::new();
    home.write("rel/.config/bango-ent/config.toml", PROFILES);
    let mut command = home.bango_ent();
    let outcome = run(command
        .args(["profile", "list", "--json"])
        .env("HOME", "rel"));
    assert_eq!(outcome.json()["profiles"], json!([]));
}

#[test]
fn no_proxy_is_read_as_the_world_reads_it() {
    let home = Home::new();
    for (list, base_url) in [
        ("bango.test:443", "https://bango.test/v1"),
        ("10.0.0.0/8", "https://10.1.2.3/v1"),
        ("2001:db8::1", "https://[2001:db8::1]/v1"),
        (".bango.test.", "https://api.bango.test/v1"),
        ("*", "https://bango.test/v1"),
    ] {
        let mut command = home.client(base_url);
        command.args(["doctor", "--dry-run"]);
        command
            .env("HTTPS_PROXY", "http://127.0.0.1:9")
            .env("NO_PROXY", list);
        let outcome = run(&mut command);
        assert!(
            outcome.stdout.contains("NO_PROXY excepts"),
            "{list}: {}",
            outcome.stdout
        );
    }
}

#[test]
fn what_to_run_next_takes_the_flags_that_it_is_shown_with() {
    let home = Home::new();
    home.write(CONFIG, "[profiles.p]\nusername = 'u'\n");
    let mut command = home.bango_ent();
    let outcome = run(command.args(["get", "e", "--base-url", "http://127.0.0.1:1"]));
    let next = outcome
        .stderr
        .lines()
        .find(|line| line.contains("what next"));
    let next = next.unwrap().split_once("bango-ent ").unwrap().1;
    run(home.bango_ent().args(next.split(' '))).assert_code(0);
}
