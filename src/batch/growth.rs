//! How many requests under way at once are worth it while the platform refuses nothing: more, as long as answers take no longer
//! by that. Pure, as TCP Vegas: what is measured is compared with the lowest that was.

use std::time::Duration;

/// The number changes by this part of it.
const STEP: f64 = 0.25;
/// So many answers for each request under way are one measurement.
const ROUNDS: f64 = 3.0;
/// Answers that take longer than this, in proportion, wait for each other.
const LONGER: f64 = 1.5;
/// So many measurements go by after a step back until another step is tried.
const REST: u32 = 16;

#[derive(Debug)]
pub struct Growth {
    least: f64,
    most: f64,
    /// The lowest mean that was measured, in seconds.
    lowest: f64,
    /// The answers of this measurement.
    time: Duration,
    answers: f64,
    rest: u32,
}

impl Growth {
    pub fn new(least: f64, most: f64) -> Self {
        Self {
            least,
            most,
            lowest: f64::INFINITY,
            time: Duration::ZERO,
            answers: 0.0,
            rest: 0,
        }
    }

    /// Counts an answer that took so long while so many requests were under way; returns how many are to be from now on.
    pub fn count(&mut self, took: Duration, number: f64) -> f64 {
        self.time += took;
        self.answers += 1.0;
        if self.answers < number * ROUNDS {
            return number;
        }
        let mean = self.time.as_secs_f64() / self.answers;
        (self.time, self.answers) = (Duration::ZERO, 0.0);
        self.lowest = self.lowest.min(mean);
        if mean > self.lowest * LONGER {
            self.rest = REST;
            return (number / (1.0 + STEP)).round().max(self.least);
        }
        self.rest = self.rest.saturating_sub(1);
        if self.rest > 0 {
            return number;
        }
        (number * (1.0 + STEP)).round().min(self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where answers take this long, in milliseconds, while so many requests are under way: the numbers after each measurement.
    fn numbers(took: impl Fn(f64) -> f64) -> Vec<f64> {
        let (mut growth, mut number) = (Growth::new(16.0, 64.0), 16.0);
        let mut after_measurement = || {
            for _ in 0..1000 {
                number = growth.count(Duration::from_secs_f64(took(number) / 1000.0), number);
                if growth.answers == 0.0 {
                    break;
                }
            }
            number
        };
        (0..60).map(|_| after_measurement()).collect()
    }

    #[test]
    fn the_number_grows_to_the_most_while_answers_take_no_longer() {
        let numbers = numbers(|_| 200.0);
        assert_eq!(numbers[..7], [20.0, 25.0, 31.0, 39.0, 49.0, 61.0, 64.0]);
        assert_eq!(numbers[59..], [64.0]);
    }

    #[test]
    fn a_platform_that_does_so_many_at_once_is_asked_for_little_more() {
        let numbers = numbers(|number| 200.0 * (number / 16.0));
        assert!(numbers.iter().all(|number| *number <= 25.0), "{numbers:?}");
        let often = numbers.iter().filter(|number| **number > 20.0).count();
        assert!(often <= 4, "{numbers:?}");
    }

    #[test]
    fn the_number_is_never_less_than_at_first() {
        let slower = std::cell::Cell::new(1.0);
        let numbers = numbers(|_| {
            slower.set(slower.get() * 1.01);
            slower.get()
        });
        assert_eq!(numbers[59..], [16.0]);
    }
}
