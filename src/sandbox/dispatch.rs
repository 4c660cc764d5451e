//! One request from its arrival to its response: admission, faults, request identifiers, the operation. It commits nothing.

use std::collections::HashMap;
use std::time::Instant;

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::answer::{Answer, Code, Stop};
use super::call::Call;
use super::faults::{self, Effect, Wish};
use super::log::{Recent, RequestLine};
use super::page;
use super::router::{self, Found};
use super::routes::{self, Operation, Route, Run};
use super::settings::Settings;
use super::spoilt;
use super::tables::{Answered, Tables};
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

/// Answers one request and describes it for the log; pages and their files are not described unless they act.
pub fn dispatch(
    request: &Request,
    tables: &mut Tables,
    settings: &Settings,
    recent: &Recent,
    memory: &mut Memory,
) -> (Response, Option<RequestLine>) {
    let (response, line) = route(request, tables, settings, recent, memory);
    (page::signed(response), line)
}

fn route(
    request: &Request,
    tables: &mut Tables,
    settings: &Settings,
    recent: &Recent,
    memory: &mut Memory,
) -> (Response, Option<RequestLine>) {
    let api = request.path == routes::BASE || request.path.starts_with("/v1/");
    let own = request
        .header("host")
        .is_some_and(|host| settings.is_own_host(host));
    // From outside, the API has its credentials; the pages have nothing but this.
    if !own && (!api || settings.address.ip().is_loopback()) {
        return (page::foreign_host(), None);
    }
    let found = router::find(&request.method, &request.path);
    let mut call = Call {
        request,
        argument: "",
        tables,
        settings,
        now: Timestamp::now(),
        recent,
        forced: None,
    };
    match found {
        Found::Route(
            Route {
                run: Run::Page(run),
                ..
            },
            argument,
        ) => {
            call.argument = &argument;
            let response = run(&mut call).unwrap_or_else(|stop| page::stopped(&stop));
            let line = (request.method == "POST").then(|| RequestLine::new(request, &response));
            (response, line)
        }
        Found::Route(
            Route {
                run: Run::File(content_type, text),
                ..
            },
            _,
        ) => (page::file(content_type, text), None),
        found if api => {
            if let Found::Route(_, argument) = &found {
                call.argument = argument;
            }
            let mut exchange = Exchange { call, memory };
            let (answer, response) = exchange.run(&found);
            let mut line = RequestLine::new(request, &response);
            line.describe(&answer);
            if line.customer.is_empty() {
                line.customer = exchange.customer(&found).unwrap_or_default();
            }
            (response, Some(line))
        }
        Found::Methods(methods) => (page::wrong_method(&methods), None),
        _ => (page::not_found(), None),
    }
}

/// An API call with what is remembered about others.
struct Exchange<'m, 'c, 't> {
    call: Call<'c, 't>,
    memory: &'m mut Memory,
}

impl Exchange<'_, '_, '_> {
    /// Returns the answer as Bango would give it, and the response that is really sent.
    fn run(&mut self, found: &Found) -> (Answer, Response) {
        let (route, operation, changes) = match self.admit(found) {
            Ok(admitted) => admitted,
            Err(stop) => return plain(stop.answer(), found),
        };
        let customer = self.customer(found).unwrap_or_default();
        let effect = self.effect(&customer, route);
        match effect {
            Some(Effect::Refuse(code)) => return plain(faults::refusal(code), found),
            Some(Effect::Instead(response)) => {
                return (Answer::new(Code::Ok, "", Value::Null), response());
            }
            Some(Effect::Start(start)) => self.call.forced = Some(start),
            _ => {}
        }
        let identifier = self.call.request.header("x-requestidentifier");
        let done = match identifier.filter(|identifier| changes && !identifier.is_empty()) {
            Some(identifier) if identifier.len() > IDENTIFIER_LIMIT => {
                Err(Stop::invalid("X-RequestIdentifier"))
            }
            Some(identifier) => self.once(identifier, operation),
            None => operation(&mut self.call),
        };
        let mut answer = done.unwrap_or_else(|stop| stop.answer());
        match effect {
            Some(Effect::SendTo(url)) if answer.http < 300 => {
                spoilt::send_to(&mut answer, url);
                plain(answer, found)
            }
            Some(Effect::Alter(alter)) if answer.http < 300 => {
                alter(&mut answer);
                plain(answer, found)
            }
            Some(Effect::Spoil(spoil)) if answer.http < 300 => {
                let bytes = serde_json::to_vec(&answer.body).unwrap_or_default();
                (answer, spoil(bytes))
            }
            _ => plain(answer, found),
        }
    }

    /// Checks everything that does not depend on the operation, and finds it.
    fn admit(&mut self, found: &Found) -> Result<(&'static Route, Operation, bool), Stop> {
        let refuse = |code, message: &str| Err(Stop::Refused(code, message.to_owned()));
        let settings = self.call.settings;
        if self.call.request.header("authorization") != Some(&settings.authorization) {
            return refuse(
                Code::Unauthorized,
                "the credentials or the IP address are not accepted",
            );
        }
        if settings.rate_limit.is_some_and(|limit| self.exceeds(limit)) {
            return refuse(Code::TooManyRequests, "the request limit is reached");
        }
        match found {
            Found::Route(route, _) => match route.run {
                Run::Change(operation) => Ok((route, operation, true)),
                Run::Read(operation) => Ok((route, operation, false)),
                Run::Page(_) | Run::File(..) => refuse(Code::NotFound, "no such resource"),
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
        let body: Option<Value> = serde_json::from_slice(&self.call.request.body).ok();
        let member = |name: &str| Some(body.as_ref()?.get(name)?.as_str()?.to_owned());
        if matches!(route.name, "create" | "report") {
            return member("customerIdentifier");
        }
        let id = if argument.is_empty() {
            member("entitlementId")?
        } else {
            argument.clone()
        };
        let record = self.call.tables.entitlement(&id).ok()??;
        Some(record.customer().to_owned())
    }

    /// Returns what goes wrong this time. Tries of one intent count together: by request identifier, else by customer.
    fn effect(&mut self, customer: &str, route: &Route) -> Option<Effect> {
        let Wish { effect, times } = faults::wish(customer, route.name)?;
        let Some(times) = times else {
            return Some(effect);
        };
        if self.memory.faults.len() >= COUNTED {
            self.memory.faults.clear();
        }
        let intent = self
            .call
            .request
            .header("x-requestidentifier")
            .unwrap_or("");
        let key = format!("{}\n{customer}\n{intent}", route.name);
        let count = self.memory.faults.entry(key).or_insert(0);
        *count += 1;
        (*count <= times).then_some(effect)
    }

    /// Acts at most once for a request identifier. Only what has acted is remembered: a refusal changed nothing.
    fn once(&mut self, identifier: &str, operation: Operation) -> Result<Answer, Stop> {
        let digest = digest(self.call.request);
        if let Some(known) = self.call.tables.answered(identifier)? {
            if known.digest != digest {
                let message =
                    "parameter 'X-RequestIdentifier' is invalid: it was used for another request";
                return Err(Stop::Refused(Code::BadRequest, message.to_owned()));
            }
            return Ok(Answer {
                http: known.status,
                body: known.body,
            });
        }
        let answer = operation(&mut self.call)?;
        let answered = Answered {
            digest,
            status: answer.http,
            body: answer.body.clone(),
        };
        self.call.tables.keep_answer(identifier, &answered)?;
        Ok(answer)
    }
}

fn digest(request: &Request) -> String {
    let head = Uuid::new_v5(
        &Uuid::NAMESPACE_URL,
        format!("{} {}", request.method, request.path).as_bytes(),
    );
    Uuid::new_v5(&head, &request.body).simple().to_string()
}

/// Sends an answer as it is.
fn plain(answer: Answer, found: &Found) -> (Answer, Response) {
    let bytes = serde_json::to_vec(&answer.body).unwrap_or_default();
    let mut response = Response::new(answer.http, "application/json", bytes);
    match answer.http {
        401 => {
            let challenge = "Basic realm=\"Bango Resale API (sandbox)\"".to_owned();
            response.headers.push(("www-authenticate", challenge));
        }
        429 => response.headers.push(("retry-after", "1".to_owned())),
        _ => {}
    }
    if let Found::Methods(methods) = found
        && answer.http == 400
    {
        response.status = 405;
        response.headers.push(("allow", methods.join(", ")));
    }
    (answer, response)
}
