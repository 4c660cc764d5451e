//! Asks the platform what became of a row whose answer was lost: reads, compares, and never sends a change.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::outcome::{OUTCOME_UNKNOWN, RowOutcome, RowResult, is_another, mixed_up};
use super::row::{InputRow, RowAction};
use super::states::Since;
use crate::api::types::{BENEFITS_NORMAL, EntitlementQuery, ResponseCode, Status, field};
use crate::api::value::moment;
use crate::api::{self, Client, ErrorKind, Request};

/// The clocks may differ by so much from what is known of them.
pub const CLOCK_DIFFERENCE: SignedDuration = SignedDuration::from_mins(5);

/// What the look-up came to.
#[derive(Debug)]
pub enum LookedUp {
    /// The request was not acted on: it may be sent.
    Nothing,
    /// What became of it.
    Result(Box<RowResult>),
}

/// Looks a row up; fails if the platform does not say.
pub fn find(
    client: &Client,
    row: &InputRow,
    since: Since,
    has_duplicates: bool,
) -> Result<LookedUp, api::Error> {
    match row.action {
        RowAction::Create => created(client, row, since, has_duplicates),
        _ => changed(client, row, since),
    }
}

/// Reads the entitlement that a row is about: by its id, or the one that its user has now.
pub fn state(client: &Client, row: &InputRow) -> Result<LookedUp, api::Error> {
    let result = |result| Ok(LookedUp::Result(Box::new(result)));
    let client = client.brief();
    if !row.entitlement_id.is_empty() {
        let answer = client.send(client.get(&row.entitlement_id))?;
        let id = answer.text(field::ENTITLEMENT_ID);
        if is_another(id, Some(&row.entitlement_id)) {
            return Err(mixed_up(&answer));
        }
        return result(RowResult {
            record: Some(kept(&answer.body)),
            ..RowResult::of_answer(&answer)
        });
    }
    let answer = client.send(report(&client, row))?;
    let Some(records) = listed(&answer) else {
        return Ok(unclear(NO_LIST, None));
    };
    let records = asked_for(records, row).ok_or_else(|| mixed_up(&answer))?;
    let is_over =
        |record: &&Record| matches!(status(record), Some(Status::Cancelled | Status::Revoked));
    let ended = |record: &&Record| {
        let time = |name| text(record, name).and_then(moment);
        time(field::DATE_ENDED).or_else(|| time(field::DATE_LAST_UPDATED))
    };
    let (over, live): (Vec<_>, Vec<_>) = records.into_iter().partition(is_over);
    let latest = over.iter().max_by_key(|record| ended(record));
    match (live.as_slice(), latest) {
        ([record], _) | ([], Some(record)) => result(read_as(record)),
        ([], None) => result(RowResult {
            outcome: RowOutcome::Refused,
            code: ResponseCode::NotFound.as_str().to_owned(),
            message: "the user has no such entitlement".to_owned(),
            ..RowResult::default()
        }),
        (several, _) => {
            let shown = several.iter().take(MOST_NAMED);
            let ids: Vec<_> = shown
                .filter_map(|record| text(record, field::ENTITLEMENT_ID))
                .collect();
            let (count, ids) = (several.len(), ids.join(", "));
            let why = format!(
                "the user has {count} such entitlements: {ids}; give an entitlement_id, or product and merchant"
            );
            Ok(unclear(&why, None))
        }
    }
}

/// Entitlements of one user that are named where there is more than one.
const MOST_NAMED: usize = 5;

fn read_as(record: &Record) -> RowResult {
    let own = |name: &str| text(record, name).map(str::to_owned);
    RowResult {
        outcome: RowOutcome::Done,
        code: ResponseCode::Ok.as_str().to_owned(),
        entitlement_id: own(field::ENTITLEMENT_ID),
        status: own(field::STATUS),
        record: Some(kept(record)),
        ..RowResult::default()
    }
}

/// What the journal keeps of an entitlement: what our records may be compared with.
fn kept(record: &Record) -> Record {
    let names = field::RECORD.into_iter();
    let given = names.filter_map(|name| Some((name.to_owned(), text(record, name)?.into())));
    given.collect()
}

type Record = Map<String, Value>;

fn text<'a>(record: &'a Record, name: &str) -> Option<&'a str> {
    record.get(name).and_then(Value::as_str)
}

fn status(record: &Record) -> Option<Status> {
    text(record, field::STATUS).and_then(Status::parse)
}

/// When the intent was by the platform's clock; `None` if our clock was wrong then and nobody knows by how much.
/// If no answer told its difference then, it is taken to be that of this answer.
fn by_platform(since: Since, answer: &api::Answer) -> Option<Timestamp> {
    let now = Timestamp::now();
    let told = answer.date.unwrap_or(now);
    let ahead = since.ahead.unwrap_or_else(|| told.duration_since(now));
    let at = since.at.saturating_add(ahead).ok()?;
    (at <= told.saturating_add(CLOCK_DIFFERENCE).ok()?).then_some(at)
}

/// Whether something happened since our intent, as far as the two clocks can tell. What has no date may have.
fn is_since(record: &Record, name: &str, since: Timestamp) -> bool {
    let date = text(record, name).and_then(moment);
    date.is_none_or(|date| {
        date.saturating_add(CLOCK_DIFFERENCE)
            .is_ok_and(|date| date >= since)
    })
}

/// What a reading request brings; `None` if there is no such thing.
fn read(client: &Client, request: Request) -> Result<Option<api::Answer>, api::Error> {
    match client.send(request) {
        Ok(answer) => Ok(Some(answer)),
        Err(error) => match &*error.kind {
            ErrorKind::Refused(answer) if answer.code == ResponseCode::NotFound => Ok(None),
            _ => Err(error),
        },
    }
}

/// A create was acted on if the user has, or had, such an entitlement that is not older than the intent.
/// An older one is not ours: the row is sent, and Bango decides as it would have the first time.
fn created(
    client: &Client,
    row: &InputRow,
    since: Since,
    has_duplicates: bool,
) -> Result<LookedUp, api::Error> {
    let own = |name: &str| text(&row.body, name);
    let own_id = own(field::ENTITLEMENT_ID);
    let request = own_id.map_or_else(|| report(client, row), |id| client.get(id));
    let Some(answer) = read(&client.brief(), request)? else {
        return Ok(LookedUp::Nothing);
    };
    let Some(records) = own_id.map_or_else(|| listed(&answer), |_| Some(vec![&answer.body])) else {
        return Ok(unclear(NO_LIST, None));
    };
    let records = asked_for(records, row).ok_or_else(|| mixed_up(&answer))?;
    let Some(since) = by_platform(since, &answer) else {
        return Ok(match records.first() {
            None => LookedUp::Nothing,
            Some(_) => unclear(NO_CLOCK, None),
        });
    };
    let is_since = |record: &&Record| is_since(record, field::DATE_CREATED, since);
    let ours: Vec<_> = records.into_iter().filter(is_since).collect();
    Ok(match ours.as_slice() {
        [] => LookedUp::Nothing,
        [record] if own_id.is_some() || !has_duplicates => of_create(record),
        _ => unclear(
            "the user has more than one such entitlement, or may have; decide by hand",
            None,
        ),
    })
}

/// Asks for the entitlements of a row's user.
fn report(client: &Client, row: &InputRow) -> Request {
    let own = |name: &str| text(&row.body, name).map(str::to_owned);
    client.report(&EntitlementQuery {
        customer_identifier: own(field::CUSTOMER_IDENTIFIER).unwrap_or_default(),
        product_key: own(field::PRODUCT_KEY),
        status: None,
    })
}

/// Why an entitlement that is there cannot be told from an older one.
const NO_CLOCK: &str = "the clock of this machine was wrong when the row was sent, so the entitlement that is there may be an older one; decide by hand";
/// What a report that is none is said to be.
const NO_LIST: &str = "the report has no list of entitlements";

fn listed(answer: &api::Answer) -> Option<Vec<&Record>> {
    let list = answer.body.get(field::ENTITLEMENTS)?.as_array()?;
    Some(list.iter().filter_map(Value::as_object).collect())
}

/// Those of a user, merchant and product that a row is about; none at all if one is not what was asked for.
/// What a record does not say may be so.
fn asked_for<'r>(records: Vec<&'r Record>, row: &InputRow) -> Option<Vec<&'r Record>> {
    let own = |name: &str| text(&row.body, name);
    let differs = |record: &Record, name: &str| is_another(text(record, name), own(name));
    // An entitlement that was asked for by its id may be that of another user.
    let asked_by = match own(field::ENTITLEMENT_ID) {
        Some(_) => field::ENTITLEMENT_ID,
        None => field::CUSTOMER_IDENTIFIER,
    };
    let is_mixed_up = |record: &&Record| differs(record, asked_by);
    let is_other = |record: &&Record| {
        let names = [
            field::CUSTOMER_IDENTIFIER,
            field::MERCHANT_ACCOUNT_KEY,
            field::PRODUCT_KEY,
        ];
        names.iter().any(|name| differs(record, name))
    };
    if records.iter().any(is_mixed_up) {
        return None;
    }
    Some(
        records
            .into_iter()
            .filter(|record| !is_other(record))
            .collect(),
    )
}

/// What the entitlement that a create made says about it.
fn of_create(record: &Record) -> LookedUp {
    match status(record) {
        Some(Status::Failed) => unclear(
            "the merchant did not answer Bango; read the entitlement later",
            Some(record),
        ),
        Some(Status::Cancelled | Status::Revoked) => unclear(
            "the entitlement was created and has ended since; decide by hand",
            Some(record),
        ),
        Some(Status::Pending) => {
            let id = text(record, field::ENTITLEMENT_ID).unwrap_or("ID");
            let why = format!(
                "the answer was lost; the entitlement was found by looking it up; bango-ent activation-url {id} shows where the user must go"
            );
            let code = ResponseCode::ClientActionRequired.as_str();
            concluded(RowOutcome::Done, code, &why, Some(record))
        }
        _ => found(record),
    }
}

/// Fields of an update that every record has a place for: there, one that is missing is empty.
const SHOWN: [&str; 4] = [
    field::CUSTOMER_IDENTIFIER,
    field::PRODUCT_KEY,
    field::DATE_EXPIRY,
    field::EXTENSION_DATA,
];

/// Whether a record has what an update sent; `None` if no record shows it.
fn is_as_sent(record: &Record, name: &str, sent: &Value) -> Option<bool> {
    if name == field::ENTITLEMENT_BENEFITS {
        // Bango documents one value; the others are there to suspend.
        let wanted = if sent == BENEFITS_NORMAL {
            Status::Active
        } else {
            Status::Suspended
        };
        return Some(status(record) == Some(wanted));
    }
    let Some(now) = record.get(name) else {
        return SHOWN.contains(&name).then_some(false);
    };
    let date = |value: &Value| value.as_str().and_then(moment);
    let is_same_date =
        || name == field::DATE_EXPIRY && date(now).is_some_and(|now| date(sent) == Some(now));
    Some(now == sent || is_same_date())
}

/// Whether an entitlement is as an update wants it, as far as its record shows that: one field at least, and all of them
/// if nothing has touched it since the intent.
fn is_updated(row: &InputRow, record: &Record, is_touched: bool) -> bool {
    let fields = row.body.iter();
    let told: Vec<_> = fields
        .map(|(name, sent)| is_as_sent(record, name, sent))
        .collect();
    let is_as_shown = told.contains(&Some(true)) && !told.contains(&Some(false));
    is_as_shown && (is_touched || !told.contains(&None))
}

/// A change was acted on if the entitlement is as the change wants it; it was not if nothing has touched it since the intent.
fn changed(client: &Client, row: &InputRow, since: Since) -> Result<LookedUp, api::Error> {
    let Some(answer) = read(client, client.get(&row.entitlement_id))? else {
        return Ok(LookedUp::Nothing);
    };
    let record = &answer.body;
    let id = text(record, field::ENTITLEMENT_ID);
    if is_another(id, Some(&row.entitlement_id)) {
        return Err(mixed_up(&answer));
    }
    let now = status(record);
    let since = by_platform(since, &answer);
    let is_touched = since.is_none_or(|since| is_since(record, field::DATE_LAST_UPDATED, since));
    let is_as_wanted = match row.action {
        RowAction::Suspend => now == Some(Status::Suspended),
        RowAction::Resume => now == Some(Status::Active),
        RowAction::Cancel => matches!(now, Some(Status::ActiveEnding | Status::Cancelled)),
        RowAction::Revoke => now == Some(Status::Revoked),
        RowAction::Create | RowAction::Update | RowAction::Get => {
            is_updated(row, record, is_touched)
        }
    };
    Ok(if is_as_wanted {
        found(record)
    } else if is_touched {
        unclear(
            "the entitlement was changed since, by this row or by somebody else; decide by hand",
            Some(record),
        )
    } else {
        LookedUp::Nothing
    })
}

fn found(record: &Record) -> LookedUp {
    let why = "the answer was lost; the entitlement was found by looking it up";
    concluded(
        RowOutcome::Done,
        ResponseCode::Ok.as_str(),
        why,
        Some(record),
    )
}

fn unclear(why: &str, record: Option<&Record>) -> LookedUp {
    concluded(RowOutcome::Unclear, OUTCOME_UNKNOWN, why, record)
}

fn concluded(outcome: RowOutcome, code: &str, why: &str, record: Option<&Record>) -> LookedUp {
    let own = |name: &str| {
        record
            .and_then(|record| text(record, name))
            .map(str::to_owned)
    };
    LookedUp::Result(Box::new(RowResult {
        outcome,
        code: code.to_owned(),
        entitlement_id: own(field::ENTITLEMENT_ID),
        status: own(field::STATUS),
        looked_up: true,
        ..RowResult::unanswered(why.to_owned())
    }))
}
