//! `--fix` is an input of `batch`, and `--fix-ours` says what to change on our side.

use insta::assert_snapshot;

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
