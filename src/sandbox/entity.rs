//! What the sandbox keeps: the kinds of entities, what each is found by, and how many of them there are at most. It holds none.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::delivery::QueuedNotification;
use super::faults::FaultRule;
use super::lookup::{List, Listed};
use super::record::StoredEntitlement;
use super::requests::LoggedRequest;

/// An answer kept under its `X-RequestIdentifier`.
#[derive(Debug, Serialize, Deserialize)]
pub struct KeptAnswer {
    pub identifier: String,
    /// A digest of method, path and body.
    pub digest: String,
    pub status: u16,
    pub body: Box<RawValue>,
}

/// A registration link.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Link {
    pub token: String,
    /// The id of the entitlement that it activates.
    pub entitlement: String,
    /// When it stops working, in milliseconds since 1970.
    pub expires: i64,
}

/// How far the sandbox's time is ahead of the real one.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Clock {
    /// In milliseconds.
    pub ahead: i64,
    /// The time that it was last moved to, in milliseconds since 1970.
    pub moved_to: i64,
}

/// One thing in the state, kept under the number that it was given when it was made. Numbers rise.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Entity {
    /// What form tokens are made with.
    Secret(String),
    Entitlement(Box<StoredEntitlement>),
    Notification(Box<QueuedNotification>),
    Answer(KeptAnswer),
    Link(Link),
    Request(Box<LoggedRequest>),
    Clock(Clock),
    Fault(FaultRule),
}

/// The number of the secret: the first entity in every log.
pub const SECRET: u64 = 0;

/// What entities are found by. An index holds them in the order of a time and then of their numbers.
#[derive(Debug, PartialEq, Eq, Hash)]
pub enum Index {
    EntitlementId(String),
    RequestIdentifier(String),
    LinkToken(String),
    /// Those of a customer that have not ended.
    Live(String),
    /// By when they ended: those of a customer, and all.
    Ended(String),
    AllEnded,
    /// Entitlements, by when time alone changes them.
    Timers,
    /// Those of an entitlement.
    Notifications(u64),
    /// Those that no longer wait first.
    AllNotifications,
    /// Those that no longer wait.
    PastNotifications,
    /// Notifications, by when they are sent.
    Deliveries,
    Answers,
    /// By when they expire: those of an entitlement, and all.
    Links(String),
    AllLinks,
    Requests,
    Clock,
    Faults,
}

impl Index {
    /// How many entities it holds at most; the first go first. `docs/sandbox.md` lists these bounds.
    pub fn bound(&self) -> usize {
        match self {
            // After an id was forgotten, another entitlement may have it.
            Self::EntitlementId(_)
            | Self::RequestIdentifier(_)
            | Self::LinkToken(_)
            | Self::Clock => 1,
            Self::Ended(_) => 1_000,
            Self::Requests | Self::PastNotifications => 10_000,
            Self::Notifications(_) | Self::Links(_) | Self::Faults => 100,
            Self::AllNotifications => 50_000,
            Self::AllEnded | Self::Answers | Self::AllLinks => 100_000,
            Self::Live(_) | Self::Timers | Self::Deliveries => usize::MAX,
        }
    }
}

impl Entity {
    /// The indexes that it is in, and at what time.
    pub fn indexes(&self) -> Vec<(Index, i64)> {
        match self {
            Self::Secret(_) => Vec::new(),
            Self::Entitlement(record) => {
                let (id, customer) = (record.id().to_owned(), record.customer().to_owned());
                let mut indexes = vec![(Index::EntitlementId(id), 0)];
                match record.ended() {
                    Some(at) => {
                        indexes.extend([(Index::Ended(customer), at), (Index::AllEnded, at)]);
                    }
                    None => indexes.push((Index::Live(customer), 0)),
                }
                indexes.extend(record.due().map(|at| (Index::Timers, at)));
                indexes
            }
            Self::Notification(notification) => {
                let waits = i64::from(notification.next.is_some());
                let mut indexes = vec![
                    (Index::AllNotifications, waits),
                    (Index::Notifications(notification.entitlement), 0),
                ];
                indexes.push(match notification.next {
                    Some(at) => (Index::Deliveries, at),
                    None => (Index::PastNotifications, 0),
                });
                indexes
            }
            Self::Answer(kept) => vec![
                (Index::RequestIdentifier(kept.identifier.clone()), 0),
                (Index::Answers, 0),
            ],
            Self::Link(link) => vec![
                (Index::LinkToken(link.token.clone()), 0),
                (Index::Links(link.entitlement.clone()), link.expires),
                (Index::AllLinks, link.expires),
            ],
            Self::Request(_) => vec![(Index::Requests, 0)],
            Self::Clock(_) => vec![(Index::Clock, 0)],
            Self::Fault(_) => vec![(Index::Faults, 0)],
        }
    }

    /// The list of the dashboard that it is a row of, and what it is found by there.
    pub fn listed(&self) -> Option<Listed> {
        Some(match self {
            Self::Entitlement(record) => Listed::new(
                List::Entitlements,
                &[
                    ("status", &record.status().to_string()),
                    ("product", &record.shown.product_key),
                ],
                &[record.customer(), record.id()],
            ),
            Self::Request(request) => Listed::new(
                List::Requests,
                &[
                    ("code", &request.outcome()),
                    ("operation", request.operation.as_deref().unwrap_or("")),
                ],
                &[
                    &request.customer_identifier,
                    &request.entitlement_id,
                    request.request_identifier.as_deref().unwrap_or(""),
                ],
            ),
            Self::Notification(notification) => Listed::new(
                List::Notifications,
                &[
                    ("state", notification.state()),
                    ("reason", &notification.reason),
                ],
                &[&notification.customer, &notification.id],
            ),
            _ => return None,
        })
    }
}
