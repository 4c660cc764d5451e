//! The body that Bango POSTs to a notification URL, read leniently. Pure; it keeps every field, and judges none.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::json;
use super::types::{Status, field};
use super::value;

/// The names that the reason may have, the likeliest first: Bango does not document its JSON name.
const REASON_NAMES: [&str; 2] = [field::NOTIFICATION_REASON, field::REASON];

/// A notification: Bango says that an entitlement has changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Notification {
    /// The whole body, unknown fields included, in the order in which they were sent.
    pub body: Map<String, Value>,
}

/// A body that is no notification.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is not JSON.
    #[error("the body {}", json::fault(.0))]
    NotJson(serde_json::Error),
    /// It is JSON, and no object.
    #[error("the body is JSON, but not an object")]
    NotAnObject,
}

impl Notification {
    /// Reads a body; any JSON object will do, because fields may be added and reasons are open.
    pub fn read(body: &[u8]) -> Result<Self, Unreadable> {
        match json::read(body).map_err(Unreadable::NotJson)? {
            Value::Object(body) => Ok(Self { body }),
            _ => Err(Unreadable::NotAnObject),
        }
    }

    /// A field's text; a number is taken as its digits. `None` if the field is missing, empty, or something else.
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        match self.body.get(name)? {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(Cow::Borrowed(text)),
            Value::Number(number) => Some(Cow::Owned(number.to_string())),
            _ => None,
        }
    }

    /// Why it was sent, in Bango's word; the word may be one that is not documented.
    pub fn reason(&self) -> Option<Cow<'_, str>> {
        REASON_NAMES.iter().find_map(|name| self.text(name))
    }

    /// The entitlement that has changed.
    pub fn entitlement_id(&self) -> Option<Cow<'_, str>> {
        self.text(field::ENTITLEMENT_ID)
    }

    /// The status, if it is one that Bango documents.
    pub fn status(&self) -> Option<Status> {
        Status::parse(&self.text(field::STATUS)?)
    }

    /// When the entitlement was last changed, as the body says; a time without a zone is taken as UTC.
    pub fn date_last_updated(&self) -> Option<Timestamp> {
        value::moment(&self.text(field::DATE_LAST_UPDATED)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn read(body: &Value) -> Notification {
        Notification::read(body.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn the_reason_goes_by_either_name() {
        let both = read(&json!({"reason": "B", "notificationReason": "A"}));
        assert_eq!(both.reason().unwrap(), "A");
        assert_eq!(
            read(&json!({"reason": "BRAND_NEW"})).reason().unwrap(),
            "BRAND_NEW"
        );
        assert_eq!(read(&json!({"reason": null})).reason(), None);
    }

    #[test]
    fn every_field_is_kept_as_it_was_sent() {
        let body = r#"{"z":1.50,"a":{"x":[null,12345678901234567890123]},"status":"BRAND_NEW"}"#;
        let notification = Notification::read(body.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&notification.body).unwrap(), body);
        assert_eq!(notification.status(), None);
        assert_eq!(notification.text("status").unwrap(), "BRAND_NEW");
    }

    #[test]
    fn an_id_may_be_a_number_and_a_body_may_have_a_mark_before_it() {
        let body = b"\xef\xbb\xbf {\"entitlementId\": 77}\r\n";
        let notification = Notification::read(body).unwrap();
        assert_eq!(notification.entitlement_id().unwrap(), "77");
    }

    #[test]
    fn dates_are_read_with_and_without_milliseconds_and_zone() {
        let date = |text: &str| read(&json!({"dateLastUpdated": text})).date_last_updated();
        let expected = "2026-11-23T04:00:00Z".parse().ok();
        for text in [
            "2026-11-23T04:00:00Z",
            "2026-11-23T04:00:00.000Z",
            "2026-11-23T04:00:00",
            "2026-11-23T06:00:00+02:00",
        ] {
            assert_eq!(date(text), expected, "{text}");
        }
        for text in ["", "soon", "04:00"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn only_a_json_object_is_a_notification() {
        for bad in ["", " ", "null", "[]", "\"x\"", "1", "{", "{}{}", "a=b"] {
            assert!(Notification::read(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(Notification::read("[".repeat(100_000).as_bytes()).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Notification::read(&body);
        }

        #[test]
        fn no_field_makes_the_reader_panic(
            name in "(entitlementId|status|reason|notificationReason|dateLastUpdated)",
            value in prop_oneof![
                ".*".prop_map(Value::from),
                any::<i64>().prop_map(Value::from),
                any::<bool>().prop_map(Value::from),
                "[-+]?[0-9]{1,9}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{0,12})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
                    .prop_map(Value::from),
            ],
        ) {
            let notification = read(&json!({ name: value }));
            let _ = (notification.reason(), notification.entitlement_id());
            let _ = (notification.status(), notification.date_last_updated());
            let body = serde_json::to_string(&notification.body).unwrap();
            prop_assert_eq!(Notification::read(body.as_bytes()).unwrap(), notification);
        }
    }
}
