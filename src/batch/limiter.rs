//! How many requests may be under way at once, how many may leave in a second, and when none may.
//! AIMD with full jitter, a circuit breaker, and a rate limit; knows neither rows nor requests, and never sleeps.

use std::time::{Duration, Instant};

/// The first pause without a `Retry-After` is drawn from zero to this; the range doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// No drawn pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);
/// Departures that were missed are caught up no further back than this.
const CAUGHT_UP: Duration = Duration::from_millis(100);
/// When so many rows in a row have failed, or as many as there are connections, it is an outage.
const OUTAGE: u32 = 8;
/// How much the newest answer counts in the share of those that were throttled.
const WEIGHT: f64 = 0.02;
/// A smaller share of throttled requests delays their rows alone.
const MANY: f64 = 0.05;

#[derive(Debug)]
pub struct Limiter {
    most: f64,
    limit: f64,
    in_flight: u32,
    interval: Option<Duration>,
    next_departure: Option<Instant>,
    paused_until: Option<Instant>,
    last_decrease: Option<Instant>,
    /// Below this the limit grows by one with each request that is accepted, above it with each round of them.
    slow_start_below: f64,
    /// Pauses in a row without a request that was accepted.
    pauses: u32,
    /// Rows in a row that failed, whatever the cause, since a request was accepted.
    failures: u32,
    /// When the first request left of those that failed since one was accepted.
    failing_since: Option<Instant>,
    /// The share of requests that were throttled lately; all of them, until enough is known.
    throttled_share: f64,
}

impl Limiter {
    /// Allows so many requests at once, and so many in a second.
    pub fn new(concurrency: u32, rate: Option<f64>) -> Self {
        let most = f64::from(concurrency.max(1));
        let interval = |rate: f64| Duration::try_from_secs_f64(1.0 / rate).unwrap_or(Duration::MAX);
        Self {
            most,
            limit: most,
            in_flight: 0,
            interval: rate.map(interval),
            next_departure: None,
            paused_until: None,
            last_decrease: None,
            slow_start_below: 1.0,
            pauses: 0,
            failures: 0,
            failing_since: None,
            throttled_share: 1.0,
        }
    }

    /// Whether nothing but the number of workers holds requests back.
    pub fn is_open(&self, now: Instant) -> bool {
        self.interval.is_none() && self.limit >= self.most && self.pause(now).is_none()
    }

    /// When the next request may leave; `None` if another has to come back first.
    pub fn opens_at(&self, now: Instant) -> Option<Instant> {
        let times = [self.paused_until, self.next_departure];
        let is_free = self.in_flight < self.limit() || self.is_open(now);
        is_free.then(|| times.into_iter().flatten().fold(now, Instant::max))
    }

    /// Counts a request that leaves, or is put where a worker takes it.
    pub fn depart(&mut self, now: Instant) {
        self.in_flight += 1;
        if let Some(interval) = self.interval {
            // A late departure does not make the later ones late, but only a moment is caught up.
            let earliest = now.checked_sub(CAUGHT_UP).unwrap_or(now);
            let due = self.next_departure.unwrap_or(now).max(earliest);
            self.next_departure = due.checked_add(interval);
        }
    }

    /// A request was accepted, whatever the answer was.
    pub fn accepted(&mut self, departed: Instant) {
        self.in_flight -= 1;
        (self.pauses, self.failures, self.failing_since) = (0, 0, None);
        self.throttled_share -= self.throttled_share * WEIGHT;
        if self.last_decrease.is_none_or(|at| departed > at) {
            let is_slow_start = self.limit < self.slow_start_below;
            let more = if is_slow_start { 1.0 } else { 1.0 / self.limit };
            self.limit = (self.limit + more).min(self.most);
        }
    }

    /// A request failed. That concerns its row alone, unless so many rows have failed in a row that it is an outage: then
    /// all wait, and one at a time finds out whether it is over. `random` is in `0.0..1.0`.
    pub fn failed(&mut self, times: (Instant, Instant), is_new_row: bool, random: f64) -> bool {
        self.in_flight -= 1;
        self.failing_since.get_or_insert(times.0);
        self.failures += u32::from(is_new_row);
        if self.is_outage() {
            self.slow_down(times, 1.0, random);
        }
        self.is_outage()
    }

    /// The platform takes no more for now; all slow down, unless it is few requests that are throttled, or one row alone.
    pub fn throttled(
        &mut self,
        times: (Instant, Instant),
        is_new_row: bool,
        is_row_alone: bool,
        retry_after: Option<Duration>,
        random: f64,
    ) -> bool {
        let is_outage = self.failed(times, is_new_row, random);
        if !is_row_alone {
            self.throttled_share += (1.0 - self.throttled_share) * WEIGHT;
        }
        if !is_outage && (is_row_alone || self.throttled_share < MANY) {
            return false;
        }
        self.slow_down(times, self.limit / 2.0, random);
        self.pause_for(times.1, retry_after.unwrap_or_default());
        true
    }

    /// Requests that left before the last pause was over do not decrease the limit again.
    fn slow_down(&mut self, (departed, now): (Instant, Instant), limit: f64, random: f64) {
        if self.paused_until.is_none_or(|until| departed >= until) {
            if self.pauses == 0 {
                self.slow_start_below = self.limit / 2.0;
            }
            self.limit = limit.max(1.0);
            self.last_decrease = Some(now);
            let range = FIRST_PAUSE.saturating_mul(1 << self.pauses.min(16));
            self.pauses += 1;
            self.pause_for(now, range.min(LONGEST_PAUSE).mul_f64(random));
        }
    }

    /// Lets nothing leave for so long.
    pub fn pause_for(&mut self, now: Instant, pause: Duration) {
        self.paused_until = self.paused_until.max(now.checked_add(pause));
    }

    /// A request did not leave.
    pub fn returned(&mut self) {
        self.in_flight -= 1;
    }

    /// Whether as many rows have failed in a row as no chance explains.
    pub fn is_outage(&self) -> bool {
        f64::from(self.failures) >= self.most.max(f64::from(OUTAGE))
    }

    /// Whether the run has come to a halt: an outage, or a second pause in a row.
    pub fn is_stuck(&self) -> bool {
        self.is_outage() || self.pauses > 1
    }

    /// When the first request left of those that failed since one was accepted.
    pub fn failing_since(&self) -> Option<Instant> {
        self.failing_since
    }

    /// Requests that have left and not come back.
    pub fn in_flight(&self) -> u32 {
        self.in_flight
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the limit is between 1 and the concurrency"
    )]
    pub fn limit(&self) -> u32 {
        self.limit as u32
    }

    /// How long nothing will be sent.
    pub fn pause(&self, now: Instant) -> Option<Duration> {
        let left = self.paused_until?.saturating_duration_since(now);
        Some(left).filter(|left| !left.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_limit_halves_once_for_requests_that_left_together_and_grows_by_one_each_round() {
        let start = Instant::now();
        let mut limiter = Limiter::new(16, None);
        (0..8).for_each(|_| limiter.depart(start));
        for _ in 0..8 {
            limiter.throttled((start, start + SECOND), false, false, None, 0.0);
        }
        assert_eq!((limiter.limit(), limiter.in_flight()), (8, 0));
        let later = start + 2 * SECOND;
        let mut succeed = |times| {
            for _ in 0..times {
                limiter.depart(later);
                limiter.accepted(later);
            }
            limiter.limit()
        };
        assert_eq!(succeed(9), 9);
        assert_eq!(succeed(1000), 16);
    }

    #[test]
    fn the_limit_is_never_below_one_and_no_more_leave_than_it_allows() {
        let mut now = Instant::now();
        let mut limiter = Limiter::new(4, None);
        for _ in 0..9 {
            now += SECOND;
            limiter.depart(now);
            limiter.throttled((now, now), false, false, None, 0.0);
        }
        assert_eq!((limiter.limit(), limiter.is_open(now)), (1, false));
        assert_eq!(limiter.opens_at(now), Some(now));
        limiter.depart(now);
        assert_eq!(limiter.opens_at(now), None);
        limiter.returned();
        assert_eq!(limiter.opens_at(now), Some(now));
    }

    #[test]
    fn retry_after_pauses_all_and_is_never_less_than_the_backoff() {
        let now = Instant::now();
        let paused = |retry_after, random| {
            let mut limiter = Limiter::new(4, None);
            limiter.depart(now);
            limiter.throttled((now, now), false, false, retry_after, random);
            limiter.opens_at(now).unwrap() - now
        };
        assert_eq!(paused(Some(SECOND), 1.0), SECOND);
        assert_eq!(paused(Some(Duration::ZERO), 1.0), FIRST_PAUSE);
        assert_eq!(paused(None, 0.5), FIRST_PAUSE / 2);
    }

    #[test]
    fn the_backoff_doubles_until_a_request_is_taken() {
        let mut now = Instant::now();
        let mut limiter = Limiter::new(4, None);
        let mut pauses = Vec::new();
        for is_taken in [false, false, false, true, false] {
            now += 60 * SECOND;
            limiter.depart(now);
            if is_taken {
                limiter.accepted(now);
            } else {
                limiter.throttled((now, now), false, false, Some(Duration::ZERO), 1.0);
                pauses.extend(limiter.pause(now));
            }
        }
        assert_eq!(pauses, [1, 2, 4, 1].map(|times| FIRST_PAUSE * times));
        assert_eq!(limiter.failing_since(), Some(now));
    }

    #[test]
    fn the_rate_is_kept_on_average() {
        let start = Instant::now();
        let mut limiter = Limiter::new(8, Some(200.0));
        let mut now = start;
        for _ in 0..60 {
            now = limiter.opens_at(now).unwrap();
            limiter.depart(now);
            limiter.accepted(now);
        }
        assert_eq!(now - start, Duration::from_millis(59 * 5));
        let late = now + 60 * SECOND;
        let at_once = (0..60).filter(|_| {
            let is_open = limiter.opens_at(late) == Some(late);
            limiter.depart(late);
            limiter.returned();
            is_open
        });
        assert_eq!(at_once.count(), 21, "only a tenth of a second is caught up");
    }

    #[test]
    fn an_outage_of_any_kind_lets_one_request_find_out_whether_it_is_over() {
        let start = Instant::now();
        let mut limiter = Limiter::new(16, None);
        (0..16).for_each(|_| limiter.depart(start));
        let failed = (0..16).map(|_| limiter.failed((start, start), true, 1.0));
        let outages: Vec<_> = failed.collect();
        assert_eq!(outages, [&[false; 15][..], &[true]].concat());
        assert_eq!(
            (limiter.limit(), limiter.pause(start)),
            (1, Some(FIRST_PAUSE))
        );
        let later = start + SECOND;
        limiter.depart(later);
        assert!(limiter.opens_at(later).is_none(), "one at a time");
        assert!(limiter.failed((later, later), false, 1.0));
        assert_eq!(limiter.pause(later), Some(2 * FIRST_PAUSE));
        limiter.depart(later);
        limiter.accepted(later);
        assert!(!limiter.is_outage());
    }

    #[test]
    fn few_throttled_requests_or_one_row_alone_slow_nobody_down() {
        let now = Instant::now();
        let mut limiter = Limiter::new(4, None);
        let mut throttled = |accepted, is_alone| {
            for _ in 0..accepted {
                limiter.depart(now);
                limiter.accepted(now);
            }
            limiter.depart(now);
            limiter.throttled((now, now), true, is_alone, None, 1.0)
        };
        assert!(throttled(20, false), "too early to call it few");
        assert!(!throttled(0, true));
        assert!(!throttled(200, false));
        assert!(!throttled(100, false));
        assert!(throttled(0, false) || throttled(0, false) || throttled(0, false));
    }
}
