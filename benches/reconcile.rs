//! `reconcile` of 1,000,000 rows against 1,000,000, 2 % of them different, beside `DuckDB`, pandas, and `sort` with `join`.
//!
//! Then `batch --check` of as many rows of one of Bango's batch files: 500,000 rows a second are wanted.
//!
//! It needs Python with duckdb and pandas; `BANGO_BENCH_PYTHON` names one that has them. Each program runs in turn on two cores.
#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]
#![expect(clippy::print_stdout, reason = "its figures are its result")]

use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use uuid::Uuid;

const ROWS: u32 = 1_000_000;
/// Rounds; the median of the times counts.
const ROUNDS: usize = 5;
const STATUSES: [&str; 6] = [
    "Active",
    "Pending",
    "Suspended",
    "Active-Ending",
    "Cancelled",
    "Revoked",
];
const PRODUCTS: [&str; 4] = ["BangoMusic", "MUSIC", "MUSIC_PREMIUM", "NEWS"];

const DUCKDB: &str = "
import duckdb
c = duckdb.connect(); c.execute('set threads=2')
c.execute('''copy (
 select coalesce(b.BangoEntitlementId, o.EntitlementId), o.ExternalEntitlementId,
  case when b.BangoEntitlementId is null then 'Missing' when o.EntitlementId is null then 'Extra'
  when (o.ProductKey<>b.ProductKey)::int+(upper(o.Status)<>upper(b.Status))::int+(o.CustomerIdentifier<>b.ResellerCustomerId)::int>1 then 'Multiple'
  when o.ProductKey<>b.ProductKey then 'ProductKey' when upper(o.Status)<>upper(b.Status) then 'Status' else 'CustomerIdentifier' end
 from read_csv('ours.csv', header=true, all_varchar=true) o
 full outer join read_csv('bango.csv', header=true, all_varchar=true) b on o.EntitlementId=b.BangoEntitlementId
 where b.BangoEntitlementId is null or o.EntitlementId is null or o.ProductKey<>b.ProductKey
  or upper(o.Status)<>upper(b.Status) or o.CustomerIdentifier<>b.ResellerCustomerId) to 'out.csv' (header)''')
";

const PANDAS: &str = "
import pandas as pd
o = pd.read_csv('ours.csv', dtype=str)
b = pd.read_csv('bango.csv', dtype=str)
m = o.merge(b, how='outer', left_on='EntitlementId', right_on='BangoEntitlementId', indicator=True)
d = m[(m._merge != 'both') | (m.ProductKey_x != m.ProductKey_y) | (m.Status_x.str.upper() != m.Status_y.str.upper())
 | (m.CustomerIdentifier != m.ResellerCustomerId)]
d[['EntitlementId', 'BangoEntitlementId', 'ExternalEntitlementId']].to_csv('out.csv', index=False)
";

/// It compares id, user, status and product; the columns with quotes stand behind them.
const JOIN: &str = r"
export LC_ALL=C
sort -t, -k1,1 --parallel=2 <(tail -n +2 ours.csv | awk -F, -v OFS=, '{print $3,$2,toupper($4),$6}') > a
sort -t, -k1,1 --parallel=2 <(tail -n +2 bango.csv | awk -F, -v OFS=, '{print $2,$1,toupper($3),$6}') > b
join -t, -a1 -a2 -o 0,1.2,1.3,1.4,2.2,2.3,2.4 a b | awk -F, '$2!=$5||$3!=$6||$4!=$7' > out.csv
";

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let differing = write(folder.path());
    println!("{ROWS} rows against {ROWS}, {differing} differences");
    let python = std::env::var("BANGO_BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let ours = [
        env!("CARGO_BIN_EXE_bango-ent"),
        "reconcile",
        "ours.csv",
        "--with",
        "bango.csv",
        "--results",
        "results.csv",
    ];
    let programs: [(&str, Vec<&str>); 4] = [
        ("bango-ent", ours.to_vec()),
        ("DuckDB", vec![&python, "-c", DUCKDB]),
        ("pandas", vec![&python, "-c", PANDAS]),
        ("sort and join", vec!["bash", "-c", JOIN]),
    ];
    let mut figures: Vec<Vec<Figures>> = vec![Vec::new(); programs.len()];
    for round in 0..ROUNDS {
        for ((name, words), figures) in programs.iter().zip(&mut figures) {
            // The slow ones once.
            if figures.last().is_some_and(|last| last.wall > 15.0) {
                continue;
            }
            match run(folder.path(), words) {
                Some(one) => figures.push(one),
                None if round == 0 => println!("{name} cannot be run"),
                None => {}
            }
        }
    }
    let found = std::fs::read_to_string(folder.path().join("results.csv")).unwrap();
    assert_eq!(found.lines().count() - 1, differing, "each difference once");
    let middle: Vec<_> = figures.iter().map(|figures| median(figures)).collect();
    for ((name, _), one) in programs.iter().zip(&middle) {
        let (Some(one), Some(duckdb)) = (one, middle[1]) else {
            continue;
        };
        println!(
            "{name}: {:.2} s, {:.2} s of processor time, {:.0} MiB; beside DuckDB {:.2}, {:.2} and {:.2} times",
            one.wall,
            one.processor,
            one.memory,
            one.wall / duckdb.wall,
            one.processor / duckdb.processor,
            one.memory / duckdb.memory,
        );
    }
    check(folder.path());
}

/// Checks a batch file of Bango's with so many terminations.
fn check(folder: &Path) {
    let mut random = fastrand::Rng::with_seed(8);
    let mut out = BufWriter::new(std::fs::File::create(folder.join("ended.csv")).unwrap());
    out.write_all(b"action,entitlementId,reasonCategory,reasonCode,reasonDescription\r\n")
        .unwrap();
    for row in 0..ROWS {
        let id = Uuid::from_u128(random.u128(..));
        write!(
            out,
            "CANCEL,{id},CUSTOMER_CANCELLED,NOT_RENEWED,row {row}\r\n"
        )
        .unwrap();
    }
    out.flush().unwrap();
    let program = env!("CARGO_BIN_EXE_bango-ent");
    let account = ["BANGO_USERNAME=bench", "BANGO_PASSWORD=bench"];
    let words = [
        &["env"][..],
        &account,
        &[program, "batch", "ended.csv", "--check"],
    ]
    .concat();
    let figures: Vec<_> = (0..ROUNDS).map_while(|_| run(folder, &words)).collect();
    let one = median(&figures).expect("every row is valid");
    println!(
        "batch --check: {:.2} s, {:.2} s of processor time, {:.0} MiB; {:.0} rows/s",
        one.wall,
        one.processor,
        one.memory,
        f64::from(ROWS) / one.wall
    );
}

/// What one run took: seconds, seconds of both cores, and the most memory of its first process, in MiB.
#[derive(Debug, Clone, Copy)]
struct Figures {
    wall: f64,
    processor: f64,
    memory: f64,
}

/// Each the median of its own.
fn median(figures: &[Figures]) -> Option<Figures> {
    let of = |value: fn(&Figures) -> f64| {
        let mut values: Vec<_> = figures.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    Some(Figures {
        wall: of(|one| one.wall)?,
        processor: of(|one| one.processor)?,
        memory: of(|one| one.memory)?,
    })
}

/// Runs a program on two cores. Nothing if it failed.
fn run(folder: &Path, words: &[&str]) -> Option<Figures> {
    // 40 says that differences were found.
    let script = "TIMEFORMAT='%R %U %S'; time taskset -c 0,1 \"$@\" >/dev/null 2>&1; c=$?; [ $c = 0 ] || [ $c = 40 ]";
    let mut child = Command::new("bash")
        .args(["-c", script, "bash"])
        .args(words)
        .current_dir(folder)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let below = format!("/proc/{0}/task/{0}/children", child.id());
    let mut memory = 0.0_f64;
    while child.try_wait().unwrap().is_none() {
        let first = std::fs::read_to_string(&below).unwrap_or_default();
        memory = first
            .split(' ')
            .next()
            .map_or(memory, |id| memory.max(peak(id)));
        std::thread::sleep(Duration::from_millis(3));
    }
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let times: Vec<f64> = said.split_whitespace().flat_map(str::parse).collect();
    let [wall, user, system] = times[..] else {
        return None;
    };
    output.status.success().then_some(Figures {
        wall,
        processor: user + system,
        memory,
    })
}

/// The most memory that a process has used so far, in MiB.
fn peak(process: &str) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let figure = line.map(|line| line.trim().trim_end_matches(" kB"));
    figure.map_or(0.0, |figure| figure.parse::<f64>().unwrap() / 1024.0)
}

/// Writes both files; returns how many differences there are.
fn write(folder: &Path) -> usize {
    let mut random = fastrand::Rng::with_seed(7);
    let file = |name: &str| BufWriter::new(std::fs::File::create(folder.join(name)).unwrap());
    let (mut bango, mut ours) = (file("bango.csv"), Vec::new());
    bango.write_all(b"ResellerCustomerId,BangoEntitlementId,Status,MerchantAccountKey,MerchantEntitlementId,ProductKey,DisplayName,CreatedDate,ActivatedDate,SuspendedDate,ExpiryDate,LastUpdated,EndDate,ExtensionDataFormat,ExtensionData\r\n").unwrap();
    let mut differing = 0;
    for row in 0..ROWS {
        let id = Uuid::from_u128(random.u128(..));
        let (mut status, mut product) = (random.usize(..6), random.usize(..4));
        let (day, month, minute) = (random.u8(1..29), random.u8(1..13), random.u8(..60));
        let mut user = format!("customer-{row:08}");
        let mut own = id;
        let date = format!("{day:02}/{month:02}/2025 10:{minute:02}:00");
        write!(
            bango,
            "{user},{id},{},BANGO,M-{row},{},Bango Music,{date},{date},,31/12/2027 00:00:00,{date},,JSON,\"{{\"\"order\"\":\"\"{row}\"\"}}\"\r\n",
            STATUSES[status], PRODUCTS[product]
        )
        .unwrap();
        let change = random.u16(..1000);
        match change {
            0..6 => status = (status + 1) % 6,
            6..10 => product = (product + 1) % 4,
            10..14 => user.push('x'),
            14..16 => own = Uuid::from_u128(random.u128(..)),
            18..20 => {
                user.push('x');
                status = (status + 1) % 6;
            }
            _ => {}
        }
        // Another id is missing on one side and extra on the other.
        differing += match change {
            14..16 => 2,
            0..20 => 1,
            _ => 0,
        };
        if matches!(change, 16..18) {
            continue;
        }
        let iso = format!("2025-{month:02}-{day:02}T10:{minute:02}:00Z");
        let (status, product) = (STATUSES[status].to_uppercase(), PRODUCTS[product]);
        ours.push(format!(
            "ext-{row},{user},{own},{status},BANGO,{product},,Bango Music,{iso},{iso},,,2027-12-31T00:00:00Z,\r\n"
        ));
    }
    random.shuffle(&mut ours);
    let mut out = file("ours.csv");
    out.write_all(b"ExternalEntitlementId,CustomerIdentifier,EntitlementId,Status,MerchantAccountKey,ProductKey,OfferKey,DisplayName,CreatedDate,ActivatedDate,SuspendedDate,ResumedDate,ExpiryDate,EndDate\r\n").unwrap();
    for line in ours {
        out.write_all(line.as_bytes()).unwrap();
    }
    out.flush().unwrap();
    bango.flush().unwrap();
    differing
}
