//! `reconcile write` and `reconcile read`: what goes to Bango, and what comes back.

use insta::assert_snapshot;
use serde_json::json;

use super::{OURS, home, read, reconcile};
use crate::support::cli::Home;
use crate::support::schema::assert_valid;

const PLACE: &str = "out/CorrelationReports/BANGO/Input/20261124-20261125.csv";
const WRITE: [&str; 8] = [
    "write",
    OURS,
    "--merchant",
    "BANGO",
    "--period",
    "2026-11-24",
    "--to",
    "out",
];

#[test]
fn a_correlation_file_has_bangos_columns_name_and_place() {
    let home = home();
    let outcome = reconcile(&home, &WRITE);
    assert_snapshot!(outcome.shown(), @r"
    exit code: 0
    ----- stdout -----
    File	out/CorrelationReports/BANGO/Input/20261124-20261125.csv
    Entitlements	3
    Of other merchants	1
    Outside the period	0
    Replaced by later rows	0
    ----- stderr -----
    note: 3 entitlements written; nothing was sent
    ");
    let expected = "ExternalEntitlementId,CustomerIdentifier,EntitlementId,Status,MerchantAccountKey,ProductKey,OfferKey,DisplayName,CreatedDate,ActivatedDate,SuspendedDate,ResumedDate,ExpiryDate,EndDate\r\n\
        ext-1,cust-1,9d6b3a3e-0000-4000-8000-000000000001,Active,BANGO,BangoMusic,,Bango Music,2026-11-24T08:00:00Z,2026-11-24T08:03:00Z,,,,\r\n\
        ext-2,cust-2,9d6b3a3e-0000-4000-8000-000000000002,Active,BANGO,BangoMusic,,\"Music, \"\"Premium\"\"\",2026-10-01T08:00:00Z,2026-10-01T08:05:00Z,,,2027-12-31T00:00:00Z,\r\n\
        ext-9,cust-9,9d6b3a3e-0000-4000-8000-000000000009,Active,BANGO,BangoMusic,,Bango Music,2026-10-02T08:00:00Z,2026-10-02T08:05:00Z,,,,\r\n";
    assert_eq!(read(&home, PLACE), expected);
    // What was written is read, and agrees.
    reconcile(&home, &[PLACE, "--with", OURS, "--partial", "--dates"]).assert_code(0);
}

#[test]
fn with_events_only_what_changed_in_the_period_is_written() {
    let home = home();
    let json = reconcile(&home, &[&WRITE[..], &["--events-only", "--json"]].concat()).json();
    assert_valid("reconcile-write", &json);
    assert_eq!(
        (&json["entitlements"], &json["outsideOfPeriod"]),
        (&json!(1), &json!(3))
    );
}

#[test]
fn each_entitlement_is_written_once_with_its_latest_data() {
    let home = home();
    let text = read(&home, OURS);
    let again = text.lines().nth(1).unwrap().replace("ACTIVE", "suspended");
    home.write(OURS, format!("{text}{again}\n"));
    let json = reconcile(&home, &[&WRITE[..], &["--json"]].concat()).json();
    assert_eq!(
        (&json["entitlements"], &json["replaced"]),
        (&json!(3), &json!(1))
    );
    let written = read(&home, PLACE);
    assert_eq!(
        written.matches("000000000001,Suspended,").count(),
        1,
        "{written}"
    );
}

#[test]
fn what_bango_could_not_read_is_refused_and_nothing_is_written() {
    for (from, to, why) in [
        ("cust-2", "", "line 3, column CustomerIdentifier: is empty"),
        (
            "cust-2",
            "漢",
            "line 3, column CustomerIdentifier: \"漢\" has '漢', which Windows-1252 has not",
        ),
        (
            "2026-10-01T08:05:00Z",
            "01.10.2026",
            "line 3, column ActivatedDate: \"01.10.2026\" is no date",
        ),
        (
            "002,ACTIVE",
            "002,PAUSED",
            "line 3, column Status: \"PAUSED\" is no status",
        ),
    ] {
        let home = home();
        home.write(OURS, read(&home, OURS).replace(from, to));
        let outcome = reconcile(&home, &WRITE);
        outcome.assert_code(2);
        assert!(outcome.stderr.contains(why), "{why}: {}", outcome.stderr);
        assert!(!home.path().join(PLACE).exists());
    }
}

#[test]
fn text_is_written_in_windows_1252_or_in_utf_8() {
    let home = home();
    home.write(OURS, read(&home, OURS).replace("cust-2", "Zoë’s"));
    reconcile(&home, &WRITE).assert_code(0);
    let bytes = std::fs::read(home.path().join(PLACE)).unwrap();
    assert!(bytes.windows(6).any(|bytes| bytes == b"Zo\xeb\x92s,"));
    reconcile(&home, &[PLACE, "--with", OURS, "--partial"]).assert_code(0);
    reconcile(&home, &[&WRITE[..], &["--utf-8"]].concat()).assert_code(0);
    assert!(read(&home, PLACE).contains("Zoë’s,"));
}

#[test]
fn bangos_answers_are_read_and_joined_with_ours() {
    let home = home();
    let outcome = reconcile(
        &home,
        &["read", "answer.csv", "--ours", OURS, "--fix", "fix.csv"],
    );
    assert_snapshot!(outcome.shown(), @r"
    exit code: 40
    ----- stdout -----
    Ours	4
    Bango's	5
    Error: Extra Entitlement detected in Bango system	1
    Error: Missing Entitlement detected in Bango system	1
    Error: Multiple differences	1
    Error: Status is different	1
    OK: Entitlement data matches	1
    	Error: Extra Entitlement detected in Bango system	1
    BangoMusic	Error: Missing Entitlement detected in Bango system	1
    BangoMusic	Error: Status is different	1
    BangoMusic	OK: Entitlement data matches	1
    MUSIC_PREMIUM	Error: Multiple differences	1
    [UUID]	ext-2	Error: Status is different	cust-2, BangoMusic, ACTIVE	
    [UUID]	ext-3	Error: Multiple differences	cust-33, MUSIC_PREMIUM, ACTIVE-ENDING	
    [UUID]	ext-9	Error: Missing Entitlement detected in Bango system	cust-9, BangoMusic, ACTIVE	
    [UUID]		Error: Extra Entitlement detected in Bango system		
    no request for 1 entitlement: a status is not known
    no request for 2 entitlements: the answer does not say what Bango has; compare with a report
    ----- stderr -----
    error: 4 entitlements differ
      what next: look at the file that brings Bango to our state; this checks it and sends nothing: bango-ent batch fix.csv --check
    ");
    assert_snapshot!(read(&home, "fix.csv"), @r"
    action,entitlement_id,user,merchant,product,offer,display_name,expires,reason,description,note
    create,,cust-9,BANGO,BangoMusic,,Bango Music,,,,Error: Missing Entitlement detected in Bango system
    ");
    let alone = reconcile(&home, &["read", "answer.csv", "--json"]);
    alone.assert_code(40);
    assert_eq!(alone.json()["differenceCount"], 4);
}

#[test]
fn answers_that_are_none_are_refused() {
    let home = Home::new();
    let answer = "EntitlementId,ExternalEntitlementId,CorrelationResult\na,b,Warning: odd\n";
    for (text, why) in [
        (
            answer,
            "a.csv, line 2, column CorrelationResult: \"Warning: odd\" is no result that Bango documents",
        ),
        (
            "user,product\na,b\n",
            "a.csv is a table, not an answer of Bango",
        ),
        (
            "EntitlementId,ExternalEntitlementId,CorrelationResult\na,b\n",
            "a.csv, line 2: the row has 2 cells",
        ),
    ] {
        home.write("a.csv", text);
        let outcome = reconcile(&home, &["read", "a.csv"]);
        outcome.assert_code(2);
        assert!(outcome.stderr.contains(why), "{why}: {}", outcome.stderr);
    }
    home.write(
        "a.csv",
        "EntitlementId,ExternalEntitlementId,CorrelationResult\na,b,OK: Entitlement data matches\n",
    );
    reconcile(&home, &["read", "a.csv"]).assert_code(0);
}

#[test]
fn rows_of_a_batch_that_were_not_done_are_told_beside_answers_too() {
    let home = Home::new();
    home.write(
        "a.csv",
        "EntitlementId,ExternalEntitlementId,CorrelationResult\na,,OK: Entitlement data matches\n",
    );
    let results = "entitlement_id,outcome,responseCode,requestIdentifier\na,done,OK,1\nb,refused,CONFLICT,2\n";
    home.write("ours.csv", results);
    let read = ["read", "a.csv", "--ours", "ours.csv", "--json"];
    let outcome = reconcile(&home, &read);
    outcome.assert_code(0);
    assert_eq!(outcome.json()["notDone"], 1);
}

#[test]
fn an_answer_is_joined_by_the_external_id_if_one_side_has_no_other_and_never_by_none() {
    let missing = "Error: Missing Entitlement detected in Bango system";
    let head = "EntitlementId,ExternalEntitlementId,CorrelationResult\n";
    for (ours, answer, user) in [
        (",X1,alice,gold,ACTIVE", "E-1,X1,", Some("alice")),
        ("E-1,X1,alice,gold,ACTIVE", ",X1,", Some("alice")),
        ("E-2,X1,alice,gold,ACTIVE", "E-1,X1,", None),
        (",,alice,gold,ACTIVE", ",,", None),
        (",,alice,gold,ACTIVE", "E-1,,", None),
    ] {
        let home = Home::new();
        home.write("a.csv", format!("{head}{answer}{missing}\n"));
        home.write(
            OURS,
            format!("entitlementId,externalEntitlementId,user,product,status\n{ours}\n"),
        );
        let json = reconcile(&home, &["read", "a.csv", "--ours", OURS, "--json"]).json();
        let found = json["differences"][0]["ours"]["customerIdentifier"].as_str();
        assert_eq!(found, user, "{ours} {answer}");
    }
}

#[test]
fn two_days_are_refused_because_their_name_is_that_of_the_first() {
    let home = home();
    let mut two_days = WRITE;
    two_days[5] = "2026-11-24..2026-11-25";
    let outcome = reconcile(&home, &two_days);
    outcome.assert_code(2);
    let why = "cannot tell two days from the first of them";
    assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    two_days[5] = "2026-11-24..2026-11-26";
    reconcile(&home, &two_days).assert_code(0);
}

#[test]
fn standard_input_is_one_file_whichever_it_is_given_for() {
    let home = home();
    for arguments in [
        &["reconcile", "read", "-", "--ours", "-"][..],
        &["reconcile", "-", "--with", "-"],
        &["reports", "show", "-", "-"],
        &["reports", "history", "e-1", "-", "-"],
    ] {
        let outcome = home.bango_ent().args(arguments).run();
        outcome.assert_code(2);
        let why = "only one file can be standard input";
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    }
}
