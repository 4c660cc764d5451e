//! Reads of an answer only what tells how a request ended and what it is about, and skips the rest: many threads that read
//! large answers at once would fill the memory. Pure.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::types::field;

/// What is kept of every object, beside the record of an entitlement.
const KEPT: [&str; 6] = [
    field::RESPONSE_CODE,
    field::RESPONSE_MESSAGE,
    field::PARAMETERS,
    field::ACTION,
    field::URL,
    field::ENTITLEMENTS,
];
/// No text is kept that is longer, in bytes: a URL that is longer is not used either.
const LONGEST_TEXT: usize = 16 << 10;
/// No user has more entitlements to one product.
const MOST_RECORDS: usize = 1000;

/// Reads the kept fields: texts, objects of them, and the list of entitlements. What else stands in one of them reads as null.
pub(super) fn read(bytes: &[u8]) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Brief { may_be_list: false }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

struct Brief {
    may_be_list: bool,
}

impl<'de> DeserializeSeed<'de> for Brief {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Brief {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        let text = Some(text).filter(|text| text.len() <= LONGEST_TEXT);
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        if !self.may_be_list {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Value::Null);
        }
        let mut records = Vec::new();
        while let Some(record) = list.next_element_seed(Self { may_be_list: false })? {
            if records.len() == MOST_RECORDS {
                return Err(A::Error::custom("too many entitlements"));
            }
            records.push(record);
        }
        Ok(Value::Array(records))
    }

    /// A number that is no short integer comes as an object.
    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut kept = Map::new();
        while let Some(name) = object.next_key_seed(Name)? {
            let Some(name) = name else {
                object.next_value::<IgnoredAny>()?;
                continue;
            };
            let may_be_list = name == field::ENTITLEMENTS;
            let value = object.next_value_seed(Self { may_be_list })?;
            kept.insert(name.to_owned(), value);
        }
        Ok(Value::Object(kept))
    }
}

/// The name of a field, if the field is kept.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Option<&'static str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Option<&'static str>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        let mut kept = KEPT.into_iter().chain(field::RECORD);
        Ok(kept.find(|name| *name == text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn what_is_kept_is_as_it_came_and_the_rest_is_skipped() {
        let text = r#"{"responseCode":"OK","n":1e999,"parameters":{"url":"u\u00fc","x":[{}]},"status":[1],
            "entitlements":[{"entitlementId":"e","extensionData":{"a":"b"}}]}"#;
        let kept = json!({"responseCode": "OK", "parameters": {"url": "uü"}, "status": null,
            "entitlements": [{"entitlementId": "e"}]});
        assert_eq!(read(text.as_bytes()).unwrap(), kept);
        for number in ["0", "-1.5e3", "[0]", r#"{"status":0}"#] {
            let read = read(number.as_bytes());
            assert!(read.is_ok(), "{number}: {read:?}");
        }
        for bad in ["", "{", "{} {}", r#"{"status":}"#, "<html>"] {
            assert!(read(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_document_is_json_here_as_it_is_elsewhere(bytes in ".*", begins: bool) {
            let text = if begins { format!("{{\"status\":\"{bytes}\"}}") } else { bytes };
            prop_assert_eq!(read(text.as_bytes()).is_ok(), serde_json::from_str::<Value>(&text).is_ok());
        }
    }
}
