//! What `--until` waits for, and whether it can still be reached. Pure.

use super::received::Received;
use crate::api::check_text;
use crate::api::types::Status;

/// An entitlement and the status that it shall reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    id: String,
    status: Status,
}

/// Where the goals stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GoalProgress {
    /// None is reached, and one still can be.
    Waiting,
    /// One is reached.
    Reached,
    /// None can be reached any more: the last one's entitlement has ended, as this says.
    Lost(String),
}

/// Several goals, one of which is enough.
#[derive(Debug, Default)]
pub struct Goals(Vec<Goal>);

impl Goal {
    /// Reads `ID=STATUS`; the status in any case.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (id, status) = text
            .rsplit_once('=')
            .ok_or("it must be ID=STATUS, for example 9d6b3a3e=ACTIVE")?;
        check_text(id).map_err(|why| format!("the entitlement id {why}"))?;
        let awaited = Status::AWAITED.iter().copied();
        let status = awaited
            .clone()
            .find(|awaited| awaited.as_str().eq_ignore_ascii_case(status))
            .ok_or_else(|| {
                let known: Vec<_> = awaited.map(Status::as_str).collect();
                let known = known.join(", ");
                format!("{status:?} is no status to wait for; those are {known}")
            })?;
        Ok(Self {
            id: id.to_owned(),
            status,
        })
    }
}

impl Goals {
    /// Waits for one of these.
    pub fn new(goals: Vec<Goal>) -> Self {
        Self(goals)
    }

    /// Tells whether there is anything to wait for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Looks at a notification. A late one counts for nothing: the entitlement is in a newer state already.
    pub fn look(&mut self, received: &Received) -> GoalProgress {
        let notification = &received.summary;
        let (Some(id), Some(status)) = (notification.entitlement_id(), notification.status())
        else {
            return GoalProgress::Waiting;
        };
        let concerns = |goal: &Goal| goal.id == id;
        if received.is_late || !self.0.iter().any(concerns) {
            return GoalProgress::Waiting;
        }
        let is_reached = |goal: &Goal| concerns(goal) && goal.status == status;
        if self.0.iter().any(is_reached) {
            return GoalProgress::Reached;
        }
        if status.is_final() {
            self.0.retain(|goal| !concerns(goal));
            if self.0.is_empty() {
                return GoalProgress::Lost(format!("{id} is {}", status.as_str()));
            }
        }
        GoalProgress::Waiting
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_an_id_and_a_known_status() {
        assert_eq!(Goal::parse("a=b=active-ending").unwrap().id, "a=b");
        for bad in ["", "a", "=ACTIVE", "a=", "a=DONE", "a=FAILED", "a\n=ACTIVE"] {
            assert!(Goal::parse(bad).is_err(), "{bad:?}");
        }
        assert!(Goal::parse("a=DONE").unwrap_err().contains("ACTIVE-ENDING"));
    }
}
