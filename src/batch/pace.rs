//! How fast: how many requests may be under way at once, how many may leave in a second, and when none may.
//! Additive increase, multiplicative decrease; knows neither rows nor requests.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The first pause without a `Retry-After` is drawn from zero to this; the range doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// No drawn pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);
/// How often a waiting thread looks whether it is to stop.
const GLANCE: Duration = Duration::from_millis(100);

/// The pace of a run; all its threads share it.
#[derive(Debug)]
pub struct Pace {
    state: Mutex<State>,
    changed: Condvar,
    most: f64,
    interval: Option<Duration>,
}

#[derive(Debug)]
struct State {
    limit: f64,
    in_flight: u32,
    paused_until: Option<Instant>,
    last_decrease: Option<Instant>,
    /// Pauses in a row without a request that was taken.
    pauses: u32,
    next_departure: Option<Instant>,
    /// When the platform last took a request.
    last_taken: Instant,
}

/// The right to have one request under way.
#[derive(Debug)]
pub struct Permit {
    departed: Instant,
}

/// The pace at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Gauge {
    /// Requests under way.
    pub in_flight: u32,
    /// Requests that may be under way.
    pub limit: u32,
    /// How long nothing will be sent.
    pub pause: Option<Duration>,
}

impl Pace {
    /// A pace of at most so many requests at once, and so many in a second.
    #[must_use]
    pub fn new(concurrency: u32, rate: Option<f64>) -> Self {
        let most = f64::from(concurrency.max(1));
        Self {
            state: Mutex::new(State {
                limit: most,
                in_flight: 0,
                paused_until: None,
                last_decrease: None,
                pauses: 0,
                next_departure: None,
                last_taken: Instant::now(),
            }),
            changed: Condvar::new(),
            most,
            interval: rate.map(|rate| Duration::from_secs_f64(1.0 / rate)),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a request may leave; `None` if it is to stop before.
    pub fn depart(&self, is_stopped: impl Fn() -> bool) -> Option<Permit> {
        let mut state = self.state();
        loop {
            if is_stopped() {
                return None;
            }
            let now = Instant::now();
            let Some(wait) = state.wait(now) else {
                state.leave(now, self.interval);
                return Some(Permit { departed: now });
            };
            let waited = self.changed.wait_timeout(state, wait.min(GLANCE));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Says that a request was taken, whatever the answer was.
    pub fn taken(&self, permit: &Permit) {
        let mut state = self.state();
        state.pauses = 0;
        state.last_taken = Instant::now();
        if state.last_decrease.is_none_or(|at| permit.departed > at) {
            state.limit = (state.limit + 1.0 / state.limit).min(self.most);
        }
        self.arrive(state);
    }

    /// Says that a request got lost on the way: that tells nothing about the pace.
    pub fn lost(&self, _: &Permit) {
        self.arrive(self.state());
    }

    /// Says that the platform takes no more for now. Requests that left before the last decrease do not decrease it again.
    ///
    /// Returns for how long the platform has taken nothing, this pause included.
    pub fn turned_away(
        &self,
        permit: &Permit,
        retry_after: Option<Duration>,
        random: f64,
    ) -> Duration {
        let now = Instant::now();
        let mut state = self.state();
        let is_news = state.last_decrease.is_none_or(|at| permit.departed > at);
        if is_news {
            state.limit = (state.limit / 2.0).max(1.0);
            state.last_decrease = Some(now);
            state.pauses += 1;
        }
        let drawn = FIRST_PAUSE
            .saturating_mul(1 << state.pauses.saturating_sub(1).min(16))
            .min(LONGEST_PAUSE)
            .mul_f64(random);
        let pause = retry_after.or(is_news.then_some(drawn)).unwrap_or_default();
        let until = now.checked_add(pause);
        state.paused_until = state.paused_until.max(until);
        let nothing = now
            .duration_since(state.last_taken)
            .saturating_add(retry_after.unwrap_or_default());
        self.arrive(state);
        nothing
    }

    /// Gives a permit back.
    fn arrive(&self, mut state: MutexGuard<State>) {
        state.in_flight = state.in_flight.saturating_sub(1);
        // Where the limit is at its most, no thread waits for another to arrive.
        let is_somebody_waiting = state.limit < self.most;
        drop(state);
        if is_somebody_waiting {
            self.changed.notify_one();
        }
    }

    /// The pace at this moment.
    #[must_use]
    pub fn gauge(&self) -> Gauge {
        let state = self.state();
        let now = Instant::now();
        Gauge {
            in_flight: state.in_flight,
            limit: state.whole_limit(),
            pause: state
                .paused_until
                .map(|until| until.saturating_duration_since(now))
                .filter(|left| !left.is_zero()),
        }
    }
}

impl State {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the limit is between 1 and the concurrency"
    )]
    fn whole_limit(&self) -> u32 {
        self.limit as u32
    }

    /// How long to wait before it is worth looking again; `None` if a request may leave.
    fn wait(&self, now: Instant) -> Option<Duration> {
        let until = |time: Option<Instant>| {
            time.map(|time| time.saturating_duration_since(now))
                .filter(|left| !left.is_zero())
        };
        until(self.paused_until)
            .or_else(|| (self.in_flight >= self.whole_limit()).then_some(GLANCE))
            .or_else(|| until(self.next_departure))
    }

    fn leave(&mut self, now: Instant, interval: Option<Duration>) {
        self.in_flight += 1;
        if let Some(interval) = interval {
            // A late departure does not make the later ones late, but no more than a moment is caught up.
            let due = self
                .next_departure
                .unwrap_or(now)
                .max(now.checked_sub(GLANCE).unwrap_or(now));
            self.next_departure = Some(due + interval);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depart(pace: &Pace) -> Permit {
        pace.depart(|| false).unwrap()
    }

    #[test]
    fn the_limit_halves_once_for_requests_that_left_together_and_grows_by_one_each_round() {
        let pace = Pace::new(16, None);
        let permits: Vec<_> = (0..8).map(|_| depart(&pace)).collect();
        for permit in &permits {
            pace.turned_away(permit, None, 0.0);
        }
        assert_eq!(pace.gauge().limit, 8);
        for _ in 0..9 {
            let permit = depart(&pace);
            pace.taken(&permit);
        }
        assert_eq!(pace.gauge().limit, 9);
        for _ in 0..1000 {
            let permit = depart(&pace);
            pace.taken(&permit);
        }
        assert_eq!(pace.gauge().limit, 16);
    }

    #[test]
    fn the_limit_is_never_below_one() {
        let pace = Pace::new(4, None);
        for _ in 0..9 {
            let permit = depart(&pace);
            pace.turned_away(&permit, None, 0.0);
        }
        assert_eq!(pace.gauge().limit, 1);
    }

    #[test]
    fn retry_after_pauses_everybody() {
        let pace = Pace::new(4, None);
        let permit = depart(&pace);
        pace.turned_away(&permit, Some(Duration::from_millis(150)), 1.0);
        let start = Instant::now();
        assert!(pace.gauge().pause.is_some());
        depart(&pace);
        assert!(
            start.elapsed() >= Duration::from_millis(140),
            "{:?}",
            start.elapsed()
        );
    }

    #[test]
    fn no_more_leave_than_the_limit_and_a_stop_ends_the_wait() {
        let pace = Pace::new(1, None);
        let permit = depart(&pace);
        let start = Instant::now();
        assert!(
            pace.depart(|| start.elapsed() > Duration::from_millis(50))
                .is_none()
        );
        pace.lost(&permit);
        depart(&pace);
    }

    #[test]
    fn the_rate_is_kept_on_average() {
        let pace = Pace::new(8, Some(200.0));
        let start = Instant::now();
        for _ in 0..60 {
            let permit = depart(&pace);
            pace.taken(&permit);
        }
        let elapsed = start.elapsed();
        assert!(elapsed >= Duration::from_millis(280), "{elapsed:?}");
        assert!(elapsed < Duration::from_millis(1500), "{elapsed:?}");
    }

    #[test]
    fn it_is_known_for_how_long_nothing_was_taken() {
        let pace = Pace::new(8, None);
        let permit = depart(&pace);
        let asked = Duration::from_secs(3600);
        assert!(pace.turned_away(&permit, Some(asked), 0.0) >= asked);
    }
}
