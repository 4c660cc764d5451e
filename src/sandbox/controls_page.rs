//! The dashboard's page of controls: the clock, faults, samples, the state as a whole. Its forms do what the control API does.

use maud::{Markup, html};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use super::answer::{ApiRefusal, ResponseCode};
use super::call::Call;
use super::dashboard::{self, PURPOSE, Tab};
use super::faults::{self, FaultRule};
use super::page::{self, Form};
use super::record::{wire_milliseconds, wire_time};
use super::rows::{self, text};
use super::{contents, control};
use crate::server::{Request, Response};

/// How far the clock is moved by a button.
const STEPS: [(&str, &str); 4] = [
    ("1h", "1 hour"),
    ("1d", "1 day"),
    ("7d", "7 days"),
    ("30d", "30 days"),
];

/// What has been done, by the word in the query.
const DONE: [(&str, &str); 6] = [
    ("advance", "The clock was moved, and what fell due is done."),
    ("fault", "The fault is switched on."),
    ("off", "The fault is switched off."),
    ("seed", "Samples were made: an entitlement in every status."),
    (
        "import",
        "The file was imported, in the place of all that there was.",
    ),
    ("reset", "Everything was forgotten, the clock included."),
];

/// Does what a form asked for, and returns to the page. What is refused is told there.
pub fn act(call: &mut Call) -> Result<Response, Response> {
    let form = Form::read(call, PURPOSE)?;
    call.attempt(|call| carry_out(call, &form))
        .map_err(|refusal| shown(call, refusal.code.http_status(), &rows::refused(&refusal)))
}

fn carry_out(call: &mut Call, form: &Form) -> Result<Response, ApiRefusal> {
    let act = form.field("act");
    match act {
        "advance" => {
            let body = json!({"by": form.field("by").trim()});
            control(call, control::advance, &body.to_string(), "")
        }
        "fault" => control(call, control::fault_on, &fault(form).to_string(), ""),
        "off" => control(call, control::faults_off, "", form.field("fault")),
        "seed" => control(call, contents::seed, "", ""),
        "reset" => control(call, contents::reset, "", ""),
        "import" => import(call, form),
        "export" => return export(call),
        _ => Err(ApiRefusal::invalid("act")),
    }?;
    Ok(page::see_other(&format!("/controls?done={act}")))
}

/// Sends everything as a file, a state file of the sandbox's own kind. It has the passwords of notification URLs, which no page
/// shows: whoever reaches the pages from elsewhere does not get it.
fn export(call: &mut Call) -> Result<Response, ApiRefusal> {
    if !call.config.address.ip().is_loopback() {
        let message = "other machines reach this page; use the command: bango-ent sandbox export";
        return Err(ApiRefusal::new(ResponseCode::Unauthorized, message));
    }
    let mut document = control(call, contents::export, "", "")?;
    let mut lines = String::new();
    if let Value::Array(entities) = document["entities"].take() {
        lines.extend(entities.iter().map(|entity| format!("[{entity}]\n")));
    }
    let name = "attachment; filename=\"sandbox.jsonl\"";
    Ok(page::file("application/jsonl", &lines).with("content-disposition", name))
}

/// Puts the file in the place of all that there is, once its last part has come.
fn import(call: &mut Call, form: &Form) -> Result<Value, ApiRefusal> {
    let lines = form.field("file").lines().map(str::trim);
    let inside = |line: &'_ str| -> Option<String> {
        Some(line.strip_prefix('[')?.strip_suffix(']')?.to_owned())
    };
    let entities: Option<Vec<String>> = lines.filter(|line| !line.is_empty()).map(inside).collect();
    let entities = entities
        .filter(|entities| !entities.is_empty())
        .ok_or_else(|| ApiRefusal::invalid("file"))?;
    let number = |name| form.field(name).parse::<u32>().unwrap_or(1);
    let body = format!(
        "{{\"entities\":[{}],\"import\":{},\"part\":{},\"parts\":{}}}",
        entities.join(","),
        json!(form.field("import")),
        number("part"),
        number("parts")
    );
    control(call, contents::import, &body, "")
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
    body: &str,
    fault: &str,
) -> Result<Value, ApiRefusal> {
    let query = Serializer::new(String::new())
        .append_pair("fault", fault)
        .finish();
    let request = Request {
        query: Some(query),
        body: body.as_bytes().to_vec(),
        ..call.request.clone()
    };
    let mut asked = Call {
        request: &request,
        body: None,
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
            div.heading { h2 { "Controls" } p.small.soft { "also as commands: bango-ent sandbox advance, faults, seed, export, import, reset" } }
            (clock(call, &token))
            (fault_forms(call, &token))
            section.card aria-labelledby="samples" {
                h3 #samples { "Samples" }
                p.small.soft { "Makes an entitlement in every status, with customers of their own. What is there stays." }
                form.acts method="post" action="/controls" { (token) button name="act" value="seed" id="seed" { "Make samples" } }
            }
            (whole(&token))
        }
    })
}

/// Everything that the sandbox keeps, as a file and gone.
fn whole(token: &Markup) -> Markup {
    html! {
        section.card aria-labelledby="everything" {
            h3 #everything { "Everything" }
            p.small.soft { "An export is a state file, and holds the passwords of notification URLs. What is imported takes the place of all that there is." }
            form.acts method="post" action="/controls" { (token) button name="act" value="export" id="export" { "Export" } }
            form.acts method="post" action="/controls" enctype="multipart/form-data" id="import" {
                (token)
                input type="hidden" name="act" value="import";
                label { span.small.soft { "An export (without JavaScript at most 1 MB)" } input type="file" name="file" id="file" required; }
                details.confirm id="confirm-import" {
                    summary { "Import\u{2026}" }
                    p { "All that there is now is forgotten." }
                    button.danger { "Import now" }
                }
            }
            form.acts method="post" action="/controls" {
                (token)
                details.confirm id="confirm-reset" {
                    summary { "Reset\u{2026}" }
                    p { "Every entitlement, request and notification is forgotten, and the clock is the real one again." }
                    button.danger name="act" value="reset" id="reset" { "Reset now" }
                }
            }
        }
    }
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
    let on: Vec<_> = call
        .state
        .faults()
        .filter(|(_, rule)| rule.is_on(now))
        .collect();
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
    html! {
        @match &rule.customer { Some(customer) => (text(customer)), None => "everybody" }
        @if rule.share < 1.0 { ", " (format!("{:.0}", rule.share * 100.0)) " % of the requests" }
        @if let Some(until) = rule.until.and_then(wire_milliseconds) { ", until " (page::time(&until)) }
    }
}
