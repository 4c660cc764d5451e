//! Guards of the house: layers, generated files, documents.

mod documents;
mod generated;
mod layers;
mod licences;
#[cfg(unix)]
mod picture;
mod promises;
#[cfg(unix)]
mod schemas;
