//! Reads what only this user or root can have written: a configuration may run commands, and a secret is nobody else's.
//! It never waits for the other end of a pipe longer than it is told.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, Instant};

use super::private::{self, Links, not_regular};
use way::{is_null, is_pipe};

/// Reads a file that only this user and root can have written, as ssh reads its own: its owner and its folder's are
/// this user or root, and nobody else may write to either. Links are followed if all that holds for them and their target.
///
/// `/dev/null` reads as empty. `NotFound` means that nothing has this name. What is longer than `limit` bytes is an error.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let file = open(path)?;
    let mut bytes = Vec::new();
    if !is_null(&file.metadata()?) {
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > limit {
        return Err(too_large(limit));
    }
    Ok(bytes)
}

/// Like [`read`], but it takes a pipe too, and waits that long at most for what is written into it.
pub fn read_or_pipe(path: &Path, limit: u64, wait: Duration) -> io::Result<Vec<u8>> {
    let is_pipe = std::fs::metadata(path).is_ok_and(|about| is_pipe(&about));
    if !is_pipe {
        return read(path, limit);
    }
    let mut pipe = private::open(OpenOptions::new().read(true), path, Links::Followed)?;
    #[cfg(unix)]
    way::check_file(&pipe)?;
    let deadline = Instant::now() + wait;
    let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
    while bytes.len() as u64 <= limit {
        match pipe.read(&mut part) {
            // Without a writer, a pipe is at its end before it has begun.
            Ok(0) if !bytes.is_empty() => return Ok(bytes),
            Ok(0) => {}
            Ok(count) => {
                bytes.extend_from_slice(&part[..count]);
                continue;
            }
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
            Err(e) => return Err(e),
        }
        if Instant::now() >= deadline {
            let why = format!("nothing came within {} seconds", wait.as_secs());
            return Err(io::Error::new(io::ErrorKind::TimedOut, why));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Err(too_large(limit))
}

/// Tells whether a file was not read because another user could have written it.
pub fn is_distrusted(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied && error.raw_os_error().is_none()
}

/// Why a file was not read, as the rest of a sentence about it.
pub fn why_unread(error: &io::Error) -> String {
    let verb = if is_distrusted(error) {
        "is not trusted"
    } else {
        "cannot be read"
    };
    format!("{verb}: {error}")
}

fn too_large(limit: u64) -> io::Error {
    io::Error::other(format!("it is larger than {limit} bytes"))
}

pub(super) fn open(path: &Path) -> io::Result<File> {
    let file =
        private::open(OpenOptions::new().read(true), path, Links::Followed).map_err(|e| {
            if e.kind() == io::ErrorKind::NotFound && path.is_symlink() {
                io::Error::other("it is a link to a file that does not exist")
            } else {
                e
            }
        })?;
    let about = file.metadata()?;
    if !is_null(&about) {
        if !about.is_file() {
            return Err(not_regular());
        }
        #[cfg(unix)]
        way::check(path, &file)?;
    }
    Ok(file)
}

/// Whether another user could have written a file, or put it in its place.
#[cfg(unix)]
mod way {
    use super::private::{folder_of, identity, owner};
    use super::{File, Metadata, Path, io};
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};

    /// As many links may follow one another.
    const MOST_LINKS: usize = 40;
    /// Others may write.
    const WRITABLE: u32 = 0o022;
    /// In such a folder others may add files, but neither rename nor remove what is another's.
    const STICKY: u32 = 0o1000;

    pub fn is_null(about: &Metadata) -> bool {
        owner::is_device(about)
            && std::fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == about.rdev())
    }

    pub fn is_pipe(about: &Metadata) -> bool {
        about.file_type().is_fifo()
    }

    /// Refuses an open file that another user owns or may write.
    pub fn check_file(file: &File) -> io::Result<()> {
        check_one("it", &file.metadata()?, 0)
    }

    fn check_one(what: &str, about: &Metadata, allowed: u32) -> io::Result<()> {
        check_owner(what, about)?;
        let mode = about.mode();
        if mode & WRITABLE != 0 && mode & allowed == 0 {
            let mode = mode & 0o777;
            let why = format!("others can change {what} (mode {mode:03o}); run chmod go-w on it");
            return Err(owner::refused(why));
        }
        Ok(())
    }

    fn check_owner(what: &str, about: &Metadata) -> io::Result<()> {
        if about.uid() == 0 || owner::is_own(about) {
            return Ok(());
        }
        Err(owner::belongs_to(what, about))
    }

    /// Goes from a name to the open file, link by link, and refuses a file, a link or a folder that another user could exchange.
    pub fn check(path: &Path, file: &File) -> io::Result<()> {
        check_file(file)?;
        let mut path = path.to_owned();
        for _ in 0..MOST_LINKS {
            let folder = folder_of(&path);
            // There are no files but the descriptors that this process was started with.
            if folder.canonicalize()?.starts_with("/proc") {
                return Ok(());
            }
            let name = format!("its folder {}", folder.display());
            check_one(&name, &std::fs::metadata(folder)?, STICKY)?;
            let about = std::fs::symlink_metadata(&path)?;
            if !about.is_symlink() {
                return if (about.dev(), about.ino()) == identity::of_file(file)? {
                    Ok(())
                } else {
                    Err(io::Error::other("it was exchanged while it was opened"))
                };
            }
            check_owner("a link to it", &about)?;
            path = folder.join(std::fs::read_link(&path)?);
        }
        Err(io::Error::other("too many links lead to it"))
    }
}

#[cfg(not(unix))]
mod way {
    use super::Metadata;

    pub fn is_null(_: &Metadata) -> bool {
        false
    }

    pub fn is_pipe(_: &Metadata) -> bool {
        false
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn set_mode(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    fn why<T>(result: io::Result<T>) -> String {
        result.err().expect("it was taken").to_string()
    }

    #[test]
    fn what_others_may_write_is_not_read() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("secret");
        std::fs::write(&path, "x").unwrap();
        for (of_file, of_folder, is_read) in [
            (0o600, 0o700, true),
            (0o644, 0o755, true),
            (0o620, 0o700, false),
            (0o602, 0o700, false),
            (0o600, 0o720, false),
            (0o600, 0o777, false),
            (0o600, 0o1777, true),
        ] {
            set_mode(&path, of_file);
            set_mode(home.path(), of_folder);
            let read = read(&path, 1);
            assert_eq!(read.is_ok(), is_read, "{of_file:o} {of_folder:o} {read:?}");
        }
    }

    #[test]
    fn links_are_followed_to_read_as_far_as_they_can_be_trusted() {
        let home = tempfile::tempdir().unwrap();
        // As Kubernetes mounts a secret.
        std::fs::create_dir(home.path().join("..1")).unwrap();
        std::fs::write(home.path().join("..1/secret"), "x").unwrap();
        symlink("..1", home.path().join("..data")).unwrap();
        let link = home.path().join("secret");
        symlink("..data/secret", &link).unwrap();
        assert_eq!(read(&link, 10).unwrap(), b"x");
        set_mode(&home.path().join("..1"), 0o777);
        assert!(why(read(&link, 10)).contains("others can change its folder"));

        let lost = home.path().join("lost");
        symlink("nowhere", &lost).unwrap();
        assert!(why(read(&lost, 10)).contains("a link to a file that does not exist"));
        let round = home.path().join("round");
        symlink(&round, &round).unwrap();
        assert!(read(&round, 10).is_err());
    }

    #[test]
    fn what_is_read_is_the_file_that_was_judged_while_another_takes_its_name() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        let is_over = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                    for (text, mode) in [("good", 0o600), ("bad", 0o666)] {
                        std::fs::write(at("new"), text).unwrap();
                        set_mode(&at("new"), mode);
                        std::fs::rename(at("new"), at("secret")).unwrap();
                    }
                }
            });
            let mut count = 0;
            let start = Instant::now();
            while count < 500 && start.elapsed() < Duration::from_secs(20) {
                if let Ok(bytes) = read(&at("secret"), 10) {
                    assert_eq!(bytes, b"good");
                    count += 1;
                }
            }
            is_over.store(true, std::sync::atomic::Ordering::Relaxed);
            assert!(count > 0);
        });
    }

    #[test]
    fn only_a_regular_file_is_read_and_none_is_waited_for() {
        let home = tempfile::tempdir().unwrap();
        let missing = read(&home.path().join("missing"), 10).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
        assert_eq!(read(Path::new("/dev/null"), 10).unwrap(), b"");
        assert!(why(read(Path::new("/dev/zero"), 10)).contains("regular"));
        assert!(why(read(home.path(), 10)).contains("regular"));
        let pipe = home.path().join("pipe");
        let mut mkfifo = std::process::Command::new("mkfifo");
        assert!(mkfifo.arg(&pipe).status().unwrap().success());
        let start = Instant::now();
        assert!(why(read(&pipe, 10)).contains("regular"));
        assert!(private::create(&pipe).is_err() && private::append(&pipe).is_err());
        assert!(start.elapsed() < Duration::from_secs(1));
        let large = home.path().join("large");
        std::fs::write(&large, "12345").unwrap();
        assert!(read(&large, 5).is_ok() && read(&large, 4).is_err());
    }
}
