//! How many requests may be under way at once, how many may leave in a second, and when none may.
//! AIMD with full jitter, a circuit breaker, and a rate: the user's and the learnt one. Knows neither rows nor requests, and never sleeps.

use std::time::{Duration, Instant};

use super::growth::Growth;
use super::pace::{LearntRate, MOST, Pace};
use crate::http::retry;

/// Departures that were missed are caught up no further back than this.
const CAUGHT_UP: Duration = Duration::from_millis(100);
/// The same at a learnt rate, which may be that of a platform that takes no two requests at once.
const CAUGHT_UP_IF_LEARNT: Duration = Duration::from_millis(1);
/// When so many rows in a row have failed, or as many as there are connections at first, it is an outage.
const OUTAGE: u32 = 8;
/// How much the newest answer counts in the share of those that were throttled.
const WEIGHT: f64 = 0.01;

#[derive(Debug)]
pub struct Limiter {
    most: f64,
    limit: f64,
    growth: Growth,
    /// As many rows in a row that fail are an outage.
    outage: f64,
    in_flight: u32,
    rate: Option<f64>,
    pace: Pace,
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
    /// When this process was last resumed, if it was suspended.
    resumed: Option<Instant>,
    /// The share of requests that were throttled lately; all of them, until enough is known.
    throttled_share: f64,
    /// Answers in that share, of which the last ones count.
    answers: u32,
    /// Requests that were refused because there were too many, for all that is known.
    refused: u64,
}

impl Limiter {
    /// Allows so many requests at once, at first and at most, and so many in a second.
    pub fn new((first, most): (u32, u32), rate: Option<f64>) -> Self {
        let first = f64::from(first.max(1));
        Self {
            most: first,
            limit: first,
            growth: Growth::new(first, f64::from(most)),
            outage: first.max(f64::from(OUTAGE)),
            in_flight: 0,
            rate,
            pace: Pace::default(),
            next_departure: None,
            paused_until: None,
            last_decrease: None,
            slow_start_below: 1.0,
            pauses: 0,
            failures: 0,
            failing_since: None,
            resumed: None,
            throttled_share: 1.0,
            answers: 1,
            refused: 0,
        }
    }

    /// Whether nothing but the number of workers holds requests back.
    pub fn is_open(&self, now: Instant) -> bool {
        self.interval().is_none() && self.limit >= self.most && self.pause(now).is_none()
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
        let is_full = self.in_flight >= self.limit();
        let caught_up = match self.pace.rate() {
            Some(_) => CAUGHT_UP_IF_LEARNT,
            None => CAUGHT_UP,
        };
        // A late departure does not make the later ones late, but only a moment is caught up.
        let earliest = now.checked_sub(caught_up).unwrap_or(now);
        let due = self.next_departure.unwrap_or(now);
        self.pace.depart(now, is_full && due <= earliest);
        let due = due.max(earliest);
        self.next_departure = self
            .interval()
            .and_then(|interval| due.checked_add(interval));
    }

    /// The time between two departures, if there must be one.
    fn interval(&self) -> Option<Duration> {
        let rate = match (self.rate, self.pace.rate()) {
            (Some(most), Some(learnt)) => most.min(learnt),
            (rate, learnt) => rate.or(learnt)?,
        };
        Some(Duration::try_from_secs_f64(1.0 / rate).unwrap_or(Duration::MAX))
    }

    /// A request was accepted, whatever the answer was.
    pub fn accepted(&mut self, (departed, now): (Instant, Instant)) {
        self.in_flight -= 1;
        self.pace.accepted((departed, now));
        // More at once are of use only if nothing else holds requests back.
        if self.in_flight() >= self.limit() && self.limit >= self.most && !self.is_paced() {
            let took = now.saturating_duration_since(departed);
            self.most = self.growth.count(took, self.most);
            self.limit = self.most;
        }
        (self.pauses, self.failures, self.failing_since) = (0, 0, None);
        self.share(0.0);
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
            self.pace.is_away();
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
            self.share(1.0);
        }
        if !is_outage {
            self.refused += 1;
            if is_row_alone {
                return false;
            }
            let (is_many, was_paced) = (self.throttled_share >= self.pace.many(), self.is_paced());
            let is_away = self.pace.refused(times, self.throttled_share);
            // At a pace of which something is taken, the others need not wait as well.
            if !is_away && (!is_many || was_paced && self.throttled_share < MOST) {
                return false;
            }
            self.slow_down(times, self.limit / 2.0, random);
        }
        self.pause_for(times.1, retry_after.unwrap_or_default());
        true
    }

    /// Counts an answer in the share of those that were throttled: the mean of all, and later of the last ones.
    fn share(&mut self, throttled: f64) {
        self.answers = self.answers.saturating_add(1);
        let weight = (1.0 / f64::from(self.answers)).max(WEIGHT);
        self.throttled_share += (throttled - self.throttled_share) * weight;
    }

    /// Requests that left before the last pause was over do not decrease the limit again.
    fn slow_down(&mut self, (departed, now): (Instant, Instant), limit: f64, random: f64) {
        if self.paused_until.is_none_or(|until| departed >= until) {
            if self.pauses == 0 {
                self.slow_start_below = self.limit / 2.0;
            }
            self.limit = limit.max(1.0);
            self.last_decrease = Some(now);
            self.pauses = self.pauses.saturating_add(1);
            self.pause_for(now, retry::backoff(self.pauses, random));
        }
    }

    /// Lets nothing leave for so long.
    pub fn pause_for(&mut self, now: Instant, pause: Duration) {
        self.paused_until = self.paused_until.max(now.checked_add(pause));
    }

    /// A request failed for the sake of its row: what looked like an outage is none.
    pub fn failed_alone(&mut self) {
        self.in_flight -= 1;
        (self.pauses, self.failures, self.paused_until) = (0, 0, None);
    }

    /// A request did not leave.
    pub fn returned(&mut self) {
        self.in_flight -= 1;
    }

    /// Whether as many rows have failed in a row as no chance explains.
    pub fn is_outage(&self) -> bool {
        f64::from(self.failures) >= self.outage
    }

    /// Whether the run has come to a halt: an outage, or a second pause in a row.
    pub fn is_stuck(&self) -> bool {
        self.is_outage() || self.pauses > 1
    }

    /// Whether requests leave at a learnt rate.
    pub fn is_paced(&self) -> bool {
        self.pace.rate().is_some()
    }

    /// What was learnt of the rate that the platform takes, if that is known well enough to be told.
    pub fn learnt(&self) -> Option<LearntRate> {
        self.pace.learnt(self.refused)
    }

    /// When the first request left of those that failed since one was accepted.
    pub fn failing_since(&self) -> Option<Instant> {
        self.failing_since
            .map(|since| since.max(self.resumed.unwrap_or(since)))
    }

    /// This process was suspended until now: that time does not count as one in which nothing was accepted.
    pub fn resumed(&mut self, now: Instant) {
        self.resumed = Some(now);
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

    /// How many workers are of use.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "as above"
    )]
    pub fn workers(&self) -> u32 {
        self.most as u32
    }

    /// There are no more workers than this, and there will not be.
    pub fn has_only(&mut self, workers: u32) {
        self.most = f64::from(workers.max(1));
        self.limit = self.limit.min(self.most);
        self.growth = Growth::new(self.most, self.most);
    }

    /// How long nothing will be sent.
    pub fn pause(&self, now: Instant) -> Option<Duration> {
        let left = self.paused_until?.saturating_duration_since(now);
        Some(left).filter(|left| !left.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::collections::btree_map::OccupiedEntry;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const FIRST_PAUSE: Duration = Duration::from_millis(500);

    #[test]
    fn the_limit_halves_once_for_requests_that_left_together_and_grows_by_one_each_round() {
        let start = Instant::now();
        let mut limiter = Limiter::new((16, 16), None);
        (0..8).for_each(|_| limiter.depart(start));
        for _ in 0..8 {
            limiter.throttled((start, start + SECOND), false, false, None, 0.0);
        }
        assert_eq!((limiter.limit(), limiter.in_flight()), (8, 0));
        let later = start + 2 * SECOND;
        let mut succeed = |times| {
            for _ in 0..times {
                limiter.depart(later);
                limiter.accepted((later, later));
            }
            limiter.limit()
        };
        assert_eq!(succeed(9), 9);
        assert_eq!(succeed(1000), 16);
    }

    #[test]
    fn the_limit_is_never_below_one_and_no_more_leave_than_it_allows() {
        let mut now = Instant::now();
        let mut limiter = Limiter::new((4, 4), None);
        for _ in 0..9 {
            now += SECOND;
            limiter.depart(now);
            limiter.throttled((now, now), false, false, None, 0.0);
        }
        assert_eq!((limiter.limit(), limiter.is_open(now)), (1, false));
        assert!(limiter.opens_at(now).is_some());
        limiter.depart(now);
        assert_eq!(limiter.opens_at(now), None);
        limiter.returned();
        assert!(limiter.opens_at(now).is_some());
    }

    #[test]
    fn retry_after_pauses_all_and_is_never_less_than_the_backoff() {
        let now = Instant::now();
        let paused = |retry_after, random| {
            let mut limiter = Limiter::new((4, 4), None);
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
        let mut limiter = Limiter::new((4, 4), None);
        let mut pauses = Vec::new();
        for is_taken in [false, false, false, true, false] {
            now += 60 * SECOND;
            limiter.depart(now);
            if is_taken {
                limiter.accepted((now, now));
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
        let mut limiter = Limiter::new((8, 8), Some(200.0));
        let mut now = start;
        for _ in 0..60 {
            now = limiter.opens_at(now).unwrap();
            limiter.depart(now);
            limiter.accepted((now, now));
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
        let mut limiter = Limiter::new((16, 16), None);
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
        limiter.accepted((later, later));
        assert!(!limiter.is_outage());
    }

    #[test]
    fn few_throttled_requests_or_one_row_alone_slow_nobody_down() {
        let now = Instant::now();
        let throttled = |limiter: &mut Limiter, accepted, is_alone| {
            for _ in 0..accepted {
                limiter.depart(now);
                limiter.accepted((now, now));
            }
            limiter.depart(now);
            limiter.throttled((now, now), true, is_alone, None, 1.0)
        };
        let mut limiter = Limiter::new((4, 4), None);
        assert!(throttled(&mut limiter, 15, false), "too early for few");
        let mut limiter = Limiter::new((4, 4), None);
        assert!(!throttled(&mut limiter, 0, true));
        assert!(!throttled(&mut limiter, 200, false));
        assert!(!throttled(&mut limiter, 100, false));
        assert!(limiter.is_open(now));
        assert!((0..6).any(|_| throttled(&mut limiter, 0, false)));
        assert!(limiter.is_paced());
    }

    #[test]
    fn at_a_pace_of_which_something_is_taken_nobody_else_waits() {
        let now = Instant::now();
        let mut limiter = Limiter::new((4, 4), None);
        let mut throttled = |taken: u32, at| {
            (0..taken).for_each(|_| limiter.depart(at));
            (0..taken).for_each(|_| limiter.accepted((at, at)));
            limiter.depart(at);
            limiter.throttled((at, at), true, false, Some(SECOND), 1.0)
        };
        (0..3).for_each(|_| assert!(throttled(1, now)));
        assert!(throttled(0, now + 2 * SECOND), "nothing was taken");
        assert!(!throttled(9, now + 9 * SECOND));
    }

    /// A platform in virtual time: a token bucket, and rows that it always refuses.
    struct Simulation {
        connections: usize,
        seconds: f64,
        latency: f64,
        burst: f64,
        /// Requests in a second that are taken, by the second of the run.
        rate: fn(f64) -> f64,
        /// The share that is refused by chance.
        by_chance: f64,
        is_refused: fn(u64) -> bool,
    }

    impl Simulation {
        const FAST: f64 = 1e9;

        fn limited(burst: f64, rate: fn(f64) -> f64) -> Self {
            Self {
                connections: 16,
                seconds: 60.0,
                latency: 0.02,
                burst,
                rate,
                by_chance: 0.0,
                is_refused: |_| false,
            }
        }

        fn unlimited(connections: usize) -> Self {
            Self {
                connections,
                seconds: 30.0,
                ..Self::limited(Self::FAST, |_| Self::FAST)
            }
        }

        /// Returns how many requests were taken and how many refused.
        fn run(&self, seed: u64) -> (f64, f64) {
            let mut chance = fastrand::Rng::with_seed(seed);
            let connections = u32::try_from(self.connections).unwrap();
            let start = Instant::now();
            let mut limiter = Limiter::new((connections, connections), None);
            let (mut under_way, mut refused_rows) = (BTreeMap::new(), BTreeMap::new());
            let (mut row, mut now, mut taken, mut refused) = (0, 0.0, 0.0, 0.0);
            let (mut tokens, mut last, mut is_first) = (self.burst, 0.0, false);
            while now < self.seconds {
                let at = start + Duration::from_secs_f64(now);
                let mut wake = self.seconds;
                while under_way.len() < self.connections
                    && let Some(opens) = limiter.opens_at(at)
                {
                    if opens > at {
                        wake = (opens - start).as_secs_f64();
                        break;
                    }
                    // As the coordinator chooses.
                    is_first = if limiter.failing_since().is_some() {
                        !is_first
                    } else {
                        limiter.is_paced() && chance.f64() < 0.75
                    };
                    let due = refused_rows.first_entry();
                    let due = due.filter(|due| !is_first && *due.key() <= nanoseconds(now));
                    let (number, times, before) = due.map_or((row, 0, 0.0), OccupiedEntry::remove);
                    row += u64::from(times == 0);
                    limiter.depart(at);
                    // Threads and networks are never exact.
                    let arrives = now - 0.0003 * (1.0 - chance.f64()).ln();
                    let rate = (self.rate)(arrives);
                    tokens = self.burst.min(tokens + (arrives - last).max(0.0) * rate);
                    last = arrives.max(last);
                    let is_taken = tokens >= 1.0
                        && chance.f64() >= self.by_chance
                        && !(self.is_refused)(number);
                    tokens -= f64::from(u8::from(is_taken));
                    let back = arrives + self.latency * (0.9 + 0.2 * chance.f64());
                    under_way.insert((nanoseconds(back), number), (at, is_taken, times, before));
                }
                let next = under_way.first_key_value().map(|((at, _), _)| *at);
                now = next.map_or(wake, |next| seconds(next).min(wake)).max(now) + 1e-9;
                let at = start + Duration::from_secs_f64(now);
                while let Some(entry) = under_way.first_entry()
                    && entry.key().0 <= nanoseconds(now)
                {
                    let (_, number) = *entry.key();
                    let (departed, is_taken, times, before) = entry.remove();
                    if is_taken {
                        taken += 1.0;
                        limiter.accepted((departed, at));
                        continue;
                    }
                    refused += 1.0;
                    let is_alone = times > 0 && taken > before;
                    limiter.throttled((departed, at), times == 0, is_alone, None, chance.f64());
                    let wait = (0.5 * f64::from(1 << times.min(6))).min(20.0) * chance.f64();
                    refused_rows.insert(nanoseconds(now + wait), (number, times + 1, taken));
                }
            }
            (taken, refused)
        }

        /// Asserts, for several seeds, the share of `ideal` that is taken and the share that is refused.
        fn assert(&self, ideal: f64, least: f64, most_refused: f64) {
            for seed in 0..5 {
                let (taken, refused) = self.run(seed);
                let (share, of_all) = (taken / ideal, refused / (taken + refused));
                assert!(share >= least, "{seed}: {share:.3} of the ideal");
                assert!(of_all <= most_refused, "{seed}: {of_all:.3} refused");
            }
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a minute"
    )]
    fn nanoseconds(seconds: f64) -> u64 {
        (seconds * 1e9) as u64
    }

    #[expect(clippy::cast_precision_loss, reason = "a minute")]
    fn seconds(nanoseconds: u64) -> f64 {
        nanoseconds as f64 / 1e9
    }

    #[test]
    fn a_limit_without_any_burst_is_used_and_seldom_exceeded() {
        Simulation::limited(1.0, |_| 50.0).assert(3000.0, 0.85, 0.03);
        let slow = Simulation {
            latency: 0.005,
            ..Simulation::limited(1.0, |_| 50.0)
        };
        slow.assert(3000.0, 0.85, 0.03);
        Simulation::limited(1.0, |_| 5.0).assert(300.0, 0.75, 0.15);
    }

    #[test]
    fn a_limit_of_very_few_requests_is_seldom_exceeded() {
        Simulation::limited(1.0, |_| 2.0).assert(120.0, 0.65, 0.33);
    }

    #[test]
    fn a_limit_with_a_burst_is_used_whole() {
        Simulation::limited(50.0, |_| 50.0).assert(3050.0, 0.97, 0.05);
        Simulation::limited(5.0, |_| 50.0).assert(3005.0, 0.95, 0.05);
        let fast = Simulation {
            connections: 64,
            ..Simulation::limited(20.0, |_| 1000.0)
        };
        fast.assert(60_020.0, 0.9, 0.05);
    }

    #[test]
    fn a_limit_that_falls_and_rises_is_followed() {
        let rate = |second: f64| match second {
            ..20.0 => 200.0,
            ..40.0 => 20.0,
            _ => 100.0,
        };
        Simulation::limited(20.0, rate).assert(6420.0, 0.85, 0.05);
    }

    #[test]
    fn refusals_by_chance_slow_nobody_down() {
        for (by_chance, least) in [(0.01, 0.9), (0.03, 0.5), (0.05, 0.5)] {
            for connections in [16, 64] {
                let undisturbed = Simulation::unlimited(connections);
                let (ideal, _) = undisturbed.run(0);
                let disturbed = Simulation {
                    by_chance,
                    ..undisturbed
                };
                disturbed.assert(ideal, least, by_chance + 0.02);
            }
        }
    }

    #[test]
    fn rows_that_are_always_refused_slow_nobody_down() {
        let undisturbed = Simulation::unlimited(16);
        let (ideal, _) = undisturbed.run(0);
        let one = Simulation {
            is_refused: |row| row == 7,
            ..undisturbed
        };
        one.assert(ideal, 0.85, 0.02);
        let some = Simulation {
            is_refused: |row| row.is_multiple_of(100),
            ..one
        };
        some.assert(ideal, 0.5, 0.1);
        // All that is sent at first is refused, which tells of no rate; 5 s are short, and there is an outage in them.
        let first = Simulation {
            seconds: 5.0,
            latency: 0.005,
            is_refused: |row| row < 16 || row.is_multiple_of(100),
            ..some
        };
        let undisturbed = Simulation {
            is_refused: |_| false,
            ..first
        };
        first.assert(undisturbed.run(0).0, 0.5, 0.1);
    }
}
