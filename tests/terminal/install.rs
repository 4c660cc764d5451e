//! `completions --install` and `man --install` in an empty home: afterwards Tab and `man` work, and what is somebody else's stays.

use std::os::unix::fs::symlink;
use std::path::Path;

use crate::support::cli::{Cli, Home, Outcome};
use crate::support::pty::Screen;

/// A home whose `.local/bin` holds the program and is on the PATH, as after an installation.
fn home() -> Home {
    let home = Home::new();
    std::fs::create_dir_all(home.path().join(".local/bin")).unwrap();
    let program = home.path().join(".local/bin/bango-ent");
    std::fs::hard_link(env!("CARGO_BIN_EXE_bango-ent"), &program)
        .or_else(|_| std::fs::copy(env!("CARGO_BIN_EXE_bango-ent"), &program).map(drop))
        .unwrap();
    home
}

fn installed(home: &Home, program: &str) -> Cli {
    let folder = home.path().join(".local/bin");
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let mut cli = home.program(program);
    cli.env("PATH", path).env("TERM", "dumb");
    cli
}

fn install(home: &Home, line: &str) -> Outcome {
    let program = home.path().join(".local/bin/bango-ent");
    installed(home, program.to_str().unwrap())
        .args(line.split(' '))
        .args(["--install"])
        .run()
}

/// Presses Tab in an interactive shell.
fn tab(cli: &mut Cli, prepare: &str) {
    let screen = Screen::start(cli, 120);
    screen.type_text(&format!("{prepare}; echo REA''DY\r"));
    screen.wait_for("READY\r");
    screen.type_text("bango-ent auth lo\t\t\t");
    screen.wait_for("logout");
    screen.type_text("\x15exit\r");
    screen.end();
}

#[test]
#[ignore = "needs bash-completion"]
fn bash_completes_after_install() {
    let home = home();
    install(&home, "completions bash").assert_code(0);
    let prepare = "bind 'set completion-query-items 0'; bind 'set page-completions off'; . /usr/share/bash-completion/bash_completion";
    tab(installed(&home, "bash").args(["--norc", "-i"]), prepare);
}

#[test]
#[ignore = "needs zsh"]
fn zsh_completes_after_install_and_the_line_that_it_names() {
    let home = home();
    let said = install(&home, "completions zsh");
    let said = said.assert_code(0).stderr.clone();
    let (_, line) = said.trim_end().rsplit_once("start a new zsh: ").unwrap();
    // What stands in the way of a test, and no person's matter.
    let line = line
        .replace("compinit", "compinit -u")
        .replace("-Uz compinit -u", "-Uz compinit");
    home.write(".zshrc", format!("{line}\nunsetopt zle_bracketed_paste\n"));
    tab(installed(&home, "zsh").arg("-i"), "true");
    let again = install(&home, "completions zsh");
    assert!(
        again.assert_code(0).stderr.ends_with("start a new zsh\n"),
        "{again:?}"
    );
}

#[test]
#[ignore = "needs fish"]
fn fish_completes_after_install() {
    let home = home();
    install(&home, "completions fish").assert_code(0);
    let asked = installed(&home, "fish")
        .args(["-c", "complete -C 'bango-ent auth lo'"])
        .run();
    assert!(asked.stdout.contains("logout"), "{asked:?}");
}

#[test]
#[ignore = "needs man"]
fn man_finds_every_page_after_install() {
    let home = home();
    let said = install(&home, "man");
    let said = &said.assert_code(0).stderr;
    assert!(said.contains("read them with man bango-ent"), "{said}");
    for page in ["bango-ent", "bango-ent-batch-status"] {
        let read = installed(&home, "man").args(["-P", "cat", page]).run();
        assert!(read.assert_code(0).stdout.contains(page), "{read:?}");
    }
}

#[test]
#[ignore = "needs man"]
fn man_finds_the_pages_of_a_program_that_is_elsewhere_with_the_line_that_is_named() {
    let home = Home::new();
    let said = home.bango_ent().args(["man", "--install"]).run();
    let said = said.assert_code(0).stderr.clone();
    let (_, line) = said
        .trim_end()
        .rsplit_once("start file of your shell: ")
        .unwrap();
    let read = home
        .program("sh")
        .args(["-c", &format!("{line}; man -P cat bango-ent-create")])
        .run();
    assert!(read.assert_code(0).stdout.contains("CREATE"), "{read:?}");
}

#[test]
fn twice_is_as_good_as_once_and_an_older_version_is_replaced() {
    let home = home();
    for (line, folder, file) in [
        (
            "completions bash",
            ".local/share/bash-completion/completions",
            "bango-ent",
        ),
        (
            "completions fish",
            ".config/fish/completions",
            "bango-ent.fish",
        ),
        ("completions zsh", ".zfunc", "_bango-ent"),
        ("man", ".local/share/man/man1", "bango-ent.1"),
    ] {
        let first = install(&home, &format!("{line} --json"))
            .assert_code(0)
            .json();
        let folder = home.path().join(folder);
        assert_eq!(Path::new(first["folder"].as_str().unwrap()), folder);
        assert_eq!(first["unchanged"], 0);
        let second = install(&home, &format!("{line} --json"))
            .assert_code(0)
            .json();
        let count = first["written"].as_array().unwrap().len();
        assert_eq!(
            (&second["written"], &second["unchanged"]),
            (&serde_json::json!([]), &count.into())
        );

        let path = folder.join(file);
        let new = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{new}# of an older version\n")).unwrap();
        let third = install(&home, &format!("{line} --json"))
            .assert_code(0)
            .json();
        assert_eq!(third["written"], serde_json::json!([file]));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), new);
    }
}

#[test]
fn what_is_somebody_elses_is_left_alone_and_nothing_is_written() {
    let home = home();
    let mine = home.write(".local/share/man/man1/bango-ent-wait.1", "my own page\n");
    let refused = install(&home, "man");
    assert!(
        refused
            .assert_code(4)
            .stderr
            .contains("bango-ent did not write it"),
        "{refused:?}"
    );
    assert_eq!(std::fs::read_to_string(&mine).unwrap(), "my own page\n");
    assert_eq!(
        std::fs::read_dir(mine.parent().unwrap()).unwrap().count(),
        1
    );

    // Neither through a link, nor over a folder, nor where no folder can be made.
    let target = home.write("target", "BANGO_ENT_COMPLETE of another time");
    std::fs::create_dir_all(home.path().join(".config/fish/completions")).unwrap();
    symlink(
        &target,
        home.path().join(".config/fish/completions/bango-ent.fish"),
    )
    .unwrap();
    install(&home, "completions fish").assert_code(4);
    assert_eq!(
        std::fs::read_to_string(&target).unwrap(),
        "BANGO_ENT_COMPLETE of another time"
    );
    std::fs::create_dir_all(home.path().join(".zfunc/_bango-ent")).unwrap();
    install(&home, "completions zsh").assert_code(4);
    home.write(".local/share/bash-completion", "a file");
    let failed = install(&home, "completions bash");
    assert!([1, 4].contains(&failed.code), "{failed:?}");
    assert!(
        failed
            .stderr
            .contains("bash-completion/completions/bango-ent"),
        "{failed:?}"
    );
}

#[test]
fn a_shell_without_a_folder_and_a_page_that_is_not_there_are_told_what_to_do() {
    let home = home();
    for shell in ["powershell", "elvish"] {
        let refused = install(&home, &format!("completions {shell}"));
        assert!(
            refused
                .assert_code(2)
                .stderr
                .contains("leave out --install"),
            "{refused:?}"
        );
    }
    let missing = home.bango_ent().args(["man", "nonsense"]).run();
    assert!(
        missing.assert_code(2).stderr.contains("bango-ent help"),
        "{missing:?}"
    );
    install(&home, "man batch").assert_code(2);
}

#[test]
fn the_folders_of_the_environment_are_used() {
    let home = home();
    let at = home.path().join("elsewhere");
    for (line, variable, file) in [
        (
            "completions bash",
            "BASH_COMPLETION_USER_DIR",
            "completions/bango-ent",
        ),
        (
            "completions bash",
            "XDG_DATA_HOME",
            "bash-completion/completions/bango-ent",
        ),
        (
            "completions fish",
            "XDG_CONFIG_HOME",
            "fish/completions/bango-ent.fish",
        ),
        ("completions zsh", "ZDOTDIR", ".zfunc/_bango-ent"),
    ] {
        let mut cli = home.bango_ent();
        cli.env(variable, &at)
            .args(line.split(' '))
            .arg("--install");
        cli.run().assert_code(0);
        assert!(at.join(file).is_file(), "{variable}");
    }
}
