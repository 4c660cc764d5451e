//! Bango's files: batch files, entitlement reports, correlation. Readers and writers that stream; prints nothing and sends nothing.

pub mod compare;
pub mod correlation;
pub mod entitlement;
pub mod fix;
mod keys;
mod listing;
pub mod meaning;
mod period;
mod records;
pub mod report;
mod rows;
mod sheet;
mod side;
mod source;

pub use entitlement::{Field, Kept};
pub use keys::is_same_id;
pub use listing::{Answers, Listing};
pub use period::Period;
pub use records::Records;
pub use sheet::Sheet;
pub use source::{Error, Source};
