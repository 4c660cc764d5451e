//! Several reads, one after the other: what was read is shown, whatever became of the others.

use serde_json::{Map, Value, json};

use super::entitlement;
use crate::api::{Answer, Client, Request};
use crate::context::Context;
use crate::ending::{Code, Ending};
use crate::report::Report;
use crate::terminal::Shown;

/// So many reads are one command; what is more wants a journal.
const MOST: usize = 100;

pub struct Reads {
    key: &'static str,
    /// Each id once, in the order given.
    ids: Vec<String>,
    /// The columns that are shown; none stands for all.
    columns: Vec<String>,
}

#[derive(Default)]
struct Read {
    /// The entitlements by read.
    groups: Vec<Vec<Value>>,
    failures: Vec<(String, Ending)>,
    /// After a failure that would have been everyone's.
    not_asked: Vec<String>,
}

impl Reads {
    /// Refuses more than can be watched.
    pub fn new(
        key: &'static str,
        given: Vec<String>,
        columns: Vec<String>,
    ) -> Result<Self, Ending> {
        let mut ids = Vec::new();
        for id in given {
            if !ids.contains(&id) {
                ids.push(id);
            }
            if ids.len() > MOST {
                let why = format!("these are more than {MOST} reads; nothing was sent");
                return Err(Ending::usage(why).next(
                    "bango-ent batch FILE --action get reads as many as there are, continues after any end and keeps to a rate",
                ));
            }
        }
        Ok(Self { key, ids, columns })
    }

    /// Reads one after the other and shows what was read; `found` takes the entitlements out of an answer.
    pub fn run(
        self,
        cx: &Context,
        request: impl Fn(&Client, &str) -> Request,
        found: impl Fn(&str, Answer) -> Result<Vec<Value>, Ending>,
    ) -> Result<Report, Ending> {
        let client = cx.client()?;
        if cx.is_dry_run() {
            let requests = self.ids.iter().map(|id| request(client, id));
            return cx.preview_all(client, requests);
        }
        let mut read = Read::default();
        let mut ids = self.ids.into_iter();
        for id in ids.by_ref() {
            let answer = cx.send(request(client, &id));
            match answer.and_then(|answer| found(&id, answer)) {
                Ok(group) => read.groups.push(group),
                Err(ending) => {
                    let is_everyones = is_everyones(&ending);
                    read.failures.push((id, ending));
                    if is_everyones {
                        break;
                    }
                }
            }
        }
        read.not_asked = ids.collect();
        Ok(read.report(cx, self.key, &self.columns))
    }
}

/// Whether the next read would fail in the same way, or should not be sent: it is about the account, the connection or the service.
fn is_everyones(ending: &Ending) -> bool {
    use Code::{ServiceUnavailable, TooManyRequests, Unauthorized};
    ending.http_status.is_none()
        || [Unauthorized, TooManyRequests, ServiceUnavailable].contains(&ending.code)
}

impl Read {
    fn report(self, cx: &Context, key: &'static str, columns: &[String]) -> Report {
        let failure = |(id, ending): &(String, Ending)| {
            let about = Map::from_iter([(key.to_owned(), json!(id))]);
            let error = cx.failure(ending);
            about.into_iter().chain(error).collect::<Map<_, _>>()
        };
        let failures: Vec<_> = self.failures.iter().map(failure).collect();
        let document = json!({
            "entitlements": self.groups.iter().flatten().collect::<Vec<_>>(),
            "failures": failures,
            "notAsked": self.not_asked,
        });
        let groups = self.groups.iter();
        let records = groups.flat_map(|group| entitlement::newest_first(group));
        let table = entitlement::table(&records.collect::<Vec<_>>(), true, columns);
        Report {
            is_beside: true,
            ending: self.ending(),
            ..Report::new(Shown::new(document, table))
        }
    }

    /// The failure that stopped the reads, or the one that all share, decides; else it is that not all was done.
    fn ending(mut self) -> Option<Ending> {
        let (failed, not_asked) = (self.failures.len(), self.not_asked.len());
        let count = self.groups.len() + failed + not_asked;
        let told = |(id, ending): &(String, Ending)| format!("{id}: {}", ending.message);
        let mut points: Vec<_> = self.failures.iter().map(told).collect();
        let is_retryable = self.failures.iter().any(|(_, ending)| ending.retryable);
        let (_, last) = self.failures.pop()?;
        let mut message = format!("{failed} of {count} reads failed");
        if let Some(first) = self.not_asked.first() {
            message.push_str(", the last for a reason that is not its own");
            points.push(format!("not asked: {not_asked}, from {first} on"));
        }
        let alike = |(_, ending): &(String, Ending)| ending.code == last.code;
        let is_one = not_asked > 0 || is_everyones(&last) || self.failures.iter().all(alike);
        let ending = match (self.failures.is_empty(), is_one) {
            (true, _) => {
                points.extend(last.points);
                Ending {
                    points: Vec::new(),
                    ..last
                }
            }
            (false, true) => Ending {
                name: last.name,
                effect: last.effect,
                next: last.next,
                ..Ending::new(last.code, "")
            },
            (false, false) => Ending {
                effect: last.effect,
                ..Ending::new(Code::BatchIncomplete, "")
            }
            .next(
                "each failure says what was wrong with it; ask for these again when that is mended",
            ),
        };
        Some(Ending {
            message,
            points,
            retryable: is_retryable,
            ..ending
        })
    }
}
