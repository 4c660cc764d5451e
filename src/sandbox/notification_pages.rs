//! The dashboard's pages of notifications: the list, one with every try to deliver it, and sending it again.

use maud::{Markup, html};

use super::call::Call;
use super::dashboard::{self, PURPOSE, Tab};
use super::delivery::{Attempt, QueuedNotification};
use super::list::ListPage;
use super::lookup::List;
use super::page::{self, Form};
use super::rows::{self, text};
use crate::http::AuthScheme;
use crate::server::Response;

/// The list.
pub fn list(call: &Call) -> Response {
    let states = ["waiting", "failed", "delivered", "given up"].map(str::to_owned);
    let reasons = super::record::reason::ALL.map(str::to_owned);
    let page = ListPage {
        list: List::Notifications,
        hint: "Customer or entitlement id",
        note: "",
        filters: [
            ("state", "Delivery", states.into()),
            ("reason", "Reason", reasons.into()),
        ],
        empty: html! { p { "No notification yet. One is posted when something changes an entitlement that has a notificationUrl." } },
    };
    page.show(
        call,
        |number| call.state.notification(number),
        |sent| rows::notification(sent),
    )
}

/// Sends one again, and returns to it.
pub fn send_again(call: &mut Call) -> Result<Response, Response> {
    Form::read(call, PURPOSE)?;
    let number = call.argument.parse().unwrap_or_default();
    let found = call.state.notification(number).cloned();
    let mut notification = found.ok_or_else(page::not_found)?;
    notification.send_again(call.now);
    call.state.save_notification(notification);
    Ok(page::see_other(&format!("/notifications/{number}?done=1")))
}

/// One notification.
pub fn show(call: &Call) -> Response {
    let number = call.argument.parse().ok();
    let Some(notification) = number.and_then(|number| call.state.notification(number)) else {
        return page::not_found();
    };
    let title = format!("{} \u{b7} Notification", notification.reason);
    dashboard::show(call, Tab::List(List::Notifications), &title, || {
        let mut sent = notification
            .attempts
            .last()
            .map(|attempt| attempt.headers.clone())
            .unwrap_or_default();
        sent.entry("content-type".to_owned())
            .or_insert_with(|| "application/json".to_owned());
        let curl = rows::curl(
            ("POST", &notification.shown_url()),
            &sent,
            notification.body.as_deref(),
            credentials(call),
        );
        html! {
            @if !call.parameter("done").is_empty() { p.notice role="status" { "It is sent again." } }
            div.heading { h2 { (text(&notification.reason)) } p { (rows::delivery(notification)) } }
            (facts(call, notification))
            form.acts method="post" action={ "/notifications/" (notification.number) } {
                input type="hidden" name="token" value=(page::form_token(call, PURPOSE));
                button.primary id="again" { "Send again" }
            }
            section aria-labelledby="tries" {
                h3 #tries { "Tries (" (notification.tries) ")" }
                @if notification.attempts.is_empty() { p.soft.small { "None yet." } }
                @for (index, attempt) in notification.attempts.iter().enumerate().rev() { (self::attempt(index, attempt, index + 1 == notification.attempts.len())) }
            }
            section.card aria-label="Body" { (rows::body("sent", "What is posted", notification.body.as_deref())) }
            section.card aria-label="As a command line" { (rows::code("curl", "The same with curl", &curl)) }
        }
    })
}

fn facts(call: &Call, notification: &QueuedNotification) -> Markup {
    let record = call.state.record(notification.entitlement);
    html! {
        dl.table.card {
            div { dt { "Queued" } dd { (page::time(&notification.queued)) } }
            div { dt { "Posted to" } dd { (text(&notification.shown_url())) " " (rows::copy(&notification.shown_url(), "the URL")) } }
            div { dt { "Customer" } dd { (text(&notification.customer)) } }
            div { dt { "Entitlement id" } dd { (rows::id(&notification.id, "the entitlement id", record.map(|record| record.number))) } }
        }
    }
}

/// One try to deliver it.
fn attempt(index: usize, attempt: &Attempt, is_newest: bool) -> Markup {
    let kind = if matches!(attempt.http_status, Some(200..=299)) {
        "good"
    } else {
        "bad"
    };
    let id = format!("try-{index}-body");
    html! {
        article.card id={ "try-" (index) } {
            p.first {
                span.pill.(kind) { @match attempt.http_status { Some(status) => { "HTTP " (status) }, None => "no answer" } }
                @if attempt.http_status.is_none() { (text(&attempt.problem)) }
                span.time { (page::time(&attempt.time)) " \u{b7} " (format!("{:.1}", attempt.duration_ms)) " ms" }
            }
            details id={ "try-" (index) "-more" } open[is_newest] {
                summary { "What was sent and answered" }
                h4 { "Headers that were sent" }
                (rows::table(&attempt.headers))
                @if attempt.http_status.is_some() {
                    h4 { "Headers of the answer" }
                    (rows::table(&attempt.answer_headers))
                    (rows::body(&id, "Body of the answer", attempt.answer_body.as_deref()))
                }
            }
        }
    }
}

/// The header that authenticates notifications, and how curl is told it.
fn credentials(call: &Call) -> (&'static str, &'static str) {
    match call.config.options.notification_auth.as_ref() {
        Some((AuthScheme::Basic, _)) => (
            "authorization",
            r#"-u "$BANGO_SANDBOX_NOTIFICATION_SECRET""#,
        ),
        Some((AuthScheme::Bearer, _)) => (
            "authorization",
            r#"-H "authorization: Bearer $BANGO_SANDBOX_NOTIFICATION_SECRET""#,
        ),
        Some((AuthScheme::ApiKey, _)) => (
            "x-api-key",
            r#"-H "x-api-key: $BANGO_SANDBOX_NOTIFICATION_SECRET""#,
        ),
        None => ("", ""),
    }
}
