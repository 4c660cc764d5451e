//! What the sandbox serves: the table that the `OpenAPI` description comes from, and how a path leads into it. It runs nothing.

use percent_encoding::percent_decode_str;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::{dashboard, openapi, operations, registration};
use crate::server::Response;

/// An operation of the API.
pub type Operation = fn(&mut Call) -> Result<Answer, Refusal>;

/// What a route runs.
#[derive(Clone, Copy)]
pub enum Run {
    /// An operation that changes something, so that a request identifier is remembered.
    Change(Operation),
    /// An operation that only reads.
    Read(Operation),
    /// A page that only shows something.
    Show(fn(&Call) -> Response),
    /// A form that is submitted.
    Act(fn(&mut Call) -> Result<Response, Refusal>),
    /// A file that pages load: its content type and itself.
    File(&'static str, &'static str),
}

/// One method on one path.
pub struct Route {
    pub method: &'static str,
    /// The path as documented; a segment in braces is an argument.
    pub path: &'static str,
    /// The operation's name, also in faults.
    pub name: &'static str,
    pub summary: &'static str,
    /// The name of the schema of its body, if it has one.
    pub body: Option<&'static str>,
    /// The statuses that it can answer, besides those of every operation.
    pub statuses: &'static [u16],
    pub run: Run,
}

/// Where the API begins, as at Bango.
pub const BASE: &str = "/v1";

/// Every route.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    route("POST", "/v1/entitlement", "create", "Create an entitlement", Some("Create"), &[200, 202, 409], Run::Change(operations::create)),
    route("PATCH", "/v1/entitlement", "update", "Update, suspend or resume an entitlement (path inferred)", Some("Update"), &[200, 202, 404, 409], Run::Change(operations::update)),
    route("POST", "/v1/entitlement/report", "report", "Read the entitlements of a customer", Some("Report"), &[200], Run::Read(operations::report)),
    route("GET", "/v1/entitlement/{entitlementId}", "get", "Read an entitlement", None, &[200, 404], Run::Read(operations::get)),
    route("GET", "/v1/entitlement/{entitlementId}/activationInfo", "activationInfo", "Get a fresh activation URL (path inferred)", None, &[200, 404, 409], Run::Read(operations::activation_info)),
    route("POST", "/v1/entitlement/cancel/{entitlementId}", "cancel", "End an entitlement with its paid period (path inferred)", Some("End"), &[200, 202, 404, 409], Run::Change(operations::cancel)),
    route("POST", "/v1/entitlement/revoke/{entitlementId}", "revoke", "End an entitlement now (path inferred)", Some("End"), &[200, 202, 404, 409], Run::Change(operations::revoke)),
    route("POST", "/v1/entitlement/reactivate/{entitlementId}", "reactivate", "Take back a cancel before its date", None, &[200, 404, 409], Run::Change(operations::reactivate)),
    route("GET", "/v1/echo/{echoRequestId}", "echo", "Check that the service is available (verb inferred)", None, &[200], Run::Read(operations::echo)),
    route("GET", "/", "dashboard", "The dashboard", None, &[], Run::Show(dashboard::dashboard)),
    route("GET", "/live", "live", "The dashboard's changing part", None, &[], Run::Show(dashboard::live)),
    route("GET", "/register/{token}", "registrationPage", "The merchant's registration page", None, &[], Run::Show(registration::show)),
    route("POST", "/register/{token}", "register", "Complete the registration", None, &[], Run::Act(registration::complete)),
    route("POST", "/merchant/{entitlementId}", "merchant", "Act as the merchant", None, &[], Run::Act(dashboard::act)),
    route("GET", "/openapi.json", "openapi", "This description", None, &[], Run::Show(openapi::serve)),
    route("GET", "/style.css", "style", "A file that pages load", None, &[], Run::File("text/css; charset=utf-8", include_str!("style.css"))),
    route("GET", "/live.js", "script", "A file that pages load", None, &[], Run::File("text/javascript; charset=utf-8", include_str!("live.js"))),
    route("GET", "/icon.svg", "icon", "A file that pages load", None, &[], Run::File("image/svg+xml", include_str!("icon.svg"))),
];

const fn route(
    method: &'static str,
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    body: Option<&'static str>,
    statuses: &'static [u16],
    run: Run,
) -> Route {
    Route {
        method,
        path,
        name,
        summary,
        body,
        statuses,
        run,
    }
}

/// What a method and a path lead to.
pub enum Found {
    /// A route, and the argument in the path, decoded.
    Route(&'static Route, String),
    /// The path exists with these methods only.
    Methods(Vec<&'static str>),
    Nothing,
}

/// Finds the route of a request.
pub fn find(method: &str, path: &str) -> Found {
    let segments = path.strip_prefix('/').unwrap_or(path).split('/');
    let decoded = segments.map(|segment| percent_decode_str(segment).decode_utf8());
    let Ok(segments) = decoded.collect::<Result<Vec<_>, _>>() else {
        return Found::Nothing;
    };
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    if let Some((name, argument)) = lead(method, &segments)
        && let Some(route) = ROUTES.iter().find(|route| route.name == name)
    {
        return Found::Route(route, argument.to_owned());
    }
    let mut methods = vec!["GET", "POST", "PATCH"];
    methods.retain(|method| lead(method, &segments).is_some());
    if methods.is_empty() {
        Found::Nothing
    } else {
        Found::Methods(methods)
    }
}

/// Where a method and the segments of a path lead: the name of a route, and its argument.
#[rustfmt::skip]
fn lead<'p>(method: &str, segments: &[&'p str]) -> Option<(&'static str, &'p str)> {
    let method = if method == "HEAD" { "GET" } else { method };
    let found = match (method, segments) {
        ("POST", ["v1", "entitlement"]) => ("create", ""),
        ("PATCH", ["v1", "entitlement"]) => ("update", ""),
        ("POST", ["v1", "entitlement", "report"]) => ("report", ""),
        // No entitlement is called so here.
        (_, ["v1", "entitlement", "report"]) => return None,
        ("GET", ["v1", "entitlement", id]) if !id.is_empty() => ("get", *id),
        ("GET", ["v1", "entitlement", id, "activationInfo"]) if !id.is_empty() => ("activationInfo", *id),
        ("POST", ["v1", "entitlement", "cancel", id]) if !id.is_empty() => ("cancel", *id),
        ("POST", ["v1", "entitlement", "revoke", id]) if !id.is_empty() => ("revoke", *id),
        ("POST", ["v1", "entitlement", "reactivate", id]) if !id.is_empty() => ("reactivate", *id),
        ("GET", ["v1", "echo", id]) if !id.is_empty() => ("echo", *id),
        ("GET", [""]) => ("dashboard", ""),
        ("GET", ["live"]) => ("live", ""),
        ("GET", ["register", token]) if !token.is_empty() => ("registrationPage", *token),
        ("POST", ["register", token]) if !token.is_empty() => ("register", *token),
        ("POST", ["merchant", id]) if !id.is_empty() => ("merchant", *id),
        ("GET", ["openapi.json"]) => ("openapi", ""),
        ("GET", ["style.css"]) => ("style", ""),
        ("GET", ["live.js"]) => ("script", ""),
        ("GET", ["icon.svg"]) => ("icon", ""),
        _ => return None,
    };
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(method: &str, path: &str) -> String {
        match find(method, path) {
            Found::Route(route, argument) => format!("{} {argument}", route.name),
            Found::Methods(methods) => format!("only {}", methods.join(", ")),
            Found::Nothing => "nothing".to_owned(),
        }
    }

    #[test]
    fn paths_lead_to_their_routes() {
        assert_eq!(name("GET", "/v1/entitlement/a%2Fb%20c"), "get a/b c");
        assert_eq!(name("POST", "/v1/entitlement/cancel/x"), "cancel x");
        assert_eq!(name("HEAD", "/"), "dashboard ");
        assert_eq!(name("DELETE", "/v1/entitlement"), "only POST, PATCH");
        assert_eq!(name("GET", "/v1/entitlement/report"), "only POST");
        assert_eq!(name("GET", "/v1/entitlement/"), "nothing");
        assert_eq!(name("GET", "/v1/entitlement/%ff"), "nothing");
        assert_eq!(name("GET", "/v1//entitlement"), "nothing");
    }

    #[test]
    fn every_route_of_the_table_is_served() {
        for route in ROUTES {
            let (start, argument) = route.path.split_once('{').unwrap_or((route.path, "}"));
            let rest = argument.split_once('}').unwrap().1;
            let argument = if start == route.path { "" } else { "x" };
            let found = name(route.method, &format!("{start}{argument}{rest}"));
            assert_eq!(found, format!("{} {argument}", route.name));
        }
    }
}
