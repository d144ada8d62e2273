//! A day: clients, network, node and clock, tick by tick, until every queue has its answers; then it is judged.

use std::cell::Cell;
use std::rc::Rc;

use domain::rules::broken;
use domain::testing::Town;
use domain::testing::random::{Asked, Draw, ask};
use domain::types::Time;
use domain::{State, apply};

use super::client::Client;
use super::net::Net;
use super::node::{Crash, Node, Outcome, Planted};

/// Ticks during which acts are asked and things go wrong.
const DAY: u64 = 180;
/// Ticks by which every queue must have its answers after that.
const EVENING: u64 = 2_000;
/// Acts that the node takes into one batch.
const BATCH: usize = 4;

/// How the day goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Faults {
    /// Everything arrives at once.
    None,
    /// Lost, late, doubled, reordered messages; crashes; clients without network; clocks that jump.
    Bad,
}

/// What asks acts in the course of the day.
pub(crate) type Script = Box<dyn FnMut(&mut Draw, &State, Time, &[Client]) -> Vec<(usize, Asked)>>;

/// A day.
pub(crate) struct World {
    pub(crate) node: Node,
    pub(crate) clients: Vec<Client>,
    net: Net,
    dice: Draw,
    script: Script,
    now: Time,
    bad: bool,
    jumps: usize,
    left: Option<Rc<Cell<usize>>>,
}

/// What a day saw.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) lost: usize,
    pub(crate) doubled: usize,
    pub(crate) overtaken: usize,
    pub(crate) undecided: usize,
    pub(crate) unanswered: usize,
    pub(crate) recalled: usize,
    pub(crate) thawed: usize,
    pub(crate) jumps: usize,
    pub(crate) done: usize,
    pub(crate) refused: usize,
    pub(crate) missed: usize,
}

impl Seen {
    /// Another day's.
    pub(crate) fn add(&mut self, day: &Seen) {
        self.lost += day.lost;
        self.doubled += day.doubled;
        self.overtaken += day.overtaken;
        self.undecided += day.undecided;
        self.unanswered += day.unanswered;
        self.recalled += day.recalled;
        self.thawed += day.thawed;
        self.jumps += day.jumps;
        self.done += day.done;
        self.refused += day.refused;
        self.missed += day.missed;
    }
}

impl World {
    /// A day of these clients, who ask what the script says.
    pub(crate) fn new(
        town: &Town,
        clients: Vec<Client>,
        script: Script,
        (seed, planted, faults): (u64, Planted, Faults),
    ) -> Self {
        let bad = faults == Faults::Bad;
        Self {
            node: Node::new(town, planted, seed),
            clients,
            net: Net::new(bad, seed),
            dice: Draw::seeded(seed ^ 0x6469_6365),
            script,
            now: town.now,
            bad,
            jumps: 0,
            left: None,
        }
    }

    /// The day is over only when nothing is left to ask.
    pub(crate) fn until_asked(mut self, left: Rc<Cell<usize>>) -> Self {
        self.left = Some(left);
        self
    }

    /// A day on which everybody asks what comes to his mind.
    pub(crate) fn random(seed: u64, planted: Planted, faults: Faults) -> Self {
        let mut town = Town::rongcheng("08:00");
        let fire = town.oil_depot_burns();
        town.ordered(fire, &["huagong", "jijiu"]);
        let accounts = town.state.org.accounts.values();
        let clients: Vec<Client> = accounts.map(|a| Client::new(a.id.as_str(), a.force.is_some())).collect();
        let mut wishes = Draw::seeded(seed);
        let script: Script = Box::new(move |_, state, now, clients| {
            let count = wishes.below(3);
            let mut all = Vec::new();
            for _ in 0..count {
                let asked = ask(state, &mut wishes, now);
                let who = clients.iter().position(|c| c.account == asked.account);
                all.extend(who.map(|who| (who, asked)));
            }
            all
        });
        Self::new(&town, clients, script, (seed, planted, faults))
    }

    /// Plays the day and the evening, then judges.
    pub(crate) fn run(&mut self) -> Result<(), String> {
        for tick in 0..DAY {
            self.something_happens(tick);
            self.tick(tick, true);
        }
        self.net.heal();
        self.bad = false;
        for tick in DAY..DAY + EVENING {
            let asked = self.left.as_ref().is_none_or(|left| left.get() == 0);
            if asked && self.clients.iter().all(Client::is_idle) && self.net.is_empty() {
                return self.judge();
            }
            self.tick(tick, !asked);
        }
        Err("not every act was answered by the evening".to_owned())
    }

    /// Clients lose the network, clocks jump.
    fn something_happens(&mut self, tick: u64) {
        if !self.bad {
            return;
        }
        if self.dice.chance(6) {
            let who = self.dice.below(self.clients.len());
            self.clients[who].offline_until = tick + 10 + self.dice.below(60) as u64;
        }
        if self.dice.chance(2) {
            self.jumps += 1;
            self.now = self.now.plus_s(60 + i64::try_from(self.dice.below(1800)).expect("below 1800"));
        }
    }

    fn tick(&mut self, tick: u64, asking: bool) {
        self.now = self.now.plus_s(5);
        if asking {
            for (who, asked) in (self.script)(&mut self.dice, self.node.state(), self.now, &self.clients) {
                self.clients[who].ask(asked);
            }
        }
        for (n, client) in self.clients.iter_mut().enumerate() {
            client.tick(n, tick, &mut self.net);
        }
        let mut arrived = self.net.at_node(tick);
        while !arrived.is_empty() {
            let rest = arrived.split_off(arrived.len().min(BATCH));
            let crash = self.crash();
            for reply in self.node.batch(arrived, self.now, crash, &mut self.dice) {
                self.net.answer(reply, tick);
            }
            arrived = rest;
        }
        let crash = if self.crash() == Crash::No { Crash::No } else { Crash::BeforeCommit };
        self.node.clock(self.now, crash, &mut self.dice);
        for reply in self.net.at_clients(tick) {
            let client = reply.client;
            self.clients[client].read(reply);
        }
    }

    fn crash(&mut self) -> Crash {
        match (self.bad, self.dice.below(100)) {
            (true, 0..=3) => Crash::BeforeCommit,
            (true, 4..=7) => Crash::BeforeAnswers,
            _ => Crash::No,
        }
    }

    /// Each act took effect once or was refused, as its asker was told; the rules hold; a new node knows the same.
    fn judge(&self) -> Result<(), String> {
        for item in self.clients.iter().flat_map(|client| &client.items) {
            let (effects, told) = (self.node.effects(&item.key), item.outcome.as_ref());
            let should = match told {
                Some(Outcome::Done(_)) => 1,
                Some(Outcome::Refused(_)) => 0,
                None => return Err(format!("{} was never answered", item.key)),
            };
            if effects != should {
                let asked = &item.asked;
                return Err(format!(
                    "{} took effect {effects} times and was told {told:?}: {asked:?}",
                    item.key
                ));
            }
        }
        if let Some(found) = self.clients.iter().find_map(|client| client.contradicted.first()) {
            return Err(found.clone());
        }
        let asked: Vec<&String> = self.clients.iter().flat_map(|c| &c.items).map(|item| &item.key).collect();
        if let Some(key) = self.node.keys().find(|key| !key.starts_with("deadline/") && !asked.contains(key))
        {
            return Err(format!("{key} took effect, and nobody asked it"));
        }
        if let Some(found) = broken(self.node.journal()).first() {
            return Err(found.to_string());
        }
        let mut anew = State::default();
        self.node.journal().iter().for_each(|recorded| apply(&mut anew, recorded));
        let (anew, known) = (serde_json::to_string(&anew), serde_json::to_string(self.node.state()));
        if anew.expect("a state can be kept") == known.expect("a state can be kept") {
            Ok(())
        } else {
            Err("a node that is started anew knows something else".to_owned())
        }
    }

    /// What the day saw.
    pub(crate) fn seen(&self) -> Seen {
        let items = || self.clients.iter().flat_map(|client| &client.items);
        let counted = self.node.counted;
        Seen {
            lost: self.net.lost,
            doubled: self.net.doubled,
            overtaken: self.net.overtaken,
            undecided: counted.undecided,
            unanswered: counted.unanswered,
            recalled: counted.recalled,
            thawed: counted.thawed,
            jumps: self.jumps,
            done: items().filter(|i| matches!(i.outcome, Some(Outcome::Done(_)))).count(),
            refused: items().filter(|i| matches!(i.outcome, Some(Outcome::Refused(_)))).count(),
            missed: self.node.keys().filter(|key| key.starts_with("deadline/")).count(),
        }
    }
}
