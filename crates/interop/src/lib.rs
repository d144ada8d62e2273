//! What other systems write, read into the words of the domain. Bytes in, values out; nothing is guessed silently.

pub mod call_sheet;

pub use call_sheet::{CallSheet, parse_call_sheet};
