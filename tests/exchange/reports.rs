//! `reports show` and `reports history`, on files as Bango writes them.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{golden, golden_text};
use crate::support::cli::{Home, Outcome};

const ER: &str = "ER_V1_D_20261124.csv";
const AR: &str = "AR_V1_M_202611.csv";
const FIRST: &str = "9d6b3a3e-0000-4000-8000-000000000001";

/// A home with the golden files.
fn home() -> Home {
    let home = Home::new();
    for name in [ER, AR, "older.csv"] {
        home.write(name, golden_text(name));
    }
    home
}

fn reports(home: &Home, arguments: &[&str]) -> Outcome {
    home.bango_ent().arg("reports").args(arguments).run()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap()
}

#[test]
fn reports_are_counted_as_a_whole() {
    let shown = reports(&home(), &["show", ER, AR, "older.csv"]).shown();
    assert_snapshot!(shown, @r#"
    exit code: 0
    ----- stdout -----
    ER_V1_D_20261124.csv	events (ER)	2026-11-24	4
    AR_V1_M_202611.csv	active (AR)	2026-11	2
    older.csv	older layout		2
    Rows	8
    Entitlements	5
    First update	2018-05-01T10:01:00Z
    Last update	2026-11-24T09:00:00Z
    ACTIVE	3
    ACTIVE-ENDING	2
    CANCELLED	1
    PENDING	1
    SUSPENDED	1
    BangoMusic	6
    MUSIC	2
    BANGO	6
    BANGO_US	2
    ----- stderr -----
    "#);
}

#[test]
fn rows_are_picked_newest_last() {
    let shown = reports(&home(), &["show", ER, "--product", "BangoMusic"]).shown();
    assert_snapshot!(shown, @r#"
    exit code: 0
    ----- stdout -----
    2026-11-24T08:00:00Z	Pending	[UUID]	cust-1	BANGO	BangoMusic	ER_V1_D_20261124.csv
    2026-11-24T08:03:00Z	Active	[UUID]	cust-1	BANGO	BangoMusic	ER_V1_D_20261124.csv
    2026-11-24T09:00:00Z	Suspended	[UUID]	cust-2	BANGO	BangoMusic	ER_V1_D_20261124.csv
    ----- stderr -----
    "#);
    let home = home();
    for (filter, count) in [
        (&["--user", "cust-1"][..], 2),
        (&["--user", "cust-1", "--status", "active"], 1),
        (&["--user", "cust-1", "--user", "cust-3"], 3),
        (&["--status", "ACTIVE_ENDING"], 1),
        (&["--id", &FIRST.to_uppercase()], 2),
        (&["--user", "nobody"], 0),
    ] {
        let mut arguments = vec!["show", ER];
        arguments.extend(filter);
        let outcome = reports(&home, &arguments);
        outcome.assert_code(0);
        assert_eq!(outcome.lines().len(), count, "{filter:?}: {outcome:?}");
    }
    let arguments = [
        "show",
        ER,
        "--user",
        "cust-2",
        "--columns",
        "customer,status",
    ];
    assert_eq!(reports(&home, &arguments).stdout, "cust-2\tSuspended\n");
}

#[test]
fn picked_rows_are_lines_of_json() {
    let outcome = reports(
        &home(),
        &["show", ER, "--user", "cust-2", "--user", "cust-3", "--json"],
    );
    outcome.assert_code(0);
    let rows: Vec<Value> = outcome
        .lines()
        .into_iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rows[1],
        json!({
            "entitlementId": "9d6b3a3e-0000-4000-8000-000000000002",
            "customerIdentifier": "cust-2",
            "merchantAccountKey": "BANGO",
            "productKey": "BangoMusic",
            "entitlementDisplayName": "Music, \"Premium\"",
            "status": "Suspended",
            "dateCreated": "2026-10-01T08:00:00Z",
            "dateActivated": "2026-10-01T08:05:00Z",
            "dateSuspended": "2026-11-24T09:00:00Z",
            "dateExpiry": "2027-12-31T00:00:00Z",
            "dateLastUpdated": "2026-11-24T09:00:00Z",
            "merchantEntitlementId": "M-2",
            "extensionDataFormat": "JSON",
            "extensionData": "{\"order\":\"2\"}",
            "file": ER,
        })
    );
}

#[test]
fn picked_rows_are_csv_whose_cells_no_spreadsheet_runs() {
    let home = home();
    home.write(ER, golden_text(ER).replace("cust-2", "=cmd|1"));
    let safe = reports(&home, &["show", ER, "--csv"]);
    safe.assert_code(0);
    let lines = safe.lines();
    assert!(lines[0].starts_with("entitlementId,externalEntitlementId,customerIdentifier,"));
    assert_eq!(lines.len(), 5);
    assert!(lines[4].contains(",'=cmd|1,BANGO,"), "{}", lines[4]);
    let raw = reports(&home, &["show", ER, "--csv", "--raw-cells"]);
    assert!(raw.lines()[4].contains(",=cmd|1,BANGO,"));
}

#[test]
fn the_life_of_an_entitlement_is_told_across_files_each_event_once() {
    let outcome = reports(&home(), &["history", FIRST, AR, ER]);
    assert_snapshot!(outcome.shown(), @r#"
    exit code: 0
    ----- stdout -----
    2026-11-24T08:00:00Z	Pending	BangoMusic	cust-1		ER_V1_D_20261124.csv
    2026-11-24T08:03:00Z	Active	BangoMusic	cust-1	status, dateActivated, merchantEntitlementId	AR_V1_M_202611.csv
    ----- stderr -----
    "#);
    let json = reports(&home(), &["history", FIRST, ER, "--json"]).json();
    assert_eq!(json["entitlementId"], FIRST);
    assert_eq!(json["events"][0]["status"], "Pending");
    let changed = json!(["status", "dateActivated", "merchantEntitlementId"]);
    assert_eq!(json["events"][1]["changed"], changed);
    let none = reports(&home(), &["history", "nothing", ER]);
    none.assert_code(0);
    assert!(
        none.stderr.contains("of 4 rows, none is about"),
        "{}",
        none.stderr
    );
}

#[test]
fn a_report_may_be_compressed_come_from_a_stream_and_be_of_any_encoding() {
    let home = Home::new();
    let text = golden_text(ER).replace("cust-2", "Zoë’s");
    let zipped = gzip(&text);
    home.write("zipped.csv.gz", &zipped);
    home.write("marked.csv", format!("\u{feff}{text}"));
    home.write("plain.csv", &text);
    let excel = format!("sep=;\r\n{}", text.replace(',', ";").replace('\n', "\r\n"));
    home.write("excel.csv", excel.replace("Music; ", "Music, "));
    let windows: Vec<u8> = text
        .chars()
        .map(|c| match c {
            'ë' => 0xeb,
            '’' => 0x92,
            c => u8::try_from(c).unwrap(),
        })
        .collect();
    home.write("windows.csv", windows);
    for name in [
        "zipped.csv.gz",
        "marked.csv",
        "plain.csv",
        "excel.csv",
        "windows.csv",
    ] {
        let outcome = reports(&home, &["show", name, "--user", "Zoë’s"]);
        outcome.assert_code(0);
        assert_eq!(outcome.lines().len(), 1, "{name}: {outcome:?}");
    }
    let mut command = home.bango_ent();
    let piped = command.args(["reports", "show", "-", "--user", "Zoë’s"]);
    assert_eq!(piped.write_stdin(zipped).run().lines().len(), 1);
}

#[test]
fn a_report_that_is_missing_in_a_series_is_named() {
    let home = home();
    home.write("ER_V1_D_20261127.csv", golden_text(ER));
    let outcome = reports(&home, &["show", ER, "ER_V1_D_20261127.csv", AR, "--json"]);
    let json = outcome.json();
    assert_eq!(
        json["gaps"],
        json!(["ER_V1_D_20261125.csv", "ER_V1_D_20261126.csv"])
    );
    assert_eq!(json["files"][0]["period"], "2026-11-24");
}

#[test]
fn what_is_odd_is_listed_with_its_line() {
    let home = home();
    let text = golden_text(AR)
        .replace("24/11/2026 08:03:00,,,24", "31/02/2026 08:03:00,,,24")
        .replace("Active-Ending", "Paused");
    let again = text.lines().nth(1).unwrap().replace("BangoMusic", "MUSIC");
    home.write(AR, format!("{text}{again}\n"));
    let json = reports(&home, &["show", AR, "--json"]).json();
    let odd: Vec<_> = json["oddities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|odd| format!("{} {} {}", odd["line"], odd["column"], odd["what"]))
        .collect();
    assert_snapshot!(odd.join("\n"), @r#"
    2 "ActivatedDate" "\"31/02/2026 08:03:00\" is no date such as 24/11/2026 04:00:00 or 2026-11-24T04:00:00Z"
    3 "Status" "\"Paused\" is no status that Bango documents"
    4 "ActivatedDate" "\"31/02/2026 08:03:00\" is no date such as 24/11/2026 04:00:00 or 2026-11-24T04:00:00Z"
    4 "BangoEntitlementId" "the entitlement stands further up too, with other data"
    "#);
    assert_eq!(json["oddityCount"], 4);
    let events = reports(&home, &["show", golden(ER).to_str().unwrap(), "--json"]).json();
    assert_eq!(events["oddityCount"], 0);
}

#[test]
fn the_first_twenty_oddities_are_listed_and_no_id_is_no_entitlement() {
    let home = Home::new();
    let text = golden_text(AR);
    let header = text.lines().next().unwrap();
    let row = |id: &str, product: &str| {
        format!("u,{id},Active,BANGO,,{product},,,,,,24/11/2026 08:00:00,,,\n")
    };
    let mut rows = String::new();
    for number in 0..25 {
        let id = format!("e{number}");
        rows += &[row(&id, "a"), row(&id, "b")].concat();
    }
    home.write(AR, format!("{header}\n{rows}"));
    let json = reports(&home, &["show", AR, "--json"]).json();
    let oddities = json["oddities"].as_array().unwrap().iter();
    let lines: Vec<_> = oddities.map(|odd| odd["line"].as_u64().unwrap()).collect();
    let expected: Vec<_> = (1..=20).map(|number| number * 2 + 1).collect();
    assert_eq!((lines, &json["oddityCount"]), (expected, &25.into()));
    assert_eq!(json["entitlements"], 25);
    home.write(AR, format!("{header}\n{}", row("", "a")));
    let json = reports(&home, &["show", AR, "--json"]).json();
    assert_eq!(
        (&json["rows"], &json["entitlements"]),
        (&1.into(), &0.into())
    );
}

#[test]
fn an_event_in_both_layouts_is_one_event() {
    let home = Home::new();
    home.write(
        "older.csv",
        "BangoEntitlementId,ResellerCustomerId,ProductKey,DisplayName,MerchantKey,Status,DateCreated,DateLastUpdated\n\
         e1,u,P,Music,BANGO,ACTIVE_ENDING,2026-11-01T08:00:00Z,2026-11-24T08:00:00Z\n",
    );
    let header = golden_text(ER).lines().next().unwrap().to_owned();
    let row = |status: &str, day: u32| {
        format!("u,e1,{status},BANGO,,P,Music,01/11/2026 08:00:00,,,,{day}/11/2026 08:00:00,,,\n")
    };
    home.write(
        ER,
        format!(
            "{header}\n{}{}",
            row("Active-Ending", 24),
            row("Cancelled", 25)
        ),
    );
    let json = reports(&home, &["history", "e1", "older.csv", ER, "--json"]).json();
    let changed: Vec<_> = (json["events"].as_array().unwrap().iter())
        .map(|event| event["changed"].to_string())
        .collect();
    assert_eq!(changed, ["[]", "[\"status\"]"]);
}
