//! The commands of the README and the runbook, run as they are written, against a sandbox.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::support::cli::Outcome;
use crate::support::sandbox::Sandbox;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The `sh` blocks of a page: the script, and the exit code that its last line announces.
fn blocks(page: &str) -> Vec<(String, i32)> {
    let text = std::fs::read_to_string(repository().join(page)).unwrap();
    let block = |block: &str| {
        let script = block.split("```").next().unwrap().to_owned();
        let announced = script
            .trim_end()
            .rsplit_once("# exit code ")
            .map(|(_, code)| code.trim().parse().unwrap());
        (script, announced.unwrap_or(0))
    };
    text.split("```sh\n").skip(1).map(block).collect()
}

/// Runs a script in an environment where `bango-ent` is this binary and the API is the sandbox.
fn run(sandbox: &Sandbox, script: &str) -> Outcome {
    let script = &script.replace("http://127.0.0.1:4242", &sandbox.origin);
    let binary = Path::new(env!("CARGO_BIN_EXE_bango-ent"));
    let (folder, path) = (binary.parent().unwrap(), std::env::var("PATH").unwrap());
    let mut shell = sandbox.client().under(&["bash", "-c", script]);
    shell
        .env("PATH", format!("{}:{path}", folder.display()))
        .run()
}

/// Runs blocks in one shell, so that a variable of one is there in the next.
fn run_all(sandbox: &Sandbox, page: &str, blocks: &[(String, i32)]) {
    let mut script = String::new();
    for (number, (block, code)) in blocks.iter().enumerate() {
        let _ = writeln!(
            script,
            "{block}\n[ $? -eq {code} ] || {{ echo \"block {number} of {page} did not end with {code}\"; exit 99; }}"
        );
    }
    run(sandbox, &script).assert_code(0);
}

#[test]
#[ignore = "needs jq"]
fn the_runbook_works_as_it_is_written() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let blocks = blocks("docs/support.md");
    assert!(blocks.len() >= 10, "only {} blocks", blocks.len());
    run_all(&sandbox, "docs/support.md", &blocks);
}

#[test]
#[ignore = "needs jq"]
fn the_readme_works_as_it_is_written() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let blocks = [blocks("README.md"), blocks("docs/scripting.md")].concat();
    let runnable: Vec<_> = blocks
        .into_iter()
        .filter(|(block, _)| block.contains("bango-ent ") && !block.contains("cargo "))
        .collect();
    assert!(!runnable.is_empty());
    run_all(&sandbox, "README.md", &runnable);
}

#[test]
#[ignore = "needs jq and GNU parallel"]
fn the_examples_of_batches_and_of_the_sandbox_work_as_they_are_written() {
    let users = ["alice", "bob", "carol"].map(|user| format!("{user},BANGO,BangoMusic\n"));
    for (page, least) in [
        ("docs/batch.md", 1),
        ("docs/scale.md", 2),
        ("docs/sandbox.md", 1),
    ] {
        let sandbox = Sandbox::start(&["--ephemeral"]);
        let input = format!("user,merchant,product\n{}", users.concat());
        sandbox.home().write("users.csv", input);
        let blocks = blocks(page);
        assert!(blocks.len() >= least, "{page}: {blocks:?}");
        run_all(&sandbox, page, &blocks);
    }
}

/// Starts a sandbox for the blocks of a page.
fn run_here(page: &str, count: usize, prepare: impl Fn(&Sandbox)) {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    prepare(&sandbox);
    let blocks = blocks(page);
    assert_eq!(blocks.len(), count, "{page}: {blocks:?}");
    run_all(&sandbox, page, &blocks);
}

#[test]
fn installing_history_and_reports_work_as_they_are_written() {
    run_here("docs/install.md", 1, |_| {});
    run_here("docs/history.md", 1, |_| {});
    run_here("docs/reports.md", 3, |sandbox| {
        let golden = |name: &str| {
            let file = repository().join("tests/exchange/golden").join(name);
            std::fs::read(file).unwrap()
        };
        for (name, from) in [
            ("ER_V1_D_20261124.csv", "ER_V1_D_20261124.csv"),
            ("AR_V1_M_202611.csv.gz", "AR_V1_M_202611.csv"),
        ] {
            sandbox
                .home()
                .write(&format!("reports/{name}"), golden(from));
        }
    });
}

#[test]
fn the_examples_of_listening_work_as_they_are_written() {
    let receiver = crate::support::server::Server::active();
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let now = jiff::Timestamp::now();
    let saved = serde_json::json!({
        "receivedAt": now.to_string(), "target": "/hook", "late": false,
        "notification": {"notificationReason": "SUSPENSION_SUCCESS", "entitlementId": "ent-1", "status": "SUSPENDED"},
    });
    let home = sandbox.home();
    home.write("notifications.jsonl", format!("{saved}\n"));
    let address = format!("http://127.0.0.1:{}", receiver.port());
    // What the user does on the merchant's page.
    let registers =
        "(until bango-ent sandbox register order-77; do sleep 0.2; done) > registered.log 2>&1 &\n";
    let mut blocks = blocks("docs/listen.md");
    for (block, _) in &mut blocks {
        *block = block.replace("http://127.0.0.1:3000", &address);
        if block.contains("order-77") {
            block.insert_str(0, registers);
        }
    }
    assert_eq!(blocks.len(), 2, "{blocks:?}");
    run_all(&sandbox, "docs/listen.md", &blocks);
    assert_eq!(receiver.requests().len(), 1);
    let activated = std::fs::read_to_string(home.path().join("activated.jsonl")).unwrap();
    assert!(activated.contains("ACTIVATION_SUCCESS"), "{activated}");
}

#[test]
fn the_examples_of_reconciling_work_as_they_are_written() {
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let blocks: Vec<_> = blocks("docs/reconciliation.md")
        .into_iter()
        .filter(|(block, _)| !block.starts_with("#!"))
        .collect();
    let (compare, correlate) = blocks.split_at(2);
    assert_eq!(correlate.len(), 2, "{blocks:?}");
    run_all(&sandbox, "docs/reconciliation.md", compare);
    // A correlation needs the ids of both sides.
    let created = sandbox.create("d", "BANGO", "BangoMusic");
    let ours = format!(
        "user,merchant,product,status,entitlement_id\nd,BANGO,BangoMusic,PENDING,{}\n",
        created.text("entitlementId")
    );
    sandbox.home().write("ours.csv", ours);
    run_all(&sandbox, "docs/reconciliation.md", correlate);
}

/// Pages of which every `sh` block is run: above, or where the block's own test is.
const RUN: [&str; 11] = [
    "batch.md",
    "history.md",
    "install.md",
    "listen.md",
    "reconciliation.md",
    "reports.md",
    "sandbox.md",
    "scale.md",
    "scripting.md",
    "support.md",
    "testing.md",
];

#[test]
fn every_command_of_a_page_is_run_or_says_why_not() {
    for entry in std::fs::read_dir(repository().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        // That one is generated, and its examples are read by the command line itself.
        if path.extension() != Some("md".as_ref()) || name == "commands.md" {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains("```sh\n") || RUN.contains(&name), "{name}");
        for (at, _) in text.match_indices("```text\n") {
            let block = text[at + 8..].split("```").next().unwrap();
            let is_command = |line: &str| {
                let line = line.trim_start_matches("$ ");
                ["bango-ent ", ".ci/", "aws "]
                    .iter()
                    .any(|program| line.starts_with(program))
            };
            let says_why = text[..at].trim_end().ends_with("-->")
                && text[..at]
                    .rsplit("<!-- ")
                    .next()
                    .unwrap()
                    .starts_with("not run: ");
            assert!(
                says_why || !block.lines().any(is_command),
                "{name}: {block}"
            );
        }
    }
}

/// The blocks of the README that show a command and what it prints: where each begins and ends, and its command.
fn shown(readme: &str) -> Vec<(std::ops::Range<usize>, String)> {
    let starts = readme.match_indices("```text\n$ bango-ent ");
    let block = |(at, _): (usize, &str)| {
        let start = at + "```text\n".len();
        let end = start + readme[start..].find("```").unwrap();
        let command = readme[start..end].lines().next().unwrap();
        (start..end, command.trim_start_matches("$ ").to_owned())
    };
    starts.map(block).collect()
}

/// What differs from run to run, as it stands in the README.
pub fn as_in_the_readme(screen: &str) -> String {
    let (mut text, mut ids) = (screen.to_owned(), Vec::new());
    for word in console::strip_ansi_codes(screen).split_whitespace() {
        let is_id = word.len() == 36 && word.matches('-').count() == 4;
        if is_id && !ids.iter().any(|id| id == word) {
            ids.push(word.to_owned());
        } else if word.ends_with('Z') && word.starts_with("20") {
            let is_expiry = text.contains(&format!("URL works until     {word}"));
            let hour = if is_expiry { "05" } else { "04" };
            text = text.replace(word, &format!("2026-11-23T{hour}:00:00.000Z"));
        } else if word.starts_with("http://127.0.0.1:") {
            text = text.replace(word, "https://merchant.example/register?token=abcdef");
        }
    }
    let examples = [
        "9d6b3a3e-0000-4000-8000-000000000001",
        "7f0c2b6e-0000-8000-8000-000000000002",
        "5d3195b3-815a-8be7-98a7-3ed8bf120221",
    ];
    for (id, example) in ids.iter().zip(examples) {
        text = text.replace(&**id, example);
    }
    for seconds in 1..10 {
        text = text.replace(&format!("({seconds} s ago)"), "(now)");
    }
    // On a loaded machine a moment is seconds.
    for seconds in 1..60 {
        text = text.replace(&format!("({seconds} s ago)"), "(now)");
    }
    text = text.replace("(in 59 min)", "(in 60 min)");
    let lines = text.lines().map(str::trim_end);
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// With `README_OUTPUT=write` the README gets what the commands print.
#[cfg(unix)]
#[test]
fn the_output_in_the_readme_is_what_the_commands_print() {
    let path = repository().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let sandbox = Sandbox::start(&["--ephemeral"]);
    let blocks = shown(&readme);
    assert!(blocks.len() > 1, "{blocks:?}");
    let mut fresh = readme.clone();
    for (range, command) in blocks.into_iter().rev() {
        let mut cli = sandbox.client();
        cli.args(command.split(' ').skip(1))
            .env("NO_COLOR", "1")
            .env("BROWSER", "true");
        let outcome = crate::support::pty::Screen::start(&mut cli, 100).end();
        outcome.assert_code(0);
        let output = as_in_the_readme(&outcome.screen);
        fresh.replace_range(range, &format!("$ {command}\n{output}"));
    }
    if std::env::var_os("README_OUTPUT").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    assert_eq!(readme, fresh, "run the tests with README_OUTPUT=write");
}

/// The main command of the README, with the binary in place of `cargo run`.
#[test]
fn the_main_command_of_the_readme_needs_no_account() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let line = readme
        .lines()
        .find(|line| line.starts_with("cargo run --release -- "))
        .unwrap();
    let arguments: Vec<_> = line
        .split(" -- ")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .collect();
    let home = crate::support::cli::Home::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut command = home.bango_ent();
    let created = crate::support::cli::run(
        command
            .args(&arguments)
            .arg("--json")
            .env("BANGO_SANDBOX_PORT", port.to_string()),
    );
    assert_eq!(created.code, 0, "{}", created.stderr);
    assert_eq!(created.json()["status"], "PENDING");
    assert!(
        created
            .stderr
            .contains("run bango-ent sandbox in one terminal"),
        "{}",
        created.stderr
    );
    let id = created.json()["entitlementId"].as_str().unwrap().to_owned();
    let mut command = home.bango_ent();
    let found = crate::support::cli::run(
        command
            .args(["--sandbox", "get", &id, "--json"])
            .env("BANGO_SANDBOX_PORT", port.to_string()),
    );
    assert_eq!(
        (found.code, found.json()["entitlementId"].as_str()),
        (0, Some(id.as_str()))
    );
}

#[test]
fn something_else_on_the_sandboxs_port_is_a_clear_error() {
    let stranger = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let home = crate::support::cli::Home::new();
    let port = stranger.local_addr().unwrap().port().to_string();
    std::thread::spawn(move || {
        while let Ok((mut connection, _)) = stranger.accept() {
            let _ = std::io::Write::write_all(&mut connection, b"SSH-2.0-x\r\n");
        }
    });
    let outcome = crate::support::cli::run(
        home.bango_ent()
            .args(["--sandbox", "echo"])
            .env("BANGO_SANDBOX_PORT", port),
    );
    assert_eq!(outcome.code, 1);
    assert!(
        outcome
            .stderr
            .contains("choose another port with BANGO_SANDBOX_PORT"),
        "{}",
        outcome.stderr
    );
}

/// The targets of links to files that are not there.
#[test]
fn every_link_to_a_file_leads_somewhere() {
    let mut pages = vec![PathBuf::from("README.md"), PathBuf::from("CHANGELOG.md")];
    for entry in std::fs::read_dir(repository().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path.strip_prefix(repository()).unwrap().to_owned());
        }
    }
    for page in pages {
        let path = repository().join(&page);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            !text.contains("\n<<<<<<< "),
            "{} has marks of a merge",
            page.display()
        );
        for target in text
            .split("](")
            .skip(1)
            .map(|rest| rest.split([')', '#']).next().unwrap())
        {
            let is_web = target.contains("://") || target.is_empty();
            assert!(
                is_web || path.parent().unwrap().join(target).exists(),
                "{} links to {target}",
                page.display()
            );
        }
    }
}

/// The names after `pub` in a struct.
fn fields(source: &str, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(repository().join(source)).unwrap();
    let (_, rest) = text.split_once(&format!("pub struct {name} {{\n")).unwrap();
    let (body, _) = rest.split_once("\n}").unwrap();
    let fields = body
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub "));
    fields
        .map(|field| field.split(':').next().unwrap().to_owned())
        .collect()
}

#[test]
fn every_key_of_the_configuration_is_in_the_documents() {
    let page = std::fs::read_to_string(repository().join("docs/configuration.md")).unwrap();
    let mut keys = fields("src/profile/file.rs", "Profile");
    keys.extend(fields("src/api/paths.rs", "Paths"));
    assert!(keys.len() > 12, "{keys:?}");
    for key in keys {
        let is_there = [format!("`{key}`"), format!(".{key}]`")];
        assert!(is_there.iter().any(|text| page.contains(text)), "{key}");
    }
}

#[test]
fn every_variable_of_the_environment_is_in_the_documents() {
    let read = |page| std::fs::read_to_string(repository().join(page)).unwrap();
    // What a program of `listen --exec` gets is described there.
    let page = read("docs/configuration.md") + &read("docs/listen.md");
    let names = crate::guards::layers::source_files(&repository().join("src"))
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .flat_map(|text| {
            let words = text.split(|c: char| !c.is_ascii_uppercase() && c != '_');
            let ours = words.filter(|word| word.starts_with("BANGO_") && word.len() > 8);
            ours.map(str::to_owned).collect::<Vec<_>>()
        })
        .collect::<std::collections::BTreeSet<_>>();
    assert!(names.contains("BANGO_CONFIG"), "{names:?}");
    // That one is between the completion script and the program.
    for name in names.iter().filter(|name| *name != "BANGO_ENT_COMPLETE") {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn the_readme_is_a_first_page_and_no_reference() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    assert!(readme.lines().count() < 150, "{}", readme.lines().count());
}

#[test]
fn every_page_is_in_the_index() {
    let index = std::fs::read_to_string(repository().join("docs/README.md")).unwrap();
    for entry in std::fs::read_dir(repository().join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let is_there = index.contains(&format!("({name})"));
        let is_none = ["README.md", "images"].contains(&&*name);
        assert!(is_there || is_none, "{name}");
    }
}
