//! Shows the request that a dry run did not send.

use serde_json::{Value, json};

use crate::terminal::{Block, Cell, Show, Tone};

/// A request as JSON: method, URL, user name, headers, body.
pub(super) struct Preview(pub Value);

impl Show for Preview {
    fn document(&self) -> serde_json::Value {
        json!({"dryRun": true, "request": self.0})
    }

    fn blocks(&self) -> Vec<Block> {
        let text = |name: &str| self.0[name].as_str().unwrap_or_default();
        let mut rows = vec![(
            "Request",
            Cell::toned(format!("{} {}", text("method"), text("url")), Tone::Title),
        )];
        rows.push(("User", Cell::plain(text("username"))));
        if let Some(headers) = self.0["headers"].as_object() {
            let header = |(name, value): (&String, &Value)| {
                (
                    "Header",
                    Cell::plain(format!("{name}: {}", value.as_str().unwrap_or_default())),
                )
            };
            rows.extend(headers.iter().map(header));
        }
        let body = match &self.0["body"] {
            Value::Null => None,
            body => Some(Block::Json(body.clone())),
        };
        [Block::record(rows)].into_iter().chain(body).collect()
    }
}
