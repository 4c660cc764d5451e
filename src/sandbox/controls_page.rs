//! The dashboard's page of controls: the clock, faults, samples. Its forms do what the control API does.

use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use super::answer::ApiRefusal;
use super::call::Call;
use super::control;
use super::dashboard::{self, PURPOSE, Tab};
use super::faults::{self, FaultRule};
use super::page::{self, Form};
use super::record::wire_time;
use super::rows::{self, text};
use crate::server::{Request, Response};

/// How far the clock is moved by a button.
const STEPS: [(&str, &str); 4] = [
    ("1h", "1 hour"),
    ("1d", "1 day"),
    ("7d", "7 days"),
    ("30d", "30 days"),
];

/// What has been done, by the word in the query.
const DONE: [(&str, &str); 4] = [
    ("advance", "The clock was moved, and what fell due is done."),
    ("fault", "The fault is switched on."),
    ("off", "The fault is switched off."),
    ("seed", "Samples were made: an entitlement in every status."),
];

#[expect(clippy::unnecessary_wraps, reason = "every form has this shape")]
/// Does what a form asked for, and returns to the page. What is refused is told there.
pub fn act(call: &mut Call) -> Result<Response, ApiRefusal> {
    let form = match Form::read(call, PURPOSE) {
        Ok(form) => form,
        Err(response) => return Ok(response),
    };
    let act = form.field("act");
    let done = match act {
        "advance" => control(
            call,
            control::advance,
            &json!({"by": form.field("by").trim()}),
            "",
        ),
        "fault" => control(call, control::fault_on, &fault(&form), ""),
        "off" => control(call, control::faults_off, &json!({}), form.field("fault")),
        "seed" => control(call, control::seed, &json!({}), ""),
        _ => Err(ApiRefusal::invalid("act")),
    };
    match done {
        Ok(_) => Ok(page::see_other(&format!("/controls?done={act}"))),
        Err(refusal) => {
            let status = refusal.code.http_status();
            let notice = html! { p.notice.bad role="alert" { "That was refused: " (text(&refusal.message)) "." } };
            Ok(shown(call, status, &notice))
        }
    }
}

/// The body that switches a fault on; what was left empty is left out.
fn fault(form: &Form) -> Value {
    let mut body = json!({"fault": form.field("fault")});
    for (field, member) in [("customer", "customerIdentifier"), ("for", "for")] {
        match form.field(field).trim() {
            "" => {}
            given => body[member] = json!(given),
        }
    }
    let share = form.field("share").trim().trim_end_matches('%');
    if let Ok(percent) = share.parse::<f64>() {
        body["share"] = json!(percent / 100.0);
    }
    body
}

/// Runs an operation of the control API as if it had been asked with this body, and this fault in its query.
fn control(
    call: &mut Call,
    operation: fn(&mut Call) -> Result<Value, ApiRefusal>,
    body: &Value,
    fault: &str,
) -> Result<Value, ApiRefusal> {
    let query = Serializer::new(String::new())
        .append_pair("fault", fault)
        .finish();
    let request = Request {
        query: Some(query),
        body: body.to_string().into_bytes(),
        ..call.request.clone()
    };
    let mut asked = Call {
        request: &request,
        argument: "",
        state: &mut *call.state,
        config: call.config,
        memory: &mut *call.memory,
        now: call.now,
        forced: None,
    };
    asked.attempt(operation)
}

/// The page.
pub fn show(call: &Call) -> Response {
    let done = call.parameter("done");
    let said = DONE.iter().find(|(word, _)| *word == done);
    shown(
        call,
        200,
        &html! { @if let Some((_, said)) = said { p.notice role="status" { (said) } } },
    )
}

fn shown(call: &Call, status: u16, notice: &Markup) -> Response {
    dashboard::show_with(call, Tab::Controls, status, "Controls", || {
        let token =
            html! { input type="hidden" name="token" value=(page::form_token(call, PURPOSE)); };
        html! {
            (notice)
            div.heading { h2 { "Controls" } p.small.soft { "also as commands: bango-ent sandbox advance, faults, seed" } }
            (clock(call, &token))
            (fault_forms(call, &token))
            section.card aria-labelledby="samples" {
                h3 #samples { "Samples" }
                p.small.soft { "Makes an entitlement in every status, with customers of their own. What is there stays." }
                form.acts method="post" action="/controls" { (token) button name="act" value="seed" id="seed" { "Make samples" } }
            }
        }
    })
}

fn clock(call: &Call, token: &Markup) -> Markup {
    let ahead = call.state.clock().ahead;
    html! {
        section.card aria-labelledby="clock" {
            h3 #clock { "Clock" }
            p {
                @if ahead == 0 { "The sandbox's time is the real one." }
                @else { "The sandbox's time is ahead of the real one by " (days(ahead)) "; it is " (page::time(&wire_time(call.now))) "." }
            }
            p.small.soft { "Period ends, expiries, slow terminations, links and tries of deliveries happen in order, as if the time had passed. The clock does not go back." }
            form.acts method="post" action="/controls" {
                (token)
                input type="hidden" name="act" value="advance";
                @for (by, title) in STEPS { button name="by" value=(by) id={ "advance-" (by) } { "+ " (title) } }
            }
            form.acts method="post" action="/controls" {
                (token)
                label { span.small.soft { "Another time, such as 90s, 12h or 1mo" } input type="text" name="by" id="by" required autocomplete="off"; }
                button name="act" value="advance" id="advance" { "Move ahead" }
            }
        }
    }
}

/// A span as people say it, in its largest two units.
fn days(milliseconds: i64) -> String {
    let seconds = milliseconds / 1_000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes} min {} s", seconds % 60),
        (0, hours) => format!("{hours} h {minutes} min"),
        (days, hours) => format!("{days} d {hours} h"),
    }
}

fn fault_forms(call: &Call, token: &Markup) -> Markup {
    let now = call.now.as_millisecond();
    let on = call
        .state
        .faults()
        .filter(|(_, rule)| rule.until.is_none_or(|until| now < until));
    let on: Vec<_> = on.collect();
    html! {
        section.card aria-labelledby="faults" {
            h3 #faults { "Faults" }
            @if on.is_empty() { p.soft { "None is switched on." } }
            ol.list {
                @for (number, rule) in on {
                    li id={ "f" (number) } {
                        span.pill.bad { (text(&rule.fault)) }
                        span.grow { (described(rule)) }
                        form method="post" action="/controls" {
                            (token)
                            input type="hidden" name="fault" value=(rule.fault);
                            button name="act" value="off" aria-label={ "Switch off " (rows::visible(&rule.fault)) } { "Switch off" }
                        }
                    }
                }
            }
            form.acts method="post" action="/controls" {
                (token)
                label { span.small.soft { "Fault" } select name="fault" id="fault" { @for name in faults::names() { option { (name) } } } }
                label { span.small.soft { "Customer (empty: all)" } input type="text" name="customer" id="customer" autocomplete="off"; }
                label { span.small.soft { "Share in %" } input type="text" inputmode="decimal" name="share" id="share" value="100" size="5"; }
                label { span.small.soft { "For (such as 5m)" } input type="text" name="for" id="for" size="8" autocomplete="off"; }
                button name="act" value="fault" id="fault-on" { "Switch on" }
            }
        }
    }
}

/// Whom a fault meets, how often and until when.
fn described(rule: &FaultRule) -> Markup {
    let until = rule
        .until
        .and_then(|until| Timestamp::from_millisecond(until).ok());
    html! {
        @match &rule.customer { Some(customer) => (text(customer)), None => "everybody" }
        @if rule.share < 1.0 { ", " (format!("{:.0}", rule.share * 100.0)) " % of the requests" }
        @if let Some(until) = until { ", until " (page::time(&wire_time(until))) }
    }
}
