//! Draws a URL as a QR code, for a user whose phone can see this screen.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

use super::output::Terminal;

/// Draws the code on standard error, or says why it cannot.
pub fn draw(terminal: &Terminal, url: &str) {
    let Ok(code) = QrCode::with_error_correction_level(url, EcLevel::L) else {
        terminal.warn("the URL is too long for a QR code");
        return;
    };
    // Without colours the background is taken to be dark: what is drawn is the paper, not the ink.
    let (ink, paper) = (Dense1x2::Light, Dense1x2::Dark);
    let drawn = code
        .render::<Dense1x2>()
        .dark_color(ink)
        .light_color(paper)
        .build();
    let width = drawn.lines().next().map_or(0, |line| line.chars().count());
    if terminal.stderr.is_terminal && width > terminal.width {
        terminal.warn(&format!(
            "the QR code needs {width} columns; make the window wider"
        ));
        return;
    }
    let color = terminal.stderr.color;
    let (start, end) = if color {
        ("\u{1b}[97;40m", "\u{1b}[0m")
    } else {
        ("", "")
    };
    let lines: Vec<_> = drawn
        .lines()
        .map(|line| format!("{start}{line}{end}\n"))
        .collect();
    terminal.to_stderr(&lines.concat());
}
