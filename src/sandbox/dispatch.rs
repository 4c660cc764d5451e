//! One request from its arrival to its response: admission, faults, request identifiers, the operation. It writes nothing down.

use std::time::Instant;

use base64::prelude::{BASE64_STANDARD_NO_PAD, Engine as _};
use ring::digest::{Context, SHA256};
use serde_json::Value;
use serde_json::value::to_raw_value;

use super::answer::{ApiRefusal, Envelope, ResponseCode};
use super::call::{Call, Memory};
use super::entity::{Entity, KeptAnswer};
use super::faults::{self, Fault};
use super::page;
use super::record::wire_time;
use super::requests::LoggedRequest;
use super::routes::{self, Match, Operation, Run};
use super::settings::Config;
use super::state::State;
use crate::server::{Request, Response};

/// How many counted faults are remembered before the counting starts anew.
const COUNTED: usize = 10_000;

/// The longest `X-RequestIdentifier`, in bytes.
const IDENTIFIER_LIMIT: usize = 256;

/// Says whether a path is one of the API.
pub fn is_api(path: &str) -> bool {
    path == routes::BASE || path.starts_with("/v1/")
}

/// Answers one request and describes it for the log; pages and their files are not described unless they act.
pub fn dispatch(
    request: &Request,
    state: &mut State,
    config: &Config,
    memory: &mut Memory,
) -> (Response, Option<LoggedRequest>) {
    let host = request.header("host");
    let own = host.is_some_and(|host| config.is_own_host(host));
    // From outside, the API has its credentials; the pages have nothing but this.
    if !own && (!is_api(&request.path) || config.address.ip().is_loopback()) {
        return (page::foreign_host(), None);
    }
    let found = routes::find(&request.method, &request.path);
    let mut call = Call {
        request,
        body: None,
        argument: match &found {
            Match::Run(_, argument) => argument,
            _ => "",
        },
        now: state.now(),
        state,
        config,
        memory,
        forced: None,
    };
    if is_api(&request.path) {
        let mut line = LoggedRequest::new(request, wire_time(call.now));
        call.body = serde_json::from_slice(&request.body).ok();
        describe(&mut line, &call, &found);
        let (envelope, response) = answer(&mut call, &found, &line.customer_identifier);
        line.answered(&response, Some(&envelope));
        return (response, Some(line));
    }
    if request.path.starts_with(routes::CONTROL) {
        return control(&mut call, &found);
    }
    let response = match found {
        Match::Run(Run::Show(show), _) => show(&call),
        Match::Run(Run::Act(act), _) => {
            let response = call.attempt(act).unwrap_or_else(|refused| refused);
            return acted(&call, response);
        }
        Match::Methods(methods) => page::wrong_method(&methods),
        Match::Run(..) | Match::Nothing => page::not_found(),
    };
    (response, None)
}

/// Describes for the log what was done besides the API.
fn acted(call: &Call, response: Response) -> (Response, Option<LoggedRequest>) {
    let mut line = LoggedRequest::new(call.request, wire_time(call.now));
    line.answered(&response, None);
    (response, Some(line))
}

/// Refuses a parameter that has no meaning: a list that it does not narrow would look like one that it does.
fn check_parameters(call: &Call, known: &[&str]) -> Result<(), ApiRefusal> {
    let query = call.request.query.as_deref().unwrap_or("");
    let mut given = url::form_urlencoded::parse(query.as_bytes());
    match given.find(|(name, _)| !known.contains(&name.as_ref())) {
        Some((name, _)) => Err(ApiRefusal::invalid(&name)),
        None => Ok(()),
    }
}

/// Answers a request to the control API; what it changes is told in the log.
fn control(call: &mut Call, found: &Match) -> (Response, Option<LoggedRequest>) {
    let done = check_origin(call)
        .and_then(|()| check_credentials(call))
        .and_then(|()| match found {
            Match::Run(Run::Control(parameters, operation), _) => {
                check_parameters(call, parameters)?;
                call.attempt(operation)
            }
            Match::Methods(_) => Err(wrong_method()),
            _ => Err(no_resource()),
        });
    let response = match (done, found) {
        (Ok(document), _) => page::json(&document),
        (Err(refusal), Match::Methods(methods)) if refusal.code == ResponseCode::BadRequest => {
            page::api_wrong_method(&refusal, methods).1
        }
        (Err(refusal), _) => page::api(&refusal.envelope()),
    };
    if call.request.method == "GET" {
        return (response, None);
    }
    acted(call, response)
}

/// Returns the answer of an API call as Bango would give it, and the response that is really sent.
fn answer(call: &mut Call, found: &Match, customer: &str) -> (Envelope, Response) {
    let (name, operation, changes) = match admit(call, found) {
        Ok(admitted) => admitted,
        Err(refusal) => {
            if let (Match::Methods(methods), ResponseCode::BadRequest) = (found, refusal.code) {
                return page::api_wrong_method(&refusal, methods);
            }
            return plain(refusal.envelope());
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
        Some(identifier) if identifier.len() > IDENTIFIER_LIMIT => {
            Err(ApiRefusal::invalid("X-RequestIdentifier"))
        }
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
    check_credentials(call)?;
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
        Match::Methods(_) => Err(wrong_method()),
        _ => Err(no_resource()),
    }
}

fn wrong_method() -> ApiRefusal {
    ApiRefusal::new(ResponseCode::BadRequest, "the method is not allowed here")
}

fn no_resource() -> ApiRefusal {
    ApiRefusal::new(ResponseCode::NotFound, "no such resource")
}

/// Refuses what a page from elsewhere lets a browser send.
fn check_origin(call: &Call) -> Result<(), ApiRefusal> {
    if page::is_from_here(call) {
        return Ok(());
    }
    let message = "a page from elsewhere has no access";
    Err(ApiRefusal::new(ResponseCode::Unauthorized, message))
}

fn check_credentials(call: &Call) -> Result<(), ApiRefusal> {
    if call.config.admits(call.request) {
        return Ok(());
    }
    let message = "the credentials or the IP address are not accepted";
    Err(ApiRefusal::new(ResponseCode::Unauthorized, message))
}

/// Counts a request, and says whether there are more than the limit in this second.
fn is_over((started, count): &mut (Instant, u32), limit: u32) -> bool {
    if started.elapsed().as_secs() >= 1 {
        (*started, *count) = (Instant::now(), 0);
    }
    *count += 1;
    *count > limit
}

/// Notes which operation a call asks for and whom it is about: by its body, by the entitlement, or by the id that is echoed.
fn describe(line: &mut LoggedRequest, call: &Call, found: &Match) {
    let Match::Run(Run::Change(name, _) | Run::Read(name, _), argument) = found else {
        return;
    };
    line.operation = Some((*name).to_owned());
    let member = |name: &str| Some(call.body.as_ref()?.get(name)?.as_str()?.to_owned());
    let customer = match *name {
        "echo" => Some(argument.clone()),
        "create" | "report" => member("customerIdentifier"),
        _ => {
            let id = match *name {
                "update" => member("entitlementId"),
                _ => Some(argument.clone()),
            };
            line.entitlement_id = id.unwrap_or_default();
            let record = call.state.entitlement(&line.entitlement_id);
            record.map(|record| record.customer().to_owned())
        }
    };
    line.customer_identifier = customer.unwrap_or_default();
}

/// Returns what goes wrong this time: what the customer asks for, else what is switched on. Tries of one intent count together: by request identifier, else by customer.
fn fault(call: &mut Call, operation: &str, customer: &str) -> Option<Fault> {
    let Some((fault, times)) = faults::wanted(customer, operation) else {
        let now = call.now.as_millisecond();
        let mut rules = call.state.faults();
        return rules.find_map(|(_, rule)| rule.strikes(customer, operation, now));
    };
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
