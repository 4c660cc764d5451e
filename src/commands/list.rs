//! `list`: the entitlements of a user.

use std::cmp::Reverse;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{entitlement, fields};
use crate::api::types::{EntitlementQuery, Status, field};
use crate::context::Context;
use crate::ending::Ending;
use crate::report::Report;
use crate::terminal::{Block, Cell, Shown};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent list --user cust-1\n  bango-ent list --user cust-1 --status ACTIVE\n  \
    bango-ent list --user cust-1 --json | jq -r '.entitlements[].entitlementId'\n\n\
    Newest first; in JSON the order is Bango's."
)]
pub struct Args {
    /// Your own id of the user (customerIdentifier)
    #[arg(long, value_name = "ID", value_parser = fields::id)]
    user: String,

    /// Of this product only (productKey)
    #[arg(long, value_name = "KEY", value_parser = fields::id)]
    product: Option<String>,

    /// In this status only
    #[arg(long, ignore_case = true, value_parser = fields::status(&Status::DOCUMENTED))]
    status: Option<Status>,
}

/// Reads and shows the entitlements.
pub fn run(cx: &Context, args: Args) -> Result<Report, Ending> {
    let query = EntitlementQuery {
        customer_identifier: args.user,
        product_key: args.product,
        status: args.status.map(|status| status.as_str().to_owned()),
    };
    let is_filtered = query.product_key.is_some() || query.status.is_some();
    cx.call(
        |client| client.report(&query),
        |answer| {
            let Some(Value::Array(found)) = answer.body.get(field::ENTITLEMENTS) else {
                let why = "the answer has no list of entitlements";
                return Err(Ending::unusable(answer, why));
            };
            if found.is_empty() {
                let such = if is_filtered { "no such" } else { "no" };
                cx.terminal
                    .remark(&format!("this user has {such} entitlement"));
            }
            Ok(Report::new(Shown {
                document: json!(answer),
                blocks: table(found).into_iter().collect(),
            }))
        },
    )
}

/// The entitlements, newest first, if there are any.
fn table(found: &[Value]) -> Option<Block> {
    let now = Timestamp::now();
    let text = |record: &Value, name| record[name].as_str().unwrap_or_default().to_owned();
    let mut records: Vec<_> = found.iter().collect();
    records.sort_by_key(|record| {
        let created = text(record, field::DATE_CREATED).parse::<Timestamp>();
        Reverse(created.ok())
    });
    let row = |record: &&Value| {
        let text = |name| text(record, name);
        let status = text(field::STATUS);
        let tone = entitlement::tone(Status::parse(&status));
        let end = [field::DATE_ENDED, field::DATE_EXPIRY].map(text);
        let end = end.into_iter().find(|date| !date.is_empty());
        vec![
            Cell::plain(text(field::ENTITLEMENT_ID)),
            Cell::toned(status, tone),
            Cell::plain(text(field::MERCHANT_ACCOUNT_KEY)),
            Cell::plain(text(field::PRODUCT_KEY)),
            Cell::time(text(field::DATE_CREATED), now),
            Cell::time(end.unwrap_or_default(), now),
        ]
    };
    (!records.is_empty()).then(|| Block::SparingTable {
        heading: vec![
            "Entitlement",
            "Status",
            "Merchant",
            "Product",
            "Created",
            "Ends",
        ],
        rows: records.iter().map(row).collect(),
        spare: &["Merchant", "Ends"],
    })
}
