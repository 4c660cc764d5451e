//! One request from its arrival to its response: admission, faults, request identifiers, the operation. It writes nothing down.

use std::time::Instant;

use base64::prelude::{BASE64_STANDARD_NO_PAD, Engine as _};
use jiff::Timestamp;
use ring::digest::{Context, SHA256};
use serde_json::Value;
use serde_json::value::to_raw_value;

use super::answer::{ApiRefusal, Envelope, ResponseCode};
use super::call::{Call, Memory};
use super::faults::{self, Fault};
use super::page;
use super::routes::{self, Match, Operation, Run};
use super::settings::{Config, RequestLine};
use super::state::{Entity, KeptAnswer, State};
use crate::server::{Request, Response};

/// How many counted faults are remembered before the counting starts anew.
const COUNTED: usize = 10_000;

/// The longest `X-RequestIdentifier`, in bytes.
const IDENTIFIER_LIMIT: usize = 256;

/// Says whether a request is one to the API and none to a page.
pub fn is_api(request: &Request) -> bool {
    request.path == routes::BASE || request.path.starts_with("/v1/")
}

/// Answers one request and describes it for the log; pages and their files are not described unless they act.
pub fn dispatch(
    request: &Request,
    state: &mut State,
    config: &Config,
    memory: &mut Memory,
) -> (Response, Option<RequestLine>) {
    let host = request.header("host");
    let own = host.is_some_and(|host| config.is_own_host(host));
    // From outside, the API has its credentials; the pages have nothing but this.
    if !own && (!is_api(request) || config.address.ip().is_loopback()) {
        return (page::foreign_host(), None);
    }
    let found = routes::find(&request.method, &request.path);
    let mut call = Call {
        request,
        argument: match &found {
            Match::Run(_, argument) => argument,
            _ => "",
        },
        state,
        config,
        memory,
        now: Timestamp::now(),
        forced: None,
    };
    if is_api(request) {
        let customer = customer(&call, &found).unwrap_or_default();
        let (envelope, response) = answer(&mut call, &found, &customer);
        let mut line = RequestLine::new(request, &response);
        line.customer = customer;
        line.describe(&envelope);
        return (response, Some(line));
    }
    let response = match found {
        Match::Run(Run::Show(show), _) => show(&call),
        Match::Run(Run::Act(act), _) => {
            let done = call.attempt(act);
            let response = done.unwrap_or_else(|refusal| page::refused(&refusal));
            let line = RequestLine::new(request, &response);
            return (response, Some(line));
        }
        Match::Methods(methods) => page::wrong_method(&methods),
        Match::Run(..) | Match::Nothing => page::not_found(),
    };
    (response, None)
}

/// Returns the answer of an API call as Bango would give it, and the response that is really sent.
fn answer(call: &mut Call, found: &Match, customer: &str) -> (Envelope, Response) {
    let (name, operation, changes) = match admit(call, found) {
        Ok(admitted) => admitted,
        Err(refusal) => {
            let mut envelope = refusal.envelope();
            if let (Match::Methods(methods), 400) = (found, envelope.http_status) {
                envelope.http_status = 405;
                let response = page::api(&envelope).with("allow", methods);
                return (envelope, response);
            }
            return plain(envelope);
        }
    };
    let fault = fault(call, name, customer);
    match fault {
        Some(Fault::Refuse(code)) => return plain(faults::refusal(code)),
        Some(Fault::Instead(response)) => {
            let nothing = Envelope::new(ResponseCode::Ok, "", Value::Null);
            return (nothing, response());
        }
        Some(Fault::Start(start)) => call.forced = Some(start),
        _ => {}
    }
    let done = call.attempt(|call| match call.request.header("x-requestidentifier") {
        Some(identifier) if changes && !identifier.is_empty() => once(call, identifier, operation),
        _ => operation(call),
    });
    let mut envelope = done.unwrap_or_else(|refusal| refusal.envelope());
    match fault.filter(|_| envelope.http_status < 300) {
        Some(Fault::Alter(alter)) => alter(&mut envelope),
        Some(Fault::Replace(replace)) => {
            let response = replace(&envelope.bytes());
            return (envelope, response);
        }
        _ => {}
    }
    plain(envelope)
}

/// Sends an answer as it is.
fn plain(envelope: Envelope) -> (Envelope, Response) {
    let response = page::api(&envelope);
    (envelope, response)
}

/// Checks everything that does not depend on the operation, and finds it with its name and whether it changes something.
fn admit(call: &mut Call, found: &Match) -> Result<(&'static str, Operation, bool), ApiRefusal> {
    let refuse = |code, message: &str| Err(ApiRefusal::new(code, message));
    if !call.config.admits(call.request) {
        let message = "the credentials or the IP address are not accepted";
        return refuse(ResponseCode::Unauthorized, message);
    }
    let limit = call.config.options.rate_limit;
    if limit.is_some_and(|limit| is_over(&mut call.memory.second, limit)) {
        return refuse(
            ResponseCode::TooManyRequests,
            "the request limit is reached",
        );
    }
    match found {
        Match::Run(Run::Change(name, operation), _) => Ok((name, *operation, true)),
        Match::Run(Run::Read(name, operation), _) => Ok((name, *operation, false)),
        Match::Methods(_) => refuse(ResponseCode::BadRequest, "the method is not allowed here"),
        _ => refuse(ResponseCode::NotFound, "no such resource"),
    }
}

/// Counts a request, and says whether there are more than the limit in this second.
fn is_over((started, count): &mut (Instant, u32), limit: u32) -> bool {
    if started.elapsed().as_secs() >= 1 {
        (*started, *count) = (Instant::now(), 0);
    }
    *count += 1;
    *count > limit
}

/// Finds out whom a call is about: by its body, by the entitlement, or by the id that is echoed.
fn customer(call: &Call, found: &Match) -> Option<String> {
    let Match::Run(Run::Change(name, _) | Run::Read(name, _), argument) = found else {
        return None;
    };
    let member = |name: &str| {
        let body: Value = serde_json::from_slice(&call.request.body).ok()?;
        Some(body.get(name)?.as_str()?.to_owned())
    };
    let id = match *name {
        "echo" => return Some(argument.clone()),
        "create" | "report" => return member("customerIdentifier"),
        "update" => member("entitlementId")?,
        _ => argument.clone(),
    };
    let record = call.state.entitlement(&id)?;
    Some(record.customer().to_owned())
}

/// Returns what goes wrong this time. Tries of one intent count together: by request identifier, else by customer.
fn fault(call: &mut Call, operation: &str, customer: &str) -> Option<Fault> {
    let (fault, times) = faults::wanted(customer, operation)?;
    let Some(times) = times else {
        return Some(fault);
    };
    let counts = &mut call.memory.faults;
    if counts.len() >= COUNTED {
        counts.clear();
    }
    let intent = call.request.header("x-requestidentifier");
    let key = format!("{operation}\n{customer}\n{}", intent.unwrap_or_default());
    let count = counts.entry(key).or_insert(0);
    *count += 1;
    (*count <= times).then_some(fault)
}

/// Acts at most once for a request identifier. Only what has acted is remembered: a refusal changed nothing.
fn once(call: &mut Call, identifier: &str, operation: Operation) -> Result<Envelope, ApiRefusal> {
    if identifier.len() > IDENTIFIER_LIMIT {
        return Err(ApiRefusal::invalid("X-RequestIdentifier"));
    }
    let digest = digest(call.request);
    if let Some(known) = call.state.answer(identifier) {
        if known.digest != digest {
            let message =
                "parameter 'X-RequestIdentifier' is invalid: it was used for another request";
            return Err(ApiRefusal::new(ResponseCode::BadRequest, message));
        }
        return Ok(Envelope {
            http_status: known.status,
            body: serde_json::from_str(known.body.get()).unwrap_or_default(),
        });
    }
    let envelope = operation(call)?;
    if let Ok(body) = to_raw_value(&envelope.body) {
        call.state.add(Entity::Answer(KeptAnswer {
            identifier: identifier.to_owned(),
            digest,
            status: envelope.http_status,
            body,
        }));
    }
    Ok(envelope)
}

/// A digest of what a request asks for.
fn digest(request: &Request) -> String {
    let mut context = Context::new(&SHA256);
    context.update(format!("{} {}\n", request.method, request.path).as_bytes());
    context.update(&request.body);
    BASE64_STANDARD_NO_PAD.encode(context.finish())
}
