//! A table of platforms that a batch meets, each with bounds: how much of the ideal is used, how much is refused or sent in vain, that
//! every row is done exactly once, and that none is told to be done that is not, or as somebody else's. The bounds hold on a loaded
//! machine; `cargo bench --bench pace` measures the figures.

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
    /// The time that it takes at the limit, in seconds, and how many times as long it may take.
    ideal: f64,
    times: f64,
    /// Requests that brought nothing, of a hundred rows.
    wasted: usize,
    /// The arguments of each run; the last one must do all rows.
    runs: Runs,
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

fn page(status: u16) -> Reply {
    (status, "", "<html>".into())
}

fn dropped() -> Reply {
    (0, "", Value::Null)
}

/// Says nothing for longer than is waited.
fn silent() -> Reply {
    std::thread::sleep(Duration::from_secs(3));
    dropped()
}

/// Answers like this from the first second on to another one.
fn away_until(to: u64, reply: fn() -> Reply) -> Behaviour {
    let begin = OnceLock::new();
    scripted(move |_| {
        let time = begin.get_or_init(Instant::now).elapsed().as_secs();
        (1..to).contains(&time).then(reply)
    })
}

/// Of a hundred requests so many are not acted on, and get this.
fn by_chance(share: u32, reply: fn() -> Reply) -> Behaviour {
    scripted(move |_| (fastrand::u32(..100) < share).then(reply))
}

fn falling(time: Duration) -> f64 {
    match time.as_secs() {
        0..4 => 100.0,
        4..8 => 20.0,
        _ => 80.0,
    }
}

fn limits() -> Vec<Scenario> {
    let row = |name, behaviour, (rows, ideal), (times, wasted)| Scenario {
        name,
        behaviour,
        rows,
        ideal,
        times,
        wasted,
        runs: &[&[]],
    };
    vec![
        row(
            "a limit without a burst",
            || limited(Limit::new(1.0, |_| 20.0)),
            (200, 10.0),
            (3.0, 40),
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
            (200, 10.0),
            (3.0, 40),
        ),
        row(
            "a limit with a burst",
            || limited(Limit::new(50.0, |_| 50.0)),
            (500, 9.0),
            (2.0, 20),
        ),
        row(
            "a limit that falls and rises",
            || limited(Limit::new(10.0, falling)),
            (800, 12.0),
            (2.5, 25),
        ),
        row(
            "refusals by chance",
            || by_chance(1, || code(429, "TOO_MANY_REQUESTS")),
            (3000, 2.5),
            (6.0, 4),
        ),
        row(
            "more refusals by chance",
            || by_chance(3, || code(429, "TOO_MANY_REQUESTS")),
            (3000, 2.5),
            (12.0, 8),
        ),
        row(
            "a storm of 503",
            // More than is taken for chance: it is slow, and loses nothing.
            || by_chance(20, || code(503, "SERVICE_UNAVAILABLE")),
            (100, 2.0),
            (60.0, 100),
        ),
    ]
}

type Runs = &'static [&'static [&'static str]];
const PATIENT: Runs = &[&["--retries", "8"]];
const BRIEF: Runs = &[&["--retries", "8", "--timeout", "1s"]];
const LOOKED_UP: Runs = &[&["--retries", "0"], &["--reconcile-after", "0"]];
const GIVEN_UP: Runs = &[&["--retries", "0"], &["--retries", "8"]];

fn losses() -> Vec<Scenario> {
    let row = |name, behaviour, rows, wasted, runs| Scenario {
        name,
        behaviour,
        rows,
        ideal: 2.0,
        times: 8.0,
        wasted,
        runs,
    };
    vec![
        row(
            "requests lost before they are acted on",
            || by_chance(3, dropped),
            1000,
            8,
            PATIENT,
        ),
        row(
            "answers lost after acting",
            || Behaviour { lost: 5, ..slow() },
            1000,
            8,
            PATIENT,
        ),
        row(
            "the same, repeated by another run",
            || Behaviour { lost: 5, ..slow() },
            1000,
            8,
            GIVEN_UP,
        ),
        row(
            "the same, looked up where no identifier is remembered",
            || Behaviour {
                lost: 5,
                forgets: true,
                ..slow()
            },
            1000,
            8,
            LOOKED_UP,
        ),
        row(
            "a refusal after acting, looked up",
            || Behaviour {
                lost: 5,
                forgets: true,
                ..slow()
            },
            1000,
            14,
            PATIENT,
        ),
        row(
            "answers that come too late",
            || Behaviour {
                late: (2, Duration::from_millis(1500)),
                ..slow()
            },
            1000,
            8,
            BRIEF,
        ),
        row(
            "answers that come twice",
            || Behaviour { twice: 2, ..slow() },
            1000,
            12,
            PATIENT,
        ),
        row(
            "connections that are closed",
            || Behaviour {
                closes_after: Some(5),
                ..slow()
            },
            1000,
            0,
            PATIENT,
        ),
    ]
}

/// A platform that is away for two or three seconds, in every way.
fn outages() -> Vec<Scenario> {
    let row = |name, behaviour| Scenario {
        name,
        behaviour,
        rows: 2000,
        ideal: 5.0,
        times: 5.0,
        wasted: 4,
        runs: PATIENT,
    };
    vec![
        row("a restart", || away_until(2, dropped)),
        row("dropped connections", || away_until(4, dropped)),
        row("a backend that is away", || away_until(4, || page(502))),
        row("a firewall", || away_until(4, || page(403))),
        row("a page in place of the API", || away_until(4, || page(200))),
        row("maintenance", || {
            away_until(4, || code(503, "SERVICE_UNAVAILABLE"))
        }),
        row("no quota", || {
            away_until(4, || code(429, "TOO_MANY_REQUESTS"))
        }),
        row("internal errors", || {
            away_until(4, || code(500, "INTERNAL_ERROR"))
        }),
        Scenario {
            runs: &[&["--timeout", "2s"]],
            ..row("silence", || away_until(5, silent))
        },
    ]
}

/// Asserts that each row is done once, and that its result is about its own user.
fn assert_done(home: &Home, server: &Platform, rows: usize, name: &str) {
    assert_each_once(server, rows);
    let results = std::fs::read_to_string(home.path().join("results.csv")).unwrap();
    assert_eq!(results.lines().count(), rows + 1, "{name}");
    for line in results.lines().skip(1) {
        let cells: Vec<_> = line.split(',').collect();
        let own = format!("ent-{}", cells[0]);
        assert_eq!(
            (cells[3], cells[5]),
            ("done", own.as_str()),
            "{name}: {line}"
        );
    }
}

fn met(scenario: &Scenario) {
    let (name, rows) = (scenario.name, scenario.rows);
    let server = Platform::start((scenario.behaviour)());
    let home = Home::new();
    home.write("users.csv", users(rows));
    let start = Instant::now();
    for (number, arguments) in scenario.runs.iter().enumerate() {
        let common = &["users.csv", "--results", "results.csv"];
        let outcome = batch(&home, &server, &[common, *arguments].concat());
        let is_last = number + 1 == scenario.runs.len();
        let code = if is_last { 0 } else { 40 };
        assert_eq!(outcome.code, code, "{name}: {outcome:#?}");
    }
    let times = start.elapsed().as_secs_f64() / scenario.ideal;
    assert_done(&home, &server, rows, name);
    let wasted = (server.requests() - rows) * 100 / rows;
    assert!(
        times <= scenario.times,
        "{name}: {times:.1} times the ideal"
    );
    assert!(wasted <= scenario.wasted, "{name}: {wasted} % in vain");
}

/// So many at once: that is a loaded machine.
fn all_met(table: &[Scenario], at_once: usize) {
    for some in table.chunks(at_once) {
        std::thread::scope(|scope| {
            for scenario in some {
                scope.spawn(move || met(scenario));
            }
        });
    }
}

#[test]
fn every_limit_of_the_table_is_met_within_its_bounds() {
    all_met(&limits(), 7);
}

#[test]
fn every_loss_of_the_table_is_met_within_its_bounds() {
    all_met(&losses(), 4);
}

#[test]
fn every_outage_of_the_table_is_met_within_its_bounds() {
    all_met(&outages(), 5);
}
