//! The values of requests as people write them: ids, URLs, dates, reasons. Pure; flags, files and rows are read by the same rules.

use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;
use url::Url;

use crate::hidden::is_hidden;

/// The longest id, in bytes. Bango documents none, so this one is inferred: a URL with more than this, percent-encoded, no server takes.
const LONGEST_TEXT: usize = 4096;

/// Checks the text of an id or key: not empty, not endless, no control character, and not a path step. Says what is wrong, without the name of the thing.
pub fn check_text(text: &str) -> Result<(), &'static str> {
    if text.trim().is_empty() {
        Err("is empty")
    } else if has_control(text) {
        Err("contains a control character")
    } else if text.len() > LONGEST_TEXT {
        Err("is longer than 4096 bytes")
    } else if matches!(text, "." | "..") {
        Err("cannot be a path step")
    } else {
        Ok(())
    }
}

fn has_control(text: &str) -> bool {
    // Most texts are ASCII, and quickly looked through.
    text.bytes().any(|byte| byte.is_ascii_control())
        || (!text.is_ascii() && text.chars().any(char::is_control))
}

/// Reads an id, a key or a name.
pub fn id(text: &str) -> Result<String, String> {
    check_text(text)?;
    check_visible(text).map_err(|why| format!("it {why}"))?;
    Ok(text.to_owned())
}

/// Refuses what nobody sees: with it an id would be somebody else's, or nobody's.
pub fn check_visible(text: &str) -> Result<(), &'static str> {
    // Most are plain, and quickly known to be.
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    if text.trim() != text {
        Err("begins or ends with a blank")
    } else if text.chars().any(is_hidden) {
        Err("contains an invisible character")
    } else {
        Ok(())
    }
}

/// Reads the URL that Bango is to notify. It is sent exactly as given.
pub fn notification_url(text: &str) -> Result<String, String> {
    let absolute = "it must be an absolute URL such as https://reseller.example/bango";
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err("it contains a space or a control character".to_owned());
    }
    let url = Url::parse(text).map_err(|_| absolute)?;
    let spelt_out = text
        .get(url.scheme().len()..)
        .is_some_and(|rest| rest.starts_with("://"));
    if matches!(url.scheme(), "http" | "https") && url.has_host() && spelt_out {
        Ok(text.to_owned())
    } else {
        Err(absolute.to_owned())
    }
}

/// Reads an ISO 8601 date or time and returns it in UTC with `Z`. A date is its first moment in UTC.
pub fn expiry(text: &str) -> Result<String, String> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time.to_string());
    }
    let is_time = text.contains(['T', 't', ' ', ':']);
    match text.parse::<Date>() {
        Ok(date) if !is_time => Ok(format!("{date}T00:00:00Z")),
        _ if Pieces::parse(text).is_ok_and(|pieces| pieces.date().year() == 9999) => {
            Err("it is too late; for \"never\" give the date alone: 9999-12-31".to_owned())
        }
        _ if text.parse::<DateTime>().is_ok() => {
            Err("it has no time zone; add Z for UTC, or an offset such as +02:00".to_owned())
        }
        _ => Err(
            "it must be an ISO 8601 date or time such as 2027-01-31 or 2027-01-31T12:00:00Z"
                .to_owned(),
        ),
    }
}

/// Reads a date or time of a record: ISO 8601, with or without fractions of a second. A date is its first moment, and what names no zone is in UTC.
pub fn moment(text: &str) -> Option<Timestamp> {
    let zoned = text.parse::<Timestamp>().ok();
    zoned.or_else(|| {
        let local = text.parse::<DateTime>().ok()?;
        Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })
}

/// The reasons for ending an entitlement, from Bango's newer list, with their meaning in our words.
#[rustfmt::skip]
pub const END_REASONS: &[(&str, &str)] = &[
    ("CUSTOMER_CANCELLED/NOT_RENEWED", "the customer did not renew"),
    ("CUSTOMER_CANCELLED/CHANGED_SERVICE", "the customer changed to another service"),
    ("CUSTOMER_CANCELLED/SUBSCRIPTION_CANCELLED", "the customer cancelled the subscription"),
    ("CUSTOMER_CANCELLED/ADDON_CANCELLED", "the customer cancelled an add-on"),
    ("CUSTOMER_CANCELLED/EXPIRED", "the service ran out"),
    ("CUSTOMER_CANCELLED/OTHER", "the customer ended it for another reason"),
    ("REVOKED/ACCOUNT_TERMINATED", "the customer's account was closed"),
    ("REVOKED/SUSPEND_TERMINATED", "ended after a suspension"),
    ("REVOKED/ERROR", "given in error"),
    ("REVOKED/FRAUD", "fraud"),
    ("REVOKED/IMMEDIATE_CANCELLATION", "cancelled with immediate effect"),
    ("REVOKED/OTHER", "taken away for another reason"),
];

/// Why an entitlement ends: Bango's category and code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The category, such as `CUSTOMER_CANCELLED`.
    pub category: String,
    /// The code within it, such as `NOT_RENEWED`.
    pub code: String,
}

impl Reason {
    /// Reads `CATEGORY/CODE`. Bango's list may grow, so any pair of words is taken.
    pub fn parse(text: &str) -> Result<Self, String> {
        let is_word = |text: &str| {
            !text.is_empty()
                && !text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '/')
        };
        match text.split_once('/') {
            Some((category, code)) if is_word(category) && is_word(code) => Ok(Self {
                category: category.to_owned(),
                code: code.to_owned(),
            }),
            _ => Err("must be CATEGORY/CODE, such as CUSTOMER_CANCELLED/NOT_RENEWED".to_owned()),
        }
    }

    /// Tells whether Bango's newer list has it.
    pub fn is_listed(&self) -> bool {
        is_listed_reason(&self.category, &self.code)
    }

    /// The listed reason that this one is but for a slip of the hand; nothing if it is listed, or like none.
    pub fn slip_of(&self) -> Option<Self> {
        if self.is_listed() {
            return None;
        }
        let name = self.to_string().to_ascii_uppercase();
        let names = END_REASONS.iter().map(|(known, _)| *known);
        // A distance takes its time, and a million rows may have a reason of their own.
        let of_like_length = names.filter(|known| known.len().abs_diff(name.len()) < 3);
        let distances =
            of_like_length.map(|known| (strsim::damerau_levenshtein(known, &name), known));
        let (distance, nearest) = distances.min()?;
        (distance < 3).then(|| Self::parse(nearest).ok())?
    }
}

/// Tells whether Bango's newer list has a reason of this category and code.
pub fn is_listed_reason(category: &str, code: &str) -> bool {
    let mut known = END_REASONS.iter().map(|(known, _)| known.split_once('/'));
    known.any(|known| known == Some((category, code)))
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.category, self.code)
    }
}

/// Reads a whole number.
pub fn number<T: TryFrom<u64>>(text: &str) -> Result<T, String> {
    let number: Option<u64> = text.parse().ok();
    let largest = u64::MAX >> (64 - 8 * size_of::<T>());
    number
        .and_then(|number| number.try_into().ok())
        .ok_or_else(|| format!("it must be a whole number from 0 to {largest}"))
}

/// Reads an address of this machine to listen on.
pub fn ip_address(text: &str) -> Result<IpAddr, &'static str> {
    text.parse()
        .map_err(|_| "it must be an IP address such as 127.0.0.1, ::1 or 0.0.0.0")
}

/// Reads a time such as `60`, `90s`, `2m` or `1h 30m`; a bare number is seconds.
pub fn duration(text: &str) -> Result<Duration, String> {
    let explain = || "it must be a time such as 60, 90s or 2m, more than zero".to_owned();
    let time = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => text
            .parse::<jiff::SignedDuration>()
            .ok()
            .and_then(|time| Duration::try_from(time).ok())
            .ok_or_else(explain)?,
    };
    let a_year = Duration::from_secs(366 * 24 * 3600);
    if time.is_zero() || time > a_year {
        Err(explain())
    } else {
        Ok(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_are_checked() {
        let longest = "a".repeat(4096);
        assert!(check_text("cust-1").is_ok() && check_text(&longest).is_ok());
        let endless = longest + "a";
        for bad in [
            "",
            "  ",
            "a\nb",
            "a\u{1b}b",
            "a\u{85}b",
            ".",
            "..",
            &endless,
            " a",
            "a\u{a0}",
            "a\u{200b}b",
        ] {
            assert!(id(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn dates_and_times_become_utc() {
        for (given, sent) in [
            ("2027-01-31", "2027-01-31T00:00:00Z"),
            ("9999-12-31", "9999-12-31T00:00:00Z"),
            ("2027-01-31T12:00:00Z", "2027-01-31T12:00:00Z"),
            ("2027-01-31T12:00:00+02:00", "2027-01-31T10:00:00Z"),
            ("2027-01-31T12:00:00.5Z", "2027-01-31T12:00:00.5Z"),
            ("20270131T120000Z", "2027-01-31T12:00:00Z"),
        ] {
            assert_eq!(expiry(given).as_deref(), Ok(sent), "{given}");
        }
        for bad in [
            "",
            "tomorrow",
            "2027-02-30",
            "2027-01-31T12:00",
            "31.01.2027",
            "2027-01-31T25:00:00Z",
        ] {
            assert!(expiry(bad).is_err(), "{bad}");
        }
        for late in ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59+00:00"] {
            assert!(expiry(late).unwrap_err().contains("9999-12-31"), "{late}");
        }
    }

    #[test]
    fn one_moment_has_many_spellings() {
        let expected = moment("2031-01-31T00:00:00Z");
        for same in [
            "2031-01-31",
            "2031-01-31T00:00:00",
            "2031-01-31T00:00:00.000Z",
            "2031-01-31T01:00:00+01:00",
        ] {
            assert_eq!(moment(same), expected, "{same}");
        }
        assert_ne!(moment("2031-01-31T00:00:00.001Z"), expected);
        assert_eq!(moment("soon"), None);
    }

    #[test]
    fn notification_urls_are_absolute_http() {
        for good in ["https://r.example/bango?id=1", "http://r.example:8080/"] {
            assert!(notification_url(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "/bango",
            "r.example/bango",
            "ftp://r.example",
            "https://",
            "https:r.example",
            "https://r.example/a b",
            "mailto:x@y.example",
        ] {
            assert!(notification_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_reason_is_a_pair_of_words() {
        let slip_of = |text| Reason::parse(text).unwrap().slip_of();
        for text in [
            "CUSTOMER_CANCELED/NOT_RENEWED",
            "customer_cancelled/not_renewed",
            "CUSTOMER_CANCELLED/NOT_RENEWD",
        ] {
            assert_eq!(
                slip_of(text).unwrap().to_string(),
                "CUSTOMER_CANCELLED/NOT_RENEWED"
            );
        }
        for text in [
            "REVOKED/FRAUD",
            "REVOKED/ERROR",
            "REVOKED/OTHER",
            "REVOKED/NON_PAYMENT",
            "ACTIVATION_ROLLBACK/X",
        ] {
            assert_eq!(slip_of(text), None, "{text}");
        }
        let reason = Reason::parse("REVOKED/FRAUD").unwrap();
        assert_eq!(reason.to_string(), "REVOKED/FRAUD");
        for bad in ["", "REVOKED", "/FRAUD", "REVOKED/", "A/B/C", "A /B"] {
            assert!(Reason::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_a_reader_panic(text in ".*") {
            let _ = (id(&text), expiry(&text), notification_url(&text), Reason::parse(&text));
        }
    }
}
