//! `list`: the entitlements of a user.

use std::cmp::Reverse;

use clap::builder::PossibleValuesParser;
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::entitlement::{self, Entitlement};
use super::fields;
use crate::api::Answer;
use crate::api::types::{EntitlementQuery, Status, field};
use crate::context::Context;
use crate::failure::Failure;
use crate::terminal::{Block, Cell, Show};

/// The flags of `list`.
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
///
/// # Errors
///
/// Whatever the API earns, or an answer without a list.
pub fn run(cx: &Context, args: Args) -> anyhow::Result<()> {
    let query = EntitlementQuery {
        customer_identifier: args.user,
        product_key: args.product,
        status: args.status.map(|status| status.to_ascii_uppercase()),
    };
    let client = cx.client()?;
    let answer = client.send(client.report(&query))?;
    let Some(Value::Array(found)) = answer.body.get(field::ENTITLEMENTS) else {
        let why = "the answer has no list of entitlements".to_owned();
        return Err(Failure::UnclearSuccess {
            answer: answer.into(),
            why,
        }
        .into());
    };
    if found.is_empty() {
        cx.terminal.remark("this user has no such entitlement");
    }
    Ok(cx.terminal.show(&List {
        answer: &answer,
        found,
        now: Timestamp::now(),
    })?)
}

struct List<'a> {
    answer: &'a Answer,
    found: &'a [Value],
    now: Timestamp,
}

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Entitlement {
            answer: self.answer,
            registration_url: None,
        }
        .serialize(serializer)
    }
}

impl Show for List<'_> {
    fn document(&self) -> serde_json::Value {
        crate::terminal::document(self)
    }

    fn blocks(&self) -> Vec<Block> {
        let empty = Map::new();
        let mut records: Vec<_> = self
            .found
            .iter()
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
