//! What the journal holds, read on from where it was read last; and what a desk heard of it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use journal::{Digest, OpenOptions, replay};
use muster_tests::client::{Client, Live, Stream};

use crate::book::{Book, position};

/// Stream, kind and time: what happened in one incident and batch.
type Group = (String, String, i64);

/// The acts of the journal: by account and key, where they stand.
#[derive(Default)]
pub(crate) struct Trail {
    read: Option<(u64, Digest)>,
    acts: BTreeMap<(String, String), (u64, u64)>,
    /// Entries of incidents, which every desk is told. Those of one group may be told by the last of them.
    incidents: BTreeMap<u64, Group>,
}

impl Trail {
    /// Reads on. What was read before must still be there: the chain goes on from it.
    pub(crate) fn reads(&mut self, data: &Path) -> Result<(), String> {
        let log = OpenOptions::new(data, "371082").read().map_err(|fault| format!("{fault:?}"))?;
        let mut wrong = None;
        let mut last: Option<(String, String)> = None;
        let replayed = replay(&*log, self.read, u64::MAX, &mut |entry| {
            if entry.stream.starts_with("incident/") {
                let group = (entry.stream.to_owned(), entry.kind.to_owned(), entry.time_ms);
                self.incidents.insert(entry.seq, group);
            }
            let act = (entry.actor.to_owned(), entry.key.to_owned());
            let goes_on = last.as_ref() == Some(&act);
            if let (false, Some(place)) = (goes_on, self.acts.get(&act)) {
                wrong = Some(format!("{act:?} is there twice: at {place:?} and at {}", entry.seq));
            }
            self.acts.entry(act.clone()).or_insert((entry.seq, entry.seq)).1 = entry.seq;
            last = Some(act);
            ControlFlow::Continue(())
        });
        let replayed = replayed.map_err(|fault| format!("the journal does not go on: {fault:?}"))?;
        self.read = Some((replayed.seq, replayed.hash));
        wrong.map_or(Ok(()), Err)
    }

    /// Where an act stands: its first and last entry.
    pub(crate) fn place_of(&self, account: &str, key: &str) -> Option<(u64, u64)> {
        self.acts.get(&(account.to_owned(), key.to_owned())).copied()
    }

    /// Every act that was answered is there, where its receipt says.
    pub(crate) fn has_all_of(&self, book: &Book) -> Result<(), String> {
        for (key, act) in book.acts() {
            if act.asked.is_file() || act.answer.is_none() {
                continue;
            }
            let found = self.place_of(&act.asked.account, &key);
            let said = act.seq().map(|(_, seq)| seq);
            if found.map(|(_, last)| last) != said {
                return Err(format!("{key} was answered at {said:?}, and stands at {found:?}"));
            }
        }
        Ok(())
    }

    /// How many of the acts that never got an answer took effect all the same.
    pub(crate) fn unanswered(&self, book: &Book) -> (usize, usize) {
        let acts = book.acts();
        let open = acts.iter().filter(|(_, act)| act.answer.is_none() && !act.asked.is_file());
        let known = open.map(|(key, act)| self.place_of(&act.asked.account, key).is_some());
        known.fold((0, 0), |(took, all), is| (took + usize::from(is), all + 1))
    }
}

/// Somebody who listens, goes away with the node, and resumes where he was.
#[derive(Default)]
pub(crate) struct Ear {
    /// The last id that was heard, also of a heartbeat.
    last: Option<String>,
    begun: u64,
    heard: Vec<u64>,
    wrong: Option<String>,
}

impl Ear {
    pub(crate) fn listens(&self, client: &Client) -> Stream {
        client.stream(self.last.as_deref())
    }

    /// Takes what came until the stream broke, or for a time.
    pub(crate) fn hears_out(&mut self, stream: &Stream, time: Duration) {
        for live in stream.all_within(time) {
            self.hears(&live);
        }
    }

    fn hears(&mut self, live: &Live) {
        if live.event == "reset" {
            self.wrong = Some(format!("it is told to reload after a mere restart: {}", live.data));
        }
        let Some((_, seq)) = position(&live.id) else { return };
        if self.last.is_none() {
            self.begun = if live.event == "change" { seq - 1 } else { seq };
        }
        self.last = Some(live.id.clone());
        if live.event == "change" {
            if self.heard.last().is_some_and(|before| *before >= seq) {
                self.wrong = Some(format!("{seq} is told after {:?}", self.heard.last()));
            }
            self.heard.push(seq);
        }
    }

    fn upto(&self) -> u64 {
        self.last.as_deref().and_then(position).map_or(0, |(_, seq)| seq)
    }

    /// A desk has heard of everything up to where it is: each entry by itself, or by a later one of its group.
    pub(crate) fn heard_all(&self, trail: &Trail) -> Result<(), String> {
        if let Some(wrong) = &self.wrong {
            return Err(format!("a stream: {wrong}"));
        }
        if let Some(strange) = self.heard.iter().find(|seq| !trail.incidents.contains_key(seq)) {
            return Err(format!("a desk heard of {strange}, which is no entry of an incident"));
        }
        let mut told = BTreeSet::new();
        for (seq, group) in trail.incidents.range(self.begun + 1..).rev() {
            if *seq > self.upto() || self.heard.binary_search(seq).is_ok() {
                told.insert(group);
            } else if !told.contains(group) {
                return Err(format!("a desk at {} did not hear of {seq}, {group:?}", self.upto()));
            }
        }
        Ok(())
    }

    /// A force has heard of everything that it did itself, and of no more than the desks.
    pub(crate) fn heard_own(&self, account: &str, book: &Book, trail: &Trail) -> Result<(), String> {
        if let Some(wrong) = &self.wrong {
            return Err(format!("the stream of {account}: {wrong}"));
        }
        let range = self.begun + 1..=self.upto();
        for (key, act) in book.acts() {
            let own = act.seq().filter(|(_, seq)| act.asked.account == account && range.contains(seq));
            if own.is_some_and(|(_, seq)| self.heard.binary_search(&seq).is_err()) {
                return Err(format!("{account} did not hear of {key}"));
            }
        }
        let strange = self.heard.iter().find(|seq| !trail.incidents.contains_key(seq));
        strange
            .map_or(Ok(()), |seq| Err(format!("{account} heard of {seq}, which is no entry of an incident")))
    }

    pub(crate) fn count(&self) -> usize {
        self.heard.len()
    }
}
