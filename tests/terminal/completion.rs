//! Completion as a user meets it: the script is sourced in the shell, Tab is pressed, and what is offered is read.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::support::cli::{Cli, Home};
use crate::support::pty::Screen;
use crate::support::sandbox::Sandbox;

/// A command line, words that Tab must offer there, and words that it must not.
type Expected = (String, Vec<String>, Vec<String>);

/// What is offered where a value is meant: `@` stands for a file of this folder.
const VALUES: [(&str, &[&str], &[&str]); 19] = [
    (
        "",
        &["create", "batch", "explain"],
        &["generate", "options", "@"],
    ),
    ("auth ", &["login", "logout", "status"], &["create", "@"]),
    (
        "cancel x --reason CUST",
        &["CUSTOMER_CANCELLED/NOT_RENEWED"],
        &["REVOKED/FRAUD"],
    ),
    (
        "revoke x --reason REV",
        &["REVOKED/FRAUD"],
        &["CUSTOMER_CANCELLED/OTHER"],
    ),
    (
        "list --user a --status A",
        &["ACTIVE", "ACTIVE-ENDING"],
        &["PENDING"],
    ),
    ("create --color ", &["always", "auto", "never"], &["@"]),
    ("profile use ", &["sample", "spare"], &["@"]),
    ("profile remove s", &["sample", "spare"], &["@"]),
    ("get x --profile ", &["sample", "spare"], &["@"]),
    ("explain UN", &["UNAUTHORIZED"], &["BAD_REQUEST", "@"]),
    ("api ", &["GET", "PATCH"], &["@"]),
    ("completions ", &["bash", "fish", "zsh"], &["@"]),
    ("get ", &["ent-77"], &["@"]),
    ("create --product ", &["BangoMusic"], &["@"]),
    ("history repeat ", &["order-77"], &["@"]),
    ("create --user ", &[], &["@"]),
    ("batch ", &["@"], &[]),
    ("create --ca-cert ", &["@"], &[]),
    ("listen --save ", &["@"], &[]),
];

const FILE: &str = "some-file.csv";

const HISTORY: &str = r#"{"time":"2026-11-23T12:00:00Z","method":"GET","url":"https://api.example/v1/entitlement/ent-77",
"operation":"get","entitlementId":"ent-77","requestIdentifier":"order-77","attempt":1,"status":200,"responseCode":"OK","durationMs":1,"error":null,"requestBody":null,"responseBody":null}"#;

fn home() -> Home {
    let home = Home::new();
    home.write(FILE, "");
    let history = HISTORY.replace('\n', "") + "\n";
    home.write(".local/state/bango-ent/history.jsonl", history);
    home.write(
        ".config/bango-ent/config.toml",
        "[profiles.sample]\nusername = \"u\"\n\n[profiles.spare]\nusername = \"u\"\n",
    );
    home
}

/// The table, and every command with all the flags that it takes.
fn expected() -> Vec<Expected> {
    let words = |words: &[&str]| words.iter().map(|word| word.replace('@', FILE)).collect();
    let values = VALUES.map(|(line, offered, not)| (line.to_owned(), words(offered), words(not)));
    let mut tree = bango_ent::tree();
    tree.build();
    let mut all = values.to_vec();
    flags(&tree, "", &mut all);
    assert!(all.len() > 40, "{}", all.len());
    all
}

fn flags(command: &clap::Command, path: &str, found: &mut Vec<Expected>) {
    let long = |is_hidden: bool| {
        let args = command.get_arguments();
        let args = args.filter(move |arg| arg.is_hide_set() == is_hidden);
        args.filter_map(|arg| Some(format!("--{}", arg.get_long()?)))
            .collect()
    };
    found.push((format!("{path}--"), long(false), long(true)));
    for below in command.get_subcommands() {
        if !below.is_hide_set() && below.get_name() != "help" {
            flags(below, &format!("{path}{} ", below.get_name()), found);
        }
    }
}

/// A command in which `bango-ent` is found as it would be once installed.
fn shell(home: &Home, program: &str) -> Cli {
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_bango-ent"));
    let (folder, path) = (binary.parent().unwrap(), std::env::var("PATH").unwrap());
    let mut cli = home.program(program);
    cli.env("PATH", format!("{}:{path}", folder.display()))
        .env("TERM", "dumb");
    cli
}

fn script(name: &str) -> String {
    format!("{}/completions/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn check(shell: &str, (line, offered, not_offered): &Expected, shown: &str) {
    let words: BTreeSet<_> = shown.split_whitespace().collect();
    for word in offered {
        assert!(
            words.contains(&**word),
            "{shell}: {line:?} does not offer {word}: {shown}"
        );
    }
    for word in not_offered {
        assert!(
            !words.contains(&**word),
            "{shell}: {line:?} offers {word}: {shown}"
        );
    }
}

/// Types each line with Tab at a shell on a terminal, and checks what appears before the mark that follows.
fn press_tab(shell: &str, cli: &mut Cli, prepare: &str, lines: &[Expected]) {
    let screen = Screen::start(cli, 250);
    screen.type_text(&format!(
        "stty rows 400 columns 250; {prepare}; echo REA''DY\r"
    ));
    screen.wait_for("READY\r");
    for (number, expected) in lines.iter().enumerate() {
        let before = screen.so_far().len();
        screen.type_text(&format!("bango-ent {}\t\t\t", expected.0));
        // A shell that finds more typed does not list.
        let is_there = || {
            let shown = screen.so_far();
            let words: BTreeSet<_> = shown[before..].split_whitespace().collect();
            expected.1.iter().all(|word| words.contains(&**word))
        };
        let started = Instant::now();
        while !is_there() && started.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(5));
        }
        // What must not come would come now.
        let rest = if expected.1.is_empty() { 700 } else { 40 };
        std::thread::sleep(Duration::from_millis(rest));
        screen.type_text(&format!("\x15echo DO''NE{number}\r"));
        screen.wait_for(&format!("DONE{number}\r"));
        check(shell, expected, &screen.so_far()[before..]);
    }
    screen.type_text("\x15exit\r");
    screen.end();
}

#[test]
fn bash_offers_flags_values_and_files_where_they_are_meant() {
    let home = home();
    in_bash(&mut shell(&home, "bash"), &expected());
}

fn in_bash(cli: &mut Cli, lines: &[Expected]) {
    let source = format!(
        "bind 'set completion-query-items 0'; bind 'set page-completions off'; bind 'set bell-style none'; source {}",
        script("bango-ent.bash")
    );
    press_tab("bash", cli.args(["--norc", "-i"]), &source, lines);
}

#[test]
fn tab_offers_what_the_running_sandbox_sells_and_the_names_of_its_faults() {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let line =
        |line: &str, offered: &[&str], not: &[&str]| (line.to_owned(), words(offered), words(not));
    let home = home();
    home.write(
        "sold.toml",
        "[[product]]\nmerchant = \"ACME\"\nproduct = \"TV\"\nname = \"Acme TV\"\n\
        [[product]]\nmerchant = \"ACME\"\nproduct = \"RADIO\"\nname = \"Acme Radio\"\n",
    );
    let catalog = home.path().join("sold.toml");
    let sandbox = Sandbox::start(&["--ephemeral", "--catalog", catalog.to_str().unwrap()]);
    home.write(
        ".config/bango-ent/config.toml",
        format!(
            "[profiles.here]\nusername = \"u\"\nbase_url = \"{}/v1\"\n",
            sandbox.origin
        ),
    );
    let port = sandbox.address().rsplit(':').next().unwrap().to_owned();
    let mut cli = shell(&home, "bash");
    cli.env("BANGO_SANDBOX_PORT", port);
    let lines = [
        line(
            "--sandbox create --product ",
            &["TV", "RADIO"],
            &["BangoMusic"],
        ),
        line(
            "create --profile here --product ",
            &["TV", "RADIO"],
            &["BangoMusic"],
        ),
        line("create --merchant ", &[], &["ACME"]),
        line(
            "sandbox faults on SERVICE_UNAVAILABLE --",
            &["--share"],
            &[],
        ),
        line(
            "sandbox faults on t",
            &["truncated-json", "truncated-body"],
            &["hang"],
        ),
    ];
    in_bash(&mut cli, &lines);
    // What listens there and is no sandbox, or nothing at all, costs a moment and no word.
    drop(sandbox);
    let mut cli = shell(&home, "bash");
    cli.env("BANGO_SANDBOX_PORT", "9");
    in_bash(
        &mut cli,
        &[line(
            "--sandbox create --product ",
            &["BangoMusic"],
            &["error"],
        )],
    );
}

#[test]
#[ignore = "needs zsh"]
fn zsh_offers_flags_values_and_files_where_they_are_meant() {
    let home = home();
    std::fs::create_dir(home.path().join("functions")).unwrap();
    std::fs::copy(
        script("bango-ent.zsh"),
        home.path().join("functions/_bango-ent"),
    )
    .unwrap();
    let load = "fpath=(~/functions $fpath); autoload -Uz compinit; compinit -u -D; zstyle ':completion:*' list-max-items 999; LISTMAX=9999; unsetopt zle_bracketed_paste";
    press_tab(
        "zsh",
        shell(&home, "zsh").args(["-f", "-i"]),
        load,
        &expected(),
    );
}

#[test]
#[ignore = "needs fish"]
fn fish_offers_flags_values_and_files_where_they_are_meant() {
    let home = home();
    let all = expected();
    let mut asks = format!("source {}\n", script("bango-ent.fish"));
    for (line, ..) in &all {
        let _ = writeln!(asks, "complete -C 'bango-ent {line}'; echo ---");
    }
    let outcome = shell(&home, "fish")
        .args(["--no-config", "-c", &asks])
        .run();
    let answers: Vec<_> = outcome.stdout.split("---\n").collect();
    for (expected, shown) in all.iter().zip(answers) {
        check("fish", expected, shown);
    }
}

#[test]
fn what_tab_offers_comes_with_its_meaning_where_the_shell_shows_it() {
    let home = home();
    let mut cli = home.bango_ent();
    cli.env("BANGO_ENT_COMPLETE", "fish");
    let outcome = cli.args(["--", "bango-ent", "explain", "UNAUTH"]).run();
    let (term, meaning) = outcome.stdout.trim_end().split_once('\t').unwrap();
    assert_eq!(term, "UNAUTHORIZED");
    assert!(meaning.contains("credentials"), "{meaning}");
}
