//! Links the unwinder into the program where the C compiler has it as an archive: one library less to find and map at each start,
//! about a tenth of a millisecond.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let variable = |name| std::env::var(name).unwrap_or_default();
    let native = variable("HOST") == variable("TARGET");
    let glibc =
        variable("CARGO_CFG_TARGET_OS") == "linux" && variable("CARGO_CFG_TARGET_ENV") == "gnu";
    if native && glibc && has_archive(&variable("RUSTC_LINKER")) {
        println!("cargo:rustc-link-lib=static:-bundle=gcc_eh");
    }
}

/// Tells whether the compiler that links finds the archive; it answers with a path then, and with the bare name otherwise.
fn has_archive(linker: &str) -> bool {
    let linker = if linker.is_empty() { "cc" } else { linker };
    let answer = Command::new(linker)
        .arg("-print-file-name=libgcc_eh.a")
        .output();
    answer.is_ok_and(|answer| {
        let path = String::from_utf8_lossy(&answer.stdout);
        answer.status.success() && Path::new(path.trim()).is_file()
    })
}
