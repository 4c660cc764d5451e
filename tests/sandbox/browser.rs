//! The pages in headless Chromium, driven over `WebDriver`: a registration clicked through, and the dashboard that follows it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::cli::eventually;
use crate::support::sandbox::Sandbox;

/// A Chromium with its driver; both end when it is dropped.
struct Browser {
    driver: Child,
    session: String,
    agent: ureq::Agent,
    profile: tempfile::TempDir,
}

/// Starts the driver, and returns it with its port. One that finds its port taken by another ends at once: another port is tried.
fn drive(home: &Path) -> std::io::Result<(Child, String)> {
    for _ in 0..10 {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .env("HOME", home)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let mut lines = lines.map_while(Result::ok);
        let started = lines.find(|line| line.contains("started successfully on port"));
        if let Some(line) = started {
            std::thread::spawn(move || lines.for_each(drop));
            let port = line.trim_end_matches('.').rsplit(' ').next();
            return Ok((driver, port.unwrap_or_default().to_owned()));
        }
        driver.kill().ok();
        driver.wait().ok();
    }
    Err(std::io::Error::other("it found no free port ten times"))
}

impl Browser {
    fn start(javascript: bool) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let (driver, port) = drive(profile.path()).unwrap();
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(60)))
            .proxy(None);
        let mut browser = Self {
            driver,
            session: format!("http://127.0.0.1:{port}/session"),
            agent: config.build().into(),
            profile,
        };
        let folder = browser.profile.path().join("profile");
        let mut options = json!({"args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1200,900",
            format!("--user-data-dir={}", folder.display()),
        ]});
        if !javascript {
            options["prefs"] = json!({"profile.managed_default_content_settings.javascript": 2});
        }
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let session = browser.ask("", &wanted);
        browser.session = format!(
            "{}/{}",
            browser.session,
            session["sessionId"].as_str().unwrap()
        );
        browser
    }

    /// Sends one command and returns its value.
    fn ask(&self, command: &str, body: &Value) -> Value {
        let request = self
            .agent
            .post(format!("{}{command}", self.session))
            .content_type("application/json");
        let mut response = request.send(body.to_string()).unwrap();
        let answer: Value =
            serde_json::from_str(&response.body_mut().read_to_string().unwrap()).unwrap();
        answer["value"].clone()
    }

    fn open(&self, url: &str) {
        self.ask("/url", &json!({"url": url}));
    }

    fn click(&self, selector: &str) {
        let found = self.ask(
            "/element",
            &json!({"using": "css selector", "value": selector}),
        );
        let id = found
            .as_object()
            .unwrap()
            .values()
            .next()
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned();
        self.ask(&format!("/element/{id}/click"), &json!({}));
    }

    fn text(&self, selector: &str) -> String {
        let found = self.ask(
            "/elements",
            &json!({"using": "css selector", "value": selector}),
        );
        let Some(first) = found.as_array().and_then(|all| all.first()) else {
            return String::new();
        };
        let id = first
            .as_object()
            .unwrap()
            .values()
            .next()
            .unwrap()
            .as_str()
            .unwrap();
        // The page may have replaced the element meanwhile; whoever asks, asks again.
        let Ok(mut response) = self
            .agent
            .get(format!("{}/element/{id}/text", self.session))
            .call()
        else {
            return String::new();
        };
        let answer: Value =
            serde_json::from_str(&response.body_mut().read_to_string().unwrap()).unwrap();
        answer["value"].as_str().unwrap_or_default().to_owned()
    }

    fn script(&self, script: &str) -> Value {
        self.ask("/execute/sync", &json!({"script": script, "args": []}))
    }

    fn press_enter(&self) {
        let keys = json!([{"type": "keyDown", "value": "\u{e007}"}, {"type": "keyUp", "value": "\u{e007}"}]);
        self.ask(
            "/actions",
            &json!({"actions": [{"type": "key", "id": "keyboard", "actions": keys}]}),
        );
    }

    fn complaints(&self) -> Value {
        self.ask("/se/log", &json!({"type": "browser"}))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.agent.delete(&self.session).call().ok();
        self.driver.kill().ok();
        self.driver.wait().ok();
    }
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_registration_is_clicked_through_and_the_dashboard_follows() {
    let browser = Browser::start(true);
    let sandbox = Sandbox::start(&["--ephemeral"]);
    browser.open(&sandbox.origin);
    assert!(browser.text("main").contains("Nothing yet"));
    let created = sandbox.create("alice", "BANGO", "BangoMusic");
    eventually("the dashboard shows PENDING", || {
        (browser.text("article .pill") == "PENDING").then_some(())
    });

    let dashboard = browser.ask("/window/new", &json!({"type": "tab"}));
    browser.ask(
        "/window",
        &json!({"name": dashboard["handle"], "handle": dashboard["handle"]}),
    );
    browser.open(&created.link());
    assert!(browser.text("main").contains("alice") && browser.text("h1") == "Bango Music");
    // By keyboard alone.
    browser.script("document.querySelector('#register').focus()");
    browser.press_enter();
    eventually("the page says so", || {
        (browser.text("h1") == "You are all set").then_some(())
    });
    assert_eq!(
        sandbox.get(&created.text("entitlementId")).text("status"),
        "ACTIVE"
    );
    browser.open(&sandbox.origin);
    assert_eq!(browser.text("article .pill"), "ACTIVE");

    // The merchant acts, and what was unfolded stays so while the page updates itself.
    browser.click("article summary");
    sandbox.create("bob", "BANGO", "BangoMusic");
    eventually("bob appears", || {
        browser.text("main").contains("bob").then_some(())
    });
    let open = "return document.querySelectorAll('details[open]').length";
    assert_eq!(browser.script(open), 1);
    browser.click("details[open] button[value=suspend]");
    eventually("the merchant's act is shown", || {
        browser.text("main").contains("SUSPENDED").then_some(())
    });
    assert_eq!(browser.complaints(), json!([]), "the console has errors");
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn the_pages_fit_a_telephone_and_follow_the_colour_scheme() {
    let browser = Browser::start(true);
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let created = sandbox.create(
        "a-customer-with-quite-a-long-identifier-00000000000000000000",
        "BANGO",
        "BangoMusic",
    );
    let ground = "return getComputedStyle(document.body).backgroundColor";
    let wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    for url in [&sandbox.origin, &created.link()] {
        let mut grounds = Vec::new();
        for scheme in ["light", "dark"] {
            let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
            browser.ask(
                "/goog/cdp/execute",
                &json!({"cmd": "Emulation.setEmulatedMedia", "params": media}),
            );
            let metrics =
                json!({"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": true});
            browser.ask(
                "/goog/cdp/execute",
                &json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": metrics}),
            );
            browser.open(url);
            assert_eq!(browser.script(wide), 0, "{url} scrolls sideways");
            grounds.push(browser.script(ground));
        }
        assert_ne!(grounds[0], grounds[1], "{url}");
    }
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_registration_works_without_javascript() {
    let browser = Browser::start(false);
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let created = sandbox.create("alice", "BANGO", "BangoMusic");
    browser.open(&sandbox.origin);
    assert!(browser.text("main").contains("alice"));
    browser.open(&created.link());
    browser.click("#register");
    eventually("the page says so", || {
        (browser.text("h1") == "You are all set").then_some(())
    });
    assert_eq!(
        sandbox.get(&created.text("entitlementId")).text("status"),
        "ACTIVE"
    );
}
