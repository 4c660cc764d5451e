//! Describes what the sandbox serves as `OpenAPI` 3.1, from the route table. What is inferred is called so.

use serde_json::{Map, Value, json};

use super::answer::Code;
use super::call::Call;
use super::lifecycle::Status;
use super::page;
use super::routes::{ROUTES, Route, Run};
use crate::server::Response;

/// Statuses that every API operation can answer.
const ALWAYS: [u16; 4] = [400, 401, 413, 429];

/// Serves the description.
pub fn serve(_: &Call) -> Response {
    page::guarded(Response::new(200, "application/json", text()))
}

/// The description as indented JSON.
fn text() -> String {
    format!("{:#}\n", document())
}

fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        if let Value::Object(path) = path {
            path.insert(route.method.to_lowercase(), operation(route));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "The bango-ent sandbox",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A local imitation of the Bango Resale API. It is not Bango's own description; what is marked as inferred is not documented by Bango.",
        },
        "servers": [{"url": "http://127.0.0.1:4242"}],
        "paths": paths,
        "components": {
            "securitySchemes": {"basic": {"type": "http", "scheme": "basic"}},
            "schemas": schemas(),
        },
    })
}

fn operation(route: &Route) -> Value {
    let mut operation = Map::new();
    operation.insert("operationId".to_owned(), route.name.into());
    operation.insert("summary".to_owned(), route.summary.into());
    let api = matches!(route.run, Run::Change(_) | Run::Read(_));
    operation.insert(
        "tags".to_owned(),
        json!([if api { "Bango Resale API" } else { "Sandbox" }]),
    );
    let mut parameters = Vec::new();
    for segment in route.path.split('/') {
        if let Some(name) = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            parameters.push(json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}}));
        }
    }
    if api {
        operation.insert("security".to_owned(), json!([{"basic": []}]));
        let about = match route.run {
            Run::Change(_) => {
                "The same identifier with the same request gives the same answer and acts once; with another request it is refused."
            }
            _ => "Accepted, and without effect on an operation that only reads.",
        };
        parameters.push(json!({"name": "X-RequestIdentifier", "in": "header", "required": false, "description": about, "schema": {"type": "string"}}));
    }
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), parameters.into());
    }
    if let Some(name) = route.body {
        operation.insert(
            "requestBody".to_owned(),
            json!({"required": true, "content": {"application/json": {"schema": reference(name)}}}),
        );
    }
    operation.insert("responses".to_owned(), responses(route, api));
    operation.into()
}

fn responses(route: &Route, api: bool) -> Value {
    if !api {
        return json!({"default": {"description": "A page, or a file that a page loads"}});
    }
    let mut statuses: Vec<u16> = route.statuses.iter().copied().chain(ALWAYS).collect();
    statuses.sort_unstable();
    let mut responses = Map::new();
    for status in statuses {
        let response = match status {
            413 => json!({"description": "The body has more than 1 MiB"}),
            _ => {
                json!({"description": describe(status), "content": {"application/json": {"schema": answer(route, status)}}})
            }
        };
        responses.insert(status.to_string(), response);
    }
    responses.into()
}

fn describe(status: u16) -> String {
    let rows = Code::TABLE.iter().filter(|(.., http)| *http == status);
    let names: Vec<&str> = rows.map(|(_, name, _)| *name).collect();
    match status {
        202 => {
            "CLIENT_ACTION_REQUIRED; after cancel and revoke OK: queued at the merchant (inferred)"
                .to_owned()
        }
        _ => names.join(" or "),
    }
}

fn answer(route: &Route, status: u16) -> Value {
    match (route.name, status) {
        ("echo", 200) => reference("Echo"),
        ("report", 200) => reference("Entitlements"),
        (_, 200 | 202) => reference("Entitlement"),
        _ => reference("Answer"),
    }
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn schemas() -> Value {
    let text = json!({"type": "string", "minLength": 1});
    let maybe = json!({"type": ["string", "null"]});
    let time = json!({"type": ["string", "null"], "format": "date-time"});
    let data = json!({"type": ["object", "string", "null"]});
    let codes: Vec<&str> = Code::TABLE.iter().map(|(_, name, _)| *name).collect();
    let statuses: Vec<&str> = Status::TABLE.iter().map(|(_, name)| *name).collect();
    let status = json!({"type": "string", "enum": statuses});
    let envelope = json!({
        "responseCode": {"type": "string", "enum": codes},
        "responseMessage": {"type": "string", "description": "For people"},
        "parameters": {"type": "object", "properties": {
            "action": {"const": "NAVIGATE_TO_URL"},
            "url": {"type": "string", "format": "uri"},
            "urlExpiry": {"type": "string", "format": "date-time"},
        }},
    });
    let record = json!({
        "entitlementId": text, "status": status, "dateCreated": time, "dateActivated": time, "dateEnded": time,
        "dateSuspended": time, "dateResumed": time, "dateLastUpdated": time, "dateExpiry": time,
        "customerIdentifier": text, "merchantAccountKey": text, "productKey": text, "offerKey": maybe,
        "activationCode": maybe, "entitlementDisplayName": maybe, "extensionData": data,
    });
    json!({
        "Create": {"type": "object", "required": ["customerIdentifier", "merchantAccountKey", "productKey"], "properties": {
            "customerIdentifier": text, "merchantAccountKey": text, "productKey": text, "offerKey": maybe,
            "notificationUrl": {"type": ["string", "null"], "format": "uri"}, "entitlementId": maybe, "dateExpiry": time,
            "entitlementDisplayName": maybe, "extensionData": data, "extraInformation": {"type": ["object", "null"]},
        }},
        "Update": {"type": "object", "required": ["entitlementId"], "minProperties": 2, "properties": {
            "entitlementId": text, "notificationUrl": {"type": ["string", "null"], "format": "uri"}, "dateExpiry": time,
            "extensionData": data, "productKey": text, "customerIdentifier": text,
            "entitlementBenefits": {"enum": ["NORMAL", "SUSPENDED"], "description": "NORMAL resumes; SUSPENDED is inferred"},
        }},
        "End": {"type": "object", "required": ["cancelReasonCategory", "cancelReasonCode"], "properties": {
            "cancelReasonCategory": text,
            "cancelReasonCode": {"type": "string", "minLength": 1, "description": "Name inferred"},
            "cancelReasonDescription": {"type": ["string", "null"], "description": "Name inferred"},
        }},
        "Report": {"type": "object", "required": ["customerIdentifier"], "properties": {
            "customerIdentifier": text, "productKey": maybe,
            "status": {"anyOf": [status, {"type": "null"}]},
        }},
        "Answer": {"type": "object", "required": ["responseCode", "responseMessage"], "properties": envelope},
        "Record": {"type": "object", "required": ["entitlementId", "status"], "properties": record},
        "Entitlement": {"allOf": [reference("Answer"), reference("Record")]},
        "Entitlements": {"allOf": [reference("Answer"), {"type": "object", "required": ["entitlements"], "properties": {
            "entitlements": {"type": "array", "items": reference("Record")},
        }}]},
        "Echo": {"allOf": [reference("Answer"), {"type": "object", "required": ["echo"], "properties": {"echo": text}}]},
    })
}
