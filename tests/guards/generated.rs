//! Completions, man pages and reference docs are what `cargo run --example generate` writes today.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::cli::{Home, run};

#[path = "../../examples/generate/man.rs"]
mod man;
#[path = "../../examples/generate/pages.rs"]
mod pages;

#[test]
fn what_is_generated_is_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fresh = pages::all();
    for (name, bytes) in &fresh {
        let kept = fs::read(root.join(name)).unwrap_or_default();
        assert!(
            kept == *bytes,
            "{name} is stale; run: cargo run --example generate"
        );
    }
    for folder in ["completions", "docs/man"] {
        let kept = fs::read_dir(root.join(folder)).unwrap();
        let kept: BTreeSet<_> = kept
            .map(|entry| format!("{folder}/{}", entry.unwrap().file_name().display()))
            .collect();
        let fresh = fresh.keys().filter(|name| name.starts_with(folder));
        assert_eq!(kept, fresh.cloned().collect(), "a file too many");
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

#[test]
fn the_program_has_every_man_page() {
    let home = Home::new();
    for (name, text) in man::pages() {
        let stem = Path::new(&name).file_stem().unwrap().to_str().unwrap();
        let words = stem.trim_start_matches("bango-ent").trim_start_matches('-');
        let words = Some(words).filter(|words| !words.is_empty());
        let page = run(home.bango_ent().args(["man", "--json"]).args(words)).json();
        assert_eq!(page["page"].as_str(), Some(&*text), "{name}");
        let shown = run(home.bango_ent().arg("man").args(words).env("LC_ALL", "C")).stdout;
        for request in ["\n.", "\\f", "\\-", "\\("] {
            assert!(!shown.contains(request), "{name}: {request:?} in {shown}");
        }
        let word = words.map_or("bango-ent", |words| words);
        assert!(
            shown.starts_with("NAME\n") && shown.contains(word),
            "{shown}"
        );
        let examples = shown.split_once("\nEXAMPLES\n").unwrap().1;
        assert!(examples.starts_with("       bango-ent "), "{examples}");
    }
}

#[test]
#[ignore = "needs man"]
fn every_man_page_is_set_without_a_warning() {
    let home = Home::new();
    let (mut count, mut examples_found) = (0, 0);
    for (name, text) in man::pages() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(&name);
        let set = home
            .program("man")
            .args(["--warnings", "-E", "UTF-8", "-l", "-Tutf8"])
            .arg(&page)
            .run();
        assert_eq!(set.stderr, "", "{name}");
        assert!(set.stdout.contains("bango-ent"), "{name}");
        // Examples are copied: in a narrow window too they are neither filled nor hyphenated.
        let narrow = home
            .program("man")
            .args(["-E", "UTF-8", "-l", "-Tutf8"])
            .arg(&page)
            .env("MANWIDTH", "50")
            .run();
        let lines: Vec<_> = narrow.stdout.lines().map(str::trim).collect();
        let (_, examples) = text.split_once("\n.SH EXAMPLES\n").unwrap();
        let examples = examples.split("\n.SH ").next().unwrap().lines();
        for example in examples.filter(|line| line.starts_with("bango\\-ent ")) {
            let example = example.replace("\\-", "-").replace("\\*(Aq", "'");
            let example = example.replace("\\\\", "\\");
            assert!(lines.contains(&example.as_str()), "{name}: {example}");
            examples_found += 1;
        }
        for heading in [
            "NAME",
            "SYNOPSIS",
            "EXAMPLES",
            "ENVIRONMENT",
            "\"EXIT STATUS\"",
            "\"SEE ALSO\"",
        ] {
            assert!(
                text.contains(&format!("\n.SH {heading}\n")),
                "{name} {heading}"
            );
        }
        count += 1;
    }
    assert!(
        count > 20 && examples_found > 50,
        "{count} {examples_found}"
    );
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
    let commands = bango_ent::GROUPS.iter().flat_map(|(_, names)| *names);
    let count: usize = commands
        .map(|name| check_examples(&home, &[(*name).to_owned()]))
        .sum();
    assert!(count > 20, "{count}");
}

#[test]
fn the_short_help_is_shorter_and_each_help_names_the_common_options_once() {
    let home = Home::new();
    for (_, names) in bango_ent::GROUPS {
        for name in names {
            let short = run(home.bango_ent().args([name, "-h"])).stdout;
            let long = run(home.bango_ent().args([name, "--help"])).stdout;
            assert!(
                !short.contains("Examples:") && long.contains("Examples:"),
                "{name}"
            );
            for help in [&short, &long] {
                assert_eq!(help.matches("Common options: ").count(), 1, "{help}");
                assert!(!help.contains("--request-id <"), "{help}");
            }
        }
    }
    let options = run(home.bango_ent().args(["help", "options"]));
    options.assert_code(0);
    assert!(
        options.stdout.contains("--request-id <ID>"),
        "{}",
        options.stdout
    );
}

#[test]
fn a_command_that_sends_nothing_takes_no_option_of_a_request() {
    let home = Home::new();
    for line in [
        &["explain", "30", "--timeout", "5s"][..],
        &["--base-url", "https://x.example/v1", "completions", "bash"],
        &["profile", "list", "--retries", "1"],
        &["batch", "status", "j", "--request-id", "x"],
        &["auth", "logout", "--log-file", "x"],
        &["sandbox", "--sandbox"],
    ] {
        let outcome = run(home.bango_ent().args(line));
        outcome.assert_code(2);
        assert!(
            outcome.stderr.contains("has no meaning for"),
            "{}",
            outcome.stderr
        );
    }
    // What stands in the environment is for all commands.
    let outcome = run(home
        .bango_ent()
        .args(["explain", "30"])
        .env("BANGO_LOG_FILE", "log"));
    outcome.assert_code(0);
}
