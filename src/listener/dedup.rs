//! Which notifications are repetitions, and which come late: two LRU maps of digests. Bounded memory; it knows no file.

use std::num::NonZeroUsize;

use jiff::{SignedDuration, Timestamp};
use lru::LruCache;

use super::reading::{Reading, digest};

/// How many notifications, and how many entitlements, are remembered.
pub const CAPACITY: NonZeroUsize = NonZeroUsize::new(100_000).unwrap();
/// How far the sender's clock may be ahead of this one.
const LEEWAY: SignedDuration = SignedDuration::from_mins(5);

/// What a notification is beside those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DedupVerdict {
    /// It says something new.
    New,
    /// It says something new about an older state than the latest that was told of its entitlement.
    Late,
    /// It says something new with a date that has not come yet, which makes no other one late.
    FromTheFuture,
    /// It has been here before.
    Repeated,
}

/// The notifications received so far.
#[derive(Debug)]
pub struct Dedup {
    contents: LruCache<u128, ()>,
    /// The latest `dateLastUpdated` of each entitlement.
    latest: LruCache<u128, Timestamp>,
}

impl Dedup {
    /// Remembers so many, and none yet.
    pub fn new(capacity: NonZeroUsize) -> Self {
        // Made with a capacity they would take their memory at once.
        let (mut contents, mut latest) = (LruCache::unbounded(), LruCache::unbounded());
        contents.resize(capacity);
        latest.resize(capacity);
        Self { contents, latest }
    }

    /// Judges a notification that was received then, and remembers it.
    ///
    /// It is a repetition if it was sent to the same place with the same content, whatever the order of its fields and the
    /// white space between them. Without a readable `dateLastUpdated` it is never late.
    pub fn judge(&mut self, received: Timestamp, target: &str, reading: &Reading) -> DedupVerdict {
        let id = reading.summary.entitlement_id();
        let id = id.map(|id| digest(&[id.as_bytes()]));
        let date = reading.summary.date_last_updated();
        let content = digest(&[target.as_bytes(), &reading.digest.to_be_bytes()]);
        if self.contents.put(content, ()).is_some() {
            return DedupVerdict::Repeated;
        }
        let (Some(id), Some(date)) = (id, date) else {
            return DedupVerdict::New;
        };
        if date.duration_since(received) > LEEWAY {
            return DedupVerdict::FromTheFuture;
        }
        let latest = self.latest.peek(&id).copied().unwrap_or(date);
        self.latest.put(id, latest.max(date));
        if date < latest {
            DedupVerdict::Late
        } else {
            DedupVerdict::New
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TEN: NonZeroUsize = NonZeroUsize::new(10).unwrap();

    fn judge(dedup: &mut Dedup, target: &str, text: &str) -> DedupVerdict {
        let received = "2026-11-23T04:01:00Z".parse().unwrap();
        dedup.judge(received, target, &Reading::new(text.as_bytes()).unwrap())
    }

    fn notification(entitlement: u8, second: u8, reason: u8) -> String {
        let date = format!("2026-11-23T04:00:{second:02}Z");
        let (id, reason) = (format!("e{entitlement}"), format!("R{reason}"));
        json!({"entitlementId": id, "dateLastUpdated": date, "reason": reason}).to_string()
    }

    #[test]
    fn the_same_content_for_the_same_place_is_a_repetition_in_any_order_and_spacing() {
        let mut dedup = Dedup::new(TEN);
        let first = r#"{"a":1,"b":{"c":2,"d":3}}"#;
        assert_eq!(judge(&mut dedup, "/", first), DedupVerdict::New);
        let again = "{ \"b\": {\"d\":3, \"c\":2},\n \"a\":1 }";
        assert_eq!(judge(&mut dedup, "/", again), DedupVerdict::Repeated);
        let other = r#"{"a":1,"b":{"c":2,"d":4}}"#;
        assert_eq!(judge(&mut dedup, "/", other), DedupVerdict::New);
        assert_eq!(judge(&mut dedup, "/elsewhere", first), DedupVerdict::New);
    }

    #[test]
    fn older_is_late_and_equal_or_undated_is_not() {
        let mut dedup = Dedup::new(TEN);
        let undated = r#"{"entitlementId":"e1"}"#.to_owned();
        for (text, expected) in [
            (notification(1, 5, 0), DedupVerdict::New),
            (notification(1, 4, 0), DedupVerdict::Late),
            (notification(1, 5, 1), DedupVerdict::New),
            (notification(2, 1, 0), DedupVerdict::New),
            (undated, DedupVerdict::New),
        ] {
            assert_eq!(judge(&mut dedup, "/", &text), expected, "{text}");
        }
    }

    #[test]
    fn a_date_from_the_future_makes_no_other_one_late() {
        let mut dedup = Dedup::new(TEN);
        let dated = |date: &str| format!(r#"{{"entitlementId":"e1","dateLastUpdated":"{date}"}}"#);
        for (date, expected) in [
            ("9999-12-30T00:00:00Z", DedupVerdict::FromTheFuture),
            ("2026-11-23T04:06:01Z", DedupVerdict::FromTheFuture),
            ("2026-11-23T04:00:00Z", DedupVerdict::New),
            ("2026-11-23T04:06:00Z", DedupVerdict::New),
            ("2026-11-23T04:00:01Z", DedupVerdict::Late),
        ] {
            assert_eq!(judge(&mut dedup, "/", &dated(date)), expected, "{date}");
        }
    }

    #[test]
    fn so_many_are_remembered_and_those_that_came_last() {
        let mut dedup = Dedup::new(TEN);
        let mut judge = |entitlement, second| {
            let text = notification(entitlement, second, 0);
            super::tests::judge(&mut dedup, "/", &text)
        };
        assert_eq!(judge(0, 5), DedupVerdict::New);
        for other in 1..10 {
            assert_eq!(judge(other, 5), DedupVerdict::New);
        }
        assert_eq!(judge(0, 5), DedupVerdict::Repeated);
        assert_eq!(judge(0, 4), DedupVerdict::Late);
        assert_eq!(judge(10, 5), DedupVerdict::New);
        assert_eq!(judge(1, 4), DedupVerdict::New, "forgotten");
        assert_eq!(judge(0, 5), DedupVerdict::Repeated, "used since");
    }
}
