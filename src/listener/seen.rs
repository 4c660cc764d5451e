//! What has been seen: which notifications are repetitions, and which come late. Bounded memory; it knows no file.

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::window::Window;
use crate::api::Notification;

/// How many notifications, and how many entitlements, are remembered.
pub const CAPACITY: usize = 100_000;
const NAMESPACE: Uuid = Uuid::from_u128(0x2f0c_6b1e_7d3a_5c52_9b64_e1a0_48d7_35bf);

/// What a notification is beside those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It says something new.
    New,
    /// It says something new about an older state than the latest that was told of its entitlement.
    Late,
    /// It has been here before.
    Repeated,
}

/// The notifications seen so far.
#[derive(Debug)]
pub struct Seen {
    contents: Window<()>,
    /// The latest `dateLastUpdated` of each entitlement.
    latest: Window<Timestamp>,
}

impl Seen {
    /// Has seen nothing yet.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            contents: Window::new(capacity),
            latest: Window::new(capacity),
        }
    }

    /// Judges a notification and remembers it.
    ///
    /// It is a repetition if its content is the same, whatever the order of its fields and the white space between them.
    /// Without a readable `dateLastUpdated` it is never late.
    pub fn judge(&mut self, notification: &Notification) -> Verdict {
        if self.contents.put(content(notification), ()).is_some() {
            return Verdict::Repeated;
        }
        let (Some(id), Some(date)) = (
            notification.entitlement_id(),
            notification.date_last_updated(),
        ) else {
            return Verdict::New;
        };
        let entitlement = digest(id.as_bytes());
        let latest = self.latest.get(entitlement).copied();
        self.latest
            .put(entitlement, latest.map_or(date, |latest| latest.max(date)));
        match latest {
            Some(latest) if date < latest => Verdict::Late,
            _ => Verdict::New,
        }
    }
}

/// The digest of a body with its fields in order.
fn content(notification: &Notification) -> u128 {
    let mut body = Value::Object(notification.body.clone());
    body.sort_all_objects();
    digest(body.to_string().as_bytes())
}

fn digest(bytes: &[u8]) -> u128 {
    Uuid::new_v5(&NAMESPACE, bytes).as_u128()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn notification(entitlement: u8, second: u8, reason: u8) -> Notification {
        let body = json!({
            "entitlementId": format!("e{entitlement}"),
            "dateLastUpdated": format!("2026-11-23T04:00:{second:02}Z"),
            "reason": format!("R{reason}"),
        });
        Notification {
            body: body.as_object().unwrap().clone(),
        }
    }

    #[test]
    fn the_same_content_is_a_repetition_in_any_order_and_spacing() {
        let mut seen = Seen::new(10);
        let read = |text: &str| Notification::read(text.as_bytes()).unwrap();
        assert_eq!(
            seen.judge(&read(r#"{"a":1,"b":{"c":2,"d":3}}"#)),
            Verdict::New
        );
        let again = read("{ \"b\": {\"d\":3, \"c\":2},\n \"a\":1 }");
        assert_eq!(seen.judge(&again), Verdict::Repeated);
        let other = read(r#"{"a":1,"b":{"c":2,"d":4}}"#);
        assert_eq!(seen.judge(&other), Verdict::New);
    }

    #[test]
    fn older_is_late_and_equal_or_undated_is_not() {
        let mut seen = Seen::new(10);
        assert_eq!(seen.judge(&notification(1, 5, 0)), Verdict::New);
        assert_eq!(seen.judge(&notification(1, 4, 0)), Verdict::Late);
        assert_eq!(seen.judge(&notification(1, 5, 1)), Verdict::New);
        assert_eq!(seen.judge(&notification(2, 1, 0)), Verdict::New);
        let undated = Notification::read(br#"{"entitlementId":"e1"}"#).unwrap();
        assert_eq!(seen.judge(&undated), Verdict::New);
    }

    proptest! {
        /// The model keeps lists, and looks through all of them.
        #[test]
        fn it_agrees_with_a_simple_model(
            sent in proptest::collection::vec((0u8..6, 0u8..8, 0u8..3), 0..200),
            capacity in 1usize..12,
        ) {
            let mut seen = Seen::new(capacity);
            let mut contents: Vec<(u8, u8, u8)> = Vec::new();
            let mut order: Vec<u8> = Vec::new();
            let mut latest: HashMap<u8, u8> = HashMap::new();
            for one in sent {
                let (entitlement, second, reason) = one;
                let verdict = seen.judge(&notification(entitlement, second, reason));
                let known = contents.contains(&one);
                contents.retain(|other| *other != one);
                contents.push(one);
                let first = contents.len().saturating_sub(capacity);
                contents.drain(..first);
                if known {
                    prop_assert_eq!(verdict, Verdict::Repeated);
                    continue;
                }
                let before = latest.get(&entitlement).copied();
                let expected = if before.is_some_and(|before| second < before) {
                    Verdict::Late
                } else {
                    Verdict::New
                };
                prop_assert_eq!(verdict, expected);
                latest.insert(entitlement, before.unwrap_or(0).max(second));
                order.retain(|other| *other != entitlement);
                order.push(entitlement);
                if order.len() > capacity {
                    latest.remove(&order.remove(0));
                }
            }
        }
    }
}
