//! The examples of docs/testing.md, run as they stand there.

use std::path::Path;

use crate::support::cli::Home;

/// Runs the example that begins with this fence.
fn example(fence: &str, program: &str) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/testing.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (_, rest) = page.split_once(&format!("```{fence}\n")).unwrap();
    let (code, _) = rest.split_once("\n```").unwrap();
    let home = Home::new();
    home.write("example", format!("{code}\n"));
    let binary = Path::new(env!("CARGO_BIN_EXE_bango-ent")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut cli = home.program(program);
    cli.arg("example")
        .env("PATH", format!("{}:{path}", binary.display()));
    let outcome = cli.run();
    outcome.assert_code(0);
    assert_eq!(outcome.stdout, "passed\n", "{}", outcome.stderr);
}

#[test]
#[ignore = "needs bash and jq, which CI has"]
fn the_example_in_bash_passes() {
    example("sh", "bash");
}

#[test]
#[ignore = "needs python3, which CI has"]
fn the_example_in_python_passes() {
    example("python", "python3");
}
