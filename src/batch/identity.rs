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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::row::Source;
    use serde_json::json;

    fn row(action: Action, entitlement_id: &str, body: &serde_json::Value) -> Row {
        Row {
            number: 1,
            line: 2,
            action,
            entitlement_id: entitlement_id.to_owned(),
            body: body.as_object().unwrap().clone(),
            source: Source::Line(String::new()),
        }
    }

    fn create(user: &str, merchant: &str, product: &str) -> Row {
        let body = json!({"customerIdentifier": user, "merchantAccountKey": merchant, "productKey": product});
        row(Action::Create, "", &body)
    }

    #[test]
    fn the_identity_never_changes_between_versions() {
        let identity = of(&create("cust-1", "BANGO", "BangoMusic"));
        assert_eq!(identity, 0x2271_0c0f_285a_51fa_2598_ca9d_578b_798d);
    }

    #[test]
    fn what_is_about_something_else_has_another_identity() {
        let own = of(&create("a", "b", "c"));
        for other in [
            create("ab", "", "c"),
            create("a", "bc", ""),
            create("b", "a", "c"),
        ] {
            assert_ne!(own, of(&other));
        }
        let none = json!({});
        assert_ne!(
            of(&row(Action::Cancel, "e", &none)),
            of(&row(Action::Revoke, "e", &none))
        );
    }

    #[test]
    fn a_row_keeps_its_identifier_and_a_new_round_has_another() {
        let run = Uuid::from_u128(7);
        assert_eq!(request_identifier(run, 3, 0), request_identifier(run, 3, 0));
        let others = [(3, 1), (4, 0), (31, 0), (3, 10)];
        for (row, round) in others {
            assert_ne!(
                request_identifier(run, 3, 0),
                request_identifier(run, row, round)
            );
        }
        assert_ne!(
            request_identifier(run, 3, 0),
            request_identifier(Uuid::from_u128(8), 3, 0)
        );
    }
}
