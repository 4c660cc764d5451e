//! What OURS and BANGO can be, and how entitlements are found without an id.

use serde_json::json;

use super::{OURS, REPORT, home, line, reconcile};
use crate::support::cli::Home;

const HEAD: &str = "9d6b3a3e-0000-4000-8000-00000000000";

/// The results by their count, of these of our records against a report of four.
fn results(name: &str, ours: &str, arguments: &[&str]) -> serde_json::Value {
    let home = Home::new();
    home.write(name, ours);
    let report = [
        line("cust-1", 1, "Active", "BangoMusic", 24),
        line("cust-2", 2, "Suspended", "BangoMusic", 24),
        line("cust-3", 3, "Active", "MUSIC", 24),
    ];
    home.write("b.csv", format!("{REPORT}{}", report.concat()));
    let outcome = reconcile(
        &home,
        &[&[name, "--with", "b.csv", "--json"][..], arguments].concat(),
    );
    let json = outcome.json();
    assert!(outcome.code == 0 || outcome.code == 40, "{outcome:?}");
    json["results"].clone()
}

fn expected() -> serde_json::Value {
    json!({
        "OK: Entitlement data matches": 1,
        "Error: Status is different": 1,
        "Error: Extra Entitlement detected in Bango system": 1,
    })
}

#[test]
fn ours_can_be_a_table_with_the_columns_of_batch_or_others() {
    let table = format!(
        "entitlement_id,user,product,status\n{HEAD}1,cust-1,BangoMusic,ACTIVE\n{HEAD}2,cust-2,BangoMusic,ACTIVE\n"
    );
    assert_eq!(results(OURS, &table, &[]), expected());
    let semicolons = format!("\n\r\n{}", table.replace(',', ";"));
    assert_eq!(results(OURS, &semicolons, &[]), expected());
    let own = table
        .replace("user", "subscriber no")
        .replace("status", "state");
    let map = [
        "--map",
        "subscriber no=customerIdentifier",
        "--map",
        "state=status",
    ];
    assert_eq!(results(OURS, &own, &map), expected());
}

#[test]
fn ours_can_be_json_lines() {
    let lines = format!(
        "{{\"entitlementId\":\"{HEAD}1\",\"user\":\"cust-1\",\"product\":\"BangoMusic\",\"status\":\"ACTIVE\"}}\n\n\
        {{\"entitlementId\":\"{HEAD}2\",\"user\":\"cust-2\",\"product\":\"BangoMusic\",\"status\":\"ACTIVE\",\"x\":[1]}}\n"
    );
    assert_eq!(results("ours.jsonl", &lines, &[]), expected());
}

#[test]
fn json_lines_without_a_field_are_not_compared_on_it_like_a_table() {
    let home = Home::new();
    home.write(
        "b.csv",
        format!("{REPORT}{}", line("a", 1, "Suspended", "P", 24)),
    );
    let table = format!("entitlement_id,user,product,state\n{HEAD}1,a,P,ACTIVE\n");
    let lines = format!(
        "{{\"entitlement_id\":\"{HEAD}1\",\"user\":\"a\",\"product\":\"P\",\"state\":\"ACTIVE\"}}\n"
    );
    for (name, ours) in [("o.csv", &table), ("o.jsonl", &lines)] {
        home.write(name, ours);
        let outcome = reconcile(&home, &[name, "--with", "b.csv", "--dates", "--json"]);
        outcome.assert_code(0);
        assert_eq!(
            outcome.json()["compared"],
            json!(["customerIdentifier", "productKey"]),
            "{name}"
        );
        for field in ["status", "dateExpiry"] {
            let remark = format!("{field} is not compared: not every file has it");
            assert!(
                outcome.stderr.contains(&remark),
                "{name}: {}",
                outcome.stderr
            );
        }
        let mapped = reconcile(&home, &[name, "--with", "b.csv", "--map", "state=status"]);
        mapped.assert_code(40);
        assert!(
            !mapped.stderr.contains("not compared"),
            "{name}: {}",
            mapped.stderr
        );
        let mistyped = reconcile(&home, &[name, "--with", "b.csv", "--map", "stat=status"]);
        mistyped.assert_code(2);
        assert!(
            mistyped.stderr.contains("stat, which --map names"),
            "{name}: {}",
            mistyped.stderr
        );
    }
}

#[test]
fn a_line_of_json_with_two_values_for_one_field_is_refused_with_its_place() {
    let home = Home::new();
    home.write(
        "b.csv",
        format!("{REPORT}{}", line("a", 1, "Active", "P", 24)),
    );
    for (more, why) in [
        (
            "\"customerIdentifier\":\"b\"",
            "user and customerIdentifier are both customerIdentifier",
        ),
        ("\"user\":\"b\"", "the line has the field user twice"),
        ("\"no\":\"b\"", "user and no are both customerIdentifier"),
    ] {
        let lines =
            format!("{{\"no\":null}}\n{{\"entitlementId\":\"{HEAD}1\",\"user\":\"a\",{more}}}\n");
        home.write("o.jsonl", lines);
        let outcome = reconcile(
            &home,
            &[
                "o.jsonl",
                "--with",
                "b.csv",
                "--map",
                "no=customerIdentifier",
            ],
        );
        outcome.assert_code(2);
        let said = format!("o.jsonl, line 2: {why}");
        assert!(outcome.stderr.contains(&said), "{}", outcome.stderr);
    }
}

#[test]
fn one_line_of_json_that_has_a_field_is_enough_to_compare_it() {
    let lines = format!(
        "{{\"entitlementId\":\"{HEAD}1\",\"user\":\"cust-1\"}}\n\
        {{\"entitlementId\":\"{HEAD}2\",\"user\":\"cust-2\",\"status\":\"ACTIVE\"}}\n"
    );
    assert_eq!(results("ours.jsonl", &lines, &[]), expected());
}

#[test]
fn ours_can_be_results_of_a_batch_of_which_what_was_done_counts() {
    // Of who was not in the batch nothing is said, with --partial or without.
    let mut of_a_part = expected();
    let all = of_a_part.as_object_mut().unwrap();
    all.remove("Error: Extra Entitlement detected in Bango system");
    let csv = format!(
        "user,merchant,product,outcome,responseCode,entitlementId,status,registrationUrl,message,requestIdentifier\n\
        cust-1,BANGO,BangoMusic,done,OK,{HEAD}1,ACTIVE,,,a\n\
        cust-2,BANGO,BangoMusic,done,OK,{HEAD}2,ACTIVE,,,b\n\
        cust-7,BANGO,BangoMusic,refused,BAD_REQUEST,,,,no,c\n"
    );
    assert_eq!(results(OURS, &csv, &[]), of_a_part);
    let json = format!(
        "{{\"row\":{{\"user\":\"cust-1\",\"merchant\":\"BANGO\",\"product\":\"BangoMusic\"}},\"outcome\":\"done\",\"entitlementId\":\"{HEAD}1\",\"status\":\"ACTIVE\"}}\n\
        {{\"row\":{{\"user\":\"cust-2\",\"merchant\":\"BANGO\",\"product\":\"BangoMusic\"}},\"outcome\":\"done\",\"entitlementId\":\"{HEAD}2\",\"status\":\"ACTIVE\"}}\n\
        {{\"row\":{{\"user\":\"cust-7\"}},\"outcome\":\"refused\",\"entitlementId\":null}}\n"
    );
    assert_eq!(results("r.jsonl", &json, &[]), of_a_part);
    let changes = format!(
        "action,entitlement_id,outcome,responseCode,entitlementId,status,registrationUrl,message,requestIdentifier\n\
        suspend,{HEAD}2,done,OK,{HEAD}2,SUSPENDED,,,a\n"
    );
    let json = results(OURS, &changes, &["--partial"]);
    assert_eq!(json, json!({"OK: Entitlement data matches": 1}));
}

#[test]
fn ours_can_be_notifications_of_which_the_latest_counts() {
    let notification = |id: u32, status: &str, at: &str| {
        format!(
            "{{\"receivedAt\":\"2026-11-24T09:00:00.000Z\",\"target\":\"/\",\"late\":false,\"notification\":{{\"entitlementId\":\"{HEAD}{id}\",\
            \"customerIdentifier\":\"cust-{id}\",\"merchantAccountKey\":\"BANGO\",\"productKey\":\"BangoMusic\",\"status\":\"{status}\",\"dateLastUpdated\":\"{at}\"}}}}\n"
        )
    };
    let saved = [
        notification(1, "PENDING", "2026-11-24T08:00:00Z"),
        notification(2, "ACTIVE", "2026-11-24T08:02:00.5Z"),
        notification(1, "ACTIVE", "2026-11-24T08:01:00Z"),
        // These came late, one of them by less than a second.
        notification(2, "SUSPENDED", "2026-11-24T08:01:00Z"),
        notification(2, "SUSPENDED", "2026-11-24T08:02:00.2Z").replace("false", "true"),
    ];
    assert_eq!(results("n.jsonl", &saved.concat(), &[]), expected());
}

#[test]
fn an_entitlement_without_an_id_is_found_by_user_merchant_and_product() {
    let table = "user,merchant,product,status\ncust-1,BANGO,BangoMusic,ACTIVE\ncust-2,BANGO,BangoMusic,ACTIVE\n";
    assert_eq!(results(OURS, table, &[]), expected());
    let other = table.replace("cust-1,BANGO", "cust-1,OTHER");
    let json = results(OURS, &other, &[]);
    assert_eq!(
        json["Error: Missing Entitlement detected in Bango system"],
        1
    );
    let list = "user,merchant,product\ncust-1,BANGO,BangoMusic\ncust-2,BANGO,BangoMusic\n";
    let json = results(OURS, list, &[]);
    assert_eq!(json["OK: Entitlement data matches"], 2);
}

#[test]
fn an_entitlement_without_an_id_is_found_by_its_external_id() {
    let home = Home::new();
    home.write(OURS, "external_entitlement_id,user,product,status\next-1,cust-1,P,ACTIVE\next-2,cust-2,P,ACTIVE\n");
    home.write(
        "b.csv",
        format!("externalEntitlementId,entitlementId,user,product,status\next-2,{HEAD}2,cust-2,Q,ACTIVE\next-1,{HEAD}1,cust-1,P,ACTIVE\n"),
    );
    let json = reconcile(&home, &[OURS, "--with", "b.csv", "--json"]).json();
    let expected = json!({"OK: Entitlement data matches": 1, "Error: ProductKey is different": 1});
    assert_eq!(json["results"], expected);
    assert_eq!(json["differences"][0]["entitlementId"], format!("{HEAD}2"));
}

#[test]
fn of_several_of_one_user_the_one_that_is_not_over_is_meant() {
    let home = Home::new();
    home.write(OURS, "user,merchant,product,status\na,BANGO,P,ACTIVE\n");
    let report = [
        line("a", 1, "Cancelled", "P", 20),
        line("a", 2, "Active", "P", 10),
        line("a", 3, "Revoked", "P", 21),
    ];
    home.write("b.csv", format!("{REPORT}{}", report.concat()));
    reconcile(&home, &[OURS, "--with", "b.csv", "--partial"]).assert_code(0);
}

#[test]
fn what_cannot_be_compared_is_refused_with_file_line_and_column() {
    for (ours, why) in [
        (
            "status\nACTIVE\n",
            "ours.csv, line 2, column entitlementId: is empty, and there is neither",
        ),
        (
            "EntitlementId,CorrelationResult\na,b\n",
            "ours.csv is an answer to a correlation file",
        ),
        (
            "id,user,product\na,b,c\n",
            "there is no column key, which --map names",
        ),
        (
            "user,customerIdentifier\na,b\n",
            "line 1, column customerIdentifier: there are two columns for customerIdentifier",
        ),
        (
            "entitlement_id,dateLastUpdated\nx,31.12.2026\n",
            "ours.csv, line 2, column dateLastUpdated: \"31.12.2026\" is no date",
        ),
        (
            "{\"user\":\"a\",\"product\":\"b\"}\n{\"user\"\n",
            "ours.csv, line 2: the line is not JSON: it ends too early",
        ),
    ] {
        let home = home();
        home.write(OURS, ours);
        let mut arguments = vec![OURS, "--with", "bango.csv"];
        if why.contains("--map") {
            arguments.extend(["--map", "key=entitlementId"]);
        }
        let outcome = reconcile(&home, &arguments);
        outcome.assert_code(2);
        assert!(outcome.stderr.contains(why), "{why}: {}", outcome.stderr);
    }
    let outcome = reconcile(&home(), &["-", "--with", "-"]);
    assert!(
        outcome
            .stderr
            .contains("only one file can be standard input")
    );
    let outcome = reconcile(&home(), &[OURS, "--with", "bango.csv", "--map", "a=colour"]);
    assert!(
        outcome
            .stderr
            .contains("is no field; there are entitlementId"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn results_of_a_batch_end_nobody_who_was_not_in_it() {
    let home = Home::new();
    home.write(
        OURS,
        format!(
            "user,merchant,product,outcome,responseCode,entitlementId,status,registrationUrl,message,requestIdentifier\n\
            cust-1,BANGO,BangoMusic,done,OK,{HEAD}1,ACTIVE,,,a\n"
        ),
    );
    let report = [
        line("cust-1", 1, "Active", "BangoMusic", 24),
        line("alice", 2, "Active", "BangoMusic", 24),
    ];
    home.write("b.csv", format!("{REPORT}{}", report.concat()));
    let outcome = reconcile(&home, &[OURS, "--with", "b.csv", "--fix", "fix.csv"]);
    outcome.assert_code(0);
    let told = "what else Bango has is not reported, as with --partial";
    assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
    let fix = std::fs::read_to_string(home.path().join("fix.csv")).unwrap();
    assert_eq!(fix.lines().count(), 1, "{fix}");
}

#[test]
fn files_of_which_nothing_can_be_compared_are_warned_of() {
    let home = Home::new();
    let ours = format!("entitlement_id,user,product,status\n{HEAD}1,cust-1,BangoMusic,PENDING\n");
    home.write(OURS, ours);
    home.write("AR_V1_D_20261124.csv", REPORT);
    let outcome = reconcile(&home, &[OURS, "--with", "AR_V1_D_20261124.csv"]);
    outcome.assert_code(0);
    let told = "warning: nothing was compared, so nothing is known to agree";
    assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
}

#[test]
fn a_correlation_file_without_a_row_is_warned_of() {
    let home = super::home();
    let arguments = [
        "write",
        OURS,
        "--period",
        "2026-11-24",
        "--merchant",
        "BANGOO",
    ];
    let outcome = reconcile(&home, &arguments);
    outcome.assert_code(0);
    let told = "there is no entitlement of BANGOO, and the file has no row; ours has ";
    assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
}

/// The results of these of our records against a correlation file of Bango's with one entitlement.
fn results_by_external_id(ours: &str) -> serde_json::Value {
    let home = Home::new();
    home.write(OURS, ours);
    home.write(
        "b.csv",
        "ExternalEntitlementId,CustomerIdentifier,EntitlementId,Status,MerchantAccountKey,ProductKey,CreatedDate\nX1,u,E-1,Active,M,gold,\n",
    );
    reconcile(&home, &[OURS, "--with", "b.csv", "--json"]).json()
}

#[test]
fn of_several_rows_with_one_external_id_the_newest_counts_whoever_has_it() {
    let ours = "externalEntitlementId,user,product,status,dateLastUpdated\n\
        X1,u,gold,ACTIVE,2026-11-24T00:00:00Z\nX1,u,silver,ACTIVE,2026-11-20T00:00:00Z\n";
    // What it was told apart by differs in each run.
    for _ in 0..12 {
        let json = results_by_external_id(ours);
        assert_eq!(json["results"], json!({"OK: Entitlement data matches": 1}));
        assert_eq!(json["replacedOurs"], 1);
    }
}

#[test]
fn products_beyond_the_first_ten_thousand_are_counted_together() {
    let row = |number| format!("Y{number},u{number},p{number},ACTIVE\n");
    let rows: Vec<_> = (0..10_050).map(row).collect();
    let header = "externalEntitlementId,user,product,status\n";
    let products = results_by_external_id(&(header.to_owned() + &rows.concat()))["products"].take();
    let products = products.as_object().unwrap();
    assert_eq!(products.len(), 10_001);
    let results: u64 = (products
        .values()
        .flat_map(|results| results.as_object().unwrap().values()))
    .map(|count| count.as_u64().unwrap())
    .sum();
    assert_eq!(results, 10_051);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_opened_once_and_never_to_compare_its_name_with_others() {
    let home = home();
    let pipe = home.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let text = super::read(&home, OURS);
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::write(pipe, text)
    });
    home.write("out.csv", "");
    let read = ["pipe", "--with", super::ER, "--results", "out.csv"];
    reconcile(&home, &read).assert_code(40);
    writer.join().unwrap().unwrap();
    let written = reconcile(&home, &[OURS, "--with", super::ER, "--results", "pipe"]);
    assert!(
        written.stderr.contains("it is not a regular file"),
        "{written:?}"
    );
}
