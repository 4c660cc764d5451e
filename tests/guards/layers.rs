//! Arrows point down: which module may import which, and a row for every module.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Module, and what it may name after `crate::`.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("hidden", &[]),
    ("http", &[]),
    ("api", &["hidden", "http"]),
    ("files", &[]),
    ("program", &[]),
    ("server", &[]),
    (
        "listener",
        &["api", "ending", "files", "http", "program", "server"],
    ),
    ("sandbox", &["files", "hidden", "http", "server"]),
    ("tables", &["ending", "files"]),
    ("batch", &["api", "ending", "files", "http", "tables"]),
    ("exchange", &["api", "ending", "tables"]),
    ("profile", &["api", "ending", "files", "program"]),
    ("history", &["api", "files", "hidden"]),
    (
        "terminal",
        &["api", "files", "hidden", "history", "http", "program"],
    ),
    ("doctor", &["api", "ending", "http", "profile"]),
    ("ending", &["api", "http"]),
    ("report", &["api", "ending", "terminal"]),
    ("glossary", &["api", "ending"]),
    (
        "context",
        &[
            "api", "ending", "history", "http", "profile", "program", "report", "sandbox",
            "terminal",
        ],
    ),
    (
        "commands",
        &[
            "api", "batch", "context", "doctor", "ending", "exchange", "files", "glossary",
            "history", "listener", "profile", "report", "sandbox", "tables", "terminal",
        ],
    ),
    (
        "cli",
        &[
            "api", "commands", "context", "ending", "glossary", "history", "profile", "report",
            "terminal",
        ],
    ),
    ("readers", &["api", "batch", "http", "terminal"]),
    (
        "lib",
        &["api", "cli", "context", "ending", "report", "terminal"],
    ),
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

/// The names after a path such as `super::`, also where several stand in braces.
fn names_after<'a>(text: &'a str, path: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(path).skip(1).flat_map(|rest| {
        let one = |name: &'a str| {
            name.split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
        };
        match rest.strip_prefix('{') {
            Some(list) => list
                .split('}')
                .next()
                .unwrap()
                .split(',')
                .map(str::trim)
                .filter_map(one)
                .collect(),
            None => Vec::from_iter(one(rest)),
        }
    })
}

/// The files of its room that a file needs; what an index only hands on does not count.
fn needed(path: &Path, room: &BTreeSet<String>) -> BTreeSet<String> {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap();
    let own = path.file_stem().unwrap().to_str().unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    if own == "mod" {
        let handed_on = |part: &&str| !part.trim_start().starts_with("pub use ");
        let used: Vec<_> = text.split_inclusive(';').filter(handed_on).collect();
        let used = used.concat();
        return room
            .iter()
            .filter(|name| used.contains(&format!("{name}::")))
            .cloned()
            .collect();
    }
    let folder = path.parent().unwrap().strip_prefix(src()).unwrap();
    let from_root = format!("crate::{}::", folder.to_str().unwrap().replace('/', "::"));
    // Two levels up is another room.
    let text = text.replace("super::super::", "");
    let names = names_after(&text, "super::").chain(names_after(&text, &from_root));
    names
        .filter(|name| !name.is_empty() && *name != own)
        .map(|name| if room.contains(name) { name } else { "mod" }.to_owned())
        .collect()
}

/// Whether a file needs itself in the end.
fn is_in_circle(file: &str, needs: &BTreeMap<String, BTreeSet<String>>) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), vec![file]);
    while let Some(at) = next.pop() {
        for name in &needs[at] {
            if name == file {
                return true;
            }
            if seen.insert(name) {
                next.push(name);
            }
        }
    }
    false
}

#[test]
fn no_files_of_a_room_need_each_other() {
    let mut rooms = BTreeMap::<_, Vec<_>>::new();
    for path in source_files(&src()) {
        rooms
            .entry(path.parent().unwrap().to_owned())
            .or_default()
            .push(path);
    }
    for (folder, files) in rooms.iter().filter(|(folder, _)| **folder != src()) {
        let name = |path: &PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
        let room: BTreeSet<_> = files.iter().map(name).collect();
        let needs = files
            .iter()
            .map(|path| (name(path), needed(path, &room)))
            .collect();
        let circle: Vec<_> = room
            .iter()
            .filter(|file| is_in_circle(file, &needs))
            .collect();
        assert!(circle.is_empty(), "{}: {circle:?}", folder.display());
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
fn only_three_folders_of_commands_lie_a_level_deeper() {
    for path in source_files(&src()) {
        let inside = path
            .strip_prefix(src())
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let is_of_commands = ["commands/batch/", "commands/auth/", "commands/sandbox/"];
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
