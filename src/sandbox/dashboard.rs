//! The dashboard: entitlements with history and notifications, what a merchant may do to them, and the last requests.

use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::answer::ApiRefusal;
use super::call::{Call, check_live};
use super::delivery::{QueuedNotification, without_password};
use super::operations;
use super::page::{self, Form};
use super::record::{Status, StoredEntitlement};
use super::requests::LoggedRequest;
use crate::server::Response;

/// How many entitlements are shown without a search.
const SHOWN: usize = 50;
/// How many requests are shown.
const REQUESTS: usize = 30;

/// What a merchant may do on its own account but change the product: the name in a form, the button, and the status it leads to.
const ACTS: [(&str, &str, Status); 5] = [
    ("suspend", "Suspend", Status::Suspended),
    ("resume", "Resume", Status::Active),
    ("cancel", "End", Status::Cancelled),
    ("revoke", "Revoke", Status::Revoked),
    ("fail", "Fail", Status::Failed),
];

/// The purpose of the form tokens of all buttons.
const PURPOSE: &str = "merchant";

/// Does what a button asked for, and returns to the dashboard.
pub fn act(call: &mut Call) -> Result<Response, ApiRefusal> {
    let form = match Form::read(call, PURPOSE) {
        Ok(form) => form,
        Err(response) => return Ok(response),
    };
    let mut record = call.entitlement(call.argument)?;
    check_live(&record)?;
    match form.field("act") {
        // Not a merchant's act, but the user's way in: a fresh link to the page.
        "register" if record.status() == Status::Pending => {
            let (url, _) = call.new_link(&record);
            return Ok(page::see_other(&url));
        }
        "product" => {
            let catalog = &call.config.options.catalog;
            let merchant = &record.shown.merchant_account_key;
            let product = catalog.find(merchant, form.field("product"));
            let product = product.ok_or_else(|| ApiRefusal::invalid("product"))?;
            operations::check_available(product)?;
            operations::change_product(call, &mut record, product)?;
        }
        name => {
            let act = ACTS.iter().find(|(known, ..)| *known == name);
            let (.., to) = act.ok_or_else(|| ApiRefusal::invalid("act"))?;
            call.transition(&mut record, *to, "the merchant")?;
        }
    }
    call.state.save(&record);
    Ok(page::see_other(&format!("/#{}", anchor(&record))))
}

/// The id of an entitlement's card.
fn anchor(record: &StoredEntitlement) -> String {
    format!("e{}", record.number)
}

/// Shows the whole page.
pub fn dashboard(call: &Call) -> Response {
    let customer = call.parameter("customer");
    let main = main(call, &customer);
    let body = html! {
        a.skip href="#main" { "Skip to the entitlements" }
        header.top { div {
            img src="/icon.svg" alt="";
            div.name {
                h1 { "Bango sandbox" }
                p.small.soft { "A local imitation, not Bango \u{b7} times in UTC \u{b7} API at " code { (call.config.origin(call.request)) "/v1" } " \u{b7} " a href="/openapi.json" { "OpenAPI" } }
            }
            form.search method="get" action="/" role="search" {
                input type="search" name="customer" id="customer" aria-label="Customer" placeholder="Customer" value=(customer);
                button type="submit" { "Find" }
            }
        } }
        p.lost #lost role="status" {}
        (main)
    };
    page::page(200, "Bango sandbox", true, &body)
}

/// Shows what changes, or 204 if the browser has it already.
pub fn live(call: &Call) -> Response {
    let html = |status, text| page::with_security_headers(Response::new(status, page::HTML, text));
    if call.parameter("version") == call.memory.version.to_string() {
        return html(204, String::new());
    }
    html(200, main(call, &call.parameter("customer")).into_string())
}

fn main(call: &Call, customer: &str) -> Markup {
    let records: Vec<&StoredEntitlement> = if customer.is_empty() {
        call.state.newest().take(SHOWN).collect()
    } else {
        let records = call.state.of_customer(customer);
        records.rev().take(SHOWN).collect()
    };
    let total = call.state.count();
    let token = page::form_token(call, PURPOSE);
    html! {
        main #main.page data-version=(call.memory.version) {
            section aria-labelledby="entitlements" {
                div.heading {
                    h2 #entitlements { "Entitlements" }
                    p.small.soft {
                        @if !customer.is_empty() { (records.len()) " of " bdi { (customer) } " \u{b7} " a href="/" { "show all" } }
                        @else if total > records.len() { "the newest " (records.len()) " of " (total) }
                        @else { (total) }
                    }
                }
                @if records.is_empty() { (empty(customer)) }
                @for record in &records { (card(call, record, &token)) }
            }
            section aria-labelledby="requests" {
                div.heading { h2 #requests { "Last requests" } }
                (requests(call))
            }
        }
    }
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

fn card(call: &Call, record: &StoredEntitlement, token: &str) -> Markup {
    let id = anchor(record);
    let notifications: Vec<&QueuedNotification> = call.state.notifications_of(record).collect();
    let waiting = notifications
        .iter()
        .filter(|notification| notification.next.is_some())
        .count();
    let shown = &record.shown;
    html! {
        article.card.entitlement id=(id) aria-label={ "Entitlement of " (record.customer()) } {
            header {
                h3 { bdi { (record.customer()) } }
                (pill(record.status()))
            }
            p.soft.small { bdi { (shown.product_key) } " \u{b7} " bdi { (shown.merchant_account_key) } }
            p.id.soft { (record.id()) }
            dl.facts {
                @for (label, date) in dates(record) { div { dt { (label) } dd { (page::time(date)) } } }
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
    }
}

/// The dates that an entitlement has, with their labels.
fn dates(record: &StoredEntitlement) -> impl Iterator<Item = (&'static str, &str)> {
    let shown = &record.shown;
    let live = record.status().is_live();
    let dates = [
        ("Created", Some(&shown.date_created)),
        ("Activated", shown.date_activated.as_ref()),
        ("Suspended", shown.date_suspended.as_ref()),
        ("Resumed", shown.date_resumed.as_ref()),
        (
            if live { "Ends" } else { "Ended" },
            shown.date_ended.as_ref(),
        ),
        ("Expires", shown.date_expiry.as_ref()),
    ];
    let dates = dates.into_iter();
    dates.filter_map(|(label, date)| Some((label, date?.as_str())))
}

fn pill(status: Status) -> Markup {
    let kind = match status {
        Status::Active => "good",
        Status::Pending | Status::ActiveEnding | Status::Suspended => "wait",
        Status::Revoked | Status::Failed => "bad",
        Status::Cancelled => "calm",
    };
    html! { span.pill.(kind) { (status) } }
}

fn acts(call: &Call, record: &StoredEntitlement, token: &str) -> Markup {
    let status = record.status();
    let shown = &record.shown;
    let products = call.config.options.catalog.products().iter();
    let others = products.filter(|product| {
        product.merchant == shown.merchant_account_key
            && product.key != shown.product_key
            && operations::check_available(product).is_ok()
    });
    let others: Vec<_> = others.collect();
    let possible = ACTS.iter().filter(|(name, _, to)| {
        status.can_become(*to) && (*name != "resume" || status != Status::Pending)
    });
    let action = format!(
        "/merchant/{}",
        utf8_percent_encode(record.id(), NON_ALPHANUMERIC)
    );
    let id = anchor(record);
    html! {
        @if status.is_live() {
            form.acts method="post" action=(action) role="group" aria-label="As the merchant" {
                input type="hidden" name="token" value=(token);
                @if status == Status::Pending {
                    button.primary id={ (id) "-register" } name="act" value="register" { "Open the registration page" }
                }
                @for (name, button, to) in possible {
                    button id={ (id) "-" (name) } name="act" value=(name)
                        class=[matches!(to, Status::Revoked | Status::Failed).then_some("danger")] { (button) }
                }
                @if !others.is_empty() {
                    span {
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

fn deliveries(record: &StoredEntitlement, notifications: &[&QueuedNotification]) -> Markup {
    html! {
        div {
            h3 { "Notifications" }
            @if let Some(url) = &record.notification_url { p.small.soft { "to " bdi { (without_password(url)) } } }
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
                        } @else if notification.next.is_none() {
                            span.pill.bad { "given up" }
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
    let requests: Vec<_> = call.state.requests().take(REQUESTS).collect();
    html! {
        div.card.requests {
            @if requests.is_empty() { p.small.soft { "None yet." } }
            ol {
                @for line in requests {
                    li {
                        p { strong { (line.request.method) } " " bdi.id { (line.request.path) } }
                        p.soft {
                            span.pill.(kind(line)) { (line.outcome()) } " "
                            time datetime=(line.time) title=(line.time) { (line.time.get(11..19).unwrap_or("")) }
                            " \u{b7} " (line.duration_ms) " ms"
                            @if !line.customer_identifier.is_empty() { " \u{b7} " bdi { (line.customer_identifier) } }
                        }
                    }
                }
            }
        }
    }
}

fn kind(line: &LoggedRequest) -> &'static str {
    match line.answer.http_status {
        Some(..300) => "good",
        Some(_) => "bad",
        None => "wait",
    }
}
