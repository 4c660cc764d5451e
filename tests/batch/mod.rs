//! `batch`.

mod ends;
mod files;
mod input;
mod journal;
mod journey;
mod kill;
mod pace;
mod shards;
mod wire;
