//! One notification as it came in, its line of JSON, and the file of such lines (`--save`). It owns the shape of the line, and prints nothing.

use std::path::Path;

use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::reading::Reading;
use crate::api::Notification;
use crate::ending::{Code, Ending};
use crate::files::log::{self, Log};
use crate::server::Request;

/// The headers that may hold what Bango proves itself with.
const CREDENTIAL_HEADERS: [&str; 2] = ["authorization", "x-api-key"];

/// A notification that is not a repetition. It holds the body as bytes: parsed, a body may take fifty times as much.
#[derive(Debug)]
pub struct Received {
    /// When it was received.
    pub at: Timestamp,
    /// The path and query that it was sent to: the reseller's own id may be in there.
    pub target: String,
    /// Whether a newer one of the same entitlement had been received before.
    pub is_late: bool,
    /// Of what it says, the texts that are shown.
    pub summary: Notification,
    /// The body, byte for byte.
    pub body: Vec<u8>,
    /// The `Content-Type` as it came.
    pub content_type: Option<String>,
    /// The headers that Bango proved itself with.
    pub credentials: Vec<(&'static str, SecretString)>,
}

/// What is read back of a line.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedLine {
    /// When it was received.
    pub received_at: Timestamp,
    /// Where it was sent to.
    pub target: String,
    /// Whether it was late.
    #[serde(default)]
    pub late: bool,
    /// What it says.
    pub notification: Box<RawValue>,
}

impl Received {
    /// What every line begins with.
    pub const LINE_START: &str = "{\"receivedAt\":\"";

    /// Makes one of a request that was received now.
    pub fn new(request: Request, summary: Notification) -> Self {
        let credential = |name: &&'static str| {
            let value = request.header(name)?;
            Some((*name, SecretString::from(value)))
        };
        Self {
            at: Timestamp::now(),
            target: match &request.query {
                Some(query) => format!("{}?{query}", request.path),
                None => request.path.clone(),
            },
            is_late: false,
            summary,
            credentials: CREDENTIAL_HEADERS.iter().filter_map(credential).collect(),
            content_type: request.header("content-type").map(str::to_owned),
            body: request.body,
        }
    }

    /// Makes one of a saved line, whose body is the compact JSON there; nothing if it is no notification.
    pub fn saved(saved: SavedLine) -> Option<Self> {
        let reading = Reading::new(saved.notification.get().as_bytes()).ok()?;
        Some(Self {
            at: saved.received_at,
            target: saved.target,
            is_late: saved.late,
            summary: reading.summary,
            body: reading.json.into_bytes(),
            content_type: None,
            credentials: Vec::new(),
        })
    }

    /// When it was received, in the wire's format.
    pub fn received_at(&self) -> String {
        format!("{:.3}", self.at)
    }

    /// The line of JSON for it, on standard output and in the file, without its newline; `notification` is what it says, as JSON.
    pub fn line(&self, notification: &str) -> String {
        let (start, at) = (Self::LINE_START, self.received_at());
        let (target, late) = (Value::from(self.target.as_str()), self.is_late);
        format!(
            "{start}{at}\",\"target\":{target},\"late\":{late},\"notification\":{notification}}}"
        )
    }

    /// Reads a line back; nothing if it is none.
    pub fn read_line(line: &[u8]) -> Option<SavedLine> {
        let is_ours = line.starts_with(Self::LINE_START.as_bytes());
        is_ours.then(|| serde_json::from_slice(line).ok())?
    }

    /// Names it for a message: reason and entitlement.
    pub fn name(&self) -> String {
        let reason = self.summary.reason();
        let reason = reason.as_deref().unwrap_or("a notification");
        match self.summary.entitlement_id() {
            Some(id) => format!("{reason} of {id}"),
            None => reason.to_owned(),
        }
    }
}

/// What was found in the file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FileContents {
    /// Notifications.
    pub notifications: u64,
    /// Lines that are none; they are left where they are.
    pub strange: u64,
    /// Bytes of a last line that a crash had torn, cut off.
    pub torn: usize,
}

impl FileContents {
    /// Counts a line, and hands it out if it is a notification.
    pub fn count(&mut self, line: &[u8], each: &mut impl FnMut(SavedLine)) {
        if let Some(saved) = Received::read_line(line) {
            each(saved);
            self.notifications += 1;
        } else if !line.trim_ascii().is_empty() {
            self.strange += 1;
        }
    }
}

/// Opens or creates the file, hands everything in it to `each`, and cuts a torn last line off.
pub fn open(path: &Path, mut each: impl FnMut(SavedLine)) -> Result<(Log, FileContents), Ending> {
    let name = path.display();
    let refused = |why: &str| {
        Ending::new(Code::Bug, format!("{why} {name}")).next("choose another file with --save")
    };
    let failed = |what: &str, error| Ending::failed(format!("{name} cannot be {what}"), error);
    let mut log = Log::open(path).map_err(|error| match error {
        log::Error::Locked => refused("another listener saves in"),
        log::Error::Io(error) => failed("opened", error),
    })?;
    let mut found = FileContents::default();
    let mut lines = log.lines().map_err(|e| failed("read", e))?;
    for line in lines.by_ref() {
        found.count(&line.map_err(|e| failed("read", e))?.1, &mut each);
    }
    let rest = lines.rest();
    let start = Received::LINE_START.as_bytes();
    let is_whole = Received::read_line(rest).is_some();
    // What a crash leaves of a line begins like one, or is zeros. Anything else was written by a person.
    let is_torn = !is_whole
        && (rest.starts_with(start)
            || start.starts_with(rest)
            || rest.iter().all(|byte| *byte == 0));
    if is_torn {
        found.torn = rest.len();
    } else {
        found.count(rest, &mut each);
    }
    if found.strange > 0 && found.notifications == 0 {
        return Err(refused("something else than notifications is in"));
    }
    let repaired = if is_torn {
        log.repair(lines.end())
    } else {
        log.append(b"\n")
    };
    repaired.map_err(|e| failed("written", e))?;
    Ok((log, found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_holds_everything_and_is_read_back() {
        let request = Request {
            method: "POST".to_owned(),
            path: "/hook".to_owned(),
            query: Some("id=7".to_owned()),
            headers: vec![("authorization".to_owned(), "Bearer t-1".to_owned())],
            body: b"{\n \"reason\": \"NEW\",\n \"n\": 1.50}".to_vec(),
            peer: ([127, 0, 0, 1], 1).into(),
        };
        let reading = Reading::new(&request.body).unwrap();
        let mut received = Received::new(request, reading.summary);
        received.at = "2026-11-23T04:00:00Z".parse().unwrap();
        received.is_late = true;
        let line = received.line(&reading.json);
        let expected = r#"{"receivedAt":"2026-11-23T04:00:00.000Z","target":"/hook?id=7","late":true,"notification":{"reason":"NEW","n":1.50}}"#;
        assert_eq!(line, expected);
        let saved = Received::read_line(line.as_bytes()).unwrap();
        assert_eq!(saved.notification.get(), reading.json);
        assert_eq!(
            (saved.received_at, saved.target),
            (received.at, received.target.clone())
        );
        assert_eq!(received.name(), "NEW");
        assert!(!format!("{received:?}").contains("t-1"));
    }

    fn lines(count: usize) -> String {
        let line = |n| {
            let start = Received::LINE_START;
            format!(
                "{start}2026-11-23T04:00:00Z\",\"target\":\"/\",\"notification\":{{\"n\":{n}}}}}\n"
            )
        };
        (0..count).map(line).collect()
    }

    /// Opens a file with this content and returns what was found, if it is taken, and what is in it afterwards.
    fn opened(content: &[u8]) -> (Option<FileContents>, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("saved.jsonl");
        std::fs::write(&path, content).unwrap();
        let mut count = 0;
        let found = open(&path, |_| count += 1).ok().map(|(_, found)| found);
        assert!(
            found
                .as_ref()
                .is_none_or(|found| found.notifications == count)
        );
        (found, std::fs::read(&path).unwrap())
    }

    #[test]
    fn a_file_of_something_else_is_refused_and_left_alone() {
        for content in ["secret", "[user]\nname = x\n", "{\"a\":1}\n", "{\"a\":1}"] {
            let (found, after) = opened(content.as_bytes());
            assert_eq!((found, after), (None, content.into()), "{content}");
        }
    }

    #[test]
    fn what_a_person_wrote_among_ours_stays() {
        let content = lines(2).replacen('\n', "\nremark\n\n", 1) + "and another";
        let (found, after) = opened(content.as_bytes());
        let (notifications, strange, torn) = (2, 2, 0);
        let expected = FileContents {
            notifications,
            strange,
            torn,
        };
        assert_eq!(found, Some(expected));
        assert_eq!(after, (content + "\n").as_bytes());
    }

    proptest! {
        #[test]
        fn a_file_torn_anywhere_keeps_its_whole_lines(cut in 0usize..300, zeros in 0usize..3) {
            let content = lines(4);
            let cut = cut.min(content.len());
            let whole = content[..cut].rfind('\n').map_or(0, |at| at + 1);
            let mut torn = content.as_bytes()[..cut].to_vec();
            if whole == cut {
                torn.extend(vec![0; zeros]);
            }
            let (found, after) = opened(&torn);
            let found = found.unwrap();
            // Cut just before its newline, a line is whole.
            let lacks_end = content[cut..].starts_with('\n') && cut > 0;
            let expected = if lacks_end { cut + 1 } else { whole };
            prop_assert_eq!(after, &content.as_bytes()[..expected]);
            prop_assert_eq!(found.notifications, content[..expected].lines().count() as u64);
            prop_assert_eq!(found.torn, torn.len() - if lacks_end { cut } else { whole });
        }
    }
}
