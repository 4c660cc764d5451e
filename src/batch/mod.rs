//! Many requests from one file, each row exactly once: input, journal, pace and run. Prints nothing and asks nobody.

mod answered;
mod check;
mod column;
mod error;
mod feeder;
mod identity;
mod input;
pub mod journal;
mod ledger;
mod lookup;
mod pace;
mod plan;
mod queue;
mod records;
mod row;
mod run;
mod scribe;
mod sender;
mod shard;
mod sheet;
mod summary;

pub use answered::Answered;
pub use check::{Checked, check};
pub use column::{Rules, find as find_column};
pub use error::{Ending, Error, Incomplete, Problems};
pub use identity::request_identifier;
pub use input::{Format, Input};
pub use plan::{MaxFailures, Plan};
pub use row::{Action, Fallback, Row, Rows};
pub use run::{Observer, Progress, Stop, run};
pub use shard::Shard;
pub use sheet::{Failed, Results};
pub use summary::Summary;
