//! The one thread that writes the journal: gathers what the others hand it, makes a whole group durable at once, and only
//! then lets the rows of that group be sent, or their results be reported.

use std::sync::mpsc::Receiver;
use std::time::Duration;

use jiff::Timestamp;

use super::answered::Answered;
use super::error::Ending;
use super::journal::Journal;
use super::line::{self, Line, Moment, Place};
use super::queue::Job;
use super::run::Run;

/// How long a group is gathered while the senders have enough to do.
const LINGER: Duration = Duration::from_millis(5);
/// A group has at most so many lines.
const LARGEST_GROUP: usize = 4096;

/// What the other threads hand to the scribe.
#[derive(Debug)]
pub enum Note {
    /// A row is to be sent as soon as this is durable.
    Intent(Box<Job>),
    /// What became of a row.
    Answer(Box<Job>, Box<Answered>),
    /// A row will not be sent in this run.
    Withdrawn(Box<Job>),
}

/// Writes until every sender has gone.
pub fn write(run: &Run, mut journal: Journal, notes: &Receiver<Note>) {
    let (mut group, mut buffer) = (Vec::new(), Vec::new());
    let mut is_broken = false;
    while let Ok(first) = notes.recv() {
        if !run.queue.is_low() && !run.is_stopped() {
            std::thread::sleep(LINGER);
        }
        group.push(first);
        group.extend(notes.try_iter().take(LARGEST_GROUP - 1));
        if !is_broken {
            buffer.clear();
            let now = Timestamp::now();
            for note in &group {
                line::write_line(&mut buffer, &line_of(note, now));
            }
            if let Err(e) = journal.append(&buffer) {
                is_broken = true;
                run.end(Ending::Journal(e));
            } else {
                publish(run, &mut group, now);
            }
        }
        if is_broken {
            drop_unwritten(run, &mut group);
        }
    }
    if !is_broken {
        buffer.clear();
        line::write_line(
            &mut buffer,
            &Line::<&Answered>::Ended(Moment {
                at: Timestamp::now(),
            }),
        );
        if let Err(e) = journal.append(&buffer) {
            run.end(Ending::Journal(e));
        }
    }
}

fn line_of(note: &Note, at: Timestamp) -> Line<&Answered> {
    match note {
        Note::Intent(job) => Line::Intent(line::Intent {
            row: job.row.number,
            round: job.round,
            at,
        }),
        Note::Answer(job, answered) => Line::Answer(line::Answer {
            row: job.row.number,
            at,
            what: answered,
        }),
        Note::Withdrawn(job) => Line::Withdrawn(Place {
            row: job.row.number,
        }),
    }
}

/// Acts on a group that is durable.
fn publish(run: &Run, group: &mut Vec<Note>, at: Timestamp) {
    let mut jobs = Vec::new();
    {
        let mut ledger = run.ledger();
        for note in group.iter() {
            match note {
                Note::Intent(job) => ledger.intend(job.row.number, job.round, at),
                Note::Answer(job, answered) => ledger.answer(job.row.number, answered),
                Note::Withdrawn(job) => ledger.withdraw(job.row.number),
            }
        }
    }
    for note in group.drain(..) {
        match note {
            Note::Intent(job) => jobs.push(job),
            Note::Answer(job, answered) => run.report(&job.row, &job.identifier, &answered),
            Note::Withdrawn(_) => {}
        }
    }
    run.queue.push(jobs);
}

/// Lets go of a group that could not be written: nothing of it is sent, and nothing of it is reported.
fn drop_unwritten(run: &Run, group: &mut Vec<Note>) {
    let intents = group
        .iter()
        .filter(|note| matches!(note, Note::Intent(_)))
        .count();
    group.clear();
    run.queue.forget(intents);
}
