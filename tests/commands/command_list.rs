//! `commands`: what a tool reads of the command line is what the command line takes.

use serde_json::Value;

use crate::support::cli::{Home, run};
use crate::support::schema::assert_valid;

fn read(words: &[&str]) -> Value {
    let home = Home::new();
    let outcome = run(home.bango_ent().args(["commands", "--json"]).args(words));
    let document = outcome.assert_code(0).json();
    assert_valid("commands", &document);
    document
}

fn texts<'a>(values: &'a Value, key: &str) -> Vec<&'a str> {
    let values = values.as_array().unwrap().iter();
    values.map(|value| value[key].as_str().unwrap()).collect()
}

#[test]
fn every_option_that_is_named_is_one_that_the_help_has() {
    let home = Home::new();
    let document = read(&[]);
    let commands = document["commands"].as_array().unwrap();
    assert!(commands.len() > 40);
    for command in commands {
        let words = command["command"].as_str().unwrap().split(' ');
        let help = run(home.bango_ent().args(words).arg("--help"));
        let help = &help.assert_code(0).stdout;
        for name in texts(&command["options"], "name") {
            assert!(help.contains(name), "{command}\n{help}");
        }
        // A line of the notes is not indented.
        let shown = help.lines().filter(|line| line.starts_with("  "));
        let shown = shown
            .map(str::trim_start)
            .filter(|line| line.starts_with('-'));
        let flags = shown.filter_map(|line| {
            line.split([' ', '=', '[', ','])
                .find(|word| word.starts_with("--"))
        });
        for flag in flags.filter(|flag| *flag != "--help") {
            assert!(
                texts(&command["options"], "name").contains(&flag),
                "{flag} of {command}"
            );
        }
    }
}

#[test]
fn values_defaults_and_exit_codes_are_told() {
    let document = read(&["wait"]);
    let options = document["commands"][0]["options"].as_array().unwrap();
    let option = |name: &str| {
        options
            .iter()
            .find(|option| option["name"] == name)
            .unwrap()
    };
    assert_eq!(option("--for")["defaults"][0], "ACTIVE");
    assert!(
        option("--for")["values"]
            .as_array()
            .unwrap()
            .contains(&"REVOKED".into())
    );
    // Its time-out is another than the common one.
    assert_eq!(option("--timeout")["defaults"][0], "10m");
    let usual = document["commands"][0]["commonOptions"].as_array().unwrap();
    assert!(usual.contains(&"--json".into()) && !usual.contains(&"--timeout".into()));
    assert_eq!(document["commands"][0]["arguments"][0]["isRequired"], true);
    let codes = document["exitCodes"].as_array().unwrap();
    assert!(codes.iter().any(|code| code["exitCode"] == 30));
}

#[test]
fn a_command_is_picked_with_those_below_it() {
    let names = read(&["batch"]);
    let names = texts(&names["commands"], "command");
    assert_eq!(
        names,
        ["batch", "batch status", "batch export", "batch resolve"]
    );
    // What does nothing by itself is no command.
    let names = read(&["auth"]);
    let names = texts(&names["commands"], "command");
    assert_eq!(names, ["auth login", "auth status", "auth logout"]);
    let home = Home::new();
    let unknown = run(home.bango_ent().args(["commands", "bat"]));
    assert!(
        unknown
            .assert_code(2)
            .stderr
            .contains("there is no command \"bat\"")
    );
}

#[test]
fn help_and_version_are_text_and_what_makes_the_documents_is_not_shipped() {
    let home = Home::new();
    for words in ["--help --json", "--version --json", "get --help --json"] {
        let outcome = run(home.bango_ent().args(words.split(' ')));
        outcome.assert_code(0);
        assert!(outcome.stdout.contains("bango-ent") && !outcome.stdout.contains('{'));
    }
    let outcome = run(home.bango_ent().args(["generate", "."]));
    outcome.assert_code(2);
    assert!(
        outcome.stderr.contains("unrecognized subcommand"),
        "{}",
        outcome.stderr
    );
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}
