//! `api`: any request, with the same authentication, retries, identifiers and exit codes as every command.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::fields::{self, Field};
use crate::api::{Method, Request};
use crate::context::Context;
use crate::ending::Ending;
use crate::report::Report;
use crate::terminal::{Block, Shown};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent api GET entitlement/9d6b3a3e-0000-4000-8000-000000000001\n  \
    bango-ent api PATCH entitlement --field entitlementId=ent-1 --field dateExpiry:=null\n  \
    bango-ent api POST entitlement/report --input query.json\n\n\
    The answer is printed as JSON. This is the way around whatever the other commands or their inferred paths get wrong."
)]
pub struct Args {
    /// The HTTP method
    #[arg(value_name = "METHOD", value_parser = method)]
    method: Method,

    /// The path below the base URL, percent-encoded by you; a URL of another host is refused
    #[arg(value_name = "PATH")]
    path: String,

    /// A body field: name=text or name:=json; may be repeated
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = fields::name_and_value)]
    fields: Vec<Field>,

    /// Read the body, a JSON object, from this file; - for standard input
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
}

fn method(text: &str) -> Result<Method, &'static str> {
    match text.to_ascii_uppercase().as_str() {
        "GET" => Ok(Method::GET),
        "POST" => Ok(Method::POST),
        "PATCH" => Ok(Method::PATCH),
        "PUT" => Ok(Method::PUT),
        "DELETE" => Ok(Method::DELETE),
        _ => Err("it must be GET, POST, PATCH, PUT or DELETE"),
    }
}

/// Sends the request and shows the answer as JSON.
pub fn run(cx: &Context, args: Args) -> Result<Report, Ending> {
    let mut body = args.input.as_deref().map(fields::object).transpose()?;
    if !args.fields.is_empty() {
        fields::add(
            body.get_or_insert_with(Map::<String, Value>::new),
            args.fields,
        )?;
    }
    if args.method == Method::GET && body.is_some() {
        return Err(Ending::usage(
            "a GET has no body; leave out --field and --input",
        ));
    }
    let base_url = &cx.settings()?.base_url.value;
    let request = Request::any(base_url, args.method, &args.path, body).map_err(Ending::usage)?;
    let changes = request.changes();
    if changes {
        cx.permit_change()?;
    }
    cx.call(
        |_| request,
        |answer| {
            let document = json!(answer);
            let report = Report::new(Shown {
                blocks: vec![Block::Json(document.clone())],
                document,
            });
            Ok(if changes {
                report.acted(&answer)
            } else {
                report
            })
        },
    )
}
