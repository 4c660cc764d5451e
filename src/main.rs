//! Runs the program: what it does is in `lib.rs`, so that the generator, the tests and the fuzz targets can reach it too.

use std::process::ExitCode;

fn main() -> ExitCode {
    bango_ent::run()
}
