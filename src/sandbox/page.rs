//! What all pages and answers share: the frame, the headers that guard pages, their form tokens, the sandbox's name.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use maud::{DOCTYPE, Markup, html};
use ring::hmac;
use serde_json::Value;

use super::answer::{ApiRefusal, Envelope};
use super::call::Call;
use crate::server::{Body, Response};

/// Nothing from elsewhere, nothing inline, no framing.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// How the `Server` header begins, by which another process recognises a sandbox; its version follows.
pub const PRODUCT: &str = "bango-ent-sandbox/";

pub const HTML: &str = "text/html; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// Builds a page of a title and everything inside `<body>`.
pub fn page(status: u16, title: &str, live: bool, body: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { (title) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                link rel="icon" href="/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/style.css";
                @if live { script src="/dashboard.js" defer {} }
            }
            body { (body) }
        }
    };
    with_security_headers(Response::new(status, HTML, page.into_string()))
}

/// Adds the headers that guard a page or a file.
pub fn with_security_headers(mut response: Response) -> Response {
    response.headers.extend([
        ("content-security-policy", POLICY.to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
        ("x-frame-options", "DENY".to_owned()),
        ("referrer-policy", "no-referrer".to_owned()),
        ("cross-origin-opener-policy", "same-origin".to_owned()),
        ("cross-origin-resource-policy", "same-origin".to_owned()),
        ("cache-control", "no-store".to_owned()),
    ]);
    response
}

/// Serves a file that pages load.
pub fn file(content_type: &str, text: &str) -> Response {
    with_security_headers(Response::new(200, content_type, text))
}

/// Builds a page of one card in the middle.
pub fn card(status: u16, title: &str, inside: &Markup) -> Response {
    let body = html! {
        div.stage { main {
            div.card.offer {
                img src="/icon.svg" alt="";
                (inside)
            }
            p.note.small.soft { a href="/" { "bango-ent sandbox" } " \u{b7} a local imitation, not Bango" }
        } }
    };
    page(status, title, false, &body)
}

/// Builds a page that says one thing.
pub fn message(status: u16, title: &str, text: &str) -> Response {
    card(status, title, &html! { h1 { (title) } p { (text) } })
}

/// Refuses a request under a foreign name. It loads no style, since that would be refused as well.
pub fn foreign_host() -> Response {
    let text = "This is a bango-ent sandbox. It answers only under its own address.\n";
    with_security_headers(Response::new(421, TEXT, text))
}

pub fn not_found() -> Response {
    let text = "This sandbox has no such page. The dashboard is at /.";
    message(404, "Nothing here", text)
}

pub fn wrong_method(methods: &str) -> Response {
    let text = "This page does not take such a request.";
    message(405, "Not like this", text).with("allow", methods)
}

impl From<ApiRefusal> for Response {
    fn from(refusal: ApiRefusal) -> Self {
        message(
            refusal.code.http_status(),
            "That did not work",
            &refusal.message,
        )
    }
}

/// Sends the browser on with a GET.
pub fn see_other(location: &str) -> Response {
    with_security_headers(Response::new(303, TEXT, "")).with("location", location)
}

/// Sends an answer of the API.
pub fn api(envelope: &Envelope) -> Response {
    let response = Response::new(envelope.http_status, "application/json", envelope.bytes());
    match envelope.http_status {
        401 => {
            let challenge = "Basic realm=\"Bango Resale API (sandbox)\"";
            response.with("www-authenticate", challenge)
        }
        429 => response.with("retry-after", "1"),
        _ => response,
    }
}

/// Sends the refusal of a method that a path does not have.
pub fn api_wrong_method(refusal: &ApiRefusal, methods: &str) -> (Envelope, Response) {
    let mut envelope = refusal.envelope();
    envelope.http_status = 405;
    let response = api(&envelope).with("allow", methods);
    (envelope, response)
}

/// Sends an answer of the control API.
pub fn json(document: &Value) -> Response {
    file("application/json", &document.to_string())
}

/// Marks every response as a sandbox's.
pub fn with_server_header(response: Response) -> Response {
    match response.body {
        Body::Bytes(_) | Body::Pieces(..) => {
            response.with("server", &format!("{PRODUCT}{}", env!("CARGO_PKG_VERSION")))
        }
        _ => response,
    }
}

/// The token that a form for this purpose must carry.
pub fn form_token(call: &Call, purpose: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, call.state.secret().as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&key, purpose.as_bytes()))
}

/// Says whether a request comes from a page of ours, or from no page at all.
pub fn is_from_here(call: &Call) -> bool {
    let own = call.config.origin(call.request);
    let foreign = |origin: &str| origin != "null" && origin != own;
    let crossing = call.request.header("sec-fetch-site") == Some("cross-site");
    !crossing && !call.request.header("origin").is_some_and(foreign)
}

/// The fields of a submitted form.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form and checks its token; the page that refuses it if it does not come from our own page.
    pub fn read(call: &Call, purpose: &str) -> Result<Self, Response> {
        let kind = call.request.header("content-type").unwrap_or("");
        let form = match kind.split_once("boundary=") {
            Some((_, boundary)) => Self(parts(&call.request.body, boundary.trim_matches('"'))),
            None => Self(
                url::form_urlencoded::parse(&call.request.body)
                    .into_owned()
                    .collect(),
            ),
        };
        if !is_from_here(call) || form.field("token") != form_token(call, purpose) {
            let text = "Go back, reload the page and try again.";
            return Err(message(403, "This form is out of date", text));
        }
        Ok(form)
    }

    /// A field, or an empty text.
    pub fn field(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

/// The fields of a form that has a file among them.
fn parts(body: &[u8], boundary: &str) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    let text = format!("\r\n{text}");
    let delimiter = format!("\r\n--{boundary}");
    let parts = text.split(&delimiter).filter_map(|part| {
        let (head, value) = part.strip_prefix("\r\n")?.split_once("\r\n\r\n")?;
        let (_, name) = head.split_once("; name=\"")?;
        Some((name.split('"').next()?.to_owned(), value.to_owned()))
    });
    parts.collect()
}

/// Shows a time of the wire's format without its clutter; hover and machines have it whole.
pub fn time(wire: &str) -> Markup {
    let short = wire.get(..19).unwrap_or(wire).replace('T', " ");
    html! { time datetime=(wire) title=(wire) { (short) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_in_a_form_is_read_as_it_is() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"act\"\r\n\r\nimport\r\n--x\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Type: text/plain\r\n\r\n1\r\n\r\n2\n\r\n--x--\r\n";
        let read = parts(body, "x");
        let expected = [("act", "import"), ("file", "1\r\n\r\n2\n")];
        assert_eq!(
            read,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
        assert!(parts(b"", "").is_empty());
    }
}
