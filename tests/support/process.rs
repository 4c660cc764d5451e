//! The names under which some tests still know [`crate::support::cli`].

use crate::support::cli::Cli;
pub use crate::support::cli::{Home, Running, run, wait_until};

/// The binary with credentials and this base URL.
pub fn client(home: &Home, base_url: &str) -> Cli {
    home.client(base_url)
}

/// The same without any setting in the environment.
pub fn bare(home: &Home) -> Cli {
    home.bango_ent()
}
