//! `list`: the entitlements of a user.

use std::cmp::Reverse;

use clap::builder::PossibleValuesParser;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::entitlement;
use super::fields;
use crate::api::Answer;
use crate::api::types::{EntitlementQuery, Status, field};
use crate::context::Context;
use crate::ending::{Ending, Report};
use crate::terminal::{Block, Cell, Show};

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
    #[arg(long, ignore_case = true, value_parser = statuses())]
    status: Option<String>,
}

fn statuses() -> PossibleValuesParser {
    PossibleValuesParser::new(Status::DOCUMENTED.map(Status::as_str))
}

/// Reads and shows the entitlements.
pub fn run(cx: &Context, args: Args) -> Result<Report, Ending> {
    let query = EntitlementQuery {
        customer_identifier: args.user,
        product_key: args.product,
        status: args.status.map(|status| status.to_ascii_uppercase()),
    };
    let is_filtered = query.product_key.is_some() || query.status.is_some();
    cx.call(
        |client| client.report(&query),
        |answer| {
            let Some(Value::Array(found)) = answer.body.get(field::ENTITLEMENTS) else {
                return Err(Ending::unusable(
                    answer,
                    "the answer has no list of entitlements",
                ));
            };
            if found.is_empty() {
                let such = if is_filtered { "no such" } else { "no" };
                cx.terminal
                    .remark(&format!("this user has {such} entitlement"));
            }
            Ok(Report::new(List {
                answer,
                now: Timestamp::now(),
            }))
        },
    )
}

struct List {
    answer: Answer,
    now: Timestamp,
}

impl Show for List {
    fn document(&self) -> Value {
        serde_json::json!(self.answer)
    }

    fn blocks(&self) -> Vec<Block> {
        let found = self.answer.body.get(field::ENTITLEMENTS);
        let found = found.and_then(Value::as_array).into_iter().flatten();
        let empty = Map::new();
        let mut records: Vec<_> = found
            .map(|record| record.as_object().unwrap_or(&empty))
            .collect();
        records.sort_by_key(|record| Reverse(created(record)));
        let heading = vec![
            "Entitlement",
            "Status",
            "Merchant",
            "Product",
            "Created",
            "Ends",
        ];
        let row = |record: &&Map<String, Value>| {
            let text = |name: &str| {
                record
                    .get(name)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned()
            };
            let end = if text(field::DATE_ENDED).is_empty() {
                field::DATE_EXPIRY
            } else {
                field::DATE_ENDED
            };
            vec![
                Cell::plain(text(field::ENTITLEMENT_ID)),
                Cell::toned(
                    text(field::STATUS),
                    entitlement::tone(Status::parse(&text(field::STATUS))),
                ),
                Cell::plain(text(field::MERCHANT_ACCOUNT_KEY)),
                Cell::plain(text(field::PRODUCT_KEY)),
                Cell::time(text(field::DATE_CREATED), self.now),
                Cell::time(text(end), self.now),
            ]
        };
        if records.is_empty() {
            return Vec::new();
        }
        let rows = records.iter().map(row).collect();
        vec![Block::Table { heading, rows }]
    }
}

fn created(record: &Map<String, Value>) -> Option<Timestamp> {
    record.get(field::DATE_CREATED)?.as_str()?.parse().ok()
}
