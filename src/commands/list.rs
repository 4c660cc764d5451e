//! `list`: the entitlements of users.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::several::Reads;
use super::{entitlement, fields};
use crate::api::Answer;
use crate::api::types::{EntitlementQuery, Status, field};
use crate::context::Context;
use crate::ending::Ending;
use crate::report::Report;
use crate::terminal::Shown;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent list --user cust-1\n  bango-ent list --user cust-1 --status ACTIVE\n  \
    bango-ent list --user cust-1 --json | jq -r '.entitlements[].entitlementId'\n  \
    bango-ent list --user cust-1 --user cust-2\n  \
    bango-ent list --users users.txt --status ACTIVE\n\n\
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

    /// In this status only
    #[arg(long, ignore_case = true, value_parser = fields::status(&Status::DOCUMENTED))]
    status: Option<Status>,
}

/// Reads and shows the entitlements.
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
        return cx.call(
            |client| client.report(&query(user)),
            |answer| {
                let (answer, found) = found(answer)?;
                if found.is_empty() {
                    let remark = format!("this user has {such} entitlement");
                    cx.terminal.remark(&remark);
                }
                Ok(Report::new(Shown {
                    document: json!(answer),
                    blocks: entitlement::table(&entitlement::newest_first(&found), false)
                        .into_iter()
                        .collect(),
                }))
            },
        );
    }
    Reads::new(field::CUSTOMER_IDENTIFIER, users)?.run(
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

/// The entitlements of an answer.
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
