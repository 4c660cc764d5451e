//! Bango's files: batch files, entitlement reports, correlation. Readers and writers that stream; prints nothing and sends nothing.

mod answers;
pub mod batch_file;
pub mod compare;
pub mod correlation;
pub mod difference;
pub mod entitlement;
pub mod fix;
mod hashes;
mod listing;
pub mod live;
mod period;
mod record_set;
mod records;
pub mod report;
pub mod report_name;
pub mod scope;
pub mod survey;
mod tally;
pub mod values;

pub use answers::Answers;
pub use entitlement::{Field, OwnedRecord};
pub use hashes::is_same_id;
pub use listing::Listing;
pub use period::Period;
pub use records::Records;
pub use scope::Scope;
