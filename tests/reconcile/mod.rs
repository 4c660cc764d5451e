//! `reconcile`.

mod answers;
mod compare;
mod far_side;
mod fix;
mod inputs;
mod live;
#[cfg(unix)]
mod nightly;

use std::path::PathBuf;

use crate::exchange::golden_text;
use crate::support::cli::{Home, Outcome};

pub const ER: &str = "ER_V1_D_20261124.csv";
pub const OURS: &str = "ours.csv";
/// The header of a report.
pub const REPORT: &str = "ResellerCustomerId,BangoEntitlementId,Status,MerchantAccountKey,MerchantEntitlementId,ProductKey,DisplayName,CreatedDate,ActivatedDate,SuspendedDate,ExpiryDate,LastUpdated,EndDate,ExtensionDataFormat,ExtensionData\n";

/// A home with our records and a report: one matches, one differs in its status, one in several things, one is missing.
pub fn home() -> Home {
    let home = Home::new();
    home.write(OURS, golden_text("correlation.csv"));
    home.write(ER, golden_text(ER));
    home.write("bango.csv", golden_text(ER));
    home.write("answer.csv", golden_text("answer.csv"));
    home
}

/// Runs `reconcile` with these arguments.
pub fn reconcile(home: &Home, arguments: &[&str]) -> Outcome {
    home.bango_ent().arg("reconcile").args(arguments).run()
}

/// A line of a report, with its last update on this day of November 2026.
pub fn line(user: &str, id: u32, status: &str, product: &str, day: u32) -> String {
    format!(
        "{user},9d6b3a3e-0000-4000-8000-{id:012},{status},BANGO,,{product},,01/10/2026 08:00:00,,,,{day:02}/11/2026 08:00:00,,,\n"
    )
}

/// What a file in a home holds.
pub fn read(home: &Home, name: &str) -> String {
    std::fs::read_to_string(home.path().join(name)).unwrap()
}

/// The files in a home.
pub fn files(home: &Home) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(home.path()).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}
