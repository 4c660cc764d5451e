//! Parses the command line, runs the command, shows its result and how it ended.
//!
//! This crate is a program. The library is for its own generator, tests and fuzz targets, and promises nothing to others.

mod api;
mod batch;
mod cli;
mod commands;
mod context;
mod doctor;
mod ending;
mod exchange;
mod files;
mod glossary;
mod hidden;
mod history;
mod http;
mod listener;
mod profile;
mod program;
#[cfg(any(fuzzing, test))]
pub mod readers;
mod report;
mod sandbox;
mod server;
mod tables;
mod terminal;

use std::io;
use std::process::ExitCode;

use serde_json::{Map, Value};

use api::Answer;
use context::Context;
use ending::{Code, Ending, in_words};
use report::{Acted, Report};
use terminal::Terminal;

pub use cli::{GROUPS, tree};
pub use commands::completions::script;

/// The table of exit codes: code, meaning, whether to repeat, what next.
#[must_use]
pub fn exit_codes() -> Vec<[String; 4]> {
    let row = |row: &ending::CodeRow| {
        let [meaning, repeat, next] = [row.meaning, row.repeat, row.next].map(str::to_owned);
        [row.code.number().to_string(), meaning, repeat, next]
    };
    ending::TABLE.iter().map(row).collect()
}

/// Runs the command that the process was given, to its exit code.
#[must_use]
pub fn run() -> ExitCode {
    match cli::complete() {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(error) => return cli::refuse(error),
    }
    terminal::handle_signals();
    let cli = match cli::parse() {
        Ok(cli) => cli,
        Err(error) => return cli::refuse(error),
    };
    let cx = Context::new(cli.globals);
    let ended = cli.command.run(&cx, tree);
    let mut report = ended.unwrap_or_else(Report::from);
    let code = finish(&cx, &mut report);
    if code != Code::Done {
        cx.report_failure(|| failure(&cx, report, code));
    }
    ExitCode::from(code.number())
}

/// Shows the result once, says how the command ended, and gives the exit code, which is the same in every format.
fn finish(cx: &Context, report: &mut Report) -> Code {
    let terminal = &cx.terminal;
    // What went wrong is said even if nothing takes the document; a table comes before the words about it.
    if let Some(ending) = report.ending.as_ref().filter(|_| terminal.is_json()) {
        tell(cx, ending);
    }
    let written = write(cx, report);
    if let (Ok(()), Some(then)) = (&written, report.then.take()) {
        then(terminal);
    }
    for remark in &report.remarks {
        terminal.remark(remark);
    }
    if let Some(ending) = report.ending.as_ref().filter(|_| !terminal.is_json()) {
        tell(cx, ending);
    }
    let Err(error) = written else {
        tell_entitlement(cx, report);
        return report.code();
    };
    let reader_left = error.kind() == io::ErrorKind::BrokenPipe;
    let code = report.code_if_unwritten(reader_left);
    tell_unwritten(cx, report, &error, code);
    code
}

/// Writes the result on standard output; in JSON one document, whatever happened.
fn write(cx: &Context, report: &Report) -> io::Result<()> {
    let shown = report.shown.as_ref();
    let ending = report.ending.as_ref().filter(|_| cx.terminal.is_json());
    let Some(ending) = ending else {
        return shown.map_or(Ok(()), |shown| {
            if report.is_long {
                cx.terminal.show_at_leisure(shown)
            } else {
                cx.terminal.show(shown)
            }
        });
    };
    cx.terminal.print_document(&document(cx, report, ending))
}

/// The document of a failure, with what the command found out.
fn document(cx: &Context, report: &Report, ending: &Ending) -> Map<String, Value> {
    let document = cx.failure(ending);
    let shown = report.shown.as_ref().filter(|_| report.is_beside);
    match shown.map(|shown| &shown.document) {
        Some(Value::Object(findings)) => findings.clone().into_iter().chain(document).collect(),
        _ => document,
    }
}

/// The same for who is told of a failure, which may also be that a result could not be written.
fn failure(cx: &Context, report: Report, code: Code) -> Map<String, Value> {
    if let Some(ending) = report.ending.as_ref().filter(|ending| ending.code == code) {
        return document(cx, &report, ending);
    }
    let unwritten = Ending::new(code, "the result could not be written");
    let unwritten = match report.acted {
        Acted::Answered(answer) => unwritten.about(*answer),
        _ => unwritten,
    };
    cx.failure(&unwritten)
}

/// Says on standard error what went wrong, what is known, and what to do next.
fn tell(cx: &Context, ending: &Ending) {
    let terminal = &cx.terminal;
    terminal.error(&ending.message);
    for point in &ending.points {
        terminal.bullet(point);
    }
    if let Some(next) = &ending.next {
        let line = cx.next_line(next);
        if next.is_command() {
            terminal.literal("what next", &line);
        } else {
            terminal.bullet(&format!("what next: {line}"));
        }
    }
    if let Some(id) = &ending.request_identifier {
        terminal.literal("request identifier", id);
        if ending.repeat {
            terminal.literal("repeat it safely", &cx.repeat_command(id));
        }
    }
    if cx.globals.verbose > 0
        && let Some(cause) = &ending.cause
    {
        terminal.bullet(&format!("cause: {cause:#}"));
    }
}

/// Names the entitlement of a failure that has not shown it, or of a result that was written to nowhere.
fn tell_entitlement(cx: &Context, report: &Report) {
    let terminal = &cx.terminal;
    let ending = report.ending.as_ref().filter(|_| report.shown.is_none());
    if let Acted::Answered(answer) = &report.acted
        && Terminal::is_stdout_lost()
    {
        tell_answer(terminal, answer);
    } else if let Some(id) = ending.and_then(Ending::entitlement_id)
        && !terminal.is_json()
    {
        terminal.literal("entitlement", id);
    }
}

/// Says what could not be written, and puts what must not be lost on standard error. A reader that has left needs no word.
fn tell_unwritten(cx: &Context, report: &Report, error: &io::Error, code: Code) {
    let terminal = &cx.terminal;
    let Acted::Answered(answer) = &report.acted else {
        if error.kind() != io::ErrorKind::BrokenPipe {
            let why = in_words(error);
            terminal.error(&format!(
                "the result could not be written to standard output: {why}"
            ));
        }
        return;
    };
    let done = if report.ending.is_none() {
        "done, but "
    } else {
        ""
    };
    let why = in_words(error);
    terminal.error(&format!("{done}the result could not be written: {why}"));
    if code == Code::Unwritten
        && let Some(id) = answer.entitlement_id()
    {
        let next = ending::Next {
            say: "do not create again; this shows it".into(),
            run: vec!["get".to_owned(), id.to_owned()],
            ..ending::Next::default()
        };
        terminal.literal("what next", &cx.next_line(&next));
    }
    tell_answer(terminal, answer);
}

/// Shows what must not be lost of an answer.
fn tell_answer(terminal: &Terminal, answer: &Answer) {
    for (label, text) in ending::told(answer) {
        terminal.literal(label, &text);
    }
}
