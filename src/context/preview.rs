//! Shows the requests that a dry run did not send.

use serde_json::{Value, json};

use crate::terminal::{Block, Cell, Shown, Tone};

/// Shows requests as JSON: method, URL, user name, headers, body.
pub(super) fn shown(requests: &[Value]) -> Shown {
    let document = match requests {
        [request] => json!({"dryRun": true, "request": request}),
        requests => json!({"dryRun": true, "requests": requests}),
    };
    Shown::new(document, requests.iter().flat_map(blocks))
}

fn blocks(request: &Value) -> impl Iterator<Item = Block> + use<> {
    let text = |name: &str| request[name].as_str().unwrap_or_default();
    let mut rows = vec![(
        "Request",
        Cell::toned(format!("{} {}", text("method"), text("url")), Tone::Title),
    )];
    rows.push(("User", Cell::plain(text("username"))));
    if let Some(headers) = request["headers"].as_object() {
        let header = |(name, value): (&String, &Value)| {
            (
                "Header",
                Cell::plain(format!("{name}: {}", value.as_str().unwrap_or_default())),
            )
        };
        rows.extend(headers.iter().map(header));
    }
    let body = match &request["body"] {
        Value::Null => None,
        body => Some(Block::Json(body.clone())),
    };
    [Block::record(rows)].into_iter().chain(body)
}
