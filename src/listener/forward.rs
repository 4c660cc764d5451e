//! Forwards notifications to another receiver (`--forward-to`), byte for byte and with retries. It delays no answer to Bango.

use std::sync::mpsc::SyncSender;
use std::thread::sleep;
use std::time::{Duration, Instant};

use secrecy::ExposeSecret as _;
use url::Url;

use super::event::{Event, HandOverEnd};
use super::received::Received;
use crate::api::{server_url, with_scheme};
use crate::ending::Ending;
use crate::http::retry::Policy;
use crate::http::{self, Agent, HeaderName, HeaderValue, Method, Network, RequestBuilder};

/// How many entitlements' notifications are under way at the same time.
pub const THREADS: usize = 8;
/// One try is given up after this.
const LONGEST_TRY: Duration = Duration::from_secs(10);
/// How much of an answer's body is read, so that its connection can be used again.
const ANSWER_LIMIT: usize = 64 * 1024;

/// Reads where notifications are forwarded to: a server's URL; `localhost:3000` is one of this machine.
pub fn target(text: &str) -> Result<Url, String> {
    server_url("the URL", &with_scheme(text))
}

/// How to forward.
pub struct ForwardOptions {
    /// Where to.
    pub target: Url,
    /// How it is reached.
    pub network: Network,
    /// How often one that was not taken is tried again.
    pub policy: Policy,
    /// The time for one notification, with all tries.
    pub timeout: Duration,
    /// Whether the headers that Bango proved itself with go along.
    pub with_credentials: bool,
    /// Headers of the user's own; their values may be secrets.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

/// A target for people: a query may hold a secret.
pub fn shown(target: &Url) -> String {
    let mut shown = target.clone();
    if target.query().is_some() {
        shown.set_query(Some("\u{2026}"));
    }
    shown.set_fragment(None);
    shown.to_string().replace("%E2%80%A6", "\u{2026}")
}

/// The name of a destination for people: a target, or a command line as it is.
pub fn shown_name(name: &str) -> String {
    Url::parse(name).map_or_else(|_| name.to_owned(), |target| shown(&target))
}

/// Headers that the forwarded request has already, or that belong to its connection.
const OWN_HEADERS: [&str; 10] = [
    "host",
    "content-type",
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "connection",
    "upgrade",
    "expect",
    "x-bango-ent-target",
    "x-bango-ent-late",
];

/// Reads `NAME=VALUE`. What it says about a mistake does not hold the value, which may be a secret.
pub fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("--header must be NAME=VALUE, for example X-Tenant=blue")?;
    let name = name.trim();
    let known = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| format!("--header {name:?} is no name of a header"))?;
    if OWN_HEADERS.contains(&known.as_str()) {
        return Err(format!("--header {name} is set by listen itself"));
    }
    let mut value = HeaderValue::from_str(value.trim())
        .map_err(|_| format!("the value of --header {name} holds a control character"))?;
    value.set_sensitive(true);
    Ok((known, value))
}

/// A try that failed.
struct FailedTry {
    why: String,
    is_retryable: bool,
    retry_after: Option<Duration>,
}

/// Forwards to one receiver.
pub struct Forwarder {
    options: ForwardOptions,
    agent: Agent,
    events: SyncSender<Event>,
}

impl Forwarder {
    /// Sends nothing yet.
    pub fn new(options: ForwardOptions, events: SyncSender<Event>) -> Result<Self, Ending> {
        let is_plain = options.target.scheme() == "http";
        let agent = Agent::new(&options.network, is_plain)?;
        Ok(Self {
            options,
            agent,
            events,
        })
    }

    /// Tries until it is taken, refused for good, or given up.
    pub fn forward(&self, received: &Received) -> HandOverEnd {
        let clock = Instant::now();
        let left = || self.options.timeout.saturating_sub(clock.elapsed());
        let mut attempt = 0;
        loop {
            attempt += 1;
            let failure = match self.post(received, left()) {
                Ok(status) => return HandOverEnd::Taken(status.to_string()),
                Err(failure) => failure,
            };
            let policy = self.options.policy;
            let wait = policy.draw(attempt, failure.retry_after, left());
            let wait = wait.filter(|_| failure.is_retryable);
            let (what, why) = (received.name(), failure.why);
            let to = shown(&self.options.target);
            let Some(wait) = wait else {
                return HandOverEnd::Failed(format!(
                    "{what} was not forwarded to {to}: {why} (tries: {attempt})"
                ));
            };
            let seconds = wait.as_secs_f64();
            let told =
                format!("{what} is not forwarded yet to {to}: {why}; again in {seconds:.1} s");
            self.events.send(Event::Note(told)).ok();
            sleep(wait);
        }
    }

    /// One try, in what is left of the time for all.
    fn post(&self, received: &Received, left: Duration) -> Result<u16, FailedTry> {
        let kind = received
            .content_type
            .as_deref()
            .unwrap_or("application/json");
        let mut request = RequestBuilder::new()
            .method(Method::POST)
            .uri(self.options.target.as_str())
            .header("Content-Type", kind)
            .header("X-Bango-Ent-Target", &received.target)
            .header("X-Bango-Ent-Late", received.is_late.to_string());
        for (name, value) in &self.options.headers {
            request = request.header(name, value.clone());
        }
        if self.options.with_credentials {
            for (name, value) in &received.credentials {
                request = request.header(*name, value.expose_secret());
            }
        }
        let (body, time) = (received.body.clone(), left.min(LONGEST_TRY));
        let sent = self.agent.send(request, Some(body), time, ANSWER_LIMIT);
        let response = sent.map_err(|failure| FailedTry {
            why: failure.to_string(),
            is_retryable: !matches!(
                failure,
                http::Failure::NotSent {
                    permanent: true,
                    ..
                }
            ),
            retry_after: None,
        })?;
        match response.status {
            status @ 200..300 => Ok(status),
            status => Err(FailedTry {
                why: format!("the answer was HTTP {status}"),
                is_retryable: matches!(status, 408 | 409 | 425 | 429 | 500..),
                retry_after: response.retry_after,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{header, shown, target};

    #[test]
    fn a_header_is_a_name_and_a_value_and_no_mistake_shows_the_value() {
        let (name, value) = header("X-Token= s3cret=x ").unwrap();
        assert_eq!(
            (name.as_str(), value.as_bytes()),
            ("x-token", &b"s3cret=x"[..])
        );
        assert!(!format!("{value:?}").contains("s3cret"));
        for bad in [
            "s3cret",
            "=s3cret",
            "a b=s3cret",
            "Host=s3cret",
            "x=s3cret\u{7}",
        ] {
            let why = header(bad).unwrap_err();
            assert!(!why.contains("cret"), "{why}");
        }
    }

    #[test]
    fn a_query_is_not_shown() {
        let url = target("http://localhost:3000/hook?key=s3cret").unwrap();
        assert_eq!(shown(&url), "http://localhost:3000/hook?\u{2026}");
    }

    #[test]
    fn customers_data_leaves_this_machine_over_https_only() {
        for good in [
            "http://127.0.0.1:3000/hook?a=b",
            "http://localhost/",
            "http://[::1]:1",
            "localhost:3000/hook",
            "127.0.0.1:3000",
            "app.example/hook",
            "https://app.example/hook?a=b",
        ] {
            assert!(target(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "http://app.example/",
            "http:/app.example:3000",
            "file.txt:x",
            "http://127.0.0.1.evil.example/",
            "http://localhost.evil.example/",
            "https://user:secret@app.example/",
            "ftp://127.0.0.1/",
            "file:///tmp/x",
        ] {
            assert!(target(bad).is_err(), "{bad}");
        }
    }
}
