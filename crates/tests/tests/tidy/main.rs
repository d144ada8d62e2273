//! Form, held by tests: who imports whom, how long things are, what each act and each limit must have beside it.
//!
//! Every check is a function from files to findings, and stands beside a test on a small bad sample, so that it is
//! seen to fail. A finding says where, what, and what to do instead. Meaning is left to the reviewer.

mod acts;
mod channels_page;
mod clauses;
mod dependencies;
mod docs;
mod golden;
mod imports;
mod leftovers;
mod limits;
mod locks;
mod parsers;
mod security;
mod settings;
mod size;
mod source;
mod web_imports;
mod words;
