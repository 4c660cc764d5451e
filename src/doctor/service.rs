//! The service itself: one echo, what its refusal may mean, and how the server's clock differs.

use std::time::Instant;

use jiff::Timestamp;
use uuid::Uuid;

use super::examination::Examination;
use super::refusal::Evidence;
use crate::api::types::{ResponseCode, field};
use crate::api::{Client, Error, ErrorKind};
use crate::ending::Ending;

/// A clock that differs by more than this, in seconds, deserves a warning.
const TOLERATED: i64 = 60;

/// Calls echo and notes what came of it, and how the clocks differ.
pub fn service(found: &mut Examination, client: &Client, evidence: Evidence) {
    let id = Uuid::new_v4().to_string();
    let start = Instant::now();
    let date = match client.send(client.echo(&id)) {
        Ok(answer) => {
            let date = answer.date;
            if answer.text(field::ECHO) == Some(&id) {
                let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
                let text = format!("Bango answered OK in {milliseconds:.1} ms");
                found.ok("echo", text);
            } else {
                let why = "the answer does not echo the id that was sent";
                let advice = "something before Bango may be answering from a cache; check base URL and proxy";
                let cause = Ending::unusable(answer, why).next(advice);
                found.fail_as("echo", why.to_owned(), cause);
            }
            date
        }
        Err(e) => {
            let date = e.date;
            if e.kind.response_code() == Some(&ResponseCode::Unauthorized) {
                refused(found, client, e, evidence);
            } else {
                let advice = "run bango-ent echo -vv to see the exchange";
                found.fail("echo", Ending::from(e).next(advice));
            }
            date
        }
    };
    clock(found, date);
}

fn refused(found: &mut Examination, client: &Client, error: Error, mut evidence: Evidence) {
    evidence.from_gateway = matches!(*error.kind, ErrorKind::Gateway { .. });
    evidence.same_without_credentials = compare(client, &error);
    let refusal = evidence.weigh();
    let (sentence, advice) = refusal.words();
    let finding = format!(
        "{error}; {sentence}. This is a likelihood: the answer itself does not tell the two apart"
    );
    let cause = Ending::from(error).next(advice);
    found.fail_as("echo", finding, cause);
    found.refusal = Some(refusal);
}

/// Whether a request without credentials is refused in the same way; `None` if no answer came.
fn compare(client: &Client, refused: &Error) -> Option<bool> {
    // HTTP status, code and message tell one refusal from another.
    let face = |error: &Error| Some((error.kind.http_status()?, error.to_string()));
    let echo = client.echo(&Uuid::new_v4().to_string());
    match client.anonymous().send(echo) {
        Ok(_) => Some(false),
        Err(e) => Some(face(&e)? == face(refused)?),
    }
}

fn clock(found: &mut Examination, server: Option<Timestamp>) {
    let Some(server) = server else {
        found.skip("clock", "no server told its time");
        return;
    };
    let ahead = Timestamp::now().duration_since(server).as_secs();
    if ahead.abs() <= TOLERATED {
        found.ok("clock", "agrees with the server's within a minute");
        return;
    }
    let direction = if ahead > 0 { "ahead of" } else { "behind" };
    let finding = format!("{} s {direction} the server's", ahead.abs());
    let advice = "set this machine's clock; dates that you send and read are off by as much";
    found.warn("clock", finding, advice);
}
