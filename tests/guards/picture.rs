//! The picture in the README is a real session: a create at a terminal, the registration page, and what the terminal shows then.

use std::fmt::Write as _;
use std::path::Path;

use console::AnsiCodeIterator;

use super::documents::as_in_the_readme;
use crate::support::pty::Screen;
use crate::support::sandbox::Sandbox;

const COMMAND: &str =
    "bango-ent --sandbox create --user alice --merchant BANGO --product BangoMusic --wait";
const COLUMNS: u16 = 92;
/// Stands for the sandbox while all else is replaced that differs from run to run.
const HERE: &str = "HERE";
/// Of one column and one line, in the units of the picture.
const COLUMN: f64 = 7.8;
const LINE: usize = 19;
/// Room around the text, and the height of the bar above it.
const MARGIN: usize = 18;
const BAR: usize = 30;

/// Ground, bar, text, soft text, green, yellow, blue.
type Palette = [&'static str; 7];
const LIGHT: Palette = [
    "#ffffff", "#eceef2", "#1f2430", "#6b7280", "#1a7f37", "#8a5a00", "#0550ae",
];
const DARK: Palette = [
    "#15181f", "#23272f", "#e6e9ef", "#8d96a5", "#4ac26b", "#d9a441", "#6cb6ff",
];

/// What the terminal shows before and after the registration, and the registration page between: its heading and its button.
fn session() -> (String, [String; 2], String) {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let port = sandbox.address().rsplit(':').next().unwrap();
    let mut cli = sandbox.home().bango_ent();
    cli.args(COMMAND.split(' ').skip(1))
        .env("BANGO_SANDBOX_PORT", port)
        .env("BROWSER", "true");
    let screen = Screen::start(&mut cli, COLUMNS);
    screen.wait_for("waiting for ACTIVE");
    let shown = screen.so_far();
    let link = shown.split("/register/").nth(1).unwrap();
    let link = format!("/register/{}", link.split_whitespace().next().unwrap());
    let page = sandbox.page(&link).body;
    // The text of an element, whatever is in it.
    let inside = |tag: &str| {
        let (_, rest) = page.split_once(&format!("<{tag}")).unwrap();
        let (element, _) = rest.split_once(&format!("</{tag}>")).unwrap();
        let texts = element.split('>').skip(1);
        texts
            .filter_map(|part| part.split('<').next())
            .collect::<String>()
    };
    let page = [inside("h1"), inside("button")];
    sandbox.register(&link);
    let outcome = screen.end();
    outcome.assert_code(0);
    let whole = outcome
        .screen
        .replace(&link, "/register/3901783a34e54f50")
        .replace(&format!("http://127.0.0.1:{port}"), HERE);
    // All times become one, and that one lies an hour later.
    let (now, then) = ("until 2026-11-23T04", "until 2026-11-23T05");
    let whole = as_in_the_readme(&whole).replace(HERE, "http://127.0.0.1:4242");
    let whole = whole.replace(now, then);
    // What was erased again, the progress, divides the two halves.
    let (before, after) = (
        whole.find("\x1b[36m").unwrap(),
        whole.rfind("\x1b[2K").unwrap(),
    );
    let after = whole[after..].trim_start_matches("\x1b[2K");
    (whole[..before].to_owned(), page, after.to_owned())
}

/// A line of the terminal as text of the picture.
fn drawn(line: &str, row: usize) -> String {
    let mut text = format!("<text x=\"{MARGIN}\" y=\"{row}\">");
    let mut class = "";
    for (part, is_code) in AnsiCodeIterator::new(line) {
        if is_code {
            class = match part {
                "\x1b[2m" => "soft",
                "\x1b[1m" => "bold",
                code if code.contains("32m") => "good",
                code if code.contains("33m") => "wait",
                _ => "",
            };
        } else {
            let part = part.replace('&', "&amp;").replace('<', "&lt;");
            let _ = write!(text, "<tspan class=\"{class}\">{part}</tspan>");
        }
    }
    text + "</text>\n"
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a width of the picture"
)]
fn picture(session: &(String, [String; 2], String), palette: Palette) -> String {
    let [ground, bar, ink, soft, good, wait, accent] = palette;
    let width = (f64::from(COLUMNS) * COLUMN) as usize + 2 * MARGIN;
    let (before, [heading, button], after) = session;
    let mut row = BAR + MARGIN + LINE / 2;
    let mut body = format!(
        "<text x=\"{MARGIN}\" y=\"{row}\"><tspan class=\"link\">$</tspan> <tspan class=\"bold\">{COMMAND}</tspan></text>\n"
    );
    for line in before.lines() {
        row += LINE;
        body.push_str(&drawn(line, row));
    }
    row += LINE;
    let (left, middle, height) = (width / 4, width / 2, 96);
    let _ = write!(
        body,
        "<rect x=\"{left}\" y=\"{row}\" width=\"{middle}\" height=\"{height}\" rx=\"8\" class=\"page\"/>\n\
        <text x=\"{middle}\" y=\"{}\" class=\"sans soft\">the merchant’s page, in the browser</text>\n\
        <text x=\"{middle}\" y=\"{}\" class=\"sans bold\">{heading}</text>\n\
        <rect x=\"{}\" y=\"{}\" width=\"200\" height=\"28\" rx=\"6\" class=\"button\"/>\n\
        <text x=\"{middle}\" y=\"{}\" class=\"sans label\">{button}</text>\n",
        row + 20,
        row + 42,
        middle - 100,
        row + 56,
        row + 75,
    );
    row += height + LINE / 2;
    for line in after.lines() {
        row += LINE;
        body.push_str(&drawn(line, row));
    }
    let height = row + MARGIN;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
        <title>A create at a terminal, the registration, and the active entitlement</title>\n\
        <style>text{{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;fill:{ink};white-space:pre}}\
        .soft{{fill:{soft}}}.bold{{font-weight:700}}.good{{fill:{good};font-weight:700}}.wait{{fill:{wait};font-weight:700}}.link{{fill:{accent}}}\
        .sans{{font-family:system-ui,sans-serif;text-anchor:middle}}.page{{fill:{bar};stroke:{soft};stroke-width:.5}}.button{{fill:{accent}}}.label{{fill:{ground};font-weight:600}}</style>\n\
        <rect width=\"{width}\" height=\"{height}\" rx=\"10\" fill=\"{ground}\" stroke=\"{soft}\" stroke-width=\".5\"/>\n\
        <path d=\"M0 {BAR}V10a10 10 0 0 1 10-10H{}a10 10 0 0 1 10 10V{BAR}z\" fill=\"{bar}\"/>\n\
        <circle cx=\"20\" cy=\"15\" r=\"5\" fill=\"{soft}\"/><circle cx=\"38\" cy=\"15\" r=\"5\" fill=\"{soft}\"/><circle cx=\"56\" cy=\"15\" r=\"5\" fill=\"{soft}\"/>\n\
        {body}</svg>\n",
        width - 10,
    )
}

/// With `README_OUTPUT=write` the pictures are drawn anew.
#[test]
fn the_picture_in_the_readme_is_what_a_session_shows() {
    let session = session();
    for (name, palette) in [("create-light.svg", LIGHT), ("create-dark.svg", DARK)] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("docs/images")
            .join(name);
        let fresh = picture(&session, palette);
        if std::env::var_os("README_OUTPUT").is_some() {
            std::fs::write(&path, &fresh).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(kept, fresh, "run the tests with README_OUTPUT=write");
    }
}
