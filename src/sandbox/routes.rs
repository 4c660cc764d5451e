//! What the sandbox serves: the one table of it, and how a path leads into it. `docs/openapi.json` describes it. It runs nothing.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::answer::{ApiRefusal, Envelope};
use super::call::Call;
use super::contract::OPENAPI;
use super::{
    contents, control, controls_page, entitlement_pages, notification_pages, operations, page,
    registration, request_pages,
};
use crate::server::Response;

/// An operation of the API.
pub type Operation = fn(&mut Call) -> Result<Envelope, ApiRefusal>;

/// An operation of the control API; it answers with a document.
pub type Control = fn(&mut Call) -> Result<Value, ApiRefusal>;

/// What a route runs.
#[derive(Clone, Copy)]
pub enum Run {
    /// An operation that changes something, so that a request identifier is remembered; and its name, also in faults.
    Change(&'static str, Operation),
    /// An operation that only reads.
    Read(&'static str, Operation),
    /// A page or a file.
    Show(fn(&Call) -> Response),
    /// A form that is submitted; a page says why nothing was done.
    Act(fn(&mut Call) -> Result<Response, Response>),
    /// An operation on the sandbox itself, after the parameters that its query may have.
    Control(&'static [&'static str], Control),
}

/// A method, a path in which a segment in braces is an argument, and what they run.
type Route = (&'static str, &'static str, Run);

/// Where the API begins, as at Bango.
pub const BASE: &str = "/v1";

/// Where the control API is.
pub const CONTROL: &str = "/_sandbox/";

/// Every route.
#[rustfmt::skip]
const ROUTES: &[Route] = &[
    ("POST", "/v1/entitlement", Run::Change("create", operations::create)),
    ("PATCH", "/v1/entitlement", Run::Change("update", operations::update)),
    ("POST", "/v1/entitlement/report", Run::Read("report", operations::report)),
    ("GET", "/v1/entitlement/{entitlementId}", Run::Read("get", operations::get)),
    ("GET", "/v1/entitlement/{entitlementId}/activationInfo", Run::Read("activationInfo", operations::activation_info)),
    ("POST", "/v1/entitlement/cancel/{entitlementId}", Run::Change("cancel", operations::cancel)),
    ("POST", "/v1/entitlement/revoke/{entitlementId}", Run::Change("revoke", operations::revoke)),
    ("POST", "/v1/entitlement/reactivate/{entitlementId}", Run::Change("reactivate", operations::reactivate)),
    ("GET", "/v1/echo/{echoRequestId}", Run::Read("echo", operations::echo)),
    ("GET", "/_sandbox/requests", Run::Control(control::FILTER, control::requests)),
    ("DELETE", "/_sandbox/requests", Run::Control(&[], control::clear_requests)),
    ("GET", "/_sandbox/requests/{number}", Run::Control(&[], control::request)),
    ("GET", "/_sandbox/notifications", Run::Control(control::FILTER, control::notifications)),
    ("DELETE", "/_sandbox/notifications", Run::Control(&[], control::clear_notifications)),
    ("GET", "/_sandbox/notifications/{number}", Run::Control(&[], control::notification)),
    ("GET", "/_sandbox/clock", Run::Control(&[], control::clock)),
    ("POST", "/_sandbox/clock", Run::Control(&[], control::advance)),
    ("POST", "/_sandbox/trigger/{entitlementId}", Run::Control(&[], control::trigger)),
    ("POST", "/_sandbox/resend/{number}", Run::Control(&[], control::resend)),
    ("GET", "/_sandbox/faults", Run::Control(&[], control::faults)),
    ("POST", "/_sandbox/faults", Run::Control(&[], control::fault_on)),
    ("DELETE", "/_sandbox/faults", Run::Control(&["fault"], control::faults_off)),
    ("GET", "/_sandbox/products", Run::Control(&[], control::products)),
    ("POST", "/_sandbox/seed", Run::Control(&[], contents::seed)),
    ("GET", "/_sandbox/state", Run::Control(&[], contents::export)),
    ("POST", "/_sandbox/state", Run::Control(&[], contents::import)),
    ("DELETE", "/_sandbox/state", Run::Control(&[], contents::reset)),
    ("GET", "/", Run::Show(entitlement_pages::list)),
    ("GET", "/entitlements/{number}", Run::Show(entitlement_pages::show)),
    ("GET", "/requests", Run::Show(request_pages::list)),
    ("GET", "/requests/{number}", Run::Show(request_pages::show)),
    ("GET", "/notifications", Run::Show(notification_pages::list)),
    ("GET", "/notifications/{number}", Run::Show(notification_pages::show)),
    ("GET", "/controls", Run::Show(controls_page::show)),
    ("POST", "/controls", Run::Act(controls_page::act)),
    ("POST", "/notifications/{number}", Run::Act(notification_pages::send_again)),
    ("GET", "/register/{token}", Run::Show(registration::show)),
    ("POST", "/register/{token}", Run::Act(registration::complete)),
    ("POST", "/merchant/{entitlementId}", Run::Act(entitlement_pages::act)),
    ("GET", "/openapi.json", Run::Show(|_| page::file("application/json", &OPENAPI))),
    ("GET", "/style.css", Run::Show(|_| page::file("text/css; charset=utf-8", include_str!("style.css")))),
    ("GET", "/dashboard.js", Run::Show(|_| page::file("text/javascript; charset=utf-8", include_str!("dashboard.js")))),
    ("GET", "/icon.svg", Run::Show(|_| page::file("image/svg+xml", include_str!("icon.svg")))),
];

/// What a method and a path lead to.
pub enum Match {
    /// What is run, and the argument in the path, decoded.
    Run(Run, String),
    /// The path exists with these methods only.
    Methods(String),
    Nothing,
}

/// Finds the route of a request.
pub fn find(method: &str, path: &str) -> Match {
    let method = if method == "HEAD" { "GET" } else { method };
    let segments = path.split('/');
    let decoded = segments.map(|segment| percent_decode_str(segment).decode_utf8());
    let Ok(segments) = decoded.collect::<Result<Vec<_>, _>>() else {
        return Match::Nothing;
    };
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    let fit = |route: &'static Route| Some((route, argument(route.1, &segments)?));
    let mut fitting: Vec<_> = ROUTES.iter().filter_map(fit).collect();
    // No entitlement is called like a path that stands in the table.
    if fitting.iter().any(|(_, argument)| argument.is_empty()) {
        fitting.retain(|(_, argument)| argument.is_empty());
    }
    let methods: Vec<&str> = fitting.iter().map(|(route, _)| route.0).collect();
    match fitting.iter().find(|(route, _)| route.0 == method) {
        Some(((.., run), argument)) => Match::Run(*run, (*argument).to_owned()),
        None if methods.is_empty() => Match::Nothing,
        None => Match::Methods(methods.join(", ")),
    }
}

/// The argument that makes a route's path of these segments, or an empty text if it has none.
fn argument<'s>(path: &str, segments: &[&'s str]) -> Option<&'s str> {
    let (mut pattern, mut given) = (path.split('/'), segments.iter());
    let mut argument = "";
    loop {
        match (pattern.next(), given.next()) {
            (None, None) => return Some(argument),
            (Some(wanted), Some(given)) if wanted.starts_with('{') && !given.is_empty() => {
                argument = given;
            }
            (Some(wanted), Some(given)) if wanted == *given => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    fn found(method: &str, path: &str) -> String {
        match find(method, path) {
            Match::Run(Run::Change(name, _) | Run::Read(name, _), argument) => {
                format!("{name} {argument}")
            }
            Match::Run(..) => "a page".to_owned(),
            Match::Methods(methods) => format!("only {methods}"),
            Match::Nothing => "nothing".to_owned(),
        }
    }

    #[test]
    fn paths_lead_to_their_routes() {
        for (method, path, wanted) in [
            ("GET", "/v1/entitlement/a%2Fb%20c", "get a/b c"),
            ("POST", "/v1/entitlement/cancel/x", "cancel x"),
            ("HEAD", "/", "a page"),
            ("DELETE", "/v1/entitlement", "only POST, PATCH"),
            ("GET", "/v1/entitlement/report", "only POST"),
            ("GET", "/v1/entitlement/", "nothing"),
            ("GET", "/v1/entitlement/%ff", "nothing"),
            ("GET", "/v1//entitlement", "nothing"),
        ] {
            assert_eq!(found(method, path), wanted, "{method} {path}");
        }
    }

    #[test]
    fn the_description_has_exactly_the_routes_of_the_table() {
        let document: Value = serde_json::from_str(&OPENAPI).unwrap();
        assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
        let mut described = BTreeSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                described.insert((method.to_uppercase(), path.as_str()));
                let name = operation["operationId"].as_str().unwrap();
                let path = path
                    .replace("{entitlementId}", "x")
                    .replace("{echoRequestId}", "x");
                if path.starts_with(BASE) {
                    let found = found(&method.to_uppercase(), &path);
                    assert_eq!(found.trim_end_matches(" x").trim_end(), name);
                }
            }
        }
        let served = ROUTES
            .iter()
            .map(|(method, path, _)| ((*method).to_owned(), *path));
        assert_eq!(described, served.collect());
    }
}
