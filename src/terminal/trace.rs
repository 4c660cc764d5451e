//! Shows the exchange on standard error (`-v`, `-vv`) and has it kept. No credential comes this far.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use super::escape::clean;
use super::output::Terminal;
use crate::api::{Attempt, Observer, Pause};
use crate::history::Recorder;
use crate::http::in_words;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Retries alone.
    Normal,
    /// Method, URL, headers, status.
    Exchange,
    Bodies,
}

pub struct Trace {
    terminal: Terminal,
    verbosity: Verbosity,
    live: bool,
    recorder: Recorder,
    log_failed: AtomicBool,
    history_failed: AtomicBool,
}

impl Trace {
    pub fn new(terminal: Terminal, verbosity: Verbosity, live: bool, recorder: Recorder) -> Self {
        Self {
            terminal,
            verbosity,
            live,
            recorder,
            log_failed: AtomicBool::new(false),
            history_failed: AtomicBool::new(false),
        }
    }

    /// Says once that something is not kept.
    fn warn_of<E: std::fmt::Display>(&self, what: &str, kept: Result<(), E>, said: &AtomicBool) {
        if let Err(error) = kept
            && !said.swap(true, Ordering::Relaxed)
        {
            let why = in_words(&error);
            let text = format!("the {what} could not be written: {why}");
            self.terminal.warn(&text);
        }
    }
}

/// A body for the screen: JSON laid out, anything else as text; clean line by line.
fn shown_body(direction: char, value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        value => serde_json::to_string_pretty(value).unwrap_or_default(),
    };
    let shown = |line: &str| format!("{direction} {}\n", clean(line));
    text.lines().map(shown).collect::<Vec<_>>().concat()
}

impl Observer for Trace {
    fn change(&self, username: &str, host: &str) {
        if self.live {
            self.terminal
                .live(&format!("{} at {host}", clean(username)));
        }
    }

    fn begin(&self, attempt: &Attempt) {
        let kept = self.recorder.begin(attempt);
        self.warn_of("history", kept, &self.history_failed);
    }

    fn attempt(&self, attempt: &Attempt) {
        let logged = self.recorder.log(attempt);
        self.warn_of("log file", logged, &self.log_failed);
        let kept = self.recorder.end(attempt);
        self.warn_of("history", kept, &self.history_failed);
        if self.verbosity == Verbosity::Normal {
            return;
        }
        let user = attempt.username.map(clean);
        let user = user.map(|user| format!("> Authorization: Basic [redacted] (user {user})\n"));
        let mut text = format!(
            "> {} {}\n{}> X-RequestIdentifier: {}\n",
            attempt.method,
            clean(attempt.url),
            user.unwrap_or_default(),
            clean(attempt.request_identifier)
        );
        let bodies = self.verbosity == Verbosity::Bodies;
        if let Some(body) = attempt.request_body.filter(|_| bodies) {
            text += &shown_body('>', &Value::Object(body.clone()));
        }
        let milliseconds = attempt.duration.as_millis();
        let outcome = match (attempt.http_status, attempt.error) {
            (Some(status), _) => {
                let code = attempt.response_code.unwrap_or("without a response code");
                format!("< HTTP {status} {} in {milliseconds} ms\n", clean(code))
            }
            (None, Some(error)) => {
                format!("< {} after {milliseconds} ms\n", clean(&error.to_string()))
            }
            (None, None) => String::new(),
        };
        text += &outcome;
        if let Some(body) = bodies.then(|| attempt.answer()).flatten() {
            text += &shown_body('<', &body);
        }
        self.terminal.to_stderr(&text);
    }

    fn pause(&self, pause: &Pause) {
        let seconds = pause.wait.as_secs_f64();
        let reason = pause.reason.to_string();
        self.terminal.remark(&format!(
            "{}; retry {} of {} in {seconds:.1} s",
            clean(&reason),
            pause.retry,
            pause.retries
        ));
    }
}
