//! The readers of what others send or wrote, each with what must hold for any bytes: for the fuzz targets and for a property test.

#![expect(
    clippy::missing_panics_doc,
    reason = "to panic is how a reader says that something does not hold"
)]

use std::io::Write as _;

use jiff::Timestamp;

use crate::api::{BaseUrl, Notification};
use crate::batch::{Format, Input, RowAction, RowParser, Shape, read_journal};
use crate::http::retry;
use crate::terminal::safe_url;

/// A reader: it takes anything, and panics if what it reads is not as it must be.
pub type Reader = fn(&[u8]);

/// The readers by the names of their fuzz targets.
pub const READERS: [(&str, Reader); 5] = [
    ("url", url),
    ("date", date),
    ("notification", notification),
    ("rows", rows),
    ("journal", journal),
];

/// A URL from a server, a base URL, a path below one: none leads where it must not.
pub fn url(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for api_is_here in [false, true] {
        if let Ok(url) = safe_url(&text, api_is_here) {
            assert!(url.scheme() == "https" || (api_is_here && url.scheme() == "http"));
            assert!(url.username().is_empty() && url.host().is_some());
            assert!(!url.as_str().contains(|c: char| c.is_control() || c == ' '));
        }
    }
    if let Ok(base) = BaseUrl::parse(&text) {
        assert!(base.is_https() || base.is_loopback());
    }
    if let Ok(base) = BaseUrl::parse(BaseUrl::DOCUMENTED)
        && let Ok(url) = base.resolve(&text)
    {
        assert!(url.as_str().starts_with("https://resale.api.bango.net/v1/"));
    }
}

/// `Retry-After` and HTTP dates: a wait is never negative and never longer than a year.
pub fn date(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = retry::parse_http_date(&text);
    if let Some(wait) = retry::parse_retry_after(&text, Timestamp::UNIX_EPOCH) {
        assert!(wait.as_secs() <= 365 * 24 * 3600);
    }
}

/// The body of a notification: what is read is what was sent.
pub fn notification(bytes: &[u8]) {
    let Ok(read) = Notification::read(bytes) else {
        return;
    };
    let _ = (read.reason(), read.entitlement_id(), read.status());
    let _ = read.date_last_updated();
    let again = serde_json::to_vec(&read.body).ok();
    let again = again.and_then(|bytes| Notification::read(&bytes).ok());
    assert_eq!(again, Some(read));
}

/// The rows of a batch, as CSV and as JSON lines: reading comes to an end, and has seen every byte.
pub fn rows(bytes: &[u8]) {
    let parser = RowParser {
        action: RowAction::Create,
        defaults: Vec::new(),
    };
    for format in [Format::Csv, Format::JsonLines] {
        let shape = Shape {
            extra_fields: true,
            ..Shape::of(format)
        };
        let Ok(input) = Input::keep(bytes, &std::env::temp_dir(), shape) else {
            continue;
        };
        let Ok(mut pass) = input.pass(&parser) else {
            continue;
        };
        while let Ok(Some(_)) = pass.next_row() {}
        if let Ok(seen) = pass.finish() {
            // What is compressed or in UTF-16 is seen as the text that it is.
            let is_plain = !matches!(
                bytes,
                [0x1f, 0x8b, ..] | [0xff, 0xfe, ..] | [0xfe, 0xff, ..]
            );
            assert!(!is_plain || seen.bytes == bytes.len() as u64);
        }
    }
}

/// The journal of a batch.
pub fn journal(bytes: &[u8]) {
    if let Ok(mut file) = tempfile::NamedTempFile::new()
        && file.write_all(bytes).is_ok()
    {
        let _ = read_journal(file.path());
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::READERS;

    /// The inputs from which fuzzing begins, too.
    fn seeds(name: &str) -> Vec<Vec<u8>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
        let files = std::fs::read_dir(folder.join(name)).unwrap();
        let read = |file: std::io::Result<std::fs::DirEntry>| std::fs::read(file.unwrap().path());
        files.map(|file| read(file).unwrap()).collect()
    }

    #[test]
    fn every_seed_is_read_as_it_must_be() {
        for (name, reader) in READERS {
            let seeds = seeds(name);
            assert!(seeds.len() > 2, "{name} has few seeds");
            for seed in seeds {
                reader(&seed);
            }
        }
    }

    #[test]
    fn every_reader_has_a_fuzz_target() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
        for (name, _) in READERS {
            let target = std::fs::read_to_string(folder.join(format!("{name}.rs"))).unwrap();
            assert!(target.contains(&format!("readers::{name}(")), "{name}");
        }
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), READERS.len());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_change_of_a_seed_makes_a_reader_fail(
            number: prop::sample::Index,
            at: prop::sample::Index,
            length in 0usize..8,
            put: Vec<u8>,
        ) {
            for (name, reader) in READERS {
                let seeds = seeds(name);
                let mut bytes = number.get(&seeds).clone();
                let start = at.index(bytes.len() + 1);
                let end = (start + length).min(bytes.len());
                bytes.splice(start..end, put.iter().copied());
                reader(&bytes);
            }
        }
    }
}
