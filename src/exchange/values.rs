//! Dates and statuses as files spell them, by what they mean, and texts as Bango reads them. Pure.

use std::borrow::Cow;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

use crate::api::types::Status;
use crate::tables::windows_1252;

/// What a date must be.
const EXPECTED: &str = "is no date such as 24/11/2026 04:00:00 or 2026-11-24T04:00:00Z";

/// From when seconds are counted. Civil time, because 9999-12-31, which stands for never, is later than any timestamp.
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// Reads a date: `dd/MM/yyyy HH:mm:ss` or ISO 8601, in UTC unless it says otherwise, as seconds since 1970. Nothing is no date.
///
/// Fractions of a second are left out: reports have none.
pub fn date(text: &str) -> Result<Option<i64>, String> {
    if text.is_empty() || text == "NULL" {
        return Ok(None);
    }
    let seconds = usual_date(text.as_bytes()).or_else(|| {
        let time = text.parse::<Timestamp>().ok()?;
        Some(time.as_second() - i64::from(time.subsec_nanosecond() < 0))
    });
    match seconds {
        Some(seconds) => Ok(Some(seconds)),
        None => Err(format!("{text:?} {EXPECTED}")),
    }
}

/// A date in one of the usual forms, and nothing else.
pub fn usual_date(text: &[u8]) -> Option<i64> {
    let number = |from: usize, length: usize| {
        let digits = text.get(from..from + length)?;
        digits.iter().try_fold(0_i16, |sum, digit| {
            digit
                .is_ascii_digit()
                .then(|| sum * 10 + i16::from(digit - b'0'))
        })
    };
    let is = |at: usize, byte: u8| text.get(at) == Some(&byte);
    let (year, month, day) = if is(2, b'/') && is(5, b'/') {
        (number(6, 4)?, number(3, 2)?, number(0, 2)?)
    } else if is(4, b'-') && is(7, b'-') {
        (number(0, 4)?, number(5, 2)?, number(8, 2)?)
    } else {
        return None;
    };
    let (hour, minute, second) = match text.get(10..)? {
        [] => (0, 0, 0),
        [b'T' | b't' | b' ', ..] if is(13, b':') && is(16, b':') => {
            (number(11, 2)?, number(14, 2)?, number(17, 2)?)
        }
        _ => return None,
    };
    let rest = match text.get(19..).unwrap_or_default() {
        [b'.', fraction @ ..] => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit());
            let count = digits.count();
            (count > 0).then_some(&fraction[count..])?
        }
        rest => rest,
    };
    if !matches!(rest, [] | [b'Z' | b'z']) {
        return None;
    }
    let byte = |number: i16| i8::try_from(number).ok();
    let (month, day, hour) = (byte(month)?, byte(day)?, byte(hour)?);
    let time = DateTime::new(year, month, day, hour, byte(minute)?, byte(second)?, 0).ok()?;
    Some(time.duration_since(EPOCH).as_secs())
}

/// A moment as ISO 8601 in UTC.
pub fn iso(seconds: i64) -> String {
    moment(seconds).map_or_else(String::new, |time| format!("{time}Z"))
}

/// A moment as reports spell it: `dd/MM/yyyy HH:mm:ss` in UTC.
pub fn in_report(seconds: i64) -> String {
    moment(seconds).map_or_else(String::new, |time| {
        time.strftime("%d/%m/%Y %H:%M:%S").to_string()
    })
}

fn moment(seconds: i64) -> Option<DateTime> {
    EPOCH.checked_add(SignedDuration::from_secs(seconds)).ok()
}

/// Reads a status however it is spelt: `Active-Ending`, `ACTIVE_ENDING`, `active ending`. `None` is one that Bango has not documented.
pub fn status(text: impl AsRef<[u8]>) -> Option<Status> {
    let text = text.as_ref();
    let is_same = |status: &Status| {
        let name = status.as_str().as_bytes();
        name.len() == text.len()
            && name.iter().zip(text).all(|(a, b)| {
                *a == b.to_ascii_uppercase() || (*a == b'-' && matches!(b, b'_' | b' '))
            })
    };
    let found = Status::DOCUMENTED.into_iter().find(is_same);
    let is_american = text.eq_ignore_ascii_case(b"canceled");
    found.or(is_american.then_some(Status::Cancelled))
}

/// A status as Bango's reports spell it.
pub const fn spelt(status: Status) -> &'static str {
    match status {
        Status::Pending => "Pending",
        Status::Active => "Active",
        Status::ActiveEnding => "Active-Ending",
        Status::Suspended => "Suspended",
        Status::Cancelled => "Cancelled",
        Status::Revoked => "Revoked",
        Status::Failed => "Failed",
    }
}

/// A status by what it means: two spellings of one are equal, also of one that Bango has not documented.
pub fn status_key(text: &str) -> String {
    status(text).map_or_else(
        || text.to_ascii_uppercase(),
        |status| status.as_str().to_owned(),
    )
}

/// Whether an entitlement in this status is over.
pub fn is_ended(status: Status) -> bool {
    matches!(status, Status::Cancelled | Status::Revoked)
}

/// A cell of one of Bango's files: in Windows-1252, unless UTF-8 is wanted; or which character it has not.
pub fn encoded(text: &str, is_utf8: bool) -> Result<Vec<u8>, String> {
    if is_utf8 {
        return Ok(text.as_bytes().to_vec());
    }
    let bytes = windows_1252(text).map_err(|strange| {
        format!("{text:?} has {strange:?}, which Windows-1252 has not; --utf-8 writes UTF-8, if Bango agrees")
    });
    bytes.map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_are_read_by_meaning() {
        let expected = "2026-11-24T04:05:06Z"
            .parse::<Timestamp>()
            .unwrap()
            .as_second();
        for text in [
            "24/11/2026 04:05:06",
            "2026-11-24T04:05:06Z",
            "2026-11-24T04:05:06",
            "2026-11-24 04:05:06",
            "2026-11-24T04:05:06.789Z",
            "2026-11-24T06:05:06+02:00",
            "2026-11-24T04:05:06.5-00:00",
        ] {
            assert_eq!(date(text), Ok(Some(expected)), "{text}");
        }
        assert_eq!(iso(expected), "2026-11-24T04:05:06Z");
        let midnight = date("2026-11-24T00:00:00Z");
        assert_eq!(
            (date("2026-11-24"), date("24/11/2026")),
            (midnight.clone(), midnight)
        );
        assert_eq!((date(""), date("NULL")), (Ok(None), Ok(None)));
        let never = date("31/12/9999 00:00:00").unwrap().unwrap();
        assert_eq!(iso(never), "9999-12-31T00:00:00Z");
        assert_eq!(in_report(never), "31/12/9999 00:00:00");
    }

    #[test]
    fn dates_that_cannot_be_are_refused() {
        for text in [
            "31/02/2026 00:00:00",
            "12/24/2026 00:00:00",
            "24/11/2026 24:00:00",
            "2026-13-01",
            "2026-11-24T04:05",
            "24.11.2026",
            "tomorrow",
            "2026-11-24T04:05:06.Z",
        ] {
            assert!(date(text).is_err(), "{text}");
        }
    }

    #[test]
    fn statuses_are_read_by_meaning() {
        for text in [
            "Active-Ending",
            "ACTIVE_ENDING",
            "active ending",
            "ACTIVE-ENDING",
        ] {
            assert_eq!(status(text), Some(Status::ActiveEnding), "{text}");
        }
        assert_eq!(status("Canceled"), Some(Status::Cancelled));
        assert_eq!(status("Paused"), None);
        assert_eq!(status_key("Paused"), status_key("PAUSED"));
    }

    proptest! {
        #[test]
        fn every_spelling_of_a_moment_is_the_same(seconds in 0_i64..4_000_000_000) {
            let text = iso(seconds);
            let (day, time) = text.trim_end_matches('Z').split_once('T').unwrap();
            let day: Vec<_> = day.split('-').collect();
            let other = format!("{}/{}/{} {time}", day[2], day[1], day[0]);
            prop_assert_eq!(date(&text), Ok(Some(seconds)));
            prop_assert_eq!(date(&other), Ok(Some(seconds)));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}") {
            let _ = (date(&text), status(&text));
        }
    }
}
