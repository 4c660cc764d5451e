//! Inputs that `batch` must understand, and inputs that it must refuse whole, before anything is sent.

use insta::assert_snapshot;
use serde_json::json;

use super::{assert_each_once, batch, users};
use crate::support::cli::Home;
use crate::support::platform::{Behaviour, Platform};

const HEADER: &str = "user,merchant,product\n";

/// Runs `batch` on an input that must be refused, and returns what it said.
fn refused(name: &str, input: impl AsRef<[u8]>) -> String {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write(name, input);
    let outcome = batch(&home, &server, &[name]);
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    assert_eq!(server.requests(), 0);
    let journal = home.path().join(format!("{name}.journal"));
    assert!(!journal.exists(), "a refused input leaves no journal");
    outcome.stderr
}

#[test]
fn every_problem_is_named_with_line_column_and_value() {
    let said = refused(
        "rows.csv",
        "user,product,merchant,expires,notification_url,action\n\
        a,P,M,tomorrow,,\n\
        b,P,M,,nowhere,\n\
        c,,,,,\n\
        d,P,M,,,destroy\n\
        e,P,M\n\
        \"f\nf\",P,M,,,\n\
        g,P,M,,,cancel\n\
        a,P,M,,,\n",
    );
    assert_snapshot!(said, @r#"
    error: the input has 9 problems; nothing was sent
      line 2, column expires: "tomorrow" must be an ISO 8601 date or time such as 2027-01-31 or 2027-01-31T12:00:00Z
      line 3, column notification_url: "nowhere" must be an absolute URL such as https://reseller.example/bango
      line 4, column merchant: is empty, and create needs it
      line 4, column product: is empty, and create needs it
      line 5, column action: "destroy" is not an action; there are create, update, suspend, resume, cancel, revoke
      line 6: the row has 3 cells, but the header names 6
      line 7, column user: "f\nf" contains a control character
      line 9, column entitlement_id: is empty, and cancel needs it
      line 9, column reason: is empty, and cancel needs it
    "#);
}

#[test]
fn many_problems_are_counted_and_the_first_are_shown() {
    let rows = "\u{7}bad,M,P\n".repeat(500);
    let said = refused("rows.csv", format!("{HEADER}{rows}"));
    assert!(said.contains("500 problems"), "{said}");
    assert_eq!(said.matches("column user").count(), 20, "{said}");
    assert!(said.contains("and 480 more"), "{said}");
}

#[test]
fn problems_are_facts_in_json() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("rows.csv", format!("{HEADER}a,,P\n"));
    let outcome = batch(&home, &server, &["rows.csv", "--json"]);
    let error = &outcome.json()["error"];
    assert_eq!((outcome.code, &error["code"]), (2, &json!("USAGE")));
    assert_eq!(error["details"]["problems"][0]["line"], 2);
    assert_eq!(error["details"]["problems"][0]["column"], "merchant");
}

#[test]
fn duplicates_are_refused_unless_they_are_wanted() {
    let said = refused("rows.csv", format!("{HEADER}a,M,P\nb,M,P\na,M,P\na,M,P\n"));
    assert!(
        said.contains("line 4: the same create as on line 2"),
        "{said}"
    );
    assert!(
        said.contains("line 5: the same create as on line 4"),
        "{said}"
    );
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("rows.csv", format!("{HEADER}a,M,P\na,M,P\n"));
    assert_eq!(
        batch(&home, &server, &["rows.csv", "--allow-duplicates"]).code,
        0
    );
    assert_eq!(server.created()["a"], 2);
}

#[test]
fn the_same_change_twice_is_refused_unless_another_is_between() {
    let header = "action,entitlement_id,user,merchant,product\n";
    for (rows, why) in [
        (
            "suspend,e,,,\nsuspend,e,,,\n",
            "the same change of the same",
        ),
        (
            "suspend,e,a,M,\nsuspend,e,,,\n",
            "the same change of the same",
        ),
        (
            "update,e,a,,\nupdate,e,a,,\n",
            "the same change of the same",
        ),
        (
            "create,e,a,M,P\ncreate,e,b,M,P\n",
            "a create with the same entitlement_id as",
        ),
    ] {
        let said = refused("rows.csv", format!("{header}{rows}"));
        assert!(said.contains("line 3: "), "{rows}: {said}");
        assert!(said.contains(why), "{rows}: {said}");
    }
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    for rows in [
        "suspend,e,,,\nresume,e,,,\nsuspend,e,,,\n",
        "update,e,a,,\nupdate,e,b,,\n",
        "create,e,a,M,P\ncreate,,a,M,Q\n",
    ] {
        home.write("rows.csv", format!("{header}{rows}"));
        batch(&home, &server, &["rows.csv", "--check"]).assert_code(0);
    }
}

#[test]
fn a_header_that_is_wrong_is_refused() {
    for (header, why) in [
        ("user,merchant,product,colour", "is not a column"),
        ("usr,merchant,product", "did you mean user?"),
        ("user; merchant; product", "separated by \";\""),
        ("user\tmerchant", "separated by \"\\t\""),
        ("user,user,product", "two columns for user"),
        ("user,customerIdentifier,product", "two columns for user"),
        ("", "the input is empty"),
    ] {
        let said = refused("rows.csv", header);
        assert!(said.contains(why), "{header}: {said}");
    }
}

#[test]
fn ids_that_are_not_what_they_seem_are_refused() {
    for (user, why) in [
        (" a", "begins or ends with a blank"),
        ("a\u{a0}", "begins or ends with a blank"),
        ("a\u{200b}b", "an invisible character"),
        ("\u{feff}a", "an invisible character"),
        ("4.47701E+11", "what a spreadsheet shows"),
        ("#N/A", "what a spreadsheet shows"),
    ] {
        let said = refused("rows.csv", format!("{HEADER}{user},M,P\n"));
        assert!(said.contains("line 2, column user"), "{said}");
        assert!(said.contains(why), "{user:?}: {said}");
    }
    let said = refused("rows.csv", format!("{HEADER}a,M,P\n{HEADER}b,M,P\n"));
    assert!(
        said.contains("line 3: the row is the header again"),
        "{said}"
    );
}

#[test]
fn json_lines_that_are_wrong_are_refused() {
    for (line, why) in [
        ("[1]", "not a JSON object"),
        ("{\"user\":\"a\"", "not a JSON object"),
        (
            r#"{"user":"a","user":"b","merchant":"M","product":"P"}"#,
            "two columns for user",
        ),
        (
            r#"{"user":7,"merchant":"M","product":"P"}"#,
            "must be a text",
        ),
        (
            r#"{"user":"a","merchant":"M","product":"P","extension_data":[1]}"#,
            "must be a JSON object or a text",
        ),
        (
            r#"{"user":"a","merchant":"M","product":"P","colour":1}"#,
            "is not a column",
        ),
        (
            r#"{"user":"a\u0000","merchant":"M","product":"P"}"#,
            "control character",
        ),
    ] {
        let said = refused("rows.jsonl", format!("\n{line}\n"));
        assert!(
            said.contains("line 2") && said.contains(why),
            "{line}: {said}"
        );
    }
}

#[test]
fn monsters_are_refused_in_little_memory() {
    let quote = format!("{HEADER}\"a,M,P\n{}", "b,M,P\n".repeat(2_000_000));
    let wide = format!("{}\n", vec!["x"; 1_000_001].join(","));
    let commas = format!("user{}\n", ",".repeat(1_000_000));
    let long = format!("{HEADER}{},M,P\n", "a".repeat(10_000_000));
    let line = format!("{{\"user\":\"{}\"}}\n", "a".repeat(10_000_000));
    for (name, input, why) in [
        ("rows.csv", quote, "longer than 1 MiB"),
        ("rows.csv", wide, "longer than 1 MiB"),
        ("rows.csv", commas, "at most 1000"),
        ("rows.csv", long, "longer than 1 MiB"),
        ("rows.jsonl", line, "longer than 1 MiB"),
    ] {
        let said = refused(name, input);
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    for (input, why) in [
        (
            &b"user,merchant,product\na\0b,M,P\n"[..],
            "control character",
        ),
        (b"user,merchant,product\n\xff\xfe,M,P\n", "is not UTF-8"),
        (b"\xff\xfeu\0s\0e\0r\0", "not UTF-8"),
    ] {
        let said = refused("rows.csv", input);
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn byte_order_mark_line_ends_and_quoted_newlines_are_understood() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write(
        "rows.csv",
        "\u{feff}\"user\",merchant,product,extension_data\r\n\
        cust-1,M,P,\ncust-2,M,P,\"{\"\"a\"\":\n1}\"\r\n\r\ncust-3,M,P,\rcust-4,M,P,",
    );
    let outcome = batch(&home, &server, &["rows.csv"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_each_once(&server, 4);
    let data: Vec<_> = server
        .seen()
        .iter()
        .filter_map(|seen| seen.body.get("extensionData").cloned())
        .collect();
    assert_eq!(data, [json!({"a": 1})]);
}

#[test]
fn an_input_that_is_not_there_is_told() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("name.txt", users(1));
    for (arguments, why) in [
        (["gone.csv"].as_slice(), "gone.csv cannot be read"),
        (&[".", "--format", "csv"], "is not a file"),
        (&["name.txt"], "--format"),
        (&["-", "--format", "csv"], "--journal"),
    ] {
        let outcome = batch(&home, &server, arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}");
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    }
}
