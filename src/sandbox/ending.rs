//! The operations that end an entitlement or undo that: `cancel`, `revoke`, `reactivate`, and what time alone ends.

use serde_json::Value;

use super::answer::{Answer, Code, Stop};
use super::call::{Call, later};
use super::catalog::Termination;
use super::fields;
use super::lifecycle;
use super::outbox;
use super::record::{Record, Status, wire_time};
use super::settings::Settings;
use super::tables::{Due, Tables};

/// Ends an entitlement softly.
pub fn cancel(call: &mut Call) -> Result<Answer, Stop> {
    end(call, Status::Cancelled)
}

/// Ends an entitlement now.
pub fn revoke(call: &mut Call) -> Result<Answer, Stop> {
    end(call, Status::Revoked)
}

/// Takes back a cancel before its date.
pub fn reactivate(call: &mut Call) -> Result<Answer, Stop> {
    let mut record = call.entitlement(call.argument)?;
    if record.status() != Status::ActiveEnding {
        let message = format!(
            "an entitlement that is {} cannot be reactivated",
            record.status().name()
        );
        return Err(Stop::Refused(Code::Conflict, message));
    }
    call.enter(&mut record, Status::Active, "the reseller")?;
    call.tables.save(&record)?;
    Ok(Answer::showing(&record))
}

fn end(call: &mut Call, to: Status) -> Result<Answer, Stop> {
    let body = fields::object(call.request)?;
    let category = fields::required(&body, "cancelReasonCategory")?;
    let code = fields::required(&body, "cancelReasonCode")?;
    if !matches!(
        body.get("cancelReasonDescription"),
        None | Some(Value::Null | Value::String(_))
    ) {
        return Err(Stop::invalid("cancelReasonDescription"));
    }
    let mut record = call.entitlement(call.argument)?;
    let status = record.status();
    let product = call.product(&record);
    let termination = product.map_or(Termination::Immediate, |product| product.termination);
    let ends = later(
        call.now,
        product
            .map(super::catalog::Product::period)
            .unwrap_or_default(),
    );

    if lifecycle::allows(status, to) {
        record.note(
            call.now,
            format!(
                "{} asked for, by the reseller: {category}, {code}",
                verb(to)
            ),
        );
    }
    if termination == Termination::Delayed
        && lifecycle::allows(status, to)
        && status != Status::Pending
    {
        call.tables
            .plan(ends, &Due::Terminate(record.id().to_owned(), to))?;
        call.tables.save(&record)?;
        let mut answer = Answer::showing(&record);
        answer.http = 202;
        answer.body.insert(
            "responseMessage".to_owned(),
            "Queued at the merchant".into(),
        );
        return Ok(answer);
    }
    let soft = to == Status::Cancelled && status == Status::Active;
    if soft && termination == Termination::PeriodEnd {
        record.set("dateEnded", wire_time(ends));
        call.tables
            .plan(ends, &Due::Reached(record.id().to_owned()))?;
        call.enter(&mut record, Status::ActiveEnding, "the reseller")?;
    } else {
        call.enter(&mut record, to, "the reseller")?;
    }
    call.tables.save(&record)?;
    Ok(Answer::showing(&record))
}

fn verb(to: Status) -> &'static str {
    if to == Status::Revoked {
        "revoke"
    } else {
        "cancel"
    }
}

/// Carries out what was planned for an entitlement, if it still applies.
pub fn fall_due(
    tables: &mut Tables,
    settings: &Settings,
    due: &Due,
    now: jiff::Timestamp,
) -> anyhow::Result<()> {
    let (id, wanted) = match due {
        Due::Terminate(id, to) => (id, Some(*to)),
        Due::Reached(id) => (id, None),
        Due::Deliver(_) => return Ok(()),
    };
    let Some(mut record) = tables.entitlement(id)? else {
        return Ok(());
    };
    let (to, by) = match wanted {
        Some(to) => (to, "the merchant"),
        None if has_run_out(&record, now) => (Status::Cancelled, "Bango, on its date"),
        None => return Ok(()),
    };
    if lifecycle::allows(record.status(), to) {
        let reason = lifecycle::enter(&mut record, to, now, by);
        outbox::queue(tables, settings, &mut record, reason, now)?;
        tables.save(&record)?;
    }
    Ok(())
}

fn has_run_out(record: &Record, now: jiff::Timestamp) -> bool {
    let past = |field| record.date(field).is_some_and(|date| date <= now);
    past("dateExpiry") || (record.status() == Status::ActiveEnding && past("dateEnded"))
}
