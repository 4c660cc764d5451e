//! The pages without a browser: links, forms, escaping, and what guards them.

use serde_json::json;

use crate::support::cli::{Home, eventually};
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
    let created_page = sandbox.page("/").body;
    let (_, rest) = created_page.split_once("href=\"/entitlements/").unwrap();
    let number = rest.split('"').next().unwrap();
    for page in [
        created_page.clone(),
        sandbox.page(&format!("/entitlements/{number}")).body,
        sandbox.page("/requests").body,
        sandbox.page(&created.link()).body,
        sandbox.page("/?q=%3Cscript%3Ealert(1)").body,
    ] {
        assert!(page.contains("&lt;script&gt;"), "{page}");
        assert!(!page.contains("<script>"), "{page}");
        assert!(!page.contains("?<b>"), "{page}");
    }
}

#[test]
fn pages_answer_only_to_their_own_host() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let port = sandbox.address().rsplit(':').next().unwrap().to_owned();
    let link = sandbox.create("alice", "BANGO", "BangoMusic").link();
    let path = link.strip_prefix(&sandbox.origin).unwrap();
    for path in ["/", "/requests", path, "/openapi.json", "/v1/echo/1"] {
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
        "/requests",
        "/notifications",
        "/controls",
        &link,
        "/style.css",
        "/dashboard.js",
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
    let page = sandbox.page(&sandbox.entitlement_page(&id)).body;
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
    let page = sandbox
        .page(&sandbox.entitlement_page(&sandbox.active("tom")))
        .body;
    let token = token(&page);
    let act = |id: &str, act: &str| {
        let form = format!("act={act}&token={token}");
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
            let location = reply.header("location");
            assert!(location.starts_with("/entitlements/") && location.ends_with("?done=1"));
            assert!(
                sandbox.page(location).body.contains("Done: "),
                "it says what happened"
            );
            inbox.next().reason().clone_into(&mut last);
        }
        assert_eq!(
            (sandbox.get(&id).text("status").as_str(), last.as_str()),
            (status, reason)
        );
    }
    let page = sandbox
        .page(&sandbox.entitlement_page(&sandbox.active("fay")))
        .body;
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
    assert!(
        sandbox
            .page("/requests")
            .body
            .contains("No request has come yet")
    );
    assert!(
        sandbox
            .page("/notifications")
            .body
            .contains("No notification yet")
    );
    let id = sandbox.active("alice");
    sandbox.end("revoke", &id);
    let path = sandbox.entitlement_page(&id);
    let page = sandbox.page(&path);
    for shown in [
        "alice",
        &id,
        "REVOKED",
        "ACTIVE_AT_ONCE",
        "revoke asked for",
        "/v1/entitlement/revoke/",
    ] {
        assert!(page.body.contains(shown), "{shown}");
    }
    let version = page.body.split("data-version=\"").nth(1).unwrap();
    let version = version.split('"').next().unwrap();
    let again = |path: &str| {
        let known = [("x-known-version", version)];
        sandbox.send("GET", path, &known, "").unwrap()
    };
    assert_eq!(again(&path).status, 204);
    sandbox.active("carol");
    let list = again("/");
    assert!(list.status == 200 && list.body.contains("carol"));
    assert_eq!(sandbox.page("/entitlements/999").status, 404);
    assert_eq!(sandbox.page("/requests/x").status, 404);
}

/// The rows of a list: what stands in their links.
fn listed(sandbox: &Sandbox, path: &str) -> Vec<String> {
    let page = sandbox.page(path);
    assert_eq!(page.status, 200, "{path}");
    let rows = page.body.split("<p class=\"first\"><a ").skip(1);
    let link = |row: &str| {
        let inside = row.split_once('>').unwrap().1.split("</a>").next().unwrap();
        let mut text = String::new();
        for part in inside.split('<') {
            text += part.split_once('>').map_or(part, |(_, rest)| rest);
        }
        text
    };
    rows.map(link).collect()
}

#[test]
fn lists_are_searched_as_people_type_and_filtered() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let inbox = Inbox::open(&[]);
    for (customer, id) in [
        ("Alice", "order-1"),
        ("alan", "order-2"),
        ("Bob", "Order-3"),
    ] {
        let more = json!({"entitlementId": id, "notificationUrl": inbox.url});
        sandbox.create_with(customer, "SANDBOX", "ACTIVE_AT_ONCE", &more);
    }
    sandbox.create("\u{c4}rger", "BANGO", "BangoMusic");
    sandbox.end("revoke", "order-2");
    let body = json!({"customerIdentifier": "gina"}).to_string();
    let headers = [
        ("authorization", "Basic c2FuZGJveDpzYW5kYm94"),
        ("content-type", "application/json"),
        ("x-requestidentifier", "Req-77"),
    ];
    sandbox
        .send("POST", "/v1/entitlement", &headers, &body)
        .unwrap();
    for (path, rows) in [
        ("/?q=AL", &["alan", "Alice"][..]),
        ("/?q=%20alice%20", &["Alice"]),
        ("/?q=ORDER-", &["Bob", "alan", "Alice"]),
        ("/?q=%C3%A4r", &["\u{c4}rger"]),
        ("/?customer=bob", &["Bob"]),
        ("/?status=REVOKED", &["alan"]),
        ("/?q=a&status=ACTIVE", &["Alice"]),
        ("/?product=BangoMusic", &["\u{c4}rger"]),
        ("/?q=lice", &[]),
        ("/requests?q=req-7", &["POST /v1/entitlement"]),
        (
            "/requests?q=order-2",
            &[
                "POST /v1/entitlement/revoke/order-2",
                "POST /v1/entitlement",
            ],
        ),
        ("/requests?code=BAD_REQUEST", &["POST /v1/entitlement"]),
        (
            "/requests?operation=revoke",
            &["POST /v1/entitlement/revoke/order-2"],
        ),
        ("/notifications?q=ala", &["TERMINATION_SUCCESS"]),
        ("/notifications?reason=SUSPENSION_SUCCESS", &[]),
    ] {
        assert_eq!(listed(&sandbox, path), rows, "{path}");
    }
    assert!(
        sandbox
            .page("/?q=none")
            .body
            .contains("Nothing here begins with")
    );
    for (path, totals) in [
        ("/", &["4 in all", "1 PENDING", "2 ACTIVE", "1 REVOKED"][..]),
        ("/requests", &["6 in all", "4 OK", "1 BAD_REQUEST"]),
        ("/notifications", &["1 in all"]),
    ] {
        let page = sandbox.page(path).body;
        let (_, rest) = page.split_once("totals\">").unwrap();
        let shown = rest.split("</p>").next().unwrap();
        let shown = shown.replace("<bdi dir=\"auto\">", "");
        for total in totals {
            assert!(shown.contains(total), "{total}: {shown}");
        }
    }
}

#[test]
fn pages_lead_to_the_very_first_entitlement() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    for number in 0..120 {
        sandbox.active(&format!("c{number:03}"));
    }
    let (mut path, mut seen) = ("/".to_owned(), Vec::new());
    loop {
        seen.extend(listed(&sandbox, &path));
        let page = sandbox.page(&path).body;
        let Some((start, _)) = page.split_once("\">Older</a>") else {
            break;
        };
        let (_, link) = start.rsplit_once("href=\"").unwrap();
        path = link.replace("&amp;", "&");
    }
    let all: Vec<_> = (0..120)
        .rev()
        .map(|number| format!("c{number:03}"))
        .collect();
    assert_eq!(seen, all);
    assert_eq!(listed(&sandbox, "/?after=0").last().unwrap(), "c000");
}

#[test]
fn a_request_has_a_page_with_everything_and_why_it_was_refused() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let body = json!({"customerIdentifier": "o'hara", "merchantAccountKey": "BANGO", "productKey": "BangoMusic", "dateExpiry": "soon"});
    let headers = [
        ("authorization", "Basic c2FuZGJveDpzYW5kYm94"),
        ("content-type", "application/json"),
        ("x-requestidentifier", "req-1"),
    ];
    let refused = sandbox
        .send("POST", "/v1/entitlement", &headers, &body.to_string())
        .unwrap();
    assert_eq!(refused.status, 400);
    let list = sandbox.page("/requests").body;
    let (_, rest) = list.split_once("href=\"/requests/").unwrap();
    let page = sandbox
        .page(&format!("/requests/{}", rest.split('"').next().unwrap()))
        .body;
    for shown in [
        "Why it was refused",
        "parameter 'dateExpiry' is invalid",
        "A time to come, in UTC",
        "&quot;dateExpiry&quot;: &quot;soon&quot;",
        "&quot;responseCode&quot;: &quot;BAD_REQUEST&quot;",
        "data-copy=\"req-1\"",
        "curl -X 'POST'",
        r"o'\''hara",
        "$BANGO_USERNAME:$BANGO_PASSWORD",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(!page.contains("c2FuZGJveDpzYW5kYm94"));
}

#[test]
fn a_notification_has_a_page_with_every_try_and_is_sent_again() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let inbox = Inbox::open(&[500]);
    let more = json!({"notificationUrl": inbox.url});
    let created = sandbox.create_with("alice", "SANDBOX", "ACTIVE_AT_ONCE", &more);
    sandbox.end("revoke", &created.text("entitlementId"));
    let first = inbox.next();
    inbox.next();
    let list = sandbox.page("/notifications").body;
    let (_, rest) = list.split_once("href=\"/notifications/").unwrap();
    let path = format!("/notifications/{}", rest.split('"').next().unwrap());
    let page = eventually("both tries are shown", || {
        let page = sandbox.page(&path).body;
        (page.contains("HTTP 500") && page.contains("HTTP 200")).then_some(page)
    });
    for shown in [
        "Tries (2)",
        "delivered",
        "&quot;notificationReason&quot;: &quot;TERMINATION_SUCCESS&quot;",
        "--data-raw",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let form = format!("token={}", token(&page));
    assert_eq!(sandbox.submit(&path, "token=x").status, 403);
    let again = sandbox.submit(&path, &form);
    assert_eq!(
        (again.status, again.header("location")),
        (303, format!("{path}?done=1").as_str())
    );
    assert_eq!(inbox.next().body, first.body);
    assert!(
        sandbox
            .page(again.header("location"))
            .body
            .contains("It is sent again")
    );
    assert_eq!(sandbox.submit("/notifications/999", &form).status, 404);
}

#[test]
fn a_refused_act_says_so_on_the_page_of_its_entitlement() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let id = sandbox
        .create("dora", "BANGO", "BangoMusic")
        .text("entitlementId");
    let refused = sandbox.act(&id, "suspend");
    assert_eq!(refused.status, 409);
    for shown in [
        "That was refused",
        "dora",
        "Open the registration page",
        "href=\"/\"",
    ] {
        assert!(refused.body.contains(shown), "{shown}");
    }
}

#[test]
fn hostile_and_endless_texts_stay_in_their_place() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let more = json!({"entitlementId": "x".repeat(3_000), "entitlementDisplayName": "Music \u{202e}gnp.exe"});
    let created = sandbox.create_with("   ", "BANGO", "BangoMusic", &more);
    sandbox.create_with(
        "a\u{202e}b",
        "BANGO",
        "BangoMusic",
        &json!({"entitlementId": "turned"}),
    );
    let list = sandbox.page("/").body;
    assert!(!list.contains(&"x".repeat(200)), "a row is short");
    assert!(
        list.contains("\u{201c}\u{a0}\u{a0}\u{a0}\u{201d}"),
        "spaces are seen"
    );
    for page in [
        list,
        sandbox.page(&sandbox.entitlement_page("turned")).body,
        sandbox.page("/requests").body,
        sandbox.page(&created.link()).body,
    ] {
        assert!(!page.contains('\u{202e}'), "{page}");
    }
    let registration = sandbox.page(&created.link()).body;
    assert!(
        registration.contains("<h1><bdi dir=\"auto\">Music \\u{202e}gnp.exe</bdi></h1>"),
        "{registration}"
    );
}

#[test]
fn the_controls_move_the_clock_switch_faults_and_make_samples() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let ends = sandbox
        .create("alice", "SANDBOX", "PERIOD_END")
        .text("entitlementId");
    sandbox.end("cancel", &ends);
    assert_eq!(sandbox.get(&ends).text("status"), "ACTIVE-ENDING");
    let token = token(&sandbox.page("/controls").body);
    let press = |form: &str| sandbox.submit("/controls", &format!("token={token}&{form}"));
    let done = |form: &str| {
        let reply = press(form);
        assert_eq!(reply.status, 303, "{form}: {reply:?}");
        sandbox.page(reply.header("location")).body
    };
    assert!(
        sandbox
            .page("/controls")
            .body
            .contains("time is the real one")
    );
    let page = done("act=advance&by=31d");
    assert!(
        page.contains("The clock was moved") && page.contains("ahead of the real one by 31 d 0 h"),
        "{page}"
    );
    assert_eq!(sandbox.get(&ends).text("status"), "CANCELLED");
    let page = done("act=fault&fault=SERVICE_UNAVAILABLE&customer=bob&share=100&for=5m");
    assert!(
        page.contains("switched on") && page.contains("bob</bdi>, until "),
        "{page}"
    );
    assert_eq!(sandbox.create("bob", "BANGO", "BangoMusic").status, 503);
    assert!(!done("act=off&fault=SERVICE_UNAVAILABLE").contains("bob</bdi>, until "));
    assert_eq!(sandbox.create("bob", "BANGO", "BangoMusic").status, 202);
    assert!(done("act=seed").contains("Samples were made"));
    assert!(
        sandbox
            .page("/?status=FAILED")
            .body
            .contains("sample-failed")
    );
    for (form, status) in [
        ("act=advance&by=soon", 400),
        ("act=fault&fault=nonsense", 400),
        ("act=dance", 400),
    ] {
        let refused = press(form);
        assert_eq!(refused.status, status, "{form}");
        assert!(refused.body.contains("That was refused"), "{form}");
    }
    assert_eq!(sandbox.submit("/controls", "token=x&act=seed").status, 403);
}

#[test]
fn the_state_is_exported_reset_and_imported_from_the_page() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let more = json!({"extensionData": {"a": "x\r\ny"}});
    let id = sandbox
        .create_with("alice", "SANDBOX", "ACTIVE_AT_ONCE", &more)
        .text("entitlementId");
    let before = sandbox.get(&id).json();
    let token = token(&sandbox.page("/controls").body);
    let press = |act: &str| sandbox.submit("/controls", &format!("token={token}&act={act}"));
    let file = press("export");
    assert_eq!(file.status, 200);
    assert!(file.header("content-disposition").contains("sandbox.jsonl"));
    let reset = press("reset");
    assert!(
        sandbox
            .page(reset.header("location"))
            .body
            .contains("Everything was forgotten")
    );
    assert_eq!(sandbox.get(&id).status, 404);
    let upload = |file: &str, token: &str| {
        let part = |name: &str, value: &str| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let parts = [
            part("token", token),
            part("act", "import"),
            part("file", file),
        ];
        let kind = [("content-type", "multipart/form-data; boundary=b")];
        let body = format!("{}--b--\r\n", parts.concat());
        sandbox.send("POST", "/controls", &kind, &body).unwrap()
    };
    assert_eq!(upload(&file.body, "no").status, 403);
    let done = upload(&file.body, &token);
    assert!(
        sandbox
            .page(done.header("location"))
            .body
            .contains("The file was imported"),
        "{done:?}"
    );
    assert_eq!(sandbox.get(&id).json(), before);
    for wrong in ["", "no", "[[1,{\"nonsense\":1}]]"] {
        let refused = upload(wrong, &token);
        assert!(
            refused.status == 400 && refused.body.contains("That was refused"),
            "{refused:?}"
        );
        assert_eq!(sandbox.get(&id).json(), before, "nothing is forgotten");
    }
}

#[test]
fn no_page_shows_the_password_of_a_notification_url_or_sends_the_credentials_to_a_receiver() {
    let secret = [("BANGO_SANDBOX_NOTIFICATION_SECRET", "s3cret-of-mine")];
    let arguments = ["--ephemeral", "--notification-auth", "bearer"];
    let sandbox = Sandbox::start_with(&arguments, &secret, Home::new());
    let inbox = Inbox::open(&[]);
    let url = inbox.url.replace("http://", "http://user:pa55word@");
    let more = json!({ "notificationUrl": url });
    let created = sandbox.create_with("alice", "SANDBOX", "ACTIVE_AT_ONCE", &more);
    sandbox.end("revoke", &created.text("entitlementId"));
    inbox.next();
    let first = |list: &str| {
        let all = sandbox.page(list).body;
        let link = format!("href=\"{list}/");
        let number = all.split(&link).last().unwrap().split('"').next();
        sandbox.page(&format!("{list}/{}", number.unwrap())).body
    };
    let page = first("/requests");
    assert!(page.contains("user:redacted@"), "{page}");
    let mut tool = sandbox.client();
    let requests = tool.args(["sandbox", "requests", "--json"]).run();
    assert!(requests.stdout.contains("user:redacted@"), "{requests:#?}");
    assert!(!(page + &requests.stdout).contains("pa55word"));
    let page = first("/notifications");
    let shown = "authorization: Bearer $BANGO_SANDBOX_NOTIFICATION_SECRET";
    assert!(page.contains(shown), "{page}");
    for hidden in ["BANGO_USERNAME", "s3cret-of-mine", "pa55word"] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
}
