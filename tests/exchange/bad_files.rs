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

/// Each reader, with an output file where it writes one; FILE is what it reads.
const READERS: [&str; 5] = [
    "reports show FILE",
    "reconcile FILE --with good.csv --results out.csv --fix out2.csv",
    "reconcile good.csv --with FILE --results out.csv --fix out2.csv",
    "reconcile read FILE --results out.csv",
    "batch FILE --check --format csv --merchant M --product P",
];

#[test]
fn every_reader_refuses_every_kind_of_bad_file_with_its_place_and_leaves_no_output() {
    let text = golden_text(ER);
    let of = |reader: &str| match reader {
        reader if reader.starts_with("batch") => "user,expires\na,2030-01-01\n".to_owned(),
        reader if reader.starts_with("reconcile read") => golden_text("answer.csv"),
        _ => text.clone(),
    };
    let gzip = |bytes: &[u8]| {
        let mut out = GzEncoder::new(Vec::new(), Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    };
    for reader in READERS {
        let good = of(reader).into_bytes();
        let last = of(reader).lines().count() + 1;
        let with = |more: &[u8]| [good.trim_ascii_end(), b"\r\n", more].concat();
        let row = [
            &good[good[..good.len() - 2]
                .iter()
                .rposition(|byte| *byte == b'\n')
                .unwrap()
                + 1..],
            b"\n",
        ]
        .concat();
        let zipped = gzip(&with(&row.repeat(2000)));
        let zeros = gzip(&[&good[..], &vec![0; 20 << 20]].concat());
        let here = format!("FILE, line {last}");
        for (bytes, why) in [
            (Vec::new(), "empty".to_owned()),
            (b"colour,size\nred,9\n".to_vec(), String::new()),
            (
                b"PK\x03\x04 a workbook".to_vec(),
                "FILE is a ZIP file or a workbook".to_owned(),
            ),
            (
                b"\xff\xfe\x00\xd8a\x00".to_vec(),
                "FILE is in UTF-16, and parts of it".to_owned(),
            ),
            (with(b"a\n"), "the row has 1 cell".to_owned()),
            (with(b"\"a\nb"), "the row has 1 cell".to_owned()),
            (
                with(&[&b"\""[..], &b"a,\n".repeat(500_000)].concat()),
                format!("{here}: a row is longer than 1 MiB"),
            ),
            (
                with(&b",".repeat(1500)),
                format!("{here}: there are more than 1000 cells"),
            ),
            (with(b"a\0b"), format!("{here}: there is a NUL byte")),
            (
                zipped[..zipped.len() / 2].to_vec(),
                "FILE ends too early: the gzip data is cut off".to_owned(),
            ),
            (zeros, format!("{here}: there is a NUL byte")),
        ] {
            let home = Home::new();
            home.write("good.csv", golden_text("correlation.csv"));
            home.write("bad.csv", &bytes);
            let before = std::fs::read_dir(home.path()).unwrap().count();
            let arguments = reader.replace("FILE", "bad.csv");
            let outcome = home.bango_ent().args(arguments.split(' ')).run();
            let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
            assert_eq!(outcome.code, 2, "{reader}, {shown:?}: {outcome:?}");
            let why = why.replace("FILE", "bad.csv");
            assert!(
                outcome.stderr.contains(&why),
                "{reader}, {shown:?}: {}",
                outcome.stderr
            );
            let after = std::fs::read_dir(home.path()).unwrap().count();
            assert_eq!(after, before, "{reader}, {shown:?} left a file");
        }
    }
}
