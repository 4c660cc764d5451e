//! `cargo +nightly fuzz run journal`, see fuzz/README.md.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bango_ent::readers::journal(bytes));
