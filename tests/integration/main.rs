//! The index of the integration tests.
