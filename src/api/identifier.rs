//! Request identifiers that remember which request they belong to.

use serde_json::{Map, Value};
use uuid::Uuid;

/// A request identifier made by this tool is a version 8 UUID: 48 bits of digest, this mark, then random bits.
const MARK: [u8; 2] = [0x8b, 0xe7];
const NAMESPACE: Uuid = Uuid::from_u128(0x6f1d_0c4a_95b3_5c0e_8a57_2b6d_3e90_41c7);
const DIGEST_BYTES: usize = 6;

/// Makes a new request identifier for one intent: unique, and bound to what it asks.
pub fn mint(method: &str, target: &str, body: Option<&Map<String, Value>>) -> String {
    let mut bytes = *Uuid::new_v4().as_bytes();
    bytes[..DIGEST_BYTES].copy_from_slice(&digest(method, target, body));
    bytes[6..8].copy_from_slice(&MARK);
    Uuid::new_v8(bytes).to_string()
}

/// Tells whether an identifier given by the user may carry this request.
///
/// Only one that this tool made can be checked, against the method, path with query, and body it was made for; any other may.
pub fn fits(id: &str, method: &str, target: &str, body: Option<&Map<String, Value>>) -> bool {
    let Ok(uuid) = Uuid::try_parse(id) else {
        return true;
    };
    let bytes = uuid.as_bytes();
    bytes[6..8] != MARK || bytes[..DIGEST_BYTES] == digest(method, target, body)
}

fn digest(method: &str, target: &str, body: Option<&Map<String, Value>>) -> [u8; DIGEST_BYTES] {
    let mut body = body.cloned().map(Value::Object).unwrap_or_default();
    body.sort_all_objects();
    let hash = Uuid::new_v5(&NAMESPACE, format!("{method} {target}\n{body}").as_bytes());
    let mut digest = [0; DIGEST_BYTES];
    digest.copy_from_slice(&hash.as_bytes()[..DIGEST_BYTES]);
    digest
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn map(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn an_identifier_is_unique_and_fits_its_own_request_in_any_field_order() {
        let body = map(&json!({"a": 1, "b": {"c": 1, "d": 2}}));
        let shuffled = map(&json!({"b": {"d": 2, "c": 1}, "a": 1}));
        let first = mint("POST", "/v1/entitlement", Some(&body));
        assert_ne!(first, mint("POST", "/v1/entitlement", Some(&body)));
        assert!(fits(&first, "POST", "/v1/entitlement", Some(&shuffled)));
    }

    #[test]
    fn an_identifier_does_not_fit_another_request() {
        let body = map(&json!({"a": 1}));
        let id = mint("POST", "/v1/entitlement", Some(&body));
        let other = map(&json!({"a": 2}));
        assert!(!fits(&id, "POST", "/v1/entitlement", Some(&other)));
        assert!(!fits(&id, "PATCH", "/v1/entitlement", Some(&body)));
        assert!(!fits(&id, "POST", "/v1/entitlement", None));
    }

    #[test]
    fn an_identifier_of_somebody_else_passes() {
        for id in ["order-77", "6f1d0c4a-95b3-4c0e-8a57-2b6d3e9041c7"] {
            assert!(fits(id, "POST", "/v1/entitlement", None));
        }
    }
}
