//! Replaces a file as a whole: after a crash at any moment the old or the new content is there, readable by its owner alone.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::folder;

/// A temporary file older than this belongs to a process that died.
const ABANDONED: Duration = Duration::from_secs(60);
/// What temporary files end with.
const ENDING: &str = ".bango-ent-new";

/// Replaces the content of a file, or makes it, with the folders that it needs.
///
/// # Errors
///
/// If the file is a symbolic link or no regular file, or the disk refuses. The old file is then as it was.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    check(path)?;
    let folder = folder::of(path);
    make_private(folder)?;
    sweep(folder);
    let temporary = temporary_path(folder);
    let replaced = write(&temporary, text).and_then(|()| {
        // It may have become a link since the first look.
        check(path)?;
        std::fs::rename(&temporary, path)
    });
    if replaced.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    replaced?;
    folder::keep_name(path)
}

fn check(path: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => Err(io::Error::other(
            "it is a symbolic link, which is not followed",
        )),
        Ok(metadata) if !metadata.is_file() => Err(io::Error::other("it is not a regular file")),
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

/// Makes a folder that only its owner can enter, if it is not there.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn temporary_path(folder: &Path) -> PathBuf {
    folder.join(format!(".{:016x}{ENDING}", fastrand::u64(..)))
}

/// Writes a new file, through to the disk. `create_new` follows no link and takes no file that somebody put there.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Removes what killed processes left behind, because it may hold a password.
fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_string_lossy().ends_with(ENDING);
        let is_abandoned = entry
            .metadata()
            .and_then(|metadata| metadata.modified())
            .is_ok_and(|time| time.elapsed().is_ok_and(|age| age > ABANDONED));
        if is_ours && is_abandoned {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs::File;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn a_new_file_and_its_folder_are_private_and_a_wide_one_becomes_so() {
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/b/config.toml");
        replace(&path, "one").unwrap();
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
        replace(&path, "two").unwrap();
        assert_eq!(
            (mode(&path), std::fs::read_to_string(&path).unwrap()),
            (0o600, "two".into())
        );
    }

    #[test]
    fn links_and_folders_are_refused_and_left_alone() {
        let home = tempfile::tempdir().unwrap();
        let (target, link) = (home.path().join("target"), home.path().join("link"));
        std::fs::write(&target, "old").unwrap();
        symlink(&target, &link).unwrap();
        assert!(replace(&link, "new").is_err());
        assert!(replace(home.path(), "new").is_err());
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "old");
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 2);
    }

    #[test]
    fn what_a_killed_process_left_is_removed_and_what_is_new_is_not() {
        let home = tempfile::tempdir().unwrap();
        let old = home.path().join(format!(".old{ENDING}"));
        let new = home.path().join(format!(".new{ENDING}"));
        File::create(&new).unwrap();
        let hour = std::time::SystemTime::now() - Duration::from_secs(3600);
        File::create(&old).unwrap().set_modified(hour).unwrap();
        replace(&home.path().join("config.toml"), "x").unwrap();
        assert!(!old.exists() && new.exists());
    }
}
