//! What makes a row the same row: the hash that finds duplicates and shards, and its request identifier. Pure.

use ring::digest::{Context, SHA256};
use uuid::Uuid;

use super::row::{Action, Row};
use crate::api::types::field;

/// A hash of what a row is about: action, user, merchant and product of a create; action and entitlement of a change.
///
/// The same on every machine and in every version of this tool, so that shards agree.
#[must_use]
pub fn of(row: &Row) -> u128 {
    let text = |name: &str| row.body.get(name).and_then(|value| value.as_str());
    let parts = match row.action {
        Action::Create => [
            text(field::CUSTOMER_IDENTIFIER),
            text(field::MERCHANT_ACCOUNT_KEY),
            text(field::PRODUCT_KEY),
        ],
        _ => [Some(row.entitlement_id.as_str()), None, None],
    };
    let mut context = Context::new(&SHA256);
    for part in [Some(row.action.as_str())].into_iter().chain(parts) {
        let part = part.unwrap_or_default();
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    let mut first = [0; 16];
    first.copy_from_slice(&context.finish().as_ref()[..16]);
    u128::from_be_bytes(first)
}

/// The `X-RequestIdentifier` of a row: the same whenever the row is repeated, another one in each round.
///
/// A round ends when Bango has refused the row; what is asked after that is a new intent, and under the old identifier
/// the old answer could come back.
#[must_use]
pub fn request_identifier(run: Uuid, row: u32, round: u32) -> String {
    let name = match round {
        0 => row.to_string(),
        _ => format!("{row}/{round}"),
    };
    Uuid::new_v5(&run, name.as_bytes()).to_string()
}
