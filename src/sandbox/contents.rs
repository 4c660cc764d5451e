//! The control API's requests about all that a sandbox holds: samples, export, import, reset.
#![expect(
    clippy::unnecessary_wraps,
    reason = "every operation has the same shape"
)]

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{ApiRefusal, ResponseCode};
use super::body;
use super::call::{Call, ImportParts};
use super::catalog::Product;
use super::control::{self, clear};
use super::entity::{Entity, SECRET};
use super::lookup::List;
use super::operations;
use super::record::{Status, StoredEntitlement, later, wire_time};
use super::state::State;

/// The highest number that is imported: those that follow it are numbers still.
const HIGHEST: u64 = 1 << 53;

/// How many parts an import has at most.
const MOST_PARTS: usize = 2_000;

/// The entitlements that a sandbox is seeded with: creates, each with its status.
const SAMPLES: &str = include_str!("samples.json");

/// Makes entitlements with customers of their own: those of the body, or one in every status. Those that are there stay.
pub fn seed(call: &mut Call) -> Result<Value, ApiRefusal> {
    let body = control::body(call, &[], &["entitlements"])?;
    let given = match body.get("entitlements") {
        None => serde_json::from_str(SAMPLES).unwrap_or_default(),
        Some(Value::Array(given)) => given.clone(),
        Some(_) => return Err(ApiRefusal::invalid("entitlements")),
    };
    let mut made = Vec::new();
    for (index, sample) in given.iter().enumerate() {
        let refused = |refusal: ApiRefusal| {
            let message = format!("entitlement {}: {}", index + 1, refusal.message);
            ApiRefusal::new(refusal.code, message)
        };
        let mut sample = sample
            .as_object()
            .cloned()
            .ok_or_else(|| refused(ApiRefusal::invalid("body")))?;
        let status = sample
            .shift_remove("status")
            .unwrap_or_else(|| json!("ACTIVE"));
        let status =
            serde_json::from_value(status).map_err(|_| refused(ApiRefusal::invalid("status")))?;
        body::check_members(&sample, body::CREATE, call.now).map_err(refused)?;
        let record = operations::new_record(&sample, call);
        let is_there = call.state.entitlement(record.id()).is_some()
            || call
                .state
                .of_customer(record.customer())
                .any(|other| other.shown.merchant_account_key == record.shown.merchant_account_key);
        if !is_there {
            made.push(seeded(call, record, status));
        }
    }
    Ok(json!({"entitlements": made}))
}

/// Takes a new entitlement to a status without a word to anybody.
fn seeded(call: &mut Call, mut record: StoredEntitlement, to: Status) -> Value {
    record.note(call.now, "created, as a sample");
    let way: &[Status] = match to {
        Status::Pending => &[],
        Status::Active => &[Status::Active],
        _ => &[Status::Active, to],
    };
    for status in way {
        record.transition(*status, call.now, "the sandbox, as a sample");
    }
    if to == Status::ActiveEnding {
        let period = call
            .product(&record)
            .map(Product::period)
            .filter(|period| !period.is_zero());
        let end = later(
            call.now,
            period.unwrap_or(Duration::from_secs(30 * 24 * 3600)),
        );
        record.shown.date_ended = Some(wire_time(end));
    }
    call.state.save(&record);
    record.shown.to_map().into()
}

/// Everything that the sandbox keeps but its secret, to be imported again.
pub fn export(call: &mut Call) -> Result<Value, ApiRefusal> {
    let all = call
        .state
        .everything()
        .filter(|(number, _)| *number != SECRET);
    Ok(json!({"entities": all.collect::<Vec<_>>()}))
}

/// What an export holds, or a part of it.
#[derive(Deserialize)]
struct Export {
    entities: Vec<(u64, Option<Entity>)>,
    /// What all parts of one import have in common.
    #[serde(default)]
    import: String,
    /// Which part of how many; it is the only one unless it says so.
    #[serde(default = "one")]
    part: usize,
    #[serde(default = "one")]
    parts: usize,
}

const fn one() -> usize {
    1
}

impl Export {
    fn read(body: &[u8]) -> Result<Self, ApiRefusal> {
        let read = serde_json::from_slice(body).ok();
        let fits = |export: &Self| {
            let mut numbers = export.entities.iter().map(|(number, _)| *number);
            numbers.all(|number| number <= HIGHEST)
        };
        read.filter(fits)
            .ok_or_else(|| ApiRefusal::invalid("entities"))
    }
}

/// Puts what was exported in the place of all that there is, in one act, once its last part has come.
pub fn import(call: &mut Call) -> Result<Value, ApiRefusal> {
    let body = &call.request.body;
    let sent = Export::read(body)?;
    let (part, parts) = (sent.part, sent.parts);
    for (name, number) in [("part", part), ("parts", parts)] {
        if !(1..=MOST_PARTS).contains(&number) {
            return Err(ApiRefusal::invalid(name));
        }
    }
    let known = &mut call.memory.import;
    if part == 1 {
        *known = ImportParts::default();
        known.id.clone_from(&sent.import);
    }
    if known.id != sent.import || known.bodies.len() + 1 < part || part > parts {
        let message = "the parts before this one are not here: another import has begun, or they have waited too long";
        return Err(ApiRefusal::new(ResponseCode::Conflict, message));
    }
    known.bodies.truncate(part - 1);
    known.since = Some(Instant::now());
    if part < parts {
        known.bodies.push(body.clone());
    } else {
        reset(call)?;
        for body in &call.memory.import.bodies {
            put(call.state, Export::read(body)?);
        }
        put(call.state, sent);
        call.now = call.state.now();
    }
    Ok(json!({"entitlements": call.state.lookup().count(List::Entitlements)}))
}

fn put(state: &mut State, export: Export) {
    for (number, entity) in export.entities {
        if number != SECRET {
            state.change(number, entity);
        }
    }
}

/// Forgets everything, the clock included.
pub fn reset(call: &mut Call) -> Result<Value, ApiRefusal> {
    let all = call.state.everything().map(|(number, _)| number);
    let numbers: Vec<u64> = all.filter(|number| *number != SECRET).collect();
    clear(call, &numbers);
    call.memory.is_replaced = true;
    Ok(json!({"entitlements": 0}))
}
