//! What was sent and what came of it: written as a line for each attempt, and read back with all attempts of a request together.
//! No credential comes this far, and it prints nothing.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use url::Url;

use crate::api::types::{Class, Operation, ResponseCode, Status, field};
use crate::api::{self, Attempt};
use crate::files::{log, private, state_folder};
use crate::hidden::escaped_json;

/// The history becomes no longer than this, in bytes: then its older half goes.
const LONGEST: u64 = 4 << 20;
/// As much of a file is read, in bytes: the newest.
const MOST_READ: u64 = 16 << 20;
/// The answer to a read is kept in the history up to this size, in bytes.
const LARGEST_READ: usize = 64 << 10;

/// Where the history is, unless a log file takes its place; none without a home.
pub fn path() -> Option<PathBuf> {
    Some(state_folder()?.join("history.jsonl"))
}

/// Keeps attempts: in a log file once they are over, in the history also a change that is about to be sent.
#[derive(Default)]
pub struct Recorder {
    profile: Option<String>,
    log: Option<Mutex<File>>,
    history: Option<PathBuf>,
}

impl Recorder {
    /// The log file is opened at once, so that a bad path is known before anything is sent.
    pub fn open(
        log: Option<&Path>,
        history: Option<PathBuf>,
        profile: Option<String>,
    ) -> io::Result<Self> {
        let log = log.map(private::append).transpose()?.map(Mutex::new);
        Ok(Self {
            profile,
            log,
            history,
        })
    }

    /// Notes in the history that a change is about to be sent: what is ended before an answer comes is not lost.
    pub fn begin(&self, attempt: &Attempt) -> Result<(), log::Error> {
        if !attempt.changes {
            return Ok(());
        }
        self.keep(&|| self.line(attempt, Outcome::Begun))
    }

    /// Notes in the history how an attempt ended.
    pub fn end(&self, attempt: &Attempt) -> Result<(), log::Error> {
        self.keep(&|| {
            let mut line = self.line(attempt, attempt.outcome().into());
            let answer = &mut line["responseBody"];
            if !attempt.changes && answer.to_string().len() > LARGEST_READ {
                *answer = Value::Null;
            }
            line
        })
    }

    /// Adds an attempt that is over to the log file, without its answer if nobody could read the line with it.
    pub fn log(&self, attempt: &Attempt) -> io::Result<()> {
        let Some(log) = &self.log else { return Ok(()) };
        let mut line = self.line(attempt, attempt.outcome().into());
        let mut text = escaped_json(format!("{line}\n"));
        if text.len() as u64 >= log::LONGEST_LINE {
            line["responseBody"] = Value::Null;
            text = escaped_json(format!("{line}\n"));
        }
        let mut log = log
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        log.write_all(text.as_bytes())
    }

    fn keep(&self, line: &dyn Fn() -> Value) -> Result<(), log::Error> {
        let Some(path) = &self.history else {
            return Ok(());
        };
        let line = escaped_json(line().to_string());
        log::append_shared(path, line.as_bytes(), LONGEST)
    }

    fn line(&self, attempt: &Attempt, outcome: Outcome) -> Value {
        // The value of a secret header is not kept.
        let header = |(name, value): &(api::HeaderName, api::HeaderValue)| {
            let text = (!value.is_sensitive()).then(|| String::from_utf8_lossy(value.as_bytes()));
            json!([name.as_str(), text])
        };
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
            "outcome": outcome,
            "changes": attempt.changes,
            "headers": attempt.headers.iter().map(header).collect::<Vec<_>>(),
            "username": attempt.username,
            "profile": self.profile,
            "operation": attempt.operation,
            "entitlementId": attempt.entitlement,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// An attempt is about to be made.
    Begun,
    /// It was answered with a success.
    Done,
    Refused,
    NotSent,
    /// It may have been acted on.
    Unknown,
}

impl From<Option<api::Outcome>> for Outcome {
    fn from(outcome: Option<api::Outcome>) -> Self {
        match outcome {
            None => Self::Done,
            Some(api::Outcome::Refused) => Self::Refused,
            Some(api::Outcome::NotSent) => Self::NotSent,
            Some(api::Outcome::Unknown) => Self::Unknown,
        }
    }
}

/// A line as it was written; those of older versions have less.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    pub time: String,
    pub method: String,
    pub url: String,
    pub request_identifier: String,
    pub status: Option<u16>,
    pub response_code: Option<String>,
    pub duration_ms: u64,
    pub error: Option<String>,
    pub request_body: Option<Map<String, Value>>,
    pub response_body: Option<Value>,
    outcome: Option<Outcome>,
    changes: Option<bool>,
    /// Names and values; no value if it is a secret.
    #[serde(default)]
    pub headers: Vec<(String, Option<String>)>,
    pub username: Option<String>,
    pub profile: Option<String>,
    /// None for a request of `api` or `products`.
    pub operation: Option<Operation>,
    /// The entitlement that the operation is about, if it names one.
    pub entitlement_id: Option<String>,
}

impl Line {
    pub fn outcome(&self) -> Outcome {
        match self.outcome {
            None if self.error.is_none() && self.status.is_some() => Outcome::Done,
            None => Outcome::Unknown,
            Some(outcome) => outcome,
        }
    }
}

#[derive(Debug)]
pub struct Entry {
    /// What was sent, as the first attempt has it.
    pub request: Line,
    /// The attempts that are over.
    pub attempts: Vec<Line>,
    begun: usize,
}

/// Reads the entries of a file, in the order in which they began. Lines that are no attempt are passed over.
pub fn read(path: &Path) -> io::Result<Vec<Entry>> {
    let (mut entries, mut places) = (Vec::<Entry>::new(), HashMap::new());
    for line in log::read_newest(path, MOST_READ)? {
        let Ok(line) = serde_json::from_slice::<Line>(&line?.1) else {
            continue;
        };
        let key = (
            line.request_identifier.clone(),
            line.method.clone(),
            line.url.clone(),
        );
        let place = *places.entry(key).or_insert_with(|| {
            entries.push(Entry {
                request: line.clone(),
                attempts: Vec::new(),
                begun: 0,
            });
            entries.len() - 1
        });
        if line.outcome == Some(Outcome::Begun) {
            entries[place].begun += 1;
        } else {
            entries[place].attempts.push(line);
        }
    }
    Ok(entries)
}

impl Entry {
    pub fn changes(&self) -> bool {
        let request = &self.request;
        request.changes.unwrap_or(request.method != "GET")
    }

    /// What is known of the request: one attempt without an answer makes a change unknown, unless another was answered with a success.
    pub fn outcome(&self) -> Outcome {
        let mut attempts = self.attempts.iter();
        let is_lost = |line: &Line| line.outcome() == Outcome::Unknown;
        match self.attempts.last() {
            _ if attempts.any(|line| line.outcome() == Outcome::Done && self.is_clear(line)) => {
                Outcome::Done
            }
            _ if self.changes()
                && (self.begun > self.attempts.len() || self.attempts.iter().any(is_lost)) =>
            {
                Outcome::Unknown
            }
            // A success that is not clear.
            Some(line) if line.outcome() == Outcome::Done => Outcome::Unknown,
            Some(line) => line.outcome(),
            None => Outcome::Unknown,
        }
    }

    /// Whether a success says what a success says: `FAILED` and a create without an entitlement do not.
    fn is_clear(&self, line: &Line) -> bool {
        let text = |name: &str| line.response_body.as_ref()?.get(name)?.as_str();
        let is_created = || {
            text(field::ENTITLEMENT_ID).is_some_and(|id| !id.is_empty())
                && text(field::STATUS).is_some()
        };
        !self.changes()
            || Status::parse(text(field::STATUS).unwrap_or_default()) != Some(Status::Failed)
                && (self.request.operation != Some(Operation::Create) || is_created())
    }

    /// Whether the same request, under the same identifier, is what may follow: it was not done, and was not refused for good.
    pub fn is_open(&self) -> bool {
        match self.outcome() {
            Outcome::Done => false,
            Outcome::Refused => {
                let code = self.last().response_code.as_deref();
                code.is_some_and(|code| ResponseCode::parse(code).class() == Class::Wait)
            }
            _ => true,
        }
    }

    /// The newest that is known of it.
    pub fn last(&self) -> &Line {
        self.attempts.last().unwrap_or(&self.request)
    }

    /// The command that it is, or its method and path.
    pub fn what(&self) -> String {
        if let Some(operation) = self.request.operation {
            return operation.to_string();
        }
        let url = Url::parse(&self.request.url).ok();
        let path = url.as_ref().map_or("", Url::path);
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        format!("{} {path}", self.request.method)
    }

    /// A text of the request, or of the newest answer that has it.
    fn text(&self, name: &str) -> Option<&str> {
        let sent = self.request.request_body.as_ref();
        let sent = sent.and_then(|body| body.get(name)?.as_str());
        let answers = self.attempts.iter().rev();
        let mut texts = answers.filter_map(|line| line.response_body.as_ref()?.get(name)?.as_str());
        sent.or_else(|| texts.next())
    }

    /// Whose entitlement it is about, if that is known.
    pub fn user(&self) -> Option<&str> {
        self.text(field::CUSTOMER_IDENTIFIER)
    }

    /// Which entitlement it is about, if that is known.
    pub fn entitlement(&self) -> Option<&str> {
        let named = self.request.entitlement_id.as_deref();
        named.or_else(|| self.text(field::ENTITLEMENT_ID))
    }
}
