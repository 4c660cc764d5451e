//! `history`: what was sent from here and what came of it; the same again, or as a command line for curl.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{entitlement, fields, lifecycle, list, next_step};
use crate::api::types::Operation;
use crate::api::value::number;
use crate::api::{Answer, BaseUrl, HeaderName, HeaderValue, Method, Request};
use crate::context::{Context, asked, quoted};
use crate::ending::Ending;
use crate::files::trusted;
use crate::history::{self, Entry};
use crate::report::Report;
use crate::terminal::{Block, Cell, Shown, Tone, ask};

/// Bango documents no time for which it knows a request identifier; after this one it is asked again.
const FRESH: Duration = Duration::from_secs(24 * 3600);
/// A part of an identifier is no shorter than this.
const SHORTEST_PART: usize = 4;
/// So many entries are named where one is to be chosen.
const MOST_NAMED: usize = 5;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent history list\n  bango-ent history list --only unknown\n  \
    bango-ent history repeat 6f1d0c4a-95b3-8be7-8a57-2b6d3e9041c7\n\n\
    The history is kept once history = true stands in the configuration file, above its profiles. With --log-file (or BANGO_LOG_FILE) \
    a log file is read in its place. It holds what was sent and answered, with registration URLs and ids of users, and no password. \
    A batch is not in it: it has its journal."
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

// What to do with the history.
#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List what was sent, newest first
    #[command(after_help = "Examples:\n  bango-ent history list --user cust-1\n  \
        bango-ent history list --columns when,what,user,code\n  \
        bango-ent history list --only unknown --json | jq -r '.entries[].requestIdentifier'")]
    List(ListArgs),
    /// Show a request with its attempts, bodies and what is known of it
    #[command(
        after_help = "Examples:\n  bango-ent history show 6f1d0c4a-95b3-8be7-8a57-2b6d3e9041c7"
    )]
    Show(EntryArgs),
    /// Send a request again
    ///
    /// If it is not known what became of it, it keeps its request identifier, so that nothing is done twice. One that was done or
    /// refused is sent as a new request, after a question.
    #[command(
        after_help = "Examples:\n  bango-ent history repeat 6f1d0c4a-95b3-8be7-8a57-2b6d3e9041c7\n  \
        bango-ent history repeat 6f1d0c4a-95b3-8be7-8a57-2b6d3e9041c7 --dry-run\n\n\
        It goes to the account that it was sent to: with another profile, user name or address it is refused."
    )]
    Repeat(RepeatArgs),
    /// Print a request as a command line for curl, which asks for the password
    #[command(
        after_help = "Examples:\n  bango-ent history curl 6f1d0c4a-95b3-8be7-8a57-2b6d3e9041c7\n\n\
        It carries the same request identifier: Bango takes it for the same request."
    )]
    Curl(EntryArgs),
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// About this user only (customerIdentifier)
    #[arg(long, value_name = "ID", value_parser = fields::id)]
    user: Option<String>,

    /// Show these columns of the table, in this order: names with commas between them
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = fields::columns(["when", "what", "user", "code", "request-identifier", "entitlement"]))]
    columns: Vec<String>,

    /// These only
    #[arg(long, value_name = "KIND")]
    only: Option<Kind>,

    /// So many at most
    #[arg(long, value_name = "N", default_value_t = 50, allow_negative_numbers = true, value_parser = number::<usize>)]
    limit: usize,
}

/// Which entries are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// What asked for a change
    Changes,
    /// Changes of which it is not known whether they were done
    Unknown,
}

#[derive(Debug, clap::Args)]
struct EntryArgs {
    /// The request identifier, or its beginning or end
    #[arg(value_name = "ENTRY", value_parser = fields::id)]
    entry: String,
}

#[derive(Debug, clap::Args)]
struct RepeatArgs {
    /// The request identifier, or its beginning or end
    #[arg(value_name = "ENTRY", value_parser = fields::id)]
    entry: String,

    /// Do not ask for confirmation
    #[arg(long, short)]
    yes: bool,
}

pub fn run(cx: &Context, args: &Args) -> Result<Report, Ending> {
    match &args.command {
        Command::List(args) => list(cx, args),
        Command::Show(args) => {
            let entry = find(cx, &args.entry)?;
            Ok(Report::new(Shown::new(whole(&entry), blocks(&entry))))
        }
        Command::Repeat(args) => repeat(cx, args),
        Command::Curl(args) => curl(&find(cx, &args.entry)?),
    }
}

/// The entries of the log file that is named, or of the history; and where they are.
fn entries(cx: &Context) -> Result<(PathBuf, Vec<Entry>), Ending> {
    let named = cx.log_file();
    let path = named.map(ToOwned::to_owned).or_else(history::path);
    let path = path.ok_or_else(|| {
        Ending::configuration("this system names no home directory, so there is no history")
            .next("--log-file names the file to read")
    })?;
    match history::read(&path) {
        Ok(entries) => Ok((path, entries)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
            Ok((path, Vec::new()))
        }
        Err(e) => {
            let why = trusted::why_unread(&e);
            Err(Ending::usage(format!(
                "the history {} {why}",
                path.display()
            )))
        }
    }
}

/// What is said where nothing is kept yet.
const NONE: &str = "there is no history; history = true in the configuration file keeps one";

fn list(cx: &Context, args: &ListArgs) -> Result<Report, Ending> {
    let (path, entries) = entries(cx)?;
    let is_empty = entries.is_empty();
    let is_wanted = |entry: &&Entry| {
        let is_of_user = args.user.is_none() || entry.user() == args.user.as_deref();
        is_of_user
            && match args.only {
                None => true,
                Some(Kind::Changes) => entry.changes(),
                Some(Kind::Unknown) => {
                    entry.changes() && entry.outcome() == history::Outcome::Unknown
                }
            }
    };
    let listed = entries.iter().rev().filter(is_wanted);
    let listed: Vec<_> = listed.take(args.limit).collect();
    let now = Timestamp::now();
    let row = |entry: &&Entry| {
        [
            Cell::time(&entry.request.time, now),
            Cell::plain(entry.what()),
            Cell::optional(entry.user()),
            outcome(entry),
            Cell::plain(&entry.request.request_identifier),
            Cell::optional(entry.entitlement()),
        ]
    };
    let heading = [
        "When",
        "What",
        "User",
        "Code",
        "Request identifier",
        "Entitlement",
    ];
    let table = Block::table(heading, listed.iter().map(row)).sparing(&["Entitlement", "User"]);
    let document = json!({
        "file": path.display().to_string(),
        "entries": listed.iter().map(|entry| document(entry)).collect::<Vec<_>>(),
    });
    let report = Report::new(Shown::new(document, table.picked(&args.columns).if_any()));
    Ok(match listed.is_empty() {
        true if is_empty => report.remark(NONE),
        true => report.remark("no request of the history is such"),
        false => report,
    })
}

/// The code of a request, or what is known without one.
fn outcome(entry: &Entry) -> Cell {
    let code = entry.last().response_code.clone();
    match entry.outcome() {
        history::Outcome::Done => Cell::toned(code.unwrap_or("done".to_owned()), Tone::Good),
        history::Outcome::Refused => Cell::toned(code.unwrap_or("refused".to_owned()), Tone::Bad),
        history::Outcome::NotSent => Cell::toned("not sent", Tone::Bad),
        history::Outcome::Unknown | history::Outcome::Begun => Cell::toned("unknown", Tone::Warn),
    }
}

/// What is told of a request in few words.
fn document(entry: &Entry) -> Value {
    let (request, last) = (&entry.request, entry.last());
    json!({
        "requestIdentifier": request.request_identifier,
        "time": request.time,
        "operation": entry.what(),
        "changes": entry.changes(),
        "outcome": entry.outcome(),
        "httpStatus": last.status,
        "responseCode": last.response_code,
        "customerIdentifier": entry.user(),
        "entitlementId": entry.entitlement(),
        "method": request.method,
        "url": request.url,
        "username": request.username,
        "profile": request.profile,
    })
}

/// All that is known of a request, for people.
fn blocks(entry: &Entry) -> Vec<Block> {
    let (request, now) = (&entry.request, Timestamp::now());
    let account = match (&request.username, &request.profile) {
        (Some(user), Some(profile)) => format!("{user} (profile {profile})"),
        (user, _) => user.clone().unwrap_or_default(),
    };
    let place = format!("{} {}", request.method, request.url);
    let known = match entry.outcome() {
        history::Outcome::Unknown if entry.changes() => {
            "unknown: Bango may or may not have acted on it"
        }
        history::Outcome::Unknown | history::Outcome::Begun => "unknown",
        history::Outcome::Done => "done",
        history::Outcome::Refused => "refused",
        history::Outcome::NotSent => "not sent",
    };
    let rows = [
        ("What", Cell::toned(entry.what(), Tone::Title)),
        ("When", Cell::time(&request.time, now)),
        ("Outcome", Cell::plain(known)),
        ("Code", outcome(entry)),
        ("User", Cell::optional(entry.user())),
        ("Entitlement", Cell::optional(entry.entitlement())),
        ("Account", Cell::plain(account)),
        ("Request", Cell::plain(place)),
        (
            "Request identifier",
            Cell::plain(&request.request_identifier),
        ),
    ];
    let rows = rows.into_iter().filter(|(_, cell)| !cell.is_empty());
    let mut blocks = vec![Block::record(rows)];
    blocks.extend(attempts(entry).into_iter().flatten());
    let body = request.request_body.clone().map(Value::Object);
    for (heading, body) in [
        ("Sent:", body.as_ref()),
        ("Answered:", entry.last().response_body.as_ref()),
    ] {
        if let Some(body) = body {
            blocks.push(Block::Heading(heading));
            blocks.push(Block::Json(body.clone()));
        }
    }
    blocks
}

fn attempts(entry: &Entry) -> Option<[Block; 2]> {
    let now = Timestamp::now();
    let row = |line: &history::Line| {
        [
            Cell::time(&line.time, now),
            Cell::optional(line.status.map(|status| status.to_string())),
            Cell::optional(line.response_code.as_deref()),
            Cell::plain(format!("{} ms", line.duration_ms)),
            Cell::optional(line.error.as_deref()),
        ]
    };
    let heading = ["When", "HTTP", "Code", "Took", "What went wrong"];
    let table = Block::table(heading, entry.attempts.iter().map(row)).if_any()?;
    Some([Block::Heading("Attempts:"), table])
}

/// All that is known of a request, for programs.
fn whole(entry: &Entry) -> Value {
    let request = &entry.request;
    let attempt = |line: &history::Line| {
        json!({
            "time": line.time,
            "httpStatus": line.status,
            "responseCode": line.response_code,
            "durationMs": line.duration_ms,
            "outcome": line.outcome(),
            "error": line.error,
        })
    };
    let mut document = document(entry);
    document["headers"] = json!(request.headers);
    document["requestBody"] = json!(request.request_body);
    document["responseBody"] = json!(entry.last().response_body);
    document["attempts"] = entry.attempts.iter().map(attempt).collect();
    document
}

fn find(cx: &Context, wanted: &str) -> Result<Entry, Ending> {
    let (_, mut entries) = entries(cx)?;
    if entries.is_empty() {
        return Err(Ending::usage(NONE));
    }
    let id = |entry: &Entry| entry.request.request_identifier.clone();
    let is_part = |entry: &Entry| {
        let (id, part) = (id(entry).to_lowercase(), wanted.to_lowercase());
        part.len() >= SHORTEST_PART && (id.starts_with(&part) || id.ends_with(&part))
    };
    if entries.iter().any(|entry| id(entry) == wanted) {
        entries.retain(|entry| id(entry) == wanted);
    } else {
        entries.retain(is_part);
    }
    match entries.len() {
        0 => Err(
            Ending::usage(format!("the history has no request {wanted}"))
                .run("this lists those that it has", ["history", "list"]),
        ),
        1 => Ok(entries.remove(0)),
        count => {
            let named = entries.iter().rev().take(MOST_NAMED);
            let named = named.map(|entry| {
                let (id, time) = (&entry.request.request_identifier, &entry.request.time);
                format!("{id} {}, {time}", entry.what())
            });
            let why = format!("{count} requests of the history are called {wanted}");
            Err(Ending {
                points: named.collect(),
                ..Ending::usage(why)
            })
        }
    }
}

fn repeat(cx: &Context, args: &RepeatArgs) -> Result<Report, Ending> {
    let entry = find(cx, &args.entry)?;
    let settings = cx.settings()?;
    check_account(cx, &entry)?;
    let request = request(&entry, &settings.base_url.value)?;
    if request.changes() {
        cx.permit_change()?;
    }
    let request = if !request.changes() || cx.globals.request_id.is_some() {
        request
    } else if confirmed(cx, &entry, args.yes)? {
        request.under(&entry.request.request_identifier)
    } else {
        cx.terminal
            .remark("it is sent as a new request, with a new request identifier");
        request
    };
    cx.call(|_| request, |answer| shown(cx, &entry, answer))
}

/// Refuses to send an entry to another account than it was sent to.
fn check_account(cx: &Context, entry: &Entry) -> Result<(), Ending> {
    let (settings, request) = (cx.settings()?, &entry.request);
    let profile = settings.profile.as_ref().map(|profile| &profile.value);
    let username = settings.username.as_ref().map(|username| &username.value);
    let base_url = settings.base_url.value.as_str();
    let is_below = request.url.strip_prefix(base_url.trim_end_matches('/'));
    let named = |name: Option<&String>| name.map_or("none".to_owned(), |name| format!("{name:?}"));
    let why = if is_below.is_none_or(|rest| !rest.starts_with('/')) {
        format!(
            "it was sent to {}, and this run is for {base_url}",
            request.url
        )
    } else if request.profile.as_ref() != profile {
        let (then, now) = (named(request.profile.as_ref()), named(profile));
        format!("it was sent with the profile {then}, and this run has the profile {now}")
    } else if request.username.is_some() && request.username.as_ref() != username {
        let (then, now) = (named(request.username.as_ref()), named(username));
        format!("it was sent for the user name {then}, and this run has {now}")
    } else {
        return Ok(());
    };
    let next = match &request.profile {
        Some(profile) => format!("--profile {} chooses the account of the entry", quoted(profile)),
        None => "it needs the account that it was sent to: --base-url and --sandbox, BANGO_USERNAME and BANGO_PASSWORD as they were, and no profile".to_owned(),
    };
    Err(Ending::refused_locally(format!("{why}; nothing was sent")).next(next))
}

fn request(entry: &Entry, base_url: &BaseUrl) -> Result<Request, Ending> {
    let line = &entry.request;
    let unreadable = |what: &str| Ending::usage(format!("the entry cannot be sent: {what}"));
    let method = Method::from_bytes(line.method.as_bytes());
    let method = method.map_err(|_| unreadable("its method is none"))?;
    let header = |(name, value): &(String, Option<String>)| {
        let value = value.as_ref().ok_or_else(|| {
            unreadable(&format!(
                "the value of its header {name} is a secret and was not kept"
            ))
            .next("bango-ent api sends it with --header")
        })?;
        let name = HeaderName::from_bytes(name.as_bytes());
        let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) else {
            return Err(unreadable("one of its headers is none"));
        };
        Ok((name, value))
    };
    let headers = line.headers.iter().map(header).collect::<Result<_, _>>()?;
    let place = (method, &*line.url, &[][..]);
    let request = Request::any(base_url, place, headers, line.request_body.clone());
    let request = request.map_err(|why| unreadable(&why))?;
    Ok(request.of(line.operation, line.entitlement_id.clone()))
}

/// Asks where sending a change again may do more than it was meant to; tells whether it keeps its identifier.
fn confirmed(cx: &Context, entry: &Entry, yes: bool) -> Result<bool, Ending> {
    let (same, sent) = (entry.is_open(), entry.request.time.parse::<Timestamp>());
    let age = sent
        .clone()
        .map(|sent| Timestamp::now().duration_since(sent));
    let is_fresh = age.is_ok_and(|age| age.unsigned_abs() < FRESH);
    if cx.is_dry_run() || yes || same && is_fresh {
        return Ok(same);
    }
    let last = entry.last();
    let known = match entry.outcome() {
        history::Outcome::Unknown | history::Outcome::Begun => "has no known outcome",
        history::Outcome::NotSent => "was not sent",
        history::Outcome::Done => "was done",
        history::Outcome::Refused => "was refused",
    };
    let code = last.response_code.as_deref();
    let code = code.map(|code| format!(" ({code})")).unwrap_or_default();
    let user = entry.user().map(|user| format!(" for user {user}"));
    let time = sent.map(|sent| sent.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    let what = format!(
        "{}{} of {} {known}{code}",
        entry.what(),
        user.unwrap_or_default(),
        time.unwrap_or_default()
    );
    let (why, question) = if same {
        (
            "Bango documents no time for which it knows a request identifier, so an old one may be done twice",
            "Send it again under the same identifier?",
        )
    } else {
        (
            "sending it again is a new request",
            "Send it as a new request?",
        )
    };
    if !cx.terminal.can_ask() {
        return Err(
            Ending::refused_locally(format!("{what}; {why}; nothing was sent"))
                .again_with("--yes", "look the entitlement up first; this sends it"),
        );
    }
    let live = cx.live_account()?;
    cx.terminal.statement(&format!("{live}{what}; {why}"));
    if !asked(ask::yes(&cx.terminal, question))? {
        return Err(Ending::refused_locally("not confirmed; nothing was sent"));
    }
    cx.remember("--yes");
    Ok(same)
}

/// What came of it, as the command that it is shows it.
fn shown(cx: &Context, entry: &Entry, answer: Answer) -> Result<Report, Ending> {
    use Operation::{Cancel, Create, Get, List, Resume, Revoke, Suspend, Update};
    let args = next_step::Args::default();
    match entry.request.operation {
        Some(Create) => next_step::report(cx, args, answer, None, Answer::created),
        Some(Update) => next_step::report(cx, args, answer, None, Answer::updated),
        Some(Suspend) => lifecycle::report(cx, answer, lifecycle::Change::Suspend),
        Some(Resume) => lifecycle::report(cx, answer, lifecycle::Change::Resume),
        Some(Cancel) => lifecycle::report(cx, answer, lifecycle::Change::Cancel),
        Some(Revoke) => lifecycle::report(cx, answer, lifecycle::Change::Revoke),
        Some(Get) => Ok(Report::new(entitlement::shown(&answer, None))),
        Some(List) => list::report(cx, answer, "no such", &[]),
        _ => {
            let document = json!(answer);
            let report = Report::new(Shown::new(&answer, [Block::Json(document)]));
            Ok(if entry.changes() {
                report.acted(&answer)
            } else {
                report
            })
        }
    }
}

fn curl(entry: &Entry) -> Result<Report, Ending> {
    let request = &entry.request;
    let mut argv = vec!["curl".to_owned(), "-sS".to_owned()];
    let mut add = |words: &[&str]| argv.extend(words.iter().map(|word| (*word).to_owned()));
    // curl reads these as patterns.
    if request.url.contains(['[', ']', '{', '}']) {
        add(&["--globoff"]);
    }
    if let Some(user) = &request.username {
        add(&["-u", user]);
    }
    if request.method != "GET" {
        add(&["-X", &request.method]);
    }
    add(&["-H", "Accept: application/json"]);
    add(&[
        "-H",
        &format!("X-RequestIdentifier: {}", request.request_identifier),
    ]);
    let mut secret = Vec::new();
    for (name, value) in &request.headers {
        secret.extend(value.is_none().then_some(name.as_str()));
        let value = value.as_deref().unwrap_or("VALUE");
        add(&["-H", &format!("{name}: {value}")]);
    }
    if let Some(body) = &request.request_body {
        let body = serde_json::to_string(body).map_err(Ending::machine)?;
        add(&["-H", "Content-Type: application/json", "--data-raw", &body]);
    }
    add(&[&request.url]);
    let line = argv.iter().map(quoted).collect::<Vec<_>>().join(" ");
    let document = json!({"command": line, "argv": argv});
    let mut report = Report::new(Shown::new(document, [Block::Line(line)]));
    if !secret.is_empty() {
        let names = secret.join(", ");
        report = report.remark(format!(
            "the value of {names} is a secret and was not kept; write it in place of VALUE"
        ));
    }
    if entry.changes() {
        report = report
            .remark("this changes something at Bango; it carries the same request identifier");
    }
    Ok(report)
}
