//! One thread that sends: takes a row, keeps to the pace, sends it, and decides what becomes of the row.

use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::answered::{Answered, Outcome, Trouble, trouble};
use super::error::Ending;
use super::lookup::{self, Found};
use super::pace::Permit;
use super::queue::Job;
use super::row::Action;
use super::run::Run;
use super::scribe::Note;
use crate::api::{self, Answer, Client};
use crate::http::retry;

/// A single row does not wait longer for another attempt, whatever the platform asks.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// Sends rows until there are no more.
pub fn send(run: &Run, notes: &Sender<Note>) {
    let mut client = run.client.clone();
    while let Some(job) = run.queue.pop() {
        match run.pace.depart(|| run.is_stopped()) {
            Some(permit) => {
                client = client.identified(job.identifier.clone());
                take_turn(run, &client, notes, job, &permit);
            }
            None => leave(run, notes, job),
        }
    }
}

/// Lets go of a row at the end of a run: what may have been acted on stays unanswered.
fn leave(run: &Run, notes: &Sender<Note>, job: Box<Job>) {
    if !job.doubt {
        tell(notes, Note::Withdrawn(job));
    }
    run.queue.done();
}

fn finish(run: &Run, notes: &Sender<Note>, job: Box<Job>, answered: Answered) {
    run.judge(&answered);
    tell(notes, Note::Answer(job, Box::new(answered)));
    run.queue.done();
}

/// The scribe outlives the senders, so the note arrives.
fn tell(notes: &Sender<Note>, note: Note) {
    let _ = notes.send(note);
}

fn take_turn(run: &Run, client: &Client, notes: &Sender<Note>, mut job: Box<Job>, permit: &Permit) {
    if job.look_up {
        match look_up(run, &job, job.since) {
            Ok(Found::Nothing) => job.look_up = false,
            Ok(Found::Answer(answered)) => {
                run.pace.taken(permit);
                return finish(run, notes, job, *answered);
            }
            Err(error) => return retry(run, notes, job, permit, error),
        }
    }
    match call(client, &job) {
        Ok(answer) => {
            run.pace.taken(permit);
            let is_create = job.row.action == Action::Create;
            finish(run, notes, job, Answered::success(&answer, is_create));
        }
        Err(error) => {
            job.doubt |= error.outcome() == api::Outcome::Unknown;
            retry(run, notes, job, permit, error);
        }
    }
}

fn call(client: &Client, job: &Job) -> Result<Answer, api::Error> {
    let row = &job.row;
    let (id, body) = (row.entitlement_id.as_str(), row.body.clone());
    let request = match row.action {
        Action::Create => client.create(body),
        Action::Update | Action::Suspend | Action::Resume => client.update(id, body),
        Action::Cancel => client.cancel(id, body),
        Action::Revoke => client.revoke(id, body),
    };
    client.send(request)
}

fn look_up(run: &Run, job: &Job, since: Option<Timestamp>) -> Result<Found, api::Error> {
    let since = since.unwrap_or_else(|| run.intended_at(job.row.number));
    lookup::find(&run.client, &job.row, since, run.plan.allow_duplicates)
}

/// Decides what an error means: for the pace, for the run, and for the row.
fn retry(run: &Run, notes: &Sender<Note>, job: Box<Job>, permit: &Permit, error: api::Error) {
    match trouble(&error) {
        Trouble::NotNow => not_now(run, job, permit, error),
        Trouble::Hopeless => {
            run.pace.lost(permit);
            run.end(Ending::Hopeless(error));
            leave(run, notes, job);
        }
        Trouble::Passing => {
            run.pace.lost(permit);
            passing(run, notes, job, &error);
        }
        Trouble::Final => {
            run.pace.taken(permit);
            last(run, notes, job, &error);
        }
    }
}

/// Slows everything down; the row has its turn again, whether that is the second or the hundredth time.
fn not_now(run: &Run, job: Box<Job>, permit: &Permit, error: api::Error) {
    let nothing = run
        .pace
        .turned_away(permit, error.retry_after, fastrand::f64());
    if nothing >= run.plan.give_up_after {
        run.end(Ending::GaveUp(error));
    }
    run.queue.put_off(job, Instant::now());
}

fn passing(run: &Run, notes: &Sender<Note>, mut job: Box<Job>, error: &api::Error) {
    job.attempts += 1;
    let policy = retry::Policy {
        retries: run.plan.retries,
    };
    let wait = policy.wait(job.attempts, error.retry_after, fastrand::f64());
    if let Some(wait) = wait {
        let wait = wait.min(LONGEST_WAIT);
        return run.queue.put_off(job, Instant::now() + wait);
    }
    let outcome = if job.doubt {
        Outcome::Unanswered
    } else {
        Outcome::Refused
    };
    finish(run, notes, job, Answered::failure(error, outcome));
}

/// The answer is final. A refusal after an unanswered attempt may only mean that the first attempt did it: that is looked up.
fn last(run: &Run, notes: &Sender<Note>, job: Box<Job>, error: &api::Error) {
    if error.outcome() == api::Outcome::Unknown {
        return finish(
            run,
            notes,
            job,
            Answered::failure(error, Outcome::Unanswered),
        );
    }
    let refused = Answered::failure(error, Outcome::Refused);
    if !job.doubt {
        return finish(run, notes, job, refused);
    }
    let answered = match look_up(run, &job, job.since) {
        Ok(Found::Answer(answered)) => *answered,
        Ok(Found::Nothing) => refused,
        Err(_) => Answered {
            outcome: Outcome::Unanswered,
            ..refused
        },
    };
    finish(run, notes, job, answered);
}
