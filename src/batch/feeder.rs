//! The second pass: reads the rows again, leaves out what is finished or another shard's, and announces the rest to the scribe.

use std::io;
use std::sync::mpsc::Sender;

use jiff::Timestamp;

use super::answered::Outcome;
use super::check;
use super::error::Ending;
use super::identity;
use super::ledger::State;
use super::queue::Job;
use super::replay::Answers;
use super::row::{Row, Source};
use super::run::Run;
use super::scribe::Note;

/// Feeds all rows that are to be sent.
pub fn feed(run: &Run, notes: &Sender<Note>) {
    if let Err(ending) = feed_all(run, notes) {
        run.end(ending);
    }
    run.queue.end();
}

fn feed_all(run: &Run, notes: &Sender<Note>) -> Result<(), Ending> {
    let changed = || Ending::Input("the input was changed while it was read".to_owned());
    let plan = run.plan;
    let mut answers = Answers::open(&run.journal_path).map_err(Ending::Journal)?;
    let mut pass = plan
        .input
        .pass(&plan.rows)
        .map_err(|e| Ending::Input(e.to_string()))?;
    let mut count = 0;
    while let Some(read) = pass.next_row().map_err(|e| Ending::Input(e.to_string()))? {
        let mut row = read.map_err(|_| changed())?;
        count += 1;
        if plan.checked.marks.get(count - 1) != Some(&check::mark(&row.source)) {
            return Err(changed());
        }
        if !plan.shard.holds(identity::of(&row)) {
            continue;
        }
        if !plan.wants_rows {
            // Nobody will see the row again; it is freed where it was made.
            row.source = Source::Line(String::new());
        }
        let Some(job) = job(run, row, &mut answers).map_err(Ending::Journal)? else {
            continue;
        };
        if !run.queue.announce() || notes.send(Note::Intent(Box::new(job))).is_err() {
            return Ok(());
        }
    }
    if count == plan.checked.marks.len() {
        Ok(())
    } else {
        Err(changed())
    }
}

/// The job of a row; `None` if nothing is to be done, and then what became of it earlier is reported again.
fn job(run: &Run, row: Row, answers: &mut Answers) -> io::Result<Option<Job>> {
    let plan = run.plan;
    let (state, round, since, place) = {
        let ledger = run.ledger();
        let number = row.number;
        (
            ledger.state(number),
            ledger.round(number),
            ledger.since(number),
            ledger.place(number),
        )
    };
    let is_sent_again = match state {
        State::Answered(outcome) => plan.retry_failed && outcome != Outcome::Done,
        State::Open | State::Unanswered => true,
    };
    if !is_sent_again {
        if let Some(place) = place.filter(|_| plan.wants_rows) {
            let identifier = identity::request_identifier(run.id, row.number, round);
            run.report_old(&row, &identifier, &answers.at(place)?);
        }
        return Ok(None);
    }
    // What Bango refused is asked afresh; what may have been done keeps its identifier.
    let round = round + u32::from(state == State::Answered(Outcome::Refused));
    let is_old = |since: Timestamp| {
        Timestamp::now().duration_since(since)
            >= jiff::SignedDuration::try_from(plan.reconcile_after).unwrap_or_default()
    };
    Ok(Some(Job {
        identifier: identity::request_identifier(run.id, row.number, round),
        round,
        attempts: 0,
        doubt: state == State::Unanswered,
        look_up: state == State::Unanswered && since.is_some_and(is_old),
        since,
        row,
    }))
}
