//! Arrows point down: which module may import which, and a row for every module.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Module, and what it may name after `crate::`.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("http", &[]),
    ("api", &["http"]),
    ("files", &[]),
    ("program", &[]),
    ("server", &[]),
    (
        "listener",
        &["api", "ending", "files", "http", "program", "server"],
    ),
    ("sandbox", &["files", "http", "server"]),
    ("batch", &["api", "ending", "files", "http"]),
    ("exchange", &["api", "ending", "files"]),
    ("profile", &["api", "ending", "files", "program"]),
    ("terminal", &["api", "files", "http", "program"]),
    ("doctor", &["api", "ending", "http", "profile"]),
    ("ending", &["api", "http", "terminal"]),
    ("glossary", &["api", "ending"]),
    (
        "context",
        &["api", "ending", "http", "profile", "sandbox", "terminal"],
    ),
    (
        "commands",
        &[
            "api", "batch", "context", "doctor", "ending", "exchange", "files", "glossary",
            "listener", "profile", "sandbox", "terminal",
        ],
    ),
    (
        "cli",
        &[
            "commands", "context", "ending", "glossary", "profile", "terminal",
        ],
    ),
    ("readers", &["api", "batch", "http", "terminal"]),
    ("lib", &["api", "cli", "context", "ending", "terminal"]),
    ("main", &[]),
];

pub fn source_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(source_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The top-level module that a file belongs to.
fn module_of(path: &Path) -> String {
    let inside = path.strip_prefix(src()).unwrap();
    let first = Path::new(inside.components().next().unwrap().as_os_str());
    first.file_stem().unwrap().to_str().unwrap().to_owned()
}

/// What a file names after `crate::`.
fn imports(text: &str) -> BTreeSet<String> {
    let name = |rest: &str| {
        rest.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    text.split("crate::").skip(1).map(name).collect()
}

#[test]
fn every_import_points_down() {
    for path in source_files(&src()) {
        let module = module_of(&path);
        let row = MAY_IMPORT.iter().find(|(name, _)| *name == module);
        let (_, allowed) = row.unwrap_or_else(|| panic!("{module} has no row in the table"));
        for import in imports(&fs::read_to_string(&path).unwrap()) {
            let fine = import == module || allowed.contains(&import.as_str());
            assert!(
                fine,
                "{} imports {import}, which {module} may not",
                path.display()
            );
        }
    }
}

#[test]
fn every_row_has_a_module() {
    let modules: BTreeSet<_> = source_files(&src())
        .iter()
        .map(|path| module_of(path))
        .collect();
    for (name, _) in MAY_IMPORT {
        assert!(modules.contains(*name), "there is no module {name}");
    }
}

#[test]
fn only_two_folders_of_commands_lie_a_level_deeper() {
    for path in source_files(&src()) {
        let inside = path
            .strip_prefix(src())
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let is_of_commands = ["commands/batch/", "commands/auth/"];
        let is_deeper = is_of_commands.iter().any(|room| inside.starts_with(room));
        let most = if is_deeper { 2 } else { 1 };
        assert!(inside.matches('/').count() <= most, "{inside}");
    }
}

#[test]
fn every_file_says_what_it_owns() {
    for path in source_files(&src()) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.starts_with("//! "),
            "{} does not begin with //!",
            path.display()
        );
    }
}

#[test]
fn no_test_file_is_forgotten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for path in source_files(&folder) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let index = path.with_file_name(if path.parent() == Some(&*folder) {
            "main.rs"
        } else {
            "mod.rs"
        });
        assert!(
            ["main", "mod"].contains(&name)
                || fs::read_to_string(index)
                    .unwrap()
                    .contains(&format!("mod {name};")),
            "{} is not in the index of its folder",
            path.display()
        );
    }
}
