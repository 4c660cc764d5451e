//! The person: results on stdout, everything else on stderr. The only module that prints, prompts or opens a browser.

pub mod ask;
mod block;
pub mod browser;
mod escape;
mod interrupt;
mod link;
mod output;
mod page;
mod pager;
mod progress;
pub mod qr;
mod safe_url;
mod trace;

pub use block::{Block, Cell, Label, Shown, Tone, by_number, counted};
pub use escape::{clean, clean_colored};
pub use interrupt::{handle_signals, on_interrupt, on_second_interrupt, unless_interrupted};
pub use output::{OutputOptions, Terminal};
pub use progress::{Figures, ProgressBar, Spinner};
pub use safe_url::safe_url;
pub use trace::{Trace, Verbosity};
