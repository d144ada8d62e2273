//! What make calls.

fn main() {}
