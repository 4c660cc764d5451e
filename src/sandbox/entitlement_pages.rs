//! The dashboard's pages of entitlements: the list, one with everything that is known of it, and what a merchant may do to it.

use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::value::to_raw_value;

use super::answer::ApiRefusal;
use super::call::{Call, check_live};
use super::dashboard::{self, PURPOSE, Tab};
use super::list::ListPage;
use super::lookup::{List, Wanted};
use super::merchant::{self, ACTS};
use super::operations;
use super::page::{self, Form};
use super::record::{Status, StoredEntitlement};
use super::requests::without_password;
use super::rows::{self, text};
use crate::server::Response;

/// How many requests and notifications of an entitlement are shown with it.
const RELATED: usize = 20;

/// Does what a button asked for, and returns to the entitlement. What is refused is told there.
pub fn act(call: &mut Call) -> Result<Response, Response> {
    let form = Form::read(call, PURPOSE)?;
    let record = call.entitlement(call.argument)?;
    let done = call.attempt(|call| carry_out(call, &form, record.clone()));
    done.map_err(|refusal| {
        let status = refusal.code.http_status();
        detail(call, &record, status, &rows::refused(&refusal))
    })
}

fn carry_out(
    call: &mut Call,
    form: &Form,
    mut record: StoredEntitlement,
) -> Result<Response, ApiRefusal> {
    check_live(&record)?;
    match form.field("act") {
        // Not a merchant's act, but the user's way in: a fresh link to the page.
        "register" if record.status() == Status::Pending => {
            let (url, _) = call.new_link(&record);
            return Ok(page::see_other(&url));
        }
        name => merchant::act(call, &mut record, name, form.field("product"))?,
    }
    call.state.save(&record);
    Ok(page::see_other(&format!(
        "/entitlements/{}?done=1",
        record.number
    )))
}

/// The list.
pub fn list(call: &Call) -> Response {
    let products = call.config.options.catalog.products().iter();
    let mut products: Vec<String> = products.map(|product| product.key.clone()).collect();
    products.dedup();
    let statuses = Status::ALL.map(|status| status.to_string());
    let page = ListPage {
        list: List::Entitlements,
        hint: "Customer or entitlement id",
        note: "",
        filters: [
            ("status", "Status", statuses.into()),
            ("product", "Product", products),
        ],
        empty: html! {
            p { "Nothing yet. Create the first entitlement:" }
            code { "bango-ent --sandbox create --user alice --merchant BANGO --product BangoMusic" }
        },
    };
    page.show(
        call,
        |number| call.state.record(number),
        |record| rows::entitlement(record),
    )
}

/// One entitlement.
pub fn show(call: &Call) -> Response {
    let number = call.argument.parse().ok();
    let Some(record) = number.and_then(|number| call.state.record(number)) else {
        return page::not_found();
    };
    let done = !call.parameter("done").is_empty();
    let last = record.history.last().filter(|_| done);
    let notice = html! {
        @if let Some(event) = last {
            p.notice role="status" {
                "Done: " (text(&event.what)) "."
                @if let Some(sent) = call.state.notifications_of(record).next() {
                    " " a href={ "/notifications/" (sent.number) } { (sent.reason) } ": " (sent.state()) "."
                }
            }
        }
    };
    detail(call, record, 200, &notice)
}

fn detail(call: &Call, record: &StoredEntitlement, status: u16, notice: &Markup) -> Response {
    let title = format!("{} \u{b7} Entitlement", rows::visible(record.customer()));
    dashboard::show_with(call, Tab::List(List::Entitlements), status, &title, || {
        let shown = &record.shown;
        let raw = to_raw_value(&shown.to_map()).ok();
        let extra = record
            .extra_information
            .as_ref()
            .and_then(|extra| to_raw_value(extra).ok());
        html! {
            (notice)
            div.heading {
                h2 { (text(record.customer())) }
                (rows::pill(record.status()))
            }
            p.soft { (text(&shown.product_key)) " at " (text(&shown.merchant_account_key)) }
            p { (rows::id(record.id(), "the entitlement id", None)) }
            (acts(call, record))
            section.card aria-labelledby="dates" {
                h3 #dates { "Dates" }
                dl.table { @for (label, date) in dates(record) { div { dt { (label) } dd { (page::time(date)) } } } }
                @match &record.notification_url {
                    Some(url) => p { "Notified at " (text(&without_password(url))) },
                    None => p.soft { "Not notified: no notificationUrl was given" },
                }
            }
            section.card aria-labelledby="history" {
                h3 #history { "History" }
                ol.list {
                    @for event in record.history.iter().rev() { li { (page::time(&event.at)) span.grow { (text(&event.what)) } } }
                }
            }
            (related(call, record))
            section.card {
                (rows::body("record", "Record, as an answer shows it", raw.as_deref()))
                @if extra.is_some() { (rows::body("extra", "extraInformation, which no answer shows", extra.as_deref())) }
            }
        }
    })
}

/// What was posted about it, and what was asked.
fn related(call: &Call, record: &StoredEntitlement) -> Markup {
    let notifications: Vec<_> = call.state.notifications_of(record).take(RELATED).collect();
    let wanted = Wanted {
        list: List::Requests,
        values: Vec::new(),
        prefix: record.id(),
        below: None,
        above: None,
    };
    // Others whose names begin so may stand between them.
    let numbers = call.state.lookup().find(&wanted, usize::MAX);
    let requests = numbers
        .into_iter()
        .filter_map(|number| call.state.request(number));
    let requests = requests.filter(|request| request.entitlement_id == record.id());
    let requests: Vec<_> = requests.take(RELATED).collect();
    html! {
        section aria-labelledby="notifications" {
            h3 #notifications { "Notifications" }
            @if notifications.is_empty() { p.soft.small { "None." } }
            @else { ol.rows.card { @for notification in &notifications { (rows::notification(notification)) } } }
        }
        section aria-labelledby="requests" {
            h3 #requests { "Requests" }
            @if requests.is_empty() { p.soft.small { "None that is still kept." } }
            @else { ol.rows.card { @for request in &requests { (rows::request(request)) } } }
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
        ("Last updated", Some(&shown.date_last_updated)),
    ];
    let dates = dates.into_iter();
    dates.filter_map(|(label, date)| Some((label, date?.as_str())))
}

fn acts(call: &Call, record: &StoredEntitlement) -> Markup {
    let status = record.status();
    let shown = &record.shown;
    let products = call.config.options.catalog.products().iter();
    let others = products.filter(|product| {
        product.merchant == shown.merchant_account_key
            && product.key != shown.product_key
            && operations::check_available(product).is_ok()
    });
    let others: Vec<_> = others.collect();
    let possible = ACTS.iter().filter(|act| merchant::is_possible(act, status));
    let (final_acts, acts): (Vec<_>, Vec<_>) = possible.partition(|(.., to)| !to.is_live());
    let action = format!(
        "/merchant/{}",
        utf8_percent_encode(record.id(), NON_ALPHANUMERIC)
    );
    html! {
        @if status.is_live() {
            form.acts method="post" action=(action) aria-label="What the merchant may do" {
                input type="hidden" name="token" value=(page::form_token(call, PURPOSE));
                @if status == Status::Pending {
                    button.primary name="act" value="register" id="register" formtarget="_blank" { "Open the registration page" }
                }
                @for (name, button, _) in acts { button name="act" value=(name) id=(name) { (button) } }
                @if !others.is_empty() {
                    span {
                        select name="product" id="product" aria-label="Another product" {
                            @for product in others { option value=(product.key) { (product.name) } }
                        }
                        button name="act" value="product" id="change" { "Change product" }
                    }
                }
                @for (name, button, to) in final_acts {
                    details.confirm id={ "confirm-" (name) } {
                        summary { (button) "\u{2026}" }
                        p { "It becomes " (to) " and cannot be changed by the merchant afterwards." }
                        button.danger name="act" value=(name) id=(name) { (button) " now" }
                    }
                }
            }
        }
    }
}
