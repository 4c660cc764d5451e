//! The commands that steer a running sandbox: each is one request to its control API.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::control::{Target, find};
use crate::api::json as own_json;
use crate::commands::fields::{self, Field};
use crate::context::Context;
use crate::ending::Ending;
use crate::files::replace;
use crate::report::Report;
use crate::sandbox::{in_path, with_query};
use crate::terminal::{Block, Cell, Shown, by_number, counted};

/// How much of an export is sent at a time, in bytes: less than the largest request.
const PART: usize = 700_000;

#[derive(Debug, clap::Args)]
pub struct RegisterArgs {
    /// The entitlement
    #[arg(value_name = "ID", value_parser = fields::id)]
    id: String,

    /// Let the user decline
    #[arg(long)]
    decline: bool,

    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub struct TriggerArgs {
    /// What happens
    #[arg(value_name = "EVENT")]
    event: Event,

    /// The entitlement
    #[arg(value_name = "ID", value_parser = fields::id)]
    id: String,

    /// Set this field of the entitlement as well, as text, or as JSON with NAME:=JSON; the new product is productKey
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = fields::name_and_value)]
    fields: Vec<Field>,

    /// Post this JSON in place of the notification's own body
    #[arg(long, value_name = "JSON", value_parser = raw)]
    raw: Option<Value>,

    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Event {
    /// The merchant suspends it
    Suspend,
    /// The merchant resumes it
    Resume,
    /// The merchant ends it
    End,
    /// The merchant revokes it
    Revoke,
    /// The merchant does not answer: FAILED
    Fail,
    /// The merchant changes the product to that of --field productKey=KEY
    Product,
    /// The merchant changes data, or tells what there is
    Metadata,
}

#[derive(Debug, clap::Args)]
pub struct AdvanceArgs {
    /// How far: 90s, 2h, 30d, 1mo
    #[arg(value_name = "TIME", required_unless_present = "to")]
    by: Option<String>,

    /// To this date or time
    #[arg(long, value_name = "TIME", conflicts_with = "by")]
    to: Option<String>,

    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub struct ResendArgs {
    /// The number of the notification, as sandbox notifications shows it
    #[arg(value_name = "NUMBER", value_parser = number)]
    number: u64,

    #[command(flatten)]
    target: Target,
}

fn number(text: &str) -> Result<u64, &'static str> {
    let shown = "it is not a number; bango-ent sandbox notifications shows those that there are";
    text.parse().map_err(|_| shown)
}

#[derive(Debug, clap::Args)]
pub struct FaultsArgs {
    #[command(subcommand)]
    action: Option<FaultsAction>,

    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Subcommand)]
enum FaultsAction {
    /// Let requests go wrong
    #[command(
        after_help = "Examples:\n  bango-ent sandbox faults on SERVICE_UNAVAILABLE --share 10% --for 5m\n  \
        bango-ent sandbox faults on cancel.hang --customer alice"
    )]
    On {
        /// The fault, for one operation alone OPERATION.FAULT
        #[arg(value_name = "FAULT")]
        fault: String,

        /// Requests about this user alone
        #[arg(long, visible_alias = "user", value_name = "ID", value_parser = fields::id)]
        customer: Option<String>,

        /// A share of the requests, at random
        #[arg(long, value_name = "PERCENT", value_parser = share, default_value = "100%")]
        share: f64,

        /// For this time of the sandbox's clock (90s, 5m)
        #[arg(long = "for", value_name = "TIME")]
        time: Option<String>,

        #[command(flatten)]
        target: Target,
    },
    /// Switch a fault off, or all
    #[command(
        after_help = "Examples:\n  bango-ent sandbox faults off\n  bango-ent sandbox faults off SERVICE_UNAVAILABLE"
    )]
    Off {
        /// The fault, as it was switched on
        #[arg(value_name = "FAULT")]
        fault: Option<String>,

        #[command(flatten)]
        target: Target,
    },
}

fn raw(text: &str) -> Result<Value, String> {
    own_json::read_own(text)
}

fn share(text: &str) -> Result<f64, &'static str> {
    let number = text.trim_end_matches('%').parse::<f64>();
    let share = number.ok().map(|percent| percent / 100.0);
    share
        .filter(|share| *share > 0.0 && *share <= 1.0)
        .ok_or("it must be a percentage such as 10%")
}

#[derive(Debug, clap::Args)]
pub struct SeedArgs {
    /// A JSON list of creates, each with a status of its own [default: a sample customer in every status]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub struct FileArgs {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    target: Target,
}

fn done(document: Value, rows: Vec<(&'static str, String)>) -> Report {
    let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
    let cells: Vec<_> = rows
        .map(|(label, value)| (label.into(), Cell::plain(value)))
        .collect();
    let blocks = Some(cells).filter(|cells| !cells.is_empty());
    let blocks = blocks.into_iter().map(Block::Record).collect();
    Report::new(Shown { document, blocks })
}

fn text(document: &Value, pointer: &str) -> String {
    match document.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}

/// Posts, and shows what came of it; a dry run shows what would be posted.
fn act(
    cx: &Context,
    target: &Target,
    path: &str,
    body: Value,
    shown: impl FnOnce(Value) -> Report,
) -> Result<Report, Ending> {
    let sandbox = find(cx, target)?;
    if cx.is_dry_run() {
        let about = [("path", path.into()), ("body", body)];
        return Ok(Report::dry_run("changed", about));
    }
    Ok(shown(sandbox.post(path, &body)?))
}

/// Lets the user complete a registration, or decline.
pub fn register(cx: &Context, args: &RegisterArgs) -> Result<Report, Ending> {
    let event = if args.decline { "decline" } else { "register" };
    triggered(cx, &args.target, &args.id, json!({"event": event}))
}

/// Lets the merchant change something.
pub fn trigger(cx: &Context, args: TriggerArgs) -> Result<Report, Ending> {
    let event = clap::ValueEnum::to_possible_value(&args.event);
    let event = event.map(|event| event.get_name().to_owned());
    let mut fields = Map::new();
    fields::add(&mut fields, args.fields)?;
    let mut body = json!({"event": event, "fields": fields});
    if let Some(raw) = args.raw {
        body["body"] = raw;
    }
    triggered(cx, &args.target, &args.id, body)
}

fn triggered(cx: &Context, target: &Target, id: &str, body: Value) -> Result<Report, Ending> {
    let path = format!("/_sandbox/trigger/{}", in_path(id));
    act(cx, target, &path, body, |document| {
        let caused = document["notifications"].as_array().into_iter().flatten();
        let caused: Vec<_> = caused.map(Value::to_string).collect();
        let is_silent = caused.is_empty();
        let rows = vec![
            ("Entitlement", text(&document, "/entitlement/entitlementId")),
            ("Status", text(&document, "/entitlement/status")),
            ("Notification", caused.join(", ")),
        ];
        let report = done(document, rows);
        if is_silent {
            report.remark("nothing is posted: the entitlement has no notificationUrl")
        } else {
            report
        }
    })
}

/// Shows the clock.
pub fn clock(cx: &Context, target: &Target) -> Result<Report, Ending> {
    Ok(shown_clock(find(cx, target)?.get("/_sandbox/clock")?))
}

/// Moves the clock ahead.
pub fn advance(cx: &Context, args: &AdvanceArgs) -> Result<Report, Ending> {
    let body = match (&args.by, &args.to) {
        (Some(by), _) => json!({"by": by}),
        (None, to) => json!({"to": to}),
    };
    act(cx, &args.target, "/_sandbox/clock", body, shown_clock)
}

fn shown_clock(document: Value) -> Report {
    let rows = vec![
        ("Sandbox's time", text(&document, "/now")),
        ("Real time", text(&document, "/realTime")),
        (
            "Ahead by",
            format!("{} s", text(&document, "/aheadSeconds")),
        ),
    ];
    done(document, rows)
}

/// Sends a notification once more.
pub fn resend(cx: &Context, args: &ResendArgs) -> Result<Report, Ending> {
    let path = format!("/_sandbox/resend/{}", args.number);
    let remark = format!("notification {} is sent again", args.number);
    act(cx, &args.target, &path, json!({}), |document| {
        Report::told(document, remark)
    })
}

/// Lists faults, or switches them on and off.
pub fn faults(cx: &Context, args: FaultsArgs) -> Result<Report, Ending> {
    let path = "/_sandbox/faults";
    match args.action {
        None => Ok(shown_faults(find(cx, &args.target)?.get(path)?)),
        Some(FaultsAction::On {
            fault,
            customer,
            share,
            time,
            target,
        }) => {
            let mut body = json!({"fault": fault, "share": share});
            for (name, value) in [("customerIdentifier", customer), ("for", time)] {
                if let Some(value) = value {
                    body[name] = value.into();
                }
            }
            act(cx, &target, path, body, shown_faults)
        }
        Some(FaultsAction::Off { fault, target }) => {
            let sandbox = find(cx, &target)?;
            if cx.is_dry_run() {
                return Ok(Report::dry_run("changed", []));
            }
            let path = with_query(path, &[("fault", fault.unwrap_or_default())]);
            Ok(shown_faults(sandbox.delete(&path)?))
        }
    }
}

fn shown_faults(document: Value) -> Report {
    let on = document["on"].as_array().into_iter().flatten();
    let on = on.map(|rule| {
        let share = rule["share"].as_f64().unwrap_or(1.0) * 100.0;
        [
            text(rule, "/fault"),
            text(rule, "/customerIdentifier"),
            format!("{share}%"),
            text(rule, "/until"),
        ]
        .map(Cell::plain)
    });
    let table = Block::table(["Fault", "User", "Share", "Until"], on).if_any();
    let is_empty = table.is_none();
    let report = Report::new(Shown {
        document,
        blocks: Vec::from_iter(table),
    });
    if is_empty {
        return report.remark("no fault is switched on; docs/sandbox.md has their names");
    }
    report
}

/// Makes sample entitlements.
pub fn seed(cx: &Context, args: &SeedArgs) -> Result<Report, Ending> {
    let mut body = json!({});
    if let Some(file) = &args.file {
        let name = file.display();
        let text = std::fs::read_to_string(file)
            .map_err(|e| Ending::usage(format!("{name} cannot be read: {e}")))?;
        let list =
            own_json::read_own(&text).map_err(|why| Ending::usage(format!("{name} {why}")))?;
        body["entitlements"] = list;
    }
    act(cx, &args.target, "/_sandbox/seed", body, shown_seed)
}

fn shown_seed(document: Value) -> Report {
    let made = document["entitlements"].as_array().into_iter().flatten();
    let row = |made: &Value| {
        ["/customerIdentifier", "/entitlementId", "/status"]
            .map(|name| Cell::plain(text(made, name)))
    };
    let rows: Vec<_> = made.map(row).collect();
    let remark = format!("{} made", counted(rows.len() as u64, "entitlement"));
    let table = Block::table(["User", "Entitlement", "Status"], rows).if_any();
    Report::new(Shown {
        document,
        blocks: Vec::from_iter(table),
    })
    .remark(remark)
}

/// Writes everything into a file, a state file of the sandbox's own kind.
pub fn export(cx: &Context, args: &FileArgs) -> Result<Report, Ending> {
    let document = find(cx, &args.target)?.get("/_sandbox/state")?;
    let entities = document["entities"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let name = args.file.display().to_string();
    let document = json!({"file": name, "entries": entities.len()});
    if cx.is_dry_run() {
        return Ok(Report::dry_run("written", []));
    }
    let mut lines = String::new();
    for entity in entities {
        // Writing to memory does not fail.
        writeln!(lines, "[{entity}]").ok();
    }
    replace(&args.file, lines.as_bytes()).map_err(|e| Ending::unwritable(&name, e))?;
    let count = entities.len() as u64;
    Ok(Report::told(
        document,
        format!(
            "{name} holds {count} {}",
            by_number(count, "entry", "entries")
        ),
    ))
}

/// Replaces everything by what was exported: with the last part at once, so that a file or a connection that breaks off changes nothing.
pub fn import(cx: &Context, args: &FileArgs) -> Result<Report, Ending> {
    let name = args.file.display();
    let parts = parts(&args.file)
        .map_err(|e| Ending::usage(format!("{name} cannot be imported: {e:#}")))?;
    let sandbox = find(cx, &args.target)?;
    if cx.is_dry_run() {
        return Ok(Report::dry_run("imported", []));
    }
    let (import, last) = (Uuid::new_v4().to_string(), parts.len());
    let mut document = json!({});
    for (part, entities) in (1..).zip(parts) {
        let body = json!({"entities": entities, "import": import, "part": part, "parts": last});
        document = sandbox.post("/_sandbox/state", &body)?;
    }
    document["file"] = name.to_string().into();
    let count = document["entitlements"].as_u64().unwrap_or(0);
    Ok(Report::told(
        document,
        format!("{name} is imported: {}", counted(count, "entitlement")),
    ))
}

/// The entries of an export, in parts that a request can hold.
fn parts(file: &Path) -> anyhow::Result<Vec<Vec<Value>>> {
    let (mut parts, mut size) = (vec![Vec::new()], 0);
    for (index, line) in BufReader::new(File::open(file)?).lines().enumerate() {
        let line = line?;
        let entities: Vec<Value> = serde_json::from_str(&line)
            .with_context(|| format!("line {} is no entry", index + 1))?;
        size += line.len();
        if size > PART {
            size = line.len();
            parts.push(Vec::new());
        }
        if let Some(part) = parts.last_mut() {
            part.extend(entities);
        }
    }
    Ok(parts)
}
