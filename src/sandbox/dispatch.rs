//! One request from its arrival to its response: admission, faults, request identifiers, the operation. It writes nothing down.

use std::collections::HashMap;
use std::time::Instant;

use base64::prelude::{BASE64_STANDARD_NO_PAD, Engine as _};
use jiff::Timestamp;
use ring::digest::{Context, SHA256};
use serde_json::Value;
use serde_json::value::to_raw_value;

use super::answer::{Answer, Code, Refusal};
use super::call::Call;
use super::faults::{self, Effect, Wanted};
use super::recent::{Recent, RequestLine};
use super::routes::{self, Found, Operation, Route, Run};
use super::settings::Settings;
use super::state::{Answered, State, Thing};
use super::{fault_bodies, page};
use crate::server::{Request, Response};

/// How many counted faults are remembered before the counting starts anew.
const COUNTED: usize = 10_000;

/// The longest `X-RequestIdentifier`, in bytes.
const IDENTIFIER_LIMIT: usize = 256;

/// What dispatch remembers between requests, for the life of the process.
#[derive(Default)]
pub struct Memory {
    faults: HashMap<String, u32>,
    second: Option<(Instant, u32)>,
}

/// Says whether a request is one to the API and none to a page.
pub fn is_api(request: &Request) -> bool {
    request.path == routes::BASE || request.path.starts_with("/v1/")
}

/// Answers one request and describes it for the log; pages and their files are not described unless they act.
pub fn dispatch(
    request: &Request,
    state: &mut State,
    settings: &Settings,
    recent: &Recent,
    memory: &mut Memory,
) -> (Response, Option<RequestLine>) {
    let own = request
        .header("host")
        .is_some_and(|host| settings.is_own_host(host));
    // From outside, the API has its credentials; the pages have nothing but this.
    if !own && (!is_api(request) || settings.address.ip().is_loopback()) {
        return (page::foreign_host(), None);
    }
    let found = routes::find(&request.method, &request.path);
    let mut call = Call {
        request,
        argument: "",
        state,
        settings,
        now: Timestamp::now(),
        recent,
        forced: None,
    };
    if let Found::Route(_, argument) = &found {
        call.argument = argument;
    }
    if is_api(request) {
        return Exchange { call, memory }.answer(&found);
    }
    match found {
        Found::Route(route, _) => match route.run {
            Run::Show(show) => (show(&call), None),
            Run::Act(act) => {
                let mark = call.state.mark();
                let response = act(&mut call).unwrap_or_else(|refusal| {
                    call.state.undo_to(mark);
                    page::refused(&refusal)
                });
                let line = RequestLine::new(request, &response);
                (response, Some(line))
            }
            Run::File(content_type, text) => (page::file(content_type, text), None),
            Run::Change(_) | Run::Read(_) => (page::not_found(), None),
        },
        Found::Methods(methods) => (page::wrong_method(&methods), None),
        Found::Nothing => (page::not_found(), None),
    }
}

/// An API call with what is remembered about others.
struct Exchange<'m, 'c> {
    call: Call<'c>,
    memory: &'m mut Memory,
}

impl Exchange<'_, '_> {
    fn answer(&mut self, found: &Found) -> (Response, Option<RequestLine>) {
        let customer = self.customer(found).unwrap_or_default();
        let (answer, response) = self.run(found, &customer);
        let mut line = RequestLine::new(self.call.request, &response);
        line.customer = customer;
        line.describe(&answer);
        (response, Some(line))
    }

    /// Returns the answer as Bango would give it, and the response that is really sent.
    fn run(&mut self, found: &Found, customer: &str) -> (Answer, Response) {
        let (route, operation, changes) = match self.admit(found) {
            Ok(admitted) => admitted,
            Err(refusal) => return plain(refusal.answer(), found),
        };
        let effect = self.effect(customer, route);
        match effect {
            Some(Effect::Refuse(code)) => return plain(faults::refusal(code), found),
            Some(Effect::Instead(response)) => {
                return (Answer::new(Code::Ok, "", Value::Null), response());
            }
            Some(Effect::Start(start)) => self.call.forced = Some(start),
            _ => {}
        }
        let identifier = self.call.request.header("x-requestidentifier");
        let mark = self.call.state.mark();
        let done = match identifier.filter(|identifier| changes && !identifier.is_empty()) {
            Some(identifier) if identifier.len() > IDENTIFIER_LIMIT => {
                Err(Refusal::invalid("X-RequestIdentifier"))
            }
            Some(identifier) => self.once(identifier, operation),
            None => operation(&mut self.call),
        };
        let mut answer = done.unwrap_or_else(|refusal| {
            self.call.state.undo_to(mark);
            refusal.answer()
        });
        match effect.filter(|_| answer.http < 300) {
            Some(Effect::SendTo(url)) => fault_bodies::send_to(&mut answer, url),
            Some(Effect::Alter(alter)) => alter(&mut answer),
            Some(Effect::Replace(replace)) => {
                let response = replace(answer.bytes());
                return (answer, response);
            }
            _ => {}
        }
        plain(answer, found)
    }

    /// Checks everything that does not depend on the operation, and finds it.
    fn admit(&mut self, found: &Found) -> Result<(&'static Route, Operation, bool), Refusal> {
        let refuse = |code, message: &str| Err(Refusal::new(code, message));
        let settings = self.call.settings;
        if !settings.admits(self.call.request) {
            let message = "the credentials or the IP address are not accepted";
            return refuse(Code::Unauthorized, message);
        }
        let limit = settings.options.rate_limit;
        if limit.is_some_and(|limit| self.exceeds(limit)) {
            return refuse(Code::TooManyRequests, "the request limit is reached");
        }
        match found {
            Found::Route(route, _) => match route.run {
                Run::Change(operation) => Ok((route, operation, true)),
                Run::Read(operation) => Ok((route, operation, false)),
                Run::Show(_) | Run::Act(_) | Run::File(..) => {
                    refuse(Code::NotFound, "no such resource")
                }
            },
            Found::Methods(_) => refuse(Code::BadRequest, "the method is not allowed here"),
            Found::Nothing => refuse(Code::NotFound, "no such resource"),
        }
    }

    fn exceeds(&mut self, limit: u32) -> bool {
        let (started, count) = match self.memory.second {
            Some((started, count)) if started.elapsed().as_secs() < 1 => (started, count + 1),
            _ => (Instant::now(), 1),
        };
        self.memory.second = Some((started, count));
        count > limit
    }

    /// Finds out whom a call is about: by its body, by the entitlement, or by the id that is echoed.
    fn customer(&self, found: &Found) -> Option<String> {
        let Found::Route(route, argument) = found else {
            return None;
        };
        if route.name == "echo" {
            return Some(argument.clone());
        }
        let member = |name: &str| {
            let body: Value = serde_json::from_slice(&self.call.request.body).ok()?;
            Some(body.get(name)?.as_str()?.to_owned())
        };
        if matches!(route.name, "create" | "report") {
            return member("customerIdentifier");
        }
        let id = match argument.as_str() {
            "" => member("entitlementId")?,
            argument => argument.to_owned(),
        };
        let record = self.call.state.entitlement(&id)?;
        Some(record.customer().to_owned())
    }

    /// Returns what goes wrong this time. Tries of one intent count together: by request identifier, else by customer.
    fn effect(&mut self, customer: &str, route: &Route) -> Option<Effect> {
        let Wanted { effect, times } = faults::wanted(customer, route.name)?;
        let Some(times) = times else {
            return Some(effect);
        };
        if self.memory.faults.len() >= COUNTED {
            self.memory.faults.clear();
        }
        let identifier = self.call.request.header("x-requestidentifier");
        let (name, intent) = (route.name, identifier.unwrap_or_default());
        let key = format!("{name}\n{customer}\n{intent}");
        let count = self.memory.faults.entry(key).or_insert(0);
        *count += 1;
        (*count <= times).then_some(effect)
    }

    /// Acts at most once for a request identifier. Only what has acted is remembered: a refusal changed nothing.
    fn once(&mut self, identifier: &str, operation: Operation) -> Result<Answer, Refusal> {
        let digest = digest(self.call.request);
        if let Some(known) = self.call.state.answer(identifier) {
            if known.digest != digest {
                let message =
                    "parameter 'X-RequestIdentifier' is invalid: it was used for another request";
                return Err(Refusal::new(Code::BadRequest, message));
            }
            return Ok(Answer {
                http: known.status,
                body: serde_json::from_str(known.body.get()).unwrap_or_default(),
            });
        }
        let answer = operation(&mut self.call)?;
        if let Ok(body) = to_raw_value(&answer.body) {
            let status = answer.http;
            let answered = Answered {
                identifier: identifier.to_owned(),
                digest,
                status,
                body,
            };
            self.call.state.add(Thing::Answer(answered));
        }
        Ok(answer)
    }
}

/// A digest of what a request asks for.
fn digest(request: &Request) -> String {
    let mut context = Context::new(&SHA256);
    context.update(format!("{} {}\n", request.method, request.path).as_bytes());
    context.update(&request.body);
    BASE64_STANDARD_NO_PAD.encode(context.finish())
}

/// Sends an answer as it is.
fn plain(answer: Answer, found: &Found) -> (Answer, Response) {
    let mut response = page::api(&answer);
    match found {
        Found::Methods(methods) if answer.http == 400 => {
            response.status = 405;
            response = response.with("allow", &methods.join(", "));
        }
        _ if answer.http == 401 => {
            let challenge = "Basic realm=\"Bango Resale API (sandbox)\"";
            response = response.with("www-authenticate", challenge);
        }
        _ if answer.http == 429 => response = response.with("retry-after", "1"),
        _ => {}
    }
    (answer, response)
}
