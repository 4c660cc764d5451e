//! Which of the two causes of a refusal is likelier, and why. Pure. A likelihood: the answer itself does not tell.

use std::cmp::Ordering;

use serde::Serialize;

/// What is known when a request was refused.
#[derive(Debug, Default)]
pub struct Evidence {
    pub oddities: Vec<String>,
    /// Whether requests leave through a proxy, and so from its address.
    pub through_proxy: bool,
    /// Whether the refusal had no response code, as from a gateway before Bango.
    pub from_gateway: bool,
    /// Whether a request without credentials is answered in the same way, if that is known.
    pub same_without_credentials: Option<bool>,
}

/// What can be said about a refusal, whose answer does not tell its cause.
#[derive(Debug, Serialize)]
pub struct Refusal {
    /// `credentials`, `address` or `undecided`.
    pub likelier: &'static str,
    pub reasons: Vec<String>,
}

impl Evidence {
    pub(super) fn weigh(self) -> Refusal {
        let (mut credentials, mut address) = (self.oddities, Vec::new());
        if self.same_without_credentials == Some(false) {
            let reason = "a request without credentials is answered differently, so the credentials were looked at";
            credentials.push(reason.to_owned());
        }
        if self.from_gateway {
            let reason = "the refusal has no response code, so it comes from something before Bango's application";
            address.push(reason.to_owned());
        }
        if self.through_proxy {
            let reason =
                "requests leave through a proxy: it is the proxy's address that Bango must allow";
            address.push(reason.to_owned());
        }
        let (likelier, mut reasons) = match credentials.len().cmp(&address.len()) {
            Ordering::Greater => ("credentials", credentials),
            Ordering::Less => ("address", address),
            Ordering::Equal => ("undecided", [credentials, address].concat()),
        };
        if reasons.is_empty() {
            reasons.push("nothing is odd about the credentials on this machine".to_owned());
        }
        if likelier == "undecided" && self.same_without_credentials == Some(true) {
            let reason = "a request without credentials is answered in the same way, which both causes explain";
            reasons.push(reason.to_owned());
        }
        Refusal { likelier, reasons }
    }
}

impl Refusal {
    /// What was found, in one sentence that claims no more than is known; and what to do, the likelier first.
    pub(super) fn words(&self) -> (String, &'static str) {
        let credentials_first = "check user name and password, and test against live; then ask Bango whether the address that your requests leave from is on the list";
        let (verdict, advice) = match self.likelier {
            "credentials" => (
                "wrong credentials are likelier than a blocked address",
                credentials_first,
            ),
            "address" => (
                "a blocked address is likelier than wrong credentials",
                "ask Bango whether the address that your requests leave from is on the list; then check user name and password, and test against live",
            ),
            _ => (
                "neither wrong credentials nor a blocked address is likelier",
                credentials_first,
            ),
        };
        (format!("{verdict}: {}", self.reasons.join("; ")), advice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_speaks_for_a_cause_makes_it_likelier_and_without_a_sign_nothing_is_claimed() {
        for (odd, from_gateway, through_proxy, same, likelier) in [
            (true, false, false, Some(true), "credentials"),
            (false, false, false, Some(false), "credentials"),
            (false, false, true, Some(true), "address"),
            (false, true, false, None, "address"),
            (false, false, false, Some(true), "undecided"),
            (false, false, false, None, "undecided"),
            (true, false, true, None, "undecided"),
        ] {
            let evidence = Evidence {
                oddities: odd.then(|| "quotes".to_owned()).into_iter().collect(),
                through_proxy,
                from_gateway,
                same_without_credentials: same,
            };
            let refusal = evidence.weigh();
            assert!(!refusal.reasons.is_empty());
            assert_eq!(refusal.likelier, likelier);
        }
    }
}
