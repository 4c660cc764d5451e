//! Tables in text files: where their bytes come from, how they are rows and cells, and how they are written. Knows nothing of entitlements.

mod encoding;
mod row;
mod rows;
mod source;
mod writer;

pub use encoding::{Encoding, windows_1252};
pub use row::Row;
pub use rows::{Digest, Rows};
pub use source::Source;
#[cfg(test)]
pub use source::source_of;
pub use writer::CsvWriter;
