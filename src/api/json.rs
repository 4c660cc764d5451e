//! JSON as it is met: what others send is read leniently, what this user gives is held to be unambiguous. Pure.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::Value;
use serde_json::error::Category;

/// Reads what another has sent: a byte order mark is passed over; where strict reading fails, bytes that are no UTF-8 and halves of
/// a surrogate pair become U+FFFD, and bare control characters in strings are taken as they are.
pub fn read(bytes: &[u8]) -> serde_json::Result<Value> {
    read_by(bytes, |bytes| serde_json::from_slice(&harmless(bytes)))
}

/// The name that the reader uses itself for numbers: an object with it would be read as a number, or not at all.
const PRIVATE: &str = "$serde_json::private::";

/// The bytes with that name changed by a letter.
fn harmless(bytes: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memmem::find(bytes, PRIVATE.as_bytes()).is_none() {
        return bytes.into();
    }
    let text = String::from_utf8_lossy(bytes);
    let text = text.replace(PRIVATE, "$serde_json::private_::");
    text.into_bytes().into()
}

/// The same by another strict reader.
pub fn read_by<T>(
    bytes: &[u8],
    strictly: fn(&[u8]) -> serde_json::Result<T>,
) -> serde_json::Result<T> {
    let bytes = without_mark(bytes);
    strictly(bytes).or_else(|strict| {
        let text = mended(&String::from_utf8_lossy(bytes));
        strictly(text.as_bytes()).map_err(|_| strict)
    })
}

/// The text after a byte order mark, which some programs put before UTF-8.
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Why a text could not be read as JSON, as the rest of a sentence about it.
pub fn fault(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Eof => "is not JSON: it ends too early".to_owned(),
        Category::Data => "is not a JSON object of the kind that is expected here".to_owned(),
        _ if line > 1 => format!("is not JSON from line {line}, column {column} on"),
        _ => format!("is not JSON from column {column} on"),
    }
}

/// Reads what this user gives. A field that stands twice in one object is refused: only one of the two could be sent.
pub fn read_own(text: &str) -> Result<Value, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains(&PRIVATE[1..]) {
        return Err(format!(
            "has a field {PRIVATE}, which this tool cannot send"
        ));
    }
    let value = serde_json::from_str(text).map_err(|e| fault(&e))?;
    match repeated(text) {
        Some(place) => Err(format!("has the field {place} twice")),
        None => Ok(value),
    }
}

/// The text with every string in it made readable.
fn mended(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = split_at(rest, '"') {
        let (string, after) = from.split_at(string_length(from));
        mended.push_str(before);
        mended.push_str(&readable(string));
        rest = after;
    }
    mended + rest
}

fn split_at(text: &str, mark: char) -> Option<(&str, &str)> {
    text.find(mark).map(|at| text.split_at(at))
}

/// The length of the string that a text begins with, both quotation marks included.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !is_escaped => return at + 1,
            b'\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    text.len()
}

/// A string with bare control characters escaped, and halves of surrogate pairs replaced.
fn readable(string: &str) -> String {
    let mut readable = String::with_capacity(string.len());
    let mut rest = string;
    while let Some(first) = rest.chars().next() {
        let mut length = first.len_utf8();
        let mut part = Cow::Borrowed(&rest[..length]);
        if first == '\\' {
            let is_pair = matches!(surrogate(rest), Some(0xd800..=0xdbff))
                && matches!(rest.get(6..).and_then(surrogate), Some(0xdc00..=0xdfff));
            let is_half = !is_pair && surrogate(rest).is_some();
            let second = rest.chars().nth(1).map_or(0, char::len_utf8);
            length = match (is_pair, is_half) {
                (true, _) => 12,
                (_, true) => 6,
                _ => 1 + second,
            };
            part = if is_half { "\\ufffd" } else { &rest[..length] }.into();
        } else if first < ' ' {
            part = format!("\\u{:04x}", u32::from(first)).into();
        }
        readable.push_str(&part);
        rest = &rest[length..];
    }
    readable
}

/// The surrogate that a text begins with, as an escape.
fn surrogate(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let unit = u16::from_str_radix(digits, 16).ok()?;
    (0xd800..=0xdfff).contains(&unit).then_some(unit)
}

/// Where an object of a valid text has a field twice, such as `a.b`.
pub fn repeated(text: &str) -> Option<String> {
    // For each object or list that is open: its names so far and the last of them; a list has none.
    let mut open: Vec<(HashSet<String>, String)> = Vec::new();
    let mut rest = text;
    let mut is_name = false;
    while let Some(at) = rest.find(['"', '{', '[', '}', ']', ',']) {
        let token = &rest[at..];
        let mut length = 1;
        match token.as_bytes()[0] {
            b'{' | b'[' => open.push(Default::default()),
            b'}' | b']' => drop(open.pop()),
            b'"' => {
                length = string_length(token);
                is_name = token[length..].trim_start().starts_with(':');
            }
            _ => {}
        }
        if is_name && let Some((names, last)) = open.last_mut() {
            *last = serde_json::from_str(&token[..length]).ok()?;
            if !names.insert(last.clone()) {
                let path: Vec<_> = open.into_iter().map(|(_, last)| last).collect();
                return Some(path.join("."));
            }
        }
        is_name = false;
        rest = &token[length..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn what_others_cut_or_spell_badly_is_read() {
        for (sent, read_as) in [
            (&br#"{"a":"party \ud83c"}"#[..], "party \u{fffd}"),
            (
                br#"{"a":"\udf89\ud83c\udf89\\ud83c"}"#,
                "\u{fffd}\u{1f389}\\ud83c",
            ),
            (b"\xef\xbb\xbf{\"a\":\"Caf\xe9\"}", "Caf\u{fffd}"),
            (b"{\"a\":\"a\tb\\\"\\u0041\"}", "a\tb\"A"),
        ] {
            assert_eq!(read(sent).unwrap()["a"], read_as);
        }
        for bad in [&b"{"[..], b"{\"a\":\"\\ud83c}", b"\"\\x\"", b"", b"<html>"] {
            assert!(read(bad).is_err());
        }
    }

    #[test]
    fn a_field_that_is_given_twice_is_refused_with_its_place() {
        for (text, place) in [
            (r#"{"a":1,"a":2}"#, "a"),
            (r#"{"a":[{"b":{"c":1, "\u0063" : 2}}]}"#, "a..b.c"),
            (r#"{"a\"":"x","a\"":"a"}"#, "a\""),
        ] {
            let why = read_own(text).unwrap_err();
            assert_eq!(why, format!("has the field {place} twice"));
        }
        let fine =
            "\u{feff}{\"a\":{\"a\":\"a\"},\"b\":[{\"a\":1},{\"a\":1}],\"c\":\"\\\"a\\\":{\"}";
        assert!(read_own(fine).is_ok());
    }

    #[test]
    fn the_readers_own_name_for_numbers_makes_no_number_of_an_object() {
        for value in ["\"7\"", "\"a\"", "[1]"] {
            let text = format!("{{\"n\":1E5,\"x\":{{\"{PRIVATE}Number\":{value}}}}}");
            let read = read(text.as_bytes()).unwrap();
            assert_eq!(read["n"].to_string(), "1e+5");
            assert!(read["x"]["$serde_json::private_::Number"].is_string() || value == "[1]");
            assert!(read_own(&text).unwrap_err().contains("cannot send"));
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60), text in r#"["\\u{}:,d8c0a\[\]]{0,40}"#) {
            let _ = (read(&bytes), read(text.as_bytes()), read_own(&text));
        }

        #[test]
        fn what_is_valid_is_read_as_it_is(text in ".*", name in ".*") {
            let value = json!({name: [text, {"x": 1.50}]});
            prop_assert_eq!(read_own(&value.to_string()), Ok(value.clone()));
            prop_assert_eq!(serde_json::from_str::<Value>(&mended(&value.to_string())).unwrap(), value);
        }
    }
}
