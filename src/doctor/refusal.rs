//! Which of the two causes of a refusal is likelier, and why. Pure. A likelihood: the answer itself does not tell.

use super::Refusal;

/// What is known when a request was refused.
#[derive(Debug, Default)]
pub struct Evidence {
    /// What is odd about the credentials.
    oddities: Vec<String>,
    /// Whether requests leave through a proxy, and so from its address.
    pub through_proxy: bool,
    /// Whether the refusal had no response code, as from a gateway before Bango.
    pub from_gateway: bool,
    /// Whether a request without credentials is answered in the same way, if that is known.
    pub same_without_credentials: Option<bool>,
}

impl Evidence {
    /// What the local settings say.
    pub(super) fn new(oddities: Vec<String>) -> Self {
        Self {
            oddities,
            ..Self::default()
        }
    }

    /// What is odd about the credentials.
    pub(super) fn oddities(&self) -> &[String] {
        &self.oddities
    }

    /// Weighs it.
    pub(super) fn weigh(&self) -> Refusal {
        let (mut credentials, mut address) = (self.oddities.clone(), Vec::new());
        if self.same_without_credentials == Some(false) {
            credentials.push(
                "a request without credentials is answered differently, so the credentials were looked at"
                    .to_owned(),
            );
        }
        if self.from_gateway {
            address.push(
                "the refusal has no response code, so it comes from something before Bango's application"
                    .to_owned(),
            );
        }
        if self.through_proxy {
            address.push(
                "requests leave through a proxy: it is the proxy's address that Bango must allow"
                    .to_owned(),
            );
        }
        let (likelier, reasons) = match credentials.len().cmp(&address.len()) {
            std::cmp::Ordering::Greater => ("credentials", credentials),
            std::cmp::Ordering::Less => ("address", address),
            std::cmp::Ordering::Equal => ("undecided", self.undecided(credentials, address)),
        };
        Refusal { likelier, reasons }
    }

    fn undecided(&self, credentials: Vec<String>, address: Vec<String>) -> Vec<String> {
        let mut reasons = [credentials, address].concat();
        if reasons.is_empty() {
            reasons.push("nothing is odd about the credentials on this machine".to_owned());
        }
        if self.same_without_credentials == Some(true) {
            reasons.push(
                "a request without credentials is answered in the same way, which both causes explain"
                    .to_owned(),
            );
        }
        reasons
    }
}

impl Refusal {
    /// What was found, in one sentence that claims no more than is known.
    pub(super) fn sentence(&self) -> String {
        let verdict = match self.likelier {
            "credentials" => "wrong credentials are likelier than a blocked address",
            "address" => "a blocked address is likelier than wrong credentials",
            _ => "neither wrong credentials nor a blocked address is likelier",
        };
        format!("{verdict}: {}", self.reasons.join("; "))
    }

    /// What to do, the likelier first.
    pub(super) const fn advice(&self) -> &'static str {
        match self.likelier.as_bytes() {
            b"address" => {
                "ask Bango whether the address that your requests leave from is on the list; then check user name and password, and test against live"
            }
            _ => {
                "check user name and password, and test against live; then ask Bango whether the address that your requests leave from is on the list"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighed(odd: &[&str], gateway: bool, proxy: bool, same: Option<bool>) -> &'static str {
        let evidence = Evidence {
            oddities: odd.iter().map(|&text| text.to_owned()).collect(),
            from_gateway: gateway,
            through_proxy: proxy,
            same_without_credentials: same,
        };
        let refusal = evidence.weigh();
        assert!(!refusal.reasons.is_empty());
        refusal.likelier
    }

    #[test]
    fn what_speaks_for_a_cause_makes_it_likelier() {
        assert_eq!(
            weighed(&["quotes"], false, false, Some(true)),
            "credentials"
        );
        assert_eq!(weighed(&[], false, false, Some(false)), "credentials");
        assert_eq!(weighed(&[], false, true, Some(true)), "address");
        assert_eq!(weighed(&[], true, false, None), "address");
    }

    #[test]
    fn without_a_sign_or_with_one_of_each_nothing_is_claimed() {
        assert_eq!(weighed(&[], false, false, Some(true)), "undecided");
        assert_eq!(weighed(&[], false, false, None), "undecided");
        assert_eq!(weighed(&["quotes"], false, true, None), "undecided");
    }
}
