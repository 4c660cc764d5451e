//! Takes credentials out of text that is shown: traces, logs, messages. What is returned, compared or sent never comes here. Pure.

use std::borrow::Cow;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

/// Stands where a credential would.
pub const REDACTED: &str = "[redacted]";
/// A shorter password is redacted only where it is all that a text says: it could be a part of any other.
const SHORTEST_WORD: usize = 6;
/// A password of this length is in no text by chance.
const UNMISTAKABLE: usize = 16;

/// What does not stand in a URL as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The value of the `Authorization` header for a user name and a password.
pub fn basic(username: &str, password: &SecretString) -> SecretString {
    let pair = format!("{username}:{}", password.expose_secret());
    format!("Basic {}", BASE64_STANDARD.encode(pair)).into()
}

/// Knows credentials in the shapes in which they travel.
#[derive(Debug)]
pub struct Redactor {
    /// Shapes that no innocent text has.
    unmistakable: Vec<SecretString>,
    password: SecretString,
}

impl Redactor {
    pub fn new(username: &str, password: &SecretString) -> Self {
        let plain = password.expose_secret();
        let mut shapes = Vec::new();
        if !plain.is_empty() {
            // Without the padding it is found with and without it.
            shapes.push(BASE64_STANDARD_NO_PAD.encode(format!("{username}:{plain}")));
        }
        if plain.len() >= SHORTEST_WORD {
            shapes.push(BASE64_STANDARD_NO_PAD.encode(plain));
            let encoded = utf8_percent_encode(plain, RESERVED).to_string();
            shapes.extend(Some(encoded).filter(|encoded| encoded != plain));
        }
        if plain.len() >= UNMISTAKABLE {
            shapes.push(plain.to_owned());
        }
        Self {
            unmistakable: shapes.into_iter().map(SecretString::from).collect(),
            password: password.clone(),
        }
    }

    /// A text from elsewhere, as it may be quoted: neither a shape of the credentials nor the password as a word is left.
    pub fn text(&self, text: &str) -> String {
        let password = self.password.expose_secret();
        if !password.is_empty() && text.trim() == password {
            return REDACTED.to_owned();
        }
        let text = self.unmistakable(text);
        if password.len() < SHORTEST_WORD {
            return text.into_owned();
        }
        let mut shown = String::with_capacity(text.len());
        let mut rest = &*text;
        while let Some(at) = rest.find(password) {
            let (before, after) = (&rest[..at], &rest[at + password.len()..]);
            // What stands before may have been taken off already.
            let last = before.chars().next_back().or(shown.chars().next_back());
            let is_word = !continues(last) && !continues(after.chars().next());
            shown.push_str(before);
            shown.push_str(if is_word { REDACTED } else { password });
            rest = after;
        }
        shown.push_str(rest);
        shown
    }

    /// A JSON value from elsewhere, as it may be shown: every string in it, names of fields included.
    pub fn json(&self, value: Value) -> Value {
        match value {
            Value::String(text) => self.text(&text).into(),
            Value::Array(values) => values.into_iter().map(|value| self.json(value)).collect(),
            Value::Object(fields) => {
                let field = |(name, value): (String, Value)| (self.text(&name), self.json(value));
                fields.into_iter().map(field).collect()
            }
            other => other,
        }
    }

    /// Any text, without the shapes that no innocent text has.
    pub fn unmistakable<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut shown = Cow::Borrowed(text);
        for secret in &self.unmistakable {
            let secret = secret.expose_secret();
            if shown.contains(secret) {
                shown = shown.replace(secret, REDACTED).into();
            }
        }
        shown
    }
}

/// Tells whether a character beside a word makes it a part of a longer one.
fn continues(character: Option<char>) -> bool {
    character.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn redactor(password: &str) -> Redactor {
        Redactor::new("u", &password.into())
    }

    #[test]
    fn credentials_are_found_in_every_shape() {
        for echoed in [
            "elephant",
            "is \"elephant\".",
            "https://h.example/elephant?p=elephant",
            "Basic dTplbGVwaGFudA==",
            "xdTplbGVwaGFudAx",
            "ZWxlcGhhbnQ=",
        ] {
            let shown = redactor("elephant").text(echoed);
            assert!(shown.contains(REDACTED), "{shown}");
            for secret in ["elephant", "dTplbGVwaGFudA", "ZWxlcGhhbnQ"] {
                assert!(!shown.contains(secret), "{echoed}: {shown}");
            }
        }
        assert_eq!(
            redactor("p@ss/word").text("?p%40ss%2Fword&"),
            "?[redacted]&"
        );
        let long = redactor("elephant-notepad-dancer");
        assert_eq!(long.text("xelephant-notepad-dancerx"), "x[redacted]x");
    }

    #[test]
    fn a_password_within_a_word_is_innocent() {
        for innocent in ["ent-sandbox-9", "sandbox_u1", "sandboxes", "SANDBOX"] {
            assert_eq!(redactor("sandbox").text(innocent), innocent);
        }
        assert_eq!(redactor("sandbox").unmistakable("a sandbox"), "a sandbox");
    }

    #[test]
    fn a_short_password_is_redacted_as_a_whole_and_in_base64_alone() {
        let short = redactor("abcde");
        assert_eq!(short.text("abcde"), REDACTED);
        assert_eq!(short.text("no abcde here"), "no abcde here");
        assert_eq!(short.text("Basic dTphYmNkZQ=="), "Basic [redacted]==");
        assert_eq!(redactor("").text("u:"), "u:");
    }

    proptest! {
        #[test]
        fn an_echoed_password_never_reads_through(password in r#"[a-z\\"'&+/<é]{6,20}"#, before in "(.* )?", after in "( .*)?") {
            let echo = serde_json::json!({"a": [format!("{before}{password}{after}")], password.clone(): 1});
            let shown = redactor(&password).json(echo);
            for text in [shown["a"][0].as_str().unwrap(), shown.as_object().unwrap().keys().next_back().unwrap()] {
                let is_whole = |word: &str| word == password;
                prop_assert!(!text.split(' ').any(is_whole), "{}", text);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in ".*", password in ".*") {
            let _ = redactor(&password).text(&text);
        }
    }
}
