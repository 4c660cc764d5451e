//! How commands end: every command, in every format, in every way that a command can end.

mod cells;
mod matrix;
mod stage;
