//! One attempt: a prepared request is sent, its answer read and classed, and the observer told.

use std::io::Read;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::{Map, Value};
use ureq::http::{HeaderMap, Method, Request, Response, header};

use super::answer::{self, Answer};
use super::client::{Client, IDENTIFIER_HEADER};
use super::error::ErrorKind;
use super::observer::Attempt;
use super::types;
use crate::http::{self, retry};

/// No documented answer comes near this size, in bytes after decompression.
const LARGEST_ANSWER: u64 = 1 << 20;

/// A request with all that is needed to send it, as often as it takes.
pub(super) struct Prepared {
    pub method: Method,
    pub url: String,
    pub body: Option<Map<String, Value>>,
    pub identifier: String,
    pub deadline: Instant,
}

/// What one attempt brought back, before it is read.
struct Received {
    http_status: u16,
    bytes: Vec<u8>,
    retry_after: Option<Duration>,
    date: Option<Timestamp>,
}

impl Client {
    /// Sends once, reads the answer and tells the observer.
    pub(super) fn attempt(
        &self,
        request: &Prepared,
        number: u32,
    ) -> (Result<Answer, ErrorKind>, Option<Duration>) {
        let (started, clock) = (Timestamp::now(), Instant::now());
        let received = self.exchange(request);
        let outcome = match &received {
            Ok(received) => read(received, &request.identifier),
            Err(e) => Err(self.failed(e)),
        };
        let code = match &outcome {
            Ok(answer) => Some(&answer.code),
            Err(kind) => kind.response_code(),
        };
        self.observer.attempt(&Attempt {
            started,
            duration: clock.elapsed(),
            method: request.method.as_str(),
            url: &request.url,
            username: &self.options.username,
            request_identifier: &request.identifier,
            number,
            request_body: request.body.as_ref(),
            http_status: received.as_ref().ok().map(|received| received.http_status),
            server_date: received.as_ref().ok().and_then(|received| received.date),
            answer_body: received.as_ref().map_or(&[], |received| &received.bytes),
            response_code: code.map(types::ResponseCode::as_str),
            error: outcome.as_ref().err(),
        });
        (
            outcome,
            received.ok().and_then(|received| received.retry_after),
        )
    }

    fn failed(&self, error: &ureq::Error) -> ErrorKind {
        let proxied = self.options.network.proxy.is_some();
        let http::Failure {
            reason,
            left,
            permanent,
        } = http::failure(error, self.options.base_url.host(), proxied);
        match left {
            sent if self.stop.is_stopped() => ErrorKind::Interrupted { sent },
            true => ErrorKind::NoAnswer(reason),
            false => ErrorKind::NotSent { reason, permanent },
        }
    }

    fn exchange(&self, request: &Prepared) -> Result<Received, ureq::Error> {
        http::forget();
        let mut built = Request::builder()
            .method(&request.method)
            .uri(&request.url)
            .header(header::ACCEPT, "application/json")
            .header(IDENTIFIER_HEADER, &request.identifier);
        if !self.anonymous {
            built = built.header(header::AUTHORIZATION, self.authorization.expose_secret());
        }
        if request.body.is_some() {
            built = built.header(header::CONTENT_TYPE, "application/json");
        }
        let mut response = match &request.body {
            Some(body) => {
                let body = serde_json::to_vec(body).map_err(|e| ureq::Error::Io(e.into()))?;
                self.run(built.body(body)?, request)
            }
            None => self.run(built.body(())?, request),
        }?;
        let mut bytes = Vec::new();
        let mut reader = response.body_mut().as_reader().take(LARGEST_ANSWER + 1);
        reader.read_to_end(&mut bytes)?;
        Ok(Received {
            http_status: response.status().as_u16(),
            retry_after: retry_after(response.headers()),
            date: text(response.headers(), header::DATE).and_then(retry::parse_http_date),
            bytes: self.scrubber.clean(bytes),
        })
    }

    /// Runs a request within what is left of the time.
    fn run<B: ureq::AsSendBody>(
        &self,
        built: Request<B>,
        request: &Prepared,
    ) -> Result<Response<ureq::Body>, ureq::Error> {
        let left = request.deadline.saturating_duration_since(Instant::now());
        let configured = self
            .agent
            .configure_request(built)
            .timeout_global(Some(left));
        self.agent.run(configured.build())
    }
}

fn read(received: &Received, identifier: &str) -> Result<Answer, ErrorKind> {
    if received.bytes.len() as u64 > LARGEST_ANSWER {
        return Err(ErrorKind::Unusable {
            http_status: received.http_status,
            reason: "is larger than 1 MiB".to_owned(),
            body: None,
        });
    }
    answer::read(received.http_status, &received.bytes, identifier)
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    retry::parse_retry_after(
        text(headers, header::RETRY_AFTER)?,
        text(headers, header::DATE),
        Timestamp::now(),
    )
}
