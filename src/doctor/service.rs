//! The service itself: one echo, what its refusal may mean, and what time the server takes it to be.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::Examination;
use super::likelihood::Evidence;
use crate::api::types::{ResponseCode, field};
use crate::api::{Answer, Attempt, Client, Error, ErrorKind, Gateway, Observer, Pause};
use crate::failure::Failure;

/// A clock that differs by more than this, in seconds, deserves a warning.
const TOLERATED: i64 = 60;

/// How far this machine's clock is ahead of the server's, once that is known.
type Ahead = Arc<Mutex<Option<SignedDuration>>>;

/// Passes everything on to another observer, and notes the server's time.
pub struct Watch<O> {
    inner: O,
    ahead: Ahead,
}

impl<O: Observer> Watch<O> {
    /// Watches beside another observer; the second value is filled by the first answer.
    pub fn new(inner: O) -> (Self, Ahead) {
        let ahead = Ahead::default();
        let kept = Arc::clone(&ahead);
        (Self { inner, ahead }, kept)
    }
}

impl<O: Observer> Observer for Watch<O> {
    fn change(&self, username: &str, host: &str) {
        self.inner.change(username, host);
    }

    fn attempt(&self, attempt: &Attempt) {
        if let Some(date) = attempt.server_date {
            let now = Timestamp::now();
            let ahead = now.duration_since(date);
            *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = Some(ahead);
        }
        self.inner.attempt(attempt);
    }

    fn pause(&self, pause: &Pause) {
        self.inner.pause(pause);
    }
}

/// Calls echo and notes what came of it, and how the clocks differ.
pub fn service(found: &mut Examination, client: &Client, ahead: &Ahead, mut evidence: Evidence) {
    let id = Uuid::new_v4().to_string();
    let start = Instant::now();
    match client.send(client.echo(&id)) {
        Ok(answer) if answer.text(field::ECHO) == Some(&id) => {
            let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
            let text = format!("Bango answered OK in {milliseconds:.1} ms");
            found.ok("echo", text);
        }
        Ok(answer) => strange(found, answer),
        Err(e) if is_refusal(&e) => {
            evidence.from_gateway = matches!(*e.kind, ErrorKind::Gateway(_));
            evidence.same_without_credentials = compare(client, &e);
            let refusal = evidence.weigh();
            let finding = format!(
                "{e}; {}. This is a likelihood: the answer itself does not tell the two apart",
                refusal.sentence()
            );
            found.fail("echo", finding, Some(refusal.advice().to_owned()), e);
            found.refusal = Some(refusal);
        }
        Err(e) => {
            found.fail(
                "echo",
                e.to_string(),
                Some("run bango-ent echo -vv to see the exchange".to_owned()),
                e,
            );
        }
    }
    clock(found, *ahead.lock().unwrap_or_else(PoisonError::into_inner));
}

fn strange(found: &mut Examination, answer: Answer) {
    let why = "the answer does not echo the id that was sent".to_owned();
    let advice = "something before Bango may be answering from a cache; check base URL and proxy";
    let cause = Failure::UnclearSuccess {
        answer: answer.into(),
        why: why.clone(),
    };
    found.fail("echo", why, Some(advice.to_owned()), cause);
}

fn is_refusal(error: &Error) -> bool {
    error.kind.response_code() == Some(&ResponseCode::Unauthorized)
}

/// What tells one refusal from another: HTTP status, code and message.
fn face(error: &Error) -> Option<(Option<u16>, bool, String)> {
    let is_gateway = matches!(*error.kind, ErrorKind::Gateway(Gateway::Status { .. }));
    let status = error.kind.http_status();
    status.map(|_| (status, is_gateway, error.to_string()))
}

/// Whether a request without credentials is refused in the same way; `None` if no answer came.
fn compare(client: &Client, refused: &Error) -> Option<bool> {
    let echo = client.echo(&Uuid::new_v4().to_string());
    match client.anonymous().send(echo) {
        Ok(_) => Some(false),
        Err(e) => Some(face(&e)? == face(refused)?),
    }
}

fn clock(found: &mut Examination, ahead: Option<SignedDuration>) {
    let Some(ahead) = ahead else {
        found.skip("clock", "no server told its time");
        return;
    };
    let seconds = ahead.as_secs();
    if seconds.abs() <= TOLERATED {
        found.ok("clock", "agrees with the server's within a minute");
        return;
    }
    let direction = if seconds > 0 { "ahead of" } else { "behind" };
    found.warn(
        "clock",
        format!("{} s {direction} the server's", seconds.abs()),
        "set this machine's clock; dates that you send and read are off by as much",
    );
}
