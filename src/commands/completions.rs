//! `completions`: prints the script with which a shell asks this program what Tab may offer.

use clap_complete::Shell;
use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Zsh};
use serde_json::json;

use crate::ending::Ending;

use crate::report::Report;
use crate::terminal::{Block, Shown};

/// Set by the script alone: the program then completes a command line and runs none.
pub const VARIABLE: &str = "BANGO_ENT_COMPLETE";

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    mkdir -p ~/.local/share/bash-completion/completions ~/.config/fish/completions ~/.zfunc\n  \
    bango-ent completions bash > ~/.local/share/bash-completion/completions/bango-ent\n  \
    bango-ent completions fish > ~/.config/fish/completions/bango-ent.fish\n  \
    bango-ent completions zsh > ~/.zfunc/_bango-ent\n\n\
    bash needs the package bash-completion, else source the script. For zsh, ~/.zshrc needs before compinit: fpath=(~/.zfunc $fpath)")]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Shows the script.
pub fn run(args: &Args) -> Result<Report, Ending> {
    let script = script(args.shell).map_err(Ending::machine)?;
    Ok(Report::new(Shown {
        document: json!({"script": script}),
        blocks: vec![Block::Text(script)],
    }))
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
