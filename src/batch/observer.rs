//! What a run tells while it goes on and when it is over.

use std::io;
use std::time::Duration;

use super::outcome::RowResult;
use super::pace::LearntRate;
use super::row::InputRow;
use super::states::Summary;
use crate::api;

/// Watches a run, on the coordinator's thread.
pub trait RunObserver {
    /// A row has a result, and that is durable. An error ends the run.
    fn result(&mut self, row: &InputRow, identifier: &str, result: &RowResult) -> io::Result<()>;
    /// Every row that was finished before, and stays so, was told again.
    fn caught_up(&mut self) -> io::Result<()>;
    /// How far the run is.
    fn progress(&mut self, progress: &RunProgress);
    /// Something that the user should know at once.
    fn remark(&mut self, what: &str);
    /// There are no more results.
    fn finish(&mut self) -> io::Result<()>;
}

/// How far a run is.
#[derive(Debug)]
pub struct RunProgress {
    pub rows: u64,
    /// Rows that were finished before this run, and stay so.
    pub before: u64,
    pub done: u64,
    pub failed: u64,
    /// The time since the first could be sent.
    pub elapsed: Duration,
    pub in_flight: u32,
    pub limit: u32,
    /// How long nothing will be sent, and why.
    pub pause: Option<(Duration, String)>,
    /// Whether the run only finishes what is under way.
    pub is_stopping: bool,
    /// Whether the user asked for that.
    pub is_interrupted: bool,
}

/// Why a run ended.
#[derive(Debug)]
pub enum RunEnd {
    /// Every row was tried.
    Finished,
    Interrupted,
    /// More rows failed than the user allows, of so many that were finished.
    TooManyFailures {
        failed: u64,
        finished: u64,
    },
    /// No request can succeed: credentials, TLS, proxy.
    Fatal(api::Error),
    /// The platform took no request for too long, or would not.
    GaveUp(api::Error),
    /// None of the first answers was Bango's.
    NotBango(api::Error),
    /// The input is not what was checked.
    InputChanged(String),
    ResultsFailed(io::Error),
    JournalFailed(io::Error),
}

impl RunEnd {
    /// What failed on this machine is never hidden by another reason.
    pub const fn severity(&self) -> u8 {
        match self {
            Self::JournalFailed(_) => 2,
            Self::ResultsFailed(_) => 1,
            _ => 0,
        }
    }
}

/// How a run went.
#[derive(Debug)]
pub struct Ran {
    pub end: RunEnd,
    pub summary: Summary,
    /// Rows that this run had answered.
    pub answered: u64,
    /// Whether a request of this run may have reached the platform.
    pub sent: bool,
    /// What the platform takes, if it took less than was sent.
    pub learnt: Option<LearntRate>,
}
