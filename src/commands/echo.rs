//! `echo`: asks whether the service is there, and how long that takes.

use std::time::Instant;

use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::entitlement::Entitlement;
use crate::api::types::field;
use crate::api::{Answer, Client};
use crate::context::Context;
use crate::failure::Failure;
use crate::terminal::{Block, Cell, Show, Tone};

/// The flags of `echo`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent echo\n  bango-ent echo --json | jq .roundTripMs\n\n\
    This is the first case of Bango's certification plan. It checks address, TLS, credentials and IP address at once. \
    The path is documented; that it is a GET is inferred."
)]
pub struct Args {}

/// Calls the service and shows its answer and the time it took.
///
/// # Errors
///
/// Whatever the API earns, or an answer that does not echo what was sent.
pub fn run(cx: &Context, _: &Args) -> anyhow::Result<()> {
    let client = cx.client()?;
    let start = Instant::now();
    let answer = call(client)?;
    let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
    let round_trip = (milliseconds * 10.0).round() / 10.0;
    Ok(cx.terminal.show(&Echo {
        answer: &answer,
        round_trip,
    })?)
}

/// Calls the service with an id of its own, and holds the answer to it.
///
/// # Errors
///
/// Whatever the API earns, or an answer that does not echo what was sent.
pub(super) fn call(client: &Client) -> anyhow::Result<Answer> {
    let id = Uuid::new_v4().to_string();
    let answer = client.send(client.echo(&id))?;
    if answer.text(field::ECHO) != Some(&id) {
        let why = "the answer does not echo the id that was sent".to_owned();
        return Err(Failure::UnclearSuccess {
            answer: answer.into(),
            why,
        }
        .into());
    }
    Ok(answer)
}

struct Echo<'a> {
    answer: &'a Answer,
    /// Milliseconds, retries and their waits included.
    round_trip: f64,
}

impl Serialize for Echo<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut answer = self.answer.clone();
        answer
            .body
            .insert("roundTripMs".to_owned(), self.round_trip.into());
        Entitlement {
            answer: &answer,
            registration_url: None,
        }
        .serialize(serializer)
    }
}

impl Show for Echo<'_> {
    fn document(&self) -> serde_json::Value {
        crate::terminal::document(self)
    }

    fn blocks(&self) -> Vec<Block> {
        vec![Block::Record(vec![
            (
                "Service",
                Cell::toned(self.answer.code.as_str(), Tone::Good),
            ),
            ("Message", Cell::plain(self.answer.message())),
            ("Round trip", Cell::plain(format!("{} ms", self.round_trip))),
            (
                "Request identifier",
                Cell::toned(&self.answer.request_identifier, Tone::Dim),
            ),
        ])]
    }
}
