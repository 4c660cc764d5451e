//! The dashboard over 50,000 entitlements: first byte and size of its pages, and the API's speed with ten of them open.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use super::sandbox_load::{post, request};
use super::server::{Server, open_http};
use super::{CREATES, get, measure, sandbox, say, stop};

/// How often each page is asked for.
const ROUNDS: usize = 21;
/// How long the first byte of a page may take, in milliseconds, and how long a page may be, in bytes.
const FIRST_BYTE: f64 = 20.0;
const LONGEST: usize = 150_000;
const DASHBOARDS: usize = 10;
/// How often the API's speed is measured without dashboards and with them, in turn.
const TURNS: usize = 6;

/// What people look for: much, little and nothing.
const PAGES: [&str; 20] = [
    "/",
    "/?q=USER-4999",
    "/?q=user",
    "/?q=nobody",
    "/?q=nobody&status=ACTIVE",
    "/?status=ACTIVE-ENDING",
    "/?product=PERIOD_END",
    "/?after=0",
    "/?before=20000",
    "/requests",
    "/requests?q=nobody",
    "/requests?q=user-4999",
    "/requests?code=CONFLICT",
    "/requests?operation=revoke",
    "/requests?after=0",
    "/notifications",
    "/notifications?q=nobody",
    "/notifications?reason=SUSPENSION_SUCCESS",
    "/notifications?state=given+up&q=user",
    "/controls",
];
/// The lists, of each of which the newest row's page is measured as well.
const LISTS: [(&str, &str); 3] = [
    ("/", "/entitlements/"),
    ("/requests", "/requests/"),
    ("/notifications", "/notifications/"),
];

pub fn measure_pages() {
    let folder = tempfile::tempdir().unwrap();
    let (child, address) = sandbox(folder.path());
    let receiver = Server::start(|mut connection| {
        while !connection.next().is_empty() && connection.say(open_http(200, &[], "")) {}
    });
    let url = format!("http://127.0.0.1:{}/", receiver.port());
    let made = measure(&address, &|number| made(&address, number, &url));
    assert_eq!(made.0.acknowledged.len(), CREATES);
    let changed = measure(&address, &|number| change(&address, number, "first"));
    assert_eq!(changed.0.acknowledged.len(), CREATES);
    let mut browser = Browser::open(&address);
    while !browser
        .get("/notifications?state=waiting")
        .body
        .contains("Nothing here")
    {
        sleep(Duration::from_millis(100));
    }
    let newest = LISTS.map(|(list, below)| {
        let page = browser.get(list).body;
        let (_, row) = page.split_once(&format!("href=\"{below}")).unwrap();
        format!("{below}{}", row.split('"').next().unwrap())
    });
    let (mut slowest, mut largest) = (0.0_f64, 0);
    for path in PAGES.into_iter().chain(newest.iter().map(String::as_str)) {
        let mut pages: Vec<_> = (0..ROUNDS).map(|_| browser.get(path)).collect();
        pages.sort_by(|a, b| a.first_byte.total_cmp(&b.first_byte));
        let (time, length) = (pages[ROUNDS / 2].first_byte, pages[0].body.len());
        say(&format!(
            "{path}: first byte after {time:.1} ms (at most {:.1}), {} kB",
            pages[ROUNDS - 1].first_byte,
            length / 1_000
        ));
        (slowest, largest) = (slowest.max(time), largest.max(length));
    }
    say(&format!(
        "slowest first byte {slowest:.1} ms (aim {FIRST_BYTE}), largest page {} kB (aim {})",
        largest / 1_000,
        LONGEST / 1_000
    ));
    compare(&address, "echo", &|_, _| get(&address, "/v1/echo/1"));
    compare(&address, "durable updates", &|turn, number| {
        change(&address, number, &turn.to_string())
    });
    stop(child, "-TERM");
}

/// Creates an entitlement of an id of its own.
fn made(address: &str, number: usize, url: &str) -> String {
    let body = format!(
        r#"{{"customerIdentifier":"user-{number}","merchantAccountKey":"SANDBOX","productKey":"ACTIVE_AT_ONCE","entitlementId":"e-{number}","notificationUrl":"{url}"}}"#
    );
    post(address, &body, number)
}

/// Changes it; every fourth change is told.
fn change(address: &str, number: usize, value: &str) -> String {
    let quiet = match number % 4 {
        0 => "",
        _ => r#","notificationUrl":null"#,
    };
    let body = format!(r#"{{"entitlementId":"e-{number}","extensionData":"{value}"{quiet}}}"#);
    request("PATCH", address, &body, &format!("{value}-{number}"))
}

/// Measures the API's speed with and without open dashboards, in turn; each of them comes first as often, since what one leaves
/// to be done slows down the next.
fn compare(address: &str, what: &str, request: &(dyn Fn(usize, usize) -> String + Sync)) {
    let speed = |dashboards: usize, turn: usize| {
        let is_over = AtomicBool::new(false);
        scope(|scope| {
            for number in 0..dashboards {
                let is_over = &is_over;
                scope.spawn(move || watch(address, LISTS[number % LISTS.len()].0, is_over));
            }
            let speed = measure(address, &|number| request(turn, number)).1;
            is_over.store(true, Ordering::Relaxed);
            speed
        })
    };
    let mut speeds = [Vec::new(), Vec::new()];
    for turn in 0..TURNS {
        for which in [turn % 2, 1 - turn % 2] {
            let number = 2 * turn + which;
            speeds[which].push(speed(which * DASHBOARDS, number));
        }
    }
    let [alone, watched] = speeds.map(|mut speeds| {
        speeds.sort_by(f64::total_cmp);
        let shown: Vec<_> = speeds.iter().map(|speed| format!("{speed:.0}")).collect();
        (speeds[speeds.len() / 2], shown.join(" "))
    });
    say(&format!(
        "{what}: {:.0} a second, with {DASHBOARDS} dashboards open {:.0}: {:.1} % slower (aim 10; alone {}, with dashboards {})",
        alone.0,
        watched.0,
        100.0 * (1.0 - watched.0 / alone.0),
        alone.1,
        watched.1
    ));
}

/// Follows a list as the page's script does.
fn watch(address: &str, path: &str, is_over: &AtomicBool) {
    let mut browser = Browser::open(address);
    while !is_over.load(Ordering::Relaxed) {
        browser.get(path);
        sleep(Duration::from_secs(1));
    }
}

struct Page {
    /// In milliseconds.
    first_byte: f64,
    body: String,
}

/// One connection that asks for pages.
struct Browser<'a> {
    address: &'a str,
    reader: BufReader<TcpStream>,
}

impl<'a> Browser<'a> {
    fn open(address: &'a str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        let reader = BufReader::new(stream);
        Self { address, reader }
    }

    fn get(&mut self, path: &str) -> Page {
        let start = Instant::now();
        let request = get(self.address, path);
        self.reader.get_mut().write_all(request.as_bytes()).unwrap();
        self.reader.fill_buf().unwrap();
        let first_byte = start.elapsed().as_secs_f64() * 1_000.0;
        let (_, body) = super::sandbox_load::answer(&mut self.reader).unwrap();
        Page { first_byte, body }
    }
}
