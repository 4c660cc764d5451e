//! Writes what is made from the command tree and the tables: completions, man pages, reference docs. `cargo run --example generate`.

mod man;
mod pages;

use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    for (name, text) in pages::all() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        std::fs::write(path, text)?;
    }
    Ok(())
}
