//! How often to try again and how long to wait before it. It neither sleeps nor sends.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::{rfc2822, strtime};
use jiff::tz::TimeZone;

/// The first wait is drawn from zero to this; the range doubles with each retry.
const FIRST: Duration = Duration::from_millis(500);
/// No drawn wait is longer than this, however many retries there were.
const LONGEST: Duration = Duration::from_secs(20);

/// What a server asks for that is longer than this, or longer than a number can hold, is this: nobody waits for it.
const VERY_LONG: Duration = Duration::from_secs(365 * 24 * 3600);

#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Repetitions after the first attempt; 0 sends once.
    pub retries: u32,
}

impl Policy {
    /// The wait before the retry that follows `attempt` (1 is the first), or `None` if that was the last.
    ///
    /// Exponential backoff with full jitter (`random` is in `0.0..1.0`); what the server asks for is a minimum.
    pub fn wait(
        self,
        attempt: u32,
        retry_after: Option<Duration>,
        random: f64,
    ) -> Option<Duration> {
        if attempt > self.retries {
            return None;
        }
        Some(backoff(attempt, random).max(retry_after.unwrap_or_default()))
    }

    /// A wait that is drawn and ends within the time that is left. The server may ask for any, so it is never added to anything.
    pub fn draw(
        self,
        attempt: u32,
        retry_after: Option<Duration>,
        left: Duration,
    ) -> Option<Duration> {
        let wait = self.wait(attempt, retry_after, fastrand::f64());
        wait.filter(|wait| *wait < left)
    }
}

/// The wait after so many failures in a row (1 is the first).
pub fn backoff(failures: u32, random: f64) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let range = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    range.mul_f64(random.clamp(0.0, 1.0))
}

/// Reads a `Retry-After` header: seconds, or a date compared with `now`, which is the server's clock if it told it.
///
/// A date in the past is zero. `None` if it is neither.
pub fn parse_retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        let wait = value.parse().map_or(VERY_LONG, Duration::from_secs);
        return Some(wait.min(VERY_LONG));
    }
    let until = parse_http_date(value)?;
    let wait = Duration::try_from(until.duration_since(now)).unwrap_or_default();
    Some(wait.min(VERY_LONG))
}

/// Reads an HTTP date in one of its three forms, such as `Mon, 23 Nov 2026 10:00:00 GMT`. One after the last that a
/// clock can show is the last.
pub fn parse_http_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = rfc2822::DateTimeParser::new().parse_timestamp(text) {
        return Some(time);
    }
    let forms = [
        "%a, %d %b %Y %H:%M:%S GMT",
        "%A, %d-%b-%y %H:%M:%S GMT",
        "%a %b %e %H:%M:%S %Y",
    ];
    let read = |form| strtime::parse(form, text).ok()?.to_datetime().ok();
    let time = forms.into_iter().find_map(read)?;
    let last = Timestamp::MAX;
    Some(
        time.to_zoned(TimeZone::UTC)
            .map_or(last, |time| time.timestamp()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_server_is_obeyed_and_the_count_is_kept() {
        let policy = Policy { retries: 2 };
        let asked = Some(Duration::from_secs(7));
        assert_eq!(policy.wait(1, asked, 0.5), asked);
        let drawn = Some(Duration::from_millis(250));
        assert_eq!(policy.wait(1, Some(Duration::ZERO), 0.5), drawn);
        assert_eq!(policy.wait(2, None, 1.0), Some(Duration::from_secs(1)));
        assert_eq!(policy.wait(3, asked, 0.5), None);
        assert_eq!(Policy { retries: 0 }.wait(1, asked, 0.5), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        let read = |value| parse_retry_after(value, now);
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        for date in [
            "Mon, 23 Nov 2026 10:00:30 GMT",
            "Monday, 23-Nov-26 10:00:30 GMT",
            "Mon Nov 23 10:00:30 2026",
        ] {
            assert_eq!(read(date), seconds(30), "{date}");
        }
        assert_eq!(read("12"), seconds(12));
        assert_eq!(read("Sun Nov  1 09:00:00 2026"), seconds(0));
        for never in [
            "99999999999999999999",
            "18446744073709551615",
            "Fri, 31 Dec 9999 23:59:59 GMT",
        ] {
            assert_eq!(read(never), Some(VERY_LONG), "{never}");
        }
        for neither in ["", "soon", "-3", "1.5", "Mon, 23 Nov 2026"] {
            assert_eq!(read(neither), None, "{neither}");
        }
    }

    proptest! {
        #[test]
        fn a_drawn_wait_stays_within_its_range(attempt in 1u32..500, random in 0.0f64..1.0) {
            let wait = Policy { retries: u32::MAX }.wait(attempt, None, random).unwrap();
            prop_assert!(wait <= LONGEST);
        }

        #[test]
        fn no_header_makes_the_reader_panic(value in ".*") {
            let _ = parse_retry_after(&value, Timestamp::UNIX_EPOCH);
        }
    }
}
