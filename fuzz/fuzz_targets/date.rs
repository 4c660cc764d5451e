//! `cargo +nightly fuzz run date`, see fuzz/README.md.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bango_ent::readers::date(bytes));
