//! How often to try again and how long to wait before it. Pure: it neither sleeps nor sends.

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};

/// The first wait is drawn from zero to this; the range doubles with each retry.
const FIRST: Duration = Duration::from_millis(500);
/// No drawn wait is longer than this, however many retries there were.
const LONGEST: Duration = Duration::from_secs(20);

/// How often a request is repeated.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Repetitions after the first attempt; 0 sends once.
    pub retries: u32,
}

impl Policy {
    /// The wait before the retry that follows `attempt` (1 is the first), or `None` if that was the last.
    ///
    /// Exponential with full jitter (`random` is in `0.0..1.0`), unless the server named a time: that one is kept exactly.
    #[must_use]
    pub fn wait(
        self,
        attempt: u32,
        retry_after: Option<Duration>,
        random: f64,
    ) -> Option<Duration> {
        if attempt > self.retries {
            return None;
        }
        if retry_after.is_some() {
            return retry_after;
        }
        let range = FIRST
            .saturating_mul(1 << (attempt - 1).min(16))
            .min(LONGEST);
        Some(range.mul_f64(random.clamp(0.0, 1.0)))
    }
}

/// Reads a `Retry-After` header: seconds, or an HTTP date compared with the server's own `Date` if it sent one.
///
/// A date in the past is zero. `None` if it is neither.
#[must_use]
pub fn parse_retry_after(
    value: &str,
    server_date: Option<&str>,
    now: Timestamp,
) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = parse_http_date(value)?;
    let from = server_date.and_then(parse_http_date).unwrap_or(now);
    Some(Duration::try_from(until.duration_since(from)).unwrap_or(Duration::ZERO))
}

/// Reads an HTTP date such as `Mon, 23 Nov 2026 10:00:00 GMT`.
#[must_use]
pub fn parse_http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new()
        .parse_timestamp(text.trim())
        .ok()
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
        assert_eq!(policy.wait(2, None, 1.0), Some(Duration::from_secs(1)));
        assert_eq!(policy.wait(3, asked, 0.5), None);
        assert_eq!(Policy { retries: 0 }.wait(1, asked, 0.5), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        let read = |value, date| parse_retry_after(value, date, now);
        assert_eq!(read("12", None), Some(Duration::from_secs(12)));
        assert_eq!(
            read("Mon, 23 Nov 2026 10:00:30 GMT", None),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            read(
                "Mon, 23 Nov 2026 10:00:30 GMT",
                Some("Mon, 23 Nov 2026 10:00:20 GMT")
            ),
            Some(Duration::from_secs(10))
        );
        assert_eq!(
            read("Mon, 23 Nov 2026 09:00:00 GMT", None),
            Some(Duration::ZERO)
        );
        assert_eq!(read("soon", None), None);
        assert_eq!(read("-3", None), None);
    }

    proptest! {
        #[test]
        fn a_drawn_wait_stays_within_its_range(attempt in 1u32..500, random in 0.0f64..1.0) {
            let wait = Policy { retries: u32::MAX }.wait(attempt, None, random).unwrap();
            prop_assert!(wait <= LONGEST);
        }

        #[test]
        fn no_header_makes_the_reader_panic(value in ".*", date in ".*") {
            let _ = parse_retry_after(&value, Some(&date), Timestamp::UNIX_EPOCH);
        }
    }
}
