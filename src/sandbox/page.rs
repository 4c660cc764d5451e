//! What all pages share: the frame, the headers that guard them, the files that they load, and their form tokens.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use maud::{DOCTYPE, Markup, html};
use ring::hmac;

use super::answer::{Answer, Refusal};
use super::call::Call;
use crate::server::{Body, Response};

/// Nothing from elsewhere, nothing inline, no framing.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The value of the `Server` header, by which another process recognises a sandbox.
pub const SERVER: &str = concat!("bango-ent-sandbox/", env!("CARGO_PKG_VERSION"));

/// The footer of pages.
pub const IMITATION: &str = "bango-ent sandbox \u{b7} a local imitation, not Bango";

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
                @if live {
                    noscript { meta http-equiv="refresh" content="10"; }
                    script src="/live.js" defer {}
                }
            }
            body { (body) }
        }
    };
    guarded(Response::new(
        status,
        "text/html; charset=utf-8",
        page.into_string(),
    ))
}

/// Adds the headers that guard a page or a file.
pub fn guarded(mut response: Response) -> Response {
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

/// Builds a page that says one thing.
pub fn message(status: u16, title: &str, text: &str) -> Response {
    let body = html! {
        div.stage { main {
            div.card.offer {
                img src="/icon.svg" alt="";
                h1 { (title) }
                p { (text) }
            }
            p.note.small.soft { (IMITATION) }
        } }
    };
    page(status, title, false, &body)
}

/// Refuses a request under a foreign name. It loads no style, since that would be refused as well.
pub fn foreign_host() -> Response {
    let text = "This is a bango-ent sandbox. It answers only under its own address.\n";
    guarded(Response::new(421, "text/plain; charset=utf-8", text))
}

/// Builds the page for a path that is not there.
pub fn not_found() -> Response {
    message(
        404,
        "Nothing here",
        "This sandbox has no such page. The dashboard is at /.",
    )
}

/// Builds the page for a method that a path does not have.
pub fn wrong_method(methods: &[&str]) -> Response {
    let text = "This page does not take such a request.";
    message(405, "Not like this", text).with("allow", &methods.join(", "))
}

/// Builds the page for a refusal.
pub fn refused(refusal: &Refusal) -> Response {
    message(refusal.code.http(), "That did not work", &refusal.message)
}

/// Builds the page for what the sandbox cannot do.
pub fn failed(why: &str) -> Response {
    message(500, "The sandbox failed", why)
}

/// Sends an answer of the API.
pub fn api(answer: &Answer) -> Response {
    Response::new(answer.http, "application/json", answer.bytes())
}

/// Sends the browser on with a GET.
pub fn see_other(location: &str) -> Response {
    guarded(Response::new(303, "text/plain; charset=utf-8", "")).with("location", location)
}

/// The token that a form for this purpose must carry.
pub fn form_token(call: &Call, purpose: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, call.state.secret().as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&key, purpose.as_bytes()))
}

/// The fields of a submitted form.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form and checks its token; nothing if it does not come from our own page.
    pub fn read(call: &Call, purpose: &str) -> Option<Self> {
        let own = call.settings.origin(call.request);
        let foreign = |origin: &str| origin != "null" && origin != own;
        let crossing = call.request.header("sec-fetch-site") == Some("cross-site");
        if crossing || call.request.header("origin").is_some_and(foreign) {
            return None;
        }
        let fields = url::form_urlencoded::parse(&call.request.body);
        let form = Self(fields.into_owned().collect());
        let token = form_token(call, purpose);
        (form.field("token") == token).then_some(form)
    }

    /// A field, or an empty text.
    pub fn field(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

/// Builds the page for a form that does not come from our own page.
pub fn stale_form() -> Response {
    message(
        403,
        "This form is out of date",
        "Go back, reload the page and try again.",
    )
}

/// Shows a time of the wire's format without its clutter; hover and machines have it whole.
pub fn time(wire: &str) -> Markup {
    let short = wire
        .get(..19)
        .map_or(wire.to_owned(), |short| short.replace('T', " "));
    html! { time datetime=(wire) title=(wire) { (short) } }
}

/// Serves a file that pages load.
pub fn file(content_type: &str, text: &str) -> Response {
    guarded(Response::new(200, content_type, text))
}

/// Marks every response as a sandbox's.
pub fn signed(mut response: Response) -> Response {
    if matches!(response.body, Body::Bytes(_) | Body::Pieces(..)) {
        response.headers.push(("server", SERVER.to_owned()));
    }
    response
}
