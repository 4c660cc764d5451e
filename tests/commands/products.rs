//! `products`: Bango's Product API, by a path that only the profile knows.

use crate::support::cli::{Cli, Home, PASSWORD, USERNAME};
use crate::support::schema::assert_valid;
use crate::support::server::{Server, header, http};

const ANSWER: &str = r#"{"eligibleProducts": [{"productIdentifier": "p1", "productStatus": "AVAILABLE", "productRank": 1.50},
    {"productIdentifier": "p2", "productName": "Two", "productDescription": "more"}]}"#;

fn home(base_url: &str, path: &str) -> Home {
    let home = Home::new();
    let text = format!(
        "default_profile = 't'\n[profiles.t]\nbase_url = '{base_url}'\nusername = '{USERNAME}'\npassword = '{PASSWORD}'\n\
        [profiles.t.paths]\n{path}\n"
    );
    home.write(".config/bango-ent/config.toml", text);
    home
}

fn products(home: &Home) -> Cli {
    let mut cli = home.bango_ent();
    cli.args(["products", "--user", "cust-1", "--retries", "0"]);
    cli
}

#[test]
fn the_path_of_the_profile_is_asked_for_the_user() {
    let server = Server::answering(http(200, &[], ANSWER));
    let home = home(&server.base_url(), "products = 'products/my%20id'");
    let outcome = products(&home).arg("--json").run();
    let document = outcome.assert_code(0).json();
    assert_valid("products", &document);
    let rank = document["eligibleProducts"][0]["productRank"].to_string();
    assert_eq!(rank, "1.50");
    let sent = &server.requests()[0];
    assert!(sent.starts_with("GET /v1/products/my%20id HTTP"), "{sent}");
    assert_eq!(header(sent, "X-CustomerIdentifier"), Some("cust-1"));
    let piped = products(&home).run();
    let lines = "p1\tAVAILABLE\t\t1.50\t\np2\t\tTwo\t\tmore\n";
    assert_eq!(piped.assert_code(0).stdout, lines);
}

#[test]
fn without_a_path_nothing_is_sent_and_the_key_is_named() {
    let server = Server::answering(http(200, &[], ANSWER));
    let without = home(&server.base_url(), "");
    let outcome = products(&without).run();
    let stderr = &outcome.assert_code(3).stderr;
    assert!(
        stderr.contains("set products under [profiles.NAME.paths]"),
        "{stderr}"
    );
    let bad = home(&server.base_url(), "products = '../x'");
    assert!(
        products(&bad)
            .run()
            .assert_code(3)
            .stderr
            .contains("the path products")
    );
    let elsewhere = home(&server.base_url(), "products = 'https://other.example/x'");
    products(&elsewhere).run().assert_code(3);
    let clean = Home::new();
    let mut sandbox = products(&clean);
    let outcome = sandbox
        .arg("--sandbox")
        .env("BANGO_SANDBOX_PORT", "0")
        .run();
    assert!(outcome.assert_code(3).stderr.contains("does not imitate"));
    let home = home(&server.base_url(), "products = 'p'");
    let mut odd = home.bango_ent();
    odd.args(["products", "--user", "jos\u{e9}"])
        .run()
        .assert_code(2);
    assert_eq!(server.connections(), 0);
}

#[test]
fn an_answer_without_the_list_is_no_success() {
    let server = Server::answering(http(200, &[], r#"{"responseCode":"OK"}"#));
    let home = home(&server.base_url(), "products = 'p'");
    products(&home).run().assert_code(30);
}
