//! The merchant's registration page, as a user sees it after a create that is `PENDING`.

use maud::{Markup, html};

use super::call::Call;
use super::entity::Link;
use super::merchant;
use super::page::{self, Form};
use super::record::{Status, StoredEntitlement, wire_milliseconds};
use super::rows::{self, text};
use crate::server::Response;

/// Shows the page, or says kindly why there is nothing to register.
pub fn show(call: &Call) -> Response {
    open(call).map_or_else(|page| page, |(link, record)| offer(call, link, record))
}

fn offer(call: &Call, link: &Link, record: &StoredEntitlement) -> Response {
    let token = page::form_token(call, call.argument);
    let name = service(call, record);
    let expires = wire_milliseconds(link.expires).unwrap_or_default();
    let inside = html! {
        div {
            p.soft { "You are about to start" }
            h1 { (text(&name)) }
        }
        (facts(record, "Valid until", &expires))
        form method="post" action={ "/register/" (call.argument) } {
            input type="hidden" name="token" value=(token);
            button.primary type="submit" id="register" { "Activate " (text(&name)) }
            button type="submit" id="decline" name="decline" value="1" { "No, thank you" }
        }
        p.small.soft { "Nothing is charged: your provider has arranged it." }
    };
    page::card(200, &format!("Activate {}", rows::visible(&name)), &inside)
}

/// Completes the registration, or takes a no.
pub fn complete(call: &mut Call) -> Result<Response, Response> {
    let mut record = open(call).map(|(_, record)| record.clone())?;
    let form = Form::read(call, call.argument)?;
    merchant::register(call, &mut record, !form.field("decline").is_empty())?;
    call.state.save(&record);
    Ok(page::see_other(&format!("/register/{}", call.argument)))
}

/// Finds what a link leads to, or the page that says why it leads nowhere.
fn open<'c>(call: &'c Call) -> Result<(&'c Link, &'c StoredEntitlement), Response> {
    let Some(link) = call.state.link(call.argument) else {
        let text = "Check that it was copied whole, or ask your provider for a new one.";
        return Err(page::message(404, "We do not know this link", text));
    };
    let Some(record) = call.state.entitlement(&link.entitlement) else {
        let text = "Ask your provider for a new one.";
        return Err(page::message(404, "This link leads nowhere", text));
    };
    match record.status() {
        Status::Pending if link.expires > call.now.as_millisecond() => Ok((link, record)),
        Status::Pending => {
            let text = "Links work for a limited time, to keep your account safe. Ask your provider for a new one.";
            Err(page::message(410, "This link has expired", text))
        }
        Status::Active => Err(welcome(call, record)),
        _ => {
            let text = "It has been used or withdrawn. If you expected something here, ask your provider for a new one.";
            Err(page::message(410, "This link is no longer needed", text))
        }
    }
}

fn welcome(call: &Call, record: &StoredEntitlement) -> Response {
    let since = record.shown.date_activated.as_deref();
    let inside = html! {
        div {
            p { span.pill.good { "ACTIVE" } }
            h1 { "You are all set" }
        }
        p { (text(&service(call, record))) " is ready. You can close this page." }
        (facts(record, "Active since", since.unwrap_or_default()))
    };
    page::card(200, "You are all set", &inside)
}

fn facts(record: &StoredEntitlement, label: &str, time: &str) -> Markup {
    html! {
        dl {
            div { dt { "For" } dd { (text(record.customer())) } }
            div { dt { "From" } dd { (text(&record.shown.merchant_account_key)) } }
            @if let Some(offer) = &record.shown.offer_key {
                div { dt { "Offer" } dd { (text(offer)) } }
            }
            div { dt { "Reference" } dd.id { (text(record.id())) } }
            div { dt { (label) } dd { (page::time(time)) " UTC" } }
        }
    }
}

/// What the user calls the service.
fn service(call: &Call, record: &StoredEntitlement) -> String {
    let shown = record.shown.entitlement_display_name.clone();
    let name = || call.product(record).map(|product| product.name.clone());
    let key = || record.shown.product_key.clone();
    shown.or_else(name).unwrap_or_else(key)
}
