//! Replaces a file as a whole: after a crash at any moment the old or the new content is there, readable by its owner alone.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use super::private::{self, a_link, folder_of, not_regular, sync_folder_of};

/// A temporary file older than this has a lock, unless it belongs to a process that died.
const ABANDONED: Duration = Duration::from_secs(60);
/// What temporary files end with.
const ENDING: &str = ".bango-ent-new";

/// Refuses what is never replaced: links, and what is no regular file.
pub fn check_replaceable(path: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(about) if about.is_symlink() => Err(a_link()),
        Ok(about) if !about.is_file() => Err(not_regular()),
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

/// Replaces the content of a file, or makes it, with the folders that it needs.
///
/// After an error the old file is as it was. `Some` is what kept the folder from being written to the disk: the file is
/// replaced, but a crash of the machine may bring the old one back.
pub fn replace(path: &Path, contents: &[u8]) -> io::Result<Option<io::Error>> {
    let mut replacement = Replacement::begin(path)?;
    replacement.write_all(contents)?;
    replacement.finish()
}

/// A file that is being replaced: what is written stands at its path once it is finished, all of it or nothing.
#[derive(Debug)]
pub struct Replacement {
    path: PathBuf,
    pub(super) file: NamedTempFile,
}

impl Replacement {
    /// Begins; the folders that the file needs are made.
    pub fn begin(path: &Path) -> io::Result<Self> {
        check_replaceable(path)?;
        private::folder(folder_of(path))?;
        Ok(Self {
            path: path.to_owned(),
            file: temporary(path)?,
        })
    }

    /// The file, to write to it: also once it is in its place.
    pub fn writer(&self) -> io::Result<File> {
        self.file.as_file().try_clone()
    }

    /// Puts the file in its place, through to the disk; like [`replace`].
    pub fn finish(self) -> io::Result<Option<io::Error>> {
        self.file.as_file().sync_all()?;
        // It may have become a link meanwhile.
        check_replaceable(&self.path)?;
        self.file.persist(&self.path)?;
        Ok(sync_folder_of(&self.path).err())
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A private temporary file beside what is to stand at `path`. Its lock says that this process lives.
fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    let folder = folder_of(path);
    sweep(folder);
    let mut builder = tempfile::Builder::new();
    let file = builder.prefix(".").suffix(ENDING).tempfile_in(folder)?;
    // Where files cannot be locked, none is swept.
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// Removes what killed processes left behind, because it may hold a password.
fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        if !entry.file_name().to_string_lossy().ends_with(ENDING) {
            continue;
        }
        let time = entry.metadata().and_then(|about| about.modified());
        let age = time.map_or(Duration::ZERO, |time| time.elapsed().unwrap_or_default());
        if age <= ABANDONED {
            continue;
        }
        let file = private::open_own(OpenOptions::new().read(true), &entry.path());
        if file.is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn a_new_file_and_its_folder_are_private_and_a_wide_one_becomes_so() {
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/b/config.toml");
        assert!(replace(&path, b"one").unwrap().is_none());
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
        replace(&path, b"two").unwrap();
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
        assert!(replace(&link, b"new").is_err());
        assert!(replace(home.path(), b"new").is_err());
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "old");
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_file_that_is_written_for_long_is_left_to_its_process() {
        let home = tempfile::tempdir().unwrap();
        let (path, other) = (home.path().join("slow"), home.path().join("other"));
        let hour = std::time::SystemTime::now() - Duration::from_secs(3600);
        let mut slow = Replacement::begin(&path).unwrap();
        slow.write_all(b"slow").unwrap();
        slow.file.as_file().set_modified(hour).unwrap();
        replace(&other, b"x").unwrap();
        slow.finish().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "slow");
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
        replace(&home.path().join("config.toml"), b"x").unwrap();
        assert!(!old.exists() && new.exists());
    }
}
