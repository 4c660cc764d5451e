//! Runs the real binary with a clean environment against a mock of the API, and shows what came of it as one text.

use std::ffi::OsStr;
use std::path::Path;

use assert_cmd::Command;
use httpmock::{Method::POST, Mock, MockServer};
use serde_json::{Value, json};
use tempfile::TempDir;

pub const USERNAME: &str = "MyOrganization";
pub const PASSWORD: &str = "elephant-notepad-dancer";
/// Bango's own example of the two as Basic authentication.
pub const AUTHORIZATION: &str = "Basic TXlPcmdhbml6YXRpb246ZWxlcGhhbnQtbm90ZXBhZC1kYW5jZXI=";

/// A home of its own for each test, so that nothing of the user's is read or written.
pub struct Home {
    pub folder: TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The binary with an empty environment but for PATH and this home.
    pub fn bango_ent(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bango-ent"));
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path())
            .current_dir(self.path());
        command
    }

    /// The binary with credentials, talking to this server.
    pub fn client(&self, server: &MockServer) -> Command {
        let mut command = self.bango_ent();
        command
            .env("BANGO_USERNAME", USERNAME)
            .env("BANGO_PASSWORD", PASSWORD)
            .env("BANGO_BASE_URL", server.url("/v1"));
        command
    }

    /// Writes a file into this home and returns its path.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> std::path::PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }
}

/// The arguments of a plain create.
pub const CREATE: [&str; 7] = [
    "create",
    "--user",
    "cust-1",
    "--merchant",
    "BANGO",
    "--product",
    "BangoMusic",
];

/// What a run came to.
pub struct Outcome {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    pub fn json(&self) -> Value {
        let mut documents = serde_json::Deserializer::from_str(&self.stdout).into_iter::<Value>();
        let first = documents
            .next()
            .expect("a JSON document on stdout")
            .unwrap();
        assert!(
            documents.next().is_none(),
            "more than one document: {}",
            self.stdout
        );
        first
    }

    /// Exit code, stdout and stderr as one text, with what differs from run to run replaced.
    pub fn shown(&self) -> String {
        let text = format!(
            "exit code: {}\n----- stdout -----\n{}----- stderr -----\n{}",
            self.code, self.stdout, self.stderr
        );
        let text = without_ports(&without_uuids(&text))
            .replace(env!("CARGO_BIN_EXE_bango-ent"), "bango-ent");
        without_waits(&text)
    }
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Outcome {
    let output = command.output().unwrap();
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs a create with more arguments.
pub fn create<I: AsRef<OsStr>>(
    home: &Home,
    server: &MockServer,
    more: impl IntoIterator<Item = I>,
) -> Outcome {
    run(home.client(server).args(CREATE).args(more))
}

/// Answers every create in the same way.
pub fn answer<'a>(server: &'a MockServer, status: u16, body: &Value) -> Mock<'a> {
    server.mock(|when, then| {
        when.method(POST).path("/v1/entitlement");
        then.status(status).json_body(body.clone());
    })
}

/// An entitlement as the contract shows it, with the given fields over it.
pub fn entitlement(over: &Value) -> Value {
    let mut record = json!({
        "responseCode": "OK",
        "responseMessage": "Success",
        "parameters": null,
        "entitlementId": "9d6b3a3e-0000-4000-8000-000000000001",
        "status": "ACTIVE",
        "dateCreated": "2026-11-23T04:00:00.000Z",
        "customerIdentifier": "cust-1",
        "merchantAccountKey": "BANGO",
        "productKey": "BangoMusic",
    });
    for (name, value) in over.as_object().unwrap() {
        record[name] = value.clone();
    }
    record
}

/// A pending entitlement whose user must go to this URL.
pub fn pending(url: &str) -> Value {
    entitlement(&json!({
        "responseCode": "CLIENT_ACTION_REQUIRED",
        "responseMessage": "Client action required",
        "status": "PENDING",
        "parameters": {"action": "NAVIGATE_TO_URL", "url": url},
    }))
}

fn without_uuids(text: &str) -> String {
    let dashes = [8, 13, 18, 23];
    let is_uuid = |window: &[u8]| {
        window.iter().enumerate().all(|(at, byte)| {
            if dashes.contains(&at) {
                *byte == b'-'
            } else {
                byte.is_ascii_hexdigit()
            }
        })
    };
    replace_windows(text, 36, &is_uuid, "[UUID]")
}

fn replace_windows(
    text: &str,
    length: usize,
    matches: &dyn Fn(&[u8]) -> bool,
    with: &str,
) -> String {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if rest.len() >= length && matches(&rest.as_bytes()[..length]) {
            replaced.push_str(with);
            rest = &rest[length..];
        } else {
            replaced.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    replaced
}

fn without_ports(text: &str) -> String {
    replace_numbers_after(text, "127.0.0.1:", "[PORT]")
}

/// Replaces the drawn wait in `retry 1 of 3 in 0.4 s`.
fn without_waits(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.split('\n') {
        match (line.contains("; retry "), line.rsplit_once(" in ")) {
            (true, Some((head, _))) => lines.push(format!("{head} in [WAIT]")),
            _ => lines.push(line.to_owned()),
        }
    }
    lines.join("\n")
}

fn replace_numbers_after(text: &str, marker: &str, with: &str) -> String {
    let mut parts = text.split(marker);
    let mut replaced = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        replaced.push_str(marker);
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        if rest.len() < part.len() {
            replaced.push_str(with);
        }
        replaced.push_str(rest);
    }
    replaced
}
