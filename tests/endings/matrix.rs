//! Plays every cell in every format, and compares what came of it with what the table and the server say.

use std::fs::File;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use super::cells::{COMMANDS, Command, ENDINGS, Ending, Kind, Output, Stop, code};
use super::stage::{Did, Fate, ID, Stage};
use crate::support::cli::{Cli, Outcome, Running, leave, left, wait_until};
use crate::support::pty::Screen;
use crate::support::schema;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// A table on a terminal.
    Table,
    Piped,
    Json,
}

/// What came of a cell in one format.
struct Played {
    outcome: Outcome,
    did: Vec<Did>,
}

#[test]
fn every_command_ends_in_every_way_as_it_must() {
    let wanted = std::env::var("BANGO_CELL").unwrap_or_default();
    let cells: Vec<_> = COMMANDS
        .iter()
        .flat_map(|command| ENDINGS.iter().map(move |ending| (command, ending)))
        .filter_map(|(command, ending)| Some((command, ending, code(command, ending)?)))
        .filter(|(command, ending, _)| name(command, ending).contains(&wanted))
        .collect();
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                while let Some((command, ending, code)) =
                    cells.get(next.fetch_add(1, Ordering::SeqCst))
                {
                    let faults = faults(command, ending, *code);
                    if faults.is_empty() {
                        continue;
                    }
                    let name = name(command, ending);
                    let told = format!("{name}: {}", faults.join("\n"));
                    wrong.lock().unwrap().push(told);
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    assert!(
        wrong.is_empty(),
        "{} of {} cells\n{}",
        wrong.len(),
        cells.len(),
        wrong.join("\n")
    );
}

fn name(command: &Command, ending: &Ending) -> String {
    format!("{} / {}", command.name, ending.name)
}

/// What is wrong with a cell.
fn faults(command: &Command, ending: &Ending, code: i32) -> Vec<String> {
    let mut faults = Vec::new();
    for format in formats(ending) {
        // A cell that does not even come to its end is wrong like any other.
        let Ok(played) = std::panic::catch_unwind(|| play(command, ending, format)) else {
            faults.push(format!("{format:?}: it never came so far"));
            continue;
        };
        let mut check = Check {
            code,
            format,
            played: &played,
            found: Vec::new(),
        };
        check.all(command, ending);
        if !check.found.is_empty() {
            let outcome = &played.outcome;
            faults.push(format!(
                "{format:?}: {}; the server: {:?}\n    stdout: {}{}\n    stderr: {}",
                check.found.join("; "),
                played.did,
                outcome.stdout.trim_end(),
                outcome.screen.trim_end(),
                outcome.stderr.trim_end().replace('\n', "\n            ")
            ));
        }
    }
    faults
}

fn formats(ending: &Ending) -> Vec<Format> {
    match (ending.stop, ending.output, ending.fate) {
        (Stop::AtTheQuestion, ..) => vec![Format::Table, Format::Json],
        (Stop::UnderWay(rustix::process::Signal::INT), ..)
        | (Stop::Never, Output::Read, Fate::Done | Fate::Lost | Fate::Refused("BAD_REQUEST", _)) => {
            vec![Format::Table, Format::Piped, Format::Json]
        }
        _ => vec![Format::Piped, Format::Json],
    }
}

fn play(command: &Command, ending: &Ending, format: Format) -> Played {
    let spares_creates = command.kind == Kind::CreateAndWait;
    let stage = Stage::new(
        ending.fate,
        spares_creates,
        ending.output == Output::LeftUnderWay,
    );
    if command.name == "batch status" {
        stage.with_journal();
    }
    let mut cli = cli(command, ending, &stage);
    if format == Format::Json {
        cli.arg("--json");
    }
    let first = if spares_creates { 2 } else { 1 };
    let outcome = match ending.output {
        Output::Read => in_time(cli, ending.stop, format, &stage, first),
        Output::LeftBefore => {
            cli.stdout(left());
            cli.run()
        }
        Output::LeftUnderWay => {
            let (reader, writer) = std::io::pipe().unwrap();
            let running = cli.stdout(writer.try_clone().unwrap()).start();
            stage.wait_for_request(1);
            leave(reader, &writer);
            stage.release();
            running.end()
        }
        Output::Full => {
            cli.stdout(File::options().write(true).open("/dev/full").unwrap());
            cli.run()
        }
        Output::Closed => cli.in_shell("exec \"$0\" \"$@\" >&-").run(),
    };
    Played {
        outcome,
        did: stage.did(),
    }
}

fn cli(command: &Command, ending: &Ending, stage: &Stage) -> Cli {
    let mut cli = stage.home.client(&stage.base_url);
    match ending.stop {
        Stop::AtTheQuestion => cli.args(command.question.unwrap().0),
        _ => cli.args(command.arguments),
    };
    let sends = command.kind != Kind::Local || command.name == "batch --check";
    if sends {
        cli.args(ending.flags);
    }
    match command.kind {
        // It sends nothing and takes no options of a request.
        _ if !sends => {}
        // Its own time is among its arguments.
        Kind::Wait => {}
        // What is under way when it is stopped is waited for.
        Kind::Batch => _ = cli.args(["--timeout", "2s"]),
        _ => _ = cli.args(["--timeout", "5s"]),
    }
    if command.kind == Kind::Login {
        cli.args(["--base-url", &stage.base_url]);
        for name in ["BANGO_USERNAME", "BANGO_PASSWORD", "BANGO_BASE_URL"] {
            cli.env_remove(name);
        }
    }
    if command.name == "profile list" {
        let config = "[profiles.p]\nusername = \"u\"\n";
        stage.home.write(".config/bango-ent/config.toml", config);
    }
    if ending.stop == Stop::BeforeTheFirstRequest {
        let config = format!(
            "[profiles.p]\nbase_url = \"{}\"\nusername = \"u\"\npassword_command = [\"sh\", \"-c\", \"touch asked; exec sleep 20 2>&-\"]\n",
            stage.base_url
        );
        stage.home.write(".config/bango-ent/config.toml", config);
        cli.args(["--profile", "p"]);
    }
    cli
}

/// Runs it on a terminal or with its output kept, and stops it when it is time.
fn in_time(mut cli: Cli, stop: Stop, format: Format, stage: &Stage, first: usize) -> Outcome {
    use rustix::process::Signal;
    if format == Format::Table || stop == Stop::AtTheQuestion {
        if format == Format::Json {
            cli.stdout(std::process::Stdio::piped());
        }
        let screen = Screen::start(&mut cli, 300);
        match stop {
            Stop::AtTheQuestion => {
                screen.wait_for_keys();
                screen.type_text("\u{3}");
            }
            Stop::UnderWay(signal) => {
                stage.wait_for_request(first);
                screen.signal(signal);
            }
            _ => {}
        }
        return screen.end();
    }
    let running = cli.start();
    let signal = |running: &Running, signal: Signal| running.signal(signal);
    match stop {
        Stop::BeforeTheFirstRequest => {
            let asked = stage.home.path().join("asked");
            wait_until("the password's program", || asked.exists());
            signal(&running, Signal::INT);
        }
        Stop::UnderWay(which) => {
            stage.wait_for_request(first);
            signal(&running, which);
        }
        _ => {}
    }
    running.end()
}

/// Compares a played cell with what must be.
struct Check<'a> {
    code: i32,
    format: Format,
    played: &'a Played,
    found: Vec<String>,
}

impl Check<'_> {
    fn all(&mut self, command: &Command, ending: &Ending) {
        let outcome = &self.played.outcome;
        if outcome.code != self.code {
            self.found
                .push(format!("exit code {}, not {}", outcome.code, self.code));
        }
        if outcome.stderr.contains("panicked") {
            self.found.push("a panic".to_owned());
        }
        if self.format == Format::Json && ending.output == Output::Read && !is_script(command) {
            self.document(command);
        }
        self.id_is_told(command, ending);
        let has_sent = !self.played.did.is_empty();
        let sends =
            ending.stop != Stop::BeforeTheFirstRequest && !ending.flags.contains(&"--dry-run");
        if has_sent && !sends {
            self.found.push("something was sent".to_owned());
        }
    }

    fn document(&mut self, command: &Command) {
        let outcome = &self.played.outcome;
        let mut documents =
            serde_json::Deserializer::from_str(&outcome.stdout).into_iter::<Value>();
        let (first, second) = (documents.next(), documents.next());
        let (Some(Ok(document)), None) = (first, second) else {
            self.found.push("not one JSON document".to_owned());
            return;
        };
        let schema = schema_of(command, &document);
        self.found.extend(schema::fault(schema, &document));
        let error = &document["error"];
        if error.is_null() != (self.code == 0) {
            self.found.push(format!("error is {error}"));
        }
        if error.is_null() {
            return;
        }
        if error["exitCode"] != outcome.code {
            self.found.push(format!("exitCode {}", error["exitCode"]));
        }
        let effect = error["outcome"].as_str().unwrap_or_default();
        let effects = self.true_effects(command);
        if !effects.contains(&effect) {
            self.found
                .push(format!("outcome {effect:?}, which is none of {effects:?}"));
        }
    }

    /// What may be said of what the server did.
    fn true_effects(&self, command: &Command) -> Vec<&'static str> {
        let did = &self.played.did;
        match command.kind {
            // Which of the rows were done is told by their numbers.
            Kind::Batch => return vec!["partial", "unknown", "refused", "not_sent"],
            // What is said of a read is about the read: it changes nothing.
            Kind::Read | Kind::Wait | Kind::Doctor | Kind::Login if did.contains(&Did::Unclear) => {
                return if did.contains(&Did::Refused) {
                    vec!["refused"]
                } else {
                    vec!["unknown"]
                };
            }
            _ => {}
        }
        if did.contains(&Did::Changed) {
            vec!["created"]
        } else if did.contains(&Did::Unclear) {
            vec!["unknown"]
        } else if did.contains(&Did::Refused) {
            vec!["refused"]
        } else {
            vec!["not_sent"]
        }
    }

    /// The id of what exists is told, and on standard error if standard output takes nothing; of what may exist, the identifier.
    fn id_is_told(&mut self, command: &Command, ending: &Ending) {
        let outcome = &self.played.outcome;
        if !matches!(command.kind, Kind::Change | Kind::CreateAndWait) {
            return;
        }
        let told = [&outcome.stdout, &outcome.screen, &outcome.stderr].map(String::as_str);
        let is_told = |text: &str| told.iter().any(|told| told.contains(text));
        if self.played.did.contains(&Did::Changed) && !is_told(ID) {
            self.found.push("the id is not told".to_owned());
        }
        let is_in_doubt = self.played.did.contains(&Did::Unclear) && command.kind == Kind::Change;
        if is_in_doubt
            && ending.output == Output::Read
            && !is_told("request identifier")
            && !is_told("requestIdentifier\": \"")
        {
            self.found
                .push("the request identifier is not told".to_owned());
        }
    }
}

/// What docs/schema/ says of the document.
fn schema_of(command: &Command, document: &Value) -> &'static str {
    match command.name {
        "doctor" if document.get("checks").is_some() => "doctor",
        "auth status --check" if document.get("baseUrl").is_some() => "auth-status",
        "get several" if document.get("notAsked").is_some() => "entitlements",
        _ if document.get("error").is_some() => "error",
        _ if document.get("dryRun").is_some() => "dry-run",
        "batch" if document.get("sha256").is_some() => "batch-check",
        "list" => "list",
        "echo" => "echo",
        "batch" => "batch",
        "batch --check" => "batch-check",
        "batch status" => "batch-status",
        "auth login" => "auth-login",
        "explain" => "explain",
        "commands" => "commands",
        "profile list" => "profile-list",
        _ => "answer",
    }
}

/// Whether the result is a script, which is text in every format.
fn is_script(command: &Command) -> bool {
    command.name == "completions"
}
