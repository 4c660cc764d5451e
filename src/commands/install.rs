//! Puts files of this program where a shell or `man` looks: never over a file of somebody else, and twice is as good as once.

use std::io;
use std::path::Path;

use serde_json::json;

use crate::ending::Ending;
use crate::files;
use crate::report::Report;
use crate::terminal::{Block, Cell, Shown, counted};

pub struct Files<'a> {
    /// The folder; it is made if it is not there.
    pub folder: &'a Path,
    pub contents: Vec<(&'a str, &'a str)>,
    /// What each of them holds, in every version; a file without it belongs to somebody else.
    pub mark: &'static str,
    pub next: String,
}

/// Writes those that are not there as they should be. All are looked at before one is written.
pub fn install(files: &Files) -> Result<Report, Ending> {
    let mut stale = Vec::new();
    for (name, text) in &files.contents {
        if !is_there(&files.folder.join(name), text, files.mark)? {
            stale.push((*name, *text));
        }
    }
    for (name, text) in &stale {
        let path = files.folder.join(name);
        files::replace(&path, text.as_bytes()).map_err(|e| {
            Ending::failed(format_args!("{} could not be written", path.display()), e)
        })?;
    }
    let written: Vec<_> = stale.iter().map(|(name, _)| *name).collect();
    let unchanged = files.contents.len() - written.len();
    let told = match &*written {
        [] => "nothing, all was there already".to_owned(),
        [one] => (*one).to_owned(),
        several => counted(several.len() as u64, "file"),
    };
    let folder = files.folder.display().to_string();
    let record = [
        ("Folder", Cell::plain(&*folder)),
        ("Written", Cell::plain(told)),
    ];
    let document =
        json!({"folder": folder, "written": written, "unchanged": unchanged, "next": files.next});
    let shown = Shown::new(document, [Block::record(record)]);
    Ok(Report::new(shown).remark(&*files.next))
}

/// Whether a file is there with this content; one that is not ours is refused.
fn is_there(path: &Path, text: &str, mark: &str) -> Result<bool, Ending> {
    let kept = match std::fs::read(path) {
        Ok(kept) => kept,
        Err(e) if e.kind() == io::ErrorKind::NotFound && !path.is_symlink() => return Ok(false),
        Err(e) => return Err(foreign(path, &format!("it cannot be read: {e}"))),
    };
    if kept == text.as_bytes() {
        return Ok(true);
    }
    if memchr::memmem::find(&kept, mark.as_bytes()).is_none() {
        return Err(foreign(path, "bango-ent did not write it"));
    }
    files::check_replaceable(path)
        .map_err(|e| foreign(path, &e.to_string()))
        .map(|()| false)
}

fn foreign(path: &Path, why: &str) -> Ending {
    let path = path.display();
    Ending::refused_locally(format!(
        "{path} is left as it is, and nothing was written: {why}"
    ))
    .next("move it away and repeat the command; without --install the text is printed instead")
}
