//! What `reconcile` finds, says and writes.

use insta::assert_snapshot;
use serde_json::json;

use super::{ER, OURS, REPORT, files, home, line, read, reconcile};
use crate::support::cli::Home;
use crate::support::schema::assert_valid;

const HEAD: &str = "9d6b3a3e-0000-4000-8000-00000000000";

#[test]
fn differences_are_told_in_bangos_words_with_both_values() {
    let outcome = reconcile(&home(), &[OURS, "--with", "bango.csv"]);
    assert_snapshot!(outcome.shown(), @r"
    exit code: 40
    ----- stdout -----
    Ours	4
    Bango's	3
    Error: Missing Entitlement detected in Bango system	1
    Error: Multiple differences	1
    Error: Status is different	1
    OK: Entitlement data matches	1
    BangoMusic	Error: Missing Entitlement detected in Bango system	1
    BangoMusic	Error: Status is different	1
    BangoMusic	OK: Entitlement data matches	1
    MUSIC_PREMIUM	Error: Multiple differences	1
    [UUID]	ext-2	Error: Status is different	ACTIVE	Suspended
    [UUID]	ext-3	Error: Multiple differences	cust-33, MUSIC_PREMIUM	cust-3, MUSIC
    [UUID]	ext-9	Error: Missing Entitlement detected in Bango system	cust-9, BangoMusic, ACTIVE	
    ----- stderr -----
    error: 3 entitlements differ
      what next: --fix FILE writes what would bring Bango to our state, --fix-ours FILE what would bring ours to Bango's
    ");
}

#[test]
fn differences_are_facts_in_json() {
    let outcome = reconcile(&home(), &[OURS, "--with", "bango.csv", "--json"]);
    outcome.assert_code(40);
    let json = outcome.json();
    assert_valid("reconcile", &json);
    assert_eq!(json["error"]["code"], "DIFFERENCES");
    assert_eq!((&json["ours"], &json["bango"]), (&json!(4), &json!(3)));
    assert_eq!(json["results"]["OK: Entitlement data matches"], 1);
    assert_eq!(
        json["products"]["BangoMusic"]["Error: Status is different"],
        1
    );
    assert_eq!(
        (
            &json["differenceCount"],
            json["differences"].as_array().unwrap().len()
        ),
        (&json!(3), 3)
    );
    let first = &json["differences"][0];
    assert_eq!(first["correlationResult"], "Error: Status is different");
    assert_eq!(first["differs"], json!(["status"]));
    assert_eq!(
        (&first["ours"]["status"], &first["bango"]["status"]),
        (&json!("ACTIVE"), &json!("Suspended"))
    );
    assert_eq!(
        json["differences"][1]["differs"],
        json!(["customerIdentifier", "productKey"])
    );
    assert_eq!(json["differences"][2]["bango"], json!(null));
}

#[test]
fn two_sides_that_agree_end_with_0() {
    let home = home();
    let same = reconcile(
        &home,
        &[OURS, "--with", OURS.replace("ours", "copy").as_str()],
    );
    same.assert_code(2);
    home.write("copy.csv", read(&home, OURS));
    let same = reconcile(&home, &[OURS, "--with", "copy.csv", "--json", "--dates"]);
    same.assert_code(0);
    assert_valid("reconcile", &same.json());
    assert_eq!(
        same.json()["results"],
        json!({"OK: Entitlement data matches": 4})
    );
}

#[test]
fn results_are_written_in_three_columns_or_in_full() {
    let home = home();
    home.write(OURS, read(&home, OURS).replace("ext-2", "=1+1"));
    reconcile(&home, &[OURS, "--with", "bango.csv", "--results", "r.csv"]).assert_code(40);
    assert_snapshot!(read(&home, "r.csv"), @r"
    EntitlementId,ExternalEntitlementId,CorrelationResult
    9d6b3a3e-0000-4000-8000-000000000002,'=1+1,Error: Status is different
    9d6b3a3e-0000-4000-8000-000000000003,ext-3,Error: Multiple differences
    9d6b3a3e-0000-4000-8000-000000000009,ext-9,Error: Missing Entitlement detected in Bango system
    ");
    reconcile(
        &home,
        &[
            OURS,
            "--with",
            "bango.csv",
            "--results",
            "r.csv",
            "--full",
            "--raw-cells",
        ],
    )
    .assert_code(40);
    assert_snapshot!(read(&home, "r.csv"), @r"
    EntitlementId,ExternalEntitlementId,CorrelationResult,OurCustomerIdentifier,BangoCustomerIdentifier,OurMerchantAccountKey,BangoMerchantAccountKey,OurProductKey,BangoProductKey,OurStatus,BangoStatus,OurLastUpdated,BangoLastUpdated
    9d6b3a3e-0000-4000-8000-000000000002,=1+1,Error: Status is different,cust-2,cust-2,BANGO,BANGO,BangoMusic,BangoMusic,ACTIVE,Suspended,,24/11/2026 09:00:00
    9d6b3a3e-0000-4000-8000-000000000003,ext-3,Error: Multiple differences,cust-33,cust-3,BANGO_US,BANGO_US,MUSIC_PREMIUM,MUSIC,ACTIVE-ENDING,Active-Ending,,24/11/2026 07:00:00
    9d6b3a3e-0000-4000-8000-000000000009,ext-9,Error: Missing Entitlement detected in Bango system,cust-9,,BANGO,,BangoMusic,,ACTIVE,,,
    ");
}

#[test]
fn of_several_reports_the_latest_data_counts() {
    let home = home();
    let newer = format!(
        "{REPORT}{}{}{}",
        line("cust-2", 2, "Active", "BangoMusic", 25),
        line("cust-33", 3, "Active-Ending", "MUSIC_PREMIUM", 26),
        line("cust-9", 9, "Active", "BangoMusic", 25),
    );
    home.write("newer.csv", newer);
    // Whatever the order of the files.
    for with in [["bango.csv", "newer.csv"], ["newer.csv", "bango.csv"]] {
        reconcile(&home, &[&[OURS, "--with"][..], &with].concat()).assert_code(0);
    }
}

#[test]
fn dates_are_compared_only_when_asked_for_and_by_what_they_mean() {
    let home = Home::new();
    let ours = "entitlement_id,user,status,product,dateCreated,expires\n\
        9d6b3a3e-0000-4000-8000-000000000001,a,active,P,2026-10-01T10:00:00.250+02:00,2027-01-01\n";
    home.write(OURS, ours);
    home.write(
        "b.csv",
        format!("{REPORT}{}", line("a", 1, "Active", "P", 2)),
    );
    reconcile(&home, &[OURS, "--with", "b.csv"]).assert_code(0);
    let json = reconcile(&home, &[OURS, "--with", "b.csv", "--dates", "--json"]).json();
    assert_eq!(
        json["differences"][0]["correlationResult"],
        "Error: Dates are different"
    );
    assert_eq!(json["differences"][0]["differs"], json!(["dateExpiry"]));
    home.write(OURS, ours.replace(",2027-01-01", ","));
    reconcile(&home, &[OURS, "--with", "b.csv", "--dates"]).assert_code(0);
}

#[test]
fn a_report_of_active_ones_says_nothing_about_those_that_are_over() {
    let home = Home::new();
    let ours = "entitlement_id,user,status,product,dateCreated,dateEnded\n\
        9d6b3a3e-0000-4000-8000-000000000001,a,CANCELLED,P,2026-10-01,2026-11-02\n\
        9d6b3a3e-0000-4000-8000-000000000002,b,ACTIVE,P,2026-10-01,\n\
        9d6b3a3e-0000-4000-8000-000000000003,c,ACTIVE,P,2026-11-24T09:00:00Z,\n";
    home.write(OURS, ours);
    for (name, missing, not_judged) in [
        ("AR_V1_D_20261124.csv", 2, 1),
        ("ER_V1_D_20261124.csv", 1, 2),
        ("CR_V1_M_202611.csv", 2, 1),
        ("all.csv", 3, 0),
    ] {
        home.write(name, format!("{REPORT}{}", line("z", 9, "Active", "P", 24)));
        let json = reconcile(&home, &[OURS, "--with", name, "--json"]).json();
        let found = &json["results"]["Error: Missing Entitlement detected in Bango system"];
        assert_eq!(
            (found, &json["notJudged"]),
            (&json!(missing), &json!(not_judged)),
            "{name}"
        );
        assert_eq!(
            json["results"]["Error: Extra Entitlement detected in Bango system"],
            1
        );
    }
}

#[test]
fn a_period_bounds_what_each_side_must_have() {
    let home = Home::new();
    home.write(
        OURS,
        "entitlement_id,user,status,product\n9d6b3a3e-0000-4000-8000-000000000001,a,ACTIVE,P\n",
    );
    let report = [
        line("a", 1, "Active", "P", 24),
        line("b", 2, "Active", "P", 24),
        line("c", 3, "Active", "P", 10),
        line("d", 4, "Cancelled", "P", 10),
    ];
    home.write("b.csv", format!("{REPORT}{}", report.concat()));
    for (arguments, extra, not_expected) in [
        (&[][..], 3, 0),
        (&["--period", "2026-11-24"], 2, 1),
        (&["--period", "2026-11-24", "--events-only"], 1, 2),
        (&["--period", "2026-11"], 3, 0),
        (&["--partial"], 0, 3),
    ] {
        let arguments = [&[OURS, "--with", "b.csv", "--json"][..], arguments].concat();
        let json = reconcile(&home, &arguments).json();
        let results = json["results"].as_object().unwrap();
        let found = results.get("Error: Extra Entitlement detected in Bango system");
        assert_eq!(
            found.map_or(0, |found| found.as_u64().unwrap()),
            extra,
            "{arguments:?}"
        );
        assert_eq!(json["notExpected"], not_expected, "{arguments:?}");
    }
}

#[test]
fn no_file_is_written_if_anything_goes_wrong() {
    let home = home();
    let text = read(&home, "bango.csv");
    home.write("bad.csv", format!("{text}cust-1,x,,,,,,,,,,,,,\n"));
    home.write("old.csv", "old");
    let before = files(&home);
    let outcome = reconcile(
        &home,
        &[
            OURS,
            "--with",
            "bad.csv",
            "--results",
            "new.csv",
            "--fix",
            "old.csv",
            "--fix-ours",
            "own.csv",
        ],
    );
    outcome.assert_code(2);
    assert!(
        outcome
            .stderr
            .contains("bad.csv, line 6, column ProductKey: is empty"),
        "{}",
        outcome.stderr
    );
    assert_eq!(
        (files(&home), read(&home, "old.csv").as_str()),
        (before, "old")
    );
    for (arguments, why) in [
        (&["--results", OURS][..], "the same file as ours.csv"),
        (&["--results", "x.csv", "--fix", "./x.csv"], "the same file"),
        (&["--fix", "./bango.csv"], "the same file as bango.csv"),
    ] {
        home.write("x.csv", "x");
        let outcome = reconcile(
            &home,
            &[&[OURS, "--with", "bango.csv"][..], arguments].concat(),
        );
        outcome.assert_code(2);
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    }
    assert_eq!(read(&home, "bango.csv"), text);
    assert_eq!(read(&home, ER), text);
}

#[test]
fn more_files_of_bango_make_no_false_alarm() {
    let home = Home::new();
    home.write(
        OURS,
        format!("entitlement_id,user,status,product,merchant\n{HEAD}2,b,CANCELLED,P,M\n"),
    );
    let (active, changes) = ("AR_V1_D_20261124.csv", "CR_V1_D_20261124.csv");
    for name in [active, changes] {
        home.write(name, format!("{REPORT}{}", line("z", 9, "Active", "P", 24)));
    }
    for with in [
        &[active][..],
        &[changes],
        &[active, changes],
        &[changes, active],
    ] {
        let outcome = reconcile(&home, &[&[OURS, "--partial", "--with"], with].concat());
        outcome.assert_code(0);
        assert!(
            outcome
                .stderr
                .contains("1 entitlement of ours did not count"),
            "{with:?}"
        );
    }
}

#[test]
fn two_outputs_are_never_one_file_however_they_are_spelled() {
    let home = home();
    std::fs::create_dir(home.path().join("there")).unwrap();
    for (results, fix) in [
        ("new.csv", "./new.csv"),
        ("new.csv", "there/../new.csv"),
        ("there/new.csv", "./there/new.csv"),
        ("later/new.csv", "./later/new.csv"),
    ] {
        let before = files(&home);
        let arguments = [
            OURS,
            "--with",
            "bango.csv",
            "--results",
            results,
            "--fix",
            fix,
        ];
        let outcome = reconcile(&home, &arguments);
        outcome.assert_code(2);
        assert!(
            outcome.stderr.contains("it is the same file as"),
            "{}",
            outcome.stderr
        );
        assert_eq!(files(&home), before);
    }
    let arguments = [
        OURS,
        "--with",
        "bango.csv",
        "--results",
        "new.csv",
        "--fix",
        "there/new.csv",
    ];
    reconcile(&home, &arguments).assert_code(40);
}

#[test]
fn the_nil_uuid_is_an_id_like_any_other() {
    let home = Home::new();
    let table = |user: &str| {
        let id = "00000000-0000-0000-0000-000000000000";
        format!("entitlement_id,user,status,product\n{id},{user},ACTIVE,P\n")
    };
    home.write(OURS, table("a"));
    home.write("b.csv", table("b"));
    let outcome = reconcile(&home, &[OURS, "--with", "b.csv", "--json"]);
    let expected = json!({"Error: CustomerIdentifier is different": 1});
    assert_eq!(outcome.json()["results"], expected);
    let message = "error: 1 entitlement differs\n";
    assert!(outcome.stderr.starts_with(message), "{}", outcome.stderr);
}

#[test]
fn the_help_begins_with_what_the_command_does() {
    for (command, begin) in [
        ("--help", "Compare your records"),
        ("write --help", "Write the correlation file"),
        ("read --help", "Read Bango's answers"),
    ] {
        let words: Vec<_> = command.split(' ').collect();
        let outcome = reconcile(&Home::new(), &words);
        assert!(outcome.stdout.starts_with(begin), "{}", outcome.stdout);
    }
}
