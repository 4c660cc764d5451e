//! Shows the request that a dry run did not send.

use serde::Serialize;
use serde_json::Value;

use crate::ending::Code;
use crate::terminal::{Block, Cell, Show, Terminal, Tone};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Preview<'a> {
    dry_run: bool,
    request: &'a Value,
}

impl Show for Preview<'_> {
    fn document(&self) -> serde_json::Value {
        crate::terminal::document(self)
    }

    fn blocks(&self) -> Vec<Block> {
        let text = |name: &str| self.request[name].as_str().unwrap_or_default();
        let mut rows = vec![(
            "Request",
            Cell::toned(format!("{} {}", text("method"), text("url")), Tone::Title),
        )];
        rows.push(("User", Cell::plain(text("username"))));
        if let Some(headers) = self.request["headers"].as_object() {
            let header = |(name, value): (&String, &Value)| {
                (
                    "Header",
                    Cell::plain(format!("{name}: {}", value.as_str().unwrap_or_default())),
                )
            };
            rows.extend(headers.iter().map(header));
        }
        let body = match &self.request["body"] {
            Value::Null => String::new(),
            body => serde_json::to_string_pretty(body).unwrap_or_default(),
        };
        let lines = body.lines().map(|line| Block::Alone(line.to_owned()));
        [Block::Record(rows)].into_iter().chain(lines).collect()
    }
}

/// Prints the request; the exit code says whether that worked.
pub fn print(terminal: &Terminal, request: &Value) -> Code {
    terminal.remark("dry run: nothing was sent");
    match terminal.show(&Preview {
        dry_run: true,
        request,
    }) {
        Ok(()) => Code::Done,
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Code::Done,
        Err(e) => {
            terminal.error(&format!("the request could not be shown: {e}"));
            Code::Bug
        }
    }
}
