//! The dashboard: entitlements with history and notifications, what a merchant may do, and the last requests.

use maud::{Markup, html};

use super::answer::Stop;
use super::call::Call;
use super::lifecycle;
use super::log::RequestLine;
use super::merchant::{self, ACTS, anchor};
use super::outbox::Notification;
use super::page;
use super::record::{Record, Status};
use crate::server::Response;

/// How many entitlements are shown without a search.
const SHOWN: usize = 50;

/// Shows the whole page.
pub fn dashboard(call: &mut Call) -> Result<Response, Stop> {
    let customer = parameter(call, "customer");
    let main = main(call, &customer)?;
    let body = html! {
        a.skip href="#main" { "Skip to the entitlements" }
        header.top { div {
            img src="/icon.svg" alt="";
            div.name {
                h1 { "Bango sandbox" }
                p.small.soft { "A local imitation, not Bango \u{b7} times in UTC \u{b7} API at " code { (call.settings.origin(call.request)) "/v1" } " \u{b7} " a href="/openapi.json" { "OpenAPI" } }
            }
            form.search method="get" action="/" role="search" {
                input type="search" name="customer" id="customer" aria-label="Customer" placeholder="Customer" value=(customer);
                button type="submit" { "Find" }
            }
        } }
        p.lost #lost role="status" {}
        (main)
    };
    Ok(page::page(200, "Bango sandbox", true, &body))
}

/// Shows what changes, or 204 if the browser has it already.
pub fn live(call: &mut Call) -> Result<Response, Stop> {
    if parameter(call, "version") == call.recent.version.to_string() {
        return Ok(page::guarded(Response::new(
            204,
            "text/html; charset=utf-8",
            "",
        )));
    }
    let customer = parameter(call, "customer");
    let main = main(call, &customer)?;
    Ok(page::guarded(Response::new(
        200,
        "text/html; charset=utf-8",
        main.into_string(),
    )))
}

fn parameter(call: &Call, name: &str) -> String {
    let query = call.request.query.as_deref().unwrap_or("");
    let found = url::form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name);
    found
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

fn main(call: &mut Call, customer: &str) -> Result<Markup, Stop> {
    let records = if customer.is_empty() {
        call.tables.newest(SHOWN)?
    } else {
        let mut records = call.tables.of_customer(customer)?;
        records.reverse();
        records.truncate(SHOWN);
        records
    };
    let total = call.tables.count()?;
    let token = page::form_token(call, merchant::PURPOSE)?;
    let mut cards = Vec::new();
    for record in &records {
        cards.push(card(call, record, &token)?);
    }
    Ok(html! {
        main #main.page data-version=(call.recent.version) {
            section aria-labelledby="entitlements" {
                div.heading {
                    h2 #entitlements { "Entitlements" }
                    p.small.soft {
                        @if !customer.is_empty() { (records.len()) " of " bdi { (customer) } " \u{b7} " a href="/" { "show all" } }
                        @else if total > records.len() as u64 { "the newest " (records.len()) " of " (total) }
                        @else { (total) }
                    }
                }
                @if cards.is_empty() { (empty(customer)) }
                @for card in &cards { (card) }
            }
            section aria-labelledby="requests" {
                div.heading { h2 #requests { "Last requests" } }
                (requests(call))
            }
        }
    })
}

fn empty(customer: &str) -> Markup {
    html! {
        div.card.empty {
            @if customer.is_empty() {
                p { "Nothing yet. Create the first entitlement:" }
                code { "bango-ent --sandbox create --user alice --merchant BANGO --product BangoMusic" }
            } @else {
                p { "No entitlement belongs to " bdi { (customer) } "." }
            }
        }
    }
}

fn card(call: &Call, record: &Record, token: &str) -> Result<Markup, Stop> {
    let id = anchor(record.sequence);
    let mut notifications = Vec::new();
    for number in record.notifications.iter().rev() {
        notifications.extend(call.tables.notification::<Notification>(*number)?);
    }
    let waiting = notifications
        .iter()
        .filter(|notification| !notification.delivered)
        .count();
    Ok(html! {
        article.card.entitlement id=(id) aria-label={ "Entitlement of " (record.customer()) } {
            header {
                h3 { bdi { (record.customer()) } }
                (pill(record.status()))
            }
            p.soft.small { bdi { (record.text("productKey")) } " \u{b7} " bdi { (record.text("merchantAccountKey")) } }
            p.id.soft { (record.id()) }
            dl.facts {
                @for field in DATES {
                    @let date = record.text(field);
                    @if !date.is_empty() { div { dt { (label(field, record)) } dd { (page::time(date)) } } }
                }
            }
            details id={ (id) "-more" } {
                summary {
                    "Details and merchant actions"
                    @if waiting > 0 { " (" (waiting) " undelivered)" }
                }
                div.more {
                    (acts(call, record, token))
                    div {
                        h3 { "History" }
                        ol.list {
                            @for event in record.history.iter().rev() {
                                li { (page::time(&event.at)) span.grow { bdi { (event.what) } } }
                            }
                        }
                    }
                    (deliveries(record, &notifications))
                }
            }
        }
    })
}

const DATES: [&str; 6] = [
    "dateCreated",
    "dateActivated",
    "dateSuspended",
    "dateResumed",
    "dateEnded",
    "dateExpiry",
];

fn label(field: &str, record: &Record) -> &'static str {
    match field {
        "dateCreated" => "Created",
        "dateActivated" => "Activated",
        "dateSuspended" => "Suspended",
        "dateResumed" => "Resumed",
        "dateEnded" if record.status().is_live() => "Ends",
        "dateEnded" => "Ended",
        _ => "Expires",
    }
}

fn pill(status: Status) -> Markup {
    let kind = match status {
        Status::Active => "good",
        Status::Pending | Status::ActiveEnding | Status::Suspended => "wait",
        Status::Revoked | Status::Failed => "bad",
        Status::Cancelled => "calm",
    };
    html! { span.pill.(kind) { (status.name()) } }
}

fn acts(call: &Call, record: &Record, token: &str) -> Markup {
    let status = record.status();
    let merchant = record.text("merchantAccountKey");
    let others = call.settings.catalog.products().iter().filter(|product| {
        status.is_live() && product.merchant == merchant && product.key != record.text("productKey")
    });
    let others: Vec<_> = others.collect();
    let possible = ACTS.iter().filter(|act| {
        lifecycle::allows(status, act.to) && (act.name != "resume" || status != Status::Pending)
    });
    let action = format!("/merchant/{}", encode(record.id()));
    let id = anchor(record.sequence);
    html! {
        @if status.is_live() {
            div.acts role="group" aria-label="As the merchant" {
                @if status == Status::Pending {
                    form method="post" action=(action) {
                        input type="hidden" name="token" value=(token);
                        button.primary id={ (id) "-register" } name="act" value="register" { "Open the registration page" }
                    }
                }
                @for act in possible {
                    form method="post" action=(action) {
                        input type="hidden" name="token" value=(token);
                        button id={ (id) "-" (act.name) } name="act" value=(act.name)
                            class=[matches!(act.to, Status::Revoked | Status::Failed).then_some("danger")] { (act.button) }
                    }
                }
                @if !others.is_empty() {
                    form method="post" action=(action) {
                        input type="hidden" name="token" value=(token);
                        select name="product" id={ (id) "-product" } aria-label="Another product" {
                            @for product in others { option value=(product.key) { (product.name) } }
                        }
                        button id={ (id) "-change" } name="act" value="product" { "Change product" }
                    }
                }
            }
        }
    }
}

fn encode(id: &str) -> String {
    url::form_urlencoded::byte_serialize(id.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

fn deliveries(record: &Record, notifications: &[Notification]) -> Markup {
    html! {
        div {
            h3 { "Notifications" }
            @if let Some(url) = &record.notification_url { p.small.soft { "to " bdi { (url) } } }
            @else { p.small.soft { "none: no notificationUrl was given" } }
            ol.list {
                @for notification in notifications {
                    li {
                        (page::time(&notification.queued))
                        span.grow { (notification.reason) }
                        @if notification.delivered {
                            span.pill.good { "delivered" }
                        } @else if notification.tries == 0 {
                            span.pill.wait { "waiting" }
                        } @else {
                            span.pill.bad { "failed " (notification.tries) "\u{d7}" }
                        }
                        @if !notification.outcome.is_empty() { span.soft { (notification.outcome) } }
                    }
                }
            }
        }
    }
}

fn requests(call: &Call) -> Markup {
    let lines: Vec<&RequestLine> = call.recent.lines().collect();
    html! {
        div.card.requests {
            @if lines.is_empty() { p.small.soft { "None since the sandbox was started." } }
            ol {
                @for line in lines {
                    li {
                        p { strong { (line.method) } " " bdi.id { (line.path) } }
                        p.soft {
                            (outcome(line)) " "
                            time datetime=(line.time) title=(line.time) { (line.time.get(11..19).unwrap_or("")) }
                            " \u{b7} " (line.duration.as_millis()) " ms"
                            @if !line.customer.is_empty() { " \u{b7} " bdi { (line.customer) } }
                        }
                    }
                }
            }
        }
    }
}

fn outcome(line: &RequestLine) -> Markup {
    let kind = match line.http_status {
        Some(200..=299 | 303) => "good",
        Some(_) => "bad",
        None => "wait",
    };
    let text = match (line.response_code.as_str(), line.http_status) {
        ("", Some(status)) => status.to_string(),
        ("", None) => "no answer".to_owned(),
        (code, None) => format!("{code}, never sent"),
        (code, _) => code.to_owned(),
    };
    html! { span.pill.(kind) { (text) } }
}
