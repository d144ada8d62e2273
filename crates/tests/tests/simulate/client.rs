//! A desk or a terminal: a queue of acts, each with its key, sent until it is answered.

use domain::testing::random::Asked;

use super::net::Net;
use super::node::{Outcome, Reply, Request};

/// Ticks without an answer after which it is sent again.
const PATIENCE: u64 = 8;

/// An act in the queue.
#[derive(Debug)]
pub(crate) struct Item {
    /// Its idempotency key.
    pub(crate) key: String,
    /// What is asked.
    pub(crate) asked: Asked,
    /// What its asker was told in the end.
    pub(crate) outcome: Option<Outcome>,
    again_at: u64,
}

/// Somebody with a queue.
#[derive(Debug)]
pub(crate) struct Client {
    /// Its account.
    pub(crate) account: String,
    /// Everything it ever asked.
    pub(crate) items: Vec<Item>,
    /// Without network until then.
    pub(crate) offline_until: u64,
    /// Answers that do not go together.
    pub(crate) contradicted: Vec<String>,
    /// A terminal sends its whole queue at once; a desk waits for each answer.
    pub(crate) at_once: bool,
}

impl Client {
    /// A desk or a terminal.
    pub(crate) fn new(account: &str, at_once: bool) -> Self {
        Self {
            account: account.to_owned(),
            items: Vec::new(),
            offline_until: 0,
            contradicted: Vec::new(),
            at_once,
        }
    }

    /// Puts an act into the queue.
    pub(crate) fn ask(&mut self, asked: Asked) {
        let key = format!("{}-{}", self.account, self.items.len());
        self.items.push(Item { key, asked, outcome: None, again_at: 0 });
    }

    /// Has everything been answered?
    pub(crate) fn is_idle(&self) -> bool {
        self.items.iter().all(|item| item.outcome.is_some())
    }

    /// Sends what waits, and again what was not answered.
    pub(crate) fn tick(&mut self, client: usize, tick: u64, net: &mut Net) {
        if tick < self.offline_until {
            return;
        }
        let most = if self.at_once { usize::MAX } else { 1 };
        for item in self.items.iter_mut().filter(|item| item.outcome.is_none()).take(most) {
            if tick >= item.again_at {
                item.again_at = tick + PATIENCE;
                let (key, asked) = (item.key.clone(), item.asked.clone());
                net.send(Request { client, key, copy: 0, asked }, tick);
            }
        }
    }

    /// Reads an answer. The same key gets the same answer, however often it comes; another one is kept to be judged.
    pub(crate) fn read(&mut self, reply: Reply) {
        let Some(item) = self.items.iter_mut().find(|item| item.key == reply.key) else {
            return self.contradicted.push(format!("{} was answered and never asked", reply.key));
        };
        match &item.outcome {
            None => item.outcome = Some(reply.outcome),
            Some(told) if *told == reply.outcome => {}
            Some(told) => {
                let found = format!("{} was told {told:?}, then {:?}", item.key, reply.outcome);
                self.contradicted.push(found);
            }
        }
    }
}
