//! Many requests from one file, each row exactly once: input, journal, limiter and run. Prints nothing and asks nobody.

mod chains;
mod check;
mod growth;
mod input;
mod journal;
mod journal_line;
mod limiter;
mod lookup;
mod observer;
mod outcome;
mod pace;
mod parser;
mod plan;
mod registry;
mod resolve;
mod results;
mod row;
mod run;
mod states;
mod worker;

pub use check::{Checked, check};
pub use input::{Format, Input, Shape};
pub use journal::{
    DEFAULTS_OF_PROFILE, Journal, JournalResults, Replay, failures, is_in_use, read as read_journal,
};
pub use observer::{Ran, RunEnd, RunObserver, RunProgress};
pub use outcome::{RowOutcome, RowResult};
pub use pace::LearntRate;
pub use parser::{Fallback, RowParser, find as find_column};
pub use plan::{Limits, Plan, rate};
pub use resolve::Unresolved;
pub use results::{Failed, Results};
pub use row::{InputRow, Problem, Problems, RowAction, Shard, request_identifier};
pub use run::run;
pub use states::Summary;
