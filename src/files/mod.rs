//! Files that must survive: private to their owner, replaced whole or not at all, and an append-only durable log. Prints nothing.

pub mod log;
pub mod private;
mod replace;
mod section;

pub use replace::{Replacement, check_replaceable, replace};
pub use section::Section;
