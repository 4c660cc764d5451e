//! What the pages of the dashboard are made of: rows of the lists, and texts, times, headers and bodies as people read them.

use std::borrow::Cow;

use maud::{Markup, html};
use serde_json::Value;
use serde_json::value::RawValue;

use super::answer::ApiRefusal;
use super::delivery::QueuedNotification;
use super::page;
use super::record::{Status, StoredEntitlement, wire_milliseconds};
use super::requests::{KeptHeaders, LoggedRequest};
use crate::hidden::{escaped_json, is_hidden};

/// The longest text in a row, in characters.
const LONGEST_IN_ROW: usize = 120;
/// How much of a body is shown, in bytes.
const SHOWN_BODY: usize = 64 * 1024;

/// Somebody else's text: it cannot turn the writing direction of what stands around it, and hides nothing.
pub fn text(text: &str) -> Markup {
    html! { bdi dir="auto" { (visible(text)) } }
}

/// The same for a row: not more than a few lines of it.
pub fn short(long: &str) -> Markup {
    match long.char_indices().nth(LONGEST_IN_ROW) {
        Some((end, _)) => html! { (text(&long[..end])) "\u{2026}" },
        None => text(long),
    }
}

/// A text with its invisible and steering characters spelt out; one of spaces alone stands in quotes.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.is_empty() && text.trim().is_empty() {
        return format!("\u{201c}{}\u{201d}", "\u{a0}".repeat(text.chars().count())).into();
    }
    if !text.contains(is_hidden) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown.into()
}

/// JSON over several lines. What is a text for want of JSON is that text.
pub fn json(raw: &RawValue) -> String {
    let value: Value = serde_json::from_str(raw.get()).unwrap_or_default();
    let mut text = match &value {
        Value::String(text) => text.clone(),
        value => serde_json::to_string_pretty(value).unwrap_or_default(),
    };
    if text.len() > SHOWN_BODY {
        let is_boundary = |end: &usize| text.is_char_boundary(*end);
        let end = (0..=SHOWN_BODY).rev().find(is_boundary);
        text.truncate(end.unwrap_or_default());
        text.push_str("\n\u{2026}");
    }
    escaped_json(text)
}

/// A body in a box that can be scrolled by keyboard, with a button that copies it.
pub fn body(id: &str, title: &str, raw: Option<&RawValue>) -> Markup {
    let Some(raw) = raw else {
        return html! { h3 { (title) } p.soft.small { "none" } };
    };
    code(id, title, &json(raw))
}

/// Any text in such a box.
pub fn code(id: &str, title: &str, text: &str) -> Markup {
    html! {
        div.heading { h3 { (title) } (copy_from(id, title)) }
        pre id=(id) tabindex="0" role="region" aria-label=(title) { code { (text) } }
    }
}

/// Says on the page of a form that what it asked for was refused, and why.
pub fn refused(refusal: &ApiRefusal) -> Markup {
    html! { p.notice.bad role="alert" { "That was refused: " (text(&refusal.message)) "." } }
}

pub fn headers(title: &str, headers: &KeptHeaders) -> Markup {
    html! {
        details {
            summary { (title) " (" (headers.len()) ")" }
            (table(headers))
        }
    }
}

/// Headers, one to a line.
pub fn table(headers: &KeptHeaders) -> Markup {
    html! { dl.table { @for (name, value) in headers { div { dt { (text(name)) } dd { (text(value)) } } } } }
}

/// A button that copies a text; it needs JavaScript, and is not there without.
pub fn copy(value: &str, what: &str) -> Markup {
    html! { button.copy type="button" data-copy=(value) aria-label={ "Copy " (what) } { "Copy" } }
}

/// An id with a button that copies it; it leads to the entitlement of this number.
pub fn id(id: &str, what: &str, entitlement: Option<u64>) -> Markup {
    let shown = html! { span.id { (text(id)) } };
    html! {
        @match entitlement { Some(number) => a href={ "/entitlements/" (number) } { (shown) }, None => (shown) }
        " " (copy(id, what))
    }
}

fn copy_from(id: &str, what: &str) -> Markup {
    html! { button.copy type="button" data-copy-from=(id) aria-label={ "Copy: " (what) } { "Copy" } }
}

pub fn pill(status: Status) -> Markup {
    let kind = match status {
        Status::Active => "good",
        Status::Pending | Status::ActiveEnding | Status::Suspended => "wait",
        Status::Revoked | Status::Failed => "bad",
        Status::Cancelled => "calm",
    };
    html! { span.pill.(kind) { (status) } }
}

/// How a request was answered.
pub fn outcome(request: &LoggedRequest) -> Markup {
    let kind = match request.answer.http_status {
        Some(200..=299 | 303) => "good",
        Some(_) => "bad",
        None => "wait",
    };
    html! { span.pill.(kind) { (visible(&request.outcome())) } }
}

/// What has become of a notification, and when it is tried next.
pub fn delivery(notification: &QueuedNotification) -> Markup {
    let kind = match notification.state() {
        "delivered" => "good",
        "waiting" => "wait",
        _ => "bad",
    };
    html! {
        span.pill.(kind) {
            (notification.state())
            @if notification.state() == "failed" { " " (notification.tries) "\u{d7}" }
        }
        @if let Some(next) = notification.next.and_then(wire_milliseconds) { span.soft { " next try " (page::time(&next)) } }
    }
}

pub fn entitlement(record: &StoredEntitlement) -> Markup {
    let shown = &record.shown;
    html! {
        li id={ "e" (record.number) } {
            p.first {
                a href={ "/entitlements/" (record.number) } { (short(record.customer())) }
                (pill(record.status()))
                span.time { (page::time(&shown.date_last_updated)) }
            }
            p.soft { (short(&shown.product_key)) " at " (short(&shown.merchant_account_key)) " \u{b7} " span.id { (short(record.id())) } }
        }
    }
}

pub fn request(request: &LoggedRequest) -> Markup {
    let answer = &request.answer;
    let is_refused = answer.http_status.is_none_or(|status| status >= 400);
    html! {
        li id={ "r" (request.number) } {
            p.first {
                a href={ "/requests/" (request.number) } { strong { (visible(&request.request.method)) } " " span.id { (short(&request.request.path)) } }
                (outcome(request))
                span.time { (page::time(&request.time)) }
            }
            p.soft {
                @if !request.customer_identifier.is_empty() { (short(&request.customer_identifier)) " \u{b7} " }
                @if is_refused && !answer.response_message.is_empty() { (short(&answer.response_message)) " \u{b7} " }
                @else if !answer.status.is_empty() { (visible(&answer.status)) " \u{b7} " }
                (format!("{:.1}", request.duration_ms)) " ms"
            }
        }
    }
}

pub fn notification(notification: &QueuedNotification) -> Markup {
    html! {
        li id={ "n" (notification.number) } {
            p.first {
                a href={ "/notifications/" (notification.number) } { (visible(&notification.reason)) }
                (delivery(notification))
                span.time { (page::time(&notification.queued)) }
            }
            p.soft {
                (short(&notification.customer)) " \u{b7} to " (short(&notification.shown_url()))
                @if !notification.outcome.is_empty() { " \u{b7} " (short(&notification.outcome)) }
            }
        }
    }
}

/// A request as a command line; the credentials come from the environment.
pub fn curl(
    (method, url): (&str, &str),
    headers: &KeptHeaders,
    body: Option<&RawValue>,
    (secret_header, credentials): (&str, &str),
) -> String {
    let method = if method == "GET" {
        String::new()
    } else {
        format!("-X {} ", quoted(method))
    };
    let mut words = vec![format!("curl {method}{}", quoted(url))];
    for (name, value) in headers {
        match name.as_str() {
            name if name == secret_header => words.push(credentials.to_owned()),
            "host" | "content-length" | "connection" | "accept" | "accept-encoding"
            | "user-agent" => {}
            name => words.push(format!("-H {}", quoted(&format!("{name}: {value}")))),
        }
    }
    if let Some(body) = body {
        let text: Option<String> = serde_json::from_str(body.get()).ok();
        let text = text.unwrap_or_else(|| body.get().to_owned());
        words.push(format!("--data-raw {}", quoted(&text)));
    }
    words.join(" \\\n  ")
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_hidden_or_turned_around() {
        assert_eq!(visible("a\u{202e}b\u{1b}"), "a\\u{202e}b\\u{1b}");
        assert_eq!(visible("\u{645} 1"), "\u{645} 1");
        assert_eq!(visible("  "), "\u{201c}\u{a0}\u{a0}\u{201d}");
        let raw = RawValue::from_string("{\"a\":\"\u{202e}\"}".to_owned()).unwrap();
        assert_eq!(json(&raw), "{\n  \"a\": \"\\u202e\"\n}");
    }

    #[test]
    fn a_request_is_copied_as_a_command_line_without_secrets() {
        let headers = [
            ("authorization", "[redacted]"),
            ("content-type", "application/json"),
            ("host", "x"),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let body = RawValue::from_string(r#"{"a":"it's"}"#.to_owned()).unwrap();
        let line = curl(
            ("POST", "http://127.0.0.1:1/v1/x"),
            &headers.into(),
            Some(&body),
            ("authorization", r#"-u "$BANGO_USERNAME:$BANGO_PASSWORD""#),
        );
        let words = shlex::split(&line.replace("\\\n", " ")).unwrap();
        assert_eq!(
            words,
            [
                "curl",
                "-X",
                "POST",
                "http://127.0.0.1:1/v1/x",
                "-u",
                "$BANGO_USERNAME:$BANGO_PASSWORD",
                "-H",
                "content-type: application/json",
                "--data-raw",
                r#"{"a":"it's"}"#,
            ]
        );
    }
}
