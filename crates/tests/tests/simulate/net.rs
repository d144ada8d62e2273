//! The network: it loses, delays, doubles and reorders. An attempt that was given up is not read: whoever sends again
//! has closed the connection before, so only the newest copy that the node has seen is answered, and after an answer
//! to it no older copy of a refused act is delivered.

use std::collections::BTreeMap;

use domain::testing::random::Draw;

use super::node::{Outcome, Reply, Request};

/// Something on its way.
#[derive(Debug, Clone)]
enum Packet {
    ToNode(Request),
    ToClient(Reply),
}

/// The network.
#[derive(Debug)]
pub(crate) struct Net {
    bad: bool,
    dice: Draw,
    under_way: Vec<(u64, Packet)>,
    /// The newest copy of each key that the node has seen.
    newest: BTreeMap<String, u64>,
    copies: u64,
    /// What it did.
    pub(crate) lost: usize,
    /// What it did.
    pub(crate) doubled: usize,
    /// What it did.
    pub(crate) overtaken: usize,
}

impl Net {
    /// A good one, or a bad one.
    pub(crate) fn new(bad: bool, seed: u64) -> Self {
        Self {
            bad,
            dice: Draw::seeded(seed ^ 0x6e65_7477_6f72_6b73),
            under_way: Vec::new(),
            newest: BTreeMap::new(),
            copies: 0,
            lost: 0,
            doubled: 0,
            overtaken: 0,
        }
    }

    /// From now on everything arrives.
    pub(crate) fn heal(&mut self) {
        self.bad = false;
    }

    /// Sends an act; it may be lost, late or doubled.
    pub(crate) fn send(&mut self, request: Request, tick: u64) {
        let copies = self.copies_of_one();
        for _ in 0..copies {
            self.copies += 1;
            let copy = Request { copy: self.copies, ..request.clone() };
            let at = tick + self.delay();
            self.under_way.push((at, Packet::ToNode(copy)));
        }
    }

    /// Sends an answer back.
    pub(crate) fn answer(&mut self, reply: Reply, tick: u64) {
        for _ in 0..self.copies_of_one() {
            let at = tick + self.delay();
            self.under_way.push((at, Packet::ToClient(reply.clone())));
        }
    }

    fn copies_of_one(&mut self) -> usize {
        if !self.bad {
            return 1;
        }
        match self.dice.below(20) {
            0..=3 => {
                self.lost += 1;
                0
            }
            4..=6 => {
                self.doubled += 1;
                2
            }
            _ => 1,
        }
    }

    fn delay(&mut self) -> u64 {
        let ticks = match (self.bad, self.dice.below(20)) {
            (false, _) => 1,
            (true, 0) => 40 + self.dice.below(120),
            (true, 1..=5) => 4 + self.dice.below(16),
            (true, _) => 1 + self.dice.below(3),
        };
        ticks as u64
    }

    /// What reaches the node in this tick, in any order.
    pub(crate) fn at_node(&mut self, tick: u64) -> Vec<Request> {
        let mut arrived = Vec::new();
        let mut left = Vec::new();
        for (at, packet) in std::mem::take(&mut self.under_way) {
            match packet {
                Packet::ToNode(request) if at <= tick => arrived.push(request),
                packet => left.push((at, packet)),
            }
        }
        self.under_way = left;
        if self.bad && arrived.len() > 1 {
            let turn = self.dice.below(arrived.len());
            arrived.rotate_left(turn);
        }
        for request in &arrived {
            let newest = self.newest.entry(request.key.clone()).or_default();
            self.overtaken += usize::from(*newest > request.copy);
            *newest = request.copy;
        }
        arrived
    }

    /// What reaches the clients in this tick; answers to attempts that were given up are not read.
    pub(crate) fn at_clients(&mut self, tick: u64) -> Vec<Reply> {
        let mut arrived = Vec::new();
        let mut left = Vec::new();
        for (at, packet) in std::mem::take(&mut self.under_way) {
            match packet {
                Packet::ToClient(reply) if at <= tick => arrived.push(reply),
                packet => left.push((at, packet)),
            }
        }
        self.under_way = left;
        arrived.retain(|reply| self.newest.get(&reply.key) == Some(&reply.copy));
        for reply in arrived.iter().filter(|reply| matches!(reply.outcome, Outcome::Refused(_))) {
            self.under_way.retain(|(_, packet)| !matches!(packet, Packet::ToNode(r) if r.key == reply.key));
        }
        arrived
    }

    /// Nothing is on its way.
    pub(crate) fn is_empty(&self) -> bool {
        self.under_way.is_empty()
    }
}
