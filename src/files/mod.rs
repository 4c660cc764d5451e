//! Files that must survive: private to their owner, replaced whole or not at all, and an append-only durable log. Prints nothing.

mod lines;
pub mod log;
pub mod private;
mod replace;
mod section;
pub mod trusted;

pub use replace::{Replacement, check_replaceable, replace};
pub use section::Section;

use std::path::PathBuf;

use etcetera::BaseStrategy as _;

/// Where this tool keeps what it remembers, unless another file is named: under the XDG state directory. None without a home.
pub fn state_folder() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    let folder = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
    Some(folder.join("bango-ent"))
}
