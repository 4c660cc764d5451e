//! Bango's files: batch files, entitlement reports, correlation. Readers and writers that stream; prints nothing and sends nothing.

pub mod entitlement;
mod keys;
pub mod meaning;
mod records;
pub mod report;
mod rows;
mod sheet;
mod source;

pub use entitlement::{Field, Kept};
pub use keys::is_same_id;
pub use sheet::Sheet;
pub use source::{Error, Source};
