//! `--fix` is an input of `batch`, and `--fix-ours` says what to change on our side.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use insta::assert_snapshot;
use serde_json::json;

use super::{OURS, REPORT, home, line, read, reconcile};
use crate::support::cli::Home;

const HEAD: &str = "9d6b3a3e-0000-4000-8000-00000000000";

#[test]
fn every_difference_becomes_the_request_that_removes_it_or_a_reason_why_none_does() {
    let home = Home::new();
    let ours = [
        ("a", 1, "ACTIVE"),
        ("b", 2, "SUSPENDED"),
        ("c", 3, "CANCELLED"),
        ("d", 4, "REVOKED"),
        ("e", 5, "ACTIVE"),
        ("f", 6, "ACTIVE"),
        ("g", 7, "ACTIVE"),
    ]
    .map(|(user, id, status)| format!("{HEAD}{id},{user},P,{status},BANGO,2027-01-01\n"));
    home.write(
        OURS,
        format!(
            "entitlement_id,user,product,status,merchant,expires\n{}",
            ours.concat()
        ),
    );
    let report = [
        line("a", 1, "Suspended", "P", 24),
        line("b", 2, "Active", "P", 24),
        line("c", 3, "Active", "P", 24),
        line("d", 4, "Active", "P", 24),
        line("e2", 5, "Active", "Q", 24),
        line("f", 6, "Failed", "P", 24),
        line("z", 8, "Active", "P", 24),
        line("y", 9, "Cancelled", "P", 24),
    ];
    home.write("b.csv", format!("{REPORT}{}", report.concat()));
    let outcome = reconcile(&home, &[OURS, "--with", "b.csv", "--fix", "fix.csv"]);
    outcome.assert_code(40);
    assert!(
        outcome.stderr.contains("bango-ent batch fix.csv --check"),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome
            .stdout
            .contains("no request for 1 entitlement: FAILED means"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome
            .stdout
            .contains("no request for 1 entitlement: it is over at Bango"),
        "{}",
        outcome.stdout
    );
    assert_snapshot!(read(&home, "fix.csv"), @r#"
    action,entitlement_id,user,merchant,product,offer,display_name,expires,reason,description,note
    resume,9d6b3a3e-0000-4000-8000-000000000001,,,,,,,,,"status is ""ACTIVE"" here and ""Suspended"" at Bango"
    suspend,9d6b3a3e-0000-4000-8000-000000000002,,,,,,,,,"status is ""SUSPENDED"" here and ""Active"" at Bango"
    cancel,9d6b3a3e-0000-4000-8000-000000000003,,,,,,,CUSTOMER_CANCELLED/OTHER,CANCELLED in our records,"status is ""CANCELLED"" here and ""Active"" at Bango"
    revoke,9d6b3a3e-0000-4000-8000-000000000004,,,,,,,REVOKED/OTHER,REVOKED in our records,"status is ""REVOKED"" here and ""Active"" at Bango"
    update,9d6b3a3e-0000-4000-8000-000000000005,e,,P,,,,,,"customerIdentifier is ""e"" here and ""e2"" at Bango; productKey is ""P"" here and ""Q"" at Bango"
    create,,g,BANGO,P,,,2027-01-01T00:00:00Z,,,Error: Missing Entitlement detected in Bango system
    cancel,9d6b3a3e-0000-4000-8000-000000000008,,,,,,,CUSTOMER_CANCELLED/OTHER,not in our records,Error: Extra Entitlement detected in Bango system
    "#);
    let checked = home
        .client("http://127.0.0.1:9")
        .args(["batch", "fix.csv", "--check"])
        .run();
    checked.assert_code(0);
}

#[test]
fn what_would_change_ours_is_bangos_data_with_a_reason() {
    let home = home();
    reconcile(
        &home,
        &[OURS, "--with", "bango.csv", "--fix-ours", "own.csv"],
    )
    .assert_code(40);
    assert_snapshot!(read(&home, "own.csv"), @r#"
    action,entitlementId,externalEntitlementId,customerIdentifier,merchantAccountKey,productKey,offerKey,entitlementDisplayName,status,dateCreated,dateActivated,dateSuspended,dateResumed,dateExpiry,dateEnded,why
    change,9d6b3a3e-0000-4000-8000-000000000002,ext-2,cust-2,BANGO,BangoMusic,,"Music, ""Premium""",SUSPENDED,2026-10-01T08:00:00Z,2026-10-01T08:05:00Z,2026-11-24T09:00:00Z,,2027-12-31T00:00:00Z,,"status is ""ACTIVE"" here and ""Suspended"" at Bango"
    change,9d6b3a3e-0000-4000-8000-000000000003,ext-3,cust-3,BANGO_US,MUSIC,,Music,ACTIVE-ENDING,2026-10-02T08:00:00Z,2026-10-02T08:05:00Z,,,,2026-11-30T00:00:00Z,"customerIdentifier is ""cust-33"" here and ""cust-3"" at Bango; productKey is ""MUSIC_PREMIUM"" here and ""MUSIC"" at Bango"
    remove,9d6b3a3e-0000-4000-8000-000000000009,ext-9,cust-9,BANGO,BangoMusic,,Bango Music,ACTIVE,2026-10-02T08:00:00Z,2026-10-02T08:05:00Z,,,,,Error: Missing Entitlement detected in Bango system
    "#);
}

/// What a side can say of an entitlement: each status, a word that Bango has not documented, no status, and nothing at all.
const SIDES: [&str; 10] = [
    "PENDING",
    "ACTIVE",
    "ACTIVE-ENDING",
    "SUSPENDED",
    "CANCELLED",
    "REVOKED",
    "FAILED",
    "Weird",
    "",
    "nothing",
];

/// The request for each of ours (a line) against each of Bango's (a column), or the reason why there is none; `=` is no difference.
const REQUESTS: [[&str; 10]; 10] = [
    // PENDING     ACTIVE     ENDING     SUSPENDED  CANCELLED  REVOKED    FAILED   Weird      (empty)    nothing
    [
        "=", "pending", "pending", "pending", "pending", "pending", "FAILED", "unknown", "=",
        "create",
    ],
    [
        "user", "=", "undone", "resume", "create", "create", "FAILED", "unknown", "=", "create",
    ],
    [
        "cancel", "cancel", "=", "cancel", "none", "none", "FAILED", "unknown", "=", "inactive",
    ],
    [
        "none", "suspend", "suspend", "=", "none", "none", "FAILED", "unknown", "=", "inactive",
    ],
    [
        "cancel", "cancel", "itself", "cancel", "=", "both", "FAILED", "unknown", "=", "inactive",
    ],
    [
        "revoke", "revoke", "revoke", "revoke", "both", "=", "FAILED", "unknown", "=", "inactive",
    ],
    [
        "FAILED", "FAILED", "FAILED", "FAILED", "FAILED", "FAILED", "=", "unknown", "=", "FAILED",
    ],
    [
        "unknown", "unknown", "unknown", "unknown", "unknown", "unknown", "FAILED", "=", "=",
        "unknown",
    ],
    ["=", "=", "=", "=", "=", "=", "=", "=", "=", "unknown"],
    [
        "cancel", "cancel", "cancel", "cancel", "over", "over", "FAILED", "unknown", "unknown", "=",
    ],
];

/// The reasons in full.
const REASONS: [(&str, &str); 10] = [
    (
        "FAILED",
        "FAILED means that Bango itself does not know; ask Bango",
    ),
    ("both", "it is over on both sides"),
    (
        "inactive",
        "it is not active in our records, and cannot be created so",
    ),
    ("itself", "it ends by itself when its period is over"),
    ("none", "no request leads from Bango's status to ours"),
    ("over", "it is over at Bango"),
    ("pending", "no request makes an entitlement pending"),
    (
        "undone",
        "Bango does not document how the end of an entitlement is undone",
    ),
    ("unknown", "a status is not known"),
    ("user", "the user must finish the registration"),
];

/// What stands on our side: nothing is done but to ask where Bango does not know the status.
fn own(ours: &str, bango: &str) -> &'static str {
    match (ours, bango) {
        (_, "nothing") => "remove",
        (_, "FAILED" | "Weird" | "") => "ask",
        ("nothing", _) => "add",
        _ => "change",
    }
}

/// The first cell of each row, by the user or the id that stands in one of its cells.
fn actions(file: &str, column: impl Fn(&[&str]) -> String) -> BTreeMap<String, String> {
    let rows = file.lines().skip(1).map(|row| {
        let cells: Vec<_> = row.split(',').collect();
        (column(&cells), cells[0].to_owned())
    });
    rows.collect()
}

#[test]
fn nothing_is_granted_or_denied_on_a_status_that_is_over_failed_or_unknown() {
    let home = Home::new();
    let head = "entitlement_id,user,product,merchant,status\n";
    let (mut ours, mut bango) = (head.to_owned(), head.to_owned());
    let (mut fix, mut fix_ours) = (BTreeMap::new(), BTreeMap::new());
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for (i, our) in SIDES.iter().enumerate() {
        for (j, bangos) in SIDES.iter().enumerate() {
            let id = format!("e{i}{j}");
            for (side, status) in [(&mut ours, our), (&mut bango, bangos)] {
                if *status != "nothing" {
                    writeln!(side, "{id},{id},P,M,{status}").unwrap();
                }
            }
            let expected = REQUESTS[i][j];
            if expected == "=" {
                continue;
            }
            fix_ours.insert(id.clone(), own(our, bangos).to_owned());
            match REASONS.iter().find(|(short, _)| *short == expected) {
                Some((_, reason)) => *reasons.entry(reason).or_default() += 1,
                None => _ = fix.insert(id, expected.to_owned()),
            }
        }
    }
    home.write(OURS, ours);
    home.write("b.csv", bango);
    let arguments = [
        OURS,
        "--with",
        "b.csv",
        "--json",
        "--fix",
        "fix.csv",
        "--fix-ours",
        "own.csv",
    ];
    let outcome = reconcile(&home, &arguments);
    outcome.assert_code(40);
    // A create names the user, which is the id here.
    let of = |cells: &[&str]| {
        format!(
            "{}{}",
            cells[1],
            if cells[0] == "create" { cells[2] } else { "" }
        )
    };
    assert_eq!(actions(&read(&home, "fix.csv"), of), fix);
    let of = |cells: &[&str]| cells[1].to_owned();
    assert_eq!(actions(&read(&home, "own.csv"), of), fix_ours);
    assert_eq!(outcome.json()["files"]["notFixable"], json!(reasons));
}

#[test]
fn an_entitlement_whose_status_bango_does_not_know_is_not_updated() {
    for (status, row) in [
        ("Active", Some("update")),
        ("Failed", None),
        ("Weird", None),
    ] {
        let home = Home::new();
        home.write(
            OURS,
            format!("entitlement_id,user,product,status\n{HEAD}1,new,P,{status}\n"),
        );
        home.write(
            "b.csv",
            format!("{REPORT}{}", line("old", 1, status, "P", 24)),
        );
        reconcile(&home, &[OURS, "--with", "b.csv", "--fix", "fix.csv"]).assert_code(40);
        let written = actions(&read(&home, "fix.csv"), |cells| cells[0].to_owned());
        assert_eq!(written.keys().next().map(String::as_str), row, "{status}");
    }
}

#[test]
fn an_expiry_that_only_bango_has_cannot_be_taken_away() {
    let home = Home::new();
    let table = |expires: &str| {
        format!("entitlement_id,user,product,status,expires\n{HEAD}1,a,P,ACTIVE,{expires}\n")
    };
    home.write(OURS, table(""));
    home.write("b.csv", table("2027-01-01"));
    let arguments = [
        OURS, "--with", "b.csv", "--dates", "--fix", "fix.csv", "--json",
    ];
    let outcome = reconcile(&home, &arguments);
    outcome.assert_code(40);
    let reasons = json!({"an expiry cannot be taken away by a request": 1});
    assert_eq!(outcome.json()["files"]["notFixable"], reasons);
}

#[test]
fn what_would_change_ours_is_for_people_and_runs_in_no_spreadsheet() {
    let home = Home::new();
    let row = line("u", 1, "Active", "P", 24).replace(",P,", ",P,=1+1");
    home.write("b.csv", format!("{REPORT}{row}"));
    home.write(OURS, "entitlementId,user,product,status\nE-2,v,P,ACTIVE\n");
    let write = [OURS, "--with", "b.csv", "--fix-ours", "own.csv"];
    for (more, cell) in [(&[][..], ",'=1+1,"), (&["--raw-cells"], ",=1+1,")] {
        reconcile(&home, &[&write, more].concat()).assert_code(40);
        let own = read(&home, "own.csv");
        assert!(own.contains(cell), "{own}");
    }
    reconcile(&home, &[OURS, "--with", "b.csv", "--raw-cells"]).assert_code(2);
}
