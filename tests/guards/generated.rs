//! Completions, man pages and reference docs are what `bango-ent generate .` writes today.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::cli::{Home, run};

/// The folders and files that are generated, all of them and nothing else.
const GENERATED: [&str; 4] = [
    "completions",
    "docs/man",
    "docs/commands.md",
    "docs/exit-codes.md",
];

fn read_all(root: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for name in GENERATED {
        let path = root.join(name);
        if path.is_file() {
            files.insert(name.to_owned(), fs::read_to_string(&path).unwrap());
            continue;
        }
        for entry in fs::read_dir(&path).unwrap_or_else(|_| panic!("{name} is missing")) {
            let entry = entry.unwrap();
            let key = format!("{name}/{}", entry.file_name().to_string_lossy());
            files.insert(key, fs::read_to_string(entry.path()).unwrap());
        }
    }
    files
}

#[test]
fn what_is_generated_is_fresh() {
    let home = Home::new();
    let outcome = run(home.bango_ent().arg("generate").arg(home.path()));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let fresh = read_all(home.path());
    let kept = read_all(Path::new(env!("CARGO_MANIFEST_DIR")));
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&kept), names(&fresh), "run: cargo run -- generate .");
    for (name, text) in fresh {
        assert!(
            kept[&name] == text,
            "{name} is stale; run: cargo run -- generate ."
        );
    }
}

#[test]
fn every_shell_gets_its_completions() {
    let home = Home::new();
    for (shell, file) in [
        ("bash", "bash"),
        ("zsh", "zsh"),
        ("fish", "fish"),
        ("powershell", "ps1"),
        ("elvish", "elv"),
    ] {
        let outcome = run(home.bango_ent().args(["completions", shell]));
        assert_eq!(outcome.code, 0);
        let kept =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("completions/bango-ent.{file}"));
        assert_eq!(outcome.stdout, fs::read_to_string(kept).unwrap(), "{shell}");
    }
}

/// The commands that a help page lists, but `help` itself.
fn listed(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// Checks the examples of a command and of every command below it; returns how many commands there are.
fn check_examples(home: &Home, path: &[String]) -> usize {
    let help = run(home.bango_ent().args(path).arg("--help")).stdout;
    let examples: Vec<_> = help
        .lines()
        .filter(|line| line.starts_with("  bango-ent "))
        .collect();
    assert!(!examples.is_empty(), "{path:?} has no example");
    for example in examples {
        let line = example.split(['|', '>', '<', '#']).next().unwrap();
        let mut words = shlex::split(line.trim()).unwrap();
        words.push("--help".to_owned());
        let outcome = run(home.bango_ent().args(&words[1..]));
        assert_eq!(outcome.code, 0, "{example}: {}", outcome.stderr);
    }
    let below = listed(&help).into_iter();
    let below = below.map(|name| check_examples(home, &[path, &[name]].concat()));
    1 + below.sum::<usize>()
}

#[test]
fn every_help_ends_with_examples_that_parse() {
    let home = Home::new();
    let help = run(home.bango_ent().arg("help")).stdout;
    let commands = listed(&help);
    assert!(commands.contains(&"create".to_owned()), "{help}");
    let count: usize = commands
        .into_iter()
        .map(|name| check_examples(&home, &[name]))
        .sum();
    assert!(count > 20, "{count}");
}
