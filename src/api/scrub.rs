//! Blots credentials out of what a server sent, before anything can show or keep it. Pure.

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

/// Stands where a credential would.
pub(super) const REDACTED: &str = "[redacted]";
/// A password shorter than this is not searched for in answers: that would blot out innocent text.
const SHORTEST: usize = 6;

/// Knows the credentials in every shape in which they travel.
pub(super) struct Scrubber(Vec<SecretString>);

impl Scrubber {
    pub(super) fn new(username: &str, password: &SecretString) -> Self {
        let password = password.expose_secret();
        let pair = format!("{username}:{password}");
        // Without the padding it is found with and without it.
        let shapes = [
            BASE64_STANDARD_NO_PAD.encode(&pair),
            BASE64_STANDARD_NO_PAD.encode(password),
            password.to_owned(),
        ];
        let searched = shapes.into_iter().filter(|_| password.len() >= SHORTEST);
        Self(searched.map(SecretString::from).collect())
    }

    /// Returns the bytes as they are, or with every credential in them replaced.
    ///
    /// JSON is searched as it reads, so that escapes such as `\u002b` hide nothing.
    pub(super) fn clean(&self, bytes: Vec<u8>) -> Vec<u8> {
        if bytes.contains(&b'\\')
            && let Ok(mut value) = serde_json::from_slice::<Value>(&bytes)
        {
            let found = self.clean_value(&mut value);
            return if found {
                value.to_string().into()
            } else {
                bytes
            };
        }
        match self.cleaned(&String::from_utf8_lossy(&bytes)) {
            Some(text) => text.into_bytes(),
            None => bytes,
        }
    }

    /// Replaces credentials in every string, names of fields included. Tells whether there were any.
    fn clean_value(&self, value: &mut Value) -> bool {
        let mut found = false;
        match value {
            Value::String(text) => {
                if let Some(cleaned) = self.cleaned(text) {
                    *text = cleaned;
                    found = true;
                }
            }
            Value::Array(values) => {
                for value in values {
                    found |= self.clean_value(value);
                }
            }
            Value::Object(fields) => {
                for (name, mut value) in std::mem::take(fields) {
                    found |= self.clean_value(&mut value);
                    let cleaned = self.cleaned(&name);
                    found |= cleaned.is_some();
                    fields.insert(cleaned.unwrap_or(name), value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
        found
    }

    /// The text without credentials, or `None` if there are none in it.
    fn cleaned(&self, text: &str) -> Option<String> {
        let mut cleaned = None;
        for secret in &self.0 {
            let secret = secret.expose_secret();
            let present = cleaned.as_deref().unwrap_or(text);
            if present.contains(secret) {
                cleaned = Some(present.replace(secret, REDACTED));
            }
        }
        cleaned
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clean(password: &str, bytes: impl Into<Vec<u8>>) -> String {
        let scrubber = Scrubber::new("u", &password.into());
        String::from_utf8_lossy(&scrubber.clean(bytes.into())).into_owned()
    }

    #[test]
    fn a_credential_is_found_in_every_shape() {
        for echoed in [
            "elephant",
            "dTplbGVwaGFudA==",
            "dTplbGVwaGFudA",
            "ZWxlcGhhbnQ=",
            r#"{"a":[{"elephant":"\\ elephant"}]}"#,
            r#"{"a":"\u0065lephant"}"#,
            r#"{"a":"dTplbGVwaGFudA\u003d="}"#,
        ] {
            let cleaned = clean("elephant", echoed);
            assert!(cleaned.contains(REDACTED), "{cleaned}");
            for secret in ["elephant", "lephant", "dTplbGVwaGFudA", "ZWxlcGhhbnQ"] {
                assert!(!cleaned.contains(secret), "{echoed}: {cleaned}");
            }
        }
        assert_eq!(
            clean("a\"b\\c'd", r#"{"a":"a\"b\\c\u0027d"}"#),
            r#"{"a":"[redacted]"}"#
        );
        assert_eq!(clean("elephant", b"\xffelephant"), "\u{fffd}[redacted]");
    }

    #[test]
    fn what_holds_no_credential_is_not_touched() {
        let bytes = br#"{"a": 1.50, "a": "\/\ud83d\ude00", "b":"short"} "#;
        assert_eq!(clean("elephant", *bytes).as_bytes(), bytes);
        assert_eq!(clean("short", *bytes).as_bytes(), bytes);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, password in ".*") {
            let _ = Scrubber::new("u", &password.into()).clean(bytes);
        }

        #[test]
        fn an_echoed_password_never_reads_through(password in r#"[a-z\\"'&+/<é]{6,12}"#, text in ".*") {
            let body = serde_json::json!({"message": format!("{text}{password}")}).to_string();
            let value: Value = serde_json::from_str(&clean(&password, body)).unwrap();
            prop_assert!(!value["message"].as_str().unwrap().contains(&password));
        }
    }
}
