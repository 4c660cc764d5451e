//! The merchant's registration page, as a user sees it after a create that is `PENDING`.

use jiff::Timestamp;
use maud::{Markup, html};

use super::answer::Stop;
use super::call::Call;
use super::page::{self, Form};
use super::record::{Record, Status, wire_time};
use super::tables::Link;
use crate::server::Response;

/// Shows the page, or says kindly why there is nothing to register.
pub fn show(call: &mut Call) -> Result<Response, Stop> {
    let (link, record) = match open(call)? {
        Ok(opened) => opened,
        Err(response) => return Ok(response),
    };
    let token = page::form_token(call, call.argument)?;
    let name = service(call, &record);
    let expires = wire_time(Timestamp::from_millisecond(link.expires).unwrap_or(call.now));
    let body = html! {
        div.card.offer {
            img src="/icon.svg" alt="";
            div {
                p.soft { "You are about to start" }
                h1 { (name) }
            }
            (facts(&record, "Valid until", &expires))
            form method="post" action={ "/register/" (call.argument) } {
                input type="hidden" name="token" value=(token);
                button.primary type="submit" id="register" { "Activate " (name) }
            }
            p.small.soft { "Nothing is charged: your provider has arranged it." }
        }
    };
    Ok(stage(200, &format!("Activate {name}"), &body))
}

/// Completes the registration.
pub fn complete(call: &mut Call) -> Result<Response, Stop> {
    let (_, mut record) = match open(call)? {
        Ok(opened) => opened,
        Err(response) => return Ok(response),
    };
    if Form::read(call, call.argument)?.is_none() {
        return Ok(page::stale_form());
    }
    call.enter(
        &mut record,
        Status::Active,
        "the user, on the registration page",
    )?;
    call.tables.save(&record)?;
    Ok(page::see_other(format!("/register/{}", call.argument)))
}

/// Finds what a link leads to, or the page that says why it leads nowhere.
fn open(call: &Call) -> Result<Result<(Link, Record), Response>, Stop> {
    let Some(link) = call.tables.link(call.argument)? else {
        let text = "Check that it was copied whole, or ask your provider for a new one.";
        return Ok(Err(page::message(404, "We do not know this link", text)));
    };
    let Some(record) = call.tables.entitlement(&link.entitlement)? else {
        return Ok(Err(page::message(
            404,
            "This link leads nowhere",
            "Ask your provider for a new one.",
        )));
    };
    Ok(match record.status() {
        Status::Pending if link.expires > call.now.as_millisecond() => Ok((link, record)),
        Status::Pending => {
            let text = "Links work for a limited time, to keep your account safe. Ask your provider for a new one.";
            Err(page::message(410, "This link has expired", text))
        }
        Status::Active => Err(welcome(call, &record)),
        _ => {
            let text = "It has been used or withdrawn. If you expected something here, ask your provider for a new one.";
            Err(page::message(410, "This link is no longer needed", text))
        }
    })
}

fn welcome(call: &Call, record: &Record) -> Response {
    let name = service(call, record);
    let body = html! {
        div.card.offer {
            img src="/icon.svg" alt="";
            div {
                p { span.pill.good { "ACTIVE" } }
                h1 { "You are all set" }
            }
            p { (name) " is ready. You can close this page." }
            (facts(record, "Active since", record.text("dateActivated")))
        }
    };
    stage(200, "You are all set", &body)
}

fn facts(record: &Record, label: &str, time: &str) -> Markup {
    html! {
        dl {
            div { dt { "For" } dd { bdi { (record.customer()) } } }
            div { dt { "From" } dd { bdi { (record.text("merchantAccountKey")) } } }
            @if !record.text("offerKey").is_empty() {
                div { dt { "Offer" } dd { bdi { (record.text("offerKey")) } } }
            }
            div { dt { "Reference" } dd.id { (record.id()) } }
            div { dt { (label) } dd { (page::time(time)) " UTC" } }
        }
    }
}

fn service(call: &Call, record: &Record) -> String {
    let shown = record.text("entitlementDisplayName");
    if !shown.is_empty() {
        return shown.to_owned();
    }
    match call.product(record) {
        Some(product) => product.name.clone(),
        None => record.text("productKey").to_owned(),
    }
}

fn stage(status: u16, title: &str, body: &Markup) -> Response {
    let body = html! {
        div.stage { main {
            (body)
            p.note.small.soft { (page::imitation()) }
        } }
    };
    page::page(status, title, false, &body)
}
