//! What every backend asks of an act before it takes it.

use std::borrow::Cow;

use crate::entry::{MAX_DATA_BYTES, MAX_ENTRIES_PER_ACT, MAX_NAME_BYTES, NewAct, NewEntry};
use crate::fault::Fault;
use crate::vault::Vault;

/// Refuses what is empty, too large, or earlier than the head.
pub(crate) fn check(head_ms: i64, act: &NewAct<'_>, entries: &[NewEntry<'_>]) -> Result<(), Fault> {
    check_name("the actor", act.actor)?;
    check_name("the idempotency key", act.key)?;
    check_size("the resource", act.resource.len(), MAX_DATA_BYTES)?;
    check_text("the resource", act.resource)?;
    if entries.is_empty() {
        return Err(Fault::Empty { what: "the act's list of entries" });
    }
    check_size("the act's list of entries", entries.len(), MAX_ENTRIES_PER_ACT)?;
    let mut head_ms = head_ms;
    for entry in entries {
        check_name("the stream", entry.stream)?;
        check_name("the kind", entry.kind)?;
        if entry.data.is_empty() {
            return Err(Fault::Empty { what: "the entry's data" });
        }
        check_size("the entry's data", entry.data.len(), MAX_DATA_BYTES)?;
        check_text("the entry's data", entry.data)?;
        if entry.time_ms < head_ms {
            return Err(Fault::TimeBack { head_ms, time_ms: entry.time_ms });
        }
        head_ms = entry.time_ms;
    }
    Ok(())
}

/// Seals every text of the act before the first is written, so that a text that cannot be sealed refuses the act.
pub(crate) fn seal_all<'t>(
    vault: Option<&Vault>,
    entries: &[NewEntry<'t>],
) -> Result<Vec<Cow<'t, str>>, Fault> {
    let Some(vault) = vault else {
        return entries.iter().map(|entry| crate::vault::refuse_personal(entry.data)).collect();
    };
    vault.prepare(entries.iter().map(|entry| entry.data))?;
    entries.iter().map(|entry| vault.seal_text(entry.data)).collect()
}

pub(crate) fn check_name(what: &'static str, name: &str) -> Result<(), Fault> {
    if name.is_empty() {
        return Err(Fault::Empty { what });
    }
    check_size(what, name.len(), MAX_NAME_BYTES)?;
    check_text(what, name)
}

fn check_size(what: &'static str, found: usize, limit: usize) -> Result<(), Fault> {
    if found > limit { Err(Fault::TooLarge { what, limit, found }) } else { Ok(()) }
}

/// PostgreSQL's text holds every character but NUL, and a journal must be able to move there.
fn check_text(what: &'static str, text: &str) -> Result<(), Fault> {
    if memchr::memchr(0, text.as_bytes()).is_some() { Err(Fault::Nul { what }) } else { Ok(()) }
}
