//! The rate that the platform takes, learnt from what it refuses: CUBIC on the measured rate of requests that are taken.
//! Nothing is paced until many requests are refused. Pure: it knows no time but what it is told.

use std::time::{Duration, Instant};

use serde::Serialize;

/// How long answers are counted, beside those of as long a time before.
const WINDOW: Duration = Duration::from_millis(500);
/// A rate over a shorter time says nothing.
const SHORTEST: Duration = Duration::from_millis(20);
/// The rate does not grow in smaller steps of time.
const STEP: Duration = Duration::from_millis(5);
/// The lowest rate, in requests a second: while so few are refused that it may be by chance, and else.
const LOWEST: f64 = 4.0;
const LOWEST_IF_MANY: f64 = 1.0;
/// A share of refused requests that no chance explains, and one that no small cut mends.
const MANY: f64 = 0.05;
pub const MOST: f64 = 0.5;
/// Two refusals with fewer requests taken between them are no chance.
const CLOSE: f64 = 16.0;
/// So many that come as close tell of a limit where none is known.
const FIRST_CLOSE: f64 = 2.0;
/// At this part of the rate that was taken before, so many refusals tell whether they come by chance: if their share lies between
/// these two, at two rates, they do not depend on the rate.
const LOW: f64 = 0.8;
const TELLING: u32 = 6;
const BY_CHANCE: (f64, f64) = (0.015, 0.18);
/// So many refusals as close together as no such chance explains.
const TOO_DENSE: f64 = 4.0;
/// Where 1 % is refused by chance, so many more refusals that come close are no sign of a limit; in proportion.
const MORE_CLOSE: f64 = 100.0;
/// What is left of the rate when its limit is met, and what it recovers to before it looks for the limit again.
const CUT: f64 = 0.9;
const CEILING: f64 = 0.97;
/// What is left where the limit is met for the first time, and where the last cut was not enough: at most, and at least.
const FIRST_CUT: f64 = 0.8;
const FURTHER_CUT: f64 = 0.7;
const DEEPEST_CUT: f64 = 0.35;
/// So many requests that are taken after a cut show that it was enough.
const ENOUGH: u32 = 8;
/// As does this part of the recovery.
const SETTLED: f64 = 0.25;
/// From here on, in recoveries, the limit is no longer where it was met.
const PASSED: f64 = 1.5;
/// So many departures in a row that something else held back show that no pace is needed.
const FREE: u32 = 100;
/// How long the mean of what is taken goes back, in seconds.
const MEMORY: f64 = 20.0;
/// The share of what was taken that is proposed as a rate.
const BELOW: f64 = 0.95;
/// What is known for a shorter time, or from fewer refusals, is not worth a word.
const LONG_ENOUGH: Duration = Duration::from_secs(3);
const WORTH_A_WORD: u64 = 10;

/// How long a change takes.
struct Span {
    time: Duration,
    /// With fewer requests it takes longer, and with more it is over sooner.
    least: u32,
    most: u32,
}

/// From a cut back to the ceiling.
const RECOVERY: Span = span(5000, 60, 250);
/// Until the rate has doubled, where the limit is no longer known, and where it never was.
const DOUBLING: Span = span(1000, 50, 200);
const FIRST_DOUBLING: Span = span(250, 6, 100);

const fn span(milliseconds: u64, least: u32, most: u32) -> Span {
    Span {
        time: Duration::from_millis(milliseconds),
        least,
        most,
    }
}

impl Span {
    /// The part of it that has gone by.
    fn part(&self, time: Duration, requests: u32) -> f64 {
        let of_time = time.as_secs_f64() / self.time.as_secs_f64();
        let requests = f64::from(requests);
        let slowest = requests / f64::from(self.most);
        (requests / f64::from(self.least)).min(of_time).max(slowest)
    }
}

/// Answers in a time.
#[derive(Debug, Clone, Copy, Default)]
struct Answers {
    taken: u32,
    all: u32,
}

/// Counts answers.
#[derive(Debug, Default)]
struct Meter {
    begin: Option<Instant>,
    now: Answers,
    before: (Answers, Duration),
}

impl Meter {
    /// Counts an answer; returns the rate of a window that is over by that.
    fn count(&mut self, now: Instant, is_taken: bool) -> Option<(f64, Duration)> {
        let begin = *self.begin.get_or_insert(now);
        self.now.taken += u32::from(is_taken);
        self.now.all += 1;
        let length = now.saturating_duration_since(begin);
        (length >= WINDOW).then(|| {
            self.before = (self.now, length);
            (self.begin, self.now) = (Some(now), Answers::default());
            (
                f64::from(self.before.0.taken) / length.as_secs_f64(),
                length,
            )
        })
    }

    /// Requests in a second: those that are taken, and all that are answered.
    fn rates(&self, now: Instant) -> (f64, f64) {
        let (before, length) = self.before;
        let begin = self.begin.unwrap_or(now);
        let length = length + now.saturating_duration_since(begin);
        let rate = |a, b| f64::from(a + b) / length.max(SHORTEST).as_secs_f64();
        let now = self.now;
        (rate(before.taken, now.taken), rate(before.all, now.all))
    }
}

#[derive(Debug, Default)]
pub struct Pace {
    meter: Meter,
    /// Requests in a second; none while nothing is known of a limit.
    rate: Option<f64>,
    /// What the rate recovers to after a cut, and the part of it that was cut away.
    ceiling: f64,
    cut: f64,
    /// How far it has recovered: at 1 it is at the ceiling.
    recovered: f64,
    /// Whether the limit was met from below.
    is_met: bool,
    last_cut: Option<Instant>,
    /// When the rate grew last, and how many requests were taken since.
    last_growth: Option<Instant>,
    ungrown: u32,
    taken_since_cut: u32,
    /// Refusals that come close together: each counts one, and what is taken between them counts down.
    close: f64,
    /// The same, if as many came by chance as may.
    dense: f64,
    /// The highest rate that was taken, and answers at a much lower one.
    highest: f64,
    low: Answers,
    /// The highest rate of these answers, and whether as many of those before them were refused as may be by chance.
    low_rate: f64,
    is_suspected: bool,
    /// The share of requests that is refused by chance, whatever the rate.
    chance: f64,
    /// Departures in a row that something else held back.
    free: u32,
    /// The mean of what is taken, and over how long.
    mean: (f64, Duration),
}

impl Pace {
    /// Requests in a second that may leave; none while nothing is known of a limit.
    pub fn rate(&self) -> Option<f64> {
        self.rate
    }

    /// What was learnt by so many refusals, if there is a limit and it is known well enough to be told.
    pub fn learnt(&self, refused: u64) -> Option<LearntRate> {
        let (taken, known) = self.mean;
        let is_known = self.rate.is_some() && refused >= WORTH_A_WORD && known >= LONG_ENOUGH;
        is_known.then(|| LearntRate::new(taken, refused))
    }

    /// A request leaves. `is_free` tells that it was not the pace that held it back, but the number under way.
    pub fn depart(&mut self, now: Instant, is_free: bool) {
        self.meter.begin.get_or_insert(now);
        self.free = if is_free { self.free + 1 } else { 0 };
        if self.rate.is_some() && self.free >= FREE {
            self.forget(self.chance);
        }
    }

    /// Forgets the pace: no limit is known but what is refused by chance.
    fn forget(&mut self, chance: f64) {
        *self = Self {
            highest: self.highest,
            chance,
            ..Self::default()
        };
    }

    /// The share of refused requests that no chance explains.
    pub fn many(&self) -> f64 {
        MANY + self.chance
    }

    /// Tells refusals that depend on the rate from those that come by chance, by what is refused at a rate that is far too low.
    fn look_for_chance(&mut self, (departed, now): (Instant, Instant), is_taken: bool) {
        self.dense = (self.dense + if is_taken { -2.0 * BY_CHANCE.1 } else { 1.0 }).max(0.0);
        if self.dense > TOO_DENSE {
            (self.low, self.chance) = (Answers::default(), 0.0);
        }
        let is_low = self.rate.is_some_and(|rate| rate <= self.highest * LOW);
        if !is_low || self.last_cut.is_none_or(|at| departed <= at) {
            return;
        }
        self.low_rate = self.low_rate.max(self.rate.unwrap_or_default());
        self.low.all += 1;
        self.low.taken += u32::from(is_taken);
        let refused = self.low.all - self.low.taken;
        let share = f64::from(refused) / f64::from(self.low.all);
        let telling = if self.is_suspected {
            TELLING / 2
        } else {
            TELLING
        };
        let is_seldom = f64::from(self.low.all) * BY_CHANCE.0 > f64::from(telling);
        if refused < telling && !is_seldom {
            return;
        }
        self.low = Answers::default();
        let low_rate = std::mem::take(&mut self.low_rate);
        let was_suspected = std::mem::take(&mut self.is_suspected);
        if (BY_CHANCE.0..BY_CHANCE.1).contains(&share) {
            if was_suspected {
                return self.forget(share);
            }
            // At a rate that is lower still it must be the same.
            let rate = self.rate.unwrap_or(low_rate);
            self.cut_to(rate * FURTHER_CUT, rate, now);
            (self.is_suspected, self.highest) = (true, low_rate);
            return;
        }
        self.chance = 0.0;
        if share >= BY_CHANCE.1 {
            // It was never the platform's rate.
            self.highest = self.meter.rates(now).0;
        }
    }

    fn count(&mut self, times: (Instant, Instant), is_taken: bool) {
        self.look_for_chance(times, is_taken);
        let now = times.1;
        let Some((rate, length)) = self.meter.count(now, is_taken) else {
            return;
        };
        self.highest = self.highest.max(rate);
        if self.rate.is_some() {
            let (mean, known) = self.mean;
            let known = known + length;
            let weight = length.as_secs_f64() / known.as_secs_f64().min(MEMORY);
            self.mean = (mean + (rate - mean) * weight.min(1.0), known);
        }
    }

    /// A request was taken: the rate grows.
    pub fn accepted(&mut self, times: (Instant, Instant)) {
        self.count(times, true);
        let now = times.1;
        self.close = (self.close - (1.0 / CLOSE).max(2.0 * self.chance)).max(0.0);
        let Some(rate) = self.rate else { return };
        self.taken_since_cut = self.taken_since_cut.saturating_add(1);
        self.ungrown += 1;
        let last = *self.last_growth.get_or_insert(now);
        let time = now.saturating_duration_since(last);
        if time < STEP {
            return;
        }
        let requests = self.ungrown;
        (self.last_growth, self.ungrown) = (Some(now), 0);
        let grown = if !self.is_met {
            rate * FIRST_DOUBLING.part(time, requests).exp2()
        } else if self.recovered > PASSED {
            rate * DOUBLING.part(time, requests).exp2()
        } else {
            self.recovered += RECOVERY.part(time, requests);
            self.ceiling * (1.0 + self.cut * (self.recovered - 1.0).powi(3))
        };
        // A rate far above what really leaves would mean nothing.
        self.rate = Some(grown.min(2.0 * self.meter.rates(now).1).max(rate));
    }

    /// A request was refused because there were too many, as was this `share` lately. Cuts the rate, once for those that left together.
    /// Returns whether a rate is of no use: nothing was taken at all, or since the last cut.
    pub fn refused(&mut self, (departed, now): (Instant, Instant), share: f64) -> bool {
        self.count((departed, now), false);
        self.close += 1.0;
        let counts = match self.rate {
            Some(_) => self.close > 1.0 + MORE_CLOSE * self.chance,
            None => share >= self.many() && self.close > FIRST_CLOSE,
        };
        if !counts || self.last_cut.is_some_and(|at| departed <= at) {
            return false;
        }
        let taken = self.meter.rates(now).0;
        let is_useless = match self.rate {
            Some(_) => self.taken_since_cut == 0,
            None => taken == 0.0,
        };
        if is_useless {
            self.is_away();
            return true;
        }
        let is_enough = if self.is_met {
            self.recovered >= SETTLED
        } else {
            self.taken_since_cut >= ENOUGH
        };
        let (ceiling, rate) = match self.rate {
            None => (taken, taken * FURTHER_CUT),
            Some(rate) if !is_enough => (rate, taken.clamp(rate * DEEPEST_CUT, rate * FURTHER_CUT)),
            Some(rate) if self.is_met => (rate * CEILING, rate * CUT),
            Some(rate) => (rate * CEILING, rate * FIRST_CUT),
        };
        let lowest = if share < BY_CHANCE.1 {
            LOWEST
        } else {
            LOWEST_IF_MANY
        };
        let rate = rate.max(lowest.min(self.rate.unwrap_or(lowest)));
        let is_met = self.rate.is_some() && (self.is_met || is_enough);
        self.cut_to(rate, ceiling, now);
        (self.is_met, self.highest) = (is_met, self.highest.max(taken));
        false
    }

    /// Nothing was taken: what failed meanwhile, and the time of that, tell of no rate, also later.
    pub fn is_away(&mut self) {
        if self.rate.is_none() {
            (self.close, self.meter) = (0.0, Meter::default());
        }
    }

    fn cut_to(&mut self, rate: f64, ceiling: f64, now: Instant) {
        *self = Self {
            meter: Meter {
                begin: Some(now),
                ..Meter::default()
            },
            rate: Some(rate),
            ceiling: ceiling.max(rate),
            cut: 1.0 - (rate / ceiling).clamp(DEEPEST_CUT, 1.0),
            is_met: self.is_met,
            last_cut: Some(now),
            highest: self.highest,
            low: self.low,
            low_rate: self.low_rate,
            is_suspected: self.is_suspected,
            chance: self.chance,
            mean: self.mean,
            ..Self::default()
        };
    }
}

/// What a run learnt of the rate that the platform takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LearntRate {
    /// Requests in a second that were taken lately.
    pub taken: f64,
    /// Requests that were refused until that was learnt, and to see whether it still is so.
    pub refused: u64,
    /// A `--rate` at which few would have been.
    pub rate: f64,
}

impl LearntRate {
    /// Proposes a rate a little below what was taken, in round figures.
    pub fn new(taken: f64, refused: u64) -> Self {
        let digits = if taken < 20.0 { 10.0 } else { 1.0 };
        let round = |figure: f64| (figure * digits).round() / digits;
        Self {
            taken: round(taken),
            refused,
            rate: round(taken * BELOW).max(0.1),
        }
    }

    /// The rate for all shards, which share it.
    pub fn of_all_shards(self, shards: u32) -> Self {
        Self {
            rate: self.rate * f64::from(shards),
            ..self
        }
    }
}
