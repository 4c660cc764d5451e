//! Completion as a shell does it: the script is sourced there, and what Tab offers is read.

use std::process::Command;

/// What a shell says to a script, which finds the completion file as `$1`.
fn says(shell: &str, arguments: &[&str], script: &str, file: &str) -> String {
    let file = format!("{}/completions/{file}", env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(shell);
    let output = command
        .args(arguments)
        .args(["-c", script, shell, &file])
        .output();
    let output = output.unwrap_or_else(|e| panic!("{shell} cannot be started ({e})"));
    String::from_utf8(output.stdout).unwrap()
}

const EXPECTED: [(&str, &[&str], &[&str]); 5] = [
    (
        "create --",
        &["--user", "--merchant", "--product", "--wait"],
        &["--reason"],
    ),
    (
        "cancel x --reason CUST",
        &["CUSTOMER_CANCELLED/NOT_RENEWED"],
        &["REVOKED/FRAUD"],
    ),
    (
        "list --user a --status A",
        &["ACTIVE", "ACTIVE-ENDING"],
        &["PENDING"],
    ),
    ("auth l", &["login", "logout"], &["status"]),
    ("profile ", &["list", "use", "remove"], &["create"]),
];

fn holds(shell: &str, complete: impl Fn(&str) -> String) {
    for (line, offered, not_offered) in EXPECTED {
        let shown = complete(line);
        let words: Vec<_> = shown.split_whitespace().collect();
        for word in offered {
            assert!(
                words.contains(word),
                "{shell}: {line:?} does not offer {word}: {shown}"
            );
        }
        for word in not_offered {
            assert!(
                !words.contains(word),
                "{shell}: {line:?} offers {word}: {shown}"
            );
        }
    }
}

#[test]
fn bash_completes_flags_values_and_commands() {
    holds("bash", |line| {
        let words: Vec<_> = line.split(' ').collect();
        let last = words.len();
        let word = words[last - 1];
        let script = format!(
            "source \"$1\"; COMP_WORDS=(bango-ent {line}); COMP_CWORD={last}; \
             [ -n \"{word}\" ] || COMP_WORDS+=(''); \
             _bango__ent bango-ent \"{word}\" \"${{COMP_WORDS[{}]}}\"; echo \"${{COMPREPLY[@]}}\"",
            last - 1
        );
        says("bash", &["--norc"], &script, "bango-ent.bash")
    });
}

#[test]
#[ignore = "needs fish"]
fn fish_completes_flags_values_and_commands() {
    holds("fish", |line| {
        let script = format!("source $argv[2]; complete -C 'bango-ent {line}'");
        says("fish", &["--no-config"], &script, "bango-ent.fish")
    });
}

/// zsh completes in a terminal alone: one inside it is typed into, and what it shows is read until a marker that follows.
const ZSH: &str = r#"
zmodload zsh/zpty
dir=$(mktemp -d); cp $1 $dir/_bango-ent
zpty z "TERM=dumb PS1= zsh -f -i"
zpty -w z "fpath=($dir \$fpath); autoload -Uz compinit; compinit -u -D; zstyle ':completion:*' list-max-items 999; stty rows 300 columns 250; LINES=300 COLUMNS=250; LISTMAX=9999; unsetopt zle_bracketed_paste; echo REA''DY"
zpty -r -m z x '*READY*'
zpty -w -n z "bango-ent $LINE_TO_COMPLETE"
zpty -w -n z $'\t\t'
sleep 1
zpty -w -n z $'\x15'
zpty -w z "echo DO''NE"
zpty -r -m z x '*DONE*'
print -r -- $x
"#;

#[test]
#[ignore = "needs zsh"]
fn zsh_completes_flags_values_and_commands() {
    holds("zsh", |line| {
        let script = ZSH.replace("$LINE_TO_COMPLETE", line);
        says("zsh", &["-f"], &script, "bango-ent.zsh")
    });
}
