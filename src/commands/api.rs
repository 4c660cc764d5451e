//! `api`: any request, with the same authentication, retries, identifiers and exit codes as every command.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::fields::{self, Field};
use crate::api::{Answer, HeaderName, HeaderValue, Method, Request, header};
use crate::context::Context;
use crate::ending::Ending;
use crate::report::Report;
use crate::terminal::{Block, Cell, Shown};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent api GET entitlement/9d6b3a3e-0000-4000-8000-000000000001\n  \
    bango-ent api PATCH entitlement --field entitlementId=ent-1 --field dateExpiry:=null\n  \
    bango-ent api POST entitlement/report --input query.json\n  \
    bango-ent api GET echo/1 --include --header X-Trace:42 --query a=b\n\n\
    The answer is printed as JSON. What reads, a GET or a report, may be answered without a response code: then the HTTP status \
    decides. Bango's Product API is called so, once Bango has told you its path: api GET PATH --header X-CustomerIdentifier:cust-1. This is the way around whatever the other commands or their inferred paths get wrong."
)]
pub struct Args {
    /// The HTTP method
    #[arg(value_name = "METHOD", value_parser = method)]
    method: Method,

    /// The path below the base URL, percent-encoded by you; a URL of another host is refused
    #[arg(value_name = "PATH")]
    path: String,

    /// A query parameter, percent-encoded for you; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = query)]
    query: Vec<(String, String)>,

    /// A header of the request; may be repeated
    #[arg(short = 'H', long = "header", value_name = "NAME:VALUE", value_parser = header_line)]
    headers: Vec<(HeaderName, HeaderValue)>,

    /// Show the HTTP status and the headers of the answer too
    #[arg(short, long)]
    include: bool,

    /// A body field: name=text or name:=json; may be repeated
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = fields::name_and_value)]
    fields: Vec<Field>,

    /// Read the body, a JSON object, from this file; - for standard input
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
}

fn query(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("it must be NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Headers that this tool sends itself, or that would change how its request is read.
const OWN: [HeaderName; 11] = [
    header::AUTHORIZATION,
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::CONNECTION,
    header::CONTENT_ENCODING,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::EXPECT,
    header::HOST,
    header::TRANSFER_ENCODING,
    header::PROXY_AUTHORIZATION,
];
/// What is in the name of a header whose value is not shown.
const SECRET: [&str; 6] = ["auth", "cookie", "key", "password", "secret", "token"];

fn header_line(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let form = "it must be NAME:VALUE, in printable ASCII";
    let (name, value) = text.split_once(':').ok_or(form)?;
    let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| form)?;
    let mut value = HeaderValue::from_str(value.trim()).map_err(|_| form)?;
    if name.as_str() == "x-requestidentifier" {
        return Err("--request-id sets that one".to_owned());
    } else if OWN.contains(&name) {
        return Err(format!("this tool sets {name} itself"));
    }
    value.set_sensitive(SECRET.iter().any(|word| name.as_str().contains(word)));
    Ok((name, value))
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
    let whole = base_url.as_str().trim_end_matches('/');
    let last = whole.rsplit('/').next().unwrap_or_default();
    if args
        .path
        .trim_start_matches('/')
        .starts_with(&format!("{last}/"))
    {
        let note = format!("the base URL ends in /{last} already; give the path that follows it");
        cx.terminal.remark(&note);
    }
    let place = (args.method, &*args.path, &*args.query);
    let request = Request::any(base_url, place, args.headers, body).map_err(Ending::usage)?;
    let changes = request.changes();
    if changes {
        cx.permit_change()?;
    }
    cx.call(
        |_| request,
        |answer| {
            let mut document = json!(answer);
            let mut blocks = vec![Block::Json(document.clone())];
            if args.include {
                let headers = headers(&answer);
                let status = answer.http_status;
                let row = |(name, value): &(String, String)| (name.clone(), Cell::plain(value));
                blocks.insert(0, Block::Blank);
                blocks.insert(0, Block::record(headers.iter().map(row)));
                blocks.insert(0, Block::Line(format!("HTTP {status}")));
                let headers = headers
                    .into_iter()
                    .map(|(name, value)| json!([name, value]));
                let headers: Vec<_> = headers.collect();
                document["http"] = json!({"status": status, "headers": headers});
            }
            let report = Report::new(Shown { document, blocks });
            Ok(if changes {
                report.acted(&answer)
            } else {
                report
            })
        },
    )
}

/// The headers of an answer as they may be shown: in their order, without credentials.
fn headers(answer: &Answer) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let header = |(name, value): (&HeaderName, _)| (name.to_string(), answer.quoted(&text(value)));
    let headers = answer.headers.iter().flat_map(|headers| headers.iter());
    headers.map(header).collect()
}
