//! Inputs that `batch` must understand, and inputs that it must refuse whole, before anything is sent.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

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
      line 4, column merchant: is empty, and create needs it (--merchant gives one to all rows without)
      line 4, column product: is empty, and create needs it (--product gives one to all rows without)
      line 5, column action: "destroy" is not an action; there are create, update, suspend, resume, cancel, revoke, get
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
        (
            "user,merchant,product,colour",
            "is not a column; rename it to one of action, note, ",
        ),
        ("user_id,merchant,product", "did you mean user?"),
        ("customer_id,product", "did you mean customerIdentifier?"),
        ("usr,merchant,product", "did you mean user?"),
        ("user|merchant|product", "separated by \"|\""),
        ("usr;merchant;product", "did you mean user?"),
        (
            "custmerIdentifier,product",
            "did you mean customerIdentifier?",
        ),
        ("user,merchant,product,", "is there a separator too many?"),
        ("a,M,P\nb,M,P", "does the first line name the columns?"),
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
        ("a\u{61c}b", "an invisible character"),
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
fn what_is_valid_and_may_be_a_mistake_is_warned_of_and_sent() {
    let expiring = "user,merchant,product,expires\n";
    let (past, never) = ("2019-12-31", "9999-12-31");
    for (name, input, warnings) in [
        (
            "rows.csv",
            format!("{expiring}a,M,P,{never}\nb,M,P,{past}\nc,M,P,{past}\n"),
            vec![r#"line 3, column expires: "2019-12-31T00:00:00Z" is past; 2 rows are like that"#],
        ),
        (
            "rows.csv",
            format!("{expiring}a,M,P,{past}\nb,M,Bang,"),
            vec![
                r#"line 2, column expires: "2019-12-31T00:00:00Z" is past"#,
                "line 3: the last row has no line end: was the file cut off?",
            ],
        ),
        (
            "rows.csv",
            HEADER.to_owned(),
            vec!["line 1: there are no rows"],
        ),
        (
            "rows.jsonl",
            String::new(),
            vec!["line 1: there are no rows"],
        ),
        // What is cut off is no JSON.
        (
            "rows.jsonl",
            r#"{"user":"a","merchant":"M","product":"P"}"#.to_owned(),
            vec![],
        ),
        ("rows.csv", format!("{HEADER}a,M,P\r"), vec![]),
        (
            "rows.csv",
            format!("{HEADER}a,M,P\nNULL,M,P\nNULL,M,Q\nb,undefined,P\n"),
            vec![
                r#"line 3, column user: "NULL" may stand for nothing; 2 rows are like that"#,
                r#"line 5, column merchant: "undefined" may stand for nothing"#,
            ],
        ),
        (
            "rows.csv",
            "action,entitlement_id,reason\ncancel,e1,CUSTOMER_CANCELED/NOT_RENEWED\ncancel,e2,X/NEW\n"
                .to_owned(),
            vec![
                r#"line 2, column reason_code: "CUSTOMER_CANCELED/NOT_RENEWED" is no reason that Bango lists, did you mean CUSTOMER_CANCELLED/NOT_RENEWED?"#,
            ],
        ),
    ] {
        let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
        home.write(name, &input);
        let checked = batch(&home, &server, &[name, "--check", "--json"]);
        let told = checked.json()["warnings"].as_array().unwrap().len();
        assert_eq!(told, warnings.len(), "{input:?}: {}", checked.stderr);
        let run = batch(&home, &server, &[name, "--yes"]);
        run.assert_code(0);
        for outcome in [checked, run] {
            let said = outcome.stderr.matches("warning: ").count();
            assert_eq!(said, warnings.len(), "{input:?}: {}", outcome.stderr);
            for warning in &warnings {
                assert!(outcome.stderr.contains(warning), "{}", outcome.stderr);
            }
        }
    }
}

#[test]
fn json_lines_that_are_wrong_are_refused() {
    for (line, why) in [
        ("[1]", "not a JSON object"),
        ("{\"user\":\"a\"", "not JSON: it ends too early"),
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
        ("rows.csv", wide, "more than 1000 cells"),
        ("rows.csv", commas, "more than 1000 cells"),
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
            "line 2: there is a NUL byte",
        ),
        (
            b"user,merchant,product\n\xc3\xa9,M,P\n\xff\xfe,M,P\n",
            "line 3, column user: \"ÿþ\" is not UTF-8",
        ),
        (
            b"\xff\xfeu\0s\0\0\xd8r\0",
            "is in UTF-16, and parts of it are no text",
        ),
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

/// What the platform was sent for a file, in the order of the rows.
fn sent(name: &str, input: impl AsRef<[u8]>, arguments: &[&str]) -> Vec<serde_json::Value> {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write(name, input);
    let arguments = [&[name, "--yes", "--concurrency", "1"], arguments].concat();
    batch(&home, &server, &arguments).assert_code(0);
    let seen = server.seen();
    seen.iter().map(|seen| seen.body.clone()).collect()
}

#[test]
fn bangos_batch_files_are_understood_as_they_are() {
    let ends = "action,entitlementId,reasonCategory,reasonCode,reasonDescription\r\n\
        CANCEL,e-1,CUSTOMER_CANCELLED,NOT_RENEWED,\r\n\
        SUSPEND,e-2,,,\r\n";
    let bodies = sent("ends.csv", ends, &[]);
    assert_eq!(bodies[0]["cancelReasonCode"], "NOT_RENEWED");
    assert_eq!(bodies[1]["entitlementId"], "e-2");
    let updates = b"action,entitlementId,productKey,notificationUrl,dateExpiry,customerIdentifier,extensionData\r\n\
        UPDATE,e-3,,,,Ren\xe9,\"\"\"Param1\"\":\"\"123\"\",\"\"Param2\"\":\"\"\x80 5\"\"\"\r\n";
    let data = json!({"Param1": "123", "Param2": "€ 5"});
    let wanted =
        json!({"entitlementId": "e-3", "customerIdentifier": "René", "extensionData": data});
    for arguments in [&[][..], &["--format", "bango"]] {
        let bodies = sent("updates.csv", updates, arguments);
        assert_eq!((bodies.len(), &bodies[0]), (1, &wanted));
    }
    let creates = "action,customerIdentifier,productKey,merchantAccountKey,notificationUrl,entitlementDisplayName,offerKey,\
        dateExpiry,extensionData,extraInformation\r\n\
        CREATE,c,P,M,,,,,,\"\"\"device\"\":\"\"tv\"\"\"\r\n";
    let body = json!({
        "customerIdentifier": "c", "productKey": "P", "merchantAccountKey": "M",
        "extraInformation": {"device": "tv"},
    });
    assert_eq!(sent("creates.csv", creates, &[]), [body]);
}

#[test]
fn a_file_that_is_said_to_be_bangos_has_bangos_columns() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write(
        "rows.csv",
        "action,entitlementId,reasonCategory,reasonCode\n",
    );
    let arguments = ["rows.csv", "--format", "bango", "--check"];
    let outcome = batch(&home, &server, &arguments);
    outcome.assert_code(2);
    let why = "it has no reasonDescription; terminations and pauses have action, entitlementId";
    assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
}

#[test]
fn what_spreadsheets_write_elsewhere_is_understood() {
    let text = "sep=;\r\n User ;MERCHANT;Product Key\r\nRené;M;P\r\n";
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let tabs = text.replace("sep=;\r\n", "").replace(';', "\t");
    let utf16: Vec<u8> = tabs.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16 = [b"\xff\xfe", &utf16[..]].concat();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, text.as_bytes()).unwrap();
    let body = json!({"customerIdentifier": "René", "merchantAccountKey": "M", "productKey": "P"});
    for (name, bytes) in [
        ("rows.csv", text.as_bytes().to_vec()),
        ("rows.csv", windows.into_owned()),
        ("rows.csv", utf16),
        ("rows.csv.gz", gzip.finish().unwrap()),
    ] {
        let bodies = sent(name, bytes, &[]);
        assert_eq!((bodies.len(), &bodies[0]), (1, &body), "{name}");
    }
}

#[test]
fn a_file_that_is_partly_utf8_is_read_only_if_it_is_said_what_it_is_in() {
    // In Windows-1252 this is "Spaß“", and by chance its last two bytes are a character of UTF-8.
    let text = b"user,merchant,product\nSpa\xdf\x93,M,P\nRen\xe9,M,P\n";
    let said = refused("rows.csv", text);
    assert!(said.contains("line 3, column user"), "{said}");
    assert!(said.contains("--encoding windows-1252"), "{said}");
    let bodies = sent("rows.csv", text, &["--encoding", "Windows-1252"]);
    assert_eq!(bodies[0]["customerIdentifier"], "Spaß“");
    assert_eq!(bodies[1]["customerIdentifier"], "René");
}

#[test]
fn rows_without_anything_in_them_are_no_rows() {
    let bodies = sent(
        "rows.csv",
        format!("{HEADER},,\na,M,P\n, ,\n,,,,\nb,M,P\n,,\n"),
        &[],
    );
    let users: Vec<_> = bodies
        .iter()
        .map(|body| &body["customerIdentifier"])
        .collect();
    assert_eq!(users, ["a", "b"]);
    let said = refused("rows.csv", format!("{HEADER},,\na\n"));
    assert!(said.contains("line 3: the row has 1 cell, but"), "{said}");
}

/// How long it takes to check an input; the best of three, since other tests run beside it.
fn checked_in(text: String) -> Duration {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    home.write("rows.csv", text);
    let check = || {
        let begin = Instant::now();
        batch(&home, &server, &["rows.csv", "--check", "--yes"]).assert_code(0);
        begin.elapsed()
    };
    (0..3).map(|_| check()).min().unwrap()
}

/// It is as fast within a third; comparing each reason with every listed one took forty times as long.
#[test]
fn a_reason_of_its_own_in_every_row_is_checked_as_fast_as_a_create() {
    let mut terminations = "action,entitlement_id,reason\n".to_owned();
    for number in 0..20_000 {
        let _ = writeln!(
            terminations,
            "revoke,ent-{number},MIGRATION/OF_THE_ACCOUNT_TO_ANOTHER_PLATFORM_{number}"
        );
    }
    let (creates, terminations) = (checked_in(users(20_000)), checked_in(terminations));
    assert!(
        terminations < 6 * creates,
        "{terminations:?}, creates {creates:?}"
    );
}
