//! Notifications on their way: what is sent, when it is tried again, and how each try went. It opens no connection.

use std::time::Duration;

use anyhow::Result;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::call::later;
use super::lifecycle::Reason;
use super::record::{Record, wire_time};
use super::settings::Settings;
use super::tables::{Due, DueKey, Tables};

/// One notification.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Notification {
    /// The entitlement that it is about.
    pub entitlement: String,
    /// Bango's name of the reason.
    pub reason: String,
    /// Where it goes.
    pub url: String,
    /// The JSON that is posted.
    pub body: String,
    /// When it was queued, in the wire's format.
    pub queued: String,
    /// How often it was tried.
    pub tries: u32,
    /// How the last try went, in a few words; empty before the first.
    pub outcome: String,
    /// Whether a try was answered with 2xx.
    pub delivered: bool,
}

/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// The longest time that a notification is held back when they are shuffled.
const LONGEST_HOLD: u64 = 3_000;

/// Queues the notification that an entitlement has changed, if it has a notification URL; the caller saves the record.
pub fn queue(
    tables: &mut Tables,
    settings: &Settings,
    record: &mut Record,
    reason: Reason,
    now: Timestamp,
) -> Result<()> {
    let Some(url) = record.notification_url.clone() else {
        return Ok(());
    };
    let notification = Notification {
        entitlement: record.id().to_owned(),
        reason: reason.name().to_owned(),
        url,
        body: serde_json::to_string(&body(record, reason))?,
        queued: wire_time(now),
        tries: 0,
        outcome: String::new(),
        delivered: false,
    };
    let copies = if settings.duplicate_notifications {
        2
    } else {
        1
    };
    for _ in 0..copies {
        let number = tables.next()?;
        tables.keep_notification(number, &notification)?;
        record.add_notification(number);
        let hold = if settings.shuffle_notifications {
            fastrand::u64(..LONGEST_HOLD)
        } else {
            0
        };
        tables.plan(
            later(now, Duration::from_millis(hold)),
            &Due::Deliver(number),
        )?;
    }
    Ok(())
}

fn body(record: &Record, reason: Reason) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("responseCode".to_owned(), "OK".into());
    body.insert("responseMessage".to_owned(), "Success".into());
    body.insert("parameters".to_owned(), Value::Null);
    body.insert("notificationReason".to_owned(), reason.name().into());
    body.extend(record.fields.clone());
    body
}

/// Notes how a try went, and plans the next one unless it was the last.
pub fn tried(
    tables: &mut Tables,
    key: DueKey,
    number: u64,
    outcome: &Result<u16, String>,
    now: Timestamp,
) -> Result<()> {
    tables.done(key)?;
    let Some(mut notification) = tables.notification::<Notification>(number)? else {
        return Ok(());
    };
    notification.tries += 1;
    notification.delivered = matches!(outcome, Ok(200..=299));
    notification.outcome = match outcome {
        Ok(status) => format!("HTTP {status}"),
        Err(problem) => problem.clone(),
    };
    if !notification.delivered {
        tables.plan(later(now, pause(notification.tries)), &Due::Deliver(number))?;
    }
    tables.keep_notification(number, &notification)
}

/// Returns how long to wait after so many tries: 1 s, 2 s, 4 s … up to five minutes.
fn pause(tries: u32) -> Duration {
    let seconds = 1_u64 << tries.saturating_sub(1).min(16);
    Duration::from_secs(seconds).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_five_minutes() {
        let seconds: Vec<u64> = [1, 2, 3, 9, 10, 1000]
            .map(|tries| pause(tries).as_secs())
            .into();
        assert_eq!(seconds, [1, 2, 4, 256, 300, 300]);
    }
}
