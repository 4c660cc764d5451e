//! Guards of the house: layers, generated files, documents.

mod documents;
mod generated;
mod layers;
mod licences;
mod promises;
#[cfg(unix)]
mod schemas;
