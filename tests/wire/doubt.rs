//! What holds for every create after which it is not known whether the server acted.

use crate::support::cli::{CREATE, Home, Outcome, run};
use crate::support::server::{Server, header};

/// Runs a create in a home of its own.
pub fn create(peer: &Server, more: &[&str]) -> Outcome {
    let home = Home::new();
    run(home.client(&peer).args(CREATE).args(more))
}

/// Expects that it is not known whether this server acted, and returns the message.
pub fn doubt(peer: &Server, more: &[&str]) -> String {
    let outcome = create(peer, &[&["--json"], more].concat());
    assert_eq!(outcome.code, 30, "{}", outcome.stderr);
    let error = outcome.json()["error"].take();
    assert_eq!(error["code"], "OUTCOME_UNKNOWN");
    assert_eq!(error["outcome"], "unknown");
    let identifier = error["requestIdentifier"].as_str().unwrap();
    let requests = peer.requests();
    assert!(!requests.is_empty());
    for request in requests {
        assert_eq!(header(&request, "X-RequestIdentifier"), Some(identifier));
    }
    let repeat = error["repeat"].as_str().unwrap();
    assert!(
        repeat.contains(&format!("--request-id {identifier}")),
        "{repeat}"
    );
    error["message"].as_str().unwrap().to_owned()
}
