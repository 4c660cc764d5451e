//! `completions`: prints or installs the script with which a shell asks this program what Tab may offer.

use std::path::{Path, PathBuf};

use clap_complete::Shell;
use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Zsh};
use etcetera::BaseStrategy as _;
use serde_json::json;

use super::install::{Files, install};
use crate::ending::Ending;
use crate::profile;
use crate::report::Report;
use crate::terminal::{Block, Shown};

/// Set by the script alone: the program then completes a command line and runs none.
pub const VARIABLE: &str = "BANGO_ENT_COMPLETE";
/// Where people keep functions of zsh, beside `.zshrc`.
const ZSH_FOLDER: &str = ".zfunc";

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    bango-ent completions bash --install\n  \
    bango-ent completions powershell >> $PROFILE\n\n\
    --install is for bash (with the package bash-completion), zsh and fish. It writes one file into the folder of yours that \
    the shell loads it from, and says what is left to do. A file that bango-ent did not write is left alone.")]
pub struct Args {
    /// The shell
    shell: Shell,

    /// Put the script where the shell looks
    #[arg(long)]
    install: bool,
}

/// Shows the script, or installs it.
pub fn run(args: &Args) -> Result<Report, Ending> {
    let script = script(args.shell).map_err(Ending::machine)?;
    if args.install {
        return install_script(args.shell, &script);
    }
    let document = json!({"script": script});
    Ok(Report::new(Shown::new(document, [Block::Text(script)])))
}

fn install_script(shell: Shell, script: &str) -> Result<Report, Ending> {
    let strategy = etcetera::choose_base_strategy().map_err(|_| {
        Ending::configuration("this system names no home directory to put the script into")
    })?;
    let (folder, name, next) = match shell {
        Shell::Bash => {
            let folder = named("BASH_COMPLETION_USER_DIR")
                .unwrap_or_else(|| strategy.data_dir().join("bash-completion"));
            let next = "start a new bash; if Tab offers nothing there, install the package bash-completion";
            (folder.join("completions"), "bango-ent", next.to_owned())
        }
        Shell::Fish => {
            let folder = strategy.config_dir().join("fish/completions");
            (folder, "bango-ent.fish", "fish uses it at once".to_owned())
        }
        Shell::Zsh => {
            let home = named("ZDOTDIR").unwrap_or_else(|| strategy.home_dir().to_owned());
            let folder = home.join(ZSH_FOLDER);
            let next = after_zsh(&home, &folder);
            (folder, "_bango-ent", next)
        }
        other => {
            let message = format!("{other} has no folder from which it loads scripts by itself");
            return Err(Ending::usage(message)
                .next("leave out --install, and add the script to the start file of the shell"));
        }
    };
    install(&Files {
        folder: &folder,
        contents: vec![(name, script)],
        mark: VARIABLE,
        next,
    })
}

/// A folder from the environment.
fn named(variable: &str) -> Option<PathBuf> {
    profile::raw_variable(variable).map(PathBuf::from)
}

/// zsh has no folder of the user's that it looks at unasked.
fn after_zsh(home: &Path, folder: &Path) -> String {
    let start_file = home.join(".zshrc");
    let start = std::fs::read_to_string(&start_file).unwrap_or_default();
    if start.contains(ZSH_FOLDER) {
        return "start a new zsh".to_owned();
    }
    let (start_file, folder) = (start_file.display(), folder.display());
    let line = format!("fpath=('{folder}' $fpath)");
    if start.contains("compinit") || start.contains("oh-my-zsh") {
        return format!(
            "put this line into {start_file}, before what starts completion there, then start a new zsh: {line}"
        );
    }
    format!(
        "put this line into {start_file}, then start a new zsh: {line}; autoload -Uz compinit && compinit"
    )
}

/// The completion script of a shell.
///
/// # Errors
///
/// If the library writes text that is not UTF-8.
pub fn script(shell: Shell) -> std::io::Result<String> {
    const NAME: &str = "bango-ent";
    let completer: &dyn EnvCompleter = match shell {
        Shell::Bash => &Bash,
        Shell::Elvish => &Elvish,
        Shell::Fish => &Fish,
        Shell::PowerShell => &Powershell,
        _ => &Zsh,
    };
    let mut script = Vec::new();
    completer.write_registration(VARIABLE, NAME, NAME, NAME, &mut script)?;
    let script = String::from_utf8(script).map_err(std::io::Error::other)?;
    let mut script = script.trim().to_owned() + "\n";
    if shell == Shell::Zsh {
        // The first Tab loads the script from a file, as a function of this name, and shall offer something too.
        script.push_str(
            "[[ $funcstack[1] == _bango-ent ]] && _clap_dynamic_completer_bango_ent \"$@\"\n",
        );
    }
    Ok(script)
}
