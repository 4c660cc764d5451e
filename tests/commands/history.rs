//! The history: what was sent is kept for its owner alone, and nothing of it is done twice.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::cli::{CREATE, Cli, Home, PASSWORD, USERNAME, wait_until};
use crate::support::pty::Screen;
use crate::support::sandbox::Sandbox;
use crate::support::schema::assert_valid;
use crate::support::server::{Server, active, header, http};

/// A home whose configuration keeps a history, with two profiles for this server.
fn home(base_url: &str) -> Home {
    let home = Home::new();
    let profile = |name: &str| {
        format!(
            "[profiles.{name}]\nbase_url = '{base_url}'\nusername = '{USERNAME}'\npassword = '{PASSWORD}'\n"
        )
    };
    let profiles = profile("test") + &profile("other");
    let text = format!("history = true\ndefault_profile = 'test'\n{profiles}");
    let path = home.write(".config/bango-ent/config.toml", text);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    home
}

fn file(home: &Home) -> PathBuf {
    home.path().join(".local/state/bango-ent/history.jsonl")
}

fn cli(home: &Home, words: &str) -> Cli {
    let mut cli = home.bango_ent();
    cli.args(words.split(' '));
    cli
}

fn create(home: &Home) -> Cli {
    let mut cli = home.bango_ent();
    cli.args(CREATE).args(["--retries", "0"]);
    cli
}

/// The entries, newest first.
fn entries(home: &Home, more: &str) -> Vec<Value> {
    let outcome = cli(home, &format!("history list --json{more}")).run();
    let document = outcome.assert_code(0).json();
    assert_valid("history-list", &document);
    document["entries"].as_array().unwrap().clone()
}

fn id(entry: &Value) -> String {
    entry["requestIdentifier"].as_str().unwrap().to_owned()
}

/// Loses the first answer and gives the others.
fn loses_the_first() -> Server {
    Server::replying(|_, number| match number {
        1 => Vec::new(),
        _ => http(200, &[], active()),
    })
}

fn identifiers(server: &Server) -> Vec<String> {
    let identifier = |request: &String| header(request, "x-requestidentifier").map(str::to_owned);
    server.requests().iter().filter_map(identifier).collect()
}

#[test]
fn what_was_sent_is_kept_for_its_owner_and_without_the_password() {
    let server = Server::active();
    let home = home(&server.base_url());
    create(&home).run().assert_code(0);
    cli(&home, "get ent-1").run().assert_code(0);
    let text = std::fs::read_to_string(file(&home)).unwrap();
    assert!(!text.contains(PASSWORD));
    for line in text.lines() {
        assert_valid("log-line", &serde_json::from_str(line).unwrap());
    }
    let mode = |path: PathBuf| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(file(&home)), 0o600);
    assert_eq!(mode(file(&home).parent().unwrap().to_owned()), 0o700);

    let entries = entries(&home, "");
    let told = |name: &str| {
        entries
            .iter()
            .map(|entry| entry[name].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(told("operation"), [json!("get"), json!("create")]);
    assert_eq!(told("outcome"), [json!("done"), json!("done")]);
    assert_eq!(told("responseCode"), [json!("OK"), json!("OK")]);
    assert_eq!(told("changes"), [json!(false), json!(true)]);
    assert_eq!(entries[1]["customerIdentifier"], "cust-1");
    assert_eq!(told("profile"), [json!("test"), json!("test")]);

    let piped = cli(&home, "history list --only changes").run();
    let cells: Vec<_> = piped.assert_code(0).stdout.trim_end().split('\t').collect();
    assert_eq!(cells[1..4], ["create", "cust-1", "OK"]);
    let id = id(&entries[1]);
    assert_eq!(cells[4], id);
    // A part of the identifier will do.
    let shown = cli(
        &home,
        &format!("history show {} --json", &id[id.len() - 8..]),
    )
    .run();
    let document = shown.assert_code(0).json();
    assert_valid("history-entry", &document);
    assert_eq!(document["requestBody"]["productKey"], "BangoMusic");
    assert_eq!(document["responseBody"]["status"], "ACTIVE");
    assert_eq!(document["attempts"].as_array().unwrap().len(), 1);
    cli(&home, "history show zzzz").run().assert_code(2);
    assert_eq!(cli(&home, "history list --user nobody").run().stdout, "");
}

#[test]
fn nothing_is_kept_unless_it_was_asked_for_nor_of_a_dry_run_or_a_batch() {
    let server = Server::active();
    let plain = Home::new();
    plain.client(&server).args(CREATE).run().assert_code(0);
    assert!(!file(&plain).exists());
    let none = cli(&plain, "history list").run();
    assert!(
        none.assert_code(0)
            .stderr
            .contains("there is no history; history = true")
    );
    let home = home(&server.base_url());
    create(&home).arg("--dry-run").run().assert_code(0);
    home.write("rows.csv", "user,merchant,product\na,BANGO,BangoMusic\n");
    cli(&home, "batch rows.csv").run();
    assert!(!file(&home).exists());
}

#[test]
fn a_lost_answer_is_repeated_under_the_same_identifier_and_what_was_done_is_asked_about() {
    let server = loses_the_first();
    let home = home(&server.base_url());
    create(&home).run().assert_code(30);
    let unknown = entries(&home, " --only unknown");
    assert_eq!(unknown[0]["outcome"], "unknown");
    let repeat = format!("history repeat {}", id(&unknown[0]));

    for refused in [
        " --profile other",
        " --read-only",
        " --base-url http://127.0.0.1:9/v1",
    ] {
        let outcome = cli(&home, &format!("{repeat}{refused} --json")).run();
        assert_eq!(
            outcome.assert_code(4).json()["error"]["outcome"],
            "not_sent"
        );
    }
    let preview = cli(&home, &format!("{repeat} --dry-run --json")).run();
    let headers = &preview.assert_code(0).json()["request"]["headers"];
    assert_eq!(
        headers["X-RequestIdentifier"],
        unknown[0]["requestIdentifier"]
    );
    assert_eq!(server.requests().len(), 1);

    let repeated = cli(&home, &format!("{repeat} --json")).run();
    assert_eq!(repeated.assert_code(0).json()["status"], "ACTIVE");
    assert_eq!(identifiers(&server), [id(&unknown[0]), id(&unknown[0])]);
    let (sent, again) = (&server.requests()[0], &server.requests()[1]);
    assert_eq!(sent, again, "it is the same request to the last byte");

    // Now it is known.
    let all = entries(&home, "");
    assert_eq!((all.len(), &all[0]["outcome"]), (1, &json!("done")));
    let asked = cli(&home, &repeat).run();
    assert!(
        asked.assert_code(4).stderr.contains(&format!(
            "this sends it: {} {repeat} --yes",
            env!("CARGO_BIN_EXE_bango-ent")
        )),
        "{}",
        asked.stderr
    );
    assert_eq!(server.requests().len(), 2);
    let anew = cli(&home, &format!("{repeat} --yes --json")).run();
    let new = anew.assert_code(0).json()["requestIdentifier"].clone();
    assert_ne!(new, all[0]["requestIdentifier"]);
    assert_eq!(entries(&home, "").len(), 2);
}

#[test]
fn what_was_killed_before_its_answer_is_unknown_and_not_lost() {
    let server = Server::replying(|_, number| match number {
        1 => {
            std::thread::sleep(crate::support::cli::PATIENCE);
            Vec::new()
        }
        _ => http(200, &[], active()),
    });
    let home = home(&server.base_url());
    let killed = create(&home).start();
    wait_until("the request is there", || server.requests().len() == 1);
    killed.signal(rustix::process::Signal::KILL);
    killed.end();
    let unknown = entries(&home, " --only unknown");
    assert_eq!(unknown.len(), 1);
    let repeat = format!("history repeat {}", id(&unknown[0]));
    cli(&home, &repeat).run().assert_code(0);
    assert_eq!(identifiers(&server), [id(&unknown[0]), id(&unknown[0])]);
}

#[test]
fn a_success_that_names_no_entitlement_is_not_taken_for_done() {
    let server = Server::answering(http(200, &[], r#"{"responseCode":"OK"}"#));
    let home = home(&server.base_url());
    create(&home).run().assert_code(30);
    assert_eq!(entries(&home, "")[0]["outcome"], "unknown");
}

#[test]
fn an_old_unknown_one_is_asked_about_because_bango_may_have_forgotten_it() {
    let server = loses_the_first();
    let home = home(&server.base_url());
    create(&home).run().assert_code(30);
    let text = std::fs::read_to_string(file(&home)).unwrap();
    let year = text.get(9..13).unwrap();
    let old = text.replace(&format!("\"time\":\"{year}"), "\"time\":\"2020");
    std::fs::write(file(&home), old).unwrap();
    let id = id(&entries(&home, "")[0]);
    let repeat = format!("history repeat {id}");
    let asked = cli(&home, &repeat).run();
    assert!(
        asked.assert_code(4).stderr.contains("documents no time"),
        "{}",
        asked.stderr
    );
    let pty = Screen::start(&mut cli(&home, &repeat), 80);
    pty.wait_for("under the same identifier?");
    pty.type_text("y\r");
    pty.end().assert_code(0);
    assert_eq!(identifiers(&server), [id.clone(), id]);
}

#[test]
fn a_repetition_that_fails_is_repeated_as_its_message_says() {
    let server = Server::replying(|_, number| match number {
        2 => Vec::new(),
        _ => http(200, &[], active()),
    });
    let home = home(&server.base_url());
    create(&home).run().assert_code(0);
    let id = id(&entries(&home, "")[0]);
    let lost = cli(
        &home,
        &format!("history repeat {id} --yes --retries 0 --json"),
    )
    .run();
    let line = lost.assert_code(30).json()["error"]["repeat"].clone();
    let words = shlex::split(line.as_str().unwrap()).unwrap();
    home.bango_ent().args(&words[1..]).run().assert_code(0);
    let sent = identifiers(&server);
    assert!(sent[1] == sent[2] && sent[0] != sent[1], "{sent:?}");
}

#[test]
fn a_log_file_is_a_history_too_also_one_of_an_older_version() {
    let server = loses_the_first();
    let home = Home::new();
    let client = || {
        let mut client = home.client(&server);
        client.args(["--log-file", "log.jsonl"]);
        client
    };
    client()
        .args(CREATE)
        .args(["--retries", "0"])
        .run()
        .assert_code(30);
    let path = home.path().join("log.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        text.lines().count(),
        1,
        "a line for each attempt, and no other"
    );
    // An older version wrote less.
    let cut = text.find(",\"outcome\"").unwrap();
    std::fs::write(&path, text[..cut].to_owned() + "}\n").unwrap();
    let listed = client().args(["history", "list", "--json"]).run();
    let entry = listed.assert_code(0).json()["entries"][0].clone();
    assert_eq!(
        (&entry["outcome"], &entry["changes"]),
        (&json!("unknown"), &json!(true))
    );
    client()
        .args(["history", "repeat", &id(&entry)])
        .run()
        .assert_code(0);
    let sent = identifiers(&server);
    assert_eq!(sent[0], sent[1]);
    let missing = cli(&home, "history list --log-file nowhere").run();
    assert!(
        missing
            .assert_code(2)
            .stderr
            .contains("nowhere cannot be read")
    );
}

#[test]
fn a_secret_header_is_not_kept_and_the_request_is_not_sent_without_it() {
    let server = Server::active();
    let home = home(&server.base_url());
    let mut call = cli(
        &home,
        "api POST entitlement --field a=b --header X-Trace:42",
    );
    call.args(["--header", "X-Api-Key:t0p-secret"])
        .run()
        .assert_code(0);
    assert!(
        !std::fs::read_to_string(file(&home))
            .unwrap()
            .contains("t0p-secret")
    );
    let id = id(&entries(&home, "")[0]);
    let repeated = cli(&home, &format!("history repeat {id} --yes")).run();
    assert!(
        repeated
            .assert_code(2)
            .stderr
            .contains("x-api-key is a secret")
    );
    let line = cli(&home, &format!("history curl {id}")).run();
    let words = shlex::split(line.assert_code(0).stdout.trim_end()).unwrap();
    assert!(
        words.contains(&"x-trace: 42".to_owned()) && words.contains(&"x-api-key: VALUE".to_owned())
    );
}

#[test]
fn curl_sends_the_same_request_and_asks_for_the_password() {
    let server = Server::active();
    let home = home(&server.base_url());
    create(&home)
        .args(["--display-name", "it's {a} \"name\""])
        .run()
        .assert_code(0);
    let id = id(&entries(&home, "")[0]);
    let outcome = cli(&home, &format!("history curl {id} --json")).run();
    let document = outcome.assert_code(0).json();
    assert_valid("history-curl", &document);
    let line = document["command"].as_str().unwrap();
    assert!(!line.contains(PASSWORD));
    let mut shell = home.program("sh");
    let pty = Screen::start(shell.args(["-c", line]), 200);
    pty.wait_for("password for user");
    pty.type_text(&format!("{PASSWORD}\r"));
    pty.end().assert_code(0);
    let requests = server.requests();
    let telling = |request: &str| {
        let body = request.split_once("\r\n\r\n").unwrap().1.to_owned();
        let names = ["authorization", "x-requestidentifier", "content-type"];
        let headers = names.map(|name| header(request, name).map(str::to_owned));
        (request.lines().next().unwrap().to_owned(), headers, body)
    };
    assert_eq!(telling(&requests[0]), telling(&requests[1]));
}

#[test]
fn many_writers_at_once_lose_nothing() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let base_url = format!("http://{}/v1", sandbox.address());
    let home = home(&base_url);
    let configuration = home.path().join(".config/bango-ent/config.toml");
    let text = std::fs::read_to_string(&configuration).unwrap();
    let text = text
        .replace(USERNAME, "sandbox")
        .replace(PASSWORD, "sandbox");
    std::fs::write(&configuration, text).unwrap();
    let running: Vec<_> = (0..12)
        .map(|number| {
            let line =
                format!("create --user u{number} --merchant SANDBOX --product ACTIVE_AT_ONCE");
            cli(&home, &line).start()
        })
        .collect();
    for one in running {
        let outcome = one.end();
        assert_eq!(outcome.assert_code(0).stderr, "");
    }
    let entries = entries(&home, "");
    assert_eq!(entries.len(), 12);
    assert!(entries.iter().all(|entry| entry["outcome"] == "done"));
}

#[test]
fn it_stays_bounded_and_a_torn_line_costs_no_other() {
    let server = Server::active();
    let home = home(&server.base_url());
    create(&home).run().assert_code(0);
    let one = std::fs::read_to_string(file(&home)).unwrap();
    let line = one.lines().last().unwrap();
    let count = (5 << 20) / line.len();
    let numbered = (0..count).map(|number| line.replace("cust-1", &format!("old-{number}")) + "\n");
    let text: String = numbered.collect();
    std::fs::write(file(&home), text).unwrap();
    create(&home).run().assert_code(0);
    let length = file(&home).metadata().unwrap().len();
    assert!(length < 4 << 20, "{length}");
    let text = std::fs::read_to_string(file(&home)).unwrap();
    assert!(text.contains(&format!("\"old-{}\"", count - 1)) && !text.contains("\"old-0\""));

    std::fs::write(file(&home), &one[..one.len() - 20]).unwrap();
    create(&home).run().assert_code(0);
    let text = std::fs::read_to_string(file(&home)).unwrap();
    assert!(
        text.lines()
            .all(|line| serde_json::from_str::<Value>(line).is_ok()),
        "{text}"
    );
    assert_eq!(entries(&home, "").len(), 2);
}

#[test]
fn a_history_that_cannot_be_written_is_a_warning_and_the_create_has_succeeded() {
    let server = Server::active();
    let home = home(&server.base_url());
    create(&home).run().assert_code(0);
    let kept = std::fs::read(file(&home)).unwrap();
    // A disk that is full in the middle of a line.
    let blocks = kept.len() / 512 + 1;
    std::fs::write(
        file(&home),
        [&kept[..], &vec![b'\n'; blocks * 512 - kept.len() - 100]].concat(),
    )
    .unwrap();
    let before = std::fs::read(file(&home)).unwrap();
    let mut full = create(&home).in_shell(&format!(
        "trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""
    ));
    let outcome = full.run();
    outcome.assert_code(0);
    let warning = "warning: the history could not be written: ";
    assert_eq!(
        outcome.stderr.matches(warning).count(),
        1,
        "{}",
        outcome.stderr
    );
    assert_eq!(std::fs::read(file(&home)).unwrap(), before);

    if rustix::process::geteuid().is_root() {
        chown(file(&home), Some(4242), Some(4242)).unwrap();
        let outcome = create(&home).run();
        assert!(
            outcome
                .assert_code(0)
                .stderr
                .contains("it belongs to another user")
        );
        let read = cli(&home, "history list").run();
        assert!(
            read.assert_code(2).stderr.contains("is not trusted"),
            "{}",
            read.stderr
        );
    }
    std::fs::remove_file(file(&home)).unwrap();
    std::os::unix::fs::symlink("elsewhere", file(&home)).unwrap();
    assert!(create(&home).run().assert_code(0).stderr.contains(warning));
    assert!(!file(&home).parent().unwrap().join("elsewhere").exists());
}

#[test]
fn without_a_home_it_says_that_nothing_is_kept() {
    let server = Server::active();
    let home = home(&server.base_url());
    for name in [
        "",
        ".config",
        ".config/bango-ent",
        ".config/bango-ent/config.toml",
    ] {
        chown(home.path().join(name), Some(54321), None).unwrap();
    }
    // This user has no home directory, in the environment or elsewhere.
    let user = ["setpriv", "--reuid", "54321", "--clear-groups"];
    let mut create = create(&home).under(&user);
    let configuration = home.path().join(".config/bango-ent/config.toml");
    create.env_remove("HOME").env("BANGO_CONFIG", configuration);
    let outcome = create.run();
    let stderr = &outcome.assert_code(0).stderr;
    assert!(stderr.contains("no history is kept"), "{stderr}");
}

#[test]
fn one_identifier_of_two_requests_is_no_entry_to_repeat() {
    let server = Server::active();
    let home = home(&server.base_url());
    for line in [
        "update e-1 --expires 2030-01-01 --request-id mine",
        "cancel e-1 --reason REVOKED/OTHER --yes --request-id mine",
    ] {
        cli(&home, line).run().assert_code(0);
    }
    let outcome = cli(&home, "history repeat mine --yes").run();
    let stderr = &outcome.assert_code(2).stderr;
    assert!(
        stderr.contains("2 requests of the history are called mine"),
        "{stderr}"
    );
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_request_is_known_by_its_operation_wherever_its_path_leads() {
    let server = Server::active();
    let home = home(&server.base_url());
    let config = home.path().join(".config/bango-ent/config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let paths = "[profiles.test.paths]\ncancel = 'entitlements/{entitlementId}/cancel'\n";
    std::fs::write(&config, text + paths).unwrap();
    for line in [
        "cancel e-7 --reason REVOKED/OTHER --yes --retries 0",
        "suspend e-8",
        "resume e-9",
        "api POST entitlement --field a=b",
    ] {
        cli(&home, line).run();
    }
    let told: Vec<_> = entries(&home, "")
        .iter()
        .map(|entry| json!([entry["operation"], entry["entitlementId"]]))
        .collect();
    let expected = json!([
        [
            "POST /v1/entitlement",
            "9d6b3a3e-0000-4000-8000-000000000001"
        ],
        ["resume", "e-9"],
        ["suspend", "e-8"],
        ["cancel", "e-7"]
    ]);
    assert_eq!(json!(told), expected);
}

#[test]
fn a_read_that_is_repeated_is_judged_and_shown_as_the_command_that_it_is() {
    // No answer of the API has no response code.
    let server = Server::answering(http(200, &[], r#"{"entitlementId": "ent-1"}"#));
    let home = home(&server.base_url());
    cli(&home, "get ent-1 --retries 0").run().assert_code(30);
    let repeat = format!("history repeat {} --retries 0", id(&entries(&home, "")[0]));
    cli(&home, &repeat).run().assert_code(30);

    let records = json!({"responseCode": "OK", "entitlements": [{"entitlementId": "ent-1", "status": "ACTIVE"}]});
    let server = Server::answering(http(200, &[], records.to_string()));
    let home = self::home(&server.base_url());
    let listed = cli(&home, "list --user cust-1").run();
    let repeat = format!("history repeat {}", id(&entries(&home, "")[0]));
    let again = cli(&home, &repeat).run();
    assert_eq!(again.assert_code(0).stdout, listed.stdout);
}

#[test]
fn an_answer_too_long_for_a_line_leaves_the_log_readable() {
    // Escaped, each of these is six bytes.
    let text = "\u{200b}".repeat(2 << 20);
    let body = json!({"responseCode": "OK", "entitlements": [{"entitlementId": text}]});
    let server = Server::answering(http(200, &[], body.to_string()));
    let home = Home::new();
    let client = || {
        let mut client = home.client(&server);
        client.args(["--log-file", "log.jsonl"]);
        client
    };
    client().args(["list", "--user", "cust-1"]).run();
    let listed = client().args(["history", "list", "--json"]).run();
    let entries = &listed.assert_code(0).json()["entries"];
    assert_eq!(entries[0]["operation"], "list");
}
