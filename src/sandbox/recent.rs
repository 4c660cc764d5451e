//! What is told about each request, to the observer and to the dashboard. It prints nothing.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;

use super::answer::Answer;
use super::record::wire_time;
use crate::server::{Body, Request, Response};

/// One request and what became of it.
#[derive(Debug, Clone)]
pub struct RequestLine {
    /// When it was answered, in UTC.
    pub time: String,
    /// Who asked.
    pub peer: IpAddr,
    pub method: String,
    /// The path as sent, without the query.
    pub path: String,
    /// The customer whom it concerned, or an empty text. Taken from the request, so not safe to print unescaped.
    pub customer: String,
    /// Bango's response code, or an empty text.
    pub response_code: String,
    /// The entitlement's status afterwards, or an empty text.
    pub status: String,
    /// The HTTP status; none if a fault sent something else than an HTTP answer.
    pub http_status: Option<u16>,
    /// How long the answer took, its durable storage included.
    pub duration: Duration,
}

impl RequestLine {
    /// Describes what every request has.
    pub fn new(request: &Request, response: &Response) -> Self {
        let sent = matches!(response.body, Body::Bytes(_) | Body::Pieces(..));
        Self {
            time: wire_time(Timestamp::now()),
            peer: request.peer.ip(),
            method: request.method.clone(),
            path: request.path.clone(),
            customer: String::new(),
            response_code: String::new(),
            status: String::new(),
            http_status: sent.then_some(response.status),
            duration: Duration::ZERO,
        }
    }

    /// Adds what an API answer says.
    pub fn describe(&mut self, answer: &Answer) {
        let customer = answer.text("customerIdentifier");
        if !customer.is_empty() {
            customer.clone_into(&mut self.customer);
        }
        answer
            .text("responseCode")
            .clone_into(&mut self.response_code);
        answer.text("status").clone_into(&mut self.status);
    }
}

/// How many requests the dashboard can show.
const KEPT: usize = 30;

/// The last requests, and a number that changes with everything that the dashboard shows.
#[derive(Debug)]
pub struct Recent {
    lines: VecDeque<RequestLine>,
    /// Never the same for two states of the dashboard.
    pub version: u64,
}

impl Default for Recent {
    fn default() -> Self {
        Self {
            lines: VecDeque::new(),
            // A page that outlives a restart must not take the new state for the old one.
            version: fastrand::u64(..1 << 40),
        }
    }
}

impl Recent {
    /// Keeps a request.
    pub fn push(&mut self, line: RequestLine) {
        self.lines.push_front(line);
        self.lines.truncate(KEPT);
    }

    /// The requests, newest first.
    pub fn lines(&self) -> impl Iterator<Item = &RequestLine> {
        self.lines.iter()
    }
}
