//! One create beside `curl` doing the same POST, over loopback HTTP and TLS, held to this project's targets.
//!
//! Needs `curl`. Both programs trust the system's certificates and one more, so both load a real trust store. Both are measured as
//! installed files: `cargo install` copies the program, and what a linker has just written took up to a seventh longer to start, with
//! more page faults; presumably it lies in the page cache in smaller pieces. That figure is shown as well, but held to no target.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot run fails by panicking"
)]
#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

const PROGRAM: &str = env!("CARGO_BIN_EXE_bango-ent");
const WARM_UP: usize = 10;
const RUNS: usize = 150;
const MIB: f64 = 1024.0 * 1024.0;

const REQUEST: &str =
    r#"{"customerIdentifier":"cust-1","merchantAccountKey":"BANGO","productKey":"BangoMusic"}"#;
const ANSWER: &str = r#"{"responseCode":"OK","responseMessage":"Success","parameters":null,"entitlementId":"9d6b3a3e-0000-4000-8000-000000000001","status":"ACTIVE","dateCreated":"2026-11-23T04:00:00.000Z","customerIdentifier":"cust-1","merchantAccountKey":"BANGO","productKey":"BangoMusic"}"#;

fn main() -> ExitCode {
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("this measures the release build; run it by cargo bench");
        return ExitCode::SUCCESS;
    }
    if Command::new("curl").arg("--version").output().is_err() {
        println!(
            "curl is not installed, and there is nothing else to compare with; install it first"
        );
        return ExitCode::FAILURE;
    }
    let folder = tempfile::tempdir().unwrap();
    let (tls, bundle, certificates) = trust(folder.path());
    println!(
        "{certificates} certificates of the system are trusted; {RUNS} runs of each, interleaved, medians\n"
    );
    let http = format!("http://127.0.0.1:{}/v1", serve(answer));
    let https = serve(move |stream| {
        let session = ServerConnection::new(Arc::clone(&tls)).unwrap();
        answer(&mut StreamOwned::new(session, stream));
    });
    let https = format!("https://127.0.0.1:{https}/v1");

    let installed = folder.path().join("bango-ent");
    std::fs::copy(PROGRAM, &installed).unwrap();
    let ours = |program: &Path, base_url| bango_ent(program, base_url, &bundle);
    let targets = [
        speed(
            "wall time over HTTP",
            ours(&installed, &http),
            curl(&http, &bundle),
            0.40,
        ),
        speed(
            "wall time over TLS",
            ours(&installed, &https),
            curl(&https, &bundle),
            0.20,
        ),
        memory(ours(&installed, &https), 12.0),
        size(6.5),
    ];
    let linked = ratio(ours(PROGRAM.as_ref(), &http), curl(&http, &bundle));
    println!(
        "not installed, HTTP   {linked:44}  {:.2}×",
        linked.ours / linked.theirs
    );
    if targets.into_iter().all(|met| met) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Prints a line of the result. Tells whether the target is met.
fn report(what: &str, figure: &str, value: f64, target: f64, unit: &str) -> bool {
    let met = value <= target;
    let verdict = if met { "met" } else { "MISSED" };
    println!("{what:20}  {figure:44}  {value:.2}{unit}, target {target:.2}{unit}: {verdict}");
    met
}

/// A trust store as the system has it plus an authority of this benchmark's own, and a server that it signed for.
fn trust(folder: &Path) -> (Arc<ServerConfig>, PathBuf, usize) {
    let mut params = CertificateParams::new([]).unwrap();
    params
        .distinguished_name
        .push(DnType::CommonName, "bango-ent benchmark");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .unwrap();
    let system = rustls_native_certs::load_native_certs().certs;
    let mut bundle: String = system.iter().map(|der| pem(der)).collect();
    bundle.push_str(&authority.pem());
    let path = folder.join("bundle.pem");
    std::fs::write(&path, bundle).unwrap();
    (Arc::new(config), path, system.len())
}

fn pem(der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(String::from_utf8_lossy)
        .collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}

/// Serves every connection in a thread of its own and returns the port.
fn serve(act: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let act = Arc::new(act);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (act, stream) = (Arc::clone(&act), stream.unwrap());
            stream.set_nodelay(true).unwrap();
            std::thread::spawn(move || act(stream));
        }
    });
    port
}

/// Reads one request, answers it, and waits until the client has gone.
fn answer(mut stream: impl Read + Write) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.ends_with(REQUEST.as_bytes()) {
        match stream.read(&mut buffer) {
            Ok(length @ 1..) => request.extend_from_slice(&buffer[..length]),
            _ => return,
        }
    }
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        ANSWER.len()
    );
    stream
        .write_all(&[head.as_bytes(), ANSWER.as_bytes()].concat())
        .unwrap();
    stream.flush().unwrap();
    // An end without a farewell is an end.
    let _ = stream.read(&mut buffer);
}

/// A program with nothing in its environment but PATH.
fn clean(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

fn bango_ent(program: &Path, base_url: &str, bundle: &Path) -> Command {
    let mut command = clean(program);
    command
        .env("HOME", bundle.parent().unwrap())
        .env("SSL_CERT_FILE", bundle)
        .env("BANGO_BASE_URL", base_url)
        .env("BANGO_USERNAME", "MyOrganization")
        .env("BANGO_PASSWORD", "elephant-notepad-dancer")
        .args([
            "create",
            "--user",
            "cust-1",
            "--merchant",
            "BANGO",
            "--product",
            "BangoMusic",
            "--json",
        ]);
    command
}

fn curl(base_url: &str, bundle: &Path) -> Command {
    let mut command = clean("curl");
    command.args(["--disable", "--silent", "--show-error", "--fail"]);
    command.arg("--cacert").arg(bundle);
    for header in [
        "Authorization: Basic TXlPcmdhbml6YXRpb246ZWxlcGhhbnQtbm90ZXBhZC1kYW5jZXI=",
        "Accept: application/json",
        "Content-Type: application/json",
        "X-RequestIdentifier: 9d6b3a3e-0000-4000-8000-000000000002",
    ] {
        command.args(["--header", header]);
    }
    command.args(["--data-raw", REQUEST, &format!("{base_url}/entitlement")]);
    command
}

/// Runs a command that must succeed, and takes its time.
fn time(command: &mut Command) -> Duration {
    let start = Instant::now();
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    let took = start.elapsed();
    assert!(status.success(), "{command:?}: {status}");
    took
}

/// What two commands took, in seconds.
struct Ratio {
    ours: f64,
    theirs: f64,
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (ours, theirs) = (1000.0 * self.ours, 1000.0 * self.theirs);
        f.pad(&format!("bango-ent {ours:.2} ms, curl {theirs:.2} ms"))
    }
}

fn ratio(mut ours: Command, mut theirs: Command) -> Ratio {
    for _ in 0..WARM_UP {
        time(&mut ours);
        time(&mut theirs);
    }
    let pairs = (0..RUNS).map(|_| (time(&mut ours), time(&mut theirs)));
    let (ours, theirs) = pairs.unzip();
    Ratio {
        ours: median(ours),
        theirs: median(theirs),
    }
}

fn speed(what: &str, ours: Command, theirs: Command, target: f64) -> bool {
    let ratio = ratio(ours, theirs);
    report(
        what,
        &ratio.to_string(),
        ratio.ours / ratio.theirs,
        target,
        "×",
    )
}

/// The median in seconds.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

/// The most memory in use up to the last step of a create over TLS, where a full pipe holds the process.
#[cfg(target_os = "linux")]
fn memory(mut command: Command, target: f64) -> bool {
    let (mut reader, mut writer) = std::io::pipe().unwrap();
    let full = rustix::pipe::fcntl_getpipe_size(&writer).unwrap();
    writer.write_all(&vec![b' '; full]).unwrap();
    let mut child = command.stdout(writer).spawn().unwrap();
    drop(command);
    let (mut peak, mut steady) = (0.0, 0);
    while steady < 50 {
        std::thread::sleep(Duration::from_millis(10));
        let now = peak_of(child.id());
        steady = if now > peak { 0 } else { steady + 1 };
        peak = now;
    }
    let mut result = String::new();
    reader.read_to_string(&mut result).unwrap();
    assert!(
        child.wait().unwrap().success() && result.contains("ACTIVE"),
        "{result}"
    );
    report(
        "peak memory over TLS",
        "bango-ent, resident",
        peak,
        target,
        " MiB",
    )
}

#[cfg(target_os = "linux")]
fn peak_of(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: f64 = line
        .unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap();
    kib * 1024.0 / MIB
}

#[cfg(not(target_os = "linux"))]
fn memory(_: Command, _: f64) -> bool {
    println!("peak memory is measured on Linux alone");
    true
}

fn size(target: f64) -> bool {
    let bytes = u32::try_from(std::fs::metadata(PROGRAM).unwrap().len()).unwrap();
    report(
        "size of the binary",
        "bango-ent, stripped",
        f64::from(bytes) / MIB,
        target,
        " MiB",
    )
}
