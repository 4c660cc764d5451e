//! The one table of what the sandbox serves; dispatch and the `OpenAPI` description both come from it. It runs nothing.

use super::answer::{Answer, Stop};
use super::call::Call;
use super::{create, dashboard, ending, merchant, openapi, reading, registration, update};
use crate::server::Response;

/// An operation of the API.
pub type Operation = fn(&mut Call) -> Result<Answer, Stop>;
/// A page.
pub type Page = fn(&mut Call) -> Result<Response, Stop>;

/// What a route runs.
#[derive(Clone, Copy)]
pub enum Run {
    /// An operation that changes something, so that a request identifier is remembered.
    Change(Operation),
    /// An operation that only reads.
    Read(Operation),
    /// A page.
    Page(Page),
    /// A file that pages load: its content type and itself.
    File(&'static str, &'static str),
}

/// One method on one path.
pub struct Route {
    /// The method.
    pub method: &'static str,
    /// The path; one segment may be an argument in braces.
    pub path: &'static str,
    /// The operation's name, also in faults.
    pub name: &'static str,
    /// What it does, for people.
    pub summary: &'static str,
    /// The name of the schema of its body, if it has one.
    pub body: Option<&'static str>,
    /// The statuses that it can answer, besides those of every operation.
    pub statuses: &'static [u16],
    /// What runs.
    pub run: Run,
}

/// Where the API begins, as at Bango.
pub const BASE: &str = "/v1";

/// Every route. An exact path stands before one with an argument in the same place.
pub const ROUTES: &[Route] = &[
    Route {
        method: "POST",
        path: "/v1/entitlement",
        name: "create",
        summary: "Create an entitlement",
        body: Some("Create"),
        statuses: &[200, 202, 409],
        run: Run::Change(create::create),
    },
    Route {
        method: "PATCH",
        path: "/v1/entitlement",
        name: "update",
        summary: "Update, suspend or resume an entitlement (path inferred)",
        body: Some("Update"),
        statuses: &[200, 202, 404, 409],
        run: Run::Change(update::update),
    },
    Route {
        method: "POST",
        path: "/v1/entitlement/report",
        name: "report",
        summary: "Read the entitlements of a customer",
        body: Some("Report"),
        statuses: &[200],
        run: Run::Read(reading::report),
    },
    Route {
        method: "GET",
        path: "/v1/entitlement/{entitlementId}",
        name: "get",
        summary: "Read an entitlement",
        body: None,
        statuses: &[200, 404],
        run: Run::Read(reading::get),
    },
    Route {
        method: "GET",
        path: "/v1/entitlement/{entitlementId}/activationInfo",
        name: "activationInfo",
        summary: "Get a fresh activation URL (path inferred)",
        body: None,
        statuses: &[200, 404, 409],
        run: Run::Read(reading::activation_info),
    },
    Route {
        method: "POST",
        path: "/v1/entitlement/cancel/{entitlementId}",
        name: "cancel",
        summary: "End an entitlement with its paid period (path inferred)",
        body: Some("End"),
        statuses: &[200, 202, 404, 409],
        run: Run::Change(ending::cancel),
    },
    Route {
        method: "POST",
        path: "/v1/entitlement/revoke/{entitlementId}",
        name: "revoke",
        summary: "End an entitlement now (path inferred)",
        body: Some("End"),
        statuses: &[200, 202, 404, 409],
        run: Run::Change(ending::revoke),
    },
    Route {
        method: "POST",
        path: "/v1/entitlement/reactivate/{entitlementId}",
        name: "reactivate",
        summary: "Take back a cancel before its date",
        body: None,
        statuses: &[200, 404, 409],
        run: Run::Change(ending::reactivate),
    },
    Route {
        method: "GET",
        path: "/v1/echo/{echoRequestId}",
        name: "echo",
        summary: "Check that the service is available (verb inferred)",
        body: None,
        statuses: &[200],
        run: Run::Read(reading::echo),
    },
    page(
        "GET",
        "/",
        "dashboard",
        "The dashboard",
        dashboard::dashboard,
    ),
    page(
        "GET",
        "/live",
        "live",
        "The dashboard's changing part",
        dashboard::live,
    ),
    page(
        "GET",
        "/register/{token}",
        "registrationPage",
        "The merchant's registration page",
        registration::show,
    ),
    page(
        "POST",
        "/register/{token}",
        "register",
        "Complete the registration",
        registration::complete,
    ),
    page(
        "POST",
        "/merchant/{entitlementId}",
        "merchant",
        "Act as the merchant",
        merchant::act,
    ),
    page(
        "GET",
        "/openapi.json",
        "openapi",
        "This description",
        openapi::serve,
    ),
    file(
        "/style.css",
        "style",
        "text/css; charset=utf-8",
        include_str!("style.css"),
    ),
    file(
        "/live.js",
        "script",
        "text/javascript; charset=utf-8",
        include_str!("live.js"),
    ),
    file(
        "/icon.svg",
        "icon",
        "image/svg+xml",
        include_str!("icon.svg"),
    ),
];

const fn page(
    method: &'static str,
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    run: Page,
) -> Route {
    Route {
        method,
        path,
        name,
        summary,
        body: None,
        statuses: &[],
        run: Run::Page(run),
    }
}

const fn file(
    path: &'static str,
    name: &'static str,
    content_type: &'static str,
    text: &'static str,
) -> Route {
    Route {
        method: "GET",
        path,
        name,
        summary: "A file that pages load",
        body: None,
        statuses: &[],
        run: Run::File(content_type, text),
    }
}
