//! The dashboard's pages of requests: the list, and one with what was sent, what came back, and why it was refused.

use maud::{Markup, html};

use super::call::Call;
use super::contract;
use super::dashboard::{self, Tab};
use super::faults::OPERATIONS;
use super::list::ListPage;
use super::lookup::List;
use super::page;
use super::requests::LoggedRequest;
use super::rows::{self, text};
use crate::server::Response;

/// The list.
pub fn list(call: &Call) -> Response {
    let codes = contract::codes().map(str::to_owned).collect();
    let operations = OPERATIONS.map(str::to_owned).into();
    let page = ListPage {
        list: List::Requests,
        hint: "Customer, entitlement id or X-RequestIdentifier",
        note: "the newest 10,000 are kept",
        filters: [
            ("code", "Answer", codes),
            ("operation", "Operation", operations),
        ],
        empty: html! { p { "No request has come yet." } },
    };
    page.show(
        call,
        |number| call.state.request(number),
        |request| rows::request(request),
    )
}

/// One request.
pub fn show(call: &Call) -> Response {
    let number = call.argument.parse().ok();
    let Some(logged) = number.and_then(|number| call.state.request(number)) else {
        return page::not_found();
    };
    let request = &logged.request;
    let title = format!(
        "{} {} \u{b7} Request",
        request.method,
        rows::visible(&request.path)
    );
    dashboard::show(call, Tab::List(List::Requests), &title, || {
        let answer = &logged.answer;
        let query = request.query.as_ref().map(|query| format!("?{query}"));
        let target = format!("{}{}", request.path, query.unwrap_or_default());
        let url = format!("{}{target}", call.config.origin(call.request));
        let curl = rows::curl(
            (&request.method, &url),
            &request.headers,
            request.body.json().as_deref(),
            ("authorization", r#"-u "$BANGO_USERNAME:$BANGO_PASSWORD""#),
        );
        html! {
            div.heading { h2 { (request.method) " " span.id { (text(&target)) } } (rows::outcome(logged)) }
            (facts(call, logged))
            (refusal(logged))
            section.card aria-label="Request" {
                (rows::body("sent", "What was sent", request.body.json().as_deref()))
                (rows::headers("Headers of the request", &request.headers))
            }
            section.card aria-label="Answer" {
                (rows::body("answered", "What was answered", answer.body.json().as_deref()))
                @if answer.http_status.is_none() { p.soft { "A fault sent something else than this answer, or nothing." } }
                (rows::headers("Headers of the answer", &answer.headers))
            }
            section.card aria-label="As a command line" { (rows::code("curl", "The same with curl", &curl)) }
        }
    })
}

fn facts(call: &Call, logged: &LoggedRequest) -> Markup {
    let record = call.state.entitlement(&logged.entitlement_id);
    html! {
        dl.table.card {
            div { dt { "Time" } dd { (page::time(&logged.time)) " \u{b7} " (logged.duration_ms) " ms" } }
            div { dt { "From" } dd { (logged.peer.to_string()) } }
            @if let Some(status) = logged.answer.http_status { div { dt { "HTTP status" } dd { (status) } } }
            @if !logged.answer.status.is_empty() { div { dt { "Entitlement" } dd { (text(&logged.answer.status)) } } }
            @if !logged.customer_identifier.is_empty() { div { dt { "Customer" } dd { (text(&logged.customer_identifier)) } } }
            @if !logged.entitlement_id.is_empty() {
                div { dt { "Entitlement id" } dd { (rows::id(&logged.entitlement_id, "the entitlement id", record.map(|record| record.number))) } }
            }
            @if let Some(identifier) = &logged.request_identifier {
                div { dt { "X-RequestIdentifier" } dd { (rows::id(identifier, "the request identifier", None)) } }
            }
        }
    }
}

/// Why it was refused, against the contract.
fn refusal(logged: &LoggedRequest) -> Markup {
    let answer = &logged.answer;
    let Some(meaning) = contract::meaning(&answer.response_code) else {
        return html! {};
    };
    let member = contract::member(&answer.response_message);
    let operation = logged.operation.as_deref().unwrap_or_default();
    let rule = member.and_then(|member| contract::rule(operation, member));
    html! {
        section.card.why aria-labelledby="why" {
            h3 #why { "Why it was refused" }
            p { strong { (text(&answer.response_message)) } }
            p { (meaning) }
            @if let Some(rule) = rule { (rows::code("rule", "What the API description says of it", &rule)) }
        }
    }
}
