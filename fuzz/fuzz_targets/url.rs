//! `cargo +nightly fuzz run url`, see fuzz/README.md.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bango_ent::readers::url(bytes));
