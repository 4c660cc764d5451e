//! How many requests may be under way at once, how many may leave in a second, and when none may.
//! AIMD with full jitter, and a rate limit; knows neither rows nor requests, and never sleeps.

use std::time::{Duration, Instant};

/// The first pause without a `Retry-After` is drawn from zero to this; the range doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// No drawn pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);
/// Departures that were missed are caught up no further back than this.
const CAUGHT_UP: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub struct Limiter {
    most: f64,
    limit: f64,
    in_flight: u32,
    interval: Option<Duration>,
    next_departure: Option<Instant>,
    paused_until: Option<Instant>,
    last_decrease: Option<Instant>,
    /// Pauses in a row without a request that was taken.
    pauses: u32,
    /// When the first request left of those that came to nothing since one was taken.
    failing_since: Option<Instant>,
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
            pauses: 0,
            failing_since: None,
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

    /// A request was taken, whatever the answer was.
    pub fn accepted(&mut self, departed: Instant) {
        self.in_flight -= 1;
        self.pauses = 0;
        self.failing_since = None;
        if self.last_decrease.is_none_or(|at| departed > at) {
            self.limit = (self.limit + 1.0 / self.limit).min(self.most);
        }
    }

    /// A request was lost on the way: that tells nothing about the limit.
    pub fn lost(&mut self, departed: Instant) {
        self.in_flight -= 1;
        self.failing_since.get_or_insert(departed);
    }

    /// A request did not leave.
    pub fn returned(&mut self) {
        self.in_flight -= 1;
    }

    /// The platform takes no more for now. Requests that left before the last decrease do not decrease the limit again.
    ///
    /// `Retry-After` is a minimum. `random` is in `0.0..1.0`.
    pub fn throttled(
        &mut self,
        (departed, now): (Instant, Instant),
        retry_after: Option<Duration>,
        random: f64,
    ) {
        self.lost(departed);
        let mut pause = retry_after.unwrap_or_default();
        if self.last_decrease.is_none_or(|at| departed > at) {
            self.limit = (self.limit / 2.0).max(1.0);
            self.last_decrease = Some(now);
            let range = FIRST_PAUSE.saturating_mul(1 << self.pauses.min(16));
            pause = pause.max(range.min(LONGEST_PAUSE).mul_f64(random));
            self.pauses += 1;
        }
        self.paused_until = self.paused_until.max(now.checked_add(pause));
    }

    /// For how long requests have been sent and none was taken.
    pub fn failing(&self, now: Instant) -> Duration {
        self.failing_since
            .map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
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
            limiter.throttled((start, start + SECOND), None, 0.0);
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
            limiter.throttled((now, now), None, 0.0);
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
            limiter.throttled((now, now), retry_after, random);
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
                limiter.throttled((now, now), Some(Duration::ZERO), 1.0);
                pauses.extend(limiter.pause(now));
            }
        }
        assert_eq!(pauses, [1, 2, 4, 1].map(|times| FIRST_PAUSE * times));
        assert_eq!(limiter.failing(now + SECOND), SECOND);
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
}
