//! `man`: prints a manual page, or puts all of them where `man` looks.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use serde_json::json;

use super::install::{Files, install};
use super::man_pages::PAGES;
use crate::context::Context;
use crate::ending::Ending;
use crate::report::Report;
use crate::terminal::{Block, Shown};

/// What stands in the first line of each page.
const MARK: &str = "\"bango-ent manual\"";

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    bango-ent man --install\n  \
    bango-ent man batch status | man -l -\n\n\
    --install writes the pages of this version below the folder of the program, if that is yours, or in your \
    XDG data directory, and says what is to be done so that man finds them. A file that bango-ent did not write is left alone.")]
pub struct Args {
    /// The command whose page is printed [default: bango-ent itself]
    #[arg(value_name = "COMMAND", conflicts_with = "install")]
    command: Vec<String>,

    /// Put all pages where man looks
    #[arg(long)]
    install: bool,
}

/// Shows the source of a page, or installs all.
pub fn run(cx: &Context, args: &Args) -> Result<Report, Ending> {
    if args.install {
        return install_all();
    }
    let name = page_name(&args.command);
    let page = PAGES.iter().find(|(file, _)| *file == name);
    let Some((_, page)) = page else {
        let typed = args.command.join(" ");
        return Err(Ending::usage(format!("there is no page for {typed:?}"))
            .run("this lists the commands", ["help"]));
    };
    let report = Report::new(Shown {
        document: json!({"page": page}),
        blocks: vec![Block::Text((*page).to_owned())],
    });
    if cx.terminal.is_watched() {
        return Ok(report.remark("this is the source of the page; append | man -l - to read it, or install all pages with bango-ent man --install"));
    }
    Ok(report)
}

fn page_name(command: &[String]) -> String {
    let words = command.iter().map(String::as_str);
    let words: Vec<_> = std::iter::once("bango-ent").chain(words).collect();
    words.join("-") + ".1"
}

fn install_all() -> Result<Report, Ending> {
    let strategy = etcetera::choose_base_strategy().map_err(|_| {
        Ending::configuration("this system names no home directory to put the pages into")
    })?;
    let program = std::env::current_exe().ok();
    let share = program
        .as_deref()
        .and_then(|program| share_of(program, strategy.home_dir()));
    let manual = share.unwrap_or_else(|| strategy.data_dir()).join("man");
    let is_found = is_found(
        &manual,
        std::env::var_os("PATH").as_deref(),
        std::env::var_os("MANPATH").as_deref(),
    );
    let next = if is_found {
        "read them with man bango-ent".to_owned()
    } else {
        let folder = manual.display();
        format!(
            "man does not look there yet; put this into the start file of your shell: export MANPATH=\"{folder}:$MANPATH\""
        )
    };
    install(&Files {
        folder: &manual.join("man1"),
        contents: PAGES.to_vec(),
        mark: MARK,
        next,
    })
}

/// The `share` beside the `bin` that the program is in, if that is the user's: `man` looks there for a program on the PATH.
fn share_of(program: &Path, home: &Path) -> Option<PathBuf> {
    let folder = program.parent()?;
    let prefix = folder.parent()?;
    let is_own = folder.file_name()? == "bin" && prefix.starts_with(home);
    is_own.then(|| prefix.join("share"))
}

/// Whether `man` looks in a folder: MANPATH names it, or it is `share/man` beside a folder of the PATH.
fn is_found(manual: &Path, path: Option<&OsStr>, manpath: Option<&OsStr>) -> bool {
    let manpath = manpath.filter(|manpath| !manpath.is_empty());
    if let Some(manpath) = manpath {
        let is_named = std::env::split_paths(manpath).any(|folder| folder == manual);
        // An empty part stands for what it would look at without the variable.
        let has_rest = std::env::split_paths(manpath).any(|folder| folder.as_os_str().is_empty());
        if is_named || !has_rest {
            return is_named;
        }
    }
    let path = path.unwrap_or_default();
    let mut folders = std::env::split_paths(path);
    folders.any(|folder| {
        let prefix = folder.parent();
        prefix.is_some_and(|prefix| prefix.join("share/man") == manual)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_go_beside_a_program_of_ones_own_alone() {
        let share = |program: &str| share_of(Path::new(program), Path::new("/home/u"));
        assert_eq!(
            share("/home/u/.cargo/bin/bango-ent"),
            Some("/home/u/.cargo/share".into())
        );
        assert_eq!(share("/usr/bin/bango-ent"), None);
        assert_eq!(share("/home/u/project/target/debug/bango-ent"), None);
    }

    #[test]
    fn what_man_looks_at_is_known_from_its_two_variables() {
        let is_found = |path: &str, manpath: Option<&str>| {
            let manual = Path::new("/home/u/.local/share/man");
            is_found(manual, Some(OsStr::new(path)), manpath.map(OsStr::new))
        };
        assert!(is_found("/usr/bin:/home/u/.local/bin", None));
        assert!(is_found("/home/u/.local/bin", Some("")));
        assert!(!is_found("/usr/bin:/bin", None));
        assert!(is_found(
            "/usr/bin",
            Some("/usr/share/man:/home/u/.local/share/man")
        ));
        assert!(!is_found("/home/u/.local/bin", Some("/usr/share/man")));
        assert!(is_found("/home/u/.local/bin", Some("/opt/man:")));
    }
}
