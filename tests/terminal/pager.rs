//! What is longer than the screen is read in the user's pager, and only there; a URL is a link where the terminal takes links.

use crate::support::cli::{CREATE, Cli, Home};
use crate::support::pty::Screen;
use crate::support::server::{Server, http, pending};

const KEEP: &str = "sh -c 'cat > paged; echo IN-THE-PAGER'";

fn explain(home: &Home, more: &[&str]) -> Cli {
    let mut cli = home.bango_ent();
    cli.arg("explain").args(more);
    cli.env("TERM", "xterm").env("PAGER", KEEP);
    cli
}

#[test]
fn a_long_text_is_paged_whole_and_what_is_short_piped_or_json_is_not() {
    let home = Home::new();
    let paged = home.path().join("paged");
    let screen = Screen::start(&mut explain(&home, &[]), 80);
    screen.wait_for("IN-THE-PAGER");
    screen.end().assert_code(0);
    let text = std::fs::read_to_string(&paged).unwrap();
    assert!(
        text.contains("UNAUTHORIZED") && text.contains("financeData"),
        "{text}"
    );
    std::fs::remove_file(&paged).unwrap();

    for more in [&["30"][..], &["--json"]] {
        Screen::start(&mut explain(&home, more), 80)
            .end()
            .assert_code(0);
    }
    Screen::start(explain(&home, &[]).env("TERM", "dumb"), 80)
        .end()
        .assert_code(0);
    Screen::start(explain(&home, &[]).env("PAGER", ""), 80)
        .end()
        .assert_code(0);
    explain(&home, &[]).run().assert_code(0);
    assert!(!paged.exists());
    let missing = Screen::start(explain(&home, &[]).env("PAGER", "./nowhere"), 80).end();
    assert!(missing.assert_code(0).screen.contains("UNAUTHORIZED"));
}

#[test]
fn a_registration_url_is_a_link_where_the_terminal_takes_links() {
    let url = "https://merchant.example/r?token=1";
    let server = Server::answering(http(202, &[], pending(url).to_string()));
    let home = Home::new();
    let link = format!("\u{1b}]8;;{url}\u{1b}\\{url}\u{1b}]8;;\u{1b}\\");
    for (term, more, is_link) in [
        ("xterm", &[][..], true),
        ("screen", &[], false),
        ("xterm", &["--color", "never"], false),
    ] {
        let mut create = home.client(&server);
        create.args(CREATE).args(more).args(["--no-browser"]);
        create.env("TERM", term).env("TERM_PROGRAM", "WezTerm");
        let shown = Screen::start(&mut create, 80).end().screen.clone();
        assert_eq!(shown.contains(&link), is_link, "{term} {more:?}: {shown:?}");
        assert!(shown.contains(url));
    }
    let mut piped = home.client(&server);
    piped.args(CREATE).env("TERM_PROGRAM", "WezTerm");
    assert!(!piped.run().stdout.contains('\u{1b}'));
}
