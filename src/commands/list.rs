//! `list`: the entitlements of users.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use super::several::Reads;
use super::{entitlement, fields};
use crate::api::types::{EntitlementQuery, Status, field};
use crate::api::{Answer, ErrorKind};
use crate::context::{Context, duration};
use crate::ending::Ending;
use crate::report::Report;
use crate::terminal::{Shown, Spinner, counted};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent list --user cust-1\n  bango-ent list --user cust-1 --status ACTIVE\n  \
    bango-ent list --user cust-1 --json | jq -r '.entitlements[].entitlementId'\n  \
    bango-ent list --user cust-1 --user cust-2\n  \
    bango-ent list --users users.txt --status ACTIVE\n  \
    bango-ent list --user cust-1 --watch\n\n\
    Newest first; in JSON the order is Bango's. Several users are asked for one after the other, each once, a hundred at most; \
    one that cannot be read does not lose the others."
)]
pub struct Args {
    /// Your own id of the user (customerIdentifier)
    ///
    /// It may be repeated.
    #[arg(long, value_name = "ID", value_parser = fields::id, required_unless_present = "users")]
    user: Vec<String>,

    /// The users of a file, one on each line; - is standard input
    #[arg(long, value_name = "FILE")]
    users: Option<PathBuf>,

    /// Of this product only (productKey)
    #[arg(long, value_name = "KEY", value_parser = fields::id)]
    product: Option<String>,

    /// Show these columns of the table, in this order: names with commas between them
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = fields::columns(["entitlement", "status", "customer", "merchant", "product", "created", "ends"]))]
    columns: Vec<String>,

    /// Read again this often, and show what is new or has changed, until Ctrl-C [default: 5s]
    #[arg(long, value_name = "TIME", num_args = 0..=1, require_equals = true, default_missing_value = "5s", value_parser = duration, conflicts_with = "users")]
    watch: Option<Duration>,

    /// In this status only
    #[arg(long, ignore_case = true, value_parser = fields::status(&Status::DOCUMENTED))]
    status: Option<Status>,
}

pub fn run(cx: &Context, args: Args) -> Result<Report, Ending> {
    let is_filtered = args.product.is_some() || args.status.is_some();
    let query = |user: &str| EntitlementQuery {
        customer_identifier: user.to_owned(),
        product_key: args.product.clone(),
        status: args.status.map(|status| status.as_str().to_owned()),
    };
    let such = if is_filtered { "no such" } else { "no" };
    let mut users = args.user;
    // A file is as good as several, so that what reads the document need not count its lines.
    if let Some(path) = &args.users {
        users.extend(fields::ids(path)?);
    } else if let [user] = &users[..] {
        if let Some(pause) = args.watch.filter(|_| !cx.is_dry_run()) {
            return watch(cx, &query(user), pause, &args.columns);
        }
        return cx.call(
            |client| client.report(&query(user)),
            |answer| report(cx, answer, such, &args.columns),
        );
    }
    if args.watch.is_some() {
        return Err(Ending::usage("--watch is for one --user"));
    }
    Reads::new(field::CUSTOMER_IDENTIFIER, users, args.columns)?.run(
        cx,
        |client, user| client.report(&query(user)),
        |user, answer| {
            let (_, mut found) = found(answer)?;
            if found.is_empty() {
                cx.terminal
                    .remark(&format!("{user} has {such} entitlement"));
            }
            for record in found.iter_mut().filter_map(Value::as_object_mut) {
                let of = record
                    .entry(field::CUSTOMER_IDENTIFIER)
                    .or_insert(Value::Null);
                if of.is_null() {
                    *of = json!(user);
                }
            }
            Ok(found)
        },
    )
}

/// The entitlements of one user, of whom there may be `no` or `no such`.
pub fn report(
    cx: &Context,
    answer: Answer,
    such: &str,
    columns: &[String],
) -> Result<Report, Ending> {
    let (answer, found) = found(answer)?;
    if found.is_empty() {
        cx.terminal
            .remark(&format!("this user has {such} entitlement"));
    }
    Ok(Report::new(listed(&answer, &found, columns)))
}

/// Reads again and again, and shows what differs from the time before; an interrupt is its end.
fn watch(
    cx: &Context,
    query: &EntitlementQuery,
    pause: Duration,
    columns: &[String],
) -> Result<Report, Ending> {
    let client = cx.client()?;
    cx.terminal.use_json_lines();
    let spinner = Spinner::start(&cx.terminal, "watching");
    let mut before = None::<Vec<Value>>;
    loop {
        match client.send(client.report(query)) {
            Ok(answer) => {
                let (answer, now) = found(answer)?;
                spinner.says(&counted(now.len() as u64, "entitlement"));
                match shown_changes(cx, &answer, (before.as_deref(), &now), columns) {
                    Err(e) if e.kind() == io::ErrorKind::BrokenPipe => return Ok(Report::default()),
                    shown => shown.map_err(Ending::machine)?,
                }
                before = Some(now);
            }
            Err(error) if matches!(*error.kind, ErrorKind::Interrupted { .. }) => {
                return Ok(Report::default());
            }
            Err(error) if error.is_retryable() => spinner.says(&error.to_string()),
            Err(error) => return Err(cx.ending(error)),
        }
        if client.sleep(pause) {
            return Ok(Report::default());
        }
    }
}

/// Shows the entitlements that are new or not as they were, and says which are gone; in JSON the whole answer if anything differs.
fn shown_changes(
    cx: &Context,
    answer: &Answer,
    (before, now): (Option<&[Value]>, &[Value]),
    columns: &[String],
) -> io::Result<()> {
    let known = before.unwrap_or_default();
    let id = |record: &Value| record[field::ENTITLEMENT_ID].clone();
    let is_gone = |record: &&Value| now.iter().all(|other| id(other) != id(record));
    let gone: Vec<_> = known.iter().filter(is_gone).collect();
    let changed = now.iter().filter(|record| !known.contains(record));
    let changed: Vec<_> = changed.cloned().collect();
    for record in &gone {
        let id = record[field::ENTITLEMENT_ID].as_str().unwrap_or_default();
        cx.terminal.remark(&format!("{id} is not listed any more"));
    }
    if before.is_some() && changed.is_empty() && gone.is_empty() {
        return Ok(());
    }
    cx.terminal.show(&listed(answer, &changed, columns))
}

/// The answer, and these of its entitlements in a table.
fn listed(answer: &Answer, found: &[Value], columns: &[String]) -> Shown {
    let records = entitlement::newest_first(found);
    Shown::new(answer, entitlement::table(&records, false, columns))
}

fn found(answer: Answer) -> Result<(Answer, Vec<Value>), Ending> {
    match answer.body.get(field::ENTITLEMENTS) {
        Some(Value::Array(found)) => {
            let found = found.clone();
            Ok((answer, found))
        }
        _ => Err(Ending::unusable(
            answer,
            "the answer has no list of entitlements",
        )),
    }
}
