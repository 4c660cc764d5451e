//! The pages without a browser: links, forms, escaping, and what guards them.

use serde_json::json;

use crate::support::sandbox::{Inbox, Sandbox, token};

#[test]
fn completing_the_registration_activates_once() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let created = sandbox.create("alice", "BANGO", "BangoMusic");
    let link = created.link();
    let page = sandbox.page(&link);
    assert_eq!(page.status, 200);
    for shown in [
        "Bango Music",
        "alice",
        "BANGO",
        "<button",
        "method=\"post\"",
    ] {
        assert!(page.body.contains(shown), "{shown}");
    }
    let form = format!("token={}", token(&page.body));
    let done = sandbox.submit(&link, &form);
    assert_eq!(done.status, 303);
    assert!(
        sandbox
            .page(done.header("location"))
            .body
            .contains("You are all set")
    );
    assert_eq!(
        sandbox.get(&created.text("entitlementId")).text("status"),
        "ACTIVE"
    );
    // Again: kindly, and without effect.
    let again = sandbox.submit(&link, &form);
    assert!(
        again.status == 200 && again.body.contains("You are all set"),
        "{again:?}"
    );
}

#[test]
fn links_that_lead_nowhere_say_so_kindly() {
    let sandbox = Sandbox::start(&["--ephemeral", "--link-lifetime", "1s"]);
    let unknown = sandbox.page("/register/00000000000000000000000000000000");
    assert!(unknown.status == 404 && unknown.body.contains("We do not know this link"));
    let created = sandbox.create("alice", "BANGO", "BangoMusic");
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let expired = sandbox.page(&created.link());
    assert!(expired.status == 410 && expired.body.contains("This link has expired"));
    assert_eq!(sandbox.submit(&created.link(), "token=x").status, 410);
    sandbox.end("cancel", &created.text("entitlementId"));
    let ended = sandbox.page(&created.link());
    assert!(ended.status == 410 && ended.body.contains("no longer needed"));
}

#[test]
fn tokens_are_long_and_never_alike() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let links: std::collections::HashSet<String> = (0..20)
        .map(|_| sandbox.create("alice", "BANGO", "BangoMusic").link())
        .collect();
    assert_eq!(links.len(), 20);
    assert!(
        links
            .iter()
            .all(|link| link.rsplit('/').next().unwrap().len() == 32)
    );
}

#[test]
fn everything_shown_is_escaped() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let evil = "<script>alert(1)</script>\"'&";
    let more = json!({"entitlementDisplayName": evil, "offerKey": evil, "entitlementId": evil, "notificationUrl": "https://x.invalid/%3Cb%3E?<b>"});
    let created = sandbox.create_with(evil, "BANGO", "BangoMusic", &more);
    assert_eq!(created.status, 202, "{created:?}");
    for page in [
        sandbox.page("/"),
        sandbox.page(&created.link()),
        sandbox.page("/?customer=%3Cscript%3Ealert(1)"),
    ] {
        assert!(page.body.contains("&lt;script&gt;"), "{}", page.body);
        assert!(!page.body.contains("<script>"), "{}", page.body);
        assert!(!page.body.contains("?<b>"), "{}", page.body);
    }
}

#[test]
fn pages_answer_only_to_their_own_host() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let port = sandbox.address().rsplit(':').next().unwrap().to_owned();
    let link = sandbox.create("alice", "BANGO", "BangoMusic").link();
    let path = link.strip_prefix(&sandbox.origin).unwrap();
    for path in ["/", "/live", path, "/openapi.json", "/v1/echo/1"] {
        for host in [
            format!("evil.example:{port}"),
            format!("127.0.0.1.evil.example:{port}"),
            "127.0.0.1:1".to_owned(),
        ] {
            let request =
                format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            let answer = String::from_utf8(sandbox.raw(request.as_bytes())).unwrap();
            assert!(
                answer.starts_with("HTTP/1.1 421 "),
                "{host}{path}: {answer}"
            );
            assert!(!answer.contains("alice"));
        }
    }
    let request = format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n");
    assert!(
        sandbox
            .raw(request.as_bytes())
            .starts_with(b"HTTP/1.1 200 ")
    );
}

#[test]
fn pages_are_guarded_and_load_nothing_from_elsewhere() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let link = sandbox.create("alice", "BANGO", "BangoMusic").link();
    for path in [
        "/",
        "/live",
        &link,
        "/style.css",
        "/live.js",
        "/icon.svg",
        "/openapi.json",
        "/nothing",
    ] {
        let page = sandbox.page(path);
        let policy = page.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{path}: {policy}"
        );
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"));
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert!(
            page.header("server").starts_with("bango-ent-sandbox/"),
            "{path}"
        );
    }
    for path in ["/", &link] {
        let body = sandbox.page(path).body;
        for foreign in ["src=\"http", "href=\"//", "style=\"", "onclick"] {
            assert!(!body.contains(foreign), "{path}: {foreign}");
        }
    }
}

#[test]
fn forms_from_elsewhere_change_nothing() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let id = sandbox.active("alice");
    let path = format!("/merchant/{id}");
    let page = sandbox.page("/").body;
    let good = format!("act=revoke&token={}", token(&page));
    let kind = ("content-type", "application/x-www-form-urlencoded");
    for headers in [
        vec![kind, ("origin", "https://evil.example")],
        vec![kind, ("sec-fetch-site", "cross-site")],
    ] {
        assert_eq!(
            sandbox.send("POST", &path, &headers, &good).unwrap().status,
            403
        );
    }
    for form in [
        "act=revoke",
        "act=revoke&token=",
        "act=revoke&token=00000000000000000000000000000000",
    ] {
        assert_eq!(sandbox.submit(&path, form).status, 403);
    }
    let pending = sandbox.create("bob", "BANGO", "BangoMusic");
    assert_eq!(
        sandbox.submit(&pending.link(), &good).status,
        403,
        "a token is for one purpose"
    );
    assert_eq!(sandbox.get(&id).text("status"), "ACTIVE");
    assert_eq!(
        sandbox.get(&pending.text("entitlementId")).text("status"),
        "PENDING"
    );
}

#[test]
fn a_merchant_acts_from_the_dashboard() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let inbox = Inbox::open(&[]);
    let more = json!({"notificationUrl": inbox.url});
    let act = |id: &str, act: &str| {
        let form = format!("act={act}&token={}", token(&sandbox.page("/").body));
        sandbox.submit(&format!("/merchant/{id}"), &form)
    };
    for (number, (acts, status, reason)) in [
        (&["suspend"][..], "SUSPENDED", "SUSPENSION_SUCCESS"),
        (&["suspend", "resume"], "ACTIVE", "RESUMPTION_SUCCESS"),
        (&["cancel"], "CANCELLED", "TERMINATION_SUCCESS"),
        (&["revoke"], "REVOKED", "TERMINATION_SUCCESS"),
        (&["fail"], "FAILED", "METADATA_UPDATE"),
        (&["product&product=PERIOD_END"], "ACTIVE", "PRODUCT_UPDATE"),
    ]
    .into_iter()
    .enumerate()
    {
        let created =
            sandbox.create_with(&format!("c{number}"), "SANDBOX", "ACTIVE_AT_ONCE", &more);
        let id = created.text("entitlementId");
        let mut last = String::new();
        for one in acts {
            let reply = act(&id, one);
            assert_eq!(reply.status, 303, "{one}: {reply:?}");
            assert!(reply.header("location").starts_with("/#e"));
            inbox.next().reason().clone_into(&mut last);
        }
        assert_eq!(
            (sandbox.get(&id).text("status").as_str(), last.as_str()),
            (status, reason)
        );
    }
    let page = sandbox.page("/").body;
    assert!(page.contains("Monthly Games") && !page.contains("Sold Out Sports"));
    let unavailable = act(&sandbox.active("emil"), "product&product=NEVER_AVAILABLE");
    assert!(
        unavailable.status == 400 && unavailable.body.contains("cannot be activated"),
        "{unavailable:?}"
    );
    let pending = sandbox
        .create("dora", "BANGO", "BangoMusic")
        .text("entitlementId");
    assert_eq!(act(&pending, "suspend").status, 409);
    assert_eq!(act(&pending, "dance").status, 400);
    assert_eq!(act("none", "revoke").status, 404);
    let way_in = act(&pending, "register");
    sandbox.register(way_in.header("location"));
    assert_eq!(sandbox.get(&pending).text("status"), "ACTIVE");
}

#[test]
fn the_dashboard_shows_what_happened_and_only_what_is_new() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    assert!(sandbox.page("/").body.contains("Nothing yet"));
    let id = sandbox.active("alice");
    sandbox.active("bob");
    sandbox.end("revoke", &id);
    let page = sandbox.page("/").body;
    for shown in [
        "alice",
        "bob",
        &id,
        "REVOKED",
        "ACTIVE_AT_ONCE",
        "revoke asked for",
        "/v1/entitlement/revoke/",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
    let found = sandbox.page("/?customer=bob").body;
    assert!(!found.contains(&format!("<p class=\"id soft\">{id}")) && found.contains("1 of "));
    let version = page
        .split("data-version=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert_eq!(
        sandbox.page(&format!("/live?version={version}")).status,
        204
    );
    sandbox.active("carol");
    let live = sandbox.page(&format!("/live?version={version}"));
    assert!(live.status == 200 && live.body.starts_with("<main") && live.body.contains("carol"));
}
