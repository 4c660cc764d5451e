//! `echo`: asks whether the service is there, and how long that takes.

use std::time::Instant;

use uuid::Uuid;

use crate::api::types::field;
use crate::api::{Answer, Client};
use crate::context::Context;
use crate::ending::Ending;
use crate::report::Report;
use crate::terminal::{Block, Cell, Shown, Tone};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  bango-ent echo\n  bango-ent echo --json | jq .roundTripMs\n\n\
    This is the first case of Bango's certification plan. It checks address, TLS, credentials and IP address at once. \
    The path is documented; that it is a GET is inferred."
)]
pub struct Args {}

pub fn run(cx: &Context, _: &Args) -> Result<Report, Ending> {
    let id = Uuid::new_v4().to_string();
    // Making the client may run a password command, which is no part of the round trip.
    cx.client()?;
    let start = Instant::now();
    cx.call(
        |client| client.echo(&id),
        |answer| {
            let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
            let round_trip = (milliseconds * 10.0).round() / 10.0;
            let mut answer = echoed(answer, &id)?;
            answer
                .body
                .insert("roundTripMs".to_owned(), round_trip.into());
            let identifier = Cell::toned(&answer.request_identifier, Tone::Dim);
            let record = Block::record([
                ("Service", Cell::toned(answer.code.as_str(), Tone::Good)),
                ("Message", Cell::plain(answer.message())),
                ("Round trip", Cell::plain(format!("{round_trip} ms"))),
                ("Request identifier", identifier),
            ]);
            Ok(Report::new(Shown::new(&answer, [record])))
        },
    )
}

/// Calls the service with a client of the caller's own.
pub(super) fn call(cx: &Context, client: &Client) -> Result<Answer, Ending> {
    let id = Uuid::new_v4().to_string();
    let _spinner = cx.waiting();
    let answer = client.send(client.echo(&id)).map_err(|e| cx.ending(e))?;
    echoed(answer, &id)
}

/// Holds an answer to the id that was sent.
fn echoed(answer: Answer, id: &str) -> Result<Answer, Ending> {
    if answer.text(field::ECHO) == Some(id) {
        Ok(answer)
    } else {
        Err(Ending::unusable(
            answer,
            "the answer does not echo the id that was sent",
        ))
    }
}
