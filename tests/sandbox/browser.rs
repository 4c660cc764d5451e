//! The pages in headless Chromium, driven over `WebDriver`: a registration clicked through, and the dashboard that follows it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::cli::eventually;
use crate::support::sandbox::{Inbox, Sandbox};

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

    /// Sends a command to an element.
    fn element(&self, selector: &str, command: &str, body: &Value) {
        let found = self.ask(
            "/element",
            &json!({"using": "css selector", "value": selector}),
        );
        let id = found.as_object().unwrap().values().next().unwrap();
        self.ask(
            &format!("/element/{}/{command}", id.as_str().unwrap()),
            body,
        );
    }

    fn click(&self, selector: &str) {
        self.element(selector, "click", &json!({}));
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

    /// Runs a script that calls `done` with its value.
    fn wait_for_script(&self, script: &str) -> Value {
        let script = format!("const done = arguments[0]; {script}");
        self.ask("/execute/async", &json!({"script": script, "args": []}))
    }

    /// Shows pages in a colour scheme and a width.
    fn look(&self, scheme: &str, width: u32) {
        let run = |command: &str, params: Value| {
            let body = json!({"cmd": command, "params": params});
            self.ask("/goog/cdp/execute", &body)
        };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        run("Emulation.setEmulatedMedia", media);
        let metrics =
            json!({"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500});
        run("Emulation.setDeviceMetricsOverride", metrics);
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
        (browser.text("#rows .pill") == "PENDING").then_some(())
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
    assert_eq!(browser.text("#rows .pill"), "ACTIVE");

    // The merchant acts; what cannot be undone asks first.
    browser.click("#rows a");
    eventually("its own page", || {
        (browser.text("main h2") == "alice").then_some(())
    });
    browser.click("#suspend");
    eventually("the page says what happened", || {
        let notice = browser.text(".notice");
        notice.contains("SUSPENDED, by the merchant").then_some(())
    });
    assert_eq!(browser.text("#revoke"), "", "it is folded away");
    browser.click("#confirm-revoke summary");
    browser.click("#revoke");
    eventually("revoked", || {
        (browser.text("main .pill") == "REVOKED").then_some(())
    });
    assert_eq!(browser.complaints(), json!([]), "the console has errors");
}

/// With `README_OUTPUT=write` this is the picture of the README: its bytes are the browser's matter.
#[test]
#[ignore = "needs chromium and chromedriver"]
fn the_dashboard_can_be_photographed() {
    let browser = Browser::start(true);
    let sandbox = Sandbox::start(&["--ephemeral"]);
    sandbox.active("alice");
    sandbox.create("bob", "BANGO", "BangoMusic");
    sandbox.end("cancel", &sandbox.active("carol"));
    let metrics = json!({"width": 1180, "height": 560, "deviceScaleFactor": 1, "mobile": false});
    browser.ask(
        "/goog/cdp/execute",
        &json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": metrics}),
    );
    browser.ask(
        "/goog/cdp/execute",
        &json!({"cmd": "Emulation.setScrollbarsHidden", "params": {"hidden": true}}),
    );
    browser.open(&sandbox.origin);
    eventually("all of them are shown", || {
        let shown = browser.text("main");
        ["alice", "bob", "carol"]
            .iter()
            .all(|user| shown.contains(user))
            .then_some(())
    });
    let shot = browser.ask(
        "/goog/cdp/execute",
        &json!({"cmd": "Page.captureScreenshot", "params": {}}),
    );
    let png = STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
    assert!(png.starts_with(b"\x89PNG"), "{} bytes", png.len());
    if std::env::var_os("README_OUTPUT").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/images/dashboard.png");
        std::fs::write(path, png).unwrap();
    }
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_page_that_changes_keeps_focus_selection_scroll_and_what_is_unfolded_or_chosen() {
    let browser = Browser::start(true);
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let ids = (0..30).map(|n| sandbox.active(&format!("c{n:02}")));
    let ids: Vec<_> = ids.collect();
    browser.open(&sandbox.entitlement_url(&ids[0]));
    browser.script(
        "document.querySelector('#confirm-revoke').open = true;
         document.querySelector('#product').selectedIndex = 2;
         document.querySelector('#confirm-revoke summary').focus();
         getSelection().selectAllChildren(document.querySelector('.id'));
         scrollTo(0, 120);",
    );
    let kept = "return [document.querySelector('#confirm-revoke').open, document.querySelector('#product').selectedIndex,
         document.activeElement.parentElement.id, getSelection().toString(), scrollY]";
    let before = browser.script(kept);
    assert_eq!(before[3], ids[0].as_str());
    let body = json!({"entitlementId": ids[0], "dateExpiry": "2099-01-01T00:00:00Z"});
    assert_eq!(sandbox.api("PATCH", "/entitlement", &body).status, 200);
    eventually("the change is seen", || {
        browser.text("main").contains("2099-01-01").then_some(())
    });
    assert_eq!(browser.script(kept), before);
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn nothing_shifts_in_a_list_while_somebody_works_in_it() {
    let browser = Browser::start(true);
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let ids = (0..30).map(|n| sandbox.active(&format!("c{n:02}")));
    let ids: Vec<_> = ids.collect();
    browser.open(&sandbox.origin);
    browser.script("document.querySelector('#rows li:nth-child(3) a').focus()");
    let place = "return [document.activeElement.textContent, Math.round(document.activeElement.getBoundingClientRect().top)]";
    let before = browser.script(place);
    for n in 0..3 {
        sandbox.active(&format!("new{n}"));
    }
    eventually("a count of what is new", || {
        (browser.text("#new") == "3 new").then_some(())
    });
    assert_eq!(browser.script(place), before);
    let body = json!({"entitlementId": ids[29], "entitlementBenefits": "SUSPENDED"});
    sandbox.api("PATCH", "/entitlement", &body);
    eventually("a row changes in its place", || {
        (browser.text("#rows .pill") == "SUSPENDED").then_some(())
    });
    browser.click("#new");
    eventually("what is new", || {
        (browser.text("#rows a") == "new2").then_some(())
    });
    assert_eq!(browser.text("#new"), "");
    // With nobody in the list it follows by itself; what is half typed stays.
    browser.script(
        "document.querySelector('#q').focus(); document.querySelector('#q').value = 'half ty'",
    );
    sandbox.active("later");
    eventually("the next one", || {
        (browser.text("#rows a") == "later").then_some(())
    });
    let typed = "return [document.activeElement.id, document.activeElement.value]";
    assert_eq!(browser.script(typed), json!(["q", "half ty"]));
    assert_eq!(browser.complaints(), json!([]), "the console has errors");
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn deliveries_and_time_are_followed_and_a_pause_or_a_loss_is_said() {
    let browser = Browser::start(true);
    let mut sandbox = Sandbox::start(&["--ephemeral"]);
    let inbox = Inbox::open(&[500]);
    let more = json!({"notificationUrl": inbox.url});
    let slow = sandbox.create_with("alice", "SANDBOX", "SLOW_TERMINATION", &more);
    let id = slow.text("entitlementId");
    browser.open(&sandbox.entitlement_url(&id));
    sandbox.end("revoke", &id);
    eventually("time alone ends it, and each try is seen", || {
        let text = browser.text("main");
        (text.contains("REVOKED") && text.contains("delivered")).then_some(())
    });
    assert_eq!(browser.text("#state"), "Live");
    browser.click("#pause");
    let said = (browser.text("#state"), browser.text("#pause"));
    assert_eq!(said, ("Paused".to_owned(), "Go on".to_owned()));
    browser.click("#pause");
    sandbox.signal(rustix::process::Signal::KILL);
    eventually("the loss is said", || {
        let lost = browser.text("#lost");
        lost.contains("does not answer").then_some(())
    });
    assert_eq!(browser.text("#state"), "Not live");
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_reset_asks_and_a_file_is_imported_with_javascript_and_without() {
    for javascript in [true, false] {
        let browser = Browser::start(javascript);
        let sandbox = Sandbox::start(&["--ephemeral"]);
        let ids = (0..if javascript { 6 } else { 2 }).map(|n| {
            let more = json!({"extensionData": "x".repeat(400_000)});
            let made = sandbox.create_with(&format!("c{n}"), "SANDBOX", "ACTIVE_AT_ONCE", &more);
            made.text("entitlementId")
        });
        let ids: Vec<_> = ids.collect();
        let clear = sandbox
            .client()
            .args(["sandbox", "requests", "--clear"])
            .run();
        clear.assert_code(0);
        let export = sandbox
            .client()
            .args(["sandbox", "export", "kept.jsonl"])
            .run();
        export.assert_code(0);
        assert!(export.stderr.contains(" entries\n"), "{}", export.stderr);
        browser.open(&format!("{}/controls", sandbox.origin));
        assert_eq!(browser.text("#reset"), "", "it is folded away");
        browser.click("#confirm-reset summary");
        browser.click("#reset");
        eventually("it says so", || {
            let notice = browser.text(".notice");
            notice.contains("Everything was forgotten").then_some(())
        });
        assert_eq!(sandbox.get(&ids[0]).status, 404);
        let path = sandbox.home().path().join("kept.jsonl");
        browser.element("#file", "value", &json!({"text": path.to_str().unwrap()}));
        browser.click("#confirm-import summary");
        browser.click("#confirm-import button");
        eventually("it says so", || {
            let notice = browser.text(".notice");
            notice.contains("The file was imported").then_some(())
        });
        for id in &ids {
            assert_eq!(sandbox.get(id).status, 200, "{javascript}");
        }
    }
}

#[test]
#[ignore = "needs chromium, chromedriver and axe-core"]
fn the_pages_have_no_barriers() {
    let axe = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/target/node/node_modules/axe-core/axe.min.js"
    );
    let axe = std::fs::read_to_string(axe).expect("npm install --prefix target/node axe-core");
    let browser = Browser::start(true);
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let inbox = Inbox::open(&[500]);
    let more = json!({"notificationUrl": inbox.url});
    let created = sandbox.create_with("alice", "SANDBOX", "ACTIVE_AT_ONCE", &more);
    let id = created.text("entitlementId");
    let body = json!({"entitlementId": id, "entitlementBenefits": "SUSPENDED"});
    sandbox.api("PATCH", "/entitlement", &body);
    inbox.next();
    let pending = sandbox.create("   ", "BANGO", "BangoMusic");
    let incomplete = json!({"customerIdentifier": "bob"});
    sandbox.api("POST", "/entitlement", &incomplete);
    let first = |list: &str| {
        let page = sandbox.page(list).body;
        let (_, rest) = page.split_once(&format!("href=\"{list}/")).unwrap();
        format!(
            "{}{list}/{}",
            sandbox.origin,
            rest.split('"').next().unwrap()
        )
    };
    let pages = [
        sandbox.origin.clone(),
        format!("{}/?q=nobody", sandbox.origin),
        sandbox.entitlement_url(&id),
        sandbox.entitlement_url(&pending.text("entitlementId")),
        format!("{}/requests", sandbox.origin),
        first("/requests"),
        format!("{}/notifications", sandbox.origin),
        format!("{}/controls", sandbox.origin),
        first("/notifications"),
        pending.link(),
        format!("{}/nothing", sandbox.origin),
    ];
    for (scheme, width) in [
        ("light", 1200),
        ("dark", 390),
        ("light", 390),
        ("dark", 1200),
    ] {
        browser.look(scheme, width);
        for url in &pages {
            browser.open(url);
            browser.script("for (const it of document.querySelectorAll('details')) it.open = true");
            browser.script(&axe);
            let found = browser.wait_for_script(
                "axe.run(document, {resultTypes: ['violations']}).then((found) => done(found.violations.map(
                     (one) => one.id + ': ' + one.nodes.map((node) => node.html).join(' '))))",
            );
            assert_eq!(found, json!([]), "{url} {scheme} {width}");
        }
    }
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
    let requests = format!("{}/requests", sandbox.origin);
    let page = sandbox.entitlement_url(&created.text("entitlementId"));
    let controls = format!("{}/controls", sandbox.origin);
    for url in [
        &sandbox.origin,
        &created.link(),
        &requests,
        &page,
        &controls,
    ] {
        let mut grounds = Vec::new();
        for scheme in ["light", "dark"] {
            browser.look(scheme, 390);
            browser.open(url);
            assert_eq!(browser.script(wide), 0, "{url} scrolls sideways");
            grounds.push(browser.script(ground));
        }
        assert_ne!(grounds[0], grounds[1], "{url}");
    }
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn on_paper_there_is_nothing_to_click_and_everything_unfolded() {
    let browser = Browser::start(true);
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let inbox = Inbox::open(&[500]);
    let more = json!({"notificationUrl": inbox.url});
    let created = sandbox.create_with("alice", "SANDBOX", "ACTIVE_AT_ONCE", &more);
    let id = created.text("entitlementId");
    sandbox.end("revoke", &id);
    (0..2).for_each(|_| drop(inbox.next()));
    let page = sandbox.entitlement_url(&id);
    let folded = "return [...document.querySelectorAll('details:not([open]):not(.confirm)')]
        .map((part) => part.innerText.length > part.querySelector('summary').innerText.length + 9)";
    let clickable = "return [...document.querySelectorAll('button, input, select, nav')]
        .filter((part) => part.checkVisibility()).map((part) => part.outerHTML)";
    let newest = |list: &str| {
        browser.open(&format!("{}/{list}", sandbox.origin));
        browser.script("return document.querySelector('#rows a').href")
    };
    let [request, notification] = ["requests", "notifications"].map(newest);
    let mut unfolded = 0;
    for url in [
        &json!(page),
        &request,
        &notification,
        &json!(sandbox.origin),
    ] {
        browser.open(url.as_str().unwrap());
        let print = json!({"cmd": "Emulation.setEmulatedMedia", "params": {
            "media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]}});
        browser.ask("/goog/cdp/execute", &print);
        let ground = browser.script("return getComputedStyle(document.body).backgroundColor");
        assert_eq!(ground, "rgb(244, 245, 248)", "{url}: dark on paper");
        assert_eq!(browser.script(clickable), json!([]), "{url}");
        let parts = browser.script(folded);
        let parts = parts.as_array().unwrap();
        assert!(parts.iter().all(|is_shown| is_shown == true), "{url}");
        unfolded += parts.len();
        let screen =
            json!({"cmd": "Emulation.setEmulatedMedia", "params": {"media": "", "features": []}});
        browser.ask("/goog/cdp/execute", &screen);
    }
    assert!(unfolded > 0, "nothing is folded on the screen");
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_registration_works_without_javascript() {
    let browser = Browser::start(false);
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let created = sandbox.create("alice", "BANGO", "BangoMusic");
    browser.open(&sandbox.origin);
    browser.click("#rows a");
    assert!(browser.text("main").contains("alice") && browser.text(".copy").is_empty());
    assert_eq!(browser.text(".live"), "Reload");
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
