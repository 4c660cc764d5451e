//! Which notification is sent next: one at a time to each receiver, in their order, so that a slow one holds up no other.

use std::collections::{HashMap, VecDeque};

use url::Url;

/// How many receivers are posted to at the same time.
pub const RECEIVERS: usize = 64;

/// The receivers that are being posted to, by host and port, and what waits for each.
#[derive(Debug, Default)]
pub struct Receivers {
    waiting: HashMap<String, VecDeque<u64>>,
    sending: HashMap<u64, String>,
}

impl Receivers {
    /// Whether another receiver can be posted to.
    pub fn has_place(&self) -> bool {
        self.waiting.len() < RECEIVERS
    }

    /// How many notifications are being posted.
    pub fn sending(&self) -> usize {
        self.sending.len()
    }

    /// Takes a notification; returns whether it is to be posted now.
    pub fn take(&mut self, number: u64, url: &str) -> bool {
        let receiver = receiver(url);
        if let Some(waiting) = self.waiting.get_mut(&receiver) {
            waiting.push_back(number);
            return false;
        }
        self.waiting.insert(receiver.clone(), VecDeque::new());
        self.sending.insert(number, receiver);
        true
    }

    /// Notes that a try is over; returns the notification that is to be posted next.
    pub fn done(&mut self, number: u64) -> Option<u64> {
        let receiver = self.sending.remove(&number)?;
        let next = self.waiting.get_mut(&receiver)?.pop_front();
        match next {
            Some(next) => drop(self.sending.insert(next, receiver)),
            None => drop(self.waiting.remove(&receiver)),
        }
        next
    }
}

/// Host and port; what is no URL is its own receiver.
fn receiver(url: &str) -> String {
    match Url::parse(url) {
        Ok(url) => format!(
            "{}:{}",
            url.host_str().unwrap_or_default(),
            url.port_or_known_default().unwrap_or_default()
        ),
        Err(_) => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_receiver_has_one_at_a_time_in_order_and_none_waits_for_another() {
        let mut receivers = Receivers::default();
        assert!(receivers.take(1, "http://slow.example/a"));
        assert!(!receivers.take(2, "http://slow.example:80/b"));
        assert!(receivers.take(3, "https://slow.example/c"));
        assert!(!receivers.take(4, "http://slow.example/d"));
        assert_eq!(receivers.sending(), 2);
        assert_eq!(receivers.done(1), Some(2));
        assert_eq!(receivers.done(3), None);
        assert_eq!(receivers.done(2), Some(4));
        assert_eq!(receivers.done(4), None);
        assert_eq!(receivers.done(4), None);
        assert!(receivers.waiting.is_empty() && receivers.sending.is_empty());
    }
}
