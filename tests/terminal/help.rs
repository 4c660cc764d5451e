//! The help of every command, in a narrow window and in a usual one.

use crate::support::cli::{Home, run};
use crate::support::pty::Screen;

fn words(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn the_help_of_every_command_fits_the_window_and_loses_nothing() {
    let home = Home::new();
    let tree = run(home.bango_ent().args(["commands", "--json"])).json();
    let commands = tree["commands"].as_array().unwrap();
    let named = commands
        .iter()
        .map(|command| command["command"].as_str().unwrap());
    assert!(commands.len() > 40, "{}", commands.len());
    for command in named.chain([""]) {
        for help in ["-h", "--help"] {
            let ask = || {
                let mut cli = home.bango_ent();
                cli.args(command.split_whitespace()).arg(help);
                cli
            };
            let whole = run(&mut ask()).assert_code(0).stdout.clone();
            for columns in [40, 80] {
                let mut cli = ask();
                cli.env("NO_COLOR", "1");
                let shown = Screen::start(&mut cli, columns).end().screen;
                assert_eq!(
                    words(&shown),
                    words(&whole),
                    "{command} {help} at {columns}"
                );
                for line in shown.lines().map(str::trim_end) {
                    let fits = line.chars().count() <= usize::from(columns);
                    let unbreakable = line.trim_start_matches([' ', '-']).split(' ').count() == 1;
                    assert!(fits || unbreakable, "{command} {help} at {columns}: {line}");
                }
            }
        }
    }
}
