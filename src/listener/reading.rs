//! Reads a notification without making values of it: of a hostile body they would take a hundred times its bytes. It keeps the few
//! texts that are shown or decided by, the body as compact JSON, and a digest that no order of fields changes.

use std::borrow::Cow;
use std::fmt;

use ring::digest::{Context, SHA256};
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::api::types::field;
use crate::api::{Notification, Unreadable, json};

/// What is shown of a notification, or decided by.
const SUMMARY: [&str; 7] = [
    field::NOTIFICATION_REASON,
    field::REASON,
    field::STATUS,
    field::ENTITLEMENT_ID,
    field::CUSTOMER_IDENTIFIER,
    field::PRODUCT_KEY,
    field::DATE_LAST_UPDATED,
];

/// A notification as it was read.
#[derive(Debug)]
pub struct Reading {
    /// Its texts that are shown or decided by.
    pub summary: Notification,
    /// The whole body on one line.
    pub json: String,
    /// Half a SHA-256 of what it says.
    pub digest: u128,
}

impl Reading {
    /// Reads a body as leniently as any answer; any JSON object will do.
    pub fn new(body: &[u8]) -> Result<Self, Unreadable> {
        json::read_by(body, Self::strictly).map_err(Unreadable::NotJson)?
    }

    fn strictly(body: &[u8]) -> serde_json::Result<Result<Self, Unreadable>> {
        let text: &RawValue = serde_json::from_slice(body)?;
        let text = text.get();
        if !text.starts_with('{') {
            return Ok(Err(Unreadable::NotAnObject));
        }
        let mut summary = Vec::new();
        let members = Members(&mut summary);
        let digest = serde_json::Deserializer::from_str(text).deserialize_map(members)?;
        let summary = format!("{{{}}}", summary.join(","));
        let read = |summary| Self {
            summary,
            json: compact(text),
            digest,
        };
        Ok(Notification::read(summary.as_bytes()).map(read))
    }
}

/// Half a SHA-256 of parts, each with its length.
pub fn digest(parts: &[&[u8]]) -> u128 {
    let mut sum = Context::new(&SHA256);
    for part in parts {
        add(&mut sum, part);
    }
    half(sum)
}

fn add(sum: &mut Context, part: &[u8]) {
    sum.update(&(part.len() as u64).to_be_bytes());
    sum.update(part);
}

fn half(sum: Context) -> u128 {
    let half = sum.finish().as_ref().first_chunk().copied();
    u128::from_be_bytes(half.unwrap_or_default())
}

/// Adds an object: its members' digests, sorted.
fn add_members(sum: &mut Context, mut members: Vec<u128>) {
    members.sort_unstable();
    add(sum, b"{");
    for member in members {
        sum.update(&member.to_be_bytes());
    }
}

/// Reads the members of the body itself: to a digest of all, and to the texts of some.
struct Members<'a>(&'a mut Vec<String>);

impl<'de> Visitor<'de> for Members<'_> {
    type Value = u128;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<u128, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            let raw: &RawValue = map.next_value()?;
            let mut member = Context::new(&SHA256);
            add(&mut member, name.as_bytes());
            let mut value = serde_json::Deserializer::from_str(raw.get());
            let added = Sum(&mut member).deserialize(&mut value);
            added.map_err(de::Error::custom)?;
            members.push(half(member));
            if SUMMARY.contains(&&*name) && !raw.get().starts_with(['{', '[']) {
                self.0.push(format!("{name:?}:{raw}"));
            }
        }
        let mut sum = Context::new(&SHA256);
        add_members(&mut sum, members);
        Ok(half(sum))
    }
}

/// Adds a value to a sum.
struct Sum<'a>(&'a mut Context);

impl<'de> DeserializeSeed<'de> for Sum<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Sum<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        add(self.0, b"null");
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        add(self.0, if value { b"true" } else { b"false" });
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        add(self.0, b"\"");
        add(self.0, text.as_bytes());
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        add(self.0, b"+");
        add(self.0, &number.to_be_bytes());
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        add(self.0, b"-");
        add(self.0, &number.to_be_bytes());
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        add(self.0, b"[");
        while items.next_element_seed(Sum(self.0))?.is_some() {}
        add(self.0, b"]");
        Ok(())
    }

    /// An object. A number that is no short integer comes as one too, of its digits.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            let mut member = Context::new(&SHA256);
            add(&mut member, name.as_bytes());
            map.next_value_seed(Sum(&mut member))?;
            members.push(half(member));
        }
        add(self.0, &(members.len() as u64).to_be_bytes());
        add_members(self.0, members);
        Ok(())
    }
}

/// The same JSON without white space between its parts.
fn compact(json: &str) -> String {
    let (mut in_text, mut is_escaped) = (false, false);
    let is_kept = |character: &char| {
        let is_quote = *character == '"' && !is_escaped;
        is_escaped = in_text && *character == '\\' && !is_escaped;
        in_text ^= is_quote;
        in_text || !character.is_ascii_whitespace()
    };
    json.chars().filter(is_kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn read(body: &str) -> Reading {
        Reading::new(body.as_bytes()).unwrap()
    }

    #[test]
    fn every_field_is_kept_as_it_was_sent() {
        let body =
            r#"{"z":1.50E5,"a":{"x":[null,12345678901234567890123]},"b":" \\\" , ","s":"\u00fc"}"#;
        assert_eq!(read(body).json, body);
        let spaced = body
            .replace(":[", " :\n [ ")
            .replace("null,", "null\t,\r\n");
        assert_eq!(read(&spaced).json, body);
        assert_eq!(read(&spaced).digest, read(body).digest);
    }

    #[test]
    fn the_digest_follows_values_and_not_the_order_of_fields_or_their_spelling() {
        let first = read(r#"{"a":[1,2],"b":{"c":"\u00fc","d":null}}"#).digest;
        let again = read(r#"{"b":{"d":null,"c":"ü"},"a":[1,2]}"#).digest;
        assert_eq!(again, first);
        for other in [
            r#"{"a":[2,1],"b":{"c":"ü","d":null}}"#,
            r#"{"a":[1,2.0],"b":{"c":"ü","d":null}}"#,
            r#"{"a":[-1,2],"b":{"c":"ü","d":null}}"#,
            r#"{"a":["1",2],"b":{"c":"ü","d":null}}"#,
            r#"{"a":[1,2],"b":{"d":"ü","c":null}}"#,
            r#"{"a":[1,2],"b":{"c":"ü","d":false}}"#,
            r#"{"a":[1,2],"b":["c","ü","d",null]}"#,
        ] {
            assert_ne!(read(other).digest, first, "{other}");
        }
    }

    #[test]
    fn a_cut_character_is_replaced_and_loses_no_notification() {
        let cut = read(r#"{"status":"ACTIVE","name":"party \ud83c"}"#);
        assert_eq!(cut.json, r#"{"status":"ACTIVE","name":"party \ufffd"}"#);
        assert!(Reading::new(b"[]").is_err() && Reading::new(b"{").is_err());
    }

    #[test]
    fn long_numbers_that_differ_in_their_last_digit_differ() {
        let read = |digit| {
            read(&format!(
                r#"{{"n":[1234567890123456789012{digit},0.1234567890123456789{digit}]}}"#
            ))
        };
        assert_ne!(read(1).digest, read(2).digest);
    }

    proptest! {
        #[test]
        fn it_takes_what_a_json_reader_takes(text in r#"\{?[\[\]{}":,a1 \\e.+-]{0,12}\}?"#) {
            let value = serde_json::from_str::<Value>(&text);
            let taken = Reading::new(text.as_bytes());
            prop_assert!(taken.is_ok() || !value.as_ref().is_ok_and(Value::is_object));
            if let (Ok(taken), Ok(value)) = (taken, value) {
                prop_assert_eq!(serde_json::from_str::<Value>(&taken.json).unwrap(), value);
            }
        }
    }
}
