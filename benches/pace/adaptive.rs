//! The adaptive mode of the AWS SDKs as its documentation describes it, written anew: a token bucket whose rate follows CUBIC.
//! Each connection repeats a refused request with exponential backoff and full jitter.

use std::io::{BufReader, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use crate::load;

/// What is left of the rate after a refusal, and how steeply it grows again.
const BETA: f64 = 0.7;
const SCALE: f64 = 0.4;
/// How much the newest half second counts in the measured rate.
const SMOOTH: f64 = 0.8;
const LOWEST: f64 = 0.5;
const LONGEST: f64 = 20.0;

/// The rate limiter of a client.
struct Bucket {
    start: Instant,
    /// Requests in a second; nothing is held back until the first refusal.
    rate: Option<f64>,
    tokens: f64,
    last_fill: f64,
    /// The last half second that was counted, the answers since, and the rate that they come to.
    last_half: f64,
    answers: f64,
    measured: f64,
    /// The rate at the last refusal, and when that was.
    last_max: f64,
    last_refusal: f64,
}

impl Bucket {
    fn new() -> Self {
        Self {
            start: Instant::now(),
            rate: None,
            tokens: 0.0,
            last_fill: 0.0,
            last_half: 0.0,
            answers: 0.0,
            measured: 0.0,
            last_max: 0.0,
            last_refusal: 0.0,
        }
    }

    fn now(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    fn fill(&mut self) {
        let (now, rate) = (self.now(), self.rate.unwrap_or(0.0));
        let more = (now - self.last_fill) * rate;
        self.tokens = (self.tokens + more).min(rate.max(1.0));
        self.last_fill = now;
    }

    /// Takes a token, or returns how long to wait for it.
    fn take(&mut self) -> Option<Duration> {
        let rate = self.rate?;
        self.fill();
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return None;
        }
        Some(Duration::from_secs_f64((1.0 - self.tokens) / rate))
    }

    fn answered(&mut self, is_refused: bool) {
        let now = self.now();
        self.answers += 1.0;
        let half = (now * 2.0).floor() / 2.0;
        if half > self.last_half {
            let rate = self.answers / (half - self.last_half);
            self.measured = rate * SMOOTH + self.measured * (1.0 - SMOOTH);
            (self.answers, self.last_half) = (0.0, half);
        }
        if !is_refused && self.rate.is_none() {
            return;
        }
        let new = if is_refused {
            let rate = self
                .rate
                .map_or(self.measured, |rate| rate.min(self.measured));
            (self.last_max, self.last_refusal) = (rate, now);
            rate * BETA
        } else {
            let back = (self.last_max * (1.0 - BETA) / SCALE).cbrt();
            SCALE * (now - self.last_refusal - back).powi(3) + self.last_max
        };
        self.fill();
        let rate = new.min(2.0 * self.measured).max(LOWEST);
        self.rate = Some(rate);
        self.tokens = self.tokens.min(rate.max(1.0));
    }
}

/// Sends so many creates over so many connections, until all are done or it is told to stop.
pub fn run(url: &str, connections: usize, count: usize, stop: &AtomicBool) {
    let address = url.trim_start_matches("http://").trim_end_matches("/v1");
    let (bucket, next) = (Mutex::new(Bucket::new()), AtomicUsize::new(0));
    scope(|scope| {
        for _ in 0..connections {
            scope.spawn(|| {
                let mut connection = None;
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count || !send(address, number, &mut connection, &bucket, stop) {
                        return;
                    }
                }
            });
        }
    });
}

type Connection = Option<BufReader<TcpStream>>;

/// Sends one create until it is done.
fn send(
    address: &str,
    number: usize,
    connection: &mut Connection,
    bucket: &Mutex<Bucket>,
    stop: &AtomicBool,
) -> bool {
    let request = load::create(address, number);
    for attempt in 0.. {
        loop {
            let wait = bucket.lock().unwrap().take();
            let Some(wait) = wait else { break };
            sleep(wait);
            if stop.load(Ordering::Relaxed) {
                return false;
            }
        }
        let status = exchange(address, &request, connection);
        bucket.lock().unwrap().answered(status == Some(429));
        if status == Some(200) {
            return true;
        }
        let range = 2.0_f64.powi(attempt).min(LONGEST);
        sleep(Duration::from_secs_f64(range * fastrand::f64()));
        if stop.load(Ordering::Relaxed) {
            return false;
        }
    }
    false
}

/// The status of an answer; nothing if there is none.
fn exchange(address: &str, request: &str, connection: &mut Connection) -> Option<u16> {
    let mut open = if let Some(open) = connection.take() {
        open
    } else {
        let stream = TcpStream::connect(address).ok()?;
        stream.set_nodelay(true).ok()?;
        BufReader::new(stream)
    };
    open.get_mut().write_all(request.as_bytes()).ok()?;
    let (status, _) = load::answer(&mut open)?;
    *connection = Some(open);
    Some(status)
}
