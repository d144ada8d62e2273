//! What everybody asked of the node, and what it answered: the other side of the journal.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::line::Reply;

/// One request that changes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) account: String,
    pub(crate) path: String,
    pub(crate) media_type: &'static str,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    /// Attachments are kept beside the journal.
    pub(crate) fn is_file(&self) -> bool {
        self.path.starts_with("/files")
    }
}

/// A request, and its answer once there is one.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    pub(crate) asked: Asked,
    pub(crate) answer: Option<Reply>,
    /// How often it was sent.
    pub(crate) sent: u32,
    /// The life of the node that answered it.
    pub(crate) life: u32,
}

impl Act {
    /// A field of the receipt.
    pub(crate) fn receipt(&self, field: &str) -> Option<String> {
        self.answer.as_ref().and_then(|answer| answer.json()[field].as_str().map(ToOwned::to_owned))
    }

    /// Where the receipt says that it stands.
    pub(crate) fn seq(&self) -> Option<(u64, u64)> {
        position(&self.receipt("seq")?)
    }
}

/// `epoch.seq`
pub(crate) fn position(text: &str) -> Option<(u64, u64)> {
    let (epoch, seq) = text.split_once('.')?;
    Some((epoch.parse().ok()?, seq.parse().ok()?))
}

/// All acts by their keys.
#[derive(Default)]
pub(crate) struct Book {
    pages: Mutex<Pages>,
    turned: Condvar,
}

#[derive(Default)]
struct Pages {
    acts: BTreeMap<String, Act>,
    answers: usize,
    life: u32,
    wrong: Option<String>,
}

impl Book {
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The node lives again.
    pub(crate) fn begins_a_life(&self) -> u32 {
        let mut pages = self.pages();
        pages.life += 1;
        pages.life
    }

    /// The answer that this key had; else it is written down as sent.
    pub(crate) fn answer_or_sends(&self, key: &str, asked: &Asked) -> Option<Reply> {
        let mut pages = self.pages();
        let act = pages.acts.entry(key.to_owned());
        let act = act.or_insert_with(|| Act { asked: asked.clone(), answer: None, sent: 0, life: 0 });
        assert_eq!(act.asked, *asked, "a story is told the same way again: {key}");
        if act.answer.is_none() {
            act.sent += 1;
        }
        act.answer.clone()
    }

    pub(crate) fn answers(&self, key: &str, reply: Reply) {
        let mut pages = self.pages();
        let life = pages.life;
        let act = pages.acts.get_mut(key).expect("what is answered was sent");
        (act.answer, act.life) = (Some(reply), life);
        pages.answers += 1;
        drop(pages);
        self.turned.notify_all();
    }

    /// Something that must never be; the first one is told.
    pub(crate) fn is_wrong(&self, what: String) {
        self.pages().wrong.get_or_insert(what);
        self.turned.notify_all();
    }

    pub(crate) fn wrong(&self) -> Option<String> {
        self.pages().wrong.clone()
    }

    /// Waits for so many more answers, at most for a time.
    pub(crate) fn waits_for(&self, answers: usize, time: Duration) {
        let end = Instant::now() + time;
        let mut pages = self.pages();
        let wanted = pages.answers.saturating_add(answers);
        while pages.answers < wanted && pages.wrong.is_none() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            pages = self.turned.wait_timeout(pages, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// All of them, as they stand.
    pub(crate) fn acts(&self) -> BTreeMap<String, Act> {
        self.pages().acts.clone()
    }
}
