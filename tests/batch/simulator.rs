//! A table of platforms that a batch meets, each with bounds: how much of the ideal is used, how much is refused or sent in vain,
//! and that every row is done exactly once. The bounds hold on a loaded machine; `cargo bench --bench pace` measures the figures.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{assert_each_once, batch, users};
use crate::support::cli::Home;
use crate::support::platform::{Behaviour, Limit, Platform, Reply, Seen};

struct Scenario {
    name: &'static str,
    behaviour: fn() -> Behaviour,
    rows: usize,
    /// The time that it takes at the limit, and how many times as long it may take.
    ideal: f64,
    times: f64,
    /// Requests that brought nothing, of a hundred rows.
    wasted: usize,
}

fn limited(limit: Limit) -> Behaviour {
    Behaviour {
        limit: Some(limit),
        ..slow()
    }
}

fn slow() -> Behaviour {
    Behaviour {
        latency: Duration::from_millis(10),
        ..Behaviour::default()
    }
}

fn scripted(script: impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static) -> Behaviour {
    Behaviour {
        script: Some(Box::new(script)),
        ..slow()
    }
}

fn code(status: u16, code: &str) -> Reply {
    (status, "", json!({ "responseCode": code }))
}

/// Answers like this from one second to another one after the first request.
fn between(from: u64, to: u64, reply: fn() -> Reply) -> Behaviour {
    let begin = OnceLock::new();
    scripted(move |_| {
        let time = begin.get_or_init(Instant::now).elapsed().as_secs();
        (from..to).contains(&time).then(reply)
    })
}

/// Of a hundred requests so many are not acted on, and get this.
fn by_chance(share: u32, reply: fn() -> Reply) -> Behaviour {
    scripted(move |_| (fastrand::u32(..100) < share).then(reply))
}

fn dropped() -> Reply {
    (0, "", Value::Null)
}

fn table() -> Vec<Scenario> {
    let row = |name, behaviour, rows, ideal, times, wasted| Scenario {
        name,
        behaviour,
        rows,
        ideal,
        times,
        wasted,
    };
    vec![
        row(
            "a limit without a burst",
            || limited(Limit::new(1.0, |_| 20.0)),
            200,
            10.0,
            4.0,
            60,
        ),
        row(
            "the same with Retry-After",
            || {
                let headers = "Retry-After: 1\r\n";
                limited(Limit {
                    headers,
                    ..Limit::new(1.0, |_| 20.0)
                })
            },
            200,
            10.0,
            4.0,
            60,
        ),
        row(
            "a limit with a burst",
            || limited(Limit::new(50.0, |_| 50.0)),
            500,
            9.0,
            3.0,
            30,
        ),
        row(
            "a limit that falls and rises",
            || {
                let rate = |time: Duration| match time.as_secs() {
                    0..4 => 100.0,
                    4..8 => 20.0,
                    _ => 80.0,
                };
                limited(Limit::new(10.0, rate))
            },
            800,
            12.0,
            3.5,
            40,
        ),
        row(
            "refusals by chance",
            || by_chance(1, || code(429, "TOO_MANY_REQUESTS")),
            3000,
            2.5,
            12.0,
            5,
        ),
        row(
            "a storm of 503",
            || by_chance(20, || code(503, "SERVICE_UNAVAILABLE")),
            100,
            2.0,
            25.0,
            100,
        ),
        row(
            "requests lost before they are acted on",
            || by_chance(3, dropped),
            1000,
            1.0,
            30.0,
            10,
        ),
        row(
            "answers lost after acting",
            || Behaviour { lost: 5, ..slow() },
            1000,
            1.0,
            30.0,
            10,
        ),
        row("a restart", || between(1, 2, dropped), 2000, 2.5, 16.0, 5),
        row(
            "a backend that is away",
            || between(1, 5, || (502, "", "<html>".into())),
            2000,
            6.0,
            9.0,
            5,
        ),
        row(
            "a platform that is away",
            || between(1, 5, || code(503, "SERVICE_UNAVAILABLE")),
            2000,
            6.0,
            9.0,
            5,
        ),
    ]
}

#[test]
fn every_platform_of_the_table_is_met_within_its_bounds() {
    let run = |scenario: &Scenario| {
        let (name, rows) = (scenario.name, scenario.rows);
        let server = Platform::start((scenario.behaviour)());
        let home = Home::new();
        home.write("users.csv", users(rows));
        let start = Instant::now();
        let outcome = batch(&home, &server, &["users.csv", "--retries", "8"]);
        assert_eq!(outcome.code, 0, "{name}: {outcome:#?}");
        assert_each_once(&server, rows);
        let times = start.elapsed().as_secs_f64() / scenario.ideal;
        assert!(
            times <= scenario.times,
            "{name}: {times:.1} times the ideal"
        );
        let wasted = (server.requests() - rows) * 100 / rows;
        assert!(wasted <= scenario.wasted, "{name}: {wasted} % in vain");
    };
    std::thread::scope(|scope| {
        for scenario in table() {
            scope.spawn(move || run(&scenario));
        }
    });
}
