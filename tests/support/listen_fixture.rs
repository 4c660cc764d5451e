//! A listener started as a user starts it, and a plain HTTP client for it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::sandbox_fixture::{command, eventually};

/// More than the ten seconds that work has at the end.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running `bango-ent listen` on a free port; killed when dropped.
pub struct Listener {
    child: Child,
    pub url: String,
    lines: Receiver<String>,
    remarks: Receiver<String>,
    agent: ureq::Agent,
    /// What it said before it listened.
    pub greeting: Vec<String>,
}

/// How it ended.
#[derive(Debug)]
pub struct End {
    pub code: Option<i32>,
    /// The lines on stdout and stderr that were not taken before.
    pub stdout: Vec<String>,
    pub stderr: Vec<String>,
}

impl Listener {
    /// Starts it in a folder of its own; `Err` tells how it ended instead.
    pub fn try_start(
        home: &Path,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Result<Self, End> {
        let mut command = command(home);
        command
            .args(["listen", "--port", "0"])
            .args(arguments)
            .envs(environment.iter().copied())
            .current_dir(home);
        Self::spawned(&mut command)
    }

    /// Waits until a command listens.
    pub fn spawned(command: &mut Command) -> Result<Self, End> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = lines_of(child.stdout.take().unwrap());
        let remarks = lines_of(child.stderr.take().unwrap());
        let mut greeting = Vec::new();
        while let Ok(remark) = remarks.recv_timeout(PATIENCE) {
            if let Some(url) = remark.strip_prefix("note: listening on ") {
                let agent = ureq::Agent::config_builder()
                    .http_status_as_error(false)
                    .allow_non_standard_methods(true)
                    .timeout_global(Some(PATIENCE))
                    .proxy(None)
                    .build();
                return Ok(Self {
                    child,
                    url: url.to_owned(),
                    lines,
                    remarks,
                    agent: agent.into(),
                    greeting,
                });
            }
            greeting.push(remark);
        }
        let status = child.wait().unwrap();
        Err(End {
            code: status.code(),
            stdout: lines.iter().collect(),
            stderr: greeting,
        })
    }

    pub fn start_in(home: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::try_start(home, arguments, environment)
            .unwrap_or_else(|end| panic!("it did not start: {end:?}"))
    }

    pub fn start(arguments: &[&str]) -> (TempDir, Self) {
        let home = tempfile::tempdir().unwrap();
        let listener = Self::start_in(home.path(), arguments, &[]);
        (home, listener)
    }

    pub fn address(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    /// Sends anything, and returns the status.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> u16 {
        let url = format!("{}{path}", self.url);
        let mut request = ureq::http::Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.agent.run(request.body(body).unwrap()).unwrap();
        response.status().as_u16()
    }

    /// Posts a notification.
    pub fn post(&self, body: &Value) -> u16 {
        self.send("POST", "/", &[], body.to_string().as_bytes())
    }

    /// The next line on stdout; fails after ten seconds.
    pub fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("a line on stdout")
    }

    /// The next line on stdout as JSON.
    pub fn json(&self) -> Value {
        let line = self.line();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line}"))
    }

    /// The next line on stderr that contains this.
    pub fn remark(&self, part: &str) -> String {
        loop {
            let remark = self.remarks.recv_timeout(PATIENCE);
            let remark = remark.unwrap_or_else(|_| panic!("no remark with {part}"));
            if remark.contains(part) {
                return remark;
            }
        }
    }

    /// The most memory that it has held, in KiB.
    #[cfg(target_os = "linux")]
    pub fn peak_memory(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.unwrap().trim().trim_end_matches(" kB");
        kib.parse().unwrap()
    }

    /// Asks it to end, as Ctrl-C or a service manager does.
    pub fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let mut kill = Command::new("kill");
        assert!(kill.args([signal, &id]).status().unwrap().success());
    }

    /// Waits for its end.
    pub fn end(mut self) -> End {
        let status = eventually("its end", || self.child.try_wait().unwrap());
        End {
            code: status.code(),
            stdout: self.lines.iter().collect(),
            stderr: self.remarks.iter().collect(),
        }
    }

    /// Ends it with Ctrl-C.
    pub fn interrupt(self) -> End {
        self.signal("-INT");
        self.end()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn lines_of(stream: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// A notification as the contract shows it.
pub fn notification(id: &str, status: &str, second: u32) -> Value {
    json!({
        "responseCode": "OK",
        "responseMessage": "Success",
        "parameters": null,
        "notificationReason": "METADATA_UPDATE",
        "entitlementId": id,
        "status": status,
        "dateLastUpdated": format!("2026-11-23T04:{:02}:{:02}.000Z", second / 60, second % 60),
        "customerIdentifier": "cust-1",
        "merchantAccountKey": "BANGO",
        "productKey": "BangoMusic",
    })
}
