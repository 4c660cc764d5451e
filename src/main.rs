//! Parses the command line, runs the command, reports its error and exits.

fn main() {}
