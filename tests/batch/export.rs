//! `batch export`: any input becomes Bango's batch files, or nothing is written.

use std::fmt::Write as _;

use serde_json::json;

use super::batch;
use crate::support::cli::{Home, Outcome};
use crate::support::platform::{Behaviour, Platform};
use crate::support::schema::assert_valid;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/exchange/golden/");

fn golden(name: &str) -> Vec<u8> {
    std::fs::read(format!("{GOLDEN}{name}")).unwrap()
}

fn export(home: &Home, arguments: &[&str]) -> Outcome {
    let given = ["batch", "export", "--to", "out", "--customer", "MyReseller"];
    home.bango_ent().args(given).args(arguments).run()
}

/// What lies in the folder, by name.
fn files(home: &Home) -> Vec<(String, Vec<u8>)> {
    let folder = std::fs::read_dir(home.path().join("out"));
    let mut files: Vec<_> = folder
        .into_iter()
        .flatten()
        .collect::<Result<_, _>>()
        .unwrap();
    files.sort_by_key(std::fs::DirEntry::file_name);
    let one = |file: std::fs::DirEntry| {
        let name = file.file_name().into_string().unwrap();
        (name, std::fs::read(file.path()).unwrap())
    };
    files.into_iter().map(one).collect()
}

#[test]
fn rows_of_any_input_become_one_file_of_each_kind_as_bango_documents_it() {
    let home = Home::new();
    home.write(
        "rows.jsonl",
        r#"{"action":"cancel","entitlement_id":"9d6b3a3e-0000-4000-8000-000000000001","reason":"CUSTOMER_CANCELLED/NOT_RENEWED","description":"Too dear: € 5, \"really\""}
{"action":"create","user":"cust-1","merchant":"BANGO","product":"BangoMusic","extension_data":{"Param1":"123","Param2":"456"},"extra_information":{"device":"tv"}}
{"action":"SUSPEND","entitlementId":"9d6b3a3e-0000-4000-8000-000000000002"}
{"action":"update","entitlement_id":"9d6b3a3e-0000-4000-8000-000000000003","user":"René","expires":"2027-01-31","extension_data":{"Param1":"123","Name":"Ω ñ"}}
{"action":"resume","entitlement_id":"9d6b3a3e-0000-4000-8000-000000000004","note":"not sent"}
{"action":"revoke","entitlement_id":"9d6b3a3e-0000-4000-8000-000000000005","reason":"REVOKED/FRAUD"}
"#,
    );
    let outcome = export(&home, &["rows.jsonl", "--json"]);
    let json = outcome.assert_code(0).json();
    assert_valid("batch-export", &json);
    assert_eq!(json["rows"], 6);
    let files = files(&home);
    let kinds = ["CREATES", "UPDATES", "TERMINATIONS"];
    assert_eq!(files.len(), 3);
    for (kind, file) in kinds.iter().zip(json["files"].as_array().unwrap()) {
        let path = file["file"].as_str().unwrap();
        let bytes = std::fs::read(home.path().join(path)).unwrap();
        let expected = golden(&format!("MyReseller-{kind}-20200902120000.csv"));
        assert_eq!(
            bytes.escape_ascii().to_string(),
            expected.escape_ascii().to_string()
        );
        let time = path
            .strip_prefix(&format!("out/MyReseller-{kind}-"))
            .unwrap();
        let time = time.strip_suffix(".csv").unwrap();
        assert!(
            time.len() == 14 && time.bytes().all(|c| c.is_ascii_digit()),
            "{path}"
        );
    }
}

#[test]
fn what_was_exported_is_read_by_batch_as_the_same_requests() {
    let (home, server) = (Home::new(), Platform::start(Behaviour::default()));
    for kind in ["CREATES", "UPDATES", "TERMINATIONS"] {
        let name = format!("MyReseller-{kind}-20200902120000.csv");
        home.write(&name, golden(&name));
        let arguments = [&*name, "--format", "bango", "--yes", "--concurrency", "1"];
        batch(&home, &server, &arguments).assert_code(0);
    }
    let bodies: Vec<_> = server.seen().iter().map(|seen| seen.body.clone()).collect();
    assert_eq!(bodies.len(), 6);
    assert_eq!(bodies[0]["extraInformation"], json!({"device": "tv"}));
    assert_eq!(bodies[1]["customerIdentifier"], "René");
    assert_eq!(
        bodies[1]["extensionData"],
        json!({"Param1": "123", "Name": "Ω ñ"})
    );
    assert_eq!(
        bodies[2]["cancelReasonDescription"],
        "Too dear: € 5, \"really\""
    );
}

#[test]
fn a_file_takes_as_many_rows_as_bango_takes_and_each_has_a_name_of_its_own() {
    let home = Home::new();
    let mut rows = "action,user,merchant,product,entitlement_id\n".to_owned();
    for i in 0..1_001 {
        let _ = writeln!(rows, "create,u{i},M,P,");
    }
    for i in 0..501 {
        let _ = writeln!(rows, "suspend,,,,e{i}");
    }
    home.write("rows.csv", rows);
    for run in 1..=2 {
        export(&home, &["rows.csv", "--action-name", "SPRING"]).assert_code(0);
        let files = files(&home);
        assert_eq!(files.len(), 5 * run);
        let counts = |kind: &str| {
            let of_kind = files.iter().filter(|(_, bytes)| {
                bytes
                    .split(|byte| *byte == b'\n')
                    .nth(1)
                    .unwrap()
                    .starts_with(kind.as_bytes())
            });
            let lines = of_kind.map(|(_, bytes)| bytes.split(|byte| *byte == b'\n').count() - 1);
            lines.collect::<Vec<_>>()
        };
        assert_eq!(counts("CREATE"), [1_001, 2].repeat(run));
        assert_eq!(counts("SUSPEND"), [251, 251, 2].repeat(run));
        assert!(
            files
                .iter()
                .all(|(name, _)| name.starts_with("MyReseller-SPRING-20"))
        );
    }
}

#[test]
fn what_cannot_be_said_in_bangos_files_is_named_and_nothing_is_written() {
    let home = Home::new();
    home.write(
        "rows.csv",
        "action,user,merchant,product,entitlement_id,benefits,extension_data,description,reason\n\
        create,Łukasz,M,P,,,,,\n\
        create,b,M,P,own-id,,,,\n\
        update,,,,e,SUSPENDED,,,\n\
        update,,,,f,,words,,\n\
        suspend,,,,g,GOLD,,,\n\
        cancel,,,,h,,,→ gone,CUSTOMER_CANCELLED/OTHER\n",
    );
    let outcome = export(&home, &["rows.csv"]);
    outcome.assert_code(2);
    for why in [
        "the input has 6 problems",
        "line 2, column user: \"Łukasz\" has 'Ł', which Windows-1252 has not",
        "line 3, column entitlement_id: has no place in Bango's files of creates",
        "line 4, column benefits: has no place in Bango's files of updates",
        "line 5, column extension_data: is no JSON object with members",
        "line 6, column benefits: has no place in Bango's files of terminations and pauses",
        "line 7, column description: \"→ gone\" has '→'",
    ] {
        assert!(outcome.stderr.contains(why), "{why}: {}", outcome.stderr);
    }
    assert_eq!(files(&home), []);
    home.write("rows.csv", "user,merchant,product\nŁukasz,M,P\n");
    export(&home, &["rows.csv", "--utf-8"]).assert_code(0);
    assert!(String::from_utf8_lossy(&files(&home)[0].1).contains("Łukasz"));
}

#[test]
fn a_name_that_would_lead_elsewhere_is_refused() {
    let home = Home::new();
    home.write("rows.csv", "user,merchant,product\na,M,P\n");
    for name in ["../x", "", "a b", "a/b"] {
        let outcome = export(&home, &["rows.csv", "--action-name", name]);
        outcome.assert_code(2);
        assert_eq!(files(&home), []);
    }
}
