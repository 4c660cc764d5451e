//! Files that cannot be used: each is a clear error with file, line and column, in little memory.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use super::golden_text;
use crate::support::cli::Home;

const ER: &str = "ER_V1_D_20261124.csv";

/// What `reports show` says about a file that it must refuse.
fn refused(name: &str, bytes: impl AsRef<[u8]>) -> String {
    let home = Home::new();
    home.write(name, bytes);
    let outcome = home.bango_ent().args(["reports", "show", name]).run();
    outcome.assert_code(2);
    assert_eq!(outcome.stdout, "");
    outcome.stderr
}

#[test]
fn every_file_that_is_no_report_is_refused_with_file_and_line() {
    let text = golden_text(ER);
    let correlation = "ExternalEntitlementId,CustomerIdentifier,EntitlementId,Status,MerchantAccountKey,ProductKey,CreatedDate\n";
    for (bytes, why) in [
        (String::new(), "x.csv is empty"),
        ("\n\n\n".to_owned(), "x.csv is empty"),
        (
            "user,merchant\na,b\n".to_owned(),
            "x.csv is no entitlement report: it is a table of user, merchant",
        ),
        (
            correlation.to_owned(),
            "x.csv is no entitlement report: it is a correlation file",
        ),
        (
            "{\"user\":\"a\"}\n".to_owned(),
            "x.csv is no entitlement report: it is JSON lines",
        ),
        (
            text.replace("Status", "State"),
            "x.csv, line 1: there is no column for status",
        ),
        (
            text.replace("DisplayName", "Status"),
            "x.csv, line 1, column Status: there are two columns for status",
        ),
        (
            text.clone() + "\r\na,b\r\n",
            "x.csv, line 7: the row has 2 cells, but the header names 15",
        ),
        (
            text.clone() + "\"a\nb",
            "x.csv, line 6: the row has 1 cell, but the header names 15",
        ),
        (text.clone() + "a\0b,", "x.csv, line 6: there is a NUL byte"),
        (
            format!("{text}\"{}", "a,\n".repeat(1_000_000)),
            "x.csv, line 6: a row is longer than 1 MiB",
        ),
        (
            format!("{text}{}", ",".repeat(1_500)),
            "x.csv, line 6: there are more than 1000 cells",
        ),
        (
            "PK\u{3}\u{4}...".to_owned(),
            "x.csv is a ZIP file or a workbook",
        ),
    ] {
        let said = refused("x.csv", bytes);
        assert!(said.contains(&format!("error: {why}")), "{why}: {said}");
    }
    let said = refused("x.csv", [0xff, 0xfe, 0, 0xd8, b'R', 0]);
    assert!(
        said.contains("x.csv is in UTF-16, and parts of it"),
        "{said}"
    );
    let home = Home::new();
    for (name, why) in [
        ("gone.csv", "gone.csv cannot be read"),
        (".", ". is a folder"),
    ] {
        let outcome = home.bango_ent().args(["reports", "show", name]).run();
        outcome.assert_code(2);
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    }
}

#[test]
fn where_a_file_is_wrong_is_a_fact_in_json() {
    let home = Home::new();
    home.write(ER, golden_text(ER).replace("DisplayName", "Status"));
    let outcome = home
        .bango_ent()
        .args(["reports", "show", ER, "--json"])
        .run();
    outcome.assert_code(2);
    let error = &outcome.json()["error"];
    assert_eq!(error["code"], "USAGE");
    let problem = &error["details"]["problems"][0];
    assert_eq!(
        (&problem["line"], &problem["column"]),
        (&json!(1), &json!("Status"))
    );
    assert_eq!(problem["file"], ER);
}

#[test]
fn compressed_files_that_are_cut_off_damaged_or_bombs_are_refused() {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(golden_text(ER).repeat(100).as_bytes())
        .unwrap();
    let whole = out.finish().unwrap();
    let said = refused("x.csv.gz", &whole[..whole.len() / 2]);
    assert!(
        said.contains("x.csv.gz ends too early: the gzip data is cut off"),
        "{said}"
    );
    let said = refused("x.csv.gz", [&whole[..], b"trailing"].concat());
    assert!(said.contains("x.csv.gz"), "{said}");

    let mut out = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..200 {
        out.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let said = refused("zeros.csv.gz", out.finish().unwrap());
    assert!(
        said.contains("zeros.csv.gz, line 1: there is a NUL byte"),
        "{said}"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn an_endless_stream_of_zeros_is_refused_at_once() {
    let home = Home::new();
    for arguments in [
        &["reports", "show", "/dev/zero"][..],
        &["reports", "show", "-"],
    ] {
        let mut command = home.bango_ent();
        let zeros = std::fs::File::open("/dev/zero").unwrap();
        let outcome = command.args(arguments).stdin(zeros).run();
        outcome.assert_code(2);
        assert!(
            outcome.stderr.contains("there is a NUL byte"),
            "{}",
            outcome.stderr
        );
    }
}
