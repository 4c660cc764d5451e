//! Reads the values of flags that become body fields: JSON and fields of other names.

use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::{Map, Value};

use crate::api::types::{self, Status, field};
pub use crate::api::value::{expiry, id, notification_url};
use crate::api::{check_text, json};
use crate::ending::Ending;
use crate::terminal::unless_interrupted;

/// Data kept with an entitlement is read up to this size, in bytes.
const LARGEST_DATA: u64 = 1 << 20;

/// Reads `--extension-data`: JSON text, `@file`, or `-` for standard input; an object or a string.
fn extension_data(given: &OsStr) -> Result<Value, Ending> {
    let read_from = |path: PathBuf, origin: &str| {
        read(
            path,
            &format!("the extension data cannot be read from {origin}"),
        )
    };
    let (text, origin) = match (given.to_str(), path_behind_at(given)) {
        (Some("-"), _) => {
            let origin = "standard input".to_owned();
            (read_from(given.into(), &origin)?, origin)
        }
        (_, Some(path)) => {
            let origin = path.to_string_lossy().into_owned();
            (read_from(path, &origin)?, origin)
        }
        (Some(text), _) => (text.to_owned(), "--extension-data".to_owned()),
        (None, None) => return Err(Ending::usage("the extension data is not UTF-8")),
    };
    match json::read_own(&text) {
        Ok(value @ (Value::Object(_) | Value::String(_))) => Ok(value),
        Ok(_) => Err(Ending::usage(format!(
            "the extension data from {origin} is neither a JSON object nor a JSON string"
        ))
        .next("--field extensionData:=JSON sends any other value")),
        Err(why) => Err(
            Ending::usage(format!("the extension data from {origin} {why}"))
                .next("it is one JSON object, or a text with quotes of its own: '\"text\"'"),
        ),
    }
}

/// The path in `@PATH`, whatever its bytes.
fn path_behind_at(given: &OsStr) -> Option<PathBuf> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        let path = given.as_bytes().strip_prefix(b"@")?;
        Some(OsStr::from_bytes(path).into())
    }
    #[cfg(not(unix))]
    Some(given.to_str()?.strip_prefix('@')?.into())
}

/// Reads ids from a file, one on each line, or from standard input if its name is `-`.
pub fn ids(path: &Path) -> Result<Vec<String>, Ending> {
    let name = path.display();
    let text = read(path.to_owned(), &format!("{name} cannot be read"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.is_empty());
    let read = |(line, number): (&str, u32)| {
        id(line).map_err(|why| Ending::usage(format!("{name}, line {number}: {why}")))
    };
    let ids: Vec<_> = lines.map(read).collect::<Result<_, _>>()?;
    if ids.is_empty() {
        return Err(Ending::usage(format!("{name} has no line")));
    }
    Ok(ids)
}

/// Reads a JSON object from a file, or from standard input if its name is `-`.
pub fn object(path: &Path) -> Result<Map<String, Value>, Ending> {
    let name = path.display();
    let text = read(path.to_owned(), &format!("{name} cannot be read"))?;
    match json::read_own(&text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Ending::usage(format!("{name} is not a JSON object"))),
        Err(why) => Err(Ending::usage(format!("{name} {why}"))),
    }
}

/// Reads a file, or standard input if its name is `-`, until an interrupt.
fn read(path: PathBuf, what: &str) -> Result<String, Ending> {
    let read = unless_interrupted(move || {
        if path.as_os_str() == "-" {
            read_all(std::io::stdin())
        } else {
            std::fs::File::open(path).and_then(read_all)
        }
    });
    read.flatten().map_err(|e| match e.kind() {
        std::io::ErrorKind::Interrupted => Ending::interrupted(),
        _ => Ending::usage(format!("{what}: {e}")),
    })
}

fn read_all(from: impl Read) -> std::io::Result<String> {
    let mut text = String::new();
    from.take(LARGEST_DATA + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST_DATA {
        return Err(std::io::Error::other("it is larger than 1 MiB"));
    }
    Ok(text)
}

/// The body of a create or an update: texts, `--extension-data` and `--field`.
pub fn body<const N: usize>(
    texts: [(&str, Option<String>); N],
    data: Option<&OsStr>,
    fields: Vec<Field>,
) -> Result<Map<String, Value>, Ending> {
    let mut body = types::body(texts.map(|(name, text)| (name, text.map(Value::from))));
    if let Some(data) = data {
        body.insert(field::EXTENSION_DATA.to_owned(), extension_data(data)?);
    }
    add(&mut body, fields)?;
    Ok(body)
}

/// Reads a status that is one of these, in any case.
pub fn status(known: &'static [Status]) -> impl TypedValueParser<Value = Status> {
    let names = PossibleValuesParser::new(known.iter().map(|status| status.as_str()));
    names.try_map(|name| Status::parse(&name.to_ascii_uppercase()).ok_or("is no status"))
}

pub fn columns<const N: usize>(names: [&'static str; N]) -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(names)
}

/// A body field that this tool has no flag for: `name=text` or `name:=json`.
#[derive(Debug, Clone)]
pub struct Field {
    name: String,
    value: Value,
}

impl Field {
    pub fn is(&self, name: &str) -> bool {
        self.name == name
    }
}

pub fn name_and_value(text: &str) -> Result<Field, String> {
    let form = "it must be name=text or name:=json";
    let (name, value) = text.split_once('=').ok_or(form)?;
    let (name, value) = match name.strip_suffix(':') {
        Some(name) => (
            name,
            json::read_own(value).map_err(|why| format!("the value {why}"))?,
        ),
        None => (name, Value::from(value)),
    };
    check_text(name).map_err(|why| format!("the name {why}; {form}"))?;
    Ok(Field {
        name: name.to_owned(),
        value,
    })
}

pub fn add(body: &mut Map<String, Value>, fields: Vec<Field>) -> Result<(), Ending> {
    for Field { name, value } in fields {
        if body.contains_key(&name) {
            return Err(Ending::usage(format!(
                "--field {name} names a field that is already set"
            )));
        }
        body.insert(name, value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fields_are_text_or_json() {
        assert_eq!(name_and_value("a=1").unwrap().value, Value::from("1"));
        assert_eq!(name_and_value("a:=1").unwrap().value, serde_json::json!(1));
        assert_eq!(
            name_and_value("a=b=c:=d").unwrap().value,
            Value::from("b=c:=d")
        );
        for bad in ["", "a", "=1", ":=1", "a:=x", "a:={"] {
            assert!(name_and_value(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_a_reader_panic(text in ".*") {
            let _ = name_and_value(&text);
        }
    }
}
