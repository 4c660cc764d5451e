//! The archive and the files beside it.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use serde_json::Value;

use super::{made, released};
use crate::support::cli::Home;

/// Bytes, at the most. `cargo bench --bench create` has the target, 6.5 MiB, which the manual pages and the newest commands have passed by a little.
const LARGEST: u64 = 7 << 20;

/// The archive, unpacked in this home.
fn unpacked(home: &Home) -> PathBuf {
    let archive = released(".tar.gz");
    let tar = home.program("tar").arg("-xzf").arg(&archive).run();
    tar.assert_code(0);
    let name = archive.file_name().unwrap().to_str().unwrap();
    home.path().join(name.strip_suffix(".tar.gz").unwrap())
}

#[test]
#[ignore = "needs what .ci/package makes"]
fn the_archive_holds_the_program_completions_man_pages_and_licences() {
    let home = Home::new();
    let folder = unpacked(&home);
    assert_eq!(
        std::fs::read_dir(home.path()).unwrap().count(),
        1,
        "one folder"
    );
    let version = home
        .program(folder.join("bango-ent"))
        .arg("--version")
        .run();
    let version = version.assert_code(0).stdout.clone();
    assert_eq!(
        version,
        format!("bango-ent {}\n", env!("CARGO_PKG_VERSION"))
    );
    for name in [
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "THIRD-PARTY.txt",
        "README.md",
        "CHANGELOG.md",
    ] {
        assert!(folder.join(name).is_file(), "{name}");
    }
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    for (there, here) in [("completions", "completions"), ("man", "docs/man")] {
        let names = |folder: PathBuf| -> BTreeSet<_> {
            let entries = std::fs::read_dir(folder).unwrap();
            entries.map(|entry| entry.unwrap().file_name()).collect()
        };
        assert_eq!(names(folder.join(there)), names(root.join(here)));
    }
    let about = folder.join("bango-ent").metadata().unwrap();
    assert!(about.len() <= LARGEST, "{} bytes", about.len());
    assert_eq!(about.permissions().mode() & 0o777, 0o755);
}

#[test]
#[ignore = "needs what .ci/package makes"]
fn the_program_in_the_archive_names_no_folder_of_its_builder() {
    let home = Home::new();
    let program = std::fs::read(unpacked(&home).join("bango-ent")).unwrap();
    let cargo = std::env::var("CARGO_HOME");
    let cargo = cargo.unwrap_or_else(|_| std::env::var("HOME").unwrap() + "/.cargo");
    for folder in [env!("CARGO_MANIFEST_DIR"), &cargo] {
        let found = memchr::memmem::find(&program, folder.as_bytes());
        assert_eq!(found, None, "{folder}");
    }
}

#[test]
#[ignore = "needs what .ci/package makes"]
fn the_sums_are_those_of_every_file_and_the_formula_names_the_archives() {
    let home = Home::new();
    let mut check = home.program("sha256sum");
    check.current_dir(made("dist"));
    let checked = check.args(["--check", "--strict", "SHA256SUMS"]).run();
    checked.assert_code(0);
    let files = std::fs::read_dir(made("dist")).unwrap().count();
    assert_eq!(
        checked.lines().len(),
        files - 1,
        "all but the sums themselves"
    );

    let sums = std::fs::read_to_string(released("SHA256SUMS")).unwrap();
    let archive = sums.lines().find(|line| line.ends_with(".tar.gz"));
    let (sum, name) = archive.unwrap().split_once("  ").unwrap();
    let formula = std::fs::read_to_string(released(".rb")).unwrap();
    assert!(formula.contains(&format!("sha256 \"{sum}\"")), "{formula}");
    assert!(formula.contains(&format!("/{name}\"")), "{formula}");
    assert!(!formula.contains('@'), "{formula}");
}

#[test]
#[ignore = "needs what .ci/package makes"]
fn the_bill_of_materials_lists_the_crates_with_their_licences() {
    let bill: Value =
        serde_json::from_slice(&std::fs::read(released(".cdx.json")).unwrap()).unwrap();
    assert_eq!(bill["bomFormat"], "CycloneDX");
    assert_eq!(
        bill["metadata"]["component"]["version"],
        env!("CARGO_PKG_VERSION")
    );
    let components = bill["components"].as_array().unwrap();
    let names: BTreeSet<_> = components
        .iter()
        .filter_map(|part| part["name"].as_str())
        .collect();
    // Some that are built in, and some that are for tests alone or for another system.
    for name in ["clap", "ring", "rustls", "ureq"] {
        assert!(names.contains(name), "{name}");
    }
    for name in ["httpmock", "keyring", "clap_mangen"] {
        assert!(!names.contains(name), "{name}");
    }
    let notices = std::fs::read_to_string(made("package/THIRD-PARTY.txt")).unwrap();
    for part in components {
        let crate_name = part["name"].as_str().unwrap();
        let licence = part["licenses"][0]["expression"].as_str();
        assert!(
            licence.is_some_and(|licence| !licence.contains('/')),
            "{part}"
        );
        assert!(
            notices.contains(&format!(
                "{crate_name} {}",
                part["version"].as_str().unwrap()
            )),
            "{crate_name}"
        );
    }
}
