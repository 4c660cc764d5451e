//! Shows the exchange on standard error (`-v`, `-vv`) and appends it to a log file. No credential comes this far.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use super::escape::{clean, clean_json};
use super::output::{Terminal, locked};
use crate::api::{Attempt, Observer, Pause};
use crate::files::private;
use crate::http::in_words;

/// How much of the exchange is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Retries alone.
    Normal,
    /// Method, URL, headers, status.
    Exchange,
    /// The bodies as well.
    Bodies,
}

/// The observer of a client.
pub struct Trace {
    terminal: Terminal,
    verbosity: Verbosity,
    live: bool,
    log: Option<Mutex<File>>,
    log_failed: AtomicBool,
}

impl Trace {
    /// Makes an observer; the log is opened at once, so that a bad path is known before anything is sent.
    pub fn new(
        terminal: Terminal,
        verbosity: Verbosity,
        live: bool,
        log: Option<&Path>,
    ) -> io::Result<Self> {
        Ok(Self {
            terminal,
            verbosity,
            live,
            log: log.map(private::append).transpose()?.map(Mutex::new),
            log_failed: AtomicBool::new(false),
        })
    }

    fn append(&self, attempt: &Attempt) {
        let Some(log) = &self.log else { return };
        let line = clean_json(format!("{}\n", log_line(attempt)));
        let written = locked(log).write_all(line.as_bytes());
        if let Err(e) = written
            && !self.log_failed.swap(true, Ordering::Relaxed)
        {
            self.terminal.warn(&format!(
                "the log file could not be written: {}",
                in_words(&e)
            ));
        }
    }
}

/// An attempt as one JSON object.
fn log_line(attempt: &Attempt) -> Value {
    json!({
        "time": attempt.started.to_string(),
        "method": attempt.method,
        "url": attempt.url,
        "requestIdentifier": attempt.request_identifier,
        "attempt": attempt.number,
        "status": attempt.http_status,
        "responseCode": attempt.response_code,
        "durationMs": u64::try_from(attempt.duration.as_millis()).unwrap_or(u64::MAX),
        "error": attempt.error.map(ToString::to_string),
        "requestBody": attempt.request_body,
        "responseBody": attempt.answer(),
    })
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

    fn attempt(&self, attempt: &Attempt) {
        self.append(attempt);
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
